// The bits of a message: its fields drawn to width, 32 bits in a row, with hexadecimal beside them; and a table of what they say.

import { element } from "./look.js";

const ROW = 32;
/** So many rows are drawn; the rest is told. */
const MOST_ROWS = 10;
/** A letter of a field is so many bits wide. */
const LETTER = 0.43;

export class BitView {
  constructor() {
    this.box = document.getElementById("bits");
  }

  update(run, record) {
    if (run.masked.has(record)) {
      this.box.replaceChildren(element("p", {}, "A password is in this message: its bits are not shown."));
      return;
    }
    const message = run.bits(record);
    if (message === null) {
      this.box.replaceChildren(element("p", { class: "none" }, "no message"));
      return;
    }
    const fields = run.fields(record);
    const leaves = fields.filter((field, place) => !(fields[place + 1]?.depth > field.depth));
    this.box.replaceChildren(drawing(message, leaves), ...(fields.length ? [table(fields, leaves)] : []));
  }
}

function drawing({ size, hex }, leaves) {
  const rows = Math.ceil(size / ROW);
  const shown = Math.min(rows, MOST_ROWS);
  const grid = element("div", { class: "fields", "aria-hidden": "true" });
  leaves.forEach((field, place) => {
    const { first, width, name, value } = field;
    for (let bit = first; bit < first + width; ) {
      const row = Math.floor(bit / ROW);
      if (row >= shown) break;
      const column = bit % ROW;
      const wide = Math.min(first + width - bit, ROW - column);
      const words = bit === first ? wordsFor(wide, name, value, place + 1) : "";
      const isSplit = bit > first;
      grid.append(element("div", {
        class: `field${isSplit ? " goes-on" : ""}${bit + wide < first + width ? " more" : ""}`,
        style: `grid-row: ${row + 1}; grid-column: ${column + 1} / span ${wide}`,
        title: `${name}: ${value} (${width} bits)`,
      }, words));
      bit += wide;
    }
  });
  for (let row = 0; row < shown; row += 1) {
    const digits = hex.slice(row * 8, row * 8 + 8).replace(/(..)(?=.)/g, "$1 ");
    grid.append(element("code", { style: `grid-row: ${row + 1}` }, digits));
  }
  const more = rows > shown ? `, of which ${(rows - shown) * ROW - (rows * ROW - size)} more are not drawn` : "";
  return element("figure", {}, element("figcaption", {}, `${size} bits, ${ROW} in a row${more}`), grid);
}

/** What fits into a field: name and value, the value, or its number in the table. */
function wordsFor(wide, name, value, number) {
  const letters = Math.floor((wide - 0.5) / LETTER / 0.98);
  const both = `${name} ${value}`;
  if (both.length <= letters) return both;
  if (value.length <= letters && value.length > 2) return value;
  if (name.length <= letters) return name;
  return String(number).length <= letters ? String(number) : "";
}

function table(fields, leaves) {
  const rows = fields.map((field) => {
    const { depth, name, first, width, value, meaning, source } = field;
    const number = leaves.indexOf(field) + 1;
    const bits = width === 0 ? "" : width === 1 ? `${first}` : `${first}–${first + width - 1}`;
    return element("tr", { class: number ? "" : "group" },
      element("td", { class: "number" }, number ? String(number) : ""),
      element("th", { scope: "row", style: `padding-left: ${0.4 + depth}em` }, name),
      element("td", {}, bits), element("td", {}, width ? String(width) : ""), element("td", { class: "value" }, value),
      element("td", { class: "meaning" }, meaning), element("td", { class: "source" }, source));
  });
  const heads = ["", "Field", "Bits", "Width", "Value", "Meaning", "Source"].map((name) => element("th", { scope: "col" }, name));
  return element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
}
