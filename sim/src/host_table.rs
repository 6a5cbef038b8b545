//! What hosts have in their tables, noted as it changes: for those who look at a run step by step.

use std::collections::BTreeMap;

use host::{Host, Shown};
use imp1822::HostAddress;
use ncp::{QueuedRequest, Socket, Status};

/// What there is to see at a host at one moment, as its operator and its programs would show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostTable {
    /// Whether the host is up.
    pub is_up: bool,
    /// Its connections, in the order of its sockets, with what listens.
    pub connections: Vec<Status>,
    /// The requests for connection that wait for a program.
    pub requests: Vec<QueuedRequest>,
    /// The first socket of each block that a program holds.
    pub set_aside: Vec<Socket>,
    /// What its programs show of their state.
    pub programs: Vec<Shown>,
}

impl HostTable {
    /// What there is to see at a host now.
    pub fn of(host: &Host) -> Self {
        HostTable {
            is_up: host.is_up(),
            connections: host.netstat(),
            requests: host.queued_requests(),
            set_aside: host.sockets_lent(),
            programs: host.shown(),
        }
    }
}

/// That the tables of a host have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableChange {
    /// From the record of this number on: that of the message that brought it about, or the first of what came of it.
    pub since: u64,
    /// At which host.
    pub host: HostAddress,
    /// What they hold from then on.
    pub table: HostTable,
}

/// Notes the tables of all hosts as they change.
#[derive(Debug, Default)]
pub(crate) struct TableLog {
    changes: Vec<TableChange>,
    /// Where the last change of each host stands.
    last: BTreeMap<HostAddress, usize>,
}

impl TableLog {
    /// All that came of an event at this host, which began with this record, is done.
    pub(crate) fn settled(&mut self, address: HostAddress, host: &Host, since: u64) {
        let table = HostTable::of(host);
        let last = self.last.get(&address).map(|index| &self.changes[*index].table);
        if last.is_none_or(|last| *last != table) {
            self.last.insert(address, self.changes.len());
            self.changes.push(TableChange { since, host: address, table });
        }
    }

    /// What was noted, in order.
    pub(crate) fn into_changes(self) -> Vec<TableChange> {
        self.changes
    }
}
