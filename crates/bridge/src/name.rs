//! What a cable is called, at both ends.

use std::fmt;
use std::str::FromStr;

/// The most characters of a name.
const MAX_NAME: usize = 32;

/// The name of a cable: letters, digits, `-`, `_` and `.`, which may be shown at any terminal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

/// A text that names no cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cable's name is 1 to {MAX_NAME} letters, digits, `-`, `_` or `.`")]
pub struct BadName;

impl Name {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let is_known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_name = (1..=MAX_NAME).contains(&text.len()) && text.chars().all(is_known);
        if is_name { Ok(Name(text.to_owned())) } else { Err(BadName) }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
