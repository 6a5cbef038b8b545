//! The source side of an IMP: what its hosts send to hosts on other IMPs, or on this one, and what is answered to that
//! (RFC 442).
//!
//! It knows message numbers and allocations, and sends by the relay. What a host is to be told it returns.

use imp1822::{Dead, FromImp, HostAddress, Incomplete, LEADER_BITS, Link, MAX_MESSAGE_BITS};
use machine::Instant;

use crate::agenda::Event;
use crate::buffers::Room;
use crate::by_imp::ByImp;
use crate::ids::{ImpNumber, Numbered};
use crate::incoming::{Clearance, Course, Flop, Taking};
use crate::outbound::{Grant, Outbound, Outstanding, Stage};
use crate::packet::{Body, Errand, MAX_PACKET_BITS, MOST_PACKETS, Message};
use crate::relay::Relay;
use crate::wires::Wires;

/// All messages from an IMP that are under way, by the IMP that they go to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    to: ByImp<Outbound>,
}

/// How an IMP goes on with a message that is coming in.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// All that is here of it has been sent, or is thrown away.
    On,
    /// It cannot be sent now: its host must wait.
    Held,
    /// It is refused: its host is told this, and the rest of it is thrown away.
    Refused(FromImp),
}

/// What has become of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    /// Its host has got it, or the first packet of it.
    Arrived,
    /// Its host is dead.
    HostDead,
    /// It did not arrive, or it is not known whether it did.
    Incomplete(Incomplete),
}

/// A message that needs its number no more.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    /// The host that sent it.
    pub(crate) from: HostAddress,
    /// How often that host's cable had been cleared when the message got its number.
    pub(crate) cuts: u32,
    /// What the host is to be told, if it was not told before, and if it was one: a program of the IMP itself is not.
    pub(crate) told: Option<FromImp>,
    /// Whether a part of it is still to come from the host.
    pub(crate) unfinished: bool,
}

/// Why none of a message is to be sent, or no more of it.
#[derive(Debug, Clone, Copy)]
enum Defect {
    /// Its data have set the error flip-flop.
    Damaged,
    /// It has more bits than a message may have.
    TooLong,
}

/// What comes of an attempt to get what a message needs to leave.
enum Attempt {
    /// It has got this.
    Next(Clearance),
    /// Not now: its host must wait.
    Held,
    /// It is refused: its host is told this.
    Refused(FromImp),
}

impl Outcome {
    fn told(self, to: HostAddress, link: Link) -> FromImp {
        match self {
            Outcome::Arrived => FromImp::Rfnm { to, link },
            Outcome::HostDead => FromImp::DestinationDead { to, link, why: Dead::Host },
            Outcome::Incomplete(why) => FromImp::Incomplete { to, link, why },
        }
    }
}

impl Defect {
    /// What is wrong with a message, of which `here` packets are in the IMP.
    fn of(taking: &Taking, here: u8) -> Option<Self> {
        if taking.is_whole() && taking.flop == Flop::SetOnData {
            Some(Defect::Damaged)
        } else if taking.bits.len() > MAX_MESSAGE_BITS && here == MOST_PACKETS {
            Some(Defect::TooLong)
        } else {
            None
        }
    }

    fn told(self, to: HostAddress, link: Link) -> FromImp {
        match self {
            Defect::Damaged => FromImp::ErrorInData { to, link },
            Defect::TooLong => FromImp::Incomplete { to, link, why: Incomplete::TooLong },
        }
    }
}

impl Sources {
    /// Whether nothing is outstanding and no allocation in hand.
    pub(crate) fn is_idle(&self) -> bool {
        self.to.values().all(|outbound| outbound.is_idle())
    }

    /// How many message numbers are in use, and how many ALL(8) in hand.
    pub(crate) fn held(&self) -> (usize, usize) {
        let held = self.to.values().map(|outbound| (outbound.unanswered().count(), outbound.in_hand()));
        held.fold((0, 0), |sum, (numbers, allocations)| (sum.0 + numbers, sum.1 + allocations))
    }

    /// How many messages of a host have had no answer. One that was withdrawn has.
    pub(crate) fn unanswered(&self, host: HostAddress) -> usize {
        let all = self.to.values().flat_map(|outbound| outbound.unanswered());
        let waits =
            |one: &&Outstanding| one.from == host && !one.own && !matches!(one.stage, Stage::Withdrawn);
        all.filter(waits).count()
    }

    /// Forgets all messages: the IMP stops.
    pub(crate) fn clear(&mut self) {
        self.to.clear();
    }

    /// The next IMP after `last` to which something is under way.
    pub(crate) fn next_busy(&self, last: Option<ImpNumber>) -> Option<ImpNumber> {
        self.to.after(last).find(|(_, outbound)| !outbound.is_idle()).map(|(to, _)| to)
    }
}

