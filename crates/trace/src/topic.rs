//! What a message between hosts belongs to: the initial connection, the dialogue, or the data of whom with whom.

use imp1822::{FromImp, HostAddress, Link, Signal, ToImp};
use machine::Bits;
use ncp::{Command, Commands, Gender, Header, Socket};

use crate::flows::{Ends, Purpose, Speaker};
use crate::follow::Follower;

/// What a signal on a host's cable belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The cable itself: ready lines, NOPs, and what concerns no message.
    Cable,
    /// Two NCPs as wholes: resets, echoes, complaints.
    Ncps {
        /// The host that begins, or has the lower number.
        hosts: [HostAddress; 2],
    },
    /// An initial connection protocol.
    Contact {
        /// The host of the user.
        user: HostAddress,
        /// The host of the server.
        server: HostAddress,
        /// The socket that the user asks at: the service.
        service: Socket,
        /// Which it is of all contacts that were asked for, in order, by whomever.
        session: u64,
    },
    /// The two connections to which it leads.
    Dialogue {
        /// The host of the user.
        user: HostAddress,
        /// The host of the server.
        server: HostAddress,
        /// The service.
        service: Socket,
        /// The session of its contact: so two of the same hosts are not taken for one.
        session: u64,
        /// The number that the server has said: the first of its sockets.
        number: Socket,
    },
    /// Any other connection.
    Data {
        /// The host that sends.
        from: HostAddress,
        /// The host that receives.
        to: HostAddress,
        /// The sockets, the sender's first; `None` if no RTS for the link was seen.
        ends: Option<(Socket, Socket)>,
    },
    /// Messages on the links for measurement.
    Measurement,
}

impl Follower {
    /// What a signal belongs to that a host puts on its cable, or that reaches it. To be asked when the signal has been
    /// [decoded](Follower::sent), and of an arrival when the message was decoded as it was sent.
    pub fn topic(&self, host: HostAddress, signal: &Signal, is_sent: bool) -> Topic {
        let Signal::Message(bits) = signal else { return Topic::Cable };
        if is_sent {
            return match ToImp::parse(bits) {
                Ok(ToImp::Regular { to, link, .. }) => self.topic_of_message(host, to, link, bits),
                _ => Topic::Cable,
            };
        }
        match FromImp::parse(bits) {
            Ok(FromImp::Regular { from, link, .. }) => self.topic_of_message(from, host, link, bits),
            // The answers of an IMP are about what the host has sent on that link.
            Ok(
                FromImp::Rfnm { to, link }
                | FromImp::DestinationDead { to, link, .. }
                | FromImp::Incomplete { to, link, .. }
                | FromImp::ErrorInData { to, link },
            ) => self.topic_of_link(host, to, link),
            _ => Topic::Cable,
        }
    }

    /// Who says what a message carries on a connection of a dialogue; asked as the [topic](Follower::topic) is. `None` of
    /// control commands, and of what belongs to no dialogue.
    pub fn speaker(&self, host: HostAddress, signal: &Signal, is_sent: bool) -> Option<Speaker> {
        let Signal::Message(bits) = signal else { return None };
        let carried = if is_sent {
            match ToImp::parse(bits) {
                Ok(ToImp::Regular { to, link, .. }) => self.flows().purpose(host, to, link),
                _ => None,
            }
        } else {
            match FromImp::parse(bits) {
                Ok(FromImp::Regular { from, link, .. }) => self.flows().purpose(from, host, link),
                _ => None,
            }
        };
        match carried {
            Some(Purpose::Dialogue { speaker, .. }) => Some(speaker),
            _ => None,
        }
    }

    fn topic_of_message(&self, from: HostAddress, to: HostAddress, link: Link, bits: &Bits) -> Topic {
        if link != Link::CONTROL {
            return self.topic_of_link(from, to, link);
        }
        let commands = Header::split(bits).ok().map(|(_, text)| Commands::new(text));
        let mut topics =
            commands.into_iter().flatten().flatten().map(|command| self.topic_of_command(from, to, command));
        topics.next().unwrap_or(ncps(from, to))
    }

    /// What a control command belongs to.
    pub fn topic_of_command(&self, from: HostAddress, to: HostAddress, command: Command) -> Topic {
        match command {
            Command::Rts { receive, send, .. } => self.topic_of_ends(to, from, (send, receive)),
            Command::Str { send, receive, .. } => self.topic_of_ends(from, to, (send, receive)),
            Command::Cls { mine, yours } => match mine.gender() {
                Gender::Send => self.topic_of_ends(from, to, (mine, yours)),
                Gender::Receive => self.topic_of_ends(to, from, (yours, mine)),
            },
            // They come from the receiver of what the link carries, or from its sender.
            Command::All { link, .. } | Command::Gvb { link, .. } | Command::Inr { link } => {
                self.topic_of_link(to, from, link)
            }
            Command::Ret { link, .. } | Command::Ins { link } => self.topic_of_link(from, to, link),
            Command::Nop | Command::Eco { .. } | Command::Erp { .. } => ncps(from, to),
            Command::Err { .. } | Command::Rst | Command::Rrp => ncps(from, to),
        }
    }

    /// What the messages on a link belong to.
    fn topic_of_link(&self, from: HostAddress, to: HostAddress, link: Link) -> Topic {
        if Link::MEASUREMENT.contains(&link.number()) {
            return Topic::Measurement;
        }
        if link == Link::CONTROL {
            return ncps(from, to);
        }
        match self.flows().carried(from, to, link) {
            Some((purpose, ends)) => topic(from, to, purpose, ends),
            None => Topic::Data { from, to, ends: None },
        }
    }

    /// What the connection between these sockets belongs to.
    fn topic_of_ends(&self, from: HostAddress, to: HostAddress, ends: (Socket, Socket)) -> Topic {
        topic(from, to, self.flows().purpose_of(from, to, ends), ends)
    }
}

/// `ends`: the sockets, the sender's first.
fn topic(from: HostAddress, to: HostAddress, purpose: Purpose, ends: Ends) -> Topic {
    match purpose {
        // A server says its number on a contact.
        Purpose::Contact { session, .. } => {
            Topic::Contact { user: to, server: from, service: ends.0, session }
        }
        Purpose::Dialogue { service, speaker, session } => {
            // A server receives at the number that it has said, and sends from the one above (RFC 165).
            let (user, server, number) = match speaker {
                Speaker::User => (from, to, ends.1),
                Speaker::Server => (to, from, Socket::from(ends.0.number() & !1)),
            };
            Topic::Dialogue { user, server, service, session, number }
        }
        Purpose::Data => Topic::Data { from, to, ends: Some(ends) },
    }
}

fn ncps(from: HostAddress, to: HostAddress) -> Topic {
    Topic::Ncps { hosts: if from <= to { [from, to] } else { [to, from] } }
}
