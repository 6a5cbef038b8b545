//! What is not worth showing of a host that tells a whole net that it has begun anew.

use std::collections::BTreeSet;

use imp1822::{FromImp, HostAddress, Link, Signal, ToImp};
use ncp::{Command, Commands};
use trace::What;

/// An RST to every host of a net, most of which are dead: a hundred lines that say little.
pub(crate) struct Announcement {
    /// Who has not been told yet.
    untold: BTreeSet<HostAddress>,
    /// Whose IMP has not answered yet.
    awaited: BTreeSet<HostAddress>,
}

impl Announcement {
    /// An announcement that these hosts are to hear.
    pub(crate) fn to(others: &[HostAddress]) -> Self {
        Announcement { untold: others.iter().copied().collect(), awaited: BTreeSet::new() }
    }

    /// Whether a record is of the announcement: an RST, or the answer that its host is dead. What others answer is not.
    pub(crate) fn covers(&mut self, what: &What) -> bool {
        match what {
            What::Sent { signal: Signal::Message(bits), .. } => match ToImp::parse(bits) {
                Ok(ToImp::Regular { to, link: Link::CONTROL, .. }) if is_rst(bits) => {
                    let is_first = self.untold.remove(&to);
                    is_first && self.awaited.insert(to)
                }
                Ok(_) | Err(_) => false,
            },
            What::Received { signal: Signal::Message(bits), .. } => match FromImp::parse(bits) {
                Ok(FromImp::DestinationDead { to, link: Link::CONTROL, .. }) => self.awaited.remove(&to),
                Ok(FromImp::Rfnm { to, link: Link::CONTROL }) => {
                    self.awaited.remove(&to);
                    false
                }
                Ok(_) | Err(_) => false,
            },
            What::Sent { signal: Signal::Ready(_), .. }
            | What::Received { signal: Signal::Ready(_), .. }
            | What::Cable { .. }
            | What::Packet(_)
            | What::Notice { .. }
            | What::Note { .. }
            | What::Fault(_)
            | What::Step { .. }
            | What::Measured(_) => false,
        }
    }
}

fn is_rst(bits: &machine::Bits) -> bool {
    let Ok((_, text)) = ncp::Header::split(bits) else { return false };
    Commands::new(text).eq([Ok(Command::Rst)])
}

#[cfg(test)]
mod tests {
    use imp1822::Dead;

    use super::*;

    fn received(message: &FromImp) -> What {
        What::Received { host: 1.into(), signal: Signal::Message(message.bits()) }
    }

    fn rst(to: u8) -> What {
        let leader = ToImp::Regular { to: to.into(), link: Link::CONTROL, priority: false }.bits();
        // Padding, size 8, count 1, padding, RST.
        let bytes = [leader.bytes(), &[0, 8, 0, 1, 0, 12]].concat();
        What::Sent { host: 1.into(), signal: Signal::Message(machine::Bits::from_bytes(&bytes)) }
    }

    #[test]
    fn the_first_rst_to_each_host_is_covered_and_that_it_is_dead_once() {
        let dead = |to: u8| {
            received(&FromImp::DestinationDead { to: to.into(), link: Link::CONTROL, why: Dead::Imp })
        };
        let mut announcement = Announcement::to(&[2.into(), 3.into()]);
        assert!(!announcement.covers(&dead(2)), "it has not been told");
        assert!(announcement.covers(&rst(2)));
        assert!(announcement.covers(&dead(2)));
        assert!(!announcement.covers(&rst(2)) && !announcement.covers(&dead(2)), "that is another matter");
        assert!(announcement.covers(&rst(3)));
        assert!(!announcement.covers(&received(&FromImp::Rfnm { to: 3.into(), link: Link::CONTROL })));
        assert!(!announcement.covers(&dead(3)), "it has heard the announcement");
        assert!(!announcement.covers(&rst(4)), "nobody announces anything to it");
    }
}
