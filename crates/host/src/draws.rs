//! The random numbers of a host.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A stream of random numbers, and how much of it has been drawn. Hardly any is: so it is not kept at hand, where it would
/// take more room than all else that a host knows of itself, but begun anew where it was left.
#[derive(Debug)]
pub(crate) struct Draws {
    seed: u64,
    stream: u64,
    drawn: u128,
}

impl Draws {
    /// The stream with this number, of which nothing has been drawn.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Draws { seed, stream, drawn: 0 }
    }

    /// Draws.
    pub(crate) fn draw<T>(&mut self, draw: impl FnOnce(&mut ChaCha8Rng) -> T) -> T {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(self.stream);
        if self.drawn > 0 {
            random.set_word_pos(self.drawn);
        }
        let drawn = draw(&mut random);
        self.drawn = random.get_word_pos();
        drawn
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;

    #[test]
    fn what_is_drawn_one_by_one_is_what_the_stream_holds() {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        random.set_stream(9);
        let mut draws = Draws::new(7, 9);
        for _ in 0..100 {
            assert_eq!(draws.draw(ChaCha8Rng::random::<u8>), random.random::<u8>());
            assert_eq!(draws.draw(ChaCha8Rng::random::<u64>), random.random::<u64>());
            let range = 32..8192;
            let drawn = draws.draw(|random| random.random_range(range.clone()));
            assert_eq!(drawn, random.random_range(range));
        }
    }
}
