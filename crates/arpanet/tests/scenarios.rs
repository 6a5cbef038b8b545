//! Every scenario of the library holds, reads as it did, and happens in the same way every time.
//!
//! One test for each scenario and promise, so that `cargo test -p arpanet --test scenarios intruder-before` runs five.

mod reviewed;

use std::ops::Range;
use std::path::Path;
use std::process::Command;

use arpanet::library::Library;
use libtest_mimic::{Arguments, Failed, Trial};
use reviewed::{differences_are_told_in_few_words, is_as_reviewed};
use scenario::ast::{Action, HostAction, Scenario, When};
use sim::{Options, Outcome, Prepared, replay};
use trace::{Keep, Lens, Paper, Record, View};
use view::comments::comments;
use view::report::{footing, heading, totals, verdict};

/// The seeds with which each scenario is replayed, besides its own.
const SEEDS: Range<u64> = 0..8;

fn main() {
    let arguments = Arguments::from_args();
    let names = library().names().expect("the folder of the scenarios can be read");
    assert!(names.len() > 1, "there are scenarios");
    let trials = names.iter().flat_map(|name| {
        [
            promise(name, "holds", holds),
            promise(name, "holds whatever the seed", holds_whatever_the_seed),
            promise(name, "reads as before", reads_as_before),
            promise(name, "happens the same way again", happens_again),
            promise(name, "fits any terminal", fits),
        ]
    });
    let mut trials: Vec<Trial> = trials.collect();
    let words = || Ok(differences_are_told_in_few_words()?);
    trials.push(Trial::test("of a transcript that differs few words say where", words));
    trials.push(Trial::test("every run ends as before", move || every_run_ends_as_before(&names)));
    libtest_mimic::run(&arguments, trials).exit();
}

fn promise(name: &str, promise: &str, keep: fn(&str) -> Result<(), Failed>) -> Trial {
    let name = name.to_owned();
    Trial::test(format!("{name} {promise}"), move || keep(&name))
}

fn library() -> Library {
    Library::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios"))
}

fn scenario(name: &str) -> Result<Scenario, Failed> {
    let library = library();
    let source = library.scenario(name)?;
    scenario::parse(&source.name, &source.text, &library.nets(&source))
        .map_err(|errors| errors.render(false, 100).into())
}

/// What the scenario expects comes true.
fn holds(name: &str) -> Result<(), Failed> {
    let outcome = replay(&scenario(name)?, Options { keep: Keep::Digest, watch: imp::Watch::Nothing });
    outcome.verdict.map_err(|failures| failures.to_string().into())
}

/// Nothing in the scenario belongs to its own seed, such as a socket that a program happens to choose.
fn holds_whatever_the_seed(name: &str) -> Result<(), Failed> {
    let prepared = Prepared::new(scenario(name)?);
    let others = SEEDS.filter(|seed| *seed != prepared.scenario().seed);
    for seed in others {
        let outcome = prepared.replay_with(seed, Options::DIGEST);
        outcome.verdict.map_err(|failures| format!("with seed {seed}: {failures}"))?;
    }
    Ok(())
}

/// The transcript is the one that was reviewed. It lies beside the scenarios. A run that failed is never taken for it. What
/// is about level 2 alone is kept without times: they are those of IMPs and cables.
fn reads_as_before(name: &str) -> Result<(), Failed> {
    let scenario = scenario(name)?;
    let outcome = replay(&scenario, Options { keep: Keep::Records, watch: imp::Watch::Nothing });
    if let Err(failures) = &outcome.verdict {
        return Err(failures.to_string().into());
    }
    let view = View { times: !is_about_level_2(&scenario), ..View::new(&outcome.names, &Lens::USUAL) };
    let transcript = view.transcript(&outcome.records);
    let text = format!("{}{transcript}\n{}\n", heading(&scenario), verdict(&outcome, false));
    keep_reviewed(name, &text)
}

/// Whether a scenario does nothing but drive NCPs by hand, step after step, and looks at what comes of that.
fn is_about_level_2(scenario: &Scenario) -> bool {
    let mut acts = scenario.steps.iter().filter(|step| !matches!(step.action, Action::Expect(_))).peekable();
    acts.peek().is_some()
        && acts.all(|step| {
            let waits = matches!(step.action, Action::WaitFor { .. } | Action::Host(_, HostAction::Sees(_)));
            step.when == When::Next && (waits || step.action.drives_ncp_of().is_some())
        })
}

/// When each run ended, how much happened in it and its digest are those of the table, so that a change that moves only
/// these does not touch the transcripts.
fn every_run_ends_as_before(names: &[String]) -> Result<(), Failed> {
    let mut rows = String::new();
    for name in names {
        let outcome = replay(&scenario(name)?, Options { keep: Keep::Digest, watch: imp::Watch::Nothing });
        if let Err(failures) = &outcome.verdict {
            return Err(failures.to_string().into());
        }
        rows.push_str(&format!("{name}: {}\n", totals(&outcome)));
    }
    keep_reviewed("RUNS", &rows)
}

