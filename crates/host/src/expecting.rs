//! That text is due on a connection.

use ncp::ConnectionId;

use crate::kernel::Shared;

/// As long as there is one, text is due on a connection: its program waits for it.
#[must_use]
pub struct Expecting {
    kernel: Shared,
    id: ConnectionId,
    /// The incarnation of the host in which `id` means something.
    incarnation: u64,
}

impl Expecting {
    pub(crate) fn begin(kernel: Shared, id: ConnectionId, incarnation: u64) -> Self {
        let expecting = Expecting { kernel, id, incarnation };
        expecting.expect(true);
        expecting
    }

    fn expect(&self, is_due: bool) {
        let kernel = &mut *self.kernel.borrow_mut();
        if kernel.incarnation == self.incarnation {
            kernel.ncp.expect(kernel.now, self.id, is_due);
            kernel.drain();
        }
    }
}

impl Drop for Expecting {
    fn drop(&mut self) {
        self.expect(false);
    }
}
