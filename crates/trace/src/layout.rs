//! How a line of a transcript is laid out: when, who, what, and what it means.

use std::fmt::Write;

use imp::visible::visible_lines;
use machine::{Digits, Instant};

use crate::lens::Lens;
use crate::meaning::USED_UP;
use crate::paper::{Ink, LEAST_ROOM, MOVED, Paper, Pieces, columns};

/// On paper without an end, the widest that a line gets, in columns, unless the text of a single thing is longer. On paper
/// that is not as wide as this, what a line means stands on a line of its own.
pub(crate) const WIDTH: usize = 100;

/// The width of the column of times.
const TIME_WIDTH: usize = 11;

/// The width of the column of what happens, in front of its meaning. Longer text moves its meaning to the right.
const WHAT_WIDTH: usize = 34;

/// How much further what goes on on the next line is indented.
const HANG: usize = 2;

/// One line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Instant,
    /// Whether that is known.
    pub is_timed: bool,
    /// The lens that shows it.
    pub lens: Lens,
    /// Its subject: `SITE1 types`, or sender and receiver.
    pub who: String,
    /// What. Only a table has more than one line.
    pub what: String,
    /// What it means. May be empty.
    pub meaning: String,
    /// The bits of the message, on lines of their own, if they were asked for.
    pub bits: Option<String>,
}

/// A paragraph that stands between the lines of a transcript: what the author of the scenario says about the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The number of the record before which it stands.
    pub before: u64,
    /// The paragraph. What must begin a line of its own, like an item of a list, does.
    pub text: String,
}

/// The columns to the left of what happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns {
    /// The width of the column of subjects.
    pub(crate) who: usize,
    /// Whether there is one of times.
    pub(crate) has_times: bool,
}

impl Columns {
    /// Where what happens begins.
    fn end(self) -> usize {
        (if self.has_times { TIME_WIDTH + 2 } else { 0 }) + self.who + 2
    }
}

/// Appends a line of a transcript.
///
/// On endless paper and where there is room, what a line means stands beside it. Else it stands below, indented so that one
/// sees what it belongs to; text that is too wide is broken at blanks; and where there is hardly any room beside time and
/// subject, everything else stands below these.
pub(crate) fn lay_out(line: &Line, left: Columns, paper: Paper, text: &mut String) {
    let Line { at: _, is_timed: _, who: _, what, meaning, bits, lens } = line;
    let column = left.end();
    // Below the title of a table stand its rows.
    let mut rows = what.lines();
    let first = rows.next().unwrap_or_default();
    let beside = column + columns(first).max(WHAT_WIDTH) + 2 + columns(meaning);
    // What is said of a frame between IMPs is most of it, and that a sender must wait is why nothing follows: they stand there in
    // any case.
    let is_needed = matches!(lens, Lens::Packets | Lens::Lines) || meaning.ends_with(USED_UP);
    let is_beside = match paper.width {
        None => beside <= WIDTH || is_needed,
        Some(width) => width >= WIDTH && beside <= width,
    };
    let indent = match paper.width {
        Some(width) if width < column + LEAST_ROOM => MOVED,
        _ => paper.indent(column, first),
    };
    if indent < column {
        let mut head = String::new();
        push_head(line, Columns { who: 0, ..left }, paper, &mut head);
        paper.lines(&head, 0, MOVED, None, text);
        if !first.is_empty() {
            paper.lines(first, indent, HANG, None, text);
        }
    } else {
        let room = |indent| paper.width.map_or(usize::MAX, |width| width - indent);
        let mut pieces = Pieces::new(first, room(indent), room(indent + HANG));
        push_head(line, left, paper, text);
        text.push_str("  ");
        let first = pieces.next().unwrap_or_default();
        if is_beside && !meaning.is_empty() {
            let (begins, ends) = paper.ink(Ink::Meaning);
            push_padded(text, first, WHAT_WIDTH);
            text.extend(["  ", begins, meaning, ends]);
        } else {
            text.push_str(first);
        }
        text.push('\n');
        // Writing to a String cannot fail.
        pieces.for_each(|piece| {
            let _ = writeln!(text, "{:1$}{piece}", "", indent + HANG);
        });
    }
    if !is_beside && !meaning.is_empty() && paper.width.is_some() {
        paper.lines(meaning, indent + 2 * HANG, 0, Some(Ink::Meaning), text);
    }
    let is_narrow = paper.width.is_some_and(|width| width < WIDTH);
    let below = match lens {
        Lens::Measured => table_indent(rows.clone(), indent, paper),
        // The rule that is broken, like what something means.
        _ if is_narrow => indent + 2 * HANG,
        _ => indent,
    };
    rows.for_each(|row| paper.lines(row, below, HANG, None, text));
    let bits = bits.iter().flat_map(|bits| bits.lines());
    bits.for_each(|line| paper.lines(line, indent, HANG, Some(Ink::Time), text));
}

