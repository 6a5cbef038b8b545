//! The server's side of a dialogue: a state machine without I/O.

mod access;
mod actions;
mod codes;
mod data;
mod outbox;
mod room;
mod route;
mod state;
mod status;
mod values;

use machine::{Instant, Span};
use ncp::{ForeignSocket, Gender, Socket};

pub use actions::{Action, Admission, Connect, Description, Failure, NoConnection, Transfer, Verb};
pub use data::Reach;

use access::Access;
use codes::When;
use data::Data;
use outbox::Outbox;
use state::{Question, Stage};

use crate::{Command, CommandName, Edition, Reply, ReplyCode};

/// The server's side of one dialogue.
///
/// The program hands over each line with [`command`](ServerSession::command), which is told the time as a
/// [`Machine`](machine::Machine) is, and reports what became of the actions; after every such call it carries out what
/// [`poll`](ServerSession::poll) hands out, until `None`. It answers [`Action::CheckPassword`], [`Action::CheckAccount`],
/// [`Action::AllocateSocket`], [`Action::Listen`], [`Action::CheckRoom`], [`Action::Delete`], [`Action::MayRename`], [`Action::Rename`] and [`Action::Describe`] before it hands
/// over the next line.
///
/// The session implements what RFC 385, 2 requires of every server, and APPE, DELE, RNFR and RNTO, LIST, NLST, ALLO, ABOR,
/// STAT, HELP and NOOP: files are transferred in ASCII or, byte for byte, as an image, lists of files in ASCII, in 8 bits,
/// stream, without records. What else its edition has is refused as that edition says.
///
/// Each direction has its own arrangement for the data connection, described at [`Connect`], and its own transfer: two may be
/// under way at a time (RFC 354, III.A). What SOCK and LSTN arrange stays, as every parameter does (RFC 354, IV.A.2): after a
/// LSTN the transfer commands that follow, and not only the first, use the socket that was allocated (RFC 438, d.2), and so does
/// what its SOCK says of whom to accept. In stream mode each has a connection of its own, since the end of one is the end of the
/// file (RFC 438, b: it lasts as long as any other). A LSTN is undone by ABOR, by a SOCK without a socket, and when nobody has come
/// (454); what SOCK had said before it is valid again then. PASV is undone by the same.
#[derive(Debug)]
pub struct ServerSession {
    edition: Edition,
    stage: Stage,
    access: Access,
    /// The file that RNFR has named, if RNTO is to follow.
    renaming: Option<String>,
    question: Option<Question>,
    data: Data,
    out: Outbox,
}

impl ServerSession {
    /// A dialogue with the user who did the initial connection protocol from `user`: the socket U of RFC 354, IV.A.2, from which
    /// the default data sockets are counted. `server` is the socket S that the user was told.
    pub fn new(edition: Edition, user: ForeignSocket, server: Socket) -> Self {
        ServerSession {
            edition,
            stage: Stage::Open,
            access: Access::new(),
            renaming: None,
            question: None,
            data: Data::new(edition, user, server),
            out: Outbox::default(),
        }
    }

    /// Sets which sockets of third hosts the server asks for a data connection.
    pub fn set_reach(&mut self, reach: Reach) {
        self.data.set_reach(reach);
    }

    /// Greets the user with the site's name, printing ASCII.
    pub fn greet(&mut self, site: &str) {
        self.out.reply(ReplyCode::GREETING, format!("{site} file transfer server, go ahead"));
    }

    /// What to do next, or `None` if everything that came of the last input has been handed out.
    pub fn poll(&mut self) -> Option<Action> {
        self.out.next()
    }

    /// What the session remembers, as rows of a name and a value: what STAT would answer, for whoever looks at the server's
    /// host. A password is never among it.
    pub fn rows(&self) -> Vec<(&'static str, String)> {
        status::rows(self.access.login(), &self.data)
    }

