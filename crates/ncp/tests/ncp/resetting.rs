//! Resets (NIC 8246, Reinitialization).

use imp1822::{Dead, FromImp, HostAddress, Link};
use machine::{Machine, Span};
use ncp::{CloseReason, Command, Event, Ncp, Policy, Start};

use crate::lone::{BBN, Lone, all, at, cls, rts, str};

fn host() -> HostAddress {
    HostAddress::from(BBN)
}

fn after_a_crash() -> Lone {
    Lone::with(Ncp::new(HostAddress::from(22), Policy::default(), Start::AfterCrash))
}

#[test]
fn an_rst_purges_what_concerns_its_sender_and_is_answered() {
    let mut here = Lone::tenex();
    let id = here.sender();
    let other = here.init(6, at(13, 1));
    here.hears(&[rts(20, 21, 30)]);
    here.hears_from(13, &[str(1, 8, 8)]);
    here.hears(&[Command::Rst]);
    assert_eq!(here.says(), ["RTS 6 from 1 link 2", "RRP"]);
    let expected = [Event::Closed { id, reason: CloseReason::Reset }, Event::PartnerReset { host: host() }];
    assert_eq!(here.events(), expected);
    let left: Vec<_> = here.ncp.connections().map(|status| status.id).collect();
    assert_eq!(left, [other]);
    let queued: Vec<_> = here.ncp.queued_requests().map(|request| request.foreign).collect();
    assert_eq!(queued, [at(13, 1)]);
}

#[test]
fn after_a_crash_an_rst_goes_first_and_commands_wait_for_the_rrp() {
    let mut here = after_a_crash();
    here.init(4, at(BBN, 9));
    here.ncp.echo(here.now, host(), 7);
    assert_eq!(here.says(), ["RST"]);
    here.hears(&[Command::Rrp]);
    assert_eq!(here.says(), ["RTS 4 from 9 link 2", "ECO 7"]);
    here.hears(&[Command::Erp { data: 7 }]);
    assert_eq!(here.events(), [Event::Echoed { host: host(), data: 7 }]);
}

#[test]
fn whoever_is_in_step_is_not_reset_by_an_announcement() {
    let mut here = after_a_crash();
    here.ncp.announce(here.now, host());
    assert_eq!(here.says(), ["RST"], "there need be nothing else to say");
    here.ncp.announce(here.now, host());
    here.hears(&[Command::Rrp]);
    let id = here.init(4, at(BBN, 9));
    here.ncp.announce(here.now, host());
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    assert!(here.ncp.connections().any(|status| status.id == id), "what is younger than the RST stays");
}

#[test]
fn a_cold_start_needs_no_rst() {
    let mut here = Lone::tenex();
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
}

#[test]
fn an_rst_without_answer_holds_commands_for_a_minute() {
    let mut here = after_a_crash();
    here.init(4, at(BBN, 9));
    here.waits(Span::from_secs(59));
    assert_eq!(here.says(), ["RST"]);
    here.waits(Span::from_secs(1));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
}

#[test]
fn a_dead_partner_answers_an_rst_too() {
    let mut here = after_a_crash();
    let id = here.init(4, at(BBN, 9));
    here.rfnms = false;
    assert_eq!(here.says(), ["RST"]);
    here.imp_says(FromImp::DestinationDead { to: host(), link: Link::CONTROL, why: Dead::Host });
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Dead(Dead::Host) }]);
    assert_eq!(here.ncp.deadline(), None);
}

#[test]
fn resets_that_cross_are_both_answered_and_keep_what_is_held() {
    let mut here = after_a_crash();
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RST"]);
    here.hears(&[Command::Rst]);
    assert_eq!(here.says(), ["RRP"]);
    here.hears(&[Command::Rrp]);
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
}

#[test]
fn a_partner_that_speaks_of_forgotten_connections_is_reset_first() {
    let mut here = after_a_crash();
    here.hears(&[Command::All { link: Link::from(20), messages: 1, bits: 1 }, rts(8, 5, 21)]);
    here.hears_text(BBN, 2, 8, b"STALE");
    assert_eq!(here.says(), ["RST"]);
    assert_eq!(here.ncp.queued_requests().count(), 0, "the partner forgets its request, too");
}

#[test]
fn a_partner_that_resets_us_first_needs_no_rst_of_ours() {
    let mut here = after_a_crash();
    here.hears(&[Command::Rst]);
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RRP", "RTS 4 from 9 link 2"]);
}

