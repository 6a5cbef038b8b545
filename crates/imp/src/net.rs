//! What a network consists of: data only, as a file or a test states it.

use std::collections::BTreeSet;
use std::fmt;

use imp1822::HostAddress;
use machine::{Rate, Span};

use crate::ids::IMPS;
use crate::nearest::nearest;
use crate::number::number;
use crate::place::Place;
use crate::routing;

/// A network: its IMPs, lines and hosts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Net {
    /// The name by which a scenario asks for it.
    pub name: String,
    /// One line of description.
    pub title: String,
    /// The documents that it follows.
    pub sources: Vec<String>,
    /// The IMPs.
    pub imps: Vec<ImpSite>,
    /// The lines between them.
    pub lines: Vec<LineSite>,
    /// The hosts.
    pub hosts: Vec<HostSite>,
    /// To whom the IMPs report, if they do.
    pub reports: Option<Reports>,
}

/// That all IMPs report how they are, and how much they have carried, as [`ncc`] has it. An IMP with number 0 does not: the
/// center would not know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reports {
    /// The host to which they report, the control center.
    pub to: HostAddress,
    /// The time between two reports of an IMP.
    pub every: Span,
}

impl Reports {
    /// The period of the IMPs of 1973: 2.29 reports a minute of two kinds (RFC 619).
    pub const PERIOD: Span = Span::from_millis(52_400);

    /// The longest period. The center would miss an IMP between two reports that are much further apart.
    pub const LONGEST: Span = Span::from_secs(60);

    /// The shortest. An IMP looks at its clock every 640 ms.
    pub const SHORTEST: Span = Span::from_secs(1);
}

/// An IMP or TIP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpSite {
    /// Its number, 0 to 63. Number 0 is an address like any other, though no IMP had it in 1973.
    pub number: u8,
    /// The name of its site.
    pub name: String,
    /// Where it stands, if the net says so. Nothing that happens depends on it.
    pub place: Option<Place>,
}

/// A line between two IMPs, alike in both directions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSite {
    /// The numbers of the IMPs at its ends.
    pub between: [u8; 2],
    /// Its speed in each direction.
    pub rate: Rate,
    /// How long a bit is on its way, in one direction.
    pub delay: Span,
}

/// A host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostSite {
    /// Its name.
    pub name: String,
    /// Where it is attached.
    pub address: HostAddress,
    /// Further names.
    pub aliases: Vec<String>,
    /// Its operating system, such as `TENEX`.
    pub system: String,
    /// The speed of the cable to its IMP, each way, if it is not that of all others.
    pub cable: Option<Rate>,
}

impl HostSite {
    /// All names of the host, the first one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.aliases).map(String::as_str)
    }
}

/// What keeps a [`Net`] from being one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// An IMP's number does not fit.
    #[error("IMP {name} has number {number}; numbers go from 0 to 63")]
    ImpNumber {
        /// Its name.
        name: String,
        /// Its number.
        number: u8,
    },
    /// Two IMPs have one number.
    #[error("two IMPs have number {0}")]
    SameImpNumber(u8),
    /// Two IMPs have one name.
    #[error("two IMPs are named {0}")]
    SameImpName(String),
    /// A line leads to an IMP that the net does not have.
    #[error("a line between {} and {}, but there is no IMP {unknown}", .between[0], .between[1])]
    LineToUnknownImp {
        /// The ends of the line.
        between: [u8; 2],
        /// The end that is missing.
        unknown: u8,
    },
    /// A line leads back to where it begins.
    #[error("a line from IMP {0} to itself")]
    LineToItself(u8),
    /// A host is on an IMP that the net does not have.
    #[error("host {host} is on IMP {imp}, but there is no such IMP")]
    HostOnUnknownImp {
        /// The host's name.
        host: String,
        /// The IMP that is missing.
        imp: u8,
    },
    /// Two hosts have one address.
    #[error("two hosts have address {0}")]
    SameAddress(HostAddress),
    /// Two hosts have one name, or a host has a name twice.
    #[error("the host name {0} is given twice")]
    SameHostName(String),
    /// The IMPs report to a host that the net does not have.
    #[error("the IMPs report to host {0}, but there is no such host")]
    ReportsToUnknownHost(HostAddress),
    /// They report too often, or too seldom.
    #[error("the IMPs report every {0}; it must be from {least} to {most}", least = Reports::SHORTEST, most = Reports::LONGEST)]
    ReportsEvery(Span),
}

/// Why a net has no such host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the net {net} has no host {text}")]
pub struct NoHost {
    /// The name of the net.
    pub net: String,
    /// What was to name a host, or to be its address.
    pub text: String,
    /// What may have been meant.
    pub meant: Meant,
}

