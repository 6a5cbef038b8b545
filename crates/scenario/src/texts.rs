//! Texts and numbers as steps write them. In braces stand names of numbers, `{x}`, `{x+1}`, `{x-4}`, and codes of
//! characters, `{13}`, `{CR}`.

use std::ops::RangeInclusive;

use imp::nearest::nearest;

use super::ast::{Number, Piece, Term, Text};
use super::context::Context;
use super::errors::Diagnostic;
use super::quantity::number;
use super::words::Word;

/// Where a text stands, which decides what may stand in its braces.
pub(super) struct TextKind {
    names: NumberNames,
    /// The characters that can be given by their codes.
    codes: RangeInclusive<u8>,
    /// Those of these that cannot.
    except: &'static [u8],
    /// Why no others can.
    why: &'static str,
    braces: Braces,
}

/// What becomes of the name of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberNames {
    /// The text is looked for. A name that is new is given to the number that is found.
    FoundOrGiven,
    /// The text is looked for in vain, so that nothing gets a name.
    Found,
    /// The text is written.
    Written,
}

/// Which braces stand for something else than themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Braces {
    Everywhere,
    /// A transcript quotes data as they were sent.
    OutsideOfQuotes,
}

const PRINTING: RangeInclusive<u8> = 0x20..=0x7e;
const ASCII: RangeInclusive<u8> = 0..=0x7f;
const LINE_ENDS: &[u8] = b"\r\n";

/// What is typed at a teletype.
pub(super) const TYPED: TextKind = TextKind {
    names: NumberNames::Written,
    codes: ASCII,
    except: LINE_ENDS,
    why: "no character of a line that is typed",
    braces: Braces::Everywhere,
};

/// What a teletype prints.
pub(super) const PRINTED: TextKind = TextKind {
    names: NumberNames::FoundOrGiven,
    codes: PRINTING,
    except: &[],
    why: "no teletype prints this character",
    braces: Braces::Everywhere,
};

/// What a transcript says of a message.
pub(super) const CROSSING: TextKind = TextKind {
    names: NumberNames::FoundOrGiven,
    codes: PRINTING,
    except: &[],
    why: "a transcript has another sign for this character",
    braces: Braces::OutsideOfQuotes,
};

/// What a transcript says of a message that does not cross.
pub(super) const NOT_CROSSING: TextKind = TextKind { names: NumberNames::Found, ..CROSSING };

/// What goes over a connection, either way.
pub(super) const SENT: TextKind = TextKind {
    names: NumberNames::Written,
    codes: 0..=0xff,
    except: &[],
    why: "no character",
    braces: Braces::Everywhere,
};

/// A line of Telnet that is waited for.
pub(super) const HEARD: TextKind = TextKind {
    names: NumberNames::FoundOrGiven,
    codes: ASCII,
    except: b"\n",
    why: "no character of a line of Telnet",
    braces: Braces::Everywhere,
};

/// The control characters that have names, which numbers cannot have.
const CONTROLS: [(&str, u8); 5] = [("NUL", 0), ("BEL", 7), ("LF", 10), ("CR", 13), ("ESC", 27)];

/// What stands in braces.
enum Braced {
    Code(u8),
    Name(Term),
}

/// Reads a text.
pub(super) fn text(kind: &TextKind, context: &Context<'_>, word: Word<'_>) -> Result<Text, Diagnostic> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut quoted = false;
    let mut at = 0;
    while let Some(character) = word.text[at..].chars().next() {
        quoted ^= character == '"';
        if character != '{' || quoted && kind.braces == Braces::OutsideOfQuotes {
            literal.push(character);
            at += character.len_utf8();
            continue;
        }
        let braces = braces(word.part(at..word.text.len()))?;
        at += braces.text.len();
        match inside(braces)? {
            Braced::Code(code) if kind.codes.contains(&code) && !kind.except.contains(&code) => {
                literal.push(char::from(code));
            }
            Braced::Code(_) => {
                let message = format!("`{}` cannot stand here", braces.text);
                return Err(Diagnostic::new(braces.at(), message, kind.why));
            }
            Braced::Name(term) => {
                if kind.names != NumberNames::Written
                    && (literal.ends_with(|digit: char| digit.is_ascii_digit())
                        || literal.is_empty() && !pieces.is_empty()
                        || word.text[at..].starts_with(|next: char| next.is_ascii_digit()))
                {
                    return Err(beside_a_digit(braces));
                }
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                if context.of_run {
                    return Err(names_nothing(braces));
                }
                let new = |piece: &Piece| matches!(piece, Piece::New(name) if *name == term.name);
                let is_known = context.named.contains(&term.name) || pieces.iter().any(new);
                pieces.push(match kind.names {
                    NumberNames::FoundOrGiven if !is_known && term.offset == 0 => Piece::New(term.name),
                    NumberNames::FoundOrGiven | NumberNames::Found | NumberNames::Written if is_known => {
                        Piece::Term(term)
                    }
                    NumberNames::FoundOrGiven | NumberNames::Found | NumberNames::Written => {
                        return Err(unnamed(kind.names, context, braces, &term));
                    }
                });
            }
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(Text(pieces))
}

/// Reads a number of a step: by its digits, or by its name.
pub(super) fn number_or_name(
    context: &Context<'_>,
    word: Word<'_>,
    what: &str,
    range: RangeInclusive<u64>,
) -> Result<Number<u64>, Diagnostic> {
    if !word.text.starts_with('{') {
        return number(word, what, range).map(Number::Known);
    }
    let braces = braces(word)?;
    if braces.text.len() < word.text.len() {
        let behind = word.part(braces.text.len()..word.text.len());
        let label = format!("{what} belongs here, and nothing else");
        return Err(Diagnostic::new(behind.at(), format!("unexpected `{}`", behind.text), label)
            .help("what is added to a number stands within its braces: `{x+1}`"));
    }
    match inside(braces)? {
        Braced::Name(term) if context.named.contains(&term.name) => Ok(Number::Named(term)),
        Braced::Name(_) if context.of_run => Err(names_nothing(braces)),
        Braced::Name(term) => Err(unnamed(NumberNames::Written, context, braces, &term)),
        Braced::Code(_) => {
            let message = format!("`{}` is the code of a character", braces.text);
            let label = format!("{what} belongs here");
            Err(Diagnostic::new(braces.at(), message, label).help("write a number without braces"))
        }
    }
}

/// The names that a line may give, as far as that can be seen in one that is wrong elsewhere. They are not missed below.
pub(super) fn names_in(line: &str) -> impl Iterator<Item = String> {
    line.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_ascii_lowercase())
}

