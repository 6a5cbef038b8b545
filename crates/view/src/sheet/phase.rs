//! The phases of a run: who reaches whom, logs in, arranges, transfers and closes. They are found from what crosses the
//! cables, not from what a scenario is called.

use std::collections::BTreeMap;

use ftp::{Command, CommandName, Edition};
use imp1822::HostAddress;
use ncp::Socket;
use ncp::icp::{DISCARD_CONTACT, ECHO_CONTACT, FINGER_CONTACT, FTP_CONTACT, TELNET_CONTACT};
use trace::{Lens, Names, Party, Topic};

use super::said::Said;

/// A phase of a run. Others may go on at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// What goes on.
    pub kind: PhaseKind,
    /// The first record that belongs to it.
    pub first: u64,
    /// The last one.
    pub last: u64,
}

/// What goes on in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhaseKind {
    /// The hosts are at their IMPs, and nobody has asked for anything yet.
    Start,
    /// Two NCPs have to do with each other as wholes: resets, echoes, complaints.
    Ncps([HostAddress; 2]),
    /// A user reaches a server: the initial connection protocol, up to both connections that follow it.
    Contact {
        /// The host of the user.
        user: HostAddress,
        /// The host of the server.
        server: HostAddress,
        /// The socket that is asked at.
        service: Socket,
    },
    /// The server of files greets, and the user logs in.
    Login {
        /// The host of the user.
        user: HostAddress,
        /// The host of the server.
        server: HostAddress,
    },
    /// Another dialogue over these connections.
    Dialogue {
        /// The host of the user.
        user: HostAddress,
        /// The host of the server.
        server: HostAddress,
        /// The socket that was asked at.
        service: Socket,
    },
    /// RFC 438, steps 1 to 3.
    Arrange {
        /// The host of the one who directs.
        user: HostAddress,
        /// Which step.
        step: u8,
    },
    /// The command, or the two commands, to transfer.
    Transfer {
        /// The host of the one who directs.
        user: HostAddress,
        /// Whether the data are to go between two servers.
        is_third_party: bool,
    },
    /// A connection for data, or any other.
    Data {
        /// The host that sends.
        from: HostAddress,
        /// The host that receives.
        to: HostAddress,
    },
    /// What is said of a transfer in the end.
    Outcome {
        /// The host of the one who directs.
        user: HostAddress,
    },
    /// Logging out, and the close of the connections.
    Close {
        /// The host of the user.
        user: HostAddress,
    },
    /// Traffic that is measured.
    Measurement,
}

/// The names by which kinds of phases can be asked for, in the order in which they usually come.
pub const PHASE_WORDS: [&str; 10] =
    ["start", "ncp", "icp", "login", "dialogue", "arrange", "transfer", "data", "outcome", "close"];

impl PhaseKind {
    /// The name by which its kind can be asked for.
    pub fn word(self) -> &'static str {
        match self {
            PhaseKind::Start => "start",
            PhaseKind::Ncps(_) => "ncp",
            PhaseKind::Contact { .. } => "icp",
            PhaseKind::Login { .. } => "login",
            PhaseKind::Dialogue { .. } => "dialogue",
            PhaseKind::Arrange { .. } => "arrange",
            PhaseKind::Transfer { .. } => "transfer",
            PhaseKind::Data { .. } | PhaseKind::Measurement => "data",
            PhaseKind::Outcome { .. } => "outcome",
            PhaseKind::Close { .. } => "close",
        }
    }

    /// What goes on, as a heading.
    pub fn title(self, names: &Names) -> String {
        let name = |host| names.host(host);
        match self {
            PhaseKind::Start => "The hosts come up".to_owned(),
            PhaseKind::Ncps([one, other]) => format!("The NCPs of {} and {}", name(one), name(other)),
            PhaseKind::Contact { user, server, service: at } => {
                let what = service_words(at);
                format!("ICP: {} reaches {what} of {}", name(user), name(server))
            }
            PhaseKind::Login { user, server } => format!("Login: {} at {}", name(user), name(server)),
            PhaseKind::Dialogue { user, server, service: at } if at == FTP_CONTACT => {
                format!("FTP: {} and the server of {}", name(user), name(server))
            }
            PhaseKind::Dialogue { user, server, service: at } => {
                format!("{} talks to {} of {}", name(user), service_words(at), name(server))
            }
            PhaseKind::Arrange { step: 1, .. } => {
                "RFC 438, step 1: one server sets a socket aside, at which it will listen".to_owned()
            }
            PhaseKind::Arrange { step: 2, .. } => {
                "RFC 438, step 2: the other is told whom to connect with, and promises a socket".to_owned()
            }
            PhaseKind::Arrange { .. } => {
                "RFC 438, step 3: the first is told from whom alone it takes a connection".to_owned()
            }
            PhaseKind::Transfer { is_third_party: true, .. } => {
                "RFC 438, step 4: both servers are told to transfer".to_owned()
            }
            PhaseKind::Transfer { user, .. } => format!("Transfer: {} gives the command", name(user)),
            PhaseKind::Data { from, to } => format!("Data: {} to {}", name(from), name(to)),
            PhaseKind::Outcome { .. } => "Outcome: what is said of the transfer".to_owned(),
            PhaseKind::Close { user } => format!("Close: {} logs out", name(user)),
            PhaseKind::Measurement => "Measurement".to_owned(),
        }
    }
}

