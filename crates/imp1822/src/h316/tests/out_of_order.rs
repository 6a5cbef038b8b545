//! Datagrams that come in another order than they were sent in, come twice, or are missing.

use super::garbage::Numbers;
use super::*;
use crate::h316::Receiver;
use crate::h316::held::MAX_HELD;

/// A leader alone, to host 13 on a link of this number.
fn numbered(link: u32) -> [u16; 2] {
    [0x050d, (link as u16) << 8]
}

#[test]
fn what_overtakes_waits_for_what_it_has_overtaken() {
    let mut host = host();
    assert!(host.datagram(3, READY | LAST, &numbered(3)).is_empty());
    assert!(host.datagram(2, READY | LAST, &numbered(2)).is_empty());
    assert_eq!(
        host.datagram(1, READY | LAST, &numbered(1)),
        ["hears 050d0100, 32 bits", "hears 050d0200, 32 bits", "hears 050d0300, 32 bits"]
    );
    assert_eq!(host.end.deadline(), None, "nothing is waited for");
    let statistics = host.end.statistics();
    assert_eq!((statistics.early, statistics.lost, statistics.old), (2, 0, 0));
}

#[test]
fn a_message_whose_parts_come_in_any_order_is_whole() {
    let words = regular(130);
    for order in [[2, 1, 3, 4], [4, 3, 2, 1], [1, 4, 2, 3], [3, 1, 4, 2]] {
        let mut host = host();
        let mut told = Vec::new();
        for sequence in order {
            told.extend(match sequence {
                1 => host.datagram(1, READY, &words[..65]),
                2 => host.datagram(2, READY, &words[65..128]),
                3 => host.datagram(3, READY, &words[128..]),
                _ => host.datagram(4, READY | LAST, &[]),
            });
        }
        assert_eq!(told, ["hears 000d2a00, 2080 bits"], "{order:?}");
    }
}

#[test]
fn what_is_missing_is_lost_when_its_time_is_over_and_not_before() {
    let mut imp = imp();
    let seen = imp.now;
    assert!(imp.datagram(2, READY | LAST, &regular(2)).is_empty());
    assert_eq!(imp.end.deadline(), Some(seen + Receiver::HOLD));
    imp.now = seen + Receiver::HOLD - Span::from_micros(1);
    imp.end.alarm(imp.now);
    assert!(imp.says().is_empty(), "there is still time");
    assert_eq!(imp.waits(), ["lost: 1 from number 1 on", "hears 000d2a00, 32 bits"]);
    let too_late = ["datagram 1 comes twice or too late, 3 is expected: dropped"];
    assert_eq!(imp.datagram(1, READY | LAST, &regular(2)), too_late);
}

#[test]
fn each_hole_has_its_own_time() {
    let mut imp = imp();
    imp.datagram(2, READY | LAST, &regular(2));
    imp.now += Span::from_millis(30);
    imp.datagram(4, READY | LAST, &regular(3));
    assert_eq!(imp.waits(), ["lost: 1 from number 1 on", "hears 000d2a00, 32 bits"]);
    imp.now += Span::from_millis(10);
    let told = imp.datagram(3, READY | LAST, &regular(4));
    assert_eq!(told, ["hears 000d2a00, 64 bits", "hears 000d2a00, 48 bits"], "it has come in time");
    assert_eq!(imp.end.deadline(), None);
}

#[test]
fn what_waits_and_comes_again_is_dropped() {
    let mut host = host();
    assert!(host.datagram(2, READY | LAST, &numbered(2)).is_empty());
    let told = ["datagram 2 comes twice or too late, 1 is expected: dropped"];
    assert_eq!(host.datagram(2, READY | LAST, &numbered(2)), told);
    assert_eq!(host.datagram(1, READY | LAST, &numbered(1)).len(), 2);
}

#[test]
fn numbers_wrap_around_while_some_wait() {
    let mut host = Told::new(HostEnd::default());
    host.signal(Signal::Ready(true));
    host.datagram(u32::MAX - 1, READY | LAST, &[]);
    assert!(host.datagram(0, READY | LAST, &numbered(2)).is_empty(), "the one behind the last: no restart");
    assert!(host.datagram(1, READY | LAST, &numbered(3)).is_empty());
    assert_eq!(host.datagram(u32::MAX, READY | LAST, &numbered(1)).len(), 3);
    let statistics = host.end.statistics();
    assert_eq!((statistics.restarts, statistics.lost), (0, 0));
}

