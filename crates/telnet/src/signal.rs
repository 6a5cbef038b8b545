//! Telnet's control signals.

use std::fmt;

/// A control signal: a byte with its high bit set (RFC 318, Telnet Control Signals and Data Types).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// 128: the point in the stream that an INS belongs to (see [`Lines::interrupted`](crate::Lines::interrupted)).
    DataMark,
    /// 129: the break or attention key; from a server, "reverse break".
    Break,
    /// 130: nothing.
    Nop,
    /// 131: do not echo, or: there is no echo.
    NoEcho,
    /// 132: echo, or: there is an echo.
    Echo,
    /// 133: something secret will be typed; the user's side should not show it.
    HideYourInput,
    /// 160: ASCII follows.
    Ascii,
    /// 161: transparent data follow.
    Transparent,
    /// 162: EBCDIC follows.
    Ebcdic,
    /// A code that RFC 318 does not name.
    Unknown(UnnamedCode),
}

/// The code of a signal that RFC 318 does not name. Only [`Signal::from_byte`] makes one, so that no signal with a name
/// is taken for one without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnnamedCode(u8);

impl Signal {
    /// The signal with the given code, or `None` if the byte is text.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            0..128 => return None,
            128 => Signal::DataMark,
            129 => Signal::Break,
            130 => Signal::Nop,
            131 => Signal::NoEcho,
            132 => Signal::Echo,
            133 => Signal::HideYourInput,
            160 => Signal::Ascii,
            161 => Signal::Transparent,
            162 => Signal::Ebcdic,
            other => Signal::Unknown(UnnamedCode(other)),
        })
    }

    /// The byte on the connection: always one from 128 on.
    pub const fn byte(self) -> u8 {
        match self {
            Signal::DataMark => 128,
            Signal::Break => 129,
            Signal::Nop => 130,
            Signal::NoEcho => 131,
            Signal::Echo => 132,
            Signal::HideYourInput => 133,
            Signal::Ascii => 160,
            Signal::Transparent => 161,
            Signal::Ebcdic => 162,
            Signal::Unknown(UnnamedCode(byte)) => byte,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Signal::DataMark => "DATA MARK",
            Signal::Break => "BREAK",
            Signal::Nop => "NOP",
            Signal::NoEcho => "NO ECHO",
            Signal::Echo => "ECHO",
            Signal::HideYourInput => "HIDE YOUR INPUT",
            Signal::Ascii => "ASCII",
            Signal::Transparent => "TRANSPARENT",
            Signal::Ebcdic => "EBCDIC",
            Signal::Unknown(UnnamedCode(byte)) => return write!(f, "SIGNAL {byte}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_with_its_high_bit_set_survives_and_no_other_is_a_signal() {
        for byte in 0..=255 {
            let back = Signal::from_byte(byte).map(Signal::byte);
            assert_eq!(back, (byte >= 128).then_some(byte), "byte {byte}");
        }
    }

    #[test]
    fn the_codes_are_those_of_rfc_318() {
        let named = [128, 129, 130, 131, 132, 133, 160, 161, 162, 134].map(Signal::from_byte);
        let named = named.map(|signal| signal.expect("128 and up").to_string()).join(", ");
        let expected =
            "DATA MARK, BREAK, NOP, NO ECHO, ECHO, HIDE YOUR INPUT, ASCII, TRANSPARENT, EBCDIC, SIGNAL 134";
        assert_eq!(named, expected);
    }
}
