//! Paper: how wide a line may be, where it is broken, and in which inks it is printed.

use std::fmt::Write;

/// Where there is less room than this beside what stands to the left, text moves to lines of its own.
pub(crate) const LEAST_ROOM: usize = 20;

/// The indentation of text that has moved there.
pub(crate) const MOVED: usize = 4;

/// What text is printed on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Paper {
    /// At most this many columns in a line, unless one word alone is wider. `None`: no end, so that the same is printed
    /// on every machine.
    pub width: Option<usize>,
    /// Whether there are colours, with the escape sequences of a terminal.
    pub color: bool,
}

/// What a part of a text is, which has an ink of its own on paper with colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// When something happened, and other numbers that one may pass over.
    Time,
    /// Who did it.
    Host,
    /// What it means.
    Meaning,
    /// What the author of a scenario says about it.
    Comment,
    /// That all is well.
    Good,
    /// That something is not.
    Bad,
}

impl Ink {
    /// Every ink.
    pub const ALL: &[Ink] = &[Ink::Time, Ink::Host, Ink::Meaning, Ink::Comment, Ink::Good, Ink::Bad];

    /// The escape sequence that begins it. Neither faint nor bright colours, which vanish on a projector, and of the eight
    /// standard ones none that is close to black or white: each can be read on a dark screen and on a light one.
    const fn begins(self) -> &'static str {
        match self {
            Ink::Time => "\x1b[36m",
            Ink::Host => "\x1b[1m",
            Ink::Meaning => "\x1b[35m",
            Ink::Comment | Ink::Good => "\x1b[32m",
            Ink::Bad => "\x1b[1;31m",
        }
    }
}

impl Paper {
    /// What begins and what ends a text in this ink.
    pub const fn ink(self, ink: Ink) -> (&'static str, &'static str) {
        if self.color { (ink.begins(), "\x1b[0m") } else { ("", "") }
    }

    /// A text of several lines. Those that are too wide are broken at blanks; what follows is indented by `hang` columns more
    /// than the line is.
    pub fn fill(self, text: &str, hang: usize) -> String {
        let mut filled = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
            self.lines(line, 0, hang, None, &mut filled);
            // The end of the last piece is the end of the line.
            filled.truncate(filled.len() - 1);
            filled.push_str(end);
        }
        filled
    }

    /// Appends a line that is indented by `indent` columns, and by `hang` more where it goes on. Without the room for that
    /// it is indented less.
    pub(crate) fn lines(self, line: &str, indent: usize, hang: usize, ink: Option<Ink>, text: &mut String) {
        let (begins, ends) = ink.map_or(("", ""), |ink| self.ink(ink));
        let own = line.len() - line.trim_start_matches(' ').len();
        let indent = self.indent(indent, line);
        let hang = match self.width {
            None => 0,
            Some(_) => self.indent(indent + own + hang, line),
        };
        let room = |indent: usize| self.width.map_or(usize::MAX, |width| width.saturating_sub(indent));
        let mut at = indent;
        for piece in Pieces::new(line, room(indent), room(hang)) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{:at$}{begins}{piece}{ends}", "");
            at = hang;
        }
    }

    /// The indentation of a text: as wanted if the widest of its words and some others have room beside it.
    pub(crate) fn indent(self, wanted: usize, text: &str) -> usize {
        let Some(width) = self.width else { return wanted };
        let room = width.saturating_sub(wanted);
        // A text that fits as it is needs no other place.
        if columns(text) <= room {
            return wanted;
        }
        let longest = text.split(' ').map(columns).max().unwrap_or_default();
        let is_hopeless = longest > width.saturating_sub(MOVED);
        if room >= LEAST_ROOM && (longest <= room || is_hopeless) { wanted } else { wanted.min(MOVED) }
    }
}

/// How many columns a text takes when it is displayed: one for each character, none for the escape sequences of inks.
pub(crate) fn columns(text: &str) -> usize {
    // All bytes are looked at, many at a time.
    if text.bytes().fold(true, |is_plain, byte| is_plain & byte.is_ascii() & (byte != b'\x1b')) {
        return text.len();
    }
    let mut parts = text.split('\x1b');
    let first = parts.next().unwrap_or_default().chars().count();
    first
        + parts
            .map(|after| behind_ink(after).map_or(1 + after.chars().count(), |shown| shown.chars().count()))
            .sum::<usize>()
}

/// What follows an escape sequence that chooses an ink; `after` stands behind its ESC.
fn behind_ink(after: &str) -> Option<&str> {
    let codes = after.strip_prefix('[')?;
    codes.trim_start_matches(|code: char| code.is_ascii_digit() || code == ';').strip_prefix('m')
}

/// A line in pieces, broken at blanks. The blank at which it is broken belongs to no piece; others stay, so that the columns
/// of a table remain below each other.
pub(crate) struct Pieces<'a> {
    rest: Option<&'a str>,
    room: usize,
    later: usize,
}

