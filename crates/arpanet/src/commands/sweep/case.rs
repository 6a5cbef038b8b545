//! `arpanet sweep NAME --seed N`: one case, as a scenario, and what is wrong with it.

use std::fmt::Write;

use scenario::write_commented;
use sim::lab::{Grade, Trial};

use super::kept;
use super::lines::law;
use super::to_sweep::ToSweep;
use super::work::quietly;
use crate::commands::sweep_args::SweepArgs;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::Library;
use crate::terminal::Terminal;

/// Prints the case of a seed, or writes it.
pub(super) fn run(
    args: &SweepArgs,
    seed: u64,
    to_sweep: &ToSweep,
    (library, command): (&Library, &str),
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    let ToSweep { name, source, lab, .. } = to_sweep;
    let case = lab.case(seed);
    let trial = quietly(|| if args.twice { lab.trial_twice(seed) } else { lab.trial(seed) });
    let comment = kept::comment(command, name, seed, &what_came_of(&trial));
    match &args.output {
        Some(path) => {
            kept::write(path, "-o", &case, &comment, (library, source))?;
            terminal.say(&what_came_of(&trial))?;
        }
        None => terminal.print(&write_commented(&case, &comment))?,
    }
    Ok(if trial.ending.grade == Grade::Wrong { Exit::Failed } else { Exit::Held })
}

/// What came of a case, in lines.
fn what_came_of(trial: &Trial) -> String {
    let mut text = String::new();
    let grade = match trial.ending.grade {
        Grade::Holds => "Holds",
        Grade::Unseen => "Wrong, and nobody could see it",
        Grade::Wrong => "WRONG",
    };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{grade}: {}.", trial.ending.words);
    for finding in &trial.findings {
        let _ = writeln!(text, "At {} s ({}): {}.", finding.at, law(finding.law), finding.sentence);
    }
    let faults = match trial.faults {
        0 => "Nothing broke".to_owned(),
        1 => "One thing broke".to_owned(),
        faults => format!("{faults} things broke"),
    };
    let _ = writeln!(text, "{faults}; it ended at {} s.", trial.end);
    text
}
