//! ECOs that are never answered though the partner is there: how long they stay unanswered, and who is asked again.

use imp1822::{Dead, FromImp, HostAddress, Link};
use machine::{Machine, Span};
use ncp::{CloseReason, Command};

use crate::asking::{MINUTE, PATIENCE, SILENCE, asking, gone, is_asked, secs};
use crate::lone::{BBN, Lone, all, at, closed};

/// The ECOs that are unanswered, or wait for their turn.
fn unanswered(here: &Lone) -> usize {
    here.ncp.held().iter().map(|held| held.echoes).sum()
}

#[test]
fn a_question_that_was_not_answered_is_over_when_nobody_waits_for_its_answer() {
    let mut here = asking();
    let receiver = here.receiver();
    is_asked(&mut here, receiver);
    here.ncp.expect(here.now, receiver, false);
    here.says();
    here.waits(MINUTE - Span::from_millis(1));
    assert_eq!(unanswered(&here), 1, "its answer may still come");
    here.waits(Span::from_millis(1));
    assert!(here.says().is_empty(), "nobody wants to know");
    assert_eq!((unanswered(&here), here.ncp.deadline()), (0, None));
    // Whoever waits next asks for himself, and is told as if there had been no question.
    here.waits(secs(1000));
    is_asked(&mut here, receiver);
    here.waits(PATIENCE - Span::from_millis(1));
    assert!(closed(&mut here).is_empty());
    here.waits(Span::from_millis(1));
    here.says();
    assert_eq!(closed(&mut here), [CloseReason::Silent]);
}

#[test]
fn a_question_whose_time_is_over_but_not_its_minute_leaves_a_new_program_its_time() {
    let mut here = asking();
    let receiver = here.receiver();
    is_asked(&mut here, receiver);
    here.ncp.expect(here.now, receiver, false);
    here.says();
    here.waits(MINUTE - secs(10));
    here.ncp.expect(here.now, receiver, true);
    here.says();
    here.waits(PATIENCE - Span::from_millis(1));
    assert!(here.says().is_empty(), "no two ECOs are unanswered at a time");
    assert!(closed(&mut here).is_empty());
    here.waits(Span::from_millis(1));
    here.says();
    assert_eq!(closed(&mut here), [CloseReason::Silent]);
}

#[test]
fn no_question_is_left_unanswered_for_ever_whoever_asked() {
    let host = HostAddress::from(BBN);
    let program: fn(&mut Lone) = |here| here.ncp.echo(here.now, HostAddress::from(BBN), 0);
    let finger: fn(&mut Lone) = |here| here.ncp.look_for(here.now, HostAddress::from(BBN));
    let somebody_dead: fn(&mut Lone) = |here| {
        let id = here.sender();
        here.hears(&[all(20, 1, 100)]);
        here.rfnms = false;
        here.send(id, b"TEXT");
        here.says();
        let to = HostAddress::from(0);
        here.imp_says(FromImp::DestinationDead { to, link: Link::from(128), why: Dead::Imp });
        here.rfnm(20);
        here.rfnms = true;
    };
    let request_withdrawn: fn(&mut Lone) = |here| {
        let id = here.init(5, at(BBN, 8));
        here.says();
        here.waits(SILENCE);
        here.ncp.release(here.now, id);
    };
    for ask in [program, finger, somebody_dead, request_withdrawn] {
        let mut here = asking();
        ask(&mut here);
        assert!(here.says().contains(&"ECO 0".to_owned()));
        here.rfnm(0);
        assert_eq!(unanswered(&here), 1);
        here.waits(MINUTE);
        here.says();
        assert_eq!(unanswered(&here), 0, "the next may go");
        assert!(here.ncp.is_in_step_with(host), "and nothing is over for that");
    }
}

