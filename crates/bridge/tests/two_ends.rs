//! Two ends, and a connection between them that is cut, cut short and stalled.

mod wire;

use bridge::{Failure, Key, News, Role};
use machine::{Instant, Machine, Span};
use rand::RngExt;
use wire::{Wire, end, settings};

/// The two ends, connected.
fn connected() -> Wire {
    let mut wire = Wire::new(end(Role::Calls, 1), end(Role::Listens, 2));
    wire.pass(Span::from_secs(1));
    assert!(wire.caller.end.is_connected() && wire.listener.end.is_connected());
    wire
}

#[test]
fn datagrams_cross_both_ways_each_by_its_cable() {
    let mut wire = connected();
    wire.caller.put(wire.now, 0, b"host says");
    wire.listener.put(wire.now, 0, b"imp says");
    wire.listener.put(wire.now, 1, b"");
    wire.caller.put(wire.now, 1, &[7; 65_507]);
    wire.pass(Span::from_secs(1));
    assert_eq!(wire.listener.got, [(0, b"host says".to_vec()), (1, vec![7; 65_507])]);
    assert_eq!(wire.caller.got, [(0, b"imp says".to_vec()), (1, Vec::new())]);
    assert_eq!((wire.caller.end.waiting(), wire.listener.end.waiting()), (0, 0), "all is said to be taken");
}

#[test]
fn whatever_becomes_of_the_connection_each_datagram_arrives_once_and_in_order() {
    for seed in 0..30 {
        let mut wire = Wire::drawing(end(Role::Calls, 1), end(Role::Listens, 2), seed);
        wire.pass(Span::from_secs(1));
        let mut sent = 0_u32;
        for _ in 0..40 {
            for _ in 0..wire.random.random_range(0..25) {
                let size = wire.random.random_range(4..200);
                let datagram: Vec<u8> = sent.to_be_bytes().into_iter().cycle().take(size).collect();
                sent += 1;
                wire.caller.put(wire.now, (sent % 2) as usize, &datagram);
                wire.listener.put(wire.now, (sent % 2) as usize, &datagram);
                let pause = wire.random.random_range(0..30_000);
                wire.pass(Span::from_micros(pause));
            }
            match wire.random.random_range(0..12) {
                0 => wire.break_off(),
                1 => wire.cut_short(),
                2 => wire.stall(Span::from_secs(20)),
                3 => wire.stall(Span::from_millis(700)),
                4 => wire.half_close(),
                _ => {}
            }
        }
        wire.pass(Span::from_secs(40));
        for (whose, got) in [("caller", &wire.caller.got), ("listener", &wire.listener.got)] {
            let numbers: Vec<u32> = got
                .iter()
                .map(|(_, datagram)| u32::from_be_bytes(datagram[..4].try_into().expect("it is long enough")))
                .collect();
            assert_eq!(numbers, (0..sent).collect::<Vec<_>>(), "seed {seed}, what the {whose} got");
        }
        assert!(wire.cuts() > 0, "seed {seed}: the test shows something");
    }
}

#[test]
fn a_cut_is_noticed_within_seconds_and_mended_within_seconds() {
    let mut wire = connected();
    wire.stall(Span::from_secs(20));
    wire.pass(Span::from_secs(7));
    assert!(!wire.caller.end.is_connected() && !wire.listener.end.is_connected(), "it counts as dead");
    assert!(wire.caller.news.contains(&News::Cut(Failure::Silent)));
    for number in 0..50 {
        wire.caller.put(wire.now, 0, &[number]);
    }
    wire.pass(Span::from_secs(13));
    assert_eq!(wire.listener.got, []);
    wire.pass(Span::from_secs(7));
    assert_eq!(wire.listener.got.len(), 50);
    let last = wire.caller.news.last().expect("there is news");
    let News::Connected { cut_for: Some(cut), waiting: 50, dropped: 0, uncertain: 0, .. } = last else {
        panic!("{last:?}")
    };
    assert!(*cut < Span::from_millis(21_500), "{cut}, from what was heard last");
}

