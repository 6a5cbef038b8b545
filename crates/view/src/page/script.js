// The scenario with the line that is played, and what was typed and printed at the teletypes.

import { lastAtMost } from "./run.js";
import { element, hostClass, markOf } from "./look.js";

/** So many lines of teletypes are kept in view. */
const MOST_TYPED = 200;

export class Script {
  constructor() {
    this.list = document.getElementById("script");
    this.box = document.getElementById("teletype");
  }

  show(run) {
    this.run = run;
    const lines = run.data.text.map((line) => element("li", { class: line.trimStart().startsWith("#") ? "comment" : "" }, line || " "));
    this.list.replaceChildren(...lines);
    this.line = null;
    this.last = null;
    this.typed = [];
    for (let record = 0; record < run.size; record += 1) {
      if (run.isSeen(record, new Set(["teletype"]))) this.typed.push(record);
    }
  }

  update(record) {
    const { line } = this.run.moment(record);
    if (line !== this.line) this.mark(line);
    const place = lastAtMost(this.typed, record);
    const last = `${place} ${this.typed[place] === record}`;
    if (last !== this.last) this.type(place, record);
    Object.assign(this, { line, last });
  }

  /** Marks the line that is played. */
  mark(line) {
    const before = this.list.querySelector(".now");
    before?.removeAttribute("aria-current");
    before?.classList.remove("now");
    const now = this.list.children[line - 1];
    if (!now) return;
    now.classList.add("now");
    now.setAttribute("aria-current", "step");
    reveal(this.list, now);
  }

  /** Shows what was typed and printed, up to one of its lines. */
  type(place, record) {
    const until = this.typed.slice(Math.max(0, place + 1 - MOST_TYPED), place + 1);
    const rows = until.map((other) => {
      const { host, said: [said] } = this.run.moment(other);
      const isTyped = said.who.endsWith(" types");
      return element("p", { class: `${isTyped ? "typed" : "printed"} ${other === record ? "now" : ""}` },
        element("span", { class: `mark ${hostClass(host)}` }, `${markOf(host)} ${this.run.party(host)} `), said.what);
    });
    if (rows.length === 0) rows.push(element("p", { class: "none" }, "nothing yet"));
    this.box.replaceChildren(...rows);
    this.box.scrollTop = this.box.scrollHeight;
  }
}

/** Scrolls a list, and nothing around it, until one of its lines is in view. */
function reveal(list, line) {
  const top = line.offsetTop - list.offsetTop;
  if (top < list.scrollTop + 20 || top + line.offsetHeight > list.scrollTop + list.clientHeight - 20) {
    list.scrollTop = Math.max(0, top - list.clientHeight / 3);
  }
}
