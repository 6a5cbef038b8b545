//! What the IMP reports about messages, and what becomes of connections.

use imp1822::{Dead, FromImp, GoingDown, HostAddress, Incomplete, LeaderError, Link, Outage};
use machine::BitReader;
use machine::{Machine, Span};
use ncp::{CloseReason, Command, Event, Input, Loss, Partner, SendError, State};

use crate::lone::{BBN, Lone, all, at, cls, rts, socket};

fn to() -> HostAddress {
    HostAddress::from(BBN)
}

#[test]
fn a_dead_host_ends_everything_with_it_and_nothing_else() {
    let mut here = Lone::tenex();
    let (open, elsewhere) = (here.sender(), here.init(6, at(13, 1)));
    let asked = here.init(4, at(BBN, 9));
    let listening = here.ncp.listen(here.now, socket(10), Partner::Anyone, None).expect("it is free");
    here.hears(&[rts(20, 21, 30)]);
    here.rfnms = false;
    assert_eq!(here.says(), ["RTS 6 from 1 link 2", "RTS 4 from 9 link 2"]);
    here.imp_says(FromImp::DestinationDead { to: to(), link: Link::CONTROL, why: Dead::Host });
    let reason = CloseReason::Dead(Dead::Host);
    assert_eq!(here.events(), [Event::Closed { id: open, reason }, Event::Closed { id: asked, reason }]);
    assert_eq!(here.ncp.queued_requests().count(), 0);
    let left: Vec<_> = here.ncp.connections().map(|status| status.id).collect();
    assert_eq!(left, [elsewhere, listening]);
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RST"], "the control link is free for another try");
}

#[test]
fn a_lost_message_breaks_its_connection_alone() {
    for why in [Incomplete::HostTardy, Incomplete::Lost, Incomplete::TooLong, Incomplete::Unknown(5)] {
        let report = FromImp::Incomplete { to: to(), link: Link::from(20), why };
        let mut here = Lone::tenex();
        let (id, other) = (here.sender(), here.receiver());
        here.hears(&[all(20, 1, 100)]);
        here.rfnms = false;
        here.send(id, b"LOST");
        here.says();
        here.imp_says(report);
        assert_eq!(here.says(), ["INS link 20", "CLS 5 8"]);
        let reason = CloseReason::Undelivered(Loss::Incomplete(why));
        let more = here.ncp.send(here.now, id, BitReader::new(b"MORE"));
        assert_eq!(more, Err(SendError::Closed(reason)), "its writer hears at once what became of it");
        here.hears(&[cls(8, 5)]);
        assert_eq!(here.events(), [Event::Closed { id, reason }], "and says what became of it");
        assert_eq!(here.ncp.status(other).map(|status| status.state), Some(State::Open));
    }
}

#[test]
fn a_control_message_that_cannot_have_arrived_is_sent_again() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.init(6, at(BBN, 11));
    here.imp_says(FromImp::ErrorInData { to: to(), link: Link::CONTROL });
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"], "the same, and before anything else");
    here.rfnm(0);
    assert_eq!(here.says(), ["RTS 6 from 11 link 3"]);
}

#[test]
fn a_control_message_that_never_gets_through_ends_in_a_reset() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    let id = here.init(4, at(BBN, 9));
    for _ in 0..3 {
        assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
        let why = Incomplete::NoResources;
        here.imp_says(FromImp::Incomplete { to: to(), link: Link::CONTROL, why });
    }
    assert_eq!(here.says(), ["RST"]);
    let reason = CloseReason::OutOfStep(Loss::Incomplete(Incomplete::NoResources));
    assert_eq!(here.events(), [Event::Closed { id, reason }], "it was not the partner who asked for it");
}

#[test]
fn a_control_message_that_may_have_arrived_ends_in_a_reset_at_once() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    here.rfnms = false;
    assert!(here.ncp.interrupt(here.now, id));
    assert_eq!(here.says(), ["INR link 2"]);
    here.imp_says(FromImp::Incomplete { to: to(), link: Link::CONTROL, why: Incomplete::Lost });
    assert_eq!(here.says(), ["RST"]);
    let reason = CloseReason::OutOfStep(Loss::Incomplete(Incomplete::Lost));
    assert_eq!(here.events(), [Event::Closed { id, reason }]);
}

#[test]
fn control_messages_of_one_partner_go_one_at_a_time() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    here.init(4, at(BBN, 9));
    assert_eq!(here.says().len(), 1);
    here.init(6, at(BBN, 11));
    here.init(8, at(13, 1));
    assert_eq!(here.says(), ["RTS 8 from 1 link 2"], "another partner is not held up");
    here.rfnm(0);
    assert_eq!(here.says(), ["RTS 6 from 11 link 3"]);
}

#[test]
fn a_link_is_held_by_a_message_in_transit_even_after_its_connection() {
    let mut here = Lone::tenex();
    let first = here.sender();
    here.hears(&[all(20, 1, 100)]);
    here.rfnms = false;
    here.send(first, b"OLD");
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 3"]);
    here.hears(&[Command::Rst]);
    let second = here.init(7, at(BBN, 10));
    here.hears(&[rts(10, 7, 20), all(20, 1, 100)]);
    here.send(second, b"NEW");
    assert_eq!(here.says(), ["RRP", "STR 7 to 10 size 8"], "the old message has no RFNM yet");
    here.rfnm(20);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 3"]);
    assert_eq!(here.ncp.unsent(second), 24, "the RFNM was for the old one");
    here.rfnm(20);
    assert_eq!(here.ncp.unsent(second), 0);
}

