//! What came of a transfer, as far as the words of both servers tell, and the words for the user.

use std::fmt;

use ftp::{Class, Command, Reply, ReplyCode};
use ftp_user::ControlError;
use host::IcpError;
use ncp::CloseReason;

use crate::ending::{NOBODY_SERVES, NOT_DONE, NOT_DONE_ADVICE};

/// Which site did not do what.
#[derive(Debug)]
pub(crate) struct SiteError {
    pub(crate) site: String,
    pub(crate) asked: Asked,
    pub(crate) error: ControlError,
}

/// What a site was asked to do.
#[derive(Debug, Clone)]
pub(crate) enum Asked {
    /// To take part in the initial connection protocol.
    Connect,
    /// To accept the user's name and password.
    Login,
    /// To obey a command.
    Command(Command),
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Asked::Connect => f.write_str("CONNECT"),
            Asked::Login => f.write_str("LOGIN"),
            Asked::Command(command) => command.fmt(f),
        }
    }
}

impl Asked {
    /// Whether the answer should have been a data socket: what only a server of RFC 438 gives.
    fn for_a_socket(&self) -> bool {
        matches!(self, Asked::Command(command) if command.name().arranges_socket())
    }
}

/// Servers are quoted as they are; RSEXEC itself speaks in capitals.
impl fmt::Display for SiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SiteError { site, asked, error } = self;
        match error {
            ControlError::Refused(reply) => write!(f, "[{site}] {asked}: {reply}"),
            error => write!(f, "[{site}] {asked}: {}", error.to_string().to_ascii_uppercase()),
        }
    }
}

impl SiteError {
    /// Whether a source that says this has not even asked for the data connection. One that could not connect, or could not
    /// go on, may have been half of a connection whose other half has taken its end for that of an empty file.
    pub(crate) fn means_no_connection(&self) -> bool {
        match &self.error {
            ControlError::Refused(reply) => !matches!(
                reply.code(),
                ReplyCode::CONNECTION_CLOSED
                    | ReplyCode::NO_STORAGE
                    | ReplyCode::CANNOT_CONNECT
                    | ReplyCode::FILE_SYSTEM
                    | ReplyCode::OTHER_ERROR
            ),
            ControlError::NoConnection(_)
            | ControlError::Closed
            | ControlError::Farewell(_)
            | ControlError::Broken(_)
            | ControlError::NoReply(_)
            | ControlError::Unfit(_)
            | ControlError::InMail
            | ControlError::Endless(_)
            | ControlError::Missed
            | ControlError::Garbled(_)
            | ControlError::Unsendable(_) => false,
        }
    }

    /// Whether a site refuses for another reason than the file: it does not take such a command, or not now (5xx; RFC 354, IV.B).
    pub(crate) fn is_about_no_file(&self) -> bool {
        matches!(&self.error, ControlError::Refused(reply) if reply.code().class() == Class::Ignored)
    }

    /// The verdict if nothing has been done, with what the user can do about it where that is not plain from
    /// the words of the site.
    pub(crate) fn not_done(&self) -> String {
        let advice = match &self.error {
            ControlError::Refused(reply) if reply.code() == ReplyCode::LOGIN_FAILED => {
                Some("NEXT TIME YOU WILL BE ASKED FOR NAME AND PASSWORD")
            }
            ControlError::Refused(_) if self.asked.for_a_socket() => {
                Some("THE SERVER THERE CANNOT TAKE PART: SEE RFC 438")
            }
            ControlError::NoConnection(IcpError::NoAnswer(_) | IcpError::Contact(CloseReason::Refused)) => {
                Some(NOBODY_SERVES)
            }
            ControlError::NoConnection(_)
            | ControlError::Closed
            | ControlError::Farewell(_)
            | ControlError::Broken(_)
            | ControlError::Missed
            | ControlError::Endless(_)
            | ControlError::NoReply(_) => Some("TRY AGAIN LATER"),
            ControlError::Refused(_)
            | ControlError::Unfit(_)
            | ControlError::InMail
            | ControlError::Garbled(_)
            | ControlError::Unsendable(_) => None,
        };
        match advice {
            Some(advice) => format!("{self}\n{}", NOT_DONE_ADVICE.with(&[&advice])),
            None => format!("{self}\n{}", NOT_DONE.words()),
        }
    }
}