/// Why a net has no such IMP.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the net {net} has no IMP {text}")]
pub struct NoImp {
    /// The name of the net.
    pub net: String,
    /// What was to name an IMP, or to be its number.
    pub text: String,
    /// What may have been meant.
    pub meant: Meant,
}

/// What may have been meant by a name that a net does not have. It is displayed as a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// The nearest name that there is.
    Near(String),
    /// One of the hosts of the IMP that has this name.
    HostsOfImp(Vec<String>),
    /// One of the hosts of the IMP that has the nearest name.
    HostsOfNearImp(String, Vec<String>),
    /// The IMP of the host that has this name.
    ImpOfHost(String),
    /// One of these names, which are all there are.
    OneOf(Vec<String>),
}

impl fmt::Display for Meant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Meant::Near(name) => write!(f, "did you mean `{name}`?"),
            Meant::HostsOfImp(hosts) if hosts.is_empty() => f.write_str("that is an IMP; it has no hosts"),
            Meant::HostsOfImp(hosts) => write!(f, "that is an IMP; its hosts are: {}", hosts.join(", ")),
            Meant::HostsOfNearImp(imp, hosts) if hosts.is_empty() => {
                write!(f, "did you mean the IMP `{imp}`? it has no hosts")
            }
            Meant::HostsOfNearImp(imp, hosts) => {
                write!(f, "did you mean the IMP `{imp}`? its hosts are: {}", hosts.join(", "))
            }
            Meant::ImpOfHost(imp) => write!(f, "that is a host, on the IMP {imp}"),
            Meant::OneOf(names) if names.is_empty() => f.write_str("there are none"),
            Meant::OneOf(names) => write!(f, "there are: {}", names.join(", ")),
        }
    }
}

impl Net {
    /// The host with that name or address: any of its names, in capitals or not, or a number in decimal, octal (`0o105`)
    /// or hexadecimal (`0x45`).
    ///
    /// # Errors
    /// There is none.
    pub fn host(&self, text: &str) -> Result<&HostSite, NoHost> {
        let at_number = || self.host_at(address(text)?);
        self.host_named(text).or_else(at_number).ok_or_else(|| self.no_host(text))
    }

    /// Whether there is a host with that name or address.
    pub fn has_host(&self, text: &str) -> bool {
        self.host_named(text).is_some()
            || address(text).is_some_and(|address| self.host_at(address).is_some())
    }

    /// The address of the host with that name, or the address with that number, whether the net has a host there or not.
    ///
    /// # Errors
    /// The text is neither.
    pub fn address(&self, text: &str) -> Result<HostAddress, NoHost> {
        let named = self.host_named(text).map(|host| host.address);
        named.or_else(|| address(text)).ok_or_else(|| self.no_host(text))
    }

    /// That no host has this name, and what may have been meant.
    pub fn no_host(&self, text: &str) -> NoHost {
        let there = |imp: &ImpSite| {
            let there = self.hosts.iter().filter(|host| host.address.imp() == imp.number);
            there.map(|host| host.name.clone()).collect()
        };
        let hosts = self.hosts.iter().flat_map(HostSite::names);
        let imps = self.imps.iter().map(|imp| imp.name.as_str());
        let near = || nearest(text, hosts.chain(imps));
        let meant = if let Some(imp) = self.imp_named(text) {
            Meant::HostsOfImp(there(imp))
        } else if let Some(name) = near() {
            match self.imp_named(name) {
                Some(imp) if self.host_named(name).is_none() => {
                    Meant::HostsOfNearImp(name.to_owned(), there(imp))
                }
                Some(_) | None => Meant::Near(name.to_owned()),
            }
        } else {
            Meant::OneOf(self.hosts.iter().map(|host| host.name.clone()).collect())
        };
        NoHost { net: self.name.clone(), text: text.to_owned(), meant }
    }

    /// The IMP with that name, in capitals or not, or that number in decimal, octal or hexadecimal.
    ///
    /// # Errors
    /// There is none.
    pub fn imp(&self, text: &str) -> Result<&ImpSite, NoImp> {
        let with_number = || {
            let number = number(text).ok()?;
            self.imps.iter().find(|imp| u64::from(imp.number) == number)
        };
        self.imp_named(text).or_else(with_number).ok_or_else(|| self.no_imp(text))
    }

    fn no_imp(&self, text: &str) -> NoImp {
        let of_host = self.host_named(text).and_then(|host| {
            self.imps.iter().find(|imp| imp.number == host.address.imp()).map(|imp| imp.name.clone())
        });
        let near = || nearest(text, self.imps.iter().map(|imp| imp.name.as_str()));
        let meant = match (of_host, near()) {
            (Some(imp), _) => Meant::ImpOfHost(imp),
            (None, Some(name)) => Meant::Near(name.to_owned()),
            (None, None) => Meant::OneOf(self.imps.iter().map(|imp| imp.name.clone()).collect()),
        };
        NoImp { net: self.name.clone(), text: text.to_owned(), meant }
    }

