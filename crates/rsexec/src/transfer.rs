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
//! got across.

use std::fmt;
use std::pin::pin;

use ftp::{Command, Reply};
use ftp_user::{Control, ControlError};
use futures::future::{Either, join, select};
use host::Handle;
use imp1822::HostAddress;
use ncp::{Gender, Socket};

use crate::Profile;
pub use crate::command::{File, How};

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

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}: {}", self.site, self.what, self.error)
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
        Err(trouble) => return teletype.print(&format!("{trouble}\nNOT {done}")),
    };
    let mut destination = match log_in(host, profile, destination).await {
        Ok(server) => server,
        Err(trouble) => {
            source.control.close().await;
            return teletype.print(&format!("{trouble}\nNOT {done}"));
        }
    };
    let verdict = match move_file(&mut source, &mut destination, how, &from.path, &to.path).await {
        Ending::Both { sent, stored } => {
            teletype.print(&format!("[{}] {sent}\n[{}] {stored}", source.site, destination.site));
            done.to_owned()
        }
        Ending::OnlyStored { stored, trouble } => {
            teletype.print(&format!("[{}] {stored}\n{trouble}", destination.site));
            format!("{done}, BUT PERHAPS NOT ALL OF IT")
        }
        Ending::Neither(trouble) => {
            teletype.print(&trouble.to_string());
            format!("NOT {done}")
        }
        Ending::Unknown(trouble) => {
            teletype.print(&trouble.to_string());
            format!("NOBODY KNOWS WHETHER {done}")
        }
    };
    teletype.print(&verdict);
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
            // Next time the user is asked again.
            profile.forget(&site);
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
    /// The destination's file is as it was.
    Neither(Trouble),
    /// The destination fell silent before it told.
    Unknown(Trouble),
}

impl Ending {
    /// The destination has trouble. If it said so itself, its file is as it was.
    fn of_destination(trouble: Trouble) -> Self {
        match trouble.error {
            ControlError::Refused(_) => Ending::Neither(trouble),
            _ => Ending::Unknown(trouble),
        }
    }
}

/// The four steps of RFC 438, then both servers' last words.
async fn move_file(source: &mut Server, destination: &mut Server, how: How, from: &str, to: &str) -> Ending {
    let store = match how {
        How::Append => Command::Appe(to.to_owned()),
        How::Copy => Command::Stor(to.to_owned()),
    };
    if let Err(trouble) = arrange(source, destination).await {
        return Ending::Neither(trouble);
    }
    // The one that listens is told first: a host that does not queue requests would refuse an early one.
    if let Err(trouble) = destination.begin(&store).await {
        return Ending::Neither(trouble);
    }
    if let Err(trouble) = source.begin(&Command::Retr(from.to_owned())).await {
        return give_up(destination, trouble).await;
    }
    let first = match select(pin!(source.finish("RETR")), pin!(destination.finish(store.name()))).await {
        Either::Left((Ok(sent), storing)) => {
            return match storing.await {
                Ok(stored) => Ending::Both { sent, stored },
                Err(trouble) => Ending::of_destination(trouble),
            };
        }
        Either::Right((Ok(stored), sending)) => {
            return match sending.await {
                Ok(sent) => Ending::Both { sent, stored },
                Err(trouble) => Ending::OnlyStored { stored, trouble },
            };
        }
        Either::Left((Err(trouble), _)) => Either::Left(trouble),
        Either::Right((Err(trouble), _)) => Either::Right(trouble),
    };
    match first {
        Either::Left(trouble) => give_up(destination, trouble).await,
        Either::Right(trouble) => {
            // Whether the source has finished meanwhile makes no difference.
            let _ = source.control.abort().await;
            Ending::of_destination(trouble)
        }
    }
}

/// Steps 1 to 3: both servers know whom to connect with.
async fn arrange(source: &mut Server, destination: &mut Server) -> Result<(), Trouble> {
    let sock = |server: &Server, socket| Command::Sock { host: Some(server.control.site()), socket };
    let x = destination.data_socket(&Command::Lstn(Gender::Receive)).await?;
    let y = source.data_socket(&sock(destination, x)).await?;
    destination.data_socket(&sock(source, y)).await?;
    Ok(())
}

/// Has the destination give up, because the source could not send.
async fn give_up(destination: &mut Server, trouble: Trouble) -> Ending {
    match destination.control.abort().await {
        Ok(None) => Ending::Neither(trouble),
        Ok(Some(stored)) => Ending::OnlyStored { stored, trouble },
        Err(_) => Ending::Unknown(trouble),
    }
}

impl Server {
    /// Sends a command that is answered by a data socket.
    async fn data_socket(&mut self, command: &Command) -> Result<Socket, Trouble> {
        let reply = self.control.command(command).await;
        let socket = reply.and_then(|reply| reply.data_socket().ok_or(ControlError::Refused(reply)));
        socket.map_err(|error| self.trouble(&command.to_string(), error))
    }

    async fn begin(&mut self, command: &Command) -> Result<(), Trouble> {
        let begun = self.control.begin(command).await;
        begun.map_err(|error| self.trouble(&command.to_string(), error))
    }

    async fn finish(&mut self, what: &str) -> Result<Reply, Trouble> {
        let finished = self.control.finish().await;
        finished.map_err(|error| self.trouble(what, error))
    }

    fn trouble(&self, what: &str, error: ControlError) -> Trouble {
        Trouble { site: self.site.clone(), what: what.to_owned(), error }
    }
}
