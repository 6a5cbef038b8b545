//! The subnet: IMPs, the lines between them, and the cables to the hosts.

mod agenda;
mod buffers;
mod clock;
mod crossing;
mod destination;
mod faults;
mod imp;
mod inbound;
mod line;
mod net;
mod outbound;
mod packet;
mod place;
mod port;
mod rest;
mod routing;
mod slot;
mod source;
mod subnet;
mod trunk;
mod wires;

pub use crossing::{Carried, Crossing};
pub use line::LineFigures;
pub use net::{HostSite, ImpSite, LineSite, Net, NetError};
pub use packet::{FRAMING_BITS, MAX_PACKET_BITS, ROUTING_BITS};
pub use place::Place;
pub use port::{HostLine, Mishap, Toward};
pub use subnet::{Notice, Output, Settings, Subnet, Watch};
