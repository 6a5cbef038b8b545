//! The key that both ends of a bridge share.

use std::fmt::{self, Write};
use std::str::FromStr;

/// Bytes of a key.
const LENGTH: usize = 32;

/// What the line of a key begins with.
const LABEL: &str = "arpanet-bridge-key";

/// The longest text that is read as a key file, in bytes.
pub const MAX_KEY_FILE: usize = 4096;

/// A secret that two ends share: who has it may be the other end, and nobody else. It is written nowhere but in its
/// [`text`](Key::text).
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; LENGTH]);

/// A text has no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// No line begins as that of a key does.
    #[error("no line of it begins with `{LABEL}`")]
    NoKey,
    /// The line of the key is not whole, or has something else in it.
    #[error("line {line}: a key is {} digits from 0 to f", 2 * LENGTH)]
    NotDigits {
        /// Which line, from 1.
        line: usize,
    },
}

impl Key {
    /// A key that was just drawn by whoever has good random numbers.
    pub fn new(bytes: [u8; LENGTH]) -> Self {
        Key(bytes)
    }

    /// The text of a key file: what [`from_str`](Key::from_str) reads.
    pub fn text(&self) -> String {
        let mut text =
            "# Who has this key can plug into the cables of the bridge. Both ends need it.\n".to_owned();
        text.push_str(LABEL);
        text.push(' ');
        for byte in self.0 {
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\n');
        text
    }

    pub(crate) fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl FromStr for Key {
    type Err = BadKey;

    /// Reads the text of a key file. Lines that begin with # are remarks.
    fn from_str(text: &str) -> Result<Self, BadKey> {
        for (line, content) in (1..).zip(text.lines()) {
            let Some(digits) = content.trim().strip_prefix(LABEL) else { continue };
            return bytes(digits.trim()).map(Key).ok_or(BadKey::NotDigits { line });
        }
        Err(BadKey::NoKey)
    }
}

/// The bytes that these digits mean.
fn bytes(digits: &str) -> Option<[u8; LENGTH]> {
    let digits: Vec<u8> = digits
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    if digits.len() == 2 * LENGTH { bytes.try_into().ok() } else { None }
}

impl fmt::Debug for Key {
    /// Says nothing of the key: logs are read by others.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_text_and_is_not_shown_otherwise() {
        let key = Key::new(std::array::from_fn(|index| index as u8 * 7));
        assert_eq!(key.text().parse(), Ok(key.clone()));
        assert_eq!(
            key.text().replace('\n', "\r\n").to_uppercase().replace("ARPANET-BRIDGE-KEY", LABEL).parse(),
            Ok(key.clone())
        );
        assert_eq!(format!("{key:?}"), "Key(..)");
    }

    #[test]
    fn what_is_no_key_is_told() {
        assert_eq!("".parse::<Key>(), Err(BadKey::NoKey));
        for digits in ["", "00", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(
                format!("#\n{LABEL} {digits}").parse::<Key>(),
                Err(BadKey::NotDigits { line: 2 }),
                "{digits}"
            );
        }
    }
}
