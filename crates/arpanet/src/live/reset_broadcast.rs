//! Hides the RSTs by which a starting host resets its connections with a whole net, and the answers that say nothing.

use std::collections::BTreeSet;

use imp1822::{FromImp, HostAddress, Link, Signal, ToImp};
use ncp::{Command, Commands};
use trace::What;

/// Tells the records of such a broadcast from others. Most hosts of a net are dead: the RSTs and what the IMPs answer
/// would be a hundred lines that say little.
pub(crate) struct ResetBroadcastFilter {
    /// The hosts to which no RST was sent yet.
    unsent: BTreeSet<HostAddress>,
    /// The hosts to which an RST was sent that no IMP has answered yet.
    awaited: BTreeSet<HostAddress>,
}

impl ResetBroadcastFilter {
    /// A filter for an RST to each of these hosts.
    pub(crate) fn to(others: &[HostAddress]) -> Self {
        ResetBroadcastFilter { unsent: others.iter().copied().collect(), awaited: BTreeSet::new() }
    }

    /// Whether a record is to be hidden: the first RST to a host, or the answer that the host is dead. What a host answers
    /// itself is shown.
    pub(crate) fn hides(&mut self, what: &What) -> bool {
        match what {
            What::Sent { signal: Signal::Message(bits), .. } => match ToImp::parse(bits) {
                Ok(ToImp::Regular { to, link: Link::CONTROL, .. }) if is_rst(bits) => {
                    let is_first = self.unsent.remove(&to);
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
            | What::Struck { .. }
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
    fn the_first_rst_to_each_host_is_hidden_and_that_it_is_dead_once() {
        let dead = |to: u8| {
            received(&FromImp::DestinationDead { to: to.into(), link: Link::CONTROL, why: Dead::Imp })
        };
        let mut filter = ResetBroadcastFilter::to(&[2.into(), 3.into()]);
        assert!(!filter.hides(&dead(2)), "it has not been told");
        assert!(filter.hides(&rst(2)));
        assert!(filter.hides(&dead(2)));
        assert!(!filter.hides(&rst(2)) && !filter.hides(&dead(2)), "that is another matter");
        assert!(filter.hides(&rst(3)));
        assert!(!filter.hides(&received(&FromImp::Rfnm { to: 3.into(), link: Link::CONTROL })));
        assert!(!filter.hides(&dead(3)), "it has received the RST");
        assert!(!filter.hides(&rst(4)), "it is not one of the hosts of the broadcast");
    }
}
