//! What a scenario says, with every name resolved: plain data.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::Arc;

use host::{Naming, PathName, Right, Terms, Who};
use imp::Net;
use imp1822::HostAddress;
use machine::{Instant, Span};
use ncp::Allocation;

mod action;
mod condition;
mod level1;
mod orders;
mod sweep;
mod text;

pub use action::{
    Action, Data, Expectation, HostAction, Incoming, MOST_BYTES, Messages, NcpAction, Needs, Outgoing,
    Requester, Rest,
};
pub use condition::{Condition, ConditionWhat, ConditionWhen, Meanwhile};
pub use level1::{Generator, Measurement, Size, Target, Traffic};
pub use orders::{Crossing, Orders, Waiting};
pub use sweep::{FaultKind, FaultsPlan, NamedNet, SweepPlan, Varies};
pub use text::{Number, Piece, Term, Text};

/// A whole scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// The name of its file, without folder and ending.
    pub name: String,
    /// What it shows, in a line.
    pub title: String,
    /// The documents that it illustrates.
    pub cites: Vec<String>,
    /// The net on which it plays.
    pub net: Net,
    /// How it names the net: its name, or its path beside the scenario.
    pub net_name: String,
    /// From which every random number of the run is drawn.
    pub seed: u64,
    /// The longest that it may take, in virtual time.
    pub limit: Span,
    /// The line of the file that says so, the first being 1; without one, it is the usual limit.
    pub limit_line: Option<usize>,
    /// If it must fail: what failures must say.
    pub fails: Vec<MustFail>,
    /// Whether the wire monitor watches.
    pub monitored: bool,
    /// The hosts that break rules of the protocols on purpose.
    pub misbehave: Vec<Misbehaving>,
    /// The declared hosts, in the order of the file. Every other host of the net is down, or only takes part in traffic.
    pub hosts: Vec<HostPlan>,
    /// What may differ from seed to seed when it is swept.
    pub sweep: Option<SweepPlan>,
    /// What breaks and heals at its time, whatever the steps wait for, in the order of the file.
    pub meanwhile: Vec<Meanwhile>,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// What must hold of the whole run, in the order of the file.
    pub conditions: Vec<Condition>,
    /// What the author says to readers, in the order of the file.
    pub comments: Vec<Comment>,
}

/// A comment: all behind a `#`, up to the end of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its line in the file, the first being 1.
    pub line: usize,
    /// What stands behind the `#` and a blank. Empty: a line that only parts two paragraphs.
    pub text: String,
    /// Whether it stands behind a statement, of which it is, and not on a line of its own.
    pub is_behind: bool,
}

/// That a scenario must fail. What fails in another way than it is demanded fails the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MustFail {
    /// What a failure must say, or a part of it.
    pub text: String,
    /// The line of the file that demands it, the first being 1.
    pub line: usize,
}

/// That a host breaks rules of the protocols on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misbehaving {
    /// The host.
    pub host: HostAddress,
    /// The line of the file that says so, the first being 1.
    pub line: usize,
    /// The line as written, trimmed.
    pub source: String,
}

/// A declared host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPlan {
    /// Its official name in the net.
    pub name: String,
    /// Its address.
    pub address: HostAddress,
    /// Whether it is up when the run begins.
    pub up: bool,
    /// The edition of the FTP that it serves, if it serves any.
    pub server: Option<ftp::Edition>,
    /// What the scenario says of that server beside.
    pub service: ServicePlan,
    /// The program at its teletype.
    pub program: Option<Program>,
    /// Who may log in.
    pub accounts: Vec<Account>,
    /// RSEXEC's profile: the user's accounts elsewhere.
    pub knows: Vec<Profile>,
    /// How its files are named, if not as those of its system in the net.
    pub naming: Option<Naming>,
    /// How much room directories have on it.
    pub quotas: Vec<QuotaPlan>,
    /// The folder beside the scenario whose files it has when the run begins.
    pub folder: Option<FolderPlan>,
    /// The files that it has beside these.
    pub files: Vec<FilePlan>,
    /// What others may do with its files, if not what is usual.
    pub rights: Vec<RightPlan>,
    /// What the scenario says of its NCP.
    pub policy: PolicyPlan,
    /// If it takes its time: how long at most before it looks at what has arrived. Messages keep their order.
    pub answers_within: Option<Span>,
    /// If its disk is small: how many bytes it has room for beside the files above.
    pub room: Option<u64>,
    /// If it is outside of the simulation: where its cable leads.
    pub external: Option<External>,
    /// The line of the file that declares it, the first being 1.
    pub line: usize,
}

impl HostPlan {
    /// A host that is up, and of which nothing else is said; declared in this line.
    pub fn new(name: &str, address: HostAddress, line: usize) -> Self {
        HostPlan {
            name: name.to_owned(),
            address,
            up: true,
            server: None,
            service: ServicePlan::default(),
            program: None,
            accounts: Vec::new(),
            knows: Vec::new(),
            naming: None,
            quotas: Vec::new(),
            folder: None,
            files: Vec::new(),
            rights: Vec::new(),
            policy: PolicyPlan::default(),
            answers_within: None,
            room: None,
            external: None,
            line,
        }
    }
}

