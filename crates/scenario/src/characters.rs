//! Characters that editors put in where a plain one was typed, and those that nobody sees.

/// What looks alike to a person, its name, and what to write instead.
const ALIKE: &[(char, &str, &str)] = &[
    ('\u{201c}', "a quotation mark of print", "`\"`"),
    ('\u{201d}', "a quotation mark of print", "`\"`"),
    ('\u{201e}', "a quotation mark of print", "`\"`"),
    ('\u{2018}', "a quotation mark of print", "`'`"),
    ('\u{2019}', "an apostrophe of print", "`'`"),
    ('\u{2010}', "a hyphen of print", "`-`"),
    ('\u{2011}', "a hyphen of print", "`-`"),
    ('\u{2012}', "a dash", "`-`"),
    ('\u{2013}', "a dash", "`-`"),
    ('\u{2014}', "a dash", "`-`"),
    ('\u{2212}', "a minus sign of print", "`-`"),
    ('\u{2026}', "three points in one", "`...`"),
    ('\u{2192}', "an arrow", "`->`"),
];

/// Whether a character takes no room on paper, or is a blank that is none.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
        || character.is_whitespace() && !character.is_ascii()
}

/// Whether a character makes a terminal do something, or is the end of a line where no line may end. Tabs are white space.
pub(super) fn is_control(character: char) -> bool {
    character.is_control() && character != '\t'
}

/// Whether a text is nothing but printing characters of ASCII, blanks and tabs, as nearly every line is.
pub(super) fn is_plain(text: &str) -> bool {
    // All bytes are looked at, many at a time.
    text.bytes().fold(true, |is_plain, byte| is_plain & matches!(byte, b' '..=b'~' | b'\t'))
}

/// How many bytes of white space a text begins with. Nearly always they are blanks.
pub(super) fn white(text: &str) -> usize {
    let blanks = text.bytes().position(|byte| byte != b' ').unwrap_or(text.len());
    match text.as_bytes().get(blanks) {
        Some(b'!'..=b'~') | None => blanks,
        Some(_) => text.len() - text.trim_start().len(),
    }
}

/// How many bytes of a text stand before its first white space. Nearly always they are printing characters of ASCII.
pub(super) fn until_white(text: &str) -> usize {
    let plain = text.bytes().position(|byte| !matches!(byte, b'!'..=b'~')).unwrap_or(text.len());
    match text.as_bytes().get(plain) {
        Some(b' ') | None => plain,
        Some(_) => text.find(char::is_whitespace).unwrap_or(text.len()),
    }
}

/// Whether text may be put between such characters.
pub(super) fn is_quotation_mark(character: char) -> bool {
    matches!(character, '"' | '\u{201c}'..='\u{201e}')
}

/// How to call a character that is not ASCII, and what to write instead, if that is known.
pub(super) fn plain_character(character: char) -> (String, Option<String>) {
    let code = u32::from(character);
    if character.is_whitespace() {
        let help = "write an ordinary blank: this one was put in by an editor or a web page";
        (format!("the blank U+{code:04X}"), Some(help.to_owned()))
    } else if is_unseen(character) || character.is_control() {
        let help = "nobody sees it: write the word anew";
        (format!("the character U+{code:04X}"), Some(help.to_owned()))
    } else {
        let plain = ALIKE.iter().find(|(alike, ..)| *alike == character);
        (format!("`{character}`"), plain.map(|(_, name, plain)| format!("that is {name}: write {plain}")))
    }
}

/// What is wrong with a word that looks as if it were known, but has a character in it that is not seen, or that is
/// taken for another.
pub(super) fn unseen(word: &str) -> Option<String> {
    let odd = word.chars().find(|character| !character.is_ascii())?;
    if is_unseen(odd) {
        let plain: String = word.chars().filter(|character| !is_unseen(*character)).collect();
        return Some(format!("U+{:04X} is in it, which nobody sees: write `{plain}` anew", u32::from(odd)));
    }
    let (_, name, plain) = ALIKE.iter().find(|(alike, ..)| *alike == odd)?;
    Some(format!("`{odd}` is {name}: write {plain}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn words_end_where_any_white_space_begins_and_not_at_blanks_only(
            text in "[ \t\r\x0b\u{a0}\u{2003}]{0,3}[a-z#\x00\u{e9}]{0,4}[ \t\u{85}\u{3000}b]{0,3}.{0,4}",
        ) {
            prop_assert_eq!(&text[white(&text)..], text.trim_start(), "what stands behind the white space of {:?}", text);
            let before = text.split(char::is_whitespace).next().unwrap_or_default();
            prop_assert_eq!(&text[..until_white(&text)], before, "what stands before the white space of {:?}", text);
        }
    }

    #[test]
    fn what_is_not_seen_is_named() {
        let (name, help) = plain_character('\u{a0}');
        assert_eq!(name, "the blank U+00A0");
        assert!(help.is_some_and(|help| help.contains("an ordinary blank")));
        assert_eq!(plain_character('\u{200b}').0, "the character U+200B");
        assert_eq!(
            unseen("SITE\u{200b}1").as_deref(),
            Some("U+200B is in it, which nobody sees: write `SITE1` anew")
        );
    }

    #[test]
    fn what_looks_alike_is_told_from_what_is_meant() {
        assert_eq!(unseen("\u{2013}>").as_deref(), Some("`\u{2013}` is a dash: write `-`"));
        assert_eq!(
            plain_character('\u{201c}').1.as_deref(),
            Some("that is a quotation mark of print: write `\"`")
        );
        assert_eq!((unseen("SITE1"), unseen("CAF\u{c9}")), (None, None), "what is as it looks");
    }
}
