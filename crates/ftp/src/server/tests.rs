//! Dialogues with a server, line by line.

mod accounts;
mod listing;
mod sockets;
mod states;

use imp1822::{HostAddress, Incomplete};
use machine::Rounds;
use ncp::{CloseReason, Loss};

use super::*;
use crate::{Reply, Type, UserSession};

const USC: u8 = 86;
const CASE: u8 = 13;
const BBN: u8 = 69;

/// The user's socket U.
const U: u32 = 65536;

/// The server's socket S, which the user was told.
const S: u32 = 8184;

/// The far end of data connections.
const THERE: u32 = 65540;

fn socket_of(host: u8, socket: u32) -> ForeignSocket {
    ForeignSocket { host: HostAddress::from(host), socket: Socket::from(socket) }
}

/// What becomes of a user of whom no account is wanted.
fn admission(valid: bool) -> Admission {
    if valid { Admission::Free } else { Admission::Refused }
}

fn show(action: Action) -> String {
    match action {
        Action::Reply(reply) => reply.to_string().replace('\n', " |"),
        Action::CheckPassword { user, password } => format!("[check {user} {}]", password.reveal()),
        Action::CheckAccount { user, account } => format!("[may {user} charge {account}]"),
        Action::LoggedOut => "[logged out]".to_owned(),
        Action::AllocateSocket(gender) => format!("[allocate a {gender} socket]"),
        Action::ReleaseSocket(socket) => format!("[release {socket}]"),
        Action::Transfer(transfer) => {
            let path = transfer.verb.path().unwrap_or("everything");
            let kind = match transfer.parameters {
                parameters if parameters == crate::Parameters::default() => "",
                parameters => {
                    assert_eq!(parameters.representation, Type::Image, "nothing else can have been accepted");
                    " as an image"
                }
            };
            format!("[{} {path}{kind}: {}]", transfer.verb, transfer.connect)
        }
        Action::CheckRoom => "[is there room]".to_owned(),
        Action::Delete(path) => format!("[delete {path}]"),
        Action::Describe(path) => format!("[describe {path}]"),
        Action::MayRename(path) => format!("[may {path} be renamed]"),
        Action::Rename { from, to } => format!("[rename {from} to {to}]"),
        Action::Listen(listeners) if listeners.is_empty() => "[do not listen]".to_owned(),
        Action::Listen(listeners) => {
            let listeners: Vec<String> = listeners.iter().map(ToString::to_string).collect();
            format!("[{}]", listeners.join(", "))
        }
        Action::AbortTransfer(gender) => format!("[abort what the {gender} socket does]"),
        Action::Bye => "[hang up]".to_owned(),
    }
}

/// A server session whose every input returns what came of it, and the user's session that hears its replies.
struct Server {
    session: ServerSession,
    user: UserSession,
    /// The codes of all replies.
    codes: Vec<ReplyCode>,
}

impl Server {
    fn new(edition: Edition) -> Self {
        let session = ServerSession::new(edition, socket_of(USC, U), Socket::from(S));
        Server { session, user: UserSession::new(), codes: Vec::new() }
    }

    fn logged_in(edition: Edition) -> Self {
        let mut server = Server::new(edition);
        assert_eq!(server.hears("USER BOBT"), "330 password, please");
        assert_eq!(server.hears("PASS MASS"), "[check BOBT MASS]");
        assert_eq!(server.after(|session| session.logged_in(Admission::Free)), "230 BOBT is logged in");
        server
    }

    fn after(&mut self, input: impl FnOnce(&mut ServerSession)) -> String {
        input(&mut self.session);
        let mut actions = Vec::new();
        let mut rounds = Rounds::until("the session asks for nothing more");
        while let Some(action) = self.session.poll() {
            rounds.count();
            if let Action::Reply(reply) = &action {
                self.user.reply(reply);
                self.codes.push(reply.code());
            }
            actions.push(show(action));
        }
        actions.join("; ")
    }

