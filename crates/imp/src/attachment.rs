//! How a host is attached to its IMP: a cable that carries bits one after the other in each direction, and in both at
//! once, and the ready lines at its ends.

use imp1822::{HostAddress, Signal};
use machine::{Bits, Instant, Rate, Span};

use crate::agenda::Event;
use crate::cable::{HostLine, Mishap, Toward};
use crate::packet::PROCESSING;
use crate::queue::Queue;
use crate::wires::Wires;

/// After a host has come alive only one message is taken from it in this time, while the network learns of it
/// (RFC 271).
const PROBATION: Span = Span::from_secs(30);

/// How long an IMP's ready line stays down when it resets the interface (RFC 271).
const READY_DROP: Span = Span::from_millis(250);

/// The cable of one host, and what its IMP sees of the host.
#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    address: HostAddress,
    rate: Rate,
    pub(crate) kind: HostKind,
    line: HostLine,
    probation: Probation,
    /// Whether the host itself shows that it is ready, whatever the cable lets through.
    host_ready: bool,
    /// Whether the cable is pulled out.
    pulled: bool,
    /// Whether the host's interface stands still in both directions.
    stuck: bool,
    /// Counts the times that the cable was cleared: what was said before means nothing afterwards.
    cuts: u32,
    /// Counts the times that what was on the cable was taken off, or began anew: what was planned for it before
    /// does not come about.
    turns: u32,
    /// What is to happen to the next messages, in each direction.
    to_imp: Queue<Mishap>,
    to_host: Queue<Mishap>,
}

/// Where a host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostKind {
    /// In the simulation.
    Simulated,
    /// Outside of it, on a real cable.
    External,
}

/// Whether a host has come alive only lately (RFC 271).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Probation {
    /// It may send as it likes.
    Over,
    /// It may send one message.
    First { until: Instant },
    /// It has sent it.
    Sent { until: Instant },
}

impl Attachment {
    /// A host that is down, at the end of a cable of this rate.
    pub(crate) fn new(address: HostAddress, rate: Rate) -> Self {
        Attachment {
            address,
            rate,
            kind: HostKind::Simulated,
            line: HostLine::Down,
            probation: Probation::Over,
            host_ready: false,
            pulled: false,
            stuck: false,
            cuts: 0,
            turns: 0,
            to_imp: Queue::default(),
            to_host: Queue::default(),
        }
    }

    /// The host's address.
    pub(crate) fn address(&self) -> HostAddress {
        self.address
    }

    /// What the IMP knows of the host.
    pub(crate) fn line(&self) -> HostLine {
        self.line
    }

    /// How often the cable was cleared.
    pub(crate) fn cuts(&self) -> u32 {
        self.cuts
    }

    /// How often what was on the cable was taken off, or began anew.
    pub(crate) fn turns(&self) -> u32 {
        self.turns
    }

    /// Whether the host's interface stands still.
    pub(crate) fn is_stuck(&self) -> bool {
        self.stuck
    }

    /// Whether the ready lines let messages pass.
    pub(crate) fn is_connected(&self) -> bool {
        self.line.is_ready()
    }
}

/// What crosses the cable.
impl Attachment {
    /// The next packet from the host, of `bits` bits, begins to cross the cable, which was free at `since`.
    pub(crate) fn begin_from_host(&self, bits: usize, since: Instant, wires: &mut Wires) {
        if !self.stuck {
            let at = since + self.rate.time_for(bits as u64) + PROCESSING;
            wires.agenda.plan(at, Event::FromHost { host: self.address, turns: self.turns });
        }
    }

    /// The next packet for the host, of `bits` bits, begins to cross the cable.
    pub(crate) fn begin_to_host(&self, bits: usize, wires: &mut Wires) {
        if !self.stuck {
            let at = wires.now + self.rate.time_for(bits as u64);
            wires.agenda.plan(at, Event::ToHost { host: self.address, turns: self.turns });
        }
    }

    /// What is on the cable is taken off, or begins anew.
    pub(crate) fn turn(&mut self) {
        self.turns += 1;
    }

    /// What happens to the message that the host now puts on the cable.
    pub(crate) fn mishap_to_imp(&mut self) -> Option<Mishap> {
        if self.is_connected() { self.to_imp.pop_front() } else { None }
    }

    /// Something is to happen to the next message in one direction.
    pub(crate) fn expect(&mut self, toward: Toward, mishap: Mishap) {
        match toward {
            Toward::Imp => self.to_imp.push_back(mishap),
            Toward::Host => self.to_host.push_back(mishap),
        }
    }

    /// Holds a message up: it goes on after `span`, if the cable is not cleared meanwhile.
    pub(crate) fn delay(&self, toward: Toward, span: Span, bits: Bits, wires: &mut Wires) {
        let late = Event::Late { host: self.address, cuts: self.cuts, toward, bits };
        wires.agenda.plan(wires.now + span, late);
    }

    /// A whole message is at the host's end of the cable, unless something happens to it.
    pub(crate) fn hand_over(&mut self, text: Bits, wires: &mut Wires) {
        let host = self.address;
        let mut strike = |mishap, text: &Bits| wires.strike(host, Toward::Host, mishap, text.clone());
        match self.to_host.pop_front() {
            None | Some(Mishap::LeaderError | Mishap::DataError) => wires.signal(host, Signal::Message(text)),
            Some(mishap @ Mishap::Lost) => strike(mishap, &text),
            Some(mishap @ Mishap::Twice) => {
                strike(mishap, &text);
                wires.signal(host, Signal::Message(text.clone()));
                wires.signal(host, Signal::Message(text));
            }
            Some(mishap @ Mishap::Late(span)) => {
                strike(mishap, &text);
                self.delay(Toward::Host, span, text, wires);
            }
        }
    }

