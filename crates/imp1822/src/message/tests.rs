//! What leaders say, on literal bits.

use super::*;

#[test]
fn leaders_from_the_imp_on_literal_bytes() {
    let parsed = |bytes: [u8; 4]| FromImp::parse(&Bits::from_bytes(&bytes)).expect("32 bits");
    let to = HostAddress::from(13);
    let link = Link::from(42);
    assert_eq!(parsed([5, 13, 42, 0]), FromImp::Rfnm { to, link });
    assert_eq!(parsed([7, 13, 42, 0]), FromImp::DestinationDead { to, link, why: Dead::Imp });
    assert_eq!(parsed([7, 13, 42, 1]), FromImp::DestinationDead { to, link, why: Dead::Host });
    assert_eq!(parsed([9, 13, 42, 3]), FromImp::Incomplete { to, link, why: Incomplete::Lost });
    assert_eq!(parsed([10, 0, 0, 0]), FromImp::InterfaceReset);
    // Host 3 of IMP 3 is one thing, and the third program of IMP 3 another.
    assert_eq!(parsed([0x40, 13, 42, 0]), FromImp::FakeHost { from: to, link, priority: false });
    let (to, link) = (HostAddress::from(0xc3), Link::from(0));
    assert_eq!(parsed([0x47, 0xc3, 0, 0]), FromImp::FakeHostDead { to, link, why: Dead::Imp });
    assert_eq!(parsed([0x47, 0xc3, 0, 1]), FromImp::FakeHostDead { to, link, why: Dead::Host });
    assert_eq!(parsed([0x07, 0xc3, 0, 0]), FromImp::DestinationDead { to, link, why: Dead::Imp });
}

#[test]
fn an_imp_that_goes_down_is_quoted_as_an_operator_would_say_it() {
    let said = |reason, how_soon, how_long| {
        GoingDown::new(reason, how_soon, how_long).expect("both times fit").to_string()
    };
    assert_eq!(said(Reason::Unsaid, 0, 0), "in 30 s");
    assert_eq!(said(Reason::Maintenance, 2, 1023), "in 10 min for 5115 min: scheduled hardware maintenance");
    assert_eq!(said(Reason::Emergency, 0, 1), "in 30 s for 5 min: emergency reload or restart");
}

#[test]
fn the_time_of_going_down_is_packed_into_the_last_16_bits() {
    let going = GoingDown::new(Reason::Emergency, 3, 12).expect("both times fit");
    assert_eq!((going.notice(), going.outage()), (Span::from_secs(900), Span::from_secs(3600)));
    let bits = FromImp::GoingDown(going).bits();
    assert_eq!(bits.bytes(), [2, 0, 0b1100_1100, 0b0000_1100]);
    assert_eq!(FromImp::parse(&bits), Ok(FromImp::GoingDown(going)));
}

#[test]
fn times_that_do_not_fit_their_fields_are_not_said() {
    assert!(GoingDown::new(Reason::Reload, 15, 1023).is_some());
    assert_eq!(GoingDown::new(Reason::Reload, 16, 0), None);
    assert_eq!(GoingDown::new(Reason::Reload, 0, 1024), None);
    assert_eq!(GoingDown::LAST_WARNING.notice(), Span::from_secs(30));
}

#[test]
fn every_type_and_subtype_survives_a_round_trip_in_both_directions() {
    for kind in 0..16 {
        for subtype in 0..16 {
            let leader = Leader { subtype, ..Leader::of_kind(kind) };
            let from = FromImp::from(leader);
            assert_eq!(FromImp::from(Leader::from(from)), from, "type {kind} subtype {subtype}");
            let to = ToImp::from(leader);
            assert_eq!(ToImp::from(Leader::from(to)), to, "type {kind} subtype {subtype}");
        }
    }
    for priority in [false, true] {
        let leader = Leader { for_imp: true, priority, link: Link::from(9), ..Leader::of_kind(0) };
        assert_eq!(Leader::from(FromImp::from(leader)), leader, "from a program of an IMP");
    }
}

#[test]
fn that_a_fake_host_is_dead_keeps_its_bit_2() {
    for leader in [[0x47, 0xc3, 0, 0], [0x47, 0xc3, 0, 1], [0x07, 0, 0x80, 0]] {
        let read = FromImp::parse(&Bits::from_bytes(&leader)).expect("32 bits");
        assert_eq!(read.bits().bytes(), leader);
    }
}

#[test]
fn a_host_may_not_send_what_only_an_imp_sends() {
    for kind in [3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15] {
        assert!(matches!(ToImp::from(Leader::of_kind(kind)), ToImp::Unknown(_)), "type {kind}");
    }
}

