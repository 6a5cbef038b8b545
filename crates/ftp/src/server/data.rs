//! The data connections of a dialogue: what was arranged for them, and the transfers that use them.

use ncp::{ForeignSocket, Gender, Socket};

use super::actions::{Action, Connect, Failure, Transfer, Verb};
use super::codes::{self, When};
use super::outbox::Outbox;
use super::route::{self, Routes};
use super::state::{Progress, Question, Work, Works};
use crate::{CommandName, Edition, Parameters, Reply, ReplyCode, Type};

/// Which sockets of third hosts a server asks for a data connection when a user names them with SOCK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// None that belongs to a service (RFC 433): a user who names one has the server knock at another server's door, in the name
    /// of a host that has not called. No document asks for this care, and none forbids it.
    #[default]
    NoServices,
    /// Any socket, as the documents have it.
    Anything,
}

/// The side of a session that deals with data connections.
#[derive(Debug)]
pub(super) struct Data {
    edition: Edition,
    reach: Reach,
    parameters: Parameters,
    routes: Routes,
    works: Works,
    /// What ALLO has said of the next transfer.
    announced: u64,
}

impl Data {
    pub(super) fn new(edition: Edition, user: ForeignSocket, server: Socket) -> Self {
        Data {
            edition,
            reach: Reach::default(),
            parameters: Parameters::default(),
            routes: Routes::new(edition, user, server),
            works: Works::default(),
            announced: 0,
        }
    }

    pub(super) fn set_reach(&mut self, reach: Reach) {
        self.reach = reach;
    }

    pub(super) fn parameters(&self) -> Parameters {
        self.parameters
    }

