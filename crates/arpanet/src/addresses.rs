//! Addresses in options: of hosts in a net, and of the ends of cables.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use bridge::{BadName, Name};
use imp::{Meant, Net};
use imp1822::HostAddress;
use miette::Diagnostic;
use scenario::ast::External;

use crate::live::udp::CableAddress;
use crate::system::words;

/// Why an address in an option cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum AddressError {
    #[error("--address {text}: the net {net} has no such host; that would be host {} on IMP {}", .address.host(), .address.imp())]
    #[diagnostic(help("on that IMP there is: {there}; a host that the net does not know needs a --name"))]
    NotInNet { text: String, net: String, address: HostAddress, there: String },
    #[error("--address {text}: the net {net} has no such host")]
    NoHost {
        text: String,
        net: String,
        #[help]
        help: String,
    },
    #[error("--imp {text}: {why}")]
    #[diagnostic(help("write an address and a port: 127.0.0.1:22001, [::1]:22001, imp.example.org:22001"))]
    Imp { text: String, why: NoImpAddress },
    #[error("--listen {text}: neither a port nor an address with one")]
    #[diagnostic(help("write 22002, or 192.0.2.1:22002"))]
    NotListening { text: String },
    #[error("--listen {text}: from there is no way to {peer}")]
    #[diagnostic(help("give the port only"))]
    OtherFamily { text: String, peer: IpAddr },
    #[error("--external {text}: {why}")]
    #[diagnostic(help("write HARV-10=22001:127.0.0.1:22002: the port of the IMP, and where the host is"))]
    External { text: String, why: NoCableAddress },
    #[error("--cable {text}: {why}")]
    #[diagnostic(help(
        "write UTAH-10=22001:127.0.0.1:22002: a name, the port here, and where what is plugged in here is"
    ))]
    BridgeCable { text: String, why: NoCableAddress },
    #[error("--cable {text}: there is a cable of that name")]
    #[diagnostic(help("each has a name of its own, and the same one at the other end"))]
    SameBridgeCable { text: String },
    #[error("--listen {text}: neither a port nor an address with one")]
    #[diagnostic(help("write 4381, or 192.0.2.1:4381, or [::]:4381"))]
    NoDoor { text: String },
    #[error("--to {text}: no address with a port")]
    #[diagnostic(help("write where the other end listens: bridge.example.org:4381"))]
    NoFarEnd { text: String },
    #[error("--external {text}: the net {net} has no host {name}")]
    NoExternalHost {
        text: String,
        net: String,
        name: String,
        #[help]
        help: String,
    },
}

/// A cable of a bridge: its name, where its datagrams arrive here, and who takes them here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BridgeCable {
    pub(crate) name: Name,
    pub(crate) listen: SocketAddr,
    pub(crate) peer: SocketAddr,
}

/// Why a text is no address of an IMP.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoImpAddress {
    #[error("{}", words(.0))]
    Unresolved(io::Error),
    #[error("no datagram goes to port 0")]
    PortZero,
    #[error("no such address")]
    Unknown,
}

/// Why a text is no address of the cable of a host elsewhere.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoCableAddress {
    #[error("no = in it")]
    NoHost,
    #[error("a port only")]
    PortOnly,
    #[error("{0}")]
    NoName(BadName),
    #[error("{0:?} is no port")]
    NoPort(String),
    #[error("{0:?} is no address with a port")]
    NoPeer(String),
}

/// The address of a host that joins a net, given by `--address`. With `may_be_unknown`, the net need not have the host.
pub(crate) fn own_host(text: &str, net: &Net, may_be_unknown: bool) -> Result<HostAddress, AddressError> {
    match net.address(text) {
        Ok(address) if net.host_at(address).is_some() || may_be_unknown => Ok(address),
        Ok(address) => {
            let there = net.hosts.iter().filter(|host| host.address.imp() == address.imp());
            let there: Vec<String> = there.map(|host| format!("{} ({})", host.name, host.address)).collect();
            let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
            Err(AddressError::NotInNet { text: text.to_owned(), net: net.name.clone(), address, there })
        }
        Err(no_host) => {
            let help = match &no_host.meant {
                Meant::OneOf(_) => "a number from 0 to 255, or a name of the net".to_owned(),
                meant @ (Meant::Near(_)
                | Meant::HostsOfImp(_)
                | Meant::HostsOfNearImp(..)
                | Meant::ImpOfHost(_)) => meant.to_string(),
            };
            Err(AddressError::NoHost { text: text.to_owned(), net: net.name.clone(), help })
        }
    }
}

