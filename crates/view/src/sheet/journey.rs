//! The way of each message: when it was put on the cable, when it arrived, and when the sender's IMP answered.
//!
//! No record says that two records are about one message. But on a link messages arrive in the order in which they were sent,
//! with the same text, and each has one answer, in order; so they are matched by that. What a cable has garbled on its way arrives as
//! something that nobody has sent.

use std::collections::BTreeMap;

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
    /// The journeys of all messages from host to host, in the order in which they were sent.
    pub(super) fn of(records: &'a [Record]) -> Vec<Journey> {
        let mut journeys = Journeys::default();
        for (number, record) in (0..).zip(records) {
            match &record.what {
                What::Sent { host, signal } => journeys.sent(number, *host, signal),
                What::Received { host, signal } => journeys.received(number, *host, signal),
                _ => {}
            }
        }
        journeys.journeys
    }

    fn sent(&mut self, number: u64, from: HostAddress, signal: &'a Signal) {
        match signal {
            // Behind a ready line that has fallen nothing of before comes any more, and nothing is answered.
            Signal::Ready(_) => {
                self.unanswered.retain(|(sender, ..), _| *sender != from);
            }
            Signal::Message(bits) => {
                let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(bits) else { return };
                let index = self.journeys.len();
                self.journeys.push(Journey { from, to, link, sent: number, arrived: None, answered: None });
                self.under_way.entry((from, to, link)).or_default().push((index, text(bits)));
                self.unanswered.entry((from, to, link)).or_default().push(index);
            }
        }
    }

    fn received(&mut self, number: u64, host: HostAddress, signal: &'a Signal) {
        let Signal::Message(bits) = signal else { return };
        match FromImp::parse(bits) {
            Ok(FromImp::Regular { from, link, .. }) => {
                let Some(waiting) = self.under_way.get_mut(&(from, host, link)) else { return };
                let arrived = text(bits);
                let Some(place) = waiting.iter().position(|(_, sent)| *sent == arrived) else { return };
                let (index, _) = waiting.remove(place);
                self.journeys[index].arrived = Some(number);
            }
            Ok(
                FromImp::Rfnm { to, link }
                | FromImp::DestinationDead { to, link, .. }
                | FromImp::Incomplete { to, link, .. }
                | FromImp::ErrorInData { to, link },
            ) => {
                let Some(waiting) = self.unanswered.get_mut(&(host, to, link)) else { return };
                if !waiting.is_empty() {
                    self.journeys[waiting.remove(0)].answered = Some(number);
                }
            }
            _ => {}
        }
    }
}

/// What a message says, without leader and padding, as far as it fills whole bytes; `None` if its header does not fit it.
fn text(bits: &Bits) -> Option<Text<'_>> {
    let (header, _) = Header::split(bits).ok()?;
    let begins = (LEADER_BITS + HEADER_BITS) / 8;
    bits.bytes().get(begins..begins + header.text_bits() / 8).map(|text| (header, text))
}
