//! Where a host's cable enters its IMP.
//!
//! A port plans the events of its own cable. What it cannot decide it returns to its IMP: a message that is to go out,
//! one that was cut short, one that the host has got or will not get.

use std::collections::VecDeque;

use imp1822::{Dead, FromImp, HostAddress, Leader, LeaderError, Link, ToImp};
use machine::{Bits, Instant, Rate};

use crate::attachment::Attachment;
use crate::cable::{HostLine, Mishap, Toward};
use crate::ids::{MessageId, Numbered};
use crate::incoming::{Clearance, Course, Flop, Incoming, Taking};
use crate::inlet::{GivenUp, Inlet};
use crate::outlet::{Delivery, Outlet, Part};
use crate::packet::Message;
use crate::tally::HostTally;
use crate::wires::Wires;

/// While this many messages wait for a host, none is taken from it: it could go on to ask for more.
const MOST_QUEUED: usize = 64;

/// One host's cable, with what waits at the IMP's end of it in each direction.
#[derive(Debug, Clone)]
pub(crate) struct Port {
    pub(crate) host: Attachment,
    inlet: Inlet,
    outlet: Outlet,
    /// What the next throughput report of the IMP tells of the host.
    pub(crate) tally: HostTally,
}

/// What was on a cable, or waited for it, when it was cleared.
#[derive(Debug, Clone)]
pub(crate) struct Cleared {
    /// What was to be given to the host.
    pub(crate) output: VecDeque<Delivery>,
    /// The number of the message that was coming in, if it had one.
    pub(crate) cut_short: Option<Numbered>,
}

/// What a packet that is in the host was, and has brought about.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    /// What it was a part of, if that came from a host.
    pub(crate) part: Option<Part>,
    /// The number of the message that was coming in, and was cut short by a reset of the interface.
    pub(crate) cut_short: Option<Numbered>,
}

/// What a leader from the host asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The message goes to another host.
    Send,
    /// The host goes down.
    GoDown,
    /// Nothing more: it ends here, or not enough of it is here yet.
    Nothing,
}

impl Port {
    /// A host that is down, at the end of a cable of this rate.
    pub(crate) fn new(address: HostAddress, rate: Rate) -> Self {
        Port {
            host: Attachment::new(address, rate),
            inlet: Inlet::new(),
            outlet: Outlet::new(),
            tally: HostTally::default(),
        }
    }

    /// Whether nothing is on the cable, waits for it, or is held.
    pub(crate) fn is_idle(&self) -> bool {
        // What a host takes that stands still, and is dead already, is not waited for.
        let dead = self.host.is_stuck() && self.host.line() == HostLine::Silent;
        self.inlet.is_idle(self.host.is_stuck()) && (self.outlet.is_empty() || dead)
    }

    /// How many messages from the host are not taken as a whole.
    pub(crate) fn not_taken(&self) -> usize {
        self.inlet.not_taken()
    }

    /// How many messages wait for the host, or are on the cable to it.
    pub(crate) fn to_host(&self) -> usize {
        self.outlet.len()
    }

    /// How many messages from the host wait for the cable.
    pub(crate) fn waiting(&self) -> usize {
        self.inlet.waiting()
    }
}

/// From the host.
impl Port {
    /// The host puts a message on its cable, unless something happens to it there. What an IMP that is down should take
    /// is lost.
    pub(crate) fn put_on_cable(&mut self, bits: Bits, imp_is_up: bool, wires: &mut Wires) {
        let mishap = self.host.mishap_to_imp();
        if let Some(mishap) = mishap {
            wires.strike(self.host.address(), Toward::Imp, mishap, bits.clone());
        }
        let flop = match mishap {
            None => Flop::Clear,
            Some(Mishap::LeaderError) => Flop::SetOnLeader,
            Some(Mishap::DataError) => Flop::SetOnData,
            Some(Mishap::Twice) => {
                if imp_is_up {
                    self.offer(Incoming { bits: bits.clone(), flop: Flop::Clear }, wires);
                }
                Flop::Clear
            }
            Some(Mishap::Lost) => return,
            Some(Mishap::Late(span)) => return self.host.delay(Toward::Imp, span, bits, wires),
        };
        if imp_is_up {
            self.offer(Incoming { bits, flop }, wires);
        }
    }

    /// A message enters the cable.
    pub(crate) fn offer(&mut self, incoming: Incoming, wires: &mut Wires) {
        if self.host.is_connected() {
            self.inlet.push(incoming);
            self.begin_next(wires.now, wires);
        }
    }

