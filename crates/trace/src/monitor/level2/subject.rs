//! Control commands by what they are about, so that each part of level 2 gets only those that concern it.

use imp1822::Link;
use machine::BitReader;
use ncp::{Command, ErrorCode, Gender};

use super::connection::{Counters, Ends, Request};
use crate::monitor::rule::Rule;

/// A control command by what it is about. Ends are its sender's: the local socket is that of the host that sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// RTS or STR: it asks for a connection.
    Request(Ends, Request),
    /// CLS: it closes a connection, or refuses one.
    Close(Ends),
    /// ALL, GVB or INR: its sender receives on the link.
    OfReceiver(Link, ReceiverCommand),
    /// RET or INS: its sender sends on the link.
    OfSender(Link, SenderCommand),
    /// It concerns no connection.
    Hosts(HostCommand),
    /// NOP.
    Nothing,
}

/// What the receiver of a connection says to its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReceiverCommand {
    /// ALL.
    Allocate(Counters),
    /// GVB: these fractions are asked back, in 128ths of the messages and of the bits.
    GiveBack(u8, u8),
    /// INR.
    Interrupt,
}

/// What the sender of a connection says to its receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SenderCommand {
    /// RET.
    Return(Counters),
    /// INS.
    Interrupt,
}

/// What hosts say to each other that concerns no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostCommand {
    /// ECO.
    Echo(u8),
    /// ERP.
    EchoReply(u8),
    /// RST.
    Reset,
    /// RRP.
    ResetReply,
    /// ERR: its code, and what it complains of.
    Error(ErrorCode, [u8; 10]),
}

/// What an ERR is about, as the host sees it that hears it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// A request or CLS for this connection.
    Connection(Ends),
    /// What was said as the sender on a link.
    Sending(Link),
    /// What was said as the receiver on a link.
    Receiving(Link),
}

/// What a host need not know or do any more once a fault has struck a command between it and another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Struck {
    /// Everything between the two: it was an RST or RRP.
    Everything,
    /// What it knows of a connection.
    About(About),
    /// Wait for the answer to its own ECO.
    OwnEcho,
    /// Answer an ECO with these data.
    Echo(u8),
}

impl About {
    /// The same as the partner sees it.
    pub(super) fn of_partner(self) -> Self {
        match self {
            About::Connection(ends) => About::Connection(ends.of_partner()),
            About::Sending(link) => About::Receiving(link),
            About::Receiving(link) => About::Sending(link),
        }
    }

    /// What an ERR with these data complains of, if it is of a command about a connection.
    pub(super) fn of(code: ErrorCode, data: [u8; 10]) -> Option<Self> {
        match code {
            ErrorCode::BadParameters | ErrorCode::NonexistentSocket | ErrorCode::NotConnected => {}
            ErrorCode::Undefined | ErrorCode::IllegalOpcode | ErrorCode::ShortParameters => return None,
            ErrorCode::Unknown(_) => return None,
        }
        match Subject::of(Command::parse(&mut BitReader::new(&data)).ok()?) {
            Subject::Request(ends, _) | Subject::Close(ends) => Some(About::Connection(ends)),
            Subject::OfReceiver(link, _) => Some(About::Receiving(link)),
            Subject::OfSender(link, _) => Some(About::Sending(link)),
            Subject::Hosts(_) | Subject::Nothing => None,
        }
    }
}

impl Subject {
    /// What is in doubt once a fault has struck a command: for its sender, and for the host that it was for.
    pub(super) fn struck(self) -> (Option<Struck>, Option<Struck>) {
        let both = |about: About| (Some(Struck::About(about)), Some(Struck::About(about.of_partner())));
        match self {
            Subject::Request(ends, _) | Subject::Close(ends) => both(About::Connection(ends)),
            Subject::OfReceiver(link, ReceiverCommand::Allocate(_) | ReceiverCommand::GiveBack(..)) => {
                both(About::Receiving(link))
            }
            Subject::OfSender(link, SenderCommand::Return(_)) => both(About::Sending(link)),
            Subject::Hosts(HostCommand::Echo(data)) => (Some(Struck::OwnEcho), Some(Struck::Echo(data))),
            Subject::Hosts(HostCommand::EchoReply(_)) => (None, Some(Struck::OwnEcho)),
            Subject::Hosts(HostCommand::Reset | HostCommand::ResetReply) => {
                (Some(Struck::Everything), Some(Struck::Everything))
            }
            // What it complains of is the partner's.
            Subject::Hosts(HostCommand::Error(code, data)) => {
                About::of(code, data).map_or((None, None), |about| both(about.of_partner()))
            }
            // They change nothing that the two must agree on.
            Subject::OfReceiver(_, ReceiverCommand::Interrupt) => (None, None),
            Subject::OfSender(_, SenderCommand::Interrupt) | Subject::Nothing => (None, None),
        }
    }

    /// What a command is about.
    pub(super) fn of(command: Command) -> Self {
        let counters = |messages: u16, bits: u32| Counters { messages: messages.into(), bits: bits.into() };
        match command {
            Command::Nop => Subject::Nothing,
            Command::Rts { receive, send, link } => {
                Subject::Request(Ends { local: receive, foreign: send }, Request::Rts(link))
            }
            Command::Str { send, receive, size } => {
                Subject::Request(Ends { local: send, foreign: receive }, Request::Str(size))
            }
            Command::Cls { mine, yours } => Subject::Close(Ends { local: mine, foreign: yours }),
            Command::All { link, messages, bits } => {
                Subject::OfReceiver(link, ReceiverCommand::Allocate(counters(messages, bits)))
            }
            Command::Gvb { link, messages, bits } => {
                Subject::OfReceiver(link, ReceiverCommand::GiveBack(messages, bits))
            }
            Command::Inr { link } => Subject::OfReceiver(link, ReceiverCommand::Interrupt),
            Command::Ret { link, messages, bits } => {
                Subject::OfSender(link, SenderCommand::Return(counters(messages, bits)))
            }
            Command::Ins { link } => Subject::OfSender(link, SenderCommand::Interrupt),
            Command::Eco { data } => Subject::Hosts(HostCommand::Echo(data)),
            Command::Erp { data } => Subject::Hosts(HostCommand::EchoReply(data)),
            Command::Rst => Subject::Hosts(HostCommand::Reset),
            Command::Rrp => Subject::Hosts(HostCommand::ResetReply),
            Command::Err { code, data } => Subject::Hosts(HostCommand::Error(code, data)),
        }
    }
}

/// The rule of form that a request breaks, whatever was said before it. The ends are its sender's.
pub(super) fn malformed(ends: Ends, request: Request) -> Option<Rule> {
    let (receive, send) = match request {
        Request::Rts(_) => (ends.local, ends.foreign),
        Request::Str(_) => (ends.foreign, ends.local),
    };
    if (receive.gender(), send.gender()) != (Gender::Receive, Gender::Send) {
        return Some(Rule::Genders);
    }
    match request {
        Request::Rts(link) => (!may_be_assigned(link)).then_some(Rule::LinkNumber),
        Request::Str(size) => (size == 0).then_some(Rule::ByteSize),
    }
}

/// Whether an RTS may name a link. Links 192 to 255 are for hosts that have agreed on them (NIC 8246, IV, Link
/// Assignment).
fn may_be_assigned(link: Link) -> bool {
    matches!(link.number(), 2..=71 | 192..)
}

/// Whether a CLS joins a receiving and a sending socket.
pub(super) fn joins_genders(ends: Ends) -> bool {
    ends.local.gender() != ends.foreign.gender()
}
