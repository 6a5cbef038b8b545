//! What hosts and IMPs are called.

use std::collections::BTreeMap;
use std::sync::Arc;

use host::Directory;
use imp::Net;
use imp1822::HostAddress;

/// The names of the hosts and IMPs of a net. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Names {
    hosts: Arc<Directory>,
    imps: Arc<BTreeMap<u8, String>>,
}

impl Names {
    /// These names of hosts, and of IMPs by their numbers.
    pub fn new(hosts: Directory, imps: impl IntoIterator<Item = (u8, String)>) -> Self {
        Names { hosts: Arc::new(hosts), imps: Arc::new(imps.into_iter().collect()) }
    }

    /// The names that a net gives.
    pub fn of(net: &Net) -> Self {
        let mut directory = Directory::default();
        for site in &net.hosts {
            directory.add(&site.name, site.address);
            site.aliases.iter().for_each(|alias| directory.add(alias, site.address));
        }
        Names::new(directory, net.imps.iter().map(|imp| (imp.number, imp.name.clone())))
    }

    /// The host table: what every host of the net is given.
    pub fn hosts(&self) -> &Arc<Directory> {
        &self.hosts
    }

    /// The official name of a host, or `host 69` if it has none.
    pub fn host(&self, address: HostAddress) -> String {
        self.hosts.name(address)
    }

    /// The name of an IMP, or its number if it has none.
    pub fn imp(&self, number: u8) -> String {
        self.imps.get(&number).cloned().unwrap_or_else(|| number.to_string())
    }
}

impl From<Arc<Directory>> for Names {
    fn from(hosts: Arc<Directory>) -> Self {
        Names { hosts, imps: Arc::default() }
    }
}

impl From<Directory> for Names {
    /// Names of hosts alone, where nothing is known of IMPs.
    fn from(hosts: Directory) -> Self {
        Names::new(hosts, [])
    }
}
