//! Every scenario of the library holds, reads as it did, and happens in the same way every time.
//!
//! One test for each scenario and promise, so that `cargo test -p sim --test scenarios intruder` runs three.

use std::path::Path;
use std::process::Command;

use arpanet::library::Library;
use libtest_mimic::{Arguments, Failed, Trial};
use scenario::ast::Scenario;
use sim::{Options, Outcome, replay};
use trace::{Keep, Lens, Record, View};
use view::report::{footing, heading, totals, verdict};

fn main() {
    let arguments = Arguments::from_args();
    let names = library().names().expect("the folder of the scenarios can be read");
    assert!(names.len() > 1, "there are scenarios");
    let trials = names.iter().flat_map(|name| {
        [
            promise(name, "holds", holds),
            promise(name, "reads as before", reads_as_before),
            promise(name, "happens the same way again", happens_again),
        ]
    });
    let mut trials: Vec<Trial> = trials.collect();
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

/// The transcript is the one that was reviewed. It lies beside the scenarios. A run that failed is never taken for it.
fn reads_as_before(name: &str) -> Result<(), Failed> {
    let scenario = scenario(name)?;
    let outcome = replay(&scenario, Options { keep: Keep::Records, watch: imp::Watch::Nothing });
    if let Err(failures) = &outcome.verdict {
        return Err(failures.to_string().into());
    }
    let view = View { names: &outcome.names, lenses: &Lens::USUAL, bits: false, color: false };
    let transcript = view.transcript(&outcome.records);
    let text = format!("{}{transcript}\n{}\n", heading(&scenario), verdict(&outcome, false));
    is_as_reviewed(name, &text);
    Ok(())
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
    is_as_reviewed("RUNS", &rows);
    Ok(())
}

/// Compares a text with the file that was reviewed.
fn is_as_reviewed(name: &str, text: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("../../../scenarios/transcripts");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
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

    let view = View { names: &one.names, lenses: Lens::ALL, bits: true, color: false };
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
