//! What the steps of a scenario do, and what each of these actions needs of the run around it.

use imp::Fault;
use imp1822::HostAddress;
use machine::{Bits, Span};
use ncp::{ByteSize, Socket, State};

use super::level1::{Measurement, Traffic};
use super::orders::Orders;
use super::text::{Number, Text};

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Something is done at a host.
    Host(HostAddress, HostAction),
    /// Waits until a message crosses whose decoded text contains the text. Empty: any message.
    WaitFor {
        /// The host that sends it.
        from: HostAddress,
        /// The host that it is for.
        to: HostAddress,
        /// The text.
        text: Text,
    },
    /// A fault begins or ends: of a line, an IMP, a cable, or a host's side of its cable.
    Fault(Fault),
    /// Hosts at level 1 begin to send, or cease.
    Traffic(Traffic),
    /// Something is measured, and a table of it printed.
    Measure(Measurement),
    /// From here on, messages arrive in one of many orders.
    Orders(Orders),
    /// The run fails unless this holds.
    Expect(Expectation),
}

/// What is done at a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostAction {
    /// A line is typed at the host's teletype.
    Types(Text),
    /// Waits until the host's teletype prints the text.
    Sees(Text),
    /// The operator of the host has news for all who are served there.
    Announces(Text),
    /// The operator says that the server of files stops after so long.
    ShutsDownFtp(Span),
    /// The host stops and loses all that is not in its files.
    Crashes,
    /// The host comes up.
    Restarts,
    /// The host's NCP is driven directly; no program need run there.
    Ncp(NcpAction),
}

/// What a step has a host's NCP do. Whether a socket that has a name sends or receives, and whether a number that has one
/// fits its place, is seen when the step is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence above each variant tells what its fields are")]
pub enum NcpAction {
    /// Asks for a connection.
    Inits { local: Number<Socket>, to: HostAddress, foreign: Number<Socket>, size: Option<Number<ByteSize>> },
    /// Waits for a request for connection.
    Listens { local: Number<Socket>, from: Requester, size: Option<Number<ByteSize>> },
    /// Answers one user by the initial connection protocol: listens at the contact socket, and goes on at this socket and
    /// the next one.
    Answers { contact: Number<Socket>, base: Number<Socket> },
    /// Calls a server's contact socket by the initial connection protocol, from this socket and those that belong to it.
    Calls { to: HostAddress, contact: Number<Socket>, base: Number<Socket> },
    /// Closes the connection at this socket.
    Closes { local: Number<Socket> },
    /// Breaks the connection at this socket off.
    Aborts { local: Number<Socket> },
    /// Sends. Waits until the connection is open.
    Sends { local: Number<Socket>, data: Outgoing },
    /// Reads. Waits until this has arrived next.
    Receives { local: Number<Socket>, data: Incoming },
    /// Sends a line of Telnet, and its end. Waits until the connection is open.
    Says { local: Number<Socket>, line: Text },
    /// Reads lines of Telnet. Waits until one with the text in it has arrived.
    Hears { local: Number<Socket>, text: Text },
    /// Interrupts the other end. Waits until the connection is open.
    Interrupts { local: Number<Socket> },
    /// Asks the sender for 128ths of the allocation. Waits until the connection is open.
    TakesBack { local: Number<Socket>, messages: Number<u8>, bits: Number<u8> },
    /// Asks another host to send a number back.
    Echoes { to: HostAddress, data: Number<u8> },
    /// Asks another host to forget all connections between the two, and forgets them.
    Resets { partner: HostAddress },
    /// Sends this text on a link, in bytes of eight bits, without the NCP.
    Injects { to: HostAddress, link: Number<u8>, text: Vec<u8> },
    /// Sends this message, leader included, without the NCP.
    InjectsRaw { message: Bits },
    /// Has the connections of the host listed on its teletype.
    Netstat,
}

/// For whose request for connection a host listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requester {
    /// Anybody's.
    Anyone,
    /// That of this host, from whichever socket.
    Host(HostAddress),
    /// That of this socket.
    Socket(HostAddress, Number<Socket>),
}

/// What goes over a connection, as a scenario writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Characters, in bytes of eight bits.
    Text(Text),
    /// Numbers, each in one byte of the connection's size.
    Bytes(Vec<Number<u64>>),
}

/// How many bytes a step may send at random, or receive uncompared.
pub const MOST_BYTES: u32 = 1_000_000;

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outgoing {
    /// This.
    Data(Data),
    /// So many bytes of the connection's size, 1 to [`MOST_BYTES`], drawn at random.
    Random(Number<u32>),
}

/// What is to arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// Exactly this.
    Data(Data),
    /// So many bytes, 1 to [`MOST_BYTES`], whichever they are.
    Any(Number<u32>),
    /// All that steps have sent from a socket, and that no step has received at this one.
    SentBy(HostAddress, Number<Socket>),
}

