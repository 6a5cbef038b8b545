//! The codes of an ERR.

use std::fmt;

/// What an ERR complains about (NIC 8246, Control Commands, ERR).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// 0: anything else; the data mean what the sender has published.
    Undefined,
    /// 1: no command has this opcode.
    IllegalOpcode,
    /// 2: the control message ends within a command.
    ShortParameters,
    /// 3: a parameter has a value that is not allowed.
    BadParameters,
    /// 4: the command names a socket or link for which no connection was requested.
    NonexistentSocket,
    /// 5: the command or message names a socket or link that has no established connection.
    NotConnected,
    /// A code that NIC 8246 does not define.
    Unknown(u8),
}

impl From<u8> for ErrorCode {
    fn from(number: u8) -> Self {
        match number {
            0 => ErrorCode::Undefined,
            1 => ErrorCode::IllegalOpcode,
            2 => ErrorCode::ShortParameters,
            3 => ErrorCode::BadParameters,
            4 => ErrorCode::NonexistentSocket,
            5 => ErrorCode::NotConnected,
            other => ErrorCode::Unknown(other),
        }
    }
}

impl From<ErrorCode> for u8 {
    fn from(code: ErrorCode) -> u8 {
        match code {
            ErrorCode::Undefined => 0,
            ErrorCode::IllegalOpcode => 1,
            ErrorCode::ShortParameters => 2,
            ErrorCode::BadParameters => 3,
            ErrorCode::NonexistentSocket => 4,
            ErrorCode::NotConnected => 5,
            ErrorCode::Unknown(other) => other,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ErrorCode::Undefined => "undefined error",
            ErrorCode::IllegalOpcode => "illegal opcode",
            ErrorCode::ShortParameters => "short parameter space",
            ErrorCode::BadParameters => "bad parameters",
            ErrorCode::NonexistentSocket => "request on a nonexistent socket",
            ErrorCode::NotConnected => "socket not connected",
            ErrorCode::Unknown(_) => "unknown error code",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_code_survives_a_round_trip() {
        assert!((0..=255).all(|number| u8::from(ErrorCode::from(number)) == number));
    }
}
