//! How a scenario calls hosts, IMPs and lines: by their official names in its net. And how it writes times.

use imp::Net;
use imp1822::HostAddress;
use machine::{Instant, Span};

/// Calls parts of a net by their names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Called<'a> {
    pub(super) net: &'a Net,
}

impl Called<'_> {
    /// A host; one that the net does not have, by its number.
    pub(super) fn host(self, address: HostAddress) -> String {
        let site = self.net.hosts.iter().find(|site| site.address == address);
        site.map_or_else(|| address.to_string(), |site| site.name.clone())
    }

    /// An IMP.
    pub(super) fn imp(self, number: u8) -> String {
        let site = self.net.imps.iter().find(|imp| imp.number == number);
        site.map_or_else(|| number.to_string(), |imp| imp.name.clone())
    }

    /// A line: `line SITE1 to SITE2`.
    pub(super) fn line(self, between: [u8; 2]) -> String {
        let [a, b] = between.map(|end| self.imp(end));
        format!("line {a} to {b}")
    }

    /// Hosts with commas between.
    pub(super) fn hosts(self, hosts: impl IntoIterator<Item = HostAddress>) -> String {
        hosts.into_iter().map(|host| self.host(host)).collect::<Vec<_>>().join(", ")
    }
}

/// A length of time; of none at all, the unit is of no account.
pub(super) fn lasting(span: Span) -> String {
    if span == Span::ZERO { "0s".to_owned() } else { span.to_string() }
}

/// A time of the run, from its start.
pub(super) fn time_of_run(time: Instant) -> String {
    lasting(time.since(Instant::START))
}
