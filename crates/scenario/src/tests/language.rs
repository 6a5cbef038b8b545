//! That every statement is described, can be read as it is described, and is read by the tests.

use super::super::choice::Choice;
use super::super::drawn_faults::{OF_ANY_CABLE, OF_ANY_HOST, OF_ANY_IMP, OF_ANY_LINE};
use super::super::hosts::CLAUSES;
use super::super::keywords::{Keyword, Patience};
use super::super::sweep;
use super::super::verbs::VERBS;
use super::super::{LANGUAGE, forms, parse_net};
use super::{WHOLE, WHOLE_RUNS, orders, read, runs, traffic, wrong};

/// The ways to write what a form describes: with and without what stands in brackets, with each of the words between
/// which bars stand.
fn ways(form: &str) -> Vec<String> {
    let Some(begin) = form.find('[') else { return one_of_each(form) };
    let mut depth = 0;
    let end = form[begin..].find(|letter| {
        depth += i32::from(letter == '[') - i32::from(letter == ']');
        depth == 0
    });
    let end = begin + end.expect("brackets are closed");
    let (before, inside, behind) = (&form[..begin], &form[begin + 1..end], &form[end + 1..]);
    [format!("{before}{inside}{behind}"), format!("{before}{behind}")]
        .iter()
        .flat_map(|way| ways(way))
        .collect()
}

fn one_of_each(form: &str) -> Vec<String> {
    let Some(words) = form.split(' ').find(|word| word.contains('|')) else { return vec![form.to_owned()] };
    words.split('|').flat_map(|word| one_of_each(&form.replacen(words, word, 1))).collect()
}

/// Something that can stand for each of the words in capitals. Only of two sockets it depends on the statement which
/// they are.
fn example(way: &str, sockets: [&str; 2]) -> String {
    let level1 = ["measure", "traffic"].iter().any(|word| way.starts_with(word));
    let mut hosts =
        if level1 { ["UTAH-10", "SRI-ARC"] } else { ["USC-ISI", "BBN-TENEX"] }.into_iter().cycle();
    let mut imps = ["BBN", "HARV"].iter().cycle();
    let mut sockets = sockets.iter().cycle();
    let mut nets = ["1973-01", "the-same-again"].iter().cycle();
    let mut faults = ["any host crashes", "any line fails"].iter().cycle();
    let mut variations = ["editions", "allocations"].iter().cycle();
    let way = way.replace(", ", " , ");
    let words = way.split_whitespace().map(|word| match word {
        "HOST" => hosts.next().unwrap_or_default(),
        "IMP" => imps.next().copied().unwrap_or_default(),
        "SOCKET" => sockets.next().copied().unwrap_or_default(),
        "HOSTS" => "every host",
        "PLACES" => "one host at each distance",
        "SIZES" => "16, 1000 bits",
        "NUMBERS" => "1, 2",
        "N" => "8",
        "N/128" => "64/128",
        "SPAN" if way.starts_with("answers") || way.starts_with("timing") => "5ms",
        "SPAN" => "5min",
        "HEX" => "0e ff",
        "DATA" | "TEXT" | "WORD" => "DONE",
        "PATH" => "<BOBT>A",
        "DIRECTORY" => "<BOBT>",
        "FOLDER" => "disk",
        "ADDRESS:PORT" => "127.0.0.1:22002",
        "NAME" if way.starts_with("net") => nets.next().copied().unwrap_or_default(),
        "FAULT" => faults.next().copied().unwrap_or_default(),
        "VARIATION" => variations.next().copied().unwrap_or_default(),
        "STATE" => "BBN-TENEX has no connections",
        "EVENT" => "BBN-TENEX -> USC-ISI RTS",
        "NAME" => "UTAH-10",
        "CLAUSE" => "is down",
        "..." => "",
        fixed => {
            assert!(
                !fixed.contains(|letter: char| letter.is_ascii_uppercase()),
                "what is {fixed} in {way:?}?"
            );
            fixed
        }
    });
    words.collect::<Vec<_>>().join(" ").replace(" , ", ", ")
}

/// Where a line stands.
enum Stands {
    /// In the heading.
    Above,
    /// Indented, below a host.
    BelowHost,
    /// Below the hosts.
    Below,
}

/// Where a line of this form stands, and the line as it stands there.
fn place(form: &str, line: &str) -> (Stands, String) {
    fn has<R>(table: &[Choice<R>], form: &str) -> bool {
        table.iter().any(|choice| choice.forms.contains(&form))
    }
    let is_drawn =
        has(OF_ANY_HOST, form) || has(OF_ANY_LINE, form) || has(OF_ANY_IMP, form) || has(OF_ANY_CABLE, form);
    let first = Keyword::of(line.split(' ').next().unwrap_or_default());
    match first {
        // Of whom it is said, is said before.
        _ if has(CLAUSES, form) && (form.starts_with("charges") || form.starts_with("bars")) => {
            (Stands::BelowHost, format!("  account UTAH-10 password A  {line}"))
        }
        _ if has(CLAUSES, form) => (Stands::BelowHost, format!("  {line}")),
        _ if has(sweep::CLAUSES, form) => (Stands::Above, format!("sweep\n  {line}")),
        _ if has(sweep::VARIATIONS, form) => (Stands::Above, format!("sweep\n  varies {line}")),
        _ if is_drawn => (Stands::Above, format!("sweep\n  faults 0 to 1 of: {line}")),
        _ if form == "sweep" => (Stands::Above, "sweep\n  faults none".to_owned()),
        _ if form == "meanwhile" => (Stands::Below, "meanwhile\n  at 1s CASE-10 crashes".to_owned()),
        Some(Keyword::Heading(_) | Keyword::Host) => (Stands::Above, line.to_owned()),
        Some(_) | None => (Stands::Below, line.to_owned()),
    }
}

