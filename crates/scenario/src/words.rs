//! Lines, statements and words: what the scenario language and the net files have in common.
//!
//! One statement on a line; lines that begin with white space belong to the statement above. A `#` at the
//! start of a word begins a comment, except within text that runs to the end of its line.

use std::ops::Range;

use winnow::Parser;
use winnow::combinator::preceded;
use winnow::token::{take_till, take_while};

use super::errors::{Diagnostic, Diagnostics};
use imp::nearest::nearest;

/// The longest stretch of free text in bytes. Longer ones are slips of the editor.
pub(super) const LONGEST_TEXT: usize = 4096;

/// One line of a file, without its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) number: usize,
    pub(super) text: &'a str,
    start: usize,
}

/// A line that begins at the margin, and the indented lines below it.
#[derive(Debug)]
pub(super) struct Statement<'a> {
    pub(super) line: Line<'a>,
    pub(super) below: Vec<Line<'a>>,
}

/// A word and where it begins in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    start: usize,
}

impl<'a> Word<'a> {
    pub(super) fn at(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Keywords may be written in either case.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.text.eq_ignore_ascii_case(keyword)
    }

    /// The word, which a machine of the period must be able to read.
    pub(super) fn ascii(&self) -> Result<&'a str, Diagnostic> {
        ascii(self.text, self.start)
    }

    /// What follows the plus sign, if the word begins with one.
    pub(super) fn after_plus(self) -> Option<Word<'a>> {
        let text = self.text.strip_prefix('+')?;
        Some(Word { text, start: self.start + 1 })
    }

    /// What precedes the ending, if the word has it.
    pub(super) fn before(self, ending: &str) -> Option<Word<'a>> {
        let text = self.text.strip_suffix(ending)?;
        Some(Word { text, start: self.start })
    }

    /// A stretch of the word.
    pub(super) fn part(self, at: Range<usize>) -> Word<'a> {
        Word { text: &self.text[at.clone()], start: self.start + at.start }
    }

    /// The complaint that this is none of the words that may stand here.
    pub(super) fn is_none_of(&self, what: &str, known: &[&str]) -> Diagnostic {
        let diagnostic =
            Diagnostic::new(self.at(), format!("unknown {what} `{}`", self.text), format!("no such {what}"));
        match nearest(self.text, known.iter().copied()) {
            Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
            None => diagnostic.help(format!("known here: {}", listed(known))),
        }
    }
}

/// The words quoted, with commas between.
fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The words quoted, with commas between, and before the last of several `and` or `or`.
pub(super) fn joined(words: &[&str], before_the_last: &str) -> String {
    match words.split_last() {
        Some((last, others @ [_, ..])) => format!("{} {before_the_last} `{last}`", listed(others)),
        Some(_) | None => listed(words),
    }
}

impl<'a> Line<'a> {
    /// The line's place in the file, without the white space around it.
    pub(super) fn at(&self) -> Range<usize> {
        let start = self.start + self.text.len() - self.text.trim_start().len();
        start..start + self.text.trim().len()
    }

    pub(super) fn words(self) -> Words<'a> {
        Words { end: self.start + self.text.len(), rest: self.text }
    }

    /// The text behind the bar, if the line is one of a file's.
    pub(super) fn content_line(self) -> Option<&'a str> {
        let text = self.text.trim_start().strip_prefix('|')?;
        Some(text.strip_prefix(' ').unwrap_or(text))
    }

    /// The text behind the bar of a file's line. The machines of the period know ASCII only.
    pub(super) fn content(self) -> Result<&'a str, Diagnostic> {
        match self.content_line() {
            Some(text) => ascii(text, self.start + self.text.len() - text.len()),
            None => Err(Diagnostic::new(self.at(), "this line does not belong here", "not a line of a file")
                .help("the lines of a file begin with `|`; any other statement begins at the margin")),
        }
    }
}

/// Splits a file into its statements.
pub(super) fn statements<'a>(text: &'a str, diagnostics: &mut Diagnostics) -> Vec<Statement<'a>> {
    let mut statements: Vec<Statement<'a>> = Vec::new();
    let mut start = 0;
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let line = Line { number: index + 1, text: line, start };
        start += whole.len();
        let trimmed = line.text.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let indented = trimmed.len() < line.text.len();
        match statements.last_mut() {
            Some(statement) if indented => statement.below.push(line),
            None if indented || trimmed.starts_with('|') => diagnostics.add(
                Diagnostic::new(line.at(), "this line belongs to no statement", "nothing stands above it")
                    .help("statements begin at the margin, what belongs to them is indented below"),
            ),
            Some(statement) if trimmed.starts_with('|') => {
                diagnostics.add(
                    Diagnostic::new(
                        line.at(),
                        "this line of a file is not indented",
                        "belongs to the line above",
                    )
                    .help("put white space in front of the `|`"),
                );
                statement.below.push(line);
            }
            Some(_) | None => statements.push(Statement { line, below: Vec::new() }),
        }
    }
    statements
}

/// The words of a line, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Words<'a> {
    rest: &'a str,
    /// Where the line ends in the file.
    end: usize,
}