#[test]
fn a_reset_by_hand_purges_and_is_sent_once() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.ncp.reset(here.now, host());
    here.ncp.reset(here.now, host());
    assert_eq!(here.says(), ["RST"]);
    assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Reset }]);
    here.hears(&[Command::Rrp]);
    assert!(here.says().is_empty());
}

#[test]
fn commands_that_wait_when_an_rst_comes_are_forgotten_with_everything_else() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.init(6, at(BBN, 11));
    here.hears(&[Command::Rst]);
    here.rfnm(0);
    assert_eq!(here.says(), ["RRP"]);
}

#[test]
fn no_two_resets_gather_behind_a_control_message_that_is_not_answered() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    for _ in 0..5 {
        here.ncp.reset(here.now, host());
        here.waits(Span::from_secs(30));
    }
    here.rfnm(0);
    assert_eq!(here.says(), ["RST"], "it has not left before, and one is enough");
    here.init(6, at(BBN, 11));
    here.rfnm(0);
    assert!(here.says().is_empty(), "commands wait for the RRP");
    here.hears(&[Command::Rrp]);
    assert_eq!(here.says(), ["RTS 6 from 11 link 2"]);
}

#[test]
fn an_rst_or_rrp_answers_an_echo() {
    let mut here = Lone::tenex();
    here.ncp.echo(here.now, host(), 1);
    assert_eq!(here.says(), ["ECO 1"]);
    here.hears(&[Command::Rst]);
    here.ncp.echo(here.now, host(), 2);
    assert_eq!(here.says(), ["RRP", "ECO 2"], "an RST from the partner");
    here.ncp.reset(here.now, host());
    here.ncp.echo(here.now, host(), 3);
    assert_eq!(here.says(), ["RST"]);
    here.hears(&[Command::Rrp]);
    assert_eq!(here.says(), ["ECO 3"], "an RRP to ours");
}

#[test]
fn one_rrp_answers_all_rsts_and_later_ones_mean_nothing() {
    let mut here = Lone::tenex();
    here.ncp.reset(here.now, host());
    here.waits(Span::from_secs(30));
    here.ncp.reset(here.now, host());
    assert_eq!(here.says(), ["RST"], "the first was still waiting for the IMP");
    here.waits(Span::from_secs(30));
    here.ncp.reset(here.now, host());
    assert_eq!(here.says(), ["RST"], "after a reasonable time another");
    here.hears(&[Command::Rrp]);
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"], "one RRP is enough for both");
    here.hears(&[Command::Rrp]);
    assert!(here.says().is_empty());
    assert_eq!(here.ncp.connections().count(), 1, "the second RRP is discarded");
}

#[test]
fn while_an_rst_is_unanswered_only_resets_are_heard_and_said() {
    let mut here = Lone::tenex();
    here.ncp.reset(here.now, host());
    assert_eq!(here.says(), ["RST"]);
    here.hears(&[rts(8, 5, 20), cls(9, 4), Command::Eco { data: 1 }]);
    here.hears_text(BBN, 2, 8, b"OLD");
    assert!(here.says().is_empty(), "the partner has not heard of it yet");
    assert_eq!(here.ncp.queued_requests().count(), 0);
    here.hears(&[Command::Rst]);
    assert_eq!(here.says(), ["RRP"], "an RST is answered all the same");
}

#[test]
fn a_reset_purges_partly_closed_connections_and_refusals_too() {
    let mut here = Lone::tenex();
    let closing = here.receiver();
    here.close(closing);
    here.ncp
        .listen(here.now, ncp::Socket::from(21), ncp::Partner::Host(HostAddress::from(13)), None)
        .expect("free");
    here.hears(&[rts(20, 21, 30)]);
    assert_eq!(here.says(), ["CLS 4 9", "CLS 21 20"]);
    assert_eq!(here.ncp.tables().refusals, 1);
    here.hears(&[Command::Rst]);
    assert_eq!(here.says(), ["RRP"]);
    assert_eq!(here.events()[0], Event::Closed { id: closing, reason: CloseReason::Reset });
    let left = here.ncp.tables();
    assert_eq!((left.refusals, left.links, left.deadlines, left.sockets), (0, 0, 0, 1), "the listener stays");
}

/// Type 7 for a message on a link: only the line to the partner may be down.
fn out_of_reach(link: u8) -> FromImp {
    FromImp::DestinationDead { to: host(), link: Link::from(link), why: Dead::Imp }
}

