// Where each moment stands on the ladder.

import { NONE, lastAtMost, span } from "./run.js";

export const LINE = 17;
const HEADING = 34;
const REMARK_LINE = 18;
const GAP = 26;
/** What lasts longer than this is told between two rows, in microseconds. */
const LONG = 500_000;
/** An empty stretch of a ladder to scale is at most so high. */
const MOST_EMPTY = 400;
/** So many pairs of phases of one title are tried, to let as many as can be begin together. */
const MOST_MATCHES = 64;
/** Lines of one message that are shown on the ladder. */
const MOST_LINES = 4;

/** The rows of a run, not yet in their places: headings, remarks of the author, moments, and gaps. */
export function rowsOf(run, { lenses, folded, toScale, columns, remarks }) {
  const rows = [];
  let phase = NONE;
  let before = NONE;
  let remark = 0;
  let heading = null;
  const tell = (record) => {
    while (remark < run.data.comments.length && run.data.comments[remark][0] <= record) {
      const lines = wrapped(run.data.comments[remark][1], columns);
      if (remarks && !toScale) rows.push({ kind: "remark", lines, height: REMARK_LINE * lines.length + 12, record });
      remark += 1;
    }
  };
  for (let record = 0; record < run.size; record += 1) {
    if (!run.isSeen(record, lenses)) continue;
    const now = run.data.moments.phase[record];
    if (now !== phase) {
      tell(record);
      heading = { kind: "heading", phase: now, height: HEADING, record, hidden: 0 };
      rows.push(heading);
      phase = now;
    } else {
      tell(record);
    }
    if (folded.has(now)) {
      heading.hidden += 1;
      heading.last = record;
      before = record;
      continue;
    }
    const since = before === NONE ? 0 : run.at[record] - run.at[before];
    if (!toScale && since >= LONG) rows.push({ kind: "gap", text: `${span(since)} later`, height: GAP, record });
    const lines = Math.min(run.data.moments.said[record].length / 6, MOST_LINES);
    rows.push({ kind: "moment", record, height: LINE * lines + 17, since });
    before = record;
  }
  tell(run.size);
  return rows;
}

/** Words in lines of so many letters. A line that is broken in the text stays so. */
function wrapped(text, columns) {
  const lines = [];
  for (const part of text.split("\n")) {
    let line = part.startsWith(" ") ? "  " : "";
    for (const word of part.trim().split(/\s+/)) {
      if (line.trim() && line.length + 1 + word.length > columns) {
        lines.push(line);
        line = "";
      }
      line += line.trim() ? ` ${word}` : word;
    }
    lines.push(line);
  }
  return lines;
}

/** Puts the rows of runs into their places: one below the other, or to scale; phases that all runs have begin side by side. */
export class Places {
  constructor(runs, allRows, { toScale, zoom }) {
    this.columns = allRows.map(() => ({ rows: [], records: [], ys: [] }));
    const anchors = anchorsOf(runs, allRows);
    const next = allRows.map(() => 0);
    const bottoms = allRows.map(() => 8);
    const fill = (column, until) => {
      for (; next[column] < until; next[column] += 1) {
        bottoms[column] = this.put(runs[column], column, allRows[column][next[column]], bottoms[column], toScale, zoom);
      }
    };
    for (const anchor of anchors) {
      anchor.forEach((place, column) => fill(column, place));
      const y = Math.max(...bottoms);
      bottoms.fill(y);
    }
    allRows.forEach((rows, column) => fill(column, rows.length));
    this.height = Math.max(...bottoms) + 60;
    this.runs = runs;
  }

  put(run, column, row, top, toScale, zoom) {
    const { rows, records, ys } = this.columns[column];
    let height = row.height;
    let y = top;
    if (toScale && row.kind === "moment") {
      const drop = (row.since / 1000) * zoom;
      const isCut = drop > MOST_EMPTY;
      if (isCut) rows.push({ kind: "gap", text: `${span(row.since)} later`, record: row.record, y: top, height: 60 });
      y = top + (isCut ? 60 : drop);
      height = 0;
    }
    // To scale, the row above has no height of its own, and reaches down to its line.
    if (toScale && row.kind === "heading") y += LINE - 2;
    const placed = { ...row, y, height };
    rows.push(placed);
    if (row.kind === "moment") {
      records.push(row.record);
      placed.anchor = toScale ? y + LINE : y + height - 8;
      ys.push(placed.anchor);
    } else if (row.kind === "heading" && row.hidden > 0) {
      records.push(row.last);
      ys.push(y + height - 8);
    }
    return y + height;
  }

  /** How far down a record stands, or would if it were shown. */
  of(column, record) {
    const { records, ys } = this.columns[column];
    const { at } = this.runs[column];
    const place = lastAtMost(records, record);
    if (place < 0) return ys[0] ?? 0;
    if (records[place] === record || place + 1 >= records.length) {
      return ys[place] + (records[place] === record ? 0 : 12);
    }
    const [from, to] = [records[place], records[place + 1]];
    const whole = at[to] - at[from];
    const part = whole > 0 ? (at[record] - at[from]) / whole : (record - from) / (to - from);
    return ys[place] + (ys[place + 1] - ys[place]) * part;
  }

  /** The rows of a column between two heights, and where the first of them stands. */
  between(column, top, bottom) {
    const { rows } = this.columns[column];
    const first = Math.max(0, lastAtMost(rows, top, (row) => row.y) - 1);
    const last = lastAtMost(rows, bottom, (row) => row.y);
    return rows.slice(first, last + 1);
  }
}

/** The rows at which phases begin that all runs have: as many as come in the same order in all of them. */
function anchorsOf(runs, allRows) {
  if (runs.length < 2) return [];
  const begins = allRows.map((rows, column) => beginsOf(runs[column], rows));
  let shared = [];
  for (const [title, places] of begins[0]) {
    const all = [places, ...begins.slice(1).map((ofRun) => ofRun.get(title) ?? [])];
    shared.push(...matches(all));
  }
  shared = shared.sort((one, other) => one[0] - other[0]).map((places) => ({ places, length: 1, before: null }));
  let last = null;
  shared.forEach((one, at) => {
    for (const other of shared.slice(0, at)) {
      if (other.length >= one.length && other.places.every((place, column) => place < one.places[column])) {
        Object.assign(one, { length: other.length + 1, before: other });
      }
    }
    if (!last || one.length > last.length) last = one;
  });
  const anchors = [];
  for (; last; last = last.before) anchors.unshift(last.places);
  return anchors;
}

/** Where phases of each title begin. */
function beginsOf(run, rows) {
  const begins = new Map();
  const known = new Set();
  rows.forEach((row, place) => {
    if (row.kind !== "heading" || known.has(row.phase)) return;
    known.add(row.phase);
    const { title } = run.phases[row.phase];
    begins.set(title, [...(begins.get(title) ?? []), place]);
  });
  return begins;
}

/** All ways to take one place of each list; where these are too many, the first of each, the second of each, and so on. */
function matches(lists) {
  const count = lists.reduce((product, list) => product * list.length, 1);
  if (count > MOST_MATCHES) {
    const least = Math.min(...lists.map((list) => list.length));
    return Array.from({ length: least }, (_, at) => lists.map((list) => list[at]));
  }
  return lists.reduce((found, list) => found.flatMap((places) => list.map((place) => [...places, place])), [[]]);
}
