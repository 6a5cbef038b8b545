//! `arpanet orders`: every order in which the messages of a small exchange can arrive.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use imp::visible::visible;
use rayon::prelude::*;
use scenario::Scenario;
use scenario::library::SCENARIO;
use sim::Prepared;
use sim::lab::orders::{Bounds, Ending, Found, Order, Search, Variant, written};
use trace::{Ink, Names, Paper};

use super::orders_args::{OrdersArgs, RequestsArg};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::{Library, Source};
use crate::output_file::OutputError;
use crate::progress::Progress;
use crate::shell_path::for_shell;
use crate::terminal::Terminal;

/// More orders than this are told by their power of ten.
const TOLD_IN_FULL: u128 = 10_000_000;

/// A row of the table: what came of all orders between hosts that are set up so.
struct Row {
    variant: Variant,
    found: Found,
    examples: Vec<(Ending, Order)>,
    /// The scenarios that were made of them, if some were to be.
    kept: Vec<(Ending, String)>,
}

/// Tries all orders.
pub(crate) fn run(args: &OrdersArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let (source, mut scenario) = library.read_scenario(&args.name)?;
    if let Some(host) = scenario.hosts.iter().find(|plan| plan.external.is_some()) {
        let (file, line, host) = (source.name, host.line, host.name.clone());
        return Err(CommandError::ExternalInReplay { file, line, host });
    }
    scenario.seed = args.seed.unwrap_or(scenario.seed);
    if let Some(order) = &args.order {
        return one(args, &source, &scenario, order, terminal);
    }
    if let Some(folder) = args.keep.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(OutputError::no_folder("--keep", &folder.join("x")).into());
    }
    let (variants, left_out) = variants(args, &source, &scenario)?;
    let mut rows = Vec::new();
    for variant in variants {
        rows.push(search(args, &source, &scenario, variant, terminal)?);
    }
    if let Some(folder) = &args.keep {
        keep(folder, &scenario, &rows)?;
    }
    let text = if args.json {
        rows.iter().map(|row| json(row, &scenario)).collect()
    } else {
        let paper = terminal.paper(args.width);
        paper.fill(&report(args, &scenario, &rows, left_out, paper), 2)
    };
    terminal.print(&text)?;
    let is_bad = |row: &Row| row.found.counts.keys().any(|ending| ending.is_a_fault());
    Ok(if rows.iter().any(is_bad) { Exit::Failed } else { Exit::Held })
}

fn begin(source: &Source, scenario: Scenario, most: usize) -> Result<Search, CommandError> {
    let seed = scenario.seed;
    let search = Search::new(Prepared::new(scenario), seed, Bounds { replays: most });
    search.ok_or_else(|| CommandError::NoOrders { file: source.name.clone() })
}

/// How the hosts are set up that are tried, and how many ways are left out because the exchange does not work there even
/// in the usual order, and with requests that are queued.
fn variants(
    args: &OrdersArgs,
    source: &Source,
    scenario: &Scenario,
) -> Result<(Vec<Variant>, usize), CommandError> {
    let asked = |variant: &Variant| match args.requests {
        Some(RequestsArg::Queued) => variant.queues,
        Some(RequestsArg::Refused) => !variant.queues,
        None => true,
    };
    let (mut kept, mut left_out) = (Vec::new(), 0);
    for queued in Variant::all(scenario).into_iter().filter(|variant| variant.queues) {
        let refused = Variant { queues: false, ..queued.clone() };
        let is_own = [&queued, &refused].into_iter().any(|variant| variant.is_own(scenario));
        if is_own || begin(source, queued.applied(scenario), 1)?.usual() <= Ending::Retried {
            kept.extend([queued, refused].into_iter().filter(asked));
        } else {
            left_out += 1;
        }
    }
    Ok((kept, left_out))
}

/// Tries all orders between hosts that are set up so.
fn search(
    args: &OrdersArgs,
    source: &Source,
    scenario: &Scenario,
    variant: Variant,
    terminal: Terminal,
) -> Result<Row, CommandError> {
    let mut search = begin(source, variant.applied(scenario), args.most)?;
    let mut progress = Progress::new(&scenario.name, terminal.can_clear);
    loop {
        let jobs = search.jobs();
        if jobs.is_empty() {
            break;
        }
        let ran: Vec<_> = jobs.into_par_iter().map(|job| search.run(job)).collect();
        search.take(ran);
        progress.say(|| {
            let Found { replays, states, .. } = search.found();
            format!("{replays} replays, {states} states, {} to go on from", search.left())
        });
    }
    let examples: Vec<(Ending, Order)> = search.examples().into_iter().collect();
    let mut kept = Vec::new();
    for (ending, order) in examples.iter().filter(|_| args.keep.is_some()) {
        let text = text(&args.name, scenario, &variant, &search, order)?;
        kept.push((*ending, text));
    }
    Ok(Row { variant, found: search.found(), examples, kept })
}

