//! The user's side of a dialogue: what each reply means.

use std::collections::VecDeque;

use crate::{Class, Command, CommandName, Exchange, Reply, ReplyCode};

/// What a reply means to the program that waits for it (RFC 354, V.C).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The answer to the oldest command not yet answered: the next may be sent.
    Primary(Outcome),
    /// A transfer, or mail, is over. If its primary reply has not come, it will not come any more.
    Secondary(Outcome),
    /// Part of the answer to STAT or HELP. More follows, up to the primary reply (RFC 414, 2 and 5).
    Partial,
    /// News that belongs to no command, among them the greeting and the 255 reply that comes with a transfer.
    Spontaneous,
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
#[derive(Debug, Default)]
pub struct UserSession {
    waiting: VecDeque<CommandName>,
    work: Work,
}

/// What will end with a secondary reply.
#[derive(Debug, Clone, Copy, Default)]
enum Work {
    #[default]
    None,
    Begun,
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
        matches!(self.work, Work::Begun)
    }

    /// Takes note that a command has been sent.
    pub fn sent(&mut self, command: &Command) {
        self.waiting.push_back(command.name());
    }

    /// Whether a transfer command, or one of mail, still waits for its primary reply.
    pub fn waits_to_begin(&self) -> bool {
        self.waiting.iter().any(|name| matches!(name.exchange(), Exchange::Transfer | Exchange::Mail))
    }

    /// Takes note that no more of the answer to a question will come: a server of RFC 354 gives one reply to STAT (V.C).
    pub fn told_enough(&mut self) {
        if self.waiting.front().is_some_and(|name| name.exchange() == Exchange::Question) {
            self.waiting.pop_front();
        }
    }

    /// Takes note that a transfer is over, though its secondary reply has not come: the server says that nothing is under way.
    pub fn missed(&mut self) {
        self.work = Work::None;
    }

    /// Says what a reply means.
    pub fn reply(&mut self, reply: &Reply) -> Meaning {
        let code = reply.code();
        let front = self.waiting.front().copied();
        let any = |session: &Self, exchange| session.waiting.iter().any(|name| name.exchange() == exchange);
        match (code, front.map(CommandName::exchange), self.work) {
            // The news that may come at any time (RFC 354, V.C).
            (
                ReplyCode::GREETING
                | ReplyCode::UNFINISHED
                | ReplyCode::RESTART_MARKER
                | ReplyCode::NO_SERVICE
                | ReplyCode::NO_USERS
                | ReplyCode::FORCED_BY_OPERATOR
                | ReplyCode::FORCED_BY_SYSTEM
                | ReplyCode::SHUTTING_DOWN,
                ..,
            ) => Meaning::Spontaneous,
            (_, waiting, _) if code.class() == Class::News && waiting != Some(Exchange::Question) => {
                Meaning::Spontaneous
            }
            // The data socket answers the commands that ask for it, and is news with a transfer.
            (ReplyCode::DATA_SOCKET, ..) if front.is_some_and(CommandName::arranges_socket) => {
                self.answered(Outcome::Success)
            }
            (ReplyCode::DATA_SOCKET, ..) => Meaning::Spontaneous,
            // An abort is answered before, or instead of, all that was sent ahead of it.
            (ReplyCode::ABORTED | ReplyCode::NOTHING_TO_ABORT, ..) if any(self, Exchange::Abort) => {
                while self.waiting.pop_front().is_some_and(|name| name.exchange() != Exchange::Abort) {}
                self.work = Work::None;
                Meaning::Primary(Outcome::Success)
            }
            // The last word of a transfer of which nothing more was expected: the next one has been asked for, and not begun.
            (
                ReplyCode::TRANSFER_DONE
                | ReplyCode::MAIL_DONE
                | ReplyCode::CONNECTION_CLOSED
                | ReplyCode::NO_STORAGE,
                Some(_),
                Work::Begun,
            ) if self.waits_to_begin() => {
                self.work = Work::None;
                Meaning::Spontaneous
            }
            // These end a transfer or mail and can mean nothing else; a lost 250 is forgiven.
            (ReplyCode::TRANSFER_DONE | ReplyCode::MAIL_DONE, front, work) => match (front, work) {
                (_, Work::Begun) => self.over(Outcome::Success),
                (Some(Exchange::Transfer | Exchange::Mail), Work::None) => {
                    self.waiting.pop_front();
                    Meaning::Secondary(Outcome::Success)
                }
                (_, Work::None) => Meaning::Spontaneous,
            },
            (ReplyCode::CONNECTION_CLOSED | ReplyCode::NO_STORAGE, _, Work::Begun) => {
                self.over(Outcome::Failure)
            }
            // With nothing else asked, any failure is the transfer's.
            (_, None, Work::Begun) if matches!(code.class(), Class::Failure | Class::Ignored) => {
                self.over(Outcome::Failure)
            }
            (_, None, _) => Meaning::Spontaneous,
            // One that a cable had brought twice has begun, of which the refusal was heard before.
            (ReplyCode::TRANSFER_STARTED, Some(Exchange::Abort), _) => {
                self.work = Work::Begun;
                Meaning::Spontaneous
            }
            // What was asked before will not be answered any more.
            (ReplyCode::TRANSFER_STARTED, ..) if any(self, Exchange::Transfer) => {
                while self.waiting.front().is_some_and(|name| name.exchange() != Exchange::Transfer) {
                    self.waiting.pop_front();
                }
                self.work = Work::Begun;
                self.answered(outcome(code))
            }
            (ReplyCode::MAIL_WANTED, Some(Exchange::Mail), _) => {
                self.work = Work::Begun;
                self.answered(outcome(code))
            }
            // A 1xx answer goes on until 200, unless it came whole in the form of RFC 454, IV.B.
            (_, Some(Exchange::Question), _) if matches!(code.class(), Class::News | Class::Status) => {
                if reply.lines().count() > 1 {
                    self.answered(Outcome::Success)
                } else {
                    Meaning::Partial
                }
            }
            // A server that refuses another transfer for any other reason than that one is under way has ended that one, be
            // it that its last word got lost.
            (_, Some(Exchange::Transfer | Exchange::Mail), _) if code != ReplyCode::NOT_NOW => {
                self.work = Work::None;
                self.answered(outcome(code))
            }
            (_, Some(_), _) => self.answered(outcome(code)),
        }
    }

    fn answered(&mut self, outcome: Outcome) -> Meaning {
        self.waiting.pop_front();
        Meaning::Primary(outcome)
    }

    fn over(&mut self, outcome: Outcome) -> Meaning {
        self.work = Work::None;
        Meaning::Secondary(outcome)
    }
}

