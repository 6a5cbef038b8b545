//! Why a dialogue did not go as it should.

use ftp::Reply;
use host::{IcpError, TimedOut, disconnect_reason};
use machine::Span;
use ncp::CloseReason;
use telnet::LinesError;

use crate::ending;

/// Why a server did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The Telnet connections did not come about.
    #[error("no connection: {0}")]
    NoConnection(#[from] IcpError),
    /// The server says no, in its own words.
    #[error("{0}")]
    Refused(Reply),
    /// The server has closed the Telnet connections.
    #[error("{}", ending::CLOSED.words())]
    Closed,
    /// The server has taken its leave in these words, and closed the Telnet connections.
    #[error("{}", ending::FAREWELL.with(&[.0]))]
    Farewell(Reply),
    /// The Telnet connections have broken.
    #[error("{}", ending::BROKEN.with(&[.0]))]
    Broken(CloseReason),
    /// The server does not answer.
    #[error("{}", ending::NO_REPLY.with(&[&.0.0]))]
    NoReply(#[from] TimedOut),
    /// The server has said this, which is no answer to the command in any edition, and then nothing more.
    #[error("{}", ending::UNFIT.with(&[.0]))]
    Unfit(Reply),
    /// The server takes lines for the text of mail, so that it would take a command for that, too.
    #[error("{}", ending::IN_MAIL.words())]
    InMail,
    /// The server says for ever that the transfer is under way.
    #[error("{}", ending::ENDLESS.with(&[.0]))]
    Endless(Span),
    /// The transfer is over, and the server's last word was not heard.
    #[error("{}", ending::MISSED.words())]
    Missed,
    /// What the server sent is no reply.
    #[error("{}", ending::GARBLED.with(&[.0]))]
    Garbled(#[from] ftp::ReplyError),
    /// The command cannot be sent.
    #[error("{}", ending::UNSENDABLE.with(&[.0]))]
    Unsendable(LinesError),
}

/// What has become of a transfer that was aborted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aborted {
    /// The server has stopped it, and says so.
    Stopped(Reply),
    /// It was complete before the server heard of the abort. This was its final reply.
    Done(Reply),
    /// It had failed before the server heard of the abort. This is how.
    Failed(Reply),
    /// The server says, in these words, that there is nothing to stop, and how the transfer ended was not heard: its last word
    /// got lost, or the command did. What became of the file nobody knows.
    Unheard(Reply),
}

impl From<CloseReason> for ControlError {
    fn from(why: CloseReason) -> Self {
        match why {
            CloseReason::Closed => ControlError::Closed,
            why => ControlError::Broken(why),
        }
    }
}

impl From<LinesError> for ControlError {
    fn from(error: LinesError) -> Self {
        match error {
            LinesError::Io(error) => disconnect_reason(&error).unwrap_or(CloseReason::Closed).into(),
            LinesError::LineFeed | LinesError::NotAscii(_) => ControlError::Unsendable(error),
        }
    }
}
