//! A message on its way from one host to another: what has become of it for its sender and for its receiver.

use imp1822::LEADER_BITS;
use machine::{Bits, Instant, Span};

/// How many data bits a packet carries: a RFNM may come when the first is in the host (RFC 442; RFC 594).
const PACKET_BITS: usize = 1008;

/// The padding of the interface fills words of this many bits (RFC 635).
const WORD_BITS: usize = 16;

/// An IMP says that it has not taken a message only of one that has kept it waiting for a quarter of a minute (RFC 381; RFC 394),
/// less what two clocks may differ by.
pub(super) const SLOW: Span = Span::from_secs(14);

/// What became of a message for its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// The IMP owes one.
    Awaited,
    /// None may come, because a ready line dropped or a leader was damaged.
    Excused,
    /// RFNM.
    Rfnm,
    /// It may or may not have arrived.
    Lost,
}

/// What became of a message for its receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    Awaited,
    Arrived,
    /// A later one has arrived.
    Overtaken,
    /// The receiver's cable is not seen.
    Unseen,
}

/// What a fault has done to a message on its sender's cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Nothing.
    Straight,
    /// It enters its IMP twice. The sender does not know of it, and waits for one answer.
    Twice,
    /// It enters its IMP late, and out of its turn.
    Late,
    /// It enters its IMP with damaged data, and goes no further.
    Damaged,
}

/// A message that is not done with.
#[derive(Debug, Clone)]
pub(super) struct Flight {
    pub(super) bits: Bits,
    pub(super) sent: Instant,
    /// When the IMP must have answered.
    pub(super) due: Instant,
    /// No line that comes or goes excuses the IMP for longer than this.
    pub(super) lines_excuse_until: Instant,
    /// How many faults there had been when it was sent.
    pub(super) faults: u32,
    /// How often the receiver's cable had been cut when it was sent.
    pub(super) cuts: u32,
    pub(super) answer: Answer,
    pub(super) arrival: Arrival,
    pub(super) course: Course,
    /// Whether the sender may take it for lost after a while, because of a fault on its cable.
    pub(super) is_doubted: bool,
}

/// What an IMP says of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    /// It has arrived, or its beginning has.
    Rfnm,
    /// It cannot arrive.
    Refused,
    /// The IMP has not taken it: it cannot arrive.
    NotTaken,
    /// Its data were damaged on the way into the IMP: it cannot arrive.
    Damaged,
    /// It is longer than a message may be.
    TooLong,
    /// It may have arrived.
    Lost,
}

/// The time of a record, and what had happened before it that may explain irregularities.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) now: Instant,
    /// How many faults there have been.
    pub(super) faults: u32,
    /// How often the receiver's cable has been cut.
    pub(super) cuts: u32,
}

impl Flight {
    /// How likely an answer is about this message: 0 if it cannot be.
    pub(super) fn suits(&self, reply: Reply, moment: Moment) -> u8 {
        let arrived = self.arrival == Arrival::Arrived;
        let unseen = self.arrival == Arrival::Unseen;
        let damaged = self.course == Course::Damaged;
        let likely = match reply {
            Reply::Rfnm | Reply::Lost if damaged => false,
            Reply::Rfnm => arrived || unseen || self.is_long() || self.may_be_cut_off(moment),
            Reply::Refused | Reply::NotTaken | Reply::Damaged => !arrived,
            Reply::TooLong => self.bits.len() > imp1822::MAX_MESSAGE_BITS,
            Reply::Lost => true,
        };
        let suits = match (self.answer, likely) {
            (Answer::Awaited | Answer::Excused, true) if damaged && reply == Reply::Damaged => 10,
            (Answer::Awaited, true) => 8,
            (Answer::Excused, true) => 6,
            (Answer::Awaited, false) => 4,
            (Answer::Excused, false) => 2,
            (Answer::Rfnm | Answer::Lost, _) => return 0,
        };
        // It may be said of a message that has arrived; but then a RFNM cannot be about another that has not.
        suits - u8::from(reply == Reply::Lost && arrived)
    }

    /// Whether it may have been lost when the receiver's cable was cut.
    pub(super) fn may_be_cut_off(&self, moment: Moment) -> bool {
        self.cuts != moment.cuts
    }

    /// Whether it takes more than one packet, with its padding.
    pub(super) fn is_long(&self) -> bool {
        self.bits.len() + padding(&self.bits) > LEADER_BITS + PACKET_BITS
    }

    /// Whether a message that was sent later overtakes it by arriving now.
    pub(super) fn may_be_overtaken(&self) -> bool {
        let is_awaited = self.arrival == Arrival::Awaited && !self.is_doubtful();
        is_awaited && self.course != Course::Late && !is_urgent(&self.bits)
    }

    /// Whether it is expected at its receiver, and nothing has befallen it.
    pub(super) fn may_arrive_next(&self) -> bool {
        self.arrival == Arrival::Awaited && self.course == Course::Straight && !self.is_doubtful()
    }

    pub(super) fn is_doubtful(&self) -> bool {
        match self.answer {
            Answer::Excused | Answer::Lost => true,
            Answer::Awaited | Answer::Rfnm => false,
        }
    }
}

/// The first bit of the leader: the message may overtake others.
pub(super) fn is_urgent(message: &Bits) -> bool {
    message.bytes().first().is_some_and(|byte| byte & 0x80 != 0)
}

/// How many bits the interface adds to a message, at least one. The leader is two words long.
fn padding(message: &Bits) -> usize {
    WORD_BITS - message.len() % WORD_BITS
}

/// Whether `got` is how a host gets what another one sent: the source for the destination, and the padding.
pub(super) fn is_delivery_of(sent: &Bits, got: &Bits) -> bool {
    if got.len() != sent.len() + padding(sent) {
        return false;
    }
    let (sent, whole, left, got) = (sent.bytes(), sent.len() / 8, sent.len() % 8, got.bytes());
    // The unused bits of a last byte are zero.
    let last = if left > 0 { sent[whole] | 0x80 >> left } else { 0x80 };
    sent[0] == got[0]
        && sent[2..whole] == got[2..whole]
        && got[whole] == last
        && got[whole + 1..].iter().all(|byte| *byte == 0)
}
