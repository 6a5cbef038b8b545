//! Commands as people and programs wrote them.

use proptest::prelude::*;

use super::*;

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
        Ok(Command::Sock { host: host.map(HostAddress::from), socket: Socket::from(socket) })
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
    assert_eq!(
        refused("SOCK  "),
        "502 SOCK wants a socket, or a host's number, a comma and a socket, and there is nothing"
    );
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
}

#[test]
fn a_password_goes_to_the_wire_and_nowhere_else() {
    let command = parse("PASS MASS").expect("a command");
    assert_eq!(command.to_string(), "PASS MASS");
    assert_eq!(command.masked().to_string(), "PASS XXXX");
    assert_eq!(format!("{command:?}"), "Pass(XXXX)");
    assert_eq!(parse("RETR MASS").expect("a command").masked().to_string(), "RETR MASS");
}

fn string() -> impl Strategy<Value = String> {
    "[!-~][ -~]{0,30}"
}

fn optional() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(string())
}

fn one_of<T: Copy + fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(values)
}

/// Every command of the three editions.
fn any_command() -> impl Strategy<Value = Command> {
    let strings = prop_oneof![
        string().prop_map(Command::User),
        "([!-~][ -~]{0,30})?".prop_map(|password| Command::Pass(password.into())),
        string().prop_map(Command::Acct),
        string().prop_map(Command::Retr),
        string().prop_map(Command::Stor),
        string().prop_map(Command::Appe),
        string().prop_map(Command::Rnfr),
        string().prop_map(Command::Rnto),
        string().prop_map(Command::Dele),
        "[!-~]{1,20}".prop_map(Command::Rest),
    ];
    let optionals = prop_oneof![
        optional().prop_map(Command::List),
        optional().prop_map(Command::Nlst),
        optional().prop_map(Command::Stat),
        optional().prop_map(Command::Help),
        optional().prop_map(Command::Mlfl),
        optional().prop_map(Command::Mail),
    ];
    let values = prop_oneof![
        (1..=255_u8).prop_map(|bits| Command::Byte(ByteSize::new(bits).expect("not zero"))),
        (any::<Option<u8>>(), any::<u32>()).prop_map(|(host, socket)| Command::Sock {
            host: host.map(HostAddress::from),
            socket: Socket::from(socket),
        }),
        one_of(&[Gender::Send, Gender::Receive]).prop_map(Command::Lstn),
        one_of(Type::ALL).prop_map(Command::Type),
        one_of(Structure::ALL).prop_map(Command::Stru),
        one_of(Mode::ALL).prop_map(Command::Mode),
        any::<u64>().prop_map(Command::Allo),
    ];
    let bare = prop_oneof![Just(Command::Abor), Just(Command::Bye), Just(Command::Noop), Just(Command::Pasv)];
    prop_oneof![strings, optionals, values, bare]
}

proptest! {
    #[test]
    fn every_command_survives_being_sent(command in any_command()) {
        let edition = if command == Command::Pasv { Edition::Rfc478 } else { Edition::Rfc438 };
        prop_assert_eq!(Command::parse(&command.to_string(), edition), Ok(command));
    }

    #[test]
    fn any_line_at_all_is_a_command_or_an_error_that_can_be_sent(line in ".{0,40}") {
        if let Err(error) = parse(&line) {
            let reply = Reply::from(&error).to_string();
            prop_assert!(reply.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{:?}", reply);
        }
    }
}
