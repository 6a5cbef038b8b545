//! Which edition of the protocol a program speaks.

use std::{fmt, str::FromStr};

/// An edition of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Edition {
    /// RFC 354 with RFC 385 and RFC 414: no server can be told to listen, and the 255 reply with the
    /// server's data socket comes with the transfer.
    Rfc354,
    /// That, with LSTN and the changed SOCK of RFC 438.
    #[default]
    Rfc438,
    /// RFC 478, the successor: PASV in the place of LSTN, and SOCK as it was in RFC 354. Its commands can be
    /// read; [`ServerSession`](crate::ServerSession) answers PASV with 506.
    Rfc478,
}

impl Edition {
    /// Every edition, the oldest first.
    pub const ALL: [Edition; 3] = [Edition::Rfc354, Edition::Rfc438, Edition::Rfc478];

    const fn name(self) -> &'static str {
        match self {
            Edition::Rfc354 => "rfc354",
            Edition::Rfc438 => "rfc438",
            Edition::Rfc478 => "rfc478",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no edition of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the editions are rfc354, rfc438 and rfc478")]
pub struct UnknownEdition;

impl FromStr for Edition {
    type Err = UnknownEdition;

    fn from_str(name: &str) -> Result<Self, UnknownEdition> {
        let found = Edition::ALL.into_iter().find(|edition| name.eq_ignore_ascii_case(edition.name()));
        found.ok_or(UnknownEdition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_are_named_by_their_document() {
        for edition in Edition::ALL {
            assert_eq!(edition.to_string().to_ascii_uppercase().parse(), Ok(edition));
            assert!(UnknownEdition.to_string().contains(&edition.to_string()), "{edition}");
        }
        assert_eq!("rfc438".parse(), Ok(Edition::Rfc438));
        assert_eq!("rfc542".parse::<Edition>(), Err(UnknownEdition));
        assert_eq!(Edition::default(), Edition::Rfc438, "the edition of record");
    }
}