#[test]
fn a_partner_whose_answer_was_lost_is_asked_once_more_and_found_out_when_it_dies_later() {
    for waits_on in [true, false] {
        let mut here = asking();
        let receiver = here.receiver();
        is_asked(&mut here, receiver);
        // Its ERP is lost, and what it says then is not.
        here.waits(secs(5));
        here.hears_text(BBN, 2, 8, b"THERE IT IS");
        here.read(receiver);
        here.ncp.expect(here.now, receiver, waits_on);
        here.says();
        here.waits(MINUTE - secs(5));
        assert_eq!(here.says(), ["ECO 0"], "this one arrives");
        here.hears(&[Command::Erp { data: 0 }]);
        is_asked(&mut here, receiver);
        here.waits(PATIENCE);
        here.says();
        assert_eq!(closed(&mut here), [CloseReason::Silent], "told within half a minute");
    }
}

#[test]
fn who_has_answered_once_and_dies_after_an_answer_was_lost_is_found_out_within_half_a_minute() {
    let mut here = asking();
    let receiver = here.receiver();
    is_asked(&mut here, receiver);
    here.hears(&[Command::Erp { data: 0 }]);
    is_asked(&mut here, receiver);
    // Its ERP is lost, and again each time that it is asked anew.
    for _ in 0..3 {
        here.waits(secs(15));
        here.hears_text(BBN, 2, 8, b"THERE IT IS");
        here.read(receiver);
        here.says();
        here.waits(SILENCE - Span::from_millis(1));
        assert!(here.says().is_empty(), "it has only just spoken");
        here.waits(Span::from_millis(1));
        assert_eq!(here.says(), ["ECO 0"], "it knows the question, and may have died since");
    }
    here.waits(PATIENCE - Span::from_millis(1));
    assert!(closed(&mut here).is_empty());
    here.waits(Span::from_millis(1));
    here.says();
    assert_eq!(closed(&mut here), [CloseReason::Silent], "told within half a minute of its last word");
}

#[test]
fn no_second_question_goes_before_the_imp_has_answered_for_the_first() {
    let mut here = asking();
    let receiver = here.receiver();
    here.rfnms = false;
    here.init(5, at(BBN, 8));
    assert_eq!(here.says(), ["STR 5 to 8 size 8"]);
    here.waits(SILENCE);
    assert!(here.says().is_empty(), "the IMP has not answered for the request");
    here.waits(secs(10));
    here.rfnm(0);
    assert_eq!(here.says(), ["ECO 0"]);
    here.hears_text(BBN, 2, 8, b"ONLY THE WAY THERE STANDS STILL");
    here.read(receiver);
    here.says();
    here.waits(MINUTE - secs(10));
    assert!(here.says().is_empty() && closed(&mut here).is_empty());
    here.rfnm(0);
    assert!(!here.says().contains(&"ECO 0".to_owned()), "the first may be answered now");
    here.hears(&[Command::Erp { data: 0 }]);
    assert_eq!(unanswered(&here), 0);
}

#[test]
fn whoever_waits_for_a_partner_that_knew_no_eco_may_ask_its_successor() {
    let mut here = asking();
    let receiver = here.receiver();
    here.ncp.expect(here.now, receiver, true);
    here.says();
    here.waits(SILENCE);
    here.says();
    here.waits(secs(5));
    here.hears_text(BBN, 2, 8, b"IT KNOWS NO ECO");
    here.read(receiver);
    for _ in 0..2 {
        here.waits(MINUTE);
        here.says();
    }
    here.ncp.reset(here.now, HostAddress::from(BBN));
    let id = here.init(5, at(BBN, 8));
    assert_eq!(here.says(), ["RST"]);
    // The program has waited for longer than a partner may be silent, and there was nothing to ask.
    here.waits(SILENCE + secs(4));
    assert!(here.says().is_empty());
    here.hears(&[Command::Rrp]);
    assert_eq!(here.says(), ["STR 5 to 8 size 8"]);
    here.waits(SILENCE);
    assert_eq!(here.says(), ["ECO 0"]);
    here.waits(secs(31));
    here.says();
    assert!(here.events().contains(&gone(id, CloseReason::Silent)));
}