/// Both ways on literal bytes: a type that is taken for another when it is read and when it is written would survive a round
/// trip.
#[test]
fn each_type_that_an_imp_sends_on_literal_bytes() {
    let (to, from, link) = (HostAddress::from(13), HostAddress::from(13), Link::from(42));
    let going = GoingDown::new(Reason::Maintenance, 2, 6).expect("both times fit");
    let dead = |why| FromImp::DestinationDead { to, link, why };
    let fake = |why| FromImp::FakeHostDead { to, link, why };
    let incomplete = |why| FromImp::Incomplete { to, link, why };
    let regular = |priority| FromImp::Regular { from, link, priority };
    let garbled = |why| FromImp::ErrorInLeader { why, link };
    for (bytes, message) in [
        ([0, 13, 42, 0], regular(false)),
        ([0x80, 13, 42, 0], regular(true)),
        ([0x40, 13, 42, 0], FromImp::FakeHost { from, link, priority: false }),
        ([0xc0, 13, 42, 0], FromImp::FakeHost { from, link, priority: true }),
        ([1, 0, 42, 0], garbled(LeaderError::Garbled)),
        ([1, 0, 42, 1], garbled(LeaderError::TooShort)),
        ([1, 0, 42, 2], garbled(LeaderError::IllegalType)),
        ([2, 0, 0b0100_1000, 0b0000_0110], FromImp::GoingDown(going)),
        ([4, 0, 0, 0], FromImp::Nop),
        ([5, 13, 42, 0], FromImp::Rfnm { to, link }),
        ([7, 13, 42, 0], dead(Dead::Imp)),
        ([7, 13, 42, 1], dead(Dead::Host)),
        ([0x47, 13, 42, 0], fake(Dead::Imp)),
        ([0x47, 13, 42, 1], fake(Dead::Host)),
        ([8, 13, 42, 0], FromImp::ErrorInData { to, link }),
        ([9, 13, 42, 0], incomplete(Incomplete::HostTardy)),
        ([9, 13, 42, 1], incomplete(Incomplete::TooLong)),
        ([9, 13, 42, 2], incomplete(Incomplete::TooSlow)),
        ([9, 13, 42, 3], incomplete(Incomplete::Lost)),
        ([9, 13, 42, 4], incomplete(Incomplete::NoResources)),
        ([10, 0, 0, 0], FromImp::InterfaceReset),
        ([3, 0, 0, 0], FromImp::Unknown(Leader::of_kind(3))),
        ([6, 0, 0, 0], FromImp::Unknown(Leader::of_kind(6))),
        ([11, 0, 0, 0], FromImp::Unknown(Leader::of_kind(11))),
        ([15, 0, 0, 0], FromImp::Unknown(Leader::of_kind(15))),
    ] {
        assert_eq!(FromImp::parse(&Bits::from_bytes(&bytes)), Ok(message), "{bytes:?}");
        assert_eq!(message.bits().bytes(), bytes, "{message:?}");
    }
}

#[test]
fn each_type_that_a_host_sends_on_literal_bytes() {
    let (to, from, link) = (HostAddress::from(13), HostAddress::from(13), Link::from(42));
    for (bytes, message) in [
        ([0, 13, 42, 0], ToImp::Regular { to, link, priority: false }),
        ([0x80, 13, 42, 0], ToImp::Regular { to, link, priority: true }),
        ([1, 0, 0, 0], ToImp::ErrorWithoutId),
        ([2, 0, 0, 0], ToImp::GoingDown),
        ([4, 0, 0, 0], ToImp::Nop),
        ([8, 13, 42, 0], ToImp::ErrorWithId { from, link }),
        ([5, 0, 0, 0], ToImp::Unknown(Leader::of_kind(5))),
    ] {
        assert_eq!(ToImp::parse(&Bits::from_bytes(&bytes)), Ok(message), "{bytes:?}");
        assert_eq!(message.bits().bytes(), bytes, "{message:?}");
    }
}

#[test]
fn each_reason_for_going_down_has_its_number() {
    for (number, reason) in
        [(0, Reason::Unsaid), (1, Reason::Maintenance), (2, Reason::Reload), (3, Reason::Emergency)]
    {
        let going = GoingDown::new(reason, 0, 0).expect("both times fit");
        assert_eq!(FromImp::GoingDown(going).bits().bytes(), [2, 0, number << 6, 0], "{reason}");
        let read = FromImp::parse(&Bits::from_bytes(&[2, 0, number << 6, 0])).expect("32 bits");
        assert_eq!(read, FromImp::GoingDown(going), "{reason}");
    }
}

#[test]
fn each_subtype_is_told_in_words_of_its_own() {
    let words = [
        LeaderError::Garbled.to_string(),
        LeaderError::TooShort.to_string(),
        LeaderError::IllegalType.to_string(),
        Incomplete::HostTardy.to_string(),
        Incomplete::TooLong.to_string(),
        Incomplete::TooSlow.to_string(),
        Incomplete::Lost.to_string(),
        Incomplete::NoResources.to_string(),
        Incomplete::Unknown(9).to_string(),
        Dead::Imp.to_string(),
        Dead::Host.to_string(),
        Reason::Unsaid.to_string(),
        Reason::Maintenance.to_string(),
        Reason::Reload.to_string(),
        Reason::Emergency.to_string(),
    ];
    let expected = [
        "error flip-flop set on the leader",
        "message shorter than a leader",
        "illegal message type",
        "destination host did not take the message",
        "message too long",
        "message too slow into the IMP",
        "message lost in the subnet",
        "resources unavailable in the IMP",
        "subtype 9",
        "IMP dead or out of reach",
        "host dead",
        "no reason given",
        "scheduled hardware maintenance",
        "scheduled software reload",
        "emergency reload or restart",
    ];
    assert_eq!(words, expected);
}
