//! A host at its cable, as the world keeps it.

use host::Host;
use imp1822::{HostAddress, Signal};
use machine::time::earlier;
use machine::{Instant, Machine};

use crate::inbox::Inbox;
use crate::node::Node;

/// A host at its cable.
pub(crate) struct Slot {
    pub(crate) address: HostAddress,
    pub(crate) node: Node,
    /// What has reached it, if it is slow to look at it.
    pub(crate) inbox: Option<Box<Inbox>>,
}

impl Slot {
    /// When it does something by itself.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let looks = self.inbox.as_ref().and_then(|inbox| inbox.deadline());
        earlier(self.node.deadline(), looks)
    }

    /// A signal reaches it, of which the record has this number.
    pub(crate) fn handle(&mut self, now: Instant, number: u64, signal: Signal) {
        match (&mut self.inbox, signal) {
            (Some(inbox), Signal::Message(message)) => inbox.put(now, number, message),
            (inbox, signal) => {
                if let (Some(inbox), Signal::Ready(false)) = (inbox, &signal) {
                    inbox.lose_messages();
                }
                self.node.handle(now, signal);
            }
        }
    }

    /// Its deadline has come. Returns the number of the record that it looks at, if it does.
    pub(crate) fn alarm(&mut self, now: Instant) -> Option<u64> {
        if let Some((number, message)) = self.inbox.as_mut().and_then(|inbox| inbox.take(now)) {
            self.node.handle(now, Signal::Message(message));
            return Some(number);
        }
        self.node.alarm(now);
        None
    }

    /// Does something with a host, from outside. `None` if there is none here.
    pub(crate) fn act<T>(&mut self, now: Instant, act: impl FnOnce(&mut Host, Instant) -> T) -> Option<T> {
        let Node::Host(host) = &mut self.node else { return None };
        let result = act(host, now);
        if let Some(inbox) = &mut self.inbox
            && !host.is_up()
        {
            inbox.lose_messages();
        }
        Some(result)
    }
}
