//! Partners that keep a program waiting and say nothing are asked, where the policy has it so.

use imp1822::HostAddress;
use machine::{Machine, Span};
use ncp::{CloseReason, Command, ConnectionId, Event, Inquiry, Ncp, Partner, Policy, Start, State};

use crate::lone::{BBN, Lone, all, at, closed, rts, socket};

pub(crate) const SILENCE: Span = Span::from_secs(6);
pub(crate) const PATIENCE: Span = Span::from_secs(22);
/// No second ECO goes before the first has had this time.
pub(crate) const MINUTE: Span = Span::from_secs(60);

pub(crate) fn secs(seconds: u64) -> Span {
    Span::from_secs(seconds)
}

fn policy() -> Policy {
    Policy { inquiry: Some(Inquiry::default()), ..Policy::default() }
}

/// A host that asks, and has been up for a while.
pub(crate) fn asking() -> Lone {
    let mut here = Lone::new(policy());
    here.waits(secs(60));
    here
}

/// The same among strangers.
fn asking_strangers() -> Lone {
    let start = Start::AmongStrangers { first_link: 0 };
    let mut here = Lone::with(Ncp::new(HostAddress::from(22), policy(), start));
    here.waits(secs(60));
    here
}

/// A program begins to wait for a partner that says nothing, and the partner is asked.
#[track_caller]
pub(crate) fn is_asked(here: &mut Lone, receiver: ConnectionId) {
    here.ncp.expect(here.now, receiver, true);
    here.says();
    here.waits(SILENCE);
    assert_eq!(here.says(), ["ECO 0"]);
}

pub(crate) fn gone(id: ConnectionId, reason: CloseReason) -> Event {
    Event::Closed { id, reason }
}

#[test]
fn the_user_of_a_partner_that_died_without_a_word_is_told_within_half_a_minute() {
    let mut here = asking();
    let (sender, receiver) = (here.sender(), here.receiver());
    here.hears(&[all(20, 1, 100)]);
    // A command goes out, and the answer is due. Its RFNM says nothing of the program that was there.
    here.send(sender, b"LIST");
    here.ncp.expect(here.now, receiver, true);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 4"]);
    here.waits(SILENCE - Span::from_millis(1));
    assert!(here.says().is_empty(), "an answer may take as long as this");
    here.waits(Span::from_millis(1));
    assert_eq!(here.says(), ["ECO 0"]);
    here.waits(PATIENCE - Span::from_millis(1));
    assert!(here.says().is_empty() && closed(&mut here).is_empty(), "the way may stand still for 20 seconds");
    here.waits(Span::from_millis(1));
    assert_eq!(here.says(), ["RST"], "if it is alive, it learns of it");
    assert_eq!(closed(&mut here), [CloseReason::Silent; 2]);
    let states = [sender, receiver].map(|id| here.ncp.status(id).map(|status| status.state));
    assert_eq!(states, [Some(State::Gone); 2]);
}

#[test]
fn a_partner_that_answers_is_asked_again_and_never_given_up() {
    let mut here = asking();
    let receiver = here.receiver();
    here.ncp.expect(here.now, receiver, true);
    here.says();
    for _ in 0..100 {
        here.waits(SILENCE);
        assert_eq!(here.says(), ["ECO 0"], "one question in each while");
        here.waits(PATIENCE - Span::from_millis(1));
        here.hears(&[Command::Erp { data: 0 }]);
        assert!(closed(&mut here).is_empty(), "no program has asked");
    }
    here.ncp.expect(here.now, receiver, false);
    here.says();
    assert_eq!(here.ncp.deadline(), None, "nobody waits any more");
}

#[test]
fn a_partner_that_says_anything_is_not_asked() {
    let mut here = asking();
    let receiver = here.receiver();
    here.ncp.expect(here.now, receiver, true);
    here.says();
    for _ in 0..20 {
        here.waits(SILENCE - Span::from_millis(1));
        here.hears_text(BBN, 2, 8, b"SLOWLY");
        here.read(receiver);
        assert!(!here.says().contains(&"ECO 0".to_owned()));
    }
}

#[test]
fn an_idle_connection_asks_for_nothing() {
    let mut here = asking();
    let (sender, receiver) = (here.sender(), here.receiver());
    here.hears(&[all(20, 1, 100)]);
    here.send(sender, b"READY");
    here.says();
    assert_eq!(here.ncp.deadline(), None, "a server may wait all day for the next command");
    here.waits(secs(86_400));
    assert!(here.says().is_empty() && closed(&mut here).is_empty());
    let states = [sender, receiver].map(|id| here.ncp.status(id).map(|status| status.state));
    assert_eq!(states, [Some(State::Open); 2]);
}