    fn hears(&mut self, line: &str) -> String {
        // A line that is no command has one reply, like most commands.
        self.user.sent(&Command::parse(line, self.session.edition).unwrap_or(Command::Noop));
        self.after(|session| session.command(Instant::START, line))
    }

    fn allocates(&mut self, socket: u32) -> String {
        self.after(|session| session.allocated(Some(Socket::from(socket))))
    }

    fn starts(&mut self, local: u32) -> String {
        self.after(|session| session.transfer_started(Socket::from(local), socket_of(USC, THERE)))
    }

    /// The transfer that is under way over the server's socket of the gender of this one ends well.
    fn finishes_at(&mut self, local: u32) -> String {
        self.after(|session| session.transfer_done(Socket::from(local).gender(), 5000))
    }

    /// The transfer that is under way, the outgoing one if there are two, ends well.
    fn finishes(&mut self) -> String {
        let gender = self.gender();
        self.after(|session| session.transfer_done(gender, 5000))
    }

    fn fails(&mut self, why: Failure) -> String {
        let gender = self.gender();
        self.after(|session| session.transfer_failed(gender, why))
    }

    fn gender(&self) -> Gender {
        if self.session.data.works().uses(Gender::Receive) && !self.session.data.works().uses(Gender::Send) {
            Gender::Receive
        } else {
            Gender::Send
        }
    }

    fn deletes(&mut self, result: Result<&str, Failure>) -> String {
        self.after(|session| session.deleted(result.map(str::to_owned)))
    }

    fn describes(&mut self, result: Result<Description, Failure>) -> String {
        self.after(|session| session.described(result))
    }

    /// A LSTN that is granted this socket, which has the gender asked for.
    fn listens(&mut self, socket: u32) {
        let direction = if socket.is_multiple_of(2) { "R" } else { "S" };
        self.hears(&format!("LSTN {direction}"));
        assert_eq!(self.allocates(socket), format!("255 SOCK {socket}"));
    }

    /// A SOCK that is granted this socket.
    fn promises(&mut self, partner: &str, local: u32) {
        self.hears(&format!("SOCK {partner}"));
        assert_eq!(self.allocates(local), format!("255 SOCK {local}"));
    }
}

#[test]
fn what_broke_the_data_connection_is_told_if_it_is_known() {
    let told = |why: Failure| {
        let mut server = Server::logged_in(Edition::Rfc438);
        server.hears("STOR A");
        server.starts(1024);
        server.fails(why)
    };
    // A partner that closes says no more than that.
    for closed in [CloseReason::Closed, CloseReason::Lost] {
        let said = told(closed.into());
        assert!(said.starts_with("452 the other side "), "who it was is said: {said}");
    }
    let lost = CloseReason::Undelivered(Loss::Incomplete(Incomplete::Lost));
    assert_eq!(
        told(lost.into()),
        "452 data connection: broken off, because a message was lost in the subnet"
    );
    assert_eq!(
        told(Failure::Stalled),
        "452 nothing has moved over the data connection for too long, and it was closed here",
        "nobody else has closed it"
    );
}

#[test]
fn the_third_wrong_password_is_the_last() {
    let mut server = Server::new(Edition::Rfc438);
    let mut answers = Vec::new();
    for _ in 0..3 {
        server.hears("USER BOBT");
        server.hears("PASS OHIO");
        answers.push(server.after(|session| session.logged_in(Admission::Refused)));
    }
    let wrong = "431 user or password wrong";
    assert_eq!(answers, [wrong, wrong, "430 too many tries, goodbye; [hang up]"]);
    assert_eq!(server.hears("USER BOBT"), "", "nobody listens any more");
}

