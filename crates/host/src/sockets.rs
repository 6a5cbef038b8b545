//! Socket numbers, lent to programs.

use std::collections::BTreeSet;

use ncp::Socket;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::Handle;

/// Lends blocks of sockets; none is lent again before all others have been.
#[derive(Debug)]
pub(crate) struct Sockets {
    next: u32,
    lent: BTreeSet<u32>,
}

impl Sockets {
    /// Begins somewhere among the sockets that NIC 8246 leaves to the host, drawn from the host's own stream
    /// so that a host that restarts does not meet its former self.
    pub(crate) fn new(random: &mut ChaCha8Rng) -> Self {
        // Low numbers read better. Below 256 lie the network's own assignments (RFC 349, RFC 503).
        Sockets { next: random.random_range(32..8192) * Lease::BLOCK, lent: BTreeSet::new() }
    }

    pub(crate) fn lend(&mut self) -> u32 {
        loop {
            let base = self.next;
            self.next = self.next.checked_add(Lease::BLOCK).unwrap_or(256);
            if self.lent.insert(base) {
                return base;
            }
        }
    }

    pub(crate) fn lent(&self) -> impl Iterator<Item = Socket> {
        self.lent.iter().copied().map(Socket::from)
    }
}

/// Eight consecutive sockets that belong to one program until it drops the lease. The first is even.
pub struct Lease {
    host: Handle,
    base: u32,
    /// The life of the host in which the sockets were lent.
    life: u64,
}

impl Lease {
    /// How many sockets a lease holds: enough for U to U+5 of an FTP user, and for S and S+1 of a server.
    pub const BLOCK: u32 = 8;

    pub(crate) fn new(host: Handle) -> Self {
        let (base, life) = {
            let kernel = &mut *host.kernel();
            (kernel.sockets.lend(), kernel.life)
        };
        Lease { host, base, life }
    }

    /// The first socket: even, so that it receives.
    pub fn base(&self) -> Socket {
        Socket::from(self.base)
    }

    /// The socket that lies `offset` (0 to 7) after the first.
    ///
    /// # Panics
    /// If the offset lies outside the lease.
    pub fn socket(&self, offset: u32) -> Socket {
        assert!(offset < Lease::BLOCK, "a lease holds {} sockets", Lease::BLOCK);
        Socket::from(self.base + offset)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let kernel = &mut *self.host.kernel();
        if kernel.life == self.life {
            kernel.sockets.lent.remove(&self.base);
        }
    }
}
