//! What captures written here say of each interface: whose cable it is, when time began, where it was listened to.

use std::fmt;

use imp1822::HostAddress;

use super::block::Interface;
use crate::monitor::TapPoint;

/// The description of an interface, before the number of the host.
const CABLE_OF: &str = "cable of host ";

/// How a remark begins.
const TIME_ZERO: &str = "time 0 in microseconds after the beginning of 1970: ";

/// Every tap point, each of which ends a remark in its own way.
const TAPS: [TapPoint; 5] =
    [TapPoint::Lossless, TapPoint::AtImp, TapPoint::AtHost, TapPoint::InTransit, TapPoint::Absent];

/// The comment on an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Remark {
    /// When the clock showed zero, in microseconds after the beginning of 1970.
    pub(super) epoch: u64,
    /// Where the cable was listened to.
    pub(super) tap: TapPoint,
}

/// The description of a host's cable.
pub(super) fn cable_of(host: HostAddress) -> String {
    format!("{CABLE_OF}{host}")
}

/// The host whose cable an interface is, if a capture written here says so.
pub(super) fn described_host(interface: &Interface) -> Option<HostAddress> {
    let number = interface.description.as_ref()?.strip_prefix(CABLE_OF)?;
    number.parse::<u8>().ok().map(HostAddress::from)
}

/// How a remark ends.
fn ending(tap: TapPoint) -> &'static str {
    match tap {
        TapPoint::Lossless => ", simulated",
        TapPoint::AtImp => ", heard at its IMP",
        TapPoint::AtHost => ", heard at its host",
        TapPoint::InTransit => ", heard on its way",
        TapPoint::Absent => ", heard elsewhere",
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{TIME_ZERO}{}{}", self.epoch, ending(self.tap))
    }
}

impl Remark {
    /// The remark on an interface, if it has one.
    pub(super) fn on(interface: &Interface) -> Option<Remark> {
        Remark::read(interface.comment.as_ref()?)
    }

    fn read(text: &str) -> Option<Remark> {
        let text = text.strip_prefix(TIME_ZERO)?;
        let (number, tap) = TAPS.into_iter().find_map(|tap| Some((text.strip_suffix(ending(tap))?, tap)))?;
        Some(Remark { epoch: number.parse().ok()?, tap })
    }

    /// Where a reader of the capture listens to the cable.
    pub(super) fn tap_of_reader(self) -> TapPoint {
        match self.tap {
            // A capture of a simulated cable holds its messages, but not the faults that happened to it.
            TapPoint::Lossless | TapPoint::InTransit => TapPoint::InTransit,
            TapPoint::AtImp => TapPoint::AtImp,
            TapPoint::AtHost => TapPoint::AtHost,
            TapPoint::Absent => TapPoint::Absent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_read_as_it_was_written() {
        for tap in TAPS {
            let remark = Remark { epoch: 1973, tap };
            assert_eq!(Remark::read(&remark.to_string()), Some(remark), "{remark}");
        }
        assert_eq!(Remark::read("time 0 in microseconds after the beginning of 1970: 1973"), None);
    }
}