#[test]
fn whoever_waits_is_told_whether_for_a_request_room_or_a_cls() {
    let request: fn(&mut Lone) -> ncp::ConnectionId = |here| here.init(5, at(BBN, 8));
    let room: fn(&mut Lone) -> ncp::ConnectionId = |here| {
        let id = here.sender();
        here.send(id, b"TEXT");
        id
    };
    let closing: fn(&mut Lone) -> ncp::ConnectionId = |here| {
        let id = here.sender();
        here.close(id);
        id
    };
    for wait in [request, room, closing] {
        let mut here = asking();
        let id = wait(&mut here);
        here.says();
        here.waits(SILENCE);
        assert_eq!(here.says(), ["ECO 0"]);
        here.waits(PATIENCE);
        here.says();
        assert_eq!(here.events(), [gone(id, CloseReason::Silent)]);
    }
}

#[test]
fn a_program_that_lets_go_and_one_that_only_listens_wait_for_nobody() {
    let mut here = asking();
    here.ncp.listen(here.now, socket(7), Partner::Exactly(at(BBN, 8)), None).expect("it is free");
    let id = here.sender();
    here.ncp.release(here.now, id);
    assert_eq!(here.says(), ["CLS 5 8"]);
    here.waits(secs(100));
    assert!(here.says().is_empty(), "its CLS is waited for as ever, and nobody minds");
}

#[test]
fn a_partner_that_speaks_and_ignores_the_question_is_never_called_dead_for_it() {
    let mut here = asking();
    let receiver = here.receiver();
    is_asked(&mut here, receiver);
    here.waits(secs(5));
    here.hears_text(BBN, 2, 8, b"IT KNOWS NO ECO");
    here.read(receiver);
    here.says();
    here.waits(MINUTE - secs(5));
    assert_eq!(here.says(), ["ECO 0"], "the first or its answer may be lost");
    here.waits(secs(3600));
    assert!(here.says().is_empty() && closed(&mut here).is_empty());
    assert_eq!(here.ncp.status(receiver).map(|status| status.state), Some(State::Open));
    // Its successor may know it.
    here.hears(&[Command::Rst]);
    here.says();
    here.events();
    let receiver = here.receiver();
    is_asked(&mut here, receiver);
}

#[test]
fn a_partner_that_dies_just_after_it_spoke_is_found_out_all_the_same() {
    let mut here = asking();
    let receiver = here.receiver();
    is_asked(&mut here, receiver);
    // This was on its way when the question left.
    here.waits(secs(1));
    here.hears_text(BBN, 2, 8, b"LAST WORDS");
    here.read(receiver);
    here.says();
    here.events();
    here.waits(PATIENCE);
    here.says();
    assert_eq!(here.events(), [gone(receiver, CloseReason::Silent)]);
}

#[test]
fn who_begins_to_wait_when_a_partner_has_been_asked_already_is_told_no_later() {
    let mut here = asking();
    let receiver = here.receiver();
    is_asked(&mut here, receiver);
    // The program asks for something else meanwhile.
    here.waits(secs(20));
    here.ncp.expect(here.now, receiver, false);
    here.says();
    here.ncp.expect(here.now, receiver, true);
    here.says();
    here.waits(PATIENCE - secs(20));
    here.says();
    assert_eq!(here.events(), [gone(receiver, CloseReason::Silent)]);
}

#[test]
fn the_question_of_a_program_is_question_enough() {
    let mut here = asking();
    let id = here.init(5, at(BBN, 8));
    here.ncp.echo(here.now, HostAddress::from(BBN), 99);
    assert_eq!(here.says(), ["STR 5 to 8 size 8", "ECO 99"]);
    here.waits(SILENCE);
    assert!(here.says().is_empty(), "no two ECOs are unanswered at a time");
    here.hears(&[Command::Erp { data: 99 }]);
    let host = HostAddress::from(BBN);
    assert_eq!(here.events(), [Event::Echoed { host, data: 99 }]);
    here.waits(SILENCE);
    assert_eq!(here.says(), ["ECO 0"]);
    here.waits(PATIENCE);
    here.says();
    assert_eq!(here.events(), [gone(id, CloseReason::Silent)]);
}

#[test]
fn where_not_even_the_imp_answers_that_is_what_is_said() {
    let mut here = asking();
    let id = here.sender();
    here.hears(&[all(20, 1, 100)]);
    here.rfnms = false;
    here.waits(secs(1));
    here.send(id, b"TEXT");
    here.says();
    here.waits(SILENCE);
    assert_eq!(here.says(), ["ECO 0"]);
    here.waits(PATIENCE);
    assert!(here.says().is_empty(), "the IMP still owes an answer for the ECO");
    assert_eq!(here.events(), [gone(id, CloseReason::ImpSilent)]);
    here.rfnm(0);
    assert_eq!(here.says(), ["RST"]);
}

