//! A transfer between two servers, directed from here (RFC 438).
//!
//! | | to the source | to the destination |
//! |---|---|---|
//! | 1 | | `LSTN R`, answered by a socket X |
//! | 2 | `SOCK destination,X`, answered by a socket Y | |
//! | 3 | | `SOCK source,Y` |
//! | 4 | `RETR` | `APPE` or `STOR` |
//!
//! Then both servers say how it went, and both are told to the user: only if both are content has the file
//! got across, and only then does RSEXEC say `APPENDED` or `COPIED`.
//!
//! How long the user waits for bad news: not at all if a site's host or IMP is known to be dead, a minute for
//! a site that does not answer the first contact, two and a half for a server that does not answer a command,
//! five for the last word of one server after that of the other, and a minute for one whose host dies during the transfer ([`Control`]).

use std::fmt;
use std::pin::pin;

use ftp::{Command, Reply, ReplyCode};
use ftp_user::{Aborted, Control, ControlError};
use futures::future::{Either, join, select};
use host::{Handle, IcpError};
use imp1822::HostAddress;
use machine::Span;
use ncp::{CloseReason, Gender, Socket};

use crate::Profile;
pub use crate::command::{File, How};

/// A request for the data connection that is refused as soon as this may have been sent too early.
const EARLY: Span = Span::from_secs(10);

/// How long the source waits before it asks again.
const AGAIN: Span = Span::from_secs(1);

/// How long one server may still be at it when the other has finished. Nothing is on its way between them any more, so
/// that a reply that has not come then was lost.
const LAST_WORDS: Span = Span::from_secs(300);

/// A server that takes part, by the site's name.
struct Server {
    site: String,
    control: Control,
}

/// Which site did not do what.
#[derive(Debug)]
struct Trouble {
    site: String,
    /// What it was asked.
    what: String,
    error: ControlError,
}

/// Servers are quoted as they are; RSEXEC itself speaks in capitals.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Trouble { site, what, error } = self;
        match error {
            ControlError::Refused(reply) => write!(f, "[{site}] {what}: {reply}"),
            error => write!(f, "[{site}] {what}: {}", error.to_string().to_ascii_uppercase()),
        }
    }
}

impl Trouble {
    /// Whether a source that says this has not sent anything: of all its refusals only 452 comes after data.
    fn means_nothing_was_sent(&self) -> bool {
        matches!(&self.error, ControlError::Refused(reply) if reply.code() != ReplyCode::CONNECTION_CLOSED)
    }

    /// The verdict if nothing has been done, with what the user can do about it where that is not plain from
    /// the words of the site.
    fn not_done(&self) -> String {
        let advice = match &self.error {
            ControlError::Refused(reply) if reply.code() == ReplyCode::LOGIN_FAILED => {
                Some("NEXT TIME YOU WILL BE ASKED FOR NAME AND PASSWORD")
            }
            ControlError::Refused(_) if self.what.starts_with("LSTN") || self.what.starts_with("SOCK") => {
                Some("THE SERVER THERE CANNOT TAKE PART: SEE RFC 438")
            }
            ControlError::NoConnection(IcpError::NoAnswer(_) | IcpError::Contact(CloseReason::Refused)) => {
                Some("PERHAPS NOBODY SERVES FILES THERE")
            }
            ControlError::NoConnection(_) | ControlError::Closed | ControlError::NoReply(_) => {
                Some("TRY AGAIN LATER")
            }
            ControlError::Refused(_) | ControlError::Garbled(_) | ControlError::Unsendable(_) => None,
        };
        match advice {
            Some(advice) => format!("{self}\nNOT DONE: {advice}"),
            None => format!("{self}\nNOT DONE"),
        }
    }
}

/// Moves a file, and tells the teletype what came of it.
pub(crate) async fn carry_out(host: &Handle, profile: &mut Profile, how: How, from: &File, to: &File) {
    let teletype = host.teletype();
    let done = match how {
        How::Append => "APPENDED",
        How::Copy => "COPIED",
    };
    let (source, destination) = match (resolve(host, from), resolve(host, to)) {
        (Ok(source), Ok(destination)) => (source, destination),
        (Err(site), _) | (_, Err(site)) => return teletype.print(&format!("THERE IS NO HOST {site}")),
    };
    let mut source = match log_in(host, profile, source).await {
        Ok(server) => server,
        Err(trouble) => return teletype.print(&trouble.not_done()),
    };
    let mut destination = match log_in(host, profile, destination).await {
        Ok(server) => server,
        Err(trouble) => {
            teletype.print(&trouble.not_done());
            return source.control.close().await;
        }
    };
    let ending = move_file(host, &mut source, &mut destination, how, &from.path, &to.path).await;
    let place = format!("[{}]{}", destination.site, to.path);
    teletype.print(&match ending {
        Ending::Both { sent, stored } => {
            format!("[{}] {sent}\n[{}] {stored}\n{done}", source.site, destination.site)
        }
        Ending::OnlyStored { stored, trouble } => format!(
            "[{}] {stored}\n{trouble}\nPERHAPS NOT ALL OF IT HAS ARRIVED: LOOK AT {place}",
            destination.site
        ),
        Ending::Neither { trouble, other } => {
            let other = other.map(|other| format!("{other}\n")).unwrap_or_default();
            format!("{other}{}", trouble.not_done())
        }
        Ending::Unknown { trouble, other } => {
            let other = other.map(|other| format!("{other}\n")).unwrap_or_default();
            format!("{other}{trouble}\nNOBODY KNOWS WHETHER IT IS DONE: LOOK AT {place}")
        }
    });
    // Logging out gives back every socket that a server has set aside for us.
    join(source.control.close(), destination.control.close()).await;
}

