//! What hosts have seen and done since messages are held back: two runs in which each host has seen and done the same, in
//! the same order, go on in the same way.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use imp1822::{FromImp, HostAddress, Signal, ToImp};
use trace::What;

/// A hash of what each host has received from other hosts, what it has sent them, and what could be seen at it. When it
/// learns that a message has arrived is left out: all that comes of it is a message sent, or waits for one. So are times.
#[derive(Default)]
pub(super) struct History {
    hosts: BTreeMap<HostAddress, DefaultHasher>,
    /// The steps that were taken, and what befell the network.
    others: DefaultHasher,
}

impl History {
    /// Something has happened.
    pub(super) fn take(&mut self, what: &What) {
        match what {
            What::Sent { host, signal: Signal::Message(message) } => {
                if let Ok(ToImp::Regular { .. }) = ToImp::parse(message) {
                    (0_u8, message).hash(self.of(*host));
                }
            }
            What::Received { host, signal: Signal::Message(message) } => {
                if let Ok(FromImp::Regular { .. }) = FromImp::parse(message) {
                    (1_u8, message).hash(self.of(*host));
                }
            }
            What::Note { host, note } => (2_u8, note).hash(self.of(*host)),
            What::Step { line, .. } => (0_u8, line).hash(&mut self.others),
            What::Fault(fault) => (1_u8, format!("{fault:?}")).hash(&mut self.others),
            What::Struck { host, .. } => (2_u8, host.number()).hash(&mut self.others),
            What::Sent { .. } | What::Received { .. } | What::Cable { .. } => {}
            What::Packet(_) | What::Notice { .. } | What::Measured(_) => {}
        }
    }

    fn of(&mut self, host: HostAddress) -> &mut DefaultHasher {
        self.hosts.entry(host).or_default()
    }

    /// A number for all of it.
    pub(super) fn state(&self) -> u64 {
        let mut all = self.others.clone();
        for (host, history) in &self.hosts {
            (host.number(), history.finish()).hash(&mut all);
        }
        all.finish()
    }
}
