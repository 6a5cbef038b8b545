//! The columns of the house: how a scenario or a net is laid out. Only white space changes, and no line moves.
//!
//! The word of a heading stands in eight columns; what hosts type and see begins in one column as far as no line is empty;
//! what a message says stands two blanks behind it, or more; clauses are indented by two, the lines of files by four. The
//! clauses of a sweep begin in one column, and so does what breaks meanwhile, and what must hold of the whole run.

use super::ast::Scenario;
use super::choice::phrases;
use super::keywords::{HeadingWord, Keyword, RunWord};
use super::library::{NET, has_ending};
use super::net;
use super::sweep::CLAUSES;
use super::verbs::{Behind, VERBS};

/// Columns of the word with which a line of the heading, or of a net, begins.
const HEADING: usize = 8;

/// Columns of the word with which a clause of a sweep begins, and the blanks behind it.
const CLAUSE: usize = 9;

/// Columns of the words with which a condition of the whole run begins, and the blanks behind them.
const CONDITION: usize = 12;

/// The byte order mark with which some editors begin a file.
const MARK: &str = "\u{feff}";

/// The text of a scenario, or of a net if the file's name ends so, in the columns of the house. The text has no
/// mistakes.
pub fn laid_out(source_name: &str, text: &str) -> String {
    let is_net = has_ending(source_name, NET);
    // The sign of an editor that this is UTF-8 is no white space: it stays.
    let (mark, text) = match text.strip_prefix(MARK) {
        Some(text) => (MARK, text),
        None => ("", text),
    };
    let lines = text.split_inclusive('\n').map(|line| line.strip_suffix('\n').unwrap_or(line));
    let lines: Vec<&str> = lines.map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    let mut out = String::with_capacity(text.len());
    let mut block = Block::Other;
    // What belongs together is not parted by an empty line.
    for paragraph in lines.split_inclusive(|line| line.trim().is_empty()) {
        let blocks: Vec<Block> = paragraph.iter().map(|line| block.of(line, is_net)).collect();
        let both = || paragraph.iter().zip(&blocks);
        let steps = paragraph.iter().filter_map(|line| text_step(line).filter(|_| !is_net));
        let width = steps.map(|(act, _)| act.chars().count()).max().unwrap_or_default();
        let happens = both().filter_map(|(line, block)| happening(line, *block));
        let times = happens.map(|(at, _)| at.chars().count()).max().unwrap_or_default();
        for (line, block) in both() {
            match text_step(line).filter(|_| !is_net) {
                Some((act, text)) => out.push_str(format!("{act:width$}  {text}").trim_end()),
                None => match happening(line, *block) {
                    Some((at, what)) => out.push_str(format!("  {at:times$}  {what}").trim_end()),
                    None => out.push_str(&single(line, *block, is_net)),
                },
            }
            // A line of a file that ends with a carriage return of its own keeps it.
            out.push_str(if out.ends_with('\r') { "\r\n" } else { "\n" });
        }
    }
    let end = out.trim_end_matches('\n').len();
    out.truncate(end);
    if !out.is_empty() {
        out.push('\n');
    }
    out.insert_str(0, mark);
    out
}

/// Below what an indented line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    /// Below `sweep`.
    Sweep,
    /// Below `meanwhile`.
    Meanwhile,
    /// Below another statement, or none.
    Other,
}

impl Block {
    /// In which block a line stands. One at the margin ends that of the lines above, and may begin another.
    fn of(&mut self, line: &str, is_net: bool) -> Block {
        if !is_net && let Some((word, _)) = first(line).filter(|(word, _)| !word.starts_with('#')) {
            *self = match Keyword::of(word) {
                Some(Keyword::Heading(HeadingWord::Sweep)) => Block::Sweep,
                Some(Keyword::Run(RunWord::Meanwhile)) => Block::Meanwhile,
                Some(_) | None => Block::Other,
            };
        }
        *self
    }
}

/// The time, and what happens then, of a line below `meanwhile`.
fn happening(line: &str, block: Block) -> Option<(String, &str)> {
    let (at, rest) =
        first(line.trim()).filter(|_| block == Block::Meanwhile && line.starts_with(char::is_whitespace))?;
    let (time, what) = first(rest.trim_start())?;
    (at.eq_ignore_ascii_case("at") && !time.starts_with('#')).then(|| (format!("{at} {time}"), what.trim()))
}

/// Who does what, and the text, of a line that says what a host types or sees without a time in front of it.
fn text_step(line: &str) -> Option<(String, &str)> {
    let (who, rest) = first(line)?;
    let (verb, text) = first(rest.trim_start())?;
    let is_step = !line.starts_with(char::is_whitespace)
        && !who.starts_with(['#', '+', '|'])
        && Keyword::of(who).is_none()
        && VERBS.iter().any(|row| row.word.eq_ignore_ascii_case(verb) && row.behind == Behind::Text);
    is_step.then(|| (format!("{who} {verb}"), text.trim()))
}

