//! Finds out which hosts the cables of a capture belong to.

use std::collections::{BTreeMap, BTreeSet};

use host::Directory;
use imp1822::h316::{Heard, Speaker};
use imp1822::{FromImp, HostAddress, Leader, Link, Signal, ToImp};
use machine::Bits;

use super::cable::{AddressSource, Cable};
use super::datagrams::Datagrams;
use super::hint::Hint;
use super::ip::host_at;
use super::listen::Said;
use super::remark::{Remark, described_host};

/// Finds the hosts' addresses and where their cables were listened to, and adds names for hosts that the directory does
/// not have. `of_pairs`: which cable a pair is, by its place.
pub(super) fn find(
    datagrams: &Datagrams<'_>,
    hints: &[Hint],
    said: &[Said],
    of_pairs: &[Option<usize>],
    cables: &mut [Cable],
    directory: &mut Directory,
) {
    let mut matching = Matching::default();
    let mut mentioned = BTreeSet::new();
    for Said { cable, speaker, heard, .. } in said {
        let Heard::Signal(Signal::Message(bits)) = heard else { continue };
        match speaker {
            Speaker::Host => matching.sent(*cable, bits),
            Speaker::Imp => matching.received(*cable, bits),
        }
        mentioned.extend(mentions(bits));
    }
    for (number, cable) in cables.iter_mut().enumerate() {
        let given = hints.iter().find_map(|hint| match hint {
            Hint::Host(place, address) => place.holds(cable.host).then_some(*address),
            Hint::Imp(_) => None,
        });
        let pair = of_pairs.iter().position(|of| *of == Some(number)).map(|pair| &datagrams.pairs[pair]);
        let interface = pair.map(|pair| datagrams.interface_of(pair));
        let sources = [
            (given, AddressSource::Given),
            (interface.and_then(described_host), AddressSource::Described),
            (matching.address(number), AddressSource::Recognised),
        ];
        if let Some((address, how)) = sources.into_iter().find_map(|(found, how)| Some((found?, how))) {
            (cable.address, cable.address_source) = (address, how);
            mentioned.insert(address);
        }
        if cable.address_source != AddressSource::Described {
            continue;
        }
        // A capture that lacks the beginning of an end shows less than its writer saw.
        let begins_late = pair.is_none_or(|pair| pair.begins_late);
        if let (Some(remark), false) = (interface.and_then(Remark::on), begins_late) {
            cable.tap = remark.tap_of_reader();
        }
        if let Some(name) = interface.and_then(|interface| interface.name.as_ref()) {
            directory.add(name, cable.address);
        }
    }
    // In captures by other tools, names may be of machines that are no hosts of the ARPANET.
    if datagrams.cables().any(|(_, pair)| described_host(datagrams.interface_of(pair)).is_some()) {
        for (ip, name) in &datagrams.names {
            let Some(address) = host_at(ip.octets()) else { continue };
            directory.add(name, address);
            mentioned.insert(address);
        }
    }
    let mut free = (0..=255).rev().map(HostAddress::from).filter(|address| !mentioned.contains(address));
    for cable in cables.iter_mut().filter(|cable| cable.address_source == AddressSource::Invented) {
        cable.address = free.next().unwrap_or(HostAddress::from(255));
        directory.add(&cable.host.to_string(), cable.address);
    }
}

/// The host that a message names in its leader.
fn mentions(bits: &Bits) -> Option<HostAddress> {
    Leader::parse(&mut bits.reader()).ok().map(|leader| leader.address)
}

/// Recognises messages where they arrive, and so learns the addresses of hosts.
#[derive(Debug, Default)]
struct Matching {
    sent: BTreeMap<(Link, Vec<u8>), Origin>,
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
        let known = self.sent.entry((link, text)).or_insert(origin);
        if *known != origin {
            *known = Origin::Several;
        }
    }

    /// A message reaches a host.
    fn received(&mut self, cable: usize, bits: &Bits) {
        let Ok(FromImp::Regular { from, link, .. }) = FromImp::parse(bits) else { return };
        let Some(text) = text(bits) else { return };
        if let Some(Origin::Cable { cable: sender, to }) = self.sent.get(&(link, text)) {
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
