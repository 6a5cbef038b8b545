//! A file as error messages show it: always the one line that holds the culprit.

use std::fmt;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// A file's name and text, and where its lines begin.
pub(super) struct File {
    name: String,
    text: String,
    starts: Vec<usize>,
}

impl File {
    pub(super) fn new(name: &str, text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(end, _)| end + 1);
        let starts = std::iter::once(0).chain(ends).collect();
        File { name: name.to_owned(), text: text.to_owned(), starts }
    }
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
        let line = self.starts.partition_point(|&start| start <= span.offset()) - 1;
        let start = self.starts[line];
        let next = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let whole = self.text.get(start..next).unwrap_or_default().trim_end_matches(['\r', '\n']);
        // Without lines around it miette asks for the place of the culprit, else for what to show.
        let (at, column) = if lines_before == 0 && lines_after == 0 {
            let before = self.text.get(start..span.offset()).ok_or(MietteError::OutOfBounds)?;
            (span.offset(), before.chars().count())
        } else {
            (start, 0)
        };
        let end = (start + whole.len()).max(at);
        let shown = &self.text.as_bytes()[at..end];
        let place = (at, shown.len()).into();
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), shown, place, line, column, 1)))
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
    }

    #[test]
    fn what_is_shown_is_the_whole_line_and_no_other() {
        let file = File::new("a", "one\ntwo three\r\nfour");
        let shown = |at: std::ops::Range<usize>| {
            let shown = file.read_span(&at.into(), 1, 1).expect("within the text");
            String::from_utf8_lossy(shown.data()).into_owned()
        };
        assert_eq!(shown(8..13), "two three");
        assert_eq!(shown(13..13), "two three", "the end of the line");
        assert_eq!(shown(15..19), "four");
        assert_eq!(shown(19..19), "four", "the end of the file");
    }
}
