//! A transfer while it runs, as the person at the teletype sees it: how far it is, and that it can be stopped.

use std::cell::Cell;
use std::pin::pin;

use ftp::ReplyCode;
use futures::future::{Either, select};
use host::{Handle, Teletype};
use machine::Instant;

use crate::line::Line;
use crate::typist::{NOW_AND_THEN, SILENCE, Typist};
use crate::verb::MEANWHILE;

/// One transfer.
pub(crate) struct Running {
    host: Handle,
    teletype: Teletype,
    typist: Typist,
    /// What is transferred, as it was typed.
    what: String,
    begun: Instant,
    /// How many bytes there are, if that is known here.
    all: Option<u64>,
    moved: Cell<u64>,
    /// Whether the server was asked how far it is, so that its answer is to be shown.
    has_asked: Cell<bool>,
    /// Whether the person has wanted it stopped.
    is_stopped: Cell<bool>,
}

/// What the person wants of the server while a transfer runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To hear how far it is.
    Ask,
    /// To have it stopped.
    Stop,
}

impl Running {
    /// A transfer that begins now, of so many bytes, if that is known.
    pub(crate) fn new(host: &Handle, typist: Typist, what: &str, all: Option<usize>) -> Self {
        Running {
            host: host.clone(),
            teletype: host.teletype(),
            typist,
            what: what.to_owned(),
            begun: host.now(),
            all: all.map(|all| all as u64),
            moved: Cell::new(0),
            has_asked: Cell::new(false),
            is_stopped: Cell::new(false),
        }
    }

    /// Takes note that as many bytes more have gone or come.
    pub(crate) fn moved(&self, bytes: usize) {
        self.moved.set(self.moved.get() + bytes as u64);
    }

    /// How many bytes have gone or come.
    pub(crate) fn bytes(&self) -> u64 {
        self.moved.get()
    }

    /// Whether the person has wanted it stopped, whatever came of that.
    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped.get()
    }

    /// Waits until the person wants something of the server, and says meanwhile how far it is: now and then, and when asked.
    pub(crate) async fn attend(&self) -> Wish {
        let mut told = self.moved.get();
        let mut patience = match self.typist {
            Typist::Person if told == 0 => SILENCE,
            Typist::Person | Typist::Script => NOW_AND_THEN,
        };
        loop {
            let heard = pin!(self.teletype.overhear(Line::is_meant_meanwhile));
            match select(heard, pin!(self.host.sleep(patience))).await {
                Either::Left((line, _)) => match Line::parse(&line).map(Line::unquoted) {
                    Ok(Line::Status { .. }) => {
                        self.tell();
                        self.has_asked.set(true);
                        return Wish::Ask;
                    }
                    Ok(Line::Abort) => {
                        self.is_stopped.set(true);
                        return Wish::Stop;
                    }
                    Ok(_) | Err(_) => self.teletype.print(MEANWHILE),
                },
                // What does not move is no news, but for somebody who wonders whether it ever will.
                Either::Right(_) if self.moved.get() == told => {
                    if self.typist == Typist::Person {
                        let seconds = patience.as_micros() / 1_000_000;
                        let told =
                            format!("{}: NOTHING HAS MOVED FOR {seconds} SECONDS; ABORT STOPS IT", self.what);
                        self.teletype.print(&told);
                    }
                }
                Either::Right(_) if patience == SILENCE => {}
                Either::Right(_) => self.tell(),
            }
            (told, patience) = (self.moved.get(), NOW_AND_THEN);
        }
    }

    /// Waits until the person asks once more to have it stopped.
    pub(crate) async fn insists(&self) {
        let heard = async {
            loop {
                let line = self.teletype.overhear(Line::is_meant_meanwhile).await;
                match Line::parse(&line).map(Line::unquoted) {
                    Ok(Line::Abort) => return,
                    Ok(_) | Err(_) => {
                        self.teletype.print("IT IS BEING STOPPED; ABORT ONCE MORE GIVES UP WAITING");
                    }
                }
            }
        };
        self.typist.waits(&self.host, "THE SERVER TO STOP IT", heard).await;
    }

    /// Shows what the server said meanwhile: the answer to a question, and else only what is for everybody.
    pub(crate) fn show(&self, lines: impl Iterator<Item = String>) {
        for line in lines {
            match (self.has_asked.get(), is_for_everybody(&line)) {
                (_, true) => self.teletype.print(&unasked(&line)),
                (true, false) if !is_of_data(&line) => self.teletype.print(&format!("  {line}")),
                (true | false, false) => {}
            }
        }
    }

    /// Prints something.
    pub(crate) fn print(&self, text: &str) {
        self.teletype.print(text);
    }

    fn tell(&self) {
        let seconds = self.host.now().since(self.begun).as_micros() / 1_000_000;
        let bytes = self.moved.get();
        let of = self.all.map_or_else(String::new, |all| format!(" OF {all}"));
        self.teletype.print(&format!("{}: {bytes} BYTES{of} SO FAR, IN {seconds} SECONDS", self.what));
    }
}

/// What a server says of its own accord, as it is shown: no answer to what was typed last.
pub(crate) fn unasked(line: &str) -> String {
    format!("THE SERVER SAYS: {line}")
}

/// Whether a line of a reply may come at any time and is for the person: operators' news, shutting down, a login that is over.
/// A socket and a marker are for programs.
pub(crate) fn is_for_everybody(line: &str) -> bool {
    let code = line.get(..3).and_then(|code| ReplyCode::new(code.parse().ok()?));
    code.is_some_and(|code| {
        code.is_spontaneous() && !matches!(code, ReplyCode::DATA_SOCKET | ReplyCode::RESTART_MARKER)
    })
}

/// Whether a line only tells of a data connection.
pub(crate) fn is_of_data(line: &str) -> bool {
    line.starts_with("255 ")
}