/// The site of a file; the text that names no host is the error.
fn resolve(host: &Handle, file: &File) -> Result<HostAddress, String> {
    match &file.site {
        None => Ok(host.address()),
        Some(site) => host.host_named(site).ok_or_else(|| site.clone()),
    }
}

async fn log_in(host: &Handle, profile: &mut Profile, address: HostAddress) -> Result<Server, Trouble> {
    let site = host.name_of(address);
    let trouble = |what: &str, error| Trouble { site: site.clone(), what: what.to_owned(), error };
    let account = profile.account(host, &site).await;
    let mut control = Control::open(host, address).await.map_err(|error| trouble("CONNECT", error))?;
    match control.log_in(&account.name, &account.password).await {
        Ok(_) => Ok(Server { site, control }),
        Err(error) => {
            if let ControlError::Refused(_) = error {
                // Next time the user is asked again.
                profile.forget(&site);
            }
            let trouble = trouble("LOGIN", error);
            control.close().await;
            Err(trouble)
        }
    }
}

/// How a transfer ended, as far as both servers' words tell.
enum Ending {
    /// Both servers are content.
    Both { sent: Reply, stored: Reply },
    /// The destination has stored what it took for the whole file, but the source did not send all of it: in
    /// stream mode the end of the connection is the end of the file (RFC 385, 4).
    OnlyStored { stored: Reply, trouble: Trouble },
    /// The destination has not stored the file. The other site may have had something to say, too.
    Neither { trouble: Trouble, other: Option<Trouble> },
    /// The destination fell silent before it told.
    Unknown { trouble: Trouble, other: Option<Trouble> },
}

impl Ending {
    /// The destination has trouble. If it said so itself, it has not stored the file; nor if the source has
    /// not sent any.
    fn of_destination(trouble: Trouble, other: Option<Trouble>) -> Self {
        if other.as_ref().is_some_and(Trouble::means_nothing_was_sent) {
            return Ending::Neither { trouble, other };
        }
        match trouble.error {
            ControlError::Refused(_) => Ending::Neither { trouble, other },
            ControlError::NoConnection(_)
            | ControlError::Closed
            | ControlError::NoReply(_)
            | ControlError::Garbled(_)
            | ControlError::Unsendable(_) => Ending::Unknown { trouble, other },
        }
    }
}

/// The four steps of RFC 438, then both servers' last words.
async fn move_file(
    host: &Handle,
    source: &mut Server,
    destination: &mut Server,
    how: How,
    from: &str,
    to: &str,
) -> Ending {
    let retrieve = Command::Retr(from.to_owned());
    let store = match how {
        How::Append => Command::Appe(to.to_owned()),
        How::Copy => Command::Stor(to.to_owned()),
    };
    if let Err(trouble) = arrange(source, destination).await {
        return Ending::Neither { trouble, other: None };
    }
    // The one that listens is told first: a host that does not queue requests would refuse an early one.
    if let Err(trouble) = destination.begin(&store).await {
        return Ending::Neither { trouble, other: None };
    }
    let (source_site, destination_site) = (source.site.clone(), destination.site.clone());
    let first = match select(pin!(source.send(host, &retrieve)), pin!(destination.finish(&store))).await {
        // The source has sent it all: what has the destination made of it?
        Either::Left((Ok(sent), storing)) => {
            return match last_word(host, destination_site, &store, storing).await {
                Ok(stored) => Ending::Both { sent, stored },
                Err(trouble) => Ending::of_destination(trouble, None),
            };
        }
        // The destination has stored something: was it all?
        Either::Right((Ok(stored), sending)) => {
            return match last_word(host, source_site, &retrieve, sending).await {
                Ok(sent) => Ending::Both { sent, stored },
                Err(trouble) => Ending::OnlyStored { stored, trouble },
            };
        }
        Either::Left((Err(trouble), _)) => Either::Left(trouble),
        Either::Right((Err(trouble), _)) => Either::Right(trouble),
    };
    match first {
        // The source has not sent it: the destination must not go on waiting.
        Either::Left(trouble) => match destination.control.abort().await {
            Ok(Aborted::Stopped) => Ending::Neither { trouble, other: None },
            Ok(Aborted::Done(stored)) => Ending::OnlyStored { stored, trouble },
            Ok(Aborted::Failed(reply)) => {
                let other = destination.trouble(&store, ControlError::Refused(reply));
                Ending::Neither { trouble, other: Some(other) }
            }
            Err(error) => {
                let other = Some(destination.trouble(&Command::Abor, error));
                if trouble.means_nothing_was_sent() {
                    Ending::Neither { trouble, other }
                } else {
                    Ending::Unknown { trouble, other }
                }
            }
        },
        // The destination has not stored it. Whether the source has finished meanwhile makes no difference.
        Either::Right(trouble) => {
            let other = match source.control.abort().await {
                Ok(Aborted::Failed(reply)) => Some(source.trouble(&retrieve, ControlError::Refused(reply))),
                Err(error) => Some(source.trouble(&Command::Abor, error)),
                Ok(Aborted::Stopped | Aborted::Done(_)) => None,
            };
            Ending::of_destination(trouble, other)
        }
    }
}

