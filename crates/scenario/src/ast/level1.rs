//! What hosts at level 1 do: traffic, and measurements.

use std::ops::RangeInclusive;
use std::sync::Arc;

use imp1822::HostAddress;
use machine::Span;

/// Traffic begins or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Traffic {
    /// Hosts begin to send, besides what they send already.
    Begins(Arc<Generator>),
    /// All traffic ends.
    Stops,
}

/// Hosts that send messages at random.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generator {
    /// The mean gap between two messages of one host.
    pub gap: Span,
    /// Who sends.
    pub from: Vec<HostAddress>,
    /// To whom: each destination as often as any other. No host sends to itself.
    pub to: Vec<HostAddress>,
    /// How long the messages are.
    pub sizes: Vec<Size>,
}

/// One of the sizes of messages, and how often it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Data bits, the leader not counted.
    pub bits: u16,
    /// Its share, in relation to those of the other sizes.
    pub share: u8,
}

/// Something to be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measurement {
    /// How long it takes from the first bit of a message on its cable to the last bit of its RFNM there.
    RoundTrip {
        /// Who sends.
        from: HostAddress,
        /// To whom.
        to: Vec<Target>,
        /// Data bits of a message.
        sizes: Vec<u16>,
        /// How many messages of each size to each host.
        messages: u32,
        /// How long to wait before each of them: a span drawn from this range.
        pause: RangeInclusive<Span>,
    },
    /// How many data bits arrive in a second.
    Throughput {
        /// Who sends.
        from: HostAddress,
        /// To whom.
        to: Vec<Target>,
        /// On how many links at once.
        links: Vec<u8>,
        /// Data bits of a message.
        sizes: Vec<u16>,
        /// How long to count.
        span: Span,
        /// How long to send before that.
        warm_up: Span,
    },
    /// What the lines between the IMPs carry.
    Lines {
        /// How long to look; without a span, what they have carried so far.
        span: Option<Span>,
        /// How many of them to tell about.
        busiest: usize,
    },
}

/// A destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The host.
    pub host: HostAddress,
    /// How many lines lie between its IMP and that of the source.
    pub hops: usize,
}

impl Traffic {
    /// The hosts that take part.
    pub fn hosts(&self) -> impl Iterator<Item = HostAddress> {
        let plan = match self {
            Traffic::Begins(plan) => Some(plan),
            Traffic::Stops => None,
        };
        plan.into_iter().flat_map(|plan| plan.from.iter().chain(&plan.to).copied())
    }
}

impl Measurement {
    /// The hosts that take part.
    pub fn hosts(&self) -> impl Iterator<Item = HostAddress> {
        let (from, to) = match self {
            Measurement::RoundTrip { from, to, .. } | Measurement::Throughput { from, to, .. } => {
                (Some(*from), to.as_slice())
            }
            Measurement::Lines { .. } => (None, [].as_slice()),
        };
        from.into_iter().chain(to.iter().map(|target| target.host))
    }

    /// It cannot be done in less.
    pub fn least_span(&self) -> Span {
        let (times, span) = match self {
            Measurement::RoundTrip { to, sizes, messages, pause, .. } => {
                (to.len() as u64 * sizes.len() as u64 * u64::from(*messages), *pause.start())
            }
            Measurement::Throughput { to, links, sizes, span, warm_up, .. } => {
                ((to.len() * links.len() * sizes.len()) as u64, *span + *warm_up)
            }
            Measurement::Lines { span, .. } => (1, span.unwrap_or_default()),
        };
        Span::from_micros(span.as_micros().saturating_mul(times))
    }
}
