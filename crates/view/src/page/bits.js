// The bits of a message: its fields drawn to width, 32 bits in a row, with hexadecimal beside them; and a table of what they say.

import { element } from "./look.js";

const ROW = 32;
/** So many rows are drawn; the rest is told. */
const MOST_ROWS = 10;
/** A letter of a field is so many bits wide. */
const LETTER = 0.7;

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
    const pieces = piecesOf(first - 1, width).filter(({ row }) => row < shown);
    const widest = Math.max(...pieces.map(({ wide }) => wide));
    const told = pieces.find(({ wide }) => wide === widest);
    for (const piece of pieces) {
      const { row, column, wide, isFirst, isLast } = piece;
      const [above, below] = piece === told ? wordsFor(wide, name, value, place + 1) : ["", ""];
      grid.append(element("div", {
        class: `field${isFirst ? "" : " goes-on"}${isLast ? "" : " more"}`,
        style: `grid-row: ${row + 1}; grid-column: ${column + 1} / span ${wide}`,
        title: `${name}: ${value} (${width} ${width === 1 ? "bit" : "bits"})`,
      }, element("span", {}, above), element("b", {}, below)));
    }
  });
  for (let row = 0; row < shown; row += 1) {
    const digits = hex.slice(row * 8, row * 8 + 8).replace(/(..)(?=.)/g, "$1 ");
    grid.append(element("code", { style: `grid-row: ${row + 1}` }, digits));
  }
  const more = rows > shown ? `, of which ${(rows - shown) * ROW - (rows * ROW - size)} more are not drawn` : "";
  return element("figure", {}, element("figcaption", {}, `${size} bits, ${ROW} in a row${more}`), grid);
}

/** A field in pieces, one for each row in which it lies. */
function piecesOf(begin, width) {
  const pieces = [];
  for (let bit = begin; bit < begin + width; ) {
    const wide = Math.min(begin + width - bit, ROW - (bit % ROW));
    pieces.push({ row: Math.floor(bit / ROW), column: bit % ROW, wide, isFirst: bit === begin, isLast: bit + wide === begin + width });
    bit += wide;
  }
  return pieces;
}

/** What fits into a field: its name, or its number in the table; and its value. */
function wordsFor(wide, name, value, number) {
  const letters = Math.floor((wide - 0.4) / LETTER);
  const fits = (text) => String(text).length <= letters;
  return [fits(name) ? name : fits(number) || wide === 1 ? String(number) : "", fits(value) ? value : ""];
}

function table(fields, leaves) {
  const rows = fields.map((field) => {
    const { depth, name, first, width, value, meaning, source } = field;
    const number = leaves.indexOf(field) + 1;
    const bits = width === 0 ? "" : width === 1 ? `${first} (1)` : `${first}–${first + width - 1} (${width})`;
    return element("tr", { class: number ? "" : "group" },
      element("th", { scope: "row", style: `padding-left: ${depth * 0.9}em` },
        number ? element("span", { class: "number" }, `${number} `) : null, name),
      element("td", { class: "where" }, bits), element("td", { class: "value" }, value),
      element("td", { class: "meaning" }, meaning, source ? element("span", { class: "source" }, meaning ? ` (${source})` : source) : null));
  });
  const heads = ["Field", "Bits (how many)", "Value", "Meaning (source)"].map((name) => element("th", { scope: "col" }, name));
  return element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
}
