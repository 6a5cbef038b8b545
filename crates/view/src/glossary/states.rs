//! How a connection stands, and why it is over, in the words of the program's own tables.

use std::borrow::Cow;

use imp1822::{Dead, Incomplete, Outage};
use ncp::{CloseReason, ErrorCode, Loss, State};
use trace::Lens;

use super::entry::{Entry, Kind, Row, Shown, rows};

/// What something means, a line that shows it, and where that line stands, if anywhere.
type Told = (&'static str, &'static str, Option<Shown>);

/// It stands in the transcript of this scenario, at a teletype.
const fn at_teletype(scenario: &'static str) -> Option<Shown> {
    Some(Shown { scenario, lens: Lens::Teletype })
}

/// It stands in the transcript of this scenario, in what servers say.
const fn in_ftp(scenario: &'static str) -> Option<Shown> {
    Some(Shown { scenario, lens: Lens::Ftp })
}

/// Of each state, what it is and what shows it.
fn of_state(state: State) -> Told {
    match state {
        State::Listening => (
            "A program waits at this socket for somebody who asks for a connection; nobody has yet.",
            "SITE1 sees  3  -                     -  listening    -    -     0          0      0",
            None,
        ),
        State::Requested => (
            "This side has asked for the connection, and the other has not answered.",
            "SITE1 sees  301  SITE2               400  requested    8    -     0          0      0",
            None,
        ),
        State::Open => (
            "Each side has asked for the connection and both name the same sockets: data may flow, as far as the allocation goes.",
            "SITE1 sees  301  SITE2               400  open         8    2     2         80      0",
            at_teletype("allocation-step-by-step"),
        ),
        State::Flushing => (
            "The program here has closed it, and what it had sent before is still on its way; the CLS follows.",
            "SITE1 sees  301  SITE2               400  flushing     8    2     0          0     80",
            None,
        ),
        State::Answering => (
            "The other side has closed it; this side waits for the last answer of its IMP before it sends its own CLS.",
            "SITE1 sees  301  SITE2               400  answering    8    2     0          0      0",
            None,
        ),
        State::Closing => (
            "The CLS of this side has been sent, and the other side's is awaited.",
            "SITE1 sees  400  SITE2               301  closing      -    2     0          0      0",
            at_teletype("close-race-match-and-abort"),
        ),
        State::Gone => ("It is over, and its program has not let go of it yet.", "", None),
    }
}

/// Every state.
const STATES: [State; 7] = [
    State::Listening,
    State::Requested,
    State::Open,
    State::Flushing,
    State::Answering,
    State::Closing,
    State::Gone,
];

/// States that no connection is in.
const OTHER_STATES: &[Row] = rows! { State:
    "queued" []
        "No connection yet: a request of another host that waits here, since no program has asked for its socket.",
        "NIC 8246, III, Queueing Considerations, p. 14", "SITE1 sees  400  SITE2               301  queued       8    -     -          -      -" in "request-queued" Teletype
        ; see "queueing", "LOCAL";
};