#[test]
fn when_the_own_imp_goes_down_everything_is_over_and_partners_learn_of_it_later() {
    let mut here = Lone::tenex();
    let (open, listening) =
        (here.sender(), here.ncp.listen(here.now, socket(4), Partner::Anyone, None).expect("it is free"));
    here.ncp.handle(here.now, Input::Down(Outage::ImpDown));
    let gone = |id| Event::Closed { id, reason: CloseReason::Outage(Outage::ImpDown) };
    assert_eq!(here.events(), [gone(listening), gone(open)]);
    assert_eq!(here.ncp.deadline(), None);
    here.init(5, at(BBN, 8));
    here.init(7, at(13, 8));
    assert!(here.says().is_empty(), "there is nobody to take a message");
    here.ncp.handle(here.now, Input::Up);
    assert_eq!(here.says(), ["STR 7 to 8 size 8", "RST"], "BBN still believes in socket 5");
    here.hears(&[Command::Rrp]);
    assert_eq!(here.says(), ["STR 5 to 8 size 8"]);
}

#[test]
fn answers_for_messages_that_were_never_sent_mean_nothing() {
    let mut here = Lone::tenex();
    for link in [0, 2, 20] {
        let link = Link::from(link);
        here.imp_says(FromImp::Rfnm { to: to(), link });
        here.imp_says(FromImp::ErrorInData { to: to(), link });
        here.imp_says(FromImp::Incomplete { to: to(), link, why: Incomplete::Lost });
        here.imp_says(FromImp::DestinationDead { to: to(), link, why: Dead::Imp });
    }
    assert!(here.says().is_empty() && here.events().is_empty());
}

#[test]
fn a_message_that_met_a_dead_host_no_longer_holds_its_link() {
    let mut here = Lone::tenex();
    let first = here.sender();
    here.hears(&[all(20, 1, 100)]);
    here.rfnms = false;
    here.send(first, b"ANYBODY?");
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 8"]);
    here.imp_says(FromImp::DestinationDead { to: to(), link: Link::from(20), why: Dead::Imp });
    assert_eq!(here.events(), [Event::Closed { id: first, reason: CloseReason::Dead(Dead::Imp) }]);
    here.rfnms = true;
    here.hears(&[Command::Rst]);
    assert_eq!(here.says(), ["RRP"]);
    here.events();
    let second = here.sender();
    here.hears(&[all(20, 1, 100)]);
    here.send(second, b"BACK");
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 4"]);
}

/// The IMP complains of a leader, and does not say whose message it was.
fn a_leader_is_unread() -> FromImp {
    FromImp::ErrorInLeader { why: LeaderError::Garbled, link: Link::CONTROL }
}

#[test]
fn text_whose_leader_the_imp_could_not_read_is_missed_after_a_minute() {
    let mut here = Lone::tenex();
    let (id, other) = (here.sender(), here.receiver());
    here.hears(&[all(20, 1, 100)]);
    here.rfnms = false;
    here.send(id, b"LOST");
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 4"]);
    here.imp_says(a_leader_is_unread());
    here.waits(Span::from_secs(59));
    assert!(here.says().is_empty(), "it may have been another message");
    here.waits(Span::from_secs(1));
    assert_eq!(here.says(), ["INS link 20", "CLS 5 8"], "nothing is skipped in silence");
    here.hears(&[cls(8, 5)]);
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Undelivered(Loss::Unanswered) }]);
    assert_eq!(here.ncp.status(other).map(|status| status.state), Some(State::Open));
}

#[test]
fn a_message_that_is_answered_was_not_the_one_with_the_bad_leader() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 2, 100)]);
    here.rfnms = false;
    here.send(id, b"ONE");
    here.says();
    here.imp_says(a_leader_is_unread());
    here.rfnm(20);
    here.waits(Span::from_secs(59));
    here.send(id, b"TWO");
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 3"]);
    here.waits(Span::from_secs(1));
    assert!(here.says().is_empty(), "the second was sent after the complaint");
    here.rfnm(20);
    assert_eq!(here.ncp.unsent(id), 0);
    assert_eq!(here.ncp.deadline(), None);
}

#[test]
fn a_control_message_whose_leader_was_unread_ends_in_a_reset() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    let id = here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.imp_says(a_leader_is_unread());
    here.waits(Span::from_secs(60));
    assert_eq!(here.says(), ["RST"]);
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::OutOfStep(Loss::Unanswered) }]);
}

#[test]
fn a_bad_leader_with_nothing_in_transit_and_news_of_the_imp_mean_nothing() {
    let mut here = Lone::tenex();
    here.sender();
    let before = here.ncp.tables();
    here.imp_says(a_leader_is_unread());
    here.imp_says(FromImp::Nop);
    here.imp_says(FromImp::GoingDown(GoingDown::LAST_WARNING));
    assert!(here.says().is_empty() && here.events().is_empty());
    assert_eq!(here.ncp.tables(), before, "not even a deadline");
}

#[test]
fn a_dead_destination_answers_an_echo() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    here.ncp.echo(here.now, to(), 1);
    here.ncp.echo(here.now, to(), 2);
    assert_eq!(here.says(), ["ECO 1"]);
    here.imp_says(FromImp::DestinationDead { to: to(), link: Link::CONTROL, why: Dead::Host });
    here.ncp.echo(here.now, to(), 3);
    assert_eq!(here.says(), ["ECO 3"], "those before it are answered by that");
}
