//! Text that comes from a file, a teletype or the command line, as it may be shown: a terminal obeys control characters.

use std::borrow::Cow;

/// What stands for a character that has no sign of its own.
const SIGN: char = '·';

/// A line, with a middle dot for each control character. It is as many characters long.
pub fn visible(line: &str) -> Cow<'_, str> {
    replaced(line, char::is_control)
}

/// The same for a text of several lines, which remain lines.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    replaced(text, |character| character.is_control() && character != '\n')
}

fn replaced(text: &str, is_hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    // Nearly every text is plain.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    match text.contains(&is_hidden) {
        false => Cow::Borrowed(text),
        true => text.chars().map(|character| if is_hidden(character) { SIGN } else { character }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_seen_instead() {
        assert_eq!(visible("\x1b[31mRED \u{7}\u{0}\u{7f}\u{9b}\r\n\tx"), "·[31mRED ·······x");
        assert_eq!(visible_lines("one\n\x1b[2Jtwo\r\n"), "one\n·[2Jtwo·\n");
        assert!(matches!(visible("plain, \u{e9} and … too"), Cow::Borrowed(_)), "nothing is copied in vain");
    }
}
