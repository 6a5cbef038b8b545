//! Captures: what a writer writes is read again, in whatever form other tools have put it.

mod others;

use std::net::SocketAddr;

use host::Directory;
use imp1822::{FromImp, HostAddress, Leader, Link, Signal, ToImp};
use machine::{BitWriter, Bits, Instant};
use ncp::{Command, Header, Socket};
use trace::capture::{
    AddressSource, Cables, CaptureWriter, Captured, EPOCH_MICROS, Hint, Reading, packets, udp,
};
use trace::{Lens, Names, Record, TapPoint, View, What};

const USER: HostAddress = match HostAddress::new(0, 3) {
    Some(address) => address,
    None => panic!("it is one"),
};
const SERVER: HostAddress = match HostAddress::new(1, 5) {
    Some(address) => address,
    None => panic!("it is one"),
};

/// A message with a leader that names `address`.
fn message(address: HostAddress, link: u8, text: &[u8]) -> Bits {
    let mut writer = BitWriter::new(72 + text.len() * 8 + 8);
    let link = Link::from(link);
    Leader::from(ToImp::Regular { to: address, link, priority: false }).emit(&mut writer);
    Header { size: 8, count: text.len() as u16 }.emit(&mut writer);
    writer.put_bytes(text);
    writer.finish()
}

fn control(address: HostAddress, command: Command) -> Bits {
    let mut writer = BitWriter::new(command.len() * 8);
    command.emit(&mut writer);
    message(address, 0, writer.finish().bytes())
}

/// A message as an IMP delivers it: a one and zeros fill it up to a whole word.
fn padded(signal: Signal) -> Signal {
    let Signal::Message(bits) = signal else { return signal };
    if bits.len() == 32 {
        return Signal::Message(bits);
    }
    let padding = 16 - bits.len() % 16;
    let mut writer = BitWriter::new(bits.len() + padding);
    writer.put_bits(bits.reader());
    writer.put(1 << (padding - 1), padding);
    Signal::Message(writer.finish())
}

/// A user asks a server for a connection, and is sent a text of three packets.
fn records() -> Vec<Record> {
    let rts = Command::Rts { receive: Socket::from(1024), send: Socket::from(2049), link: Link::from(42) };
    let str = Command::Str { send: Socket::from(2049), receive: Socket::from(1024), size: 8 };
    let text = [b'A'; 300];
    let up = Signal::Ready(true);
    let rfnm = |to, link| Signal::Message(FromImp::Rfnm { to, link: Link::from(link) }.bits());
    let (sent, received) = (
        |host, signal| What::Sent { host, signal },
        |host, signal| What::Received { host, signal: padded(signal) },
    );
    let whats = [
        sent(USER, up.clone()),
        received(USER, up.clone()),
        sent(SERVER, up.clone()),
        received(SERVER, up),
        sent(USER, Signal::Message(ToImp::Nop.bits())),
        sent(USER, Signal::Message(control(SERVER, rts))),
        received(SERVER, Signal::Message(control(USER, rts))),
        received(USER, rfnm(SERVER, 0)),
        sent(SERVER, Signal::Message(control(USER, str))),
        received(USER, Signal::Message(control(SERVER, str))),
        received(SERVER, rfnm(USER, 0)),
        sent(SERVER, Signal::Message(message(USER, 42, &text))),
        received(USER, Signal::Message(message(SERVER, 42, &text))),
        received(SERVER, rfnm(USER, 42)),
    ];
    let at = |n: usize| Instant::from_micros(n as u64 * 12_345);
    whats.into_iter().enumerate().map(|(n, what)| Record { at: at(n), cause: None, what }).collect()
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    directory.add("USER", USER);
    directory.add("SERVER", SERVER);
    directory
}

fn captured(records: &[Record]) -> Vec<u8> {
    let mut writer = CaptureWriter::new(
        Vec::new(),
        EPOCH_MICROS,
        [SERVER, USER].map(|host| (host, TapPoint::Lossless)),
        &directory(),
    )
    .expect("a vector has room");
    records.iter().for_each(|record| writer.take(record).expect("a vector has room"));
    writer.finish()
}

/// The packets of one of our captures: when, and from the IP header on.
fn raw(file: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let all = packets(file).expect("it is one");
    all.map(|packet| packet.expect("it is whole"))
        .map(|packet| (packet.micros, packet.data.to_vec()))
        .collect()
}

const LENSES: [Lens; 4] = [Lens::Ncp, Lens::Data, Lens::Imp, Lens::Trouble];

