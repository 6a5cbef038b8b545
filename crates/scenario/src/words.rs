//! Lines, statements and words: what the scenario language and the net files have in common.
//!
//! One statement on a line; lines that begin with white space belong to the statement above. A `#` at the
//! start of a word begins a comment, but not in the lines of a file. Within text it must stand alone, so that nobody
//! takes the one for the other.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::characters::{
    is_control, is_plain, is_quotation_mark, plain_character, unseen, until_white, white,
};
use super::errors::{Diagnostic, Diagnostics};
use imp::nearest::nearest;

/// The longest stretch of free text in bytes. Longer ones are slips of the editor.
const LONGEST_TEXT: usize = 4096;

/// The longest line in bytes: whatever one statement lists, it is shorter.
const LONGEST_LINE: usize = 65_536;

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
    /// What follows in its line.
    pub(super) behind: &'a str,
    start: usize,
}

impl<'a> Word<'a> {
    /// A word that stands in no file.
    pub(super) fn alone(text: &'a str) -> Self {
        Word { text, behind: "", start: 0 }
    }

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

    /// Refuses a text between quotation marks.
    fn unquoted(self) -> Result<(), Diagnostic> {
        let text = self.text;
        if text.len() > 1 && text.starts_with(is_quotation_mark) && text.ends_with(is_quotation_mark) {
            return Err(Diagnostic::new(
                self.at(),
                "quotation marks around a text",
                "they would be part of it",
            )
            .help("leave them out: a text runs to the end of its line"));
        }
        Ok(())
    }

    /// What follows the plus sign, if the word begins with one.
    pub(super) fn after_plus(self) -> Option<Word<'a>> {
        let text = self.text.strip_prefix('+')?;
        Some(Word { text, start: self.start + 1, ..self })
    }

    /// Refuses two names with an arrow between them and no blanks.
    pub(super) fn without_arrow(self) -> Result<(), Diagnostic> {
        let Some(arrow) = self.text.find("->") else { return Ok(()) };
        let (before, behind) = (&self.text[..arrow], &self.text[arrow + 2..]);
        let apart = [before, "->", behind].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        match apart.len() {
            1 => Ok(()),
            _ => Err(Diagnostic::new(self.at(), "no blanks around `->`", "more than one thing")
                .help(format!("write `{}`", apart.join(" ")))),
        }
    }

    /// Whether it begins with these letters, in capitals or not.
    pub(super) fn begins_with(self, letters: &str) -> bool {
        self.text.get(..letters.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(letters))
    }

    /// What precedes the ending, if the word has it.
    pub(super) fn before(self, ending: &str) -> Option<Word<'a>> {
        let text = self.text.strip_suffix(ending)?;
        Some(Word { text, ..self })
    }

    /// The words of which it consists, if it is a text.
    pub(super) fn words(self) -> Words<'a> {
        Words { end: self.start + self.text.len(), rest: self.text }
    }

    /// A stretch of the word.
    pub(super) fn part(self, at: Range<usize>) -> Word<'a> {
        Word { text: &self.text[at.clone()], start: self.start + at.start, ..self }
    }

    /// The complaint that this is none of the words that may stand here.
    pub(super) fn is_none_of(&self, what: &str, known: &[&str]) -> Diagnostic {
        let diagnostic =
            Diagnostic::new(self.at(), format!("unknown {what} `{}`", self.text), format!("no such {what}"));
        let guess = self.slip(|text| known.iter().any(|known| known.eq_ignore_ascii_case(text)));
        diagnostic.help(match guess.or_else(|| self.near(known.iter().copied())) {
            Some(guess) => guess,
            None => format!("known here: {}", listed(known)),
        })
    }

    /// Suggests the nearest of the words that may stand here.
    pub(super) fn near<'k>(&self, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
        nearest(self.text, known).map(|meant| format!("did you mean `{meant}`?"))
    }

    /// What is wrong with the word if it is one of those known but for a sign that does not belong to it, or one that
    /// nobody sees.
    pub(super) fn slip(&self, is_known: impl Fn(&str) -> bool) -> Option<String> {
        if let Some(unseen) = unseen(self.text) {
            return Some(unseen);
        }
        let bare = self.text.trim_matches([',', ':', ';', '.', '"', '\'', '`', '(', ')']);
        (bare != self.text && is_known(bare)).then(|| format!("write `{bare}` without other signs"))
    }

    /// The complaint that this word stands where the grammar asks for a keyword.
    pub(super) fn instead_of(&self, keyword: &str) -> Diagnostic {
        let message = format!("expected `{keyword}`, found `{}`", self.text);
        let diagnostic = Diagnostic::new(self.at(), message, format!("`{keyword}` belongs here"));
        match self.slip(|text| text.eq_ignore_ascii_case(keyword)) {
            Some(slip) => diagnostic.help(slip),
            None => diagnostic.misformed(),
        }
    }

    /// Whether it is a number, or begins like one.
    pub(super) fn begins_with_digit(&self) -> bool {
        self.text.starts_with(|first: char| first.is_ascii_digit())
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

    /// What stands before its comment, and the comment, if it has one. A line of a file has none.
    pub(super) fn comment(self) -> Option<(&'a str, &'a str)> {
        match self.content_line() {
            Some(_) => None,
            None => comment(self.text).map(|(at, _)| self.text.split_at(at)),
        }
    }

    /// The complaint that a control character stands in the line, outside of its comment. Those of a file may have some.
    fn control(self) -> Option<Diagnostic> {
        if is_plain(self.text) {
            return None;
        }
        let said = self.comment().map_or(self.text, |(before, _)| before);
        let (at, character) = said.char_indices().find(|(_, character)| is_control(*character))?;
        self.content_line().is_none().then(|| misplaced(self.start + at, character))
    }

    /// What is said in the line, without its comment and the white space around it.
    pub(super) fn said(self) -> Word<'a> {
        let text = self.comment().map_or(self.text, |(before, _)| before).trim_end();
        let said = text.trim_start();
        Word { text: said, behind: "", start: self.start + text.len() - said.len() }
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

/// The lines of a file, without their ends.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    let without_feed = (!text.is_empty() && !text.ends_with('\n')).then_some(text.len());
    memchr_iter(b'\n', text.as_bytes()).chain(without_feed).zip(1..).map(move |(end, number)| {
        let line = &text[start..end];
        let line = Line { number, text: line.strip_suffix('\r').unwrap_or(line), start };
        start = end + 1;
        line
    })
}