    /// Begins to take the next message from the host, unless the IMP is busy with one or the host may not send. The cable
    /// has been free since `free_since`, which may lie before now: it works while the IMP looks at what has come.
    pub(crate) fn begin_next(&mut self, free_since: Instant, wires: &mut Wires) {
        if self.outlet.len() < MOST_QUEUED {
            self.inlet.begin_next(free_since, &mut self.host, wires);
        }
    }

    /// The packet that was on the cable is in the IMP. Returns whether there was one: the IMP decides what becomes of its
    /// message, and calls [`go_on`](Self::go_on) or [`hold`](Self::hold).
    pub(crate) fn taken(&mut self) -> bool {
        self.inlet.taken()
    }

    /// The message that comes in.
    pub(crate) fn coming(&mut self) -> Option<&mut Taking> {
        self.inlet.coming()
    }

    /// Since when the host has been waiting, if it does.
    pub(crate) fn held_since(&self) -> Option<Instant> {
        self.inlet.held_since()
    }

    /// Whether the host waits with this message.
    pub(crate) fn holds(&self, message: Numbered) -> bool {
        self.inlet.holds(message)
    }

    /// The IMP looks again at the message with which the host waits: it decides what becomes of it, and calls
    /// [`go_on`](Self::go_on) or [`hold`](Self::hold). Returns since when the host waits.
    pub(crate) fn look_again(&mut self) -> Option<Instant> {
        self.inlet.look_again()
    }

    /// The IMP cannot go on with the message since `since`: the host must wait.
    pub(crate) fn hold(&mut self, since: Instant) {
        self.inlet.hold(since);
    }

    /// What is here of the message has been sent: it is counted when that is all of it.
    pub(crate) fn has_sent(&mut self) {
        if let Some(taking) = self.inlet.coming()
            && taking.is_whole()
            && let Course::Bound { message, .. } = &taking.course
        {
            self.tally.sent(message);
        }
    }

    /// The IMP is done with what is here of the message, with which it was busy since `since`: the next packet crosses the
    /// cable, or the next message.
    pub(crate) fn go_on(&mut self, since: Instant, free_since: Instant, wires: &mut Wires) {
        if !self.inlet.go_on(since, free_since, &self.host, wires) {
            self.begin_next(free_since, wires);
        }
    }

    /// Reads the leader of the message that comes in, when its first packet is here, and tells the host what is wrong with
    /// it.
    pub(crate) fn read_leader(&mut self, wires: &mut Wires) -> Wish {
        let garbled = self.inlet.is_garbled();
        let Some(taking) = self.inlet.coming() else { return Wish::Nothing };
        if garbled {
            // What cannot be identified is answered when all of it is here (RFC 381, types 1 and 10).
            if taking.is_whole() {
                let (why, link) = (LeaderError::Garbled, Link::CONTROL);
                self.tell(FromImp::ErrorInLeader { why, link }, wires);
            }
            return Wish::Nothing;
        }
        taking.course = Course::Spent;
        let Ok(leader) = Leader::parse(&mut taking.bits.reader()) else {
            // Less than a leader names no link that could be echoed.
            let (why, link) = (LeaderError::TooShort, Link::CONTROL);
            self.tell(FromImp::ErrorInLeader { why, link }, wires);
            return Wish::Nothing;
        };
        match ToImp::from(leader) {
            // To a program inside an IMP itself, of which there are none here.
            ToImp::Regular { to, link, .. } if leader.for_imp => {
                self.tell(FromImp::DestinationDead { to, link, why: Dead::Host }, wires);
                Wish::Nothing
            }
            // A regular message sets out, as soon as it may.
            ToImp::Regular { link, .. } => {
                let message = Message::take(self.host.address(), leader, &taking.bits);
                taking.course = Course::Bound { message, link, clearance: Clearance::Unnumbered };
                Wish::Send
            }
            // The host is dead to the network until it says something else (RFC 271).
            ToImp::GoingDown => {
                self.host.fall_silent();
                Wish::GoDown
            }
            // These end at the IMP.
            ToImp::Nop | ToImp::ErrorWithoutId | ToImp::ErrorWithId { .. } => Wish::Nothing,
            // No host may send this.
            ToImp::Unknown(Leader { link, .. }) => {
                let why = LeaderError::IllegalType;
                self.tell(FromImp::ErrorInLeader { why, link }, wires);
                Wish::Nothing
            }
        }
    }

