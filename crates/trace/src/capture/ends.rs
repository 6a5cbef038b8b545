//! Works out who is at the ends of a cable: which of the two is the IMP, and which host the other one is.
//!
//! The datagrams do not say it. Only an IMP sends an RFNM, or ends a message with an empty datagram; and what one host
//! sends to another is found again, with the other's address exchanged for its own, where it arrives. So is heard what a
//! host says whose own cable is not listened to.

use std::collections::BTreeMap;

use imp1822::h316::Datagram;
use imp1822::{FromImp, HostAddress, Leader, Link, Signal, ToImp};
use machine::{BitWriter, Bits};

/// What the datagrams of one end tell of it.
#[derive(Debug, Default)]
pub(super) struct Manners {
    like_an_imp: u64,
    like_a_host: u64,
    /// Whether a message goes on.
    within: bool,
    /// Whether anything has been taken.
    heard: bool,
}

impl Manners {
    /// Whether nothing has been taken yet.
    pub(super) fn is_new(&self) -> bool {
        !self.heard
    }

    /// Takes the next datagram of this end.
    pub(super) fn take(&mut self, datagram: &Datagram) {
        self.heard = true;
        let words = datagram.words();
        let last = datagram.flags.last();
        let kind = words.first().map(|word| word >> 8 & 0xf);
        match (words, last) {
            // A message ends with an empty datagram.
            ([], true) if self.within => self.like_an_imp += 1,
            ([], _) => {}
            // RFNM, destination dead, incomplete, reset: no host may send these.
            ([_, _], true) if !self.within && matches!(kind, Some(5 | 7 | 9 | 10)) => self.like_an_imp += 1,
            // Text and the end of the message in one.
            ([_, _, _, ..], true) if kind == Some(0) => self.like_a_host += 1,
            _ => {}
        }
        self.within = !last && (self.within || !words.is_empty());
    }

    /// How much more this end is like an IMP than the other one: positive if it is one, 0 if nobody knows.
    pub(super) fn against(&self, other: &Manners) -> i128 {
        let lean = |manners: &Manners| i128::from(manners.like_an_imp) - i128::from(manners.like_a_host);
        lean(self) - lean(other)
    }
}

/// Recognises messages where they arrive, and so learns the addresses of hosts.
#[derive(Debug, Default)]
pub(super) struct Matching {
    sent: BTreeMap<(Link, Vec<u8>), Origin>,
    votes: BTreeMap<(usize, HostAddress), u64>,
}

/// Which cable a text was put on, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Cable {
        cable: usize,
        to: HostAddress,
    },
    /// More than one: a NOP or a reset that hosts send to each other.
    Several,
}

impl Matching {
    /// A host puts a message on its cable.
    pub(super) fn sent(&mut self, cable: usize, bits: &Bits) {
        let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(bits) else { return };
        let Some(text) = text(bits) else { return };
        let origin = Origin::Cable { cable, to };
        let known = self.sent.entry((link, text)).or_insert(origin);
        if *known != origin {
            *known = Origin::Several;
        }
    }

    /// A message reaches a host.
    pub(super) fn received(&mut self, cable: usize, bits: &Bits) {
        let Ok(FromImp::Regular { from, link, .. }) = FromImp::parse(bits) else { return };
        let Some(text) = text(bits) else { return };
        if let Some(Origin::Cable { cable: sender, to }) = self.sent.get(&(link, text)) {
            *self.votes.entry((*sender, from)).or_default() += 1;
            *self.votes.entry((cable, *to)).or_default() += 1;
        }
    }

    /// The address for which most speaks.
    pub(super) fn address(&self, cable: usize) -> Option<HostAddress> {
        let all = HostAddress::from(0)..=HostAddress::from(255);
        let votes = self.votes.range((cable, *all.start())..=(cable, *all.end()));
        // Of several with as many votes the first.
        votes.rev().max_by_key(|(_, count)| **count).map(|((_, address), _)| *address)
    }
}

/// Header and text of a message, without padding.
fn text(bits: &Bits) -> Option<Vec<u8>> {
    let (header, mut text) = ncp::Header::split(bits).ok()?;
    let mut bytes = vec![header.size];
    bytes.extend_from_slice(&header.count.to_be_bytes());
    text.drain_into(&mut bytes);
    Some(bytes)
}

