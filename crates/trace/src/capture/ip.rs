//! The IP addresses of hosts and IMPs in captures written here: 10.HOST.0.IMP is a host's, as RFC 796 gives it later,
//! and 10.255.0.IMP its IMP's.

use imp1822::HostAddress;

/// The port at both ends of every cable.
pub(super) const PORT: u16 = 1822;

/// The IP addresses of a host and its IMP.
pub(super) fn addresses(host: HostAddress) -> ([u8; 4], [u8; 4]) {
    ([10, host.host(), 0, host.imp()], [10, 255, 0, host.imp()])
}

/// The host with this IP address, if it is a host's in captures written here.
pub(super) fn host_at([ten, host, zero, imp]: [u8; 4]) -> Option<HostAddress> {
    if (ten, zero) == (10, 0) { HostAddress::new(host, imp) } else { None }
}
