//! Dialogues with a server, line by line.

mod listing;
mod states;

use imp1822::{HostAddress, Incomplete};
use machine::Rounds;
use ncp::{CloseReason, Loss};

use super::*;
use crate::UserSession;

const USC: u8 = 86;
const CASE: u8 = 13;
const BBN: u8 = 69;

/// The user's socket U.
const U: u32 = 65536;

fn socket_of(host: u8, socket: u32) -> ForeignSocket {
    ForeignSocket { host: HostAddress::from(host), socket: Socket::from(socket) }
}

fn show(action: Action) -> String {
    match action {
        Action::Reply(reply) => reply.to_string().replace('\n', " |"),
        Action::CheckPassword { user, password } => format!("[check {user} {}]", password.reveal()),
        Action::AllocateSocket(gender) => format!("[allocate a {gender} socket]"),
        Action::ReleaseSocket(socket) => format!("[release {socket}]"),
        Action::Transfer(transfer) => {
            assert_eq!(transfer.parameters, Parameters::default(), "nothing else can have been accepted");
            let path = match &transfer.verb {
                Verb::Retrieve(path) | Verb::Store(path) | Verb::Append(path) => path,
                Verb::List(path) | Verb::Names(path) => path.as_deref().unwrap_or("everything"),
            };
            format!("[{} {path}: {}]", transfer.verb, transfer.connect)
        }
        Action::Delete(path) => format!("[delete {path}]"),
        Action::Describe(path) => format!("[describe {path}]"),
        Action::AbortTransfer => "[abort]".to_owned(),
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
        let session = ServerSession::new(edition, socket_of(USC, U));
        Server { session, user: UserSession::new(), codes: Vec::new() }
    }

    fn logged_in(edition: Edition) -> Self {
        let mut server = Server::new(edition);
        assert_eq!(server.hears("USER BOBT"), "330 password, please");
        assert_eq!(server.hears("PASS MASS"), "[check BOBT MASS]");
        assert_eq!(server.after(|session| session.logged_in(true)), "230 BOBT is logged in");
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
        self.after(|session| session.transfer_started(Socket::from(local)))
    }

    fn finishes(&mut self) -> String {
        self.after(|session| session.transfer_done(5000))
    }

    fn fails(&mut self, why: Failure) -> String {
        self.after(|session| session.transfer_failed(why))
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
fn the_example_of_rfc_438() {
    let mut case = Server::logged_in(Edition::Rfc438);
    let mut bbn = Server::logged_in(Edition::Rfc438);
    assert_eq!(bbn.hears("LSTN R"), "[allocate a receive socket]");
    assert_eq!(bbn.allocates(1024), "255 SOCK 1024");
    assert_eq!(case.hears(&format!("SOCK {BBN},1024")), "[allocate a send socket]");
    assert_eq!(case.allocates(2049), "255 SOCK 2049", "at once, not with the transfer");
    assert_eq!(bbn.hears(&format!("SOCK {CASE},2049")), "255 SOCK 1024", "the socket that listens");
    assert_eq!(case.hears("RETR PROG1.PL1"), "[retrieve PROG1.PL1: connect socket 2049 to 69,1024]");
    assert_eq!(bbn.hears("APPE PROG2.PL1"), "[append PROG2.PL1: listen on socket 1024 for 13,2049]");
    assert_eq!(case.starts(2049), "250 transfer started", "the socket has been told");
    assert_eq!(bbn.starts(1024), "250 transfer started");
    assert_eq!(case.finishes(), "252 transfer complete, 5000 bytes over the data connection; [release 2049]");
    assert_eq!(bbn.finishes(), "252 transfer complete, 5000 bytes over the data connection; [release 1024]");
}

#[test]
fn without_sock_the_server_connects_to_u_plus_4_and_u_plus_5() {
    for edition in [Edition::Rfc354, Edition::Rfc438, Edition::Rfc478] {
        let mut server = Server::logged_in(edition);
        assert_eq!(server.hears("RETR A"), "[retrieve A: connect to 86,65540]");
        assert_eq!(server.starts(5533), "255 SOCK 5533; 250 transfer started");
        assert_eq!(server.finishes(), "252 transfer complete, 5000 bytes over the data connection");
        assert_eq!(server.hears("STOR A"), "[store A: connect to 86,65541]");
    }
}

#[test]
fn in_rfc_354_sock_is_answered_200_and_the_socket_told_with_the_transfer() {
    let mut server = Server::logged_in(Edition::Rfc354);
    assert_eq!(server.hears("SOCK 65538"), "200 data socket 86,65538");
    for _ in ["first", "second"] {
        assert_eq!(server.hears("RETR A"), "[retrieve A: connect to 86,65538]", "SOCK stays");
        assert_eq!(server.starts(5533), "255 SOCK 5533; 250 transfer started");
        assert_eq!(server.finishes(), "252 transfer complete, 5000 bytes over the data connection");
    }
    assert_eq!(server.hears("STOR A"), "[store A: connect to 86,65541]", "the other direction is as it was");
}

#[test]
fn after_a_transfer_lstn_is_spent_and_sock_keeps_its_partner() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1024);
    server.hears("SOCK 13,2049");
    server.hears("STOR A");
    server.starts(1024);
    server.finishes();
    assert_eq!(server.hears("STOR A"), "[store A: connect to 86,65541]");
    server.hears("ABOR");

    server.promises("13,2048", 1025);
    server.hears("RETR A");
    server.starts(1025);
    assert_eq!(
        server.fails(Failure::ConnectionClosed),
        "452 the data connection closed too early; [release 1025]"
    );
    assert_eq!(server.hears("RETR A"), "[retrieve A: connect to 13,2048]");
    assert_eq!(server.starts(1027), "255 SOCK 1027; 250 transfer started", "the promised socket is spent");
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
        assert_eq!(told(closed.into()), "452 the data connection closed too early");
    }
    let lost = CloseReason::Undelivered(Loss::Incomplete(Incomplete::Lost));
    assert_eq!(
        told(lost.into()),
        "452 data connection: broken off, because a message was lost in the subnet"
    );
    assert_eq!(told(Failure::Stalled), "452 nothing has moved over the data connection for too long");
}

