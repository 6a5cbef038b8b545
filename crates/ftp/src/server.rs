//! The server's side of a dialogue: a state machine without I/O.

mod actions;
mod route;
mod state;
mod status;

use std::{collections::VecDeque, mem};

use machine::Instant;
use ncp::{ByteSize, ForeignSocket, Gender, Socket};

pub use actions::{Action, Connect, Description, Failure, Transfer, Verb};
use route::Routes;
use state::{Login, Progress, Question, Stage};

use crate::{Command, CommandName, Edition, Mode, Parameters, Reply, ReplyCode, Structure, Type};

/// How many wrong passwords end a dialogue (the 430 reply of RFC 354, IV.B; the number is ours). A right one in
/// between does not reset the count: a user with one account could guess at all others for ever.
const TRIES: u8 = 3;

/// The server's side of one dialogue.
///
/// The program hands over each line with [`command`](ServerSession::command), which is told the time as a
/// [`Machine`](machine::Machine) is, and reports what became of the actions; after every such call it carries out what
/// [`poll`](ServerSession::poll) hands out, until `None`. It answers [`Action::CheckPassword`], [`Action::AllocateSocket`], [`Action::Delete`] and
/// [`Action::Describe`] before it hands over the next line.
///
/// The session implements what RFC 385, 2 requires of every server, and APPE, DELE, LIST, NLST, ALLO, ABOR,
/// STAT, HELP and NOOP: files, and lists of files, are transferred in ASCII, 8 bits, stream, without records.
/// Everything else is answered 506.
///
/// Each direction has its own arrangement for the data connection, described at [`Connect`]. What SOCK and
/// LSTN arrange serves until a data connection has been opened with it: a transfer that fails before that,
/// for want of the file for instance, leaves it as it was. After that a listening socket is spent and the
/// default is back, since RFC 438, b gives its connection the duration of any other, which in stream mode
/// ends with the file. A partner named with SOCK stays, as every parameter does (RFC 354, IV.A.2), but the
/// socket promised for it is spent, and the next transfer has one of its own, told in its own 255 reply.
#[derive(Debug)]
pub struct ServerSession {
    edition: Edition,
    stage: Stage,
    login: Login,
    tries: u8,
    parameters: Parameters,
    routes: Routes,
    /// What ALLO has said of the next transfer.
    announced: u64,
    question: Option<Question>,
    progress: Progress,
    actions: VecDeque<Action>,
}

impl ServerSession {
    /// A dialogue with the user who did the initial connection protocol from `user`: the socket U of RFC 354,
    /// IV.A.2, from which the default data sockets are counted.
    pub fn new(edition: Edition, user: ForeignSocket) -> Self {
        ServerSession {
            edition,
            stage: Stage::Open,
            login: Login::Out,
            tries: 0,
            parameters: Parameters::default(),
            routes: Routes::new(user),
            announced: 0,
            question: None,
            progress: Progress::Idle,
            actions: VecDeque::new(),
        }
    }

    /// Greets the user with the site's name, printing ASCII.
    pub fn greet(&mut self, site: &str) {
        self.reply(ReplyCode::GREETING, format!("{site} file transfer server, go ahead"));
    }