fn transcript(directory: &Directory, records: &[Record]) -> String {
    View::new(&Names::from(directory.clone()), &LENSES).transcript(records)
}

fn read(file: &[u8], hints: &[Hint]) -> Reading {
    let cables = Cables::find(file).expect("it is a capture");
    assert_eq!(cables.error(), None);
    cables.read(hints, Directory::default())
}

/// A pcap file in either byte order.
fn pcap(big: bool, nanos: bool, link_type: u32, head: &[u8], packets: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let number = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let short = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let magic = if nanos { 0xa1b2_3c4d } else { 0xa1b2_c3d4 };
    let mut file =
        [&number(magic)[..], &short(2), &short(4), &[0; 8], &number(65535), &number(link_type)].concat();
    for (micros, data) in packets {
        let fraction = (micros % 1_000_000) as u32 * if nanos { 1000 } else { 1 };
        file.extend(number((micros / 1_000_000) as u32));
        file.extend(number(fraction));
        file.extend([number((head.len() + data.len()) as u32); 2].concat());
        file.extend(head);
        file.extend(data);
    }
    file
}

/// A pcapng file, little-endian, as dumpcap writes it on Linux: nanoseconds, Ethernet, options, statistics.
fn pcapng(packets: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut block = |kind: u32, body: &[u8]| {
        let mut body = body.to_vec();
        body.resize(body.len().next_multiple_of(4), 0);
        let length = (body.len() as u32 + 12).to_le_bytes();
        file.extend([&kind.to_le_bytes()[..], &length, &body, &length].concat());
    };
    let interface =
        [&[1, 0, 0, 0, 0, 0, 4, 0, 2, 0, 4, 0][..], b"eth0", &[9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0]].concat();
    let section = [&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat();
    for half in packets.chunks(packets.len().div_ceil(2)) {
        // The second half is a section of its own.
        block(0x0a0d_0d0a, &section);
        block(1, &interface);
        for (micros, data) in half {
            let nanos = micros * 1000;
            let data = [&[0; 12][..], &[8, 0], data].concat();
            let header = [0, (nanos >> 32) as u32, nanos as u32, data.len() as u32, data.len() as u32];
            let header: Vec<u8> = header.iter().flat_map(|n| n.to_le_bytes()).collect();
            block(6, &[header, data].concat());
        }
        block(5, &[0; 16]);
    }
    file
}

#[test]
fn what_is_captured_reads_as_what_happened() {
    let records = records();
    let file = captured(&records);
    assert_eq!(file, captured(&records), "the same bytes again");
    let reading = read(&file, &[]);
    assert_eq!(transcript(&reading.directory, &reading.records), transcript(&directory(), &records));
    assert_eq!(reading.begins, trace::capture::EPOCH_MICROS);
    assert!(
        reading.cables.iter().all(|cable| cable.is_clear && cable.address_source == AddressSource::Described)
    );
    assert_eq!(reading.cables[0].from_imp.messages_in, 3);
}

#[test]
fn a_capture_has_the_names_of_hosts_whose_cables_are_not_in_it() {
    let mut names = directory();
    names.add("ELSEWHERE", HostAddress::from(4));
    let mut writer = CaptureWriter::new(Vec::new(), EPOCH_MICROS, [(USER, TapPoint::AtHost)], &names)
        .expect("a vector has room");
    records().iter().for_each(|record| writer.take(record).expect("a vector has room"));
    let file = writer.finish();
    let reading = read(&file, &[]);
    let text = transcript(&reading.directory, &reading.records);
    for expected in ["USER -> SERVER", "SERVER -> USER"] {
        assert!(text.contains(expected), "{expected}:\n{text}");
    }
    assert_eq!(reading.directory.name(HostAddress::from(4)), "ELSEWHERE", "no message mentions it");
    assert_eq!(reading.directory.name(HostAddress::from(5)), "host 5", "it has no name");

    // In a capture by other tools the same addresses may belong to any host.
    let cable = b"cable of host ";
    let at = file.windows(cable.len()).position(|bytes| bytes == cable).expect("it says whose cable it is");
    let mut other = file;
    other[at] = b'C';
    assert_eq!(read(&other, &[]).directory.name(HostAddress::from(4)), "host 4");
}

#[test]
fn every_form_of_file_tells_the_same() {
    let packets = raw(&captured(&records()));
    let ethernet = [&[0; 12][..], &[8, 0]].concat();
    let expected = {
        let reading = read(&pcap(true, false, 101, &[], &packets), &[]);
        assert!(
            reading.cables.iter().all(|cable| cable.address_source == AddressSource::Recognised),
            "{:?}",
            reading.cables
        );
        transcript(&reading.directory, &reading.records)
    };
    assert!(expected.contains("host 3 -> host 69  RTS 1024 from 2049 link 42"), "{expected}");
    for (what, file) in [
        ("little-endian, microseconds", pcap(false, false, 101, &[], &packets)),
        ("big-endian, nanoseconds", pcap(true, true, 101, &[], &packets)),
        ("little-endian, nanoseconds, Ethernet", pcap(false, true, 1, &ethernet, &packets)),
        ("loopback", pcap(false, false, 0, &[2, 0, 0, 0], &packets)),
        ("pcapng of two sections", pcapng(&packets)),
    ] {
        let reading = read(&file, &[]);
        assert_eq!(transcript(&reading.directory, &reading.records), expected, "{what}");
    }
}

#[test]
fn a_host_whose_cable_is_not_in_the_capture_is_heard_where_its_messages_arrive() {
    let user: Vec<_> = raw(&captured(&records()))
        .into_iter()
        .filter(|(_, data)| data[12..20].windows(4).any(|ip| ip == [10, 0, 0, 3]))
        .collect();
    let file = pcap(false, false, 101, &[], &user);
    let reading = read(&file, &[]);
    assert_eq!(reading.cables[0].address_source, AddressSource::Invented);
    let text = transcript(&reading.directory, &reading.records);
    assert!(text.contains("10.0.0.3:1822 -> host 69  RTS 1024 from 2049 link 42"), "{text}");
    assert!(text.contains("host 69 -> 10.0.0.3:1822  STR 2049 to 1024 size 8"), "{text}");
    assert!(text.contains("host 69 -> 10.0.0.3:1822  link 42 data 300 x 8 bits"), "{text}");

    let place = "10.0.0.3".parse().expect("it is a place");
    let reading = read(&file, &[Hint::Host(place, USER)]);
    assert_eq!((reading.cables[0].address_source, reading.cables[0].address), (AddressSource::Given, USER));
}

#[test]
fn if_it_cannot_be_seen_who_the_imp_is_it_can_be_said() {
    let nops: Vec<_> = raw(&captured(&records())).into_iter().take(2).collect();
    let file = pcap(false, false, 101, &[], &nops);
    assert!(!read(&file, &[]).cables[0].is_clear, "both have only raised their lines");
    for (imp, is_imp) in [("10.255.0.3:1822", true), ("10.0.0.3", false)] {
        let reading = read(&file, &[Hint::Imp(imp.parse().expect("it is a place"))]);
        let expected: SocketAddr =
            if is_imp { "10.255.0.3:1822" } else { "10.0.0.3:1822" }.parse().expect("an end");
        assert_eq!((reading.cables[0].imp, reading.cables[0].is_clear), (expected, true));
    }
}

#[test]
fn what_was_lost_or_comes_twice_is_told_where_it_happens() {
    let mut packets = raw(&captured(&records()));
    let rts =
        packets.iter().position(|(_, data)| data.len() > 28 + 16 && data[15] == 3).expect("it was sent");
    let twice = packets[rts].clone();
    packets.insert(rts + 1, twice);
    // And the second packet of the text is lost.
    let second =
        packets.iter().rposition(|(_, data)| data.len() == 28 + 12 + 126).expect("there are several");
    packets.remove(second);
    let reading = read(&pcap(true, false, 101, &[], &packets), &[]);
    let text = transcript(&reading.directory, &reading.records);
    for expected in [
        "host 3 -> IMP      datagram 2 comes twice or too late, 3 is expected: dropped",
        "IMP -> host 3      lost: 1 from number ",
        "IMP -> host 3      a message is not whole, ",
    ] {
        assert!(text.contains(expected), "{expected}:\n{text}");
    }
    assert!(!text.contains("arrives on link 42"), "{text}");
    let statistics = reading.cables.iter().map(|cable| cable.from_host + cable.from_imp);
    let all = statistics.reduce(|a, b| a + b).expect("there are two");
    assert_eq!((all.old, all.lost), (1, 1));
}

#[test]
fn what_was_overtaken_on_its_way_to_the_tap_is_understood_as_the_host_understood_it() {
    let mut packets = raw(&captured(&records()));
    // The second packet of the text comes behind the third and the end.
    let second =
        packets.iter().rposition(|(_, data)| data.len() == 28 + 12 + 126).expect("there are several");
    packets[second].0 += 10_000;
    let reading = read(&pcap(true, false, 101, &[], &packets), &[]);
    let text = transcript(&reading.directory, &reading.records);
    assert!(text.contains("link 42 data 300 x 8 bits") && !text.contains("lost: "), "{text}");
    let statistics = reading.cables.iter().map(|cable| cable.from_host + cable.from_imp);
    let all = statistics.reduce(|a, b| a + b).expect("there are two");
    assert_eq!((all.early, all.lost), (2, 0));
}

#[test]
fn a_file_that_is_cut_off_is_read_up_to_there_and_says_where() {
    let file = captured(&records());
    let whole = raw(&file);
    for cut in 0..file.len() {
        match Cables::find(&file[..cut]) {
            Err(error) => assert!(cut < 4, "{cut}: {error}"),
            Ok(cables) => {
                let read = cables.counts().packets as usize;
                assert!(read <= whole.len());
                match cables.error() {
                    Some(error) => assert!(error.to_string().starts_with("byte "), "{error}"),
                    // Between two blocks it is as if the file had ended.
                    None => assert!(cut.is_multiple_of(4), "{cut}"),
                }
            }
        }
    }
    let cables = Cables::find(&file[..file.len() - 1]).expect("its beginning is well");
    assert_eq!(cables.counts().packets as usize, whole.len() - 1);
    let pcap = pcap(true, false, 101, &[], &whole);
    let cables = Cables::find(&pcap[..pcap.len() - 1]).expect("its beginning is well");
    let at = pcap.len() - 16 - whole.last().expect("there are some").1.len();
    assert_eq!(
        cables.error().expect("it is broken").to_string(),
        format!("byte {at}: the file ends within a packet")
    );
}

#[test]
fn errors_say_which_byte() {
    let told = |file: &[u8]| match Cables::find(file) {
        Err(error) => error.to_string(),
        Ok(cables) => cables.error().expect("it is broken").to_string(),
    };
    assert_eq!(told(b""), "this is no capture: it is empty");
    assert_eq!(told(b"%PDF-1.4"), "this is no capture: it begins with \"%PDF\"");
    assert_eq!(told(b"\x89PNG"), "this is no capture: it begins with 0x89 0x50 0x4e 0x47");
    let changed = |at: usize, to: &[u8]| {
        let mut file = captured(&records());
        file[at..at + to.len()].copy_from_slice(to);
        told(&file)
    };
    assert_eq!(changed(8, &[1, 2, 3, 4]), "byte 8: the section's byte order is 0x01020304, which is neither");
    assert_eq!(changed(4, &[0, 0, 0, 10]), "byte 0: a block cannot have a length of 10");
    assert_eq!(
        changed(4, &[0, 0, 0, 16]),
        "byte 0: the block has the length 16 at its beginning and 65536 at its end"
    );
    assert_eq!(changed(4, &[0x7f, 0xff, 0xff, 0xfc]), "byte 0: a block cannot have a length of 2147483644");
    assert_eq!(changed(4, &[0, 0xff, 0xff, 0xfc]), "byte 0: the file ends within a block");
    let file = captured(&records());
    let packet = file.windows(4).position(|kind| kind == [0, 0, 0, 6]).expect("there are packets");
    let interface = changed(packet + 8, &[0, 0, 0, 9]);
    assert_eq!(
        interface,
        format!("byte {packet}: the packet is from interface 9, of which the section has not told")
    );
    let length = changed(packet + 20, &[0xff; 4]);
    assert_eq!(
        length,
        format!("byte {}: the packet of this block cannot have a length of 4294967295", packet + 8)
    );
}

#[test]
fn nothing_that_is_in_a_file_makes_it_panic() {
    let mut state = 1973_u64;
    let mut below = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end
    };
    let ours = captured(&records());
    let packets = raw(&ours);
    for seed in [pcap(false, false, 101, &[], &packets), pcapng(&packets), ours] {
        for _ in 0..1500 {
            let mut file = seed.clone();
            for _ in 0..=below(5) {
                let at = below(file.len());
                match below(3) {
                    0 => file[at] = below(256) as u8,
                    1 => file[at] ^= 1 << below(8),
                    _ => drop(file.remove(at)),
                }
            }
            if let Ok(cables) = Cables::find(&file) {
                let reading = cables.read(&[], Directory::default());
                transcript(&reading.directory, &reading.records);
            }
        }
    }
}

