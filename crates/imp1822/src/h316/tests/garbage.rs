//! Datagrams with anything in them, in any order.

use super::*;

/// The same numbers in every run.
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

#[test]
fn whatever_arrives_nothing_panics_and_no_message_is_longer_than_the_longest() {
    let mut numbers = Numbers(1973);
    let (mut host, mut imp) = (host(), imp());
    let mut sequence = 1_u32;
    for _ in 0..40_000 {
        let words = vec![numbers.below(65536) as u16; [0, 1, 2, 10, 63, 65, 506, 2000][numbers.below(8)]];
        let mut bytes = bytes(sequence, [0, 1, 2, 2, 3, 3, 0xffff][numbers.below(7)], &words);
        sequence = sequence.wrapping_add([0, 1, 1, 1, 1, 2, u32::MAX / 2][numbers.below(7)]);
        for _ in 0..numbers.below(3) {
            let at = numbers.below(bytes.len());
            match numbers.below(4) {
                0 => bytes[at] ^= 1 << numbers.below(8),
                1 => bytes.truncate(at.max(1)),
                2 => bytes.push(0),
                _ => {}
            }
        }
        let mut all = [host.bytes(bytes.clone()), imp.bytes(bytes)].concat();
        // Now and then the time of what is held is over.
        if numbers.below(20) == 0 && host.end.deadline().is_some() && imp.end.deadline().is_some() {
            all.extend([host.waits(), imp.waits()].concat());
        }
        for told in all {
            let bits = told.strip_prefix("hears ").and_then(|told| told.split_once(", "));
            if let Some((_, bits)) = bits {
                let bits: usize = bits.trim_end_matches(" bits").parse().expect("it is a number");
                assert!(bits <= MAX_MESSAGE_BITS + 17, "{told}");
            }
        }
    }
    assert!(host.end.statistics().messages_in > 100, "{}", host.end.statistics());
    assert!(imp.end.statistics().messages_in > 100, "{}", imp.end.statistics());
}
