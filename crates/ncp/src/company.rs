//! Among whom an NCP is: hosts and IMPs of which it is known what they do, or strangers.

use machine::Span;

/// What an NCP knows of its partners and its IMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Company {
    /// They do as the documents say.
    Known,
    /// Nobody knows what they remember of this host, nor how they do things. Links are assigned in turn.
    Strangers {
        /// The place among the links of the policy, counted round and round, of the one whose turn is next.
        next_link: usize,
    },
}

impl Company {
    /// How long to wait: among those who are known, and among strangers.
    pub(crate) fn patience(self, known: Span, strangers: Span) -> Span {
        match self {
            Company::Known => known,
            Company::Strangers { .. } => strangers,
        }
    }
}
