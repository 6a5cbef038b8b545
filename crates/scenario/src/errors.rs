//! What is wrong with a file, told as rustc tells it: the place, the line with the culprit marked, a
//! suggestion.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::file::File;
use super::look::{Look, cropped};

/// Everything that is wrong with a file, in the order of its lines.
#[derive(thiserror::Error, miette::Diagnostic)]
#[error("{}", counted(.mistakes.len()))]
pub struct Errors {
    #[related]
    mistakes: Vec<Mistake>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", .diagnostic.message)]
pub struct Mistake {
    file: Arc<File>,
    diagnostic: Diagnostic,
}

/// What a parser has to say against a stretch of its text, given in bytes from the start of the file.
#[derive(Debug, Clone)]
pub(super) struct Diagnostic {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without a suggestion.
    pub(super) fn new(at: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Self {
        Diagnostic {
            at,
            message: cropped(&message.into(), LONGEST_SHOWN).to_owned(),
            label: cropped(&label.into(), LONGEST_SHOWN).to_owned(),
            help: None,
        }
    }

    /// The diagnostic with a suggestion.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Diagnostic { help: Some(cropped(&help.into(), LONGEST_SHOWN).to_owned()), ..self }
    }
}

/// Collects the diagnostics of one file, and what went wrong in the files that it names.
#[derive(Debug)]
pub(super) struct Diagnostics {
    file: Arc<File>,
    found: Vec<Diagnostic>,
    elsewhere: Vec<Mistake>,
}

impl Diagnostics {
    pub(super) fn new(name: &str, text: &str) -> Self {
        let file = Arc::new(File::new(name, text));
        Diagnostics { file, found: Vec::new(), elsewhere: Vec::new() }
    }

    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Records what is wrong, so that what follows is read all the same.
    pub(super) fn record<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.add(diagnostic)).ok()
    }

    /// Takes over the errors of a file that this one names.
    pub(super) fn add_file(&mut self, errors: Errors) {
        self.elsewhere.extend(errors.mistakes);
    }

    /// `value`, unless something was wrong.
    pub(super) fn finish<T>(mut self, value: Option<T>) -> Result<T, Errors> {
        match value {
            Some(value) if self.found.is_empty() && self.elsewhere.is_empty() => Ok(value),
            _ => {
                self.found.sort_by_key(|diagnostic| diagnostic.at.start);
                let here = self
                    .found
                    .into_iter()
                    .map(|diagnostic| Mistake { file: Arc::clone(&self.file), diagnostic });
                Err(Errors { mistakes: self.elsewhere.into_iter().chain(here).collect() })
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
    /// How many things are wrong. Never zero.
    pub fn count(&self) -> usize {
        self.mistakes.len()
    }

    /// What is wrong, one sentence for each mistake.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.mistakes.iter().map(|mistake| mistake.diagnostic.message.as_str())
    }

    /// All mistakes with their lines, wrapped to `width` columns (40 at least), and how many there are.
    pub fn render(&self, color: bool, width: usize) -> String {
        let look = Look { color, width };
        let mut shown: String =
            self.mistakes.iter().flat_map(|mistake| [look.diagnostic(mistake), "\n".to_owned()]).collect();
        shown.push_str(&self.to_string());
        shown.push('\n');
        shown
    }
}

/// The longest text of an error, in characters: it may quote a word that has no end.
const LONGEST_SHOWN: usize = 400;

fn counted(errors: usize) -> String {
    if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") }
}

impl miette::Diagnostic for Mistake {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        let help = self.diagnostic.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&*self.file)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        let label = Some(self.diagnostic.label.clone());
        Some(Box::new(std::iter::once(miette::LabeledSpan::new_with_span(label, self.diagnostic.at.clone()))))
    }
}