    /// The host of that name, which may be any of its names, in capitals or not.
    pub fn host_named(&self, name: &str) -> Option<&HostSite> {
        self.hosts.iter().find(|host| host.names().any(|known| known.eq_ignore_ascii_case(name)))
    }

    /// The host at that address.
    pub fn host_at(&self, address: HostAddress) -> Option<&HostSite> {
        self.hosts.iter().find(|host| host.address == address)
    }

    /// The IMP of that name, in capitals or not.
    pub fn imp_named(&self, name: &str) -> Option<&ImpSite> {
        self.imps.iter().find(|imp| imp.name.eq_ignore_ascii_case(name))
    }

    /// How many lines a packet crosses from one IMP to another when all lines are up, or `None` if there is
    /// no way.
    pub fn hops(&self, from: u8, to: u8) -> Option<usize> {
        self.imps.iter().find(|imp| imp.number == from)?;
        self.hops_to(to).get(usize::from(from)).copied().flatten()
    }

    /// How many lines a packet crosses to IMP `to` when all lines are up, from every IMP, by number.
    pub fn hops_to(&self, to: u8) -> Vec<Option<usize>> {
        let edges: Vec<[u8; 2]> = self.lines.iter().map(|line| line.between).collect();
        routing::distances(to, &edges).into_iter().map(|hops| hops.map(usize::from)).collect()
    }

    /// All that is wrong with the net, in the order in which it is stated. Nothing: it can be built.
    pub fn check(&self) -> Vec<NetError> {
        let mut errors = Vec::new();
        let mut numbers = BTreeSet::new();
        let mut names = BTreeSet::new();
        for ImpSite { number, name, place: _ } in &self.imps {
            if usize::from(*number) >= IMPS {
                errors.push(NetError::ImpNumber { name: name.clone(), number: *number });
            }
            if !numbers.insert(*number) {
                errors.push(NetError::SameImpNumber(*number));
            }
            if !names.insert(name.to_ascii_uppercase()) {
                errors.push(NetError::SameImpName(name.clone()));
            }
        }
        for LineSite { between, .. } in &self.lines {
            let unknown = between.iter().filter(|end| !numbers.contains(*end));
            errors.extend(unknown.map(|end| NetError::LineToUnknownImp { between: *between, unknown: *end }));
            if between[0] == between[1] {
                errors.push(NetError::LineToItself(between[0]));
            }
        }
        let mut addresses = BTreeSet::new();
        let mut names = BTreeSet::new();
        for host in &self.hosts {
            let imp = host.address.imp();
            if !numbers.contains(&imp) {
                errors.push(NetError::HostOnUnknownImp { host: host.name.clone(), imp });
            }
            if !addresses.insert(host.address) {
                errors.push(NetError::SameAddress(host.address));
            }
            let twice = host.names().filter(|name| !names.insert(name.to_ascii_uppercase()));
            errors.extend(twice.map(|name| NetError::SameHostName(name.to_owned())));
        }
        if let Some(Reports { to, every }) = self.reports {
            if !addresses.contains(&to) {
                errors.push(NetError::ReportsToUnknownHost(to));
            }
            if !(Reports::SHORTEST..=Reports::LONGEST).contains(&every) {
                errors.push(NetError::ReportsEvery(every));
            }
        }
        errors
    }
}

