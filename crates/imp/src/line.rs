//! One direction of a line: how fast it is, how long, how often it errs, and how much it has carried.

use std::ops::{Index, IndexMut};

use machine::{Instant, Rate, Span};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::ids::{ImpNumber, LineId, TrunkId};
use crate::packet::{FRAMING_BITS, MAX_PACKET_BITS, PROCESSING, ROUTING_BITS};
use crate::routing::Table;

/// One direction of a line. The other direction is next to it in the list of lines.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// The number of the IMP that sends, and which of its trunks this is.
    pub(crate) from: ImpNumber,
    pub(crate) trunk: TrunkId,
    /// The number of the IMP that receives.
    pub(crate) to: ImpNumber,
    rate: Rate,
    pub(crate) delay: Span,
    /// Whether nothing that is sent arrives.
    failed: bool,
    /// One bit in this many arrives wrong, if any does.
    pub(crate) one_in: Option<u64>,
    seed: u64,
    /// What its errors are drawn from, if it has had any to draw.
    random: Option<Box<ChaCha8Rng>>,
    /// Counts the times that the line was cut: what was under way before means nothing afterwards.
    pub(crate) cuts: u32,
    /// When the last bit of what is being sent will have left.
    free_at: Instant,
    /// Whether it is planned that its sender is called when it is free.
    pub(crate) call_planned: bool,
    /// The estimates in the routing message that is under way. There is never more than one.
    pub(crate) table: Table,
    pub(crate) figures: LineFigures,
}

/// All lines of a subnet, each in its two directions.
#[derive(Debug, Clone)]
pub(crate) struct Lines(Vec<Line>);

impl Lines {
    /// `lines`: each line's directions there and back.
    pub(crate) fn new(lines: impl Iterator<Item = [Line; 2]>) -> Self {
        Lines(lines.flatten().collect())
    }

    /// Has the errors of all lines drawn from a seed.
    pub(crate) fn draw_from(&mut self, seed: u64) {
        for line in &mut self.0 {
            (line.seed, line.random) = (seed, None);
        }
    }

    /// The directions of all lines, there and back in turn.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Line> {
        self.0.iter()
    }

    /// The directions of all lines, to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Line> {
        self.0.iter_mut()
    }

    /// Each direction with its name.
    pub(crate) fn with_ids(&self) -> impl Iterator<Item = (LineId, &Line)> {
        let ids = (0..).flat_map(LineId::both);
        ids.zip(&self.0)
    }

    /// Both directions of all lines between two IMPs.
    pub(crate) fn between(&self, ends: [u8; 2]) -> impl Iterator<Item = &Line> {
        self.0.iter().filter(move |line| line.joins(ends))
    }

    /// The same, to be changed.
    pub(crate) fn between_mut(&mut self, ends: [u8; 2]) -> impl Iterator<Item = &mut Line> {
        self.0.iter_mut().filter(move |line| line.joins(ends))
    }
}

impl Index<LineId> for Lines {
    type Output = Line;
    fn index(&self, line: LineId) -> &Line {
        &self.0[line.index()]
    }
}

impl IndexMut<LineId> for Lines {
    fn index_mut(&mut self, line: LineId) -> &mut Line {
        &mut self.0[line.index()]
    }
}

/// How much one direction of a line has carried since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineFigures {
    /// The number of the IMP that sends.
    pub from: u8,
    /// The number of the IMP that receives.
    pub to: u8,
    /// How long it has been sending.
    pub busy: Span,
    /// How many frames it has sent: packets, acknowledgements alone, routing messages.
    pub packets: u64,
    /// How many bits, framing included.
    pub bits: u64,
    /// How many packets were sent again.
    pub again: u64,
    /// How long its packets have waited for it, all together.
    pub waited: Span,
    /// How many packets have waited for it at once, at most.
    pub longest: usize,
}

impl Line {
    pub(crate) fn new([from, to]: [ImpNumber; 2], rate: Rate, delay: Span) -> Self {
        Line {
            from,
            trunk: TrunkId::new(0),
            to,
            rate,
            delay,
            failed: false,
            one_in: None,
            seed: 0,
            random: None,
            cuts: 0,
            free_at: Instant::START,
            call_planned: false,
            table: Table::empty(),
            figures: LineFigures {
                from: from.get(),
                to: to.get(),
                busy: Span::ZERO,
                packets: 0,
                bits: 0,
                again: 0,
                waited: Span::ZERO,
                longest: 0,
            },
        }
    }

    /// When what is being sent will have left.
    pub(crate) fn free_at(&self) -> Instant {
        self.free_at
    }