/// A service as a heading names it.
pub(crate) fn service_words(at: Socket) -> String {
    match at {
        FTP_CONTACT => "the FTP server".to_owned(),
        TELNET_CONTACT => "the login server".to_owned(),
        ECHO_CONTACT => "the echo".to_owned(),
        DISCARD_CONTACT => "the discard service".to_owned(),
        FINGER_CONTACT => "the finger service".to_owned(),
        other => format!("socket {other}"),
    }
}

/// What is known of a dialogue.
#[derive(Debug, Default)]
struct Dialogue {
    /// Where its next message belongs that does not say so itself.
    phase: Option<PhaseKind>,
    /// Whether its server listens for the other one.
    listens: bool,
    /// Whether it was told of another host than the user's.
    is_third_party: bool,
    /// Whether a transfer was asked for and not ended.
    transfers: bool,
    is_closing: bool,
}

/// Finds phases.
pub(super) struct Phases {
    phases: Vec<Phase>,
    /// The phases that may go on, by what goes on in them.
    open: BTreeMap<PhaseKind, usize>,
    dialogues: BTreeMap<(HostAddress, HostAddress, Socket), Dialogue>,
    /// The one to which what says nothing of it belongs.
    now: PhaseKind,
}

impl Phases {
    pub(super) fn new() -> Self {
        Phases {
            phases: Vec::new(),
            open: BTreeMap::new(),
            dialogues: BTreeMap::new(),
            now: PhaseKind::Start,
        }
    }

    /// All phases that were found.
    pub(super) fn finish(self) -> Vec<Phase> {
        self.phases
    }

    /// Takes the next record: what its message belongs to, and what it says. Returns the place of its phase.
    pub(super) fn take(&mut self, record: u64, topic: Topic, said: &[Said], is_sent: bool) -> usize {
        if is_sent {
            self.now = self.kind(topic, said);
        }
        self.enter(self.now, record)
    }

    fn enter(&mut self, kind: PhaseKind, record: u64) -> usize {
        let phases = &mut self.phases;
        let place = *self.open.entry(kind).or_insert_with(|| {
            phases.push(Phase { kind, first: record, last: record });
            phases.len() - 1
        });
        phases[place].last = record;
        place
    }

    fn kind(&mut self, topic: Topic, said: &[Said]) -> PhaseKind {
        match topic {
            Topic::Cable => self.now,
            // Hosts greet each other when they have come up.
            Topic::Ncps { .. } if self.phases.iter().all(|phase| phase.kind == PhaseKind::Start) => {
                PhaseKind::Start
            }
            Topic::Ncps { hosts } => PhaseKind::Ncps(hosts),
            Topic::Measurement => PhaseKind::Measurement,
            Topic::Contact { user, server, service } => {
                let asks = said.iter().any(|one| one.what.starts_with("RTS "));
                let dialogue = self.dialogues.entry((user, server, service)).or_default();
                if asks && dialogue.is_closing {
                    *dialogue = Dialogue::default();
                    self.forget(|kind| kind.is_of(user, server));
                }
                PhaseKind::Contact { user, server, service }
            }
            Topic::Dialogue { user, server, service } => self.dialogue(user, server, service, said),
            Topic::Data { from, to } => PhaseKind::Data { from, to },
        }
    }

    fn dialogue(
        &mut self,
        user: HostAddress,
        server: HostAddress,
        service: Socket,
        said: &[Said],
    ) -> PhaseKind {
        let is_ftp = service == FTP_CONTACT;
        let mut kind = None;
        for one in said {
            let what = one.what.trim_end_matches('…');
            kind = match one.lens {
                Lens::Ncp if what.starts_with("CLS ") => {
                    self.dialogues.entry((user, server, service)).or_default().is_closing = true;
                    Some(PhaseKind::Close { user })
                }
                Lens::Ncp if what.starts_with("RTS ") || what.starts_with("STR ") => {
                    Some(PhaseKind::Contact { user, server, service })
                }
                // Of one who talks to a server of his own host, what is said tells: replies begin with a digit.
                Lens::Ftp
                    if is_ftp
                        && one.from == Some(Party::Host(user))
                        && !(user == server && what.starts_with(|first: char| first.is_ascii_digit())) =>
                {
                    Some(self.command((user, server, service), what))
                }
                Lens::Ftp if is_ftp => Some(self.reply((user, server, service), what)),
                Lens::Ftp => Some(PhaseKind::Dialogue { user, server, service }),
                _ => None,
            };
        }
        let dialogue = self.dialogues.entry((user, server, service)).or_default();
        let kind = kind.or(dialogue.phase).unwrap_or(PhaseKind::Contact { user, server, service });
        dialogue.phase = Some(kind);
        kind
    }

