//! What a run cost, in figures that can stand beside those of another.

use std::collections::{BTreeMap, BTreeSet};

use machine::{Instant, Span};
use trace::Lens;

/// What a message between hosts is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Control commands between NCPs.
    Control,
    /// The socket number by which an initial connection goes on.
    Contact,
    /// Lines of Telnet: FTP commands and replies.
    Dialogue,
    /// Data.
    Data,
    /// Messages on the links for measurement.
    Traffic,
}

impl Sort {
    /// Every sort.
    pub const ALL: [Sort; 5] = [Sort::Control, Sort::Contact, Sort::Dialogue, Sort::Data, Sort::Traffic];

    /// What a message is for of which a transcript says this. `None` if it goes to no host.
    pub fn of(lens: Lens, what: &str) -> Option<Sort> {
        match lens {
            Lens::Ncp if what.starts_with("link ") && what.contains(" socket number ") => Some(Sort::Contact),
            Lens::Ncp => Some(Sort::Control),
            Lens::Ftp => Some(Sort::Dialogue),
            Lens::Data => Some(Sort::Data),
            Lens::Traffic => Some(Sort::Traffic),
            Lens::Teletype
            | Lens::Host
            | Lens::Trouble
            | Lens::Measured
            | Lens::Imp
            | Lens::Packets
            | Lens::Lines => None,
        }
    }
}

/// What a run cost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    sent: BTreeMap<Sort, u64>,
    /// Bits of all messages that crossed hosts' cables, either way: leaders, padding and the IMPs' answers included.
    pub cable_bits: u64,
    /// What data went from one host to another.
    pub data: BTreeMap<(String, String), Data>,
    /// When the first and the last message crossed a cable.
    crossed: Option<(Instant, Instant)>,
    /// When the first and the last message with data were sent.
    data_sent: Option<(Instant, Instant)>,
}

/// Data from one host to another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Data {
    /// In so many messages.
    pub messages: u64,
    /// So many bits, without leaders and headers.
    pub bits: u64,
}

impl Figures {
    /// A message of so many bits crosses the cable of a host, either way.
    pub fn cross(&mut self, at: impl Into<Option<Instant>>, bits: usize) {
        self.cable_bits = self.cable_bits.saturating_add(bits as u64);
        extend(&mut self.crossed, at.into());
    }

    /// A host sends a message to another, with so many bits of text.
    pub fn send(&mut self, at: Option<Instant>, sort: Sort, (from, to): (&str, &str), text_bits: u64) {
        *self.sent.entry(sort).or_default() += 1;
        if sort == Sort::Data {
            let data = self.data.entry((from.to_owned(), to.to_owned())).or_default();
            data.messages += 1;
            data.bits = data.bits.saturating_add(text_bits);
            extend(&mut self.data_sent, at);
        }
    }

    /// How many messages of this sort were sent.
    pub fn messages(&self, sort: Sort) -> u64 {
        self.sent.get(&sort).copied().unwrap_or(0)
    }

    /// How many messages hosts sent to each other.
    pub fn all_messages(&self) -> u64 {
        self.sent.values().sum()
    }

    /// How many bits of data were sent. What goes through a host counts each time.
    pub fn data_bits(&self) -> u64 {
        self.data.values().fold(0, |all, data| all.saturating_add(data.bits))
    }

    /// The hosts through which data went: that were sent some, and sent some on.
    pub fn through(&self) -> BTreeSet<&str> {
        let receivers: BTreeSet<&str> = self.data.keys().map(|(_, to)| to.as_str()).collect();
        self.data.keys().map(|(from, _)| from.as_str()).filter(|from| receivers.contains(from)).collect()
    }

    /// From the first message on a cable to the last.
    pub fn time(&self) -> Option<Span> {
        self.crossed.map(|(first, last)| last - first)
    }

    /// The same in three parts: until the first message with data, until the last, and behind it.
    pub fn times(&self) -> Option<[Span; 3]> {
        let ((first, last), (first_data, last_data)) = (self.crossed?, self.data_sent?);
        Some([first_data - first, last_data - first_data, last - last_data])
    }
}

/// Lets a time lie between the first and the last.
fn extend(times: &mut Option<(Instant, Instant)>, at: Option<Instant>) {
    let Some(at) = at else { return };
    let (first, last) = times.unwrap_or((at, at));
    *times = Some((first.min(at), last.max(at)));
}
