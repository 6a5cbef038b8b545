//! The numbers of a run that its steps have named, and what texts and numbers of later steps mean by them.

use std::collections::{BTreeMap, BTreeSet};

use ncp::{ByteSize, Gender, Socket};
use scenario::ast::{Number, Piece, Term, Text};

use super::pattern::{Named, Part, Pattern};
use super::step_error::StepError;

/// The numbers that have names.
#[derive(Debug, Default)]
pub(crate) struct NamedNumbers(BTreeMap<String, u64>);

impl NamedNumbers {
    /// The names that are known.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.0.keys().cloned().collect()
    }

    /// Keeps numbers by their names. A name stands for one number in the whole run.
    pub(super) fn add(&mut self, Named(named): Named) {
        for (name, number) in named {
            self.0.entry(name).or_insert(number);
        }
    }

    /// What the names stand for, for somebody who wonders about a failure.
    pub(super) fn legend(&self) -> Option<String> {
        let all: Vec<String> =
            self.0.iter().map(|(name, number)| format!("{{{name}}} is {number}")).collect();
        (!all.is_empty()).then(|| format!("here {}", all.join(", ")))
    }

    /// A text that is written: typed, sent, said.
    pub(super) fn written(&self, text: &Text) -> Result<String, StepError> {
        text.0.iter().try_fold(String::new(), |mut whole, piece| {
            match piece {
                Piece::Literal(text) => whole.push_str(text),
                Piece::Term(term) => whole.push_str(&self.of(term)?.to_string()),
                // The language names numbers only in texts that are looked for.
                Piece::New(name) => return Err(unknown(name)),
            }
            Ok(whole)
        })
    }

    /// A text that is looked for.
    pub(super) fn pattern<'a>(&self, text: &'a Text) -> Result<Pattern<'a>, StepError> {
        let mut parts = Vec::with_capacity(text.0.len());
        for piece in &text.0 {
            parts.push(match piece {
                Piece::Literal(text) => Part::Literal(text),
                Piece::New(name) => match self.0.get(name) {
                    Some(number) => Part::Number(*number),
                    None => Part::New(name),
                },
                Piece::Term(term) if text.new_names().any(|name| name == term.name) => {
                    match self.0.get(&term.name) {
                        Some(_) => Part::Number(self.of(term)?),
                        None => Part::Later(term),
                    }
                }
                Piece::Term(term) => Part::Number(self.of(term)?),
            });
        }
        Ok(Pattern(parts))
    }

    /// The number that a term stands for.
    fn of(&self, term: &Term) -> Result<u64, StepError> {
        let number = *self.0.get(&term.name).ok_or_else(|| unknown(&term.name))?;
        term.value(number).ok_or_else(|| {
            let sign = if term.offset < 0 { "below zero" } else { "too large" };
            StepError::Impossible(format!("{term} is {sign}: {{{}}} is {number}", term.name))
        })
    }

    /// A number that must lie in a range; `what` is in its place.
    fn number<T: Copy>(
        &self,
        number: &Number<T>,
        what: &str,
        fits: impl FnOnce(u64) -> Option<T>,
    ) -> Result<T, StepError> {
        let term = match number {
            Number::Known(number) => return Ok(*number),
            Number::Named(term) => term,
        };
        let found = self.of(term)?;
        fits(found)
            .ok_or_else(|| StepError::Impossible(format!("{term} is {found}: {what} cannot be {found}")))
    }

    /// A socket.
    pub(super) fn socket(&self, number: &Number<Socket>) -> Result<Socket, StepError> {
        self.number(number, "the number of a socket", |found| Some(Socket::from(u32::try_from(found).ok()?)))
    }

    /// A socket that sends or receives. If its number is written, the language has seen to that.
    pub(super) fn socket_for(&self, number: &Number<Socket>, gender: Gender) -> Result<Socket, StepError> {
        let socket = self.socket(number)?;
        if socket.gender() != gender {
            let is = socket.gender();
            let found = format!(
                "socket {} is a {is} socket, and a {gender} socket belongs here",
                told(number, socket)
            );
            return Err(StepError::Impossible(found));
        }
        Ok(socket)
    }

    /// The socket with which those of one side of the initial connection protocol begin: one that receives, and behind
    /// which there are so many more.
    pub(super) fn base(&self, number: &Number<Socket>, last: u32) -> Result<Socket, StepError> {
        let socket = self.socket_for(number, Gender::Receive)?;
        match socket.number().checked_add(last) {
            Some(_) => Ok(socket),
            None => {
                let found = format!("no socket lies {last} behind {}", told(number, socket));
                Err(StepError::Impossible(found))
            }
        }
    }

    /// A byte size, if there is one.
    pub(super) fn size(&self, size: &Option<Number<ByteSize>>) -> Result<Option<ByteSize>, StepError> {
        let size = size.as_ref();
        let fits = |found| u8::try_from(found).ok().and_then(ByteSize::new);
        size.map(|size| self.number(size, "a byte size", fits)).transpose()
    }

    /// A number in one byte of eight bits.
    pub(super) fn byte(&self, number: &Number<u8>, what: &str) -> Result<u8, StepError> {
        self.number(number, what, |found| u8::try_from(found).ok())
    }

    /// A number that goes into a byte of a connection.
    pub(super) fn text_byte(&self, number: &Number<u64>) -> Result<u64, StepError> {
        self.number(number, "a byte", Some)
    }

    /// How many bytes, from 1 to `most`.
    pub(super) fn count(&self, number: &Number<u32>, most: u32) -> Result<u32, StepError> {
        let fits = |found| u32::try_from(found).ok().filter(|count| (1..=most).contains(count));
        self.number(number, "the number of bytes", fits)
    }
}