#[test]
fn what_waits_too_long_is_dropped_and_told() {
    let mut wire = connected();
    wire.stall(Span::from_secs(600));
    wire.caller.put(wire.now, 0, b"old");
    wire.pass(Span::from_secs(130));
    assert!(wire.caller.news.contains(&News::Unplugged(1)), "{:?}", wire.caller.news);
    assert!(wire.listener.news.contains(&News::Unplugged(0)), "{:?}", wire.listener.news);
    wire.caller.put(wire.now, 0, b"older");
    wire.pass(Span::from_secs(480));
    wire.caller.put(wire.now, 0, b"new");
    wire.pass(Span::from_secs(1));
    assert_eq!(wire.listener.got, [(0, b"new".to_vec())]);
    let is_told = |news: &News| matches!(news, News::Connected { dropped: 2, waiting: 0, .. });
    assert!(wire.caller.news.iter().any(is_told), "{:?}", wire.caller.news);
}

#[test]
fn when_there_is_no_room_what_comes_last_is_dropped_and_told_once() {
    let mut wire = connected();
    wire.stall(Span::from_secs(30));
    wire.pass(Span::from_secs(10));
    for _ in 0..20_000 {
        wire.caller.put(wire.now, 0, b"1822");
    }
    assert_eq!(wire.caller.news.iter().filter(|news| **news == News::Full).count(), 1);
    let kept = wire.caller.end.waiting();
    assert!((16_000..17_000).contains(&kept), "{kept}");
    wire.pass(Span::from_secs(40));
    assert_eq!(wire.listener.got.len(), kept);
    let counts = wire.caller.end.counts()[0];
    assert_eq!((counts.here, counts.dropped), (20_000, 20_000 - kept as u64));
}

#[test]
fn nothing_is_kept_before_the_other_end_was_there_once() {
    let mut wire = Wire::new(end(Role::Calls, 1), end(Role::Listens, 2));
    wire.listener.put(wire.now, 0, b"too early");
    wire.pass(Span::from_secs(1));
    assert_eq!((wire.caller.got.len(), wire.listener.end.counts()[0].dropped), (0, 1));
}

#[test]
fn an_end_that_begins_anew_gets_nothing_twice() {
    for who_restarts in [Role::Calls, Role::Listens] {
        let mut wire = connected();
        for number in 0..10 {
            wire.caller.put(wire.now, 0, &[number]);
            wire.listener.put(wire.now, 0, &[number]);
        }
        wire.pass(Span::from_millis(15));
        let before = (wire.caller.got.len(), wire.listener.got.len());
        assert_eq!(before, (10, 10), "they have arrived, and nobody knows");
        match who_restarts {
            Role::Calls => wire.restart_caller(end(Role::Calls, 77)),
            Role::Listens => wire.restart_listener(end(Role::Listens, 88)),
        }
        wire.pass(Span::from_millis(10));
        let mender = if who_restarts == Role::Calls { &mut wire.listener } else { &mut wire.caller };
        mender.put(wire.now, 0, b"later");
        wire.pass(Span::from_secs(15));
        let (mender, new) = match who_restarts {
            Role::Calls => (&wire.listener, &wire.caller),
            Role::Listens => (&wire.caller, &wire.listener),
        };
        assert_eq!(new.got, [(0, b"later".to_vec())], "{who_restarts:?}");
        let is_told = |news: &News| matches!(news, News::Connected { uncertain: 10, .. });
        assert!(mender.news.iter().any(is_told), "{:?}", mender.news);
    }
}

