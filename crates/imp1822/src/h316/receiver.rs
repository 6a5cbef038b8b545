//! The listening half of an end: signals out of datagrams.

use std::collections::VecDeque;

use machine::{Instant, Span};

use super::assembly::{Assembly, Step};
use super::held::{Held, MAX_HELD};
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
/// restarted; a lower one came twice or too late, and is dropped; a higher one means that those between are late or
/// lost. It is held until they have come, [`HOLD`](Receiver::HOLD) at most: then they count as lost, and so they do when
/// too many are held. Numbers wrap around after 2^32. A receiver that begins to listen takes the first number as it comes.
/// A speaker that keeps counting below what is expected has restarted too, and the datagram that would have told it is lost.
///
/// A receiver has no clock. Whoever hands it datagrams tells it the time, and calls [`alarm`](Receiver::alarm) at its
/// [`deadline`](Receiver::deadline); then asks with [`poll`](Receiver::poll) what has come of it.
///
/// A restart is told as the ready line going down, and then what the speaker says of it. A message of which a
/// datagram is missing is dropped; and as long as it is not sure where the next one begins, so is what follows. Never
/// more is kept than the longest message, and what fits 64 datagrams of that length.
#[derive(Debug)]
pub struct Receiver {
    expected: Expected,
    /// How long a datagram that is ahead waits for those before it.
    hold: Span,
    /// Whether it may begin to listen in the middle.
    joins: bool,
    held: Held,
    /// The beginning that was heard last, and until when the same again is the same datagram, come twice.
    beginning: Option<(Datagram, Instant)>,
    /// When a datagram was in its place last.
    placed: Instant,
    /// Since then.
    astray: Astray,
    ready: bool,
    assembly: Assembly,
    statistics: Statistics,
    heard: VecDeque<Heard>,
}

/// What the number of a speaker's first datagram is, also after a restart.
const FIRST: u32 = 0;

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
    Ahead,
    Old,
}

impl Expected {
    /// The number itself; that of the first datagram, if nothing has been heard.
    fn number(self) -> u32 {
        match self {
            Expected::Any => FIRST,
            Expected::Next(number) => number,
        }
    }

    /// Where a number stands; the half of all numbers that is ahead counts as higher. A 0 that is only a little ahead is
    /// the number behind the last one, and no restart. The first number that is heard may have overtaken the beginning, if
    /// it is a low one.
    fn place(self, sequence: u32) -> Place {
        match self {
            Expected::Any if sequence == FIRST => Place::InOrder,
            Expected::Any if sequence <= ASTRAY => Place::Ahead,
            Expected::Any => Place::Joined,
            Expected::Next(expected) => match sequence.wrapping_sub(expected) {
                0 => Place::InOrder,
                ahead if sequence == FIRST && ahead as usize > MAX_HELD => Place::Restarted,
                ahead if ahead <= u32::MAX / 2 => Place::Ahead,
                _ => Place::Old,
            },
        }
    }
}

impl Receiver {
    /// How long datagrams are held that come before their turn, if nothing else is said. Those that overtake each other on
    /// their way through the Internet of today arrive within some milliseconds; a host that waits for a message notices
    /// nothing of it.
    pub const HOLD: Span = Span::from_millis(50);

    /// A receiver that has not heard anything of `speaker`, and takes its ready line to be down.
    pub fn new(speaker: Speaker) -> Self {
        Receiver {
            expected: Expected::Any,
            hold: Receiver::HOLD,
            joins: false,
            held: Held::default(),
            beginning: None,
            placed: Instant::START,
            astray: Astray::default(),
            ready: false,
            assembly: Assembly::new(speaker),
            statistics: Statistics::default(),
            heard: VecDeque::new(),
        }
    }

    /// The same, but datagrams that come before their turn are held for so long; with zero, what is missing counts as lost
    /// at once.
    pub fn holding(self, hold: Span) -> Self {
        Receiver { hold, ..self }
    }

    /// The same, but for one who begins to listen at any time, as captures do: what is heard first is taken as it comes, and
    /// does not wait for a beginning that it may have overtaken. What others say meanwhile would seem to precede it.
    pub fn joining(self) -> Self {
        Receiver { joins: true, ..self }
    }

    /// Takes what arrived in a datagram at `now`, and returns whether it was well-formed. What comes of it is asked for with
    /// [`poll`](Receiver::poll).
    pub fn receive(&mut self, now: Instant, bytes: &[u8]) -> bool {
        match Datagram::parse(bytes) {
            Ok(datagram) => {
                self.statistics.datagrams_in += 1;
                self.take(now, datagram);
                true
            }
            Err(error) => {
                self.complain(Trouble::Malformed(error));
                false
            }
        }
    }

    /// When what is missing counts as lost.
    pub fn deadline(&self) -> Option<Instant> {
        self.held.deadline()
    }

    /// Whether a datagram is held whose turn has not come.
    pub fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    /// The deadline has come: what others have waited for long enough is lost.
    pub fn alarm(&mut self, now: Instant) {
        while self.held.deadline().is_some_and(|until| until <= now) {
            self.give_up();
        }
    }

