//! What an NCP owes, and must not forget because something else is in the way.

use machine::{Machine, Span};
use ncp::{Command, Event, Input, Policy, QueuePolicy};

use imp1822::{FromImp, HostAddress, Incomplete, Link, Outage};

use crate::lone::{BBN, Lone, all, at, cls, rts, str};

fn bbn() -> HostAddress {
    HostAddress::from(BBN)
}

#[test]
fn an_erp_is_no_answer_to_an_eco_that_has_not_left() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.ncp.echo(here.now, bbn(), 1);
    here.ncp.echo(here.now, bbn(), 2);
    here.hears(&[Command::Erp { data: 99 }]);
    assert!(here.events().is_empty(), "nobody was asked for a 99");
    here.rfnms = true;
    here.rfnm(0);
    assert_eq!(here.says(), ["ECO 1"], "one at a time (NIC 8246, Test Inquiry)");
    here.hears(&[Command::Erp { data: 1 }]);
    assert_eq!(here.says(), ["ECO 2"]);
    assert_eq!(here.events(), [Event::Echoed { host: bbn(), data: 1 }]);
}

#[test]
fn a_partner_whose_request_was_queued_when_the_imp_went_down_hears_of_it() {
    let mut here = Lone::tenex();
    here.hears(&[str(9, 4, 8)]);
    here.ncp.handle(here.now, Input::Down(Outage::ImpDown));
    here.ncp.handle(here.now, Input::Up);
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.says(), ["RST"], "the request is forgotten, and its CLS cannot be answered");
}

#[test]
fn a_partner_who_was_owed_a_cls_when_the_imp_went_down_hears_of_it() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    here.rfnms = false;
    here.ncp.echo(here.now, bbn(), 1);
    assert_eq!(here.says(), ["ECO 1"]);
    here.hears(&[cls(9, 4)]);
    here.ncp.release(here.now, id);
    here.ncp.handle(here.now, Input::Down(Outage::ImpDown));
    here.rfnms = true;
    here.ncp.handle(here.now, Input::Up);
    here.init(6, at(BBN, 11));
    assert_eq!(here.says(), ["RST"], "before anything else");
}

#[test]
fn every_gvb_of_seventy_connections_is_answered_and_an_echo_too() {
    let mut here = Lone::tenex();
    for n in 0..70 {
        here.init(2 * n + 5, at(BBN, 2 * n + 100));
        here.hears(&[rts(2 * n + 100, 2 * n + 5, n as u8 + 2)]);
        here.hears(&[all(n as u8 + 2, 10, 1000)]);
    }
    here.says();
    here.rfnms = false;
    here.ncp.echo(here.now, bbn(), 0);
    assert_eq!(here.says(), ["ECO 0"]);
    for link in (2..72).map(Link::from) {
        here.hears(&[
            Command::Gvb { link, messages: 64, bits: 64 },
            Command::Gvb { link, messages: 64, bits: 64 },
        ]);
    }
    here.hears(&[Command::Eco { data: 5 }]);
    here.rfnms = true;
    here.rfnm(0);
    let said = here.says();
    assert_eq!(said.iter().filter(|said| said.starts_with("RET")).count(), 140);
    assert_eq!(said.last().map(String::as_str), Some("ERP 5"));
}

#[test]
fn a_link_is_not_blocked_by_an_answer_that_never_came() {
    let mut here = Lone::tenex();
    let id = here.sender();
    here.hears(&[all(20, 5, 1000)]);
    here.rfnms = false;
    here.send(id, b"HELLO");
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 5"]);
    here.hears(&[cls(8, 5)]);
    here.waits(Span::from_secs(120));
    here.ncp.release(here.now, id);
    here.rfnms = true;
    here.says();
    here.rfnm(0);
    let id = here.init(5, at(BBN, 8));
    here.hears(&[rts(8, 5, 20), all(20, 5, 1000)]);
    here.says();
    here.send(id, b"AGAIN");
    assert_eq!(here.says(), ["TEXT link 20 size 8 count 5"], "RFC 689, state RFN2, closes the link");
}

#[test]
fn a_cls_for_a_request_that_there_was_no_refusal_left_for_is_acknowledged() {
    let mut here = Lone::new(Policy { queue: QueuePolicy::Refuse, ..Policy::default() });
    for n in 0..70 {
        here.hears(&[str(2 * n + 5, 4, 8)]);
    }
    assert_eq!(here.says().len(), 64, "each refusal is bounded memory");
    here.hears(&[cls(2 * 69 + 5, 4)]);
    assert_eq!(here.says(), ["CLS 4 143"], "NIC 8246, Connection Termination");
}

#[test]
fn an_rst_that_was_lost_is_sent_again_before_anything_else() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    here.ncp.reset(here.now, bbn());
    assert_eq!(here.says(), ["RST"]);
    here.init(4, at(BBN, 9));
    here.imp_says(FromImp::Incomplete { to: bbn(), link: Link::CONTROL, why: Incomplete::Lost });
    assert_eq!(here.says(), ["RST"]);
    here.rfnms = true;
    here.rfnm(0);
    here.hears(&[Command::Rrp]);
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
}
