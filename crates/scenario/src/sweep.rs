//! What a scenario says of its sweep: the clauses below `sweep`.

use std::ops::RangeInclusive;

use imp::Net;
use machine::{Instant, Span};

use super::ast::{FaultKind, FaultsPlan, NamedNet, SweepPlan, Varies};
use super::choice::{Choice, choose, find};
use super::context::Context;
use super::drawn_faults::kinds;
use super::errors::{Diagnostic, Diagnostics};
use super::files::LONGEST_FILE;
use super::ncp_clauses::answer_time;
use super::quantity::{number, span};
use super::slips::Place;
use super::words::{Statement, Word, Words};

/// The most faults of a run.
const MOST_FAULTS: u64 = 1_000;

/// Finds a net, and if nothing else is wrong, sees to it that the scenario can be played on it.
pub(super) type FindNet<'f> = dyn FnMut(Word<'_>, bool) -> Result<Option<Net>, Diagnostic> + 'f;

/// What is needed to read a clause.
pub(super) struct Reading<'r, 'f> {
    context: &'r Context<'r>,
    /// The longest that the run may take.
    limit: Span,
    find_net: &'r mut FindNet<'f>,
    plan: SweepPlan,
}

/// A clause: its word, and what stands behind it on its lines, of which there may be several if it is a list.
pub(super) struct Clause<'a> {
    verb: Word<'a>,
    lines: Vec<Word<'a>>,
}

type Reader = fn(&mut Reading<'_, '_>, &Clause<'_>, &mut Diagnostics<'_>) -> Result<(), Diagnostic>;

/// What may be said below `sweep`.
pub(super) const CLAUSES: &[Choice<Reader>] = &[
    Choice {
        phrase: "faults",
        forms: &["faults none", "faults N to N", "faults N to N of: FAULT, FAULT ..."],
        read: faults,
    },
    Choice { phrase: "between", forms: &["between SPAN and SPAN"], read: between },
    Choice { phrase: "nets", forms: &["nets NAME, NAME ..."], read: nets },
    Choice { phrase: "varies", forms: &["varies nothing", "varies VARIATION, VARIATION ..."], read: varies },
];

