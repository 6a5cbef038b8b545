// Where each moment stands on the ladder.

import { NONE, lastAtMost, span } from "./run.js";

export const LINE = 17;
const HEADING = 34;
const REMARK_LINE = 18;
const GAP = 26;
/** Phases alternate if not more than so many moments lie between two of one of them. */
const NEAR = 8;
/** What lasts longer than this is told between two rows, in microseconds. */
const LONG = 500_000;
/** An empty stretch of a ladder to scale is at most so high. */
const MOST_EMPTY = 400;
/** So many places in several runs are looked at, to let as many phases as can be begin side by side; later ones do not. */
const MOST_CELLS = 100_000;
/** Lines of one message that are shown on the ladder. */
const MOST_LINES = 4;

/** The rows of a run, not yet in their places: headings, remarks of the author, moments, and gaps. */
export function rowsOf(run, { lenses, folded, toScale, columns, remarks }) {
  const rows = [];
  let before = NONE;
  let remark = 0;
  const seen = Array.from(run.at.keys()).filter((record) => run.isSeen(record, lenses));
  const phases = seen.map((record) => run.data.moments.phase[record]);
  const headings = new Map();
  const tell = (record) => {
    while (remark < run.data.comments.length && run.data.comments[remark][0] <= record) {
      const lines = wrapped(run.data.comments[remark][1], columns);
      if (remarks && !toScale) rows.push({ kind: "remark", lines, height: REMARK_LINE * lines.length + 12, record });
      remark += 1;
    }
  };
  for (const [place, record] of seen.entries()) {
    const now = phases[place];
    const goesOn = headings.has(now);
    tell(record);
    // Of phases that alternate, each has its heading where it begins.
    if (!goesOn || !phases.slice(Math.max(0, place - NEAR), place).includes(now)) {
      const other = phases[place - 1];
      const beside = !goesOn && phases.slice(place, place + NEAR).includes(other) ? other : NONE;
      headings.set(now, { kind: "heading", phase: now, height: HEADING, record, hidden: 0, goesOn, beside });
      rows.push(headings.get(now));
    }
    if (folded.has(now)) {
      const heading = headings.get(now);
      heading.hidden += 1;
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

/** Puts the rows of runs into their places: one below the other, or to scale; phases that several runs have begin side by side. */
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
      anchor.forEach((place, column) => place !== null && fill(column, place));
      const y = Math.max(...bottoms.filter((_, column) => anchor[column] !== null));
      anchor.forEach((place, column) => place !== null && (bottoms[column] = y));
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
      records.push(row.record);
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

  /** The record of another column that stands beside this one, or the last one above. */
  beside(column, record, other) {
    const { records, ys } = this.columns[other];
    return records[Math.max(0, lastAtMost(ys, this.of(column, record)))] ?? 0;
  }

  /** The rows of a column between two heights, and where the first of them stands. */
  between(column, top, bottom) {
    const { rows } = this.columns[column];
    const first = Math.max(0, lastAtMost(rows, top, (row) => row.y) - 1);
    const last = lastAtMost(rows, bottom, (row) => row.y);
    return rows.slice(first, last + 1);
  }
}

/**
 * The rows at which phases of one title begin in several runs, and null for a run that has no such phase there: as many pairs as
 * can stand side by side, in the order of each run.
 */
function anchorsOf(runs, allRows) {
  if (runs.length < 2) return [];
  const most = Math.floor(MOST_CELLS ** (1 / runs.length));
  const lists = allRows.map((rows, column) => beginsOf(runs[column], rows).slice(0, most));
  let cells = 1;
  const strides = lists.map((list) => {
    const stride = cells;
    cells *= list.length + 1;
    return stride;
  });
  // For each place in all lists: how many pairs there are from there on, and which runs go on together.
  const pairs = new Int32Array(cells);
  const moves = new Uint8Array(cells);
  const begin = (cell, column) => lists[column][Math.floor(cell / strides[column]) % (lists[column].length + 1)];
  const isOf = (column, together) => ((together >> column) & 1) === 1;
  // The place in all lists where those that go on together are one phase further, and how many they are; nothing if these have
  // not all the same title here.
  const after = (cell, together) => {
    let [next, count, title] = [cell, 0, null];
    for (let column = 0; column < lists.length; column += 1) {
      if (!isOf(column, together)) continue;
      const row = begin(cell, column);
      if (row === undefined || (title !== null && title !== row.title)) return null;
      title = row.title;
      next += strides[column];
      count += 1;
    }
    return { next, count };
  };
  for (let cell = cells - 1; cell >= 0; cell -= 1) {
    for (let together = 2 ** lists.length - 1; together > 0; together -= 1) {
      const step = after(cell, together);
      if (step === null) continue;
      const found = pairs[step.next] + (step.count * (step.count - 1)) / 2;
      if (moves[cell] !== 0 && found <= pairs[cell]) continue;
      pairs[cell] = found;
      moves[cell] = together;
    }
  }
  const anchors = [];
  for (let cell = 0; moves[cell] > 0; cell = after(cell, moves[cell]).next) {
    const places = lists.map((_, column) => (isOf(column, moves[cell]) ? begin(cell, column).place : null));
    if (places.filter((place) => place !== null).length > 1) anchors.push(places);
  }
  return anchors;
}

/** Where phases begin, with their titles. */
function beginsOf(run, rows) {
  return rows.flatMap((row, place) => (row.kind === "heading" && !row.goesOn ? [{ title: run.phases[row.phase].title, place }] : []));
}