/// Splits a file into its statements.
pub(super) fn statements<'a>(text: &'a str, diagnostics: &mut Diagnostics<'_>) -> Vec<Statement<'a>> {
    let mut statements: Vec<Statement<'a>> = Vec::new();
    for line in lines(text) {
        if line.text.len() > LONGEST_LINE {
            let diagnostic = Diagnostic::new(line.at(), "this line is too long", "ends nowhere");
            diagnostics.add(diagnostic.help(format!("{LONGEST_LINE} bytes at most")));
            continue;
        }
        let trimmed = line.text.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if let Some(control) = line.control() {
            diagnostics.add(control);
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
        let rest = &self.rest[white(self.rest)..];
        let (text, behind) = rest.split_at(until_white(rest));
        let start = self.end - rest.len();
        (!text.is_empty() && !text.starts_with('#')).then_some(Word { text, behind, start })
    }

    fn here(&self) -> usize {
        self.end - self.rest.len()
    }

    /// The next word, which the grammar asks for.
    pub(super) fn word(&mut self, what: &str) -> Result<Word<'a>, Diagnostic> {
        self.next().ok_or_else(|| self.wanting(what))
    }

    /// The next word, or all that stands between two quotation marks: there are systems whose paths have blanks in them.
    pub(super) fn quotable(&mut self, what: &str) -> Result<Word<'a>, Diagnostic> {
        let rest = &self.rest[white(self.rest)..];
        let quoted = rest.strip_prefix('"').and_then(|inside| inside.split_once('"'));
        let Some((text, behind)) = quoted.filter(|(text, _)| text.contains(' ')) else {
            return self.word(what);
        };
        self.rest = behind;
        Ok(Word { text, behind, start: self.end - rest.len() + 1 })
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
            Some(word) => Err(word.instead_of(keyword)),
            None => Err(self.wanting(&format!("`{keyword}`"))),
        }
    }

    /// The complaint that the line ends where the grammar asks for more.
    pub(super) fn wanting(&self, what: &str) -> Diagnostic {
        wanting_at(self.here(), what)
    }

    /// The text up to a comment or the end of the line, without the blanks around it. May be empty.
    pub(super) fn text(&mut self) -> Result<&'a str, Diagnostic> {
        self.whole_text().map(|word| word.text)
    }

    /// Text that must say something.
    pub(super) fn some_text(&mut self, what: &str) -> Result<&'a str, Diagnostic> {
        let begin = self.here();
        match self.text()? {
            "" => Err(wanting_at(begin, what)),
            text => Ok(text),
        }
    }

    /// Text that a machine of the period reads or prints: ASCII. May be empty.
    pub(super) fn typed(&mut self) -> Result<Word<'a>, Diagnostic> {
        let word = self.whole_text()?;
        word.unquoted()?;
        word.ascii()?;
        Ok(word)
    }

    /// Text that a machine of the period reads or prints and that must say something.
    pub(super) fn some_typed(&mut self, what: &str) -> Result<Word<'a>, Diagnostic> {
        let begin = self.here();
        match self.typed()? {
            Word { text: "", .. } => Err(wanting_at(begin, what)),
            text => Ok(text),
        }
    }

    /// What a transcript says of a message: its signs for what cannot be printed may stand in it, and what the message means,
    /// behind two blanks, is left out. May be empty.
    pub(super) fn message(&mut self) -> Result<Word<'a>, Diagnostic> {
        let word = self.whole_text()?;
        word.unquoted()?;
        let text = word.text;
        let mut quoted = false;
        let gloss = text.char_indices().find(|(at, character)| {
            quoted ^= *character == '"';
            !quoted && text[*at..].starts_with("  ")
        });
        Ok(gloss.map_or(word, |(at, _)| word.part(0..at)))
    }

    /// The text up to a comment or the end of the line, as if it were one word.
    fn whole_text(&mut self) -> Result<Word<'a>, Diagnostic> {
        let rest = self.rest.trim_start();
        let start = self.end - rest.len();
        self.rest = "";
        let text = match comment(rest) {
            None => rest.trim_end(),
            Some((at, Hash::Alone)) => rest[..at].trim_end(),
            Some((at, Hash::InAWord)) => {
                let word = rest[at..].split_whitespace().next().unwrap_or_default();
                let message = format!("`{word}` may be text or a comment");
                let place = start + at..start + at + word.len();
                return Err(Diagnostic::new(place, message, "which is it?").help(
                    "put a blank behind the `#` that begins a comment; in what is typed, seen or sent, `{35}` is a `#`",
                ));
            }
        };
        if text.len() > LONGEST_TEXT {
            return Err(Diagnostic::new(start..start + text.len(), "this text is too long", "ends nowhere")
                .help(format!("{LONGEST_TEXT} bytes at most")));
        }
        match text.find('\t') {
            Some(at) => Err(misplaced(start + at, '\t')),
            None => Ok(Word { text, behind: "", start }),
        }
    }

    /// The line must be over.
    pub(super) fn end(&mut self) -> Result<(), Diagnostic> {
        match self.next() {
            None => Ok(()),
            Some(word) => {
                let label = "nothing more belongs to this line";
                Err(Diagnostic::new(word.at(), format!("unexpected `{}`", word.text), label).misformed())
            }
        }
    }
}

