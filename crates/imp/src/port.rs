//! Where a host's cable enters its IMP.

use std::collections::VecDeque;

use imp1822::{HostAddress, LEADER_BITS, Link, Signal};
use machine::{Bits, Instant, Rate, Span};

use crate::agenda::Event;
use crate::cable::{HostLine, Mishap, Toward};
use crate::ids::{ImpNumber, MessageId};
use crate::packet::{MAX_PACKET_BITS, Message, PROCESSING};
use crate::wires::Wires;

/// A host that does not take what its IMP has for it, or does not bring a message to an end, is given so long.
pub(crate) const TARDY: Span = Span::from_secs(30);

/// A message that takes longer to come in is thrown away (RFC 381), and so is one that the IMP has begun to take in
/// and cannot go on with (RFC 394).
pub(crate) const SLOW: Span = Span::from_secs(15);

/// After a host has come alive only one packet is taken from it in this time, while the network learns of it
/// (RFC 271).
pub(crate) const QUIET: Span = Span::from_secs(30);

/// While so many messages wait for a host, none is taken from it: it could go on to ask for more.
const MOST_QUEUED: usize = 64;

/// The IMP's error flip-flop for a message from its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flop {
    Clear,
    SetOnLeader,
    SetOnData,
}

/// A message that a host has put on its cable.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) bits: Bits,
    pub(crate) flop: Flop,
}

/// One host's cable, with what waits at either end. Bits cross it one after the other in each direction, and
/// in both at once.
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) address: HostAddress,
    pub(crate) line: HostLine,
    pub(crate) rate: Rate,
    /// Whether the host itself shows that it is ready, whatever the cable lets through.
    pub(crate) host_ready: bool,
    /// Whether the cable is pulled out.
    pub(crate) pulled: bool,
    /// Whether the host's interface stands still in both directions.
    pub(crate) stuck: bool,
    /// Counts the times that the cable was cleared: what was said before means nothing afterwards.
    pub(crate) cuts: u32,
    /// Counts the times that what was on the cable was taken off, or began anew: what was planned for it before
    /// does not come about.
    pub(crate) turns: u32,
    /// Messages from the host, the one on the cable first.
    pub(crate) input: VecDeque<Incoming>,
    pub(crate) intake: Intake,
    /// Whether the host has come alive only lately.
    pub(crate) quiet: Quiet,
    /// Whether the next message from the host is answered with an error, because the interface was reset
    /// (RFC 381).
    pub(crate) reset: bool,
    /// Messages for the host, the one on the cable first.
    pub(crate) output: VecDeque<Delivery>,
    /// Since when the packet that is on the cable to the host is there.
    pub(crate) giving_since: Instant,
    /// What is to happen to the next messages, by direction.
    pub(crate) mishaps: Mishaps,
}

/// What is to happen to the next message in each direction.
#[derive(Debug, Default)]
pub(crate) struct Mishaps {
    pub(crate) to_imp: VecDeque<Mishap>,
    pub(crate) to_host: VecDeque<Mishap>,
}

/// Whether a host has come alive only lately (RFC 271).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quiet {
    No,
    /// It may send one packet.
    First {
        until: Instant,
    },
    /// It has sent it.
    Until(Instant),
}

/// What the IMP does with the host's output.
#[derive(Debug)]
pub(crate) enum Intake {
    /// Nothing: there is none, or the host may not send.
    Idle,
    /// The next packet of the message is on the cable.
    Taking(Taking),
    /// A packet of the message is in the IMP, which cannot go on. The host must wait.
    Held { taking: Taking, since: Instant },
}

/// A message that is coming in.
#[derive(Debug)]
pub(crate) struct Taking {
    pub(crate) bits: Bits,
    pub(crate) flop: Flop,
    /// How much of it is in the IMP.
    pub(crate) at: usize,
    /// When its first bit came; later by as much as the IMP made the host wait.
    pub(crate) began: Instant,
    pub(crate) course: Course,
}

/// What becomes of a message that is coming in.
#[derive(Debug)]
pub(crate) enum Course {
    /// Its leader is not here yet, or is not looked at before all of it is.
    Unread,
    /// It goes to another host.
    Bound { message: Message, link: Link, leave: Leave },
    /// It was answered; the rest of it is thrown away.
    Spent,
}

/// What a message to another host has got, of what it needs to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leave {
    /// It has no number yet.
    Unnumbered,
    /// It has this number, and has asked for room at its destination.
    Asking(u32),
    /// It has this number, and there is room. So many of its packets have been sent.
    Sending { number: u32, sent: u8 },
}

impl Leave {
    /// Its number.
    pub(crate) fn number(self) -> Option<u32> {
        match self {
            Leave::Unnumbered => None,
            Leave::Asking(number) | Leave::Sending { number, .. } => Some(number),
        }
    }
}

impl Taking {
    /// The destination IMP and the number of a message that has one.
    pub(crate) fn numbered(&self) -> Option<(ImpNumber, u32)> {
        match &self.course {
            Course::Bound { message, leave, .. } => {
                leave.number().map(|number| (ImpNumber::of(message.to), number))
            }
            Course::Unread | Course::Spent => None,
        }
    }

    /// How much of the message is in the IMP when its next packet is.
    pub(crate) fn next_end(&self) -> usize {
        let packets = self.at.saturating_sub(LEADER_BITS) / MAX_PACKET_BITS + 1;
        self.bits.len().min(LEADER_BITS + packets * MAX_PACKET_BITS)
    }

    /// Whether all of it is in the IMP.
    pub(crate) fn is_whole(&self) -> bool {
        self.at == self.bits.len()
    }
}

