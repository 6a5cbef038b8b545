//! What there is to look at when it is asked what is left behind, and the words for what is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use host::Held;
use imp1822::HostAddress;
use ncp::{Socket, State};
use trace::Names;

use crate::world::{Log, World};

/// What is left behind, and nobody owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// What kind of thing it is.
    pub kind: Kind,
    /// The sentence.
    pub text: String,
    /// Whether the loss of one control message on a host's cable explains it, or that one came twice: the protocols of 1973
    /// have no remedy for that, and nobody in the run could know.
    pub by_loss: bool,
}

impl Left {
    pub(super) fn new(kind: Kind, text: String) -> Self {
        let by_loss = match kind {
            // A CLS was lost; or an ALL, or it came twice.
            Kind::Request | Kind::Allocation | Kind::Text => true,
            // What ends in its own time, or in an IMP, no loss explains; of connections, `connections` tells.
            Kind::Connection | Kind::Listening | Kind::Command | Kind::Unanswered | Kind::Stray => false,
            Kind::Program | Kind::Lease | Kind::Draft | Kind::Login | Kind::Imp => false,
        };
        Left { kind, text, by_loss }
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Makes the kinds: variant, short name, what it is.
macro_rules! kinds {
    ($($variant:ident = $name:literal, $doc:literal;)+) => {
        /// What can be left behind.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = concat!($doc, ".")] $variant,)+
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Kind] = &[$(Kind::$variant),+];

            /// A short name for tables, which does not change.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Kind::$variant => $name,)+
                }
            }
        }
    };
}

kinds! {
    Connection = "connection", "A connection, in whatever state";
    Listening = "listening", "A socket that listens";
    Request = "request", "A request that waits for a program";
    Allocation = "allocation", "Two ends of a connection that count different allocations";
    Text = "text", "Text that is not sent though its connection is open";
    Command = "command", "Control commands that have not left";
    Unanswered = "unanswered", "A message, an RST, an ECO or a refusal without an answer";
    Stray = "stray", "An entry of an NCP's tables, or a deadline, that belongs to nothing";
    Program = "program", "A program that another has started";
    Lease = "lease", "Sockets that are set aside for a program";
    Draft = "draft", "A file that is being written, or its room on the disk";
    Login = "login", "A user who is counted as logged in";
    Imp = "imp", "A message, a packet, a buffer or a message number in an IMP";
}

/// What hosts held when they had just come up.
#[derive(Debug, Clone, Default)]
pub struct AfterBoot {
    pub(super) listening: BTreeSet<(HostAddress, Socket)>,
    pub(super) programs: BTreeSet<(HostAddress, String)>,
}

impl AfterBoot {
    /// What the hosts of a world hold now, before anything has happened.
    pub fn of<L: Log>(world: &World<L>) -> Self {
        let listening = world.hosts().flat_map(|(address, host)| {
            let statuses = host.netstat().into_iter().filter(|status| status.state == State::Listening);
            statuses.map(move |status| (address, status.local))
        });
        let programs = world
            .hosts()
            .flat_map(|(address, host)| host.programs().into_iter().map(move |name| (address, name)));
        AfterBoot { listening: listening.collect(), programs: programs.collect() }
    }
}

/// What can be seen of a world that is quiet.
pub(super) struct Sight<'a, L> {
    pub(super) world: &'a World<L>,
    pub(super) names: &'a Names,
    /// What each host that is up holds.
    pub(super) held: BTreeMap<HostAddress, Held>,
    pub(super) after_boot: &'a AfterBoot,
}
