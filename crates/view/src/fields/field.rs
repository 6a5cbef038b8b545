//! A field of a message: plain data.

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    /// What it is called.
    pub name: String,
    /// Its first bit: the first one of the message is 1, as the documents count.
    pub first: usize,
    /// How many bits it has.
    pub width: usize,
    /// What it holds: a number in decimal, or text.
    pub value: String,
    /// What that means, in plain words. May be empty.
    pub meaning: String,
    /// Document and section. May be empty.
    pub source: &'static str,
    /// What it consists of, if it is not one thing.
    pub parts: Vec<Field>,
}