/// Whether a word is the name of a number, in its braces.
pub(super) fn is_name(word: Word<'_>) -> bool {
    let is_braced = word.text.starts_with('{') && word.text.find('}') == Some(word.text.len() - 1);
    is_braced && matches!(inside(word), Ok(Braced::Name(_)))
}

/// What begins with a brace, up to the one that closes it.
fn braces(word: Word<'_>) -> Result<Word<'_>, Diagnostic> {
    match word.text.find('}') {
        Some(end) => Ok(word.part(0..end + 1)),
        None => Err(nothing(word.part(0..1), "is never closed")),
    }
}

/// Reads what stands in braces.
fn inside(braces: Word<'_>) -> Result<Braced, Diagnostic> {
    let word = braces.part(1..braces.text.len() - 1);
    if word.text.starts_with(|first: char| first.is_ascii_digit()) {
        // The range has only bytes.
        return Ok(Braced::Code(number(word, "the code of a character", 0..=255)? as u8));
    }
    if let Some((_, code)) = CONTROLS.iter().find(|(name, _)| word.is(name)) {
        return Ok(Braced::Code(*code));
    }
    let sign = word.text.find(['+', '-']).unwrap_or(word.text.len());
    let (name, added) = (&word.text[..sign], word.text.get(sign + 1..));
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && added.is_none_or(|added| added.starts_with(|first: char| first.is_ascii_digit()));
    if !is_name {
        return Err(nothing(braces, "is no name and no code"));
    }
    if CONTROLS.iter().any(|(control, _)| control.eq_ignore_ascii_case(name)) {
        let message = format!("a number cannot be named `{name}`");
        return Err(Diagnostic::new(braces.at(), message, "a control character"));
    }
    let mut offset = 0;
    if added.is_some() {
        let added = word.part(sign + 1..word.text.len());
        // The range fits.
        offset = number(added, "what is added", 0..=u64::from(u32::MAX))? as i64;
        if word.text[sign..].starts_with('-') {
            offset = -offset;
        }
    }
    Ok(Braced::Name(Term { name: name.to_ascii_lowercase(), offset }))
}

fn nothing(at: Word<'_>, label: &str) -> Diagnostic {
    Diagnostic::new(at.at(), format!("`{}` means nothing", at.text), label).help(
        "a number that has a name is written `{x}` or `{x+1}`, a character by its code `{13}` or `{CR}`; \
         a brace itself is `{123}`",
    )
}

fn beside_a_digit(braces: Word<'_>) -> Diagnostic {
    let message = format!("a digit or a number stands beside `{}`", braces.text);
    Diagnostic::new(braces.at(), message, "stands for all digits of a number")
        .help("what is looked for has something else between two numbers")
}

/// The complaint that a number has a name where nothing says from which moment on it is known.
fn names_nothing(braces: Word<'_>) -> Diagnostic {
    let message = "what is said of the whole run knows no numbers by name";
    Diagnostic::new(braces.at(), message, "known from which moment on?")
        .help("names are given and used in steps: leave it out here")
}

/// The complaint that no step above has named this number.
fn unnamed(names: NumberNames, context: &Context<'_>, braces: Word<'_>, term: &Term) -> Diagnostic {
    let message = format!("no number has been named `{}`", term.name);
    let diagnostic = Diagnostic::new(braces.at(), message, "not known here");
    if let Some(near) = nearest(&term.name, context.named.iter().map(String::as_str)) {
        return diagnostic.help(format!("did you mean `{{{near}}}`?"));
    }
    diagnostic.help(match names {
        NumberNames::FoundOrGiven => "name the number first, as `{x}`; then `{x+1}` is the next one".to_owned(),
        NumberNames::Found => "what must not be there gets no name".to_owned(),
        NumberNames::Written => format!(
            "a step above must name it: `wait for HOST -> HOST`, `sees`, `hears` or `expect` with `{{{}}}` in its \
             text",
            term.name
        ),
    })
}
