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
      const first = rows.length;
      tell(record);
      heading = { kind: "heading", phase: now, height: toScale ? 0 : HEADING, record, hidden: 0, first };
      rows.push(heading);
      phase = now;
    } else {
      tell(record);
    }
    if (folded.has(now)) {
      heading.hidden += 1;
      heading.height = HEADING;
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

/** The rows at which phases begin that all runs have, in an order in which all have them. */
function anchorsOf(runs, allRows) {
  if (runs.length < 2) return [];
  const begins = allRows.map((rows, column) => {
    const first = new Map();
    rows.forEach((row, place) => {
      const title = row.kind === "heading" ? runs[column].phases[row.phase].title : null;
      if (title && !first.has(title)) first.set(title, row.first);
    });
    return first;
  });
  const anchors = [];
  const last = allRows.map(() => -1);
  for (const title of begins[0].keys()) {
    const places = begins.map((first) => first.get(title));
    if (places.every((place, column) => place !== undefined && place > last[column])) {
      anchors.push(places);
      places.forEach((place, column) => (last[column] = place));
    }
  }
  return anchors;
}