    /// Takes a line from the user, without its CR LF. `now` is the time on the server's clock.
    pub fn command(&mut self, _now: Instant, line: &str) {
        let parsed = Command::parse(line, self.edition);
        match (self.stage, parsed) {
            // After the goodbye no line is obeyed.
            (Stage::Over, _) => {}
            // What is no command is refused, whatever the state.
            (Stage::Open | Stage::Leaving | Stage::Reinitializing, Err(error)) => {
                self.interrupted();
                self.out.put(Action::Reply((&error).into()));
            }
            // A program that breaks the contract does not break the dialogue.
            (Stage::Open | Stage::Leaving | Stage::Reinitializing, Ok(_)) if self.question.is_some() => {
                self.out.reply(ReplyCode::NOT_NOW, "the command before is still at work");
            }
            // After REIN a user is expected.
            (Stage::Reinitializing, Ok(command @ Command::User(_))) => {
                self.stage = Stage::Open;
                self.obey(command);
            }
            // After BYE a new user may take over, and nothing else is accepted (RFC 354, IV.A.3). The goodbye holds until he has.
            (Stage::Leaving, Ok(command @ Command::User(_))) => self.obey(command),
            (Stage::Leaving, Ok(command)) if self.access.awaits(command.name()) => self.obey(command),
            (Stage::Leaving | Stage::Reinitializing, Ok(_)) => {
                self.access.gives_up();
                self.out.reply(ReplyCode::NOT_NOW, "you are logging out");
            }
            (Stage::Open, Ok(command)) => self.obey(command),
        }
        self.leave();
    }

    /// A password must follow its user at once (RFC 354, IV.A.1), and RNTO its RNFR (IV.A.3): another line has come.
    fn interrupted(&mut self) {
        self.access.interrupted();
        self.renaming = None;
    }

    /// Takes note of a line that was too long to be kept.
    pub fn line_too_long(&mut self) {
        self.refuse_line("that line is too long");
    }

    /// Takes note of a line that has bytes above 127 in it which are no signals: what it would say without them may be another
    /// file's name.
    pub fn line_not_ascii(&mut self) {
        self.refuse_line("there are characters in that line that are not ASCII");
    }

    /// Takes note that lines were thrown away because of an interrupt without its DATA MARK (RFC 318, SYNCH): whoever has typed
    /// them waits for an answer.
    pub fn lines_thrown_away(&mut self) {
        self.refuse_line(
            "what you typed after an interrupt was thrown away, for no DATA MARK came; type it again",
        );
    }

    fn refuse_line(&mut self, text: &str) {
        self.interrupted();
        self.say(ReplyCode::UNRECOGNIZED, text);
        self.leave();
    }

    /// Takes note that a line has begun, and has not ended for long (RFC 354, IV.B, 301).
    pub fn line_unfinished(&mut self) {
        self.say(ReplyCode::UNFINISHED, "your line has no end yet: CR and LF");
    }

    /// Takes note that the Telnet connections have closed without a BYE: an abort and a logout (RFC 354,
    /// IV.A.3; RFC 454, IV.A.1).
    pub fn closed(&mut self) {
        if !self.stage.is_over() {
            self.let_go();
        }
    }

    /// Hands on what the operator of the host says (010; RFC 354 has no code of its own for it).
    pub fn operator_says(&mut self, text: &str) {
        let own = ReplyCode::OPERATOR_NEWS;
        let code = if own.is_of(self.edition) { own } else { ReplyCode::NEWS };
        self.say(code, &format!("the operator says: {text}"));
    }

    /// Says that the service stops after so long.
    pub fn will_stop(&mut self, left: Span) {
        self.say(ReplyCode::AVAILABILITY, &format!("this service shuts down in {left}"));
    }

    /// Says something of which nobody has asked.
    fn say(&mut self, code: ReplyCode, text: &str) {
        if !self.stage.is_over() {
            self.out.reply(code, text);
        }
    }

