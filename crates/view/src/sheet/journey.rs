//! The way of each message: when it was put on the cable, when it arrived, and when the sender's IMP answered.
//!
//! No record says that two records are about one message. But on a link messages arrive in the order in which they were sent,
//! with the same text, and each has one answer, in order; so they are matched by that. What a fault does to a message on a cable is
//! recorded, and is followed.

use std::collections::BTreeMap;

use imp::{Mishap, Toward};
use imp1822::{FromImp, HostAddress, LEADER_BITS, Link, Signal, ToImp};
use machine::Bits;
use ncp::{HEADER_BITS, Header};
use trace::{Record, What};

/// The way of a message from host to host. Numbers are those of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Journey {
    /// The sender.
    pub from: HostAddress,
    /// The receiver.
    pub to: HostAddress,
    /// On which link.
    pub link: Link,
    /// That it is put on the sender's cable.
    pub sent: u64,
    /// That its last bit reaches the receiver.
    pub arrived: Option<u64>,
    /// That the sender's IMP answers: with an RFNM, or that it has not arrived.
    pub answered: Option<u64>,
}

/// A link in one direction.
type Way = (HostAddress, HostAddress, Link);

/// The journeys of a run as they are found.
#[derive(Default)]
pub(super) struct Journeys<'a> {
    journeys: Vec<Journey>,
    /// Those that have not arrived, with what they say.
    under_way: BTreeMap<Way, Vec<(usize, Option<Text<'a>>)>>,
    /// Those that have not been answered.
    unanswered: BTreeMap<Way, Vec<usize>>,
}

/// What is the same of a message at both ends: byte size and count, and the bytes that hold the text.
type Text<'a> = (Header, &'a [u8]);

impl<'a> Journeys<'a> {
    /// The journeys of all messages from host to host, in the order in which they were sent. One that a cable brings twice has
    /// two, which begin at one record.
    pub(super) fn of(records: &'a [Record]) -> Vec<Journey> {
        let mut journeys = Journeys::default();
        for (number, record) in (0..).zip(records) {
            match &record.what {
                What::Sent { host, signal } => journeys.sent(number, *host, signal),
                What::Received { host, signal } => journeys.received(number, *host, signal),
                What::Struck { host, toward: Toward::Imp, mishap, message } => {
                    journeys.struck_on_its_way_in(*host, *mishap, message);
                }
                What::Struck { host, toward: Toward::Host, mishap, message } => {
                    journeys.struck_on_its_way_out(*host, *mishap, message);
                }
                _ => {}
            }
        }
        journeys.journeys
    }

    fn sent(&mut self, number: u64, from: HostAddress, signal: &'a Signal) {
        match signal {
            // Behind a ready line that has fallen nothing of before is answered.
            Signal::Ready(_) => self.nothing_is_answered(from),
            Signal::Message(bits) => {
                let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(bits) else { return };
                let index = self.journeys.len();
                self.journeys.push(Journey { from, to, link, sent: number, arrived: None, answered: None });
                self.under_way.entry((from, to, link)).or_default().push((index, text(bits)));
                self.unanswered.entry((from, to, link)).or_default().push(index);
            }
        }
    }

    fn nothing_is_answered(&mut self, from: HostAddress) {
        self.unanswered.retain(|(sender, ..), _| *sender != from);
    }

    /// Something happens to the message that a host has just sent.
    fn struck_on_its_way_in(&mut self, from: HostAddress, mishap: Mishap, message: &Bits) {
        let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(message) else { return };
        let way = (from, to, link);
        let Some(index) = self.unanswered.get(&way).and_then(|waiting| waiting.last()).copied() else {
            return;
        };
        match mishap {
            // No IMP knows of it.
            Mishap::Lost | Mishap::LeaderError => {
                self.does_not_arrive(way, index);
                self.unanswered.entry(way).or_default().retain(|other| *other != index);
            }
            Mishap::DataError => self.does_not_arrive(way, index),
            Mishap::Twice => {
                let second = self.comes_twice(way, index);
                self.unanswered.entry(way).or_default().push(second);
            }
            Mishap::Late(_) => {}
        }
    }

