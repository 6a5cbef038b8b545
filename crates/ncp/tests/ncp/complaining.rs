//! Partners that complain of what they were told: what ends a connection, and what does not.

use imp1822::{HostAddress, Link};
use ncp::{CloseReason, Command, ConnectionId, ErrorCode, Event, State, Tables};

use crate::lone::{BBN, Lone, all, at, cls, rts, str};

const KNOWS_NOTHING: [ErrorCode; 2] = [ErrorCode::NonexistentSocket, ErrorCode::NotConnected];

fn link(number: u8) -> Link {
    Link::from(number)
}

impl Lone {
    /// BBN complains of a command: its data are the first ten bytes, filled up with `fill`.
    fn hears_complaint(&mut self, code: ErrorCode, of: Command, fill: u8) {
        self.hears_complaint_from(BBN, code, of, fill);
    }

    fn hears_complaint_from(&mut self, host: u8, code: ErrorCode, of: Command, fill: u8) {
        let mut writer = machine::BitWriter::new(of.len() * 8);
        of.emit(&mut writer);
        let mut data = [fill; 10];
        data[..of.len()].copy_from_slice(writer.finish().bytes());
        self.hears_from(host, &[Command::Err { code, data }]);
    }

    /// What became of connections since this was last asked.
    fn ends(&mut self) -> Vec<(ConnectionId, CloseReason)> {
        let gone = |event| match event {
            Event::Closed { id, reason } => Some((id, reason)),
            _ => None,
        };
        self.events().into_iter().filter_map(gone).collect()
    }

    fn is_open(&self, id: ConnectionId) -> bool {
        self.ncp.status(id).is_some_and(|status| status.state == State::Open)
    }
}

#[test]
fn a_request_that_the_partner_calls_illegal_fails_at_once_and_says_why() {
    for code in [ErrorCode::BadParameters, ErrorCode::NonexistentSocket, ErrorCode::NotConnected] {
        let mut here = Lone::tenex();
        let (receiver, sender) = (here.init(4, at(BBN, 9)), here.init(5, at(BBN, 8)));
        assert_eq!(here.says(), ["RTS 4 from 9 link 2", "STR 5 to 8 size 8"]);
        here.hears_complaint(code, rts(4, 9, 2), 0);
        assert_eq!(here.ends(), [(receiver, CloseReason::Illegal(code))]);
        here.hears_complaint(code, str(5, 8, 8), 0);
        assert_eq!(here.ends(), [(sender, CloseReason::Illegal(code))]);
        assert!(here.says().is_empty(), "the partner has taken nothing that could be closed");
        here.left_when_released(receiver);
        assert_eq!(here.left_when_released(sender), Tables::default());
    }
    let words = CloseReason::Illegal(ErrorCode::BadParameters).to_string();
    assert_eq!(words, "called illegal by the other host: bad parameters");
}

#[test]
fn a_grant_that_the_partner_calls_illegal_refuses_the_request() {
    let mut here = Lone::tenex();
    here.hears(&[str(9, 4, 8)]);
    let id = here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2", "ALL link 2 messages 16 bits 32000"]);
    here.hears_complaint(ErrorCode::BadParameters, rts(4, 9, 2), 0);
    assert_eq!(here.says(), ["CLS 4 9"], "theirs still waits");
    here.hears(&[cls(9, 4)]);
    assert_eq!(here.ends(), [(id, CloseReason::Illegal(ErrorCode::BadParameters))]);
}

#[test]
fn a_complaint_of_another_request_than_ours_changes_nothing() {
    let mut here = Lone::tenex();
    let id = here.init(4, at(BBN, 9));
    here.says();
    let code = ErrorCode::BadParameters;
    for command in [rts(4, 9, 3), rts(4, 11, 2), rts(6, 9, 2), str(9, 4, 8), str(4, 9, 8), cls(4, 9)] {
        here.hears_complaint(code, command, 0);
    }
    here.hears_complaint_from(13, code, rts(4, 9, 2), 0);
    here.hears_complaint(ErrorCode::Undefined, rts(4, 9, 2), 0);
    here.hears_complaint(ErrorCode::Unknown(99), rts(4, 9, 2), 0);
    // Cut short, within the sockets.
    here.hears(&[Command::Err { code, data: [1, 0, 0, 0, 4, 0, 0, 0, 0, 0] }]);
    here.hears_text(BBN, 0, 8, &[11, 3, 1, 0, 0, 0, 4]);
    assert!(here.ends().is_empty() && here.says().is_empty());
    here.hears(&[str(9, 4, 8)]);
    assert!(here.is_open(id));
}

