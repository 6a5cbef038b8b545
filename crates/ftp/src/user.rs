//! A dialogue as its user, or whoever looks on, has to read it: which reply answers which command.

use std::collections::VecDeque;

use crate::{Class, Command, CommandName, Edition, Exchange, Reply, ReplyCode};

/// What a reply means to the program that waits for it (RFC 354, V.C).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The answer to the oldest command not yet answered: the next may be sent.
    Primary(Outcome),
    /// A transfer, or mail, is over. If its primary reply has not come, it will not come any more.
    Secondary(Outcome),
    /// Part of the answer to STAT or HELP. More may follow, up to the primary reply (RFC 414, 2 and 5).
    Partial,
    /// What may come at any time and answers no command, among it the greeting and the 255 reply that comes with a transfer.
    Spontaneous,
    /// What should come as an answer, and answers nothing that waits for one: nobody has asked for it, or it is late.
    Unasked,
}

/// How a command came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was carried out, or for a transfer: has begun.
    Success,
    /// The server waits for more: a password, an account, mail.
    Incomplete,
    /// It was not carried out.
    Failure,
}

/// The user's side of one dialogue: knows which commands wait for their answer.
///
/// A program should wait for the primary reply before it sends the next command (RFC 354, V.C). If it does not
/// (an ABOR cannot wait), the answers are taken to come in the order of the commands.
///
/// A user does not know which edition the server speaks, so that a reply fits a command if it does in any of them
/// ([`CommandName::answers`]). A code that no document assigns is judged by its first digit; one that is assigned, and says that
/// something else has been done than what was asked, answers nothing.
#[derive(Debug, Clone, Default)]
pub struct UserSession {
    /// How many commands have been sent.
    sent: u64,
    waiting: VecDeque<Waiting>,
    /// What will end with a secondary reply: one transfer each way, or mail.
    work: Vec<Work>,
    /// A command that is kept by the server until an account is given (RFC 454, IV.A.1), and is answered after that.
    held: Option<Waiting>,
    /// Whether the lines that are sent are the text of mail.
    takes_mail: bool,
    /// Whether something has come since the oldest command began to wait that should be an answer, and is none to it.
    has_unfit: bool,
    /// The command to which the last reply belongs.
    answered: Option<u64>,
}

/// A command that waits for its primary reply.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    number: u64,
    /// `None` for a line that is no command of any edition: what answers it is not known.
    name: Option<CommandName>,
    /// Whether a part of its answer has come, after which no more need come.
    is_told: bool,
}

impl Waiting {
    fn exchange(self) -> Option<Exchange> {
        self.name.map(CommandName::exchange)
    }

    fn begins(self) -> bool {
        matches!(self.exchange(), Some(Exchange::Transfer | Exchange::Mail))
    }

    /// Whether an edition has the code as a primary reply to the command.
    fn may_have(self, code: ReplyCode) -> bool {
        self.name.is_some() && (self.has(code, |row| row.first) || self.has(code, |row| row.refused))
    }

    /// Whether an edition has the code for the command in this place. Of what is no command nobody knows.
    fn has(self, code: ReplyCode, place: fn(crate::Answers) -> crate::Codes) -> bool {
        let rows =
            |name: CommandName| Edition::ALL.into_iter().filter_map(move |edition| name.answers(edition));
        self.name.is_none_or(|name| rows(name).any(|row| place(row).contains(code)))
    }
}

/// What will end with a secondary reply.
#[derive(Debug, Clone, Copy)]
struct Work {
    number: u64,
    is_mail: bool,
}

impl UserSession {
    /// A dialogue that has just begun.
    pub fn new() -> Self {
        UserSession::default()
    }

    /// Whether a command still waits for its primary reply.
    pub fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether a transfer, or mail, still waits for its secondary reply.
    pub fn transfers(&self) -> bool {
        !self.work.is_empty()
    }

    /// Whether a transfer command, or one of mail, still waits for its primary reply.
    pub fn waits_to_begin(&self) -> bool {
        self.waiting.iter().any(|waiting| waiting.begins())
    }

