//! What a run measures: figures as data, without words.
//!
//! All arithmetic is in whole numbers, so that figures are the same on every machine; halves are rounded up.

use imp::LineFigures;
use imp1822::HostAddress;
use machine::{Instant, Span};

/// Something that was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figures {
    /// How long a message and its RFNM take.
    RoundTrip(RoundTrip),
    /// How many data bits arrive in a second.
    Throughput(Throughput),
    /// What the lines carried.
    Lines(Lines),
    /// What became of all traffic of the run.
    Traffic(TrafficTotal),
}

/// From the first bit of a message on its host's cable to the last bit of its RFNM there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundTrip {
    /// The host that sent.
    pub from: HostAddress,
    /// How many messages of each size went to each host.
    pub messages: u32,
    /// One for each destination and size.
    pub rows: Vec<RoundTripRow>,
}

/// The round trips of messages of one size to one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundTripRow {
    /// The destination.
    pub to: HostAddress,
    /// How many lines lie between the IMPs of the two hosts.
    pub hops: usize,
    /// Data bits of a message.
    pub bits: u16,
    /// The times, unless no message was answered with a RFNM.
    pub spread: Option<Spread>,
    /// How many messages were answered with something else, or not at all.
    pub lost: u64,
}

/// How a number of times are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// The shortest.
    pub least: Span,
    /// The mean, in whole microseconds.
    pub mean: Span,
    /// The 90th percentile: the shortest of the times that nine of ten do not exceed.
    pub ninetieth: Span,
    /// The longest.
    pub greatest: Span,
}

/// How many data bits arrived at the destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Throughput {
    /// The host that sent.
    pub from: HostAddress,
    /// How long was counted.
    pub span: Span,
    /// How long was sent before that.
    pub warm_up: Span,
    /// One for each destination, size and number of links.
    pub rows: Vec<ThroughputRow>,
}

/// The messages of one size that arrived on a number of links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThroughputRow {
    /// The destination.
    pub to: HostAddress,
    /// How many lines lie between the IMPs of the two hosts.
    pub hops: usize,
    /// Data bits of a message.
    pub bits: u16,
    /// On how many links messages were sent.
    pub links: u8,
    /// How many messages arrived.
    pub messages: u64,
}

/// What the lines carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// In how much time.
    pub span: Span,
    /// How many of them to show.
    pub busiest: usize,
    /// What each direction of each line carried in the time, the busiest first. The longest queue is the longest since
    /// the run began.
    pub rows: Vec<LineFigures>,
}

/// What became of all traffic of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrafficTotal {
    /// How many hosts sent.
    pub senders: usize,
    /// When the first began to send.
    pub begun: Instant,
    /// When the last ceased.
    pub ended: Instant,
    /// What became of their messages.
    pub tally: Tally,
}

/// What became of messages that were generated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages that were to be sent.
    pub offered: u64,
    /// Those of them that were never sent, because too many others were waiting.
    pub held_back: u64,
    /// Messages put on a cable.
    pub sent: u64,
    /// Messages answered with a RFNM.
    pub rfnms: u64,
    /// Messages answered with destination dead.
    pub dead: u64,
    /// Messages answered with incomplete transmission, or error in data.
    pub incomplete: u64,
    /// From the first bit of a message on the cable to the last bit of its RFNM, all of them together.
    pub round_trips: Span,
    /// The longest of these times.
    pub longest: Span,
}

impl Figures {
    /// What it is, in the words of the scenario language.
    pub fn what(&self) -> &'static str {
        match self {
            Figures::RoundTrip(_) => "round trip",
            Figures::Throughput(_) => "throughput",
            Figures::Lines(_) => "lines",
            Figures::Traffic(_) => "traffic",
        }
    }
}

impl Spread {
    /// How these times are spread, or `None` of no times. They are sorted on the way.
    pub fn of(times: &mut [Span]) -> Option<Spread> {
        times.sort_unstable();
        let (least, greatest) = (*times.first()?, *times.last()?);
        let sum: u64 = times.iter().map(|time| time.as_micros()).sum();
        let number = times.len() as u64;
        let mean = Span::from_micros((sum * 2 + number) / (number * 2));
        // The nearest rank: of ten times the ninth, of eleven the tenth.
        let ninetieth = times[(times.len() * 9).div_ceil(10) - 1];
        Some(Spread { least, mean, ninetieth, greatest })
    }
}

impl Throughput {
    /// Data bits a second.
    pub fn rate(&self, row: &ThroughputRow) -> u64 {
        let bits = u128::from(row.messages) * u128::from(row.bits) * 1_000_000;
        let span = u128::from(self.span.as_micros().max(1));
        ((bits * 2 + span) / (span * 2)) as u64
    }
}

/// What a line carried between two readings of its figures. The longest queue is that of the later reading.
pub fn carried_since(before: &LineFigures, now: &LineFigures) -> LineFigures {
    let span = |now: Span, before: Span| Span::from_micros(now.as_micros() - before.as_micros());
    LineFigures {
        busy: span(now.busy, before.busy),
        packets: now.packets - before.packets,
        bits: now.bits - before.bits,
        again: now.again - before.again,
        waited: span(now.waited, before.waited),
        ..*now
    }
}

impl Tally {
    /// Adds what became of other messages.
    pub fn add(&mut self, other: &Tally) {
        let Tally { offered, held_back, sent, rfnms, dead, incomplete, round_trips, longest } = other;
        self.offered += offered;
        self.held_back += held_back;
        self.sent += sent;
        self.rfnms += rfnms;
        self.dead += dead;
        self.incomplete += incomplete;
        self.round_trips += *round_trips;
        self.longest = self.longest.max(*longest);
    }

    /// Messages that were sent and had no answer.
    pub fn unanswered(&self) -> u64 {
        self.sent - self.rfnms - self.dead - self.incomplete
    }
}