    /// Whether the cable is pulled out.
    pub(crate) fn is_pulled(&self) -> bool {
        self.pulled
    }

    /// The host's interface stands still, or goes on. Returns whether that is a change.
    pub(crate) fn set_stuck(&mut self, stuck: bool) -> bool {
        std::mem::replace(&mut self.stuck, stuck) != stuck
    }
}

/// The ready lines.
impl Attachment {
    /// The host's ready line goes up or down. Returns whether the IMP sees a change.
    pub(crate) fn show_ready(&mut self, ready: bool, imp_is_up: bool, wires: &mut Wires) -> bool {
        let news = std::mem::replace(&mut self.host_ready, ready) != ready;
        // A host that shows again that it is ready is told again that its IMP is.
        if !news && self.is_connected() && !self.pulled && imp_is_up {
            wires.signal(self.address, Signal::Ready(true));
        }
        news && !self.pulled
    }

    /// The cable is pulled out. Returns whether the IMP sees a change.
    pub(crate) fn pull(&mut self, imp_is_up: bool, wires: &mut Wires) -> bool {
        let news = !std::mem::replace(&mut self.pulled, true);
        if news && imp_is_up && self.is_connected() {
            wires.signal(self.address, Signal::Ready(false));
        }
        news
    }

    /// The cable is plugged in. Returns whether the IMP sees a change.
    pub(crate) fn plug(&mut self) -> bool {
        std::mem::replace(&mut self.pulled, false) && self.host_ready
    }

    /// The IMP sees that the host's ready line is up.
    pub(crate) fn connect(&mut self, imp_is_up: bool, wires: &mut Wires) {
        self.come_alive(wires.now);
        // What is up at the very start has been up for long.
        if wires.now == Instant::START {
            self.skip_probation();
        }
        if imp_is_up {
            wires.signal(self.address, Signal::Ready(true));
        }
    }

    /// The IMP sees that the host's ready line is down.
    pub(crate) fn disconnect(&mut self) {
        self.line = HostLine::Down;
    }

    /// What was said over the cable before means nothing from now on.
    pub(crate) fn cut(&mut self) {
        self.cuts += 1;
    }

    /// The IMP drops its ready line to reset the interface, and will raise it again.
    pub(crate) fn drop_ready(&mut self, wires: &mut Wires) {
        self.disconnect();
        if !self.pulled {
            wires.signal(self.address, Signal::Ready(false));
        }
        let event = Event::Raise { host: self.address, cuts: self.cuts };
        wires.agenda.plan(wires.now + READY_DROP, event);
    }

    /// The IMP raises its ready line, if the host's is up. Returns whether it did.
    pub(crate) fn raise_ready(&mut self, wires: &mut Wires) -> bool {
        let raise = self.host_ready && !self.pulled;
        if raise {
            self.line = HostLine::Silent;
            wires.signal(self.address, Signal::Ready(true));
        }
        raise
    }

    /// The IMP has stopped: its ready line goes down.
    pub(crate) fn imp_stops(&mut self, wires: &mut Wires) {
        if self.host_ready && !self.pulled {
            wires.signal(self.address, Signal::Ready(false));
        }
    }
}

/// Whether the host is alive, and may send (RFC 271).
impl Attachment {
    /// The host was dead, and is alive.
    fn come_alive(&mut self, now: Instant) {
        self.line = HostLine::Up;
        self.probation = Probation::First { until: now + PROBATION };
    }

    /// The host is dead to the network until its next bit.
    pub(crate) fn fall_silent(&mut self) {
        self.line = HostLine::Silent;
    }

    /// Whether the host may send a message.
    pub(crate) fn may_send(&self) -> bool {
        let allowed = match self.probation {
            Probation::Over | Probation::First { .. } => true,
            Probation::Sent { .. } => false,
        };
        allowed && !self.stuck && self.is_connected()
    }

    /// The first bit of a message comes from the host.
    pub(crate) fn first_bit(&mut self, at: Instant) {
        match self.line {
            HostLine::Down | HostLine::Up => {}
            // It says that the host is alive (RFC 271, RFC 394).
            HostLine::Silent => self.come_alive(at),
        }
        if let Probation::First { until } = self.probation {
            self.probation = Probation::Sent { until };
        }
    }

    /// The host may send its first message again: what it has sent is lost.
    pub(crate) fn renew_probation(&mut self) {
        if let Probation::Sent { until } = self.probation {
            self.probation = Probation::First { until };
        }
    }

    /// A tick: a host that came alive long enough ago may send as it likes.
    pub(crate) fn end_probation(&mut self, now: Instant) {
        match self.probation {
            Probation::First { until } | Probation::Sent { until } if until <= now => self.skip_probation(),
            Probation::Over | Probation::First { .. } | Probation::Sent { .. } => {}
        }
    }

    /// The host may send as it likes, however short it has been alive.
    pub(crate) fn skip_probation(&mut self) {
        self.probation = Probation::Over;
    }
}
