// The ladder: a lane for each host, time running down. Only what is in view is drawn.

import { IMP, NONE, seconds } from "./run.js";
import { LINE, Places, rowsOf } from "./rows.js";
import { clipped, dashOf, escaped, hostClass, markOf } from "./look.js";

/** The width of the column of times; the second, where a run takes a hundred seconds or more. */
const GUTTERS = [76, 86];
/** From a lane to the end of an arrow that goes no further than the IMP, or comes back. */
const STUB = 30;
/** How far a message that is lost has come, in parts of its way. */
const LOST = 0.85;
/** The least width of a run on the screen. */
const LEAST = 200;
/** A page of paper, when it is printed. */
const PAPER = { width: 690, height: 860 };

export class Ladder {
  constructor(runs, onSelect, onFold) {
    this.runs = runs;
    this.onFold = onFold;
    this.box = document.getElementById("ladder");
    this.tall = document.getElementById("tall");
    this.lanes = document.getElementById("lanes");
    this.chosen = runs.map(() => NONE);
    this.active = 0;
    this.svgs = runs.map(() => {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("role", "presentation");
      this.tall.append(svg);
      return svg;
    });
    this.box.addEventListener("scroll", () => {
      this.lanes.scrollLeft = this.box.scrollLeft;
      this.schedule();
    }, { passive: true });
    this.tall.addEventListener("click", (event) => {
      const hit = event.target.closest("[data-record], [data-phase]");
      if (!hit) return;
      const column = Number(hit.dataset.column);
      if (hit.dataset.phase !== undefined) this.onFold(column, Number(hit.dataset.phase));
      else onSelect(column, Number(hit.dataset.record));
    });
    new ResizeObserver(() => this.options && this.layOut(this.options)).observe(this.box);
  }

  /** Puts everything into its place, for what is to be seen now. */
  layOut(options) {
    this.options = options;
    const { width } = this.box.getBoundingClientRect();
    this.size = width < 500 ? 11.5 : 13;
    this.letter = this.size * 0.602;
    // On a narrow screen, several runs are beside each other only in part, and can be scrolled to.
    this.width = Math.max(LEAST, Math.floor(this.box.clientWidth / this.runs.length));
    this.tall.style.width = `${this.width * this.runs.length}px`;
    const columns = Math.floor((this.width - 60) / this.letter) - 2;
    const rows = this.runs.map((run, column) => rowsOf(run, { ...options, folded: options.folded[column], columns }));
    this.places = new Places(this.runs, rows, options);
    this.tall.style.height = `${this.places.height}px`;
    this.drawLanes();
    this.draw();
  }

  gutter() {
    if (!this.hasTimes()) return 8;
    return GUTTERS[this.runs.some((run) => run.data.end >= 100e6) ? 1 : 0];
  }

  /** Whether there is room for times. */
  hasTimes() {
    return this.width >= 400 || this.runs.length === 1;
  }

  laneX(run, host) {
    const count = run.hosts.length;
    const [left, right] = [this.gutter() + 26, this.width - 30];
    return count < 2 ? (left + right) / 2 : left + ((right - left) * host) / (count - 1);
  }

  /** How large the names of lanes are, and how many letters each may have, so that none runs into the next. */
  nameSize(run) {
    const count = run.hosts.length;
    if (count < 2) return { size: 14, letters: 40 };
    // The first begins a little before its lane, and the next is in the middle of its own.
    const [share, before] = count > 2 ? [1.5, 14] : [1, 0];
    const room = (this.laneX(run, 1) - this.laneX(run, 0) + before - 6) / (share * 0.62);
    // The mark and the blank behind it take room, too.
    const longest = Math.max(...run.hosts.map((host) => host.name.length)) + 2.6;
    const size = Math.min(14, Math.max(9, room / longest));
    return { size, letters: Math.max(Math.floor(room / size - 2.6), 1) };
  }

  /** The names of the hosts of a run in so many letters: where these would make two the same, without what all begin with. */
  namesIn(run, letters) {
    const names = run.hosts.map((host) => host.name);
    const short = names.map((name) => name.slice(0, letters));
    if (new Set(short).size === names.length) return short;
    const shared = [...names[0]].findIndex((letter, place) => names.some((name) => name[place] !== letter));
    return names.map((name) => name.slice(Math.max(shared, 0)).slice(0, letters));
  }

