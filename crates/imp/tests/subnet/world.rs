//! A small net, the hosts that talk over it, and what each of them hears.

use imp::{
    Crossing, Fault, HostSite, ImpSite, LineSite, Mishap, Net, Notice, Output, Settings, Subnet, Toward,
    Watch,
};
use imp1822::{FromImp, HostAddress, LEADER_BITS, Leader, Link, Signal, ToImp};
use machine::{BitWriter, Bits, Instant, Machine, Rate, Rounds, Span};

/// The moment from which a world counts its time. The IMPs of low numbers have just told each other their estimates,
/// 10 ms after one another, and will again 640 ms later: for half a second no routing message is in the way.
const EPOCH: Instant = Instant::from_micros(100_000);

/// A subnet with its clock and the record of what came out.
pub(crate) struct World {
    pub(crate) subnet: Subnet,
    pub(crate) now: Instant,
    /// Time, host, and what arrived there.
    pub(crate) heard: Vec<(Instant, u8, Signal)>,
    /// Time, and the packet that began to cross a line.
    pub(crate) crossings: Vec<(Instant, Crossing)>,
    /// The same of what serves the line alone.
    pub(crate) of_the_line: Vec<(Instant, Crossing)>,
    /// Time, host, and what happened to which message on its way to which end of the cable.
    pub(crate) struck: Vec<(Instant, u8, Toward, Mishap, Bits)>,
    /// Time, IMP, and what it found out.
    pub(crate) notices: Vec<(Instant, u8, Notice)>,
}

/// A net of 50 kb/s lines, 5 ms long.
pub(crate) fn net(imps: &[u8], lines: &[[u8; 2]], hosts: &[u8]) -> Net {
    let site = |number: &u8| ImpSite { number: *number, name: format!("SITE{number}"), place: None };
    let line = |between: &[u8; 2]| LineSite {
        between: *between,
        rate: Rate::kilobits(50),
        delay: Span::from_millis(5),
    };
    let host = |address: &u8| HostSite {
        name: format!("HOST{address}"),
        address: HostAddress::from(*address),
        aliases: Vec::new(),
        system: "TENEX".to_owned(),
        cable: None,
    };
    Net {
        name: "test".to_owned(),
        title: "A net for a test".to_owned(),
        sources: Vec::new(),
        imps: imps.iter().map(site).collect(),
        lines: lines.iter().map(line).collect(),
        hosts: hosts.iter().map(host).collect(),
        reports: None,
    }
}

/// A regular message of `data` bits, all ones.
pub(crate) fn regular(to: u8, link: u8, data: usize) -> Bits {
    message(ToImp::Regular { to: HostAddress::from(to), link: Link::from(link), priority: false }, data)
}

/// A priority message of `data` bits, all ones.
pub(crate) fn priority(to: u8, link: u8, data: usize) -> Bits {
    message(ToImp::Regular { to: HostAddress::from(to), link: Link::from(link), priority: true }, data)
}

/// Any message with `data` bits, all ones, after its leader.
pub(crate) fn message(kind: ToImp, data: usize) -> Bits {
    let mut writer = BitWriter::new(LEADER_BITS + data);
    Leader::from(kind).emit(&mut writer);
    (0..data).for_each(|_| writer.put(1, 1));
    writer.finish()
}

pub(crate) fn rfnm(to: u8, link: u8) -> FromImp {
    FromImp::Rfnm { to: HostAddress::from(to), link: Link::from(link) }
}

pub(crate) fn regular_from(from: u8, link: u8) -> FromImp {
    FromImp::Regular { from: HostAddress::from(from), link: Link::from(link), priority: false }
}

pub(crate) fn since_epoch(at: Instant) -> u64 {
    at.since(EPOCH).as_micros()
}

impl World {
    /// All hosts of the net have been up for long.
    pub(crate) fn new(net: &Net) -> Self {
        World::with(net, Settings { watch: Watch::NoRouting, ..Settings::default() })
    }

    /// The same, with other settings.
    pub(crate) fn with(net: &Net, settings: Settings) -> Self {
        let mut world = World {
            subnet: Subnet::new(net, settings),
            now: Instant::START,
            heard: Vec::new(),
            crossings: Vec::new(),
            of_the_line: Vec::new(),
            struck: Vec::new(),
            notices: Vec::new(),
        };
        for host in &net.hosts {
            world.ready(host.address.number(), true);
        }
        world.until(0);
        world.forget();
        world
    }