#[test]
fn another_key_is_told_at_both_ends_and_nothing_crosses() {
    let other = bridge::Settings { key: Key::new([9; 32]), ..settings(Role::Calls, 1) };
    let mut wire = Wire::new(bridge::End::new(Instant::START, other), end(Role::Listens, 2));
    wire.caller.put(wire.now, 0, b"let me in");
    wire.pass(Span::from_secs(20));
    for end in [&wire.caller, &wire.listener] {
        let told = end.news.iter().filter(|news| matches!(news, News::Failed(_, Failure::OtherKey))).count();
        assert!((2..=5).contains(&told), "{:?}", end.news);
        assert!(!end.end.is_connected());
    }
    assert_eq!(wire.listener.got, []);
}

#[test]
fn ends_with_other_cables_say_which() {
    let cables = vec!["mi1".parse().expect("a name"), "spare".parse().expect("a name")];
    let other = bridge::Settings { cables, ..settings(Role::Calls, 1) };
    let mut wire = Wire::new(bridge::End::new(Instant::START, other), end(Role::Listens, 2));
    wire.pass(Span::from_secs(1));
    let told = |end: &wire::Side| match end.news.as_slice() {
        [News::Failed(_, Failure::OtherCables { only_here, only_there }), ..] => {
            (only_here[0].to_string(), only_there[0].to_string())
        }
        news => panic!("{news:?}"),
    };
    assert_eq!(told(&wire.caller), ("spare".to_owned(), "UTAH-10".to_owned()));
    assert_eq!(told(&wire.listener), ("UTAH-10".to_owned(), "spare".to_owned()));
}

#[test]
fn a_second_partner_waits_until_the_first_is_gone() {
    let mut wire = connected();
    let second = end(Role::Calls, 1000);
    wire.replace_caller(second);
    wire.pass(Span::from_secs(3));
    assert!(
        wire.caller.news.iter().any(|news| matches!(news, News::Failed(_, Failure::Busy))),
        "{:?}",
        wire.caller.news
    );
    assert!(wire.listener.end.is_connected(), "the first one is still served");
    wire.pass(Span::from_secs(15));
    assert!(wire.caller.end.is_connected(), "{:?}", wire.caller.news);
}

#[test]
fn an_end_that_is_taken_down_says_so() {
    let mut wire = connected();
    wire.caller.take_down(wire.now);
    wire.pass(Span::from_secs(1));
    assert_eq!(wire.listener.news.last(), Some(&News::Cut(Failure::TakenDown)));
    assert_eq!(wire.caller.end.deadline(), None, "it waits for nothing");
}

#[test]
fn strangers_who_say_nothing_shut_no_door() {
    let mut wire = Wire::new(end(Role::Calls, 1), end(Role::Listens, 2));
    for number in 0..1000_u64 {
        let [a, b, c] = [number % 7, number % 3, 1].map(|part| part as u8);
        let address = if number % 2 == 0 { [192, 0, 2, 1] } else { [198, c, a, b] };
        let closed = wire.listener.meets(wire.now, 1_000_000 + number, address.into());
        let open = number as usize + 1 - closed;
        assert!(open <= 32, "{open} are open");
    }
    wire.pass(Span::from_millis(100));
    assert!(wire.caller.end.is_connected(), "who has the key comes in");
    for number in 1000..1032 {
        wire.listener.meets(wire.now, 1_000_000 + number, [192, 0, 2, 1].into());
    }
    wire.pass(Span::from_millis(5100));
    let silent = |news: &&News| matches!(news, News::Failed(_, Failure::Silent));
    assert!(wire.listener.news.iter().filter(silent).count() >= 32, "they are shown out");
    assert!(wire.listener.end.is_connected());
}