#[test]
fn times_of_all_resolutions_become_microseconds() {
    let packets = raw(&captured(&records()));
    let times = |file: &[u8]| -> Vec<u64> {
        trace::capture::packets(file)
            .expect("it is one")
            .map(|packet| packet.expect("whole").micros)
            .collect()
    };
    let expected: Vec<u64> = packets.iter().map(|(micros, _)| *micros).collect();
    assert_eq!(times(&pcapng(&packets)), expected, "nanoseconds");
    // The same interface, in units of 2 to the -30 seconds.
    let mut file = pcapng(&packets[..1]);
    let option = file.windows(5).position(|bytes| bytes == [9, 0, 1, 0, 9]).expect("it says nanoseconds");
    file[option + 4] = 0x80 | 30;
    let units = u128::from(expected[0]) * 1000;
    assert_eq!(times(&file), [(units * 1_000_000 / (1 << 30)) as u64]);
    file[option + 4] = 0x7f;
    assert_eq!(times(&file), [0], "finer than can be counted");
}

#[test]
fn packets_of_ours_have_headers_that_others_understand() {
    let file = captured(&records());
    let all = packets(&file[..]).expect("it is one");
    let mut ends = Vec::new();
    for packet in all {
        let Captured { interface, data, .. } = packet.expect("it is whole");
        let udp = udp(101, &data).expect("it is a datagram");
        assert!(udp.payload.starts_with(b"H316"));
        ends.push(format!("{interface} {} > {}", udp.from, udp.to));
    }
    assert_eq!(ends[0], "0 10.0.0.3:1822 > 10.255.0.3:1822");
    assert_eq!(ends[2], "1 10.1.0.5:1822 > 10.255.0.5:1822", "host 1 on IMP 5");
}