    pub(super) fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.parameters
    }

    pub(super) fn routes(&self) -> &Routes {
        &self.routes
    }

    pub(super) fn works(&self) -> &Works {
        &self.works
    }

    /// ALLO. A server that need not know how long a file will be does nothing (RFC 354, IV.A.3). Here the store that follows has
    /// its room from the beginning, and may not be one of nothing; and what cannot be kept is not promised. Of one who is not
    /// logged in nobody knows what room he has.
    pub(super) fn allo(&mut self, bytes: u64, is_in: bool, out: &mut Outbox) -> Option<Question> {
        if is_in {
            out.put(Action::CheckRoom);
            return Some(Question::Room(bytes));
        }
        self.announced = bytes;
        out.reply(ReplyCode::OK, "there is no need to reserve storage here");
        None
    }

    /// There is room for so many bytes, after ALLO has asked for some.
    pub(super) fn room(&mut self, bytes: u64, left: u64, out: &mut Outbox) {
        if bytes <= left {
            self.announced = bytes;
            out.reply(ReplyCode::OK, format!("there is room for {bytes} bytes"));
        } else {
            let code = codes::of_failure(&Failure::NoStorage, self.edition, CommandName::Allo, When::AtOnce);
            out.reply(code, format!("there is room for {left} bytes, and not for {bytes}"));
        }
    }

    /// SOCK. Without a socket, both directions are as they were at first: the null string stands for the default (RFC 354, V.B).
    pub(super) fn sock(&mut self, named: Option<crate::NamedSocket>, out: &mut Outbox) -> Option<Question> {
        let Some(named) = named else {
            if !self.busy(Gender::Send, out) && !self.busy(Gender::Receive, out) {
                self.forget(out);
                out.reply(ReplyCode::OK, "the default data sockets");
            }
            return None;
        };
        let partner = self.routes.foreign(named);
        let gender = route::opposite(partner.socket.gender());
        if self.busy(gender, out) {
            return None;
        }
        if self.reach == Reach::NoServices
            && partner.host != self.routes.user_host()
            && partner.socket.is_well_known()
        {
            let text = format!("socket {} of another host than yours is a service's", partner.socket);
            out.reply(ReplyCode::NOT_NOW, text);
            return None;
        }
        let other = route::opposite(gender);
        if let Some(local) = self.routes.accept_only(partner) {
            // After LSTN: whose request is acceptable (RFC 438, d.2).
            out.put(Action::Reply(match self.edition {
                Edition::Rfc438 => Reply::of_data_socket(local),
                _ => Reply::new(ReplyCode::OK, format!("data socket {partner}")),
            }));
            return None;
        }
        if self.routes.listens_for_anyone(other) {
            // After LSTN too, but two sockets of one gender can never be connected. To take it for
            // the other direction would leave the listening socket open to everyone, unnoticed.
            let text = format!("LSTN {} wants a {gender} socket; SOCK alone undoes it", letter(other));
            out.reply(ReplyCode::CONFLICT, text);
            return None;
        }
        if let Edition::Rfc438 = self.edition {
            // The 255 reply may not wait for the transfer (RFC 438, d.1), so neither may the socket.
            out.put(Action::AllocateSocket(gender));
            return Some(Question::SocketFor(partner));
        }
        // The 255 reply comes with the transfer.
        let earlier = self.routes.name(partner, None);
        out.release(earlier);
        if self.routes.is_passive() {
            out.put(Action::Listen(self.free_listeners()));
        }
        out.reply(ReplyCode::OK, format!("data socket {partner}"));
        None
    }

    /// LSTN.
    pub(super) fn lstn(&mut self, gender: Gender, out: &mut Outbox) -> Option<Question> {
        if self.busy(gender, out) {
            return None;
        }
        out.put(Action::AllocateSocket(gender));
        Some(Question::SocketToListen(gender))
    }

    /// PASV: the server listens at once, so that both transfer commands may come in either order (RFC 478, note 1).
    pub(super) fn pasv(&mut self, out: &mut Outbox) -> Option<Question> {
        if self.busy(Gender::Send, out) || self.busy(Gender::Receive, out) {
            return None;
        }
        out.put(Action::Listen(self.routes.be_passive()));
        Some(Question::Passive)
    }

    /// Whether the program listens, after a PASV.
    pub(super) fn listens(&mut self, well: bool, out: &mut Outbox) {
        if well {
            out.reply(ReplyCode::OK, "listening on both data sockets");
        } else {
            self.undo_passive(out);
            out.reply(ReplyCode::NOT_NOW, "no socket to be had for that");
        }
    }

    /// A socket was set aside for LSTN.
    pub(super) fn listen(&mut self, gender: Gender, local: Socket, out: &mut Outbox) {
        let earlier = self.routes.listen(gender, local);
        out.release(earlier);
        out.put(Action::Reply(Reply::of_data_socket(local)));
    }

    /// A socket was set aside for SOCK.
    pub(super) fn name(&mut self, partner: ForeignSocket, local: Socket, out: &mut Outbox) {
        let earlier = self.routes.name(partner, Some(local));
        out.release(earlier);
        out.put(Action::Reply(Reply::of_data_socket(local)));
    }

    /// A command that transfers something.
    pub(super) fn transfer(&mut self, verb: Verb, out: &mut Outbox) {
        let gender = verb.gender();
        if self.works.uses(gender) {
            return out.reply(ReplyCode::NOT_NOW, "a transfer is in progress");
        }
        let other = route::opposite(gender);
        let is_of_files = !matches!(verb, Verb::List(_) | Verb::Names(_));
        if is_of_files && self.routes.is_default(gender) && self.routes.listens(other) {
            // Whoever was told of the listening socket waits for a file that goes the other way.
            let text = format!("LSTN {} is for the other direction; SOCK alone undoes it", letter(other));
            return out.reply(ReplyCode::CONFLICT, text);
        }
        let connect = self.routes.connect(gender);
        // What ALLO has promised is of a file that comes in.
        let announced = if gender == Gender::Receive { std::mem::take(&mut self.announced) } else { 0 };
        let work = Work { verb: verb.clone(), connect, progress: Progress::Starting, announced, held: None };
        *self.works.get_mut(gender) = Some(work);
        let mut parameters = self.parameters;
        if !is_of_files {
            // Lists are in ASCII, whatever was said for files (RFC 385, 11).
            parameters.set_type(Type::Ascii);
        }
        out.put(Action::Transfer(Transfer { verb, connect, parameters, announced }));
    }

    pub(super) fn started(&mut self, local: Socket, foreign: ForeignSocket, out: &mut Outbox) {
        // RFC 542, SOCK: the server's sockets are known.
        let is_told = self.routes.is_told(local.gender()) || self.edition == Edition::Rfc542;
        let are_two = self.works.uses(route::opposite(local.gender()));
        let Some(work) = self.works.get_mut(local.gender()) else { return };
        let Progress::Starting = work.progress else { return };
        work.progress = Progress::Moving { local, foreign, bytes: 0 };
        if !is_told {
            // RFC 354, III.A: the user learns the socket before the transfer is confirmed.
            out.put(Action::Reply(Reply::of_data_socket(local)));
        }
        out.put(Action::Reply(of_which(
            are_two,
            work,
            Reply::new(ReplyCode::TRANSFER_STARTED, "transfer started"),
        )));
    }

    pub(super) fn moved(&mut self, gender: Gender, so_far: u64) {
        if let Some(Work { progress: Progress::Moving { bytes, .. }, .. }) = self.works.get_mut(gender) {
            *bytes = so_far;
        }
    }

    /// A transfer is over: all is well.
    pub(super) fn done(&mut self, gender: Gender, bytes: u64, out: &mut Outbox) {
        if let Some(work) = self.works.get_mut(gender).take() {
            let reply = of_which(!self.works.are_none(), &work, Reply::of_transfer(bytes));
            out.put(Action::Reply(match self.edition {
                // It has closed already: the user may listen anew (RFC 542, Sequencing of Commands and Replies).
                Edition::Rfc542 => reply.coded(ReplyCode::DATA_CLOSING),
                _ => reply,
            }));
            out.release(work.held);
            self.listen_again(out);
        }
    }

    /// A transfer is over, and has failed. A report about one that has been aborted meanwhile changes nothing.
    pub(super) fn failed(&mut self, gender: Gender, why: &Failure, out: &mut Outbox) {
        let Some(work) = self.works.get_mut(gender).take() else { return };
        self.give_back(&work);
        let when = match work.progress {
            Progress::Starting => When::AtOnce,
            Progress::Moving { .. } => When::Midway,
        };
        let code = codes::of_failure(why, self.edition, work.verb.command(), when);
        let mut text = why.text(Some(&work.connect)).into_owned();
        // A socket for which nobody comes is not kept.
        let is_deserted = when == When::AtOnce
            && matches!(why, Failure::CannotConnect(_))
            && matches!(work.connect, Connect::Listen { .. });
        let deserted = if is_deserted { self.routes.undo_listening(gender) } else { None };
        if deserted.is_some() {
            text += ", and LSTN is undone";
        } else if is_deserted && self.undo_passive(out) {
            text += ", and PASV is undone";
        }
        out.put(Action::Reply(of_which(!self.works.are_none(), &work, Reply::new(code, text))));
        out.release(work.held.into_iter().chain(deserted));
        self.listen_again(out);
    }

    /// ABOR: stops all transfers that are under way, and undoes LSTN and PASV. The documents have it stop the command before it
    /// (RFC 354, IV.A.3), and the data connection close, be it which it may (III.A): it has no argument that could say which of
    /// two, and 201 says that nothing goes on any more. What was begun before another USER came is stopped, too: it belongs to the
    /// same Telnet connections, whose end would stop it as well.
    pub(super) fn abort(&mut self, out: &mut Outbox) {
        let stopped = self.stop(out);
        let undone = [Gender::Receive, Gender::Send].map(|gender| self.routes.undo_listening(gender));
        let undone = undone.into_iter().flatten().fold(false, |_, socket| {
            out.release([socket]);
            true
        });
        let undone = match (undone, self.undo_passive(out)) {
            (true, _) => ", and LSTN is undone",
            (false, true) => ", and PASV is undone",
            (false, false) => "",
        };
        match stopped {
            0 => out.reply(ReplyCode::NOTHING_TO_ABORT, format!("there is nothing to stop{undone}")),
            1 => out.reply(ReplyCode::ABORTED, format!("the transfer is stopped{undone}")),
            _ => out.reply(ReplyCode::ABORTED, format!("both transfers are stopped{undone}")),
        }
    }

    /// Stops all transfers, and says how many there were.
    fn stop(&mut self, out: &mut Outbox) -> usize {
        let mut stopped = 0;
        for gender in [Gender::Send, Gender::Receive] {
            if let Some(work) = self.works.get_mut(gender).take() {
                self.give_back(&work);
                out.put(Action::AbortTransfer(gender));
                out.release(work.held);
                stopped += 1;
            }
        }
        stopped
    }

    /// What ALLO has said holds for the next transfer, if this one has not begun and nothing else was said.
    fn give_back(&mut self, work: &Work) {
        if matches!(work.progress, Progress::Starting) && self.announced == 0 {
            self.announced = work.announced;
        }
    }

    /// REIN: everything is as it was at first, but what a transfer still needs (RFC 454, IV.A.1).
    pub(super) fn reinitialize(&mut self, out: &mut Outbox) {
        self.parameters = Parameters::default();
        self.announced = 0;
        for gender in [Gender::Send, Gender::Receive] {
            let promised = self.routes.forget(gender);
            match self.works.get_mut(gender) {
                Some(work) => {
                    work.held = promised.or(work.held);
                    work.announced = 0;
                }
                None => out.release(promised),
            }
        }
        self.undo_passive(out);
    }

    /// The dialogue is over: nothing is kept.
    pub(super) fn let_go(&mut self, out: &mut Outbox) {
        self.stop(out);
        self.forget(out);
    }

    fn forget(&mut self, out: &mut Outbox) {
        let promised = [Gender::Send, Gender::Receive].map(|gender| self.routes.forget(gender));
        out.release(promised.into_iter().flatten());
        self.undo_passive(out);
    }

    /// Undoes a PASV, and says whether there was one.
    fn undo_passive(&mut self, out: &mut Outbox) -> bool {
        let was_passive = self.routes.undo_passive();
        if was_passive {
            out.put(Action::Listen(Vec::new()));
        }
        was_passive
    }

    /// PASV holds, as every parameter of transfers does (RFC 542, Transfer Parameter Commands), and who is told to ask for the
    /// next transfer may do so before its command arrives here.
    fn listen_again(&self, out: &mut Outbox) {
        if self.routes.is_passive() {
            out.put(Action::Listen(self.free_listeners()));
        }
    }

    /// Where to listen, as far as no transfer is at work there.
    fn free_listeners(&self) -> Vec<Connect> {
        let mut listeners = self.routes.listeners();
        listeners.retain(|listener| match listener {
            Connect::Listen { local, .. } => !self.works.uses(local.gender()),
            Connect::Init { .. } => false,
        });
        listeners
    }

    /// Whether a transfer is using the data socket of that gender; if so, says so.
    fn busy(&mut self, gender: Gender, out: &mut Outbox) -> bool {
        let busy = self.works.uses(gender);
        if busy {
            out.reply(ReplyCode::NOT_NOW, "a transfer is using that data socket");
        }
        busy
    }
}

/// A reply about a transfer; as long as there are two, it says which it is of.
fn of_which(are_two: bool, work: &Work, reply: Reply) -> Reply {
    if are_two { reply.about(&work.verb.as_sent()) } else { reply }
}

/// How LSTN names a direction.
const fn letter(gender: Gender) -> char {
    match gender {
        Gender::Send => 'S',
        Gender::Receive => 'R',
    }
}
