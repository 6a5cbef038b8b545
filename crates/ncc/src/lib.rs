//! The Network Control Center: what the IMPs report to it, and what it makes of that.
//!
//! Every IMP sends its reports to host 0 of IMP 5, as ordinary messages from one of its own programs
//! ([`FakeHost`](imp1822::FromImp::FakeHost)). [`Report`] reads and writes them. [`Center`] is told them and the time, and finds
//! out what they mean together: a line has two ends, and an IMP of which nothing comes may be dead or only cut off.
//!
//! # Where this comes from
//! The forms are those of the recovered IMP program (version 3050 of September 1973), known from its listing and from reports
//! of emulated IMPs that run it, with which every field here was compared. There is no document of the time that states them;
//! Report 1822 does not. RFC 619 has the rate: 2.29 reports a minute and IMP, which is a trouble and a throughput report each
//! 52.4 seconds. What the center's operators saw is known in outline only, so that the words of its log and the letters of its
//! summary are ours.

mod alarms;
mod center;
mod change;
mod ends;
mod report;
mod summary;
mod throughput;
mod trouble;

pub use alarms::Subject;
pub use center::{Center, Heard, ImpView, LineView, Traffic};
pub use change::{Change, Entry, ImpState, LineId, LineState};
pub use report::{Report, ReportError};
pub use throughput::{HostCount, LineCount, ThroughputReport};
pub use trouble::{Anomalies, HOSTS, LINES, LineEnd, Registers, Restart, TroubleReport};

/// Where the reports go: host 0 of IMP 5, at BBN.
pub const ADDRESS: imp1822::HostAddress = match imp1822::HostAddress::new(0, 5) {
    Some(address) => address,
    None => panic!("it is an address"),
};

/// The fake host of an IMP from which its reports come: that of its statistics programs. So an emulated IMP numbers it.
pub const STATISTICS: u8 = 3;
