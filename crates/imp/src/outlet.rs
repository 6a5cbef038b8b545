//! From an IMP into its host: the messages that wait for the cable, and go over it packet by packet.

use std::collections::VecDeque;

use imp1822::{FromImp, LEADER_BITS};
use machine::{Bits, Instant, Span};

use crate::attachment::Attachment;
use crate::ids::MessageId;
use crate::packet::{MAX_PACKET_BITS, end_of_next_packet};
use crate::queue::Queue;
use crate::wires::Wires;

/// A host that does not take a packet that its IMP has for it in this time is dead (RFC 394).
const TARDY: Span = Span::from_secs(30);

/// How much of a message is in the host when its first packet is.
const FIRST_PACKET_BITS: usize = LEADER_BITS + MAX_PACKET_BITS;

/// The IMP's end of a cable, where messages for the host go out.
#[derive(Debug, Clone)]
pub(crate) struct Outlet {
    /// Messages for the host, the one on the cable first.
    queue: Queue<Delivery>,
    /// Since when the packet that is on the cable is there.
    giving_since: Instant,
}

/// A message for a host.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    text: Bits,
    /// Its name, if it came from another IMP's host or this one's; `None` if it is the IMP's own.
    pub(crate) message: Option<MessageId>,
    /// How many bits of it are in the host.
    at: usize,
}

/// A packet that is in the host.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    /// What it was a part of, if that came from a host.
    pub(crate) part: Option<Part>,
    /// The text of the whole message, if this was its last packet.
    pub(crate) text: Option<Bits>,
}

/// A part of a message that is in its host.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) message: MessageId,
    /// How many buffers held it.
    pub(crate) freed: u8,
    /// Whether it was the first one.
    pub(crate) first: bool,
    /// Whether it was the last one.
    pub(crate) last: bool,
    /// Whether the message is longer than one packet.
    pub(crate) long: bool,
    /// How many bits of the message it is.
    pub(crate) bits: usize,
}

impl Delivery {
    /// How many bits of it are in the host when its next packet is.
    fn next_end(&self) -> usize {
        end_of_next_packet(self.at, self.text.len())
    }

    /// Whether a part of it is in the host.
    pub(crate) fn has_begun(&self) -> bool {
        self.at > 0
    }

    /// How many buffers the rest of it takes.
    pub(crate) fn buffers(&self) -> u8 {
        match self.message {
            Some(_) => {
                let left = self.text.len() - self.at.max(LEADER_BITS);
                left.div_ceil(MAX_PACKET_BITS) as u8
            }
            None => 0,
        }
    }
}

impl Given {
    /// Whether the host learns by it that its interface was reset. Only the IMP itself says that.
    pub(crate) fn tells_of_reset(&self) -> bool {
        let own = self.text.as_ref().filter(|_| self.part.is_none());
        own.is_some_and(|text| FromImp::parse(text) == Ok(FromImp::InterfaceReset))
    }
}

impl Outlet {
    /// Nothing goes out.
    pub(crate) fn new() -> Self {
        Outlet { queue: Queue::default(), giving_since: Instant::START }
    }

    /// How many messages wait for the host, or are on the cable.
    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Puts a message on the cable, behind those that wait. `message`: its name, if it came from a host.
    pub(crate) fn push(
        &mut self,
        text: Bits,
        message: Option<MessageId>,
        host: &Attachment,
        wires: &mut Wires,
    ) {
        self.queue.push_back(Delivery { text, message, at: 0 });
        if self.queue.len() == 1 {
            self.give_next(host, wires);
        }
    }

    /// The next packet, if there is one, begins to cross the cable.
    pub(crate) fn give_next(&mut self, host: &Attachment, wires: &mut Wires) {
        if let Some(delivery) = self.queue.front() {
            self.giving_since = wires.now;
            host.begin_to_host(delivery.next_end() - delivery.at, wires);
        }
    }

    /// The packet that was on the cable is in the host.
    pub(crate) fn given(&mut self) -> Option<Given> {
        let delivery = self.queue.front_mut()?;
        let (before, first, from) = (delivery.buffers(), !delivery.has_begun(), delivery.at);
        delivery.at = delivery.next_end();
        let bits = delivery.at - from;
        let freed = before - delivery.buffers();
        let (long, last) = (delivery.text.len() > FIRST_PACKET_BITS, delivery.at == delivery.text.len());
        let part = delivery.message.map(|message| Part { message, freed, first, last, long, bits });
        let text = if last { self.queue.pop_front().map(|delivery| delivery.text) } else { None };
        Some(Given { part, text })
    }

    /// Takes back all messages that came from hosts. What the IMP itself has to say stays. Returns also whether a part of
    /// the first message was on the cable, so that the cable is free now.
    pub(crate) fn take_back(&mut self) -> (VecDeque<Delivery>, bool) {
        let on_cable = self.queue.front().is_some_and(|first| first.message.is_some());
        let all = std::mem::take(&mut *self.queue);
        let (messages, own): (VecDeque<Delivery>, _) =
            all.into_iter().partition(|delivery| delivery.message.is_some());
        *self.queue = own;
        (messages, on_cable)
    }

    /// Whether the host has not taken a packet for too long.
    pub(crate) fn is_tardy(&self, now: Instant) -> bool {
        !self.queue.is_empty() && now.since(self.giving_since) >= TARDY
    }

    /// Throws away all that was to be given to the host. Returns it.
    pub(crate) fn clear(&mut self) -> VecDeque<Delivery> {
        std::mem::take(&mut *self.queue)
    }
}
