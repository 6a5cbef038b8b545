//! TrafficGenerator hosts as machines, with an IMP that says what the test says.

use std::collections::BTreeMap;

use imp1822::{Dead, Incomplete};

use super::*;
use scenario::ast::Size;

const HERE: u8 = 1;
const THERE: u8 = 70;
const ELSEWHERE: u8 = 2;

fn at(micros: u64) -> Instant {
    Instant::from_micros(micros)
}

fn host(number: u8) -> HostAddress {
    HostAddress::from(number)
}

fn up() -> TrafficGenerator {
    let mut generator = TrafficGenerator::new("UCLA-NMC", host(HERE), 0);
    assert_eq!(generator.poll(), Some(Signal::Ready(true)), "the ready line is raised first");
    generator.handle(at(0), Signal::Ready(true));
    assert!(sent(&mut generator).is_empty(), "nothing but NOPs: {generator:?}");
    generator
}

/// The regular messages that the host puts on its cable: to whom, on which link, how many data bits.
fn sent(generator: &mut TrafficGenerator) -> Vec<(u8, u8, usize)> {
    let mut messages = Vec::new();
    while let Some(signal) = generator.poll() {
        let Signal::Message(bits) = signal else { continue };
        match ToImp::parse(&bits) {
            Ok(ToImp::Regular { to, link, .. }) => {
                messages.push((to.number(), link.number(), bits.len() - LEADER_BITS));
            }
            other => assert_eq!(other, Ok(ToImp::Nop)),
        }
    }
    messages
}

fn says(generator: &mut TrafficGenerator, micros: u64, message: FromImp) {
    generator.handle(at(micros), Signal::Message(message.bits()));
}

fn rfnm(to: u8, link: u8) -> FromImp {
    FromImp::Rfnm { to: host(to), link: Link::from(link) }
}

fn plan(gap: Span, to: &[u8], sizes: &[(u16, u8)]) -> Arc<Generator> {
    let sizes = sizes.iter().map(|(bits, share)| Size { bits: *bits, share: *share }).collect();
    let to = to.iter().map(|to| host(*to)).collect();
    Arc::new(Generator { gap, from: vec![host(HERE)], to, sizes })
}

#[test]
fn a_link_is_not_used_again_before_its_rfnm() {
    let mut generator = up();
    generator.saturate(at(0), host(THERE), 1000, 2);
    assert_eq!(sent(&mut generator), [(THERE, 159, 1000), (THERE, 160, 1000)], "one message on each link");
    says(&mut generator, 40_000, rfnm(THERE, 160));
    assert_eq!(sent(&mut generator), [(THERE, 160, 1000)]);
    says(&mut generator, 50_000, rfnm(ELSEWHERE, 159));
    assert!(sent(&mut generator).is_empty(), "that is the link to somebody else");
    generator.stop_saturating();
    says(&mut generator, 60_000, rfnm(THERE, 159));
    assert!(sent(&mut generator).is_empty() && !generator.is_idle(), "one is not answered yet");
    says(&mut generator, 70_000, rfnm(THERE, 160));
    assert!(generator.is_idle());
}

#[test]
fn every_answer_is_counted_as_what_it_is_and_only_once() {
    let mut generator = up();
    for link in 159..=162 {
        generator.send(at(1_000), host(THERE), 16);
        assert_eq!(sent(&mut generator), [(THERE, link, 16)]);
    }
    let (to, link) = (host(THERE), Link::from);
    says(&mut generator, 11_000, rfnm(THERE, 159));
    says(&mut generator, 31_000, rfnm(THERE, 160));
    says(&mut generator, 32_000, rfnm(THERE, 160));
    says(&mut generator, 33_000, FromImp::DestinationDead { to, link: link(161), why: Dead::Host });
    says(&mut generator, 34_000, FromImp::Incomplete { to, link: link(162), why: Incomplete::Lost });
    let expected = Tally {
        offered: 4,
        held_back: 0,
        sent: 4,
        rfnms: 2,
        dead: 1,
        incomplete: 1,
        round_trips: Span::from_millis(10 + 30),
        longest: Span::from_millis(30),
    };
    assert_eq!(generator.take_tally(), expected);
    assert_eq!(expected.unanswered(), 0);
    assert_eq!(generator.take_tally(), Tally::default(), "what was told is not told again");
}