#[test]
fn who_has_an_account_may_guess_no_more_passwords_than_others() {
    let mut server = Server::new(Edition::Rfc438);
    let mut answers = Vec::new();
    for valid in [false, false, true, false] {
        server.hears("USER BOBT");
        server.hears("PASS MASS");
        answers.push(server.after(|session| session.logged_in(admission(valid))));
    }
    let wrong = "431 user or password wrong";
    assert_eq!(answers, [wrong, wrong, "230 BOBT is logged in", "430 too many tries, goodbye; [hang up]"]);
}

#[test]
fn a_wrong_password_wants_the_name_again() {
    let mut server = Server::new(Edition::Rfc438);
    server.hears("USER BOBT");
    server.hears("PASS OHIO");
    server.after(|session| session.logged_in(Admission::Refused));
    assert_eq!(server.hears("PASS MASS"), "505 name a user first");
}

#[test]
fn bye_during_a_transfer_waits_for_its_end() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.hears("RETR A");
    assert_eq!(server.hears("BYE"), "[logged out]; 232 goodbye when the transfer is over");
    assert_eq!(server.hears("NOOP"), "504 you are logging out");
    assert_eq!(server.starts(1025), "255 SOCK 1025; 250 transfer started");
    assert_eq!(server.finishes(), "252 transfer complete, 5000 bytes over the data connection; [hang up]");
}

#[test]
fn after_bye_during_a_transfer_a_new_user_may_take_over() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.hears("RETR A");
    server.hears("BYE");
    assert_eq!(server.hears("USER THOMAS"), "330 password, please");
    server.starts(1025);
    assert_eq!(
        server.finishes(),
        "252 transfer complete, 5000 bytes over the data connection",
        "and the line stays up"
    );
    assert_eq!(server.hears("PASS OHIO"), "[check THOMAS OHIO]");
}

/// The goodbye of one who names a new user holds until that one is logged in (RFC 354, IV.A.3), and not longer.
#[test]
fn a_goodbye_holds_until_a_new_user_is_logged_in() {
    let leaving = || {
        let mut server = Server::logged_in(Edition::Rfc438);
        server.hears("RETR A");
        server.hears("BYE");
        server.hears("USER THOMAS");
        server
    };
    let done = "252 transfer complete, 5000 bytes over the data connection";
    let mut server = leaving();
    server.hears("PASS OHIO");
    assert_eq!(server.after(|session| session.logged_in(Admission::Refused)), "431 user or password wrong");
    server.starts(1025);
    assert_eq!(server.finishes(), format!("{done}; [hang up]"), "the first user has said goodbye");
    let mut server = leaving();
    server.starts(1025);
    assert_eq!(server.finishes(), done);
    server.hears("PASS OHIO");
    assert_eq!(
        server.after(|session| session.logged_in(Admission::Refused)),
        "431 user or password wrong; [hang up]"
    );
    for (line, said) in [("NOOP", "504 "), ("XYZZY", "500 ")] {
        let mut server = leaving();
        server.starts(1025);
        server.finishes();
        let after = server.hears(line);
        assert!(after.starts_with(said) && after.ends_with("; [hang up]"), "{line}: {after}");
    }
    let mut server = leaving();
    server.starts(1025);
    server.finishes();
    let long = server.after(ServerSession::line_too_long);
    assert_eq!(long, "500 that line is too long; [hang up]");
    let mut server = leaving();
    server.hears("PASS OHIO");
    assert_eq!(server.after(|session| session.logged_in(Admission::Free)), "230 THOMAS is logged in");
    server.starts(1025);
    assert_eq!(server.finishes(), done, "the line is the new user's");
    assert_eq!(server.hears("NOOP"), "200 at your service");
}

#[test]
fn whoever_is_logged_in_is_logged_out_by_a_new_user_and_by_a_goodbye() {
    let mut server = Server::logged_in(Edition::Rfc454);
    assert_eq!(server.hears("USER THOMAS"), "[logged out]; 330 password, please");
    server.hears("PASS OHIO");
    assert_eq!(server.after(|session| session.logged_in(Admission::Refused)), "431 user or password wrong");
    assert_eq!(server.hears("BYE"), "231 goodbye; [hang up]", "he was logged out before");
}