  drawLanes() {
    const heads = this.runs.map((run, column) => {
      const { size, letters } = this.nameSize(run);
      const names = this.namesIn(run, letters).map((name, place) => {
        const x = this.laneX(run, place);
        const anchor = place === 0 && run.hosts.length > 2 ? "start" : place === run.hosts.length - 1 && run.hosts.length > 2 ? "end" : "middle";
        const shift = anchor === "start" ? -14 : anchor === "end" ? 14 : 0;
        return `<text class="name ${hostClass(place)}" x="${x + shift}" y="30" text-anchor="${anchor}" style="font-size: ${size}px">${markOf(place)} ${escaped(name)}</text>`;
      });
      const label = this.runs.length > 1
        ? `<text class="label${column === this.active ? " active" : ""}" x="8" y="13">${"ABC"[column]} ${escaped(clipped(run.data.label, Math.floor(this.width / 8)))}</text>` : "";
      return `<svg width="${this.width}" height="38">${label}${names.join("")}</svg>`;
    });
    this.lanes.innerHTML = heads.join("");
  }

  /** Draws once, however much has changed since the last frame. */
  schedule() {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      this.draw();
    });
  }

  draw() {
    if (!this.places) return;
    const top = this.box.scrollTop;
    const height = this.box.clientHeight;
    this.svgs.forEach((svg, column) => {
      svg.setAttribute("width", this.width);
      svg.setAttribute("height", height);
      svg.setAttribute("viewBox", `0 ${top} ${this.width} ${height}`);
      svg.innerHTML = this.slice(column, top, top + height);
    });
    const chosen = document.getElementById(`row-${this.active}-${this.chosen[this.active]}`);
    if (chosen) this.box.setAttribute("aria-activedescendant", chosen.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /** What is to be seen of a run between two heights. */
  slice(column, top, bottom) {
    const run = this.runs[column];
    // What begins above may end here.
    const rows = this.places.between(column, top - 900, bottom + 60);
    const parts = { bands: [], lanes: [], arrows: [], words: [] };
    run.hosts.forEach((host, place) => {
      const x = this.laneX(run, place);
      parts.lanes.push(`<line class="lane ${hostClass(place)}" stroke-dasharray="${dashOf(place)}" x1="${x}" x2="${x}" y1="${Math.max(0, top)}" y2="${bottom}"/>`);
    });
    this.freeFrom = -1e9;
    for (const row of rows) this.drawRow(run, column, row, parts, top);
    this.drawChosen(run, column, parts);
    return [...parts.bands, ...parts.lanes, ...parts.arrows, ...parts.words].join("");
  }

  drawRow(run, column, row, parts, top) {
    const isFar = row.y + row.height + 40 < top;
    const { width } = this;
    if (row.kind === "heading" && !isFar) {
      const beside = row.beside === NONE ? "" : `, beside ${run.phases[row.beside].heading}`;
      const heading = `${run.phases[row.phase].heading}${row.goesOn ? ", continued" : beside}`;
      const isFolded = this.options.folded[column].has(row.phase);
      const sign = isFolded ? "▸" : "▾";
      const count = row.hidden > 0 ? ` (${row.hidden})` : "";
      const y = row.y + 7;
      // Letters of the plain face are narrower.
      const letters = Math.floor((width - 16) / (this.size * 0.575)) - count.length - 2;
      parts.bands.push(`<g data-phase="${row.phase}" data-column="${column}" class="heading">`
        + `<rect x="0" y="${y}" width="${width}" height="22"/>`
        + `<text x="8" y="${y + 15.5}" font-size="${this.size}">${sign} ${escaped(clipped(heading, letters))}${count}</text></g>`);
    } else if (row.kind === "remark" && !isFar) {
      const lines = row.lines.map((line, place) => `<text x="${this.gutter() - 4}" y="${row.y + 19 + place * 18}" font-size="${this.size}">${escaped(line)}</text>`);
      parts.bands.push(`<g class="remark"><rect x="${this.gutter() - 14}" y="${row.y + 6}" width="3" height="${row.height - 8}"/>${lines.join("")}</g>`);
    } else if (row.kind === "gap" && !isFar) {
      parts.words.push(`<text class="gap" x="${width / 2}" y="${row.y + row.height / 2 + 5}" text-anchor="middle" font-size="${this.size}">— ${row.text} —</text>`);
    } else if (row.kind === "moment") {
      this.drawMoment(run, column, row, parts, isFar);
    }
  }

  drawMoment(run, column, row, parts, isFar) {
    const { record, anchor: y } = row;
    const moment = run.moment(record);
    const isChosen = record === this.chosen[column];
    const shown = moment.said.filter((said) => this.options.lenses.has(said.lens));
    const [first] = shown;
    const host = first.from >= 0 ? first.from : moment.host;
    const isSent = first.from >= 0 && first.to !== NONE;
    const head = `id="row-${column}-${record}" data-record="${record}" data-column="${column}" role="option" aria-selected="${isChosen}" aria-label="${escaped(`${seconds(moment.at)} s, ${run.line(record)}`)}"`;
    const kind = `class="moment ${hostClass(host)}${isChosen ? " chosen" : ""}"`;
    const out = [`<g ${kind} ${head}>`];
    const height = this.options.toScale ? LINE + 8 : row.height;
    if (!isFar) out.push(`<rect class="hit" x="0" y="${y - height + 6}" width="${this.width}" height="${height}"/>`);
    const x = host >= 0 ? this.laneX(run, host) : this.gutter() + 8;
    let side = 1;
    let beside = first.from === NONE ? 10 : 8;
    if (isSent && first.to >= 0) {
      const journey = run.journey(record);
      const toX = this.laneX(run, first.to);
      const arrives = journey && journey.arrived !== NONE;
      const toY = arrives ? this.places.of(column, journey.arrived) : y + 14;
      if (toX === x) {
        side = x > this.width * 0.6 ? -1 : 1;
        beside += STUB;
        out.push(loop(x, y, Math.max(toY, y + 10), side, dashOf(host), arrives));
      } else {
        side = toX > x ? 1 : -1;
        out.push(arrow(x, y, arrives ? toX : x + (toX - x) * LOST, toY, dashOf(host), arrives));
      }
    } else if (first.from >= 0 || first.from === IMP || first.to === IMP) {
      side = x > this.width - 90 ? -1 : 1;
      const [from, to] = first.to >= 0 ? [x + STUB * side, x] : [x, x + STUB * side];
      out.push(arrow(from, y, to, y, first.to >= 0 ? "" : dashOf(host), true));
    } else {
      side = x > this.width * 0.6 ? -1 : 1;
      if (host >= 0) out.push(`<circle class="dot" cx="${x}" cy="${y - 4}" r="4"/>`);
    }
    // To scale, what stands too near to the last label has none.
    const isFree = !this.options.toScale || y - this.freeFrom >= LINE;
    if (!isFar && (isFree || isChosen)) {
      this.freeFrom = y;
      const labels = this.labels(shown, x, y, side, beside, first.from === NONE, run.party(host));
      if (this.hasTimes()) {
        labels.push(`<text class="time" x="4" y="${y}" font-size="${this.size - 1}">${seconds(moment.at)}</text>`);
      }
      // Words stand before all arrows.
      parts.words.push(`<g ${kind} data-record="${record}" data-column="${column}" aria-hidden="true">${labels.join("")}</g>`);
    }
    out.push("</g>");
    parts.arrows.push(out.join(""));
  }

  /** What a moment says, in lines above each other beside its lane: where its arrow goes, or, if there is too little room, where more is. */
  labels(shown, x, y, wanted, beside, isPlain, host) {
    const most = 4;
    const texts = shown.slice(0, most).map((said, place) => {
      if (place === most - 1 && shown.length > most) return `and ${shown.length - most + 1} more`;
      // Whose lane it is goes without saying.
      const verb = isPlain ? `${host && said.who.startsWith(`${host} `) ? said.who.slice(host.length + 1) : said.who} ` : "";
      return verb + said.what.split("\n")[0];
    });
    const roomAt = (side) => Math.floor((side > 0 ? this.width - x - beside - 4 : x - beside - this.gutter() + 2) / this.letter);
    const longest = Math.max(...texts.map((text) => text.length));
    const side = longest > roomAt(wanted) && roomAt(-wanted) > roomAt(wanted) ? -wanted : wanted;
    const room = roomAt(side);
    const anchor = side > 0 ? "start" : "end";
    const at = x + side * beside;
    return shown.slice(0, most).map((said, place) => {
      const isLast = place === most - 1 && shown.length > most;
      const what = clipped(texts[place], room);
      const left = room - what.length - 3;
      const meaning = !isLast && said.meaning && left >= Math.min(12, said.meaning.length) ? clipped(said.meaning, left) : "";
      const lineY = y - (isPlain ? 0 : 5) - (Math.min(shown.length, most) - 1 - place) * LINE;
      const words = side > 0
        ? `${escaped(what)}${meaning && `<tspan class="meaning" dx="14">${escaped(meaning)}</tspan>`}`
        : `${meaning && `<tspan class="meaning">${escaped(meaning)}</tspan><tspan dx="14">`}${escaped(what)}${meaning && "</tspan>"}`;
      return `<text class="what of-${said.lens}" x="${at}" y="${lineY}" text-anchor="${anchor}" font-size="${this.size}">${words}</text>`;
    });
  }

  /** Marks what is chosen, and draws a thin line from what caused it. */
  drawChosen(run, column, parts) {
    const record = this.chosen[column];
    if (record === NONE) return;
    const y = this.places.of(column, record);
    const isShown = run.isSeen(record, this.options.lenses) && !this.options.folded[column].has(run.data.moments.phase[record]);
    const lines = isShown ? Math.min(4, run.moment(record).said.length) : 0;
    const height = isShown ? lines * LINE + 14 : 3;
    parts.bands.push(`<rect class="band${column === this.active ? "" : " quiet"}" x="0" y="${y - height + 7}" width="${this.width}" height="${height}"/>`);
    const cause = run.causeOf(record, this.options.lenses);
    if (cause === NONE) return;
    const from = this.places.of(column, cause);
    const x = this.gutter() - 2;
    parts.words.push(`<path class="cause" d="M${x} ${from - 4} C${x - 14} ${from - 4} ${x - 14} ${y - 4} ${x} ${y - 4}"/><path class="cause-head" d="M${x + 2} ${y - 4} l-7 -3 v6 z"/>`);
  }

  /** Chooses a record of each run, and shows the one of the active run. */
  choose(active, records, isMoving) {
    const hasChanged = this.active !== active;
    this.active = active;
    this.chosen = records;
    const y = this.places.of(active, records[active]);
    const { scrollTop, clientHeight } = this.box;
    if (y < scrollTop + 70 || y > scrollTop + clientHeight - 50) {
      // Forward, what comes next is seen; a jump lands in the middle.
      const isNear = isMoving && Math.abs(y - scrollTop - clientHeight / 2) < clientHeight;
      this.box.scrollTop = Math.max(0, isNear ? y - clientHeight * (y < scrollTop + 70 ? 0.7 : 0.3) : y - clientHeight / 2);
    }
    if (hasChanged) {
      this.drawLanes();
      const left = this.width * active;
      const { scrollLeft, clientWidth } = this.box;
      if (left < scrollLeft || left + this.width > scrollLeft + clientWidth) this.box.scrollLeft = left;
    }
    this.draw();
  }

  /** The whole ladder in pieces of a page each, to be printed. */
  printed(most) {
    const own = { width: this.width, size: this.size };
    this.width = Math.floor(PAPER.width / this.runs.length);
    this.size = 12;
    this.letter = this.size * 0.602;
    const columns = Math.floor((this.width - 60) / this.letter) - 2;
    const rows = this.runs.map((run, column) => rowsOf(run, { ...this.options, folded: this.options.folded[column], columns }));
    const screen = this.places;
    this.places = new Places(this.runs, rows, this.options);
    this.drawLanes();
    const pages = [];
    for (let top = 0; top < this.places.height - 40 && pages.length < most; top += PAPER.height) {
      const slices = this.runs.map((run, column) => `<svg width="${this.width}" height="${PAPER.height}" viewBox="0 ${top} ${this.width} ${PAPER.height}">${this.slice(column, top, top + PAPER.height)}</svg>`);
      pages.push(`<div class="sheet"><div class="heads">${this.lanes.innerHTML}</div>${slices.join("")}</div>`);
    }
    Object.assign(this, own);
    this.letter = this.size * 0.602;
    this.places = screen;
    this.drawLanes();
    return pages.join("");
  }
}

/** An arrow that leaves its lane and comes back to it. */
function loop(x, y1, y2, side, dash, arrives) {
  const [out, end] = [x + side * STUB, x + side * 6];
  if (!arrives) return arrow(x, y1, out, y1, dash, false);
  return `<path class="way" fill="none" stroke-dasharray="${dash}" d="M${x} ${y1} H${out} V${y2} H${end}"/>`
    + `<path class="head" d="M${x} ${y2} l${side * 11} -4.5 v9 z"/>`;
}

/** An arrow, or a line that ends in a cross where something was lost. */
function arrow(x1, y1, x2, y2, dash, arrives) {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const line = `<line class="way" stroke-dasharray="${dash}" x1="${x1}" y1="${y1}" x2="${x2 - dx * 6}" y2="${y2 - dy * 6}"/>`;
  if (!arrives) return `${line}<path class="lost" d="M${x2 - 6} ${y2 - 6} l12 12 m0 -12 l-12 12"/>`;
  const [px, py] = [-dy * 4.5, dx * 4.5];
  const [bx, by] = [x2 - dx * 11, y2 - dy * 11];
  return `${line}<path class="head" d="M${x2} ${y2} L${bx + px} ${by + py} L${bx - px} ${by - py} z"/>`;
}
