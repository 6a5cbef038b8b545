//! Which data connection serves which transfer: SOCK, LSTN and PASV.

use super::*;

const DONE: &str = "252 transfer complete, 5000 bytes over the data connection";

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
    assert_eq!(case.finishes(), "252 transfer complete, 5000 bytes over the data connection");
    assert_eq!(bbn.finishes(), "252 transfer complete, 5000 bytes over the data connection");
}

#[test]
fn without_sock_the_server_connects_to_u_plus_4_and_u_plus_5() {
    for edition in [Edition::Rfc354, Edition::Rfc438] {
        let mut server = Server::logged_in(edition);
        assert_eq!(server.hears("RETR A"), "[retrieve A: connect to 86,65540]");
        assert_eq!(server.starts(5533), "255 SOCK 5533; 250 transfer started");
        assert_eq!(server.finishes(), DONE);
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
        assert_eq!(server.finishes(), DONE);
    }
    assert_eq!(server.hears("STOR A"), "[store A: connect to 86,65541]", "the other direction is as it was");
}

/// RFC 438, d.2 speaks of the transfer commands that use the socket, and of what SOCK says of whom to accept as of a parameter.
#[test]
fn after_a_transfer_the_next_one_uses_the_same_sockets() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1025);
    server.hears("SOCK 2,500");
    for _ in ["first", "second"] {
        assert_eq!(server.hears("RETR A"), "[retrieve A: listen on socket 1025 for 2,500]");
        assert_eq!(server.starts(1025), "250 transfer started", "the socket has been told");
        assert_eq!(server.finishes(), DONE);
    }
    server.promises("13,2049", 1026);
    for _ in ["first", "second"] {
        assert_eq!(server.hears("STOR A"), "[store A: connect socket 1026 to 13,2049]");
        assert_eq!(server.starts(1026), "250 transfer started");
        let failed = server.fails(Failure::ConnectionClosed);
        assert_eq!(failed, "452 the other side closed the data connection too early");
    }
}

#[test]
fn what_failed_for_another_reason_than_the_connection_leaves_what_listens() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1025);
    server.hears("RETR B");
    assert_eq!(server.fails(Failure::NotFound), "450 there is no such file");
    assert_eq!(server.hears("RETR B"), "[retrieve B: listen on socket 1025]");
}

#[test]
fn a_socket_for_which_nobody_comes_is_given_back_and_one_that_asks_is_kept() {
    let mut server = Server::logged_in(Edition::Rfc438);
    let late = || Failure::CannotConnect(NoConnection::Late(machine::Span::from_secs(120)));
    server.listens(1025);
    server.hears("RETR B");
    assert_eq!(
        server.fails(late()),
        "454 nobody has asked for socket 1025 within 2min, and LSTN is undone; [release 1025]"
    );
    assert_eq!(server.hears("RETR B"), "[retrieve B: connect to 86,65540]", "the default is back");
    server.hears("ABOR");
    server.promises("13,2049", 1026);
    server.hears("STOR B");
    assert_eq!(server.fails(late()), "454 13,2049 has not answered within 2min");
    assert_eq!(server.hears("STOR B"), "[store B: connect socket 1026 to 13,2049]", "and may be asked again");
}

#[test]
fn why_there_is_no_connection_is_told() {
    let told = |why: NoConnection| {
        let mut server = Server::logged_in(Edition::Rfc438);
        server.hears("RETR A");
        server.fails(Failure::CannotConnect(why))
    };
    let refused = NoConnection::Failed(CloseReason::Refused);
    assert_eq!(told(refused), "454 86,65540 refuses the data connection");
    let dead = NoConnection::Failed(CloseReason::Dead(imp1822::Dead::Host));
    assert_eq!(told(dead), "454 no data connection with 86,65540: host dead");
    assert_eq!(told(NoConnection::NoRoom), "454 there is no room here for a data connection");
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1024);
    server.hears("SOCK 13,2049");
    server.hears("STOR A");
    let late = NoConnection::Late(machine::Span::from_secs(120));
    let said = server.fails(Failure::CannotConnect(late));
    assert!(said.starts_with("454 13,2049 has not asked for socket 1024 within 2min"), "{said}");
}

