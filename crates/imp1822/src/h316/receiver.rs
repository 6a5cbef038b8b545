//! The listening half of an end: signals out of datagrams.

use std::collections::VecDeque;

use super::assembly::{Assembly, Step};
use super::{Datagram, Speaker, Statistics, Trouble};
use crate::Signal;

/// What a receiver makes of datagrams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The peer's ready line has changed, or a message is whole.
    Signal(Signal),
    /// Something is wrong.
    Trouble(Trouble),
}

/// A row of datagrams that came too late, numbered one after the other.
#[derive(Debug, Clone, Copy, Default)]
struct Astray {
    count: u32,
    /// The number that would be one more of them.
    next: u32,
}

/// Makes signals of the datagrams of one speaker.
///
/// The number of a datagram says what has become of the others: 0 while more was expected means that the speaker has
/// restarted; a lower one came twice or too late, and is dropped; a higher one means that those between are
/// lost. Numbers wrap around after 2^32. A receiver that begins to listen takes the first number as it comes. A speaker that
/// keeps counting below what is expected has restarted too, and the datagram that would have told it is lost.
///
/// A restart is told as the ready line going down, and then what the speaker says of it. A message of which a
/// datagram is missing is dropped; and as long as it is not sure where the next one begins, so is what follows. Never
/// more is kept than the longest message.
#[derive(Debug)]
pub struct Receiver {
    expected: Expected,
    /// Since the last datagram that was in its place.
    astray: Astray,
    ready: bool,
    assembly: Assembly,
    statistics: Statistics,
    heard: VecDeque<Heard>,
}

/// This many late datagrams in a row, numbered one after the other, are no stragglers: the speaker has restarted.
const ASTRAY: u32 = 16;

/// The number of the next datagram.
#[derive(Debug, Clone, Copy)]
enum Expected {
    /// Nothing has been heard yet.
    Any,
    /// The one after the last.
    Next(u32),
}

/// What the number of a datagram says.
enum Place {
    InOrder,
    /// The speaker has begun again.
    Restarted,
    /// The first that is heard, in the middle.
    Joined,
    After {
        lost: u32,
    },
    Old {
        expected: u32,
    },
}

impl Expected {
    /// Where a number stands; the half of all numbers that is ahead counts as higher.
    fn place(self, sequence: u32) -> Place {
        match self {
            Expected::Any if sequence == 0 => Place::InOrder,
            Expected::Any => Place::Joined,
            Expected::Next(expected) => match sequence.wrapping_sub(expected) {
                0 => Place::InOrder,
                _ if sequence == 0 => Place::Restarted,
                lost if lost <= u32::MAX / 2 => Place::After { lost },
                _ => Place::Old { expected },
            },
        }
    }
}

impl Receiver {
    /// A receiver that has not heard anything of `speaker`, and takes its ready line to be down.
    pub fn new(speaker: Speaker) -> Self {
        Receiver {
            expected: Expected::Any,
            astray: Astray::default(),
            ready: false,
            assembly: Assembly::new(speaker),
            statistics: Statistics::default(),
            heard: VecDeque::new(),
        }
    }

    /// Takes what arrived in a datagram, and returns whether it was well-formed. What comes of it is asked for with
    /// [`poll`](Receiver::poll).
    pub fn receive(&mut self, bytes: &[u8]) -> bool {
        match Datagram::parse(bytes) {
            Ok(datagram) => {
                self.statistics.datagrams_in += 1;
                self.take(&datagram);
                true
            }
            Err(error) => {
                self.complain(Trouble::Malformed(error));
                false
            }
        }
    }

    fn take(&mut self, datagram: &Datagram) {
        let sequence = datagram.sequence;
        match self.expected.place(sequence) {
            Place::InOrder => {}
            // What the speaker said before it restarted is over, and its ready line was down meanwhile.
            Place::Restarted => {
                self.complain(Trouble::PeerRestarted);
                self.hear_ready(false);
            }
            // It may be in the middle of a message.
            Place::Joined => {
                self.assembly.gap();
            }
            // What is missing may have been the rest of one message and the beginning of another.
            Place::After { lost } => {
                self.complain(Trouble::Lost { from: sequence.wrapping_sub(lost), count: lost });
                let cut = self.assembly.gap();
                cut.into_iter().for_each(|trouble| self.complain(trouble));
            }
            // It has been taken already, or given up.
            Place::Old { expected } if !self.has_gone_astray(sequence) => {
                return self.complain(Trouble::Old { sequence, expected });
            }
            // The speaker has restarted unnoticed, and may be in the middle of a message.
            Place::Old { .. } => {
                self.complain(Trouble::PeerRestarted);
                self.hear_ready(false);
                self.assembly.gap();
            }
        }
        self.expected = Expected::Next(sequence.wrapping_add(1));
        self.astray = Astray::default();
        self.hear_ready(datagram.flags.ready());
        self.hear_words(datagram.words(), datagram.flags.last());
    }

    /// What came of the last datagram, oldest first.
    pub fn poll(&mut self) -> Option<Heard> {
        self.heard.pop_front()
    }

    /// Whether the speaker's ready line is up, as far as is known.
    pub fn is_ready(&self) -> bool {
        self.ready
    }

    /// What has been counted.
    pub fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// Takes the speaker's ready line to be down until it is heard again, so that one who has just come up is told of it.
    pub fn forget_ready(&mut self) {
        self.ready = false;
    }

    /// Takes note of a datagram that is too late, and says whether it is one too many.
    fn has_gone_astray(&mut self, sequence: u32) -> bool {
        let count = if sequence == self.astray.next { self.astray.count + 1 } else { 1 };
        self.astray = Astray { count, next: sequence.wrapping_add(1) };
        count >= ASTRAY
    }

    fn hear_ready(&mut self, ready: bool) {
        if ready == self.ready {
            return;
        }
        if !ready {
            // A line that drops breaks off what was being said.
            let cut = self.assembly.broken_off();
            cut.into_iter().for_each(|trouble| self.complain(trouble));
        }
        self.ready = ready;
        self.heard.push_back(Heard::Signal(Signal::Ready(ready)));
    }

    fn hear_words(&mut self, words: &[u16], last: bool) {
        if !self.ready && !words.is_empty() {
            return self.complain(Trouble::NotReady { words: words.len() });
        }
        let Receiver { assembly, statistics, heard, .. } = self;
        assembly.take(words, last, |step| match step {
            Step::Whole(bits) => {
                statistics.messages_in += 1;
                heard.push_back(Heard::Signal(Signal::Message(bits)));
            }
            Step::Trouble(trouble) => {
                statistics.note(trouble);
                heard.push_back(Heard::Trouble(trouble));
            }
        });
    }

    fn complain(&mut self, trouble: Trouble) {
        self.statistics.note(trouble);
        self.heard.push_back(Heard::Trouble(trouble));
    }
}
