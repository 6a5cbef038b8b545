//! `arpanet sweep --regress`: what was found once, and must not come back.

use imp::visible::visible;
use scenario::library::FOUND;
use sim::lab::Grade;
use sim::{Options, replay};
use trace::Ink;

use super::junit::Junit;
use super::to_sweep::ToSweep;
use super::work::{Work, quietly};
use crate::commands::sweep_args::SweepArgs;
use crate::error::{CommandError, FailedRun};
use crate::exit::Exit;
use crate::library::Library;
use crate::sweep_error::SweepError;
use crate::terminal::Terminal;

/// Replays all of it.
pub(super) fn run(
    args: &SweepArgs,
    (library, command): (&Library, &str),
    work: &Work,
    junit: Option<Junit>,
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    let paper = terminal.paper(args.report.width);
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    let mut row = |holds: bool, what: &str| {
        let (mark, ink) = if holds { ("ok    ", Ink::Good) } else { ("FAILED", Ink::Bad) };
        let (begins, ends) = paper.ink(ink);
        found.push((what.to_owned(), holds));
        terminal.print(&paper.fill(&format!("{begins}{mark}{ends}  {}\n", visible(what)), 8))
    };
    for (name, seeds) in seeds(&library.found_seeds().map_err(unlisted)?)? {
        let to_sweep = ToSweep::read(library, name.as_ref())?;
        let trials = work.each(seeds, |seed| work.trial(&to_sweep.lab, seed));
        for trial in trials {
            let holds = trial.ending.grade != Grade::Wrong;
            let what = format!("{name} seed {}  {}", trial.seed, trial.ending.words);
            row(holds, &what)?;
            if !holds {
                let replay = format!("its case: {command} sweep {name} --seed {}", trial.seed);
                row_below(&replay, terminal)?;
            }
        }
    }
    for name in library.found().map_err(unlisted)? {
        let (source, scenario) = library.read_found(&name)?;
        let outcome = quietly(|| replay(&scenario, Options::DIGEST));
        row(outcome.verdict.is_ok(), &format!("{FOUND}/{name}  {}", view::report::title(&scenario)))?;
        if let Err(failures) = outcome.verdict {
            errors.push(CommandError::Failed(FailedRun { file: source.name, failures, other_seed: None }));
        }
    }
    if let Some(mut junit) = junit {
        junit.add_found(&found);
        junit.write()?;
    }
    let failed = found.iter().filter(|(_, holds)| !holds).count();
    let text = match (found.len(), failed) {
        (0, _) => "nothing has been found yet\n".to_owned(),
        (rows, failed) => format!("\n{} of {rows} hold\n", rows - failed),
    };
    terminal.print(&text)?;
    match errors.is_empty() {
        true if failed == 0 => Ok(Exit::Held),
        true => Ok(Exit::Failed),
        false => Err(CommandError::OfSeveral(Box::new(CommandError::all(errors)))),
    }
}

fn row_below(text: &str, terminal: Terminal) -> Result<(), CommandError> {
    Ok(terminal.say(&format!("          {text}\n"))?)
}

fn unlisted(error: std::io::Error) -> CommandError {
    CommandError::List { what: "found scenarios", error }
}

/// The scenarios and seeds of a list: a name and seeds in each line, up to a `#`.
fn seeds(text: &str) -> Result<Vec<(String, Vec<u64>)>, SweepError> {
    let mut list = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let Some(name) = words.next() else { continue };
        let wrong = |why| SweepError::Seeds { line: number + 1, why };
        let number = |word: &str| imp::number(word).map_err(|error| wrong(format!("{word}: {error}")));
        let seeds = words.map(number).collect::<Result<Vec<u64>, _>>()?;
        if seeds.is_empty() {
            return Err(wrong(format!("there is no seed of {name}")));
        }
        list.push((name.to_owned(), seeds));
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_seeds_has_comments_and_is_strict() {
        let text = "# found\nrfc438-append 17 0x10  # a lie\n\necho 3\n";
        let list = seeds(text).expect("it is right");
        assert_eq!(list, [("rfc438-append".to_owned(), vec![17, 16]), ("echo".to_owned(), vec![3])]);
        for wrong in ["echo\n", "echo three\n"] {
            assert!(matches!(seeds(wrong), Err(SweepError::Seeds { line: 1, .. })), "{wrong}");
        }
    }
}
