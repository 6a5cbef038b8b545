//! What has reached hosts that are slow to look at it. Until a host looks at a message, it knows nothing of it.

use std::collections::{BTreeMap, VecDeque};

use imp1822::{HostAddress, Link};
use machine::Bits;

use super::event::{Level1Event, Outcome};

/// What each slow host has not looked at, in the order of its arrival, with the number of the record that told of it.
#[derive(Debug, Default)]
pub(super) struct Unlooked(BTreeMap<HostAddress, VecDeque<(u64, Waiting)>>);

/// What a host learns when it looks.
#[derive(Debug)]
pub(super) enum Waiting {
    /// Of a regular message. `late`: a fault has it come once more, or out of order.
    Message { from: HostAddress, link: Link, message: Bits, late: bool },
    /// What has become of one of its own.
    Answer { to: HostAddress, link: Link, outcome: Outcome },
    /// That some destination is dead.
    DiedAtLarge,
    /// That the interface was reset.
    Cut,
}

impl Unlooked {
    /// A host will be slow: each time that it looks at a message is told.
    pub(super) fn add(&mut self, host: HostAddress) {
        self.0.entry(host).or_default();
    }

    /// Keeps what a signal means for a host that looks at it later. Returns what a host learns at once.
    pub(super) fn keep<'a>(
        &mut self,
        host: HostAddress,
        number: u64,
        event: Level1Event<'a>,
    ) -> Option<Level1Event<'a>> {
        let Some(waiting) = self.0.get_mut(&host) else { return Some(event) };
        let unlooked = match event {
            Level1Event::Delivered { from, link, message } => {
                Waiting::Message { from, link, message: message.clone(), late: false }
            }
            Level1Event::DeliveredIrregularly { from, link, message } => {
                Waiting::Message { from, link, message: message.clone(), late: true }
            }
            Level1Event::Answered { to, link, outcome } => Waiting::Answer { to, link, outcome },
            Level1Event::DiedAtLarge => Waiting::DiedAtLarge,
            Level1Event::Cut => Waiting::Cut,
            Level1Event::Sent { .. }
            | Level1Event::Struck { .. }
            | Level1Event::Missed { .. }
            | Level1Event::SentAndDelivered { .. }
            | Level1Event::AnswerMissed { .. }
            | Level1Event::NotTaken => return Some(event),
        };
        waiting.push_back((number, unlooked));
        None
    }

    /// A host looks at the message of which this record told. What it has not looked at of before is lost.
    pub(super) fn look(&mut self, host: HostAddress, number: u64) -> Option<Waiting> {
        let waiting = self.0.get_mut(&host)?;
        let lost = waiting.iter().take_while(|(first, _)| *first < number).count();
        waiting.drain(..lost);
        let is_there = waiting.front().is_some_and(|(first, _)| *first == number);
        if is_there { waiting.pop_front().map(|(_, unlooked)| unlooked) } else { None }
    }

    /// Whether there is something at which a host has not looked.
    pub(super) fn is_any(&self, host: HostAddress) -> bool {
        self.0.get(&host).is_some_and(|waiting| !waiting.is_empty())
    }

    /// A host has stopped, or its IMP has: what it has not looked at is lost.
    pub(super) fn lose(&mut self, host: HostAddress) {
        if let Some(waiting) = self.0.get_mut(&host) {
            waiting.clear();
        }
    }
}

impl Waiting {
    /// The same, as if it had just arrived.
    pub(super) fn event(&self) -> Level1Event<'_> {
        match *self {
            Waiting::Message { from, link, ref message, late: false } => {
                Level1Event::Delivered { from, link, message }
            }
            Waiting::Message { from, link, ref message, late: true } => {
                Level1Event::DeliveredIrregularly { from, link, message }
            }
            Waiting::Answer { to, link, outcome } => Level1Event::Answered { to, link, outcome },
            Waiting::DiedAtLarge => Level1Event::DiedAtLarge,
            Waiting::Cut => Level1Event::Cut,
        }
    }
}
