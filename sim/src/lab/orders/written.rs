//! One order as a scenario of its own: the text of the scenario, with its mark replaced by what waits for what.

use scenario::ast::{Action, HostPlan, Orders, Scenario};
use trace::Names;

use super::one::{One, Said};
use super::variant::Variant;

/// A comment says no more of a message than this.
const MOST_OF_A_MESSAGE: usize = 48;

/// The text of a scenario in which messages arrive in this order, and hosts are set up so. What does not hold in this order
/// is announced in its heading, so that it holds as it is. `found_by` is the command that found it.
pub fn written(text: &str, scenario: &Scenario, variant: &Variant, one: &One, found_by: &str) -> String {
    let names = Names::of(&scenario.net);
    let mark = scenario.steps.iter().find(|step| step.action == Action::Orders(Orders::All));
    let mark = mark.map_or(0, |step| step.line);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // From the end to the beginning: what stands above does not move.
    if let Some(line) = lines.get_mut(mark.wrapping_sub(1)) {
        *line = replaced(line, "all orders from here", "this order from here");
        let waits = one.waitings.iter().flat_map(|said| waits(said, &names));
        lines.splice(mark..mark, waits);
    }
    for host in variant.concerned(scenario) {
        let Some(plan) = scenario.hosts.iter().find(|plan| plan.address == host) else { continue };
        let edition = variant.editions.iter().find(|(of, _)| *of == host).map(|(_, edition)| *edition);
        set_up(&mut lines, plan, variant.queues, edition.filter(|edition| plan.server != Some(*edition)));
    }
    let mut fails: Vec<String> = one.failures.iter().map(|one| format!("fails   {}", one.found)).collect();
    fails.dedup();
    let is_title = |line: &String| line.trim_start().to_ascii_lowercase().starts_with("title");
    let title = lines.iter().position(is_title).map_or(0, |title| title + 1);
    lines.splice(title..title, fails);
    let what = one.ending.sentence();
    format!("# {}: {what}.\n# Found by `{found_by}`.\n\n{}\n", one.ending, lines.join("\n"))
}

/// The lines that say that a message waits for another, and what the two are.
fn waits(said: &Said, names: &Names) -> [String; 2] {
    let words = |one: scenario::ast::Crossing| {
        format!("{} -> {} message {}", names.host(one.from), names.host(one.to), one.number)
    };
    let [message, other] = said.what.each_ref().map(|what| cut(what));
    let comment = match (message.is_empty(), other.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!("  # it waits for {other}"),
        (false, true) => format!("  # {message} waits"),
        (false, false) => format!("  # {message}  waits for  {other}"),
    };
    let waiting = said.waiting;
    [comment, format!("  {} waits for {}", words(waiting.message), words(waiting.waits_for))]
}

fn cut(what: &str) -> String {
    match what.char_indices().nth(MOST_OF_A_MESSAGE) {
        Some((at, _)) => format!("{} ...", what[..at].trim_end()),
        None => what.to_owned(),
    }
}

/// Sets a host up in its declaration.
fn set_up(lines: &mut Vec<String>, plan: &HostPlan, queues: bool, edition: Option<ftp::Edition>) {
    let begin = plan.line - 1;
    let is_of_host = |line: &String| line.is_empty() || line.starts_with([' ', '\t', '#']);
    let below = lines.iter().skip(plan.line).take_while(|line| is_of_host(line)).count();
    let refuses = "refuses unmatched requests";
    let is_file = |line: &str| line.trim_start().starts_with('|');
    let block = plan.line - 1..(plan.line + below).min(lines.len());
    let mut says_it = false;
    for line in &mut lines[block] {
        if is_file(line) {
            continue;
        }
        if let Some(at) = line.to_ascii_lowercase().find(refuses) {
            says_it = true;
            if queues {
                line.replace_range(at..at + refuses.len(), "");
            }
        } else if !queues && let Some(at) = line.to_ascii_lowercase().find("queues requests for ") {
            says_it = true;
            let rest: Vec<&str> = line[at..].split_whitespace().collect();
            let words = if rest.get(4).is_some_and(|word| word.eq_ignore_ascii_case("most")) { 6 } else { 4 };
            *line = format!("{}{refuses} {}", &line[..at], rest.get(words..).unwrap_or_default().join(" "));
        }
        if let Some(edition) = edition
            && let Some(at) = line.to_ascii_lowercase().find("serves ftp")
        {
            let rest: Vec<&str> = line[at..].split_whitespace().collect();
            let words =
                if rest.get(2).is_some_and(|word| word.eq_ignore_ascii_case("edition")) { 4 } else { 2 };
            let rest = rest.get(words..).unwrap_or_default().join(" ");
            *line = format!("{}serves ftp edition {edition}  {rest}", &line[..at]);
        }
        line.truncate(line.trim_end().len());
    }
    if !queues && !says_it {
        lines.insert(begin + 1, format!("  {refuses}"));
    }
}

/// A line with these words, in capitals or not, replaced by others; and a comment behind them kept.
fn replaced(line: &str, words: &str, by: &str) -> String {
    let lower = line.to_ascii_lowercase();
    match lower.find(words.split(' ').next().unwrap_or_default()) {
        Some(at) => {
            let end = lower.find("here").map_or(line.len(), |here| here + "here".len());
            format!("{}{by}{}", &line[..at], &line[end..])
        }
        None => line.to_owned(),
    }
}