/// Appends time and subject, as wide as the columns at least.
fn push_head(line: &Line, left: Columns, paper: Paper, text: &mut String) {
    let Line { who: subject, lens, .. } = line;
    let Columns { who, has_times } = left;
    let ((time, plain), (host, _)) = (paper.ink(Ink::Time), paper.ink(Ink::Host));
    if has_times {
        let at = line.is_timed.then(|| line.at.digits());
        let at = at.as_ref().map_or("-", Digits::as_str);
        text.push_str(time);
        push_blanks(text, TIME_WIDTH.saturating_sub(at.len()));
        text.extend([at, plain, "  "]);
    }
    if !paper.color {
        return push_padded(text, subject, who);
    }
    let padding = who.saturating_sub(columns(subject));
    let _ = match (subject.split_once(" -> "), subject.rsplit_once(' ')) {
        (Some((from, to)), _) => write!(text, "{host}{from}{plain} -> {host}{to}{plain}"),
        // The verb of a host.
        (None, Some((name, verb))) if matches!(lens, Lens::Teletype | Lens::Host) => {
            write!(text, "{host}{name}{plain} {verb}")
        }
        (None, _) => write!(text, "{host}{subject}{plain}"),
    };
    let _ = write!(text, "{:padding$}", "");
}

/// Appends a text, and blanks until it is as many characters wide.
fn push_padded(text: &mut String, padded: &str, width: usize) {
    text.push_str(padded);
    push_blanks(text, width.saturating_sub(padded.chars().count()));
}

/// Appends so many blanks.
fn push_blanks(text: &mut String, mut missing: usize) {
    const BLANKS: &str = "                                        ";
    while missing > 0 {
        let some = missing.min(BLANKS.len());
        text.push_str(&BLANKS[..some]);
        missing -= some;
    }
}

/// How far a table is indented: as wanted, or less if it only fits so. All its rows stand below each other.
fn table_indent<'a>(rows: impl Iterator<Item = &'a str>, wanted: usize, paper: Paper) -> usize {
    let widest = rows.map(columns).max().unwrap_or_default();
    match paper.width {
        Some(width) if wanted + widest > width => wanted.min(MOVED),
        _ => wanted,
    }
}

impl Comment {
    /// Appends it as it stands in a transcript: behind the sign of a comment, with an empty line above it.
    pub fn lay_out(&self, paper: Paper, text: &mut String) {
        lay_out_comment(self, paper, text);
    }
}

/// Appends a comment, behind the sign of one, with an empty line above it.
pub(crate) fn lay_out_comment(comment: &Comment, paper: Paper, text: &mut String) {
    let (begins, ends) = paper.ink(Ink::Comment);
    let room = paper.width.unwrap_or(WIDTH).saturating_sub(2);
    if !text.is_empty() {
        text.push('\n');
    }
    for line in visible_lines(&comment.text).lines() {
        let own = line.len() - line.trim_start_matches(' ').len();
        let mut hang = 0;
        for piece in Pieces::new(line, room, room.saturating_sub(own)) {
            let _ = writeln!(text, "{begins}# {:hang$}{piece}{ends}", "");
            hang = own;
        }
    }
}
