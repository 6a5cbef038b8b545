//! What hosts and watchers see of a subnet.
//!
//! Host addresses: 1 is host 0 on IMP 1, 65 is host 1 on IMP 1, and so on.

mod answers;
mod faults;
mod mix;
mod transit;
mod world;