/// Of each reason why a connection is over, what it means and what shows it.
fn of_reason(reason: CloseReason) -> Told {
    match reason {
        CloseReason::Closed => (
            "Each side has sent its CLS, and nothing is missing as far as either knows.",
            "SITE1 sees  SOCKET 400: closed",
            at_teletype("request-queued"),
        ),
        CloseReason::Refused => (
            "The other NCP has answered the request by a CLS: nobody listens there, or not for this caller or this byte size.",
            "SITE2 sees  SOCKET 301: refused",
            at_teletype("request-refused-at-once"),
        ),
        CloseReason::Dead(Dead::Host) => (
            "The IMPs say that the other host is dead.",
            "SITE1 sees  SOCKET 301: host dead",
            at_teletype("tardy-host"),
        ),
        CloseReason::Dead(Dead::Imp) => (
            "The other host's IMP is dead, or no way leads to it.",
            "SITE1 sees  SOCKET 301: IMP dead or out of reach",
            at_teletype("imp-goes-down"),
        ),
        CloseReason::Reset => (
            "One of the two hosts has asked the other to forget all connections between them.",
            "SITE1 sees  SOCKET 400: reset",
            at_teletype("host-restarts"),
        ),
        CloseReason::OutOfStep(_) => (
            "This NCP has asked the other one to forget all, since a control command may be lost: the two might believe different things.",
            "SITE1 sees  SOCKET 303: reset, because the IMP did not say what became of a message",
            at_teletype("leader-garbled-on-cable"),
        ),
        CloseReason::Lost => (
            "Text may be missing, so that the connection is broken off.",
            "SITE2 sees  SOCKET 400: broken off, text may be missing",
            None,
        ),
        CloseReason::Undelivered(_) => (
            "A message has not arrived, or perhaps not, and text may be missing: the connection is broken off.",
            "SLOW -> SITE1  452 data connection: broken off, because a message went into the IMP too slowly, several times",
            in_ftp("slow-host"),
        ),
        CloseReason::Forgotten => (
            "The other NCP says that it knows no such connection, so that text may be missing.",
            "SITE1 sees  SOCKET 301: forgotten by the other host, text may be missing",
            None,
        ),
        CloseReason::Illegal(_) => (
            "The other NCP says by an ERR that the request was wrong.",
            "SITE1 sees  SOCKET 301: called illegal by the other host: bad parameters",
            None,
        ),
        CloseReason::Unanswered => (
            "The other side has not answered the CLS in time. No document says how long that is: hosts wait one to five minutes.",
            "SITE1 sees  SOCKET 301: closed without an answer",
            None,
        ),
        CloseReason::Silent => (
            "The other host was asked by an ECO whether it is there, and said nothing.",
            "SITE1 sees  SOCKET 301: the other host does not answer",
            None,
        ),
        CloseReason::ImpSilent => (
            "The other host was asked by an ECO whether it is there, and said nothing; nor has the IMP said what became of the question.",
            "SITE1 sees  SOCKET 301: the other host does not answer, nor does the IMP for it",
            at_teletype("silent-host"),
        ),
        CloseReason::Outage(Outage::ImpDown) => (
            "This host's own IMP has dropped its ready line.",
            "SITE2 sees  SOCKET 400: own IMP down",
            at_teletype("tardy-host"),
        ),
        CloseReason::Outage(Outage::Reset) => (
            "This host's own IMP has thrown away what it held for the host.",
            "SITE2 sees  SOCKET 400: own IMP has reset the interface",
            None,
        ),
        CloseReason::Outage(Outage::CableLoss) => (
            "In a live net: a datagram that carries the cable was lost. A cable of 1972 loses nothing.",
            "SITE2 sees  SOCKET 400: something was lost on the cable to the own IMP",
            None,
        ),
    }
}

/// Every reason; of those that say more, one for each.
const REASONS: [CloseReason; 16] = [
    CloseReason::Closed,
    CloseReason::Refused,
    CloseReason::Dead(Dead::Host),
    CloseReason::Dead(Dead::Imp),
    CloseReason::Reset,
    CloseReason::OutOfStep(Loss::Unanswered),
    CloseReason::Lost,
    CloseReason::Undelivered(Loss::Unanswered),
    CloseReason::Forgotten,
    CloseReason::Illegal(ErrorCode::BadParameters),
    CloseReason::Unanswered,
    CloseReason::Silent,
    CloseReason::ImpSilent,
    CloseReason::Outage(Outage::ImpDown),
    CloseReason::Outage(Outage::Reset),
    CloseReason::Outage(Outage::CableLoss),
];

