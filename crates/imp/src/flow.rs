//! Message numbers between a pair of IMPs, at either end (RFC 442).
//!
//! There is one sequence of 8-bit numbers from each IMP to each other one, whatever the hosts and links. At
//! most four numbers, one after the other, are in use at a time.

use std::collections::VecDeque;

use imp1822::{HostAddress, Link};

use crate::packet::Message;

/// How many messages may be outstanding between a pair of IMPs.
pub(crate) const WINDOW: u8 = 4;

/// A message that has not been answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outstanding {
    pub(crate) number: u8,
    /// The host that sent it.
    pub(crate) from: HostAddress,
    /// How often that host's cable had been cleared.
    pub(crate) cuts: u32,
    /// The host that it is for.
    pub(crate) to: HostAddress,
    pub(crate) link: Link,
}

/// The source's end.
#[derive(Debug, Default)]
pub(crate) struct Outbound {
    oldest: u8,
    next: u8,
    slots: [Option<Outstanding>; WINDOW as usize],
    /// The serial number of the wait for the answer to the oldest message. The others may only have to wait
    /// for that one at their destination: their turn to run out of patience comes when they are the oldest.
    patience: Option<u64>,
    /// The ports that hold a message until a number is free, with the times that their cable was cleared.
    pub(crate) waiting: VecDeque<(HostAddress, u32)>,
}

impl Outbound {
    /// Whether one more message may be sent.
    pub(crate) fn is_open(&self) -> bool {
        self.next.wrapping_sub(self.oldest) < WINDOW
    }

    /// The number that the next message will have.
    pub(crate) fn next(&self) -> u8 {
        self.next
    }

    /// The lowest number that is not answered.
    pub(crate) fn oldest(&self) -> u8 {
        self.oldest
    }

    /// Enters the next message.
    pub(crate) fn enter(&mut self, outstanding: Outstanding) {
        debug_assert!(self.is_open() && outstanding.number == self.next);
        self.slots[slot(outstanding.number)] = Some(outstanding);
        self.next = self.next.wrapping_add(1);
    }

    /// Whether the wait with that serial number goes on.
    pub(crate) fn waits_for(&self, serial: u64) -> bool {
        self.patience == Some(serial)
    }

    /// Whether the wait for the oldest message has not begun.
    pub(crate) fn has_yet_to_wait(&self) -> bool {
        self.oldest != self.next && self.patience.is_none()
    }

    /// The wait for the oldest message begins.
    pub(crate) fn begin_wait(&mut self, serial: u64) {
        debug_assert!(self.has_yet_to_wait());
        self.patience = Some(serial);
    }

    /// A message was answered or is given up. `None`: it had been before. If it was the oldest, the wait for
    /// it is over.
    pub(crate) fn settle(&mut self, number: u8) -> Option<Outstanding> {
        let settled = self.slots[slot(number)].take_if(|outstanding| outstanding.number == number)?;
        if number == self.oldest {
            self.patience = None;
        }
        while self.oldest != self.next && self.slots[slot(self.oldest)].is_none() {
            self.oldest = self.oldest.wrapping_add(1);
        }
        Some(settled)
    }
}

/// The destination's end.
#[derive(Debug)]
pub(crate) struct Inbound {
    /// The life of the source IMP that gives these numbers.
    pub(crate) life: u32,
    /// The next number in order.
    next: u8,
    slots: [Slot; WINDOW as usize],
}

#[derive(Debug, Default)]
enum Slot {
    /// Nothing of the message is here.
    #[default]
    Empty,
    /// Some packets are here: a bit for each.
    Partial { message: Message, have: u8 },
    /// The message is whole and waits for those before it.
    Whole(Message),
    /// The message was delivered ahead of its turn, or refused.
    Done,
}

impl Inbound {
    /// The numbers of a source IMP from which nothing was heard in this life: the first to come is the
    /// lowest that the source waits for.
    pub(crate) fn new(life: u32, oldest: u8) -> Self {
        Inbound { life, next: oldest, slots: Default::default() }
    }

    /// Nothing below `oldest` is expected any more.
    pub(crate) fn give_up_below(&mut self, oldest: u8) {
        // Numbers wrap: those up to 127 ahead are ahead.
        while (1..=i8::MAX as u8).contains(&oldest.wrapping_sub(self.next)) {
            self.slots[slot(self.next)] = Slot::Empty;
            self.next = self.next.wrapping_add(1);
        }
    }

    /// Takes a packet. Answers the message if that makes it whole and it need not wait for its turn.
    pub(crate) fn take(&mut self, number: u8, message: Message, index: u8) -> Option<Message> {
        let slot = self.slot(number)?;
        let mut have = match slot {
            Slot::Empty => 0,
            Slot::Partial { have, .. } => *have,
            // Nothing of it is needed any more.
            Slot::Whole(_) | Slot::Done => return None,
        };
        have |= 1 << index;
        if have.count_ones() < u32::from(message.packets()) {
            *slot = Slot::Partial { message, have };
            None
        } else if message.priority {
            *slot = Slot::Done;
            Some(message)
        } else {
            *slot = Slot::Whole(message);
            None
        }
    }