/// How a transfer ended, as far as both servers' words tell:
///
/// | the source says | the destination says | |
/// |---|---|---|
/// | it has sent the file | it has stored it | [`Both`](Outcome::Both) |
/// | it has sent the file, so many bytes | it has stored it, another number | [`Differ`](Outcome::Differ) |
/// | it has sent the file | it has stored it, and one number cannot be read | [`Uncompared`](Outcome::Uncompared) |
/// | anything else | it has stored it | [`OnlyStored`](Outcome::OnlyStored) |
/// | anything | no, or that it has stopped | [`Neither`](Outcome::Neither) |
/// | no, before it asked for the connection | nothing, or that there is nothing to stop | [`Neither`](Outcome::Neither) |
/// | anything else | nothing, or that there is nothing to stop | [`Unknown`](Outcome::Unknown) |
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Both servers are content.
    Both { sent: Reply, stored: Reply },
    /// Both servers are content, but of what passed over their connection they have counted different numbers of bytes: so
    /// many were sent, and so many stored.
    Differ { replies: [Reply; 2], sent: u64, stored: u64 },
    /// Both servers are content, but the number that one of them has counted has not come in one piece.
    Uncompared { sent: Reply, stored: Reply },
    /// The destination has stored what it took for the whole file, but the source did not send all of it: in
    /// stream mode the end of the connection is the end of the file (RFC 385, 4).
    OnlyStored { stored: Reply, error: SiteError },
    /// The destination has not stored the file. The other site may have failed, too.
    Neither { error: SiteError, other: Option<SiteError> },
    /// What the destination made of it was not heard: it fell silent, or its last word was lost.
    Unknown { error: SiteError, other: Option<SiteError> },
}

impl Outcome {
    /// Both servers say that they are done. What they count must be the same, if both tell it: a connection can end
    /// before its first byte or in the middle, and neither of its ends can notice (RFC 385, 4).
    pub(crate) fn of_both(sent: Reply, stored: Reply) -> Self {
        match (sent.bytes_transferred(), stored.bytes_transferred()) {
            (Some(of_source), Some(of_destination)) if of_source != of_destination => {
                Outcome::Differ { replies: [sent, stored], sent: of_source, stored: of_destination }
            }
            _ if sent.has_garbled_count() || stored.has_garbled_count() => {
                Outcome::Uncompared { sent, stored }
            }
            _ => Outcome::Both { sent, stored },
        }
    }

    /// The source has failed, and `destination` tells why it was not heard what the destination has made of that. It has not
    /// stored the file if there never was a connection.
    pub(crate) fn of_unheard(source: SiteError, destination: SiteError) -> Self {
        let is_untouched = source.means_no_connection();
        let (error, other) = (source, Some(destination));
        if is_untouched { Outcome::Neither { error, other } } else { Outcome::Unknown { error, other } }
    }

    /// The destination has failed. If it said so itself, it has not stored the file; nor if there never was a connection.
    pub(crate) fn of_destination(error: SiteError, source: Option<SiteError>) -> Self {
        if source.as_ref().is_some_and(SiteError::means_no_connection) {
            return Outcome::Neither { error, other: source };
        }
        match error.error {
            ControlError::Refused(_) => Outcome::Neither { error, other: source },
            ControlError::NoConnection(_)
            | ControlError::Closed
            | ControlError::Farewell(_)
            | ControlError::Broken(_)
            | ControlError::NoReply(_)
            | ControlError::Unfit(_)
            | ControlError::InMail
            | ControlError::Endless(_)
            | ControlError::Missed
            | ControlError::Garbled(_)
            | ControlError::Unsendable(_) => Outcome::Unknown { error, other: source },
        }
    }
}

#[cfg(test)]
mod tests {
    use ftp::Edition;

    use super::*;

    fn failed(line: &str, error: ControlError) -> SiteError {
        let asked = match line {
            "CONNECT" => Asked::Connect,
            "LOGIN" => Asked::Login,
            line => Asked::Command(Command::parse(line, Edition::Rfc438).expect("a command")),
        };
        SiteError { site: "SITE2".to_owned(), asked, error }
    }

