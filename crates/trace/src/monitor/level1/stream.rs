//! A stream: the regular messages from one host to another on one link that are not yet delivered or not yet answered.

use machine::{Bits, Instant, Span};

use super::flight::{Answer, Arrival, Course, Flight, Moment, Reply, SLOW, is_delivery_of, is_urgent};
use crate::monitor::event::is_for_imp;
use crate::monitor::rule::Rule;

/// How many messages are remembered of which nothing can tell whether they arrived.
const MAX_DOUBTFUL: usize = 8;

/// How many messages are remembered in all. Only a host that does not wait for answers has more under way.
const MAX_FLIGHTS: usize = 256;

/// So much later than it is due an answer may be because of lines that come and go: a source IMP asks each half minute what
/// became of a message (RFC 442), and they do not take twenty questions one after the other.
const LONGEST_EXCUSE: Span = Span::from_secs(600);

/// Whether the monitor sees what becomes of a message at its receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReceiverTap {
    Present,
    Absent,
}

/// Which messages a sender may take for lost.
#[derive(Debug, Clone, Copy)]
pub(super) struct GivesUp {
    /// The time.
    pub(super) now: Instant,
    /// Any that has gone without an answer for so long, if it may at all.
    pub(super) any: Option<Span>,
    /// One that a fault in the net may have taken.
    pub(super) after_fault: AfterFault,
    /// One that has gone without an answer for so long because of a fault on the sender's cable.
    pub(super) doubted: Span,
}

/// Which messages a fault in the net may have taken, and when their sender may think so.
#[derive(Debug, Clone, Copy)]
pub(super) struct AfterFault {
    /// When something last broke or healed, if ever.
    pub(super) last: Option<Instant>,
    /// For so long after it the net may not have got over it: what is sent later has nothing to do with it.
    pub(super) lasts: Span,
    /// What has gone without an answer for so long may be taken for lost.
    pub(super) patience: Span,
}

impl AfterFault {
    /// After which time without an answer a message may be taken for lost that was sent then, if it may at all.
    fn of(self, sent: Instant) -> Option<Span> {
        let explains = self.last.is_some_and(|fault| sent.since(fault) <= self.lasts);
        explains.then_some(self.patience)
    }
}

impl GivesUp {
    /// Whether it may take a message for lost that was sent then. `is_doubted`: whether a fault on its cable explains why it
    /// hears nothing of it.
    fn may(self, sent: Instant, is_doubted: bool) -> bool {
        let doubted = is_doubted.then_some(self.doubted);
        [self.any, self.after_fault.of(sent), doubted]
            .into_iter()
            .flatten()
            .min()
            .is_some_and(|span| self.now.since(sent) >= span)
    }
}

/// What is wrong with a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misdelivery {
    /// It overtakes one that will not come any more, though a RFNM said that it had arrived.
    BehindRfnm,
    OutOfOrder,
    Twice,
    ThoughRefused,
    NotAsSent,
}

impl Misdelivery {
    /// The rule that forbids it.
    pub(super) fn rule(self) -> Rule {
        match self {
            Misdelivery::BehindRfnm => Rule::RfnmTooEarly,
            Misdelivery::OutOfOrder => Rule::OutOfOrder,
            Misdelivery::Twice => Rule::DeliveredTwice,
            Misdelivery::ThoughRefused => Rule::DeliveredThoughRefused,
            Misdelivery::NotAsSent => Rule::NotAsSent,
        }
    }
}

/// What is missing of a message in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// An answer.
    Answer,
    /// Its delivery, after a RFNM.
    Delivery,
}

impl Missing {
    /// The rule that demands it.
    pub(super) fn rule(self) -> Rule {
        match self {
            Missing::Answer => Rule::Unanswered,
            Missing::Delivery => Rule::RfnmTooEarly,
        }
    }
}

/// How the last message that is done with ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Delivered,
    Refused { faults: u32 },
}

