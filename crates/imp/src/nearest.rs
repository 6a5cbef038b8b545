//! Finds the word that was meant.

/// Words longer than this are not a slip of the finger in any word of ours.
const LONGEST: usize = 40;

/// The first of the nearest `known` words, if it is near enough to have been meant. Case does not count.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let signs = signs_of(word);
    let word = letters(word);
    let mut nearest: Option<(usize, &'a str)> = None;
    for candidate in known {
        // Only a nearer one is of interest: the first of those that are alike is meant.
        let allowed = match nearest {
            Some((0, _)) => break,
            Some((distance, _)) => distance - 1,
            None => word.len().div_ceil(3),
        };
        // Each sign of the one that is not in the other must be changed or left out. That is cheap to see.
        let others = signs_of(candidate);
        if (signs & !others).count_ones().max((others & !signs).count_ones()) as usize > allowed {
            continue;
        }
        let found = distance(&word, &letters(candidate), allowed);
        nearest = found.map(|distance| (distance, candidate)).or(nearest);
    }
    nearest.map(|(_, candidate)| candidate)
}

/// A bit for each of the signs in a word; several signs may have the same bit.
fn signs_of(word: &str) -> u64 {
    word.chars().fold(0, |signs, sign| signs | 1 << (u32::from(sign.to_ascii_lowercase()) % 64))
}

fn letters(word: &str) -> Vec<char> {
    word.chars().map(|letter| letter.to_ascii_lowercase()).collect()
}

/// How many characters must be put in, left out, changed or swapped with their neighbour, if those are not more than
/// allowed.
fn distance(a: &[char], b: &[char], allowed: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut row = before.clone();
    for i in 1..=a.len() {
        row[0] = i;
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row[j] = best;
        }
        // What follows is as far away at least as this row, or, where two characters are swapped, as the one before.
        if row.iter().chain(&last).all(|distance| *distance > allowed) {
            return None;
        }
        (before, last, row) = (last, row, before);
    }
    Some(last[b.len()]).filter(|distance| *distance <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        let verbs = ["types", "sees", "inits", "listens"];
        assert_eq!(nearest("tpyes", verbs), Some("types"));
        assert_eq!(nearest("INITS", verbs), Some("inits"));
        assert_eq!(nearest("listen", verbs), Some("listens"));
        assert_eq!(nearest("crashes", verbs), None, "another word is not a slip");
        assert_eq!(nearest(&"x".repeat(1_000_000), verbs), None);
    }

    #[test]
    fn distances_are_counted_by_character() {
        let distance = |a, b| distance(&letters(a), &letters(b), 9);
        assert_eq!(distance("case-10", "CASE-10"), Some(0));
        assert_eq!(distance("case-1o", "case-10"), Some(1));
        assert_eq!(distance("", "bbn"), Some(3));
        assert_eq!(distance("bnb", "bbn"), Some(1));
        assert_eq!(distance("ab", "abcdefghijkl"), None, "further than is allowed");
    }

    #[test]
    fn of_words_that_are_equally_near_the_first_is_meant() {
        assert_eq!(nearest("site4", ["site1", "site2", "site4x"]), Some("site1"));
        assert_eq!(nearest("site2", ["site1", "site2", "site3"]), Some("site2"));
        assert_eq!(
            nearest("caf\u{e9}s", ["cafes"]),
            Some("cafes"),
            "one sign is one change, whatever it takes in UTF-8"
        );
        assert_eq!(nearest("ca", ["abc", "ac", "cab"]), Some("ac"), "a swap is one change");
    }
}