/// What must hold when its step is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence above each variant tells what its fields are")]
pub enum Expectation {
    /// The file holds exactly these lines, each ended by CR LF.
    File { host: HostAddress, path: String, lines: Vec<String> },
    /// The file has this length.
    FileLength { host: HostAddress, path: String, bytes: u64 },
    /// The file holds what another one holds.
    SameFile { host: HostAddress, path: String, other_host: HostAddress, other_path: String },
    /// There is no such file.
    NoFile { host: HostAddress, path: String },
    /// The host's teletype has printed the text at some time.
    Saw { host: HostAddress, text: Text },
    /// A message has crossed whose decoded text contains the text. Empty: any message.
    Crossed { from: HostAddress, to: HostAddress, text: Text },
    /// No such message has crossed so far.
    NotCrossed { from: HostAddress, to: HostAddress, text: Text },
    /// No data of a file has gone to or come from the host.
    NoFileDataThrough { host: HostAddress },
    /// The connection at the socket is in this state; without one, there is no connection.
    Socket { host: HostAddress, local: Number<Socket>, state: Option<State> },
    /// The host's NCP has no connection left.
    NoConnections { host: HostAddress },
}

/// What an action needs of the run around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// What must come to rest before it, if its step has no time of its own.
    pub rest: Rest,
    /// The messages that must have been decoded for it.
    pub messages: Messages,
    /// It takes at least this long.
    pub least_span: Span,
}

/// What must come to rest before an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Nothing.
    Nothing,
    /// The program at this host's teletype: it must ask for its next line.
    Program(HostAddress),
    /// Every program, and then the whole net.
    Everything,
}

/// Messages that must have been decoded for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Messages {
    /// None.
    None,
    /// Those that this host sends, even if it only takes part in traffic.
    SentBy(HostAddress),
    /// Those of the hosts that have programs, because only these move files.
    FileData,
}

impl Needs {
    const NOTHING: Needs = Needs { rest: Rest::Nothing, messages: Messages::None, least_span: Span::ZERO };
}

impl Action {
    /// The host whose sockets this step drives; no program need run there.
    pub fn drives_ncp_of(&self) -> Option<HostAddress> {
        if let Action::Host(host, HostAction::Ncp(_)) = self { Some(*host) } else { None }
    }

    /// The names that it gives to numbers which it finds.
    pub fn new_names(&self) -> impl Iterator<Item = &str> {
        let text = match self {
            Action::WaitFor { text, .. }
            | Action::Host(_, HostAction::Sees(text) | HostAction::Ncp(NcpAction::Hears { text, .. })) => {
                Some(text)
            }
            Action::Expect(expectation) => expectation.names(),
            Action::Host(..)
            | Action::Fault(_)
            | Action::Traffic(_)
            | Action::Measure(_)
            | Action::Orders(_) => None,
        };
        text.into_iter().flat_map(Text::new_names)
    }

    /// What it needs of the run around it.
    pub fn needs(&self) -> Needs {
        match self {
            Action::Host(host, action) => action.needs(*host),
            Action::WaitFor { from, .. } => Needs { messages: Messages::SentBy(*from), ..Needs::NOTHING },
            Action::Fault(_) | Action::Traffic(_) | Action::Orders(_) => Needs::NOTHING,
            Action::Measure(measurement) => Needs { least_span: measurement.least_span(), ..Needs::NOTHING },
            Action::Expect(expectation) => {
                Needs { rest: Rest::Everything, messages: expectation.messages(), ..Needs::NOTHING }
            }
        }
    }
}

impl HostAction {
    fn needs(&self, host: HostAddress) -> Needs {
        match self {
            HostAction::Types(_) => Needs { rest: Rest::Program(host), ..Needs::NOTHING },
            HostAction::Sees(_)
            | HostAction::Announces(_)
            | HostAction::ShutsDownFtp(_)
            | HostAction::Crashes
            | HostAction::Restarts
            | HostAction::Ncp(_) => Needs::NOTHING,
        }
    }
}

impl Expectation {
    /// The names that it gives to numbers which it finds.
    pub fn new_names(&self) -> impl Iterator<Item = &str> {
        self.names().into_iter().flat_map(Text::new_names)
    }

    /// The text that may give names to numbers.
    fn names(&self) -> Option<&Text> {
        match self {
            Expectation::Saw { text, .. } | Expectation::Crossed { text, .. } => Some(text),
            Expectation::File { .. }
            | Expectation::FileLength { .. }
            | Expectation::SameFile { .. }
            | Expectation::NoFile { .. }
            | Expectation::NotCrossed { .. }
            | Expectation::NoFileDataThrough { .. }
            | Expectation::Socket { .. }
            | Expectation::NoConnections { .. } => None,
        }
    }

    fn messages(&self) -> Messages {
        match self {
            Expectation::Crossed { from, .. } | Expectation::NotCrossed { from, .. } => {
                Messages::SentBy(*from)
            }
            Expectation::NoFileDataThrough { .. } => Messages::FileData,
            Expectation::File { .. }
            | Expectation::FileLength { .. }
            | Expectation::SameFile { .. }
            | Expectation::NoFile { .. }
            | Expectation::Saw { .. }
            | Expectation::Socket { .. }
            | Expectation::NoConnections { .. } => Messages::None,
        }
    }
}