    /// Whether the server takes each line for the text of mail, up to one with only a period (RFC 385, 14).
    pub fn takes_mail(&self) -> bool {
        self.takes_mail
    }

    /// Whether something has come since the oldest command began to wait that should be an answer, and is none to it.
    pub fn has_unfit(&self) -> bool {
        self.has_unfit
    }

    /// Takes note that a command has been sent. Returns its number; the first one is number 0.
    pub fn sent(&mut self, command: &Command) -> u64 {
        self.wait_for(Some(command.name()))
    }

    /// The same of a line as it is, be it no command of any edition. `None` if it is text of mail.
    pub fn sent_line(&mut self, line: &str) -> Option<u64> {
        if self.takes_mail {
            self.takes_mail = line != ".";
            return None;
        }
        let word = line.trim_start_matches(' ').split(' ').next().unwrap_or_default();
        Some(self.wait_for(CommandName::from_word(word)))
    }

    fn wait_for(&mut self, name: Option<CommandName>) -> u64 {
        let number = self.sent;
        self.sent += 1;
        self.held = self.held.filter(|_| name == Some(CommandName::Acct));
        self.waiting.push_back(Waiting { number, name, is_told: false });
        number
    }

    /// The number of the command to which the last reply belongs, if it belongs to one.
    pub fn answered(&self) -> Option<u64> {
        self.answered
    }

    /// Takes note that no more of the answer to a question will come: a server of RFC 354 gives one reply to STAT (V.C).
    pub fn told_enough(&mut self) {
        let is_question = |waiting: &Waiting| {
            waiting.exchange() == Some(Exchange::Question) || waiting.name.is_none() && waiting.is_told
        };
        if self.waiting.front().is_some_and(is_question) {
            self.done();
        }
    }

    /// Takes note that the oldest command will not be answered any more. What answers it all the same is late.
    pub fn give_up(&mut self) {
        self.done();
    }

    /// Takes note that a transfer is over, though its secondary reply has not come: the server says that nothing is under way.
    pub fn missed(&mut self) {
        self.work.clear();
    }

    /// Says what a reply means.
    pub fn reply(&mut self, reply: &Reply) -> Meaning {
        self.answered = None;
        let code = reply.code();
        let front = self.waiting.front().copied();
        match (front, self.held) {
            (None, Some(held)) if !code.is_spontaneous() && !self.transfers() && held.may_have(code) => {
                self.held = None;
                self.waiting.push_front(held);
                return self.reply(reply);
            }
            _ => {}
        }
        match code {
            _ if code.is_spontaneous() => self.spontaneous(reply, front),
            ReplyCode::ABORTED | ReplyCode::NOTHING_TO_ABORT => self.aborted(front),
            ReplyCode::TRANSFER_DONE | ReplyCode::DATA_CLOSING | ReplyCode::MAIL_DONE => {
                self.ended(code, front)
            }
            ReplyCode::TRANSFER_STARTED => self.started(front),
            ReplyCode::MAIL_WANTED => match front {
                Some(asked) if asked.name.is_none() || asked.exchange() == Some(Exchange::Mail) => {
                    self.takes_mail = true;
                    self.begun(asked, true);
                    self.primary(Outcome::Incomplete)
                }
                _ => self.unasked(),
            },
            _ => self.any_other(reply, front),
        }
    }

    /// The news that may come at any time (RFC 354, V.C), and the commands that are answered by the same codes: SOCK and LSTN by
    /// 255, HELP by 0xx, logging in by 430, REIN by 401 and 436.
    fn spontaneous(&mut self, reply: &Reply, front: Option<Waiting>) -> Meaning {
        let code = reply.code();
        // Whatever the answer to an unknown command is, it is not this, but for a socket.
        let known = front.filter(|asked| asked.name.is_some() || code == ReplyCode::DATA_SOCKET);
        match known {
            Some(asked) if code == ReplyCode::DATA_SOCKET => {
                let is_of_data = self.transfers() || self.waits_to_begin();
                let asks = asked.name.map_or(!is_of_data, CommandName::arranges_socket);
                if asks { self.primary(Outcome::Success) } else { Meaning::Spontaneous }
            }
            Some(asked) if code.class() == Class::News && asked.has(code, |row| row.first) => {
                self.part(reply)
            }
            Some(asked) if asked.has(code, |row| row.refused) => self.primary(Outcome::Failure),
            _ => Meaning::Spontaneous,
        }
    }

