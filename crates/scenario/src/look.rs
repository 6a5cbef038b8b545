//! The look of all reports: what is wrong with a file, what did not hold in a replay, what the command cannot do.

use std::borrow::Cow;
use std::fmt;

use imp::visible::{visible, visible_lines};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents};
use miette::{SourceCode, SourceSpan, SpanContents};

/// The longest line of a report, in characters: it may quote a word or a line that has no end.
pub(super) const LONGEST_SHOWN: usize = 400;

/// The longest quoted statement, in characters.
const LONGEST_STATEMENT: usize = 200;

/// The most lines of one note.
const MOST_LINES: usize = 60;

/// No report is narrower, in columns.
const NARROWEST: usize = 40;

/// What lines are indented by that a note quotes, so that a table of 80 columns fits where there are so many; and by what
/// a line that is too long goes on.
const QUOTE: &str = "    ";
const QUOTE_GOES_ON: &str = "        ";

/// How reports are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether they have a terminal's colours.
    pub color: bool,
    /// To how many columns they are wrapped; 40 at least.
    pub width: usize,
}

/// Something that did not go well at a line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What, in a sentence.
    pub message: String,
    /// The name of the file.
    pub file: String,
    /// The number of the line, the first being 1.
    pub line: usize,
    /// The line as written, trimmed.
    pub statement: String,
    /// What stands at the mark below it, in a few words.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What else one wants to know.
    pub notes: Vec<Note>,
}

/// Something that one wants to know beside what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about, or all of it.
    pub about: String,
    /// Lines that it quotes: of a teletype, a table, a file.
    pub lines: Vec<String>,
}

impl Note {
    /// A sentence that quotes nothing.
    pub fn new(about: impl Into<String>) -> Self {
        Note { about: about.into(), lines: Vec::new() }
    }

    /// The same, with quoted lines.
    pub fn quotes(self, lines: impl IntoIterator<Item = String>) -> Self {
        Note { lines: lines.into_iter().collect(), ..self }
    }
}

impl Look {
    /// Without colours, in 100 columns: the look where there is no terminal.
    pub const PLAIN: Look = Look { color: false, width: 100 };

    /// A diagnostic: the message, the culprit's line with a mark and its label, the help.
    pub fn diagnostic(self, diagnostic: &dyn miette::Diagnostic) -> String {
        let mut theme =
            if self.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        // Numbers of lines would be faint, which nobody can read on a projector.
        theme.styles.linum = theme.styles.help;
        let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
        let handler = handler.with_width(self.columns()).without_cause_chain();
        let mut text = String::new();
        // Writing to a String cannot fail, and a mark always lies within its text.
        let seen = Seen::new(diagnostic);
        if handler.render_report(&mut text, &seen).is_err() {
            text = format!("  × {seen}\n");
        }
        text.lines().flat_map(|line| [cropped(line, LONGEST_SHOWN), "\n"]).collect()
    }

    /// A report: as a diagnostic, and the notes below it.
    pub fn report(self, report: &Report) -> String {
        let mut text = self.diagnostic(&Marked::new(report));
        report.notes.iter().for_each(|note| text.push_str(&self.note(note)));
        text
    }

    /// A note as it stands below a report.
    pub fn note(self, note: &Note) -> String {
        let (strong, plain) = if self.color { ("\x1b[36m", "\x1b[0m") } else { ("", "") };
        let about = visible(cropped(&note.about, LONGEST_SHOWN));
        let mut text =
            format!("{strong}  note: {plain}{}", self.folded(&about, "        ", "        ").trim_start());
        let blanks = |line: &String| line.len() - line.trim_start_matches(' ').len();
        let common = note.lines.iter().map(blanks).min().unwrap_or_default();
        for line in note.lines.iter().take(MOST_LINES).map(|line| &line[common..]) {
            text.push_str(&self.folded(&visible(cropped(line, LONGEST_SHOWN)), QUOTE, QUOTE_GOES_ON));
        }
        if note.lines.len() > MOST_LINES {
            text.push_str(&format!("{QUOTE}... and {} more lines\n", note.lines.len() - MOST_LINES));
        }
        text
    }

    /// A line in lines that are not wider than allowed, unless a word is.
    fn folded(self, line: &str, first: &str, others: &str) -> String {
        let (mut text, mut column) = (first.to_owned(), first.len());
        let mut begins = true;
        // The spaces between words are part of the line: what is quoted may be a table.
        for word in line.split_inclusive(' ') {
            let wide = word.trim_end().chars().count();
            if !begins && wide > 0 && column + wide > self.columns() {
                text.truncate(text.trim_end().len());
                text.push('\n');
                text.push_str(others);
                column = others.len();
            }
            text.push_str(word);
            column += word.chars().count();
            begins = false;
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    fn columns(self) -> usize {
        self.width.max(NARROWEST)
    }
}

/// The beginning of a line: this many characters.
pub(super) fn cropped(line: &str, longest: usize) -> &str {
    match line.char_indices().nth(longest) {
        Some((at, _)) => &line[..at],
        None => line,
    }
}

/// A diagnostic as a terminal may show it: nothing that it quotes is a control character. Its source sees to that itself,
/// for the marks must fit.
#[derive(Debug)]
struct Seen<'a> {
    diagnostic: &'a dyn miette::Diagnostic,
    related: Vec<Seen<'a>>,
}

impl<'a> Seen<'a> {
    fn new(diagnostic: &'a dyn miette::Diagnostic) -> Self {
        Seen { diagnostic, related: diagnostic.related().into_iter().flatten().map(Seen::new).collect() }
    }
}

impl fmt::Display for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible_lines(&self.diagnostic.to_string()))
    }
}

