//! Commands that transfer nothing, and what is answered to them.

use ftp::{CommandName, Edition};
use ncp::Policy;
use sim::Span;

use crate::user::{User, dialogue, finish, net_with};

const MINUTE: Span = Span::from_secs(60);

/// What a user sends one line after the other, and the code of the answer.
const LINES: &[(&str, u16)] = &[
    ("NOOP", 200),
    ("RETR ONE.X", 504),
    ("STOR ONE.X", 504),
    ("LIST", 504),
    ("NLST <SMITH>", 504),
    ("DELE ONE.X", 504),
    ("STAT ONE.X", 504),
    ("SOCK 1000", 504),
    ("LSTN R", 504),
    ("PASS SESAME", 505),
    ("USER SMITH", 330),
    ("PASS WRONG", 431),
    ("USER NOBODY", 330),
    ("PASS SESAME", 431),
    ("user smith", 330),
    ("pass sesame", 230),
    ("TYPE A", 200),
    ("TYPE I", 200),
    ("TYPE E", 506),
    ("TYPE Z", 501),
    ("BYTE 8", 200),
    ("BYTE 36", 506),
    ("BYTE EIGHT", 501),
    ("MODE S", 200),
    ("MODE B", 506),
    ("STRU F", 200),
    ("STRU R", 506),
    ("ALLO 1000", 200),
    ("ACCT 1", 230),
    ("ABOR", 202),
    ("LSTN X", 501),
    ("LSTN", 502),
    ("RETR", 502),
    ("RETR NONE.X", 450),
    ("RETR A*B", 501),
    ("RETR LPT:A.B", 501),
    ("STOR <JONES>A.B", 451),
    ("APPE <JONES>A.B", 451),
    ("PASV", 506),
    ("REIN", 506),
    ("FORM U", 506),
    ("QUOT", 506),
    ("NQUO", 506),
    ("SITE A", 506),
    ("XCWD <SMITH>", 506),
    ("XTRY", 506),
    ("SOCK", 200),
    ("DELE", 502),
    ("RNFR NONE.X", 450),
    ("RNFR <JONES>A.B", 451),
    ("RNTO TWO.X", 505),
    ("RNFR ONE.X", 200),
    ("RNTO BIG.X", 504),
    ("REST A1", 506),
    ("MLFL SMITH", 506),
    ("MAIL SMITH", 506),
    ("XYZZY", 500),
    ("", 500),
    ("   noop", 200),
];

/// What is answered by lines up to a 200.
const QUESTIONS: [&str; 2] = ["HELP", "STAT"];

/// What ends the dialogue.
const LAST: &str = "BYE";

#[test]
fn every_command_has_its_reply() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::calls(&host).await;
        assert_eq!(user.hears(300).await, "SITE2 file transfer server, go ahead");
        for (line, code) in LINES {
            user.asks(line, *code).await;
        }
        for line in QUESTIONS {
            user.types(line).await;
            let mut heard = Vec::new();
            while !heard.iter().any(|line: &String| line.starts_with("200 ")) {
                heard.extend(user.line().await);
            }
            assert!(heard[0].starts_with("100"), "{line}: {heard:?}");
        }
        user.asks(LAST, 231).await;
        user.hears_the_end().await;
    })?;
    let asked = LINES.iter().map(|(line, _)| *line).chain(QUESTIONS).chain([LAST]);
    let asked: Vec<CommandName> =
        asked.filter_map(|line| CommandName::from_word(line.split(' ').next()?)).collect();
    for name in CommandName::ALL {
        assert!(asked.contains(name), "{name} is not sent");
    }
    Ok(())
}

#[test]
fn what_is_wrong_with_a_name_is_said() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let none = "that is not a pathname here: ";
        assert_eq!(user.asks("RETR A*B", 501).await, format!("{none}'*' cannot stand in a file name"));
        assert_eq!(
            user.asks("STOR A.B;0", 501).await,
            format!("{none}a version is a number from 1 to 131071")
        );
        let device = "D".repeat(300);
        let quoted = format!("{none}no device {}", "D".repeat(70));
        assert_eq!(user.asks(&format!("DELE {device}:A"), 501).await, quoted, "however long it is");
        assert_eq!(user.asks("STAT \x07:A", 501).await, format!("{none}no device ?:"), "whatever it is");
        for command in ["STOR", "APPE"] {
            let gap = user.asks(&format!("{command} ONE.X;9"), 501).await;
            assert_eq!(gap, "that would leave out a version");
        }
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn after_three_wrong_passwords_the_server_hangs_up() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::calls(&host).await;
        user.hears(300).await;
        for code in [431, 431, 430] {
            user.asks("USER SMITH", 330).await;
            let asked = host.now();
            user.asks("PASS GUESS", code).await;
            assert!(host.now().since(asked) >= Span::from_secs(1), "to guess takes time");
        }
        user.hears_the_end().await;
    })?;
    Ok(())
}

#[test]
fn a_password_opens_nothing_but_the_account_that_was_named_last() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        user.asks("USER JONES", 330).await;
        user.asks("RETR ONE.X", 504).await;
        // It must follow its user at once (RFC 354, IV.A.1).
        user.asks("PASS SESAME", 505).await;
        user.asks("USER JONES", 330).await;
        user.asks("PASS SESAME", 431).await;
        user.asks("RETR ONE.X", 504).await;
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn in_the_edition_before_there_is_no_lstn_and_sock_is_only_noted() -> sim::Result {
    let mut sim = net_with(Edition::Rfc354, Policy::default())?;
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        user.asks("LSTN R", 506).await;
        user.asks("SOCK 1000", 200).await;
        user.leaves().await;
    });
    finish(sim, MINUTE)?;
    Ok(())
}
