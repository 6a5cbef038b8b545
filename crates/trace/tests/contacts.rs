//! Only what an initial connection protocol really uses is a contact, and only what it led to is a dialogue.

use imp1822::{HostAddress, LEADER_BITS, Leader, Link, Signal, ToImp};
use machine::BitWriter;
use ncp::{Command, HEADER_BITS, Header, Socket};
use trace::{Follower, Speaker, Topic};

const USER: u8 = 3;
const SERVER: u8 = 1;
const STRANGER: u8 = 2;

/// The contact socket of the file transfer server, the user's U, and the server's number S.
const CONTACT: u32 = 3;
const U: u32 = 1024;
const S: u8 = 200;

/// A message from one host to another, as NIC 8246 lays it out.
fn message(to: u8, link: u8, size: u8, text: &[u8]) -> Signal {
    let mut writer = BitWriter::new(LEADER_BITS + HEADER_BITS + text.len() * 8);
    let leader = ToImp::Regular { to: HostAddress::from(to), link: Link::from(link), priority: false };
    Leader::from(leader).emit(&mut writer);
    Header { size, count: (text.len() * 8 / usize::from(size)) as u16 }.emit(&mut writer);
    writer.put_bytes(text);
    Signal::Message(writer.finish())
}

fn control(to: u8, command: Command) -> Signal {
    let mut writer = BitWriter::new(command.len() * 8);
    command.emit(&mut writer);
    message(to, 0, 8, writer.finish().bytes())
}

fn rts(receive: u32, send: u32, link: u8) -> Command {
    Command::Rts { receive: Socket::from(receive), send: Socket::from(send), link: Link::from(link) }
}

fn str(send: u32, receive: u32, size: u8) -> Command {
    Command::Str { send: Socket::from(send), receive: Socket::from(receive), size }
}

fn cls(mine: u32, yours: u32) -> Command {
    Command::Cls { mine: Socket::from(mine), yours: Socket::from(yours) }
}

/// What the follower says of a message, as `lens: what`.
fn said(follower: &mut Follower, from: u8, signal: &Signal) -> Vec<String> {
    let sayings = follower.sent(HostAddress::from(from), signal);
    sayings.into_iter().map(|saying| format!("{}: {}", saying.lens, saying.what)).collect()
}

/// A follower that has seen these control commands, each with its sender and receiver.
fn after(commands: &[(u8, u8, Command)]) -> Follower {
    let mut follower = Follower::default();
    for (from, to, command) in commands {
        said(&mut follower, *from, &control(*to, *command));
    }
    follower
}

/// The user's request for the contact on link 40, and the server's answer.
fn contact() -> [(u8, u8, Command); 2] {
    [(USER, SERVER, rts(U, CONTACT, 40)), (SERVER, USER, str(CONTACT, U, 32))]
}

/// The server's message of 32 bits on the link of the contact.
fn number(s: u8) -> Signal {
    message(USER, 40, 32, &[0, 0, 0, s])
}

/// A follower that has seen a whole contact: asked for, granted, the number said, and closed.
fn introduced() -> Follower {
    let mut follower = after(&contact());
    assert_eq!(said(&mut follower, SERVER, &number(S)), ["ncp: link 40 socket number 200"]);
    said(&mut follower, SERVER, &control(USER, cls(CONTACT, U)));
    said(&mut follower, USER, &control(SERVER, cls(U, CONTACT)));
    follower
}

/// What is said of a line of text on a link from the server to the user.
fn line(follower: &mut Follower, link: u8) -> Vec<String> {
    said(follower, SERVER, &message(USER, link, 8, b"HI\r\n"))
}

const AS_DIALOGUE: [&str; 1] = ["ftp: HI"];

#[test]
fn a_number_on_a_contact_that_the_user_asked_for_leads_to_a_dialogue() {
    let mut follower = introduced();
    said(&mut follower, USER, &control(SERVER, rts(U + 2, 201, 41)));
    said(&mut follower, SERVER, &control(USER, rts(200, U + 3, 42)));
    assert_eq!(line(&mut follower, 41), AS_DIALOGUE);
    assert_eq!(said(&mut follower, USER, &message(SERVER, 42, 8, b"USER X\r\n")), ["ftp: USER X"]);
}