    /// The host of a message is dead. Answers whether this is the first packet of it to find that out.
    pub(crate) fn refuse(&mut self, number: u8) -> bool {
        let Some(slot) = self.slot(number) else { return false };
        match slot {
            Slot::Empty | Slot::Partial { .. } | Slot::Whole(_) => {
                *slot = Slot::Done;
                true
            }
            // It was delivered or refused before.
            Slot::Done => false,
        }
    }

    /// Refuses all that is here for a host. Answers the numbers.
    pub(crate) fn refuse_all(&mut self, host: HostAddress) -> Vec<u8> {
        let numbers = (0..WINDOW).map(|ahead| self.next.wrapping_add(ahead));
        let theirs = numbers.filter(|number| match &self.slots[slot(*number)] {
            Slot::Partial { message, .. } | Slot::Whole(message) => message.to == host,
            Slot::Empty | Slot::Done => false,
        });
        let theirs: Vec<u8> = theirs.collect();
        theirs.iter().for_each(|number| self.slots[slot(*number)] = Slot::Done);
        theirs
    }

    /// The next whole message in order, with its number.
    pub(crate) fn next_in_order(&mut self) -> Option<(u8, Message)> {
        loop {
            let number = self.next;
            let slot = &mut self.slots[slot(number)];
            match std::mem::take(slot) {
                // Its turn has come.
                Slot::Whole(message) => {
                    self.next = number.wrapping_add(1);
                    return Some((number, message));
                }
                // Nothing is left to do for it: on to the next.
                Slot::Done => self.next = number.wrapping_add(1),
                // The rest must wait for it.
                missing @ (Slot::Empty | Slot::Partial { .. }) => {
                    *slot = missing;
                    return None;
                }
            }
        }
    }

    /// The place of a message whose number is in use.
    fn slot(&mut self, number: u8) -> Option<&mut Slot> {
        (number.wrapping_sub(self.next) < WINDOW).then(|| &mut self.slots[slot(number)])
    }
}

fn slot(number: u8) -> usize {
    usize::from(number % WINDOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use imp1822::Leader;
    use machine::Bits;

    fn message(priority: bool) -> Message {
        let leader = Leader { address: HostAddress::from(69), priority, ..Leader::of_kind(0) };
        Message::take(HostAddress::from(1), leader, &Bits::from_bytes(&[0; 4]))
    }

    fn in_order(inbound: &mut Inbound) -> Vec<u8> {
        std::iter::from_fn(|| inbound.next_in_order()).map(|(number, _)| number).collect()
    }

    #[test]
    fn priority_messages_overtake_and_the_others_keep_their_order() {
        // The first example of RFC 442, page 4.
        let mut inbound = Inbound::new(1, 11);
        assert!(inbound.take(13, message(true), 0).is_some(), "13 has priority");
        assert!(inbound.take(12, message(true), 0).is_some(), "so has 12");
        assert!(inbound.take(14, message(false), 0).is_none());
        assert_eq!(in_order(&mut inbound), [], "14 waits for 11");
        assert!(inbound.take(11, message(false), 0).is_none());
        assert_eq!(in_order(&mut inbound), [11, 14]);
    }

    #[test]
    fn numbers_go_on_at_zero_after_255() {
        let mut inbound = Inbound::new(1, 254);
        for number in [1, 0, 255, 254] {
            inbound.take(number, message(false), 0);
        }
        assert_eq!(in_order(&mut inbound), [254, 255, 0, 1]);
    }

    #[test]
    fn what_the_source_gave_up_holds_nothing_back() {
        let mut inbound = Inbound::new(1, 254);
        inbound.take(0, message(false), 0);
        inbound.give_up_below(0);
        assert_eq!(in_order(&mut inbound), [0], "254 and 255 are given up");
        inbound.take(255, message(false), 0);
        assert_eq!(in_order(&mut inbound), [], "what comes late is ignored");
        inbound.give_up_below(200);
        inbound.take(1, message(false), 0);
        assert_eq!(in_order(&mut inbound), [1], "a late packet does not turn the numbers back");
    }

    #[test]
    fn an_answer_counts_once_and_only_the_oldest_is_waited_for() {
        let mut outbound = Outbound::default();
        let host = HostAddress::from(1);
        for number in 0..WINDOW {
            assert!(outbound.is_open(), "message {number} is one of the first four");
            outbound.enter(Outstanding { number, from: host, cuts: 0, to: host, link: Link::CONTROL });
        }
        assert!(!outbound.is_open(), "four are outstanding");
        outbound.begin_wait(70);
        assert!(outbound.settle(5).is_none(), "nobody sent it, though 1 would have its place");
        assert!(outbound.settle(1).is_some());
        assert!(!outbound.is_open(), "0 is still outstanding, and 4 is four numbers ahead of it");
        assert!(outbound.settle(1).is_none(), "it was answered");
        assert!(outbound.waits_for(70), "the answer to 1 says nothing about 0");
        assert!(outbound.settle(0).is_some());
        assert_eq!(outbound.oldest(), 2);
        assert!(!outbound.waits_for(70) && outbound.has_yet_to_wait(), "the wait for 2 begins anew");
        assert!(outbound.is_open());
    }
}
