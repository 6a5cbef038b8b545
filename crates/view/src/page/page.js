// The page: what is chosen, and what shows it.

import { NONE, Run, lastAtMost, seconds } from "./run.js";
import { element } from "./look.js";
import { Ladder } from "./ladder.js";
import { NetMap } from "./map.js";
import { Tables } from "./tables.js";
import { BitView } from "./bits.js";
import { Words } from "./words.js";
import { Script } from "./script.js";
import { Clock } from "./clock.js";
import { describeKeys, listenToKeys } from "./keys.js";

/** The map of a net with more IMPs than this takes more room. */
const FEW_IMPS = 12;

const byId = (id) => document.getElementById(id);

class Page {
  constructor(data) {
    this.runs = data.runs.map((run) => new Run(run));
    this.figures = data.figures;
    this.active = 0;
    this.records = this.runs.map(() => 0);
    this.time = 0;
    this.found = [];
    this.jumps = [];
    const present = new Set(this.runs.flatMap((run) => run.lenses()));
    const usual = [...this.runs[0].data.usual, "traffic"];
    this.present = this.runs[0].data.lenses.filter((lens) => present.has(lens));
    this.options = {
      lenses: new Set(usual.filter((lens) => present.has(lens))),
      folded: this.runs.map(() => new Set()), toScale: false, zoom: 4, remarks: true,
    };
    if (this.options.lenses.size === 0) this.options.lenses = new Set(this.present);
    this.ladder = new Ladder(this.runs, (column, record) => this.select(column, record), (column, phase) => this.fold(column, phase));
    this.map = new NetMap();
    this.tables = new Tables();
    this.bits = new BitView();
    this.words = new Words((record) => this.jump(record));
    this.script = new Script();
    this.clock = new Clock(
      (time) => this.nextTime(time), (time) => this.play(time), () => this.showPlaying());
    this.findSeen();
  }

  get run() {
    return this.runs[this.active];
  }

  get record() {
    return this.records[this.active];
  }

  /** The records of each run that are seen now. */
  findSeen() {
    const { lenses, folded } = this.options;
    this.seen = this.runs.map((run, column) => {
      const seen = [];
      for (let record = 0; record < run.size; record += 1) {
        if (run.isSeen(record, lenses) && !folded[column].has(run.data.moments.phase[record])) seen.push(record);
      }
      return seen;
    });
  }

  /** What is seen has changed. */
  layOut() {
    this.findSeen();
    this.ladder.layOut(this.options);
    this.ladder.choose(this.active, this.records, false);
  }

  /** Shows another run in the panels. */
  activate(column) {
    this.active = column;
    this.map.show(this.run);
    this.script.show(this.run);
    const [title, cites] = this.run.data.heading.split("\n");
    byId("title").textContent = this.runs.length > 1 ? `${"ABC"[column]}: ${title}` : title;
    byId("cites").textContent = `${cites}; ${this.run.data.verdict}`;
    byId("cites").title = this.run.data.totals;
    byId("slider").max = this.run.data.end;
    byId("tables-title").textContent = `Tables${this.runs.length > 1 ? ` of run ${"ABC"[column]}` : ""} at this moment`;
  }

  /** Chooses a record of a run; the other runs follow to the same place of the same phase. */
  select(column, record, { time = null, isMoving = false } = {}) {
    if (column !== this.active) this.activate(column);
    this.records[column] = Math.min(Math.max(record, 0), this.run.size - 1);
    this.time = time ?? this.run.at[this.record];
    this.runs.forEach((run, other) => {
      if (other !== column) this.records[other] = this.alike(run, other);
    });
    this.show(isMoving);
  }

  /** The record of another run that is as far in the phase of the same title; or, if it has none, that stands beside. */
  alike(run, column) {
    const phase = this.run.phases[this.run.data.moments.phase[this.record]];
    const same = run.phases.find((other) => other.title === phase.title);
    if (!same) return this.ladder.places.beside(this.active, this.record, column);
    const since = this.run.at[this.record] - this.run.at[phase.first];
    const seen = this.seen[column].filter((record) => run.phases[run.data.moments.phase[record]] === same);
    const place = lastAtMost(seen, run.at[same.first] + since, (record) => run.at[record]);
    return seen[Math.max(place, 0)] ?? same.first;
  }