    /// What to do next, or `None` if everything that came of the last input has been handed out.
    pub fn poll(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// What the session remembers, as rows of a name and a value: what STAT would answer, for whoever looks at the server's
    /// host. A password is never among it.
    pub fn rows(&self) -> Vec<(&'static str, String)> {
        status::rows(&self.login, self.parameters, &self.routes, &self.progress)
    }

    /// Takes a line from the user, without its CR LF. `now` is the time on the server's clock.
    pub fn command(&mut self, now: Instant, line: &str) {
        let parsed = Command::parse(line, self.edition);
        match (self.stage, parsed) {
            // After the goodbye no line is obeyed.
            (Stage::Over, _) => {}
            // What is no command is refused, whatever the state.
            (Stage::Open | Stage::Leaving, Err(error)) => {
                self.actions.push_back(Action::Reply((&error).into()));
            }
            // A program that breaks the contract does not break the dialogue.
            (Stage::Open | Stage::Leaving, Ok(_)) if self.question.is_some() => {
                self.reply(ReplyCode::NOT_NOW, "the command before is still at work");
            }
            // After BYE a new user may take over, and nothing else is accepted (RFC 354, IV.A.3).
            (Stage::Leaving, Ok(Command::User(name))) => {
                self.stage = Stage::Open;
                self.user(name);
            }
            (Stage::Leaving, Ok(_)) => self.reply(ReplyCode::NOT_NOW, "you are logging out"),
            (Stage::Open, Ok(command)) => self.obey(now, command),
        }
    }

    /// Takes note of a line that was too long to be kept.
    pub fn line_too_long(&mut self) {
        match self.stage {
            Stage::Open | Stage::Leaving => self.reply(ReplyCode::UNRECOGNIZED, "that line is too long"),
            Stage::Over => {}
        }
    }

    /// Takes note that the Telnet connections have closed without a BYE: an abort and a logout (RFC 354,
    /// IV.A.3; RFC 454, IV.A.1).
    pub fn closed(&mut self) {
        if let Stage::Open | Stage::Leaving = self.stage {
            self.let_go();
        }
    }

    /// Ends the dialogue for a reason of the server's own, which is its last word: 401, 430, 434, 435 or 436 (RFC 354, IV.B).
    pub fn dismiss(&mut self, code: ReplyCode, why: &str) {
        match self.stage {
            Stage::Open | Stage::Leaving => {
                self.reply(code, why);
                self.hang_up();
            }
            Stage::Over => {}
        }
    }

    /// Answers [`Action::CheckPassword`].
    pub fn logged_in(&mut self, valid: bool) {
        let user = match self.question.take() {
            Some(Question::Password { user }) => user,
            other => return self.question = other,
        };
        if valid {
            self.reply(ReplyCode::LOGGED_IN, format!("{} is logged in", user.escape_default()));
            self.login = Login::In(user);
            return;
        }
        self.tries += 1;
        if self.tries < TRIES {
            self.reply(ReplyCode::LOGIN_FAILED, "user or password wrong");
        } else {
            self.reply(ReplyCode::TOO_MANY_TRIES, "too many tries, goodbye");
            self.hang_up();
        }
    }

    /// Answers [`Action::AllocateSocket`] with a socket of the gender asked for, or `None` if there is none.
    pub fn allocated(&mut self, socket: Option<Socket>) {
        let earlier = match (self.question.take(), socket) {
            (Some(Question::SocketToListen(gender)), Some(socket)) => self.routes.listen(gender, socket),
            (Some(Question::SocketFor(partner)), Some(socket)) => self.routes.name(partner, Some(socket)),
            // A refused command changes nothing.
            (Some(Question::SocketToListen(_) | Question::SocketFor(_)), None) => {
                return self.reply(ReplyCode::NOT_NOW, "no socket to be had for that");
            }
            // The socket is not wanted any more: the dialogue ended while the program was looking for one.
            (
                other @ (None | Some(Question::Password { .. } | Question::Deletion | Question::Description)),
                socket,
            ) => {
                self.question = other;
                return self.actions.extend(socket.map(Action::ReleaseSocket));
            }
        };
        self.actions.extend(earlier.map(Action::ReleaseSocket));
        self.actions.extend(socket.map(|socket| Action::Reply(Reply::of_data_socket(socket))));
    }

    /// Answers [`Action::Delete`] with the full name of the file that is deleted, printing ASCII.
    pub fn deleted(&mut self, result: Result<String, Failure>) {
        match self.question.take() {
            Some(Question::Deletion) => match result {
                Ok(path) => self.reply(ReplyCode::DELETED, format!("{path} is deleted")),
                Err(why) => self.reply(why.code(), why.text()),
            },
            other => self.question = other,
        }
    }

    /// Answers [`Action::Describe`].
    pub fn described(&mut self, result: Result<Description, Failure>) {
        match self.question.take() {
            Some(Question::Description) => match result {
                Ok(description) => self.finish(status::of_files(description)),
                Err(why) => self.reply(why.code(), why.text()),
            },
            other => self.question = other,
        }
    }

    /// Takes note that the data connection of the transfer is open, and which socket is its end here.
    pub fn transfer_started(&mut self, local: Socket) {
        let (verb, connect) = match mem::replace(&mut self.progress, Progress::Idle) {
            Progress::Starting { verb, connect } => (verb, connect),
            other => return self.progress = other,
        };
        let promised = connect.promised();
        if promised.is_none() {
            // RFC 354, III.A: the user learns the socket before the transfer is confirmed.
            self.actions.push_back(Action::Reply(Reply::of_data_socket(local)));
        }
        self.routes.spend(verb.gender());
        self.progress = Progress::Moving { verb, promised };
        self.reply(ReplyCode::TRANSFER_STARTED, "transfer started");
    }

    /// Takes note that the whole file has been sent, or received and stored: so many bytes of 8 bits over the data
    /// connection.
    pub fn transfer_done(&mut self, bytes: u64) {
        self.transfer_over(Reply::of_transfer(bytes));
    }

    /// Takes note that the transfer failed, before or after it had started.
    pub fn transfer_failed(&mut self, why: Failure) {
        self.transfer_over(Reply::new(why.code(), why.text()));
    }

    /// A report about a transfer that has been aborted meanwhile changes nothing.
    fn transfer_over(&mut self, reply: Reply) {
        let promised = match mem::replace(&mut self.progress, Progress::Idle) {
            Progress::Idle => return,
            // The sockets of a transfer that never started wait for the next one.
            Progress::Starting { .. } => None,
            Progress::Moving { promised, .. } => promised,
        };
        self.actions.push_back(Action::Reply(reply));
        self.actions.extend(promised.map(Action::ReleaseSocket));
        if let Stage::Leaving = self.stage {
            self.hang_up();
        }
    }

    fn reply(&mut self, code: ReplyCode, text: impl Into<String>) {
        self.actions.push_back(Action::Reply(Reply::new(code, text)));
    }

    /// Parameters that every server has are accepted also by name (RFC 414, 6); others change nothing.
    fn parameter(&mut self, supported: bool, what: &str) {
        if supported {
            self.reply(ReplyCode::OK, what);
        } else {
            self.reply(ReplyCode::NOT_IMPLEMENTED, format!("{what} is not implemented here"));
        }
    }

    fn not_implemented(&mut self, name: CommandName) {
        self.reply(ReplyCode::NOT_IMPLEMENTED, format!("{name} is not implemented here"));
    }

    /// Whether the user is logged in; if not, says so. The answer is 504: what is asked for is possible, but
    /// not yet. (RFC 354, V.C gives these commands none of the log-on replies.)
    fn admitted(&mut self) -> bool {
        let admitted = matches!(self.login, Login::In(_));
        if !admitted {
            self.reply(ReplyCode::NOT_NOW, "log in first");
        }
        admitted
    }

    fn obey(&mut self, _now: Instant, command: Command) {
        // A password must follow its user at once (RFC 354, IV.A.1).
        if matches!(self.login, Login::Named(_)) && !matches!(command, Command::Pass(_)) {
            self.login = Login::Out;
        }
        match command {
            // A user may be named at any time; the parameters stay (RFC 454, IV.A.1).
            Command::User(name) => self.user(name),
            // A password belongs to the user named before it.
            Command::Pass(password) => match mem::replace(&mut self.login, Login::Out) {
                Login::Named(user) => {
                    self.question = Some(Question::Password { user: user.clone() });
                    self.actions.push_back(Action::CheckPassword { user, password });
                }
                login => {
                    self.login = login;
                    self.reply(ReplyCode::CONFLICT, "name a user first");
                }
            },
            // Accounts are not kept here, so that any will do.
            Command::Acct(_) => {
                if self.admitted() {
                    self.reply(ReplyCode::LOGGED_IN, "no account is needed here");
                }
            }
            Command::Type(kind) => {
                if kind == Type::Ascii {
                    self.parameters.set_type(kind);
                }
                self.parameter(kind == Type::Ascii, &format!("type {kind}"));
            }
            Command::Byte(size) => self.parameter(size == ByteSize::EIGHT, &format!("byte size {size}")),
            Command::Mode(mode) => self.parameter(mode == Mode::Stream, &format!("mode {mode}")),
            Command::Stru(stru) => self.parameter(stru == Structure::File, &format!("structure {stru}")),
            Command::Sock(named) => self.sock(self.routes.foreign(named)),
            Command::Lstn(gender) => self.lstn(gender),
            Command::Retr(path) => self.transfer(Verb::Retrieve(path)),
            Command::Stor(path) => self.transfer(Verb::Store(path)),
            Command::Appe(path) => self.transfer(Verb::Append(path)),
            // The type is ASCII, as lists want it (RFC 385, 11; RFC 414, 7): there is no other here.
            Command::List(path) => self.transfer(Verb::List(path)),
            Command::Nlst(path) => self.transfer(Verb::Names(path)),
            Command::Dele(path) => {
                if self.admitted() {
                    self.question = Some(Question::Deletion);
                    self.actions.push_back(Action::Delete(path));
                }
            }
            // Nothing needs to be reserved here, and then ALLO does nothing (RFC 354, IV.A.3), but to tell whether the
            // store that follows may be one of nothing.
            Command::Allo(bytes) => {
                self.announced = bytes;
                self.reply(ReplyCode::OK, "there is no need to reserve storage here");
            }
            Command::Abor => self.abort(),
            Command::Bye => self.bye(),
            Command::Stat(path) => self.status(path),
            Command::Help(_) => self.finish(status::help(self.edition)),
            Command::Noop => self.reply(ReplyCode::OK, "at your service"),
            Command::Pasv
            | Command::Rein
            | Command::Form(_)
            | Command::Quot
            | Command::Nquo
            | Command::Site(_)
            | Command::Xcwd(_)
            | Command::Rnfr(_)
            | Command::Rnto(_)
            | Command::Rest(_)
            | Command::Mlfl(_)
            | Command::Mail(_) => self.not_implemented(command.name()),
        }
    }

    /// STAT. Between transfers it may ask for files; during one it is for the transfer, whatever it asks for
    /// (RFC 414, 4; RFC 454, IV.A.3).
    fn status(&mut self, path: Option<String>) {
        match (path, &self.progress) {
            (Some(path), Progress::Idle) => {
                if self.admitted() {
                    self.question = Some(Question::Description);
                    self.actions.push_back(Action::Describe(path));
                }
            }
            (None, Progress::Idle) | (_, Progress::Starting { .. } | Progress::Moving { .. }) => {
                let status = status::of_server(&self.login, self.parameters, &self.routes, &self.progress);
                self.finish(status);
            }
        }
    }

    /// Sends an answer of several lines, and the 200 that ends it (RFC 414, 2).
    fn finish(&mut self, answer: Reply) {
        self.actions.push_back(Action::Reply(answer));
        self.reply(ReplyCode::OK, "that is all");
    }

    fn user(&mut self, name: String) {
        self.login = Login::Named(name);
        self.reply(ReplyCode::PASSWORD_WANTED, "password, please");
    }

    fn sock(&mut self, partner: ForeignSocket) {
        if !self.admitted() {
            return;
        }
        let gender = route::opposite(partner.socket.gender());
        if self.busy(gender) {
            return;
        }
        match self.edition {
            // The 255 reply comes with the transfer.
            Edition::Rfc354 | Edition::Rfc454 | Edition::Rfc478 | Edition::Rfc542 => {
                // RFC 454 has LSTN, too, and leaves SOCK as it was.
                if self.routes.accept_only(partner).is_some() {
                    return self.reply(ReplyCode::OK, format!("only {partner} is let in"));
                }
                let earlier = self.routes.name(partner, None);
                self.actions.extend(earlier.map(Action::ReleaseSocket));
                self.reply(ReplyCode::OK, format!("data socket {partner}"));
            }
            Edition::Rfc438 => {
                if let Some(local) = self.routes.accept_only(partner) {
                    // After LSTN: whose request is acceptable (RFC 438, d.2).
                    self.actions.push_back(Action::Reply(Reply::of_data_socket(local)));
                } else if self.routes.listens(partner.socket.gender()) {
                    // After LSTN too, but two sockets of one gender can never be connected. To take it for
                    // the other direction would leave the listening socket open to everyone, unnoticed.
                    let text = format!("a {gender} socket is wanted for the one that listens");
                    self.reply(ReplyCode::SYNTAX, text);
                } else {
                    // The 255 reply may not wait for the transfer (RFC 438, d.1), so neither may the socket.
                    self.question = Some(Question::SocketFor(partner));
                    self.actions.push_back(Action::AllocateSocket(gender));
                }
            }
        }
    }

    fn lstn(&mut self, gender: Gender) {
        if self.admitted() && !self.busy(gender) {
            self.question = Some(Question::SocketToListen(gender));
            self.actions.push_back(Action::AllocateSocket(gender));
        }
    }

    /// Whether a transfer is using the data socket of that gender; if so, says so.
    fn busy(&mut self, gender: Gender) -> bool {
        let busy = self.progress.gender() == Some(gender);
        if busy {
            self.reply(ReplyCode::NOT_NOW, "a transfer is using that data socket");
        }
        busy
    }

    fn transfer(&mut self, verb: Verb) {
        if !self.admitted() {
            return;
        }
        if let Progress::Starting { .. } | Progress::Moving { .. } = self.progress {
            return self.reply(ReplyCode::NOT_NOW, "a transfer is in progress");
        }
        let connect = self.routes.connect(verb.gender());
        self.progress = Progress::Starting { verb: verb.clone(), connect };
        let (parameters, announced) = (self.parameters, mem::take(&mut self.announced));
        self.actions.push_back(Action::Transfer(Transfer { verb, connect, parameters, announced }));
    }

    fn abort(&mut self) {
        if self.stop_transfer() {
            self.reply(ReplyCode::ABORTED, "the transfer is stopped");
        } else {
            self.reply(ReplyCode::NOTHING_TO_ABORT, "there is nothing to stop");
        }
    }

    /// Stops the transfer if there is one, and says whether there was.
    fn stop_transfer(&mut self) -> bool {
        let promised = match mem::replace(&mut self.progress, Progress::Idle) {
            Progress::Idle => return false,
            Progress::Starting { .. } => None,
            Progress::Moving { promised, .. } => promised,
        };
        self.actions.push_back(Action::AbortTransfer);
        self.actions.extend(promised.map(Action::ReleaseSocket));
        true
    }

    fn bye(&mut self) {
        self.login = Login::Out;
        match self.progress {
            Progress::Idle => {
                self.reply(ReplyCode::LOGGED_OUT, "goodbye");
                self.hang_up();
            }
            Progress::Starting { .. } | Progress::Moving { .. } => {
                self.stage = Stage::Leaving;
                self.reply(ReplyCode::LOGOUT_NOTED, "goodbye when the transfer is over");
            }
        }
    }

    fn hang_up(&mut self) {
        self.let_go();
        self.actions.push_back(Action::Bye);
    }

    fn let_go(&mut self) {
        self.stage = Stage::Over;
        self.question = None;
        self.stop_transfer();
        self.actions.extend(self.routes.clear().map(Action::ReleaseSocket));
    }
}

#[cfg(test)]
mod tests;
