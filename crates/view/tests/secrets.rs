//! No view of a run shows a password: neither what somebody may log in with, nor what he tries.

use std::collections::BTreeSet;

use sim::scenario::library;
use sim::{Options, Prepared};
use trace::{Lens, Paper, View};
use view::comments::comments;
use view::json::JsonLines;
use view::ladder::{LadderOptions, Scale, mermaid, svg};
use view::page::{Packets, PageRun, html};
use view::palette::Theme;
use view::report::{heading, title};
use view::secrets::hide_typed;
use view::sheet::Sheet;
use view::story::{LEVELS, Telling, tell};

/// What stands in the text of a scenario behind `password`, PASS, and LOGIN with a name; and what `more` says.
fn passwords<'t>(text: &'t str, more: &[&'t str]) -> BTreeSet<&'t str> {
    let mut found: BTreeSet<&str> = more.iter().copied().collect();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let behind = match *word {
                "password" | "PASS" => 1,
                "LOGIN" => 2,
                _ => continue,
            };
            found.extend(words.get(at + behind));
        }
    }
    found
}

/// Every view of a run as text, with its name.
fn views(text: &str) -> Vec<(String, String)> {
    let prepared = Prepared::parse(text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    let scenario = prepared.scenario();
    let mut outcome = prepared.replay_with_tables(scenario.seed, Options::EVERYTHING);
    let packets = Packets::apart(&mut outcome);
    let sheet = Sheet::new(scenario, &outcome);
    let mut records = outcome.records.clone();
    hide_typed(scenario, &mut records);
    let options = LadderOptions { lenses: Lens::ALL, scale: Scale::Order, theme: Theme::Light };
    let mut views = vec![
        ("page".to_owned(), html(&[PageRun { label: "run", sheet: &sheet, text, packets: &packets }])),
        ("ladder".to_owned(), svg(&sheet, &options)),
        ("ladder for mermaid".to_owned(), mermaid(&sheet, &options)),
        ("heading".to_owned(), heading(scenario)),
        ("title".to_owned(), title(scenario)),
        ("transcript".to_owned(), View::new(&outcome.names, Lens::ALL).transcript(&records)),
    ];
    for comment in comments(scenario, &outcome.records) {
        views.push(("author's remark".to_owned(), comment.text));
    }
    let mut lines = JsonLines::new(None);
    views.push(("heading for programs".to_owned(), JsonLines::run(scenario)));
    for record in &records {
        views.extend(
            lines.of_run(record, &[], &outcome.names).map(|line| ("record for programs".to_owned(), line)),
        );
    }
    for (name, level) in LEVELS {
        let paper = Paper { width: None, color: false };
        let telling = Telling { level, lenses: Lens::ALL, paper, times: true, from: None, folded: &[] };
        views.push((name.to_owned(), tell(&sheet, telling).expect("it is told from its begin")));
    }
    views
}

fn nothing_shows(name: &str, text: &str, passwords: &BTreeSet<&str>) {
    assert!(!passwords.is_empty(), "{name} has passwords");
    for (view, shown) in views(text) {
        for password in passwords {
            let is_there = shown.split(|c: char| !c.is_alphanumeric()).position(|word| word == *password);
            assert!(is_there.is_none(), "{name}: the {view} shows {password}");
        }
    }
}

#[test]
fn no_view_of_a_run_of_the_library_shows_a_password() {
    let scenarios: &[(&str, &[&str])] = &[
        ("append-wrong-password", &[]),
        ("user-by-hand", &[]),
        ("third-party-by-hand", &[]),
        ("rfc354-retr", &[]),
        ("account-wanted", &[]),
        // What is typed where a program asks for a password.
        ("ftp-user-complaints", &["RED"]),
        ("password-asked", &["BLUE", "GREEN"]),
    ];
    for (name, more) in scenarios {
        let text = library::scenario(name).expect("it is built in");
        nothing_shows(name, text, &passwords(text, more));
    }
}

#[test]
fn a_password_that_is_typed_at_the_wrong_prompt_is_not_shown_nor_what_the_program_says_of_it() {
    let text = "title What is typed at the wrong prompt\n\
        net three-imps\n\
        host SITE1 serves ftp account SMITH password SESAME\n\
        host SITE3 runs ftp\n\
        SITE3 types CONNECT SITE1\n\
        SITE3 types LOGIN SMITH\n\
        SITE3 types WRONG\n\
        SITE3 types SESAME\n\
        SITE3 types WRONG\n\
        SITE3 types BYE\n\
        SITE3 sees CLOSED\n";
    nothing_shows("a wrong prompt", text, &passwords(text, &["SESAME", "WRONG"]));
    let transcript = views(text).into_iter().find(|(name, _)| name == "transcript").map(|(_, text)| text);
    let transcript = transcript.expect("there is one");
    assert_eq!(
        transcript.matches("XXXX? TYPE HELP").count(),
        2,
        "it is said that it is no command: {transcript}"
    );
}

#[test]
fn marks_wrong_passwords_and_other_ways_to_say_one_show_none() {
    let text = "# BLUEBLUE is wrong (BLUEBLUE), so is PINK; \"GRAY\" is, too. It is BLUE: nothing else.\n\
        title SMITH has BLUE, not PINK\n\
        cites (BLUEBLUE)\n\
        net three-imps\n\
        host SITE1 serves ftp account SMITH password BLUE\n\
        host SITE2 runs rsexec\n\
        host SITE3 runs ftp\n\
        SITE2 types LOGIN (AT) SITE1 (USER) SMITH GRAY\n\
        SITE3 types CONNECT SITE1\n\
        SITE3 types LOGIN SMITH PINK\n\
        SITE3 sees 431\n\
        SITE3 types quote user SMITH\n\
        SITE3 types quote pass OCHRE\n\
        SITE3 types BYE\n\
        SITE3 calls SITE1 at 3, from 400\n\
        SITE3 hears 402 300\n\
        SITE3 says 403 USER SMITH\n\
        SITE3 hears 402 330\n\
        SITE3 sends 403 PASS BLUEBLUE{CR}{LF}\n\
        SITE3 hears 402 431\n\
        SITE3 says 403 USER SMITH\n\
        SITE3 hears 402 330\n\
        SITE3 sends 403 PASS SCAR\n\
        SITE3 sends 403 LETRED{CR}{LF}\n\
        SITE3 hears 402 431\n\
        SITE3 says 403 USER SMITH\n\
        SITE3 hears 402 330\n\
        SITE3 sends 403 bytes 0x50 0x41 0x53 0x53 0x20 0x52 0x55 0x42 0x59 0x0d 0x0a\n\
        SITE3 hears 402 431\n";
    let passwords =
        ["BLUE", "BLUEBLUE", "GRAY", "OCHRE", "PINK", "SCAR", "LETRED", "SCARLETRED", "RUBY", "0x52"];
    nothing_shows("it", text, &BTreeSet::from(passwords));
}
