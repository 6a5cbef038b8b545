//! Texts as they are written, so that they are read as the same again: what would be taken for something else stands by its
//! code.

use super::super::ast::{Data, Piece, Text};
use super::super::characters::is_quotation_mark;
use super::super::timing::timing_at_the_end;
use super::super::words::Word;

/// A text that is typed, printed, sent or heard.
pub(super) fn plain(text: &Text) -> String {
    let mut written = String::new();
    for piece in &text.0 {
        match piece {
            Piece::Literal(literal) => literal.chars().for_each(|letter| {
                let begins_a_word = written.chars().next_back().is_none_or(char::is_whitespace);
                let is_odd = letter == '{' || letter.is_control() || !letter.is_ascii();
                if is_odd || letter == '#' && begins_a_word {
                    written.push_str(&code(letter));
                } else {
                    written.push(letter);
                }
            }),
            named @ (Piece::New(_) | Piece::Term(_)) => {
                written.push_str(&Text(vec![named.clone()]).to_string());
            }
        }
    }
    without_timing(at_the_ends(written))
}

/// What a transcript says of a message, behind two blanks; nothing if there is no text.
pub(super) fn message(text: &Text) -> String {
    if text.0.is_empty() { String::new() } else { format!("  {}", without_timing(message_text(text))) }
}

fn message_text(text: &Text) -> String {
    let coded = quotes_mislead(text);
    let mut written = String::new();
    let mut quoted = false;
    for piece in &text.0 {
        match piece {
            Piece::Literal(literal) => literal.chars().for_each(|letter| {
                let behind_blank = written.chars().next_back().is_none_or(char::is_whitespace);
                quoted ^= letter == '"' && !coded;
                let is_odd = match letter {
                    '"' => coded,
                    '{' => !quoted,
                    // Two blanks would part the text from what the message means, outside of quotes.
                    '#' | ' ' => !quoted && behind_blank,
                    _ => false,
                };
                if is_odd { written.push_str(&code(letter)) } else { written.push(letter) }
            }),
            named @ (Piece::New(_) | Piece::Term(_)) => {
                written.push_str(&Text(vec![named.clone()]).to_string());
            }
        }
    }
    at_the_ends(written)
}

/// Whether braces within quotes would be taken as they are, though they stand for something, or blanks at the end for none.
fn quotes_mislead(text: &Text) -> bool {
    let mut quoted = false;
    for piece in &text.0 {
        match piece {
            Piece::Literal(literal) => {
                quoted ^= literal.matches('"').count() % 2 == 1;
            }
            Piece::New(_) | Piece::Term(_) if quoted => return true,
            Piece::New(_) | Piece::Term(_) => {}
        }
    }
    let begins = matches!(text.0.first(), Some(Piece::Literal(first)) if first.starts_with('"'));
    let ends = matches!(text.0.last(), Some(Piece::Literal(last)) if last.ends_with('"'));
    quoted || begins && ends
}

/// What is sent or received, behind the socket.
pub(super) fn data(data: &Data) -> String {
    match data {
        Data::Text(text) => unlike_a_form(plain(text)),
        Data::Bytes(bytes) => {
            let bytes: Vec<String> = bytes.iter().map(ToString::to_string).collect();
            format!("bytes {}", bytes.join(" "))
        }
    }
}

/// A text whose first words are not those of another form of data.
fn unlike_a_form(written: String) -> String {
    let first = written.split_whitespace().next().unwrap_or_default();
    let is = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    if is(first, &["byte", "bytes", "any", "what"]) {
        return by_code(&written, 0);
    }
    let rest = &written[first.len()..];
    let second = rest.split_whitespace().next().unwrap_or_default();
    let is_number = first.starts_with(|first: char| first.is_ascii_digit() || first == '{');
    if is_number && is(second, &["random", "byte", "bytes"]) {
        let at = first.len() + rest.len() - rest.trim_start().len();
        return by_code(&written, at);
    }
    written
}

/// A text without blanks at its ends, and without quotation marks around it.
fn at_the_ends(written: String) -> String {
    let mut written = written;
    if written.ends_with(' ') {
        written = by_code(&written, written.len() - 1);
    }
    let is_quoted = written.chars().count() > 1
        && written.starts_with(is_quotation_mark)
        && written.ends_with(is_quotation_mark);
    if written.starts_with(' ') || is_quoted { by_code(&written, 0) } else { written }
}

/// A text that does not end like a time of its step.
fn without_timing(written: String) -> String {
    match timing_at_the_end(Word::alone(&written)).map(|timing| timing.at().start) {
        Some(at) => by_code(&written, at),
        None => written,
    }
}

/// The text with the character there by its code.
fn by_code(written: &str, at: usize) -> String {
    let mut letters = written[at..].chars();
    let letter = letters.next().map(code).unwrap_or_default();
    format!("{}{letter}{}", &written[..at], letters.as_str())
}

fn code(letter: char) -> String {
    format!("{{{}}}", u32::from(letter))
}