    /// A message was answered: what is still to come of it is to be thrown away. Returns what would have become of it, if
    /// it is coming in; then [`throw_away_held`](Self::throw_away_held) lets the host go on.
    pub(crate) fn spend(&mut self, message: Numbered) -> Option<Course> {
        self.inlet.spend(message)
    }

    /// A host that waits with a message that is thrown away goes on.
    pub(crate) fn throw_away_held(&mut self, wires: &mut Wires) {
        if let Some(since) = self.look_again() {
            self.go_on(since, wires.now, wires);
        }
    }

    /// Gives up a message that has kept the IMP waiting, or was kept waiting by it, for too long. After that
    /// [`throw_away_held`](Self::throw_away_held) lets the host go on.
    pub(crate) fn give_up_slow(&mut self, now: Instant) -> Option<GivenUp> {
        self.inlet.give_up_slow(now)
    }
}

/// To the host.
impl Port {
    /// Tells the host something that has no text.
    pub(crate) fn tell(&mut self, what: FromImp, wires: &mut Wires) {
        self.give(what.bits(), None, wires);
    }

    /// Puts a message on the cable, behind those that wait. `message`: its name, if it came from a host.
    pub(crate) fn give(&mut self, text: Bits, message: Option<MessageId>, wires: &mut Wires) {
        if self.host.is_connected() {
            self.outlet.push(text, message, &self.host, wires);
        }
    }

    /// The packet that was on the cable is in the host.
    pub(crate) fn given(&mut self, wires: &mut Wires) -> Option<Given> {
        let given = self.outlet.given()?;
        // What the host has said before it learns of a reset is lost to both; it may begin again.
        let cut_short = given.tells_of_reset().then(|| {
            self.host.renew_probation();
            self.clear_input()
        });
        self.outlet.give_next(&self.host, wires);
        if let Some(text) = given.text {
            self.host.hand_over(text, wires);
        }
        Some(Given { part: given.part, cut_short: cut_short.flatten() })
    }

    /// Takes back all messages that came from other hosts, of which this one gets no more. What the IMP itself has to say
    /// to it stays.
    pub(crate) fn take_back(&mut self, wires: &mut Wires) -> VecDeque<Delivery> {
        let (messages, cable_is_free) = self.outlet.take_back();
        if cable_is_free {
            self.host.turn();
            self.outlet.give_next(&self.host, wires);
        }
        messages
    }

    /// Whether the host is alive, and has not taken a packet for too long.
    pub(crate) fn is_tardy(&self, now: Instant) -> bool {
        self.host.line() == HostLine::Up && self.outlet.is_tardy(now)
    }
}

/// Ready lines and resets.
impl Port {
    /// The IMP sees that the host's ready line is down.
    pub(crate) fn disconnect(&mut self) -> Cleared {
        self.host.disconnect();
        self.clear()
    }

    /// The IMP drops its ready line for a moment to reset the interface.
    pub(crate) fn reset(&mut self, wires: &mut Wires) -> Cleared {
        let cleared = self.clear();
        self.host.drop_ready(wires);
        cleared
    }

    /// The IMP raises its ready line again: three NOPs and the notice of the reset follow (RFC 394), and the next message of
    /// the host is answered with an error (RFC 381).
    pub(crate) fn raise_ready(&mut self, wires: &mut Wires) {
        if self.host.raise_ready(wires) {
            self.inlet.expect_garbled();
            self.greet(wires);
        }
    }

    /// What an IMP says after a reset: three NOPs and the notice of it.
    pub(crate) fn greet(&mut self, wires: &mut Wires) {
        (0..3).for_each(|_| self.tell(FromImp::Nop, wires));
        self.tell(FromImp::InterfaceReset, wires);
    }

    /// The host's interface stands still, or goes on. What is on the cable begins anew, a packet in each direction.
    pub(crate) fn set_stuck(&mut self, stuck: bool, imp_is_up: bool, wires: &mut Wires) {
        if !self.host.set_stuck(stuck) {
            return;
        }
        self.host.turn();
        if !stuck {
            self.outlet.give_next(&self.host, wires);
            self.inlet.begin_anew(&self.host, wires);
            if imp_is_up {
                self.begin_next(wires.now, wires);
            }
        }
    }

    /// Throws away all that is on the cable or waits for it.
    pub(crate) fn clear(&mut self) -> Cleared {
        self.host.cut();
        let cut_short = self.clear_input();
        Cleared { output: self.outlet.clear(), cut_short }
    }

    fn clear_input(&mut self) -> Option<Numbered> {
        self.host.turn();
        self.inlet.clear().and_then(|taking| taking.numbered())
    }
}