fn outcome(code: ReplyCode) -> Outcome {
    match code.class() {
        Class::News | Class::Status | Class::Positive => Outcome::Success,
        Class::Incomplete => Outcome::Incomplete,
        // What is reserved cannot be trusted to mean success.
        Class::Failure | Class::Ignored | Class::Reserved => Outcome::Failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::examples::lines;
    use crate::{CommandName, Edition};

    const OK: Meaning = Meaning::Primary(Outcome::Success);
    const MORE: Meaning = Meaning::Primary(Outcome::Incomplete);
    const NO: Meaning = Meaning::Primary(Outcome::Failure);
    const DONE: Meaning = Meaning::Secondary(Outcome::Success);
    const BROKEN: Meaning = Meaning::Secondary(Outcome::Failure);
    const NEWS: Meaning = Meaning::Spontaneous;

    /// Plays a dialogue: `> command` is sent, `code` and a meaning are heard.
    #[track_caller]
    fn dialogue(commands: &[&str], replies: &[(u16, Meaning)]) -> UserSession {
        let mut session = UserSession::new();
        for line in commands {
            session.sent(&Command::parse(line, Edition::Rfc438).expect("a command"));
        }
        for (number, meaning) in replies {
            let reply = Reply::new(ReplyCode::new(*number).expect("three digits"), "SOCK 5");
            assert_eq!(session.reply(&reply), *meaning, "{number} in {replies:?} after {commands:?}");
        }
        session
    }

    /// The replies of a dialogue that goes well, and what they mean.
    fn success(name: CommandName) -> &'static [(u16, Meaning)] {
        match name.exchange() {
            Exchange::Plain if name.arranges_socket() => &[(255, OK)],
            Exchange::Plain => &[(200, OK)],
            Exchange::Transfer => &[(255, NEWS), (250, OK), (252, DONE)],
            Exchange::Mail => &[(350, MORE), (256, DONE)],
            Exchange::Question => &[(100, Meaning::Partial), (200, OK)],
            Exchange::Abort => &[(201, OK)],
        }
    }

    #[test]
    fn every_command_ends_with_the_replies_of_its_kind_or_with_a_refusal() {
        for line in lines() {
            let command = Edition::ALL.iter().find_map(|edition| Command::parse(&line, *edition).ok());
            let command = command.unwrap_or_else(|| panic!("{line} is a command"));
            let name: CommandName = command.name();
            for replies in [success(name), &[(506, NO)], &[(450, NO)]] {
                let mut session = UserSession::new();
                session.sent(&command);
                for (number, meaning) in replies {
                    assert!(session.waits() || session.transfers(), "{line} has ended before {number}");
                    let reply = Reply::new(ReplyCode::new(*number).expect("three digits"), "SOCK 5");
                    assert_eq!(session.reply(&reply), *meaning, "{number} after {line}");
                }
                assert!(!session.waits() && !session.transfers(), "{line} ends with {replies:?}");
            }
        }
    }

    #[test]
    fn a_transfer_has_two_replies_and_the_data_socket_between_or_before() {
        for order in [[255, 250, 252], [250, 255, 252]] {
            let meanings = order.map(|code| match code {
                255 => (code, NEWS),
                250 => (code, OK),
                _ => (code, DONE),
            });
            let session = dialogue(&["RETR A"], &meanings);
            assert!(!session.waits() && !session.transfers());
        }
        dialogue(&["STOR A"], &[(250, OK), (453, BROKEN)]);
        dialogue(&["APPE A"], &[(250, OK), (452, BROKEN)]);
        dialogue(&["APPE A"], &[(250, OK), (455, BROKEN)]);
        dialogue(&["RETR A"], &[(450, NO)]);
        dialogue(&["RETR A"], &[(452, NO)]);
    }

    #[test]
    fn a_transfer_that_ends_without_having_begun_has_ended_all_the_same() {
        assert!(!dialogue(&["RETR A"], &[(252, DONE)]).waits());
    }

    #[test]
    fn the_data_socket_answers_sock_and_lstn_only() {
        dialogue(&["SOCK 69,5"], &[(255, OK)]);
        dialogue(&["SOCK 69,5"], &[(200, OK)]);
        dialogue(&["LSTN R"], &[(504, NO)]);
        assert!(dialogue(&["NOOP"], &[(255, NEWS)]).waits());
    }

    #[test]
    fn greetings_and_news_answer_nothing() {
        let session =
            dialogue(&["USER BOBT"], &[(300, NEWS), (0, NEWS), (50, NEWS), (436, NEWS), (330, MORE)]);
        assert!(!session.waits());
    }

    #[test]
    fn status_goes_on_until_200() {
        dialogue(&["STAT"], &[(100, Meaning::Partial), (200, OK)]);
        dialogue(&["HELP"], &[(30, Meaning::Partial), (200, OK)]);
        let mut session = dialogue(&["STAT"], &[]);
        assert_eq!(session.reply(&Reply::new(ReplyCode::STATUS, "First").and("Last")), OK, "RFC 454's form");
    }

    #[test]
    fn during_a_transfer_its_end_is_told_from_answers_to_other_commands() {
        let begun = || dialogue(&["RETR A"], &[(250, OK)]);
        let hear = |session: &mut UserSession, code| session.reply(&Reply::new(code, ""));
        let mut session = begun();
        session.sent(&Command::Bye);
        assert_eq!(hear(&mut session, ReplyCode::LOGOUT_NOTED), OK);
        assert_eq!(hear(&mut session, ReplyCode::TRANSFER_DONE), DONE);

        let mut session = begun();
        session.sent(&Command::Noop);
        assert_eq!(hear(&mut session, ReplyCode::TRANSFER_DONE), DONE, "it may overtake the answer");
        assert_eq!(hear(&mut session, ReplyCode::OK), OK);
    }

    #[test]
    fn the_last_word_of_one_transfer_is_not_taken_for_that_of_the_next() {
        let begun = || {
            let mut session = dialogue(&["RETR A"], &[(250, OK)]);
            session.sent(&Command::Stor("B".to_owned()));
            session
        };
        let hear = |session: &mut UserSession, code: u16| {
            session.reply(&Reply::new(ReplyCode::new(code).expect("three digits"), ""))
        };
        for late in [252, 452, 453] {
            let mut session = begun();
            assert_eq!(hear(&mut session, late), NEWS, "{late} is of RETR");
            assert!(session.waits() && !session.transfers());
            assert_eq!(hear(&mut session, 250), OK);
            assert_eq!(hear(&mut session, 252), DONE);
        }
        // It got lost.
        let mut session = begun();
        assert_eq!(hear(&mut session, 450), NO);
        assert!(!session.waits() && !session.transfers(), "nothing is under way");
        // It is still to come.
        let mut session = begun();
        assert_eq!(hear(&mut session, 504), NO);
        assert!(!session.waits() && session.transfers(), "RETR is under way");
        assert_eq!(hear(&mut session, 252), DONE);
    }

    #[test]
    fn an_abort_answers_for_what_it_stopped() {
        let session = dialogue(&["RETR A", "ABOR"], &[(201, OK)]);
        assert!(!session.waits() && !session.transfers());
        dialogue(&["RETR A", "ABOR"], &[(250, OK), (252, DONE), (202, OK)]);
        // A command that came twice is refused once, and goes on.
        let mut session = dialogue(&["STOR A"], &[(504, NO)]);
        session.sent(&Command::Abor);
        let mut hear =
            |code: u16| session.reply(&Reply::new(ReplyCode::new(code).expect("three digits"), ""));
        assert_eq!([250, 252, 202].map(&mut hear), [NEWS, DONE, OK]);
    }

    #[test]
    fn mail_wants_its_text_and_then_has_a_second_reply() {
        dialogue(&["MAIL"], &[(350, MORE), (256, DONE)]);
    }

    #[test]
    fn with_nothing_asked_everything_is_news() {
        dialogue(&[], &[(200, NEWS), (252, NEWS), (500, NEWS), (201, NEWS), (999, NEWS)]);
    }
}
