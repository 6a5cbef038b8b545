//! In which order messages arrive: the mark from which on all orders are tried, or one of them is taken.

use super::ast::{Crossing, Orders, Waiting};
use super::context::Context;
use super::errors::{Diagnostic, Diagnostics};
use super::quantity::number;
use super::words::{Line, Statement, Words};

/// How the lines below `this order from here` are written.
const WAITING: &str = "HOST -> HOST message N waits for HOST -> HOST message N";

/// The highest number of a message.
const MOST: u64 = 100_000;

/// Reads what follows `all`.
pub(super) fn all(words: &mut Words<'_>) -> Result<Orders, Diagnostic> {
    from_here(words, "orders").map(|()| Orders::All)
}

/// Reads what follows `this`. What waits for what is said in the lines below.
pub(super) fn this(words: &mut Words<'_>) -> Result<Orders, Diagnostic> {
    from_here(words, "order").map(|()| Orders::This(Vec::new()))
}

fn from_here(words: &mut Words<'_>, orders: &str) -> Result<(), Diagnostic> {
    [orders, "from", "here"].into_iter().try_for_each(|word| words.keyword(word).map(|_| ()))?;
    words.end()
}

/// Reads which messages wait for which, in the lines below a statement.
pub(super) fn waitings(
    context: &Context<'_>,
    lines: &[Line<'_>],
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<Waiting> {
    let mut all: Vec<Waiting> = Vec::new();
    for line in lines {
        let read = waiting(context, &mut line.words()).map_err(|mistake| mistake.form(&[WAITING]));
        let Some(waiting) = diagnostics.record(read) else { continue };
        all.push(waiting);
        if let Some(circle) = circle(&all) {
            let label = "none of them could ever arrive";
            diagnostics.add(Diagnostic::new(line.at(), circle, label).help(
                "a message comes before each with a higher number between the same two hosts: leave one of the lines out",
            ));
            all.pop();
        }
    }
    all
}

fn waiting(context: &Context<'_>, words: &mut Words<'_>) -> Result<Waiting, Diagnostic> {
    let message = crossing(context, words)?;
    words.keyword("waits")?;
    words.keyword("for")?;
    let waits_for = crossing(context, words)?;
    words.end()?;
    Ok(Waiting { message, waits_for })
}

/// Reads `HOST -> HOST message N`.
fn crossing(context: &Context<'_>, words: &mut Words<'_>) -> Result<Crossing, Diagnostic> {
    let from = words.word("the host that sends")?;
    let (from, to) = context.crossing(from, words)?;
    words.keyword("message")?;
    let number = number(words.word("which of them, from here on")?, "the number of a message", 1..=MOST)?;
    // `number` keeps to the range.
    Ok(Crossing { from, to, number: number as u32 })
}

/// What is wrong if the last of these closes a circle of messages each of which waits for the next.
fn circle(all: &[Waiting]) -> Option<String> {
    let last = all.last()?;
    let mut seen = Vec::new();
    let mut left = vec![last.waits_for];
    while let Some(next) = left.pop() {
        if next.is_or_follows(last.message) {
            return Some("messages wait for each other".to_owned());
        }
        if seen.contains(&next) {
            continue;
        }
        seen.push(next);
        // Who waits for a message waits for all that it waits for, and for those before it.
        left.extend(all.iter().filter(|one| next.is_or_follows(one.message)).map(|one| one.waits_for));
    }
    None
}

/// Sees to it that one step at most says in which order messages arrive.
pub(super) fn said_once(statements: &[&Statement<'_>], lines: &[usize], diagnostics: &mut Diagnostics<'_>) {
    for line in lines.iter().skip(1) {
        if let Some(statement) = statements.iter().find(|statement| statement.line.number == *line) {
            let label = format!("said in line {}", lines[0]);
            diagnostics.add(
                Diagnostic::new(statement.line.at(), "the order of messages is spoken of twice", label)
                    .help("leave one of them out: the first counts from there to the end"),
            );
        }
    }
}