#[test]
fn whatever_strangers_say_nothing_panics_and_the_partner_notices_nothing() {
    let mut wire = connected();
    for number in 0..3000_u64 {
        let id = 2_000_000 + number / 3;
        if number % 3 == 0 {
            wire.listener.meets(wire.now, id, [192, 0, 2, 1].into());
        }
        let length = wire.random.random_range(0..300);
        let mut bytes: Vec<u8> = (0..length).map(|_| wire.random.random()).collect();
        if number % 2 == 0 {
            bytes.splice(0..0, [&[0, 56][..], b"ARPAbr\x00\x01"].concat());
        }
        wire.listener.hears(wire.now, id, bytes);
    }
    wire.caller.put(wire.now, 0, b"still here");
    wire.pass(Span::from_secs(1));
    assert_eq!(wire.listener.got, [(0, b"still here".to_vec())]);
    assert_eq!(wire.cuts(), 0);
}

#[test]
fn a_cut_of_any_length_is_over_as_soon_as_the_way_is_back() {
    for tenths in (45..400).step_by(7) {
        let mut wire = connected();
        let cut = Span::from_millis(tenths * 100);
        wire.stall(cut);
        wire.pass(cut);
        assert!(!wire.caller.end.is_connected(), "{cut}: it was noticed");
        wire.pass(Span::from_millis(300));
        assert!(wire.caller.end.is_connected() && wire.listener.end.is_connected(), "{cut}");
        wire.caller.put(wire.now, 0, b"who waits is served");
        wire.pass(Span::from_millis(50));
        assert_eq!(wire.listener.got.len(), 1, "{cut}");
    }
}

#[test]
fn what_waited_leaves_no_faster_than_a_socket_with_little_room_is_emptied() {
    let mut wire = connected();
    wire.stall(Span::from_secs(10));
    wire.pass(Span::from_secs(5));
    for number in 0..1000_u32 {
        wire.caller.put(wire.now, 0, &number.to_be_bytes());
    }
    wire.pass(Span::from_secs(5));
    let (mut before, mut most) = (0, 0);
    for _ in 0..200 {
        wire.pass(Span::from_millis(10));
        most = most.max(wire.listener.got.len() - before);
        before = wire.listener.got.len();
    }
    assert!((64..=80).contains(&most), "{most} within 10 ms");
    let got: Vec<_> = wire.listener.got.iter().map(|(_, datagram)| datagram.clone()).collect();
    let sent: Vec<_> = (0..1000_u32).map(|number| number.to_be_bytes().to_vec()).collect();
    assert_eq!(got, sent);
}

#[test]
fn a_datagram_that_is_longer_than_any_of_an_imp_breaks_nothing() {
    let mut wire = connected();
    wire.caller.put(wire.now, 0, &[7; 65_527]);
    wire.caller.put(wire.now, 0, b"the next");
    wire.pass(Span::from_secs(5));
    assert_eq!(wire.listener.got, [(0, b"the next".to_vec())]);
    assert_eq!((wire.caller.end.counts()[0].dropped, wire.cuts()), (1, 0));
}

#[test]
fn a_partner_that_speaks_and_never_listens_takes_up_no_room_without_end() {
    let mut wire = connected();
    wire.caller_listens = false;
    for _ in 0..10_000 {
        wire.caller.put(wire.now, 0, b"and");
        wire.pass(Span::from_millis(60));
        if wire.cuts() > 0 {
            break;
        }
    }
    assert!(wire.listener.news.contains(&News::Cut(Failure::Silent)), "{:?}", wire.listener.news);
}

#[test]
fn a_stranger_with_a_whole_network_of_addresses_drives_away_himself() {
    let mut wire = Wire::new(end(Role::Calls, 1), end(Role::Listens, 2));
    wire.pass(Span::from_millis(7));
    for number in 0..1000_u16 {
        let address = [0x2001, 0xdb8, 1, 2, 0, 0, 0, number];
        wire.listener.meets(wire.now, 1_000_000 + u64::from(number), address.into());
    }
    wire.pass(Span::from_millis(100));
    assert!(wire.caller.end.is_connected());
    let failed = |news: &&News| matches!(news, News::Failed(..));
    assert_eq!(wire.caller.news.iter().find(failed), None, "the first call is answered");
}