    fn refused(code: ReplyCode) -> ControlError {
        ControlError::Refused(Reply::new(code, "in its own words"))
    }

    #[test]
    fn a_site_is_quoted_and_rsexec_says_what_to_do() {
        let said = |what, error| failed(what, error).not_done();
        assert_eq!(
            said("APPE A.B", refused(ReplyCode::ACCESS_DENIED)),
            "[SITE2] APPE A.B: 451 in its own words\nNOT DONE"
        );
        assert_eq!(
            said("LSTN R", refused(ReplyCode::NOT_IMPLEMENTED)),
            "[SITE2] LSTN R: 506 in its own words\nNOT DONE: THE SERVER THERE CANNOT TAKE PART: SEE RFC 438"
        );
        assert_eq!(
            said("CONNECT", ControlError::NoConnection(IcpError::Contact(CloseReason::Refused))),
            "[SITE2] CONNECT: NO CONNECTION: REFUSED\nNOT DONE: PERHAPS NOBODY SERVES FILES THERE"
        );
        assert_eq!(
            said("RETR A.B", ControlError::Closed),
            "[SITE2] RETR A.B: THE CONNECTION IS CLOSED\nNOT DONE: TRY AGAIN LATER"
        );
    }

    #[test]
    fn only_a_destination_that_says_no_has_certainly_not_stored_the_file() {
        let ending = |error| Outcome::of_destination(failed("APPE A.B", error), None);
        assert!(matches!(ending(refused(ReplyCode::NO_STORAGE)), Outcome::Neither { .. }));
        assert!(matches!(ending(ControlError::Closed), Outcome::Unknown { .. }));
    }

    #[test]
    fn servers_that_count_different_numbers_of_bytes_have_not_copied_the_file() {
        let both = |sent: Reply, stored: Reply| Outcome::of_both(sent, stored);
        assert!(matches!(
            both(Reply::of_transfer(5000), Reply::of_transfer(3998)),
            Outcome::Differ { sent: 5000, stored: 3998, .. }
        ));
        assert!(matches!(both(Reply::of_transfer(5000), Reply::of_transfer(0)), Outcome::Differ { .. }));
        assert!(matches!(both(Reply::of_transfer(0), Reply::of_transfer(0)), Outcome::Both { .. }));
        // Another server tells no number, or one of something else.
        let others = ["transfer complete", "5 bytes of X at 300 baud"];
        for other in others.map(|text| Reply::new(ReplyCode::TRANSFER_DONE, text)) {
            assert!(matches!(both(Reply::of_transfer(5000), other.clone()), Outcome::Both { .. }));
            assert!(matches!(both(other, Reply::of_transfer(5000)), Outcome::Both { .. }));
        }
    }

    #[test]
    fn without_a_connection_no_destination_has_stored_anything_even_if_it_was_not_heard() {
        let silent = || failed("APPE A.B", ControlError::Closed);
        let nothing_to_stop = || failed("ABOR", refused(ReplyCode::NOTHING_TO_ABORT));
        let both = |source: fn() -> ControlError| {
            let source = || failed("RETR A.B", source());
            [
                Outcome::of_destination(silent(), Some(source())),
                Outcome::of_unheard(source(), silent()),
                Outcome::of_unheard(source(), nothing_to_stop()),
            ]
        };
        for outcome in both(|| refused(ReplyCode::NOT_FOUND)) {
            assert!(matches!(outcome, Outcome::Neither { .. }), "there is no file to send: {outcome:?}");
        }
        // A source that could not connect may have been half of a connection: its end is that of an empty file.
        let connected: [fn() -> ControlError; 3] = [
            || refused(ReplyCode::CANNOT_CONNECT),
            || refused(ReplyCode::CONNECTION_CLOSED),
            || ControlError::Closed,
        ];
        for outcome in connected.into_iter().flat_map(both) {
            assert!(matches!(outcome, Outcome::Unknown { .. }), "nobody knows: {outcome:?}");
        }
    }
}
