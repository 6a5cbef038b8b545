//! A set of hosts.

use imp1822::HostAddress;

/// A set of hosts: a bit for each of the 256 numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct HostSet([u64; 4]);

impl HostSet {
    pub(crate) fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }

    pub(crate) fn insert(&mut self, host: HostAddress) {
        let number = host.number();
        self.0[usize::from(number / 64)] |= 1 << (number % 64);
    }

    /// Takes out the host with the lowest number.
    pub(crate) fn pop_first(&mut self) -> Option<HostAddress> {
        let (at, word) = (0..).zip(&mut self.0).find(|(_, word)| **word != 0)?;
        let bit = word.trailing_zeros() as u8;
        *word &= *word - 1;
        Some(HostAddress::from(at * 64 + bit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_come_out_once_and_by_number() {
        let mut set = HostSet::default();
        assert!(set.is_empty());
        let numbers = [255, 64, 0, 63, 64, 192, 1];
        numbers.iter().for_each(|number| set.insert(HostAddress::from(*number)));
        let out: Vec<u8> = std::iter::from_fn(|| set.pop_first()).map(HostAddress::number).collect();
        assert_eq!(out, [0, 1, 63, 64, 192, 255]);
        assert!(set.is_empty());
    }
}
