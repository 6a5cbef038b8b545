//! Texts that people write, which are in UTF-8, and what is said of those that are not.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Where a text is not in UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, byte {place}: 0x{byte:02x} is not in UTF-8")]
pub(crate) struct NotUtf8 {
    /// The line, the first being 1.
    pub(crate) line: usize,
    /// Which byte of the line it is, the first being 1.
    pub(crate) place: usize,
    /// The byte.
    pub(crate) byte: u8,
}

/// What helps against it.
pub(crate) const SAVE_AS_UTF8: &str = "save it in UTF-8; or write that character in ASCII";

/// The text in UTF-8.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, NotUtf8> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        NotUtf8 { line, place: at - start + 1, byte: bytes[at] }
    })
}

/// The text of a file. An error of the kind [`io::ErrorKind::InvalidData`] holds a [`NotUtf8`].
pub(crate) fn read(path: &Path) -> io::Result<String> {
    read_from(File::open(path)?)
}

/// The longest text, in bytes. An input that never ends is longer.
const LONGEST: u64 = 16_000_000;

/// The text of an input, up to its end. Fails as [`read`] does.
pub(crate) fn read_from(input: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    if input.take(LONGEST + 1).read_to_end(&mut bytes)? as u64 > LONGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is longer than 16 million bytes"));
    }
    decode(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_that_is_none_is_told_with_its_line_and_place() {
        assert_eq!(decode(b"caf\xc3\xa9\n".to_vec()).as_deref(), Ok("caf\u{e9}\n"));
        let wrong = |bytes: &[u8]| decode(bytes.to_vec()).expect_err("it is not in UTF-8").to_string();
        assert_eq!(wrong(b"HELP\nQUOTE caf\xe9\nHELP\n"), "line 2, byte 10: 0xe9 is not in UTF-8");
        assert_eq!(wrong(b"\xff"), "line 1, byte 1: 0xff is not in UTF-8");
        assert_eq!(
            wrong(b"a\n\n\xc3"),
            "line 3, byte 1: 0xc3 is not in UTF-8",
            "a character that breaks off"
        );
    }

    #[test]
    fn an_input_without_end_is_no_text() {
        let endless = read_from(io::repeat(b'A')).expect_err("it never ends");
        assert_eq!(endless.to_string(), "it is longer than 16 million bytes");
    }
}
