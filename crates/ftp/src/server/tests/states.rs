//! Every command in every state.

use proptest::prelude::*;

use super::*;
use crate::command::examples::{lines, lines_with};
use crate::{Class, CommandName, Exchange, Help};

/// How a state is reached.
type Way = fn(Edition) -> Server;

/// Every state that a line can meet.
const STATES: [(&str, Way); 8] = [
    ("new", Server::new),
    ("named", |edition| {
        let mut server = Server::new(edition);
        server.hears("USER BOBT");
        server
    }),
    ("asked", |edition| {
        let mut server = Server::new(edition);
        server.hears("USER BOBT");
        server.hears("PASS MASS");
        server
    }),
    ("in", Server::logged_in),
    ("listening", |edition| {
        let mut server = Server::logged_in(edition);
        if CommandName::Lstn.editions().contains(&edition) {
            server.listens(1024);
        }
        server
    }),
    ("sending", |edition| {
        let mut server = Server::logged_in(edition);
        server.hears("RETR A");
        server.starts(1025);
        server
    }),
    ("leaving", |edition| {
        let mut server = Server::logged_in(edition);
        server.hears("RETR A");
        server.hears("BYE");
        server
    }),
    ("over", |edition| {
        let mut server = Server::logged_in(edition);
        server.hears("BYE");
        server
    }),
];

impl Server {
    /// Does what the program that serves does: answers the question that is open, well or badly. `socket` is the one
    /// that is granted if one is asked for.
    fn answers(&mut self, well: bool, socket: u32) -> String {
        match &self.session.question {
            None => String::new(),
            Some(Question::Password { .. }) => self.after(|session| session.logged_in(well)),
            Some(Question::SocketToListen(_) | Question::SocketFor(_)) if well => self.allocates(socket),
            Some(Question::SocketToListen(_) | Question::SocketFor(_)) => {
                self.after(|session| session.allocated(None))
            }
            Some(Question::Deletion) => self.deletes(if well { Ok("A") } else { Err(Failure::NotFound) }),
            Some(Question::Description) => {
                let file = Description::File("A".to_owned());
                self.describes(if well { Ok(file) } else { Err(Failure::NotFound) })
            }
        }
    }

    /// The same, and brings the transfer to its end, good or bad.
    fn settles(&mut self, well: bool) {
        self.answers(well, 9);
        match (&self.session.progress, well) {
            (Progress::Idle, _) => {}
            (Progress::Starting { .. }, true) => {
                self.starts(9);
                self.finishes();
            }
            (Progress::Moving { .. }, true) => drop(self.finishes()),
            (Progress::Starting { .. } | Progress::Moving { .. }, false) => {
                drop(self.fails(Failure::FileSystem));
            }
        }
    }
}

/// The whole table of states and commands; under each command, states with the same answer share a line.
#[test]
fn every_command_in_every_state() {
    let mut table = String::new();
    for line in lines().chain(["XYZZY".to_owned()]) {
        let mut answers: Vec<(String, Vec<&str>)> = Vec::new();
        for (name, server) in STATES {
            let answer = server(Edition::Rfc438).hears(&line);
            match answers.iter_mut().find(|(known, _)| *known == answer) {
                Some((_, states)) => states.push(name),
                None => answers.push((answer, vec![name])),
            }
        }
        table += &format!("{line}\n");
        for (answer, states) in answers {
            let answer = if answer.is_empty() { "nothing" } else { &answer };
            table += &format!("    {}: {answer}\n", states.join(", "));
        }
    }
    insta::assert_snapshot!("states", table);
}

#[test]
fn every_answer_ends_its_command_for_the_user() {
    // In the others the user has sent a command without waiting for the answer to the one before, or is not heard.
    let prompt = STATES.iter().filter(|(name, _)| !["asked", "leaving", "over"].contains(name));
    for (state, server) in prompt {
        for (line, edition) in lines().flat_map(|line| Edition::ALL.map(|edition| (line.clone(), edition))) {
            for well in [true, false] {
                let mut server = server(edition);
                server.hears(&line);
                server.settles(well);
                let user = &server.user;
                assert!(
                    !user.waits() && !user.transfers(),
                    "{line} in state {state} of {edition}, well: {well}"
                );
            }
        }
    }
}

