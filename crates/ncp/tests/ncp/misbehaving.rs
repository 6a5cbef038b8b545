//! Partners that break the rules, and what they are told (NIC 8246, Control Commands, ERR).

use imp1822::{FromImp, HostAddress, Link};
use machine::{Bits, Machine, Span};
use ncp::{Allocation, CloseReason, Command, ErrorCode, Event, Header, Input, Output, Policy};

use crate::lone::{BBN, Lone, all, at, cls, message, rts, str};

/// What the next control message complains about.
fn complaint(here: &mut Lone) -> Option<(ErrorCode, [u8; 10])> {
    let bits = std::iter::from_fn(|| here.ncp.poll()).find_map(|output| match output {
        Output::Send(bits) => Some(bits),
        Output::Event(_) => None,
    })?;
    here.rfnm(0);
    let (_, mut text) = Header::split(&bits).expect("a whole message");
    match Command::parse(&mut text) {
        Ok(Command::Err { code, data }) => Some((code, data)),
        other => panic!("{other:?} is no complaint"),
    }
}

#[test]
fn an_illegal_opcode_is_err_1_with_ten_bytes_of_the_message() {
    let mut here = Lone::tenex();
    here.hears_text(BBN, 0, 8, &[0, 77, 1, 2, 3]);
    let data = [77, 1, 2, 3, 0, 0, 0, 0, 0, 0];
    assert_eq!(complaint(&mut here), Some((ErrorCode::IllegalOpcode, data)));
}

#[test]
fn a_command_cut_off_is_err_2_with_what_there_is() {
    let mut here = Lone::tenex();
    here.hears_text(BBN, 0, 8, &[3, 0, 0, 0, 9]);
    let data = [3, 0, 0, 0, 9, 0, 0, 0, 0, 0];
    assert_eq!(complaint(&mut here), Some((ErrorCode::ShortParameters, data)));
}

#[test]
fn bad_parameters_are_err_3_with_the_command() {
    let bad: [(Command, [u8; 10]); 7] = [
        (rts(8, 4, 20), [1, 0, 0, 0, 8, 0, 0, 0, 4, 20]),
        (rts(9, 5, 20), [1, 0, 0, 0, 9, 0, 0, 0, 5, 20]),
        (rts(8, 5, 1), [1, 0, 0, 0, 8, 0, 0, 0, 5, 1]),
        (rts(8, 5, 72), [1, 0, 0, 0, 8, 0, 0, 0, 5, 72]),
        (str(9, 4, 0), [2, 0, 0, 0, 9, 0, 0, 0, 4, 0]),
        (cls(8, 4), [3, 0, 0, 0, 8, 0, 0, 0, 4, 0]),
        (all(72, 1, 1), [4, 72, 0, 1, 0, 0, 0, 1, 0, 0]),
    ];
    for (command, data) in bad {
        let mut here = Lone::tenex();
        here.hears(&[command]);
        assert_eq!(complaint(&mut here), Some((ErrorCode::BadParameters, data)), "{command}");
        assert_eq!(here.ncp.queued_requests().count(), 0, "{command}");
    }
}

#[test]
fn an_all_beyond_the_counters_is_err_3_and_changes_nothing() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 65535, 1000), all(20, 1, 0)]);
    let data = [4, 20, 0, 1, 0, 0, 0, 0, 0, 0];
    assert_eq!(complaint(&mut here), Some((ErrorCode::BadParameters, data)));
    let allowed = here.ncp.status(id).map(|status| status.allocation);
    assert_eq!(allowed, Some(Allocation { messages: 65535, bits: 1000 }));
}

#[test]
fn two_requests_with_one_link_are_err_3() {
    let mut here = Lone::tenex();
    here.sender();
    here.hears(&[rts(10, 7, 20)]);
    assert_eq!(complaint(&mut here).map(|(code, _)| code), Some(ErrorCode::BadParameters));
}

#[test]
fn commands_for_what_nobody_asked_for_are_err_4() {
    for command in [cls(8, 5), all(20, 1, 1), Command::Ins { link: Link::from(2) }] {
        let mut here = Lone::tenex();
        here.hears(&[command]);
        let complaint = complaint(&mut here);
        assert_eq!(complaint.map(|(code, _)| code), Some(ErrorCode::NonexistentSocket), "{command}");
    }
}

