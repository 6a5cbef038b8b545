// The scenario with the line that is played, and what was typed and printed at the teletypes.

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
    this.typed = [];
    for (let record = 0; record < run.size; record += 1) {
      if (run.isSeen(record, new Set(["teletype"]))) this.typed.push(record);
    }
  }

  update(record) {
    const { run } = this;
    const { line } = run.moment(record);
    this.list.querySelector(".now")?.removeAttribute("aria-current");
    this.list.querySelector(".now")?.classList.remove("now");
    const now = this.list.children[line - 1];
    if (now) {
      now.classList.add("now");
      now.setAttribute("aria-current", "step");
      reveal(this.list, now);
    }
    const until = this.typed.filter((other) => other <= record).slice(-MOST_TYPED);
    const rows = until.map((other) => {
      const { host, said: [said] } = run.moment(other);
      const isTyped = said.who.endsWith(" types");
      return element("p", { class: `${isTyped ? "typed" : "printed"} ${other === record ? "now" : ""}` },
        element("span", { class: `mark ${hostClass(host)}` }, `${markOf(host)} ${run.party(host)} `), said.what);
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
