//! What an end of a cable counts, and what it complains about.

use std::fmt;

use super::DatagramError;

/// Something that should not happen on a cable. It has been dealt with and counted; a driver may log it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// These bytes are no datagram of the cable: dropped.
    #[error("no datagram of a cable: {0}")]
    Malformed(DatagramError),
    /// A datagram with a number below the expected one, one that came twice or too late: dropped.
    #[error("datagram {sequence} comes twice or too late, {expected} is expected: dropped")]
    Old {
        /// Its number.
        sequence: u32,
        /// The number that was expected.
        expected: u32,
    },
    /// Datagrams are missing.
    #[error("lost: {count} from number {from} on")]
    Lost {
        /// The first that is missing.
        from: u32,
        /// How many.
        count: u32,
    },
    /// The peer has begun again at 0.
    #[error("the peer has restarted")]
    PeerRestarted,
    /// A message of which a part is missing, or may be: dropped.
    #[error("a message is not whole, {words} words of it are dropped")]
    Cut {
        /// How many words of it there were.
        words: usize,
    },
    /// A message is longer than any can be.
    #[error("a message has more than {} words", super::MAX_MESSAGE_WORDS)]
    TooLong,
    /// Words of a message from a peer whose ready line is down: dropped.
    #[error("{words} words from a peer that is not ready: dropped")]
    NotReady {
        /// How many.
        words: usize,
    },
    /// A host has ended a message with an empty datagram.
    #[error("a message ends with an empty datagram, which IMPs do not take for its end")]
    EmptyLast,
    /// A message is sent that emulated IMPs refuse.
    #[error("{words} words of text: the emulated IMPs take at most {limit}")]
    OverLimit {
        /// How many words of text it has.
        words: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A message is not sent, because it has no bits.
    #[error("not sent: a message without bits")]
    WithoutBits,
    /// A message is not sent, because the own ready line is down.
    #[error("not sent: the own ready line is down")]
    OwnLineDown,
}

/// What an end of a cable has counted since it was made.
///
/// Printed on one line, troubles only if there were any: `in 12 datagrams, 3 messages; out 4 datagrams, 4
/// messages; 1 lost, 1 messages cut`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Datagrams that arrived and were well-formed, the old ones included.
    pub datagrams_in: u64,
    /// Datagrams that were sent.
    pub datagrams_out: u64,
    /// Messages that arrived whole.
    pub messages_in: u64,
    /// Messages that were sent.
    pub messages_out: u64,
    /// What arrived and was no datagram of a cable.
    pub malformed: u64,
    /// Datagrams that were dropped because they came twice or too late.
    pub old: u64,
    /// Datagrams that came before their turn, and were given it.
    pub early: u64,
    /// Datagrams that are missing, by their numbers.
    pub lost: u64,
    /// How often the peer began again at 0.
    pub restarts: u64,
    /// Messages that were dropped because a part is missing, or may be.
    pub cut: u64,
    /// Messages that were longer than any can be.
    pub too_long: u64,
    /// Datagrams with words from a peer that was not ready.
    pub not_ready: u64,
    /// Messages that ended with an empty datagram although a host sent them.
    pub empty_lasts: u64,
    /// Messages that were sent although emulated IMPs refuse them.
    pub over_limit: u64,
    /// Messages that were not sent.
    pub unsent: u64,
}

impl Statistics {
    pub(super) fn note(&mut self, trouble: Trouble) {
        match trouble {
            Trouble::Malformed(_) => self.malformed += 1,
            Trouble::Old { .. } => self.old += 1,
            Trouble::Lost { count, .. } => self.lost += u64::from(count),
            Trouble::PeerRestarted => self.restarts += 1,
            Trouble::Cut { .. } => self.cut += 1,
            Trouble::TooLong => self.too_long += 1,
            Trouble::NotReady { .. } => self.not_ready += 1,
            Trouble::EmptyLast => self.empty_lasts += 1,
            Trouble::OverLimit { .. } => self.over_limit += 1,
            Trouble::WithoutBits | Trouble::OwnLineDown => self.unsent += 1,
        }
    }
}

impl std::ops::Add for Statistics {
    type Output = Statistics;

    fn add(self, other: Statistics) -> Statistics {
        Statistics {
            datagrams_in: self.datagrams_in + other.datagrams_in,
            datagrams_out: self.datagrams_out + other.datagrams_out,
            messages_in: self.messages_in + other.messages_in,
            messages_out: self.messages_out + other.messages_out,
            malformed: self.malformed + other.malformed,
            old: self.old + other.old,
            early: self.early + other.early,
            lost: self.lost + other.lost,
            restarts: self.restarts + other.restarts,
            cut: self.cut + other.cut,
            too_long: self.too_long + other.too_long,
            not_ready: self.not_ready + other.not_ready,
            empty_lasts: self.empty_lasts + other.empty_lasts,
            over_limit: self.over_limit + other.over_limit,
            unsent: self.unsent + other.unsent,
        }
    }
}

impl Statistics {
    /// What went wrong, with commas between: `2 lost, 1 malformed`. Empty if nothing did.
    pub fn troubles(&self) -> String {
        let troubles = [
            (self.restarts, "restarts of the peer"),
            (self.lost, "lost"),
            (self.early, "before their turn"),
            (self.old, "twice or too late"),
            (self.malformed, "malformed"),
            (self.cut, "messages cut"),
            (self.too_long, "messages too long"),
            (self.not_ready, "from a peer not ready"),
            (self.empty_lasts, "messages ended by an empty datagram"),
            (self.over_limit, "messages over the limit"),
            (self.unsent, "messages not sent"),
        ];
        let seen = troubles.into_iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = seen.map(|(count, what)| format!("{count} {what}")).collect();
        told.join(", ")
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Statistics { datagrams_in, datagrams_out, messages_in, messages_out, .. } = self;
        write!(f, "in {datagrams_in} datagrams, {messages_in} messages; ")?;
        write!(f, "out {datagrams_out} datagrams, {messages_out} messages")?;
        let troubles = self.troubles();
        f.write_str(if troubles.is_empty() { "" } else { "; " })?;
        f.write_str(&troubles)
    }
}