#[test]
fn commands_before_the_match_are_err_5() {
    let mut here = Lone::tenex();
    here.hears(&[rts(8, 5, 20), all(20, 1, 1)]);
    let data = [4, 20, 0, 1, 0, 0, 0, 1, 0, 0];
    assert_eq!(complaint(&mut here), Some((ErrorCode::NotConnected, data)));
    here.init(4, at(BBN, 9));
    here.says();
    here.hears(&[Command::Ins { link: Link::from(2) }]);
    assert_eq!(complaint(&mut here).map(|(code, _)| code), Some(ErrorCode::NotConnected));
}

#[test]
fn text_on_a_link_without_connection_is_err_5_with_header_and_eight_bits() {
    let mut here = Lone::tenex();
    here.hears_text(BBN, 30, 8, b"WHO?");
    let data = [0, BBN, 30, 0, 0, 8, 0, 4, 0, b'W'];
    assert_eq!(complaint(&mut here), Some((ErrorCode::NotConnected, data)));
    here.hears_text(BBN, 30, 8, b"");
    let data = [0, BBN, 30, 0, 0, 8, 0, 0, 0, 0];
    assert_eq!(complaint(&mut here), Some((ErrorCode::NotConnected, data)), "no text, so zeros");
}

#[test]
fn a_request_for_what_is_open_already_is_err_0_and_the_connection_lives() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    here.hears(&[str(9, 4, 8)]);
    let data = [2, 0, 0, 0, 9, 0, 0, 0, 4, 8];
    assert_eq!(complaint(&mut here), Some((ErrorCode::Undefined, data)));
    here.hears_text(BBN, 2, 8, b"STILL HERE");
    assert_eq!(here.read(id), b"STILL HERE");
}

#[test]
fn a_control_message_of_another_byte_size_or_too_long_is_err_0_and_not_obeyed() {
    for (size, text) in [(16, &[9, 42][..]), (8, &[0; 121])] {
        let mut here = Lone::tenex();
        here.hears_text(BBN, 0, size, text);
        assert_eq!(here.says(), ["ERR 0 undefined error"], "size {size}");
    }
}

#[test]
fn a_message_cut_off_within_its_text_breaks_its_connection() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    let mut bytes = message(BBN, 2, 8, b"WHOLE").bytes().to_vec();
    bytes.pop();
    let bits = Bits::from_bytes(&bytes);
    let from = FromImp::parse(&bits).expect("it has a leader");
    here.ncp.handle(here.now, Input::Message(from, bits));
    assert_eq!(here.says(), ["ERR 0 undefined error", "CLS 4 9"]);
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Lost }]);
}

#[test]
fn text_beyond_the_allocation_or_of_another_size_breaks_the_connection() {
    let allocation = Allocation { messages: 8, bits: 16 };
    for (size, text) in [(8, &b"THREE"[..]), (16, b"NO")] {
        let mut here = Lone::new(Policy { allocation, ..Policy::default() });
        let id = here.init(4, at(BBN, 9));
        here.hears(&[str(9, 4, 8)]);
        here.says();
        here.events();
        here.hears_text(BBN, 2, size, text);
        assert_eq!(here.says(), ["ERR 0 undefined error", "CLS 4 9"], "size {size}");
        here.hears(&[cls(9, 4)]);
        assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Lost }]);
        assert_eq!(here.ncp.readable(id), 0);
    }
}

#[test]
fn an_err_is_recorded_and_never_answered_not_even_a_bad_one() {
    let mut here = Lone::tenex();
    let (code, data) = (ErrorCode::Unknown(99), [7; 10]);
    here.hears(&[Command::Err { code, data }]);
    here.hears_text(BBN, 0, 8, &[11, 3, 1]);
    assert!(here.says().is_empty());
    assert_eq!(here.events(), [Event::ErrReceived { host: HostAddress::from(BBN), code, data }]);
}

#[test]
fn what_nobody_asked_for_is_dropped() {
    let mut here = Lone::tenex();
    here.hears(&[Command::Nop, Command::Erp { data: 1 }, Command::Rrp]);
    assert!(here.says().is_empty() && here.events().is_empty());
}

#[test]
fn an_echo_comes_back_and_one_is_on_its_way_at_a_time() {
    let mut here = Lone::tenex();
    here.hears(&[Command::Eco { data: 42 }]);
    assert_eq!(here.says(), ["ERP 42"]);
    let host = HostAddress::from(BBN);
    here.ncp.echo(here.now, host, 1);
    here.ncp.echo(here.now, host, 2);
    assert_eq!(here.says(), ["ECO 1"]);
    here.hears(&[Command::Erp { data: 1 }]);
    assert_eq!(here.says(), ["ECO 2"]);
    assert_eq!(here.events(), [Event::Echoed { host, data: 1 }]);
}

