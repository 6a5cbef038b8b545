//! What hosts and watchers see of a subnet.
//!
//! Host addresses: 1 is host 0 on IMP 1, 65 is host 1 on IMP 1, and so on.

mod allocation;
mod answers;
mod buffers;
mod clock;
mod faults;
mod hosts;
mod lines;
mod mix;
mod promises;
mod reports;
mod rest;
mod routing;
mod transit;
mod world;
