//! Why a step does not get what it asks of a socket.

use host::Host;
use imp1822::HostAddress;
use ncp::icp::FTP_CONTACT;
use ncp::{ByteSize, OpenError, Socket};

use super::data::shown_line;
use super::run::Run;
use super::step_error::StepError;
use crate::programs::FTP_SERVER;

/// How many of the lines that were heard a failure quotes.
const LINES_TOLD: usize = 3;

/// Who uses a socket that a step asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum User {
    /// A step above has opened it, or asked for it.
    Step,
    /// A program of the host, if anybody.
    Program,
}

/// That a host has not received something.
pub(super) fn not_received(run: &Run, host: HostAddress, local: Socket, what: &str) -> String {
    format!("{} has not received {what} at socket {local}", run.names.host(host))
}

/// That a socket cannot be opened.
pub(super) fn cannot_open(
    run: &Run,
    host: HostAddress,
    local: Socket,
    error: OpenError,
    user: User,
) -> StepError {
    let name = run.names.host(host);
    let help = match (error, user) {
        (OpenError::SocketInUse, User::Step) => {
            Some(format!("a step above has opened it; `{name} closes {local}` puts an end to that"))
        }
        (OpenError::SocketInUse, User::Program) => {
            let serves = |host: &Host| host.programs().iter().any(|program| program == FTP_SERVER);
            if local == FTP_CONTACT && run.world.host(host).is_some_and(serves) {
                Some(format!(
                    "the FTP server of {name} listens there: leave out `serves ftp`, or take another socket"
                ))
            } else {
                Some(format!("`{name} netstat` shows which sockets its programs use; take another one"))
            }
        }
        (_, User::Step | User::Program) => None,
    };
    StepError::impossible(format!("{name} cannot open socket {local}: {error}"), help)
}

/// That a connection is over; without a reason, because a step has ended it.
pub(super) fn over(run: &Run, host: HostAddress, local: Socket, why: Option<String>) -> StepError {
    let name = run.names.host(host);
    StepError::Impossible(match why {
        Some(why) => format!("socket {local} of {name} is not connected: {why}"),
        None => format!("socket {local} of {name} has been closed by a step"),
    })
}

/// That no step has opened a socket, while these are those that steps have opened at the host.
pub(super) fn not_driven(run: &Run, host: HostAddress, local: Socket, open: &[Socket]) -> StepError {
    /// So many are told.
    const MOST: usize = 10;
    let name = run.names.host(host);
    let mut listed: Vec<String> = open.iter().take(MOST).map(ToString::to_string).collect();
    if open.len() > MOST {
        listed.push("others".to_owned());
    }
    let help = match &listed[..] {
        [] => format!("`{name} inits {local} to ...` or `{name} listens {local}` opens it"),
        [one] => format!("the only one that steps have opened at {name} is {one}"),
        [first @ .., last] => format!("steps have opened {} and {last} at {name}", first.join(", ")),
    };
    StepError::impossible(format!("no step has opened socket {local} of {name}"), Some(help))
}

/// Refuses bytes that are no characters.
pub(super) fn require_characters(size: ByteSize) -> Result<(), StepError> {
    if size == ByteSize::EIGHT {
        return Ok(());
    }
    Err(StepError::Impossible(format!(
        "a line of Telnet has bytes of 8 bits, this connection bytes of {size}"
    )))
}

/// The last lines that steps have heard.
pub(super) fn last_heard(lines: &[String]) -> String {
    let last: Vec<String> =
        lines[lines.len().saturating_sub(LINES_TOLD)..].iter().map(|line| shown_line(line)).collect();
    match (&last[..], lines.len()) {
        ([], _) => "no line has arrived".to_owned(),
        ([line], _) => format!("the last line heard there is {line}"),
        (lines, _) => format!("the last lines heard there are {}", lines.join(", ")),
    }
}
