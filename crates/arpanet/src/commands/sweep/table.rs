//! What came of a sweep, as tables.

use std::fmt::Write;
use std::ops::Range;

use imp::visible::visible;
use scenario::Scenario;
use scenario::ast::ConditionWhen;
use sim::lab::Grade;
use sim::lab::reached::Family;
use trace::{Ink, Paper};

use super::count::{Count, Row};

/// A sweep of one scenario, and what came of it.
pub(super) struct Swept<'a> {
    /// How the scenario was named.
    pub(super) name: &'a str,
    pub(super) scenario: &'a Scenario,
    /// The seeds that were to be played.
    pub(super) seeds: Range<u64>,
    pub(super) count: &'a Count,
}

/// How often each `sometimes` of a scenario came about.
pub(super) fn sometimes<'a>(
    scenario: &'a Scenario,
    count: &'a Count,
) -> impl Iterator<Item = (&'a str, u64)> {
    let conditions = scenario.conditions.iter().filter(|one| one.when == ConditionWhen::Sometimes);
    conditions.map(|condition| condition.source.as_str()).zip(count.sometimes.iter().copied())
}

/// The endings of a grade as a table has them: the most frequent first.
pub(super) fn rows(count: &Count, grade: Grade) -> Vec<(&str, Row)> {
    let mut rows: Vec<(&str, Row)> =
        count.rows().filter(|(of, _, _)| *of == grade).map(|(_, words, row)| (words, row)).collect();
    rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.seeds));
    rows.extend(count.others.get(&grade).map(|row| ("in still other ways", *row)));
    rows
}

/// The tables of one scenario. `command` is how `arpanet` is called.
pub(super) fn tables(swept: &Swept<'_>, with_reached: bool, command: &str, paper: Paper) -> String {
    let Swept { name, scenario, seeds, count } = swept;
    let mut text = String::new();
    let all = seeds.end - seeds.start;
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{}  {}", visible(name), visible(&view::report::title(scenario)));
    let _ = writeln!(
        text,
        "seeds {}..{}, in {} of them something broke",
        seeds.start, seeds.end, count.disturbed
    );
    if count.seeds < all {
        let _ = writeln!(
            text,
            "interrupted: {} of {all} seeds were played, and what follows is of these",
            count.seeds
        );
    }
    let _ = writeln!(text, "\n             seeds        %     example");
    for grade in [Grade::Holds, Grade::Unseen, Grade::Wrong] {
        for (words, Row { seeds, least }) in rows(count, grade) {
            let (mark, ink) = mark(grade);
            let (begins, ends) = paper.ink(ink);
            let share = percent(seeds, count.seeds);
            let row =
                format!("  {begins}{mark}{ends}  {seeds:>8}  {share:>7}  {least:>10}  {}\n", visible(words));
            text.push_str(&paper.fill(&row, 41 - 2));
        }
    }
    if let Some((_, _, Row { least, .. })) = count.rows().next() {
        let _ = writeln!(text, "  replay one: {command} sweep {} --seed {least}", visible(name));
    }
    let mut wanted = sometimes(scenario, count).peekable();
    if wanted.peek().is_some() {
        let _ = writeln!(text, "\nwhat must come about in some run");
    }
    for (source, seeds) in wanted {
        let (mark, ink) = if seeds == 0 { ("NEVER", Ink::Bad) } else { ("", Ink::Good) };
        let (begins, ends) = paper.ink(ink);
        let mark = if mark.is_empty() { format!("{seeds:>14}") } else { format!("{begins}{mark:>14}{ends}") };
        text.push_str(&paper.fill(&format!("{mark}  {}\n", visible(source)), 16));
    }
    text.push_str(&reached(count, with_reached, paper));
    text.push_str(&proves_nothing(scenario, count));
    text
}

/// What was reached, by kind, or one by one.
fn reached(count: &Count, one_by_one: bool, paper: Paper) -> String {
    let mut text = String::from("\nwhat was reached");
    text.push_str(if one_by_one { ", by how many seeds\n" } else { "; --reached lists it\n" });
    for family in Family::ALL {
        let of_family: Vec<_> = count.reached.rows().filter(|(mark, _)| mark.family == family).collect();
        let ever = of_family.iter().filter(|(_, seeds)| *seeds > 0).count();
        let share = format!("{ever} of {}", of_family.len());
        let _ = writeln!(text, "{share:>14}  {}", family.title());
        for (mark, seeds) in of_family.into_iter().filter(|_| one_by_one) {
            let seeds = if seeds == 0 { "never".to_owned() } else { seeds.to_string() };
            text.push_str(&paper.fill(&format!("{seeds:>14}    {}\n", mark.name), 18));
        }
    }
    text
}

/// What the sweep did not try at all.
fn proves_nothing(scenario: &Scenario, count: &Count) -> String {
    let mut text = String::new();
    let faults = scenario.sweep.as_ref().and_then(|sweep| sweep.faults.as_ref());
    let may_break = faults.is_none_or(|faults| *faults.count.end() > 0);
    if may_break && count.disturbed == 0 {
        text.push_str("\nIn no seed did anything break: this proves nothing of what happens then.\n");
    }
    let types = scenario.hosts.iter().any(|host| host.program.is_some());
    if types && count.commanded == 0 {
        text.push_str(
            "\nIn no seed was a file moved: this proves nothing of what users are told of files.\n",
        );
    }
    text
}

/// The sum of several scenarios.
pub(super) fn sum(all: &[(String, Count)], paper: Paper) -> String {
    let width = all.iter().map(|(name, _)| visible(name).chars().count()).max().unwrap_or_default().max(3);
    let mut text = format!("\n{:width$}     seeds     holds    unseen     wrong  something broke\n", "");
    let mut total = [0; 5];
    for (name, count) in all {
        let figures = figures(count);
        total.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
        text.push_str(&sum_row(&visible(name), width, figures, paper));
    }
    text.push_str(&sum_row("all", width, total, paper));
    text
}

fn figures(count: &Count) -> [u64; 5] {
    let of = |grade| count.of(grade);
    [count.seeds, of(Grade::Holds), of(Grade::Unseen), of(Grade::Wrong), count.disturbed]
}

fn sum_row(name: &str, width: usize, figures: [u64; 5], paper: Paper) -> String {
    let [seeds, holds, unseen, wrong, disturbed] = figures;
    let (begins, ends) = if wrong > 0 { paper.ink(Ink::Bad) } else { ("", "") };
    let wrong = format!("{begins}{wrong:>8}{ends}");
    format!("{name:width$}  {seeds:>8}  {holds:>8}  {unseen:>8}  {wrong}  {disturbed:>15}\n")
}

fn mark(grade: Grade) -> (&'static str, Ink) {
    match grade {
        Grade::Holds => ("holds ", Ink::Good),
        Grade::Unseen => ("unseen", Ink::Meaning),
        Grade::Wrong => ("WRONG ", Ink::Bad),
    }
}

/// A share in hundredths of a percent, without a machine's ideas of rounding.
fn percent(part: u64, of: u64) -> String {
    let hundredths = u128::from(part) * 10_000 / u128::from(of.max(1));
    match hundredths {
        0 if part > 0 => "<0.01".to_owned(),
        _ => format!("{}.{:02}", hundredths / 100, hundredths % 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_and_one_in_a_million_is_not_nothing() {
        assert_eq!(percent(1, 3), "33.33");
        assert_eq!(percent(7, 7), "100.00");
        assert_eq!(percent(1, 1_000_000), "<0.01");
        assert_eq!(percent(0, 1_000_000), "0.00");
        assert_eq!(percent(0, 0), "0.00");
    }
}
