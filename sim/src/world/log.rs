//! Who takes what happens in a world.

use host::{Host, Note};
use imp1822::HostAddress;
use machine::Instant;
use trace::Record;

/// Takes the records of a run, in order.
pub trait Log {
    /// Takes a record. The first has the number 0.
    fn take(&mut self, number: u64, record: Record);

    /// Looks at a host that has just done what this note tells, before the record of it is taken.
    fn look(&mut self, _now: Instant, _address: HostAddress, _note: &Note, _host: &Host) {}

    /// All that came of an event at a host is done: the record of this number was that of the message that brought it about,
    /// or would be the first of what came of it.
    fn settled(&mut self, _address: HostAddress, _host: &Host, _since: u64) {}

    /// A slow host looks at the message of whose arrival the record with this number told.
    fn looks(&mut self, _now: Instant, _address: HostAddress, _number: u64) {}
}
