//! One direction of a line: the packets that wait for it, and when it is free.

use std::collections::VecDeque;

use machine::{Instant, Rate, Span};

use crate::packet::Packet;

/// One direction of a line. The subnet keeps the other direction next to it.
#[derive(Debug)]
pub(crate) struct Line {
    /// The number of the IMP that sends.
    pub(crate) from: u8,
    /// The number of the IMP that receives.
    pub(crate) to: u8,
    pub(crate) rate: Rate,
    pub(crate) delay: Span,
    /// Whether the line itself has failed; it also needs an IMP that is up at each end.
    pub(crate) failed: bool,
    /// Counts the times that the line was cut: what was under way before means nothing afterwards.
    pub(crate) cuts: u32,
    /// When the last bit of what is being sent will have left.
    free_at: Instant,
    hurried: VecDeque<Packet>,
    plain: VecDeque<Packet>,
    figures: LineFigures,
    /// Until when the waiting of the packets in the queue is in the figures.
    waited_until: Instant,
}

/// What one direction of a line has done since the run began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineFigures {
    /// The number of the IMP that sends.
    pub from: u8,
    /// The number of the IMP that receives.
    pub to: u8,
    /// How long it was sending.
    pub busy: Span,
    /// How many packets it began to send.
    pub packets: u64,
    /// How many bits they had, framing included.
    pub bits: u64,
    /// How many of the packets were retransmissions. None so far: lines lose nothing but by being cut.
    pub again: u64,
    /// How long packets waited in its queue, all of them together.
    pub waited: Span,
    /// The most packets that ever waited at once.
    pub longest: usize,
}

/// What to do for a packet that was offered to a line.
#[derive(Debug)]
pub(crate) enum Offered {
    /// Send it: the line is free.
    Send(Packet),
    /// It is the first to wait: look again at that time.
    LookAt(Instant),
    /// It waits behind others.
    Waits,
}

impl Line {
    pub(crate) fn new(from: u8, to: u8, rate: Rate, delay: Span) -> Self {
        Line {
            from,
            to,
            rate,
            delay,
            failed: false,
            cuts: 0,
            free_at: Instant::START,
            hurried: VecDeque::new(),
            plain: VecDeque::new(),
            figures: LineFigures {
                from,
                to,
                busy: Span::ZERO,
                packets: 0,
                bits: 0,
                again: 0,
                waited: Span::ZERO,
                longest: 0,
            },
            waited_until: Instant::START,
        }
    }

    /// What it has done so far. Packets that still wait count up to the last change of the queue.
    pub(crate) fn figures(&self) -> LineFigures {
        self.figures
    }

    /// Enters in the figures how long the packets in the queue have waited since it last changed.
    fn count_waiting(&mut self, now: Instant) {
        let waiting = (self.hurried.len() + self.plain.len()) as u64;
        let since = now.since(self.waited_until).as_micros();
        self.figures.waited = self.figures.waited + Span::from_micros(waiting * since);
        self.waited_until = now;
    }

    /// Offers a packet. As long as any packet waits, exactly one look at the line is due.
    pub(crate) fn offer(&mut self, now: Instant, packet: Packet) -> Offered {
        let first = self.is_empty();
        if first && now >= self.free_at {
            return Offered::Send(packet);
        }
        self.count_waiting(now);
        let queue = if packet.hurries() { &mut self.hurried } else { &mut self.plain };
        queue.push_back(packet);
        self.figures.longest = self.figures.longest.max(self.hurried.len() + self.plain.len());
        if first { Offered::LookAt(self.free_at) } else { Offered::Waits }
    }

    /// The packet that is next: priority packets first (RFC 442).
    pub(crate) fn next(&mut self, now: Instant) -> Option<Packet> {
        self.count_waiting(now);
        self.hurried.pop_front().or_else(|| self.plain.pop_front())
    }

    /// Whether no packet waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.hurried.is_empty() && self.plain.is_empty()
    }

    /// Begins to send `bits`. Answers when the last one leaves, and when it arrives.
    pub(crate) fn send(&mut self, now: Instant, bits: usize) -> (Instant, Instant) {
        let time = self.rate.time_for(bits as u64);
        self.figures.packets += 1;
        self.figures.bits += bits as u64;
        self.figures.busy = self.figures.busy + time;
        self.free_at = now + time;
        (self.free_at, self.free_at + self.delay)
    }

    /// Cuts the line: what is under way is lost. Answers what waited.
    pub(crate) fn cut(&mut self, now: Instant) -> VecDeque<Packet> {
        self.count_waiting(now);
        self.cuts += 1;
        // It would have been sending for so much longer.
        let rest = self.free_at.since(now).as_micros();
        self.figures.busy = Span::from_micros(self.figures.busy.as_micros() - rest);
        self.free_at = now;
        let mut waited = std::mem::take(&mut self.hurried);
        waited.append(&mut self.plain);
        waited
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packet::Body;

    fn packet() -> Packet {
        Packet { from: 1, to: 2, life: 0, number: 0, body: Body::GiveUp }
    }

    #[test]
    fn a_line_counts_what_it_sends_and_how_long_packets_wait() {
        let at = Instant::from_micros;
        let mut line = Line::new(1, 2, Rate::kilobits(50), Span::ZERO);
        line.send(at(0), 500);
        assert!(matches!(line.offer(at(1_000), packet()), Offered::LookAt(free) if free == at(10_000)));
        assert!(matches!(line.offer(at(4_000), packet()), Offered::Waits));
        assert!(line.next(at(10_000)).is_some());
        line.send(at(10_000), 1_000);
        // The third packet still waits when the line is cut, 5 ms after the second began to be sent.
        assert_eq!(line.cut(at(15_000)).len(), 1);
        let figures = line.figures();
        assert_eq!((figures.packets, figures.bits, figures.longest), (2, 1_500, 2));
        assert_eq!(figures.busy, Span::from_millis(15), "10 ms, and 5 of the 20 ms that were cut short");
        assert_eq!(figures.waited, Span::from_millis(9 + 11), "from 1 to 10 ms, and from 4 to 15 ms");
    }
}
