//! Judges what a host sends to another by what it has sent to it and received from it so far.

use imp1822::{HostAddress, Link};
use machine::{Instant, Span};
use ncp::{Command, Header};

use super::connection::{Connection, Ends, Memory};
use super::form::is_plausible;
use super::pair::Pair;
use super::subject::{About, HostCommand, ReceiverCommand, SenderCommand, joins_genders};
use crate::monitor::findings::Findings;
use crate::monitor::rule::Rule;
use crate::monitor::tap::TapPoint;
use crate::monitor::violation::Culprit;

/// Data may arrive this much later than a control message that was sent after them: as long as a host may keep an IMP
/// waiting (RFC 394).
const STRAGGLE: Span = Span::from_secs(30);

/// Which host sends to which.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parties {
    pub(super) from: HostAddress,
    pub(super) to: HostAddress,
    /// Where the sender's cable is listened to.
    pub(super) tap: TapPoint,
}

impl Parties {
    /// The message that is judged breaks a rule.
    pub(super) fn break_rule(self, rule: Rule, findings: &mut Findings<'_>) {
        findings.add(rule, Culprit::Host(self.from), Some(self.to));
    }

    /// One command of the message that is judged breaks a rule.
    pub(super) fn break_rule_by(self, command: Command, rule: Rule, findings: &mut Findings<'_>) {
        findings.add_command(rule, Culprit::Host(self.from), Some(self.to), command);
    }
}

/// Replies that nobody has asked for.
pub(super) fn replies(parties: Parties, strays: Vec<String>, findings: &mut Findings<'_>) {
    for stray in strays {
        findings.add_words(Rule::ReplyUnasked, Culprit::Host(parties.from), Some(parties.to), stray);
    }
}

/// How a connection stands whose link a host uses.
enum Standing<'a> {
    /// It is open.
    Open(&'a mut Connection),
    /// It may be open: a request may have been sent before the monitor began to listen, or have got lost.
    Uncertain,
    /// It was requested, but is not open yet or any more.
    NotOpen,
    /// There is none on that link.
    Absent,
}

/// How a connection stands. `is_known`: whether all connections of the host are known.
fn standing(connection: Option<&mut Connection>, is_known: bool, tap: TapPoint) -> Standing<'_> {
    match connection {
        None if is_known => Standing::Absent,
        None => Standing::Uncertain,
        Some(connection) if connection.memory == Memory::Doubtful => Standing::Uncertain,
        Some(connection) if connection.is_open() => Standing::Open(connection),
        Some(connection) => {
            let may_be_open = !is_known || tap == TapPoint::Absent && connection.sent.is_none();
            if may_be_open && !connection.cls_sent() { Standing::Uncertain } else { Standing::NotOpen }
        }
    }
}

/// Data on a link.
pub(super) fn data(
    parties: Parties,
    pair: &mut Pair,
    link: Link,
    header: Header,
    findings: &mut Findings<'_>,
) {
    let tap = parties.tap;
    let is_known = pair.is_known(findings.at, if tap == TapPoint::Absent { STRAGGLE } else { Span::ZERO });
    match standing(pair.sender(link), is_known, tap) {
        Standing::Uncertain => {}
        Standing::NotOpen | Standing::Absent => parties.break_rule(Rule::DataUnconnected, findings),
        Standing::Open(connection) => {
            // It reads command by command: what an ALL lets go that comes in the same message as the CLS, it has sent.
            if connection.cls_received.is_some_and(|at| at < findings.at) {
                parties.break_rule(Rule::DataAfterDemand, findings);
            }
            if connection.size() != Some(header.size) {
                parties.break_rule(Rule::DataSize, findings);
            }
            if !connection.sends_text(header.text_bits() as u64) {
                parties.break_rule(Rule::BeyondAllocation, findings);
            }
        }
    }
}

/// A CLS. `in_transit`: whether a message is under way on a link. Returns the rule that it breaks, as all below.
pub(super) fn close(
    pair: &mut Pair,
    now: Instant,
    ends: Ends,
    in_transit: impl Fn(Link) -> bool,
) -> Option<Rule> {
    if !joins_genders(ends) {
        return Some(Rule::Genders);
    }
    let Some(connection) = pair.connection(ends) else {
        return pair.is_known(now, Span::ZERO).then_some(Rule::CloseOfNothing);
    };
    let rule = if connection.memory == Memory::Doubtful {
        None
    } else if connection.cls_sent() {
        Some(Rule::CloseTwice)
    } else {
        let is_busy = connection.is_open() && pair.sends_on(ends).is_some_and(in_transit);
        is_busy.then_some(Rule::CloseInTransit)
    };
    pair.sends_close(now, ends);
    rule
}

/// A command of the receiver of a connection.
pub(super) fn of_receiver(
    pair: &mut Pair,
    now: Instant,
    tap: TapPoint,
    link: Link,
    command: ReceiverCommand,
) -> Option<Rule> {
    let is_known = pair.is_known(now, Span::ZERO);
    // The request that names the link may have got lost, if it answers one.
    let may_be_missed = tap == TapPoint::Absent && pair.is_asked();
    match standing(pair.receiver(link), is_known, tap) {
        Standing::Uncertain => None,
        Standing::Absent if may_be_missed => None,
        Standing::NotOpen | Standing::Absent => Some(Rule::NotEstablished),
        Standing::Open(connection) => match command {
            ReceiverCommand::Allocate(more) => connection.sends_all(more),
            ReceiverCommand::GiveBack(..) | ReceiverCommand::Interrupt => None,
        },
    }
}

/// A command of the sender of a connection.
pub(super) fn of_sender(
    pair: &mut Pair,
    now: Instant,
    tap: TapPoint,
    link: Link,
    command: SenderCommand,
) -> Option<Rule> {
    let is_known = pair.is_known(now, Span::ZERO);
    match standing(pair.sender(link), is_known, tap) {
        Standing::Uncertain => None,
        Standing::NotOpen | Standing::Absent => Some(Rule::NotEstablished),
        Standing::Open(connection) => match command {
            SenderCommand::Return(back) => connection.sends_ret(back),
            SenderCommand::Interrupt => None,
        },
    }
}

/// A command that concerns no connection.
pub(super) fn hosts(pair: &mut Pair, now: Instant, tap: TapPoint, command: HostCommand) -> Option<Rule> {
    match command {
        HostCommand::Echo(_) => (!pair.sends_echo(now)).then_some(Rule::EchoTooEarly),
        HostCommand::EchoReply(data) => (!pair.sends_echo_reply(data)).then_some(Rule::EchoUnasked),
        HostCommand::Error(code, data) => {
            // What it complains of is the partner's. A request that it does not take need not be remembered; but a connection
            // that it must know does not end by its saying that there is none (NIC 8246, IV, ERR, p. 30).
            if let Some(About::Connection(ends)) = About::of(code, data).map(About::of_partner)
                && pair.connection(ends).is_some_and(Connection::is_only_asked_for)
            {
                pair.doubt(About::Connection(ends));
            }
            (!is_plausible(code, data[0])).then_some(Rule::Complaint)
        }
        HostCommand::Reset => {
            pair.sends_reset(now);
            None
        }
        HostCommand::ResetReply => {
            (!pair.sends_reset_reply(now, tap.sees_host_end())).then_some(Rule::ResetReplyUnasked)
        }
    }
}