/// Somebody who mixes up S and R would wait two minutes for nothing, and a partner with him.
#[test]
fn a_file_in_the_other_direction_than_that_of_lstn_is_refused_at_once() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1025);
    let refusal = "505 LSTN S is for the other direction; SOCK alone undoes it";
    assert_eq!(server.hears("STOR A"), refusal);
    assert_eq!(server.hears("APPE A"), refusal);
    assert_eq!(server.hears("RETR A"), "[retrieve A: listen on socket 1025]");
    assert_eq!(server.hears("STOR A"), refusal, "nor beside it");
    server.hears("ABOR");
    assert_eq!(server.hears("STOR A"), "[store A: connect to 86,65541]", "undone is undone");
    // Both ways were arranged for: both are meant.
    let mut server = Server::logged_in(Edition::Rfc438);
    server.promises("13,2049", 1026);
    server.listens(1025);
    assert_eq!(server.hears("STOR A"), "[store A: connect socket 1026 to 13,2049]");
    // A list is for the user.
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1024);
    assert_eq!(server.hears("LIST"), "[list everything: connect to 86,65540]");
}

#[test]
fn a_lstn_is_undone_by_abor_and_by_sock_without_a_socket() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1024);
    assert_eq!(server.hears("ABOR"), "[release 1024]; 202 there is nothing to stop, and LSTN is undone");
    assert_eq!(server.hears("STOR A"), "[store A: connect to 86,65541]");
    server.hears("ABOR");
    server.listens(1024);
    server.hears("STOR A");
    assert_eq!(
        server.hears("ABOR"),
        "[abort what the receive socket does]; [release 1024]; 201 the transfer is stopped, and LSTN is undone"
    );
    server.promises("13,2048", 1025);
    server.listens(1024);
    assert_eq!(server.hears("SOCK"), "[release 1025]; [release 1024]; 200 the default data sockets");
    assert_eq!(server.hears("STOR A"), "[store A: connect to 86,65541]");
    assert_eq!(server.hears("RETR A"), "[retrieve A: connect to 86,65540]");
    assert_eq!(server.hears("SOCK"), "504 a transfer is using that data socket");
}

#[test]
fn a_partner_that_was_named_is_never_forgotten_without_a_word() {
    // SOCK, LSTN: the order of RFC 478.
    let mut server = Server::logged_in(Edition::Rfc438);
    server.promises("13,2049", 1024);
    server.hears("LSTN R");
    assert_eq!(server.allocates(1026), "[release 1024]; 255 SOCK 1026");
    assert_eq!(server.hears("STOR A"), "[store A: listen on socket 1026 for 13,2049]");
    server.hears("ABOR");
    assert_eq!(server.hears("STOR A"), "[store A: connect to 13,2049]", "what was before LSTN is back");
    server.hears("ABOR");
    // LSTN, SOCK, LSTN.
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1024);
    assert_eq!(server.hears("SOCK 13,2049"), "255 SOCK 1024");
    server.hears("LSTN R");
    server.allocates(1026);
    assert_eq!(server.hears("STOR A"), "[store A: listen on socket 1026 for 13,2049]");
    server.hears("ABOR");
    assert_eq!(server.hears("STOR A"), "[store A: connect to 86,65541]", "that SOCK was of LSTN");
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
    assert_eq!(server.hears("RETR A"), "[retrieve A: listen on socket 1029 for 13,2048]");
}

#[test]
fn a_sock_that_does_not_fit_what_listens_for_anyone_is_in_conflict_with_it() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.listens(1024);
    assert_eq!(server.hears("SOCK 13,2048"), "505 LSTN R wants a send socket; SOCK alone undoes it");
    assert_eq!(server.hears("STOR A"), "[store A: listen on socket 1024]", "nothing has changed");
    server.hears("ABOR");
    server.listens(1024);
    server.hears("SOCK 13,2049");
    server.promises("13,2048", 1025);
    assert_eq!(server.hears("RETR A"), "[retrieve A: connect socket 1025 to 13,2048]", "the other direction");
    assert_eq!(
        server.hears("STOR A"),
        "[store A: listen on socket 1024 for 13,2049]",
        "and both are at work"
    );
}