/// What a scenario says of a host's server of files beside its edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ServicePlan {
    /// How many data sockets it sets aside at most, for all its users together.
    pub most_sockets: Option<usize>,
    /// Whether it connects to any socket that a user names, even to one of another host's services.
    pub connects_anywhere: bool,
    /// Whether it asks the user's side to hide a password that is typed.
    pub hides_passwords: bool,
}

/// Where the cable of a host leads that is outside of the simulation, as UDP datagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct External {
    /// The port at which the IMP is found.
    pub port: u16,
    /// Where the host is.
    pub peer: SocketAddr,
}

impl External {
    /// The address from which the IMP speaks. It cannot be reached from other machines if the host is on this one.
    pub fn listens_at(self) -> SocketAddr {
        let ip = match self.peer.ip() {
            ip if ip.is_loopback() => ip,
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        SocketAddr::new(ip, self.port)
    }
}

/// A program at a host's teletype.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The resource sharing executive.
    Rsexec,
    /// A user FTP that is typed to.
    FtpUser,
    /// The control center, to which IMPs report.
    Ncc,
}

/// A name under which one may log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user's name.
    pub name: String,
    /// The password.
    pub password: String,
    /// On what terms he has files transferred.
    pub terms: Terms,
}

/// An account at another host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The official name of the host.
    pub site: String,
    /// The user's name there.
    pub name: String,
    /// The password there.
    pub password: String,
}

/// What others than the owner may do with a file, or with those of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightPlan {
    /// The path of the file, or the directory, as written.
    pub target: String,
    /// What they may do.
    pub right: Right,
    /// Who may.
    pub who: Who,
}

/// How many bytes a directory may have, with what is in it when the run begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaPlan {
    /// The directory, as written.
    pub directory: String,
    /// How many bytes.
    pub bytes: u64,
}

/// A folder beside the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderPlan {
    /// Its name, or its path from there.
    pub name: String,
    /// The files in it, as the host has them.
    pub files: Arc<Vec<(PathName, Vec<u8>)>>,
}

/// A file that is there when the run begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlan {
    /// Its path name, as its host writes path names.
    pub path: String,
    /// What it holds.
    pub content: Content,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// These lines, each of them ended by CR LF. No lines: an empty file.
    Lines(Vec<String>),
    /// Text that the simulator makes up, this many bytes long.
    Generated(u64),
}

/// What a file holds of which a scenario gives the lines: each of them ended by CR LF.
pub fn bytes_of(lines: &[String]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(lines.iter().map(|line| line.len() + 2).sum());
    for line in lines {
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

/// How a host's NCP does what NIC 8246 leaves to it, as far as the scenario says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyPlan {
    /// What it does with unmatched requests.
    pub requests: Option<Requests>,
    /// What it keeps each sender supplied with.
    pub allocation: Option<Allocation>,
    /// How long it waits for the answer to a CLS.
    pub close_patience: Option<Span>,
    /// Whether each of its control messages carries one command only.
    pub plain: bool,
    /// The longest text that it sends in one message, in bits.
    pub largest_text_bits: Option<usize>,
    /// The links that it assigns.
    pub links: Option<RangeInclusive<u8>>,
    /// How long a host may say nothing that keeps a program waiting, before it is asked.
    pub inquiry: Option<Span>,
}

/// What an NCP does with unmatched requests: those for a connection that no program of its host asks or listens for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requests {
    /// It refuses them at once.
    Refuse,
    /// It keeps each for this long, and at most this many if the scenario says how many.
    Queue(Span, Option<usize>),
}

/// A step of the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When it begins.
    pub when: When,
    /// How long it may wait. Only steps that wait have it.
    pub within: Option<Span>,
    /// What it does.
    pub action: Action,
    /// Its line in the file, the first being 1.
    pub line: usize,
    /// The line as written, trimmed.
    pub source: String,
}

/// When a step begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// When the previous step is done.
    Next,
    /// This long after the previous step is done.
    After(Span),
    /// At this time of the run.
    At(Instant),
}

impl Scenario {
    /// How a host of the net names its files.
    pub fn naming(&self, host: HostAddress) -> Naming {
        let said = self.hosts.iter().find(|plan| plan.address == host).and_then(|plan| plan.naming);
        let of_net = || self.net.host_at(host).map(|site| Naming::of_system(&site.system));
        said.or_else(of_net).unwrap_or_default()
    }

    /// The hosts at level 1 only: those that traffic and measurements take part in. They are up from the start.
    pub fn traffic_hosts(&self) -> BTreeSet<HostAddress> {
        traffic_hosts(&self.steps)
    }

    /// Raises the limit, if need be, so that nothing of `meanwhile` is after it: it would never come, and the language does not
    /// let it be said.
    pub fn make_time_for_all(&mut self) {
        let last = self.meanwhile.iter().map(|one| one.at.since(Instant::START)).max();
        self.limit = self.limit.max(last.unwrap_or_default());
    }
}

/// The hosts that the traffic and the measurements of these steps take part in.
pub fn traffic_hosts(steps: &[Step]) -> BTreeSet<HostAddress> {
    let mut hosts = BTreeSet::new();
    for step in steps {
        if let Action::Traffic(traffic) = &step.action {
            hosts.extend(traffic.hosts());
        } else if let Action::Measure(measurement) = &step.action {
            hosts.extend(measurement.hosts());
        }
    }
    hosts
}
