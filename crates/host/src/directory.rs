//! The host table: names for addresses. Every host keeps its own copy, as in 1973.

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

    /// The official name of a host, or `host 69` if the table has none.
    pub fn name(&self, address: HostAddress) -> String {
        self.names.get(&address).cloned().unwrap_or_else(|| format!("host {address}"))
    }
}