#[test]
fn a_complaint_cannot_be_of_what_has_not_left() {
    let mut here = Lone::tenex();
    here.rfnms = false;
    let first = here.init(4, at(BBN, 9));
    assert_eq!(here.says(), ["RTS 4 from 9 link 2"]);
    here.init(6, at(BBN, 11));
    here.hears_complaint(ErrorCode::BadParameters, rts(6, 11, 3), 0);
    assert!(here.ends().is_empty(), "it waits for the answer of the IMP");
    here.hears_complaint(ErrorCode::BadParameters, rts(4, 9, 2), 0);
    assert_eq!(here.ends(), [(first, CloseReason::Illegal(ErrorCode::BadParameters))]);
}

#[test]
fn a_partner_that_has_forgotten_a_connection_on_which_it_sent_ends_it_by_its_complaint() {
    for code in KNOWS_NOTHING {
        // An NCP of today sends on what follows an ALL in the message.
        for fill in [0, 7] {
            let mut here = Lone::tenex();
            let id = here.receiver();
            for _ in 0..8 {
                here.hears_text(BBN, 2, 8, b"HALF");
            }
            assert_eq!(here.read(id), b"HALFHALFHALFHALFHALFHALFHALFHALF");
            assert_eq!(here.says(), ["ALL link 2 messages 8 bits 256"]);
            here.hears_complaint(code, all(2, 8, 256), fill);
            assert_eq!(here.says(), ["CLS 4 9"], "in case that it errs");
            here.hears_complaint(code, cls(4, 9), 0);
            assert_eq!(here.ends(), [(id, CloseReason::Forgotten)], "this is not the end of a file");
            assert!(here.says().is_empty());
            assert_eq!(here.left_when_released(id), Tables::default());
        }
    }
}

#[test]
fn a_partner_that_has_forgotten_a_connection_on_which_it_received_ends_it_too() {
    for code in KNOWS_NOTHING {
        let mut here = Lone::tenex();
        let id = here.sender();
        here.hears(&[all(20, 9, 800)]);
        here.send(id, b"WHO?");
        assert_eq!(here.says(), ["TEXT link 20 size 8 count 4"]);
        // The leader names who has sent it, as its receiver has it.
        here.hears(&[Command::Err { code, data: [0, 22, 20, 0, 0, 8, 0, 4, 0, b'W'] }]);
        assert_eq!(
            here.says(),
            ["INS link 20", "CLS 5 8"],
            "if it errs, it does not take this for a whole file"
        );
        here.hears_complaint(code, Command::Ins { link: link(20) }, 0);
        here.hears_complaint(code, cls(5, 8), 0);
        assert_eq!(here.ends(), [(id, CloseReason::Forgotten)]);
        assert!(here.says().is_empty());
    }
}

#[test]
fn interrupts_and_returned_allocations_may_be_complained_of_as_well() {
    let code = ErrorCode::NonexistentSocket;
    let mut here = Lone::tenex();
    let id = here.receiver();
    here.hears_text(BBN, 2, 8, b"USED");
    assert!(here.ncp.interrupt(here.now, id));
    assert_eq!(here.says(), ["INR link 2"]);
    here.hears_complaint(code, Command::Inr { link: link(2) }, 0);
    assert_eq!(here.says(), ["CLS 4 9"]);

    let mut here = Lone::tenex();
    let id = here.receiver();
    here.hears_text(BBN, 2, 8, b"USED");
    assert!(here.ncp.give_back(here.now, id, 64, 64));
    assert_eq!(here.says(), ["GVB link 2 64/128 messages 64/128 bits"]);
    here.hears_complaint(code, Command::Gvb { link: link(2), messages: 64, bits: 64 }, 0);
    assert_eq!(here.says(), ["CLS 4 9"]);

    let mut here = Lone::tenex();
    here.sender();
    here.hears(&[all(20, 2, 8), Command::Gvb { link: link(20), messages: 128, bits: 128 }]);
    assert_eq!(here.says(), ["RET link 20 messages 2 bits 8"]);
    here.hears_complaint(code, Command::Ret { link: link(20), messages: 2, bits: 8 }, 0);
    assert_eq!(here.says(), ["INS link 20", "CLS 5 8"]);
}