/// What another host has said, by a signal that has reached `host`: the message as that one had it, which named `host` in
/// the leader. Whose own cable nobody listens to is heard so, where his message arrives, and is on record just before that.
pub fn said_by_another(host: HostAddress, received: &Signal) -> Option<(HostAddress, Signal)> {
    let Signal::Message(bits) = received else { return None };
    match FromImp::parse(bits) {
        Ok(FromImp::Regular { from, .. }) if from != host => {
            Some((from, Signal::Message(as_sent(bits, host)?)))
        }
        Ok(_) | Err(_) => None,
    }
}

/// A message that has reached `to`, as its sender had it. `None` if it has no leader.
fn as_sent(bits: &Bits, to: HostAddress) -> Option<Bits> {
    let mut reader = bits.reader();
    let leader = Leader::parse(&mut reader).ok()?;
    let mut writer = BitWriter::new(bits.len());
    Leader { address: to, ..leader }.emit(&mut writer);
    writer.put_bits(reader);
    Some(writer.finish())
}

#[cfg(test)]
mod tests {
    use imp1822::h316::Flags;

    use super::*;

    fn manners(datagrams: &[(u16, &[u16])]) -> Manners {
        let mut manners = Manners::default();
        for (flags, words) in datagrams {
            manners.take(&Datagram::new(0, Flags::from(*flags), words.to_vec()).expect("it is short"));
        }
        manners
    }

    /// A regular message with this text, to or from a host.
    fn message(address: u8, text: &[u8]) -> Bits {
        let header = [0, address, 0, 0, 0, 8, 0, text.len() as u8, 0];
        Bits::from_bytes(&[&header[..], text].concat())
    }

    #[test]
    fn only_an_imp_sends_rfnms_or_ends_with_nothing_and_only_a_host_says_all_at_once() {
        let nobody = Manners::default();
        assert!(manners(&[(3, &[0x0501, 0])]).against(&nobody) > 0, "an RFNM");
        assert!(manners(&[(2, &[1, 0, 8]), (3, &[])]).against(&nobody) > 0, "an empty end");
        assert!(manners(&[(3, &[1, 0, 8])]).against(&nobody) < 0, "text and end in one");
        let unclear = [(3, &[][..]), (3, &[0x0400, 0]), (2, &[0x0501, 0])];
        assert_eq!(manners(&unclear).against(&nobody), 0, "the line, a NOP, a part of something");
        assert!(manners(&[(3, &[1, 0, 8])]).against(&manners(&[(3, &[0x0501, 0])])) < 0);
    }

    #[test]
    fn a_message_that_arrives_tells_both_addresses() {
        let mut matching = Matching::default();
        matching.sent(0, &message(69, b"RTS"));
        let padded = Bits::from_bytes(&[message(3, b"RTS").bytes(), &[0x80, 0]].concat());
        matching.received(1, &padded);
        assert_eq!(matching.address(0), Some(HostAddress::from(3)), "the sender, as the receiver knows it");
        assert_eq!(matching.address(1), Some(HostAddress::from(69)), "the receiver, as the sender knows it");
        assert_eq!(matching.address(2), None);
    }

    #[test]
    fn what_another_says_is_heard_as_he_said_it_and_what_one_says_to_oneself_is_not_heard_twice() {
        let [here, there] = [69, 3].map(HostAddress::from);
        let received = Signal::Message(message(3, b"RTS"));
        assert_eq!(said_by_another(here, &received), Some((there, Signal::Message(message(69, b"RTS")))));
        assert_eq!(said_by_another(there, &received), None, "it is its own");
        let rfnm = FromImp::Rfnm { to: there, link: Link::CONTROL };
        assert_eq!(said_by_another(here, &Signal::Message(rfnm.bits())), None, "the IMP says it");
        assert_eq!(said_by_another(here, &Signal::Ready(true)), None);
    }

    #[test]
    fn what_several_send_tells_nothing() {
        let mut matching = Matching::default();
        matching.sent(0, &message(69, b"RST"));
        matching.sent(2, &message(70, b"RST"));
        matching.received(1, &message(3, b"RST"));
        assert_eq!([0, 1, 2].map(|cable| matching.address(cable)), [None; 3]);
    }
}
