//! The headers around a datagram: link layer, IP, UDP.
//!
//! By hand: of the five headers only the few fields are read that lead to the next one, and a crate for
//! it would still leave the loopback and cooked forms to us.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A UDP datagram in a captured packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Udp<'a> {
    /// The sender.
    pub from: SocketAddr,
    /// The receiver.
    pub to: SocketAddr,
    /// What it carries.
    pub payload: &'a [u8],
    /// How many bytes of what it carries are not in the capture.
    pub missing: usize,
}

/// Why there is no UDP datagram to be read in a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// It is something else.
    Other(Carried),
    /// It is a part of a UDP datagram that was sent in several: they are not put together.
    Fragment,
    /// It ends within a header.
    CutOff,
    /// Packets of this link type are not understood.
    LinkType(u16),
}

/// What a packet carries that holds no UDP datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carried {
    /// Another protocol over IP, by its number.
    Ip(u8),
    /// Something other than IP, by its Ethertype.
    Ether(u16),
    /// A frame of IEEE 802.3, which has a length where others have an Ethertype.
    Length,
    /// What should be IP, and is of no version of it, or contradicts itself.
    NoIp,
}

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Carried::Ip(1) => f.write_str("ICMP"),
            Carried::Ip(2) => f.write_str("IGMP"),
            Carried::Ip(6) => f.write_str("TCP"),
            Carried::Ip(58) => f.write_str("ICMPv6"),
            Carried::Ip(number) => write!(f, "IP protocol {number}"),
            Carried::Ether(0x0806) => f.write_str("ARP"),
            Carried::Ether(0x8847) => f.write_str("MPLS"),
            Carried::Ether(0x8864) => f.write_str("PPPoE"),
            Carried::Ether(0x88cc) => f.write_str("LLDP"),
            Carried::Ether(number) => write!(f, "Ethertype {number:#06x}"),
            Carried::Length => f.write_str("IEEE 802.3 without Ethertype"),
            Carried::NoIp => f.write_str("no IP where IP should be"),
        }
    }
}

/// The numbers of link types (the registry of tcpdump.org) whose packets are understood.
mod link {
    pub(super) const NULL: u16 = 0;
    pub(super) const ETHERNET: u16 = 1;
    /// Older numbers of RAW.
    pub(super) const RAW_OLD: [u16; 2] = [12, 14];
    pub(super) const RAW: u16 = 101;
    pub(super) const LOOP: u16 = 108;
    pub(super) const LINUX_SLL: u16 = 113;
    pub(super) const IPV4: u16 = 228;
    pub(super) const IPV6: u16 = 229;
    pub(super) const LINUX_SLL2: u16 = 276;
}

const ETHERTYPE_IPV4: u16 = 0x0800;
const ETHERTYPE_IPV6: u16 = 0x86dd;
/// A VLAN tag follows: 802.1Q, 802.1ad, and what was used before it.
const ETHERTYPE_VLAN: [u16; 3] = [0x8100, 0x88a8, 0x9100];

/// Lower numbers are lengths.
const LEAST_ETHERTYPE: u16 = 0x0600;

const PROTOCOL_UDP: u8 = 17;

/// Takes bytes from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, bytes: usize) -> Result<&'a [u8], Outside> {
        let (front, rest) = self.0.split_at_checked(bytes).ok_or(Outside::CutOff)?;
        self.0 = rest;
        Ok(front)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Outside> {
        self.take(N)?.try_into().map_err(|_| Outside::CutOff)
    }

    fn byte(&mut self) -> Result<u8, Outside> {
        Ok(self.array::<1>()?[0])
    }

    fn number(&mut self) -> Result<u16, Outside> {
        Ok(u16::from_be_bytes(self.array()?))
    }
}

