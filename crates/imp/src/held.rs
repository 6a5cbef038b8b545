//! What IMPs still hold, for whoever wants to know whether anything was left behind. All of it is only looked at. A subnet in
//! which nothing goes on but the exchange of routing messages holds nothing at all.

use imp1822::HostAddress;

use crate::Subnet;
use crate::imp::Imp;
use crate::port::Port;

/// What an IMP that is up holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// Buffers with a packet that is to leave on a line, or with the copy of a single packet that is not answered.
    pub store_and_forward: u8,
    /// Buffers that hold what is being put together for its own hosts, or are promised to that.
    pub reassembly: u8,
    /// Message numbers in use: messages that began here and have had no answer.
    pub numbers: usize,
    /// ALL(8) in hand: room that other IMPs have promised for messages from here.
    pub allocations: usize,
    /// Messages to its hosts that are not whole, have room promised, wait for their turn or are on their way into a host;
    /// and the ALL(8) that other IMPs have in hand.
    pub arriving: usize,
    /// Messages to its hosts that wait for room.
    pub waiting: usize,
    /// Packets that wait for a line, or were sent on one of its channels and have had no acknowledgement.
    pub on_lines: usize,
    /// What it has to say to other IMPs and has no room for.
    pub unsaid: usize,
}

/// What an IMP holds of one of its hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldOfHost {
    /// The host.
    pub host: HostAddress,
    /// Messages that it has put on its cable and that its IMP has not taken as a whole.
    pub from_host: usize,
    /// Whether it must wait, with a message that its IMP has begun to take and cannot go on with.
    pub blocked: bool,
    /// Messages that wait for it, or are on the cable to it.
    pub to_host: usize,
    /// Messages of it for which it has had no answer: neither RFNM nor type 7, 8 or 9.
    pub unanswered: usize,
}

impl Held {
    /// Whether that is nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Held::default()
    }
}

impl HeldOfHost {
    /// Whether that is nothing.
    pub fn is_nothing(&self) -> bool {
        let HeldOfHost { host: _, from_host, blocked, to_host, unanswered } = *self;
        !blocked && from_host + to_host + unanswered == 0
    }
}

impl Subnet {
    /// What each IMP that is up holds, by number.
    pub fn held(&self) -> impl Iterator<Item = (u8, Held)> {
        self.imps().filter(|imp| imp.is_up()).map(|imp| (imp.relay.me().get(), held(imp)))
    }

    /// What each IMP that is up holds of its hosts, in the order of their addresses on it. What a host is to take that stands
    /// still and is dead already is not waited for, and does not count.
    pub fn held_of_hosts(&self) -> impl Iterator<Item = HeldOfHost> {
        let up = self.imps().filter(|imp| imp.is_up());
        up.flat_map(|imp| imp.ports().map(move |port| held_of_host(imp, port)))
    }

    /// Whether nothing passes between a host and the net for now: its IMP is down, its cable is pulled out, or its interface
    /// stands still. So it is of a host that there is none of.
    pub fn is_cut_off(&self, host: HostAddress) -> bool {
        let port = self.port(host).filter(|_| self.imp_is_up(host.imp()));
        port.is_none_or(|port| port.host.is_pulled() || port.host.is_stuck())
    }

    /// Whether IMPs report to a control center: then messages of their own are under way now and then.
    pub fn is_reported(&self) -> bool {
        self.imps().any(|imp| imp.reporter.is_some())
    }

    /// Whether IMPs report to this host.
    pub fn is_reported_to(&self, host: HostAddress) -> bool {
        self.imps().any(|imp| imp.reporter.as_ref().is_some_and(|reporter| reporter.to == host))
    }
}

fn held(imp: &Imp) -> Held {
    let Imp { relay, .. } = imp;
    let (numbers, allocations) = imp.sources().held();
    let (arriving, waiting) = imp.destinations().held();
    Held {
        store_and_forward: relay.buffers.store_and_forward(),
        reassembly: relay.buffers.reassembly(),
        numbers,
        allocations,
        arriving,
        waiting,
        on_lines: relay.trunks.iter().map(|trunk| trunk.load()).sum(),
        unsaid: relay.unsaid_count(),
    }
}

fn held_of_host(imp: &Imp, port: &Port) -> HeldOfHost {
    let host = port.host.address();
    let nothing = HeldOfHost { host, from_host: 0, blocked: false, to_host: 0, unanswered: 0 };
    let unanswered = imp.sources().unanswered(host);
    if port.is_idle() {
        return HeldOfHost { unanswered, ..nothing };
    }
    let (from_host, blocked, to_host) = (port.not_taken(), port.held_since().is_some(), port.to_host());
    HeldOfHost { from_host, blocked, to_host, unanswered, ..nothing }
}