/// The address and port of an IMP, which may be given by name, from `--imp`.
pub(crate) fn imp(text: &str) -> Result<SocketAddr, AddressError> {
    let error = |why| AddressError::Imp { text: text.to_owned(), why };
    let found = text.to_socket_addrs().map_err(|unresolved| error(NoImpAddress::Unresolved(unresolved)))?;
    let found: Vec<SocketAddr> = found.collect();
    // The emulated machines speak IPv4, whatever a name stands for first.
    match found.iter().find(|address| address.is_ipv4()).or(found.first()).copied() {
        Some(address) if address.port() == 0 => Err(error(NoImpAddress::PortZero)),
        Some(address) => Ok(address),
        None => Err(error(NoImpAddress::Unknown)),
    }
}

/// A port of this machine at which the peer can reach it, from `--listen`.
pub(crate) fn listening(text: &str, peer: IpAddr) -> Result<SocketAddr, AddressError> {
    let own = match port(text) {
        Some(port) => External { port, peer: SocketAddr::new(peer, 0) }.listens_at(),
        None => text.parse().map_err(|_| AddressError::NotListening { text: text.to_owned() })?,
    };
    if own.is_ipv4() == peer.is_ipv4() {
        Ok(own)
    } else {
        Err(AddressError::OtherFamily { text: text.to_owned(), peer })
    }
}

/// A port by its number, written as numbers are everywhere.
fn port(text: &str) -> Option<u16> {
    u16::try_from(imp::number(text).ok()?).ok()
}

/// What a cable is called and where its two ends are: `NAME=PORT:ADDRESS:PORT`.
fn named_cable(text: &str) -> Result<(&str, External), NoCableAddress> {
    let (name, cable) = text.split_once('=').ok_or(NoCableAddress::NoHost)?;
    let (port, peer) = cable.split_once(':').ok_or(NoCableAddress::PortOnly)?;
    let port = self::port(port).ok_or_else(|| NoCableAddress::NoPort(port.to_owned()))?;
    let peer = peer.parse().map_err(|_| NoCableAddress::NoPeer(peer.to_owned()))?;
    Ok((name, External { port, peer }))
}

/// A cable of a bridge, from `--cable`.
pub(crate) fn bridge_cable(text: &str) -> Result<BridgeCable, AddressError> {
    let error = |why| AddressError::BridgeCable { text: text.to_owned(), why };
    let (name, external) = named_cable(text).map_err(error)?;
    let name = name.parse().map_err(|bad| error(NoCableAddress::NoName(bad)))?;
    // Nothing is plugged in at port 0, and a cable at one that the system draws cannot be told to anybody.
    if external.port == 0 || external.peer.port() == 0 {
        return Err(error(NoCableAddress::NoPort("0".to_owned())));
    }
    Ok(BridgeCable { name, listen: external.listens_at(), peer: external.peer })
}

/// Where an end of a bridge waits for the other one, from `--listen`.
pub(crate) fn door(text: &str) -> Result<SocketAddr, AddressError> {
    match port(text) {
        Some(port) => Ok(SocketAddr::from(([0, 0, 0, 0], port))),
        None => text.parse().map_err(|_| AddressError::NoDoor { text: text.to_owned() }),
    }
}

/// Where the other end of a bridge listens, from `--to`. A name is looked up at each call, as it may mean something else by then.
pub(crate) fn far_end(text: &str) -> Result<String, AddressError> {
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && is_port(port) => Ok(text.to_owned()),
        _ => Err(AddressError::NoFarEnd { text: text.to_owned() }),
    }
}

