//! The host table: names for addresses. Every host keeps its own copy, as in 1973.

use std::borrow::Cow;
use std::collections::BTreeMap;

use imp1822::HostAddress;

/// A table of host names. Names are found whatever their case.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    addresses: BTreeMap<String, HostAddress>,
    names: BTreeMap<HostAddress, String>,
}

impl Directory {
    /// Adds a name. The first name that an address is given is its official one, the others are nicknames.
    pub fn add(&mut self, name: &str, address: HostAddress) {
        self.addresses.insert(name.to_ascii_uppercase(), address);
        self.names.entry(address).or_insert_with(|| name.to_owned());
    }

    /// The same, and all that is in another table and does not contradict.
    #[must_use]
    pub fn with(mut self, other: &Directory) -> Self {
        for (name, address) in &other.addresses {
            self.addresses.entry(name.clone()).or_insert(*address);
        }
        for (address, name) in &other.names {
            self.names.entry(*address).or_insert_with(|| name.clone());
        }
        self
    }

    /// The address of the host of that name.
    pub fn address(&self, name: &str) -> Option<HostAddress> {
        self.addresses.get(&name.to_ascii_uppercase()).copied()
    }

    /// The host that somebody means: by its name or, if none has that name, by its number, which reaches also those that the
    /// table does not have.
    pub fn meant(&self, text: &str) -> Option<HostAddress> {
        let number =
            || text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u8>().ok()).flatten();
        self.address(text).or_else(|| number().map(HostAddress::from))
    }

    /// The official name of a host, or `host 69` if the table has none.
    pub fn name(&self, address: HostAddress) -> String {
        self.official(address).into_owned()
    }

    /// The same, lent if the table has it.
    pub fn official(&self, address: HostAddress) -> Cow<'_, str> {
        match self.names.get(&address) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(format!("host {address}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_meant_by_its_name_or_by_its_number_whether_or_not_the_table_has_it() {
        let mut table = Directory::default();
        table.add("UTAH-10", HostAddress::from(4));
        table.add("7", HostAddress::from(9));
        let meant = |text| table.meant(text).map(HostAddress::number);
        assert_eq!(["utah-10", "4", "66", "255"].map(meant), [Some(4), Some(4), Some(66), Some(255)]);
        assert_eq!(meant("7"), Some(9), "a name is a name");
        assert_eq!(["256", "-1", "+1", "", "0x4", "4 ", "HARV-10"].map(meant), [None; 7]);
    }
}