impl<'a> Words<'a> {
    /// The next word, unless the line or all but its comment is over.
    pub(super) fn next(&mut self) -> Option<Word<'a>> {
        let word = self.peek()?;
        self.rest = &self.rest[word.start + word.text.len() - self.here()..];
        Some(word)
    }

    /// The next word, which remains the next word.
    pub(super) fn peek(&self) -> Option<Word<'a>> {
        let mut rest = self.rest;
        let text = word_after_white(&mut rest).ok()?;
        let start = self.end - rest.len() - text.len();
        (!text.starts_with('#')).then_some(Word { text, start })
    }

    fn here(&self) -> usize {
        self.end - self.rest.len()
    }

    /// The next word, which the grammar asks for.
    pub(super) fn word(&mut self, what: &str) -> Result<Word<'a>, Diagnostic> {
        self.next().ok_or_else(|| self.wanting(what))
    }

    /// The next word, which a machine of the period must be able to read: ASCII.
    pub(super) fn plain(&mut self, what: &str) -> Result<&'a str, Diagnostic> {
        self.word(what)?.ascii()
    }

    /// Takes this keyword if it is next.
    pub(super) fn take(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_some_and(|word| word.is(keyword));
        if found {
            self.next();
        }
        found
    }

    /// Takes this keyword, which the grammar asks for.
    pub(super) fn keyword(&mut self, keyword: &str) -> Result<(), Diagnostic> {
        match self.next() {
            Some(word) if word.is(keyword) => Ok(()),
            Some(word) => Err(Diagnostic::new(
                word.at(),
                format!("expected `{keyword}`, found `{}`", word.text),
                format!("`{keyword}` belongs here"),
            )),
            None => Err(self.wanting(&format!("`{keyword}`"))),
        }
    }

    /// The complaint that the line ends where the grammar asks for more.
    pub(super) fn wanting(&self, what: &str) -> Diagnostic {
        let end = self.here();
        Diagnostic::new(
            end..end,
            format!("expected {what}, but the line ends"),
            format!("{what} belongs here"),
        )
    }

    /// The text up to the end of the line, a `#` in it included. May be empty.
    pub(super) fn text(&mut self) -> Result<&'a str, Diagnostic> {
        let text = self.rest.trim();
        let start = self.end - self.rest.trim_start().len();
        self.rest = "";
        if text.len() > LONGEST_TEXT {
            return Err(Diagnostic::new(start..start + text.len(), "this text is too long", "ends nowhere")
                .help(format!("{LONGEST_TEXT} bytes at most")));
        }
        Ok(text)
    }

    /// Text up to the end of the line that must say something.
    pub(super) fn some_text(&mut self, what: &str) -> Result<&'a str, Diagnostic> {
        let missing = self.wanting(what);
        match self.text()? {
            "" => Err(missing),
            text => Ok(text),
        }
    }

    /// Text that a machine of the period reads or prints: ASCII. May be empty.
    pub(super) fn typed(&mut self) -> Result<Word<'a>, Diagnostic> {
        let start = self.end - self.rest.trim_start().len();
        Ok(Word { text: ascii(self.text()?, start)?, start })
    }

    /// Text that a machine of the period reads or prints and that must say something.
    pub(super) fn some_typed(&mut self, what: &str) -> Result<Word<'a>, Diagnostic> {
        let missing = self.wanting(what);
        match self.typed()? {
            Word { text: "", .. } => Err(missing),
            text => Ok(text),
        }
    }

    /// Text up to the comment or the end of the line. May be empty.
    pub(super) fn pattern(&mut self) -> Result<&'a str, Diagnostic> {
        let (start, text) = self.up_to_a_comment();
        ascii(text, start)
    }

    /// What a transcript says of a message, up to a comment: its signs for what cannot be printed may stand in
    /// it, and what it means, behind two blanks, is left out.
    pub(super) fn message(&mut self) -> Word<'a> {
        let (start, text) = self.up_to_a_comment();
        let mut quoted = false;
        let gloss = text.char_indices().find(|(at, character)| {
            quoted ^= *character == '"';
            !quoted && text[*at..].starts_with("  ")
        });
        Word { text: gloss.map_or(text, |(at, _)| &text[..at]), start }
    }

    /// What is left of the line but for a comment and the blanks around it, and where in the file it begins.
    fn up_to_a_comment(&mut self) -> (usize, &'a str) {
        let start = self.end - self.rest.trim_start().len();
        let whole = self.rest.trim_start();
        let mut last = start;
        while let Some(word) = self.next() {
            last = word.at().end;
        }
        (start, &whole[..last - start])
    }

    /// The line must be over.
    pub(super) fn end(&mut self) -> Result<(), Diagnostic> {
        match self.next() {
            None => Ok(()),
            Some(word) => {
                let label = "nothing more belongs to this line";
                Err(Diagnostic::new(word.at(), format!("unexpected `{}`", word.text), label))
            }
        }
    }
}

fn word_after_white<'a>(input: &mut &'a str) -> winnow::Result<&'a str> {
    preceded(take_while(0.., char::is_whitespace), take_till(1.., char::is_whitespace)).parse_next(input)
}

/// The text, which begins at `start` in the file, if all of it is ASCII.
fn ascii(text: &str, start: usize) -> Result<&str, Diagnostic> {
    match text.char_indices().find(|(_, character)| !character.is_ascii()) {
        None if text.len() > LONGEST_TEXT => {
            Err(Diagnostic::new(start..start + text.len(), "this text is too long", "ends nowhere")
                .help(format!("{LONGEST_TEXT} bytes at most")))
        }
        None => Ok(text),
        Some((index, character)) => {
            let at = start + index;
            Err(Diagnostic::new(
                at..at + character.len_utf8(),
                format!("`{character}` is not ASCII"),
                "no machine of the period knows it",
            ))
        }
    }
}