#[test]
fn a_restart_waits_for_nothing() {
    let mut host = host();
    host.behind_a_loss(300, READY | LAST, &numbered(0));
    host.datagram(302, READY | LAST, &numbered(1));
    assert_eq!(
        host.datagram(0, LAST, &[]),
        [
            "lost: 1 from number 301 on",
            "hears 050d0100, 32 bits",
            "the peer has restarted",
            "hears ready down"
        ],
        "what was said before is over"
    );
    assert_eq!(host.end.deadline(), Some(host.end.next_call().expect("the IMP is not ready")));
}

#[test]
fn the_beginning_that_comes_twice_is_no_restart() {
    let mut host = host();
    host.datagram(1, READY | LAST, &numbered(1));
    host.now += Receiver::HOLD - Span::from_micros(1);
    let told = ["datagram 0 comes twice or too late, 2 is expected: dropped"];
    assert_eq!(host.datagram(0, READY | LAST, &[]), told);
    host.now += Span::from_micros(1);
    assert_eq!(
        host.datagram(0, READY | LAST, &[])[0],
        "the peer has restarted",
        "later, nothing else can be meant"
    );
}

/// An IMP whose successor speaks within the time in which datagrams come twice, and then has nothing more to say: without
/// this, its host would wait for datagram 2 for ever.
#[test]
fn a_restart_that_looks_like_a_double_is_known_by_what_follows_it() {
    let mut host = host();
    host.datagram(1, READY | LAST, &numbered(1));
    let told = ["datagram 0 comes twice or too late, 2 is expected: dropped"];
    assert_eq!(host.datagram(0, READY | LAST, &[]), told);
    host.now += Receiver::HOLD;
    assert_eq!(
        host.datagram(1, READY | LAST, &numbered(2)),
        ["the peer has restarted", "hears ready down", "hears ready up", "hears 050d0200, 32 bits"]
    );
    assert_eq!(host.datagram(2, READY | LAST, &numbered(3)), ["hears 050d0300, 32 bits"]);
}

#[test]
fn a_relay_that_doubles_everything_restarts_nobody() {
    let mut host = host();
    host.datagram(1, READY | LAST, &numbered(1));
    for doubled in 0..2 {
        let told = format!("datagram {doubled} comes twice or too late, 2 is expected: dropped");
        assert_eq!(host.datagram(doubled, READY | LAST, &[]), [told]);
    }
    host.now += Receiver::HOLD;
    assert_eq!(host.datagram(2, READY | LAST, &numbered(2)), ["hears 050d0200, 32 bits"]);
    assert_eq!(host.end.statistics().restarts, 0);

    // The second is doubled when the first could not be any more.
    let mut host = self::host();
    host.now += Receiver::HOLD - Span::from_micros(1);
    host.datagram(1, READY | LAST, &numbered(1));
    for doubled in 0..2 {
        let told = format!("datagram {doubled} comes twice or too late, 2 is expected: dropped");
        assert_eq!(host.datagram(doubled, READY | LAST, &[]), [told]);
        host.now += Span::from_micros(1);
    }
}

#[test]
fn the_beginning_may_be_overtaken_too() {
    let mut host = Told::new(HostEnd::default());
    host.signal(Signal::Ready(true));
    assert!(host.datagram(1, READY | LAST, &numbered(1)).is_empty(), "it may be the second");
    assert_eq!(host.datagram(0, READY | LAST, &[]), ["hears ready up", "hears 050d0100, 32 bits"]);
    let statistics = host.end.statistics();
    assert_eq!((statistics.restarts, statistics.lost), (0, 0));

    let mut host = Told::new(HostEnd::default());
    host.signal(Signal::Ready(true));
    let told = host.behind_a_loss(1, READY | LAST, &numbered(1));
    assert_eq!(told, ["hears ready up", "hears 050d0100, 32 bits"], "what preceded is not missed");
}

