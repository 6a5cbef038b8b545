//! What happens in the runs that are measured is what the table in `benches/COUNTS.md` says: a change that
//! makes a replay cost more events or messages does not go unnoticed.

#[path = "../benches/runs/mod.rs"]
mod runs;

use runs::RUNS;

#[test]
fn as_much_happens_as_the_table_says() {
    let rows = RUNS.map(|run| (run, run.count()));
    let changed = rows.iter().filter(|(run, figures)| run.baseline() != *figures);
    let changed: Vec<String> = changed.map(|(run, figures)| format!("| {run} | {figures} |")).collect();
    assert!(changed.is_empty(), "these rows of COUNTS.md should begin\n{}", changed.join("\n"));
}
