//! The network control program and its tables.

use imp1822::HostAddress;

use crate::Policy;
use crate::connections::Connections;
use crate::requests::Requests;
use crate::shared::Shared;
use crate::start::Start;

/// Whether the IMP takes messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImpLine {
    Up,
    Down,
}

/// The network control program of one host: NIC 8246.
///
/// Local programs call its methods (`init`, `listen`, `send`, ...); each counts as an input of the
/// [`Machine`](machine::Machine), which is to be drained afterwards. Control commands leave when it is drained, so that
/// what is asked for together travels in one control message.
///
/// Until the first [`Input::Up`](crate::Input::Up) commands wait.
#[derive(Debug)]
pub struct Ncp {
    pub(crate) line: ImpLine,
    pub(crate) connections: Connections,
    pub(crate) requests: Requests,
    pub(crate) shared: Shared,
}

impl Ncp {
    /// The NCP of the host at `address`, which starts as `start` says.
    pub fn new(address: HostAddress, policy: Policy, start: Start) -> Self {
        Ncp {
            line: ImpLine::Down,
            connections: Connections::default(),
            requests: Requests::default(),
            shared: Shared::new(address, policy, start),
        }
    }

    /// The host's own address.
    pub fn address(&self) -> HostAddress {
        self.shared.address
    }

    /// Keeps no room for what it may have to say.
    pub fn let_go_of_room(&mut self) {
        self.shared.out.shrink_to_fit();
    }

    /// How this NCP does what is left to it.
    pub fn policy(&self) -> &Policy {
        &self.shared.policy
    }
}
