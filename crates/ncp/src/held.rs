//! What an NCP still holds beside its connections and queued requests, for whoever wants to know whether anything was left
//! behind. All of it is only looked at.

use imp1822::{HostAddress, Link};

use crate::partner::{PartnerEntry, Standing};
use crate::shared::Shared;
use crate::timers::Timer;
use crate::{Ncp, Socket, State, Status};

/// What an NCP holds that concerns one other host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The other host.
    pub host: HostAddress,
    /// Whether its tables agree with the tables here, for all that is known: if not, an RST goes before anything else is
    /// said, or one is unanswered.
    pub in_step: bool,
    /// Commands that have not left.
    pub commands: usize,
    /// Whether the IMP owes an answer for a control message.
    pub control_in_transit: bool,
    /// The links with text in transit, for which the IMP owes an answer.
    pub texts: Vec<Link>,
    /// Requests of the host that were refused, and whose CLS has not come.
    pub refusals: usize,
    /// ECOs that are unanswered, or wait for their turn.
    pub echoes: usize,
    /// Whether an RST is unanswered.
    pub reset_unanswered: bool,
}

impl Held {
    /// Whether nothing waits, neither to leave nor for an answer.
    pub fn is_nothing(&self) -> bool {
        let Held { commands, control_in_transit, texts, refusals, echoes, reset_unanswered, .. } = self;
        *commands + *refusals + *echoes == 0 && texts.is_empty() && !control_in_transit && !reset_unanswered
    }
}

/// Entries of the tables that belong to nothing. An NCP that is in order has none, whatever happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stray {
    /// Deadlines of what is not there any more.
    pub deadlines: usize,
    /// Requests that wait, and that no deadline will ever refuse.
    pub requests: usize,
    /// Links of connections that are not there, or have another link.
    pub links: usize,
    /// Connections that the table of a partner names, and that are not there.
    pub connections: usize,
}

impl Ncp {
    /// What is held of each host of which anything is known, by number.
    pub fn held(&self) -> Vec<Held> {
        self.shared.partners.iter().map(|(host, partner)| held(host, partner, &self.shared)).collect()
    }

    /// Whether the tables here agree with those of a host, for all that is known ([`Held::in_step`]).
    pub fn is_in_step_with(&self, host: HostAddress) -> bool {
        self.shared.partners.standing(host) == Standing::Ready
    }

    /// The connections that are over, and that their programs have not let go of.
    pub fn ended(&self) -> impl Iterator<Item = Status> + '_ {
        let all = self.connections.ids().filter_map(|id| self.status(id));
        all.filter(|status| status.state == State::Gone)
    }

    /// What belongs to nothing.
    pub fn stray(&self) -> Stray {
        let Ncp { connections, requests, shared, .. } = self;
        let is_there = |timer: &&Timer| match **timer {
            Timer::Connection(id) => connections.get(id).is_some_and(|connection| !connection.is_gone()),
            Timer::Request(local, number) => requests.at(local).any(|(key, _)| key.1 == number),
            Timer::Refusal(host, refusal) => {
                shared.partners.get(host).is_some_and(|partner| partner.refusals.contains(&refusal))
            }
            Timer::Reset(host) => shared.partners.standing(host) == Standing::AwaitingReply,
            Timer::Echo(host) => shared.partners.get(host).is_some_and(|partner| !partner.echoes.is_empty()),
            Timer::Inquiry(host) => {
                shared.partners.get(host).is_some_and(|partner| partner.awaited_since.is_some())
            }
        };
        let has_deadline =
            |(local, number): (Socket, u64)| shared.timers.get(Timer::Request(local, number)).is_some();
        let mut stray = Stray {
            requests: requests.iter().filter(|(key, _)| !has_deadline(*key)).count(),
            deadlines: shared.timers.iter().filter(|timer| !is_there(timer)).count(),
            ..Stray::default()
        };
        for (_, partner) in shared.partners.iter() {
            let links = partner.receiving.iter().chain(partner.sending.iter());
            let uses = |(link, id): &(&Link, &_)| {
                connections.get(**id).is_some_and(|connection| connection.link() == Some(**link))
            };
            stray.links += links.filter(|entry| !uses(entry)).count();
            stray.connections +=
                partner.connections.keys().filter(|id| connections.get(**id).is_none()).count();
        }
        stray
    }
}