/// Finds the UDP datagram in a packet of this link type.
pub fn udp(link_type: u16, packet: &[u8]) -> Result<Udp<'_>, Outside> {
    let mut reader = Reader(packet);
    match link_type {
        link::ETHERNET => {
            reader.take(12)?;
            let ethertype = reader.number()?;
            by_ethertype(ethertype, reader)
        }
        link::LINUX_SLL => {
            reader.take(14)?;
            let ethertype = reader.number()?;
            by_ethertype(ethertype, reader)
        }
        link::LINUX_SLL2 => {
            let ethertype = reader.number()?;
            reader.take(18)?;
            by_ethertype(ethertype, reader)
        }
        // What the family is called differs between systems, and so does its byte order: IP itself says what it is.
        link::NULL | link::LOOP => {
            reader.take(4)?;
            ip(reader)
        }
        link::RAW | link::IPV4 | link::IPV6 => ip(reader),
        old if link::RAW_OLD.contains(&old) => ip(reader),
        other => Err(Outside::LinkType(other)),
    }
}

/// Whatever comes before it, an Ethertype may say that a VLAN tag follows, and behind that another Ethertype: in cooked
/// headers, too.
fn by_ethertype(mut ethertype: u16, mut reader: Reader<'_>) -> Result<Udp<'_>, Outside> {
    while ETHERTYPE_VLAN.contains(&ethertype) {
        reader.take(2)?;
        ethertype = reader.number()?;
    }
    match ethertype {
        ETHERTYPE_IPV4 | ETHERTYPE_IPV6 => ip(reader),
        length if length < LEAST_ETHERTYPE => Err(Outside::Other(Carried::Length)),
        other => Err(Outside::Other(Carried::Ether(other))),
    }
}

fn ip(reader: Reader<'_>) -> Result<Udp<'_>, Outside> {
    match reader.0.first().map(|first| first >> 4) {
        Some(4) => ipv4(reader),
        Some(6) => ipv6(reader),
        Some(_) => Err(Outside::Other(Carried::NoIp)),
        None => Err(Outside::CutOff),
    }
}

/// RFC 791, 3.1.
fn ipv4(mut reader: Reader<'_>) -> Result<Udp<'_>, Outside> {
    let header_words = usize::from(reader.byte()? & 0xf);
    reader.byte()?; // type of service
    let total_length = usize::from(reader.number()?);
    reader.number()?; // identification
    let fragment = reader.number()?;
    reader.byte()?; // time to live
    let protocol = reader.byte()?;
    reader.number()?; // header checksum
    let (from, to) = (Ipv4Addr::from(reader.array::<4>()?), Ipv4Addr::from(reader.array::<4>()?));
    reader.take((header_words * 4).checked_sub(20).ok_or(Outside::Other(Carried::NoIp))?)?; // options
    if protocol != PROTOCOL_UDP {
        return Err(Outside::Other(Carried::Ip(protocol)));
    }
    // More fragments, or not the first.
    if fragment & 0x3fff != 0 {
        return Err(Outside::Fragment);
    }
    // What follows is the padding of the frame. A length of 0 was left to be filled in by the card.
    if total_length >= header_words * 4 {
        let data = total_length - header_words * 4;
        reader.0 = reader.0.get(..data).unwrap_or(reader.0);
    }
    header(from.into(), to.into(), reader)
}

/// RFC 8200, 3 and 4.
fn ipv6(mut reader: Reader<'_>) -> Result<Udp<'_>, Outside> {
    reader.take(4)?; // version, traffic class, flow label
    let length = usize::from(reader.number()?);
    let mut next = reader.byte()?;
    reader.byte()?; // hop limit
    let (from, to) = (Ipv6Addr::from(reader.array::<16>()?), Ipv6Addr::from(reader.array::<16>()?));
    if length > 0 {
        reader.0 = reader.0.get(..length).unwrap_or(reader.0);
    }
    loop {
        match next {
            PROTOCOL_UDP => return header(from.into(), to.into(), reader),
            // Hop-by-hop options, routing, destination options: their length is in eight bytes beyond the first.
            0 | 43 | 60 => {
                next = reader.byte()?;
                let more = usize::from(reader.byte()?);
                reader.take(6 + more * 8)?;
            }
            // A fragment, unless it is the only one.
            44 => {
                next = reader.byte()?;
                reader.byte()?;
                if reader.number()? & 0xfff9 != 0 {
                    return Err(match next {
                        PROTOCOL_UDP => Outside::Fragment,
                        other => Outside::Other(Carried::Ip(other)),
                    });
                }
                reader.take(4)?;
            }
            other => return Err(Outside::Other(Carried::Ip(other))),
        }
    }
}

/// RFC 768.
fn header(from: IpAddr, to: IpAddr, mut reader: Reader<'_>) -> Result<Udp<'_>, Outside> {
    let (from_port, to_port) = (reader.number()?, reader.number()?);
    let length = usize::from(reader.number()?);
    reader.number()?; // checksum
    // A length of 0 stands for one that does not fit.
    let payload_length = if length == 0 {
        reader.0.len()
    } else {
        length.checked_sub(8).ok_or(Outside::Other(Carried::NoIp))?
    };
    let payload = reader.0.get(..payload_length).unwrap_or(reader.0);
    Ok(Udp {
        from: SocketAddr::new(from, from_port),
        to: SocketAddr::new(to, to_port),
        payload,
        missing: payload_length - payload.len(),
    })
}

/// A packet that begins with an IPv4 header and carries this. It has a checksum where IPv4 wants one; UDP
/// allows none.
pub(super) fn ipv4_udp(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
    const HEADERS: usize = 20 + 8;
    let mut packet = Vec::with_capacity(HEADERS + payload.len());
    packet.extend_from_slice(&[0x45, 0]); // version 4, five words; type of service
    packet.extend_from_slice(&((HEADERS + payload.len()) as u16).to_be_bytes());
    packet.extend_from_slice(&[0, 0, 0x40, 0]); // identification; don't fragment
    packet.extend_from_slice(&[64, PROTOCOL_UDP, 0, 0]); // time to live, protocol, checksum
    packet.extend_from_slice(&from.0);
    packet.extend_from_slice(&to.0);
    let sum: u32 = packet.chunks_exact(2).map(|word| u32::from(u16::from_be_bytes([word[0], word[1]]))).sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    let checksum = !((folded & 0xffff) + (folded >> 16)) as u16;
    packet[10..12].copy_from_slice(&checksum.to_be_bytes());
    packet.extend_from_slice(&from.1.to_be_bytes());
    packet.extend_from_slice(&to.1.to_be_bytes());
    packet.extend_from_slice(&((8 + payload.len()) as u16).to_be_bytes());
    packet.extend_from_slice(&[0, 0]); // no checksum
    packet.extend_from_slice(payload);
    packet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4() -> Vec<u8> {
        ipv4_udp(([10, 0, 0, 1], 1822), ([10, 255, 0, 1], 4000), b"H316")
    }

    /// An IPv6 packet whose extension headers are these.
    fn v6(first: u8, extensions: &[u8]) -> Vec<u8> {
        let length = (extensions.len() + 12) as u16;
        let mut packet = vec![0x60, 0, 0, 0];
        packet.extend_from_slice(&length.to_be_bytes());
        packet.extend_from_slice(&[first, 64]);
        packet.extend_from_slice(&[0; 15]);
        packet.push(1);
        packet.extend_from_slice(&[0; 15]);
        packet.push(2);
        packet.extend_from_slice(extensions);
        packet.extend_from_slice(&[0x07, 0x1e, 0x0f, 0xa0, 0, 12, 0, 0]);
        packet.extend_from_slice(b"H316");
        packet
    }

    fn behind(header: &[u8], packet: &[u8]) -> Vec<u8> {
        [header, packet].concat()
    }

    #[track_caller]
    fn found(link_type: u16, packet: &[u8]) -> (String, String, String) {
        let udp = udp(link_type, packet).expect("there is a datagram");
        assert_eq!(udp.missing, 0);
        (udp.from.to_string(), udp.to.to_string(), String::from_utf8_lossy(udp.payload).into_owned())
    }

    #[test]
    fn the_header_that_is_written_has_the_checksum_of_rfc_791() {
        let header = &v4()[..20];
        let sum: u32 = header.chunks(2).map(|word| u32::from(word[0]) << 8 | u32::from(word[1])).sum();
        assert_eq!((sum & 0xffff) + (sum >> 16), 0xffff, "with its checksum a header adds up to minus zero");
    }

    #[test]
    fn a_datagram_is_found_behind_every_link_header() {
        let expected = ("10.0.0.1:1822".to_owned(), "10.255.0.1:4000".to_owned(), "H316".to_owned());
        let packet = v4();
        assert_eq!(found(101, &packet), expected, "raw");
        assert_eq!(found(12, &packet), expected, "raw, as it was numbered before");
        assert_eq!(found(228, &packet), expected, "IPv4");
        assert_eq!(found(0, &behind(&[2, 0, 0, 0], &packet)), expected, "loopback, little-endian");
        assert_eq!(found(0, &behind(&[0, 0, 0, 2], &packet)), expected, "loopback, big-endian");
        let ethernet = [&[0; 12][..], &[8, 0]].concat();
        assert_eq!(found(1, &behind(&ethernet, &packet)), expected, "Ethernet");
        let padded = [&behind(&ethernet, &packet)[..], &[0; 14]].concat();
        assert_eq!(found(1, &padded), expected, "Ethernet, filled up to 60 bytes");
        let vlans = [&[0; 12][..], &[0x88, 0xa8, 0, 1, 0x81, 0, 0, 2, 8, 0]].concat();
        assert_eq!(found(1, &behind(&vlans, &packet)), expected, "Ethernet, two VLAN tags");
        assert_eq!(found(113, &behind(&[&[0; 14][..], &[8, 0]].concat(), &packet)), expected, "cooked");
        assert_eq!(found(276, &behind(&[&[8, 0][..], &[0; 18]].concat(), &packet)), expected, "cooked, 2");
        let cooked = [&[0; 14][..], &[0x81, 0, 0, 42, 8, 0]].concat();
        assert_eq!(found(113, &behind(&cooked, &packet)), expected, "cooked, a VLAN tag");
        let cooked = [&[0x81, 0][..], &[0; 18], &[0, 42, 8, 0]].concat();
        assert_eq!(found(276, &behind(&cooked, &packet)), expected, "cooked, 2, a VLAN tag");
    }

    #[test]
    fn ipv6_is_followed_through_its_extension_headers() {
        let expected = ("[::1]:1822".to_owned(), "[::2]:4000".to_owned(), "H316".to_owned());
        assert_eq!(found(101, &v6(17, &[])), expected);
        assert_eq!(found(229, &v6(0, &[60, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0])), expected);
        assert_eq!(found(101, &v6(44, &[17, 0, 0, 0, 0, 0, 0, 9])), expected, "a fragment that is all");
        assert_eq!(udp(101, &v6(44, &[17, 0, 0, 1, 0, 0, 0, 9])), Err(Outside::Fragment), "more follow");
    }

    #[test]
    fn fragments_and_other_things_are_told_apart() {
        let mut packet = v4();
        packet[6] = 0x20;
        assert_eq!(udp(101, &packet), Err(Outside::Fragment), "more fragments");
        packet[6..8].copy_from_slice(&[0, 5]);
        assert_eq!(udp(101, &packet), Err(Outside::Fragment), "a later fragment");
        packet[6..8].copy_from_slice(&[0, 0]);
        packet[9] = 6;
        assert_eq!(udp(101, &packet), Err(Outside::Other(Carried::Ip(6))), "TCP");
        let arp = [&[0; 12][..], &[8, 6]].concat();
        assert_eq!(udp(1, &arp), Err(Outside::Other(Carried::Ether(0x806))), "ARP");
        assert_eq!(udp(105, &packet), Err(Outside::LinkType(105)), "radio");
    }

    #[test]
    fn a_packet_cut_anywhere_is_cut_off_or_says_what_is_missing() {
        for packet in [v4(), v6(0, &[17, 0, 1, 4, 0, 0, 0, 0])] {
            for cut in 0..packet.len() {
                match udp(101, &packet[..cut]) {
                    Ok(udp) => assert_eq!(udp.missing, packet.len() - cut),
                    Err(outside) => assert_eq!(outside, Outside::CutOff, "{cut}"),
                }
            }
        }
    }
}