  show(isMoving) {
    const { run, record } = this;
    // What is asked for after a change is laid out at once: it is asked for before.
    for (const id of ["words-panel", "bits-panel"]) if (byId(id).scrollTop > 0) byId(id).scrollTop = 0;
    this.ladder.choose(this.active, [...this.records], isMoving);
    this.words.update(run, record, this.options.lenses);
    this.tables.update(run, record);
    this.bits.update(run, record);
    this.script.update(record);
    this.map.update(record, this.time);
    this.showTime();
    const told = `${seconds(run.at[record])} s, record ${record}: ${run.line(record)}`;
    if (!this.clock.isRunning) {
      byId("told").textContent = told;
      // Browsers refuse an address that changes too often.
      clearTimeout(this.addressing);
      this.addressing = setTimeout(() => this.showAddress(), 250);
    }
    document.body.dataset.record = record;
  }

  /** An address that leads back to what is shown. */
  showAddress() {
    const address = `#r=${this.record}${this.runs.length > 1 ? `&run=${this.active + 1}` : ""}`;
    if (location.hash !== address) history.replaceState(null, "", address);
  }

  showTime() {
    const slider = byId("slider");
    slider.value = this.time;
    slider.setAttribute("aria-valuetext", `${seconds(this.time)} s`);
    if (document.activeElement !== byId("time")) byId("time").value = seconds(this.time);
  }

  step(by) {
    const seen = this.seen[this.active];
    const place = lastAtMost(seen, this.record);
    const isOn = seen[place] === this.record;
    const to = by > 0 ? place + 1 : isOn ? place - 1 : place;
    if (seen[to] !== undefined) this.select(this.active, seen[to], { isMoving: true });
  }

  /** To another record, from where one may want to come back. */
  jump(record) {
    if (record === NONE) return;
    this.jumps.push([this.active, this.record]);
    this.select(this.active, record);
  }

  toPhase(by) {
    const { phase } = this.run.data.moments;
    const seen = this.seen[this.active];
    let place = Math.max(0, lastAtMost(seen, this.record));
    const begins = (at) => at === 0 || phase[seen[at]] !== phase[seen[at - 1]];
    do place += by; while (place > 0 && place < seen.length && !begins(place));
    if (seen[place] !== undefined) this.select(this.active, seen[place]);
  }

  toTime(time) {
    const { at } = this.run;
    const seen = this.seen[this.active];
    const place = lastAtMost(seen, time, (record) => at[record]);
    this.select(this.active, seen[Math.max(place, 0)] ?? 0, { time, isMoving: true });
  }

  nextTime(time) {
    const seen = this.seen[this.active];
    const place = lastAtMost(seen, time, (record) => this.run.at[record]);
    if (place + 1 < seen.length) return this.run.at[seen[place + 1]];
    return time < this.run.at[seen.at(-1) ?? 0] + 60_000 ? time + 1 : null;
  }

  play(time) {
    const seen = this.seen[this.active];
    const record = seen[Math.max(0, lastAtMost(seen, time, (one) => this.run.at[one]))] ?? 0;
    this.time = time;
    if (record !== this.record) this.select(this.active, record, { time, isMoving: true });
    else {
      this.map.move(time, this.run.journeyOf.get(record));
      this.showTime();
    }
  }

  showPlaying() {
    byId("play").textContent = this.clock.isRunning ? "Pause" : "Play";
    byId("play").setAttribute("aria-pressed", this.clock.isRunning);
    if (!this.clock.isRunning) this.show(true);
  }

  togglePlay() {
    if (this.clock.isRunning) {
      this.clock.stop();
      return;
    }
    const seen = this.seen[this.active];
    if (this.record >= seen.at(-1)) this.select(this.active, seen[0]);
    this.clock.slowness = Number(byId("speed").value);
    this.clock.start(this.time);
    this.showPlaying();
  }

