//! What a scenario says, with every name resolved: plain data.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;

use imp::{Fault, Net};
use imp1822::HostAddress;
use machine::{Bits, Instant, Span};
use ncp::{Allocation, ByteSize, ForeignSocket, Partner, Socket, State};

mod level1;

pub use level1::{Generator, Measurement, Size, Target, Traffic};

/// A whole scenario.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The name of its file, without folder and ending.
    pub name: String,
    /// What it shows, in a line.
    pub title: String,
    /// The documents that it illustrates.
    pub cites: Vec<String>,
    /// The net on which it plays.
    pub net: Net,
    /// From which every random number of the run is drawn.
    pub seed: u64,
    /// The longest that it may take, in virtual time.
    pub limit: Span,
    /// If it must fail: what the error says, or a part of it.
    pub fails: Option<MustFail>,
    /// Whether the wire monitor watches.
    pub monitored: bool,
    /// The hosts that break rules of the protocols on purpose.
    pub misbehave: Vec<Misbehaving>,
    /// The declared hosts, in the order of the file. Every other host of the net is down, or bare.
    pub hosts: Vec<HostPlan>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// That a scenario must fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MustFail {
    /// What the error says, or a part of it.
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
    /// The program at its teletype.
    pub program: Option<Program>,
    /// Who may log in.
    pub accounts: Vec<Account>,
    /// RSEXEC's profile: the user's accounts elsewhere.
    pub knows: Vec<Profile>,
    /// The files that it has when the run begins.
    pub files: Vec<FilePlan>,
    /// What the scenario says of its NCP.
    pub policy: PolicyPlan,
    /// If it is outside of the simulation: where its cable leads.
    pub external: Option<External>,
    /// The line of the file that declares it, the first being 1.
    pub line: usize,
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
    /// The address from which the IMP speaks. Nobody else's machine needs to reach the IMP of a host on this one.
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
}

/// A name under which one may log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user's name.
    pub name: String,
    /// The password.
    pub password: String,
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
    /// So many bytes of text that the simulator makes up.
    Generated(u64),
}

/// How a host's NCP does what NIC 8246 leaves to it, as far as the scenario says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyPlan {
    /// What it does with requests that nobody waits for.
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
}

/// What an NCP does with requests for connection that nobody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requests {
    /// It refuses them at once.
    Refuse,
    /// It keeps them for so long, this many at most if the scenario says how many.
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
    /// So long after the previous step is done.
    After(Span),
    /// At this time of the run.
    At(Instant),
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence above each variant tells what its fields are")]
pub enum Action {
    /// Somebody types a line at the host's teletype.
    Types { host: HostAddress, text: String },
    /// Waits until the host's teletype prints the text.
    Sees { host: HostAddress, text: String },
    /// Waits until a message crosses whose decoded text contains the text. Empty: any message.
    WaitFor { from: HostAddress, to: HostAddress, text: String },
    /// A local program asks for a connection.
    Inits { host: HostAddress, local: Socket, to: ForeignSocket, size: Option<ByteSize> },
    /// A local program waits for a request for connection.
    Listens { host: HostAddress, local: Socket, from: Partner, size: Option<ByteSize> },
    /// A local program closes the connection at this socket.
    Closes { host: HostAddress, local: Socket },
    /// A local program breaks the connection at this socket off.
    Aborts { host: HostAddress, local: Socket },
    /// A local program sends. Waits until the connection is open.
    Sends { host: HostAddress, local: Socket, data: Data },
    /// A local program reads. Waits until exactly this has arrived next.
    Receives { host: HostAddress, local: Socket, data: Data },
    /// A local program interrupts the other end. Waits until the connection is open.
    Interrupts { host: HostAddress, local: Socket },
    /// A local program asks the sender for 128ths of the allocation. Waits until the connection is open.
    TakesBack { host: HostAddress, local: Socket, messages: u8, bits: u8 },
    /// The host asks another one to send a number back.
    Echoes { host: HostAddress, to: HostAddress, data: u8 },
    /// The host asks another one to forget all connections between them, and forgets them.
    Resets { host: HostAddress, partner: HostAddress },
    /// The host sends this message, leader included, without its NCP.
    Injects { host: HostAddress, message: Bits },
    /// The host's operator has its connections listed on the teletype.
    Netstat { host: HostAddress },
    /// The host stops and loses all that is not in its files.
    Crashes { host: HostAddress },
    /// The host comes up.
    Restarts { host: HostAddress },
    /// Something that is no host as a whole breaks or heals.
    Fault(Fault),
    /// Bare hosts begin to send, or cease.
    Traffic(Traffic),
    /// Something is measured, and a table of it printed.
    Measure(Measurement),
    /// The run fails unless this holds.
    Expect(Expectation),
}