#[test]
fn who_joins_shortly_after_the_beginning_is_not_told_that_anything_was_overtaken() {
    let mut host = Told::new(HostEnd::default());
    host.signal(Signal::Ready(true));
    for sequence in 2..=5 {
        assert!(
            host.datagram(sequence, READY | LAST, &numbered(1)).is_empty(),
            "the beginning may still come"
        );
    }
    assert_eq!(host.waits().len(), 5, "the ready line and four messages");
    let statistics = host.end.statistics();
    assert_eq!((statistics.early, statistics.lost, statistics.messages_in), (0, 0, 4));
}

#[test]
fn who_joins_within_a_message_is_not_told_that_it_is_cut_for_nobody_misses_it() {
    // Numbers that may still be the second, and that cannot be.
    for first in [3, 1000] {
        let mut host = Told::new(HostEnd::default());
        host.signal(Signal::Ready(true));
        let mut told = host.datagram(first, READY, &[7; 34]);
        told.extend(host.datagram(first + 1, READY | LAST, &[]));
        told.extend(host.datagram(first + 2, READY | LAST, &numbered(1)));
        if first == 3 {
            told.extend(host.waits());
        }
        assert_eq!(told, ["hears ready up", "hears 050d0100, 32 bits"], "first heard: {first}");
        assert_eq!(host.end.statistics().cut, 0);
    }
}

#[test]
fn with_no_time_to_hold_what_is_missing_is_lost_at_once() {
    let mut imp = Told::new(ImpEnd::holding(Span::ZERO));
    imp.datagram(0, READY | LAST, &[]);
    let told = ["lost: 1 from number 1 on", "hears 000d2a00, 32 bits"];
    assert_eq!(imp.datagram(2, READY | LAST, &regular(2)), told);
    assert_eq!(imp.end.deadline(), None);
}

#[test]
fn a_flood_of_numbers_far_ahead_is_bounded_in_number_and_size() {
    for (words, most) in [(2, MAX_HELD), (20_000, 1)] {
        let mut host = host();
        let mut given_up = 0;
        for step in 1..=300_u32 {
            let told = host.datagram(step * 7_000_001, READY | LAST, &vec![7; words]);
            given_up += told.iter().filter(|line| line.starts_with("lost: ")).count();
            assert!(step as usize - given_up <= most, "of {step}, {given_up} do not wait");
        }
        assert_eq!(given_up, 300 - most, "as many wait as there is room for");
        host.waits();
        assert_eq!(host.end.deadline(), None, "none waits for ever");
    }
}

/// A relay that gives each datagram up to 40 ms more, which turns their order round, and doubles some. It loses none.
#[test]
fn a_relay_that_turns_the_order_round_loses_no_message() {
    let mut numbers = Numbers(1822);
    for share in [5, 30, 100] {
        let mut imp = imp();
        // (time in microseconds, number)
        let mut under_way: Vec<(u64, u32)> = Vec::new();
        for sequence in 1..=2000_u32 {
            let sent = u64::from(sequence) * 1500;
            let extra = if numbers.below(100) < share { numbers.below(40_000) as u64 } else { 0 };
            under_way.push((sent + extra, sequence));
            if numbers.below(100) == 0 {
                under_way.push((sent + numbers.below(40_000) as u64, sequence));
            }
        }
        under_way.sort_unstable();
        let mut heard = Vec::new();
        for (micros, sequence) in under_way {
            let now = Instant::from_micros(micros);
            let mut rounds = Rounds::until("nothing that has come is waited for");
            while imp.end.deadline().is_some_and(|due| due <= now) {
                rounds.count();
                heard.extend(imp.waits());
            }
            imp.now = now;
            heard.extend(imp.datagram(sequence, READY | LAST, &[0x000d, sequence as u16]));
        }
        heard.retain(|line| !line.contains("comes twice"));
        let expected: Vec<String> =
            (1..=2000_u32).map(|sequence| format!("hears 000d{:04x}, 32 bits", sequence as u16)).collect();
        assert_eq!(heard, expected, "{share} % of them are late");
    }
}