impl std::error::Error for Seen<'_> {}

impl miette::Diagnostic for Seen<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.diagnostic.help()?.to_string();
        Some(Box::new(visible_lines(&help).into_owned()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.diagnostic.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = |label: LabeledSpan| {
            let text = label.label().map(|text| visible(text).into_owned());
            LabeledSpan::new_with_span(text, *label.inner())
        };
        Some(Box::new(self.diagnostic.labels()?.map(label)))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let related = self.related.iter().map(|seen| seen as &dyn miette::Diagnostic);
        if self.related.is_empty() { None } else { Some(Box::new(related)) }
    }
}

/// A report as miette shows it: all of its statement is marked.
#[derive(Debug)]
struct Marked<'a> {
    report: &'a Report,
    /// What is shown of the statement.
    statement: Cow<'a, str>,
}

impl<'a> Marked<'a> {
    fn new(report: &'a Report) -> Self {
        Marked { report, statement: visible(cropped(&report.statement, LONGEST_STATEMENT)) }
    }
}

impl fmt::Display for Marked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(cropped(&self.report.message, LONGEST_SHOWN))
    }
}

impl std::error::Error for Marked<'_> {}

impl miette::Diagnostic for Marked<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = cropped(self.report.help.as_ref()?, LONGEST_SHOWN);
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = Some(cropped(&self.report.label, LONGEST_SHOWN).to_owned());
        let mark = LabeledSpan::new_with_span(label, 0..self.statement.len());
        Some(Box::new(std::iter::once(mark)))
    }
}

impl SourceCode for Marked<'_> {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (shown, file) = (self.statement.as_bytes(), visible(&self.report.file).into_owned());
        let (place, line) = ((0, shown.len()).into(), self.report.line.saturating_sub(1));
        Ok(Box::new(MietteSpanContents::new_named(file, shown, place, line, 0, 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report {
            message: "SITE1 has no file <SMITH>A.B".to_owned(),
            file: "a.scenario".to_owned(),
            line: 12,
            statement: "expect SITE1 file <SMITH>A.B".to_owned(),
            label: "at 0.500000 s: not there".to_owned(),
            help: Some("did you mean <SMITH>A.C?".to_owned()),
            notes: vec![Note::new("its files").quotes(["<SMITH>A.C  25 bytes".to_owned()])],
        }
    }

    #[test]
    fn a_report_shows_the_line_with_its_mark_then_help_then_notes() {
        let expected = "  × SITE1 has no file <SMITH>A.B
    ╭─[a.scenario:12:1]
 12 │ expect SITE1 file <SMITH>A.B
    · ──────────────┬─────────────
    ·               ╰── at 0.500000 s: not there
    ╰────
  help: did you mean <SMITH>A.C?
  note: its files
    <SMITH>A.C  25 bytes
";
        assert_eq!(Look::PLAIN.report(&report()), expected);
        assert!(Look { color: true, ..Look::PLAIN }.report(&report()).contains('\u{1b}'));
    }

    #[test]
    fn nothing_that_a_report_quotes_reaches_a_terminal_as_a_control_character() {
        let bad = "a\u{1b}[31mb\u{7}\u{0}\u{9b}\rc\td".to_owned();
        let report = Report {
            message: bad.clone(),
            file: bad.clone(),
            statement: bad.clone(),
            label: bad.clone(),
            help: Some(bad.clone()),
            notes: vec![Note::new(bad.clone()).quotes([bad.clone()])],
            ..report()
        };
        let shown = Look::PLAIN.report(&report);
        assert!(!shown.chars().any(|shown| shown.is_control() && shown != '\n'), "{shown:?}");
        assert_eq!(shown.matches("a·[31mb····c·d").count(), 7, "each is seen: {shown}");
        let mark = shown.lines().find(|line| line.contains('┬')).expect("the statement is marked");
        assert_eq!(
            mark.chars().filter(|sign| "─┬".contains(*sign)).count(),
            14,
            "and the mark fits: {shown}"
        );
    }

    #[test]
    fn a_report_is_bounded_whatever_it_quotes() {
        let endless = "x".repeat(100_000);
        let words = "word ".repeat(20_000);
        for text in [endless, words] {
            let notes = vec![Note::new(text.clone()).quotes(vec![text.clone(); 1000])];
            let (statement, label) = (text.clone(), text.clone());
            let help = Some(text.clone());
            let report = Report { message: text, statement, label, help, notes, ..report() };
            let shown = Look::PLAIN.report(&report);
            assert!(shown.len() < 40_000, "{}", shown.len());
            assert!(shown.contains("and 940 more lines"), "it says that something is left out");
        }
    }

    #[test]
    fn quoted_lines_are_folded_between_words_and_keep_their_spaces() {
        let note = Note::new("its table").quotes(["  LOCAL   FOREIGN HOST".to_owned(), "   word".repeat(12)]);
        let shown = Look { color: false, width: 40 }.note(&note);
        assert!(
            shown.contains("\n    LOCAL   FOREIGN HOST\n     word   word"),
            "what all have in front goes: {shown}"
        );
        assert!(shown.lines().all(|line| line.chars().count() <= 40), "{shown}");
    }
}