/// Messages that come in.
impl Sources {
    /// Sends what is here of a regular message, as far as it may leave. `cuts`: how often its host's cable was cleared.
    ///
    /// It needs a message number, of which four are in use at most. A single packet needs a buffer, in which its copy
    /// stays until it is answered. A longer message needs to know that there is room for it at the destination,
    /// and a buffer for each packet (RFC 442).
    pub(crate) fn advance(
        &mut self,
        taking: &mut Taking,
        cuts: u32,
        relay: &mut Relay,
        wires: &mut Wires,
    ) -> Step {
        loop {
            let Course::Bound { message, link, clearance } = &taking.course else { return Step::On };
            let (to, link) = (message.to, *link);
            let here = packets_here(taking, message);
            let defect = Defect::of(taking, here);
            let attempt = match *clearance {
                Clearance::Unnumbered => match defect {
                    Some(defect) => Attempt::Refused(defect.told(to, link)),
                    None => self.number(message, link, cuts, relay, wires),
                },
                Clearance::Asking(number) => self.await_room(to, link, number, relay, wires),
                Clearance::Sending { number, .. } => match defect {
                    Some(defect) => {
                        self.withdraw(Numbered { to: ImpNumber::of(to), number }, relay, wires);
                        Attempt::Refused(defect.told(to, link))
                    }
                    None => return self.send_packets(taking, here, relay, wires),
                },
            };
            match attempt {
                Attempt::Next(next) => taking.clear_for(next),
                Attempt::Held => return Step::Held,
                Attempt::Refused(told) => {
                    taking.course = Course::Spent;
                    return Step::Refused(told);
                }
            }
        }
    }

    /// Gives a message its number, and sends what goes with that: the message itself, or the request for room.
    fn number(
        &mut self,
        message: &Message,
        link: Link,
        cuts: u32,
        relay: &mut Relay,
        wires: &mut Wires,
    ) -> Attempt {
        let (host, to, single) = (message.to, ImpNumber::of(message.to), message.packets() == 1);
        if !relay.reaches(to) {
            return Attempt::Refused(FromImp::DestinationDead { to: host, link, why: Dead::Imp });
        }
        let open = self.to.get(to).is_none_or(|outbound| outbound.is_open());
        let room = !single || relay.has_room_to(to);
        if !open || !room || single && !relay.buffers.take_for_host(Room::Copy) {
            return Attempt::Held;
        }
        let outbound = self.to.get_or_insert_with(to, Outbound::default);
        let number = outbound.enter(wires.now, cuts, message, link, relay.life_of(to));
        let stamp = outbound.stamp(relay.life(), number);
        if single {
            let errand = Errand::Data { message: message.clone(), index: 0 };
            relay.send(to, stamp, errand, Room::Copy, wires);
            Attempt::Next(Clearance::Sending { number, sent: 1 })
        } else if outbound.spend_on(wires.now, number) {
            Attempt::Next(Clearance::Sending { number, sent: 0 })
        } else {
            relay.say(to, Body::errand(stamp, Errand::Request { to: host }), wires);
            Attempt::Next(Clearance::Asking(number))
        }
    }

    /// Goes on with a message that has asked for room, if there is some.
    fn await_room(
        &mut self,
        host: HostAddress,
        link: Link,
        number: u32,
        relay: &mut Relay,
        wires: &mut Wires,
    ) -> Attempt {
        let to = ImpNumber::of(host);
        if !relay.reaches(to) {
            // Nothing of it has left, and the request cannot be answered any more.
            self.withdraw(Numbered { to, number }, relay, wires);
            return Attempt::Refused(FromImp::DestinationDead { to: host, link, why: Dead::Imp });
        }
        let outbound = self.to.get_mut(to);
        if outbound.is_some_and(|outbound| outbound.spend_on(wires.now, number)) {
            Attempt::Next(Clearance::Sending { number, sent: 0 })
        } else {
            Attempt::Held
        }
    }

    /// Sends the packets of a message that are here, as far as there is room for them.
    fn send_packets(&mut self, taking: &mut Taking, here: u8, relay: &mut Relay, wires: &mut Wires) -> Step {
        let whole = taking.is_whole();
        let Course::Bound { message, clearance: Clearance::Sending { number, sent }, .. } =
            &mut taking.course
        else {
            return Step::On;
        };
        let (to, number) = (ImpNumber::of(message.to), *number);
        let outbound = self.to.get_or_insert_with(to, Outbound::default);
        while *sent < here {
            if !relay.has_room_to(to) || !relay.buffers.take_for_host(Room::Forwarding) {
                return Step::Held;
            }
            let stamp = outbound.stamp(relay.life(), number);
            let errand = Errand::Data { message: message.clone(), index: *sent };
            *sent += 1;
            relay.send(to, stamp, errand, Room::Forwarding, wires);
        }
        if whole {
            outbound.has_left(wires.now, number);
        }
        Step::On
    }

    /// A message that has a number, and was answered, will not be brought to an end.
    pub(crate) fn withdraw(&mut self, message: Numbered, relay: &mut Relay, wires: &mut Wires) {
        let Numbered { to, number } = message;
        let Some(outbound) = self.to.get_mut(to) else { return };
        let stamp = outbound.stamp(relay.life(), number);
        let Some(outstanding) = outbound.get(number) else { return };
        outstanding.stage = Stage::Withdrawn;
        outstanding.since = wires.now;
        let spent = outstanding.spent;
        relay.say(to, Body::errand(stamp, Errand::Withdrawal { spent }), wires);
    }
}

