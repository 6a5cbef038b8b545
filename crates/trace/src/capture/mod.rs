//! Captures: what crosses the hosts' cables, as the UDP datagrams of [`imp1822::h316`], in files that Wireshark and
//! others read and write.
//!
//! A [`CaptureWriter`] writes records into a file of the form pcapng. [`Cables::find`] looks for cables in a capture
//! that any tool has made, of a run of ours or of emulated machines; [`Cables::read`] makes records of what crossed
//! them, so that the same [`View`](crate::View) shows both. [`packets`] reads the files, [`udp`] the headers around a
//! datagram.

mod addresses;
mod cable;
mod cables;
mod counts;
mod datagrams;
mod ends;
mod hint;
mod ip;
mod listen;
mod packet;
mod pcapng;
mod reader;
mod reading;
mod remark;
mod run;
mod seen;
mod sent;
mod writer;

pub use cable::{AddressSource, Cable};
pub use cables::Cables;
pub use counts::PacketCounts;
pub use hint::{Hint, NoPlace, Place};
pub use packet::{Outside, Udp, udp};
pub use reader::{Captured, FileError, Interface, Packets, packets};
pub use reading::Reading;
pub use run::write_run;
pub use sent::sent_by_another;
pub use writer::{CaptureWriter, EPOCH_MICROS};