/// The messages of a link.
#[derive(Debug, Default)]
pub(super) struct Stream {
    flights: Vec<Flight>,
    last: Option<(Bits, End)>,
    is_last_unanswered: bool,
    /// When the last message was sent, if its answer cannot reach the sender any more or is late, because of a fault on its
    /// cable.
    in_the_dark: Option<Instant>,
    /// How many more answers than messages the sender has got, because of a fault on its cable, since there was last
    /// nothing unanswered: after each the sender may take a later message for answered.
    surplus: usize,
}

impl Stream {
    /// Whether a message has no answer yet that the sender may not take for lost.
    pub(super) fn is_busy(&self, gives_up: GivesUp) -> bool {
        let awaited = |flight: &&Flight| {
            flight.answer == Answer::Awaited && !gives_up.may(flight.sent, flight.is_doubted)
        };
        let dark = self.in_the_dark.filter(|sent| !gives_up.may(*sent, true));
        self.flights.iter().filter(awaited).count() + usize::from(dark.is_some()) > self.surplus
    }

    /// How many messages are remembered.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.flights.len()
    }

    /// Whether no answer has come since the last message, though perhaps none is owed any more.
    pub(super) fn may_be_waited_for(&self) -> bool {
        self.is_last_unanswered
    }

    /// Whether a message may still be delivered or answered.
    pub(super) fn is_under_way(&self) -> bool {
        self.flights.iter().any(|flight| !flight.is_doubtful())
    }

    fn is_any_awaited(&self) -> bool {
        self.flights.iter().any(|flight| flight.answer == Answer::Awaited)
    }

    /// Makes room for one more message. Returns how many are forgotten that await their answer.
    pub(super) fn forget_oldest(&mut self) -> u32 {
        if self.flights.len() < MAX_FLIGHTS {
            return 0;
        }
        let oldest = self.flights.remove(0);
        u32::from(oldest.answer == Answer::Awaited)
    }

    /// Its sender has heard every answer that has come: if nothing is unanswered, there is none too many any more.
    pub(super) fn settle(&mut self) {
        if !self.is_any_awaited() {
            self.surplus = 0;
        }
    }

    /// A host sends a message.
    pub(super) fn send(&mut self, bits: Bits, due: Instant, moment: Moment, tap: ReceiverTap) {
        let Moment { now, faults, cuts } = moment;
        let arrival = match tap {
            ReceiverTap::Present => Arrival::Awaited,
            ReceiverTap::Absent => Arrival::Unseen,
        };
        self.is_last_unanswered = true;
        self.in_the_dark = None;
        let (answer, course, is_doubted) = (Answer::Awaited, Course::Straight, false);
        self.flights.push(Flight {
            bits,
            sent: now,
            due,
            lines_excuse_until: due + LONGEST_EXCUSE,
            faults,
            cuts,
            answer,
            arrival,
            course,
            is_doubted,
        });
    }

    /// The message that was sent in this moment, of several the first that no fault has struck yet.
    fn just_sent(&self, bits: &Bits, now: Instant) -> Option<usize> {
        self.flights.iter().position(|flight| {
            flight.sent == now && flight.course == Course::Straight && flight.bits == *bits
        })
    }

    /// A message that was just sent never enters its IMP. Returns how many fewer await their answer.
    pub(super) fn lose(&mut self, bits: &Bits, now: Instant) -> u32 {
        let Some(place) = self.just_sent(bits, now) else { return 0 };
        self.in_the_dark = Some(now);
        let lost = self.flights.remove(place);
        u32::from(lost.answer == Answer::Awaited)
    }

    /// A message that was just sent enters its IMP later.
    pub(super) fn delay(&mut self, bits: &Bits, now: Instant, span: Span) {
        if let Some(place) = self.just_sent(bits, now) {
            let flight = &mut self.flights[place];
            (flight.course, flight.is_doubted) = (Course::Late, true);
            flight.due += span;
        }
    }

    /// A message that was just sent enters its IMP twice, the second time to be answered before `due`. Returns whether
    /// there is such a message.
    pub(super) fn repeat(&mut self, bits: &Bits, now: Instant, due: Instant) -> bool {
        let Some(place) = self.just_sent(bits, now) else { return false };
        self.flights[place].course = Course::Twice;
        let second = Flight { due, lines_excuse_until: due + LONGEST_EXCUSE, ..self.flights[place].clone() };
        self.flights.insert(place + 1, second);
        self.surplus += 1;
        true
    }

    /// A message that was just sent enters its IMP damaged.
    pub(super) fn damage(&mut self, bits: &Bits, now: Instant) {
        if let Some(place) = self.just_sent(bits, now) {
            self.flights[place].course = Course::Damaged;
        }
    }

    /// The sender does not get the answer that has just come, or gets it late.
    pub(super) fn miss_answer(&mut self, now: Instant) {
        if !self.is_any_awaited() {
            self.is_last_unanswered = true;
            self.in_the_dark = Some(now);
        }
    }

    /// The sender gets an answer that was held up. If it has sent another message since, it takes that for answered.
    pub(super) fn hear_late_answer(&mut self) {
        if self.in_the_dark.take().is_some() {
            self.is_last_unanswered = false;
        } else {
            self.surplus += 1;
        }
    }

    /// The sender may take its messages for lost.
    pub(super) fn doubt(&mut self) {
        self.flights.iter_mut().for_each(|flight| flight.is_doubted = true);
    }

    /// The sender sends again, and has taken for lost what it may: the answer to that it takes for the next one's.
    pub(super) fn give_up(&mut self, gives_up: GivesUp) {
        for flight in self.flights.iter_mut().filter(|flight| flight.answer == Answer::Awaited) {
            flight.is_doubted |= gives_up.may(flight.sent, flight.is_doubted);
        }
    }

    /// An IMP answers; `of_imp`: it says that the message was for an IMP's own host, whose flag it need not return. Returns the
    /// rule that this breaks, and whether the answer was due; `None` if it can be about none of the messages.
    pub(super) fn answer(
        &mut self,
        of_imp: bool,
        reply: Reply,
        moment: Moment,
    ) -> Option<(Option<Rule>, bool)> {
        if of_imp && !self.flights.iter().any(|one| is_for_imp(&one.bits) && one.suits(reply, moment) > 0) {
            return None;
        }
        // The oldest of those that the answer suits best; but an IMP takes one message of a host after the other, and what it has
        // not taken is behind all others, unless it has not tried for long enough.
        let suits = self.flights.iter().map(|one| one.suits(reply, moment)).enumerate();
        let best = suits.clone().map(|(_, suits)| suits).max().filter(|suits| *suits > 0)?;
        let mut which = suits.filter(|(_, suits)| *suits == best).map(|(index, _)| index);
        let is_slow = |index: &usize| moment.now.since(self.flights[*index].sent) >= SLOW;
        let slow = (reply == Reply::NotTaken).then(|| which.clone().rfind(is_slow)).flatten();
        let index = slow.or_else(|| which.next())?;
        self.is_last_unanswered = false;
        // A sender that has taken this message for lost takes the answer for that of a later one.
        let is_given_up = self.flights[index].is_doubted || self.flights[index].answer == Answer::Excused;
        let has_sent_since = self.flights.iter().skip(index + 1).any(|later| later.answer == Answer::Awaited);
        self.surplus += usize::from(is_given_up && has_sent_since);
        let flight = &mut self.flights[index];
        let (owed, arrived) = (flight.answer == Answer::Awaited, flight.arrival == Arrival::Arrived);
        let mut broken = None;
        match reply {
            Reply::Rfnm if flight.arrival == Arrival::Unseen => self.done(index, End::Delivered),
            Reply::Rfnm => {
                flight.answer = Answer::Rfnm;
                if !arrived && !flight.may_be_cut_off(moment) && !flight.is_long() {
                    broken = Some(Rule::RfnmTooEarly);
                }
                // The rest of a long one may follow, though the receiver's cable was cut since it was sent: the receiver may
                // have been up again before its first packet came.
                if arrived || !flight.is_long() {
                    self.done(index, End::Delivered);
                }
            }
            Reply::Refused | Reply::NotTaken | Reply::Damaged | Reply::TooLong => {
                if arrived && owed && flight.faults == moment.faults {
                    broken = Some(Rule::RefusedThoughDelivered);
                }
                if reply == Reply::TooLong && flight.bits.len() <= imp1822::MAX_MESSAGE_BITS {
                    broken = Some(Rule::NotTooLong);
                }
                self.done(index, End::Refused { faults: moment.faults });
            }
            // Delivered or not, both are true.
            Reply::Lost => {
                flight.answer = Answer::Lost;
                if arrived || flight.arrival == Arrival::Unseen {
                    self.done(index, End::Delivered);
                }
            }
        }
        self.forget_doubtful();
        Some((broken, owed))
    }

    /// The sender gets an answer twice.
    pub(super) fn answered_again(&mut self) {
        self.surplus += 1;
    }

    /// Messages without an answer may wait for it until `due`.
    pub(super) fn postpone(&mut self, due: Instant) {
        for flight in self.flights.iter_mut().filter(|flight| flight.answer == Answer::Awaited) {
            flight.due = flight.due.max(due);
            flight.lines_excuse_until = due + LONGEST_EXCUSE;
        }
    }

    /// The same for a line that comes or goes, for as long as that is an excuse.
    pub(super) fn postpone_for_line(&mut self, due: Instant) {
        for flight in self.flights.iter_mut().filter(|flight| flight.answer == Answer::Awaited) {
            flight.due = flight.due.max(due.min(flight.lines_excuse_until));
        }
    }

    /// An IMP delivers a message. Returns what is wrong with that, and whether it comes
    /// irregularly because of a fault on the sender's cable.
    pub(super) fn arrive(&mut self, bits: &Bits, moment: Moment) -> (Option<Misdelivery>, bool) {
        // Nearly always one message is under way on a link, and this is it.
        if let [only] = &mut self.flights[..]
            && only.may_arrive_next()
            && is_delivery_of(&only.bits, bits)
        {
            only.arrival = Arrival::Arrived;
            if only.answer == Answer::Rfnm {
                self.done(0, End::Delivered);
            }
            return (None, false);
        }
        let same = |flight: &Flight| is_delivery_of(&flight.bits, bits);
        let waits = |flight: &Flight| flight.arrival == Arrival::Awaited && same(flight);
        let may = |flight: &Flight| !flight.is_doubtful() && flight.course != Course::Damaged;
        let Some(index) = self
            .likeliest(|flight| waits(flight) && may(flight), bits)
            .or_else(|| self.likeliest(waits, bits))
        else {
            return (self.unexpected(bits, moment, same), false);
        };
        // Of messages with the same text, nobody can tell which of them is the late one.
        let irregular = self.flights.iter().any(|flight| waits(flight) && flight.course != Course::Straight);
        let mut broken = None;
        if !is_urgent(bits) && self.flights[index].course != Course::Late {
            // Messages that were sent before it and have not arrived must not arrive any more.
            for flight in self.flights.iter_mut().take(index) {
                if flight.may_be_overtaken() {
                    flight.arrival = Arrival::Overtaken;
                    if flight.answer == Answer::Rfnm && !flight.may_be_cut_off(moment) {
                        broken = Some(Misdelivery::BehindRfnm);
                    }
                }
            }
        }
        self.flights[index].arrival = Arrival::Arrived;
        match self.flights[index].answer {
            Answer::Rfnm | Answer::Lost => self.done(index, End::Delivered),
            Answer::Awaited | Answer::Excused => {}
        }
        self.flights.retain(|flight| (flight.answer, flight.arrival) != (Answer::Rfnm, Arrival::Overtaken));
        (broken, irregular)
    }

    /// Which of several messages with the same text an arrival is: the first whose turn it is, of those that come in their
    /// turn. One that is held up has none.
    fn likeliest(&self, may_be: impl Fn(&Flight) -> bool, bits: &Bits) -> Option<usize> {
        let is_held_up = |flight: &Flight| flight.course == Course::Late;
        let first = self.flights.iter().position(|flight| may_be(flight) && !is_held_up(flight));
        let in_turn = first.filter(|first| {
            is_urgent(bits) || !self.flights.iter().take(*first).any(Flight::may_be_overtaken)
        });
        in_turn
            .or_else(|| self.flights.iter().position(|flight| may_be(flight) && is_held_up(flight)))
            .or(first)
    }

    fn unexpected(
        &mut self,
        bits: &Bits,
        moment: Moment,
        same: impl Fn(&Flight) -> bool,
    ) -> Option<Misdelivery> {
        let is = |flight: &Flight, arrival| flight.arrival == arrival && same(flight);
        if let Some(flight) = self.flights.iter_mut().find(|flight| is(flight, Arrival::Overtaken)) {
            flight.arrival = Arrival::Arrived;
            return (flight.faults == moment.faults).then_some(Misdelivery::OutOfOrder);
        }
        if self.flights.iter().any(|flight| is(flight, Arrival::Arrived)) {
            return Some(Misdelivery::Twice);
        }
        match &self.last {
            Some((last, End::Delivered)) if is_delivery_of(last, bits) => Some(Misdelivery::Twice),
            Some((last, End::Refused { faults })) if is_delivery_of(last, bits) => {
                (*faults == moment.faults).then_some(Misdelivery::ThoughRefused)
            }
            Some(_) | None => Some(Misdelivery::NotAsSent),
        }
    }

    /// Messages without an answer may stay without. Returns how many there are.
    pub(super) fn excuse(&mut self) -> u32 {
        let mut excused = 0;
        self.in_the_dark = None;
        for flight in &mut self.flights {
            if flight.answer == Answer::Awaited {
                flight.answer = Answer::Excused;
                excused += 1;
            }
        }
        self.forget_doubtful();
        excused
    }

    /// Finds a message whose answer is overdue, and no longer expects that answer: `Err` has the message. Otherwise
    /// returns when the next answer will be overdue.
    pub(super) fn overdue(&mut self, now: Instant) -> Result<Option<Instant>, Bits> {
        let awaited = |flight: &&mut Flight| flight.answer == Answer::Awaited;
        let mut next: Option<Instant> = None;
        for flight in self.flights.iter_mut().filter(awaited) {
            if now > flight.due {
                flight.answer = Answer::Excused;
                return Err(flight.bits.clone());
            }
            next = Some(next.map_or(flight.due, |next| next.min(flight.due)));
        }
        Ok(next)
    }

    /// What is missing at the end of a run, if anything. `quiet`: nothing more would ever happen.
    pub(super) fn finish(&self, moment: Moment, quiet: bool) -> Option<(Missing, &Bits)> {
        let overdue = |flight: &&Flight| quiet || moment.now > flight.due;
        self.flights.iter().filter(overdue).find_map(|flight| match (flight.answer, flight.arrival) {
            (Answer::Awaited, _) => Some((Missing::Answer, &flight.bits)),
            // Only a long one is kept after its RFNM; the rest of it must not take longer than an answer.
            (Answer::Rfnm, Arrival::Awaited) => {
                (!flight.may_be_cut_off(moment)).then_some((Missing::Delivery, &flight.bits))
            }
            (Answer::Rfnm, Arrival::Arrived | Arrival::Overtaken | Arrival::Unseen) => None,
            (Answer::Excused | Answer::Lost, _) => None,
        })
    }

    fn done(&mut self, index: usize, end: End) {
        self.last = Some((self.flights.remove(index).bits, end));
    }

    fn forget_doubtful(&mut self) {
        if self.flights.len() <= MAX_DOUBTFUL {
            return;
        }
        let mut surplus =
            self.flights.iter().filter(|flight| flight.is_doubtful()).count().saturating_sub(MAX_DOUBTFUL);
        self.flights.retain(|flight| {
            let goes = surplus > 0 && flight.is_doubtful();
            surplus -= usize::from(goes);
            !goes
        });
    }
}