#[test]
fn an_echo_that_is_lost_keeps_the_next_from_leaving_for_a_minute_only() {
    let mut here = Lone::tenex();
    let host = HostAddress::from(BBN);
    here.ncp.echo(here.now, host, 1);
    here.ncp.echo(here.now, host, 2);
    assert_eq!(here.says(), ["ECO 1"]);
    here.waits(Span::from_secs(59));
    assert_eq!(here.says(), [""; 0], "the answer may still come");
    here.waits(Span::from_secs(1));
    assert_eq!(here.says(), ["ECO 2"]);
    here.hears(&[Command::Erp { data: 2 }]);
    assert_eq!(here.events(), [Event::Echoed { host, data: 2 }]);
    here.ncp.echo(here.now, host, 3);
    assert_eq!(here.says(), ["ECO 3"]);
    here.waits(Span::from_secs(60));
    assert_eq!(here.ncp.tables().deadlines, 0, "nothing is waited for any more");
    here.hears(&[Command::Erp { data: 3 }]);
    assert!(here.says().is_empty() && here.events().is_empty(), "who answers too late answers nothing");
}

#[test]
fn answers_that_pile_up_are_dropped_but_connection_commands_never() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    for _ in 0..10 {
        here.hears(&[Command::Eco { data: 1 }; 60]);
    }
    here.init(6, at(BBN, 11));
    here.rfnms = true;
    here.rfnm(0);
    let said = here.says();
    assert_eq!(said.len(), 65, "64 answers at most wait");
    assert_eq!(said.last().map(String::as_str), Some("RTS 6 from 11 link 3"));
}

#[test]
fn a_host_that_never_answers_refusals_is_no_longer_refused() {
    let mut here = Lone::new(Policy { queue: ncp::QueuePolicy::Refuse, ..Policy::default() });
    for n in 0..100 {
        here.hears(&[rts(2 * n, 5, 20)]);
    }
    assert_eq!(here.says().len(), 64);
}

#[test]
fn whatever_the_bytes_nothing_panics() {
    let mut here = Lone::tenex();
    here.sender();
    here.receiver();
    let mut seed = 1_u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    };
    for round in 0..3000 {
        let text: Vec<u8> =
            (0..next() % 24).map(|_| if next() < 128 { next() % 24 } else { next() }).collect();
        let link = [0, 0, 2, 20, next()][round % 5];
        let size = if next() < 240 { 8 } else { next() };
        here.hears_text(BBN, link, size, &text);
        here.says_anything();
    }
}

#[test]
fn every_opcode_beyond_13_is_illegal_even_those_proposed_later() {
    // RFC 467 proposes RCR and RCS; they are not of this protocol yet.
    for opcode in 14..=255 {
        let mut here = Lone::tenex();
        here.hears_text(BBN, 0, 8, &[opcode, 2]);
        let data = [opcode, 2, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(complaint(&mut here), Some((ErrorCode::IllegalOpcode, data)));
    }
}

#[test]
fn what_precedes_a_command_in_error_is_obeyed_and_what_follows_is_not() {
    let mut here = Lone::tenex();
    here.hears_text(BBN, 0, 8, &[9, 1, 99, 9, 2]);
    assert_eq!(here.says(), ["ERP 1", "ERR 1 illegal opcode"]);
}

#[test]
fn a_control_message_of_120_bytes_is_obeyed_to_its_end() {
    let mut here = Lone::tenex();
    here.hears_text(BBN, 0, 8, &[&[0; 118][..], &[9, 5]].concat());
    assert_eq!(here.says(), ["ERP 5"]);
    here.hears_text(BBN, 0, 8, &[]);
    assert!(here.says().is_empty(), "no commands, nothing to obey");
}

#[test]
fn filler_that_is_not_zero_does_no_harm() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    let mut bytes = message(BBN, 2, 8, b"OK").bytes().to_vec();
    (bytes[4], bytes[8]) = (0xff, 0xff);
    bytes.extend([0xff, 0x80]);
    let bits = Bits::from_bytes(&bytes);
    let from = FromImp::parse(&bits).expect("it has a leader");
    here.ncp.handle(here.now, Input::Message(from, bits));
    assert_eq!(here.read(id), b"OK", "M1, M2, M3 and padding are not text");
}
