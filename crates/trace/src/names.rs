//! What hosts and IMPs are called.

use std::collections::BTreeMap;
use std::sync::Arc;

use host::Directory;
use imp::{Carried, Crossing, FRAMING_BITS, Net};
use imp1822::HostAddress;
use machine::{Rate, Span};

/// The names of the hosts and IMPs of a net, and what else of it a line of a transcript says: how fast its lines are. Clones
/// share them.
#[derive(Debug, Clone, Default)]
pub struct Names {
    hosts: Arc<Directory>,
    imps: Arc<BTreeMap<u8, String>>,
    lines: Arc<BTreeMap<[u8; 2], Rate>>,
}

impl Names {
    /// These names of hosts, and of IMPs by their numbers.
    pub fn new(hosts: Directory, imps: impl IntoIterator<Item = (u8, String)>) -> Self {
        Names { hosts: Arc::new(hosts), imps: Arc::new(imps.into_iter().collect()), lines: Arc::default() }
    }

    /// The names that a net gives.
    pub fn of(net: &Net) -> Self {
        let mut directory = Directory::default();
        for site in &net.hosts {
            directory.add(&site.name, site.address);
            site.aliases.iter().for_each(|alias| directory.add(alias, site.address));
        }
        let names = Names::new(directory, net.imps.iter().map(|imp| (imp.number, imp.name.clone())));
        let lines = net.lines.iter().map(|line| (sorted(line.between), line.rate));
        Names { lines: Arc::new(lines.collect()), ..names }
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

    /// How long a frame takes to be put on its line, and of what: `1008 bits of text + 168 of frame: 23.5 ms at 50 kb/s`. `None`
    /// if it is not known how fast the line is.
    pub fn transmission(&self, crossing: &Crossing) -> Option<String> {
        let rate = self.lines.get(&sorted([crossing.from_imp, crossing.to_imp]))?;
        let bits = crossing.bits;
        let what = match crossing.what {
            Carried::Data { .. } => {
                format!("{} bits of text + {FRAMING_BITS} of frame", bits.saturating_sub(FRAMING_BITS))
            }
            Carried::Routing => format!("{bits} bits"),
            _ => format!("{bits} bits of frame"),
        };
        let time = milliseconds(rate.time_for(bits as u64));
        let (kilobits, rest) = (rate.bits_per_second() / 1000, rate.bits_per_second() % 1000 / 100);
        let point = if rest > 0 { format!(".{rest}") } else { String::new() };
        Some(format!("{what}: {time} at {kilobits}{point} kb/s"))
    }
}

/// Both ends of a line in either order.
fn sorted([one, other]: [u8; 2]) -> [u8; 2] {
    if one <= other { [one, other] } else { [other, one] }
}

/// A short time with one decimal.
fn milliseconds(span: Span) -> String {
    let tenths = (span.as_micros() + 50) / 100;
    format!("{}.{} ms", tenths / 10, tenths % 10)
}

impl From<Arc<Directory>> for Names {
    fn from(hosts: Arc<Directory>) -> Self {
        Names { hosts, ..Names::default() }
    }
}

impl From<Directory> for Names {
    /// Names of hosts alone, where nothing is known of IMPs.
    fn from(hosts: Directory) -> Self {
        Names::new(hosts, [])
    }
}
