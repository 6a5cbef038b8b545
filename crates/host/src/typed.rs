//! Lines as people typed them to programs of the time: words, with noise words in parentheses among them, which only help to
//! read and may be left out.

/// The first word of a line, and what stands behind it. A parenthesis ends a word as well.
pub fn first_word(line: &str) -> (&str, &str) {
    let end = line.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    (word, rest.trim())
}

/// The text without the noise words in front of it.
pub fn without_leading_noise(text: &str) -> &str {
    let mut text = text.trim();
    while let Some((_, behind)) = noise(text) {
        text = behind.trim_start();
    }
    text
}

/// What stands before, between and behind noise words, if it is anything.
pub fn between_noise(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(open) = text[at..].find('(') {
        let open = at + open;
        // A parenthesis in the middle of a word is part of a name.
        let begins = text[..open].chars().next_back().is_none_or(char::is_whitespace);
        match noise(&text[open..]).filter(|_| begins) {
            Some((length, _)) => {
                parts.push(text[from..open].trim());
                (from, at) = (open + length, open + length);
            }
            None => at = open + 1,
        }
    }
    parts.push(text[from..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// How long the noise words are with which a text begins, and what stands behind them.
fn noise(text: &str) -> Option<(usize, &str)> {
    let inside = text.strip_prefix('(')?;
    let end = inside.find(')')? + 2;
    Some((end, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_what_stands_in_parentheses_between_words_and_not_what_stands_in_one() {
        assert_eq!(first_word("GET(FILE) A"), ("GET", "(FILE) A"));
        assert_eq!(without_leading_noise(" (FILE) (OF THEIRS) a (b) "), "a (b)");
        assert_eq!(between_noise("(FILE) my data (TO FILE) a(1).b"), ["my data", "a(1).b"]);
        assert_eq!(between_noise("a (b"), ["a (b"], "what has no end is no noise");
        assert_eq!(without_leading_noise("(PASS BLUE"), "(PASS BLUE");
    }
}
