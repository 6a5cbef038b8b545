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
        }
    }

    /// Offers a packet. As long as any packet waits, exactly one look at the line is due.
    pub(crate) fn offer(&mut self, now: Instant, packet: Packet) -> Offered {
        let first = self.is_empty();
        if first && now >= self.free_at {
            return Offered::Send(packet);
        }
        let queue = if packet.hurries() { &mut self.hurried } else { &mut self.plain };
        queue.push_back(packet);
        if first { Offered::LookAt(self.free_at) } else { Offered::Waits }
    }

    /// The packet that is next: priority packets first (RFC 442).
    pub(crate) fn next(&mut self) -> Option<Packet> {
        self.hurried.pop_front().or_else(|| self.plain.pop_front())
    }

    /// Whether no packet waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.hurried.is_empty() && self.plain.is_empty()
    }

    /// Begins to send `bits`. Answers when the last one leaves, and when it arrives.
    pub(crate) fn send(&mut self, now: Instant, bits: usize) -> (Instant, Instant) {
        self.free_at = now + self.rate.time_for(bits as u64);
        (self.free_at, self.free_at + self.delay)
    }

    /// Cuts the line: what is under way is lost. Answers what waited.
    pub(crate) fn cut(&mut self, now: Instant) -> VecDeque<Packet> {
        self.cuts += 1;
        self.free_at = now;
        let mut waited = std::mem::take(&mut self.hurried);
        waited.append(&mut self.plain);
        waited
    }
}
