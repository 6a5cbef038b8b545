//! What the whole run tells of each message: which half of what a command is, what belongs to it, and what may still be sent.

use std::collections::BTreeMap;

use imp1822::{HostAddress, Link, Signal, ToImp};
use ncp::{Allocation, Command, Commands, Gender, Header, Socket};
use trace::{Allowance, Half, Halves, What};

use crate::sheet::Sheet;

/// What is known of each message that a host has sent to another, by its record.
#[derive(Debug, Default)]
pub(super) struct Facts {
    commands: BTreeMap<u64, Vec<Fact>>,
    texts: BTreeMap<u64, Text>,
}

/// A control command, and what belongs to it. Records of the other side may be such that had not arrived yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fact {
    pub(super) command: Command,
    pub(super) half: Option<Half>,
    /// The other side's request for the same connection.
    pub(super) their_request: Option<u64>,
    /// Its CLS.
    pub(super) their_close: Option<u64>,
    /// The connection of the link that the command names: the sockets, the sender's first.
    pub(super) ends: Option<Ends>,
    /// Of an ALL: what the first of its connection allocated, which may be this one.
    pub(super) first: Option<Allocation>,
    /// Of an ALL: whether it is that one.
    pub(super) is_first: bool,
}

/// A message that is no control message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text {
    pub(super) link: Link,
    pub(super) header: Header,
    /// The sockets of its connection, the sender's first.
    pub(super) ends: Option<Ends>,
    /// What may be sent after it.
    pub(super) left: Option<Allowance>,
}

/// The sender, the receiver, and their sockets.
type Way = (HostAddress, HostAddress, Ends);

/// The sockets of a connection, the sender's first.
type Ends = (Socket, Socket);

/// What is known on the way through the records.
#[derive(Default)]
struct Known {
    halves: Halves,
    /// The last request and the last CLS of each side of a connection: of its sender, then of its receiver.
    said: BTreeMap<Way, [[Option<u64>; 2]; 2]>,
    /// The connection of each link, and what was allocated to it first.
    links: BTreeMap<(HostAddress, HostAddress, Link), (Ends, Option<Allocation>)>,
}

impl Facts {
    pub(super) fn of(sheet: &Sheet<'_>) -> Self {
        let (mut facts, mut known) = (Facts::default(), Known::default());
        for (number, record) in (0..).zip(sheet.records()) {
            let What::Sent { host, signal: Signal::Message(bits) } = &record.what else { continue };
            let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(bits) else { continue };
            if Link::MEASUREMENT.contains(&link.number()) {
                continue;
            }
            let Ok((header, text)) = Header::split(bits) else { continue };
            if link == Link::CONTROL {
                let commands = Commands::new(text).flatten();
                let of_message = commands.map(|command| known.command(number, *host, to, command)).collect();
                facts.commands.insert(number, of_message);
            } else {
                let ends = known.links.get(&(*host, to, link)).map(|(ends, _)| *ends);
                let left = known.halves.text(*host, to, link, header);
                facts.texts.insert(number, Text { link, header, ends, left });
            }
        }
        facts
    }

    /// The commands of a control message, in order.
    pub(super) fn commands(&self, record: u64) -> &[Fact] {
        self.commands.get(&record).map_or(&[], Vec::as_slice)
    }

    /// What is known of a message that is no control message.
    pub(super) fn text(&self, record: u64) -> Option<Text> {
        self.texts.get(&record).copied()
    }
}

impl Known {
    fn command(&mut self, number: u64, from: HostAddress, to: HostAddress, command: Command) -> Fact {
        let half = self.halves.command(from, to, command);
        let mut fact = Fact {
            command,
            half,
            their_request: None,
            their_close: None,
            ends: None,
            first: None,
            is_first: false,
        };
        // The connection, whose side says it, and whether it is a CLS.
        let (way, side, is_close): (Way, usize, usize) = match command {
            Command::Rts { receive, send, link } => {
                self.links.insert((to, from, link), ((send, receive), None));
                ((to, from, (send, receive)), 1, 0)
            }
            Command::Str { send, receive, .. } => ((from, to, (send, receive)), 0, 0),
            Command::Cls { mine, yours } if mine.gender() == Gender::Send => {
                ((from, to, (mine, yours)), 0, 1)
            }
            Command::Cls { mine, yours } => ((to, from, (yours, mine)), 1, 1),
            Command::All { link, messages, bits } => {
                if let Some((ends, first)) = self.links.get_mut(&(to, from, link)) {
                    fact.ends = Some(*ends);
                    fact.is_first = first.is_none();
                    fact.first = Some(*first.get_or_insert(Allocation { messages, bits }));
                }
                return fact;
            }
            Command::Gvb { link, .. } | Command::Inr { link } => {
                fact.ends = self.links.get(&(to, from, link)).map(|(ends, _)| *ends);
                return fact;
            }
            Command::Ret { link, .. } | Command::Ins { link } => {
                fact.ends = self.links.get(&(from, to, link)).map(|(ends, _)| *ends);
                return fact;
            }
            Command::Rst | Command::Rrp => {
                let is_of_both = |way: &Way| (way.0, way.1) == (from, to) || (way.0, way.1) == (to, from);
                self.said.retain(|way, _| !is_of_both(way));
                return fact;
            }
            _ => return fact,
        };
        fact.ends = Some(way.2);
        let said = self.said.entry(way).or_default();
        if half == Some(Half::Asks) {
            // What was said of an earlier connection of these sockets is not of this one.
            *said = [[None; 2]; 2];
        }
        [fact.their_request, fact.their_close] = said[1 - side];
        said[side][is_close] = Some(number);
        if half == Some(Half::Ends) {
            self.said.remove(&way);
        }
        fact
    }
}
