//! Captures: what crosses the hosts' cables, as the UDP datagrams of [`imp1822::h316`], in files that Wireshark and
//! others read and write.
//!
//! A [`Wiretap`] writes what was recorded into a file of the form pcapng. [`Cables::find`] looks for cables in a
//! capture by anybody's tools, of a run of ours or of emulated machines; [`Cables::read`] makes records of
//! what crossed them, so that the same [`View`](crate::View) shows both. [`packets`] reads the files, [`udp`] the
//! headers around a datagram.

mod cables;
mod ends;
mod file;
mod packet;
mod pcapng;
mod wiretap;

pub use cables::{Cable, Cables, Hint, Known, NoPlace, Place, Reading, Rest};
pub use ends::as_sent;
pub use file::{Captured, FileError, Interface, Packets, packets};
pub use packet::{Outside, Udp, udp};
pub use wiretap::{EPOCH_MICROS, Wiretap};

/// How the capture of one of our cables calls its interface, before the number of the host.
const CABLE_OF: &str = "cable of host ";