    /// Something happens to what an IMP sends to a host.
    fn struck_on_its_way_out(&mut self, host: HostAddress, mishap: Mishap, message: &Bits) {
        match (FromImp::parse(message), mishap) {
            (Ok(FromImp::Regular { from, link, .. }), Mishap::Lost) => {
                let way = (from, host, link);
                if let Some(index) = self.found(way, message) {
                    self.does_not_arrive(way, index);
                }
            }
            (Ok(FromImp::Regular { from, link, .. }), Mishap::Twice) => {
                let way = (from, host, link);
                if let Some(index) = self.found(way, message) {
                    let second = self.comes_twice(way, index);
                    // The host has it twice; its sender knows of one.
                    self.journeys[second].answered = None;
                }
            }
            (Ok(answer), Mishap::Lost) => {
                if let Some((to, link)) = about(&answer)
                    && let Some(waiting) = self.unanswered.get_mut(&(host, to, link))
                    && !waiting.is_empty()
                {
                    waiting.remove(0);
                }
            }
            (Ok(answer), Mishap::Twice) => {
                if let Some((to, link)) = about(&answer)
                    && let Some(waiting) = self.unanswered.get_mut(&(host, to, link))
                    && let Some(first) = waiting.first().copied()
                {
                    waiting.insert(0, first);
                }
            }
            _ => {}
        }
    }

    /// A message under way arrives twice: the second has a journey of its own, whose place is returned.
    fn comes_twice(&mut self, way: Way, index: usize) -> usize {
        let second = self.journeys.len();
        self.journeys.push(self.journeys[index]);
        let waiting = self.under_way.entry(way).or_default();
        let said = waiting.iter().find(|(other, _)| *other == index).and_then(|(_, said)| *said);
        waiting.push((second, said));
        second
    }

    /// What arrives nowhere is nothing that could arrive later.
    fn does_not_arrive(&mut self, way: Way, index: usize) {
        self.under_way.entry(way).or_default().retain(|(other, _)| *other != index);
    }

    /// The first message under way that says the same as this one.
    fn found(&self, way: Way, message: &Bits) -> Option<usize> {
        let arrives = text(message);
        self.under_way.get(&way)?.iter().find(|(_, said)| *said == arrives).map(|(index, _)| *index)
    }

    fn received(&mut self, number: u64, host: HostAddress, signal: &Signal) {
        let bits = match signal {
            // Nor behind the IMP's.
            Signal::Ready(_) => return self.nothing_is_answered(host),
            Signal::Message(bits) => bits,
        };
        match FromImp::parse(bits) {
            Ok(FromImp::Regular { from, link, .. }) => {
                let way = (from, host, link);
                if let Some(index) = self.found(way, bits) {
                    self.does_not_arrive(way, index);
                    self.journeys[index].arrived = Some(number);
                }
            }
            Ok(answer) => {
                let Some((to, link)) = about(&answer) else { return };
                let way = (host, to, link);
                let Some(waiting) = self.unanswered.get_mut(&way).filter(|waiting| !waiting.is_empty())
                else {
                    return;
                };
                let index = waiting.remove(0);
                self.journeys[index].answered.get_or_insert(number);
                if !matches!(answer, FromImp::Rfnm { .. }) {
                    self.does_not_arrive(way, index);
                }
            }
            Err(_) => {}
        }
    }
}

/// Which message an IMP answers: to whom it was, and on which link.
fn about(answer: &FromImp) -> Option<(HostAddress, Link)> {
    match *answer {
        FromImp::Rfnm { to, link }
        | FromImp::DestinationDead { to, link, .. }
        | FromImp::Incomplete { to, link, .. }
        | FromImp::ErrorInData { to, link } => Some((to, link)),
        _ => None,
    }
}

/// What a message says, without leader and padding, as far as it fills whole bytes; `None` if its header does not fit it.
fn text(bits: &Bits) -> Option<Text<'_>> {
    let (header, _) = Header::split(bits).ok()?;
    let begins = (LEADER_BITS + HEADER_BITS) / 8;
    bits.bytes().get(begins..begins + header.text_bits() / 8).map(|text| (header, text))
}
