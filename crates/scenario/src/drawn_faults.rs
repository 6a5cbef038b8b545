//! The kinds of faults of which a sweep draws: what may break, of any part or of a named one, and for how long.

use std::ops::RangeInclusive;

use imp1822::HostAddress;
use machine::Span;

use super::ast::FaultKind;
use super::choice::{Choice, any_of, choose, find};
use super::context::Context;
use super::errors::Diagnostic;
use super::quantity::spans;
use super::slips::Place;
use super::words::{Word, Words};

/// Reads what happens to a part, behind the verb.
type Reader<T> = fn(T, &mut Words<'_>) -> Result<FaultKind, Diagnostic>;

/// What may happen to a host.
pub(super) const OF_ANY_HOST: &[Choice<Reader<Option<HostAddress>>>] = &[
    Choice {
        phrase: "crashes",
        forms: &["any host crashes"],
        read: |of, words| match words.peek().filter(|word| word.is("for")) {
            Some(lasts) => {
                let message = "how long a host is down is said otherwise";
                Err(Diagnostic::new(
                    lasts.at(),
                    message,
                    "of a host that crashes nobody says when it is back",
                )
                .help("one that comes up again is written `any host restarts after SPAN [to SPAN]`"))
            }
            None => Ok(FaultKind::HostCrashes { of, lasts: None }),
        },
    },
    Choice {
        phrase: "restarts",
        forms: &["any host restarts after SPAN [to SPAN]"],
        read: |of, words| {
            words.keyword("after")?;
            Ok(FaultKind::HostCrashes { of, lasts: Some(spans(words, "how long it is down")?) })
        },
    },
    Choice {
        phrase: "hangs",
        forms: &["any host hangs [for SPAN [to SPAN]]"],
        read: |of, words| Ok(FaultKind::HostHangs { of, lasts: lasts(words)? }),
    },
];

/// What may happen to a line.
pub(super) const OF_ANY_LINE: &[Choice<Reader<Option<[u8; 2]>>>] = &[
    Choice {
        phrase: "fails",
        forms: &["any line fails [for SPAN [to SPAN]]"],
        read: |of, words| Ok(FaultKind::LineFails { of, lasts: lasts(words)? }),
    },
    Choice {
        phrase: "flips bits",
        forms: &["any line flips bits [for SPAN [to SPAN]]"],
        read: |of, words| {
            words.keyword("bits")?;
            Ok(FaultKind::LineErrs { of, lasts: lasts(words)? })
        },
    },
];

/// What may happen to an IMP.
pub(super) const OF_ANY_IMP: &[Choice<Reader<Option<u8>>>] = &[Choice {
    phrase: "crashes",
    forms: &["any imp crashes [for SPAN [to SPAN]]"],
    read: |of, words| Ok(FaultKind::ImpCrashes { of, lasts: lasts(words)? }),
}];

/// What may happen to the cable of a host.
pub(super) const OF_ANY_CABLE: &[Choice<Reader<Option<HostAddress>>>] = &[
    Choice {
        phrase: "is pulled",
        forms: &["any cable is pulled [for SPAN [to SPAN]]"],
        read: |of, words| {
            words.keyword("pulled")?;
            Ok(FaultKind::CablePulled { of, lasts: lasts(words)? })
        },
    },
    Choice {
        phrase: "loses",
        forms: &["any cable loses|repeats|delays|garbles one message"],
        read: |of, words| one_message(words).map(|()| FaultKind::CableLoses { of }),
    },
    Choice {
        phrase: "repeats",
        forms: &[],
        read: |of, words| one_message(words).map(|()| FaultKind::CableRepeats { of }),
    },
    Choice {
        phrase: "delays",
        forms: &["any cable delays one message by SPAN [to SPAN]"],
        read: |of, words| {
            one_message(words)?;
            let by = if words.take("by") { Some(spans(words, "how much later")?) } else { None };
            Ok(FaultKind::CableDelays { of, by })
        },
    },
    Choice {
        phrase: "garbles",
        forms: &[],
        read: |of, words| one_message(words).map(|()| FaultKind::CableGarbles { of }),
    },
];

/// Reads a kind of fault, or several of the same cable with bars between: `any cable loses|repeats one message`.
pub(super) fn kinds(context: &Context<'_>, words: &mut Words<'_>) -> Result<Vec<FaultKind>, Diagnostic> {
    const PARTS: [&str; 4] = ["host", "line", "imp", "cable"];
    let part = words.word("what may break")?;
    if part.is("any") {
        let part = words.word("`host`, `line`, `imp` or `cable`")?;
        return match part {
            _ if part.is("host") => one(OF_ANY_HOST, Place::DrawnOfHost, None, words),
            _ if part.is("line") => one(OF_ANY_LINE, Place::DrawnOfLine, None, words),
            _ if part.is("imp") => one(OF_ANY_IMP, Place::DrawnOfImp, None, words),
            _ if part.is("cable") => of_cable(None, words),
            _ => Err(part.is_none_of("part of the net", &PARTS)),
        };
    }
    if part.is("line") {
        let a = words.word("an IMP")?;
        words.keyword("to").map_err(|mistake| any_or_named(mistake, "line", "line IMP to IMP"))?;
        let b = words.word("an IMP")?;
        return one(OF_ANY_LINE, Place::DrawnOfLine, Some(context.names.line(a, b)?), words);
    }
    if part.is("imp") {
        let name = words.word("an IMP")?;
        let imp = context.names.imp(name).map_err(|mistake| match find(OF_ANY_IMP, name) {
            Some(_) => any_or_named(mistake, "imp", "imp IMP"),
            None => mistake,
        })?;
        return one(OF_ANY_IMP, Place::DrawnOfImp, Some(imp), words);
    }
    if part.is("cable") {
        let of = words.word("`of` and a host")?;
        if !of.is("of") {
            return Err(any_or_named(of.instead_of("of"), "cable", "cable of HOST"));
        }
        let host = context.declared(words.word("a host")?)?;
        return of_cable(Some(host), words);
    }
    if PARTS.iter().any(|known| part.is(known)) {
        let message = format!("which {}?", part.text);
        return Err(Diagnostic::new(part.at(), message, "`any` or a name belongs here")
            .help(format!("write `any {}`, or the name of the host alone", part.text)));
    }
    let host = context.declared(part)?;
    one(OF_ANY_HOST, Place::DrawnOfHost, Some(host), words)
}

/// The complaint, with how a part is written.
fn any_or_named(mistake: Diagnostic, part: &str, named: &str) -> Diagnostic {
    mistake.help(format!("write `any {part}`, or the name of one: `{named}`"))
}

/// Reads what happens to a part, behind which the item is over.
fn one<T>(
    table: &'static [Choice<Reader<T>>],
    place: Place,
    of: T,
    words: &mut Words<'_>,
) -> Result<Vec<FaultKind>, Diagnostic> {
    let verb = words.next().ok_or_else(|| words.wanting(&any_of(table)))?;
    Ok(vec![behind(table, place, of, verb, words)?])
}

fn behind<T>(
    table: &'static [Choice<Reader<T>>],
    place: Place,
    of: T,
    verb: Word<'_>,
    words: &mut Words<'_>,
) -> Result<FaultKind, Diagnostic> {
    let choice = choose(table, place, verb)?;
    let mut ahead = words.clone();
    let goes_on = std::iter::from_fn(|| ahead.next()).any(|word| word.is("any"));
    let read = || {
        let kind = (choice.read)(of, words)?;
        words.end().map_err(|mistake| match goes_on {
            true => mistake.help("kinds of faults have commas between: `any host crashes, any line fails`"),
            false => mistake,
        })?;
        Ok(kind)
    };
    read().map_err(|mistake: Diagnostic| mistake.form(choice.forms))
}

/// Reads what happens to a cable: one thing, or several with bars between.
fn of_cable(of: Option<HostAddress>, words: &mut Words<'_>) -> Result<Vec<FaultKind>, Diagnostic> {
    let verbs = words.next().ok_or_else(|| words.wanting(&any_of(OF_ANY_CABLE)))?;
    let mut begin = 0;
    let mut kinds = Vec::new();
    for text in verbs.text.split('|') {
        let verb = verbs.part(begin..begin + text.len());
        begin += text.len() + 1;
        kinds.push(behind(OF_ANY_CABLE, Place::DrawnOfCable, of, verb, &mut words.clone())?);
    }
    Ok(kinds)
}

/// Reads `one message`, behind what happens to it.
fn one_message(words: &mut Words<'_>) -> Result<(), Diagnostic> {
    words.keyword("one")?;
    words.keyword("message")
}

/// Reads after which time something heals, if that is said.
fn lasts(words: &mut Words<'_>) -> Result<Option<RangeInclusive<Span>>, Diagnostic> {
    if words.take("for") { spans(words, "for how long").map(Some) } else { Ok(None) }
}
