//! A transfer between two servers, directed from here (RFC 438).
//!
//! | | to the source | to the destination |
//! |---|---|---|
//! | 1 | | `LSTN R`, answered by a socket X |
//! | 2 | `SOCK destination,X`, answered by a socket Y | |
//! | 3 | | `SOCK source,Y` |
//! | 4 | `RETR` | `APPE` or `STOR` |
//!
//! The page writes the commands of step 4 side by side and leaves their order open. The destination's goes first, and the
//! source's when that has arrived: a host need not queue requests (NIC 8246, Queueing Considerations), and one that does not
//! refuses a request for a socket on which its server does not listen yet. Where that happens all the same, because the
//! server takes its time, the source is told again.
//!
//! Then both servers say how it went, and both are told to the user: only if both are content has the file
//! got across, and only then does RSEXEC say `APPENDED` or `COPIED`. If both say how many bytes they have counted, these
//! must be the same, too.
//!
//! How long the user waits for bad news: not at all if a site's host or IMP is known to be dead, a minute for
//! a site that does not answer the first contact, two and a half for a server that does not answer a command,
//! five for the last word of one server after that of the other, two for a last word of both that has been lost on its way, two
//! for a source that cannot connect, and a minute for one whose host dies during the transfer ([`Control`]). Where the NCP asks
//! partners that say nothing ([`Inquiry`](ncp::Inquiry)), half a minute for each of them that is gone.

use std::pin::pin;

use ftp::{Command, NamedSocket, Reply, ReplyCode};
use ftp_user::{Aborted, Control, ControlError};
use futures::future::{Either, join, select};
use host::{Board, Handle, Teletype};
use imp1822::HostAddress;
use machine::Span;
use ncp::{Gender, Socket};

use crate::Profile;
use crate::command::{File, Operation};
use crate::ending::{self, APPENDED, COPIED};
use crate::outcome::{Asked, Outcome, SiteError};

/// How long a source is told again to send whose request for the data connection was refused: it may have come too early. A
/// destination waits no longer either (TENEX, two minutes).
const EARLY_REFUSALS: Span = Span::from_secs(120);

/// How long a source is left alone before it is told again, at first and at most. The pauses grow twofold.
const RETRY_AFTER: Span = Span::from_secs(1);
const RETRY_AFTER_AT_MOST: Span = Span::from_secs(16);

/// How long one server may take when the other has finished. Nothing is on its way between them any more, so that a
/// reply that has not come then was lost.
pub const FINAL_REPLY_TIMEOUT: Span = Span::from_secs(300);

/// A server that takes part, by the site's name.
struct Server {
    site: String,
    control: Control,
}

/// Moves a file, and tells the teletype what came of it. Returns the line that was typed where a name was asked for, and is the
/// next command.
pub(crate) async fn carry_out(
    host: &Handle,
    profile: &mut Profile,
    operation: Operation,
    from: &File,
    to: &File,
) -> Option<String> {
    let teletype = host.teletype();
    let done = match operation {
        Operation::Append => APPENDED.words(),
        Operation::Copy => COPIED.words(),
    };
    let (source, destination) = match (resolve(host, from), resolve(host, to)) {
        (Ok(source), Ok(destination)) => (source, destination),
        (Err(site), _) | (_, Err(site)) => {
            teletype.complain(&ending::NO_HOST.with(&[&site]));
            return None;
        }
    };
    let mut source = match log_in(host, profile, source).await {
        Ok(server) => server,
        Err(why) => return why.told(&teletype),
    };
    let mut destination = match log_in(host, profile, destination).await {
        Ok(server) => server,
        Err(why) => {
            let put_back = why.told(&teletype);
            source.control.close().await;
            return put_back;
        }
    };
    let outcome = move_file(host, &mut source, &mut destination, operation, &from.path, &to.path).await;
    let place = format!("[{}]{}", destination.site, to.path);
    match outcome {
        Outcome::Both { sent, stored } => {
            teletype.print(&format!("[{}] {sent}\n[{}] {stored}\n{done}", source.site, destination.site));
        }
        Outcome::Differ { replies: [sent_reply, stored_reply], sent, stored } => {
            let counts = ending::OTHER_COUNT.with(&[&sent, &stored, &place]);
            teletype.complain(&format!(
                "[{}] {sent_reply}\n[{}] {stored_reply}\n{counts}",
                source.site, destination.site
            ));
        }
        Outcome::Uncompared { sent, stored } => teletype.complain(&format!(
            "[{}] {sent}\n[{}] {stored}\n{}",
            source.site,
            destination.site,
            ending::PERHAPS_NOT_ALL.with(&[&place])
        )),
        Outcome::OnlyStored { stored, error } => teletype.complain(&format!(
            "[{}] {stored}\n{error}\n{}",
            destination.site,
            ending::PERHAPS_NOT_ALL.with(&[&place])
        )),
        Outcome::Neither { error, other } => {
            let other = other.map(|other| format!("{other}\n")).unwrap_or_default();
            teletype.complain(&format!("{other}{}", error.not_done()));
        }
        Outcome::Unknown { error, other } => {
            let other = other.map(|other| format!("{other}\n")).unwrap_or_default();
            let unknown = ending::NOBODY_KNOWS.with(&[&place]);
            teletype.complain(&format!("{other}{error}\n{unknown}"));
        }
    }
    // Logging out gives back every socket that a server has set aside for us.
    join(source.control.close(), destination.control.close()).await;
    None
}