/// Reads what stands below `sweep`.
pub(super) fn sweep(
    context: &Context<'_>,
    statement: &Statement<'_>,
    limit: Span,
    find_net: &mut FindNet<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> SweepPlan {
    let line = statement.line.number;
    let plan = SweepPlan { faults: None, between: None, nets: Vec::new(), varies: None, line };
    let mut reading = Reading { context, limit, find_net, plan };
    // Of nets last: whether they fit can be said of a scenario that has no other mistakes.
    let mut all = clauses(statement, diagnostics);
    all.sort_by_key(|clause| clause.verb.is("nets"));
    for clause in all {
        let read = choose(CLAUSES, Place::OfSweep, clause.verb).and_then(|choice| {
            let read = (choice.read)(&mut reading, &clause, diagnostics);
            read.map_err(|mistake| mistake.form(choice.forms))
        });
        diagnostics.record(read);
    }
    reading.plan
}

/// Sees to it that nothing stands behind `sweep`, and something below it.
pub(super) fn stands_alone(statement: &Statement<'_>, words: &mut Words<'_>) -> Result<(), Diagnostic> {
    const BELOW: &str = "what may break and differ stands indented below it, such as `faults 0 to 4`";
    words.end().map_err(|mistake| mistake.help(BELOW))?;
    if statement.below.is_empty() {
        let label = "nothing stands below it";
        return Err(Diagnostic::new(statement.line.at(), "an empty `sweep`", label)
            .help(format!("{BELOW}; without a `sweep` the usual things break and differ")));
    }
    Ok(())
}

/// The clauses. A list that ends with a comma or a colon goes on in the next line.
fn clauses<'a>(statement: &Statement<'a>, diagnostics: &mut Diagnostics<'_>) -> Vec<Clause<'a>> {
    let mut clauses: Vec<Clause<'a>> = Vec::new();
    let mut goes_on = false;
    for line in &statement.below {
        if line.content_line().is_some() {
            let label = "no file stands above it";
            diagnostics.add(Diagnostic::new(line.at(), "this line belongs to no file", label));
            continue;
        }
        let said = line.said();
        let begin = match clauses.last_mut() {
            Some(clause) if goes_on => {
                clause.lines.push(said);
                false
            }
            Some(_) | None => true,
        };
        if let Some(verb) = line.words().next().filter(|_| begin) {
            let behind = said.part(verb.text.len()..said.text.len());
            clauses.push(Clause { verb, lines: vec![trimmed(behind)] });
        }
        goes_on = said.text.ends_with([',', ':']);
    }
    clauses
}

/// A stretch of text without the blanks around it.
fn trimmed(word: Word<'_>) -> Word<'_> {
    let start = word.text.len() - word.text.trim_start().len();
    word.part(start..word.text.trim_end().len().max(start))
}

impl<'a> Clause<'a> {
    /// What stands between the commas.
    fn items(&self, from: Word<'a>) -> Result<Vec<Word<'a>>, Diagnostic> {
        let mut items = Vec::new();
        let mut lines = std::iter::once(from).chain(self.lines.iter().skip(1).copied()).peekable();
        while let Some(line) = lines.next() {
            let mut begin = 0;
            for part in line.text.split(',') {
                let end = begin + part.len();
                let item = trimmed(line.part(begin..end));
                let is_last = end == line.text.len();
                begin = end + 1;
                if !item.text.is_empty() {
                    items.push(item);
                } else if !is_last {
                    return Err(Diagnostic::new(item.at(), "nothing stands in front of this comma", "what?"));
                } else if lines.peek().is_none() {
                    let wanting = item.words().wanting("another item of the list");
                    return Err(wanting.help("leave out the comma at the end, or go on in the next line"));
                }
            }
        }
        Ok(items)
    }

    /// The complaint if this has been said before.
    fn once(&self, is_first: bool) -> Result<(), Diagnostic> {
        if is_first {
            return Ok(());
        }
        let message = format!("a second `{}`", self.verb.text);
        Err(Diagnostic::new(self.verb.at(), message, "said above"))
    }

    /// What stands behind its word, which must be all.
    fn only_line(&self) -> Result<Words<'a>, Diagnostic> {
        match self.lines.as_slice() {
            [line, next, ..] if line.text.ends_with([',', ':']) => Err(Diagnostic::new(
                next.at(),
                "this line goes on with nothing",
                "the clause above is no list",
            )),
            [line, ..] => Ok(line.words()),
            [] => Ok(self.verb.words()),
        }
    }
}

/// Reads how many faults a run has, and of which kinds they are.
fn faults(
    reading: &mut Reading<'_, '_>,
    clause: &Clause<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> Result<(), Diagnostic> {
    clause.once(reading.plan.faults.is_none())?;
    let line = clause.lines[0];
    let mut words = line.words();
    if words.take("none") {
        words.end()?;
        reading.plan.faults = Some(FaultsPlan { count: 0..=0, kinds: Vec::new() });
        return Ok(());
    }
    let least = how_many(words.word("how many faults a run has")?)?;
    let mut most = least;
    if words.take("to") {
        let word = words.word("how many at most")?;
        most = how_many(word)?;
        if most < least {
            let message = format!("no number is from {least} to {most}");
            return Err(Diagnostic::new(word.at(), message, "the lower one comes first"));
        }
    }
    let mut kinds = Vec::new();
    if let Some(of) = words.next() {
        if !of.is("of:") {
            return Err(of.instead_of("of:"));
        }
        let list = trimmed(line.part(of.at().end - line.at().start..line.text.len()));
        let wanting = || Err(words.clone().wanting("what may break"));
        if list.text.is_empty() && clause.lines.len() == 1 {
            return wanting();
        }
        // Another kind is read even if one is wrong.
        for item in clause.items(list)? {
            let read = self::kinds(reading.context, &mut item.words());
            for kind in diagnostics.record(read).unwrap_or_default() {
                diagnostics.record(add_kind(&mut kinds, kind, item));
            }
        }
    }
    reading.plan.faults = Some(FaultsPlan { count: least..=most, kinds });
    Ok(())
}

/// Adds a kind that has not been named before.
fn add_kind(kinds: &mut Vec<FaultKind>, kind: FaultKind, item: Word<'_>) -> Result<(), Diagnostic> {
    if kinds.contains(&kind) {
        let label = "each kind comes as often as any other";
        return Err(Diagnostic::new(item.at(), "the same kind of fault a second time", label));
    }
    kinds.push(kind);
    Ok(())
}

fn how_many(word: Word<'_>) -> Result<u32, Diagnostic> {
    let read = number(word, "the number of faults", 0..=MOST_FAULTS);
    // The range fits.
    read.map(|count| count as u32).map_err(|mistake| {
        mistake
            .help("how many at least and at most: `faults 0 to 4`, or `faults 0 to 4 of: any host crashes`")
    })
}

/// Reads between which times something breaks.
fn between(
    reading: &mut Reading<'_, '_>,
    clause: &Clause<'_>,
    _: &mut Diagnostics<'_>,
) -> Result<(), Diagnostic> {
    clause.once(reading.plan.between.is_none())?;
    let mut words = clause.only_line()?;
    let first = words.word("the earliest time")?;
    let earliest = span(first)?;
    words.keyword("and")?;
    let last = words.word("the latest time")?;
    let latest = span(last)?;
    words.end()?;
    if latest < earliest {
        let message = format!("no time is between {} and {}", first.text, last.text);
        return Err(Diagnostic::new(last.at(), message, "the earlier one comes first"));
    }
    if latest > reading.limit {
        let message = format!("{} is after the limit of {}", last.text, reading.limit);
        return Err(Diagnostic::new(last.at(), message, "never comes")
            .help(format!("raise the limit: `limit {}`", last.text)));
    }
    reading.plan.between = Some(Instant::START + earliest..=Instant::START + latest);
    Ok(())
}

/// Reads the nets on which it is played.
fn nets(
    reading: &mut Reading<'_, '_>,
    clause: &Clause<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> Result<(), Diagnostic> {
    clause.once(reading.plan.nets.is_empty())?;
    let line = clause.lines[0];
    line.words().word("the name of a net")?;
    for item in clause.items(line)? {
        let mut words = item.words();
        let name = words.word("the name of a net")?;
        if let Some(next) = words.next() {
            diagnostics.add(
                Diagnostic::new(next.at(), format!("no comma in front of `{}`", next.text), "another net?")
                    .help("names of nets have commas between them: `nets NAME, NAME ...`"),
            );
            continue;
        }
        if reading.plan.nets.iter().any(|net| net.name == name.text) {
            let message = format!("`{}` is named twice", name.text);
            diagnostics.add(Diagnostic::new(name.at(), message, "said before"));
            continue;
        }
        let found = (reading.find_net)(name, diagnostics.count() == 0);
        if let Some(net) = diagnostics.record(found).flatten() {
            reading.plan.nets.push(NamedNet { name: name.text.to_owned(), net });
        }
    }
    Ok(())
}

/// Reads something that differs from seed to seed.
type VariationReader = fn(&mut Varies, &mut Words<'_>) -> Result<bool, Diagnostic>;

/// What may differ from seed to seed, and whether it is said for the first time.
pub(super) const VARIATIONS: &[Choice<VariationReader>] = &[
    Choice {
        phrase: "file sizes",
        forms: &["file sizes N to N bytes"],
        read: |varies, words| {
            words.keyword("sizes")?;
            let sizes = file_sizes(words)?;
            Ok(varies.file_sizes.replace(sizes).is_none())
        },
    },
    Choice {
        phrase: "allocations",
        forms: &["allocations"],
        read: |varies, _| Ok(!std::mem::replace(&mut varies.allocations, true)),
    },
    Choice {
        phrase: "queue policies",
        forms: &["queue policies"],
        read: |varies, words| {
            words.keyword("policies")?;
            Ok(!std::mem::replace(&mut varies.queue_policies, true))
        },
    },
    Choice {
        phrase: "editions",
        forms: &["editions"],
        read: |varies, _| Ok(!std::mem::replace(&mut varies.editions, true)),
    },
    Choice {
        phrase: "timing",
        forms: &["timing up to SPAN"],
        read: |varies, words| {
            words.keyword("up")?;
            words.keyword("to")?;
            let most = answer_time(words)?;
            Ok(varies.answers.replace(most).is_none())
        },
    },
    Choice {
        phrase: "room on disks",
        forms: &["room on disks"],
        read: |varies, words| {
            words.keyword("on")?;
            words.keyword("disks")?;
            Ok(!std::mem::replace(&mut varies.disks, true))
        },
    },
];

fn file_sizes(words: &mut Words<'_>) -> Result<RangeInclusive<u64>, Diagnostic> {
    let size = |word| number(word, "the size of a file", 0..=LONGEST_FILE);
    let least = size(words.word("the smallest size")?)?;
    words.keyword("to")?;
    let word = words.word("the largest size")?;
    let most = size(word)?;
    words.keyword("bytes")?;
    if most < least {
        let message = format!("no size is from {least} to {most} bytes");
        return Err(Diagnostic::new(word.at(), message, "the smaller one comes first"));
    }
    Ok(least..=most)
}

/// Reads what differs from seed to seed.
fn varies(
    reading: &mut Reading<'_, '_>,
    clause: &Clause<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> Result<(), Diagnostic> {
    clause.once(reading.plan.varies.is_none())?;
    let mut said = Varies::default();
    let line = clause.lines[0];
    let mut words = line.words();
    if words.word("what differs from seed to seed")?.is("nothing") {
        words.end()?;
    } else {
        for item in clause.items(line)? {
            diagnostics.record(variation(&mut said, item));
        }
    }
    reading.plan.varies = Some(said);
    Ok(())
}

fn variation(said: &mut Varies, item: Word<'_>) -> Result<(), Diagnostic> {
    let mut words = item.words();
    let Some(verb) = words.next() else { return Ok(()) };
    let choice = choose(VARIATIONS, Place::Variation, verb)?;
    let mut read = || {
        let is_first = (choice.read)(said, &mut words)?;
        words.end().map_err(|mistake| match words_of_a_variation(item, verb) {
            true => {
                mistake.help("what varies has commas between: `varies file sizes 0 to 20000 bytes, editions`")
            }
            false => mistake,
        })?;
        if is_first {
            Ok(())
        } else {
            Err(Diagnostic::new(item.at(), "the same a second time", "said before"))
        }
    };
    read().map_err(|mistake: Diagnostic| mistake.form(choice.forms))
}

/// Whether another variation begins within this item, so that a comma is missing.
fn words_of_a_variation(item: Word<'_>, first: Word<'_>) -> bool {
    let mut words = item.words();
    std::iter::from_fn(|| words.next())
        .any(|word| word.at() != first.at() && find(VARIATIONS, word).is_some())
}