    /// Ends the dialogue for a reason of the server's own, which is its last word: 401, 430, 434, 435 or 436 (RFC 354, IV.B).
    pub fn dismiss(&mut self, code: ReplyCode, why: &str) {
        if !self.stage.is_over() {
            self.out.reply(code, why);
            self.hang_up();
        }
    }

    /// Answers [`Action::CheckPassword`].
    pub fn logged_in(&mut self, admission: Admission) {
        match self.question.take() {
            Some(Question::Password { user }) => {
                let goes_on = self.access.checked(user, admission, &mut self.out);
                self.go_on(goes_on);
            }
            other => self.question = other,
        }
    }

    /// Answers [`Action::CheckAccount`].
    pub fn charged(&mut self, valid: bool) {
        match self.question.take() {
            Some(Question::Account) => {
                let goes_on = self.access.charged(valid, &mut self.out);
                self.go_on(goes_on);
            }
            other => self.question = other,
        }
    }

    /// What a user has said of himself was looked at.
    fn go_on(&mut self, goes_on: bool) {
        if !goes_on {
            return self.hang_up();
        }
        if self.access.is_in() {
            self.stage = Stage::Open;
        }
        self.leave();
    }

    /// Answers [`Action::AllocateSocket`] with a socket of the gender asked for, or `None` if there is none.
    pub fn allocated(&mut self, socket: Option<Socket>) {
        match (self.question.take(), socket) {
            (Some(Question::SocketToListen(gender)), Some(socket)) => {
                self.data.listen(gender, socket, &mut self.out);
            }
            (Some(Question::SocketFor(partner)), Some(socket)) => {
                self.data.name(partner, socket, &mut self.out);
            }
            // A refused command changes nothing.
            (Some(Question::SocketToListen(_) | Question::SocketFor(_)), None) => {
                self.out.reply(ReplyCode::NOT_NOW, "no socket to be had for that");
            }
            // The socket is not wanted any more: the dialogue ended while the program was looking for one.
            (other, socket) => {
                self.question = other;
                self.out.release(socket);
            }
        }
    }

    /// Answers [`Action::Listen`].
    pub fn listens(&mut self, well: bool) {
        match self.question.take() {
            Some(Question::Passive) => self.data.listens(well, &mut self.out),
            other => self.question = other,
        }
    }

    /// Answers [`Action::Delete`] with the full name of the file that is deleted, printing ASCII.
    pub fn deleted(&mut self, result: Result<String, Failure>) {
        match self.question.take() {
            Some(Question::Deletion) => match result {
                Ok(path) => self.out.reply(ReplyCode::DELETED, format!("{path} is deleted")),
                Err(why) => self.fail(&why, CommandName::Dele),
            },
            other => self.question = other,
        }
    }

    /// Answers [`Action::MayRename`] with the full name of the file, printing ASCII.
    pub fn may_rename(&mut self, result: Result<String, Failure>) {
        match self.question.take() {
            Some(Question::Renaming) => match result {
                Ok(path) => {
                    self.out.reply(ReplyCode::OK, format!("{path}: to what?"));
                    self.renaming = Some(path);
                }
                Err(why) => self.fail(&why, CommandName::Rnfr),
            },
            other => self.question = other,
        }
    }

    /// Answers [`Action::Rename`] with the full new name of the file, printing ASCII.
    pub fn renamed(&mut self, result: Result<String, Failure>) {
        match self.question.take() {
            Some(Question::NewName) => match result {
                Ok(path) => self.out.reply(ReplyCode::RENAMED, format!("the file is {path} now")),
                Err(why) => self.fail(&why, CommandName::Rnto),
            },
            other => self.question = other,
        }
    }

    /// Answers [`Action::Describe`].
    pub fn described(&mut self, result: Result<Description, Failure>) {
        match self.question.take() {
            Some(Question::Description) => match result {
                Ok(description) => self.finish(status::of_files(description)),
                Err(why) => self.fail(&why, CommandName::Stat),
            },
            other => self.question = other,
        }
    }

