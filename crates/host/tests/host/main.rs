//! Hosts and their programs, on an ideal net.

mod connections;
mod icp;
mod life;
mod net;
mod sizes;
mod teletype;
mod watching;
