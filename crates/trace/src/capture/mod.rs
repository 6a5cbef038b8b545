//! Captures: what crosses the hosts' cables, as the UDP datagrams of [`imp1822::h316`], in files that Wireshark and
//! others read and write.
//!
//! A [`Wiretap`] writes what was recorded into a file of the form pcapng. [`Cables::find`] looks for cables in a
//! capture by anybody's tools, of a run of ours or of emulated machines; [`Cables::read`] makes records of
//! what crossed them, so that the same [`View`](crate::View) shows both. [`packets`] reads the files, [`udp`] the
//! headers around a datagram.

use std::fmt;

use crate::Sight;

mod cables;
mod ends;
mod file;
mod packet;
mod pcapng;
mod wiretap;

pub use cables::{Cable, Cables, Hint, Known, NoPlace, Place, Reading, Rest};
pub use ends::said_by_another;
pub use file::{Captured, FileError, Interface, Packets, packets};
pub use packet::{Outside, Udp, udp};
pub use wiretap::{EPOCH_MICROS, Wiretap};

/// How the capture of one of our cables calls its interface, before the number of the host.
const CABLE_OF: &str = "cable of host ";

/// What the capture of one of our cables says of it besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Remark {
    /// When the clock showed zero, in microseconds after the beginning of 1970.
    epoch: u64,
    /// How the cable was listened to, as far as the capture keeps it: of a simulated one it has whole words, and not what
    /// happened to it.
    sight: Sight,
}

/// How a remark ends.
const HEARD: [(&str, Sight); 3] = [
    (", heard at its host", Sight::AtHost),
    (", heard at its IMP", Sight::AtImp),
    (", simulated", Sight::Between),
];

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heard = HEARD.into_iter().find(|(_, sight)| *sight == self.sight).unwrap_or(HEARD[2]);
        write!(f, "{TIME_ZERO}{}{}", self.epoch, heard.0)
    }
}

/// How a remark begins.
const TIME_ZERO: &str = "time 0 in microseconds after the beginning of 1970: ";

impl Remark {
    fn read(text: &str) -> Option<Remark> {
        let text = text.strip_prefix(TIME_ZERO)?;
        let (number, sight) =
            HEARD.into_iter().find_map(|(heard, sight)| Some((text.strip_suffix(heard)?, sight)))?;
        Some(Remark { epoch: number.parse().ok()?, sight })
    }
}
