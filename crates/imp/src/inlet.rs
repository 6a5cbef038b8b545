//! From a host into its IMP: the messages that the host has put on its cable, which the IMP takes packet by packet.

use imp1822::{FromImp, Incomplete, LeaderError, Link, ToImp};
use machine::{Instant, Span};

use crate::attachment::Attachment;
use crate::ids::Numbered;
use crate::incoming::{Course, Flop, Incoming, Taking};
use crate::queue::Queue;
use crate::wires::Wires;

/// A message that takes longer to come in is thrown away (RFC 381), and so is one that the IMP has begun to take in
/// and cannot go on with (RFC 394).
const SLOW: Span = Span::from_secs(15);

/// The IMP's end of a cable, where messages from the host come in.
#[derive(Debug, Clone)]
pub(crate) struct Inlet {
    /// Messages from the host, the next one first.
    waiting: Queue<Incoming>,
    /// The message that comes in, if one does. It stays here while the IMP looks at it.
    taking: Option<Taking>,
    /// What the IMP does with that.
    intake: Intake,
    /// Whether the next message from the host is answered with an error, because the interface was reset
    /// (RFC 381).
    reset: bool,
}

/// What the IMP does with the message that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Intake {
    /// It waits: the next packet is on the cable.
    OnCable,
    /// It looks at the packet that has come.
    InHand,
    /// It cannot go on with the packet that has come. The host must wait.
    Held { since: Instant },
}

/// A message that has taken too long to come in.
#[derive(Debug, Clone)]
pub(crate) struct GivenUp {
    /// Its name, if it had a number.
    pub(crate) numbered: Option<Numbered>,
    /// What the host is told, if it has not been told before.
    pub(crate) told: Option<FromImp>,
}

impl Inlet {
    /// Nothing comes in.
    pub(crate) fn new() -> Self {
        Inlet { waiting: Queue::default(), taking: None, intake: Intake::OnCable, reset: false }
    }

    /// How many messages wait for the cable.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many messages are not taken as a whole: that which comes in, or has to wait in the middle, and those behind it.
    pub(crate) fn not_taken(&self) -> usize {
        self.waiting.len() + usize::from(self.taking.is_some())
    }

    /// Whether nothing comes in, or waits, but for what a host that stands still has not brought to an end: that is not
    /// waited for, once it was answered.
    pub(crate) fn is_idle(&self, stuck: bool) -> bool {
        match &self.taking {
            None => self.waiting.is_empty() || stuck,
            Some(Taking { course: Course::Spent, .. }) => stuck && self.intake == Intake::OnCable,
            Some(_) => false,
        }
    }

    /// A message waits for the cable.
    pub(crate) fn push(&mut self, incoming: Incoming) {
        self.waiting.push_back(incoming);
    }

    /// Begins to take the next message, unless the IMP is busy with one or the host may not send. The cable has been
    /// free since `free_since`.
    pub(crate) fn begin_next(&mut self, free_since: Instant, host: &mut Attachment, wires: &mut Wires) {
        // As a rule nothing waits.
        if self.waiting.is_empty() || self.taking.is_some() || !host.may_send() {
            return;
        }
        let Some(incoming) = self.waiting.pop_front() else { return };
        host.first_bit(free_since);
        self.taking = Some(Taking::new(incoming, free_since));
        self.take_next(free_since, host, wires);
    }

    /// The next packet of a message begins to cross the cable.
    fn take_next(&mut self, free_since: Instant, host: &Attachment, wires: &mut Wires) {
        if let Some(taking) = &self.taking {
            host.begin_from_host(taking.next_end() - taking.at, free_since, wires);
            self.intake = Intake::OnCable;
        }
    }

    /// The packet that was on the cable is in the IMP, which looks at it: it decides what becomes of it. Returns whether
    /// there was one.
    pub(crate) fn taken(&mut self) -> bool {
        let taking = self.taking.as_mut().filter(|_| self.intake == Intake::OnCable);
        taking.is_some_and(|taking| {
            taking.at = taking.next_end();
            self.intake = Intake::InHand;
            true
        })
    }

    /// The message that comes in.
    pub(crate) fn coming(&mut self) -> Option<&mut Taking> {
        self.taking.as_mut()
    }

