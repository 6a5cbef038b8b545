// The map of the net: packets where they are, what waits in IMPs, what is dead, and the way of the message that is chosen.

import { lastAtMost } from "./run.js";
import { element, escaped, hostClass, markOf } from "./look.js";

/** So many packets are told in words at most. */
const MOST_TOLD = 6;

/** The packets of a run: where each is from when to when. */
export class Traffic {
  constructor(run) {
    const { lines } = run.data.map;
    let at = 0;
    this.packets = run.data.packets.map(([since, line, isBack, bits, words, journey, next]) => {
      at += since;
      const [, , rate, delay] = lines[line] ?? [0, 0, 1, 0];
      return { at, line, isBack, bits, words, journey, next, until: at + (bits * 1e6) / rate + delay };
    });
    this.longest = Math.max(0, ...this.packets.slice(0, 50_000).map((packet) => packet.until - packet.at));
    // What has come to an IMP, and goes on later, waits there.
    this.waits = [];
    for (const packet of this.packets) {
      const later = packet.next >= 0 ? this.packets[packet.next] : null;
      if (later && later.at > packet.until) this.waits.push({ at: packet.until, until: later.at, line: later.line, isBack: later.isBack });
    }
    this.waits.sort((one, other) => one.at - other.at);
    this.longestWait = Math.max(0, ...this.waits.slice(0, 50_000).map((wait) => wait.until - wait.at));
    this.ofJourney = new Map();
    this.packets.forEach((packet) => {
      if (packet.journey >= 0) {
        if (!this.ofJourney.has(packet.journey)) this.ofJourney.set(packet.journey, []);
        this.ofJourney.get(packet.journey).push(packet);
      }
    });
  }

  /** What of a list lasts at this time. */
  lasting(list, longest, time) {
    const lasting = [];
    for (let place = lastAtMost(list, time, (one) => one.at); place >= 0 && list[place].at >= time - longest; place -= 1) {
      if (list[place].until > time) lasting.push(list[place]);
    }
    return lasting.reverse();
  }

  crossing(time) {
    return this.lasting(this.packets, this.longest, time);
  }

  waiting(time) {
    return this.lasting(this.waits, this.longestWait, time);
  }
}

export class NetMap {
  constructor() {
    this.box = document.getElementById("map");
    this.list = document.getElementById("crossing");
  }

  /** Draws what does not move. */
  show(run) {
    this.run = run;
    this.traffic = new Traffic(run);
    const { letters, size: [width, height], imps, lines } = run.data.map;
    const pitch = (letters * 4) / 3;
    this.middles = imps.map(([, , x, y, wide, high]) => [x + wide / 2, y + high / 2]);
    const drawnLines = lines.map(([from, to, , delay, words], place) => {
      const [[x1, y1], [x2, y2]] = [this.middles[from], this.middles[to]];
      const dash = delay >= 200_000 ? "9 6" : "";
      return `<line class="line" id="line-${place}" stroke-dasharray="${dash}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"><title>${escaped(words)}</title></line>`;
    });
    const boxes = imps.map(([number, name, x, y, wide, high, hosts, label]) => {
      const names = hosts.map((host, row) => `<text class="host ${hostClass(host)}" x="${x + letters / 2}" y="${y + letters * 1.15 + (row + 1) * pitch}">${markOf(host)} ${escaped(run.hosts[host].name)}</text>`);
      return `<g class="imp${hosts.length ? " ours" : ""}" id="imp-${number}"><title>IMP ${number}, ${escaped(name)}</title>`
        + `<rect x="${x}" y="${y}" width="${wide}" height="${high}" rx="5"/>`
        + `<text class="label" x="${x + letters / 2}" y="${y + letters * 1.15}">${escaped(label)}</text>${names.join("")}</g>`;
    });
    const names = imps.map(([number, name]) => `${number} ${name}`).join(", ");
    this.box.innerHTML = `<svg viewBox="-24 -24 ${width + 48} ${height + 48}" role="img" aria-label="${escaped(`The net: IMPs ${names}`)}" font-size="${letters}">`
      + `${drawnLines.join("")}${boxes.join("")}<g id="moving"></g></svg>`;
    this.moving = this.box.querySelector("#moving");
  }