/// The cable of a host elsewhere, from `--external`.
pub(crate) fn external(text: &str, net: &Net) -> Result<CableAddress, AddressError> {
    let error = |why| AddressError::External { text: text.to_owned(), why };
    let (name, external) = named_cable(text).map_err(error)?;
    let site = net.host(name).map_err(|no_host| AddressError::NoExternalHost {
        text: text.to_owned(),
        net: net.name.clone(),
        name: name.to_owned(),
        help: no_host.meant.to_string(),
    })?;
    Ok(cable_of(site.address, external))
}

/// The cable of a host elsewhere.
pub(crate) fn cable_of(host: HostAddress, external: External) -> CableAddress {
    CableAddress { host, listen: external.listens_at(), peer: external.peer }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net() -> Net {
        let text =
            "net n  Two\nimp 1 A\nimp 2 B\nline A to B 50kb/s 1km\nhost A-TEN 1 TENEX\nhost B-TEN 66 TENEX\n";
        scenario::parse_net("n.net", text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
    }

    /// What is said of an error, and what helps.
    fn said(error: &AddressError) -> String {
        format!("{error}\n{}", error.help().map(|help| help.to_string()).unwrap_or_default())
    }

    #[test]
    fn a_port_alone_is_on_the_side_of_the_peer() {
        let own = |text: &str, peer: &str| {
            let own = listening(text, peer.parse().expect("an address"));
            own.map(|own| own.to_string()).map_err(|error| said(&error))
        };
        assert_eq!(own("22002", "127.0.0.1").as_deref(), Ok("127.0.0.1:22002"));
        assert_eq!(own("22002", "192.0.2.1").as_deref(), Ok("0.0.0.0:22002"));
        assert_eq!(own("0x55f2", "127.0.0.1").as_deref(), Ok("127.0.0.1:22002"), "numbers are written alike");
        assert_eq!(own("[::1]:9", "::1").as_deref(), Ok("[::1]:9"));
        assert!(own("[::1]:9", "127.0.0.1").is_err_and(|error| error.contains("give the port only")));
        assert!(own("nowhere", "127.0.0.1").is_err_and(|error| error.contains("write 22002")));
    }

    #[test]
    fn an_external_host_is_named_with_its_cable() {
        let cable = external("b-ten=22001:127.0.0.1:22002", &net()).expect("it is whole");
        assert_eq!(cable.host, HostAddress::from(66));
        assert_eq!((cable.listen.to_string(), cable.peer.port()), ("127.0.0.1:22001".to_owned(), 22002));
        for number in ["66", "0o102", "0x42"] {
            let same = external(&format!("{number}=22001:127.0.0.1:22002"), &net());
            assert_eq!(same.expect("it is whole"), cable, "by number: {number}");
        }
        let far = external("1=22001:[2001:db8::1]:22002", &net()).expect("it is whole");
        assert_eq!(far.listen.to_string(), "[::]:22001");
    }

    #[test]
    fn what_is_wrong_with_an_external_host_is_told() {
        let error = |text| said(&external(text, &net()).expect_err("it is wrong"));
        assert!(error("B-TEN").contains("no ="));
        assert!(error("B-TEN=22001").contains("a port only"));
        assert!(error("B-TEN=x:127.0.0.1:1").contains("\"x\" is no port"));
        assert!(error("B-TEN=1:nowhere:1").contains("no address with a port"));
        assert!(error("B-TEM=1:127.0.0.1:1").contains("did you mean `B-TEN`?"));
        assert!(error("B=1:127.0.0.1:1").contains("that is an IMP; its hosts are: B-TEN"));
    }

    #[test]
    fn a_host_that_joins_is_one_of_the_net_or_has_a_name_of_its_own() {
        for text in ["b-ten", "66", "0o102", "0x42"] {
            assert_eq!(own_host(text, &net(), false).expect("it is there"), HostAddress::from(66), "{text}");
        }
        assert_eq!(own_host("130", &net(), true).expect("it need not be there"), HostAddress::from(130));
        let error = |text| said(&own_host(text, &net(), false).expect_err("it is not there"));
        assert!(
            error("130").contains("host 2 on IMP 2\non that IMP there is: B-TEN (66); "),
            "{}",
            error("130")
        );
        assert!(error("B-TEM").contains("did you mean `B-TEN`?"));
        assert!(error("256").contains("a number from 0 to 255"));
    }
}
