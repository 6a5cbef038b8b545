//! Who is logged in at a host, by whatever program.

use std::collections::BTreeMap;

use imp1822::HostAddress;
use machine::Instant;

use crate::kernel::Shared;

/// A user who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The name of the account.
    pub user: String,
    /// The host from which the user came.
    pub from: HostAddress,
    /// Since when.
    pub since: Instant,
}

/// All who are logged in, by a number of their own.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    logins: BTreeMap<u64, Login>,
    next: u64,
}

impl Presence {
    pub(crate) fn all(&self) -> impl Iterator<Item = &Login> {
        self.logins.values()
    }
}

/// That a user is logged in, for as long as it is held.
pub struct Stay {
    kernel: Shared,
    number: u64,
}

impl Stay {
    pub(crate) fn new(kernel: Shared, user: String, from: HostAddress) -> Self {
        let number = {
            let kernel = &mut *kernel.borrow_mut();
            let number = kernel.presence.next;
            kernel.presence.next += 1;
            kernel.presence.logins.insert(number, Login { user, from, since: kernel.now });
            number
        };
        Stay { kernel, number }
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        self.kernel.borrow_mut().presence.logins.remove(&self.number);
    }
}