#[test]
fn what_an_imp_forgets_is_not_waited_for() {
    let mut generator = up();
    generator.send(at(0), host(THERE), 16);
    generator.handle(at(1), Signal::Ready(false));
    assert!(generator.is_idle());
    generator.send(at(2), host(THERE), 32);
    assert_eq!(sent(&mut generator), [(THERE, 159, 16)], "nothing is sent to an IMP that is not ready");
    generator.handle(at(3), Signal::Ready(true));
    assert_eq!(sent(&mut generator), [(THERE, 159, 32)], "it waited");
    assert_eq!((generator.take_tally().unanswered(), generator.is_idle()), (2, false));
}

#[test]
fn what_cannot_be_sent_waits_but_not_without_bound() {
    let mut generator = up();
    for _ in 0..100 {
        generator.send(at(0), host(THERE), 16);
    }
    generator.send(at(0), host(ELSEWHERE), 16);
    let sent_at_once = sent(&mut generator);
    assert_eq!(
        sent_at_once.len(),
        usize::from(TRAFFIC_LINKS) + 1,
        "four links to one host, one to the other"
    );
    assert_eq!(sent_at_once.last(), Some(&(ELSEWHERE, 159, 16)), "who waits does not hold others back");
    generator.stop();
    let tally = generator.take_tally();
    assert_eq!(
        (tally.offered, tally.sent, tally.held_back),
        (101, 5, 96),
        "each message is one or the other"
    );
}

#[test]
fn a_host_remembers_only_so_many_messages() {
    let mut generator = up();
    (2..52).for_each(|number| generator.send(at(0), host(number), 16));
    assert_eq!(sent(&mut generator).len(), MOST_OUTSTANDING);
    says(&mut generator, 1_000, rfnm(2, 159));
    assert_eq!(sent(&mut generator), [(18, 159, 16)], "the first that waited");
}

#[test]
fn messages_that_arrive_are_counted_by_their_source() {
    let mut generator = up();
    let link = Link::from(159);
    for from in [THERE, THERE, ELSEWHERE] {
        says(&mut generator, 5, FromImp::Regular { from: host(from), link, priority: false });
    }
    assert_eq!([THERE, ELSEWHERE, HERE].map(|from| generator.arrived_from(host(from))), [2, 1, 0]);
    assert!(sent(&mut generator).is_empty(), "nothing is sent back: the RFNM is the IMP's");
}

#[test]
fn traffic_comes_at_its_rate_to_every_other_host_in_its_sizes() {
    let mut generator = up();
    generator.begin(at(0), &plan(Span::from_millis(10), &[HERE, THERE, ELSEWHERE], &[(100, 80), (8000, 20)]));
    let mut seen: BTreeMap<(u8, usize), u32> = BTreeMap::new();
    while let Some(due) = generator.deadline().filter(|due| *due < at(100_000_000)) {
        generator.alarm(due);
        assert!(generator.deadline().is_some_and(|next| next > due), "an alarm is done with its moment");
        for (to, link, bits) in sent(&mut generator) {
            *seen.entry((to, bits)).or_default() += 1;
            says(&mut generator, due.as_micros(), rfnm(to, link));
        }
    }
    let count = |to, bits| seen[&(to, bits)];
    assert_eq!(seen.len(), 4, "two hosts and two sizes, and nothing to itself: {seen:?}");
    // 10,000 messages: three standard deviations are 300 of all, 190 of 4000 and 95 of 1000.
    assert!(seen.values().sum::<u32>().abs_diff(10_000) < 300, "{seen:?}");
    for to in [THERE, ELSEWHERE] {
        assert!(count(to, 100).abs_diff(4_000) < 190 && count(to, 8000).abs_diff(1_000) < 95, "{seen:?}");
    }
    generator.stop();
    assert_eq!(generator.deadline(), None);
}

#[test]
fn each_host_draws_from_a_stream_of_its_own() {
    let first = |name, seed| {
        let mut generator = TrafficGenerator::new(name, host(HERE), seed);
        generator.begin(at(0), &plan(Span::from_secs(1), &[THERE], &[(16, 1)]));
        generator.deadline()
    };
    assert_eq!(first("UCLA-NMC", 0), first("UCLA-NMC", 0));
    assert_ne!(first("UCLA-NMC", 0), first("UCLA-CCN", 0), "another host");
    assert_ne!(first("UCLA-NMC", 0), first("UCLA-NMC", 1), "another seed");
}

#[test]
fn a_message_has_as_many_bits_as_it_should() {
    for bits in [0, 1, 16, 1001, 8063] {
        let message = message(Message { to: host(THERE), bits }, Link::from(159));
        assert_eq!(message.len(), LEADER_BITS + usize::from(bits));
    }
}