impl Scenario {
    /// The hosts at level 1 only: those that traffic and measurements take part in. They are up from the start.
    pub fn bare_hosts(&self) -> BTreeSet<HostAddress> {
        let mut hosts = BTreeSet::new();
        for step in &self.steps {
            if let Action::Traffic(traffic) = &step.action {
                hosts.extend(traffic.hosts());
            } else if let Action::Measure(measurement) = &step.action {
                hosts.extend(measurement.hosts());
            }
        }
        hosts
    }
}

impl Action {
    /// The host whose operator does this: by a program of his own, without one that is typed to.
    pub fn operator(&self) -> Option<HostAddress> {
        match self {
            Action::Inits { host, .. }
            | Action::Listens { host, .. }
            | Action::Closes { host, .. }
            | Action::Aborts { host, .. }
            | Action::Sends { host, .. }
            | Action::Receives { host, .. }
            | Action::Interrupts { host, .. }
            | Action::TakesBack { host, .. }
            | Action::Echoes { host, .. }
            | Action::Resets { host, .. }
            | Action::Injects { host, .. }
            | Action::Netstat { host } => Some(*host),
            Action::Types { .. }
            | Action::Sees { .. }
            | Action::WaitFor { .. }
            | Action::Crashes { .. }
            | Action::Restarts { .. }
            | Action::Fault(_)
            | Action::Traffic(_)
            | Action::Measure(_)
            | Action::Expect(_) => None,
        }
    }

    /// Whether this may have to wait for something.
    pub fn waits(&self) -> bool {
        match self {
            Action::Sees { .. }
            | Action::WaitFor { .. }
            | Action::Sends { .. }
            | Action::Receives { .. }
            | Action::Interrupts { .. }
            | Action::TakesBack { .. } => true,
            Action::Types { .. }
            | Action::Inits { .. }
            | Action::Listens { .. }
            | Action::Closes { .. }
            | Action::Aborts { .. }
            | Action::Echoes { .. }
            | Action::Resets { .. }
            | Action::Injects { .. }
            | Action::Netstat { .. }
            | Action::Crashes { .. }
            | Action::Restarts { .. }
            | Action::Fault(_)
            | Action::Traffic(_)
            | Action::Measure(_)
            | Action::Expect(_) => false,
        }
    }
}

/// What goes over a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Characters, in bytes of eight bits.
    Text(String),
    /// Numbers, each in one byte of the connection's size.
    Bytes(Vec<u64>),
}

/// What must hold when its step is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence above each variant tells what its fields are")]
pub enum Expectation {
    /// The file holds exactly these lines, each ended by CR LF.
    File { host: HostAddress, path: String, lines: Vec<String> },
    /// The file is so many bytes long.
    FileLength { host: HostAddress, path: String, bytes: u64 },
    /// The file holds what another one holds.
    SameFile { host: HostAddress, path: String, other_host: HostAddress, other_path: String },
    /// There is no such file.
    NoFile { host: HostAddress, path: String },
    /// The host's teletype has printed the text at some time.
    Saw { host: HostAddress, text: String },
    /// A message has crossed whose decoded text contains the text. Empty: any message.
    Crossed { from: HostAddress, to: HostAddress, text: String },
    /// No such message has crossed so far.
    NotCrossed { from: HostAddress, to: HostAddress, text: String },
    /// No data of a file has gone to or come from the host.
    NoFileDataThrough { host: HostAddress },
    /// The connection at the socket is in this state; without one, there is no connection.
    Socket { host: HostAddress, local: Socket, state: Option<State> },
    /// The host's NCP has no connection left.
    NoConnections { host: HostAddress },
}