#[cfg(test)]
mod tests {
    use imp1822::{Link, Signal, ToImp};
    use machine::{BitWriter, Instant, Machine, Rate, Span};

    use super::*;
    use crate::buffers::Room;
    use crate::{Fault, HostSite, ImpSite, LineSite, Net, Settings};

    fn subnet() -> Subnet {
        let host = |number| HostSite {
            name: format!("HOST{number}"),
            address: HostAddress::from(number),
            aliases: Vec::new(),
            system: "TENEX".to_owned(),
            cable: None,
        };
        let net = Net {
            imps: [1, 2].map(|number| ImpSite { number, name: format!("SITE{number}"), place: None }).into(),
            lines: vec![LineSite { between: [1, 2], rate: Rate::kilobits(50), delay: Span::from_millis(5) }],
            hosts: vec![host(1), host(2)],
            ..Net::default()
        };
        let mut subnet = Subnet::new(&net, Settings::default());
        for host in [1, 2].map(HostAddress::from) {
            subnet.handle(Instant::START, (host, Signal::Ready(true)));
        }
        run(&mut subnet, 1);
        subnet
    }

    /// Lets everything happen up to a second.
    fn run(subnet: &mut Subnet, seconds: u64) {
        let end = Instant::START + Span::from_secs(seconds);
        while let Some(due) = subnet.deadline().filter(|due| *due <= end) {
            subnet.alarm(due);
        }
    }

    /// Host 1 sends host 2 a message of some bits on a link.
    fn send(subnet: &mut Subnet, bits: usize) {
        let leader = ToImp::Regular { to: HostAddress::from(2), link: Link::from(7), priority: false };
        let mut message = BitWriter::new(bits + 32);
        message.put_bits(leader.bits().reader());
        (0..bits).for_each(|_| message.put(0, 1));
        subnet.handle(
            Instant::START + Span::from_secs(1),
            (HostAddress::from(1), Signal::Message(message.finish())),
        );
    }

    fn holds_nothing(subnet: &Subnet) -> bool {
        subnet.held().all(|(_, held)| held.is_nothing())
            && subnet.held_of_hosts().all(|held| held.is_nothing())
    }

    #[test]
    fn a_subnet_at_rest_holds_nothing_before_and_after_messages_of_any_length() {
        for bits in [0, 500, 1008, 1009, 8063] {
            let mut subnet = subnet();
            assert!(holds_nothing(&subnet));
            send(&mut subnet, bits);
            assert!(!holds_nothing(&subnet), "{bits} bits are on the cable");
            let mut at_work = 0;
            while let Some(due) = subnet.deadline() {
                at_work += usize::from(!holds_nothing(&subnet));
                subnet.alarm(due);
            }
            assert!(at_work > 2, "{bits} bits are seen on their way");
            assert!(holds_nothing(&subnet), "after {bits} bits");
        }
    }

    #[test]
    fn a_message_into_a_host_that_stands_still_is_held_until_patience_ends() {
        let mut subnet = subnet();
        let stuck = HostAddress::from(2);
        assert!(!subnet.is_cut_off(stuck));
        subnet
            .inject(Instant::START + Span::from_secs(1), Fault::HostHangs { host: stuck })
            .expect("it is there");
        assert!(subnet.is_cut_off(stuck));
        send(&mut subnet, 5000);
        run(&mut subnet, 10);
        let of = |host| {
            subnet.held_of_hosts().find(|held| held.host == HostAddress::from(host)).expect("it is there")
        };
        assert_eq!((of(1).unanswered, of(2).to_host), (1, 1));
        let there = subnet.held().find(|(number, _)| *number == 2).expect("it is there").1;
        assert_eq!(
            (there.reassembly, there.arriving),
            (5, 1),
            "its five packets are there, and the other promised buffers are free"
        );
        run(&mut subnet, 120);
        assert!(
            holds_nothing(&subnet),
            "a host that takes nothing for half a minute is dead, and its messages are answered"
        );
    }

    #[test]
    fn each_thing_that_is_not_given_back_is_seen_in_its_own_field() {
        let of_imp = |subnet: &Subnet| subnet.held().find(|(number, _)| *number == 1).expect("it is there").1;
        let mut leaks = subnet();
        leaks.on_imp(1, |imp, _| {
            assert!(imp.relay.buffers.take_for_host(Room::Forwarding) && imp.relay.buffers.reserve(8));
        });
        assert_eq!(of_imp(&leaks), Held { store_and_forward: 1, reassembly: 8, ..Held::default() });
    }
}
