//! Accounts to be charged: ACCT, and what waits for it.

use super::*;

/// The commands that do something with a file.
const OF_FILES: [&str; 7] = ["RETR A", "STOR A", "APPE A", "DELE A", "RNFR A", "LIST", "NLST"];

fn named(edition: Edition, terms: Admission) -> (Server, String) {
    let mut server = Server::new(edition);
    server.hears("USER BOBT");
    server.hears("PASS MASS");
    let said = server.after(|session| session.logged_in(terms));
    (server, said)
}

fn charges(server: &mut Server, account: &str, valid: bool) -> String {
    assert_eq!(server.hears(&format!("ACCT {account}")), format!("[may BOBT charge {account}]"));
    server.after(|session| session.charged(valid))
}

/// RFC 414, 10: 331 asks for the account of one who logs in.
#[test]
fn who_names_the_account_that_the_login_wants_is_logged_in_and_not_before() {
    for edition in Edition::ALL {
        let (mut server, said) = named(edition, Admission::AccountFirst);
        assert_eq!(said, "331 whom to charge? the account, please");
        for line in OF_FILES {
            let refused = server.hears(line);
            assert!(
                refused.ends_with(" name the account first, with ACCT"),
                "{line} of {edition}: {refused}"
            );
        }
        assert!(server.hears("STAT").contains("BOBT has not named an account"));
        assert_eq!(charges(&mut server, "4321", true), "230 BOBT is logged in");
        assert!(server.hears("RETR A").starts_with("[retrieve A: "), "{edition}");
    }
}

/// What an edition has 433 for waits for the account, and nothing else: of the first ones no list does (RFC 354, V.C).
#[test]
fn who_is_logged_in_without_an_account_does_all_but_what_his_edition_has_433_for() {
    for edition in Edition::ALL {
        let (mut server, said) = named(edition, Admission::AccountForFiles);
        assert_eq!(said, "230 BOBT is logged in");
        for line in OF_FILES {
            let name = Command::parse(line, edition).expect("a command").name();
            let row = name.answers(edition).expect("it is of every edition");
            let wants = row.refused.contains(ReplyCode::NO_ACCOUNT);
            let refused = "433 name the account first, with ACCT";
            assert_eq!(server.hears(line) == refused, wants, "{line} of {edition}");
            server.hears("ABOR");
        }
        assert_eq!(server.hears("SOCK"), "200 the default data sockets");
        assert_eq!(charges(&mut server, "4321", true), "230 that account is charged from now on");
        assert!(server.hears("STOR A").starts_with("[store A: "), "{edition}");
    }
}

/// A wrong account is one more guess, as a wrong password is.
#[test]
fn a_wrong_account_changes_nothing_and_the_third_guess_is_the_last() {
    let wrong = "431 that account is not yours to charge";
    let (mut server, _) = named(Edition::Rfc438, Admission::AccountFirst);
    assert_eq!(charges(&mut server, "1", false), wrong);
    assert_eq!(charges(&mut server, "2", false), wrong, "he may try again without his password");
    assert_eq!(charges(&mut server, "3", false), "430 too many tries, goodbye; [hang up]");
    let (mut server, _) = named(Edition::Rfc438, Admission::AccountForFiles);
    charges(&mut server, "4321", true);
    assert_eq!(charges(&mut server, "1", false), wrong);
    assert!(server.hears("RETR A").starts_with("[retrieve A: "), "the one before is charged");
}

/// RFC 385, 15: ACCT may come at any time, but there must be somebody whom to charge.
#[test]
fn an_account_that_comes_early_or_that_nobody_wants_is_answered() {
    for edition in Edition::ALL {
        let mut server = Server::new(edition);
        assert_eq!(server.hears("ACCT 4321"), "504 log in first");
        server.hears("USER BOBT");
        assert_eq!(server.hears("ACCT 4321"), "504 log in first");
        assert_eq!(server.hears("PASS MASS"), "505 name a user first", "it was not at once");
        let mut server = Server::logged_in(edition);
        assert_eq!(server.hears("ACCT 4321"), "230 no account is needed here");
    }
}

#[test]
fn another_user_and_rein_begin_with_no_account() {
    for line in ["USER BOBT", "REIN"] {
        let (mut server, _) = named(Edition::Rfc454, Admission::AccountForFiles);
        charges(&mut server, "4321", true);
        server.hears(line);
        server.hears("USER BOBT");
        server.hears("PASS MASS");
        server.after(|session| session.logged_in(Admission::AccountForFiles));
        assert_eq!(server.hears("STOR A"), "433 name the account first, with ACCT", "{line}");
    }
}

/// RFC 354, IV.B has 432 for a user of the host who may not use this service.
#[test]
fn who_may_not_transfer_files_is_told_so_and_another_may_log_in() {
    for edition in Edition::ALL {
        let (mut server, said) = named(edition, Admission::NotForFiles);
        assert_eq!(said, "432 BOBT may not transfer files");
        assert_eq!(server.hears("RETR A"), "504 log in first");
        server.hears("USER THOMAS");
        server.hears("PASS OHIO");
        assert_eq!(server.after(|session| session.logged_in(Admission::Free)), "230 THOMAS is logged in");
    }
}

/// The goodbye of one who names a new user holds until that one is logged in, his account included.
#[test]
fn a_goodbye_holds_until_a_new_user_has_named_his_account() {
    let leaving = || {
        let mut server = Server::logged_in(Edition::Rfc438);
        server.hears("RETR A");
        server.starts(1025);
        server.hears("BYE");
        server.hears("USER BOBT");
        server.hears("PASS MASS");
        server.after(|session| session.logged_in(Admission::AccountFirst));
        server
    };
    let mut server = leaving();
    let done = server.finishes();
    assert!(done.starts_with("252 ") && !done.contains("hang up"), "he is on his way in: {done}");
    assert_eq!(server.hears("NOOP"), "504 you are logging out; [hang up]");
    let mut server = leaving();
    assert_eq!(charges(&mut server, "4321", true), "230 BOBT is logged in");
    assert!(!server.finishes().contains("hang up"), "the line is the new user's");
}