    /// The host's interface has stood still, and goes on: the packet on the cable begins anew.
    pub(crate) fn begin_anew(&mut self, host: &Attachment, wires: &mut Wires) {
        if self.intake == Intake::OnCable {
            self.take_next(wires.now, host, wires);
        }
    }

    /// The IMP is done with what is here of the message, with which it was busy since `since`: the next packet crosses the
    /// cable. Returns whether there is one, or else the message is whole.
    pub(crate) fn go_on(
        &mut self,
        since: Instant,
        free_since: Instant,
        host: &Attachment,
        wires: &mut Wires,
    ) -> bool {
        let more = self.taking.as_mut().filter(|taking| !taking.is_whole());
        let Some(taking) = more else {
            self.taking = None;
            return false;
        };
        // The host is not to blame for what the IMP made it wait.
        taking.began += wires.now.since(since);
        self.take_next(free_since, host, wires);
        true
    }

    /// The IMP cannot go on with the message: the host must wait.
    pub(crate) fn hold(&mut self, since: Instant) {
        self.intake = Intake::Held { since };
    }

    /// Since when the host has been waiting, if it does.
    pub(crate) fn held_since(&self) -> Option<Instant> {
        match self.intake {
            Intake::Held { since } if self.taking.is_some() => Some(since),
            Intake::Held { .. } | Intake::OnCable | Intake::InHand => None,
        }
    }

    /// Whether the host waits with this message.
    pub(crate) fn holds(&self, message: Numbered) -> bool {
        let held = self.taking.as_ref().filter(|_| self.held_since().is_some());
        held.is_some_and(|taking| taking.numbered() == Some(message))
    }

    /// The IMP looks again at the message with which the host waits: it decides what becomes of it. Returns since when the
    /// host does.
    pub(crate) fn look_again(&mut self) -> Option<Instant> {
        let since = self.held_since()?;
        self.intake = Intake::InHand;
        Some(since)
    }

    /// The next message cannot be identified, because the interface was reset.
    pub(crate) fn expect_garbled(&mut self) {
        self.reset = true;
    }

    /// Whether the message that comes in cannot be identified. If all of it is here it is the last such.
    pub(crate) fn is_garbled(&mut self) -> bool {
        let Some(taking) = &self.taking else { return false };
        let garbled = taking.flop == Flop::SetOnLeader || self.reset;
        if garbled && taking.is_whole() {
            self.reset = false;
        }
        garbled
    }

    /// A message was answered: what is still to come of it is thrown away. Returns what would have become of it, if it is
    /// coming in.
    pub(crate) fn spend(&mut self, message: Numbered) -> Option<Course> {
        let taking = self.taking.as_mut().filter(|taking| taking.numbered() == Some(message))?;
        Some(std::mem::replace(&mut taking.course, Course::Spent))
    }

    /// Gives up a message that has kept the IMP waiting, or was kept waiting by it, for too long.
    pub(crate) fn give_up_slow(&mut self, now: Instant) -> Option<GivenUp> {
        let taking = self.taking.as_mut()?;
        let why = match self.intake {
            Intake::Held { since } if now.since(since) >= SLOW => Incomplete::NoResources,
            Intake::OnCable if now.since(taking.began) >= SLOW => Incomplete::TooSlow,
            Intake::Held { .. } | Intake::OnCable | Intake::InHand => return None,
        };
        let numbered = taking.numbered();
        let told = match std::mem::replace(&mut taking.course, Course::Spent) {
            Course::Bound { message, link, .. } => Some(FromImp::Incomplete { to: message.to, link, why }),
            // Its leader names nothing that could be believed (RFC 381, type 1).
            Course::Unread if taking.flop == Flop::SetOnLeader || self.reset => {
                self.reset = false;
                Some(FromImp::ErrorInLeader { why: LeaderError::Garbled, link: Link::CONTROL })
            }
            // The leader is not read before the first packet is whole, but it is here.
            Course::Unread => match ToImp::parse(&taking.bits) {
                Ok(ToImp::Regular { to, link, .. }) => Some(FromImp::Incomplete { to, link, why }),
                Ok(_) | Err(_) => None,
            },
            Course::Spent => None,
        };
        Some(GivenUp { numbered, told })
    }

    /// Throws away what is not whole in the IMP, and what waits behind it. Returns the message that was coming in.
    pub(crate) fn clear(&mut self) -> Option<Taking> {
        self.waiting.clear();
        self.taking.take()
    }
}
