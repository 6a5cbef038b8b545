//! Finds the word that was meant.

/// Words longer than this are not a slip of the finger in any word of ours.
const LONGEST: usize = 40;

/// The first of the nearest `known` words, if it is near enough to have been meant. Case does not count.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let allowed = word.chars().count().div_ceil(3);
    known
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_ascii_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// How many characters must be put in, left out, changed or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
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
        assert_eq!(distance("case-10", "case-10"), 0);
        assert_eq!(distance("case-1o", "case-10"), 1);
        assert_eq!(distance("", "bbn"), 3);
        assert_eq!(distance("bnb", "bbn"), 1);
    }
}
