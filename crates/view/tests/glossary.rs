//! Each entry of the glossary is shown by the scenario that it names, and each term that a transcript shows has an entry.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use machine::Span;
use scenario::library::{self, BuiltIn};
use sim::{Options, Outcome, replay};
use trace::{Follower, Keep, Lens, Line, View};
use view::glossary::{Entry, Kind, entries, find, met_in};

/// Runs that are looked at through all lenses, for what a kept transcript does not show.
const IN_FULL: [&str; 8] = [
    "append-site-dead",
    "echo",
    "imp-goes-down",
    "leader-garbled-on-cable",
    "random-bytes",
    "rfc438-append",
    "tardy-host",
    "unknown-opcode",
];

fn text_of(name: &str) -> String {
    let file = format!("{name}.{}", library::SCENARIO);
    library::file(&file).unwrap_or_else(|| panic!("there is no scenario {name}")).to_owned()
}

/// Whole nets under load are looked at packet by packet only for so long: millions of packets follow that are like the first.
const BUSY: (&str, Span) = ("measure-under-load", Span::from_secs(10));

/// A replay of a scenario of the library; what crosses the lines between the IMPs is kept if it is asked for.
fn run(name: &str, has_frames: bool) -> Outcome {
    let mut scenario = scenario::parse(name, &text_of(name), &BuiltIn)
        .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    if has_frames && name == BUSY.0 {
        scenario.limit = BUSY.1;
    }
    let watch = if has_frames { imp::Watch::Frames } else { imp::Watch::Nothing };
    replay(&scenario, Options { keep: Keep::Records, watch })
}

/// A line as the glossary quotes it: who, two blanks, what.
fn quoted(line: &Line) -> String {
    format!("{}  {}", line.who, line.what).trim_end().to_owned()
}