#[test]
fn a_server_may_ask_for_the_two_connections_before_it_has_said_its_number() {
    let mut follower = after(&contact());
    said(&mut follower, SERVER, &control(USER, rts(200, U + 3, 42)));
    said(&mut follower, SERVER, &number(S));
    let command = said(&mut follower, USER, &message(SERVER, 42, 8, b"USER X\r\n"));
    assert_eq!(command, ["ftp: USER X"], "RFC 165, p. 4: steps S7 and S8 in parallel with S3 to S6");
}

#[test]
fn data_that_a_host_sends_from_a_low_socket_of_its_own_accord_are_data() {
    // `SITE1 inits 11 to SITE2 400`: a server listens, it does not ask.
    for size in [8, 32] {
        let mut follower = after(&[(SERVER, USER, str(11, 400, size)), (USER, SERVER, rts(400, 11, 40))]);
        let told = said(&mut follower, SERVER, &message(USER, 40, size, b"HELLO\r\n\0"));
        assert!(told[0].starts_with("data: link 40 data"), "{told:?}");
        let told = said(&mut follower, SERVER, &number(S));
        assert_eq!(told, ["data: link 40 data 1 x 32 bits 0xc8"], "with size {size} it is no number either");
    }
}

#[test]
fn an_offer_that_was_refused_or_withdrawn_does_not_make_data_of_a_later_contact() {
    let offer = (SERVER, USER, str(CONTACT, U, 32));
    for close in
        [(USER, SERVER, cls(U, CONTACT)), (SERVER, USER, cls(CONTACT, U)), (USER, SERVER, Command::Rst)]
    {
        let mut follower = after(&[offer, close]);
        contact().iter().for_each(|(from, to, command)| {
            said(&mut follower, *from, &control(*to, *command));
        });
        assert_eq!(said(&mut follower, SERVER, &number(S)), ["ncp: link 40 socket number 200"], "{close:?}");
    }
}

#[test]
fn a_host_that_offers_a_connection_of_sockets_that_were_a_contact_once_sends_data() {
    let mut follower = introduced();
    said(&mut follower, SERVER, &control(USER, str(CONTACT, U, 32)));
    said(&mut follower, USER, &control(SERVER, rts(U, CONTACT, 40)));
    assert_eq!(said(&mut follower, SERVER, &number(S)), ["data: link 40 data 1 x 32 bits 0xc8"]);
}

#[test]
fn a_number_is_one_even_byte_of_32_bits_on_a_connection_of_that_size() {
    let cases: [(u8, &[u8], &str); 4] = [
        (8, b"HELP", "\"HELP\""),
        (32, &[0, 0, 0, 201], "0xc9"),
        (32, &[0, 0, 0, 200, 0, 0, 0, 202], "0xc8 0xca"),
        (36, &[0, 0, 0, 0x0c, 0x80, 0, 0, 0, 0], "0o310 0o0"),
    ];
    for (size, text, shown) in cases {
        let mut follower =
            after(&[(USER, SERVER, rts(U, CONTACT, 40)), (SERVER, USER, str(CONTACT, U, size))]);
        let told = said(&mut follower, SERVER, &message(USER, 40, size, text));
        assert!(told[0].starts_with("data: ") && told[0].contains(shown), "{told:?}");
        let told = said(&mut follower, SERVER, &number(S));
        assert!(told[0].starts_with("data: "), "only the first message can be a number: {told:?}");
    }
}

#[test]
fn a_server_says_one_number_and_may_say_it_again() {
    let mut follower = after(&contact());
    let told: Vec<_> = [S, S, 202].iter().flat_map(|s| said(&mut follower, SERVER, &number(*s))).collect();
    let socket = "ncp: link 40 socket number 200";
    assert_eq!(told, [socket, socket, "data: link 40 data 1 x 32 bits 0xca"]);
}

