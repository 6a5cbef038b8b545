//! The comments of a scenario, which are for its readers.

use super::ast::Comment;

/// Every comment in a text, in order. `is_one` is asked of a line with a `#` that begins a word: whether the line says the same
/// without all that stands from there on. In text that runs to the end of its line, a `#` begins nothing.
pub(super) fn comments(text: &str, is_one: impl Fn(&str, &str) -> bool) -> Vec<Comment> {
    let mut comments = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(at) = sign(line) else { continue };
        let (statement, comment) = (line[..at].trim_end(), &line[at..]);
        let is_behind = !statement.is_empty();
        if is_behind && (statement.trim_start().starts_with('|') || !is_one(statement, line)) {
            continue;
        }
        let text = comment.trim_start_matches('#');
        let text = text.strip_prefix(' ').unwrap_or(text).trim_end().to_owned();
        comments.push(Comment { line: index + 1, text, is_behind });
    }
    comments
}

/// Where the first word begins that begins with a `#`.
fn sign(line: &str) -> Option<usize> {
    let begins = |at: &usize| line[..*at].chars().next_back().is_none_or(char::is_whitespace);
    line.match_indices('#').map(|(at, _)| at).find(begins)
}
