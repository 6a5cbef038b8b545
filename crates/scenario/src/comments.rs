//! The comments of a scenario, which are for its readers.

use imp::visible::visible;

use super::ast::Comment;
use super::words::lines;

/// Every comment in a text, in order.
pub(super) fn comments(text: &str) -> Vec<Comment> {
    let commented = lines(text).filter_map(|line| Some((line.number, line.comment()?)));
    let comment = |(line, (statement, comment)): (usize, (&str, &str))| {
        let text = comment.trim_start_matches('#');
        let text = text.strip_prefix(' ').unwrap_or(text).trim_end();
        // A comment is read by people, at a terminal too.
        let text = visible(&text.replace('\t', " ")).into_owned();
        Comment { line, text, is_behind: !statement.trim().is_empty() }
    };
    commented.map(comment).collect()
}
