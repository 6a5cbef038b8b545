//! The phases of a run: who reaches whom, logs in, arranges, transfers and closes. They are found from what crosses the
//! cables, not from what a scenario is called.

use std::collections::BTreeMap;

use ftp::{Command, CommandName, Edition, NamedSocket, Reply, ReplyCode};
use host::Lease;
use imp1822::HostAddress;
use ncp::Socket;
use ncp::icp::FTP_CONTACT;
use trace::{Lens, Speaker, Topic};

use super::exchange::{Answer, Outstanding, is_transfer, reply_code};
use super::phase_kind::{Phase, PhaseKind};
use super::said::Said;

/// A session: whose it is, with whom, and which of all it is.
#[derive(Debug, Clone, Copy)]
struct Session {
    user: HostAddress,
    server: HostAddress,
    service: Socket,
    number: u64,
    /// The number that the server has said: the first of its sockets.
    says: Socket,
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
    /// What was asked and is not answered.
    outstanding: Outstanding,
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
    /// The users' lines that are on their way, by the records in which they were sent.
    under_way: BTreeMap<u64, Vec<String>>,
    /// For each message with replies that answer something, the message with the first command that they answer.
    answers: BTreeMap<u64, u64>,
}

impl Phases {
    pub(super) fn new() -> Self {
        Phases {
            phases: Vec::new(),
            open: BTreeMap::new(),
            dialogues: BTreeMap::new(),
            now: PhaseKind::Start,
            under_way: BTreeMap::new(),
            answers: BTreeMap::new(),
        }
    }

    /// All phases that were found; and for each message of a server that answers something, the message with what it answers.
    pub(super) fn finish(self) -> (Vec<Phase>, BTreeMap<u64, u64>) {
        (self.phases, self.answers)
    }

    /// Takes a record with a message that is sent: what it belongs to, who of a dialogue says it, and what. Returns the place
    /// of its phase.
    pub(super) fn sent(
        &mut self,
        record: u64,
        topic: Topic,
        speaker: Option<Speaker>,
        said: &[Said],
    ) -> usize {
        self.now = self.kind(record, topic, speaker, said);
        self.enter(self.now, record)
    }

    /// Takes a record of anything else. Returns the place of its phase.
    pub(super) fn other(&mut self, record: u64) -> usize {
        self.enter(self.now, record)
    }

    /// Takes note that the message that was sent in this record has arrived.
    pub(super) fn arrived(&mut self, topic: Topic, sent: u64) {
        let Some(lines) = self.under_way.remove(&sent) else { return };
        if let Topic::Dialogue { session, .. } = topic
            && let Some(dialogue) = self.dialogues.get_mut(&session)
        {
            lines.iter().for_each(|line| dialogue.outstanding.line(sent, line));
        }
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

    fn kind(&mut self, record: u64, topic: Topic, speaker: Option<Speaker>, said: &[Said]) -> PhaseKind {
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
            Topic::Dialogue { user, server, service, session, number } => {
                let session = Session { user, server, service, number: session, says: number };
                self.dialogue(record, session, speaker, said)
            }
            Topic::Data { from, to, ends } => PhaseKind::Data { from, to, ends },
        }
    }

    fn dialogue(
        &mut self,
        record: u64,
        session: Session,
        speaker: Option<Speaker>,
        said: &[Said],
    ) -> PhaseKind {
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
                (Lens::Ftp, Some(Speaker::User)) if is_ftp => {
                    self.under_way.entry(record).or_default().push(what.to_owned());
                    Some(self.command(session, what))
                }
                (Lens::Ftp, Some(Speaker::Server)) if is_ftp => Some(self.reply(record, session, what)),
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
            outstanding: Outstanding::default(),
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
        let user = session.user;
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
                let data_socket = dialogue.data_socket;
                // What flows from now on is of this transfer, unless it is one too many.
                if !std::mem::replace(&mut dialogue.transfers, true) {
                    self.forget(|kind| session.has_data(data_socket, kind));
                }
                PhaseKind::Transfer { user, is_third_party, errand }
            }
            Some(CommandName::Bye) => PhaseKind::Close { user, errand },
            _ => session.dialogue(),
        }
    }

    /// A line of a server.
    fn reply(&mut self, record: u64, session: Session, line: &str) -> PhaseKind {
        let user = session.user;
        let dialogue = self.of(session);
        let errand = dialogue.errand;
        let code = reply_code(line);
        if let Some(socket) = code.and_then(|code| Reply::new(code, line.get(4..)?).data_socket()) {
            dialogue.data_socket = Some(socket);
        }
        let answer = code.and_then(|code| dialogue.outstanding.reply(code));
        let (before, transfers, data_socket) = (dialogue.phase, dialogue.transfers, dialogue.data_socket);
        if let Some(Answer { command, ends_transfer, .. }) = answer {
            dialogue.transfers &= !ends_transfer;
            self.answers.entry(record).or_insert(command);
        }
        match (code, answer) {
            // It may be said while a transfer goes on: that is not its end.
            (Some(ReplyCode::LOGGED_OUT | ReplyCode::LOGOUT_NOTED), _) => PhaseKind::Close { user, errand },
            (Some(ReplyCode::TRANSFER_STARTED | ReplyCode::DATA_SOCKET), _) if transfers => {
                let data = self.open.keys().copied().find(|kind| session.has_data(data_socket, *kind));
                data.or(before).unwrap_or(session.login())
            }
            (_, Some(Answer { ends_transfer: true, .. })) => PhaseKind::Outcome { user, errand },
            // What else is asked meanwhile is asked beside the transfer.
            (_, Some(Answer { name, .. })) if transfers && !name.is_some_and(is_transfer) => {
                session.dialogue()
            }
            _ => match before {
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
        let Session { user, server, service, number, .. } = self;
        PhaseKind::Contact { user, server, service, session: number }
    }

    fn login(self) -> PhaseKind {
        PhaseKind::Login { user: self.user, server: self.server, session: self.number }
    }

    fn dialogue(self) -> PhaseKind {
        let Session { user, server, service, number, .. } = self;
        PhaseKind::Dialogue { user, server, service, session: number }
    }

    /// Whether a connection is for data of this session: from or to one of the sockets that the server has for it, or the
    /// one that it has said.
    fn has_data(self, data_socket: Option<Socket>, kind: PhaseKind) -> bool {
        let PhaseKind::Data { from, to, ends } = kind else { return false };
        let is_its = |socket: Socket| {
            let block = self.says.number()..self.says.number().saturating_add(Lease::BLOCK);
            block.contains(&socket.number()) || data_socket == Some(socket)
        };
        (from == self.server && ends.is_none_or(|(sends, _)| is_its(sends)))
            || (to == self.server && ends.is_none_or(|(_, receives)| is_its(receives)))
    }
}