#[test]
fn every_command_has_the_replies_of_its_row_or_is_refused() {
    // In the others a reply may be that to an earlier command.
    let alone = STATES.iter().filter(|(name, _)| !["asked", "sending", "leaving"].contains(name));
    for (state, way) in alone {
        for (name, edition) in
            CommandName::ALL.iter().flat_map(|name| Edition::ALL.map(|edition| (name, edition)))
        {
            for line in lines_with(*name) {
                let mut server = way(edition);
                server.codes.clear();
                server.hears(&line);
                server.settles(true);
                for code in &server.codes {
                    let refused = matches!(code.class(), Class::Failure | Class::Ignored);
                    let news = name.exchange() == Exchange::Transfer && *code == ReplyCode::DATA_SOCKET;
                    // Questions are answered in the way of RFC 414 in all editions.
                    let of = if name.exchange() == Exchange::Question { Edition::Rfc354 } else { edition };
                    let answers = name.answers(of);
                    let success =
                        answers.is_some_and(|row| row.first.contains(*code) || row.then.contains(*code));
                    assert!(success || refused || news, "{code} to {line} in state {state} of {edition}");
                }
            }
        }
    }
}

#[test]
fn help_names_the_commands_that_are_served_and_no_others() {
    for edition in Edition::ALL {
        let help = Server::logged_in(edition).hears("HELP");
        let named = |word: &str| help.split([' ', ',']).any(|other| other == word);
        for name in CommandName::ALL {
            let line = match name.help() {
                Help::Only(value) => format!("{name} {value}"),
                Help::Files | Help::Others | Help::Absent => {
                    lines_with(*name).pop().expect("each command has a line")
                }
            };
            let answer = Server::logged_in(edition).hears(&line);
            let served = !answer.starts_with("506 ");
            assert_eq!(
                named(name.as_str()),
                served,
                "{line} of {edition} is answered {answer}; HELP: {help}"
            );
            let has_it = name.editions().contains(&edition);
            assert_eq!(
                served,
                has_it && name.help() != Help::Absent,
                "{line} of {edition} is answered {answer}"
            );
        }
    }
}

/// Something that a user or a program may do. The last ones may come unasked.
#[derive(Debug, Clone)]
enum Input {
    Line(String),
    Answer(bool),
    Allocated(bool),
    LoggedIn(bool),
    Deleted(bool),
    Described,
    Started,
    Done,
    Failed,
}

fn input() -> impl Strategy<Value = Input> {
    let lines: Vec<String> = lines().chain(["XYZZY".to_owned()]).collect();
    prop_oneof![
        8 => proptest::sample::select(lines).prop_map(Input::Line),
        4 => proptest::bool::weighted(0.9).prop_map(Input::Answer),
        1 => proptest::bool::weighted(0.9).prop_map(Input::Allocated),
        1 => proptest::bool::weighted(0.9).prop_map(Input::LoggedIn),
        1 => any::<bool>().prop_map(Input::Deleted),
        1 => Just(Input::Described),
        1 => Just(Input::Started),
        1 => Just(Input::Done),
        1 => Just(Input::Failed),
    ]
}

proptest! {
    /// Whatever happens, in whatever order: no socket is lost and none is released twice.
    #[test]
    fn every_socket_set_aside_is_released_once(inputs in proptest::collection::vec(input(), 0..60)) {
        let mut server = Server::logged_in(Edition::Rfc438);
        let mut next = 1024;
        let (mut granted, mut released) = (Vec::new(), Vec::new());
        let mut sockets_of = |said: String| {
            for part in said.split("[release ").skip(1) {
                let number = part.split(']').next().and_then(|number| number.parse::<u32>().ok());
                released.push(number.expect("a socket's number"));
            }
        };
        for input in inputs {
            let wants_socket =
                matches!(server.session.question, Some(Question::SocketToListen(_) | Question::SocketFor(_)));
            sockets_of(match input {
                Input::Line(line) => server.hears(&line),
                Input::Answer(well) => {
                    if well && wants_socket {
                        next += 1;
                        granted.push(next);
                    }
                    server.answers(well, next)
                }
                Input::Allocated(true) => {
                    next += 1;
                    granted.push(next);
                    server.allocates(next)
                }
                Input::Allocated(false) => server.after(|session| session.allocated(None)),
                Input::LoggedIn(valid) => server.after(|session| session.logged_in(valid)),
                Input::Deleted(true) => server.deletes(Ok("A")),
                Input::Deleted(false) => server.deletes(Err(Failure::NotFound)),
                Input::Described => server.describes(Err(Failure::NotFound)),
                Input::Started => server.starts(9),
                Input::Done => server.finishes(),
                Input::Failed => server.fails(Failure::FileSystem),
            });
        }
        sockets_of(server.after(ServerSession::closed));
        released.sort_unstable();
        prop_assert_eq!(released, granted);
    }
}
