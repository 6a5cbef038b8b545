//! What goes on in a phase of a run, and what that is called.

use std::collections::BTreeMap;

use imp1822::HostAddress;
use ncp::Socket;
use ncp::icp::{DISCARD_CONTACT, ECHO_CONTACT, FINGER_CONTACT, FTP_CONTACT, TELNET_CONTACT};
use trace::Names;

/// A phase of a run. Others may go on at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// What goes on.
    pub kind: PhaseKind,
    /// The first record that belongs to it.
    pub first: u64,
    /// The last one.
    pub last: u64,
}

/// What goes on in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhaseKind {
    /// The hosts come up at their IMPs; a person may have typed, and nobody has asked another host for anything yet.
    Start,
    /// Two NCPs have to do with each other as wholes: resets, echoes, complaints.
    Ncps([HostAddress; 2]),
    /// A user reaches a server: the initial connection protocol, up to both connections that follow it.
    Contact {
        /// The host of the user.
        user: HostAddress,
        /// The host of the server.
        server: HostAddress,
        /// The socket that is asked at.
        service: Socket,
        /// Which session of all, by the order of their contacts.
        session: u64,
    },
    /// The server of files greets, and the user logs in.
    Login {
        /// The host of the user.
        user: HostAddress,
        /// The host of the server.
        server: HostAddress,
        /// Which session of all.
        session: u64,
    },
    /// Another dialogue over these connections.
    Dialogue {
        /// The host of the user.
        user: HostAddress,
        /// The host of the server.
        server: HostAddress,
        /// The socket that was asked at.
        service: Socket,
        /// Which session of all.
        session: u64,
    },
    /// RFC 438, steps 1 to 3.
    Arrange {
        /// The host of the one who directs.
        user: HostAddress,
        /// Which step.
        step: u8,
        /// The session by which the user has begun it: one who directs two servers has two for one errand.
        errand: u64,
    },
    /// The command, or the two commands, to transfer.
    Transfer {
        /// The host of the one who directs.
        user: HostAddress,
        /// Whether the data are to go between two servers.
        is_third_party: bool,
        /// The session by which the user has begun it.
        errand: u64,
    },
    /// A connection for data, or any other.
    Data {
        /// The host that sends.
        from: HostAddress,
        /// The host that receives.
        to: HostAddress,
        /// Between which sockets, the sender's first; `None` if nobody was seen to ask for it.
        ends: Option<(Socket, Socket)>,
    },
    /// What is said of a transfer in the end.
    Outcome {
        /// The host of the one who directs.
        user: HostAddress,
        /// The session by which the user has begun it.
        errand: u64,
    },
    /// Logging out, and the close of the connections.
    Close {
        /// The host of the user.
        user: HostAddress,
        /// The session by which the user has begun what is over.
        errand: u64,
    },
    /// Traffic that is measured.
    Measurement,
}

/// The names by which kinds of phases can be asked for, in the order in which they usually come.
pub const PHASE_WORDS: [&str; 10] =
    ["start", "ncp", "icp", "login", "dialogue", "arrange", "transfer", "data", "outcome", "close"];