    /// Takes note that a data connection of a transfer is open: between which socket here, and which there.
    pub fn transfer_started(&mut self, local: Socket, foreign: ForeignSocket) {
        self.data.started(local, foreign, &mut self.out);
    }

    /// Takes note of how many bytes of 8 bits have passed so far over the server's data socket of this gender.
    pub fn transfer_moved(&mut self, gender: Gender, bytes: u64) {
        self.data.moved(gender, bytes);
    }

    /// Takes note that the whole file has been sent, or received and stored: so many bytes of 8 bits over the data
    /// connection.
    pub fn transfer_done(&mut self, gender: Gender, bytes: u64) {
        self.data.done(gender, bytes, &mut self.out);
        self.transfer_over();
    }

    /// Takes note that the transfer failed, before or after it had started.
    pub fn transfer_failed(&mut self, gender: Gender, why: Failure) {
        self.data.failed(gender, &why, &mut self.out);
        self.transfer_over();
    }

    fn transfer_over(&mut self) {
        if matches!(self.stage, Stage::Reinitializing) && self.data.works().are_none() {
            self.stage = Stage::Open;
            self.out.reply(ReplyCode::GREETING, "go ahead");
        }
        self.leave();
    }

    /// Hangs up after a BYE, as soon as no transfer and no new user who is about to take over keeps it from that.
    fn leave(&mut self) {
        let is_awaited = self.access.is_coming() || self.question.is_some();
        if matches!(self.stage, Stage::Leaving) && !is_awaited && self.data.works().are_none() {
            self.hang_up();
        }
    }

    fn fail(&mut self, why: &Failure, name: CommandName) {
        let code = codes::of_failure(why, self.edition, name, When::AtOnce);
        self.out.reply(code, why.text(None));
    }

    /// Whether the user may do this now; if not, says so.
    fn admitted(&mut self, name: CommandName) -> bool {
        self.access.admits(name, self.edition, &mut self.out)
    }

    fn obey(&mut self, command: Command) {
        let name = command.name();
        // As any line interrupts, but NOOP changes nothing (RFC 454, IV.A.4).
        if !matches!(command, Command::Noop | Command::Pass(_)) {
            self.access.interrupted();
        }
        let renaming = if matches!(command, Command::Noop) { None } else { self.renaming.take() };
        match command {
            // A user may be named at any time; the parameters stay (RFC 454, IV.A.1).
            Command::User(name) => self.access.name(name, &mut self.out),
            Command::Pass(password) => self.question = self.access.password(password, &mut self.out),
            Command::Acct(account) => self.question = self.access.account(account, &mut self.out),
            Command::Sock(named) => {
                if self.admitted(name) {
                    self.question = self.data.sock(named, &mut self.out);
                }
            }
            Command::Lstn(gender) => {
                if self.admitted(name) {
                    self.question = self.data.lstn(gender, &mut self.out);
                }
            }
            Command::Pasv => {
                if self.admitted(name) {
                    self.question = self.data.pasv(&mut self.out);
                }
            }
            Command::Retr(path) => self.transfer(Verb::Retrieve(path)),
            Command::Stor(path) => self.transfer(Verb::Store(path)),
            Command::Appe(path) => self.transfer(Verb::Append(path)),
            Command::List(path) => self.transfer(Verb::List(path)),
            Command::Nlst(path) => self.transfer(Verb::Names(path)),
            Command::Dele(path) => self.ask(name, Question::Deletion, Action::Delete(path)),
            Command::Rnfr(path) => self.ask(name, Question::Renaming, Action::MayRename(path)),
            Command::Rnto(to) => match renaming {
                Some(from) => self.ask(name, Question::NewName, Action::Rename { from, to }),
                None => self.out.reply(ReplyCode::CONFLICT, "name the file first, with RNFR"),
            },
            Command::Allo(wanted) => {
                self.question = self.data.allo(wanted.bytes, self.access.is_in(), &mut self.out)
            }
            Command::Abor => self.data.abort(&mut self.out),
            Command::Rein => self.reinitialize(),
            Command::Bye => self.bye(),
            Command::Stat(path) => self.status(path),
            Command::Help(None) => self.finish(status::help(self.edition)),
            Command::Help(Some(topic)) => match status::help_with(&topic, self.edition) {
                Some(help) => self.finish(help),
                None => self
                    .out
                    .reply(ReplyCode::NOT_NOW, "there is no help with that; HELP alone names all commands"),
            },
            Command::Noop => self.out.reply(ReplyCode::OK, "at your service"),
            // All commands of this server may be typed at any time, whether the user's program reads along or not.
            Command::Quot => self.out.reply(ReplyCode::OK, "what follows comes from the user"),
            Command::Nquo => self.out.reply(ReplyCode::OK, "what follows comes from the user's program"),
            command @ (Command::Type(_)
            | Command::Byte(_)
            | Command::Mode(_)
            | Command::Stru(_)
            | Command::Form(_)
            | Command::Rest(_)
            | Command::Mlfl(_)
            | Command::Mail(_)
            | Command::Site(_)
            | Command::Xcwd(_)) => {
                let reply = values::take(&command, self.data.parameters_mut(), self.edition);
                self.out.put(Action::Reply(reply));
            }
        }
    }

