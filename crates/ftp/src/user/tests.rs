//! What replies mean, one dialogue after the other.

use proptest::prelude::*;

use super::*;
use crate::command::examples::lines_with;
use crate::{Heard, ReplyReader};

const OK: Meaning = Meaning::Primary(Outcome::Success);
const MORE: Meaning = Meaning::Primary(Outcome::Incomplete);
const NO: Meaning = Meaning::Primary(Outcome::Failure);
const DONE: Meaning = Meaning::Secondary(Outcome::Success);
const BROKEN: Meaning = Meaning::Secondary(Outcome::Failure);
const NEWS: Meaning = Meaning::Spontaneous;
const PART: Meaning = Meaning::Partial;
const UNASKED: Meaning = Meaning::Unasked;

/// Plays a dialogue: `> command` is sent, `code` and a meaning are heard.
#[track_caller]
fn dialogue(commands: &[&str], replies: &[(u16, Meaning)]) -> UserSession {
    let mut session = UserSession::new();
    for line in commands {
        session.sent(&Command::parse(line, Edition::Rfc438).expect("a command"));
    }
    for (number, meaning) in replies {
        let reply = Reply::new(ReplyCode::new(*number).expect("three digits"), "SOCK 5");
        assert_eq!(session.reply(&reply), *meaning, "{number} in {replies:?} after {commands:?}");
    }
    session
}

/// A session that has sent these lines, as they are.
fn asked(lines: &[&str]) -> UserSession {
    let mut session = UserSession::new();
    for line in lines {
        session.sent_line(line);
    }
    session
}

fn hear(session: &mut UserSession, number: u16) -> Meaning {
    session.reply(&Reply::new(ReplyCode::new(number).expect("three digits"), "SOCK 5"))
}

