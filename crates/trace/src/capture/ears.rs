//! Who listens to both ends of a cable: datagrams put together to signals.

use imp1822::Signal;
use imp1822::h316::{Heard, Receiver, Speaker, Trouble};

use super::cable::Cable;

/// Listens to both ends of a cable.
#[derive(Debug)]
pub(super) struct Ears {
    host: Receiver,
    imp: Receiver,
    was_up: bool,
    /// Whether the host and the IMP have said anything.
    spoke: [bool; 2],
}

impl Default for Ears {
    fn default() -> Self {
        Ears {
            host: Receiver::new(Speaker::Host),
            imp: Receiver::new(Speaker::Imp),
            was_up: false,
            spoke: [false; 2],
        }
    }
}

/// What was heard with a datagram.
#[derive(Debug)]
pub(super) struct Hearing {
    pub(super) heard: Vec<Heard>,
    /// Whether something may be missing just before it: it is the first of its end, or some are lost.
    pub(super) may_miss: bool,
    /// Whether it is the first of its end.
    pub(super) is_first: bool,
}

impl Ears {
    /// Takes the next datagram of one end.
    pub(super) fn hear(&mut self, speaker: Speaker, payload: &[u8]) -> Hearing {
        let (receiver, spoke) = match speaker {
            Speaker::Host => (&mut self.host, &mut self.spoke[0]),
            Speaker::Imp => (&mut self.imp, &mut self.spoke[1]),
        };
        receiver.receive(payload);
        let heard: Vec<Heard> = std::iter::from_fn(|| receiver.poll()).collect();
        let is_first = !std::mem::replace(spoke, true);
        // A host that comes up again is told of its IMP's line anew.
        if speaker == Speaker::Host && heard.contains(&Heard::Signal(Signal::Ready(true))) {
            if self.was_up {
                self.imp.forget_ready();
            }
            self.was_up = true;
        }
        let is_lost = heard.iter().any(|heard| matches!(heard, Heard::Trouble(Trouble::Lost { .. })));
        Hearing { heard, may_miss: is_lost || is_first, is_first }
    }

    /// Puts down what was counted.
    pub(super) fn count(&self, cable: &mut Cable) {
        cable.from_host = self.host.statistics();
        cable.from_imp = self.imp.statistics();
    }
}
