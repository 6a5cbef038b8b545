//! Near misses: lines that say nearly what was waited for.

/// What of a line is looked at, in characters.
const LOOKED_AT: usize = 160;

/// How near a line comes to holding a text: how many letters must be changed. Nothing if it is far from it.
pub(super) fn nearness(text: &str, line: &str) -> Option<usize> {
    let lowered = |text: &str| -> Vec<char> {
        text.trim().chars().take(LOOKED_AT).map(|c| c.to_ascii_lowercase()).collect()
    };
    let (text, line) = (lowered(text), lowered(line));
    if text.is_empty() {
        return None;
    }
    // Words of up to three letters or digits, such as reply codes, are others if one of them differs.
    let allowed = if text.len() < 4 { 0 } else { (text.len() / 6).clamp(1, 6) };
    Some(least_changes(&text, &line)).filter(|changes| *changes <= allowed)
}

/// The fewest letters that must be put in, left out or changed in some part of the line to have the text (P. Sellers: the
/// distance to the nearest substring).
fn least_changes(text: &[char], line: &[char]) -> usize {
    // Before the text anything may stand, so an empty text is found everywhere.
    let mut above = vec![0; line.len() + 1];
    for (row, wanted) in text.iter().enumerate() {
        let mut last = row;
        let mut left = row + 1;
        above[0] = left;
        for (column, found) in line.iter().enumerate() {
            let changed = last + usize::from(wanted != found);
            last = above[column + 1];
            left = changed.min(left + 1).min(last + 1);
            above[column + 1] = left;
        }
    }
    above.into_iter().min().unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_in_other_letters_is_as_near_as_can_be() {
        assert_eq!(nearness("Appended", "APPENDED: 25 BYTES"), Some(0));
        assert_eq!(nearness("252", "252 transfer completed"), Some(0));
    }

    #[test]
    fn a_slip_is_near_wherever_it_stands() {
        assert_eq!(nearness("APENDED", "NOW APPENDED: 25 BYTES"), Some(1));
        assert_eq!(nearness("RTS 57144 from 8193 link 2", "RTS 57144 from 8193 link 3"), Some(1));
    }

    #[test]
    fn another_word_or_another_number_is_not_near() {
        for (text, line) in
            [("252", "250 transfer started"), ("APPENDED", "NOT CONNECTED"), ("X", "Y"), ("", "Y"), ("X", "")]
        {
            assert_eq!(nearness(text, line), None, "{text}, {line}");
        }
    }

    #[test]
    fn of_an_endless_line_only_the_beginning_is_looked_at() {
        assert_eq!(nearness("HELLO", &format!("{}HELLO", "x".repeat(1_000_000))), None);
        assert_eq!(nearness(&"x".repeat(1_000_000), &"x".repeat(1_000_000)), Some(0));
    }
}