#[test]
fn a_capture_of_two_interfaces_that_see_the_same_reads_as_one_and_says_it_once() {
    let packets = raw(&captured(&records()));
    let expected = read(&pcap(true, false, 101, &[], &packets), &[]);
    let twice: Vec<_> =
        packets.iter().flat_map(|(at, data)| [(*at, data.clone()), (at + 6, data.clone())]).collect();
    let file = pcap(true, false, 101, &[], &twice);
    let reading = read(&file, &[]);
    assert_eq!(
        transcript(&reading.directory, &reading.records),
        transcript(&expected.directory, &expected.records)
    );
    assert_eq!(reading.violations(), expected.violations());
    let old = reading.cables.iter().map(|cable| (cable.from_host + cable.from_imp).old);
    assert_eq!(old.sum::<u64>(), 0, "no datagram is late, and no peer has restarted");
    let counts = Cables::find(&file).expect("it is a capture").counts().to_string();
    let said = format!(
        "{} packets are in the capture once more, as when two interfaces saw them: read once\n",
        packets.len()
    );
    assert_eq!(counts, said);
}

#[test]
fn vlan_tags_may_stand_in_the_cooked_headers_of_linux() {
    let packets = raw(&captured(&records()));
    let plain = read(&pcap(true, false, 101, &[], &packets), &[]);
    let tagged = [&[0; 14][..], &[0x81, 0, 0, 42, 8, 0]].concat();
    let reading = read(&pcap(true, false, 113, &tagged, &packets), &[]);
    assert_eq!(
        transcript(&reading.directory, &reading.records),
        transcript(&plain.directory, &plain.records)
    );
}

