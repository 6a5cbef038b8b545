//! In which order the parts of a scenario stand: the heading, the hosts, what breaks meanwhile, the steps.

use super::errors::Diagnostic;
use super::steps::{is_step, needs_no_host};
use super::whole_run::OfRun;
use super::words::{Statement, Word, Words};

/// A declaration: the statement, and what stands behind its first word.
pub(super) type Declaration<'s, 'a> = (&'s Statement<'a>, Words<'a>);

/// Sees to it that the heading stands above hosts and steps: it is about the whole run, wherever it is said.
pub(super) fn heading_stands_above(
    headings: &[(usize, Word<'_>)],
    declarations: &[Declaration<'_, '_>],
    plays: &[&Statement<'_>],
) -> Result<(), Diagnostic> {
    let host = declarations.first().map(|(host, _)| (host.line.number, "hosts"));
    let step = plays.iter().find(|play| is_step(play)).map(|step| (step.line.number, "steps"));
    let Some((below, what)) = host.into_iter().chain(step).min() else { return Ok(()) };
    let mut late = headings.iter().filter(|(line, _)| *line > below);
    let Some((_, word)) = late.next() else { return Ok(()) };
    let message = format!("`{}` stands below the {what}", word.text);
    let label = format!("the {what} begin in line {below}");
    Err(Diagnostic::new(word.at(), message, label).help(format!(
        "move it up{}: the heading, which is about the whole run, stands above hosts and steps",
        with_others(late.count())
    )))
}

/// Which others are to be moved up, too.
fn with_others(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => ", with the other one below it".to_owned(),
        others => format!(", with the {others} others below it"),
    }
}

/// Sees to it that hosts are declared above the steps: below one, it would look as if a host came up then. So it would below
/// what is said of the whole run.
pub(super) fn hosts_stand_above(
    declarations: &[Declaration<'_, '_>],
    of_run: &[(&Statement<'_>, OfRun)],
    plays: &[&Statement<'_>],
) -> Result<(), Diagnostic> {
    let step = plays.iter().find(|play| is_step(play)).map(|step| (step.line.number, "a step"));
    let first_of_run = of_run.first().map(|(statement, said)| {
        let begin = match said {
            OfRun::Meanwhile => "`meanwhile`",
            OfRun::Condition(_) => "a condition of the whole run",
        };
        (statement.line.number, begin)
    });
    let Some((first, what)) = step.into_iter().chain(first_of_run).min() else { return Ok(()) };
    if declarations.is_empty() {
        let step = plays.iter().find(|step| is_step(step) && !needs_no_host(step));
        // Lines and IMPs break without hosts, too.
        let is_condition = |said: &OfRun| *said != OfRun::Meanwhile;
        let of_run = of_run.iter().filter(|(_, said)| is_condition(said)).map(|(statement, _)| statement);
        let Some(statement) = step.into_iter().chain(of_run).min_by_key(|said| said.line.number) else {
            return Ok(());
        };
        let this = if step.is_some() { "this step" } else { "this condition" };
        let message = format!("no host is declared above {this}");
        return Err(Diagnostic::new(statement.line.at(), message, "who takes part?")
            .help("hosts are declared above the steps: `host NAME CLAUSE ...`"));
    }
    let mut late = declarations.iter().filter(|(host, _)| host.line.number > first);
    let Some((host, words)) = late.next() else { return Ok(()) };
    let name = words.peek().map_or("a host".to_owned(), |name| format!("host `{}`", name.text));
    let others = with_others(late.count());
    let label = match what {
        "a step" => format!("the steps begin in line {first}"),
        _ => format!("{what} stands in line {first}"),
    };
    Err(Diagnostic::new(host.line.at(), format!("{name} is declared below {what}"), label).help(format!(
        "move it up{others}: all hosts stand above the steps. One that comes up later `is down`, and `restarts`"
    )))
}

/// Sees to it that what breaks meanwhile is said once, above the steps: below one, it would look as if it waited for that.
pub(super) fn meanwhile_stands_above(
    of_run: &[(&Statement<'_>, OfRun)],
    plays: &[&Statement<'_>],
) -> Result<(), Diagnostic> {
    let mut all = of_run.iter().filter(|(_, said)| *said == OfRun::Meanwhile).map(|(statement, _)| statement);
    let (Some(first), second) = (all.next(), all.next()) else { return Ok(()) };
    if let Some(second) = second {
        let label = format!("one stands in line {}", first.line.number);
        return Err(Diagnostic::new(second.line.at(), "a second `meanwhile`", label)
            .help("put its lines below the first one"));
    }
    match plays.iter().find(|play| is_step(play)) {
        Some(step) if step.line.number < first.line.number => {
            let label = format!("the steps begin in line {}", step.line.number);
            Err(Diagnostic::new(first.line.at(), "`meanwhile` stands below the steps", label)
                .help("move it up: what breaks at its time, whatever the steps wait for, stands above them"))
        }
        Some(_) | None => Ok(()),
    }
}