/// The address with that number.
fn address(text: &str) -> Option<HostAddress> {
    Some(HostAddress::from(u8::try_from(number(text).ok()?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imp(number: u8, name: &str) -> ImpSite {
        ImpSite { number, name: name.to_owned(), place: None }
    }

    fn line(a: u8, b: u8) -> LineSite {
        LineSite { between: [a, b], rate: Rate::kilobits(50), delay: Span::ZERO }
    }

    fn host(address: u8, name: &str, aliases: &[&str]) -> HostSite {
        HostSite {
            name: name.to_owned(),
            address: HostAddress::from(address),
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
            system: "TENEX".to_owned(),
            cable: None,
        }
    }

    fn boston() -> Net {
        Net {
            imps: vec![imp(5, "BBN"), imp(30, "BBN-T"), imp(6, "MIT"), imp(31, "CCA"), imp(36, "HAWAII")],
            lines: vec![line(5, 30), line(30, 6), line(5, 31)],
            hosts: vec![host(69, "BBN-TENEX", &["BBNA"]), host(31, "CCA-TENEX", &[])],
            ..Net::default()
        }
    }

    #[test]
    fn a_host_answers_to_each_of_its_names_in_any_case() {
        let net = boston();
        for name in ["BBN-TENEX", "bbna"] {
            assert_eq!(net.host_named(name).map(|host| host.address.number()), Some(69), "{name}");
        }
        assert_eq!(net.host_named("BBN"), None, "that is an IMP");
        assert_eq!(net.imp_named("cca").map(|imp| imp.number), Some(31));
        assert_eq!(net.host_at(HostAddress::from(31)).map(|host| host.name.as_str()), Some("CCA-TENEX"));
    }

    #[test]
    fn hosts_and_imps_are_found_by_name_and_by_number() {
        let net = boston();
        for text in ["BBN-TENEX", "bbna", "69", "0o105", "0x45", "0X45"] {
            assert_eq!(net.host(text).map(|host| host.address.number()), Ok(69), "{text}");
            assert_eq!(net.address(text), Ok(HostAddress::from(69)), "{text}");
        }
        for text in ["CCA", "cca", "31", "0o37", "0x1f"] {
            assert_eq!(net.imp(text).map(|imp| imp.number), Ok(31), "{text}");
        }
        for text in ["70", "+69", "0o", "0o400", "256", "", "0o+5", "BBN"] {
            assert!(net.host(text).is_err(), "{text}");
        }
        assert_eq!(
            net.address("0o106"),
            Ok(HostAddress::from(70)),
            "there is no such host, but it is an address"
        );
        assert!(net.address("256").is_err() && net.address("BBN").is_err());
    }

    #[test]
    fn who_names_nothing_of_the_net_is_told_what_may_be_meant() {
        let net = boston();
        let host = |text| net.host(text).expect_err("there is none").meant.to_string();
        let imp = |text| net.imp(text).expect_err("there is none").meant.to_string();
        assert_eq!(host("BBN-TENXE"), "did you mean `BBN-TENEX`?");
        assert_eq!(host("BBN"), "that is an IMP; its hosts are: BBN-TENEX");
        assert_eq!(host("HAWAII"), "that is an IMP; it has no hosts");
        assert_eq!(host("70"), "there are: BBN-TENEX, CCA-TENEX");
        assert_eq!(imp("CCA-TENEX"), "that is a host, on the IMP CCA");
        assert_eq!(imp("HAWAI"), "did you mean `HAWAII`?");
        assert_eq!(imp("64"), "there are: BBN, BBN-T, MIT, CCA, HAWAII");
        let error = net.host("UTAH").expect_err("there is none");
        assert_eq!(error.to_string(), "the net  has no host UTAH", "this one has no name");
    }

    #[test]
    fn hops_are_counted_along_the_shortest_way() {
        let net = boston();
        assert_eq!(net.hops(6, 5), Some(2), "MIT to BBN, as RFC 573 counts");
        assert_eq!(net.hops(31, 6), Some(3));
        assert_eq!(net.hops(5, 5), Some(0));
        assert_eq!(net.hops(5, 36), None, "no line leads to Hawaii");
        assert_eq!(net.hops(63, 63), None, "there is no IMP 63");
    }

    #[test]
    fn a_sound_net_has_no_errors() {
        assert_eq!(boston().check(), []);
    }

    #[test]
    fn there_are_64_numbers_and_zero_is_one_of_them() {
        let mut net = boston();
        net.imps.extend([imp(0, "FIRST"), imp(63, "LAST")]);
        net.lines.extend([line(0, 5), line(0, 63)]);
        net.hosts.extend([host(0, "NOUGHT", &[]), host(255, "ALL", &[])]);
        assert_eq!(net.check(), []);
        assert_eq!((net.hops(63, 6), net.hops(6, 0)), (Some(4), Some(3)));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let mut net = boston();
        net.imps.extend([imp(5, "ELSEWHERE"), imp(7, "bbn"), imp(64, "FAR")]);
        net.lines.extend([line(5, 5), line(6, 40)]);
        net.hosts.extend([host(69, "OTHER", &[]), host(41, "NOWHERE", &["bbna"])]);
        assert_eq!(
            net.check(),
            [
                NetError::SameImpNumber(5),
                NetError::SameImpName("bbn".to_owned()),
                NetError::ImpNumber { name: "FAR".to_owned(), number: 64 },
                NetError::LineToItself(5),
                NetError::LineToUnknownImp { between: [6, 40], unknown: 40 },
                NetError::SameAddress(HostAddress::from(69)),
                NetError::HostOnUnknownImp { host: "NOWHERE".to_owned(), imp: 41 },
                NetError::SameHostName("bbna".to_owned()),
            ]
        );
    }
}