/// A password must follow its user at once, and RNTO its RNFR (RFC 354, IV.A.1 and IV.A.3).
#[test]
fn a_line_that_is_no_command_comes_between_two_that_belong_together() {
    let between: [fn(&mut Server); 4] = [
        |server| drop(server.hears("XYZZY")),
        |server| drop(server.hears("DELE")),
        |server| drop(server.after(ServerSession::line_too_long)),
        |server| drop(server.after(ServerSession::line_not_ascii)),
    ];
    for between in between {
        let mut server = Server::logged_in(Edition::Rfc438);
        server.hears("RNFR A");
        server.after(|session| session.may_rename(Ok("A".to_owned())));
        between(&mut server);
        assert_eq!(server.hears("RNTO B"), "505 name the file first, with RNFR");
        server.hears("USER BOBT");
        between(&mut server);
        assert_eq!(server.hears("PASS MASS"), "505 name a user first");
    }
}

/// ALLO is of the file that comes next, one that is refused changes nothing, and who has announced one does not mean to store nothing.
#[test]
fn what_allo_has_said_is_spent_by_the_store_that_begins() {
    let mut server = Server::logged_in(Edition::Rfc438);
    let announced = |server: &mut Server, line: &str| {
        server.session.command(Instant::START, line);
        let asked = server.session.poll();
        let Some(Action::Transfer(transfer)) = asked else { panic!("{line}: {asked:?}") };
        transfer.announced
    };
    assert_eq!(server.hears("ALLO 5000"), "[is there room]");
    let room = |server: &mut Server, left| server.after(|session| session.room(left));
    assert_eq!(room(&mut server, 5000), "200 there is room for 5000 bytes");
    server.hears("ALLO 5001");
    assert_eq!(room(&mut server, 5000), "504 there is room for 5000 bytes, and not for 5001");
    for line in ["RETR A", "LIST"] {
        assert_eq!(announced(&mut server, line), 0, "{line} brings nothing");
        server.after(|session| session.transfer_started(Socket::from(1025), socket_of(USC, THERE)));
        server.after(|session| session.transfer_done(Gender::Send, 10));
    }
    for line in ["STOR NONE/.*", "APPE B"] {
        assert_eq!(announced(&mut server, line), 5000);
        server.after(|session| session.transfer_failed(Gender::Receive, Failure::AccessDenied));
    }
    assert_eq!(announced(&mut server, "STOR B"), 5000, "those before were refused");
    server.after(|session| session.transfer_started(Socket::from(1024), socket_of(USC, THERE)));
    server.after(|session| session.transfer_failed(Gender::Receive, Failure::ConnectionClosed));
    assert_eq!(announced(&mut server, "STOR B"), 0, "it has begun");
}

#[test]
fn a_lost_control_connection_stops_everything_and_releases_the_sockets() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.promises("13,2048", 1025);
    server.listens(1024);
    server.hears("RETR A");
    server.starts(1025);
    assert_eq!(
        server.after(ServerSession::closed),
        "[abort what the send socket does]; [release 1025]; [release 1024]"
    );
    assert_eq!(server.after(ServerSession::closed), "", "once is enough");
    assert_eq!(server.finishes(), "", "a late report changes nothing");
}

#[test]
fn a_socket_that_comes_after_the_end_is_given_back() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.hears("LSTN R");
    server.after(ServerSession::closed);
    assert_eq!(server.allocates(1024), "[release 1024]");
}

#[test]
fn a_late_report_about_an_aborted_transfer_is_not_told() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.hears("RETR A");
    server.starts(1025);
    assert_eq!(server.hears("ABOR"), "[abort what the send socket does]; 201 the transfer is stopped");
    assert_eq!(server.fails(Failure::ConnectionClosed), "");
    assert_eq!(server.finishes(), "");
    assert_eq!(server.hears("ABOR"), "202 there is nothing to stop");
}

