//! Who is logged in at a host, by whatever program.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use imp1822::HostAddress;
use machine::Instant;

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

/// All who are logged in.
#[derive(Debug, Default)]
pub(crate) struct Presence(Rc<RefCell<Logins>>);

/// The logins, by a number of their own.
#[derive(Debug, Default)]
struct Logins {
    all: BTreeMap<u64, Login>,
    next: u64,
}

impl Presence {
    /// All of them, those who came first before the others.
    pub(crate) fn all(&self) -> Vec<Login> {
        self.0.borrow().all.values().cloned().collect()
    }

    /// Somebody logs in.
    pub(crate) fn begin(&self, login: Login) -> Stay {
        let mut logins = self.0.borrow_mut();
        let number = logins.next;
        logins.next += 1;
        logins.all.insert(number, login);
        Stay { logins: Rc::clone(&self.0), number }
    }
}

/// That a user is logged in, for as long as it is held.
pub struct Stay {
    logins: Rc<RefCell<Logins>>,
    number: u64,
}

impl Drop for Stay {
    fn drop(&mut self) {
        self.logins.borrow_mut().all.remove(&self.number);
    }
}
