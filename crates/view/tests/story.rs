//! A run told step by step: headings, comments, what is left out, and the width of its lines.

use std::collections::BTreeSet;

use sim::scenario::library;
use sim::{Options, Prepared};
use trace::{Lens, Paper};
use view::sheet::{PHASE_WORDS, Sheet};
use view::story::{LEVELS, Level, NoSuchLevel, NoSuchPhase, NotSaid, Telling, phase_word, tell};

const USUAL: Telling<'_> = Telling {
    level: Level::Story,
    lenses: &Lens::USUAL,
    paper: Paper { width: None, color: false },
    times: true,
    from: None,
    folded: &[],
};

fn told(name: &str, telling: Telling<'_>) -> Result<String, NotSaid> {
    let prepared = Prepared::parse(library::scenario(name).expect("it is built in")).expect("it can be read");
    let outcome = prepared.replay_with_tables(prepared.scenario().seed, Options::EVERYTHING);
    tell(&Sheet::new(prepared.scenario(), &outcome), telling)
}

/// The text in one line, so that nothing is hidden by where a line is broken.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where these stand, one behind the other.
fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let (_, behind) = rest
            .split_once(part)
            .unwrap_or_else(|| panic!("{part} stands behind those before it in:\n{text}"));
        rest = behind;
    }
}

#[test]
fn a_story_has_the_phases_as_headings_comments_between_the_steps_and_each_step_in_words()
-> Result<(), NotSaid> {
    let text = told("rfc438-append", USUAL)?;
    in_order(
        &joined(&text),
        &[
            "# The example of RFC 438",
            "=== ICP: SITE3 reaches the FTP server of SITE1 ===",
            "RTS 15272 from 3 link 2 SITE3 asks SITE1 for a connection",
            "Why now: A user begins at the server's well-known socket",
            "SITE3 then: connection of socket 15272",
            "[NIC 8246, III, p. 13; NIC 8246, III, p. 14; RFC 165, p. 2]",
            "=== Login: SITE3 at SITE1 ===",
            "# Step 1: SITE2 is to listen.",
            "=== RFC 438, step 1",
            "LSTN R",
            "=== RFC 438, step 4",
            "=== Data: SITE1 to SITE2 ===",
            "200 bits of data, 25 bytes of 8 bits, on link 2, of the connection from its socket 8193 to 57144 at SITE2",
            "=== Close: SITE3 logs out ===",
        ],
    );
    assert!(
        !text.contains("it may still send 12 messages"),
        "the arithmetic of each line is no part of the story"
    );
    Ok(())
}

#[test]
fn what_nobody_knows_from_tcp_ip_is_explained_where_it_is_first_met_and_only_there() -> Result<(), NotSaid> {
    let text = joined(&told("rfc438-append", USUAL)?);
    in_order(
        &text,
        &["SITE3: host 0 of IMP 3, address 3; its system: TENEX.", "IMP: The computer at each site"],
    );
    for once in ["IMP: The computer", "socket: One end", "TENEX: BBN's", "SITE3: host 0 of IMP 3"] {
        assert_eq!(text.matches(once).count(), 1, "{once}");
    }
    Ok(())
}

#[test]
fn a_protocol_names_the_clauses_and_bits_draw_the_fields() -> Result<(), NotSaid> {
    let protocol = joined(&told("rfc438-append", Telling { level: Level::Protocol, ..USUAL })?);
    in_order(
        &protocol,
        &["RTS 15272", "[NIC 8246, III, p. 13; est-01] STR goes from the prospective sender"],
    );
    assert!(protocol.contains("it may still send 15 messages, 31904 bits"), "and how much may be sent");
    let bits = told("rfc438-append", Telling { level: Level::Bits, ..USUAL })?;
    in_order(
        &joined(&bits),
        &[
            "| leader 32 | header 40 | text 80 |",
            "1-32 leader regular message what the host tells its IMP",
            "9-16 address 1 to SITE1, host 0 of IMP 1",
            "41-48 S 8 byte size",
            "73-152 RTS RTS 15272 from 3 link 2",
            "145-152 link 2 the text is to come on this link",
        ],
    );
    assert!(bits.contains("00 01 00 00 00 08 00 0a 00 01 00 00 3b a8 00 00"), "and in hexadecimal:\n{bits}");
    Ok(())
}

#[test]
fn no_level_tells_a_password() -> Result<(), NotSaid> {
    for (_, level) in LEVELS {
        for name in ["rfc438-append", "password-asked", "append-wrong-password"] {
            // Bits that go on below themselves are one string of them.
            let text = joined(&told(name, Telling { level, lenses: Lens::ALL, ..USUAL })?);
            for password in ["BLUE", "GREEN"] {
                assert!(!text.contains(password), "{name} as {level:?}");
                let bits: Vec<String> = password.bytes().map(|byte| format!("{byte:02x}")).collect();
                assert!(!text.contains(&bits.join(" ")), "{name} as {level:?}, in hexadecimal");
            }
        }
    }
    Ok(())
}