/// Of what became of a message, what it means and what shows it.
fn of_loss(loss: Loss) -> Told {
    match loss {
        Loss::Incomplete(Incomplete::HostTardy) => {
            ("The transmission was incomplete: the other host is tardy.", "", None)
        }
        Loss::Incomplete(Incomplete::TooLong) => {
            ("The transmission was incomplete: more than 8095 bits.", "", None)
        }
        Loss::Incomplete(Incomplete::TooSlow) => (
            "The transmission was incomplete, each time that it was tried: the message took more than 15 seconds into the IMP.",
            "SLOW -> SITE1  452 data connection: broken off, because a message went into the IMP too slowly, several times",
            in_ftp("slow-host"),
        ),
        Loss::Incomplete(Incomplete::Lost) => {
            ("The transmission was incomplete: an IMP that had a part of the message has stopped.", "", None)
        }
        Loss::Incomplete(Incomplete::NoResources) => {
            ("The transmission was incomplete, each time that it was tried: the IMP had no room.", "", None)
        }
        Loss::Incomplete(Incomplete::Unknown(_)) => {
            ("The transmission was incomplete, for a reason that no document names.", "", None)
        }
        Loss::Damaged => {
            ("The IMP has found an error in the data of the message each time that it was tried.", "", None)
        }
        Loss::Unanswered => (
            "Neither a RFNM nor anything else has come for the message within the time in which an IMP answers.",
            "SITE1 sees  SOCKET 303: reset, because the IMP did not say what became of a message",
            at_teletype("leader-garbled-on-cable"),
        ),
    }
}

/// Everything that becomes of a message that is given up.
const LOSSES: [Loss; 8] = [
    Loss::Incomplete(Incomplete::HostTardy),
    Loss::Incomplete(Incomplete::TooLong),
    Loss::Incomplete(Incomplete::TooSlow),
    Loss::Incomplete(Incomplete::Lost),
    Loss::Incomplete(Incomplete::NoResources),
    Loss::Incomplete(Incomplete::Unknown(15)),
    Loss::Damaged,
    Loss::Unanswered,
];

/// What no connection is opened for, and what an initial connection comes to.
const OTHERS: &[Row] = rows! { State:
    "no answer for *" ["no answer", "NO ANSWER FOR *"]
        "The other side of an initial connection protocol did not go on within the time that a user waits.",
        "RFC 165; NIC 8246, III, p. 14", "SITE3 sees  [SITE2] CONNECT: NO CONNECTION: NO ANSWER FOR 1MIN" in "append-no-server" Teletype
        ; see "ICP", "queueing";
};

/// The entries of this file.
pub(super) fn entries() -> Vec<Entry> {
    let entry = |name: String, (says, looks, shown): Told, source: &'static str| Entry {
        // RSEXEC speaks in capitals.
        others: vec![Cow::Owned(name.to_uppercase())],
        name: Cow::Owned(name),
        kind: Kind::State,
        says: says.into(),
        source: source.into(),
        looks,
        shown,
        related: &["connection", "CLS"],
    };
    let of_connections = "NIC 8246, III, Connection Establishment and Termination, pp. 13-17; RFC 689";
    let states = STATES.iter().map(|state| entry(state.to_string(), of_state(*state), of_connections));
    let reasons = REASONS.iter().map(|reason| {
        let name = match reason {
            CloseReason::OutOfStep(_) => "reset, because *".to_owned(),
            CloseReason::Undelivered(_) => "broken off, because *".to_owned(),
            CloseReason::Illegal(_) => "called illegal by the other host: *".to_owned(),
            other => other.to_string(),
        };
        entry(name, of_reason(*reason), "NIC 8246, III, Connection Termination, pp. 15-17")
    });
    let of_messages = "RFC 381, 2, types 8 and 9; RFC 394, 2";
    let losses = LOSSES.iter().map(|loss| entry(loss.to_string(), of_loss(*loss), of_messages));
    let others = OTHER_STATES.iter().chain(OTHERS).map(Entry::from);
    states.chain(reasons).chain(losses).chain(others).collect()
}