    /// Sends `bits`. Returns when the last one arrives, or `None` if the other end cannot make sense of them: the
    /// line has failed, or the check of 24 bits shows an error. (That it would not show one in 16 million errors
    /// is left out.)
    pub(crate) fn send(&mut self, now: Instant, bits: usize, again: bool) -> Option<Instant> {
        let span = self.rate.time_for(bits as u64);
        self.free_at = now + span;
        self.figures.busy += span;
        self.figures.packets += 1;
        self.figures.bits += bits as u64;
        self.figures.again += u64::from(again);
        let arrives = !self.failed && self.one_in.is_none_or(|one_in| self.is_spared(one_in, bits));
        arrives.then_some(self.free_at + self.delay)
    }

    /// Draws whether `bits` bits arrive right if one in `one_in` does not.
    fn is_spared(&mut self, one_in: u64, bits: usize) -> bool {
        let random = self.random.get_or_insert_with(|| Box::new(random_of([self.from, self.to], self.seed)));
        arrives_whole(random, one_in, bits)
    }

    /// When `bits` that are sent at `then` arrive.
    pub(crate) fn arrival(&self, then: Instant, bits: usize) -> Instant {
        then + self.rate.time_for(bits as u64) + self.delay
    }

    /// As if `bits` had been sent at `then`, a while ago. Returns when they arrive, if they do.
    pub(crate) fn has_sent(&mut self, then: Instant, bits: usize) -> Option<Instant> {
        self.free_at = self.free_at.max(then + self.rate.time_for(bits as u64));
        (!self.failed).then(|| self.arrival(then, bits))
    }

    /// The longest time from the start of a packet to its acknowledgement: the packet, a frame that is already on the
    /// way back, the frame that acknowledges, both propagation delays, and the processing at both ends.
    pub(crate) fn round_trip(&self) -> Span {
        let longest = self.rate.time_for(ROUTING_BITS.max(FRAMING_BITS + MAX_PACKET_BITS) as u64);
        longest * 3 + self.delay * 2 + PROCESSING * 2
    }

    /// How fast it is.
    pub(crate) fn rate(&self) -> Rate {
        self.rate
    }

    /// Whether it joins these two IMPs, in either direction.
    fn joins(&self, [a, b]: [u8; 2]) -> bool {
        let ends = [self.from, self.to].map(ImpNumber::get);
        ends == [a, b] || ends == [b, a]
    }

    /// Whether nothing that is sent arrives.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Fails, or works again. What is under way is lost.
    pub(crate) fn set_failed(&mut self, failed: bool) {
        if self.failed != failed {
            self.failed = failed;
            self.cut();
        }
    }

    /// What is under way is lost. The sender goes on to send as it did, and is called as it asked.
    pub(crate) fn cut(&mut self) {
        self.cuts += 1;
    }

    /// The sender stops in the middle of what it sends.
    pub(crate) fn stop(&mut self, now: Instant) {
        self.cut();
        self.free_at = self.free_at.min(now);
        self.call_planned = false;
    }
}

/// What the errors of a direction of a line are drawn from: a stream of its own, so that adding one does not shift others.
fn random_of(ends: [ImpNumber; 2], seed: u64) -> ChaCha8Rng {
    let [from, to] = ends.map(|end| u64::from(end.get()));
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    // Streams of hosts are numbered by addresses, or by few characters: these lie beyond.
    random.set_stream(1 << 32 | from << 8 | to);
    random
}

/// Whether all of `bits` bits arrive right if one in `one_in` does not. Whole numbers only, so that every machine
/// draws the same.
fn arrives_whole(random: &mut ChaCha8Rng, one_in: u64, bits: usize) -> bool {
    // The chances are fractions of 2^63. Squaring builds the power, bit by bit of the exponent.
    const ONE: u128 = 1 << 63;
    let mut factor = ONE - ONE / u128::from(one_in.max(1));
    let mut chance = ONE;
    let mut left = bits;
    while left > 0 {
        if left & 1 == 1 {
            chance = (chance * factor) >> 63;
        }
        factor = (factor * factor) >> 63;
        left >>= 1;
    }
    u128::from(random.random::<u64>() >> 1) < chance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_spoilt_as_often_as_their_bits() {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let mut whole =
            |one_in, bits| (0..10_000).filter(|_| arrives_whole(&mut random, one_in, bits)).count();
        // (1 - 1/100,000)^1176 is 0.9883.
        assert!((9_840..=9_920).contains(&whole(100_000, 1176)));
        // (1 - 1/1000)^1176 is 0.3083.
        assert!((2_900..=3_270).contains(&whole(1_000, 1176)));
        assert_eq!(whole(1, 168), 0, "every bit is wrong");
        assert_eq!(whole(u64::MAX, 168), 10_000);
    }
}