    /// An abort is answered before, or instead of, all that was sent ahead of it.
    fn aborted(&mut self, front: Option<Waiting>) -> Meaning {
        let is_abort = |waiting: &Waiting| waiting.exchange() == Some(Exchange::Abort);
        if !self.waiting.iter().any(is_abort) {
            return match front {
                Some(Waiting { name: None, .. }) => self.primary(Outcome::Success),
                _ => self.unasked(),
            };
        }
        while self.waiting.front().is_some_and(|waiting| !is_abort(waiting)) {
            self.waiting.pop_front();
        }
        self.work.clear();
        self.primary(Outcome::Success)
    }

    /// These end a transfer or mail and can mean nothing else; a lost 250 is forgiven.
    fn ended(&mut self, code: ReplyCode, front: Option<Waiting>) -> Meaning {
        let is_mail = code == ReplyCode::MAIL_DONE;
        let work = self.work.iter().find(|work| work.is_mail == is_mail).copied();
        match (front, work.or(self.work.first().copied())) {
            // The last word of a transfer of which nothing more was expected: the next one has been asked for, and not begun.
            (Some(_), Some(work)) if self.waits_to_begin() => {
                self.ends(work);
                Meaning::Unasked
            }
            (_, Some(work)) if work.is_mail == is_mail => self.over(work, Outcome::Success),
            (Some(asked), None) if asked.begins() => {
                self.answered = Some(asked.number);
                self.done();
                Meaning::Secondary(Outcome::Success)
            }
            (Some(Waiting { name: None, .. }), None) => self.primary(Outcome::Success),
            _ => self.unasked(),
        }
    }

    fn started(&mut self, front: Option<Waiting>) -> Meaning {
        match front {
            // One that a cable had brought twice has begun, of which the refusal was heard before.
            Some(asked) if asked.exchange() == Some(Exchange::Abort) => {
                self.begun(asked, false);
                Meaning::Spontaneous
            }
            Some(asked) if asked.name.is_none() => {
                self.begun(asked, false);
                self.primary(Outcome::Success)
            }
            Some(_) => {
                let begins = |waiting: &Waiting| waiting.exchange() == Some(Exchange::Transfer);
                let Some(asked) = self.waiting.iter().find(|waiting| begins(waiting)).copied() else {
                    return self.unasked();
                };
                // What was asked before will not be answered any more.
                while self.waiting.front().is_some_and(|waiting| waiting.number != asked.number) {
                    self.waiting.pop_front();
                }
                self.begun(asked, false);
                self.primary(Outcome::Success)
            }
            None => self.unasked(),
        }
    }