fn held(host: HostAddress, partner: &PartnerEntry, shared: &Shared) -> Held {
    let again = partner.again.as_ref().map_or(0, |message| message.commands.len());
    Held {
        host,
        in_step: partner.standing == Standing::Ready,
        commands: partner.urgent.len() + partner.queue.len() + again,
        control_in_transit: shared.transit.control(host).is_some(),
        texts: shared.transit.links(host),
        refusals: partner.refusals.len(),
        echoes: partner.echoes.len(),
        reset_unanswered: partner.standing == Standing::AwaitingReply,
    }
}

#[cfg(test)]
mod tests {
    use machine::{Instant, Machine, Span};

    use super::*;
    use crate::request::Request;
    use crate::{ByteSize, ConnectionId, ForeignSocket, Input, Offer, Policy, Start};

    const THERE: u8 = 69;

    fn ncp() -> Ncp {
        let mut ncp = Ncp::new(HostAddress::from(22), Policy::default(), Start::Cold);
        ncp.handle(Instant::START, Input::Up);
        ncp
    }

    fn asks(ncp: &mut Ncp) -> ConnectionId {
        let foreign = ForeignSocket { host: HostAddress::from(THERE), socket: Socket::from(3) };
        ncp.init(Instant::START, Socket::from(640), foreign, Some(ByteSize::EIGHT)).expect("it is free")
    }

    fn of_there(ncp: &Ncp) -> Held {
        let all = ncp.held();
        all.into_iter().find(|held| held.host == HostAddress::from(THERE)).expect("it was spoken to")
    }

    #[test]
    fn what_was_asked_waits_then_is_in_transit_and_is_told_as_long_as_it_is() {
        let mut ncp = ncp();
        assert_eq!(ncp.held(), []);
        asks(&mut ncp);
        assert_eq!((of_there(&ncp).commands, of_there(&ncp).control_in_transit), (1, false));
        while ncp.poll().is_some() {}
        assert_eq!((of_there(&ncp).commands, of_there(&ncp).control_in_transit), (0, true));
        assert!(!of_there(&ncp).is_nothing());
        // No IMP ever answers: it is given up, and so is the reset that follows.
        let mut now = Instant::START;
        while let Some(due) = ncp.deadline().filter(|due| *due < Instant::START + Span::from_secs(3600)) {
            now = due;
            ncp.alarm(now);
            while ncp.poll().is_some() {}
        }
        assert!(now > Instant::START + Span::from_secs(60), "it was waited for");
        assert_eq!(ncp.stray(), Stray::default());
    }

    #[test]
    fn a_connection_that_is_over_is_held_until_its_program_lets_go() {
        let mut ncp = ncp();
        let id = asks(&mut ncp);
        ncp.close(Instant::START, id);
        assert_eq!(ncp.ended().map(|status| status.local).collect::<Vec<_>>(), [Socket::from(640)]);
        ncp.release(Instant::START, id);
        assert_eq!(ncp.ended().count(), 0);
    }

    #[test]
    fn what_belongs_to_nothing_is_counted() {
        let mut ncp = ncp();
        let id = asks(&mut ncp);
        assert_eq!(ncp.stray(), Stray::default());
        let (host, nobody) = (HostAddress::from(THERE), ConnectionId(999));
        let at = Instant::START + Span::from_secs(1);
        let asked = Request {
            local: Socket::from(8),
            foreign: ForeignSocket { host, socket: Socket::from(9) },
            offer: Offer::Size(ByteSize::EIGHT),
        };
        ncp.requests.queue(asked, &mut ncp.shared);
        ncp.shared.timers.clear();
        ncp.shared.timers.set(Timer::Connection(nobody), at);
        ncp.shared.timers.set(Timer::Request(Socket::from(2), 7), at);
        ncp.shared.timers.set(Timer::Reset(host), at);
        ncp.shared.timers.set(Timer::Inquiry(host), at);
        let partner = ncp.shared.partners.entry(host);
        partner.receiving.insert(Link::from(9), id);
        partner.sending.insert(Link::from(9), nobody);
        partner.connections.insert(nobody, ());
        assert_eq!(ncp.stray(), Stray { deadlines: 4, requests: 1, links: 2, connections: 1 });
    }
}