impl PhaseKind {
    /// The name by which its kind can be asked for.
    pub fn word(self) -> &'static str {
        match self {
            PhaseKind::Start => "start",
            PhaseKind::Ncps(_) => "ncp",
            PhaseKind::Contact { .. } => "icp",
            PhaseKind::Login { .. } => "login",
            PhaseKind::Dialogue { .. } => "dialogue",
            PhaseKind::Arrange { .. } => "arrange",
            PhaseKind::Transfer { .. } => "transfer",
            PhaseKind::Data { .. } | PhaseKind::Measurement => "data",
            PhaseKind::Outcome { .. } => "outcome",
            PhaseKind::Close { .. } => "close",
        }
    }

    /// The session that it is a phase of, or by which the user has begun what it is a phase of.
    pub(super) fn session(self) -> Option<u64> {
        match self {
            PhaseKind::Contact { session, .. }
            | PhaseKind::Login { session, .. }
            | PhaseKind::Dialogue { session, .. } => Some(session),
            PhaseKind::Arrange { errand, .. }
            | PhaseKind::Transfer { errand, .. }
            | PhaseKind::Outcome { errand, .. }
            | PhaseKind::Close { errand, .. } => Some(errand),
            PhaseKind::Start | PhaseKind::Ncps(_) | PhaseKind::Data { .. } | PhaseKind::Measurement => None,
        }
    }

    /// Whether this host has to do with it, or may have, as far as its name says who has.
    pub(crate) fn may_be_about(self, host: HostAddress) -> bool {
        match self {
            PhaseKind::Ncps(hosts) => hosts.contains(&host),
            PhaseKind::Contact { user, server, .. }
            | PhaseKind::Login { user, server, .. }
            | PhaseKind::Dialogue { user, server, .. } => [user, server].contains(&host),
            PhaseKind::Data { from, to, .. } => [from, to].contains(&host),
            PhaseKind::Start
            | PhaseKind::Measurement
            | PhaseKind::Arrange { .. }
            | PhaseKind::Transfer { .. }
            | PhaseKind::Outcome { .. }
            | PhaseKind::Close { .. } => true,
        }
    }

    /// Whether it is a phase of a transfer of this errand.
    pub(super) fn is_of_transfer(self, errand: u64) -> bool {
        match self {
            PhaseKind::Arrange { errand: of, .. }
            | PhaseKind::Transfer { errand: of, .. }
            | PhaseKind::Outcome { errand: of, .. } => of == errand,
            _ => false,
        }
    }

    /// What goes on, in words; two phases may have the same.
    pub fn title(self, names: &Names) -> String {
        let name = |host| names.host(host);
        match self {
            PhaseKind::Start => "The beginning".to_owned(),
            PhaseKind::Ncps([one, other]) => format!("The NCPs of {} and {}", name(one), name(other)),
            PhaseKind::Contact { user, server, service: at, .. } => {
                let what = service_words(at);
                format!("ICP: {} reaches {what} of {}", name(user), name(server))
            }
            PhaseKind::Login { user, server, .. } => format!("Login: {} at {}", name(user), name(server)),
            PhaseKind::Dialogue { user, server, service: at, .. } if at == FTP_CONTACT => {
                format!("FTP: {} and the server of {}", name(user), name(server))
            }
            PhaseKind::Dialogue { user, server, service: at, .. } => {
                format!("{} talks to {} of {}", name(user), service_words(at), name(server))
            }
            PhaseKind::Arrange { step: 1, .. } => {
                "RFC 438, step 1: one server sets a socket aside, at which it will listen".to_owned()
            }
            PhaseKind::Arrange { step: 2, .. } => {
                "RFC 438, step 2: the other is told its partner, and promises a socket".to_owned()
            }
            PhaseKind::Arrange { .. } => {
                "RFC 438, step 3: the first is told from whom alone it takes a connection".to_owned()
            }
            PhaseKind::Transfer { is_third_party: true, .. } => {
                "RFC 438, step 4: both servers are told to transfer".to_owned()
            }
            PhaseKind::Transfer { user, .. } => format!("Transfer: {} gives the command", name(user)),
            PhaseKind::Data { from, to, .. } => format!("Data: {} to {}", name(from), name(to)),
            PhaseKind::Outcome { .. } => "Outcome: what is said of the transfer".to_owned(),
            PhaseKind::Close { user, .. } => format!("Close: {} logs out", name(user)),
            PhaseKind::Measurement => "Measurement".to_owned(),
        }
    }
}

/// A service as a heading names it.
pub(crate) fn service_words(at: Socket) -> String {
    match at {
        FTP_CONTACT => "the FTP server".to_owned(),
        TELNET_CONTACT => "the login server".to_owned(),
        ECHO_CONTACT => "the echo".to_owned(),
        DISCARD_CONTACT => "the discard service".to_owned(),
        FINGER_CONTACT => "the finger service".to_owned(),
        other => format!("socket {other}"),
    }
}

/// What goes on in each phase, as a heading. No two are the same: of several sessions of one user with one server, each says
/// which it is, and so does each of several transfers.
pub(super) fn headings(phases: &[Phase], names: &Names) -> Vec<String> {
    // Which session of its user with its service each one is.
    let (mut sessions, mut of_pair) = (BTreeMap::new(), BTreeMap::new());
    for phase in phases {
        if let PhaseKind::Contact { user, server, service, session } = phase.kind {
            let count: &mut u32 = of_pair.entry((user, server, service)).or_default();
            *count += 1;
            sessions.insert(session, ((user, server, service), *count));
        }
    }
    let session = |kind: PhaseKind| {
        let (pair, number) = sessions.get(&kind.session()?)?;
        (of_pair[pair] > 1).then(|| format!(", session {number}"))
    };
    let titles: Vec<String> = phases
        .iter()
        .map(|phase| phase.kind.title(names) + session(phase.kind).as_deref().unwrap_or_default())
        .collect();
    let mut count: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    titles.iter().for_each(|title| count.entry(title).or_default().1 += 1);
    let headings = titles.iter().map(|title| match count.get_mut(title.as_str()) {
        Some((number, all)) if *all > 1 => {
            *number += 1;
            format!("{title} ({number} of {all})")
        }
        _ => title.clone(),
    });
    headings.collect()
}
