//! Numbers as people write them: in files, and on the command line.

use std::num::IntErrorKind;

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoNumber {
    /// It is none.
    #[error("not a number: write it in decimal, as 17, in octal, as 0o21, or in hexadecimal, as 0x11")]
    NotWrittenLikeOne,
    /// Numbers of this project have no sign.
    #[error("a number has no sign")]
    Signed,
    /// It does not fit in 64 bits.
    #[error("a number is at most {}", u64::MAX)]
    TooLarge,
}

/// Reads a number: decimal, octal behind `0o`, or hexadecimal behind `0x`.
///
/// # Errors
/// It is none, or too large.
pub fn number(text: &str) -> Result<u64, NoNumber> {
    let (digits, radix) = match text.get(..2) {
        Some("0o" | "0O") => (&text[2..], 8),
        Some("0x" | "0X") => (&text[2..], 16),
        Some(_) | None => (text, 10),
    };
    if let Some(number) = text.strip_prefix(['-', '+'])
        && number.starts_with(|first: char| first.is_ascii_digit())
    {
        return Err(NoNumber::Signed);
    }
    if !digits.starts_with(|first: char| first.is_digit(radix)) {
        return Err(NoNumber::NotWrittenLikeOne);
    }
    u64::from_str_radix(digits, radix).map_err(|error| match error.kind() {
        IntErrorKind::PosOverflow => NoNumber::TooLarge,
        _ => NoNumber::NotWrittenLikeOne,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal_octal_or_hexadecimal() {
        assert_eq!(
            ["0", "17", "007", "0o21", "0O21", "0x1f", "0X1F"].map(number),
            [0, 17, 7, 17, 17, 31, 31].map(Ok)
        );
        assert_eq!(number("18446744073709551615"), Ok(u64::MAX));
    }

    #[test]
    fn what_is_no_number_is_told_why() {
        for text in
            ["", "x", "0o", "0x", "0o8", "0xg", "1.5", "1e3", "--1", "0x-1", "0o+7", "1_000", "+", "\u{663}"]
        {
            assert_eq!(number(text), Err(NoNumber::NotWrittenLikeOne), "{text:?}");
        }
        for text in ["-1", "+1", "-0x1"] {
            assert_eq!(number(text), Err(NoNumber::Signed), "{text}");
        }
        for text in ["18446744073709551616", "0x10000000000000000", &"9".repeat(1000)] {
            assert_eq!(number(text), Err(NoNumber::TooLarge), "{text}");
        }
    }
}
