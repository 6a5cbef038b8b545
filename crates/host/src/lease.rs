//! Socket numbers as a program holds them.

use ncp::{Gender, Socket};

use crate::guest::Guest;
use crate::kernel::Shared;
use crate::sockets::BLOCK;

/// Eight consecutive sockets that belong to one program until it drops the lease. The first is even.
pub struct Lease {
    kernel: Shared,
    base: u32,
    /// The incarnation of the host that lent the sockets.
    incarnation: u64,
    /// The user of a service whom they serve.
    guest: Option<Guest>,
}

impl Lease {
    /// How many sockets a lease holds: enough for U to U+5 of an FTP user, and for S and S+1 of a server.
    pub const BLOCK: u32 = BLOCK;

    pub(crate) fn new(kernel: Shared) -> Self {
        let (base, incarnation) = {
            let kernel = &mut *kernel.borrow_mut();
            (kernel.sockets.lend(kernel.task), kernel.incarnation)
        };
        Lease { kernel, base, incarnation, guest: None }
    }

    /// The same sockets, which serve a user.
    pub(crate) fn of_guest(self, guest: Guest) -> Self {
        let mut lease = self;
        lease.guest = Some(guest);
        lease
    }

    /// The first socket: even, so that it receives.
    pub fn base(&self) -> Socket {
        Socket::from(self.base)
    }

    /// The first socket of this gender.
    pub fn socket_for(&self, gender: Gender) -> Socket {
        match gender {
            Gender::Receive => self.socket(0),
            Gender::Send => self.socket(1),
        }
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
        let kernel = &mut *self.kernel.borrow_mut();
        if kernel.incarnation == self.incarnation {
            kernel.sockets.give_back(self.base);
        }
    }
}
