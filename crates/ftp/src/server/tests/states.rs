//! Every command in every state.

use proptest::prelude::*;

use super::*;
use crate::command::examples::{lines, lines_with};
use crate::{CommandName, Exchange, Help};

/// How a state is reached.
type Way = fn(Edition) -> Server;

/// Every state that a line can meet.
const STATES: [(&str, Way); 10] = [
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
    // An account is to be named first of all, or before something is done with a file.
    ("owing", |edition| Server::admitted(edition, Admission::AccountFirst)),
    ("in", Server::logged_in),
    ("uncharged", |edition| Server::admitted(edition, Admission::AccountForFiles)),
    ("listening", |edition| {
        let mut server = Server::logged_in(edition);
        if CommandName::Lstn.is_of(edition) {
            server.listens(1024);
        }
        if CommandName::Pasv.is_of(edition) {
            server.hears("PASV");
            server.after(|session| session.listens(true));
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
    /// A server whose user has given the right password, and is let in on these terms.
    fn admitted(edition: Edition, terms: Admission) -> Self {
        let mut server = Server::new(edition);
        server.hears("USER BOBT");
        server.hears("PASS MASS");
        server.after(|session| session.logged_in(terms));
        server
    }

    /// Does what the program that serves does: answers the question that is open, well or badly. `socket` is the one
    /// that is granted if one is asked for.
    fn answers(&mut self, well: bool, socket: u32) -> String {
        match &self.session.question {
            None => String::new(),
            Some(Question::Password { .. }) => self.after(|session| session.logged_in(admission(well))),
            Some(Question::Account) => self.after(|session| session.charged(well)),
            Some(Question::SocketToListen(_) | Question::SocketFor(_)) if well => self.allocates(socket),
            Some(Question::SocketToListen(_) | Question::SocketFor(_)) => {
                self.after(|session| session.allocated(None))
            }
            Some(Question::Passive) => self.after(|session| session.listens(well)),
            Some(Question::Renaming) => {
                let found = if well { Ok("A".to_owned()) } else { Err(Failure::NotFound) };
                self.after(|session| session.may_rename(found))
            }
            Some(Question::NewName) => {
                let renamed = if well { Ok("A".to_owned()) } else { Err(Failure::NameTaken) };
                self.after(|session| session.renamed(renamed))
            }
            Some(Question::Room(_)) => self.after(|session| session.room(if well { 1_000 } else { 10 })),
            Some(Question::Deletion) => self.deletes(if well { Ok("A") } else { Err(Failure::NotFound) }),
            Some(Question::Description) => {
                let file = Description::File("A".to_owned());
                self.describes(if well { Ok(file) } else { Err(Failure::NotFound) })
            }
        }
    }

    /// The same, for something that fails for this reason, if there is one; a transfer fails before or after it has begun.
    fn ends(&mut self, why: Option<&Failure>, is_begun: bool) {
        let Some(why) = why else { return self.settles(true) };
        match &self.session.question {
            Some(Question::Deletion) => drop(self.deletes(Err(why.clone()))),
            Some(Question::Renaming) => drop(self.after(|session| session.may_rename(Err(why.clone())))),
            Some(Question::NewName) => drop(self.after(|session| session.renamed(Err(why.clone())))),
            Some(Question::Description) => drop(self.describes(Err(why.clone()))),
            _ => drop(self.answers(false, 9)),
        }
        for local in [9, 10] {
            if self.session.data.works().uses(Socket::from(local).gender()) {
                if is_begun {
                    self.starts(local);
                }
                self.fails(why.clone());
            }
        }
    }

    /// The same, and brings the transfer to its end, good or bad.
    fn settles(&mut self, well: bool) {
        self.answers(well, 9);
        for local in [9, 10] {
            let gender = Socket::from(local).gender();
            if self.session.data.works().uses(gender) {
                if well {
                    self.starts(local);
                    self.finishes_at(local);
                } else {
                    self.after(|session| session.transfer_failed(gender, Failure::FileSystem));
                }
            }
        }
    }
}

/// The whole table of commands, states and editions. Editions with the same answers in all states share an entry, and in that,
/// states with the same answer share a line.
#[test]
fn every_command_in_every_state_of_every_edition() {
    let mut table = String::new();
    for line in lines().chain(["HELP RETR", "XYZZY", "XTRA"].map(str::to_owned)) {
        let mut entries: Vec<(String, Vec<Edition>)> = Vec::new();
        for edition in Edition::ALL {
            let entry = entry(&line, edition);
            match entries.iter_mut().find(|(known, _)| *known == entry) {
                Some((_, editions)) => editions.push(edition),
                None => entries.push((entry, vec![edition])),
            }
        }
        for (entry, editions) in entries {
            let editions: Vec<&str> = editions.into_iter().map(Edition::name).collect();
            table += &format!("{line} ({})\n{entry}", editions.join(", "));
        }
    }
    insta::assert_snapshot!("states", table);
}

/// What is answered to a line in each state of an edition.
fn entry(line: &str, edition: Edition) -> String {
    let mut answers: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, server) in STATES {
        // Which edition is spoken is no answer of its own.
        let answer = server(edition).hears(line).replace(edition.name(), "this edition");
        match answers.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, states)) => states.push(name),
            None => answers.push((answer, vec![name])),
        }
    }
    let mut entry = String::new();
    for (answer, states) in answers {
        let answer = if answer.is_empty() { "nothing" } else { &answer };
        entry += &format!("    {}: {answer}\n", states.join(", "));
    }
    entry
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
                // One line that answers a question may be all of it or not, for who does not know the edition.
                if line.starts_with("STAT ") && user.waits() && has_one_reply_for_each(edition) {
                    continue;
                }
                assert!(
                    !user.waits() && !user.transfers(),
                    "{line} in state {state} of {edition}, well: {well}"
                );
            }
        }
    }
}