#[test]
fn a_transfer_that_never_connects_leaves_its_sockets_for_the_next() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1025);
    let again = "[retrieve B: listen on socket 1025]";
    assert_eq!(server.hears("RETR B"), again);
    assert_eq!(server.fails(Failure::NotFound), "450 there is no such file");
    assert_eq!(server.hears("RETR B"), again);
    assert_eq!(server.hears("ABOR"), "[abort]; 201 the transfer is stopped");
    assert_eq!(server.hears("RETR B"), again);
    assert_eq!(server.fails(Failure::CannotConnect), "454 there is no connection to the data socket");
    assert_eq!(server.hears("BYE"), "231 goodbye; [release 1025]; [hang up]");
}

#[test]
fn lstn_serves_its_own_direction_only() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1024);
    assert_eq!(server.hears("RETR A"), "[retrieve A: connect to 86,65540]");
    server.starts(1027);
    assert_eq!(
        server.finishes(),
        "252 transfer complete, 5000 bytes over the data connection",
        "the listening socket is still wanted"
    );
    assert_eq!(server.hears("APPE A"), "[append A: listen on socket 1024]");
}

#[test]
fn a_later_arrangement_releases_the_earlier_one_but_only_if_it_succeeds() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.promises("13,2048", 1025);
    server.hears("LSTN S");
    assert_eq!(server.after(|session| session.allocated(None)), "504 no socket to be had for that");
    assert_eq!(server.hears("RETR A"), "[retrieve A: connect socket 1025 to 13,2048]", "refused is refused");
    server.hears("ABOR");
    server.hears("LSTN S");
    assert_eq!(server.allocates(1027), "[release 1025]; 255 SOCK 1027");
    server.hears("LSTN S");
    assert_eq!(server.allocates(1029), "[release 1027]; 255 SOCK 1029");
    assert_eq!(server.hears("RETR A"), "[retrieve A: listen on socket 1029]");
}

