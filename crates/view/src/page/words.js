// What a moment is, in words: what was said, why now, what holds afterwards, and where that is written.

import { NONE, seconds, span } from "./run.js";
import { element, hostClass, markOf } from "./look.js";

export class Words {
  constructor(go) {
    this.go = go;
    this.box = document.getElementById("words");
  }

  update(run, record, lenses) {
    const moment = run.moment(record);
    const explained = run.explained(record);
    const host = moment.said[0]?.from >= 0 ? moment.said[0].from : moment.host;
    const head = element("p", { class: "moment-head" },
      element("span", { class: `mark ${hostClass(host)}` }, `${markOf(host)} `),
      element("span", {}, `${seconds(moment.at)} s`), " ", element("a", { href: `#r=${record}` }, `record ${record}`));
    const said = moment.said.map(({ who, what, meaning }, place) => element("div", { class: "saying" },
      element("p", { class: "quoted" }, element("span", { class: "who" }, who), " ", element("code", {}, what)),
      sentence(explained?.said[place] || meaning)));
    if (moment.said.length === 0) said.push(element("p", {}, `The scenario goes on to its line ${moment.line}.`));
    const after = (explained?.after ?? []).map((text) => element("li", {}, text));
    this.box.replaceChildren(
      head, ...said,
      ...this.why(run, moment, explained, lenses),
      ...(after.length ? [element("h3", {}, "Afterwards"), element("ul", {}, ...after)] : []),
      ...this.way(run, record),
      ...this.answer(run, record),
      ...(explained?.sources.length ? [element("p", { class: "sources" }, `See ${explained.sources.join("; ")}.`)] : []),
    );
  }

  link(run, record, words) {
    return element("a", { href: `#r=${record}`, title: run.line(record), onclick: (event) => {
      event.preventDefault();
      this.go(record);
    } }, words);
  }

  why(run, moment, explained, lenses) {
    const cause = run.causeOf(moment.record, lenses);
    if (!explained?.why && cause === NONE) return [];
    const parts = explained?.why ? [explained.why] : [];
    if (cause !== NONE) {
      if (parts.length) parts.push(" ");
      parts.push(element("span", { class: "jump" }, "Cause: ", this.link(run, cause, run.line(cause)), ` (record ${cause})`));
    }
    return [element("h3", {}, "Why now"), element("p", { class: "why" }, ...parts)];
  }

  /** When the message arrived and was answered by the IMP. */
  way(run, record) {
    const journey = run.journey(record);
    if (!journey) return [];
    const { sent, arrived, answered, from, to, link } = journey;
    const after = (other) => span(run.at[other] - run.at[sent]);
    const parts = [`${run.hosts[from].name} to ${run.hosts[to].name} on link ${link}: `,
      this.link(run, sent, `put on the cable at ${seconds(run.at[sent])} s`)];
    parts.push(arrived === NONE ? "; it does not arrive" : "; ");
    if (arrived !== NONE) parts.push(this.link(run, arrived, `there ${after(arrived)} later`));
    if (answered !== NONE) parts.push("; ", this.link(run, answered, `its IMP has answered after ${after(answered)}`));
    return [element("p", { class: "way" }, ...parts)];
  }

  answer(run, record) {
    const answer = run.answerTo(record);
    if (answer === NONE) return [];
    return [element("p", { class: "jump" }, "Answer: ", this.link(run, answer, run.line(answer)), ` (record ${answer}, ${span(run.at[answer] - run.at[record])} later)`)];
  }
}

/** Words of ours as a sentence. */
function sentence(text) {
  if (!text) return null;
  const ended = /[.!?…:]$/.test(text) ? text : `${text}.`;
  return element("p", {}, ended[0].toUpperCase() + ended.slice(1));
}
