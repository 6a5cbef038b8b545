//! Captures: what crosses the hosts' cables, as the UDP datagrams of [`imp1822::h316`], in files that Wireshark and
//! others read and write.
//!
//! A [`CaptureWriter`] writes records into a file of the form pcapng. A [`Survey`] looks for cables in a capture that
//! any tool has made, of a run of ours or of emulated machines, and finds out who is who; a [`Telling`] makes records of
//! what crossed them, one after the other, so that the same [`View`](crate::View) shows both. However long the capture
//! is, the memory is bounded. [`Cables`] reads one that is in memory at once. [`packets`] reads the files, [`udp`] the
//! headers around a datagram.

mod addresses;
mod block;
mod cable;
mod clock;
mod counts;
mod datagrams;
mod ears;
mod ends;
mod file_error;
mod flow;
mod hint;
mod ip;
mod packet;
mod pair;
mod pcapng;
mod proof;
mod reader;
mod reading;
mod remark;
mod run;
mod seen;
mod sent;
mod survey;
mod telling;
mod timeline;
mod told;
mod writer;

pub use block::Interface;
pub use cable::{AddressSource, Cable};
pub use counts::PacketCounts;
pub use file_error::FileError;
pub use hint::{Hint, NoPlace, Place};
pub use packet::{Carried, Outside, Udp, udp};
pub use reader::{Captured, Packets, packets};
pub use reading::{Cables, Reading};
pub use run::write_run;
pub use sent::sent_by_another;
pub use survey::{BEGINNING_BYTES, BEGINNING_MICROS, BEGINNING_PACKETS, Introduced, Survey};
pub use telling::Telling;
pub use timeline::ClockJump;
pub use told::Told;
pub use writer::{CaptureWriter, EPOCH_MICROS};
