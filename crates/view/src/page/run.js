// A run as the page knows it: what happened, by the number of its record.

export const NONE = -1;
export const IMP = -2;
const PROGRAM = -3;
/** So many bits a leader has. */
const LEADER = 32;

/** The last place in a sorted list whose value is at most this; -1 if there is none. */
export function lastAtMost(values, limit, of = (value) => value) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(values[middle]) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Seconds, with all six digits behind the point. */
export function seconds(micros) {
  return (micros / 1e6).toFixed(6);
}

/** A span in the unit in which it is easiest to read. */
export function span(micros) {
  if (micros >= 1e6) return `${+(micros / 1e6).toFixed(3)} s`;
  return `${+(micros / 1e3).toFixed(2)} ms`;
}

/** Adds up what is kept as differences. */
function sums(differences) {
  let sum = 0;
  return differences.map((difference) => (sum += difference));
}

export class Run {
  constructor(data) {
    const { moments } = data;
    this.data = data;
    // Not every font has pictures of control characters: they are written as a scenario writes them.
    data.strings = data.strings.map((text) => text.replace(/␍/g, "{CR}").replace(/␊/g, "{LF}"));
    this.at = sums(moments.at);
    this.size = this.at.length;
    this.masked = new Set(data.masked);
    this.hosts = data.hosts.map(([name, number, imp]) => ({ name, number, imp }));
    this.phases = data.phases.map(([title, heading, word, first, last]) => ({ title, heading, word, first, last }));
    this.journeys = data.journeys.map(([from, to, link, sent, arrived, answered]) => ({ from, to, link, sent, arrived, answered }));
    this.journeyOf = new Map();
    this.journeys.forEach((journey, place) => {
      for (const record of [journey.sent, journey.arrived, journey.answered]) {
        if (record !== NONE) this.journeyOf.set(record, place);
      }
    });
    this.changes = this.hosts.map(() => []);
    for (const [since, host, up, lines, programs] of data.tables) {
      this.changes[host].push({ since, up, lines, programs });
    }
    this.words = new Map();
  }

  text(number) {
    return this.data.strings[number];
  }

  /** All that one record says. */
  moment(record) {
    const known = this.words.get(record);
    if (known) return known;
    const { cause, host, phase, line, said } = this.data.moments;
    const row = said[record];
    const all = [];
    for (let at = 0; at < row.length; at += 6) {
      all.push({
        lens: this.data.lenses[row[at]],
        who: this.text(row[at + 1]),
        what: this.text(row[at + 2]),
        meaning: this.text(row[at + 3]),
        from: row[at + 4],
        to: row[at + 5],
      });
    }
    const moment = {
      record, at: this.at[record], cause: cause[record], host: host[record], phase: phase[record], line: line[record], said: all,
    };
    this.words.set(record, moment);
    return moment;
  }

  /** Whether one of these lenses shows something of a record; without putting it into words. */
  isSeen(record, lenses) {
    const row = this.data.moments.said[record];
    for (let at = 0; at < row.length; at += 6) {
      if (lenses.has(this.data.lenses[row[at]])) return true;
    }
    return false;
  }

  /** The lenses through which something is seen, in their order. */
  lenses() {
    const seen = new Set();
    for (const row of this.data.moments.said) {
      for (let at = 0; at < row.length; at += 6) seen.add(this.data.lenses[row[at]]);
    }
    return this.data.lenses.filter((lens) => seen.has(lens));
  }

  /** The name of a host, IMP or program. */
  party(number) {
    if (number >= 0) return this.hosts[number].name;
    if (number === IMP) return "IMP";
    return number === NONE ? "" : `IMP ${PROGRAM - number}`;
  }

  /** What is in the tables of a host behind a record; nothing before anything was noted. */
  table(host, record) {
    const changes = this.changes[host];
    const place = lastAtMost(changes, record, (change) => change.since);
    return place < 0 ? null : changes[place];
  }

  journey(record) {
    const place = this.journeyOf.get(record);
    return place === undefined ? null : this.journeys[place];
  }

  /** The nearest cause that is seen, or else the first. */
  causeOf(record, lenses) {
    let { cause } = this.moment(record);
    const first = cause;
    while (cause !== NONE && !this.isSeen(cause, lenses)) cause = this.moment(cause).cause;
    return cause === NONE ? first : cause;
  }

  /** The record that answers one. */
  answerTo(record) {
    return this.data.moments.answer[record] ?? NONE;
  }

  /** How many bits the message of a record has, and these in hexadecimal; nothing if there is none, or none may be shown. */
  bits(record) {
    const row = this.data.bits[record];
    if (!row) return null;
    const [size, hex, tail] = row;
    if (tail === null) return { size, hex };
    const [sentSize, sent] = this.data.bits[this.journey(record).sent];
    return { size, hex: hex + sent.slice(8, Math.ceil(sentSize / 8) * 2) + tail };
  }

  /** What there is to explain of a record. */
  explained(record) {
    const row = this.data.explained[record];
    if (!row) return null;
    const [said, why, after, sources] = row;
    const text = (number) => (number === NONE ? "" : this.text(number));
    const threes = (list) => list.flatMap((_, at) => (at % 3 === 0 ? [list.slice(at, at + 3)] : []));
    return {
      said: said.map(text),
      why: text(why),
      after: threes(after).map(([host, since, what]) => ({ host, since, what: text(what) })),
      sources: threes(sources).map(([at, name, says]) => ({ at: text(at), name: text(name), says: text(says) })),
    };
  }

  /** The words of a record that the glossary has. */
  terms(record) {
    return this.data.terms[record].map((place) => {
      const [name, says, source] = this.data.glossary[place].map((number) => this.text(number));
      return { name, says, source };
    });
  }

  /** The fields of the message of a record, each below the one that it is a part of. What arrives as it was sent has its text from there. */
  fields(record) {
    const own = this.ownFields(record);
    if ((this.data.bits[record]?.[2] ?? null) === null) return own;
    const { sent } = this.journey(record);
    const text = this.ownFields(sent).filter(({ first }) => first > LEADER);
    return [...own.filter(({ first }) => first <= LEADER), ...text, ...own.filter(({ first }) => first > LEADER)];
  }

  ownFields(record) {
    const row = this.data.field_rows[this.data.fields[record]] ?? [];
    const fields = [];
    for (let at = 0; at < row.length; at += 7) {
      const [depth, name, first, width, value, meaning, source] = row.slice(at, at + 7);
      fields.push({
        depth, first, width, name: this.text(name), value: this.text(value), meaning: this.text(meaning), source: this.text(source),
      });
    }
    return fields;
  }

  /** A record in one line. */
  line(record) {
    const moment = this.moment(record);
    if (moment.said.length === 0) return `line ${moment.line} of the scenario`;
    return moment.said.map(({ who, what }) => `${who} ${what}`).join("; ");
  }
}
