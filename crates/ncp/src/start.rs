//! How an NCP starts, and what it knows of its partners from then on.

use machine::Span;

/// What the partners of an NCP may remember of its host when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// A cold start: no host remembers connections with this one.
    Cold,
    /// After a crash: others may remember connections that this host has forgotten. The NCP sends each partner an RST
    /// before its first other command and holds the commands until the partner has answered with an RRP, is dead, or has
    /// been silent for a minute (NIC 8246, Reinitialization).
    AfterCrash,
    /// Nothing is known of what others remember of this host, as on a cable at which another may have been before. The
    /// NCP still sends an RST before its first command to each, but a request that comes before that is taken: to answer
    /// it with a reset would break what has only just begun, and some partners then wait for ever. Nor does it wait for an
    /// RRP for more than ten seconds after the RST has left, as there are partners that know of none. The IMP may be a
    /// stranger, too, and forget to answer: text waits a minute for it, not five.
    AmongStrangers {
        /// Links are assigned in turn. The first one is this many links after the lowest, counted round and round, so that
        /// the partner is not likely to remember a connection on it: any random number will do.
        first_link: u8,
    },
}

/// What an NCP knows of its partners and its IMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peers {
    /// They do as the documents say.
    Known,
    /// Nothing is known of what they remember of this host, nor of how they do things. Links are assigned in turn.
    Strangers {
        /// The place among the links of the policy, counted round and round, of the one whose turn is next.
        next_link: usize,
    },
}

impl Peers {
    pub(crate) fn at(start: Start) -> Self {
        match start {
            Start::Cold | Start::AfterCrash => Peers::Known,
            Start::AmongStrangers { first_link } => Peers::Strangers { next_link: first_link.into() },
        }
    }

    /// How long to wait: among those who are known, and among strangers.
    pub(crate) fn patience(self, known: Span, strangers: Span) -> Span {
        match self {
            Peers::Known => known,
            Peers::Strangers { .. } => strangers,
        }
    }
}
