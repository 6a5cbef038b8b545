//! The messages of a run, decoded as far as the steps of its scenario ask about them.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use imp1822::{HostAddress, Signal};
use machine::Instant;
use scenario::ast::{Messages, Scenario};
use trace::{Follower, Lens, Party, Said};

/// What hosts said to each other, decoded.
pub(crate) struct MessageLog {
    follower: Follower,
    /// Traffic generators whose messages no step asks about; they are not decoded.
    ignored: BTreeSet<HostAddress>,
    messages: Vec<DecodedMessage>,
}

/// A part of a message between two hosts.
pub(crate) struct DecodedMessage {
    pub(crate) at: Instant,
    pub(crate) from: HostAddress,
    pub(crate) to: HostAddress,
    lens: Lens,
    said: Said,
    /// The same in words, if anybody has read it and it is not kept in words.
    words: OnceCell<String>,
}

impl DecodedMessage {
    /// What it is, in words.
    pub(crate) fn what(&self) -> &str {
        self.said.as_words().unwrap_or_else(|| self.words.get_or_init(|| self.said.words()))
    }

    /// Whether a text may be in it, as far as that is known before it is put into words.
    pub(crate) fn may_hold(&self, text: &str) -> bool {
        self.said.may_hold(text)
    }
}

/// So many parts of messages cross in a transfer of a small file.
const USUAL: usize = 96;

impl MessageLog {
    /// A log for the steps of a scenario, if one of them asks about messages.
    pub(crate) fn new(scenario: &Scenario) -> Option<Self> {
        let mut asks = false;
        let mut ignored = scenario.traffic_hosts();
        for step in &scenario.steps {
            match step.action.needs().messages {
                Messages::None => {}
                Messages::FileData => asks = true,
                Messages::SentBy(host) => {
                    asks = true;
                    ignored.remove(&host);
                }
            }
        }
        asks.then(|| MessageLog { ignored, ..MessageLog::of_all() })
    }

    /// A log of the messages of all hosts.
    pub(crate) fn of_all() -> Self {
        MessageLog {
            follower: Follower::default(),
            ignored: BTreeSet::new(),
            messages: Vec::with_capacity(USUAL),
        }
    }

    /// All parts of messages between two hosts.
    pub(crate) fn between(&self, from: HostAddress, to: HostAddress) -> impl Iterator<Item = &str> {
        let between = self.messages.iter().filter(move |one| one.from == from && one.to == to);
        between.map(|one| one.what())
    }

    /// A host puts a signal on its cable.
    pub(crate) fn sent(&mut self, at: Instant, host: HostAddress, signal: &Signal) {
        if self.ignored.contains(&host) {
            return;
        }
        let MessageLog { follower, messages, .. } = self;
        follower.parts(host, signal, &mut |part| {
            if let (Party::Host(from), Party::Host(to)) = (part.from, part.to) {
                let (lens, said, words) = (part.lens, part.said, OnceCell::new());
                messages.push(DecodedMessage { at, from, to, lens, said, words });
            }
        });
    }

    /// How many parts of messages there are so far.
    pub(crate) fn len(&self) -> usize {
        self.messages.len()
    }

    /// The number of the first part of a message of this time, or of the next one.
    pub(crate) fn first_at(&self, at: Instant) -> usize {
        self.messages.partition_point(|one| one.at < at)
    }

    /// The first message from number `since` on between two hosts in which `look` finds something: its number, the message,
    /// and what is found.
    pub(crate) fn find<T>(
        &self,
        from: HostAddress,
        to: HostAddress,
        since: usize,
        look: impl Fn(&DecodedMessage) -> Option<T>,
    ) -> Option<(usize, &DecodedMessage, T)> {
        let later = self.messages.iter().enumerate().skip(since);
        let mut between = later.filter(|(_, one)| one.from == from && one.to == to);
        between.find_map(|(number, one)| Some((number, one, look(one)?)))
    }

    /// All parts of messages between two hosts and when they crossed, from the last one back.
    pub(crate) fn back(&self, from: HostAddress, to: HostAddress) -> impl Iterator<Item = (Instant, &str)> {
        let between = self.messages.iter().rev().filter(move |one| one.from == from && one.to == to);
        between.map(|one| (one.at, one.what()))
    }

    /// The first message to a host in which `look` finds something.
    pub(crate) fn told(&self, host: HostAddress, look: impl Fn(&str) -> bool) -> Option<&DecodedMessage> {
        self.messages.iter().find(|one| one.to == host && look(one.what()))
    }

    /// A message with the data of a file that a host sent or was sent.
    pub(crate) fn file_data_through(&self, host: HostAddress) -> Option<&DecodedMessage> {
        let mut data = self.messages.iter().filter(|one| one.lens == Lens::Data);
        data.find(|one| one.from == host || one.to == host)
    }
}