/// A message for a host.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) text: Bits,
    /// Whose it is, if it came from another IMP's host or this one's.
    pub(crate) receipt: Option<MessageId>,
    /// How much of it is in the host.
    pub(crate) at: usize,
}

impl Delivery {
    /// How much of it is in the host when its next packet is.
    pub(crate) fn next_end(&self) -> usize {
        let packets = self.at.saturating_sub(LEADER_BITS) / MAX_PACKET_BITS + 1;
        self.text.len().min(LEADER_BITS + packets * MAX_PACKET_BITS)
    }

    /// How many buffers the rest of it takes.
    pub(crate) fn buffers(&self) -> u8 {
        match self.receipt {
            Some(_) => {
                let left = self.text.len() - self.at.max(LEADER_BITS);
                left.div_ceil(MAX_PACKET_BITS) as u8
            }
            None => 0,
        }
    }
}

impl Port {
    pub(crate) fn new(address: HostAddress, rate: Rate) -> Self {
        Port {
            address,
            line: HostLine::Down,
            rate,
            host_ready: false,
            pulled: false,
            stuck: false,
            cuts: 0,
            turns: 0,
            input: VecDeque::new(),
            intake: Intake::Idle,
            quiet: Quiet::No,
            reset: false,
            output: VecDeque::new(),
            giving_since: Instant::START,
            mishaps: Mishaps::default(),
        }
    }

    /// Whether the ready lines let messages pass.
    pub(crate) fn is_connected(&self) -> bool {
        self.line.is_ready()
    }

    /// The host was dead, and is alive (RFC 271).
    pub(crate) fn comes_alive(&mut self, now: Instant) {
        self.line = HostLine::Up;
        self.quiet = Quiet::First { until: now + QUIET };
    }

    /// A tick: a host that came alive long enough ago may send as it likes.
    pub(crate) fn end_quiet(&mut self, now: Instant) {
        match self.quiet {
            Quiet::First { until } | Quiet::Until(until) if until <= now => self.quiet = Quiet::No,
            Quiet::No | Quiet::First { .. } | Quiet::Until(_) => {}
        }
    }

    /// Whether the IMP may begin to take a message from the host.
    pub(crate) fn may_begin(&self) -> bool {
        let allowed = match self.quiet {
            Quiet::No | Quiet::First { .. } => true,
            Quiet::Until(_) => false,
        };
        allowed && !self.stuck && self.is_connected() && self.output.len() < MOST_QUEUED
    }

    /// Whether nothing is on the cable, waits for it, or is held.
    pub(crate) fn is_quiet(&self) -> bool {
        // What a host that stands still has not brought to an end is not waited for, once that was answered.
        let input = match &self.intake {
            Intake::Idle => self.input.is_empty() || self.stuck,
            Intake::Taking(Taking { course: Course::Spent, .. }) => self.stuck,
            Intake::Taking(_) | Intake::Held { .. } => false,
        };
        // Nor a host that is dead already, and takes nothing.
        input && (self.output.is_empty() || self.stuck && self.line == HostLine::Silent)
    }

    /// Throws away what the host has sent and is not whole in the IMP, and what waits behind it. Answers the message that
    /// was coming in.
    fn clear_input(&mut self) -> Option<Taking> {
        self.turns += 1;
        self.input.clear();
        match std::mem::replace(&mut self.intake, Intake::Idle) {
            Intake::Idle => None,
            Intake::Taking(taking) | Intake::Held { taking, .. } => Some(taking),
        }
    }

    /// The host learns that its interface was reset: what it has said before is lost, and it may begin again. Answers the
    /// message that was coming in.
    pub(crate) fn begin_again(&mut self) -> Option<Taking> {
        if let Quiet::Until(until) = self.quiet {
            self.quiet = Quiet::First { until };
        }
        self.clear_input()
    }

    /// Throws away all that is on the cable or waits for it. Answers what waited for the host, and the message that
    /// was coming in.
    pub(crate) fn clear(&mut self) -> (VecDeque<Delivery>, Option<Taking>) {
        self.cuts += 1;
        let taking = self.clear_input();
        (std::mem::take(&mut self.output), taking)
    }

    /// The next packet of a message begins to cross the cable from the host.
    pub(crate) fn take_next(&mut self, cable_free_since: Instant, taking: Taking, wires: &mut Wires) {
        if !self.stuck {
            let bits = taking.next_end() - taking.at;
            let at = cable_free_since + self.rate.time_for(bits as u64) + PROCESSING;
            wires.agenda.plan(at, Event::FromHost { host: self.address, turns: self.turns });
        }
        self.intake = Intake::Taking(taking);
    }

    /// The next packet for the host begins to cross the cable.
    pub(crate) fn give_next(&mut self, wires: &mut Wires) {
        let now = wires.now;
        self.giving_since = now;
        let Some(delivery) = self.output.front().filter(|_| !self.stuck) else { return };
        let bits = delivery.next_end() - delivery.at;
        let event = Event::ToHost { host: self.address, turns: self.turns };
        wires.agenda.plan(now + self.rate.time_for(bits as u64), event);
    }

    /// A message is at the host's end of the cable, unless something happens to it.
    pub(crate) fn hand_over(&mut self, text: Bits, wires: &mut Wires) {
        let host = self.address;
        match self.mishaps.to_host.pop_front() {
            None | Some(Mishap::LeaderError | Mishap::DataError) => wires.signal(host, Signal::Message(text)),
            Some(Mishap::Lost) => {}
            Some(Mishap::Twice) => {
                wires.signal(host, Signal::Message(text.clone()));
                wires.signal(host, Signal::Message(text));
            }
            Some(Mishap::Late(span)) => {
                let late = Event::Late { host, cuts: self.cuts, toward: Toward::Host, bits: text };
                wires.agenda.plan(wires.now + span, late);
            }
        }
    }
}
