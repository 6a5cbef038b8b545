//! What is wrong with a file, told as rustc tells it: the place, the line with the culprit marked, a
//! suggestion.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use imp::visible::visible;

use super::file::File;
use super::look::{LONGEST_SHOWN, Look, cropped};

/// The most mistakes of a file that are shown. The others are counted.
const MOST_SHOWN: usize = 50;

/// In how many more lines a mistake is said to stand, one by one.
const MOST_LINES: usize = 5;

/// Everything that is wrong with a file, in the order of its lines.
#[derive(thiserror::Error, miette::Diagnostic)]
#[error("{}", counted(self.count()))]
pub struct Errors {
    #[related]
    mistakes: Vec<Mistake>,
    /// How many mistakes there are beside these.
    others: usize,
}

/// One thing that is wrong, perhaps in several places.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", .diagnostic.message)]
pub struct Mistake {
    file: Arc<File>,
    diagnostic: Diagnostic,
    again: Again,
}

/// The other places of a mistake.
#[derive(Debug, Clone, Default)]
struct Again {
    /// The first of them, in bytes from the start of the file.
    places: Vec<usize>,
    /// How many places there are beside those.
    others: usize,
}

/// What a parser has to say against a stretch of its text, given in bytes from the start of the file.
#[derive(Debug, Clone)]
pub(super) struct Diagnostic {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: Help,
}

/// What is suggested.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Help {
    /// Nothing: what to do is plain.
    Nothing,
    /// How the statement is written, as soon as it is known which one it is.
    Form,
    /// This.
    Said(String),
}

impl Diagnostic {
    /// A diagnostic without a suggestion.
    pub(super) fn new(at: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Self {
        Diagnostic { at, message: shown(&message.into()), label: shown(&label.into()), help: Help::Nothing }
    }

    /// All of it in a sentence, where nothing can be underlined.
    pub(super) fn alone(self) -> String {
        match self.help {
            Help::Said(help) => format!("{}; {help}", self.message),
            Help::Nothing | Help::Form => format!("{}: {}", self.message, self.label),
        }
    }

    /// The diagnostic with a suggestion.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Diagnostic { help: Help::Said(shown(&help.into())), ..self }
    }

    /// The diagnostic with a suggestion, if there is one.
    pub(super) fn maybe_help(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// The diagnostic of a line that is not written as it should be: how it is written is suggested.
    pub(super) fn misformed(self) -> Self {
        Diagnostic { help: Help::Form, ..self }
    }

    /// Suggests how the statement is written, if that is what helps.
    pub(super) fn form(self, forms: &[&str]) -> Self {
        match (&self.help, forms) {
            (Help::Form, [_, ..]) => {
                let written: Vec<String> = forms.iter().map(|form| format!("`{form}`")).collect();
                self.help(format!("it is written {}", written.join(", or ")))
            }
            (Help::Form | Help::Nothing | Help::Said(_), _) => self,
        }
    }
}

/// Collects the diagnostics of one file, and what went wrong in the files that it names.
#[derive(Debug)]
pub(super) struct Diagnostics<'a> {
    /// What the file is called, and what it says. Only if something is wrong is it made ready to be shown.
    name: &'a str,
    text: &'a str,
    found: Vec<(Diagnostic, Again)>,
    /// Which of those says this, how it is labelled, and what it suggests.
    known: BTreeMap<(String, String, Help), usize>,
    /// How many there are beside those.
    others: usize,
    /// How often something was found wrong.
    count: usize,
    elsewhere: Vec<Mistake>,
    others_elsewhere: usize,
}

