//! A file as error messages show it: always the one line that holds the culprit.

use std::fmt;
use std::ops::Range;

use imp::visible::visible;
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// How much of a line is shown at most, in bytes, and how much of that before the culprit: a line may have no end.
const LONGEST_LINE: usize = 400;
const BEFORE: usize = 100;

/// A file's name and text, and where its lines begin.
pub(super) struct File {
    name: String,
    /// The text as it is shown: with a sign for each control character, and with the end of a line at its end, so that
    /// behind its last word there is something to mark.
    text: String,
    starts: Vec<usize>,
    /// Where in the text as written characters stand that are a byte longer as shown.
    longer: Vec<usize>,
}

impl File {
    pub(super) fn new(name: &str, text: &str) -> Self {
        let (mut text, longer) = shown(text);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let ends = text.match_indices('\n').map(|(end, _)| end + 1).filter(|&end| end < text.len());
        let starts = std::iter::once(0).chain(ends).collect();
        File { name: visible(name).into_owned(), text, starts, longer }
    }

    /// Where a place of the text as written is in what is shown.
    fn place(&self, at: usize) -> usize {
        at + self.longer.partition_point(|&longer| longer < at)
    }

    /// The number of the line that has this place of the text as written in it, the first being 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.line_shown(self.place(at))
    }

    /// The number of the line that has this place of what is shown in it.
    fn line_shown(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start <= at)
    }

    /// What is shown of a place of the text as written: all of it, unless it goes on beyond the end of what is shown of its
    /// line.
    pub(super) fn shown(&self, at: Range<usize>) -> Range<usize> {
        let at = self.place(at.start)..self.place(at.end);
        let end = self.window(at.start).end;
        at.start..at.end.min(end).max(at.start)
    }

    /// What is shown of the line that has this place in it: all of it, unless it is very long. Without its end.
    fn window(&self, at: usize) -> Range<usize> {
        let line = self.line_shown(at) - 1;
        let start = self.starts[line];
        let next = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let whole = self.text.get(start..next).unwrap_or_default().trim_end_matches(['\r', '\n']);
        let end = start + whole.len();
        let from = if at - start > LONGEST_LINE - BEFORE { self.boundary(at - BEFORE) } else { start };
        from..self.boundary((from + LONGEST_LINE).min(end)).max(at.min(end))
    }

    /// This place, or the next one before it at which a character begins.
    fn boundary(&self, at: usize) -> usize {
        (0..=at).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0)
    }
}

/// A text as it is shown, and where characters stand that are a byte longer there. Ends of lines and tabs stay: these are
/// laid out as blanks.
fn shown(text: &str) -> (String, Vec<usize>) {
    let (mut shown, mut longer) = (String::with_capacity(text.len() + 1), Vec::new());
    let is_hidden = |character: char| character.is_control() && character != '\t';
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let whole = line.strip_suffix("\r\n").or(line.strip_suffix('\n')).unwrap_or(line);
        let mut plain = 0;
        for (at, hidden) in whole.match_indices(is_hidden) {
            shown.push_str(&whole[plain..at]);
            shown.push_str(&visible(hidden));
            plain = at + hidden.len();
            if hidden.len() == 1 {
                longer.push(start + at);
            }
        }
        shown.push_str(&line[plain..]);
        start += line.len();
    }
    (shown, longer)
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("name", &self.name).finish_non_exhaustive()
    }
}

impl SourceCode for File {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let number = self.line_shown(span.offset()) - 1;
        let window = self.window(span.offset());
        // Without lines around it miette asks for the place of the culprit, else for what to show.
        let (at, column) = if lines_before == 0 && lines_after == 0 {
            let before = self.text.get(self.starts[number]..span.offset());
            (span.offset(), before.ok_or(MietteError::OutOfBounds)?.chars().count())
        } else {
            (window.start, 0)
        };
        // With the end of the line, behind whose last word something may be missing.
        let end = if self.text[window.end..].starts_with("\r\n") { window.end + 2 } else { window.end + 1 };
        let end = (0..=end.max(at)).rev().find(|&end| self.text.is_char_boundary(end)).unwrap_or(at);
        let shown = &self.text.as_bytes()[at..end.max(at)];
        let place = (at, shown.len()).into();
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), shown, place, number, column, 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_lines_and_characters() {
        let file = File::new("a", "one\n\u{e9}\u{e9} two\r\nthree");
        let place = file.read_span(&(9..12).into(), 0, 0).expect("within the text");
        assert_eq!((place.line(), place.column()), (1, 3), "counted from 0");
        assert_eq!([0, 3, 4, 15, 20].map(|at| file.line(at)), [1, 1, 2, 3, 3]);
    }

    #[test]
    fn what_is_shown_is_the_whole_line_and_no_other() {
        let file = File::new("a", "one\ntwo three\r\nfour");
        let shown = |at: Range<usize>| {
            let shown = file.read_span(&at.into(), 1, 1).expect("within the text");
            String::from_utf8_lossy(shown.data()).into_owned()
        };
        assert_eq!(shown(8..13), "two three\r\n");
        assert_eq!(shown(13..13), "two three\r\n", "the end of the line");
        assert_eq!(shown(15..19), "four\n");
        assert_eq!(shown(19..19), "four\n", "the end of the file");
    }

    #[test]
    fn control_characters_are_shown_as_signs_and_places_remain_where_they_were() {
        let text = "a\u{1b}[2Jb\tc\r\r\nfoo\u{0}\u{9b} bar\r\nbaz\r";
        let file = File::new("a\u{7}", text);
        let shown = |word: &str| {
            let at = text.find(word).expect("it is there");
            let mark = file.shown(at..at + word.len());
            let shown = file.read_span(&mark.clone().into(), 1, 1).expect("within the text");
            assert_eq!(&file.text[mark], word, "the mark is at the word");
            assert_eq!((shown.name(), file.line(at)), (Some("a·"), shown.line() + 1));
            String::from_utf8_lossy(shown.data()).into_owned()
        };
        assert_eq!(shown("b\tc"), "a·[2Jb\tc·\r\n");
        assert_eq!((shown("foo"), shown("bar")), ("foo·· bar\r\n".to_owned(), "foo·· bar\r\n".to_owned()));
        assert_eq!(shown("baz"), "baz·\n");
    }

    #[test]
    fn of_a_line_without_end_the_culprit_is_shown_and_what_stands_around_it() {
        let file = File::new("a", &"\u{e9}".repeat(1_000_000));
        for at in [0..2, 1_000..1_004, 1_001_000..1_900_000, 2_000_000..2_000_000] {
            let mark = file.shown(at.clone());
            let shown = file.read_span(&mark.clone().into(), 1, 1).expect("within the text");
            assert!(shown.data().len() <= LONGEST_LINE + 4, "{at:?}: {}", shown.data().len());
            let (start, end) = (shown.span().offset(), shown.span().offset() + shown.data().len());
            assert!(start <= mark.start && mark.end <= end && mark.start == at.start, "{at:?}");
            assert!(std::str::from_utf8(shown.data()).is_ok(), "{at:?}: whole characters");
        }
    }
}
