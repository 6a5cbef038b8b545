// What hosts have in their tables at a moment: connections, as NETSTAT prints them, and what programs show.

import { NONE } from "./run.js";
import { element, hostClass, markOf } from "./look.js";

/** The columns: heading, and what it means. */
const COLUMNS = [
  ["Local", "the socket at this host; an even one receives, an odd one sends"],
  ["Foreign", "the host and socket at the other end"],
  ["State", "how far the connection is"],
  ["Byte", "bits in a byte of the connection"],
  ["Link", "the link on which its messages go"],
  ["Msgs", "messages that the sender may still send"],
  ["Bits", "bits that the sender may still send"],
  ["Held", "bits here that are not yet read, or not yet known to have arrived"],
];

/** A line of NETSTAT as cells: host and socket of the other end stand together. */
export function cellsOf(line) {
  const words = line.trim().split(/\s+/);
  if (words.length !== 9) return [line.trim()];
  const [local, host, socket, ...rest] = words;
  return [local, host === "-" ? "-" : `${host} ${socket}`, ...rest];
}

export class Tables {
  constructor() {
    this.box = document.getElementById("tables");
    this.closed = new Map();
  }

  /** Shows the tables of all hosts behind a record; those of both ends of its message are open. */
  update(run, record) {
    const ends = endsOf(run, record);
    const order = [...run.hosts.keys()];
    this.box.replaceChildren(...order.map((host) => this.card(run, host, record, ends)));
  }

  card(run, host, record, ends) {
    const table = run.table(host, record);
    const before = record > 0 ? run.table(host, record - 1) : null;
    const { name } = run.hosts[host];
    const isOpen = this.closed.has(host) ? !this.closed.get(host) : run.hosts.length <= 3 || ends.includes(host);
    const state = table === null ? "not heard of yet" : table.up ? "" : "down";
    const changed = table !== null && before !== table && before !== null;
    const summary = element("summary", { onclick: () => this.closed.set(host, isOpen) },
      element("span", { class: `mark ${hostClass(host)}` }, markOf(host)), ` ${name} `,
      element("span", { class: "state" }, [state, changed ? "changed" : ""].filter(Boolean).join(", ")));
    const inside = table === null ? [] : [connections(run, table, before), ...programs(run, table, before)];
    return element("details", { "data-host": name, open: isOpen, class: ends.includes(host) ? "end" : "" }, summary, ...inside);
  }
}

/** The hosts at the ends of the message of a record, or where something happened. */
function endsOf(run, record) {
  const moment = run.moment(record);
  const journey = run.journey(record);
  return journey ? [journey.from, journey.to] : [moment.host, ...moment.said.flatMap(({ from, to }) => [from, to])].filter((host) => host > NONE);
}

function connections(run, table, before) {
  const lines = table.lines.map((number) => run.text(number));
  const old = new Set(before === null ? table.lines : before.lines);
  if (lines.length === 1) return element("p", { class: "none", "data-line": lines[0] }, lines[0].toLowerCase());
  const heads = COLUMNS.map(([name, meaning]) => element("th", { scope: "col", title: meaning }, name));
  const rows = lines.slice(1).map((line, place) => {
    const cells = cellsOf(line);
    const isNew = !old.has(table.lines[place + 1]);
    const whole = cells.length === 1 ? COLUMNS.length : null;
    const made = cells.map((cell) => element("td", { colspan: whole }, cell));
    return element("tr", { class: isNew ? "new" : "", "data-line": line }, ...made);
  });
  return element("table", { "data-heads": lines[0] },
    element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
}

function programs(run, table, before) {
  const keyOf = (program) => program.join(" ");
  const old = new Map((before?.programs ?? []).map((program) => [program[0], program]));
  return table.programs.map((program) => {
    const rows = [];
    const was = old.get(program[0]);
    for (let at = 1; at + 1 < program.length; at += 2) {
      const isNew = before !== null && (!was || (keyOf(was) !== keyOf(program) && was[at + 1] !== program[at + 1]));
      rows.push(element("dt", {}, run.text(program[at])), element("dd", { class: isNew ? "new" : "" }, run.text(program[at + 1])));
    }
    return element("div", { class: "program" }, element("h3", {}, run.text(program[0])), element("dl", {}, ...rows));
  });
}