#[test]
fn a_path_that_stands_still_for_twenty_seconds_costs_nothing() {
    let mut here = asking();
    let (sender, receiver) = (here.sender(), here.receiver());
    here.hears(&[all(20, 9, 1000)]);
    here.rfnms = false;
    here.ncp.expect(here.now, receiver, true);
    here.send(sender, b"TEXT");
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 4"]);
    here.waits(SILENCE);
    // The way stands still at the worst moment.
    assert_eq!(here.says(), ["ECO 0"]);
    here.waits(secs(20));
    here.rfnm(20);
    here.rfnm(0);
    here.waits(secs(1));
    here.hears(&[Command::Erp { data: 0 }]);
    here.hears_text(BBN, 2, 8, b"HERE WE ARE");
    assert_eq!(here.read(receiver), b"HERE WE ARE");
    here.rfnms = true;
    here.says();
    here.send(sender, b"MORE");
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 4"]);
    assert!(!here.events().iter().any(|event| matches!(event, Event::Closed { .. })));
}

#[test]
fn by_itself_an_ncp_asks_nobody() {
    let mut here = Lone::tenex();
    let receiver = here.receiver();
    here.ncp.expect(here.now, receiver, true);
    here.init(5, at(BBN, 8));
    here.says();
    here.waits(secs(3600));
    assert!(here.says().is_empty() && closed(&mut here).is_empty());
}

#[test]
fn a_host_among_strangers_that_hears_nothing_from_the_first_says_so_in_time() {
    let mut here = asking_strangers();
    let id = here.init(5, at(BBN, 8));
    assert_eq!(here.says(), ["RST"]);
    here.waits(secs(10));
    assert_eq!(here.says(), ["STR 5 to 8 size 8", "ECO 0"], "some know no RST");
    here.waits(secs(18));
    here.says();
    assert_eq!(here.events(), [gone(id, CloseReason::Silent)]);
}

#[test]
fn a_host_that_has_only_just_come_up_is_not_called_silent_in_the_half_minute_in_which_it_may_say_nothing() {
    let mut here = asking();
    // This is all that its IMP takes from it for 30 seconds (RFC 271).
    here.hears(&[Command::Rst]);
    here.says();
    let id = here.init(5, at(BBN, 8));
    here.says();
    here.waits(secs(30) + Span::from_millis(500));
    assert_eq!(here.says(), ["ECO 0"]);
    here.hears(&[rts(8, 5, 20), Command::Erp { data: 0 }]);
    here.says();
    assert!(closed(&mut here).is_empty(), "its user would be told what is wrong, just before it answers");
    assert_eq!(here.ncp.status(id).map(|status| status.state), Some(State::Open));
    // One that says nothing then either is dead.
    here.hears(&[Command::Rst]);
    here.init(7, at(BBN, 8));
    here.says();
    here.events();
    here.waits(SILENCE);
    here.says();
    here.waits(secs(25));
    here.says();
    assert_eq!(closed(&mut here), [CloseReason::Silent]);
}

#[test]
fn a_host_that_has_only_just_come_up_itself_calls_nobody_silent_before_it_can_have_been_heard() {
    let mut here = Lone::new(policy());
    let id = here.init(5, at(BBN, 8));
    here.rfnms = false;
    assert_eq!(here.says(), ["STR 5 to 8 size 8"]);
    // The IMP takes it only now.
    here.waits(secs(30));
    here.rfnm(0);
    assert_eq!(here.says(), ["ECO 0"]);
    here.waits(Span::from_millis(500));
    here.rfnm(0);
    here.hears(&[rts(8, 5, 20), Command::Erp { data: 0 }]);
    here.waits(secs(5));
    assert!(closed(&mut here).is_empty());
    assert_eq!(here.ncp.status(id).map(|status| status.state), Some(State::Open));
}

#[test]
fn a_partner_that_has_spoken_since_a_program_asked_it_in_vain_is_not_called_silent_for_that_question() {
    let mut here = asking();
    let receiver = here.receiver();
    here.ncp.echo(here.now, HostAddress::from(BBN), 99);
    assert_eq!(here.says(), ["ECO 99"]);
    here.waits(secs(10));
    here.hears_text(BBN, 2, 8, b"IT KNOWS NO ECO");
    here.read(receiver);
    here.waits(secs(50));
    // Its next answer takes it a minute.
    here.ncp.expect(here.now, receiver, true);
    here.says();
    here.waits(secs(60));
    here.says();
    here.hears_text(BBN, 2, 8, b"AND IS SLOW");
    assert_eq!(here.read(receiver), b"AND IS SLOW");
    assert!(closed(&mut here).is_empty());
}

#[test]
fn an_rrp_that_is_late_is_an_answer_to_the_question_that_followed_the_rst() {
    let mut here = asking_strangers();
    let id = here.init(5, at(BBN, 8));
    assert_eq!(here.says(), ["RST"]);
    here.waits(secs(10));
    assert_eq!(here.says(), ["STR 5 to 8 size 8", "ECO 0"]);
    here.waits(secs(1));
    here.hears(&[Command::Rrp]);
    here.waits(SILENCE);
    assert_eq!(here.says(), ["ECO 0"], "it answered, and is asked again");
    here.waits(PATIENCE - secs(1));
    assert!(closed(&mut here).is_empty());
    here.hears(&[rts(8, 5, 20)]);
    here.says();
    assert_eq!(here.ncp.status(id).map(|status| status.state), Some(State::Open));
}