    /// Asks the program, if the user may do this now.
    fn ask(&mut self, name: CommandName, question: Question, action: Action) {
        if self.admitted(name) {
            self.question = Some(question);
            self.out.put(action);
        }
    }

    fn transfer(&mut self, verb: Verb) {
        if self.admitted(verb.command()) {
            self.data.transfer(verb, &mut self.out);
        }
    }

    /// STAT. Between transfers it may ask for files; during one it is for the transfer, whatever it asks for
    /// (RFC 414, 4; RFC 454, IV.A.3).
    fn status(&mut self, path: Option<String>) {
        match path {
            Some(path) if self.data.works().are_none() => {
                self.ask(CommandName::Stat, Question::Description, Action::Describe(path));
            }
            Some(_) | None => self.finish(status::of_server(self.access.login(), &self.data, self.edition)),
        }
    }

    /// Sends an answer of several lines, and where the edition has no other way to say where it ends, a 200 (RFC 414, 2).
    fn finish(&mut self, answer: Reply) {
        self.out.put(Action::Reply(answer));
        match self.edition {
            Edition::Rfc354 | Edition::Rfc438 => self.out.reply(ReplyCode::OK, "that is all"),
            Edition::Rfc454 | Edition::Rfc478 | Edition::Rfc542 => {}
        }
    }

    /// REIN: the user is logged out, everything is as at the beginning, and so is what is said (RFC 454, IV.A.1 and V.C).
    fn reinitialize(&mut self) {
        self.access.log_out(&mut self.out);
        self.data.reinitialize(&mut self.out);
        if self.data.works().are_none() {
            self.out.reply(ReplyCode::REINITIALIZED, "logged out, and all is as at the beginning");
            self.out.reply(ReplyCode::GREETING, "go ahead");
        } else {
            self.stage = Stage::Reinitializing;
            self.out.reply(ReplyCode::LOGOUT_NOTED, "all begins anew when the transfer is over");
        }
    }

    fn bye(&mut self) {
        self.access.log_out(&mut self.out);
        if self.data.works().are_none() {
            self.out.reply(ReplyCode::LOGGED_OUT, "goodbye");
            self.hang_up();
        } else {
            self.stage = Stage::Leaving;
            self.out.reply(ReplyCode::LOGOUT_NOTED, "goodbye when the transfer is over");
        }
    }

    fn hang_up(&mut self) {
        self.let_go();
        self.out.put(Action::Bye);
    }

    fn let_go(&mut self) {
        self.stage = Stage::Over;
        self.question = None;
        self.data.let_go(&mut self.out);
    }
}

#[cfg(test)]
mod tests;