/// Compares a text with the file that was reviewed, or writes that anew, if that was asked for.
fn keep_reviewed(name: &str, text: &str) -> Result<(), Failed> {
    if !is_as_reviewed(name, text)? {
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path("../../../scenarios/transcripts");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
    Ok(())
}

/// Two runs in this process have the same records, a third that keeps none has the same digest, and the
/// command, in a process of its own, shows the same.
fn happens_again(name: &str) -> Result<(), Failed> {
    let scenario = scenario(name)?;
    let everything = Options { keep: Keep::Records, watch: imp::Watch::Frames };
    let (one, two) = (replay(&scenario, everything), replay(&scenario, everything));
    same(&one, &two)?;
    let unwatched = replay(&scenario, Options { keep: Keep::Digest, watch: imp::Watch::Nothing });
    if unwatched.digest != one.digest {
        return Err("a run that is not looked at goes another way".into());
    }

    let view = View { bits: true, ..View::new(&one.names, Lens::ALL) };
    let shown = format!("{}{}{}", heading(&scenario), view.transcript(&one.records), footing(&one, false));
    let elsewhere = Command::new(env!("CARGO_BIN_EXE_arpanet"))
        .args(["scenario", name, "--show", "all", "--bits"])
        .output()?;
    let elsewhere = String::from_utf8(elsewhere.stdout)?;
    if elsewhere != shown {
        let line = elsewhere.lines().zip(shown.lines()).take_while(|(a, b)| a == b).count();
        let here = shown.lines().nth(line).unwrap_or("(the end)");
        let there = elsewhere.lines().nth(line).unwrap_or("(the end)");
        return Err(
            format!("from line {} on another process shows\n{there}\ninstead of\n{here}", line + 1).into()
        );
    }
    Ok(())
}

/// On a terminal of any width, no line is wider, unless it is one word that is; and whatever the width, the words are the
/// same. In colours, too, which are those that can be read on any screen.
fn fits(name: &str) -> Result<(), Failed> {
    let scenario = scenario(name)?;
    let outcome = replay(&scenario, Options { keep: Keep::Records, watch: imp::Watch::Nothing });
    // Of a load on the whole net, there is more than a test has time for.
    let (lenses, bits) =
        if outcome.records.len() < 10_000 { (Lens::ALL, true) } else { (&Lens::USUAL[..], false) };
    let comments = comments(&scenario, &outcome.records);
    // A password in a comment has a mask in its place, of other letters.
    let length = |text: &str| text.split_whitespace().count();
    let is_there = |said: &str, shown: &str| {
        shown.contains(said) || shown.contains("XXXX") && length(shown) >= length(said)
    };
    if !scenario.comments.iter().all(|said| comments.iter().any(|shown| is_there(&said.text, &shown.text))) {
        return Err("a comment is left out".into());
    }
    let shown = |width, color| {
        let paper = Paper { width, color };
        let view = View { bits, paper, comments: &comments, ..View::new(&outcome.names, lenses) };
        let (above, below) = (heading(&scenario), footing(&outcome, color));
        let transcript = view.transcript(&outcome.records);
        format!("{}{transcript}{}", paper.fill(&above, 2), paper.fill(&below, 2))
    };
    let wide = shown(Some(1000), false);
    for width in [132, 100, 80, 60, 40] {
        let text = shown(Some(width), false);
        let too_wide = |line: &&str| line.chars().count() > width && line.split_whitespace().count() > 1;
        if let Some(line) = text.lines().find(too_wide) {
            return Err(format!("wider than {width}: {line}").into());
        }
        let differ = |(one, other): &(&str, &str)| one != other;
        if let Some((one, other)) = words(&wide).zip(words(&text)).find(differ) {
            return Err(format!("at {width} columns there is {other:?} in place of {one:?}").into());
        }
        if words(&text).count() != words(&wide).count() {
            return Err(format!("at {width} columns the end is missing").into());
        }
    }
    // Endless paper leaves out meanings for which there is no room, and nothing else.
    let endless = shown(None, false);
    let mut all = words(&wide);
    if let Some(word) = words(&endless).find(|word| !all.any(|other| other == *word)) {
        return Err(format!("on endless paper there is also {word:?}").into());
    }
    let colored = shown(Some(80), true);
    let mut parts = colored.split('\x1b');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, text) = part.split_once('m').ok_or("an escape sequence of another kind")?;
        // Bold, the end of it, and the standard colours but black, yellow and white.
        if !["[0", "[1", "[1;31", "[31", "[32", "[34", "[35", "[36"].contains(&code) {
            return Err(format!("nobody can read {code:?} on a projector").into());
        }
        plain.push_str(text);
    }
    if plain != shown(Some(80), false) {
        return Err("with colours, the text is another one".into());
    }
    Ok(())
}

/// The words of a text, but for the sign in front of each line of a comment.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|word| *word != "#")
}

fn same(one: &Outcome, two: &Outcome) -> Result<(), Failed> {
    let (a, b) = (&one.records, &two.records);
    let first = a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()));
    if first == a.len() && first == b.len() {
        return Ok(());
    }
    let surroundings = |records: &[Record]| {
        let part = records.iter().enumerate().skip(first.saturating_sub(2)).take(4);
        part.map(|(number, record)| format!("{number}: {record:?}\n")).collect::<String>()
    };
    Err(format!("the runs part at record {first}\none\n{}two\n{}", surroundings(a), surroundings(b)).into())
}
