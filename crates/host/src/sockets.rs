//! Which socket numbers of a host are lent to programs.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use ncp::Socket;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// How many sockets are lent together: enough for U to U+5 of an FTP user, and for S and S+1 of a server.
pub(crate) const BLOCK: u32 = 8;

/// Lends blocks of sockets; none is lent again before all others have been.
#[derive(Debug)]
pub(crate) struct Sockets {
    next: u32,
    /// The first socket of each block that is lent, and the task that has asked for it.
    lent: BTreeMap<u32, u64>,
}

impl Sockets {
    /// Begins somewhere among the sockets that NIC 8246 leaves to the host, drawn from the host's own stream
    /// so that a host that restarts does not meet its former self.
    pub(crate) fn new(random: &mut ChaCha8Rng) -> Self {
        // Low numbers read better. Below 256 lie the network's own assignments (RFC 349, RFC 503).
        Sockets { next: random.random_range(32..8192) * BLOCK, lent: BTreeMap::new() }
    }

    /// Lends a block to a task. Returns its first socket, which is even.
    pub(crate) fn lend(&mut self, task: u64) -> u32 {
        loop {
            let base = self.next;
            self.next = self.next.checked_add(BLOCK).unwrap_or(256);
            if let Entry::Vacant(block) = self.lent.entry(base) {
                block.insert(task);
                return base;
            }
        }
    }

    /// Takes a block back.
    pub(crate) fn give_back(&mut self, base: u32) {
        self.lent.remove(&base);
    }

    /// The first socket of each block that is lent.
    pub(crate) fn lent(&self) -> impl Iterator<Item = Socket> {
        self.lent.keys().copied().map(Socket::from)
    }

    /// The same, with the task that has asked for each.
    pub(crate) fn lent_to(&self) -> impl Iterator<Item = (Socket, u64)> {
        self.lent.iter().map(|(base, task)| (Socket::from(*base), *task))
    }
}
