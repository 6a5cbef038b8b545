//! The largest net that 1822 can address, with each host fetching a file from another one at once: more than it can carry.

use std::fmt::Write as _;

/// IMP numbers have six bits.
pub(crate) const IMPS: usize = 64;
/// How many hosts each IMP has.
pub(crate) const HOSTS: usize = 4;

/// A net file with 64 IMPs and 256 hosts: a ring of lines 100 km long, and a chord from every second IMP to the one
/// across, so that each IMP has two lines or three. Hosts are named for their addresses: H0 to H255.
pub(crate) fn full_net() -> String {
    let mut text = "net full  All 64 IMPs and all 256 hosts\n".to_owned();
    // Writing to a String cannot fail.
    for imp in 0..IMPS {
        let _ = writeln!(text, "imp {imp} IMP{imp}");
        let _ = writeln!(text, "line {imp} to {} 50kb/s 100km", (imp + 1) % IMPS);
        if imp < IMPS / 2 && imp % 2 == 0 {
            let _ = writeln!(text, "line {imp} to {} 50kb/s 1000km", imp + IMPS / 2);
        }
        for host in 0..HOSTS {
            let address = host * IMPS + imp;
            let _ = writeln!(text, "host H{address} {address} TENEX");
        }
    }
    text
}

/// A scenario in which each of the 256 hosts fetches 20 kB from another one, all of them at once: more than the subnet
/// carries without losing anything.
pub(crate) fn crowd() -> String {
    let mut text = "title More than the net can carry\nnet full\nlimit 60min\n".to_owned();
    let hosts = || (0..IMPS * HOSTS).map(|user| (user, server_of(user)));
    for (user, _) in hosts() {
        let _ = writeln!(
            text,
            "host H{user} serves ftp account S password P runs ftp\n  file <S>DATA of 20000 bytes"
        );
    }
    hosts().for_each(|(user, server)| {
        let _ = writeln!(text, "H{user} types CONNECT H{server}");
    });
    for line in ["LOGIN S P", "GET DATA <S>COPY"] {
        hosts().for_each(|(user, _)| {
            let _ = writeln!(text, "H{user} types {line}");
        });
    }
    text
}

/// From whom a host fetches its file: from nobody on its own IMP.
pub(crate) fn server_of(user: usize) -> usize {
    (user * 5 + 17) % (IMPS * HOSTS)
}
