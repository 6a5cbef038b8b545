//! Every order in which the messages of a small exchange can arrive.
//!
//! A scenario says from where on: `all orders from here`. From that step on, messages between hosts are held back when
//! they have crossed the network, and it is chosen which arrives next, until every choice has been made. Between two IMPs
//! messages keep their order, and a link carries one at a time: `world/in_flight.rs` says what is open and what is not.
//!
//! Each order is a replay from the start, for no state of programs can be copied. But two orders in which each host has
//! seen and done the same, in the same order, go on in the same way, and only one of them does. So the states form a
//! graph, far smaller than the orders are many, and what comes of all orders is counted in it.

mod ended;
mod graph;
mod one;
mod order;
mod refusals;
mod search;
mod trail;
mod variant;
mod written;

pub use ended::Ending;
pub use one::{Astray, One, Said};
pub use order::{NoOrder, Order};
pub use search::{Bounds, Found, Job, Ran, Search};
pub use variant::Variant;
pub use written::written;