#[test]
fn two_transfers_may_be_under_way_one_in_each_direction() {
    let mut server = Server::logged_in(Edition::Rfc438);
    server.hears("RETR A");
    assert_eq!(server.hears("STOR B"), "[store B: connect to 86,65541]");
    assert_eq!(server.hears("RETR C"), "504 a transfer is in progress");
    assert_eq!(server.hears("APPE C"), "504 a transfer is in progress");
    server.starts(1025);
    server.starts(1026);
    assert_eq!(server.hears("BYE"), "[logged out]; 232 goodbye when the transfer is over");
    assert_eq!(server.finishes_at(1026), format!("{DONE} (STOR B)"));
    assert_eq!(server.finishes_at(1026), "", "once is enough");
    assert_eq!(server.finishes_at(1025), format!("{DONE}; [hang up]"));
    let mut server = Server::logged_in(Edition::Rfc438);
    server.hears("RETR A");
    server.hears("STOR B");
    assert_eq!(
        server.hears("ABOR"),
        "[abort what the send socket does]; [abort what the receive socket does]; 201 both transfers are stopped"
    );
}

/// A server that connects wherever it is told knocks at other servers' doors in the name of a host that has not called there.
#[test]
fn a_careful_server_asks_no_service_of_a_third_host_for_a_data_connection() {
    let refused = |line: &str, reach: Reach| {
        let mut server = Server::logged_in(Edition::Rfc438);
        server.session.set_reach(reach);
        let said = server.hears(line);
        assert_eq!(said.starts_with('['), !said.starts_with("504 "), "{line}: {said}");
        !said.starts_with('[')
    };
    assert!(refused("SOCK 2,3", Reach::NoServices), "the server of files at host 2");
    assert!(refused("SOCK 2,255", Reach::NoServices), "the last of them (RFC 433)");
    assert!(!refused("SOCK 2,256", Reach::NoServices));
    assert!(!refused("SOCK 3", Reach::NoServices), "what the user does to his own host is his affair");
    assert!(!refused("SOCK 86,3", Reach::NoServices));
    assert!(!refused("SOCK 2,3", Reach::Anything), "as the documents have it");
    let mut server = Server::logged_in(Edition::Rfc438);
    server.hears("SOCK 2,3");
    assert_eq!(server.hears("STOR A"), "[store A: connect to 86,65541]", "what is refused changes nothing");
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

/// The order of RFC 478: SOCK first, then PASV, whose acknowledgement says that the server listens.
#[test]
fn pasv_listens_at_once_on_both_fixed_sockets_for_whom_sock_has_named() {
    for edition in [Edition::Rfc478, Edition::Rfc542] {
        let mut server = Server::logged_in(edition);
        assert_eq!(server.hears("SOCK 13,2049"), "200 data socket 13,2049");
        let both = "[listen on socket 8186 for 13,2049, listen on socket 8187]";
        assert_eq!(server.hears("PASV"), both, "S+2 and S+3 (RFC 542)");
        assert_eq!(server.after(|session| session.listens(true)), "200 listening on both data sockets");
        assert_eq!(server.hears("STOR A"), "[store A: listen on socket 8186 for 13,2049]");
        assert_eq!(server.starts(8186), "250 transfer started", "the socket is known");
        let ended = server.finishes_at(8186);
        assert!(ended.starts_with(if edition == Edition::Rfc542 { "257 " } else { "252 " }), "{ended}");
        assert!(ended.ends_with(both), "and for the next one: {ended}");
        // Whom to accept may be said later, too.
        let named = server.hears("SOCK 13,2048");
        assert_eq!(
            named,
            "[listen on socket 8186 for 13,2049, listen on socket 8187 for 13,2048]; 200 data socket 13,2048"
        );
        assert_eq!(server.hears("RETR A"), "[retrieve A: listen on socket 8187 for 13,2048]");
        let late = NoConnection::Late(machine::Span::from_secs(120));
        assert_eq!(
            server.fails(Failure::CannotConnect(late)),
            "[do not listen]; 454 13,2048 has not asked for socket 8187 within 2min, and PASV is undone"
        );
        assert_eq!(server.hears("RETR A"), "[retrieve A: connect socket 8187 to 13,2048]", "SOCK stays");
        server.hears("ABOR");
        for undo in ["ABOR", "SOCK"] {
            server.hears("PASV");
            server.after(|session| session.listens(true));
            let undone = server.hears(undo);
            assert!(undone.starts_with("[do not listen]; 20"), "{undo}: {undone}");
        }
        assert_eq!(server.hears("STOR A"), "[store A: connect socket 8186 to 86,65541]", "the defaults");
        assert_eq!(server.hears("PASV"), "504 a transfer is using that data socket");
        server.hears("ABOR");
        server.hears("PASV");
        let none = server.after(|session| session.listens(false));
        assert_eq!(none, "[do not listen]; 504 no socket to be had for that");
    }
}

#[test]
fn rein_begins_anew_and_lets_a_transfer_end() {
    let mut server = Server::logged_in(Edition::Rfc454);
    server.listens(1024);
    server.hears("SOCK 13,2048");
    server.hears("TYPE I");
    assert_eq!(
        server.hears("REIN"),
        "[logged out]; [release 1024]; 233 logged out, and all is as at the beginning; 300 go ahead"
    );
    assert_eq!(server.hears("RETR A"), "504 log in first");
    let mut server = Server::logged_in(Edition::Rfc454);
    server.listens(1024);
    server.hears("STOR A");
    server.starts(1024);
    assert_eq!(server.hears("REIN"), "[logged out]; 232 all begins anew when the transfer is over");
    assert_eq!(server.hears("NOOP"), "504 you are logging out");
    assert_eq!(server.finishes_at(1024), format!("{DONE}; [release 1024]; 300 go ahead"));
    server.hears("USER BOBT");
    server.hears("PASS MASS");
    server.after(|session| session.logged_in(Admission::Free));
    assert_eq!(server.hears("STOR A"), "[store A: connect to 86,65541]", "nothing listens any more");
}

#[test]
fn in_rfc_454_lstn_names_its_socket_and_sock_does_not() {
    let mut server = Server::logged_in(Edition::Rfc454);
    server.listens(1024);
    assert_eq!(server.hears("SOCK 13,2049"), "200 data socket 13,2049");
    assert_eq!(server.hears("STOR A"), "[store A: listen on socket 1024 for 13,2049]");
    assert_eq!(server.starts(1024), "250 transfer started");
    assert_eq!(server.hears("SOCK 13,2048"), "200 data socket 13,2048");
    server.hears("RETR A");
    assert_eq!(server.starts(1025), "255 SOCK 1025; 250 transfer started (RETR A)");
}

/// No code says which of two transfers a reply is about.
#[test]
fn as_long_as_there_are_two_transfers_each_reply_says_which_it_is_about() {
    let mut server = Server::logged_in(Edition::Rfc354);
    server.hears("RETR A.TXT");
    assert_eq!(server.starts(1025), "255 SOCK 1025; 250 transfer started", "there is one");
    server.hears("STOR NONE/.*");
    assert_eq!(
        server.after(|session| session.transfer_failed(Gender::Receive, Failure::AccessDenied)),
        "451 you have no access to that file (STOR NONE/.*)"
    );
    server.hears("STOR B.TXT");
    assert_eq!(server.starts(1026), "255 SOCK 1026; 250 transfer started (STOR B.TXT)");
    assert_eq!(
        server.after(|session| session.transfer_failed(Gender::Send, Failure::ConnectionClosed)),
        "452 the other side closed the data connection too early (RETR A.TXT)"
    );
    assert_eq!(server.finishes_at(1026), DONE, "it is the only one that can be meant");
    // A name longer than a line, or of what would be read as a count.
    server.hears("RETR A");
    server.starts(1025);
    server.hears(&format!("APPE {}", "X".repeat(500)));
    let said = server.starts(1026);
    assert!(said.len() < 200 && said.contains("(APPE XXX"), "{said}");
    let (about, done) = (Reply::of_transfer(5000).about("STOR transfer complete, 7 bytes"), Some(5000));
    assert_eq!((about.bytes_transferred(), about.has_garbled_count()), (done, false));
    let cut = about.text()[..about.text().len() - 1].to_owned();
    let cut = Reply::new(ReplyCode::TRANSFER_DONE, cut);
    assert_eq!((cut.bytes_transferred(), cut.has_garbled_count()), (None, true), "a piece is missing");
}

/// ABOR has no argument that could say which of two it means, and the connections are the same whoever has logged in over them.
#[test]
fn an_abort_stops_all_that_the_dialogue_has_begun_also_for_another_user() {
    let mut server = Server::logged_in(Edition::Rfc454);
    server.hears("RETR A");
    server.starts(1025);
    server.hears("USER THOMAS");
    server.hears("PASS OHIO");
    server.after(|session| session.logged_in(Admission::Free));
    server.hears("STOR B");
    server.starts(1026);
    let said = server.hears("ABOR");
    assert!(said.ends_with("; 201 both transfers are stopped"), "{said}");
    assert!(server.hears("HELP ABOR").contains("of two transfers it stops both"));
    assert_eq!(server.hears("ABOR"), "202 there is nothing to stop");
}