impl<'a> Diagnostics<'a> {
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        Diagnostics {
            name,
            text,
            found: Vec::new(),
            known: BTreeMap::new(),
            others: 0,
            count: 0,
            elsewhere: Vec::new(),
            others_elsewhere: 0,
        }
    }

    /// Adds what is wrong. What has been said before is one mistake in several places.
    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        self.count += 1;
        let said = (diagnostic.message.clone(), diagnostic.label.clone(), diagnostic.help.clone());
        if let Some(&index) = self.known.get(&said) {
            let (first, again) = &mut self.found[index];
            // Not everything is read in the order of its lines.
            let later = first.at.start.max(diagnostic.at.start);
            if diagnostic.at.start < first.at.start {
                *first = diagnostic;
            }
            if again.places.len() < MOST_LINES {
                again.places.push(later);
            } else {
                again.others += 1;
            }
        } else if self.found.len() < MOST_SHOWN {
            self.known.insert(said, self.found.len());
            self.found.push((diagnostic, Again::default()));
        } else {
            self.others += 1;
        }
    }

    /// The name of the file.
    pub(super) fn source_name(&self) -> &str {
        self.name
    }

    /// How often something was found wrong so far.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// What was found wrong first in the file, and the line in which it is.
    pub(super) fn first(&self) -> Option<(&str, usize)> {
        let (first, _) = self.found.iter().min_by_key(|(diagnostic, _)| diagnostic.at.start)?;
        let line =
            1 + self.text.as_bytes().iter().take(first.at.start).filter(|&&byte| byte == b'\n').count();
        Some((&first.message, line))
    }

    /// Records what is wrong, so that what follows is read all the same.
    pub(super) fn record<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.add(diagnostic)).ok()
    }

    /// Takes over the errors of a file that this one names.
    pub(super) fn add_file(&mut self, errors: Errors) {
        self.elsewhere.extend(errors.mistakes);
        self.others_elsewhere += errors.others;
    }

    /// `value`, unless something was wrong.
    pub(super) fn finish<T>(mut self, value: Option<T>) -> Result<T, Errors> {
        match value {
            Some(value) if self.found.is_empty() && self.elsewhere.is_empty() => Ok(value),
            _ => {
                let file = Arc::new(File::new(self.name, self.text));
                self.found.sort_by_key(|(diagnostic, _)| diagnostic.at.start);
                let here = self.found.into_iter().map(|(diagnostic, mut again)| {
                    again.places.sort_unstable();
                    Mistake { file: Arc::clone(&file), diagnostic, again }
                });
                let mistakes = self.elsewhere.into_iter().chain(here).collect();
                Err(Errors { mistakes, others: self.others + self.others_elsewhere })
            }
        }
    }
}

impl fmt::Debug for Errors {
    /// As [`render`](Errors::render) tells them: it is what a test shows that unwraps a text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false, 100))
    }
}

impl Errors {
    /// How many things are wrong; the same in several places is one. Never zero.
    pub fn count(&self) -> usize {
        self.mistakes.len() + self.others
    }

    /// What is wrong, one sentence for each mistake that is shown.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.mistakes.iter().map(|mistake| mistake.diagnostic.message.as_str())
    }

    /// The mistakes with their lines, wrapped to `width` columns (40 at least), and how many there are. Of very many, the
    /// first are shown.
    pub fn render(&self, color: bool, width: usize) -> String {
        let look = Look { color, width };
        let mut shown: String =
            self.mistakes.iter().flat_map(|mistake| [look.diagnostic(mistake), "\n".to_owned()]).collect();
        if self.others > 0 {
            shown.push_str(&format!("... and {} more, which are not shown\n", self.others));
        }
        shown.push_str(&self.to_string());
        shown.push('\n');
        shown
    }
}

/// A text as it is shown: of one that quotes a word without end, the beginning; nothing of it drives a terminal.
fn shown(text: &str) -> String {
    visible(cropped(text, LONGEST_SHOWN)).into_owned()
}

fn counted(errors: usize) -> String {
    if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") }
}

impl Again {
    /// Where else the same is wrong, if anywhere.
    fn said(&self, file: &File) -> Option<String> {
        let mut lines: Vec<usize> = self.places.iter().map(|&place| file.line(place)).collect();
        lines.dedup();
        let named: Vec<String> = lines.iter().map(usize::to_string).collect();
        match (named.as_slice(), self.others) {
            ([], _) => None,
            ([line], 0) => Some(format!("the same in line {line}")),
            ([others @ .., last], 0) => Some(format!("the same in lines {} and {last}", others.join(", "))),
            (_, more) => Some(format!("the same in lines {} and {more} more", named.join(", "))),
        }
    }
}

impl miette::Diagnostic for Mistake {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = match &self.diagnostic.help {
            Help::Said(help) => Some(help.clone()),
            Help::Nothing | Help::Form => None,
        };
        let said: Vec<String> = help.into_iter().chain(self.again.said(&self.file)).collect();
        if said.is_empty() { None } else { Some(Box::new(said.join("\n"))) }
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&*self.file)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        let label = Some(self.diagnostic.label.clone());
        let at = self.file.shown(self.diagnostic.at.clone());
        Some(Box::new(std::iter::once(miette::LabeledSpan::new_with_span(label, at))))
    }
}