  /** Finds the records that say something; capitals do not matter. */
  search(text) {
    const sought = text.trim().toLowerCase();
    this.found = [];
    if (sought) {
      for (const record of this.seen[this.active]) {
        const isFound = this.run.moment(record).said.some(({ who, what, meaning }) => `${who} ${what} ${meaning}`.toLowerCase().includes(sought));
        if (isFound) this.found.push(record);
      }
    }
    byId("found").textContent = sought ? `${this.found.length} found` : "";
  }

  toFound(by) {
    if (this.found.length === 0) return;
    const place = lastAtMost(this.found, this.record);
    const isOn = this.found[place] === this.record;
    const to = by > 0 ? place + 1 : isOn ? place - 1 : place;
    const record = this.found[(to + this.found.length) % this.found.length];
    this.jump(record);
    byId("found").textContent = `${this.found.indexOf(record) + 1} of ${this.found.length}`;
  }

  fold(column, phase) {
    const folded = this.options.folded[column];
    folded[folded.has(phase) ? "delete" : "add"](phase);
    this.showFolds();
    this.layOut();
  }

  /** Follows an address such as #r=123, or #r=123&run=2. */
  follow() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const column = Math.min(Math.max(Number(asked.get("run") ?? 1) - 1 || 0, 0), this.runs.length - 1);
    const record = asked.has("r") ? Number(asked.get("r")) : this.seen[column][0] ?? 0;
    this.activate(column);
    this.select(column, Number.isInteger(record) ? record : 0);
  }

  showLenses() {
    const boxes = this.present.map((lens) => choice(lens, this.options.lenses.has(lens), (isOn) => {
      this.options.lenses[isOn ? "add" : "delete"](lens);
      this.layOut();
      this.show(false);
    }));
    boxes.push(choice("the author's remarks", this.options.remarks, (isOn) => {
      this.options.remarks = isOn;
      this.layOut();
    }));
    byId("lenses").replaceChildren(...boxes);
  }

  showFolds() {
    const words = [...new Set(this.runs.flatMap((run) => run.phases.map((phase) => phase.word)))];
    const of = (word) => this.runs.map((run) => [...run.phases.keys()].filter((place) => run.phases[place].word === word));
    const boxes = words.map((word) => {
      const isFolded = of(word).every((places, column) => places.every((place) => this.options.folded[column].has(place)));
      return choice(word, isFolded, (isOn) => {
        of(word).forEach((places, column) => places.forEach((place) => this.options.folded[column][isOn ? "add" : "delete"](place)));
        this.layOut();
      });
    });
    byId("folds").replaceChildren(...boxes);
  }

  showFigures() {
    if (this.figures.length === 0) return;
    const heads = [element("td", {}), ...this.runs.map((run, column) => element("th", { scope: "col", title: run.data.label }, "ABC"[column]))];
    const rows = this.figures.map(([label, cells]) => element("tr", {},
      element("th", { scope: "row", class: label.startsWith("  ") ? "below" : "" }, label.trim()), ...cells.map((cell) => element("td", {}, cell))));
    byId("figures").replaceChildren(element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)));
    byId("figures-panel").hidden = false;
  }

  setScale(isToScale) {
    this.options.toScale = isToScale;
    byId("scale").textContent = isToScale ? "By order" : "To scale";
    byId("scale").setAttribute("aria-pressed", isToScale);
    this.layOut();
  }

  zoom(by) {
    this.options.zoom = Math.min(64, Math.max(0.05, this.options.zoom * by));
    if (this.options.toScale) this.layOut();
  }

  setTheme(isDark) {
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
    byId("theme").textContent = isDark ? "Light" : "Dark";
  }

  toggleTheme() {
    this.setTheme(document.documentElement.dataset.theme !== "dark");
  }

  /** Makes the map as large as the page, or small again. */
  enlarge(key) {
    const isLarge = document.querySelector("#map-panel").classList.toggle("large", key === "Escape" ? false : undefined);
    byId("larger").textContent = isLarge ? "Smaller" : "Larger";
    byId("larger").setAttribute("aria-pressed", isLarge);
  }

  actions() {
    return {
      forward: () => this.step(1),
      back: () => this.step(-1),
      play: () => this.togglePlay(),
      first: () => this.select(this.active, this.seen[this.active][0] ?? 0),
      last: () => this.select(this.active, this.seen[this.active].at(-1) ?? 0),
      nextPhase: () => this.toPhase(1),
      lastPhase: () => this.toPhase(-1),
      cause: () => this.jump(this.run.causeOf(this.record, this.options.lenses)),
      answer: () => this.jump(this.run.answerTo(this.record)),
      return: () => this.jumps.length && this.select(...this.jumps.pop()),
      search: () => byId("sought").select(),
      nextFound: () => this.toFound(1),
      lastFound: () => this.toFound(-1),
      time: () => byId("time").select(),
      fold: () => this.fold(this.active, this.run.data.moments.phase[this.record]),
      scale: () => this.setScale(!this.options.toScale),
      closer: () => this.zoom(1.5),
      farther: () => this.zoom(1 / 1.5),
      run: (key) => Number(key) <= this.runs.length && this.select(Number(key) - 1, this.records[Number(key) - 1]),
      larger: (key) => this.enlarge(key),
      theme: () => this.toggleTheme(),
      help: () => byId("help").showModal(),
    };
  }

  listen() {
    const actions = this.actions();
    for (const id of ["first", "back", "play", "forward", "last", "scale", "theme"]) {
      byId(id).addEventListener("click", () => actions[id]());
    }
    byId("larger").addEventListener("click", () => this.enlarge("m"));
    byId("keys").addEventListener("click", () => actions.help());
    byId("speed").addEventListener("change", (event) => (this.clock.slowness = Number(event.target.value)));
    byId("slider").addEventListener("input", (event) => this.toTime(Number(event.target.value)));
    byId("goto").addEventListener("submit", (event) => {
      event.preventDefault();
      const time = Number.parseFloat(byId("time").value);
      if (Number.isFinite(time)) this.toTime(Math.round(time * 1e6));
      byId("ladder").focus();
    });
    byId("sought").addEventListener("input", (event) => this.search(event.target.value));
    byId("search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.toFound(1);
      byId("ladder").focus();
    });
    window.addEventListener("hashchange", () => this.follow());
    window.addEventListener("beforeprint", () => {
      byId("print").innerHTML = `<h1></h1>${this.ladder.printed(100)}`;
      byId("print").firstChild.textContent = this.runs.map((run) => run.data.title).join(" | ");
    });
    window.addEventListener("afterprint", () => byId("print").replaceChildren());
    document.addEventListener("click", (event) => {
      for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    });
    listenToKeys(actions);
  }

  /** On a narrow screen, one panel is seen at a time below the ladder. */
  makeTabs() {
    const panels = [...document.querySelectorAll("[data-tab]")].filter((panel) => !panel.hidden);
    const tabs = document.querySelector(".tabs");
    const open = (panel) => {
      panels.forEach((other) => other.classList.toggle("open", other === panel));
      [...tabs.children].forEach((tab) => {
        const isOpen = tab.getAttribute("aria-controls") === panel.id;
        tab.setAttribute("aria-selected", isOpen);
        tab.tabIndex = isOpen ? 0 : -1;
      });
    };
    tabs.replaceChildren(...panels.map((panel, place) => element("button", {
      role: "tab", "aria-controls": panel.id, onclick: () => open(panel),
      onkeydown: (event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!by) return;
        const next = (place + by + panels.length) % panels.length;
        open(panels[next]);
        tabs.children[next].focus();
      },
    }, panel.dataset.tab)));
    open(panels[0]);
  }

  start() {
    document.body.classList.toggle("several", this.runs.length > 1);
    document.body.classList.toggle("wide-net", this.runs.some((run) => run.data.map.imps.length > FEW_IMPS));
    this.setTheme(matchMedia("(prefers-color-scheme: dark)").matches);
    describeKeys();
    this.showLenses();
    this.showFolds();
    this.showFigures();
    this.makeTabs();
    this.ladder.layOut(this.options);
    this.follow();
    this.listen();
    byId("ladder").focus({ preventScroll: true });
    document.body.dataset.ready = "yes";
  }
}

function choice(name, isOn, onChange) {
  return element("label", {}, element("input", { type: "checkbox", checked: isOn, onchange: (event) => onChange(event.target.checked) }), ` ${name}`);
}

const page = new Page(JSON.parse(byId("data").textContent));
page.start();
