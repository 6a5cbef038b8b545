//! The ground that every layer stands on: virtual [time], [bit strings](bits), small [maps](Sorted), and the contract of
//! a [`Machine`] without I/O. Nothing here knows what an ARPANET is.

pub mod bits;
mod contract;
pub mod pair;
mod rounds;
mod sorted;
pub mod time;

pub use bits::{BitReader, BitWriter, Bits, Short};
pub use contract::Machine;
pub use pair::{Carry, Pair};
pub use rounds::Rounds;
pub use sorted::Sorted;
pub use time::{Digits, Instant, Rate, Span};