impl<'a> Pieces<'a> {
    /// Pieces of at most `room` columns for the first and `later` for each other, unless a word is wider.
    pub(crate) fn new(line: &'a str, room: usize, later: usize) -> Self {
        Pieces { rest: Some(line), room, later }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let line = self.rest.take()?;
        let room = std::mem::replace(&mut self.room, self.later);
        if room == usize::MAX || columns(line) <= room {
            return Some(line);
        }
        // A word in a column far to the right comes nearer rather than stick out.
        let is_far = columns(&line[..next_word(line, 0)]) > room;
        let line = if is_far { line.trim_start_matches(' ') } else { line };
        let mut end = next_word(line, 0);
        loop {
            let next = next_word(line, end);
            if next == end || columns(&line[..next]) > room {
                break;
            }
            end = next;
        }
        self.rest = rest(&line[end..]);
        Some(&line[..end])
    }
}

/// Where the first word from `at` on ends.
fn next_word(line: &str, at: usize) -> usize {
    let word = line[at..].trim_start_matches(' ');
    line.len() - word.len() + word.find(' ').unwrap_or(word.len())
}

/// What is left behind a piece.
fn rest(line: &str) -> Option<&str> {
    if line.trim_start_matches(' ').is_empty() { None } else { line.strip_prefix(' ') }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fill(width: usize, text: &str, hang: usize) -> String {
        Paper { width: Some(width), color: false }.fill(text, hang)
    }

    #[test]
    fn a_line_is_broken_at_blanks_and_goes_on_under_a_hanging_indent() {
        let text = "  one two  three four five six seven\n\nend";
        assert_eq!(fill(26, text, 2), "  one two  three four five\n    six seven\n\nend");
        assert_eq!(
            fill(25, text, 2),
            "  one two  three four\n    five six seven\n\nend",
            "blanks within stay"
        );
        assert_eq!(fill(36, text, 2), text, "what fits is not touched");
        assert_eq!(Paper::default().fill(text, 2), text, "nor is anything on endless paper");
        assert_eq!(fill(20, "blanks at the end     ", 0), "blanks at the end");
    }

    #[test]
    fn a_word_that_is_too_wide_stands_alone_and_is_not_cut() {
        assert_eq!(fill(20, "a SOMEWHATLONGERTHANTHELINE b", 2), "a\n  SOMEWHATLONGERTHANTHELINE\n  b");
        assert_eq!(fill(20, "SOMEWHATLONGERTHANTHELINE", 2), "SOMEWHATLONGERTHANTHELINE");
    }

    #[test]
    fn text_far_to_the_right_comes_nearer_where_there_is_hardly_any_room() {
        let paper = Paper { width: Some(40), color: false };
        assert_eq!(paper.indent(20, "twenty columns are enough for many words"), 20);
        assert_eq!(paper.indent(21, "nineteen are not enough for as many words"), MOVED);
        assert_eq!(paper.indent(21, "but for a few"), 21);
        assert_eq!(paper.indent(10, "THIRTY-ONE-COLUMNS-ARE-TOO-MANY here"), MOVED);
        assert_eq!(
            fill(20, "                       name", 0),
            "name",
            "a word comes nearer rather than stick out"
        );
    }

    #[test]
    fn columns_are_counted_as_displayed() {
        assert_eq!(columns("a·b…␍␊é"), 7);
        assert_eq!(columns("\x1b[1;31mBREAKS\x1b[0m it"), 9);
        assert_eq!(columns("\x1b ééééé m"), 9, "an ESC that begins no ink hides nothing");
        assert_eq!(columns("\x1b[31mé\x1b"), 2);
        let paper = Paper { width: Some(11), color: true };
        let (begins, ends) = paper.ink(Ink::Bad);
        let text = format!("{begins}failed{ends} here");
        assert_eq!(paper.fill(&text, 2), text, "an ink takes no room");
    }

    #[test]
    fn no_ink_is_faint_or_bright_and_none_is_close_to_black_or_white() {
        for ink in Ink::ALL {
            let codes = ink.begins().strip_prefix("\x1b[").and_then(|rest| rest.strip_suffix('m'));
            for code in codes.expect("one escape sequence").split(';') {
                let code: u8 = code.parse().expect("a number");
                assert!(code == 1 || (31..=36).contains(&code) && code != 33, "{ink:?}: {code}");
            }
        }
        assert_eq!(Paper::default().ink(Ink::Bad), ("", ""), "paper without colours has no ink");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_written_at_whatever_width_every_word_stays_and_no_line_is_wider_than_it_must_be(
            words in proptest::collection::vec(
                prop_oneof!["[a-z]{1,12}", " {1,4}", ".{0,6}", Just("\x1b[1;31mfailed\x1b[0m".to_owned()), Just("\x1b ééé m".to_owned())],
                0..30,
            ),
            width in 0..60_usize,
            hang in 0..40_usize,
        ) {
            let text = words.join(" ");
            let filled = fill(width, &text, hang);
            let words = |text: &str| text.split([' ', '\n']).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&filled), words(&text), "breaking loses no word");
            for line in filled.lines() {
                let is_alone = words(line).len() < 2;
                prop_assert!(columns(line) <= width || is_alone, "{line:?} is wider than {width} columns");
            }
        }
    }
}