/// The site of a file; the text that names no host is the error.
fn resolve(host: &Handle, file: &File) -> Result<HostAddress, String> {
    match &file.site {
        None => Ok(host.address()),
        Some(site) => host.host_named(site).ok_or_else(|| site.clone()),
    }
}

/// Why nobody has logged in.
enum NoLogin {
    /// The site did not let it be.
    Failed(SiteError),
    /// The person has typed this, which is no name.
    NoName(String),
}

impl NoLogin {
    /// Tells the person. Returns the line that is the next command.
    fn told(self, teletype: &Teletype) -> Option<String> {
        match self {
            NoLogin::Failed(error) => {
                teletype.complain(&error.not_done());
                None
            }
            NoLogin::NoName(line) => {
                teletype.complain(ending::NOT_DONE.words());
                Some(line)
            }
        }
    }
}

async fn log_in(host: &Handle, profile: &mut Profile, address: HostAddress) -> Result<Server, NoLogin> {
    let site = host.name_of(address);
    let failed = |asked, error| NoLogin::Failed(SiteError { site: site.clone(), asked, error });
    let account = profile.account(host, &site).await.map_err(NoLogin::NoName)?;
    let mut control = Control::open(host, address).await.map_err(|error| failed(Asked::Connect, error))?;
    match control.log_in(&account.name, &account.password).await {
        Ok(_) => Ok(Server { site, control }),
        Err(error) => {
            if let ControlError::Refused(_) = error {
                // Next time the user is asked again.
                profile.forget(&site);
            }
            let error = failed(Asked::Login, error);
            control.close().await;
            Err(error)
        }
    }
}

/// Which half of a transfer has failed first.
enum Failed {
    Source(SiteError),
    Destination(SiteError),
}

/// The four steps of RFC 438, then both servers' last words.
async fn move_file(
    host: &Handle,
    source: &mut Server,
    destination: &mut Server,
    operation: Operation,
    from: &str,
    to: &str,
) -> Outcome {
    let retrieve = Command::Retr(from.to_owned());
    let store = match operation {
        Operation::Append => Command::Appe(to.to_owned()),
        Operation::Copy => Command::Stor(to.to_owned()),
    };
    let board = host.board(|| format!("RSEXEC moves a file from {} to {}", source.site, destination.site));
    board.show(|| {
        vec![
            ("source", format!("[{}]{from}", source.site)),
            ("destination", format!("[{}]{to}", destination.site)),
        ]
    });
    if let Err(error) = arrange(source, destination, &board).await {
        return Outcome::Neither { error, other: None };
    }
    // The one that listens is told first, and has been told when the source is: a host that does not queue requests would
    // refuse an early one. RFC 438 writes both commands side by side and leaves their order open.
    if let Err(error) = destination.begin(&store).await {
        return Outcome::Neither { error, other: None };
    }
    if let Err(error) = destination.delivered(&store).await {
        return Outcome::Neither { error, other: None };
    }
    let (source_site, destination_site) = (source.site.clone(), destination.site.clone());
    let failed = match select(pin!(source.send(host, &retrieve)), pin!(destination.finish(&store))).await {
        // The source has sent it all: what has the destination made of it?
        Either::Left((Ok(sent), storing)) => {
            return match last_word(host, destination_site, &store, storing).await {
                Ok(stored) => Outcome::of_both(sent, stored),
                Err(error) => Outcome::of_destination(error, None),
            };
        }
        // The destination has stored something: was it all?
        Either::Right((Ok(stored), sending)) => {
            return match last_word(host, source_site, &retrieve, sending).await {
                Ok(sent) => Outcome::of_both(sent, stored),
                Err(error) => Outcome::OnlyStored { stored, error },
            };
        }
        Either::Left((Err(error), _)) => Failed::Source(error),
        Either::Right((Err(error), _)) => Failed::Destination(error),
    };
    match failed {
        Failed::Source(error) => after_source(error, destination, store).await,
        Failed::Destination(error) => after_destination(error, source, destination, retrieve).await,
    }
}