#[test]
fn a_partner_that_was_out_of_reach_while_something_was_open_is_reset_before_anything_else() {
    type Opening = fn(&mut Lone);
    let openings: [(&str, Opening); 5] = [
        ("a connection", |here| {
            here.receiver();
        }),
        ("a connection that closes", |here| {
            let id = here.receiver();
            here.close(id);
            here.says();
        }),
        ("its request", |here| here.hears(&[rts(20, 21, 30)])),
        ("a refusal", |here| {
            here.hears(&[rts(20, 21, 30)]);
            here.waits(Span::from_secs(120));
            here.says();
        }),
        ("a request of ours that has arrived", |here| {
            here.init(4, at(BBN, 9));
            here.says();
        }),
    ];
    for (what, open) in openings {
        let mut here = Lone::tenex();
        open(&mut here);
        here.rfnms = false;
        here.ncp.echo(here.now, host(), 1);
        assert_eq!(here.says(), ["ECO 1"]);
        here.imp_says(out_of_reach(0));
        assert!(here.says().is_empty(), "{what}: not before there is something to say");
        here.rfnms = true;
        let id = here.init(4, at(BBN, 9));
        assert_eq!(here.says(), ["RST"], "{what}");
        here.hears(&[Command::Rrp]);
        assert_eq!(here.says(), ["RTS 4 from 9 link 2"], "{what}");
        here.hears(&[str(9, 4, 8)]);
        here.says();
        assert!(here.events().contains(&crate::lone::opened(id, at(BBN, 9))), "{what}");
    }
}

#[test]
fn a_cls_that_met_a_dead_partner_is_made_good_by_an_rst() {
    let mut here = Lone::tenex();
    here.receiver();
    here.rfnms = false;
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.says(), ["CLS 4 9"], "to this host the connection is over");
    here.imp_says(out_of_reach(0));
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RST"], "the partner still waits for the CLS");
}

#[test]
fn a_partner_that_has_heard_of_nothing_needs_no_rst() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    here.init(4, at(BBN, 9));
    here.ncp.echo(here.now, host(), 1);
    assert_eq!(here.says(), ["RTS 4 from 9 link 2", "ECO 1"]);
    here.init(5, at(BBN, 8));
    here.imp_says(out_of_reach(0));
    here.events();
    here.init(6, at(BBN, 11));
    assert_eq!(here.says(), ["RTS 6 from 11 link 2"]);
}

#[test]
fn a_partner_may_have_heard_of_a_request_while_other_text_met_it_dead() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 1, 100)]);
    here.rfnms = false;
    here.send(id, b"TEXT");
    here.hears(&[Command::Rst]);
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 4", "RRP"]);
    here.rfnm(0);
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.imp_says(out_of_reach(20));
    here.rfnm(0);
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RST"]);
}

#[test]
fn an_rst_that_met_a_dead_partner_is_sent_again_when_there_is_next_something_to_say() {
    let mut here = after_a_crash();
    here.rfnms = false;
    for _ in 0..3 {
        let id = here.init(4, at(BBN, 9));
        assert_eq!(here.says(), ["RST"]);
        here.imp_says(out_of_reach(0));
        assert_eq!(here.events(), [Event::Closed { id, reason: CloseReason::Dead(Dead::Imp) }]);
        assert_eq!(here.ncp.deadline(), None, "nothing is waited for");
        assert_eq!(here.left_when_released(id), ncp::Tables::default());
    }
    // A partner that comes back by itself says so.
    here.hears(&[Command::Rst]);
    assert_eq!(here.says(), ["RRP"]);
    here.rfnm(0);
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
}

#[test]
fn among_strangers_an_rst_holds_commands_for_ten_seconds_after_it_has_left() {
    let start = Start::AmongStrangers { first_link: 0 };
    let mut here = Lone::with(Ncp::new(HostAddress::from(22), Policy::default(), start));
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RST"]);
    here.waits(Span::from_secs(9));
    assert!(here.says().is_empty());
    here.waits(Span::from_secs(1));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"], "a partner that knows of no RRP is not waited for");

    // An earlier control message keeps the next RST from leaving for a while.
    here.rfnms = false;
    here.ncp.echo(here.now, host(), 1);
    assert_eq!(here.says(), ["ECO 1"]);
    here.ncp.reset(here.now, host());
    here.init(4, at(BBN, 9));
    here.waits(Span::from_secs(25));
    assert!(here.says().is_empty());
    here.rfnm(0);
    assert_eq!(here.says(), ["RST"]);
    here.rfnm(0);
    here.waits(Span::from_secs(10));
    assert_eq!(
        here.says(),
        ["RTS 4 from 9 link 3"],
        "ten seconds, not the minute that known hosts are given"
    );
}