  /** Draws what there is at a record, and where packets are at this time. */
  update(record, time) {
    const { run } = this;
    const { imps, lines } = run.data.map;
    const place = run.journeyOf.get(record);
    const lit = new Map((place === undefined ? [] : this.traffic.ofJourney.get(place) ?? []).map((packet) => [packet.line, packet]));
    const dead = this.dead(record);
    lines.forEach(([from, to], line) => {
      const isDead = dead.lines.has(line) || dead.imps.has(imps[from][0]) || dead.imps.has(imps[to][0]);
      const drawn = this.box.querySelector(`#line-${line}`);
      drawn.classList.toggle("lit", lit.has(line));
      drawn.classList.toggle("dead", isDead);
    });
    const journey = place === undefined ? null : run.journeys[place];
    const ends = journey ? [run.hosts[journey.from].imp, run.hosts[journey.to].imp] : [];
    imps.forEach(([number]) => {
      const drawn = this.box.querySelector(`#imp-${number}`);
      drawn.classList.toggle("dead", dead.imps.has(number));
      drawn.classList.toggle("lit", ends.includes(number));
    });
    this.move(time, place);
  }

  /** The lines and IMPs that are dead behind a record. */
  dead(record) {
    const { imps, lines } = this.run.data.map;
    const found = { lines: new Set(), imps: new Set() };
    for (const [number, works, what, one, other] of this.run.data.faults) {
      if (number > record) break;
      if (what === "imp") found.imps[works ? "delete" : "add"](one);
      if (what === "line") {
        lines.forEach(([from, to], line) => {
          const between = [imps[from][0], imps[to][0]];
          if (between.includes(one) && between.includes(other)) found.lines[works ? "delete" : "add"](line);
        });
      }
    }
    return found;
  }

  /** Draws the packets where they are at this time. */
  move(time, place) {
    const { imps, lines } = this.run.data.map;
    const crossing = this.traffic.crossing(time).filter((packet) => packet.line >= 0);
    const dots = crossing.map((packet) => {
      const { at, until, line, isBack, journey } = packet;
      const [one, other] = [this.middles[lines[line][0]], this.middles[lines[line][1]]];
      const [[x1, y1], [x2, y2]] = isBack ? [other, one] : [one, other];
      const part = Math.min(1, Math.max(0, (time - at) / (until - at)));
      const from = journey >= 0 ? this.run.journeys[journey].from : -1;
      const isChosen = journey >= 0 && journey === place;
      return `<circle class="packet ${hostClass(from)}${isChosen ? " chosen" : ""}" r="${isChosen ? 9 : 6}" cx="${x1 + (x2 - x1) * part}" cy="${y1 + (y2 - y1) * part}"/>`;
    });
    const queued = new Map();
    for (const { line, isBack } of this.traffic.waiting(time)) {
      const imp = lines[line][isBack ? 1 : 0];
      queued.set(imp, (queued.get(imp) ?? 0) + 1);
    }
    const badges = [...queued].map(([imp, count]) => {
      const [, , x, y, wide] = imps[imp];
      return `<g class="queue"><rect x="${x + wide - 12}" y="${y - 12}" width="24" height="24" rx="12"/><text x="${x + wide}" y="${y + 5}" text-anchor="middle">${count}</text><title>${count} waiting</title></g>`;
    });
    this.moving.innerHTML = dots.join("") + badges.join("");
    const told = crossing.slice(0, MOST_TOLD).map(({ line, isBack, words, bits }) => {
      const [one, other] = lines[line];
      const [from, to] = isBack ? [other, one] : [one, other];
      return element("li", {}, `IMP ${imps[from][0]} to ${imps[to][0]}: ${this.run.text(words).replace(/, \d+ bits$/, "")}, ${bits} bits`);
    });
    if (crossing.length > MOST_TOLD) told.push(element("li", {}, `and ${crossing.length - MOST_TOLD} more`));
    if (told.length === 0) told.push(element("li", { class: "none" }, "no packet is on a line"));
    const { left_out: leftOut } = this.run.data;
    const last = this.traffic.packets.at(-1);
    if (leftOut > 0 && last && time > last.at) told.push(element("li", {}, `${leftOut} later packets are not shown`));
    this.list.replaceChildren(...told);
  }
}
