//! Commands as people and programs wrote them.

use imp1822::HostAddress;
use ncp::Socket;
use proptest::prelude::*;

use super::examples::lines_with;
use super::*;
use crate::{Reply, ReplyCode};

fn parse(line: &str) -> Result<Command, CommandError> {
    Command::parse(line, Edition::Rfc438)
}

fn refused(line: &str) -> String {
    Reply::from(&parse(line).expect_err("the line should be refused")).to_string()
}

#[test]
fn a_command_may_be_written_in_either_case_and_with_many_spaces() {
    for line in ["RETR this.file", "Retr this.file", "rETr    this.file", "  retr this.file"] {
        assert_eq!(parse(line), Ok(Command::Retr("this.file".to_owned())), "{line:?}");
    }
    assert_eq!(parse("type i "), Ok(Command::Type(Type::Image)));
    assert_eq!(parse("lstn r"), Ok(Command::Lstn(Gender::Receive)));
    assert_eq!(parse("Bye"), Ok(Command::Bye), "no space is needed before no argument (RFC 414, 3)");
}

#[test]
fn a_socket_may_come_with_its_host() {
    let sock = |host: Option<u8>, socket: u32| {
        let named = NamedSocket { host: host.map(HostAddress::from), socket: Socket::from(socket) };
        Ok(Command::Sock(Some(named)))
    };
    assert_eq!(parse("SOCK 65538"), sock(None, 65538));
    assert_eq!(parse("SOCK 69,4294967295"), sock(Some(69), u32::MAX));
    assert_eq!(parse("sock 69 , 5"), sock(Some(69), 5));
}

#[test]
fn an_argument_left_out_is_told_from_one_left_empty_on_purpose() {
    assert_eq!(parse("PASS"), Ok(Command::Pass("".into())), "an account may have no password");
    assert_eq!(parse("MLFL   "), Ok(Command::Mlfl(None)), "a blank name means the site (RFC 385, 13)");
    assert_eq!(parse("LIST"), Ok(Command::List(None)));
    assert_eq!(refused("RETR"), "502 RETR wants a pathname, and there is nothing");
    assert_eq!(parse("SOCK  "), Ok(Command::Sock(None)), "nothing is the default (RFC 354, V.B)");
    assert_eq!(refused("LSTN  "), "502 LSTN wants S for send or R for receive, and there is nothing");
}

#[test]
fn what_cannot_be_read_is_refused_with_the_reason() {
    assert_eq!(refused("BYTE 256"), "501 BYTE wants a byte size from 1 to 255");
    for line in [
        "BYTE 0",
        "BYTE +8",
        "BYTE 0o10",
        "SOCK 4294967296",
        "SOCK 256,5",
        "SOCK 69,",
        "SOCK ,5",
        "SOCK 1,2,3",
        "SOCK -1",
        "SOCK x",
        "LSTN T",
        "LSTN SR",
        "TYPE Q",
        "MODE SS",
        "STRU A",
        "ALLO many",
        "REST a b",
        "ABOR now",
        "BYE bye",
        "RETR caf\u{e9}",
        "RETR a\rb",
    ] {
        assert!(refused(line).starts_with("501 "), "{line:?} is answered {}", refused(line));
    }
}

#[test]
fn what_is_no_command_is_named_in_the_answer_in_printing_ascii() {
    assert_eq!(refused("XYZZY 5"), "500 XYZZY is not a command");
    assert_eq!(refused("X5"), "500 X5 is not a command");
    assert_eq!(refused("RET x"), "500 RET is not a command");
    assert_eq!(refused(""), "500 an empty line is not a command");
    assert_eq!(refused("\r\u{e9}"), r"500 \r\u{e9} is not a command");
    assert_eq!(refused(&"A".repeat(500)), format!("500 {} is not a command", "A".repeat(16)));
}

#[test]
fn a_command_of_another_edition_is_known_and_refused() {
    let of = |edition, line| Command::parse(line, edition).map_err(|error| error.code());
    let not = Err(ReplyCode::NOT_IMPLEMENTED);
    assert_eq!(of(Edition::Rfc354, "LSTN R"), not);
    assert_eq!(of(Edition::Rfc438, "LSTN R"), Ok(Command::Lstn(Gender::Receive)));
    assert_eq!(of(Edition::Rfc478, "LSTN R"), not);
    assert_eq!(of(Edition::Rfc438, "PASV"), not);
    assert_eq!(of(Edition::Rfc478, "PASV"), Ok(Command::Pasv));
    assert_eq!(of(Edition::Rfc438, "FORM U"), not);
    assert_eq!(of(Edition::Rfc454, "form p"), Ok(Command::Form(Format::PrintFile)));
    assert_eq!((of(Edition::Rfc438, "REIN"), of(Edition::Rfc542, "REIN")), (not.clone(), Ok(Command::Rein)));
    assert_eq!(of(Edition::Rfc542, "MAIL"), not);
}