#[test]
fn one_may_begin_at_any_text_and_fold_what_one_knows() -> Result<(), NotSaid> {
    let text = told("rfc438-append", Telling { from: Some("LSTN"), ..USUAL })?;
    in_order(&text, &["# The example", "steps before are left out)", "# Step 1", "LSTN R", "255 SOCK"]);
    assert!(!text.contains("USER SMITH"), "{text}");
    let folded = told("rfc438-append", Telling { folded: &["icp", "login"], ..USUAL })?;
    in_order(
        &folded,
        &[
            "=== ICP: SITE3 reaches the FTP server of SITE1 ===\n(",
            "steps folded, up to 0.1",
            "=== RFC 438, step 1",
        ],
    );
    assert!(!folded.contains("RTS 15272") && !folded.contains("USER SMITH"), "{folded}");
    let nowhere = told("rfc438-append", Telling { from: Some("PASV"), ..USUAL });
    assert_eq!(nowhere, Err(NotSaid("PASV".to_owned())));
    Ok(())
}

#[test]
fn lines_fit_the_paper_at_every_level() -> Result<(), NotSaid> {
    for (_, level) in LEVELS {
        for width in [40, 60, 80, 120] {
            let paper = Paper { width: Some(width), color: false };
            let text = told("rfc438-append", Telling { level, paper, lenses: Lens::ALL, ..USUAL })?;
            for line in text.lines() {
                let is_one_word = line.split_whitespace().count() == 1;
                assert!(line.chars().count() <= width || is_one_word, "{width} columns as {level:?}: {line}");
            }
        }
    }
    Ok(())
}

#[test]
fn what_an_operator_does_is_told_where_he_does_it() -> Result<(), NotSaid> {
    let text = told("allocation-step-by-step", USUAL)?;
    in_order(
        &joined(&text),
        &[
            "operator SITE2 listens 400 (line 13 of the scenario)",
            "SITE2 then: socket 400: a program waits there",
        ],
    );
    Ok(())
}

#[test]
fn the_same_run_is_told_in_the_same_words_with_and_without_times() -> Result<(), NotSaid> {
    assert_eq!(told("echo", USUAL)?, told("echo", USUAL)?);
    let without = told("echo", Telling { times: false, ..USUAL })?;
    assert!(!without.contains("0.000000"), "{without}");
    Ok(())
}

#[test]
fn levels_and_phases_have_names() {
    for (name, level) in LEVELS {
        assert_eq!(name.parse(), Ok(level));
    }
    assert_eq!("all".parse::<Level>(), Err(NoSuchLevel("all".to_owned())));
    for word in PHASE_WORDS {
        assert_eq!(phase_word(word), Ok(word));
    }
    assert_eq!(phase_word("logins"), Err(NoSuchPhase("logins".to_owned())));
}

#[test]
fn what_happens_twice_with_the_same_reason_is_explained_once() -> Result<(), NotSaid> {
    let text = joined(&told("echo", Telling { lenses: Lens::ALL, ..USUAL })?);
    in_order(
        &text,
        &["SITE1 -> IMP NOP SITE1 sends its IMP a message that says nothing.", "NOP The same again."],
    );
    Ok(())
}

#[test]
fn phases_whose_steps_come_between_each_other_are_headed_together_and_each_step_says_whose_it_is()
-> Result<(), NotSaid> {
    let text = told("two-users-at-once", USUAL)?;
    let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("=== ")).collect();
    let titles = |line: &&str| line.replace(", continued", "");
    let distinct = headings.iter().map(titles).collect::<BTreeSet<_>>().len();
    // A file that goes on while others begin is met again; but no heading alternates with another one, step by step.
    assert!(headings.len() < 2 * distinct, "{headings:#?}");
    in_order(
        &text,
        &[
            "=== a: ICP: SITE1 reaches the FTP server of SITE1 ===\n=== b: ICP: SITE3 reaches the FTP server of SITE3 ===\n",
            "  a: SITE1 -> SITE1  RTS 8184",
            "  SITE3 types  APPEND",
            "  b: SITE3 -> SITE3  RTS 15272",
            "  a: SITE1 -> SITE1  STR 3",
            "=== a: Login: SITE1 at SITE1 ===",
        ],
    );
    assert!(!text.contains(": SITE3 types"), "a teletype is no part of another user's errand");
    let turn = "It has waited for its turn since";
    assert!(joined(&text).contains(turn), "what is not as it was above is explained");
    let alone = told("rfc438-append", USUAL)?;
    assert!(!alone.contains("=== a: "), "where one thing is done after the other no letters are needed");
    let folded = told("two-users-at-once", Telling { folded: &["icp", "login"], ..USUAL })?;
    let counted = folded.lines().filter(|line| line.contains("folded, up to")).count();
    assert!(counted < 12, "steps that are folded together are counted together: {counted}");
    Ok(())
}

#[test]
fn that_a_second_user_reaches_a_server_and_logs_in_is_told_and_not_explained_again() -> Result<(), NotSaid> {
    let text = joined(&told("rfc438-append", USUAL)?);
    let begins = "Why now: A user begins at the server's well-known socket";
    assert_eq!(text.matches(begins).count(), 1, "an ICP is explained once");
    in_order(
        &text,
        &[
            "=== ICP: SITE3 reaches the FTP server of SITE2 ===",
            "RTS 15280 from 3 link 2 (As above, under",
            "SITE2: host 0 of IMP 2",
            "STR 3 to 15280",
            "=== Login: SITE3 at SITE2 ===",
            "300 SITE2",
            "(As above, under",
            "PASS XXXX",
        ],
    );
    let all = joined(&told("rfc438-append", Telling { level: Level::Protocol, ..USUAL })?);
    assert_eq!(all.matches(begins).count(), 2, "who wants to know all is told all");
    Ok(())
}
