//! The ground that every layer stands on: virtual [time], [bit strings](bits), and the contract of
//! a [`Machine`] without I/O. Nothing here knows what an ARPANET is.

pub mod bits;
mod contract;
pub mod pair;
pub mod time;

pub use bits::{BitReader, BitWriter, Bits, Short};
pub use contract::Machine;
pub use pair::{Carry, Pair};
pub use time::{Instant, Rate, Span};