/// A socket, with its name if it was called by that.
fn told(number: &Number<Socket>, socket: Socket) -> String {
    match number {
        Number::Known(_) => socket.to_string(),
        Number::Named(term) => format!("{term}, {socket},"),
    }
}

fn unknown(name: &str) -> StepError {
    StepError::Impossible(format!("no number has been named {{{name}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> NamedNumbers {
        let mut numbers = NamedNumbers::default();
        for (name, number) in [("two", 2), ("three", 3), ("large", u64::MAX), ("socket", 0xffff_fffe)] {
            numbers.add(Named(vec![(name.to_owned(), number)]));
        }
        numbers
    }

    fn named<T>(name: &str, offset: i64) -> Number<T> {
        Number::Named(Term { name: name.to_owned(), offset })
    }

    #[track_caller]
    fn refused<T: std::fmt::Debug>(result: Result<T, StepError>) -> String {
        match result {
            Err(StepError::Impossible(found)) => found,
            other => panic!("this must not fit: {other:?}"),
        }
    }

    #[test]
    fn what_does_not_fit_its_place_says_what_the_number_was() {
        let numbers = numbers();
        assert_eq!(refused(numbers.socket(&named("two", -3))), "{two-3} is below zero: {two} is 2");
        assert_eq!(
            refused(numbers.socket(&named("large", 1))),
            "{large+1} is too large: {large} is 18446744073709551615"
        );
        assert_eq!(
            refused(numbers.socket(&named("socket", 2))),
            "{socket+2} is 4294967296: the number of a socket cannot be 4294967296"
        );
        assert_eq!(
            refused(numbers.socket_for(&named("two", 0), Gender::Send)),
            "socket {two}, 2, is a receive socket, and a send socket belongs here"
        );
        assert_eq!(
            refused(numbers.base(&named("socket", 0), 3)),
            "no socket lies 3 behind {socket}, 4294967294,"
        );
        assert_eq!(refused(numbers.size(&Some(named("two", -2)))), "{two-2} is 0: a byte size cannot be 0");
        assert_eq!(
            refused(numbers.byte(&named("two", 254), "a link")),
            "{two+254} is 256: a link cannot be 256"
        );
        assert_eq!(
            refused(numbers.count(&named("two", -2), 9)),
            "{two-2} is 0: the number of bytes cannot be 0"
        );
    }

    #[test]
    fn a_name_stands_for_one_number_in_the_whole_run() {
        let mut numbers = numbers();
        numbers.add(Named(vec![("two".to_owned(), 9)]));
        assert_eq!(numbers.socket(&named("two", 1)), Ok(Socket::from(3)));
        let legend = "here {large} is 18446744073709551615, {socket} is 4294967294, {three} is 3, {two} is 2";
        assert_eq!(numbers.legend().as_deref(), Some(legend));
    }
}
