//! Finds out which hosts the cables of a capture belong to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::Ipv4Addr;

use host::Directory;
use imp1822::h316::Speaker;
use imp1822::{FromImp, HostAddress, Leader, Link, ToImp};
use machine::Bits;
use xxhash_rust::xxh3::xxh3_128;

use super::cable::{AddressSource, Cable};
use super::hint::Hint;
use super::ip::host_at;
use super::pair::Pair;
use super::remark::{Remark, described_host};

/// What the messages of the cables tell of hosts.
#[derive(Debug, Default)]
pub(super) struct Acquaintance {
    matching: Matching,
    mentioned: BTreeSet<HostAddress>,
    /// Those that a regular message is from or for.
    talking: BTreeSet<HostAddress>,
}

impl Acquaintance {
    /// A cable carries a message.
    pub(super) fn hear(&mut self, cable: usize, speaker: Speaker, bits: &Bits) {
        match speaker {
            Speaker::Host => self.matching.sent(cable, bits),
            Speaker::Imp => self.matching.received(cable, bits),
        }
        if let Ok(leader) = Leader::parse(&mut bits.reader()) {
            self.mentioned.insert(leader.address);
            if leader.kind == 0 {
                self.talking.insert(leader.address);
            }
        }
    }

    /// The hosts that messages are from or for.
    pub(super) fn talking(&self) -> &BTreeSet<HostAddress> {
        &self.talking
    }

    /// A number that no host has: of the free ones the highest.
    fn free(&mut self) -> HostAddress {
        let all = (0..=255).rev().map(HostAddress::from);
        let free = all.into_iter().find(|address| !self.mentioned.contains(address));
        let free = free.unwrap_or(HostAddress::from(255));
        self.mentioned.insert(free);
        free
    }

    /// Finds the host's address of each cable and where it was listened to, and adds names for hosts that the directory
    /// does not have. `pairs`: the cables, each in the place of its cable. `names`: those of IPv4 addresses.
    pub(super) fn introduce(
        &mut self,
        pairs: &[Pair],
        names: &BTreeMap<Ipv4Addr, String>,
        hints: &[Hint],
        cables: &mut [Cable],
        directory: &mut Directory,
    ) {
        for (number, (cable, pair)) in cables.iter_mut().zip(pairs).enumerate() {
            let sources = [
                (given(hints, cable), AddressSource::Given),
                (described_host(&pair.interface), AddressSource::Described),
                (self.matching.address(number), AddressSource::Recognised),
            ];
            let found = sources.into_iter().find_map(|(found, how)| Some((found?, how)));
            if let Some((address, how)) = found {
                (cable.address, cable.address_source) = (address, how);
                self.mentioned.insert(address);
            }
            if cable.address_source != AddressSource::Described {
                continue;
            }
            // A capture that lacks the beginning of an end shows less than its writer saw.
            if let (Some(remark), false) = (Remark::on(&pair.interface), pair.begins_late) {
                cable.tap = remark.tap_of_reader();
            }
            if let Some(name) = &pair.interface.name {
                directory.add(name, cable.address);
            }
        }
        // In captures by other tools, names may be of machines that are no hosts of the ARPANET.
        if pairs.iter().any(|pair| described_host(&pair.interface).is_some()) {
            for (ip, name) in names {
                let Some(address) = host_at(ip.octets()) else { continue };
                directory.add(name, address);
                self.mentioned.insert(address);
            }
        }
        for cable in cables.iter_mut().filter(|cable| cable.address_source == AddressSource::Invented) {
            self.invent(cable, directory);
        }
    }

    /// Finds the address of a host whose cable appears when others have been told of: as far as it is said.
    pub(super) fn introduce_late(
        &mut self,
        pair: &Pair,
        hints: &[Hint],
        cable: &mut Cable,
        directory: &mut Directory,
    ) {
        let sources = [
            (given(hints, cable), AddressSource::Given),
            (described_host(&pair.interface), AddressSource::Described),
        ];
        match sources.into_iter().find_map(|(found, how)| Some((found?, how))) {
            Some((address, how)) => (cable.address, cable.address_source) = (address, how),
            None => self.invent(cable, directory),
        }
    }

    fn invent(&mut self, cable: &mut Cable, directory: &mut Directory) {
        cable.address = self.free();
        directory.add(&cable.host.to_string(), cable.address);
    }
}

/// The host that the user says to be at the end of a cable.
fn given(hints: &[Hint], cable: &Cable) -> Option<HostAddress> {
    hints.iter().find_map(|hint| match hint {
        Hint::Host(place, address) => place.holds(cable.host).then_some(*address),
        Hint::Imp(_) => None,
    })
}

/// A text on a link: the link, its length, and a hash of it.
type Text = (Link, usize, u128);

/// No more texts are remembered: a message that has not arrived after as many others is lost.
const REMEMBERED: usize = 1 << 14;

/// Recognises messages where they arrive, and so learns the addresses of hosts.
#[derive(Debug, Default)]
struct Matching {
    sent: BTreeMap<Text, Origin>,
    /// The same texts, in the order in which they were first sent.
    order: VecDeque<Text>,
    votes: BTreeMap<(usize, HostAddress), u64>,
}

/// Where a text was sent.
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
    fn sent(&mut self, cable: usize, bits: &Bits) {
        let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(bits) else { return };
        let Some(text) = text(bits) else { return };
        let origin = Origin::Cable { cable, to };
        let key = (link, text.len(), xxh3_128(&text));
        if let Some(known) = self.sent.get_mut(&key) {
            if *known != origin {
                *known = Origin::Several;
            }
            return;
        }
        self.sent.insert(key, origin);
        self.order.push_back(key);
        if self.order.len() > REMEMBERED
            && let Some(old) = self.order.pop_front()
        {
            self.sent.remove(&old);
        }
    }

    /// A message reaches a host.
    fn received(&mut self, cable: usize, bits: &Bits) {
        let Ok(FromImp::Regular { from, link, .. }) = FromImp::parse(bits) else { return };
        let Some(text) = text(bits) else { return };
        if let Some(Origin::Cable { cable: sender, to }) = self.sent.get(&(link, text.len(), xxh3_128(&text)))
        {
            *self.votes.entry((*sender, from)).or_default() += 1;
            *self.votes.entry((cable, *to)).or_default() += 1;
        }
    }

    /// The address that most messages speak for.
    fn address(&self, cable: usize) -> Option<HostAddress> {
        let all = HostAddress::from(0)..=HostAddress::from(255);
        let votes = self.votes.range((cable, *all.start())..=(cable, *all.end()));
        // Of several with as many votes, the first.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A regular message with this text, to or from a host.
    fn message(address: u8, text: &[u8]) -> Bits {
        let header = [0, address, 0, 0, 0, 8, 0, text.len() as u8, 0];
        Bits::from_bytes(&[&header[..], text].concat())
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
    fn what_several_send_tells_nothing() {
        let mut matching = Matching::default();
        matching.sent(0, &message(69, b"RST"));
        matching.sent(2, &message(70, b"RST"));
        matching.received(1, &message(3, b"RST"));
        assert_eq!([0, 1, 2].map(|cable| matching.address(cable)), [None; 3]);
    }
}