#[test]
fn where_no_cable_is_found_it_is_said_what_there_was_instead() {
    let packets = raw(&captured(&records()))[..2].to_vec();
    let said = |link_type, head: &[u8], packets: &[(u64, Vec<u8>)]| {
        let file = pcap(true, false, link_type, head, packets);
        Cables::find(&file).expect("it is a capture").counts().to_string()
    };
    let mut names = packets.clone();
    names.iter_mut().for_each(|(_, data)| data[28] = b'X');
    assert_eq!(said(101, &[], &names), "left out, as of no cable: 2 UDP that does not begin with H316\n");
    let mpls = [&[0; 12][..], &[0x88, 0x47, 0, 0, 0, 0]].concat();
    assert_eq!(said(1, &mpls, &packets), "left out, as of no cable: 2 MPLS\n");
    let mixed: Vec<_> = packets.iter().chain(&names).cloned().collect();
    let others: Vec<_> = mixed.iter().map(|(at, data)| (*at, data.clone())).collect();
    let mut others = others;
    // Those that do not begin with H316 are of other ends.
    others.iter_mut().filter(|(_, data)| data[28] == b'X').for_each(|(_, data)| data[21] = 99);
    assert_eq!(said(101, &[], &others), "left out, as of no cable: 2 UDP that does not begin with H316\n");
}