#[test]
fn status_says_of_which_file_how_far_and_between_whose_sockets() {
    let mut server = Server::logged_in(Edition::Rfc438);
    let begin = "100 status of this server |   BOBT is logged in \
                 |   type ASCII, byte size 8, mode stream, structure file ";
    let idle = server.hears("STAT");
    assert!(
        idle.starts_with(begin) && idle.ends_with("|   no transfer is in progress; 200 that is all"),
        "{idle}"
    );
    server.promises("13,2049", 1026);
    server.listens(1025);
    server.hears("SOCK 69,2048");
    server.hears("STOR B.TXT");
    server.hears("RETR A.TXT");
    server.starts(1025);
    server.after(|session| session.transfer_moved(Gender::Send, 2048));
    let status = format!(
        "{begin}|   for sending: listen on socket 1025 for 69,2048 \
         |   for receiving: connect socket 1026 to 13,2049 \
         |   RETR A.TXT: 2048 bytes so far, from socket 1025 to 86,65540 \
         |   STOR B.TXT: no data connection yet (connect socket 1026 to 13,2049); 200 that is all"
    );
    assert_eq!(server.hears("STAT"), status);
    server.starts(1026);
    let both = server.hears("STAT");
    assert!(both.contains("STOR B.TXT: 0 bytes so far, from 86,65540 to socket 1026;"), "{both}");
}

#[test]
fn help_with_a_command_says_what_it_does_and_wants() {
    let help = |edition, line| Server::new(edition).hears(line);
    assert_eq!(
        help(Edition::Rfc438, "HELP retr"),
        "100 RETR: send this file |   behind it: a pathname; 200 that is all"
    );
    assert!(help(Edition::Rfc438, "HELP LSTN").contains("ABOR, SOCK alone and a 454 undo it"));
    assert!(help(Edition::Rfc438, "HELP TYPE").contains("here: A or I"));
    assert!(help(Edition::Rfc438, "HELP MAIL").contains("it is not implemented here"));
    assert!(help(Edition::Rfc454, "HELP RETR").starts_with("050 RETR: "), "the code of its table");
    for unknown in ["HELP XYZZY", "HELP PASV"] {
        assert!(help(Edition::Rfc438, unknown).starts_with("504 "), "{unknown}");
    }
}

#[test]
fn help_begins_with_100_and_ends_with_200_also_during_a_transfer() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.hears("RETR A");
    let help = server.hears("HELP");
    assert!(
        help.starts_with("100 this server speaks rfc438") && help.ends_with("; 200 that is all"),
        "{help}"
    );
}

/// RFC 454, IV.B has a code of its own for a server that is at work, and its table has it for STAT.
#[test]
fn status_of_what_is_under_way_has_the_code_that_its_edition_has_for_it() {
    for edition in Edition::ALL {
        let mut server = Server::logged_in(edition);
        assert!(server.hears("STAT").starts_with("100 "), "{edition}");
        server.hears("RETR A");
        let busy = if ReplyCode::BUSY.is_of(edition) { "110 " } else { "100 " };
        assert!(server.hears("STAT").starts_with(busy), "{edition}");
        assert!(server.hears("STAT A").starts_with(busy), "{edition}: it is of the transfer");
    }
}

#[test]
fn the_greeting_and_lines_that_are_none() {
    let mut server = Server::new(Edition::Rfc438);
    let greeting = server.after(|session| session.greet("BBN-TENEX"));
    assert_eq!(greeting, "300 BBN-TENEX file transfer server, go ahead");
    assert_eq!(server.after(ServerSession::line_too_long), "500 that line is too long");
    let stray = server.after(ServerSession::line_not_ascii);
    assert_eq!(
        stray, "500 there are characters in that line that are not ASCII",
        "another file is not touched"
    );
    assert_eq!(server.after(ServerSession::line_unfinished), "301 your line has no end yet: CR and LF");
}