/// The complaint that the line ends here, where the grammar asks for more.
fn wanting_at(end: usize, what: &str) -> Diagnostic {
    Diagnostic::new(end..end, format!("expected {what}, but the line ends"), format!("{what} belongs here"))
        .misformed()
}

/// How a `#` stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    /// Alone, or among others: it begins a comment.
    Alone,
    /// It begins a word, and might be meant to be part of the text.
    InAWord,
}

/// Where in a text the first word begins that begins with `#`. One between two quotation marks is text: a message may hold it.
fn comment(text: &str) -> Option<(usize, Hash)> {
    memchr(b'#', text.as_bytes())?;
    let mut before = ' ';
    let mut marks = 0;
    for (at, character) in text.char_indices() {
        let quoted = || marks % 2 == 1 && text[at..].contains('"');
        if character == '#' && before.is_whitespace() && !quoted() {
            let behind = text[at..].trim_start_matches('#').chars().next();
            let alone = behind.is_none_or(char::is_whitespace);
            return Some((at, if alone { Hash::Alone } else { Hash::InAWord }));
        }
        marks += usize::from(character == '"');
        before = character;
    }
    None
}

/// The complaint that a control character stands at this place of the file.
fn misplaced(at: usize, character: char) -> Diagnostic {
    let code = u32::from(character);
    let message = format!("the character U+{code:04X} cannot stand here");
    Diagnostic::new(at..at + character.len_utf8(), message, "a control character").help(format!(
        "leave it out; in what is typed, sent or heard it is written by its code: `{{{code}}}`"
    ))
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
            let at = start + index..start + index + character.len_utf8();
            let (name, plain) = plain_character(character);
            let diagnostic =
                Diagnostic::new(at, format!("{name} is not ASCII"), "no machine of the period knows it");
            Err(diagnostic.maybe_help(plain))
        }
    }
}