    /// No more will be heard: what is missing is lost.
    pub fn finish(&mut self) {
        while self.is_holding() {
            self.give_up();
        }
    }

    fn take(&mut self, now: Instant, datagram: Datagram) {
        let sequence = datagram.sequence;
        let place = match self.expected.place(sequence) {
            Place::Ahead if self.joins && matches!(self.expected, Expected::Any) => Place::Joined,
            place => place,
        };
        match place {
            Place::InOrder => {}
            Place::Restarted | Place::Old if self.is_beginning_again(now, &datagram) => {
                self.astray = Astray { count: 1, next: sequence.wrapping_add(1) };
                return self.old(sequence);
            }
            // What the speaker said before it restarted is over, and its ready line was down meanwhile.
            Place::Restarted => {
                self.finish();
                self.complain(Trouble::PeerRestarted);
                self.hear_ready(false);
            }
            // It may be in the middle of a message.
            Place::Joined => {
                self.finish();
                self.assembly.join();
            }
            Place::Ahead => return self.hold(now, datagram),
            // It has been taken already, or given up.
            Place::Old if !self.has_gone_astray(now, sequence) => return self.old(sequence),
            // The speaker has restarted unnoticed, and may be in the middle of a message.
            Place::Old => {
                self.finish();
                self.complain(Trouble::PeerRestarted);
                self.hear_ready(false);
                self.assembly.gap();
            }
        }
        self.placed = now;
        if sequence == FIRST {
            self.beginning = Some((datagram.clone(), now + self.hold));
        }
        self.hear(&datagram);
        self.release();
    }

    /// Keeps a datagram until its turn comes. Where there is no room, those that wait have waited long enough.
    fn hold(&mut self, now: Instant, datagram: Datagram) {
        let sequence = datagram.sequence;
        while !self.held.has_room(datagram.words().len()) {
            self.give_up();
        }
        match self.expected.place(sequence) {
            Place::Ahead => {
                if !self.held.keep(self.expected.number(), datagram, now + self.hold) {
                    return self.old(sequence);
                }
                if self.hold == Span::ZERO {
                    self.give_up();
                }
            }
            Place::InOrder => {
                self.hear(&datagram);
                self.release();
            }
            // It was among those that have been given their turn.
            Place::Restarted | Place::Joined | Place::Old => self.old(sequence),
        }
    }

    /// What is missing before the first that is held is lost: it may have been the rest of one message and the beginning of
    /// another. What was said before anything was heard is not missed, and nothing has overtaken it.
    fn give_up(&mut self) {
        let Some(first) = self.held.first() else { return };
        let early = self.statistics.early;
        let joins = matches!(self.expected, Expected::Any);
        match self.expected {
            Expected::Any => self.assembly.join(),
            Expected::Next(expected) => {
                self.complain(Trouble::Lost { from: expected, count: first.wrapping_sub(expected) });
                let cut = self.assembly.gap();
                cut.into_iter().for_each(|trouble| self.complain(trouble));
            }
        }
        if let Some(datagram) = self.held.take(first) {
            self.hear(&datagram);
        }
        self.release();
        if joins {
            self.statistics.early = early;
        }
    }

    /// Those that are held have their turn, up to the next that is missing.
    fn release(&mut self) {
        while let Some(datagram) = self.held.take(self.expected.number()) {
            self.statistics.early += 1;
            self.hear(&datagram);
        }
    }

    /// Takes the datagram whose turn it is.
    fn hear(&mut self, datagram: &Datagram) {
        self.expected = Expected::Next(datagram.sequence.wrapping_add(1));
        self.astray = Astray::default();
        self.hear_ready(datagram.flags.ready());
        self.hear_words(datagram.words(), datagram.flags.last());
    }

    /// A datagram is dropped: it comes twice or too late.
    fn old(&mut self, sequence: u32) {
        self.complain(Trouble::Old { sequence, expected: self.expected.number() });
    }

    /// Whether this is the speaker's beginning, come twice, for nobody restarts that soon to say the same.
    fn is_beginning_again(&self, now: Instant, datagram: &Datagram) -> bool {
        self.beginning.as_ref().is_some_and(|(beginning, until)| now < *until && beginning == datagram)
    }

    /// What came of the last datagram or alarm, oldest first.
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

    /// Takes note of a datagram that is too late, and says whether it is one too many. Where the beginning seemed to come
    /// twice, and the one behind it comes again when nothing is double any more, there were two beginnings.
    fn has_gone_astray(&mut self, now: Instant, sequence: u32) -> bool {
        let follows = sequence == self.astray.next;
        let count = if follows { self.astray.count + 1 } else { 1 };
        self.astray = Astray { count, next: sequence.wrapping_add(1) };
        let begins_anew = follows && sequence == FIRST + 1 && now.since(self.placed) >= self.hold;
        begins_anew || count >= ASTRAY
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
