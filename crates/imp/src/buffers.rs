//! The packet buffers of an IMP, and who may have how many (RFC 442, Buffer Allocation; RFC 619).

use crate::packet::MOST_PACKETS;

/// How many packet buffers an IMP of January 1973 has (RFC 442).
const ALL: u8 = 40;

/// How many of them may be promised to, or hold, what is being put together for the IMP's own hosts (RFC 442).
const REASSEMBLY: u8 = 32;

/// How many may hold packets that are to leave on a line, and the copies of single packets that are kept until
/// they are answered (RFC 442 says 24 or 25).
const FORWARDING: u8 = 24;

/// How many buffers and queue places new packets must leave free for transit packets (the figure is RFC 619's).
const LEFT_TO_TRANSIT: u8 = 3;

/// How many buffers, and places in the queue of its next line, a packet must leave to others that have come further: one
/// less for each line that it has crossed.
///
/// So a packet that has crossed more lines may use a buffer that packets with fewer may not. That prevents
/// store-and-forward deadlock, in which IMPs are full of packets for each other, for up to three lines. The documents do
/// not say how the network of 1973 did it. Without this, 128 transfers at once on a net of 64 IMPs lost messages, and a
/// ring of nine IMPs stood still.
pub(crate) fn left_to_others(crossed: u8) -> u8 {
    LEFT_TO_TRANSIT.saturating_sub(crossed)
}

/// How many buffers are in use, and for what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Buffers {
    /// With a packet in each that a line has yet to deliver.
    forwarding: u8,
    /// With the copy of a single packet from an own host in each.
    copies: u8,
    /// Promised, or with a packet for an own host in each.
    reassembly: u8,
}

/// What the buffer of a packet that waits for a line counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// It is free as soon as the line has delivered the packet.
    Forwarding,
    /// It holds the copy of a single packet, and stays until that is answered.
    Copy,
}

impl Buffers {
    /// Takes a buffer for a packet that has crossed `crossed` lines, if there is one.
    pub(crate) fn take_for_transit(&mut self, crossed: u8) -> bool {
        let room = self.has_forwarding(left_to_others(crossed));
        self.forwarding += u8::from(room);
        room
    }

    /// Takes a buffer for a packet of an own host, if there is one.
    pub(crate) fn take_for_host(&mut self, room: Room) -> bool {
        // One more is left to the single packet of which `reserve_in_turn` tells.
        if !self.has_forwarding(left_to_others(0) + 1) {
            return false;
        }
        match room {
            Room::Forwarding => self.forwarding += 1,
            Room::Copy => self.copies += 1,
        }
        true
    }

    /// A line has delivered a packet, or it was thrown away.
    pub(crate) fn delivered(&mut self, room: Room) {
        match room {
            Room::Forwarding => self.forwarding -= 1,
            Room::Copy => {}
        }
    }

    /// A single packet is answered: its copy is not needed any more.
    pub(crate) fn drop_copy(&mut self) {
        self.copies -= 1;
    }

    /// Takes `packets` buffers to put a message together in, if there are as many.
    pub(crate) fn reserve(&mut self, packets: u8) -> bool {
        self.reserve_up_to(REASSEMBLY, packets, 0)
    }

    /// Takes a buffer for a single packet whose turn it is to be delivered. One buffer more than others may use
    /// is set aside for such: otherwise messages whose turn it is not could fill all, and wait for ever for the one
    /// that has no room (RFC 626 shows how, and asks for this remedy).
    pub(crate) fn reserve_in_turn(&mut self) -> bool {
        self.reserve_up_to(REASSEMBLY + 1, 1, 0)
    }

    /// Takes a buffer for a single packet that has to wait for others, if that leaves room for a whole message:
    /// the one that it waits for may need it (RFC 626).
    pub(crate) fn reserve_out_of_turn(&mut self) -> bool {
        self.reserve_up_to(REASSEMBLY, 1, MOST_PACKETS)
    }

    fn reserve_up_to(&mut self, most: u8, packets: u8, left: u8) -> bool {
        let room = self.reassembly + packets + left <= most
            && self.used() + packets + left + left_to_others(0) <= ALL;
        if room {
            self.reassembly += packets;
        }
        room
    }

    /// Gives back buffers that were reserved.
    pub(crate) fn release(&mut self, packets: u8) {
        self.reassembly -= packets;
    }

    /// How many are free.
    pub(crate) fn free(&self) -> u8 {
        ALL.saturating_sub(self.used())
    }

    /// How many hold packets that are to leave, or copies of such.
    pub(crate) fn store_and_forward(&self) -> u8 {
        self.forwarding + self.copies
    }

    /// How many are promised to, or hold, what is put together for own hosts.
    pub(crate) fn reassembly(&self) -> u8 {
        self.reassembly
    }

    /// Whether all are free.
    pub(crate) fn are_free(&self) -> bool {
        self.used() == 0
    }

    fn has_forwarding(&self, left: u8) -> bool {
        self.forwarding + self.copies + left < FORWARDING && self.used() + left < ALL
    }

    fn used(&self) -> u8 {
        self.forwarding + self.copies + self.reassembly
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_kind_of_traffic_shuts_the_other_out() {
        let mut buffers = Buffers::default();
        let messages = std::iter::repeat_with(|| buffers.reserve(8)).take_while(|room| *room).count();
        assert_eq!(messages, 4, "32 buffers hold four long messages");
        let passing = std::iter::repeat_with(|| buffers.take_for_transit(3)).take_while(|room| *room).count();
        assert_eq!(passing, 8, "eight of forty are left to what passes through");

        let mut buffers = Buffers::default();
        let passing = std::iter::repeat_with(|| buffers.take_for_transit(3)).take_while(|room| *room).count();
        assert_eq!(passing, 24);
        let messages = std::iter::repeat_with(|| buffers.reserve(8)).take_while(|room| *room).count();
        assert_eq!(
            messages, 1,
            "sixteen of forty are left to what arrives, but three of them to what passes"
        );
    }

    #[test]
    fn own_hosts_leave_some_to_what_passes_through() {
        let mut buffers = Buffers::default();
        let mut own = || buffers.take_for_host(Room::Copy);
        assert_eq!(std::iter::repeat_with(&mut own).take_while(|room| *room).count(), 20);
        for crossed in 0..=3 {
            assert!(
                buffers.take_for_transit(crossed),
                "there is room for one that has crossed {crossed} lines"
            );
            let again = crossed < 3 && buffers.take_for_transit(crossed);
            assert!(!again, "and the next is left to those that have crossed more");
        }
    }

    #[test]
    fn one_buffer_is_set_aside_for_the_single_packet_whose_turn_it_is() {
        let mut buffers = Buffers::default();
        (0..4).for_each(|_| assert!(buffers.reserve(8)));
        assert!(!buffers.reserve(1) && !buffers.reserve_out_of_turn());
        assert!(buffers.reserve_in_turn());
        assert!(!buffers.reserve_in_turn(), "there is only one such");
    }
}