#[test]
fn a_complaint_of_the_first_all_before_any_text_breaks_nothing() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    // Of an ALL that an earlier connection had on this link, or from an NCP whose program has yet to take the
    // connection.
    for code in KNOWS_NOTHING {
        here.hears_complaint(code, all(2, 16, 32_000), 0);
    }
    here.hears_text(BBN, 2, 8, b"GOOD");
    for code in KNOWS_NOTHING {
        here.hears_complaint(code, all(2, 16, 32_000), 0);
    }
    assert!(here.is_open(id) && here.says().is_empty());
    assert_eq!(here.read(id), b"GOOD");
}

#[test]
fn a_complaint_of_what_was_never_said_about_an_open_connection_changes_nothing() {
    let mut here = Lone::tenex();
    let (sender, receiver) = (here.sender(), here.receiver());
    here.hears(&[all(20, 9, 800)]);
    here.send(sender, b"WHO?");
    here.hears_text(BBN, 2, 8, b"USED");
    assert!(here.ncp.give_back(here.now, receiver, 64, 64));
    here.says();
    let on = |number| {
        [Command::Inr { link: link(number) }, Command::Ins { link: link(number) }, all(number, 1, 1)]
    };
    let never_said = [on(2), on(20), on(7), [rts(4, 9, 2), str(5, 8, 8), cls(4, 9)]].concat();
    for code in KNOWS_NOTHING {
        never_said.iter().for_each(|command| here.hears_complaint(code, *command, 0));
        // Another count, another byte, another size, another link, another sender, nothing at all.
        for data in [
            [0, 22, 20, 0, 0, 8, 0, 5, 0, b'W'],
            [0, 22, 20, 0, 0, 8, 0, 4, 0, b'X'],
            [0, 22, 20, 0, 0, 9, 0, 4, 0, b'W'],
            [0, 22, 2, 0, 0, 8, 0, 4, 0, b'W'],
            [0, 13, 20, 0, 0, 8, 0, 4, 0, b'W'],
            [0; 10],
        ] {
            here.hears(&[Command::Err { code, data }]);
        }
        // What was said, but to another.
        here.hears_from(13, &[Command::Err { code, data: [0, 22, 20, 0, 0, 8, 0, 4, 0, b'W'] }]);
    }
    // What was said, but the complaint is another.
    for code in [ErrorCode::Undefined, ErrorCode::BadParameters, ErrorCode::Unknown(6)] {
        here.hears(&[Command::Err { code, data: [0, 22, 20, 0, 0, 8, 0, 4, 0, b'W'] }]);
    }
    assert!(here.is_open(sender) && here.is_open(receiver) && here.says().is_empty());
}

#[test]
fn a_close_of_what_the_partner_does_not_know_waits_for_no_answer() {
    for code in KNOWS_NOTHING {
        let mut here = Lone::tenex();
        let id = here.receiver();
        here.close(id);
        assert_eq!(here.says(), ["CLS 4 9"]);
        here.hears_complaint(ErrorCode::BadParameters, cls(4, 9), 0);
        here.hears_complaint(code, cls(4, 11), 0);
        here.hears_complaint_from(13, code, cls(4, 9), 0);
        assert!(here.ends().is_empty());
        here.hears_complaint(code, cls(4, 9), 0);
        assert_eq!(here.ends(), [(id, CloseReason::Forgotten)], "nobody knows what has become of the text");
        assert!(here.says().is_empty());
        assert_eq!(here.left_when_released(id), Tables::default());
    }
}

#[test]
fn a_storm_of_complaints_is_met_with_silence() {
    let mut here = Lone::tenex();
    let id = here.receiver();
    for code in (0..=255).map(ErrorCode::from) {
        for opcode in 0..=255 {
            here.hears(&[Command::Err { code, data: [opcode; 10] }; 2]);
        }
    }
    assert!(here.says().is_empty());
    let host = HostAddress::from(BBN);
    let events = here.events();
    let is_record = |event: &Event| matches!(event, Event::ErrReceived { host: by, .. } if *by == host);
    assert!(events.len() == 2 * 256 * 256 && events.iter().all(is_record), "each is recorded");
    assert!(here.is_open(id));
}