/// Prints one order as a scenario.
fn one(
    args: &OrdersArgs,
    source: &Source,
    scenario: &Scenario,
    order: &Order,
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    let mut all = Variant::all(scenario);
    let own = all.iter().find(|variant| variant.is_own(scenario)).cloned();
    let own = own.unwrap_or_else(|| all.swap_remove(0));
    let queues = args.requests.map_or(own.queues, |requests| requests == RequestsArg::Queued);
    let variant = Variant { queues, editions: scenario_editions(scenario) };
    let search = begin(source, variant.applied(scenario), 1)?;
    terminal.print(&text(&args.name, scenario, &variant, &search, order)?)?;
    Ok(Exit::Held)
}

fn scenario_editions(scenario: &Scenario) -> Vec<(imp1822::HostAddress, ftp::Edition)> {
    scenario.hosts.iter().filter_map(|plan| Some((plan.address, plan.server?))).collect()
}

/// The text of one order of the scenario of this name.
fn text(
    name: &OsStr,
    scenario: &Scenario,
    variant: &Variant,
    search: &Search,
    order: &Order,
) -> Result<String, CommandError> {
    let one = search.one(order).map_err(|error| CommandError::Astray { order: order.to_string(), error })?;
    let requests = requests(variant);
    let name = for_shell(Path::new(name));
    let found_by = format!("arpanet orders {name} --requests {requests} --order {order}");
    Ok(written(scenario, variant, &one, &found_by))
}

fn requests(variant: &Variant) -> &'static str {
    if variant.queues { "queued" } else { "refused" }
}

/// Writes the scenarios into a folder. Nothing is overwritten, but by the same.
fn keep(folder: &Path, scenario: &Scenario, rows: &[Row]) -> Result<(), CommandError> {
    let names = Names::of(&scenario.net);
    let differ = rows.iter().any(|row| row.variant.editions != rows[0].variant.editions);
    for row in rows {
        for (ending, text) in &row.kept {
            let mut name = format!("{}-{}", scenario.name, requests(&row.variant));
            for (host, edition) in row.variant.editions.iter().filter(|_| differ) {
                let _ = write!(name, "-{}-{edition}", names.host(*host).to_ascii_lowercase());
            }
            let path = folder.join(format!("{name}-{ending}.{SCENARIO}"));
            create(&path, text)?;
        }
    }
    Ok(())
}

fn create(path: &PathBuf, text: &str) -> Result<(), CommandError> {
    let failed = |error: io::Error| CommandError::File { path: path.clone(), error };
    match File::create_new(path) {
        Ok(mut file) => io::Write::write_all(&mut file, text.as_bytes()).map_err(failed),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            match fs::read(path).map_err(failed)? == text.as_bytes() {
                true => Ok(()),
                false => Err(CommandError::IsThere(path.clone())),
            }
        }
        Err(error) => Err(failed(error)),
    }
}

/// All that is printed: what it is about, the table, what its columns mean, and one order of each ending.
fn report(args: &OrdersArgs, scenario: &Scenario, rows: &[Row], left_out: usize, paper: Paper) -> String {
    let mut out = format!("{}\n", visible(&view::report::title(scenario)));
    let cites = scenario.cites.join("; ");
    if !cites.is_empty() {
        let _ = writeln!(out, "{}", visible(&cites));
    }
    let _ = writeln!(out, "net {}, seed {}\n", scenario.net.name, scenario.seed);
    out.push_str(&table(scenario, rows, paper));
    let seen: Vec<Ending> = Ending::ALL.into_iter().filter(|ending| count(rows, *ending) > 0).collect();
    out.push('\n');
    for ending in &seen {
        let _ = writeln!(out, "{ending:8}  {}", ending.sentence());
    }
    let replays: usize = rows.iter().map(|row| row.found.replays).sum();
    let _ = writeln!(out, "\n{replays} replays stand for all of them");
    if rows.iter().any(|row| !row.found.complete) {
        let _ = writeln!(
            out,
            "a row with + is not complete: {} replays are the most; --most N allows more",
            args.most
        );
    }
    if left_out > 0 {
        let other = if left_out == 1 { "choice of editions is" } else { "choices of editions are" };
        let _ =
            writeln!(out, "{left_out} other {other} left out: with them it does not work in the usual order");
    }
    let name = for_shell(Path::new(&args.name));
    out.push_str("\nONE ORDER OF EACH, as a scenario:\n");
    for row in rows {
        for (ending, order) in &row.examples {
            let _ = writeln!(
                out,
                "  {ending:8}  arpanet orders {name} --requests {} --order {order}",
                requests(&row.variant)
            );
        }
    }
    out
}