/// A text whose columns stand one blank apart.
fn narrow(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_entry_is_shown_by_the_scenario_that_it_names_through_the_lens_that_it_names() {
    let mut of_run: BTreeMap<(&str, bool), Vec<(&Entry, Lens)>> = BTreeMap::new();
    for entry in entries() {
        if let Some(shown) = entry.shown {
            of_run
                .entry((shown.scenario, shown.lens >= Lens::Packets))
                .or_default()
                .push((entry, shown.lens));
        }
    }
    let mut wrong = Vec::new();
    for ((name, has_frames), mut wanted) in of_run {
        let outcome = run(name, has_frames);
        let mut follower = Follower::default();
        for record in &outcome.records {
            // What is not wanted any more is not put into words.
            let lenses: Vec<Lens> = wanted.iter().map(|(_, lens)| *lens).collect();
            for line in View::new(&outcome.names, &lenses).lines_of(record, &mut follower) {
                wanted.retain(|(entry, lens)| line.lens != *lens || !shows(&line, entry));
            }
        }
        let missing = wanted.into_iter();
        wrong.extend(
            missing.map(|(entry, lens)| {
                format!("{}: {name} has no {:?} through {lens}", entry.name, entry.looks)
            }),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a line is the one by which an entry says what it looks like, and is known for it.
fn shows(line: &Line, entry: &Entry) -> bool {
    // A table has rows below its title, and those of a teletype begin far to the right.
    let looks = narrow(entry.looks);
    let is_there = quoted(line).lines().any(|row| narrow(row).contains(&looks));
    is_there && (is_met_elsewhere(entry) || met_in(line.lens, &line.who, &line.what).contains(&entry))
}

/// Whether a line that shows an entry need not have its words: it shows what is meant.
fn is_met_elsewhere(entry: &Entry) -> bool {
    match entry.kind {
        Kind::Term | Kind::Column | Kind::Language | Kind::Lens | Kind::Policy | Kind::System => true,
        // Why an IMP says something stands in what that means.
        Kind::FromImp => entry.name.starts_with(char::is_lowercase),
        _ => false,
    }
}

#[test]
fn an_entry_without_a_scenario_is_shown_by_none() {
    let kept = kept();
    let mut wrong = Vec::new();
    for (name, lines) in &kept {
        for line in lines {
            for entry in
                met_in(line.lens, &line.who, &line.what).into_iter().filter(|entry| entry.shown.is_none())
            {
                // What is met in passing is not what the line is about.
                if matches!(
                    entry.kind,
                    Kind::Ncp | Kind::FtpCommand | Kind::FtpReply | Kind::Printed | Kind::Center
                ) {
                    wrong.push(format!("{}: {name} has {}", entry.name, quoted(line)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// All lines of all transcripts that are kept, by the names of their scenarios.
fn kept() -> Vec<(String, Vec<Line>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/transcripts");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("they are there").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let is_transcript = |file: &PathBuf| !file.ends_with("RUNS.snap");
    let kept: Vec<_> = files
        .into_iter()
        .filter(is_transcript)
        .map(|file| {
            let text = fs::read_to_string(&file).expect("it is text");
            (file.file_stem().expect("a name").to_string_lossy().into_owned(), of_text(&text))
        })
        .collect();
    assert!(kept.len() > 70, "all transcripts are read: {}", kept.len());
    kept
}

/// The lines of a kept transcript.
fn of_text(text: &str) -> Vec<Line> {
    let printed = text.split_once("\n---\n").map_or(text, |(_, printed)| printed);
    // Above are the title and what the scenario cites, and below how it ended.
    let lines: Vec<&str> = printed.split("\n\n").skip(1).flat_map(str::lines).collect();
    // What happened begins in one column, unless it is the further line of a reply.
    let column = lines.iter().filter_map(|line| what_begins(line)).min().unwrap_or_default();
    lines.into_iter().filter_map(|line| of_line(line, column)).collect()
}

/// Behind a time, if there is one.
fn untimed(text: &str) -> &str {
    let is_time = |time: &str| time.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.trim_start().split_once("  ").filter(|(time, _)| is_time(time)).map_or(text, |(_, rest)| rest)
}

/// Where what happened begins behind who did it, in bytes.
fn what_begins(text: &str) -> Option<usize> {
    let (who, rest) = untimed(text).split_once("  ")?;
    (!who.is_empty()).then(|| who.len() + 2 + rest.len() - rest.trim_start().len())
}

/// A line of a kept transcript in which what happened begins in this column; nothing if it is a row of a table, or how the run
/// ended.
fn of_line(text: &str, column: usize) -> Option<Line> {
    let line = untimed(text);
    if line.starts_with(' ') {
        return None;
    }
    let (who, behind) = line.split_once("  ").unwrap_or((line, ""));
    let rest = behind.trim_start();
    let is_indented = what_begins(text).is_some_and(|begins| begins > column);
    let is_told = who.contains("->") || who.ends_with(" types") || who.ends_with(" sees");
    let lens = match who {
        _ if who.starts_with("IMP -> ") => Lens::Trouble,
        _ if who.starts_with("IMP ") => Lens::Data,
        _ if who.ends_with(" types") || who.ends_with(" sees") => Lens::Teletype,
        _ if who.ends_with(" file") || who.ends_with(" crashes") || who.ends_with(" restarts") => Lens::Host,
        _ if who.contains(" -> ") => lens_of(rest),
        _ if is_told => return None,
        _ => Lens::Trouble,
    };
    // What it means stands behind two blanks; what is typed or printed has no meaning.
    let what = if lens == Lens::Teletype { rest } else { rest.split("  ").next().unwrap_or_default() };
    let what = format!("{}{what}", if is_indented { "   " } else { "" });
    Some(Line {
        at: machine::Instant::START,
        is_timed: false,
        lens,
        who: who.to_owned(),
        what: what.trim_end().to_owned(),
        meaning: String::new(),
        bits: None,
    })
}

/// Through which lens a message between hosts is seen.
fn lens_of(what: &str) -> Lens {
    let first = what.split([' ', '…']).next().unwrap_or_default();
    let is_ncp = find(first).iter().any(|entry| entry.kind == Kind::Ncp) && first != "NOP";
    match first {
        "link" if what.contains(" data ") => Lens::Data,
        "link" | "illegal" | "short" | "opcode" => Lens::Ncp,
        _ if is_ncp => Lens::Ncp,
        _ => Lens::Ftp,
    }
}

/// English that programs speak in capitals, and that needs no explanation.
const ENGLISH: &str = "A AN AND ANY ARE AS AT BE BY CANNOT FIRST FOR FROM HAS HERE IN IS IT LATER MORE NAME NO NONE NOT \
    OF ON ONCE OPEN OR OUT S SEE SHOW THAT THE THERE THIS TO TRY WAS WHAT WHICH WITH WHO YOU YOURS MIN";

/// The words of a text in capitals, and those of its beginning that are numbers of three digits. What is quoted, and what is the
/// name of a file, has none.
fn words(line: &Line) -> Vec<String> {
    let mut is_quoted = false;
    let outside: String = line
        .what
        .chars()
        .map(|letter| {
            is_quoted ^= letter == '"';
            if is_quoted { ' ' } else { letter }
        })
        .collect();
    let mut words = Vec::new();
    if line.who.contains("->") && line.lens == Lens::Ftp {
        let code = line.what.split([' ', '-']).next().unwrap_or_default();
        words.extend(Some(code.to_owned()).filter(|code| code.len() == 3 && code.parse::<u16>().is_ok()));
    }
    let is_path = |word: &str| word.contains(['<', '>', '[', ']', '.', '*']) && word.len() > 2;
    for word in outside.split_whitespace().filter(|word| !is_path(word.trim_end_matches('.'))) {
        for part in word.split(|letter: char| !letter.is_ascii_alphanumeric()) {
            let is_word = part.len() > 1 && part.starts_with(|first: char| first.is_ascii_uppercase());
            if is_word && !part.contains(|letter: char| letter.is_ascii_lowercase()) {
                words.push(part.to_owned());
            }
        }
    }
    words
}

/// The words that a scenario has made up: names and texts. What is typed begins with a word that is not.
fn made_up(name: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for line in text_of(name).lines().filter(|line| !line.trim_start().starts_with('#')) {
        let typed = line.split_once(" types ").map(|(_, typed)| typed.trim_start());
        let typed = typed.map(|typed| typed.strip_prefix("QUOTE ").unwrap_or(typed));
        let rest = typed.map_or(line, |typed| typed.split_once(' ').map_or("", |(_, rest)| rest));
        let parts = rest.split(|letter: char| !letter.is_ascii_alphanumeric());
        words.extend(parts.filter(|part| !part.is_empty()).map(str::to_uppercase));
    }
    words
}

/// The words in the names of all hosts and IMPs of all nets.
fn names_of_nets() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for name in library::nets() {
        let file = format!("{}/{name}.{}", library::NETS, library::NET);
        let text = library::file(&file).expect("it is built in");
        let net = scenario::parse_net(name, text).expect("it is right");
        let names = net
            .hosts
            .iter()
            .flat_map(imp::HostSite::names)
            .chain(net.imps.iter().map(|imp| imp.name.as_str()));
        words.extend(names.flat_map(|name| name.split('-')).map(str::to_uppercase));
    }
    words
}

/// The words in lines that have no entry.
fn unexplained(name: &str, lines: &[Line], of_nets: &BTreeSet<String>) -> BTreeSet<String> {
    let made_up = made_up(name);
    let mut unexplained = BTreeSet::new();
    // What somebody says that there is no such command is meant to have no entry.
    let is_refused = |word: &str| {
        let says = [format!("{word}? TYPE HELP"), format!("{word} is not a command")];
        lines.iter().any(|line| says.iter().any(|says| line.what.contains(says)))
    };
    let mut is_asked = false;
    for line in lines {
        // A name that was asked for is no command.
        let is_typed = line.who.ends_with(" types") && !is_asked;
        is_asked = line.who.ends_with(" sees") && line.what.starts_with("USER NAME AT ");
        let met = met_in(line.lens, &line.who, &line.what);
        for (place, word) in words(line).into_iter().enumerate() {
            let is_code = word.starts_with(|first: char| first.is_ascii_digit());
            let found = find(&word);
            let is_told = match is_code {
                true => found.iter().any(|entry| entry.kind == Kind::FtpReply),
                false => !found.is_empty() || met.iter().any(|entry| has_word(entry, &word)),
            };
            let is_plain = ENGLISH.split_whitespace().any(|plain| plain == word) || of_nets.contains(&word);
            // The verb of what is typed is the program's, whatever the scenario calls so.
            let is_free = made_up.contains(&word) && !(is_typed && place == 0) || is_refused(&word);
            if !is_told && !is_plain && !is_free {
                unexplained.insert(format!("{word} in {}", quoted(line)));
            }
        }
    }
    unexplained
}

/// Whether a word is one of those by which an entry is printed.
fn has_word(entry: &Entry, word: &str) -> bool {
    entry
        .signs()
        .any(|sign| sign.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|part| part == word))
}

#[test]
fn each_word_in_capitals_and_each_code_of_a_transcript_that_is_kept_has_an_entry() {
    let of_nets = names_of_nets();
    let mut wrong = BTreeSet::new();
    for (name, lines) in kept() {
        wrong.extend(unexplained(&name, &lines, &of_nets));
    }
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn through_all_lenses_nothing_is_shown_that_has_no_entry() {
    let of_nets = names_of_nets();
    for name in IN_FULL {
        let outcome = run(name, true);
        let lines = View::new(&outcome.names, Lens::ALL).lines(&outcome.records);
        let wrong: Vec<String> = unexplained(name, &lines, &of_nets).into_iter().collect();
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
        // Text is in plain words, and what stands in `who` explains nothing.
        let is_text = |line: &&Line| matches!(line.lens, Lens::Teletype | Lens::Ftp);
        for line in lines.iter().filter(|line| !is_text(line) && !line.what.is_empty()) {
            assert!(
                !met_in(line.lens, "", &line.what).is_empty(),
                "{name}: nothing explains {}",
                quoted(line)
            );
        }
    }
}

#[test]
fn each_step_that_stands_in_a_transcript_with_comments_has_an_entry() {
    let subjects = ["HOST ", "line IMP to IMP ", "imp IMP ", "cable of HOST "];
    let mut steps = 0;
    for form in scenario::forms() {
        let Some(step) = subjects.iter().find_map(|subject| form.strip_prefix(subject)) else { continue };
        let is_written = |word: &&str| word.chars().all(|letter| letter.is_ascii_lowercase());
        let words: Vec<&str> = step.split(' ').take_while(is_written).collect();
        // An entry is called by the first words: `takes back`, `answers a call`.
        let named = (1..=words.len()).flat_map(|count| find(&words[..count].join(" ")));
        let is_step = named.into_iter().any(|entry| entry.kind == Kind::Language || entry.name == "netstat");
        assert!(is_step, "{form}");
        steps += 1;
    }
    assert!(steps > 25, "{steps}");
}

#[test]
fn a_word_without_an_entry_is_found() {
    let line = |who: &str, what: &str| {
        of_line(&format!("   0.000000  {who}  {what}"), who.len() + 2).expect("it is a line")
    };
    let found = |line: Line| unexplained("echo", &[line], &BTreeSet::new()).len();
    assert_eq!(found(line("SITE1 -> SITE2", "XYZ 1 2")), 1, "a command that nobody knows");
    assert_eq!(found(line("SITE1 -> SITE2", "299 a code that nobody knows")), 1);
    assert_eq!(found(line("SITE3 types", "FROB <SMITH>A.B")), 1, "a verb that nobody knows");
    assert_eq!(found(line("SITE1 -> SITE2", "link 2 data 3 x 8 bits \"XYZ\"")), 0, "what is quoted is free");
    assert_eq!(found(line("SITE1 -> SITE2", "ECO 42")), 0);
}