    /// A reply that belongs to the oldest command, if to any.
    fn any_other(&mut self, reply: &Reply, front: Option<Waiting>) -> Meaning {
        let code = reply.code();
        let is_refusal = matches!(code.class(), Class::Failure | Class::Ignored);
        let is_broken = matches!(code, ReplyCode::CONNECTION_CLOSED | ReplyCode::NO_STORAGE);
        let Some(asked) = front else {
            // With nothing else asked, any failure is the transfer's, and so is what is good by its first digit alone.
            return match self.work.first().copied() {
                Some(work) if is_refusal => self.over(work, Outcome::Failure),
                Some(work) if is_own_good_word(code) => self.over(work, Outcome::Success),
                _ => self.unasked(),
            };
        };
        // A question of which enough was told need not be answered further; what follows may be of the next command.
        let is_end = asked.exchange() == Some(Exchange::Question) && code == ReplyCode::OK;
        let is_more = code.class() == Class::Status;
        if asked.is_told && !is_end && !is_more && self.waiting.len() > 1 {
            self.done();
            return self.reply(reply);
        }
        match (code.class(), self.work.first().copied()) {
            (Class::Failure | Class::Ignored, Some(work)) if is_broken && self.waits_to_begin() => {
                // As in `ended`: it is of the transfer before.
                self.ends(work);
                Meaning::Unasked
            }
            (Class::Failure | Class::Ignored, Some(work))
                if is_broken
                    || !asked.begins() && is_of_files(code) && !asked.has(code, |row| row.refused) =>
            {
                self.over(work, Outcome::Failure)
            }
            (Class::Failure | Class::Ignored, _) => {
                // A server that refuses another transfer for any other reason than that one is under way has ended that one, be
                // it that its last word got lost.
                if asked.begins() && code != ReplyCode::NOT_NOW {
                    self.work.clear();
                }
                self.primary(Outcome::Failure)
            }
            (Class::Status | Class::News, _)
                if asked.exchange().is_none_or(|kind| kind == Exchange::Question) =>
            {
                self.part(reply)
            }
            // What is assigned, and says something else than what was asked for.
            (Class::Positive, _) if code.meaning().is_some() && !asked.has(code, |row| row.first) => {
                self.unasked()
            }
            (Class::Positive, _) => {
                if asked.begins() && is_own_good_word(code) {
                    self.begun(asked, asked.exchange() == Some(Exchange::Mail));
                }
                self.primary(Outcome::Success)
            }
            (Class::Incomplete, _) => {
                let logs_in = matches!(asked.name, Some(CommandName::User | CommandName::Pass));
                if code == ReplyCode::ACCOUNT_WANTED && !logs_in {
                    self.held = Some(asked);
                }
                self.primary(Outcome::Incomplete)
            }
            // What is reserved cannot be trusted to mean success.
            (Class::Reserved, _) => self.primary(Outcome::Failure),
            (Class::Status | Class::News, _) => self.unasked(),
        }
    }

    /// A part of the answer to a question, which goes on until 200, unless it came whole in the form of RFC 454, IV.B.
    fn part(&mut self, reply: &Reply) -> Meaning {
        if reply.lines().count() > 1 {
            return self.primary(Outcome::Success);
        }
        if let Some(asked) = self.waiting.front_mut() {
            asked.is_told = true;
            self.answered = Some(asked.number);
        }
        Meaning::Partial
    }

    fn begun(&mut self, asked: Waiting, is_mail: bool) {
        self.work.retain(|work| work.number != asked.number);
        // What goes beyond one each way has ended unheard.
        if self.work.len() == 2 {
            self.work.remove(0);
        }
        self.work.push(Work { number: asked.number, is_mail });
    }

    /// The oldest command is answered.
    fn primary(&mut self, outcome: Outcome) -> Meaning {
        self.answered = self.waiting.front().map(|asked| asked.number);
        self.done();
        Meaning::Primary(outcome)
    }

    fn done(&mut self) {
        self.waiting.pop_front();
        self.has_unfit = false;
    }

    fn over(&mut self, work: Work, outcome: Outcome) -> Meaning {
        self.ends(work);
        self.takes_mail = false;
        Meaning::Secondary(outcome)
    }

    /// Of two at once, the first is taken for the one that ends: no reply says which.
    fn ends(&mut self, work: Work) {
        self.work.retain(|other| other.number != work.number);
        self.answered = Some(work.number);
    }

    fn unasked(&mut self) -> Meaning {
        self.has_unfit = self.waits();
        Meaning::Unasked
    }
}

/// Whether a server says by a code of its own, which no document assigns, that all is well.
fn is_own_good_word(code: ReplyCode) -> bool {
    code.class() == Class::Positive && code.meaning().is_none()
}

/// Whether a code is about a file or its way, as the failures of transfers are.
fn is_of_files(code: ReplyCode) -> bool {
    code.number() % 100 / 10 == 5
}

#[cfg(test)]
mod tests;
