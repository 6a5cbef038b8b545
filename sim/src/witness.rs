//! The witness: sees everything that happens in a run, and remembers what the scenario asks about.

use std::collections::BTreeSet;

use host::Note;
use imp1822::HostAddress;
use machine::Instant;
use trace::{Follower, Lens, Party, Record, Recorder, What};

use crate::guard::Guard;
use crate::world::Log;
use scenario::ast::{Messages, Scenario};

/// Somebody who gets every record as it comes about.
pub type Audience = Box<dyn FnMut(&Record)>;

/// Records a run and remembers what the steps of its scenario need to know.
pub(crate) struct Witness {
    recorder: Recorder,
    /// What each teletype has printed, in order.
    printed: Vec<(HostAddress, String)>,
    /// Listens at the cables, if a step asks about messages.
    ear: Option<Ear>,
    /// Hosts that only send traffic that nobody asks about: the ear is not at their cables.
    bare: BTreeSet<HostAddress>,
    /// Has the monitor watch, unless the scenario wants it off.
    pub(crate) guard: Option<Guard>,
    /// Somebody who wants to see that things go on, and how many records he has seen pass.
    watch: Box<dyn FnMut(Instant)>,
    passed: u64,
    /// Somebody who gets every record as it comes about.
    audience: Option<Audience>,
}

/// After so many records the watcher is told the time.
const GLANCE: u64 = 16_384;

/// What the messages said.
#[derive(Default)]
struct Ear {
    follower: Follower,
    crossed: Vec<Crossed>,
}

/// A part of a message between two hosts, decoded.
struct Crossed {
    from: HostAddress,
    to: HostAddress,
    lens: Lens,
    what: String,
}

impl Witness {
    /// A witness of this scenario. `watch` is told the virtual time now and then.
    pub(crate) fn new(scenario: &Scenario, recorder: Recorder, watch: Box<dyn FnMut(Instant)>) -> Self {
        let mut asks = false;
        let mut bare = scenario.bare_hosts();
        for step in &scenario.steps {
            match step.action.needs().messages {
                Messages::None => {}
                Messages::FileData => asks = true,
                Messages::SentBy(host) => {
                    asks = true;
                    bare.remove(&host);
                }
            }
        }
        let (ear, guard) = (asks.then(Ear::default), Guard::new(scenario));
        Witness { recorder, printed: Vec::new(), ear, bare, guard, watch, passed: 0, audience: None }
    }

    /// The same, before somebody who gets every record as it comes about.
    pub(crate) fn with_audience(self, audience: Audience) -> Self {
        Witness { audience: Some(audience), ..self }
    }

    /// What was recorded.
    pub(crate) fn into_recorder(self) -> Recorder {
        self.recorder
    }

    /// The number of the first line from `since` on that a teletype printed with `text` in it.
    pub(crate) fn printed(&self, host: HostAddress, text: &str, since: usize) -> Option<usize> {
        let later = self.printed.iter().enumerate().skip(since);
        later.filter(|(_, (at, line))| *at == host && line.contains(text)).map(|(index, _)| index).next()
    }

    /// The last line that a teletype printed.
    pub(crate) fn last_printed(&self, host: HostAddress) -> Option<&str> {
        self.printed.iter().rev().find(|(at, _)| *at == host).map(|(_, line)| line.as_str())
    }

    /// How many messages have crossed so far.
    pub(crate) fn messages_crossed(&self) -> usize {
        self.ear.as_ref().map_or(0, |ear| ear.crossed.len())
    }

    /// The first message from `since` on between two hosts with `text` in it.
    pub(crate) fn crossed(
        &self,
        from: HostAddress,
        to: HostAddress,
        text: &str,
        since: usize,
    ) -> Option<&str> {
        let crossed = self.ear.iter().flat_map(|ear| ear.crossed.iter()).skip(since);
        crossed
            .filter(|crossed| crossed.from == from && crossed.to == to)
            .map(|crossed| crossed.what.as_str())
            .find(|what| what.contains(text))
    }

    /// A message with the data of a file that a host sent or was sent.
    pub(crate) fn file_data_through(&self, host: HostAddress) -> Option<&str> {
        let mut crossed = self.ear.iter().flat_map(|ear| ear.crossed.iter());
        crossed
            .find(|crossed| crossed.lens == Lens::Data && (crossed.from == host || crossed.to == host))
            .map(|crossed| crossed.what.as_str())
    }
}

impl Log for Witness {
    fn take(&mut self, record: Record) -> u64 {
        match &record.what {
            What::Note { host, note: Note::Printed(line) } => self.printed.push((*host, line.clone())),
            What::Sent { host, signal } => {
                if let Some(ear) = &mut self.ear
                    && !self.bare.contains(host)
                {
                    ear.hear(*host, signal);
                }
            }
            What::Note { .. }
            | What::Received { .. }
            | What::Cable { .. }
            | What::Packet(_)
            | What::Fault(_)
            | What::Notice { .. }
            | What::Step { .. }
            | What::Measured(_) => {}
        }
        if let Some(guard) = &mut self.guard {
            guard.take(&record);
        }
        if let Some(audience) = &mut self.audience {
            audience(&record);
        }
        self.passed += 1;
        if self.passed.is_multiple_of(GLANCE) {
            (self.watch)(record.at);
        }
        self.recorder.take(record)
    }
}

impl Ear {
    fn hear(&mut self, host: HostAddress, signal: &imp1822::Signal) {
        for saying in self.follower.sent(host, signal) {
            if let (Party::Host(from), Party::Host(to)) = (saying.from, saying.to) {
                self.crossed.push(Crossed { from, to, lens: saying.lens, what: saying.what });
            }
        }
    }
}
