//! Plays of hosts that are made up here, against ours with a server of files.

use host::{Program, Settings};

use super::*;
use crate::played::Mark;

/// The host that is played, and the one that speaks to it.
const SITE: u8 = 1;
const PARTNER: u8 = 3;

/// The link on which the captured host receives: ours assigns others.
const THEIR_LINK: u8 = 60;

/// The socket that the captured host leads to: ours leads elsewhere.
const THEIR_SOCKET: u32 = 77_000;

fn to_bits(other: u8, link: u8, text: &[u8]) -> Signal {
    Signal::Message(message(HostAddress::from(other), Link::from(link), 8, text))
}

fn control(other: u8, command: Command) -> Signal {
    let mut writer = BitWriter::new(command.len() * 8);
    command.emit(&mut writer);
    to_bits(other, 0, writer.finish().bytes())
}

fn says(command: Command) -> What {
    What::Sent { host: HostAddress::from(SITE), signal: control(PARTNER, command) }
}

fn hears(command: Command) -> What {
    What::Received { host: HostAddress::from(SITE), signal: control(PARTNER, command) }
}

fn sends(link: u8, text: &[u8]) -> What {
    What::Sent { host: HostAddress::from(SITE), signal: to_bits(PARTNER, link, text) }
}

fn gets(link: u8, text: &[u8]) -> What {
    What::Received { host: HostAddress::from(SITE), signal: to_bits(PARTNER, link, text) }
}

fn play(whats: &[What]) -> Comparison {
    let settings = Settings {
        address: HostAddress::from(SITE),
        programs: vec![Program::new("FTP server", |host| ftp_server::serve(host, ftp::Edition::default()))],
        ..Settings::default()
    };
    let mut play = Play::new(HostAddress::from(SITE), Host::new(settings));
    for (second, what) in (1..).zip(whats) {
        let at = Instant::START + Span::from_secs(second);
        play.take(&Record { at, cause: None, what: what.clone() });
    }
    play.finish()
}

fn socket(number: u32) -> Socket {
    Socket::from(number)
}

/// A user comes to the server of files, asks something by `asked`, and is answered `answer`.
fn visit(asked: &[u8], answer: &[u8]) -> Vec<What> {
    let link = Link::from;
    let lead = THEIR_SOCKET.to_be_bytes();
    let number = Signal::Message(message(HostAddress::from(PARTNER), link(40), 32, &lead));
    let their = socket(THEIR_SOCKET);
    let their_next = socket(THEIR_SOCKET + 1);
    vec![
        hears(Command::Rts { receive: socket(400), send: socket(3), link: link(40) }),
        says(Command::Str { send: socket(3), receive: socket(400), size: 32 }),
        hears(Command::All { link: link(40), messages: 1, bits: 32 }),
        What::Sent { host: HostAddress::from(SITE), signal: number },
        says(Command::Cls { mine: socket(3), yours: socket(400) }),
        hears(Command::Cls { mine: socket(400), yours: socket(3) }),
        says(Command::Rts { receive: their, send: socket(403), link: link(THEIR_LINK) }),
        says(Command::Str { send: their_next, receive: socket(402), size: 8 }),
        hears(Command::Str { send: socket(403), receive: their, size: 8 }),
        hears(Command::Rts { receive: socket(402), send: their_next, link: link(41) }),
        hears(Command::All { link: link(41), messages: 10, bits: 9000 }),
        says(Command::All { link: link(THEIR_LINK), messages: 10, bits: 9000 }),
        sends(41, b"300 GO AHEAD\r\n"),
        gets(THEIR_LINK, asked),
        sends(41, answer),
    ]
}

fn marks(comparison: &Comparison) -> Vec<(Mark, &str)> {
    let answers = comparison.lines.iter().filter(|line| line.mark != Mark::Heard);
    answers.map(|line| (line.mark, line.text.as_str())).collect()
}

#[test]
fn sockets_and_links_that_each_host_chooses_for_itself_make_no_difference() {
    let comparison = play(&visit(b"NOOP\r\n", b"200 AS YOU LIKE IT\r\n"));
    let marks = marks(&comparison);
    assert!(comparison.is_the_same(), "{:#?}", comparison.lines);
    assert!(
        marks.contains(&(Mark::OtherWords, "200 AS YOU LIKE IT")),
        "the command has reached ours: {marks:?}"
    );
    assert_eq!(comparison.unsaid, 0);
}

#[test]
fn another_answer_is_seen_and_so_is_none() {
    let other = play(&visit(b"NOOP\r\n", b"502 WHAT\r\n"));
    let seen = marks(&other);
    assert!(seen.contains(&(Mark::OnlyCaptured, "502 WHAT")), "{seen:?}");
    assert!(seen.iter().any(|(mark, text)| *mark == Mark::OnlyOurs && text.starts_with("200 ")), "{seen:?}");
    let mut silent = visit(b"NOOP\r\n", b"");
    silent.pop();
    assert_eq!(play(&silent).count(Mark::OnlyOurs), 1);
}

#[test]
fn what_two_partners_ask_may_be_answered_in_either_order() {
    let site = HostAddress::from(SITE);
    let asks = |partner, data| What::Received { host: site, signal: control(partner, Command::Eco { data }) };
    let answers = |partner, data| What::Sent { host: site, signal: control(partner, Command::Erp { data }) };
    let comparison = play(&[asks(PARTNER, 5), asks(4, 7), answers(4, 7), answers(PARTNER, 5)]);
    assert!(comparison.is_the_same(), "{:#?}", comparison.lines);
    assert_eq!(comparison.count(Mark::Same), 2);
    let wrong = play(&[asks(PARTNER, 5), answers(PARTNER, 6)]);
    assert_eq!((wrong.count(Mark::OnlyCaptured), wrong.count(Mark::OnlyOurs)), (1, 1));
}

#[test]
fn what_the_captured_host_asked_others_as_a_user_is_left_out_and_told() {
    let asks = Command::Rts { receive: socket(9_000), send: socket(3), link: Link::from(70) };
    let given = Command::Str { send: socket(3), receive: socket(9_000), size: 32 };
    let comparison = play(&[says(asks), hears(given), gets(70, &[0, 0, 9, 9])]);
    assert_eq!(comparison.asked, 1);
    assert_eq!(marks(&comparison), [], "nothing of it is held against ours");
}
