//! What the author of a scenario says about it, and where in its transcript that stands.

use std::collections::BTreeMap;

use host::Note;
use imp1822::HostAddress;
use scenario::Scenario;
use scenario::ast::{self, Action, Expectation, HostAction, NcpAction, Piece, Step, Text};
use trace::{Comment, Follower, Party, Record, What};

use crate::secrets::Passwords;

/// The comments of a scenario as paragraphs, each with the record of its run before which it stands: that of the step below
/// it, or of the one behind which it is written. Those of the heading and the hosts come first, and those below the last step
/// last. What is said about a step that was not taken is left out.
///
/// What an operator does is neither printed nor on a wire: below a comment that stands above such steps they are told.
///
/// A comment above expectations is about what they expect: it stands before the first message or printed line that one of them
/// speaks of, since the last step that did something other than to wait.
pub fn comments(scenario: &Scenario, records: &[Record]) -> Vec<Comment> {
    placed(scenario, records, true)
}

/// The same, without the steps of operators: for those who tell these where they are taken.
pub fn comments_alone(scenario: &Scenario, records: &[Record]) -> Vec<Comment> {
    placed(scenario, records, false)
}

/// `with_steps`: whether the steps that nothing else tells of stand below.
fn placed(scenario: &Scenario, records: &[Record], with_steps: bool) -> Vec<Comment> {
    let paragraphs = paragraphs(&scenario.comments);
    if paragraphs.is_empty() {
        return Vec::new();
    }
    let taken = steps_taken(records);
    let passwords = Passwords::of(scenario, records);
    let mut told: Option<Vec<Told>> = None;
    let mut last = 0;
    let mut placed = Vec::new();
    for (index, paragraph) in paragraphs.iter().enumerate() {
        let below = scenario.steps.partition_point(|step| step.line < paragraph.line);
        let first_step = scenario.steps.get(below).map_or(usize::MAX, |step| step.line);
        let next = paragraphs[index + 1..].iter().map(|other| other.line).find(|line| *line > first_step);
        let next = next.unwrap_or(usize::MAX);
        let before = match (scenario.steps.get(below), scenario.steps.last()) {
            _ if scenario.hosts.iter().any(|host| host.line >= paragraph.line) => Some(0),
            (None, Some(above)) => taken.contains_key(&above.line).then_some(u64::MAX),
            (None, None) => Some(u64::MAX),
            (Some(step), _) => taken.get(&step.line).map(|own| {
                let expected = scenario.steps[below..].iter().take_while(|step| step.line < next);
                let expected: Vec<&Expectation> = expected.map_while(expectation).collect();
                if expected.is_empty() {
                    return *own;
                }
                let acted = scenario.steps[..below].iter().rev().find(|step| is_deed(&step.action));
                let since =
                    acted.and_then(|step| taken.get(&step.line)).copied().unwrap_or_default().max(last);
                let told = told.get_or_insert_with(|| what_was_told(records));
                let firsts = expected.iter().filter_map(|expected| first(told, expected, since..*own));
                firsts.min().unwrap_or(*own)
            }),
        };
        if let Some(before) = before {
            last = last.max(before);
            let mut text = paragraph.text.clone();
            let is_nearest = paragraphs.get(index + 1).is_none_or(|other| other.line > first_step);
            if with_steps && is_nearest && before > 0 && first_step > paragraph.line {
                let done = scenario.steps[below..].iter();
                for step in done.take_while(|step| step.line < next && is_unseen(step)) {
                    text.push_str("\n  ");
                    text.push_str(&step.source);
                }
            }
            let text = passwords.hide(&text).into_owned();
            placed.push(Comment { before: last, text });
        }
    }
    placed
}

/// Lines of comments that belong together, and where the first of them stands.
struct Paragraph {
    line: usize,
    /// A line that is indented more than the first is one of its own.
    text: String,
}

