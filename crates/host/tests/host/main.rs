//! Hosts and their programs. Most run in a simulation; where a message must be written by hand they are on an ideal net.

mod by_hand;
mod connections;
mod icp;
mod imp_programs;
mod life;
mod net;
mod sizes;
mod teletype;
mod watching;

use host::Host;
use ncp::Socket;
use sim::Sim;

/// A host that is declared, to look at.
fn look<'a>(sim: &'a Sim, name: &str) -> &'a Host {
    sim.now().host(name).expect("it is declared")
}

/// Which sockets of a host have connections that are not over.
fn in_use(sim: &Sim, name: &str) -> Vec<Socket> {
    look(sim, name).netstat().iter().map(|status| status.local).collect()
}
