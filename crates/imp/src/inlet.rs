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
    intake: Intake,
    /// Whether the next message from the host is answered with an error, because the interface was reset
    /// (RFC 381).
    reset: bool,
}

/// What the IMP does with the host's output.
#[derive(Debug, Clone)]
enum Intake {
    /// Nothing: there is none, or the host may not send.
    Idle,
    /// The next packet of the message is on the cable.
    Taking(Taking),
    /// A packet of the message is in the IMP, which cannot go on. The host must wait.
    Held { taking: Taking, since: Instant },
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
        Inlet { waiting: Queue::default(), intake: Intake::Idle, reset: false }
    }

    /// How many messages wait for the cable.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many messages are not taken as a whole: that which comes in, or has to wait in the middle, and those behind it.
    pub(crate) fn not_taken(&self) -> usize {
        let begun = match &self.intake {
            Intake::Idle => 0,
            Intake::Taking(_) | Intake::Held { .. } => 1,
        };
        self.waiting.len() + begun
    }

    /// Whether nothing comes in, or waits, but for what a host that stands still has not brought to an end: that is not
    /// waited for, once it was answered.
    pub(crate) fn is_idle(&self, stuck: bool) -> bool {
        match &self.intake {
            Intake::Idle => self.waiting.is_empty() || stuck,
            Intake::Taking(Taking { course: Course::Spent, .. }) => stuck,
            Intake::Taking(_) | Intake::Held { .. } => false,
        }
    }

    /// A message waits for the cable.
    pub(crate) fn push(&mut self, incoming: Incoming) {
        self.waiting.push_back(incoming);
    }

    /// Begins to take the next message, unless the IMP is busy with one or the host may not send. The cable has been
    /// free since `free_since`.
    pub(crate) fn begin_next(&mut self, free_since: Instant, host: &mut Attachment, wires: &mut Wires) {
        match &self.intake {
            Intake::Taking(_) | Intake::Held { .. } => return,
            Intake::Idle if !host.may_send() => return,
            Intake::Idle => {}
        }
        let Some(incoming) = self.waiting.pop_front() else { return };
        host.first_bit(free_since);
        self.take_next(Taking::new(incoming, free_since), free_since, host, wires);
    }

    /// The next packet of a message begins to cross the cable.
    fn take_next(&mut self, taking: Taking, free_since: Instant, host: &Attachment, wires: &mut Wires) {
        host.begin_from_host(taking.next_end() - taking.at, free_since, wires);
        self.intake = Intake::Taking(taking);
    }

    /// The packet that was on the cable is in the IMP. Returns its message: the IMP decides what becomes of it.
    pub(crate) fn taken(&mut self) -> Option<Taking> {
        let mut taking = self.off_the_cable()?;
        taking.at = taking.next_end();
        Some(taking)
    }

    fn off_the_cable(&mut self) -> Option<Taking> {
        match std::mem::replace(&mut self.intake, Intake::Idle) {
            Intake::Taking(taking) => Some(taking),
            other @ (Intake::Idle | Intake::Held { .. }) => {
                self.intake = other;
                None
            }
        }
    }

    /// The host's interface has stood still, and goes on: the packet on the cable begins anew.
    pub(crate) fn begin_anew(&mut self, host: &Attachment, wires: &mut Wires) {
        if let Some(taking) = self.off_the_cable() {
            self.take_next(taking, wires.now, host, wires);
        }
    }

    /// The IMP is done with what is here of a message, with which it was busy since `since`: the next packet crosses the
    /// cable. Returns whether there is one, or else the message is whole.
    pub(crate) fn go_on(
        &mut self,
        mut taking: Taking,
        since: Instant,
        free_since: Instant,
        host: &Attachment,
        wires: &mut Wires,
    ) -> bool {
        let more = !taking.is_whole();
        if more {
            // The host is not to blame for what the IMP made it wait.
            taking.began += wires.now.since(since);
            self.take_next(taking, free_since, host, wires);
        }
        more
    }

    /// The IMP cannot go on with a message: the host must wait.
    pub(crate) fn hold(&mut self, taking: Taking, since: Instant) {
        self.intake = Intake::Held { taking, since };
    }

    /// Since when the host has been waiting, if it does.
    pub(crate) fn held_since(&self) -> Option<Instant> {
        match &self.intake {
            Intake::Held { since, .. } => Some(*since),
            Intake::Idle | Intake::Taking(_) => None,
        }
    }

    /// Whether the host waits with this message.
    pub(crate) fn holds(&self, message: Numbered) -> bool {
        match &self.intake {
            Intake::Held { taking, .. } => taking.numbered() == Some(message),
            Intake::Idle | Intake::Taking(_) => false,
        }
    }

    /// Takes the message with which the host waits, and since when it does. The IMP decides what becomes of it.
    pub(crate) fn take_held(&mut self) -> Option<(Taking, Instant)> {
        match std::mem::replace(&mut self.intake, Intake::Idle) {
            Intake::Held { taking, since } => Some((taking, since)),
            other @ (Intake::Idle | Intake::Taking(_)) => {
                self.intake = other;
                None
            }
        }
    }

    /// The next message cannot be identified, because the interface was reset.
    pub(crate) fn expect_garbled(&mut self) {
        self.reset = true;
    }

    /// Whether a message cannot be identified. If all of it is here it is the last such.
    pub(crate) fn is_garbled(&mut self, taking: &Taking) -> bool {
        let garbled = taking.flop == Flop::SetOnLeader || self.reset;
        if garbled && taking.is_whole() {
            self.reset = false;
        }
        garbled
    }

    /// A message was answered: what is still to come of it is thrown away. Returns what would have become of it, if it is
    /// coming in.
    pub(crate) fn spend(&mut self, message: Numbered) -> Option<Course> {
        match &mut self.intake {
            Intake::Taking(taking) | Intake::Held { taking, .. } if taking.numbered() == Some(message) => {
                Some(std::mem::replace(&mut taking.course, Course::Spent))
            }
            Intake::Idle | Intake::Taking(_) | Intake::Held { .. } => None,
        }
    }

    /// Gives up a message that has kept the IMP waiting, or was kept waiting by it, for too long.
    pub(crate) fn give_up_slow(&mut self, now: Instant) -> Option<GivenUp> {
        let (taking, why) = match &mut self.intake {
            Intake::Held { taking, since } if now.since(*since) >= SLOW => (taking, Incomplete::NoResources),
            Intake::Taking(taking) if now.since(taking.began) >= SLOW => (taking, Incomplete::TooSlow),
            Intake::Idle | Intake::Taking(_) | Intake::Held { .. } => return None,
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
        match std::mem::replace(&mut self.intake, Intake::Idle) {
            Intake::Idle => None,
            Intake::Taking(taking) | Intake::Held { taking, .. } => Some(taking),
        }
    }
}