    /// A user's line.
    fn command(
        &mut self,
        key @ (user, server, service): (HostAddress, HostAddress, Socket),
        line: &str,
    ) -> PhaseKind {
        // A new transfer is not the one before.
        let is_over = !self.dialogues.iter().any(|((one, ..), dialogue)| *one == user && dialogue.transfers);
        if is_over && self.open.contains_key(&PhaseKind::Outcome { user }) {
            self.forget(|kind| kind.is_of_transfer(user));
            let of_user = self.dialogues.iter_mut().filter(|((one, ..), _)| *one == user);
            of_user.for_each(|(_, dialogue)| (dialogue.listens, dialogue.is_third_party) = (false, false));
        }
        let is_third_party = self
            .dialogues
            .iter()
            .any(|((one, ..), dialogue)| *one == user && (dialogue.is_third_party || dialogue.listens));
        let dialogue = self.dialogues.entry(key).or_default();
        let name = CommandName::from_word(line.split(' ').next().unwrap_or_default());
        match name {
            Some(CommandName::User | CommandName::Pass | CommandName::Acct) => {
                PhaseKind::Login { user, server }
            }
            Some(CommandName::Lstn) => {
                dialogue.listens = true;
                PhaseKind::Arrange { user, step: 1 }
            }
            Some(CommandName::Sock) => {
                let named = match Command::parse(line, Edition::Rfc438) {
                    Ok(Command::Sock(named)) => named.host,
                    _ => None,
                };
                match named.filter(|host| *host != user) {
                    Some(_) => {
                        dialogue.is_third_party = true;
                        PhaseKind::Arrange { user, step: if dialogue.listens { 3 } else { 2 } }
                    }
                    None => PhaseKind::Dialogue { user, server, service },
                }
            }
            Some(
                CommandName::Retr
                | CommandName::Stor
                | CommandName::Appe
                | CommandName::List
                | CommandName::Nlst,
            ) => {
                dialogue.transfers = true;
                // What flows from now on is of this transfer.
                self.forget(
                    |kind| matches!(kind, PhaseKind::Data { from, to } if from == server || to == server),
                );
                PhaseKind::Transfer { user, is_third_party }
            }
            Some(CommandName::Bye) => PhaseKind::Close { user },
            _ => PhaseKind::Dialogue { user, server, service },
        }
    }

    /// A line of a server.
    fn reply(
        &mut self,
        key @ (user, server, _): (HostAddress, HostAddress, Socket),
        line: &str,
    ) -> PhaseKind {
        let data =
            self.open.keys().copied().find(
                |kind| matches!(kind, PhaseKind::Data { from, to } if *from == server || *to == server),
            );
        let dialogue = self.dialogues.entry(key).or_default();
        match (line.get(..3), dialogue.transfers) {
            (Some("231"), _) => PhaseKind::Close { user },
            (Some("250" | "255"), true) => {
                data.or(dialogue.phase).unwrap_or(PhaseKind::Login { user, server })
            }
            (Some(code), true) if code.starts_with(['2', '4', '5']) => {
                dialogue.transfers = false;
                PhaseKind::Outcome { user }
            }
            _ => match dialogue.phase {
                Some(PhaseKind::Contact { .. }) | None => PhaseKind::Login { user, server },
                Some(phase) => phase,
            },
        }
    }

    fn forget(&mut self, is_over: impl Fn(PhaseKind) -> bool) {
        self.open.retain(|kind, _| !is_over(*kind));
    }
}

impl PhaseKind {
    /// Whether it is a phase of a dialogue of these two.
    fn is_of(self, user: HostAddress, server: HostAddress) -> bool {
        match self {
            PhaseKind::Contact { user: one, server: other, .. }
            | PhaseKind::Login { user: one, server: other }
            | PhaseKind::Dialogue { user: one, server: other, .. } => (one, other) == (user, server),
            PhaseKind::Close { user: one } => one == user,
            _ => false,
        }
    }

    /// Whether it is a phase of a transfer of this user.
    fn is_of_transfer(self, user: HostAddress) -> bool {
        match self {
            PhaseKind::Arrange { user: one, .. }
            | PhaseKind::Transfer { user: one, .. }
            | PhaseKind::Outcome { user: one } => one == user,
            _ => false,
        }
    }
}