#[test]
fn every_command_ends_in_every_edition_with_the_replies_of_its_table() {
    let rows = CommandName::ALL.iter().flat_map(|name| {
        Edition::ALL.into_iter().filter_map(move |edition| Some((*name, edition, name.answers(edition)?)))
    });
    for (name, edition, row) in rows {
        let line = lines_with(name).pop().expect("each command has a line");
        let is_of_part = |code: ReplyCode| name.exchange() == Exchange::Question && code != ReplyCode::OK;
        for code in row.first.iter().chain(row.refused.iter()) {
            let mut session = asked(&[&line]);
            let meaning = session.reply(&Reply::new(code, "SOCK 5"));
            let is_refusal = row.refused.contains(code);
            match meaning {
                Meaning::Primary(Outcome::Failure) => assert!(is_refusal, "{code} to {line} of {edition}"),
                Meaning::Primary(_) => assert!(!is_refusal, "{code} to {line} of {edition}"),
                Meaning::Partial => {
                    assert!(is_of_part(code), "{code} to {line} of {edition}");
                    session.told_enough();
                }
                other => panic!("{code} to {line} of {edition} is taken for {other:?}"),
            }
            assert_eq!(
                (session.answered().or(Some(0)), session.waits()),
                (Some(0), false),
                "{code} to {line}"
            );
            let begun = session.transfers();
            let begins = matches!(code, ReplyCode::TRANSFER_STARTED | ReplyCode::MAIL_WANTED);
            assert_eq!(begun, begins, "{code} to {line}");
            if begun {
                for (codes, outcome) in [(row.then, Outcome::Success), (row.broken, Outcome::Failure)] {
                    for end in codes.iter() {
                        let mut session = session.clone();
                        let meaning = session.reply(&Reply::new(end, ""));
                        assert_eq!(meaning, Meaning::Secondary(outcome), "{end} after {code} to {line}");
                        assert!(!session.transfers() && session.answered() == Some(0), "{end} to {line}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_said_of_something_else_answers_nothing_and_no_answer_after_it_is_shifted() {
    // An unasked 200 in front of each of them: DELE was refused, and not done.
    let mut session = asked(&["DELE X"]);
    assert_eq!(hear(&mut session, 200), UNASKED);
    assert!(session.has_unfit() && session.waits());
    assert_eq!((hear(&mut session, 451), session.answered()), (NO, Some(0)));
    assert!(!session.has_unfit());
    for (line, unasked, answer) in [
        ("USER A", 200, 330),
        ("PASS A", 250, 230),
        ("RNTO A", 254, 253),
        ("TYPE A", 231, 200),
        ("LSTN R", 200, 255),
        ("NOOP", 100, 200),
        ("RETR A", 230, 250),
        ("ABOR", 231, 201),
        ("NOOP", 350, 200),
    ] {
        let mut session = asked(&[line]);
        assert_eq!(hear(&mut session, unasked), UNASKED, "{unasked} to {line}");
        assert!(matches!(hear(&mut session, answer), Meaning::Primary(_)), "{answer} to {line}");
        assert!(!session.waits(), "{line}");
    }
}

#[test]
fn a_code_that_no_document_assigns_is_judged_by_its_first_digit() {
    for (number, meaning) in [(299, OK), (270, OK), (360, MORE), (499, NO), (577, NO), (930, NO)] {
        assert_eq!(hear(&mut asked(&["DELE X"]), number), meaning, "{number}");
    }
    assert_eq!(hear(&mut asked(&["DELE X"]), 170), UNASKED, "nobody has asked how things are");
    assert_eq!(hear(&mut asked(&["STAT"]), 170), PART);
    assert_eq!(hear(&mut asked(&["DELE X"]), 77), NEWS);
}

#[test]
fn a_period_server_means_what_it_says() {
    // What the Network UNIX of 1975-79 said to a user, as it was captured: each socket before the word that all begins.
    let lines = ["USER ken", "PASS X", "RETR /usr/s/k1", "STOR /usr/ken/fromus", "LIST"];
    let said: [&[(&str, Meaning)]; 5] = [
        &[("330 Enter PASS Command", MORE)],
        &[("230 User Logged in", OK)],
        &[
            ("255 SOCK 1037", NEWS),
            ("250 File transfer started correctly", OK),
            ("252 File transfer completed ok", DONE),
        ],
        &[
            ("255 SOCK 1036", NEWS),
            ("250 File transfer started correctly", OK),
            ("252 File transfer completed ok", DONE),
        ],
        &[("255 SOCK 1037", NEWS), ("250 List started ok", OK)],
    ];
    let (mut session, mut reader) = (UserSession::new(), ReplyReader::default());
    assert_eq!(reader.line("300 NOSC-SDL Unix Server FTP -- Hello!").map(|heard| heard.is_some()), Ok(true));
    for (line, said) in lines.iter().zip(said) {
        session.sent_line(line);
        for (words, meaning) in said {
            let Ok(Some(Heard::Reply(reply))) = reader.line(words) else { panic!("{words} is a reply") };
            assert_eq!(session.reply(&reply), *meaning, "{words} to {line}");
        }
    }
    assert!(!session.waits() && session.transfers(), "there the capture ends");
}

#[test]
fn a_transfer_begins_and_ends_with_codes_that_no_document_assigns() {
    dialogue(&["STOR A"], &[(290, OK), (292, DONE), (292, UNASKED)]);
    dialogue(&["STOR A"], &[(290, OK), (252, DONE)]);
    dialogue(&["RETR A"], &[(250, OK), (299, DONE)]);
    dialogue(&["RETR A", "NOOP"], &[(290, OK), (290, OK), (292, DONE)]);
    dialogue(&["RETR A"], &[(290, OK), (230, UNASKED), (490, BROKEN)]);
    dialogue(&["MAIL A"], &[(290, OK), (292, DONE)]);
}

#[test]
fn what_answers_a_line_that_is_no_command_is_judged_by_its_first_digit_too() {
    for (number, meaning) in [(200, OK), (254, OK), (231, OK), (201, OK), (330, MORE), (500, NO), (100, PART)]
    {
        assert_eq!(hear(&mut asked(&["XYZZY"]), number), meaning, "{number}");
    }
    let mut session = asked(&["XSTA"]);
    assert_eq!((hear(&mut session, 250), hear(&mut session, 252)), (OK, DONE), "it is a transfer");
    let mut session = asked(&["xsta"]);
    assert_eq!(hear(&mut session, 100), PART);
    session.told_enough();
    assert!(!session.waits());
}

#[test]
fn the_text_of_mail_is_no_command_and_its_end_has_a_reply() {
    let mut session = asked(&["MAIL JONES"]);
    assert_eq!((hear(&mut session, 350), session.takes_mail()), (MORE, true));
    for line in ["HELLO", "ABOR", "", ".."] {
        assert_eq!(session.sent_line(line), None, "{line:?} is text");
        assert!(!session.waits() && session.takes_mail() && session.transfers());
    }
    assert_eq!((session.sent_line("."), session.takes_mail(), session.transfers()), (None, false, true));
    assert_eq!((hear(&mut session, 256), session.transfers()), (DONE, false));
    assert_eq!(session.sent_line("NOOP"), Some(1), "commands are numbered one after the other");
}

#[test]
fn who_is_told_to_leave_is_told_at_any_time_and_who_logs_in_in_answer() {
    for number in [400, 401, 430, 434, 435, 436] {
        let mut session = asked(&["NOOP"]);
        assert_eq!((hear(&mut session, number), session.has_unfit()), (NEWS, false), "{number}");
        assert_eq!(hear(&mut session, 200), OK);
        let code = ReplyCode::new(number).expect("three digits");
        assert!(code.is_farewell() && code.is_spontaneous(), "{number}");
    }
    assert_eq!(hear(&mut asked(&["PASS X"]), 430), NO, "it refuses the password");
    assert_eq!(hear(&mut asked(&["REIN"]), 436), NO);
    assert_eq!(hear(&mut asked(&[]), 430), NEWS, "somebody takes too long");
    assert!(!ReplyCode::LOGIN_FAILED.is_farewell());
}

#[test]
fn a_question_that_was_told_enough_of_is_over_when_the_next_command_is_answered() {
    let mut session = asked(&["STAT", "NOOP", "DELE A"]);
    assert_eq!((hear(&mut session, 100), session.answered()), (PART, Some(0)));
    assert_eq!((hear(&mut session, 200), session.answered()), (OK, Some(0)), "as RFC 414 has it");
    assert_eq!((hear(&mut session, 200), session.answered()), (OK, Some(1)));
    let mut session = asked(&["STAT", "DELE A"]);
    assert_eq!(hear(&mut session, 100), PART);
    assert_eq!((hear(&mut session, 254), session.answered()), (OK, Some(1)), "as RFC 354 has it");
    let mut session = asked(&["STAT"]);
    assert_eq!(hear(&mut session, 150), PART);
    session.told_enough();
    assert_eq!((session.waits(), hear(&mut session, 200)), (false, UNASKED), "it is late");
}

#[test]
fn what_was_given_up_is_not_answered_by_what_comes_late_and_nor_is_the_next() {
    let mut session = asked(&["DELE A"]);
    assert_eq!(hear(&mut session, 200), UNASKED);
    session.give_up();
    assert!(!session.waits() && !session.has_unfit());
    session.sent_line("RNFR B");
    assert_eq!((hear(&mut session, 254), hear(&mut session, 200)), (UNASKED, OK));
}

#[test]
fn a_command_that_is_kept_until_the_account_is_given_is_answered_after_it() {
    let kept = || {
        let mut session = asked(&["RETR A"]);
        assert_eq!(hear(&mut session, 331), MORE);
        session.sent_line("ACCT 5");
        assert_eq!((hear(&mut session, 230), session.answered()), (OK, Some(1)));
        session
    };
    let mut session = kept();
    assert_eq!((hear(&mut session, 250), session.answered()), (OK, Some(0)));
    assert_eq!((hear(&mut session, 252), session.answered()), (DONE, Some(0)));
    let mut session = kept();
    assert_eq!(
        (hear(&mut session, 450), session.answered(), hear(&mut session, 450)),
        (NO, Some(0), UNASKED)
    );
    let mut session = kept();
    session.sent_line("NOOP");
    assert_eq!((hear(&mut session, 200), hear(&mut session, 250)), (OK, UNASKED), "it was dropped");
}

#[test]
fn a_failure_of_a_file_during_a_transfer_is_not_that_of_what_has_no_file() {
    for (line, answer) in [("NOOP", 200), ("TYPE A", 200), ("ABOR", 202)] {
        let mut session = asked(&["STOR A"]);
        assert_eq!(hear(&mut session, 250), OK);
        session.sent_line(line);
        assert_eq!((hear(&mut session, 455), session.answered()), (BROKEN, Some(0)), "{line}");
        assert_eq!((hear(&mut session, answer), session.answered()), (OK, Some(1)), "{line}");
    }
}

#[test]
fn a_transfer_has_two_replies_and_the_data_socket_between_or_before() {
    for order in [[255, 250, 252], [250, 255, 252]] {
        let meanings = order.map(|code| match code {
            255 => (code, NEWS),
            250 => (code, OK),
            _ => (code, DONE),
        });
        let session = dialogue(&["RETR A"], &meanings);
        assert!(!session.waits() && !session.transfers());
    }
    dialogue(&["STOR A"], &[(250, OK), (453, BROKEN)]);
    dialogue(&["APPE A"], &[(250, OK), (452, BROKEN)]);
    dialogue(&["APPE A"], &[(250, OK), (455, BROKEN)]);
    dialogue(&["RETR A"], &[(450, NO)]);
    dialogue(&["RETR A"], &[(452, NO)]);
}

#[test]
fn a_transfer_that_ends_without_having_begun_has_ended_all_the_same() {
    assert!(!dialogue(&["RETR A"], &[(252, DONE)]).waits());
}

#[test]
fn the_data_socket_answers_sock_and_lstn_only() {
    dialogue(&["SOCK 69,5"], &[(255, OK)]);
    dialogue(&["SOCK 69,5"], &[(200, OK)]);
    dialogue(&["LSTN R"], &[(504, NO)]);
    assert!(dialogue(&["NOOP"], &[(255, NEWS)]).waits());
}

#[test]
fn greetings_and_news_answer_nothing() {
    let session = dialogue(&["USER BOBT"], &[(300, NEWS), (0, NEWS), (50, NEWS), (436, NEWS), (330, MORE)]);
    assert!(!session.waits());
}

#[test]
fn status_goes_on_until_200() {
    dialogue(&["STAT"], &[(100, Meaning::Partial), (200, OK)]);
    dialogue(&["HELP"], &[(30, Meaning::Partial), (200, OK)]);
    let mut session = dialogue(&["STAT"], &[]);
    assert_eq!(session.reply(&Reply::new(ReplyCode::STATUS, "First").and("Last")), OK, "RFC 454's form");
}

#[test]
fn during_a_transfer_its_end_is_told_from_answers_to_other_commands() {
    let begun = || dialogue(&["RETR A"], &[(250, OK)]);
    let hear = |session: &mut UserSession, code| session.reply(&Reply::new(code, ""));
    let mut session = begun();
    session.sent(&Command::Bye);
    assert_eq!(hear(&mut session, ReplyCode::LOGOUT_NOTED), OK);
    assert_eq!(hear(&mut session, ReplyCode::TRANSFER_DONE), DONE);

    let mut session = begun();
    session.sent(&Command::Noop);
    assert_eq!(hear(&mut session, ReplyCode::TRANSFER_DONE), DONE, "it may overtake the answer");
    assert_eq!(hear(&mut session, ReplyCode::OK), OK);
}

#[test]
fn the_last_word_of_one_transfer_is_not_taken_for_that_of_the_next() {
    let begun = || {
        let mut session = dialogue(&["RETR A"], &[(250, OK)]);
        session.sent(&Command::Stor("B".to_owned()));
        session
    };
    let hear = |session: &mut UserSession, code: u16| {
        session.reply(&Reply::new(ReplyCode::new(code).expect("three digits"), ""))
    };
    for late in [252, 452, 453] {
        let mut session = begun();
        assert_eq!(hear(&mut session, late), UNASKED, "{late} is of RETR, and late");
        assert!(session.waits() && !session.transfers());
        assert_eq!(hear(&mut session, 250), OK);
        assert_eq!(hear(&mut session, 252), DONE);
    }
    // It got lost.
    let mut session = begun();
    assert_eq!(hear(&mut session, 450), NO);
    assert!(!session.waits() && !session.transfers(), "nothing is under way");
    // It is still to come.
    let mut session = begun();
    assert_eq!(hear(&mut session, 504), NO);
    assert!(!session.waits() && session.transfers(), "RETR is under way");
    assert_eq!(hear(&mut session, 252), DONE);
}

#[test]
fn an_abort_answers_for_what_it_stopped() {
    let session = dialogue(&["RETR A", "ABOR"], &[(201, OK)]);
    assert!(!session.waits() && !session.transfers());
    dialogue(&["RETR A", "ABOR"], &[(250, OK), (252, DONE), (202, OK)]);
    // A command that came twice is refused once, and goes on.
    let mut session = dialogue(&["STOR A"], &[(504, NO)]);
    session.sent(&Command::Abor);
    let mut hear = |code: u16| session.reply(&Reply::new(ReplyCode::new(code).expect("three digits"), ""));
    assert_eq!([250, 252, 202].map(&mut hear), [NEWS, DONE, OK]);
}

#[test]
fn mail_wants_its_text_and_then_has_a_second_reply() {
    dialogue(&["MAIL"], &[(350, MORE), (256, DONE)]);
}

#[test]
fn with_nothing_asked_nothing_is_an_answer() {
    dialogue(
        &[],
        &[(200, UNASKED), (252, UNASKED), (500, UNASKED), (201, UNASKED), (999, UNASKED), (330, UNASKED)],
    );
    dialogue(&[], &[(255, NEWS), (300, NEWS), (10, NEWS)]);
}

/// What a server of an edition does with the next command: how many spontaneous replies it sends first, and which of all replies
/// of the command's row it chooses.
#[derive(Debug, Clone)]
struct Turn {
    name: CommandName,
    news: Vec<u16>,
    choice: usize,
    end: usize,
}

fn turn() -> impl Strategy<Value = Turn> {
    let news = proptest::sample::select(vec![0_u16, 10, 50, 251, 255, 300, 301, 400, 401, 434, 435, 436]);
    let news = proptest::collection::vec(news, 0..3);
    (proptest::sample::select(CommandName::ALL), news, any::<usize>(), any::<usize>())
        .prop_map(|(name, news, choice, end)| Turn { name, news, choice, end })
}

fn pick(codes: &[ReplyCode], choice: usize) -> Option<ReplyCode> {
    codes.get(choice.checked_rem(codes.len())?).copied()
}

#[test]
fn of_two_transfers_at_once_each_has_its_last_word() {
    let mut session = UserSession::new();
    let hear = |session: &mut UserSession, code: u16| {
        session.reply(&Reply::new(ReplyCode::new(code).expect("three digits"), ""))
    };
    for line in ["RETR A", "STOR B"] {
        session.sent_line(line);
        hear(&mut session, 250);
    }
    for number in [0, 1] {
        assert_eq!(hear(&mut session, 252), Meaning::Secondary(Outcome::Success), "{number}");
        assert_eq!(session.answered(), Some(number));
    }
    assert!(!session.transfers());
    assert_eq!(hear(&mut session, 252), Meaning::Unasked);
}

proptest! {
    /// A dialogue of any edition, one command after the other, as its tables have it: each reply is of the command that it answers.
    #[test]
    fn every_reply_of_a_lawful_server_is_of_its_command(
        edition in proptest::sample::select(Edition::ALL.to_vec()),
        turns in proptest::collection::vec(turn(), 0..20),
    ) {
        let mut session = UserSession::new();
        for Turn { name, news, choice, end } in turns {
            let Some(row) = name.answers(edition) else { continue };
            let line = lines_with(name).pop().expect("each command has a line");
            let number = session.sent_line(&line).expect("no text is wanted");
            // What answers this command by the same code in some edition is no news.
            let rows = || Edition::ALL.into_iter().filter_map(|edition| name.answers(edition));
            let is_news = |number: &u16| {
                let code = ReplyCode::new(*number).expect("three digits");
                let is_socket = name.arranges_socket() && code == ReplyCode::DATA_SOCKET;
                !is_socket && !rows().any(|row| row.first.contains(code) || row.refused.contains(code))
            };
            for code in news.iter().filter(|code| is_news(code)) {
                prop_assert_eq!(hear(&mut session, *code), NEWS, "{} to {}", code, line);
            }
            // What is kept for an account is another dialogue.
            let first: Vec<_> = row.first.iter().chain(row.refused.iter()).filter(|code| *code != ReplyCode::ACCOUNT_WANTED).collect();
            let code = pick(&first, choice).expect("it may be refused");
            let meaning = session.reply(&Reply::new(code, "SOCK 5"));
            prop_assert!(matches!(meaning, Meaning::Primary(_) | Meaning::Partial), "{} to {}: {:?}", code, line, meaning);
            prop_assert_eq!(session.answered(), Some(number), "{} to {}", code, line);
            session.told_enough();
            if session.takes_mail() {
                session.sent_line("TEXT");
                session.sent_line(".");
            }
            if session.transfers() {
                let ends: Vec<_> = row.then.iter().chain(row.broken.iter()).collect();
                let code = pick(&ends, end).expect("it may end");
                let meaning = session.reply(&Reply::new(code, ""));
                prop_assert!(matches!(meaning, Meaning::Secondary(_)), "{} to {}: {:?}", code, line, meaning);
                prop_assert_eq!(session.answered(), Some(number), "{} to {}", code, line);
            }
            prop_assert!(!session.waits() && !session.transfers() && !session.has_unfit(), "after {}", line);
        }
    }

    /// Whatever is said, in whatever order: no command is answered twice, and none before it was sent.
    #[test]
    fn no_command_is_answered_twice_whatever_is_said(
        said in proptest::collection::vec((any::<bool>(), proptest::sample::select(CommandName::ALL), 0..1000_u16), 0..60),
    ) {
        let mut session = UserSession::new();
        let mut sent = 0;
        let mut answered = std::collections::BTreeSet::new();
        let mut ended = std::collections::BTreeSet::new();
        for (asks, name, code) in said {
            if asks {
                sent += u64::from(session.sent_line(name.as_str()).is_some());
                continue;
            }
            let meaning = hear(&mut session, code);
            let of = session.answered();
            prop_assert!(of.is_none_or(|number| number < sent), "{:?} of {:?}", meaning, of);
            match (meaning, of) {
                // The account may have been asked for first.
                (Meaning::Primary(Outcome::Incomplete), Some(_)) | (Meaning::Partial | Meaning::Unasked, _) => {}
                (Meaning::Primary(_), Some(number)) => prop_assert!(answered.insert(number), "{} twice", number),
                (Meaning::Secondary(_), Some(number)) => prop_assert!(ended.insert(number), "{} twice", number),
                (Meaning::Spontaneous, None) => {}
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