/// Whether a question is answered by one reply (RFC 454, IV.B), and not by some and a 200.
fn has_one_reply_for_each(edition: Edition) -> bool {
    CommandName::Stat.answers(edition).is_some_and(|answers| !answers.first.contains(ReplyCode::OK))
}

/// How a transfer, or what else is asked of a file, can fail.
fn failures() -> Vec<Failure> {
    let failed = CloseReason::Refused;
    vec![
        Failure::NotFound,
        Failure::NoDirectory,
        Failure::AccessDenied,
        Failure::NameTaken,
        Failure::ConnectionClosed,
        Failure::BrokenOff,
        Failure::ConnectionBroken(failed),
        Failure::Stalled,
        Failure::NothingCame,
        Failure::LoggedOut,
        Failure::NoStorage,
        Failure::CannotConnect(NoConnection::Failed(failed)),
        Failure::CannotConnect(NoConnection::NoRoom),
        Failure::FileSystem,
        Failure::TooManyFiles,
        Failure::TooLong,
        Failure::BadPathname("a pathname is something else".to_owned()),
        Failure::Version,
    ]
}

/// A code that the edition's own table does not have for the command says nothing to a program that goes by it.
#[test]
fn each_code_that_is_sent_stands_in_the_table_of_its_edition() {
    // In the others a reply may be that to an earlier command.
    let alone = STATES.iter().filter(|(name, _)| !["asked", "sending", "leaving"].contains(name));
    for (state, way) in alone {
        for (name, edition) in
            CommandName::ALL.iter().flat_map(|name| Edition::ALL.map(|edition| (name, edition)))
        {
            let endings: Vec<Option<Failure>> = failures().into_iter().map(Some).chain([None]).collect();
            for (line, ending, is_begun) in lines_with(*name).into_iter().flat_map(|line| {
                let with = |ending: &Option<Failure>| {
                    [true, false].map(|begun| (line.clone(), ending.clone(), begun))
                };
                endings.iter().flat_map(with).collect::<Vec<_>>()
            }) {
                let mut server = way(edition);
                server.codes.clear();
                server.hears(&line);
                server.ends(ending.as_ref(), is_begun);
                for code in &server.codes {
                    let at = format!("{code} to {line} in state {state} of {edition}, {ending:?}");
                    assert!(code.is_of(edition), "{at}: the edition has no such code");
                    // The data socket is news with a transfer.
                    let news = name.exchange() == Exchange::Transfer && *code == ReplyCode::DATA_SOCKET;
                    match name.answers(edition) {
                        Some(answers) => assert!(answers.have(*code) || news, "{at}: not in its table"),
                        None => assert_eq!(*code, ReplyCode::NOT_IMPLEMENTED, "{at}"),
                    }
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
                Help::Only(values) => format!("{name} {}", values.split(' ').next().unwrap_or_default()),
                Help::Files | Help::Others | Help::Absent => {
                    lines_with(*name).pop().expect("each command has a line")
                }
            };
            let answer = Server::logged_in(edition).hears(&line);
            let served = !answer.starts_with("506 ") && !answer.starts_with("402 ");
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
    Room(u64),
    Deleted(bool),
    Described,
    MayRename,
    Renamed,
    Listens(bool),
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
        1 => any::<u64>().prop_map(Input::Room),
        1 => any::<bool>().prop_map(Input::Deleted),
        1 => Just(Input::Described),
        1 => Just(Input::MayRename),
        1 => Just(Input::Renamed),
        1 => any::<bool>().prop_map(Input::Listens),
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
                Input::LoggedIn(valid) => server.after(|session| session.logged_in(admission(valid))),
                Input::Room(left) => server.after(|session| session.room(left)),
                Input::Deleted(true) => server.deletes(Ok("A")),
                Input::Deleted(false) => server.deletes(Err(Failure::NotFound)),
                Input::Described => server.describes(Err(Failure::NotFound)),
                Input::Started => server.starts(9),
                Input::Listens(well) => server.after(|session| session.listens(well)),
                Input::Renamed => server.after(|session| session.renamed(Ok("A".to_owned()))),
                Input::MayRename => server.after(|session| session.may_rename(Ok("A".to_owned()))),
                Input::Done => server.finishes(),
                Input::Failed => server.fails(Failure::FileSystem),
            });
        }
        sockets_of(server.after(ServerSession::closed));
        released.sort_unstable();
        prop_assert_eq!(released, granted);
    }
}