/// The source has not sent the file: the destination must not go on waiting.
async fn after_source(error: SiteError, destination: &mut Server, store: Command) -> Outcome {
    match destination.control.abort().await {
        Ok(Aborted::Stopped(_)) => Outcome::Neither { error, other: None },
        Ok(Aborted::Done(stored)) => Outcome::OnlyStored { stored, error },
        Ok(Aborted::Failed(reply)) => {
            let other = destination.error(store, ControlError::Refused(reply));
            Outcome::Neither { error, other: Some(other) }
        }
        // That nothing is going on does not say that nothing has gone on.
        Ok(Aborted::Unheard(reply)) => {
            let nothing_to_stop = destination.error(Command::Abor, ControlError::Refused(reply));
            Outcome::of_unheard(error, nothing_to_stop)
        }
        Err(silence) => Outcome::of_unheard(error, destination.error(Command::Abor, silence)),
    }
}

/// The destination has not stored the file: the source need not send the rest. Whether it has finished meanwhile makes
/// no difference. What the destination refuses for another reason than the file may be a command that a cable has brought
/// twice, of which one is obeyed: that is stopped, too, if it can be.
async fn after_destination(
    error: SiteError,
    source: &mut Server,
    destination: &mut Server,
    retrieve: Command,
) -> Outcome {
    let other = match source.control.abort().await {
        Ok(Aborted::Failed(reply)) => Some(source.error(retrieve, ControlError::Refused(reply))),
        Err(error) => Some(source.error(Command::Abor, error)),
        Ok(Aborted::Stopped(_) | Aborted::Unheard(_) | Aborted::Done(_)) => None,
    };
    if error.is_about_no_file() {
        match destination.control.abort().await {
            Ok(Aborted::Done(stored)) => return Outcome::OnlyStored { stored, error },
            Ok(Aborted::Stopped(_) | Aborted::Failed(_) | Aborted::Unheard(_))
            | Err(ControlError::Refused(_)) => {}
            Err(silence) => {
                let other = Some(destination.error(Command::Abor, silence));
                return Outcome::Unknown { error, other };
            }
        }
    }
    Outcome::of_destination(error, other)
}

/// What a server says at last, after the other has.
async fn last_word(
    host: &Handle,
    site: String,
    command: &Command,
    finishing: impl Future<Output = Result<Reply, SiteError>>,
) -> Result<Reply, SiteError> {
    let said = host.within(FINAL_REPLY_TIMEOUT, finishing).await;
    said.unwrap_or_else(|silence| {
        Err(SiteError { site, asked: Asked::Command(command.clone()), error: silence.into() })
    })
}

/// Steps 1 to 3: both servers know whom to connect with.
async fn arrange(source: &mut Server, destination: &mut Server, board: &Board) -> Result<(), SiteError> {
    let sock = |server: &Server, socket| {
        Command::Sock(Some(NamedSocket { host: Some(server.control.site()), socket }))
    };
    let x = destination.data_socket(&Command::Lstn(Gender::Receive)).await?;
    board.set("X, the data socket of the destination", || x.to_string());
    let y = source.data_socket(&sock(destination, x)).await?;
    board.set("Y, the data socket of the source", || y.to_string());
    destination.data_socket(&sock(source, y)).await?;
    Ok(())
}

impl Server {
    /// Sends a command that is answered by a data socket.
    async fn data_socket(&mut self, command: &Command) -> Result<Socket, SiteError> {
        let reply = self.control.command(command).await;
        let socket = reply.and_then(|reply| reply.data_socket().ok_or(ControlError::Refused(reply)));
        socket.map_err(|error| self.error(command.clone(), error))
    }

    async fn begin(&mut self, command: &Command) -> Result<(), SiteError> {
        let begun = self.control.begin(command).await;
        begun.map_err(|error| self.error(command.clone(), error))
    }

    async fn finish(&mut self, command: &Command) -> Result<Reply, SiteError> {
        let finished = self.control.finish().await;
        finished.map_err(|error| self.error(command.clone(), error))
    }

    /// Waits until a command is in the server's host.
    async fn delivered(&mut self, command: &Command) -> Result<(), SiteError> {
        let delivered = self.control.delivered().await;
        delivered.map_err(|error| self.error(command.clone(), error))
    }

    /// Has the source send its file. A destination's host that does not queue requests refuses one that comes before its
    /// server listens; then the source is told again, for as long as the destination waits. What was arranged serves until a
    /// connection has been opened with it (RFC 438, d.2).
    async fn send(&mut self, host: &Handle, command: &Command) -> Result<Reply, SiteError> {
        let until = host.now() + EARLY_REFUSALS;
        let mut pause = RETRY_AFTER;
        loop {
            self.begin(command).await?;
            match self.finish(command).await {
                Err(SiteError { error: ControlError::Refused(reply), .. })
                    if reply.code() == ReplyCode::CANNOT_CONNECT && host.now() + pause < until =>
                {
                    host.sleep(pause).await;
                    pause = (pause * 2).min(RETRY_AFTER_AT_MOST);
                }
                finished => return finished,
            }
        }
    }

    fn error(&self, command: Command, error: ControlError) -> SiteError {
        SiteError { site: self.site.clone(), asked: Asked::Command(command), error }
    }
}