#[test]
fn only_an_odd_socket_of_a_service_and_an_even_one_of_a_user_are_a_contact() {
    for (receive, send) in [(U, 2), (U + 1, CONTACT), (U, 257)] {
        let mut follower = after(&[(USER, SERVER, rts(receive, send, 40))]);
        let told = said(&mut follower, SERVER, &number(S));
        assert!(told[0].starts_with("data: "), "RTS {receive} from {send}: {told:?}");
    }
}

#[test]
fn what_a_number_announces_is_between_the_sockets_of_just_these_hosts() {
    let mut follower = introduced();
    let told = [(U + 2, 203), (U, 201), (U + 4, 201)].map(|(receive, send)| {
        said(&mut follower, USER, &control(SERVER, rts(receive, send, 41)));
        line(&mut follower, 41).remove(0)
    });
    assert!(told.iter().all(|told| told.starts_with("data: ")), "other sockets: {told:?}");
    said(&mut follower, STRANGER, &control(SERVER, rts(U + 2, 201, 41)));
    let told = said(&mut follower, SERVER, &message(STRANGER, 41, 8, b"HI\r\n"));
    assert!(told[0].starts_with("data: "), "another host at the same sockets: {told:?}");
    said(&mut follower, USER, &control(SERVER, rts(U + 2, 201, 41)));
    assert_eq!(line(&mut follower, 41), AS_DIALOGUE, "and the user may still come");
}

#[test]
fn a_connection_of_the_same_sockets_after_the_dialogue_is_none() {
    let mut follower = introduced();
    said(&mut follower, USER, &control(SERVER, rts(U + 2, 201, 41)));
    said(&mut follower, SERVER, &control(USER, cls(201, U + 2)));
    assert_eq!(line(&mut follower, 41), AS_DIALOGUE, "until the link is assigned anew it is what it was");
    said(&mut follower, USER, &control(SERVER, cls(U + 2, 201)));
    said(&mut follower, USER, &control(SERVER, rts(U + 2, 201, 41)));
    assert!(line(&mut follower, 41)[0].starts_with("data: "));
}

#[test]
fn a_dialogue_that_was_announced_and_never_came_is_forgotten_when_a_host_begins_anew() {
    for command in [Command::Rst, Command::Rrp] {
        let mut follower = introduced();
        said(&mut follower, USER, &control(SERVER, command));
        said(&mut follower, USER, &control(SERVER, rts(U + 2, 201, 41)));
        assert!(line(&mut follower, 41)[0].starts_with("data: "), "{command}");
    }
}

#[test]
fn a_dialogue_has_bytes_of_eight_bits() {
    let mut follower = introduced();
    said(&mut follower, USER, &control(SERVER, rts(U + 2, 201, 41)));
    let told = said(&mut follower, SERVER, &message(USER, 41, 32, b"HI\r\n"));
    assert_eq!(told, ["data: link 41 data 1 x 32 bits 0x48490d0a"]);
}

#[test]
fn a_server_may_go_on_at_sockets_that_look_like_those_of_services() {
    let mut follower = after(&contact());
    said(&mut follower, SERVER, &number(128));
    said(&mut follower, USER, &control(SERVER, rts(U + 2, 129, 45)));
    said(&mut follower, SERVER, &control(USER, rts(128, U + 3, 46)));
    assert_eq!(said(&mut follower, USER, &message(SERVER, 46, 8, b"SMITH\r\n")), ["ftp: SMITH"]);
    assert_eq!(said(&mut follower, SERVER, &message(USER, 45, 8, b"NOT IN\r\n")), ["ftp: NOT IN"]);
}

#[test]
fn where_a_capture_begins_behind_the_requests_nothing_is_taken_for_a_number_and_nobody_is_accused() {
    let sayings = Follower::default().sent(HostAddress::from(SERVER), &number(S));
    let told: Vec<_> = sayings.iter().map(|one| (one.what.as_str(), one.meaning.as_str())).collect();
    assert_eq!(told, [("link 40 data 1 x 32 bits 0xc8", "no RTS for this link was seen")]);
}

