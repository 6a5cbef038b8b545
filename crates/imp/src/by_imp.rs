//! What an IMP keeps for each IMP that it has to do with: few, as a rule.

use crate::ids::ImpNumber;

/// Something for some IMPs, in the order of their numbers.
#[derive(Debug, Clone)]
pub(crate) struct ByImp<T>(Vec<(ImpNumber, Box<T>)>);

impl<T> Default for ByImp<T> {
    fn default() -> Self {
        ByImp(Vec::new())
    }
}

impl<T> ByImp<T> {
    /// Where an IMP stands, or, if it does not, belongs.
    fn place(&self, imp: ImpNumber) -> Result<usize, usize> {
        let place = self.0.iter().position(|(number, _)| *number >= imp).unwrap_or(self.0.len());
        match self.0.get(place) {
            Some((number, _)) if *number == imp => Ok(place),
            Some(_) | None => Err(place),
        }
    }

    /// What there is for an IMP.
    pub(crate) fn get(&self, imp: ImpNumber) -> Option<&T> {
        self.0.iter().find(|(number, _)| *number == imp).map(|(_, kept)| &**kept)
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, imp: ImpNumber) -> Option<&mut T> {
        self.0.iter_mut().find(|(number, _)| *number == imp).map(|(_, kept)| &mut **kept)
    }

    /// The same, which is made if there is nothing yet.
    pub(crate) fn get_or_insert_with(&mut self, imp: ImpNumber, make: impl FnOnce() -> T) -> &mut T {
        let place = self.place(imp).unwrap_or_else(|place| {
            self.0.insert(place, (imp, Box::new(make())));
            place
        });
        &mut self.0[place].1
    }

    /// What there is for all IMPs.
    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, kept)| &**kept)
    }

    /// What there is for the IMPs after `last`, in the order of their numbers; or for all.
    pub(crate) fn after(&self, last: Option<ImpNumber>) -> impl Iterator<Item = (ImpNumber, &T)> {
        let after = self.0.iter().filter(move |(number, _)| last.is_none_or(|last| *number > last));
        after.map(|(number, kept)| (*number, &**kept))
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_stand_in_the_order_of_their_numbers_whoever_came_first() {
        let imp = |number| ImpNumber::new(number).expect("six bits");
        let mut kept: ByImp<u8> = ByImp::default();
        for number in [5, 63, 0, 9, 5] {
            *kept.get_or_insert_with(imp(number), || 0) += number;
        }
        let after =
            |last: Option<u8>| kept.after(last.map(imp)).map(|(number, _)| number.get()).collect::<Vec<_>>();
        assert_eq!(after(None), [0, 5, 9, 63]);
        assert_eq!(after(Some(5)), [9, 63]);
        assert_eq!(after(Some(6)), [9, 63], "also after one that is not there");
        assert_eq!(kept.get(imp(5)), Some(&10), "what is there is not made again");
        assert_eq!(kept.get(imp(6)), None);
    }
}
