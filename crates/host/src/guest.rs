//! Users in the house: how many of each host a service has let in.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use imp1822::HostAddress;

/// How many users of each host there are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guests(Rc<RefCell<BTreeMap<HostAddress, usize>>>);

/// That a user is in the house, for as long as it is held.
pub(crate) struct Guest {
    from: HostAddress,
    guests: Guests,
}

impl Guests {
    /// How many of them come from a host.
    pub(crate) fn from(&self, host: HostAddress) -> usize {
        self.0.borrow().get(&host).copied().unwrap_or(0)
    }

    /// One more comes.
    pub(crate) fn enter(&self, from: HostAddress) -> Guest {
        *self.0.borrow_mut().entry(from).or_default() += 1;
        Guest { from, guests: self.clone() }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let guests = &mut *self.guests.0.borrow_mut();
        if let Some(count) = guests.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                guests.remove(&self.from);
            }
        }
    }
}