#[test]
fn where_a_capture_has_missed_the_answer_to_the_request_the_header_shows_the_size() {
    let mut follower = after(&contact()[..1]);
    assert_eq!(said(&mut follower, SERVER, &number(S)), ["ncp: link 40 socket number 200"]);
}

#[test]
fn servers_that_give_out_numbers_without_end_still_have_their_last_one_followed() {
    let mut follower = Follower::default();
    for u in (0..4096).map(|n| 1024 + 8 * n) {
        said(&mut follower, USER, &control(SERVER, rts(u, CONTACT, 40)));
        said(&mut follower, SERVER, &number(S));
    }
    said(&mut follower, USER, &control(SERVER, rts(1024 + 8 * 4095 + 2, 201, 41)));
    assert_eq!(line(&mut follower, 41), AS_DIALOGUE);
}

/// Which session a command of the user belongs to.
fn session(follower: &Follower, command: Command) -> u64 {
    match follower.topic(HostAddress::from(USER), &control(SERVER, command), true) {
        Topic::Contact { session, .. } | Topic::Dialogue { session, .. } => session,
        topic => panic!("{command} is of a session: {topic:?}"),
    }
}

#[test]
fn a_second_session_of_the_same_hosts_and_sockets_is_not_the_first() {
    let mut follower = introduced();
    let (contact, dialogue) = (rts(U, CONTACT, 40), rts(U + 2, 201, 41));
    said(&mut follower, USER, &control(SERVER, dialogue));
    let first = session(&follower, dialogue);
    assert_eq!(session(&follower, contact), first, "what a contact leads to is of its session");
    for (from, to, close) in [(SERVER, USER, cls(201, U + 2)), (USER, SERVER, cls(U + 2, 201))] {
        said(&mut follower, from, &control(to, close));
    }
    assert_eq!(session(&follower, cls(U + 2, 201)), first, "a close is of what it closes");
    // The same sockets, on another link.
    said(&mut follower, USER, &control(SERVER, rts(U, CONTACT, 45)));
    said(&mut follower, SERVER, &message(USER, 45, 32, &[0, 0, 0, S]));
    said(&mut follower, USER, &control(SERVER, rts(U + 2, 201, 46)));
    let second = session(&follower, rts(U + 2, 201, 46));
    assert_ne!(second, first);
    assert_eq!(session(&follower, rts(U, CONTACT, 45)), second);
    for (from, to, close) in [(SERVER, USER, cls(CONTACT, U)), (USER, SERVER, cls(U, CONTACT))] {
        said(&mut follower, from, &control(to, close));
    }
    assert_eq!(session(&follower, cls(U, CONTACT)), second, "the last that had these sockets");
}

#[test]
fn a_request_for_a_contact_that_comes_twice_begins_no_second_session() {
    let mut follower = after(&contact());
    let request = rts(U, CONTACT, 40);
    let first = session(&follower, request);
    said(&mut follower, USER, &control(SERVER, request));
    assert_eq!(session(&follower, request), first);
}

#[test]
fn a_session_of_a_user_with_his_own_host_has_two_speakers() {
    let mut follower = Follower::default();
    for command in [rts(U, CONTACT, 40), str(CONTACT, U, 32)] {
        said(&mut follower, USER, &control(USER, command));
    }
    said(&mut follower, USER, &number(S));
    said(&mut follower, USER, &control(USER, rts(U + 2, 201, 41)));
    said(&mut follower, USER, &control(USER, rts(200, U + 3, 42)));
    let speaker =
        |link| follower.speaker(HostAddress::from(USER), &message(USER, link, 8, b"200 OK\r\n"), true);
    assert_eq!([41, 42, 43].map(speaker), [Some(Speaker::Server), Some(Speaker::User), None]);
    let control = control(USER, cls(U + 2, 201));
    assert_eq!(follower.speaker(HostAddress::from(USER), &control, true), None);
}