/// Puts lines together that follow each other.
fn paragraphs(comments: &[ast::Comment]) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut goes_on = None;
    for ast::Comment { line, text, is_behind } in comments {
        let is_next = goes_on == Some(*line) && !is_behind;
        goes_on = (!is_behind && !text.is_empty()).then_some(line + 1);
        match paragraphs.last_mut() {
            _ if text.is_empty() => {}
            Some(paragraph) if is_next => {
                paragraph.text.push(if text.starts_with(' ') { '\n' } else { ' ' });
                paragraph.text.push_str(text);
            }
            Some(_) | None => paragraphs.push(Paragraph { line: *line, text: text.clone() }),
        }
    }
    paragraphs
}

/// The records of the steps that were taken, by their lines.
fn steps_taken(records: &[Record]) -> BTreeMap<usize, u64> {
    let mut taken = BTreeMap::new();
    for (number, record) in (0..).zip(records) {
        if let What::Step { line, .. } = record.what {
            taken.entry(line).or_insert(number);
        }
    }
    taken
}

fn expectation(step: &Step) -> Option<&Expectation> {
    if let Action::Expect(expectation) = &step.action { Some(expectation) } else { None }
}

/// Whether an operator does something of which no line of a transcript tells.
pub(crate) fn is_unseen(step: &Step) -> bool {
    matches!(step.action, Action::Host(_, HostAction::Ncp(_)))
}

/// Whether a step does something, and does not only wait or look.
fn is_deed(action: &Action) -> bool {
    match action {
        Action::Expect(_) | Action::WaitFor { .. } | Action::Host(_, HostAction::Sees(_)) => false,
        Action::Host(_, HostAction::Ncp(NcpAction::Receives { .. } | NcpAction::Hears { .. })) => false,
        Action::Host(..) | Action::Fault(_) | Action::Traffic(_) | Action::Measure(_) => true,
        Action::Orders(_) => true,
    }
}

/// What an expectation may speak of: a message between two hosts, or what a teletype has printed.
struct Told {
    record: u64,
    from: HostAddress,
    /// `None`: on its own teletype.
    to: Option<HostAddress>,
    what: String,
}

fn what_was_told(records: &[Record]) -> Vec<Told> {
    let mut follower = Follower::default();
    let mut told = Vec::new();
    for (number, record) in (0..).zip(records) {
        match &record.what {
            What::Sent { host, signal } => {
                for decoded in follower.sent(*host, signal) {
                    if let (Party::Host(from), Party::Host(to)) = (decoded.from, decoded.to) {
                        told.push(Told { record: number, from, to: Some(to), what: decoded.what });
                    }
                }
            }
            What::Note { host, note: Note::Printed(line) } => {
                told.push(Told { record: number, from: *host, to: None, what: line.clone() });
            }
            What::Note { .. }
            | What::Received { .. }
            | What::Cable { .. }
            | What::Packet(_)
            | What::Notice { .. }
            | What::Fault(_)
            | What::Struck { .. }
            | What::Step { .. }
            | What::Measured(_) => {}
        }
    }
    told
}

/// The first of these records that an expectation speaks of.
fn first(told: &[Told], expected: &Expectation, among: std::ops::Range<u64>) -> Option<u64> {
    let (from, to, text) = match expected {
        Expectation::Crossed { from, to, text } => (from, Some(*to), text),
        Expectation::Saw { host, text } => (host, None, text),
        Expectation::File { .. }
        | Expectation::FileLength { .. }
        | Expectation::SameFile { .. }
        | Expectation::NoFile { .. }
        | Expectation::NotCrossed { .. }
        | Expectation::NoFileDataThrough { .. }
        | Expectation::Socket { .. }
        | Expectation::NoConnections { .. } => return None,
    };
    let is_it = |told: &&Told| {
        among.contains(&told.record) && told.from == *from && told.to == to && says(&told.what, text)
    };
    told.iter().find(is_it).map(|told| told.record)
}

/// Whether a line holds the pieces of a text one behind the other, whatever the numbers between them are.
fn says(line: &str, text: &Text) -> bool {
    let mut rest = Some(line);
    for piece in &text.0 {
        if let Piece::Literal(literal) = piece {
            rest = rest.and_then(|rest| rest.split_once(literal.as_str())).map(|(_, behind)| behind);
        }
    }
    rest.is_some()
}
