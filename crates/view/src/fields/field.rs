//! A field of a message: plain data.

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    /// What it is called.
    pub name: String,
    /// Its first bit: the first one of the message is 1, as the documents count. [`UNPLACED`](Field::UNPLACED) if it is not
    /// known where it lies.
    pub first: usize,
    /// How many bits it has; 0 if that is not known either.
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

impl Field {
    /// No document says where it lies.
    pub const UNPLACED: usize = 0;

    /// Where it lies, as `33-40`; of a field of which that is not known, how many bits it has, as `8 bits`.
    pub fn place(&self) -> String {
        match (self.first, self.width) {
            (Field::UNPLACED, 0) => String::new(),
            (Field::UNPLACED, 1) => "1 bit".to_owned(),
            (Field::UNPLACED, width) => format!("{width} bits"),
            (first, 0 | 1) => first.to_string(),
            (first, width) => format!("{first}-{}", first + width - 1),
        }
    }
}