/// What a server says at last, after the other has.
async fn last_word(
    host: &Handle,
    site: String,
    command: &Command,
    finishing: impl Future<Output = Result<Reply, Trouble>>,
) -> Result<Reply, Trouble> {
    let said = host.within(LAST_WORDS, finishing).await;
    said.unwrap_or_else(|silence| Err(Trouble { site, what: command.to_string(), error: silence.into() }))
}

/// Steps 1 to 3: both servers know whom to connect with.
async fn arrange(source: &mut Server, destination: &mut Server) -> Result<(), Trouble> {
    let sock = |server: &Server, socket| Command::Sock { host: Some(server.control.site()), socket };
    let x = destination.data_socket(&Command::Lstn(Gender::Receive)).await?;
    let y = source.data_socket(&sock(destination, x)).await?;
    destination.data_socket(&sock(source, y)).await?;
    Ok(())
}

impl Server {
    /// Sends a command that is answered by a data socket.
    async fn data_socket(&mut self, command: &Command) -> Result<Socket, Trouble> {
        let reply = self.control.command(command).await;
        let socket = reply.and_then(|reply| reply.data_socket().ok_or(ControlError::Refused(reply)));
        socket.map_err(|error| self.trouble(command, error))
    }

    async fn begin(&mut self, command: &Command) -> Result<(), Trouble> {
        let begun = self.control.begin(command).await;
        begun.map_err(|error| self.trouble(command, error))
    }

    async fn finish(&mut self, command: &Command) -> Result<Reply, Trouble> {
        let finished = self.control.finish().await;
        finished.map_err(|error| self.trouble(command, error))
    }

    /// Has the source send its file. A destination's host that does not queue requests refuses one that
    /// overtakes the transfer command on its way there; then the source asks once more. What was arranged
    /// serves until a connection has been opened with it (RFC 438, d.2).
    async fn send(&mut self, host: &Handle, command: &Command) -> Result<Reply, Trouble> {
        let begun = host.now();
        self.begin(command).await?;
        match self.finish(command).await {
            Err(Trouble { error: ControlError::Refused(reply), .. })
                if reply.code() == ReplyCode::CANNOT_CONNECT && host.now() < begun + EARLY =>
            {
                host.sleep(AGAIN).await;
                self.begin(command).await?;
                self.finish(command).await
            }
            finished => finished,
        }
    }

    fn trouble(&self, command: &Command, error: ControlError) -> Trouble {
        Trouble { site: self.site.clone(), what: command.to_string(), error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(what: &str, error: ControlError) -> Trouble {
        Trouble { site: "SITE2".to_owned(), what: what.to_owned(), error }
    }

    fn refused(code: ReplyCode) -> ControlError {
        ControlError::Refused(Reply::new(code, "in its own words"))
    }

    #[test]
    fn a_site_is_quoted_and_rsexec_says_what_to_do() {
        let said = |what, error| trouble(what, error).not_done();
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
        let ending = |error| Ending::of_destination(trouble("APPE A.B", error), None);
        assert!(matches!(ending(refused(ReplyCode::NO_STORAGE)), Ending::Neither { .. }));
        assert!(matches!(ending(ControlError::Closed), Ending::Unknown { .. }));
    }

    #[test]
    fn what_a_source_never_sent_no_destination_has_stored() {
        let ending = |source| {
            Ending::of_destination(
                trouble("APPE A.B", ControlError::Closed),
                Some(trouble("RETR A.B", source)),
            )
        };
        assert!(matches!(ending(refused(ReplyCode::CANNOT_CONNECT)), Ending::Neither { .. }));
        assert!(matches!(ending(refused(ReplyCode::CONNECTION_CLOSED)), Ending::Unknown { .. }));
        assert!(matches!(ending(ControlError::Closed), Ending::Unknown { .. }));
    }
}
