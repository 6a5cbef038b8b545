//! What is looked for in a line: text, and numbers in it that are known or get their names here.

use scenario::ast::Term;

use crate::message_log::DecodedMessage;

/// A text that is looked for, with every number that has a name by now.
#[derive(Debug)]
pub(crate) struct Pattern<'a>(pub(super) Vec<Part<'a>>);

#[derive(Debug)]
pub(super) enum Part<'a> {
    /// These characters.
    Literal(&'a str),
    /// This number.
    Number(u64),
    /// Whichever number stands here. It gets this name.
    New(&'a str),
    /// A number that depends on one that gets its name in the same line.
    Later(&'a Term),
}

/// Numbers that get names where a text is found.
#[derive(Debug, Default)]
pub(crate) struct Named(pub(super) Vec<(String, u64)>);

impl Pattern<'_> {
    /// The numbers that get names where the text is found in a line. Where it could be found in several places, the first of
    /// them counts.
    pub(crate) fn find(&self, line: &str) -> Option<Named> {
        match &self.0[..] {
            [] => Some(Named::default()),
            [Part::Literal(text)] => line.contains(text).then(Named::default),
            parts => line.char_indices().find_map(|(at, _)| found_at(parts, line, at)),
        }
    }

    /// The same in a message, which is put into words only if the text may be there.
    pub(crate) fn find_in(&self, message: &DecodedMessage) -> Option<Named> {
        let may_be_there = self.0.iter().all(|part| match part {
            Part::Literal(text) => message.may_hold(text),
            Part::Number(_) | Part::New(_) | Part::Later(_) => true,
        });
        if may_be_there { self.find(message.what()) } else { None }
    }
}

impl Pattern<'_> {
    /// What is known of the text: all but the numbers that get their names where it is found.
    pub(super) fn known(&self) -> String {
        let mut known = String::new();
        for part in &self.0 {
            match part {
                Part::Literal(text) => known.push_str(text),
                Part::Number(number) => known.push_str(&number.to_string()),
                Part::New(_) | Part::Later(_) => {}
            }
        }
        known
    }
}

impl Named {
    fn find(&self, name: &str) -> Option<u64> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, number)| *number)
    }
}

/// The numbers that get names if the parts stand in this place.
fn found_at(parts: &[Part<'_>], line: &str, mut at: usize) -> Option<Named> {
    let mut named = Named::default();
    for part in parts {
        if let Part::Literal(text) = part {
            at += line[at..].starts_with(text).then_some(text.len())?;
            continue;
        }
        let digits = digits_at(line, at)?;
        let number = digits.parse().ok()?;
        match part {
            Part::New(name) => named.0.push(((*name).to_owned(), number)),
            Part::Number(wanted) if *wanted == number => {}
            Part::Later(term) if term.value(named.find(&term.name)?) == Some(number) => {}
            Part::Literal(_) | Part::Number(_) | Part::Later(_) => return None,
        }
        at += digits.len();
    }
    Some(named)
}

/// All digits of the number that begins here, if one does.
fn digits_at(line: &str, at: usize) -> Option<&str> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    if line[..at].ends_with(is_digit) {
        return None;
    }
    let end = line[at..].find(|letter| !is_digit(letter)).unwrap_or(line.len() - at);
    (end > 0).then(|| &line[at..at + end])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers `x` and `y` that get their names in a line.
    fn found<const N: usize>(parts: [Part<'_>; N], line: &str) -> Option<[Option<u64>; 2]> {
        Pattern(parts.into()).find(line).map(|named| ["x", "y"].map(|name| named.find(name)))
    }

    fn x(offset: i64) -> Term {
        Term { name: "x".to_owned(), offset }
    }

    #[test]
    fn a_number_is_found_with_all_its_digits_in_the_first_place_that_fits() {
        let sock = |line| found([Part::Literal("SOCK "), Part::New("x")], line);
        assert_eq!(sock("255 SOCK 57144"), Some([Some(57144), None]));
        assert_eq!(sock("SOCK SOCK 1, SOCK 2"), Some([Some(1), None]), "the first that fits");
        assert_eq!(sock("SOCK X"), None);
        assert_eq!(sock("SOCK 99999999999999999999"), None, "no number of the net is so large");
        assert_eq!(found([Part::New("x")], "on 12 and 13"), Some([Some(12), None]));
        assert_eq!(found([Part::New("x"), Part::Literal("4")], "1234 4"), None, "no digit is left over");
        assert_eq!(found([Part::Literal("1"), Part::New("x")], "123"), None);
        assert_eq!(found([Part::New("x"), Part::Literal(" OK")], "7 1973 OK"), Some([Some(1973), None]));
    }

    #[test]
    fn a_number_that_is_known_is_found_whole() {
        let known = |line| found([Part::Literal("SOCK "), Part::Number(7)], line);
        assert_eq!(known("SOCK 7"), Some([None, None]));
        assert_eq!(known("SOCK 71"), None, "that is another number");
        assert_eq!(
            found([Part::Number(7), Part::Literal(" 9")], "CLS 57 9"),
            None,
            "nor is it the end of one"
        );
    }

    #[test]
    fn a_text_may_use_the_name_that_it_gives() {
        let pair = |line| {
            let next = x(1);
            let parts = [
                Part::New("x"),
                Part::Literal(" to "),
                Part::Later(&next),
                Part::Literal(", "),
                Part::New("y"),
            ];
            found(parts, line)
        };
        assert_eq!(pair("8 to 9, 3"), Some([Some(8), Some(3)]));
        assert_eq!(pair("8 to 8, 3"), None);
        let below = found([Part::New("x"), Part::Literal(" "), Part::Later(&x(-1))], "0 0, 5 4");
        assert_eq!(below, Some([Some(5), None]), "nothing is below zero");
    }

    #[test]
    fn signs_that_are_no_ascii_are_passed_over() {
        assert_eq!(
            found([Part::Literal("\u{240d}\u{240a} "), Part::New("x")], "␍ 1 ␍␊ 2"),
            Some([Some(2), None])
        );
    }
}
