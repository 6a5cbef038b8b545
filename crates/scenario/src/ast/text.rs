//! Text and numbers in which numbers that the run brings about stand by their names.

use std::fmt;
use std::fmt::Write;

/// A number that a step above has named, or one that lies so much above or below it: `{x}`, `{x+1}`, `{x-4}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The name, in small letters.
    pub name: String,
    /// What is added to the number.
    pub offset: i64,
}

/// A number that is known when the scenario is read, or only in the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Number<T> {
    /// It is written as a number.
    Known(T),
    /// It is written by its name.
    Named(Term),
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These characters, each for a byte: none is beyond U+00FF, but in what is said of a message.
    Literal(String),
    /// A decimal number with all its digits, which gets this name.
    New(String),
    /// The digits of a number that has a name: one from a step above, or from this text.
    Term(Term),
}

/// A text in which numbers may stand by their names. No two pieces that follow each other are literal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Piece>);

impl Term {
    /// What it stands for if this is the number that has the name. Nothing is below zero or greater than the greatest number.
    pub fn value(&self, number: u64) -> Option<u64> {
        number.checked_add_signed(self.offset)
    }
}

impl Text {
    /// A text without names, in which braces stand for themselves.
    pub fn literal(text: &str) -> Self {
        if text.is_empty() { Text::default() } else { Text(vec![Piece::Literal(text.to_owned())]) }
    }

    /// The names that the text gives to numbers.
    pub fn new_names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::New(name) => Some(name.as_str()),
            Piece::Literal(_) | Piece::Term(_) => None,
        })
    }
}

impl<T> Number<T> {
    /// A number of another type.
    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Number<U> {
        match self {
            Number::Known(number) => Number::Known(of(number)),
            Number::Named(term) => Number::Named(term),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Term { name, offset } = self;
        if *offset == 0 { write!(f, "{{{name}}}") } else { write!(f, "{{{name}{offset:+}}}") }
    }
}

impl<T: fmt::Display> fmt::Display for Number<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Known(number) => number.fmt(f),
            Number::Named(term) => term.fmt(f),
        }
    }
}

impl fmt::Display for Text {
    /// As the scenario has it; control characters stand as their codes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Literal(text) => text.chars().try_for_each(|c| match c {
                control if control.is_control() => write!(f, "{{{}}}", u32::from(control)),
                other => f.write_char(other),
            }),
            Piece::New(name) => write!(f, "{{{name}}}"),
            Piece::Term(term) => term.fmt(f),
        })
    }
}