#[test]
fn what_begins_with_x_is_an_experiment_of_a_site_and_no_mistake_of_the_user() {
    assert_eq!(refused("XCWD <SMITH>"), "506 XCWD is an experiment that is not made here");
    assert_eq!(refused("x y z"), "506 X is an experiment that is not made here");
    let of_542 = Command::parse("xcwd <SMITH>", Edition::Rfc542);
    assert_eq!(of_542, Ok(Command::Xcwd("<SMITH>".to_owned())));
}

#[test]
fn type_and_mode_have_the_values_of_their_edition() {
    let of = |edition, line| Command::parse(line, edition).map_err(|error| error.code());
    for line in ["TYPE P", "TYPE F"] {
        assert!(of(Edition::Rfc438, line).is_ok(), "{line}");
        assert_eq!(of(Edition::Rfc454, line), Err(ReplyCode::SYNTAX), "{line}: FORM says that");
    }
    let of_542 = |line| of(Edition::Rfc542, line);
    assert_eq!(of_542("TYPE A N"), Ok(Command::Type(Type::Ascii)));
    assert_eq!(of_542("type e  c "), Ok(Command::Type(Type::PrintEbcdic)));
    assert_eq!(of_542("TYPE I"), Ok(Command::Type(Type::Image)));
    for line in ["TYPE A T", "TYPE L 36", "MODE C"] {
        assert_eq!(of_542(line), Err(ReplyCode::NOT_THAT_VALUE), "{line} is there, and not known here");
    }
    for line in ["TYPE P", "TYPE A X", "TYPE I N", "TYPE L", "TYPE L 0", "TYPE A N N", "MODE T", "MODE H"] {
        assert_eq!(of_542(line), Err(ReplyCode::SYNTAX), "{line}");
    }
}

#[test]
fn a_password_goes_to_the_wire_and_nowhere_else() {
    let command = parse("PASS MASS").expect("a command");
    assert_eq!(command.to_string(), "PASS MASS");
    assert_eq!(command.masked().to_string(), "PASS XXXX");
    assert_eq!(format!("{command:?}"), "Pass(XXXX)");
    assert_eq!(parse("RETR MASS").expect("a command").masked().to_string(), "RETR MASS");
}

#[test]
fn every_command_parses_in_the_editions_that_have_it_and_is_refused_in_the_others() {
    for name in CommandName::ALL {
        assert!(!lines_with(*name).is_empty() && !name.editions().is_empty(), "{name}");
        for (line, edition) in
            lines_with(*name).iter().flat_map(|line| Edition::ALL.map(|edition| (line, edition)))
        {
            let parsed = Command::parse(line, edition);
            if lacks_value(line, edition) {
                assert_eq!(
                    parsed.map_err(|error| error.code()),
                    Err(ReplyCode::SYNTAX),
                    "{line} of {edition}"
                );
            } else if name == &CommandName::Xcwd && edition != Edition::Rfc542 {
                assert!(matches!(parsed, Err(CommandError::Experimental { .. })), "{line} of {edition}");
            } else if name.editions().contains(&edition) {
                let command = parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
                assert_eq!((command.name(), command.to_string()), (*name, line.clone()));
                assert_eq!(Command::parse(&format!("  {}", lower(line)), edition), Ok(command), "{line}");
            } else {
                assert_eq!(parsed, Err(CommandError::NotOfEdition { name: name.as_str(), edition }));
            }
        }
    }
}

/// Whether the edition has no such value of TYPE or MODE.
fn lacks_value(line: &str, edition: Edition) -> bool {
    match edition {
        Edition::Rfc354 | Edition::Rfc438 => false,
        Edition::Rfc454 | Edition::Rfc478 => ["TYPE P", "TYPE F"].contains(&line),
        Edition::Rfc542 => ["TYPE P", "TYPE F", "TYPE L", "MODE T", "MODE H"].contains(&line),
    }
}

/// The line with its command in small letters.
fn lower(line: &str) -> String {
    let (name, rest) = line.split_at(line.find(' ').unwrap_or(line.len()));
    format!("{}{rest}", name.to_ascii_lowercase())
}

#[test]
fn every_row_says_all_that_there_is_to_say() {
    for (at, name) in CommandName::ALL.iter().enumerate() {
        assert!((3..=4).contains(&name.as_str().len()), "{name}");
        assert!(name.as_str().bytes().all(|byte| byte.is_ascii_uppercase()), "{name}");
        assert_eq!(CommandName::from_word(name.as_str()), Some(*name), "there is one row for {name}");
        assert_eq!(CommandName::ALL.iter().position(|other| other == name), Some(at));
        for text in [name.wants(), name.meaning(), name.source()] {
            assert!(
                !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
                "{name}: {text}"
            );
        }
        assert!(name.source().starts_with("RFC "), "{name}: {}", name.source());
        assert_eq!(name.wants() == "no argument", name.form() == Form::Nothing, "{name}");
    }
}

