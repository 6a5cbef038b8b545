//! The phases of a run: who reaches whom, logs in, arranges, transfers and closes. They are found from what crosses the
//! cables, not from what a scenario is called.

use std::collections::BTreeMap;

use ftp::{Class, Command, CommandName, Edition, NamedSocket, Reply, ReplyCode};
use imp1822::HostAddress;
use ncp::Socket;
use ncp::icp::{DISCARD_CONTACT, ECHO_CONTACT, FINGER_CONTACT, FTP_CONTACT, TELNET_CONTACT};
use trace::{Lens, Names, Speaker, Topic};

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
        /// Which session of all, by the order of their contacts.
        session: u64,
    },
    /// The server of files greets, and the user logs in.
    Login {
        /// The host of the user.
        user: HostAddress,
        /// The host of the server.
        server: HostAddress,
        /// Which session of all.
        session: u64,
    },
    /// Another dialogue over these connections.
    Dialogue {
        /// The host of the user.
        user: HostAddress,
        /// The host of the server.
        server: HostAddress,
        /// The socket that was asked at.
        service: Socket,
        /// Which session of all.
        session: u64,
    },
    /// RFC 438, steps 1 to 3.
    Arrange {
        /// The host of the one who directs.
        user: HostAddress,
        /// Which step.
        step: u8,
        /// The session by which the user has begun it: one who directs two servers has two for one errand.
        errand: u64,
    },
    /// The command, or the two commands, to transfer.
    Transfer {
        /// The host of the one who directs.
        user: HostAddress,
        /// Whether the data are to go between two servers.
        is_third_party: bool,
        /// The session by which the user has begun it.
        errand: u64,
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
        /// The session by which the user has begun it.
        errand: u64,
    },
    /// Logging out, and the close of the connections.
    Close {
        /// The host of the user.
        user: HostAddress,
        /// The session by which the user has begun what is over.
        errand: u64,
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
            PhaseKind::Contact { user, server, service: at, .. } => {
                let what = service_words(at);
                format!("ICP: {} reaches {what} of {}", name(user), name(server))
            }
            PhaseKind::Login { user, server, .. } => format!("Login: {} at {}", name(user), name(server)),
            PhaseKind::Dialogue { user, server, service: at, .. } if at == FTP_CONTACT => {
                format!("FTP: {} and the server of {}", name(user), name(server))
            }
            PhaseKind::Dialogue { user, server, service: at, .. } => {
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
            PhaseKind::Close { user, .. } => format!("Close: {} logs out", name(user)),
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

/// A session: whose it is, with whom, and which of all it is.
#[derive(Debug, Clone, Copy)]
struct Session {
    user: HostAddress,
    server: HostAddress,
    service: Socket,
    number: u64,
}

/// What is known of the dialogue of a session.
#[derive(Debug)]
struct Dialogue {
    session: Session,
    /// The session by which the user has begun what this one is for.
    errand: u64,
    /// Where its next message belongs that does not say so itself.
    phase: Option<PhaseKind>,
    /// Whether its server listens for the other one.
    listens: bool,
    /// The socket that its server has last said to be for data.
    data_socket: Option<Socket>,
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
    /// By the numbers of their sessions.
    dialogues: BTreeMap<u64, Dialogue>,
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

    /// Takes the next record: what its message belongs to, who of a dialogue says it, and what. Returns the place of its
    /// phase.
    pub(super) fn take(
        &mut self,
        record: u64,
        topic: Topic,
        speaker: Option<Speaker>,
        said: &[Said],
        is_sent: bool,
    ) -> usize {
        if is_sent {
            self.now = self.kind(topic, speaker, said);
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

    fn kind(&mut self, topic: Topic, speaker: Option<Speaker>, said: &[Said]) -> PhaseKind {
        match topic {
            Topic::Cable => self.now,
            // Hosts greet each other when they have come up.
            Topic::Ncps { .. } if self.phases.iter().all(|phase| phase.kind == PhaseKind::Start) => {
                PhaseKind::Start
            }
            Topic::Ncps { hosts } => PhaseKind::Ncps(hosts),
            Topic::Measurement => PhaseKind::Measurement,
            Topic::Contact { user, server, service, session } => {
                PhaseKind::Contact { user, server, service, session }
            }
            Topic::Dialogue { user, server, service, session } => {
                self.dialogue(Session { user, server, service, number: session }, speaker, said)
            }
            Topic::Data { from, to } => PhaseKind::Data { from, to },
        }
    }

    fn dialogue(&mut self, session: Session, speaker: Option<Speaker>, said: &[Said]) -> PhaseKind {
        let is_ftp = session.service == FTP_CONTACT;
        let mut kind = None;
        // Of several commands in one message, the first one says what it belongs to.
        let control = said.iter().take(1);
        let lines = said.iter().skip(1).filter(|one| one.lens != Lens::Ncp);
        for one in control.chain(lines) {
            let what = one.what.trim_end_matches('…');
            kind = match (one.lens, speaker) {
                (Lens::Ncp, _) if what.starts_with("CLS ") => {
                    let dialogue = self.of(session);
                    dialogue.is_closing = true;
                    Some(PhaseKind::Close { user: session.user, errand: dialogue.errand })
                }
                (Lens::Ncp, _) if what.starts_with("RTS ") || what.starts_with("STR ") => {
                    Some(session.contact())
                }
                (Lens::Ftp, Some(Speaker::User)) if is_ftp => Some(self.command(session, what)),
                (Lens::Ftp, Some(Speaker::Server)) if is_ftp => Some(self.reply(session, what)),
                (Lens::Ftp, _) => Some(session.dialogue()),
                _ => None,
            };
        }
        let dialogue = self.of(session);
        let kind = kind.or(dialogue.phase).unwrap_or(session.contact());
        dialogue.phase = Some(kind);
        kind
    }

    fn of(&mut self, session: Session) -> &mut Dialogue {
        self.dialogues.entry(session.number).or_insert(Dialogue {
            session,
            errand: session.number,
            phase: None,
            listens: false,
            data_socket: None,
            is_third_party: false,
            transfers: false,
            is_closing: false,
        })
    }

    /// The other dialogue of this user whose server a SOCK names; if `is_its`, only one whose server has said that socket.
    fn partner(&self, session: Session, host: HostAddress, socket: Socket, is_its: bool) -> Option<u64> {
        let mut others = self.dialogues.iter().rev().filter(|(number, other)| {
            (other.session.user, other.session.server) == (session.user, host)
                && **number != session.number
                && !other.is_closing
        });
        let (number, _) = others.find(|(_, other)| !is_its || other.data_socket == Some(socket))?;
        Some(*number)
    }

    /// One dialogue is for the same as another one, and so are all that go with it.
    fn join(&mut self, session: Session, partner: u64) {
        let (Some(errand), old) =
            (self.dialogues.get(&partner).map(|other| other.errand), self.of(session).errand)
        else {
            return;
        };
        let joined = self.dialogues.values_mut().filter(|dialogue| dialogue.errand == old);
        joined.for_each(|dialogue| dialogue.errand = errand);
    }

    /// A user's line.
    fn command(&mut self, session: Session, line: &str) -> PhaseKind {
        let Session { user, server, .. } = session;
        let name = CommandName::from_word(line.split(' ').next().unwrap_or_default());
        let mut names_partner = false;
        if name == Some(CommandName::Sock)
            && let Ok(Command::Sock(Some(NamedSocket { host, socket }))) =
                Command::parse(line, Edition::Rfc438)
        {
            let host = host.unwrap_or(user);
            let partner = self.partner(session, host, socket, true);
            // At his own host, a socket that no server has said is the user's.
            names_partner = host != user || partner.is_some();
            let partner = partner
                .or_else(|| (host != user).then(|| self.partner(session, host, socket, false)).flatten());
            if let Some(partner) = partner {
                self.join(session, partner);
            }
        }
        let errand = self.of(session).errand;
        let of_errand = |dialogue: &&Dialogue| dialogue.errand == errand;
        // A new transfer is not the one before.
        let is_over = !self.dialogues.values().filter(of_errand).any(|dialogue| dialogue.transfers);
        if is_over && self.open.contains_key(&PhaseKind::Outcome { user, errand }) {
            self.forget(|kind| kind.is_of_transfer(errand));
            let joined = self.dialogues.values_mut().filter(|dialogue| dialogue.errand == errand);
            joined.for_each(|dialogue| (dialogue.listens, dialogue.is_third_party) = (false, false));
        }
        let mut joined = self.dialogues.values().filter(of_errand);
        let is_third_party = joined.any(|dialogue| dialogue.is_third_party || dialogue.listens);
        let dialogue = self.of(session);
        match name {
            Some(CommandName::User | CommandName::Pass | CommandName::Acct) => session.login(),
            Some(CommandName::Lstn) => {
                dialogue.listens = true;
                PhaseKind::Arrange { user, step: 1, errand }
            }
            Some(CommandName::Sock) if names_partner => {
                dialogue.is_third_party = true;
                PhaseKind::Arrange { user, step: if dialogue.listens { 3 } else { 2 }, errand }
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
                PhaseKind::Transfer { user, is_third_party, errand }
            }
            Some(CommandName::Bye) => PhaseKind::Close { user, errand },
            _ => session.dialogue(),
        }
    }

    /// A line of a server.
    fn reply(&mut self, session: Session, line: &str) -> PhaseKind {
        let Session { user, server, .. } = session;
        let data =
            self.open.keys().copied().find(
                |kind| matches!(kind, PhaseKind::Data { from, to } if *from == server || *to == server),
            );
        let dialogue = self.of(session);
        let errand = dialogue.errand;
        let code = line.get(..3).and_then(|digits| digits.parse().ok()).and_then(ReplyCode::new);
        if let Some(socket) = code.and_then(|code| Reply::new(code, line.get(4..)?).data_socket()) {
            dialogue.data_socket = Some(socket);
        }
        match (code, dialogue.transfers) {
            // It may be said while a transfer goes on: that is not its end.
            (Some(ReplyCode::LOGGED_OUT | ReplyCode::LOGOUT_NOTED), _) => PhaseKind::Close { user, errand },
            (Some(ReplyCode::TRANSFER_STARTED | ReplyCode::DATA_SOCKET), true) => {
                data.or(dialogue.phase).unwrap_or(session.login())
            }
            (Some(code), true)
                if matches!(code.class(), Class::Positive | Class::Failure | Class::Ignored) =>
            {
                dialogue.transfers = false;
                PhaseKind::Outcome { user, errand }
            }
            _ => match dialogue.phase {
                Some(PhaseKind::Contact { .. }) | None => session.login(),
                Some(phase) => phase,
            },
        }
    }

    fn forget(&mut self, is_over: impl Fn(PhaseKind) -> bool) {
        self.open.retain(|kind, _| !is_over(*kind));
    }
}

impl Session {
    fn contact(self) -> PhaseKind {
        let Session { user, server, service, number } = self;
        PhaseKind::Contact { user, server, service, session: number }
    }

    fn login(self) -> PhaseKind {
        PhaseKind::Login { user: self.user, server: self.server, session: self.number }
    }

    fn dialogue(self) -> PhaseKind {
        let Session { user, server, service, number } = self;
        PhaseKind::Dialogue { user, server, service, session: number }
    }
}

impl PhaseKind {
    /// Whether it is a phase of a transfer of this errand.
    fn is_of_transfer(self, errand: u64) -> bool {
        match self {
            PhaseKind::Arrange { errand: of, .. }
            | PhaseKind::Transfer { errand: of, .. }
            | PhaseKind::Outcome { errand: of, .. } => of == errand,
            _ => false,
        }
    }
}
