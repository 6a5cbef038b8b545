//! What a host learns from what reaches it: the other half of what it is judged by.

use imp1822::Link;
use machine::{BitReader, Bits, Instant};
use ncp::{Command, Commands, Header, MAX_CONTROL_BYTES};

use super::pair::Pair;
use super::subject::{About, HostCommand, ReceiverCommand, SenderCommand, Subject, joins_genders, malformed};
use crate::monitor::tap::TapPoint;

/// How a message reaches the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Once, and in its turn.
    InTurn,
    /// Late, or twice, because of a fault.
    OutOfTurn,
}

/// A message reaches the host. Commands that cannot be read change nothing.
pub(super) fn message(
    pair: &mut Pair,
    now: Instant,
    tap: TapPoint,
    link: Link,
    (header, text): (Header, BitReader<'_>),
    manner: Manner,
) {
    if link != Link::CONTROL {
        if let Some(connection) = pair.receiver(link) {
            connection.gets_text(header.text_bits() as u64);
        }
    } else if header.size == 8 && usize::from(header.count) <= MAX_CONTROL_BYTES {
        let commands = Commands::new(text).map_while(Result::ok);
        commands.for_each(|command| self::command(pair, now, tap, command, manner));
    }
}

/// A control message does not reach the host. The connections for which it asks have been requested all the same, and
/// their sockets may be named in a CLS.
pub(super) fn requests(pair: &mut Pair, now: Instant, message: &Bits) {
    for subject in subjects(message) {
        if let Subject::Request(ends, request) = subject
            && malformed(ends, request).is_none()
            // A fault may strike it on either cable, once on each.
            && !pair.has_request(ends.of_partner(), request)
        {
            pair.gets_request(now, ends.of_partner(), request, false);
        }
    }
}

/// What the commands of a control message are about, as far as they can be read.
pub(super) fn subjects(message: &Bits) -> impl Iterator<Item = Subject> + '_ {
    let readable = Header::split(message).ok();
    let readable =
        readable.filter(|(header, _)| header.size == 8 && usize::from(header.count) <= MAX_CONTROL_BYTES);
    readable.into_iter().flat_map(|(_, text)| Commands::new(text).map_while(Result::ok).map(Subject::of))
}

/// A control command reaches the host.
fn command(pair: &mut Pair, now: Instant, tap: TapPoint, command: Command, manner: Manner) {
    match Subject::of(command) {
        Subject::Request(ends, request) => {
            let is_known = manner == Manner::OutOfTurn && pair.has_request(ends.of_partner(), request);
            if is_known {
                pair.hears_again(ends.of_partner());
            } else if malformed(ends, request).is_none() {
                pair.gets_request(now, ends.of_partner(), request, true);
            }
        }
        Subject::Close(ends) => {
            if joins_genders(ends) {
                pair.gets_close(now, ends.of_partner());
            }
        }
        // What the receiver says reaches the sender.
        Subject::OfReceiver(link, command) => {
            let Some(connection) = pair.sender(link) else { return };
            match command {
                ReceiverCommand::Allocate(more) => connection.gets_all(more),
                ReceiverCommand::GiveBack(messages, bits) if connection.is_open() => {
                    connection.gets_gvb(now, (messages, bits));
                }
                ReceiverCommand::GiveBack(..) | ReceiverCommand::Interrupt => {}
            }
        }
        Subject::OfSender(link, command) => {
            let Some(connection) = pair.receiver(link) else { return };
            match command {
                SenderCommand::Return(back) => connection.gets_ret(back),
                SenderCommand::Interrupt => {}
            }
        }
        Subject::Hosts(command) => match command {
            HostCommand::Echo(data) => pair.gets_echo(now, data),
            HostCommand::EchoReply(_) => pair.ends_echo(),
            HostCommand::Reset => pair.gets_reset(now, tap.sees_host_end()),
            HostCommand::ResetReply => pair.gets_reset_reply(tap.sees_host_end()),
            HostCommand::Error(code, data) => {
                if let Some(about) = About::of(code, data) {
                    pair.doubt(about);
                }
            }
        },
        Subject::Nothing => {}
    }
}
