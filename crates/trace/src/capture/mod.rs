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
mod run;
mod wiretap;

pub use cables::{Cable, Cables, Hint, Known, NoPlace, Place, Reading, Rest};
pub use ends::said_by_another;
pub use file::{Captured, FileError, Interface, Packets, packets};
pub use packet::{Outside, Udp, udp};
pub use run::write_run;
pub use wiretap::{EPOCH_MICROS, Wiretap};

/// How the capture of one of our cables calls its interface, before the number of the host.
const CABLE_OF: &str = "cable of host ";

/// What the capture of one of our cables says of it besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Remark {
    /// When the clock showed zero, in microseconds after the beginning of 1970.
    epoch: u64,
    /// How the cable was listened to.
    sight: Sight,
}

/// How a remark ends.
fn ending(sight: Sight) -> &'static str {
    match sight {
        Sight::Whole => ", simulated",
        Sight::AtImp => ", heard at its IMP",
        Sight::AtHost => ", heard at its host",
        Sight::Between => ", heard on its way",
        Sight::Unseen => ", heard elsewhere",
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{TIME_ZERO}{}{}", self.epoch, ending(self.sight))
    }
}

/// How a remark begins.
const TIME_ZERO: &str = "time 0 in microseconds after the beginning of 1970: ";

impl Remark {
    fn read(text: &str) -> Option<Remark> {
        let text = text.strip_prefix(TIME_ZERO)?;
        let sights = [Sight::Whole, Sight::AtImp, Sight::AtHost, Sight::Between, Sight::Unseen];
        let (number, sight) =
            sights.into_iter().find_map(|sight| Some((text.strip_suffix(ending(sight))?, sight)))?;
        Some(Remark { epoch: number.parse().ok()?, sight })
    }

    /// How whoever reads the capture listens to the cable.
    fn reader(self) -> Sight {
        match self.sight {
            // A capture has the words of a simulated one, and not what happened to it.
            Sight::Whole | Sight::Between => Sight::Between,
            Sight::AtImp => Sight::AtImp,
            Sight::AtHost => Sight::AtHost,
            Sight::Unseen => Sight::Unseen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_read_as_it_was_written() {
        for sight in [Sight::Whole, Sight::AtImp, Sight::AtHost, Sight::Between, Sight::Unseen] {
            let remark = Remark { epoch: 1973, sight };
            assert_eq!(Remark::read(&remark.to_string()), Some(remark), "{remark}");
        }
        assert_eq!(Remark::read("time 0 in microseconds after the beginning of 1970: 1973"), None);
    }
}
