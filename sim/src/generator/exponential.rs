//! Random gaps between messages.

use machine::Span;
use rand::Rng;

/// A gap that is exponentially distributed, in whole microseconds: messages come at random, and in
/// the long run their gaps have this mean.
///
/// This is von Neumann's method of 1951 ("Various techniques used in connection with random digits"), which only
/// compares numbers and so gives the same ones on every machine. Numbers between 0 and 1 are drawn as long as they
/// fall; if as many were drawn, the first one, x, is kept with the probability 1 - x + x²/2 - ... = exp(-x), that is
/// if the run of falling numbers has an odd length. Otherwise one whole mean passes, and the game begins anew.
pub(super) fn draw(random: &mut impl Rng, mean: Span) -> Span {
    let mut means: u64 = 0;
    loop {
        let first = random.next_u32();
        let mut last = first;
        let mut odd = true;
        loop {
            let next = random.next_u32();
            if next >= last {
                break;
            }
            last = next;
            odd = !odd;
        }
        if odd {
            // In units of the mean, with 32 bits behind the point.
            let gap = u128::from(means << 32 | u64::from(first));
            return Span::from_micros(((gap * u128::from(mean.as_micros())) >> 32) as u64);
        }
        means += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn gaps(seed: u64, number: usize) -> Vec<u64> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        (0..number).map(|_| draw(&mut random, Span::from_millis(50)).as_micros()).collect()
    }

    #[test]
    fn the_first_gaps_are_the_same_on_every_machine() {
        assert_eq!(gaps(0, 6), [32_734, 84_957, 91_176, 24_713, 94_035, 80_382]);
    }

    #[test]
    fn gaps_are_distributed_exponentially() {
        const NUMBER: u64 = 40_000;
        let gaps = gaps(1, NUMBER as usize);
        let mean = gaps.iter().sum::<u64>() / NUMBER;
        assert!((49_250..50_750).contains(&mean), "three standard deviations of the mean are 750 us: {mean}");
        // In thousandths, exp(-k/2) of the gaps are longer than k halves of the mean.
        for (halves, expected) in [(0, 1000), (1, 607), (2, 368), (4, 135), (6, 50), (10, 7)] {
            let longer = gaps.iter().filter(|gap| **gap >= halves * 25_000).count() as u64;
            let found = longer * 1000 / NUMBER;
            assert!(
                found.abs_diff(expected) <= 8,
                "{found} of 1000 are longer than {halves} halves of the mean"
            );
        }
        // Of an exponential distribution the mean square is twice the square of the mean.
        let square = gaps.iter().map(|gap| gap * gap).sum::<u64>() / NUMBER;
        let ratio = square * 100 / (mean * mean);
        assert!((192..208).contains(&ratio), "{ratio} hundredths");
    }
}
