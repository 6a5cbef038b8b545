//! Stars, which stand for any characters.

/// Whether a text is what the pattern says, in which `*` stands for any number of characters, and `one`, if there is such a
/// character, for one. Goes through either once, but for the part behind the last star that has been tried.
pub(super) fn matches(pattern: &str, text: &str, one: Option<u8>) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p).is_some_and(|byte| *byte == text[t] || Some(*byte) == one) {
            (p, t) = (p + 1, t + 1);
        } else if let Some((at, from)) = star {
            // The star stands for one character more.
            star = Some((at, from + 1));
            (p, t) = (at + 1, from + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}
