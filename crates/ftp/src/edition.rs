//! Which edition of the protocol a program speaks.

use std::{fmt, str::FromStr};

/// An edition of the protocol: the documents that a server and its users go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Edition {
    /// RFC 354 with RFC 385 and RFC 414: no server can be told to listen, and the 255 reply with the
    /// server's data socket comes with the transfer.
    Rfc354,
    /// That, with LSTN and the changed SOCK of RFC 438.
    #[default]
    Rfc438,
    /// RFC 454 of February 1973, which says all of it anew: LSTN, but SOCK as in RFC 354; REIN, FORM, QUOT and NQUO;
    /// replies of many lines as `100-`.
    Rfc454,
    /// RFC 478: what the meeting about RFC 454 made of it in March 1973, which is RFC 454 with PASV in the place of LSTN.
    Rfc478,
    /// RFC 542 of August 1973, with PASV, SITE, and the server's own data sockets S+2 and S+3. Mail has gone into a document of
    /// its own.
    Rfc542,
}

impl Edition {
    /// Every edition, the oldest first.
    pub const ALL: [Edition; 5] =
        [Edition::Rfc354, Edition::Rfc438, Edition::Rfc454, Edition::Rfc478, Edition::Rfc542];

    /// The names of all editions, in the same order, as a scenario or an operand has them.
    pub const NAMES: [&str; 5] = {
        let mut names = [""; 5];
        let mut at = 0;
        while at < names.len() {
            names[at] = Edition::ALL[at].name();
            at += 1;
        }
        names
    };

    /// The name as a scenario or an operand has it: that of its document.
    pub const fn name(self) -> &'static str {
        match self {
            Edition::Rfc354 => "rfc354",
            Edition::Rfc438 => "rfc438",
            Edition::Rfc454 => "rfc454",
            Edition::Rfc478 => "rfc478",
            Edition::Rfc542 => "rfc542",
        }
    }

    /// Where the edition stands in tables that have a column for each, the oldest first.
    pub(crate) const fn column(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no edition of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the editions are {}", Edition::NAMES.join(", "))]
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
        for (at, edition) in Edition::ALL.into_iter().enumerate() {
            assert_eq!(edition.to_string().to_ascii_uppercase().parse(), Ok(edition));
            assert!(UnknownEdition.to_string().contains(&edition.to_string()), "{edition}");
            assert_eq!((edition.column(), edition.name()), (at, Edition::NAMES[at]));
        }
        assert_eq!("rfc438".parse(), Ok(Edition::Rfc438));
        assert_eq!("rfc765".parse::<Edition>(), Err(UnknownEdition));
        assert_eq!(Edition::default(), Edition::Rfc438, "the edition of record");
    }
}