/// A scenario with one line of this form.
fn with(form: &str, line: &str) -> String {
    let first = line.split(' ').next().unwrap_or_default();
    let heading =
        ["title T", "net 1973-01"].into_iter().filter(|other| other.split(' ').next() != Some(first));
    let mut text: Vec<&str> = heading.collect();
    let hosts = ["host BBN-TENEX serves ftp", "host USC-ISI runs rsexec", "host CASE-10"];
    let (stands, line) = place(form, line);
    match stands {
        Stands::Above => text.extend(std::iter::once(line.as_str()).chain(hosts)),
        Stands::BelowHost | Stands::Below => text.extend(hosts.into_iter().chain([line.as_str()])),
    }
    text.join("\n")
}

#[test]
fn every_statement_is_described() {
    let lines: Vec<&str> = LANGUAGE.lines().map(str::trim).collect();
    for form in forms() {
        let describes = |line: &&str| {
            line.strip_prefix(form).is_some_and(|rest| rest.is_empty() || rest.starts_with("  "))
        };
        assert!(lines.iter().any(describes), "language.txt does not say {form:?}");
    }
    let long: Vec<&str> = LANGUAGE.lines().filter(|line| line.chars().count() > 100).collect();
    assert!(long.is_empty(), "these lines are too long: {long:#?}");
}

#[test]
fn every_statement_can_be_read_as_it_is_described() {
    for form in forms() {
        for way in ways(form) {
            let sockets = [["2", "5"], ["5", "2"]];
            let mut trials = sockets.map(|sockets| with(form, &example(&way, sockets))).to_vec();
            trials.dedup();
            let mut results =
                trials.iter().map(|text| read(text).map_err(|errors| errors.render(false, 100)));
            let first = results.next().expect("there is one");
            if let Err(errors) = &first {
                assert!(
                    results.any(|result| result.is_ok()),
                    "{form:?} cannot be written {way:?}:\n{errors}"
                );
            }
        }
    }
}

#[test]
fn the_sound_scenarios_have_every_statement() {
    let lines: Vec<Vec<String>> = [WHOLE, WHOLE_RUNS, orders::SOUND, runs::QUIET, traffic::WHOLE]
        .iter()
        .flat_map(|text| text.lines())
        // What a comment says is no statement.
        .filter_map(|line| line.split(" #").next())
        .map(|line| line.replace(',', " ").split_whitespace().map(str::to_ascii_lowercase).collect())
        .collect();
    let mut missing: Vec<&str> = forms().collect();
    missing.retain(|form| {
        let has = |way: &String| {
            let is_fixed = |word: &&str| word.starts_with(|first: char| first.is_ascii_lowercase());
            let way = way.replace(',', " ");
            let fixed: Vec<&str> = way.split_whitespace().filter(is_fixed).collect();
            lines.iter().any(|line| {
                let mut words = line.iter();
                fixed.iter().all(|fixed| words.any(|word| word == fixed))
            })
        };
        !ways(form).iter().any(has)
    });
    assert!(missing.is_empty(), "no sound scenario of these tests has {missing:#?}");
}

#[test]
fn every_verb_stands_behind_a_host_and_is_listed_once() {
    for (index, verb) in VERBS.iter().enumerate() {
        let begin = format!("HOST {}", verb.word);
        assert!(!verb.forms.is_empty() && verb.forms.iter().all(|form| form.starts_with(&begin)), "{begin}");
        assert!(VERBS[..index].iter().all(|other| other.word != verb.word), "{begin} is there twice");
    }
}

#[test]
fn within_stands_before_what_waits_and_nothing_else() {
    for form in VERBS.iter().flat_map(|verb| verb.forms) {
        let verb = VERBS.iter().find(|verb| verb.forms.contains(form)).expect("it is one of them");
        let way = ways(form).remove(0);
        let patient = [["2", "3"], ["3", "2"]].map(|sockets| {
            let line = example(&way, sockets);
            read(&with(form, &format!("within 1s {line}"))).is_ok()
        });
        assert_eq!(patient.contains(&true), verb.patience == Patience::MayWait, "{form:?}");
    }
    let told = super::with_steps("within 1s BBN crashes").expect_err("it does not wait").render(false, 200);
    for verb in VERBS.iter().filter(|verb| verb.patience == Patience::MayWait) {
        assert!(told.contains(verb.word), "{} may wait, but: {told}", verb.word);
    }
}

#[test]
fn no_host_and_no_imp_is_named_like_a_word_that_stands_in_its_place() {
    for word in Keyword::all().map(Keyword::word) {
        let name = word.to_ascii_uppercase();
        let errors = parse_net("a.net", &format!("net a A\nimp 1 ONLY\nhost {name} 1 TENEX\n"));
        let errors =
            errors.map(|_| format!("a host {name} is taken")).expect_err("it is a word of the language");
        assert_eq!(errors.messages().collect::<Vec<_>>(), [format!("the name of a host cannot be `{name}`")]);
        let errors = parse_net("a.net", &format!("net a A\nimp 1 {name}\n")).expect_err("no IMP either");
        assert_eq!(errors.messages().collect::<Vec<_>>(), [format!("the name of an IMP cannot be `{name}`")]);
    }
}

#[test]
fn a_host_may_be_named_like_a_verb() {
    for verb in VERBS.iter().map(|verb| verb.word) {
        let nets = |_: &str| Some(format!("net a A\nimp 1 ONLY\nhost {verb} 1 TENEX\n"));
        let text = format!("title T\nnet a\nhost {verb}\n{verb} crashes\nexpect {verb} has no connections\n");
        let read = super::parse("a.scenario", &text, &nets);
        assert!(read.is_ok(), "{}", wrong(read).join("\n"));
    }
}