#[test]
fn a_new_lstn_forgets_the_partner_of_the_old_one() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1024);
    server.hears("SOCK 13,2049");
    server.hears("LSTN R");
    server.allocates(1026);
    assert_eq!(server.hears("STOR A"), "[store A: listen on socket 1026]");
}

#[test]
fn sock_cannot_name_a_partner_of_the_listeners_own_gender() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1024);
    assert_eq!(server.hears("SOCK 13,2048"), "501 a send socket is wanted for the one that listens");
    assert_eq!(server.hears("STOR A"), "[store A: listen on socket 1024]", "nothing has changed");
}

#[test]
fn during_a_transfer_its_own_data_socket_is_not_for_changing() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.hears("RETR A");
    let refusal = "504 a transfer is using that data socket";
    assert_eq!(server.hears("SOCK 13,2048"), refusal);
    assert_eq!(server.hears("LSTN S"), refusal);
    server.starts(1025);
    assert_eq!(server.hears("SOCK 13,2048"), refusal);
    assert_eq!(server.hears("LSTN R"), "[allocate a receive socket]", "the other direction is free");
}

#[test]
fn the_third_wrong_password_is_the_last() {
    let mut server = Server::new(Edition::Rfc438);
    let mut answers = Vec::new();
    for _ in 0..3 {
        server.hears("USER BOBT");
        server.hears("PASS OHIO");
        answers.push(server.after(|session| session.logged_in(false)));
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
        answers.push(server.after(|session| session.logged_in(valid)));
    }
    let wrong = "431 user or password wrong";
    assert_eq!(answers, [wrong, wrong, "230 BOBT is logged in", "430 too many tries, goodbye; [hang up]"]);
}

#[test]
fn a_wrong_password_wants_the_name_again() {
    let mut server = Server::new(Edition::Rfc438);
    server.hears("USER BOBT");
    server.hears("PASS OHIO");
    server.after(|session| session.logged_in(false));
    assert_eq!(server.hears("PASS MASS"), "505 name a user first");
}

#[test]
fn bye_during_a_transfer_waits_for_its_end() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.hears("RETR A");
    assert_eq!(server.hears("BYE"), "232 goodbye when the transfer is over");
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

#[test]
fn a_lost_control_connection_stops_everything_and_releases_the_sockets() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.promises("13,4", 1025);
    server.listens(1024);
    server.hears("RETR A");
    server.starts(1025);
    assert_eq!(server.after(ServerSession::closed), "[abort]; [release 1025]; [release 1024]");
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
    server.listens(1025);
    server.hears("RETR A");
    server.starts(1025);
    assert_eq!(server.hears("ABOR"), "[abort]; [release 1025]; 201 the transfer is stopped");
    assert_eq!(server.fails(Failure::ConnectionClosed), "");
    assert_eq!(server.hears("ABOR"), "202 there is nothing to stop");
}

#[test]
fn status_and_help_begin_with_100_and_end_with_200_also_during_a_transfer() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1024);
    server.hears("RETR A");
    server.starts(1027);
    let status = "100 status of this server |   BOBT is logged in \
                  |   type ASCII, byte size 8, mode stream, structure file \
                  |   for sending: connect to 86,65540 |   for receiving: listen on socket 1024 \
                  |   a transfer is in progress (retrieve); 200 that is all";
    assert_eq!(server.hears("STAT"), status);
    let help = server.hears("HELP");
    assert!(
        help.starts_with("100 this server speaks rfc438") && help.ends_with("; 200 that is all"),
        "{help}"
    );
}

#[test]
fn the_greeting_and_an_overlong_line() {
    let mut server = Server::new(Edition::Rfc438);
    let greeting = server.after(|session| session.greet("BBN-TENEX"));
    assert_eq!(greeting, "300 BBN-TENEX file transfer server, go ahead");
    assert_eq!(server.after(ServerSession::line_too_long), "500 that line is too long");
}