    /// Forgets what has come out.
    pub(crate) fn forget(&mut self) {
        self.heard.clear();
        self.crossings.clear();
        self.of_the_line.clear();
        self.notices.clear();
    }

    /// How many microseconds have passed since the epoch.
    pub(crate) fn micros(&self) -> u64 {
        since_epoch(self.now)
    }

    pub(crate) fn ready(&mut self, host: u8, ready: bool) {
        self.signal(host, Signal::Ready(ready));
    }

    pub(crate) fn says(&mut self, host: u8, bits: Bits) {
        self.signal(host, Signal::Message(bits));
    }

    /// Lets time pass up to `micros` after the epoch.
    pub(crate) fn until(&mut self, micros: u64) {
        let end = EPOCH + Span::from_micros(micros);
        while let Some(due) = self.subnet.deadline().filter(|due| *due <= end) {
            self.alarm(due);
        }
        self.now = self.now.max(end);
    }

    /// Lets `micros` microseconds pass.
    pub(crate) fn pass(&mut self, micros: u64) {
        self.until(self.micros() + micros);
    }

    /// Lets time pass until nothing is left to happen.
    pub(crate) fn rest(&mut self) {
        let end = self.now + Span::from_secs(3600);
        while let Some(due) = self.subnet.deadline() {
            assert!(due < end, "nothing comes to rest: {:?}", self.subnet);
            self.alarm(due);
        }
    }

    /// Lets a fault happen, which must meet something.
    pub(crate) fn fault(&mut self, fault: Fault) {
        assert_eq!(self.subnet.inject(self.now, fault), Ok(()));
        self.drain();
    }

    /// Lets a fault happen, which may meet nothing.
    pub(crate) fn fault_if_any(&mut self, fault: Fault) {
        let _ = self.subnet.inject(self.now, fault);
        self.drain();
    }

    /// Lets something happen to the next message on a host's cable.
    pub(crate) fn mishap(&mut self, host: u8, toward: Toward, mishap: Mishap) {
        self.fault(Fault::Mishap { host: HostAddress::from(host), toward, mishap });
    }

    /// What a host heard, oldest first, by its leaders.
    pub(crate) fn told(&self, host: u8) -> Vec<FromImp> {
        self.told_when(host).into_iter().map(|(_, what)| what).collect()
    }

    /// What a host heard and when, in microseconds after the epoch.
    pub(crate) fn told_when(&self, host: u8) -> Vec<(u64, FromImp)> {
        let messages = self.heard.iter().filter_map(|(at, to, signal)| match signal {
            Signal::Message(bits) if *to == host => {
                Some((since_epoch(*at), FromImp::parse(bits).expect("IMPs send whole leaders")))
            }
            Signal::Message(_) | Signal::Ready(_) => None,
        });
        messages.collect()
    }

    /// What crossed lines, in words without the bits, and without what serves the line alone.
    pub(crate) fn crossed(&self) -> Vec<String> {
        let words = self.crossings.iter().map(|(_, crossing)| {
            let words = crossing.to_string();
            words.replace(&format!(", {} bits", crossing.bits), "")
        });
        words.collect()
    }

    fn signal(&mut self, host: u8, signal: Signal) {
        self.subnet.handle(self.now, (HostAddress::from(host), signal));
        self.drain();
    }

    fn alarm(&mut self, due: Instant) {
        assert!(due >= self.now, "time never goes back");
        self.now = due;
        self.subnet.alarm(due);
        self.drain();
        assert!(self.subnet.deadline().is_none_or(|next| next > due), "an alarm is done with its moment");
    }

    pub(crate) fn drain(&mut self) {
        let mut rounds = Rounds::until("the subnet has nothing more to say");
        while let Some(output) = self.subnet.poll() {
            rounds.count();
            match output {
                Output::Host(host, signal) => self.heard.push((self.now, host.number(), signal)),
                Output::Frame(crossing) if crossing.what.is_of_the_line() => {
                    self.of_the_line.push((self.now, crossing));
                }
                Output::Frame(crossing) => self.crossings.push((self.now, crossing)),
                Output::Struck { host, toward, mishap, message } => {
                    self.struck.push((self.now, host.number(), toward, mishap, message));
                }
                Output::Notice { imp, notice } => self.notices.push((self.now, imp, notice)),
            }
        }
    }
}