/// What comes back.
impl Sources {
    /// ALL(1): there is room now for a single packet for which there was none.
    pub(crate) fn send_again(&mut self, message: Numbered, relay: &mut Relay, wires: &mut Wires) {
        let Numbered { to, number } = message;
        let Some(outbound) = self.to.get_mut(to) else { return };
        let stamp = outbound.stamp(relay.life(), number);
        let Some(Outstanding { stage: Stage::Single(message), since, .. }) = outbound.get(number) else {
            return;
        };
        *since = wires.now;
        let errand = Errand::Data { message: message.clone(), index: 0 };
        relay.say_again(to, stamp, errand, wires);
    }

    /// ALL(8): it is for the message that needs one next, or goes back after a while. Returns whether it is news.
    pub(crate) fn allocated(
        &mut self,
        message: Numbered,
        grant: Grant,
        relay: &Relay,
        wires: &mut Wires,
    ) -> bool {
        let Numbered { to, number } = message;
        let news = self.to.get_or_insert_with(to, Outbound::default).allocated(wires.now, number, grant);
        if news {
            self.plan_give_back(to, relay, wires);
        }
        news
    }

    /// An ALL(8) that was used for a message is in hand again: nothing of the message has left.
    pub(crate) fn unspend(&mut self, to: ImpNumber, relay: &Relay, wires: &mut Wires) {
        if let Some(outbound) = self.to.get_mut(to) {
            outbound.unspend(wires.now);
            self.plan_give_back(to, relay, wires);
        }
    }

    fn plan_give_back(&mut self, to: ImpNumber, relay: &Relay, wires: &mut Wires) {
        let (imp, life) = (relay.me(), relay.life());
        let Some(outbound) = self.to.get_mut(to) else { return };
        if let Some(until) = outbound.kept_until()
            && !std::mem::replace(&mut outbound.give_back_planned, true)
        {
            wires.agenda.plan(until, Event::GiveBack { imp, life, to });
        }
    }

    /// Gives back an allocation that was kept for too long (RFC 442, page 3), if there is one.
    pub(crate) fn give_back(&mut self, to: ImpNumber, relay: &mut Relay, wires: &mut Wires) {
        let Some(outbound) = self.to.get_mut(to) else { return };
        outbound.give_back_planned = false;
        if outbound.kept_until().is_some_and(|until| until <= wires.now)
            && let Some(returned) = outbound.give_back(wires.now)
        {
            let stamp = outbound.stamp_of_none(relay.life());
            relay.say(to, Body::errand(stamp, Errand::GiveBack(returned)), wires);
        }
        self.plan_give_back(to, relay, wires);
    }

    /// A message is answered, or given up: its number and its buffer are free. `None`: it was answered before.
    pub(crate) fn settle(
        &mut self,
        message: Numbered,
        outcome: Outcome,
        relay: &mut Relay,
    ) -> Option<Settled> {
        let settled = self.to.get_mut(message.to)?.settle(message.number)?;
        let Outstanding { from, cuts, own, to, link, stage, .. } = settled;
        let (told, unfinished) = match stage {
            Stage::Single(_) => {
                relay.buffers.drop_copy();
                (true, false)
            }
            Stage::Coming => (true, true),
            Stage::Gone => (true, false),
            Stage::Withdrawn => (false, false),
        };
        let told = told && !own;
        Some(Settled { from, cuts, told: told.then(|| outcome.told(to, link)), unfinished })
    }
}

/// What does not come back.
impl Sources {
    /// The messages to an IMP that have waited too long for their answer. They count as asked about. An IMP that is out of
    /// reach has forgotten its allocations.
    pub(crate) fn take_overdue(
        &mut self,
        to: ImpNumber,
        reached: bool,
        now: Instant,
    ) -> impl Iterator<Item = Numbered> + use<> {
        let overdue = self.to.get_mut(to).map(|outbound| {
            if !reached {
                outbound.forget_allocations();
            }
            outbound.take_overdue(now)
        });
        let numbers = overdue.into_iter().flatten().flatten();
        numbers.map(move |number| Numbered { to, number })
    }

    /// Asks the destination what has become of a message.
    pub(crate) fn inquire(&mut self, message: Numbered, relay: &mut Relay, wires: &mut Wires) {
        let Numbered { to, number } = message;
        let Some(outbound) = self.to.get_mut(to) else { return };
        let stamp = outbound.stamp(relay.life(), number);
        let spent = outbound.get(number).is_some_and(|outstanding| outstanding.spent);
        relay.say(to, Body::errand(stamp, Errand::Inquiry { spent }), wires);
    }
}

/// How many packets of a message are in the IMP.
fn packets_here(taking: &Taking, message: &Message) -> u8 {
    if taking.is_whole() {
        // The last packet may hold nothing but the padding.
        message.packets()
    } else {
        (taking.at.saturating_sub(LEADER_BITS) / MAX_PACKET_BITS) as u8
    }
}
