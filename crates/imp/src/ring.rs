//! What is known of the last message numbers.

/// A value for each of the last numbers that were put in: each number takes the place of the one that is `N` lower.
#[derive(Debug, Clone)]
pub(crate) struct Ring<T, const N: usize>([Option<(u32, T)>; N]);

impl<T, const N: usize> Default for Ring<T, N> {
    fn default() -> Self {
        Ring([const { None }; N])
    }
}

impl<T, const N: usize> Ring<T, N> {
    /// The value of a number, if it is known.
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.0[place::<N>(number)].as_ref().filter(|(known, _)| *known == number).map(|(_, value)| value)
    }

    /// The value of a number, to be changed, if it is known.
    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.0[place::<N>(number)].as_mut().filter(|(known, _)| *known == number).map(|(_, value)| value)
    }

    /// Puts a value in. The number that had its place, if another one, is forgotten.
    pub(crate) fn put(&mut self, number: u32, value: T) {
        self.0[place::<N>(number)] = Some((number, value));
    }

    /// Takes the value of a number out.
    pub(crate) fn take(&mut self, number: u32) -> Option<T> {
        self.0[place::<N>(number)].take_if(|(known, _)| *known == number).map(|(_, value)| value)
    }

    /// The number that has the place of a number: itself, an older or a newer one.
    pub(crate) fn in_place_of(&self, number: u32) -> Option<u32> {
        self.0[place::<N>(number)].as_ref().map(|(known, _)| *known)
    }

    /// All values.
    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten().map(|(_, value)| value)
    }

    /// Shows each value to `which`, which may change it, in the order of their places. Returns the numbers of those for which
    /// it is true.
    pub(crate) fn numbers_where(&mut self, mut which: impl FnMut(&mut T) -> bool) -> [Option<u32>; N] {
        self.0.each_mut().map(|place| {
            let (number, value) = place.as_mut()?;
            which(value).then_some(*number)
        })
    }
}

fn place<const N: usize>(number: u32) -> usize {
    number as usize % N
}
