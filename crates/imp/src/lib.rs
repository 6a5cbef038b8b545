//! The subnet: IMPs, the lines between them, and the cables to the hosts.
//!
//! A [`Net`] says what there is; a [`Subnet`] makes it work. The subnet is one machine: it takes what a host
//! puts on its cable and hands out what arrives at a host, to the microsecond.
//!
//! What happens to a message follows RFC 442 (message numbers, four messages outstanding, order), RFC 381
//! (the IMP's answers) and what is known of the IMP program: it is padded, cut into packets of at most
//! 1008 bits, forwarded line by line, put together again, carried to the host, and answered by exactly one
//! RFNM, destination dead, or incomplete transmission.
//!
//! Simpler than in 1973, so far:
//!
//! * Routes are the shortest paths and change in all IMPs at the moment when something fails or heals.
//! * An IMP takes a whole message from its host before the first packet leaves. Buffers never run out,
//!   so that nothing is requested or allocated, and no host is ever called tardy.
//! * A message that waits for a message number is held as long as it takes, and not refused after 15 s with
//!   type 9 subtype 4 (RFC 394): at most 30 s for each message before it.
//! * A packet that is on a line when the line dies is lost: lines do not acknowledge.
//! * A source IMP that has no answer after 30 s tells its host at once that the message is lost, and tells
//!   the destination IMP to do without it. It does not ask first (RFC 442): if only the answer was lost, the
//!   message has arrived.
//! * A host whose ready line rises takes messages at once, not after 30 s of one packet each (RFC 271).
//! * The next message after an interface reset is taken, not answered with type 1 subtype 0 (RFC 381).

mod agenda;
mod flow;
mod imp;
mod line;
mod net;
mod packet;
mod port;
mod route;
mod subnet;
mod transit;

pub use line::LineFigures;
pub use net::{HostSite, ImpSite, LineSite, Net, NetError};
pub use packet::{Carried, Crossing, FRAMING_BITS, MAX_PACKET_BITS};
pub use port::HostLine;
pub use subnet::{Output, Settings, Subnet};
