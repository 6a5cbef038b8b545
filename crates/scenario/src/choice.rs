//! Tables of the words that may stand at a place of a statement, each with what is read behind it.

use super::errors::Diagnostic;
use super::slips::Place;
use super::words::{Word, joined};

/// One of the words that may stand at a place.
pub(super) struct Choice<R: 'static> {
    /// The word, and those that belong to it, as suggestions show them.
    pub(super) phrase: &'static str,
    /// How the statements with it are written.
    pub(super) forms: &'static [&'static str],
    /// Reads what stands behind the word.
    pub(super) read: R,
}

/// The row of a word, or the complaint that it is none of those in the table.
pub(super) fn choose<'t, R>(
    table: &'t [Choice<R>],
    place: Place,
    word: Word<'_>,
) -> Result<&'t Choice<R>, Diagnostic> {
    find(table, word).ok_or_else(|| word.does_not_stand(place, &phrases(table)))
}

/// The row of a word.
pub(super) fn find<'t, R>(table: &'t [Choice<R>], word: Word<'_>) -> Option<&'t Choice<R>> {
    table.iter().find(|choice| {
        let parts = choice.phrase.split_at_checked(word.text.len());
        parts.is_some_and(|(first, rest)| word.is(first) && (rest.is_empty() || rest.starts_with(' ')))
    })
}

/// The words of a table, as suggestions show them.
pub(super) fn phrases<R>(table: &[Choice<R>]) -> Vec<&'static str> {
    table.iter().map(|choice| choice.phrase).collect()
}

/// The words of a table, as they are asked for where the line ends: "`fails`, `heals` or `flips`".
pub(super) fn any_of<R>(table: &[Choice<R>]) -> String {
    joined(&phrases(table), "or")
}
