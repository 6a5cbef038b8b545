//! Messages out of the words of datagrams.

use machine::{BitReader, BitWriter, Bits};

use super::{FIRST_WORDS, MAX_MESSAGE_WORDS, PACKET_WORDS, Speaker, Trouble, WORD_BITS};
use crate::MAX_MESSAGE_BITS;

/// What a datagram did to the message that is being put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A message is whole.
    Whole(Bits),
    /// Something is wrong with it.
    Trouble(Trouble),
}

/// Puts the messages of one speaker together.
#[derive(Debug)]
pub(super) struct Assembly {
    speaker: Speaker,
    progress: Progress,
    /// Whether this speaker has been seen to spread a message over several datagrams.
    spreads: bool,
}

/// How far the message has come that is being put together.
#[derive(Debug)]
enum Progress {
    /// The next word begins a message.
    Between,
    /// Words of a message that goes on; never more than fit the longest.
    Within(Vec<u8>),
    /// The message has more words than any can have: they are passed over up to its end.
    Overflowing,
    /// Datagrams are missing, so that it is not known where the next message begins; `words` words have been
    /// passed over since.
    Adrift { words: usize },
    /// The same, but nothing was heard before, so that nobody misses what is passed over.
    Joining,
}

/// Bytes in a word.
const WORD_BYTES: usize = WORD_BITS / 8;

impl Assembly {
    pub(super) fn new(speaker: Speaker) -> Self {
        Assembly { speaker, progress: Progress::Between, spreads: false }
    }

    /// What was said before was never listened to.
    pub(super) fn join(&mut self) {
        self.progress = Progress::Joining;
    }

    /// Some of what was said before is missing.
    pub(super) fn gap(&mut self) -> Option<Trouble> {
        match std::mem::replace(&mut self.progress, Progress::Adrift { words: 0 }) {
            Progress::Between | Progress::Overflowing => None,
            Progress::Within(bytes) => Some(cut(bytes.len() / WORD_BYTES)),
            // What was passed over is told with what follows, as one message.
            Progress::Adrift { words } => {
                self.progress = Progress::Adrift { words };
                None
            }
            Progress::Joining => {
                self.progress = Progress::Joining;
                None
            }
        }
    }

    /// The speaker has begun anew, or has broken off: what it said last will not be ended.
    pub(super) fn broken_off(&mut self) -> Option<Trouble> {
        match std::mem::replace(&mut self.progress, Progress::Between) {
            Progress::Between | Progress::Overflowing | Progress::Joining | Progress::Adrift { words: 0 } => {
                None
            }
            Progress::Within(bytes) => Some(cut(bytes.len() / WORD_BYTES)),
            Progress::Adrift { words } => Some(cut(words)),
        }
    }

    /// Takes the words of the next datagram, which may end the message.
    pub(super) fn take(&mut self, words: &[u16], last: bool, mut tell: impl FnMut(Step)) {
        let progress = std::mem::replace(&mut self.progress, Progress::Between);
        self.progress = match progress {
            // An empty datagram between messages only tells of the ready line.
            Progress::Between if words.is_empty() => Progress::Between,
            Progress::Between => self.collect(Vec::new(), words, last, &mut tell),
            Progress::Within(bytes) => {
                if words.is_empty() && last && self.speaker == Speaker::Host {
                    tell(Step::Trouble(Trouble::EmptyLast));
                }
                self.collect(bytes, words, last, &mut tell)
            }
            Progress::Overflowing if last => Progress::Between,
            Progress::Overflowing => Progress::Overflowing,
            // What was passed over before has not ended, but another message begins.
            Progress::Adrift { words: before } if !words.is_empty() && self.surely_begins(words, last) => {
                if before > 0 {
                    tell(Step::Trouble(cut(before)));
                }
                self.collect(Vec::new(), words, last, &mut tell)
            }
            Progress::Joining if !words.is_empty() && self.surely_begins(words, last) => {
                self.collect(Vec::new(), words, last, &mut tell)
            }
            Progress::Joining if last => Progress::Between,
            Progress::Joining => Progress::Joining,
            // What ends here may have begun in what is missing. The next one begins where this ends.
            Progress::Adrift { words: before } => match (before + words.len(), last) {
                (0, true) => Progress::Between,
                (all, true) => {
                    tell(Step::Trouble(cut(all)));
                    Progress::Between
                }
                (words, false) => Progress::Adrift { words },
            },
        };
        self.spreads |= !words.is_empty() && !last;
    }

    /// Whether the words that follow a gap can be nothing but the beginning of a message.
    fn surely_begins(&self, words: &[u16], last: bool) -> bool {
        match (self.speaker, last) {
            // An IMP ends a regular message with an empty datagram: with words and an end in one, it is a
            // leader alone.
            (Speaker::Imp, true) => words.len() <= FIRST_WORDS - PACKET_WORDS,
            // Only the first datagram of a message has room for the leader and a full packet.
            (Speaker::Imp, false) => words.len() > PACKET_WORDS,
            // Hosts that never spread a message over several datagrams begin one with each.
            (Speaker::Host, true) => !self.spreads,
            (Speaker::Host, false) => false,
        }
    }

    fn collect(
        &self,
        mut bytes: Vec<u8>,
        words: &[u16],
        last: bool,
        tell: &mut impl FnMut(Step),
    ) -> Progress {
        let room = MAX_MESSAGE_WORDS - bytes.len() / WORD_BYTES;
        if words.len() > room {
            tell(Step::Trouble(Trouble::TooLong));
            // An IMP answers a host's message that is too long, for which it needs the leader and the length.
            if self.speaker == Speaker::Host {
                let one_more = words[..room].iter().chain([&0]);
                bytes.extend(one_more.flat_map(|word| word.to_be_bytes()));
                tell(Step::Whole(Bits::from_bytes(&bytes)));
            }
            return if last { Progress::Between } else { Progress::Overflowing };
        }
        bytes.extend(words.iter().flat_map(|word| word.to_be_bytes()));
        if last {
            tell(Step::Whole(self.whole(&bytes)));
            return Progress::Between;
        }
        Progress::Within(bytes)
    }

    /// The message of whole words. The last bit of a host's longest can only be padding; an IMP's has its padding.
    fn whole(&self, bytes: &[u8]) -> Bits {
        let mut reader = BitReader::new(bytes);
        if self.speaker == Speaker::Imp || reader.left() <= MAX_MESSAGE_BITS {
            return Bits::from_bytes(bytes);
        }
        reader.limit(MAX_MESSAGE_BITS);
        let mut writer = BitWriter::new(MAX_MESSAGE_BITS);
        writer.put_bits(reader);
        writer.finish()
    }
}

fn cut(words: usize) -> Trouble {
    Trouble::Cut { words }
}
