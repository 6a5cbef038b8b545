//! A live host on whose cable it becomes quiet, for a while or for good, and what its user is told then.

use super::*;

/// Moments of a transfer, from before its first message until after its last.
fn moments() -> impl Iterator<Item = Instant> {
    (0..40).map(|moment| Instant::from_micros(1_900_000) + Span::from_millis(100 * moment))
}

#[test]
fn a_cable_that_stands_still_for_20_seconds_and_loses_nothing_costs_nothing_but_time() {
    for from in moments() {
        let quiet = Some(Quiet::Between(from, from + Span::from_secs(20)));
        let Aftermath { file, printed, .. } = transfer(Rough { quiet, ..Rough::default() }, 1);
        assert_eq!(file, Some(content()), "from {from} on: {printed:?}");
    }
}

#[test]
fn the_user_behind_a_cable_that_is_cut_is_told_within_half_a_minute() {
    let mut told = 0;
    for from in moments() {
        let quiet = Some(Quiet::From(from));
        let Aftermath { file, printed, done, .. } = transfer(Rough { quiet, ..Rough::default() }, 1);
        let waited = done.since(from.max(TYPED_FROM));
        // The host has only just come up: it may take others half a minute to be heard (RFC 271), and a second more is given.
        assert!(waited <= Span::from_secs(31), "from {from} on: {printed:?}, after {waited}");
        let reason = "the other host does not answer, nor does the IMP for it";
        let is_told = printed.iter().any(|line| line.contains(reason));
        assert!(is_told || file.is_some(), "from {from} on: {printed:?}");
        told += u32::from(is_told);
    }
    assert!((10..40).contains(&told), "{told} of 40: the test shows both");
}

#[test]
fn the_user_is_told_what_became_of_the_cable_and_not_that_the_imp_is_down() {
    let mut reasons = BTreeMap::new();
    for seed in 0..20 {
        for line in transfer(Rough { loses: 30, ..Rough::default() }, seed).printed {
            assert!(!line.contains("own IMP down"), "seed {seed}: {line}");
            *reasons.entry(line.contains("something was lost on the cable to the own IMP")).or_insert(0) += 1;
        }
    }
    assert!(reasons.get(&true).is_some_and(|told| *told > 5), "{reasons:?}");
}