fn count(rows: &[Row], ending: Ending) -> u128 {
    rows.iter().filter_map(|row| row.found.counts.get(&ending)).fold(0, |all, one| all.saturating_add(*one))
}

/// The table, or where it is too wide, a line for each row.
fn table(scenario: &Scenario, rows: &[Row], paper: Paper) -> String {
    let names = Names::of(&scenario.net);
    let shown: Vec<Ending> = Ending::ALL
        .into_iter()
        .filter(|ending| *ending != Ending::AgainstRules || count(rows, *ending) > 0)
        .collect();
    let editions = rows.first().map_or(&[][..], |row| &row.variant.editions);
    let mut head = vec!["requests".to_owned()];
    head.extend(editions.iter().map(|(host, _)| names.host(*host)));
    let texts = head.len();
    head.push("orders".to_owned());
    head.extend(shown.iter().map(ToString::to_string));
    let mut cells = vec![head];
    for row in rows {
        let mut line = vec![requests(&row.variant).to_owned()];
        line.extend(row.variant.editions.iter().map(|(_, edition)| edition.to_string()));
        let more = if row.found.complete { "" } else { "+" };
        line.push(format!("{}{more}", told(row.found.orders())));
        line.extend(shown.iter().map(|ending| match row.found.counts.get(ending) {
            Some(count) => told(*count),
            None => "-".to_owned(),
        }));
        cells.push(line);
    }
    let widths: Vec<usize> = (0..cells[0].len())
        .map(|column| cells.iter().map(|line| line[column].chars().count()).max().unwrap_or_default())
        .collect();
    let is_too_wide =
        paper.width.is_some_and(|width| widths.iter().sum::<usize>() + 2 * (widths.len() - 1) > width);
    let mut out = String::new();
    for (number, line) in cells.iter().enumerate() {
        if is_too_wide {
            if number > 0 {
                let said = cells[0].iter().zip(line).filter(|(_, cell)| *cell != "-");
                let said: Vec<String> = said.map(|(head, cell)| format!("{head} {cell}")).collect();
                let _ = writeln!(out, "{}", said.join(", "));
            }
            continue;
        }
        let mut text = String::new();
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            let (begins, ends) = match (number, column.checked_sub(texts + 1).map(|at| shown[at])) {
                (1.., Some(ending)) if cell != "-" => paper.ink(ink(ending)),
                _ => ("", ""),
            };
            let blanks = width - cell.chars().count();
            let _ = if column < texts {
                write!(text, "{gap}{begins}{cell}{ends}{:blanks$}", "")
            } else {
                write!(text, "{gap}{:blanks$}{begins}{cell}{ends}", "")
            };
        }
        let _ = writeln!(out, "{}", text.trim_end());
    }
    out
}

fn ink(ending: Ending) -> Ink {
    if ending <= Ending::Retried { Ink::Good } else { Ink::Bad }
}

/// A number of orders, with a comma at each thousand; of very many only how many about.
fn told(number: u128) -> String {
    if number >= TOLD_IN_FULL {
        let digits = number.to_string();
        return format!("{}.{}e{}", &digits[..1], &digits[1..2], digits.len() - 1);
    }
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A row as JSON. Names of hosts, of editions and of endings, and orders, need no escapes.
fn json(row: &Row, scenario: &Scenario) -> String {
    let names = Names::of(&scenario.net);
    let editions = row.variant.editions.iter();
    let editions: Vec<String> =
        editions.map(|(host, edition)| format!("\"{}\":\"{edition}\"", names.host(*host))).collect();
    let Found { counts, replays, complete, .. } = &row.found;
    let endings = row.examples.iter().map(|(ending, order)| {
        let count = counts.get(ending).copied().unwrap_or_default();
        format!("\"{ending}\":{{\"count\":{count},\"order\":\"{order}\"}}")
    });
    let endings: Vec<String> = endings.collect();
    format!(
        "{{\"requests\":\"{}\",\"editions\":{{{}}},\"orders\":{},\"complete\":{complete},\"replays\":{replays},\"endings\":{{{}}}}}\n",
        requests(&row.variant),
        editions.join(","),
        row.found.orders(),
        endings.join(",")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_orders_are_told_with_commas_and_very_many_by_their_power_of_ten() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (9_999_999, "9,999,999"),
            (12_345_678, "1.2e7"),
            (u128::MAX, "3.4e38"),
        ];
        for (number, text) in cases {
            assert_eq!(told(number), text);
        }
    }
}