/// The first word of a line, and what follows it.
fn first(line: &str) -> Option<(&str, &str)> {
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    (end > 0).then(|| line.split_at(end))
}

/// Any other line, for itself.
fn single(line: &str, block: Block, is_net: bool) -> String {
    let trimmed = line.trim();
    if line.starts_with(char::is_whitespace) {
        return match trimmed.chars().next() {
            None => String::new(),
            // All of what stands behind the bar is the file's, blanks at its end included.
            Some('|') => format!("    {}", line.trim_start()),
            Some('#') => line.trim_end().to_owned(),
            Some(_) if block == Block::Sweep => clause(trimmed),
            Some(_) => format!("  {trimmed}"),
        };
    }
    let Some((word, rest)) = first(trimmed) else { return String::new() };
    let is_heading = match Keyword::of(word) {
        _ if is_net => net::STATEMENTS.iter().any(|(other, _)| word.eq_ignore_ascii_case(other)),
        Some(Keyword::Heading(_)) => true,
        Some(_) | None => false,
    };
    // A net may have further columns of its own.
    let keeps = is_net && word.len() + rest.len() - rest.trim_start().len() >= HEADING;
    let rest = rest.trim();
    if is_heading && !keeps && word.len() < HEADING && !rest.is_empty() {
        return format!("{word:HEADING$}{rest}");
    }
    if is_net {
        return trimmed.to_owned();
    }
    condition(trimmed).or_else(|| expected_message(trimmed)).unwrap_or_else(|| trimmed.to_owned())
}

/// A line below `sweep`: a clause, or a part of the list above.
fn clause(line: &str) -> String {
    let (word, rest) = first(line).unwrap_or((line, ""));
    if phrases(CLAUSES).iter().any(|clause| word.eq_ignore_ascii_case(clause)) {
        format!("  {word:CLAUSE$}{}", rest.trim_start()).trim_end().to_owned()
    } else {
        format!("  {:CLAUSE$}{line}", "")
    }
}

/// A line that says what must hold of the whole run.
fn condition(line: &str) -> Option<String> {
    let (word, mut rest) = first(line)?;
    let mut begin = word.to_owned();
    match Keyword::of(word)? {
        Keyword::Run(RunWord::Always | RunWord::Never | RunWord::Sometimes) => {}
        Keyword::At => {
            for expected in ["the", "end"] {
                let (word, behind) = first(rest.trim_start())?;
                if !word.eq_ignore_ascii_case(expected) {
                    return None;
                }
                begin = format!("{begin} {word}");
                rest = behind;
            }
        }
        Keyword::Run(RunWord::Meanwhile)
        | Keyword::Heading(_)
        | Keyword::Host
        | Keyword::Within
        | Keyword::Step(_)
        | Keyword::Instead(_) => return None,
    }
    let what = rest.trim();
    let what = message(what).unwrap_or_else(|| what.to_owned());
    Some(format!("{begin:CONDITION$}{what}").trim_end().to_owned())
}

/// A line that expects a message, or none.
fn expected_message(line: &str) -> Option<String> {
    let (expect, rest) = first(line)?;
    let message = message(rest.trim_start()).filter(|_| expect.eq_ignore_ascii_case("expect"))?;
    Some(format!("{expect} {message}"))
}

/// A message, or that there is none, with two blanks at least in front of what it says.
fn message(said: &str) -> Option<String> {
    let (mut from, mut rest) = first(said)?;
    let mut beginning = String::new();
    if from.eq_ignore_ascii_case("no") {
        beginning = format!("{from} ");
        (from, rest) = first(rest.trim_start())?;
    }
    let (arrow, rest) = first(rest.trim_start())?;
    let (to, rest) = first(rest.trim_start())?;
    let gap = (rest.len() - rest.trim_start().len()).max(2);
    let says = rest.trim();
    (arrow == "->" && !says.is_empty() && !says.starts_with('#'))
        .then(|| format!("{beginning}{from} -> {to}{:gap$}{says}", ""))
}

/// Whether two scenarios say the same: everything but the white space of the lines that are quoted from them.
pub fn means_the_same(one: &Scenario, other: &Scenario) -> bool {
    let bare = |scenario: &Scenario| {
        let mut scenario = scenario.clone();
        scenario.steps.iter_mut().for_each(|step| step.source.clear());
        scenario.misbehave.iter_mut().for_each(|host| host.source.clear());
        scenario.meanwhile.iter_mut().for_each(|happens| happens.source.clear());
        scenario.conditions.iter_mut().for_each(|condition| condition.source.clear());
        scenario
    };
    bare(one) == bare(other)
}