#[test]
fn a_command_means_what_its_row_says_and_lstn_tells_the_gender() {
    for name in CommandName::ALL.iter().filter(|name| **name != CommandName::Lstn) {
        for line in lines_with(*name) {
            let command = Edition::ALL.iter().find_map(|edition| Command::parse(&line, *edition).ok());
            assert_eq!(command.map(|command| command.meaning()), Some(name.meaning()), "{line}");
        }
    }
    assert_eq!(parse("LSTN R").map(|command| command.meaning()), Ok("set a receive socket aside"));
    assert_eq!(parse("LSTN S").map(|command| command.meaning()), Ok("set a send socket aside"));
}

/// An argument as it is written back.
fn any_argument(form: Form) -> BoxedStrategy<String> {
    const TEXT: &str = "[!-~][ -~]{0,30}";
    fn one_of(letters: Vec<char>) -> BoxedStrategy<String> {
        proptest::sample::select(letters).prop_map(String::from).boxed()
    }
    match form {
        Form::Nothing => Just(String::new()).boxed(),
        Form::Text => TEXT.boxed(),
        Form::OptionalText | Form::Password => prop_oneof![Just(String::new()), TEXT].boxed(),
        Form::Marker => "[!-~]{1,20}".boxed(),
        Form::Number => any::<u64>().prop_map(|number| number.to_string()).boxed(),
        Form::ByteSize => (1..=255_u8).prop_map(|bits| bits.to_string()).boxed(),
        Form::Socket => (any::<Option<u8>>(), any::<u32>())
            .prop_map(|(host, socket)| {
                host.map(|host| format!("{host},")).unwrap_or_default() + &socket.to_string()
            })
            .boxed(),
        Form::Gender => one_of(vec!['S', 'R']),
        Form::Type => one_of(Type::ALL.iter().map(|kind| kind.letter()).collect()),
        Form::Structure => one_of(Structure::ALL.iter().map(|structure| structure.letter()).collect()),
        Form::Format => one_of(Format::ALL.iter().map(|format| format.letter()).collect()),
        Form::Mode => one_of(Mode::ALL.iter().map(|mode| mode.letter()).collect()),
    }
}

/// Every command of the editions, with any argument.
fn any_command() -> impl Strategy<Value = (CommandName, String)> {
    proptest::sample::select(CommandName::ALL).prop_flat_map(|name| {
        any_argument(name.form()).prop_map(move |argument| match argument.as_str() {
            "" => (name, name.to_string()),
            argument => (name, format!("{name} {argument}")),
        })
    })
}

proptest! {
    #[test]
    fn every_command_survives_being_sent((name, line) in any_command()) {
        for edition in name.editions().iter().filter(|edition| !lacks_value(&line, **edition)) {
            let command = Command::parse(&line, *edition);
            prop_assert_eq!(command.as_ref().map(Command::name), Ok(name));
            prop_assert_eq!(command.map(|command| command.to_string()), Ok(line.clone()));
        }
    }

    #[test]
    fn any_line_at_all_is_a_command_or_an_error_that_can_be_sent(line in ".{0,40}") {
        if let Err(error) = parse(&line) {
            let reply = Reply::from(&error).to_string();
            prop_assert!(reply.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{:?}", reply);
        }
    }
}

/// RFC 542, ALLO: a second number, behind an R, is of the longest record.
#[test]
fn allo_tells_the_longest_record_where_the_edition_has_that() {
    let read = |line: &str, edition| Command::parse(line, edition);
    for line in ["ALLO 5000 R 80", "allo 5000  r  80 "] {
        let wanted = read(line, Edition::Rfc542).expect("it is as the edition has it");
        assert_eq!(wanted, Command::Allo(Allocation { bytes: 5000, record: Some(80) }));
        assert_eq!(wanted.to_string(), "ALLO 5000 R 80");
    }
    for edition in Edition::ALL {
        assert_eq!(
            read("ALLO 5000", edition),
            Ok(Command::Allo(Allocation { bytes: 5000, record: None })),
            "{edition}"
        );
        let wrong = [
            "ALLO 5000 80",
            "ALLO 5000 R",
            "ALLO R 80",
            "ALLO 5000 R 80 R",
            "ALLO 5000 R X",
            "ALLO 5000 S 80",
        ];
        let before = (edition != Edition::Rfc542).then_some("ALLO 5000 R 80");
        for line in wrong.into_iter().chain(before) {
            let error = read(line, edition).expect_err("it is none");
            assert!(matches!(error, CommandError::Syntax { .. }), "{line} of {edition}: {error}");
        }
    }
}
