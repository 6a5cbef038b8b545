//! What an NCP knows of one other host: the commands on their way there, the links in both directions, and
//! the requests that it has refused.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::mem;

use imp1822::Link;
use machine::{Bits, Instant};

use crate::{Command, ConnectionId, MAX_CONTROL_BYTES, Socket};

/// How many commands may wait for a partner before answers to it (ERP, ERR) are dropped.
pub(crate) const MOST_WITH_ANSWERS: usize = 64;

/// How many commands may wait for a partner before the RETs are dropped that it has asked for: more than one for
/// each of the 70 links.
pub(crate) const MOST_WITH_RETURNS: usize = 256;

/// How many commands may wait for a partner before it is reset.
pub(crate) const MOST_COMMANDS: usize = 1024;

/// How many refused requests of a partner may wait for its CLS before further requests are not even refused.
pub(crate) const MOST_REFUSALS: usize = 64;

/// How many ECOs may wait for their turn.
pub(crate) const MOST_ECHOES: usize = 16;

/// How often a message that certainly did not arrive is sent.
pub(crate) const MOST_TRIES: u32 = 3;

/// Whether commands may be sent to a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// They may.
    Ready,
    /// Our tables were lost, or the partner was dead when they were not empty: an RST goes before anything else.
    ResetFirst,
    /// An RST has been sent; everything else is held until the RRP, or `until`.
    AwaitingReply { until: Instant },
}

/// A request that was refused and whose CLS has not been answered. One pair of sockets may have been refused
/// more than once, and each refusal is answered; the number tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refusal {
    pub(crate) local: Socket,
    pub(crate) foreign: Socket,
    pub(crate) number: u64,
}

/// A control message that the IMP has not answered yet.
#[derive(Debug)]
pub(crate) struct Outstanding {
    pub(crate) commands: Vec<Command>,
    pub(crate) tries: u32,
    /// When it is given up, if there is no answer.
    pub(crate) due: Instant,
}

/// A link on which this host sends.
#[derive(Debug, Default)]
pub(crate) struct SendLink {
    /// The connection that uses it.
    pub(crate) connection: Option<ConnectionId>,
    /// The message in transit on it: perhaps one of an earlier connection.
    pub(crate) in_transit: Option<InTransit>,
}

/// A message with text that the IMP has not answered yet.
#[derive(Debug)]
pub(crate) struct InTransit {
    /// Whose text it carries.
    pub(crate) owner: ConnectionId,
    /// All of it, in case that it must be sent again.
    pub(crate) message: Bits,
    pub(crate) tries: u32,
    /// When it was sent last.
    pub(crate) since: Instant,
    /// When it is given up, if there is no answer.
    pub(crate) due: Instant,
}

/// One other host, or this one as its own partner.
#[derive(Debug)]
pub(crate) struct PartnerEntry {
    pub(crate) standing: Standing,
    /// Whether the host stands in the line of those for whom there may be a control message.
    pub(crate) waits: bool,
    /// RST and RRP, which nothing holds up.
    pub(crate) urgent: VecDeque<Command>,
    pub(crate) queue: VecDeque<Command>,
    /// A control message that must be sent again.
    pub(crate) again: Option<Outstanding>,
    pub(crate) outstanding: Option<Outstanding>,
    /// Room for the commands of the next message, left over from the last.
    spare: Vec<Command>,
    /// Links on which the partner sends; this host assigned them.
    pub(crate) receiving: BTreeMap<Link, ConnectionId>,
    /// Links on which this host sends; the partner assigned them.
    pub(crate) sending: BTreeMap<Link, SendLink>,
    /// Links that the partner's queued requests assign.
    pub(crate) offered: BTreeSet<Link>,
    /// Everything in the table of connections that concerns the partner.
    pub(crate) connections: BTreeSet<ConnectionId>,
    /// How many of its requests are queued.
    pub(crate) queued: usize,
    /// Until when the answer to each refusal is awaited.
    pub(crate) refusals: BTreeMap<Refusal, Instant>,
    /// The data of the ECOs: the first is unanswered, the others wait.
    pub(crate) echoes: VecDeque<u8>,
}

impl PartnerEntry {
    pub(crate) fn new(standing: Standing) -> Self {
        PartnerEntry {
            standing,
            waits: false,
            urgent: VecDeque::new(),
            queue: VecDeque::new(),
            again: None,
            outstanding: None,
            spare: Vec::new(),
            receiving: BTreeMap::new(),
            sending: BTreeMap::new(),
            offered: BTreeSet::new(),
            connections: BTreeSet::new(),
            queued: 0,
            refusals: BTreeMap::new(),
            echoes: VecDeque::new(),
        }
    }

    /// The commands of the next control message, which becomes the outstanding one until its answer, which is `due`; `None`
    /// while one is outstanding, or if there is nothing to send.
    pub(crate) fn next_message(&mut self, plain: bool, due: Instant) -> Option<&[Command]> {
        if self.outstanding.is_some() {
            return None;
        }
        let message = match self.again.take() {
            Some(again) => again,
            None => Outstanding { commands: self.pack(plain), tries: 0, due },
        };
        if message.commands.is_empty() {
            self.spare = message.commands;
            return None;
        }
        let message = Outstanding { tries: message.tries + 1, due, ..message };
        Some(&self.outstanding.insert(message).commands)
    }

    /// Takes as many whole commands, in order, as a control message holds.
    fn pack(&mut self, plain: bool) -> Vec<Command> {
        let mut commands = mem::take(&mut self.spare);
        let mut room = MAX_CONTROL_BYTES;
        loop {
            let queue = match self.standing {
                _ if !self.urgent.is_empty() => &mut self.urgent,
                Standing::Ready => &mut self.queue,
                Standing::ResetFirst | Standing::AwaitingReply { .. } => return commands,
            };
            match queue.front() {
                Some(command) if command.len() <= room && (commands.is_empty() || !plain) => {
                    room -= command.len();
                    commands.extend(queue.pop_front());
                }
                Some(_) | None => return commands,
            }
        }
    }

    /// A control message is done with; what held its commands is used for the next.
    pub(crate) fn done_with(&mut self, message: Outstanding) {
        self.spare = message.commands;
        self.spare.clear();
    }

    /// Takes the answer for the message in transit on a link. Answers whose message it was and who uses the
    /// link now; `None` if nothing was in transit.
    pub(crate) fn settle(&mut self, link: Link) -> Option<(ConnectionId, Option<ConnectionId>)> {
        let entry = self.sending.get_mut(&link)?;
        let InTransit { owner, .. } = entry.in_transit.take()?;
        let user = entry.connection;
        if user.is_none() {
            self.sending.remove(&link);
        }
        Some((owner, user))
    }

    /// Whether the first ECO has left, so that an ERP can be its answer.
    pub(crate) fn awaits_echo(&self) -> bool {
        let waits = |command: &Command| matches!(command, Command::Eco { .. });
        !self.echoes.is_empty() && !self.queue.iter().any(waits)
    }

    /// Whether an ERP waits to be sent. A host that keeps to one ECO at a time never finds one.
    pub(crate) fn owes_echo(&self) -> bool {
        self.queue.iter().any(|command| matches!(command, Command::Erp { .. }))
    }

    /// Whether there is nothing that the partner could still expect of this host, nor this host of it.
    pub(crate) fn is_settled(&self) -> bool {
        let message =
            |message: &Option<Outstanding>| message.as_ref().is_some_and(|one| !one.commands.is_empty());
        self.connections.is_empty()
            && self.refusals.is_empty()
            && self.queued == 0
            && self.urgent.is_empty()
            && self.queue.is_empty()
            && !message(&self.outstanding)
            && !message(&self.again)
    }

    /// The connection that sends on a link.
    pub(crate) fn sender(&self, link: Link) -> Option<ConnectionId> {
        self.sending.get(&link).and_then(|entry| entry.connection)
    }

    /// Puts an RST or RRP where nothing holds it up, unless it is there already: one is enough, and no
    /// control message may carry two RSTs (NIC 8246, Reinitialization). Answers whether it was not.
    pub(crate) fn urge(&mut self, command: Command) -> bool {
        let is_new = !self.urgent.contains(&command);
        if is_new {
            self.urgent.push_back(command);
        }
        is_new
    }

    /// Removes the oldest refusal of a request between two sockets.
    pub(crate) fn take_refusal(&mut self, local: Socket, foreign: Socket) -> Option<(Refusal, Instant)> {
        let refusal = |number| Refusal { local, foreign, number };
        let mut of_these = self.refusals.range(refusal(0)..=refusal(u64::MAX));
        let (refusal, until) = of_these.next().map(|(refusal, until)| (*refusal, *until))?;
        self.refusals.remove(&refusal);
        Some((refusal, until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_packed_whole_up_to_120_bytes_and_one_message_is_outstanding() {
        let mut partner = PartnerEntry::new(Standing::Ready);
        let cls = Command::Cls { mine: Socket::from(2), yours: Socket::from(3) };
        partner.queue.extend([cls; 14]);
        assert_eq!(
            partner.next_message(false, Instant::START).map(<[_]>::len),
            Some(13),
            "13 times 9 bytes are 117"
        );
        assert_eq!(partner.next_message(false, Instant::START), None, "the first has no RFNM yet");
        partner.outstanding = None;
        assert_eq!(partner.next_message(false, Instant::START), Some(&[cls][..]));
    }

    #[test]
    fn a_plain_host_puts_one_command_in_a_message() {
        let mut partner = PartnerEntry::new(Standing::Ready);
        partner.queue.extend([Command::Nop, Command::Eco { data: 1 }]);
        assert_eq!(partner.next_message(true, Instant::START), Some(&[Command::Nop][..]));
    }

    #[test]
    fn only_rst_and_rrp_pass_while_a_reset_is_unanswered() {
        let until = Instant::START;
        let mut partner = PartnerEntry::new(Standing::AwaitingReply { until });
        partner.urgent.push_back(Command::Rst);
        partner.queue.push_back(Command::Eco { data: 1 });
        assert_eq!(partner.next_message(false, Instant::START), Some(&[Command::Rst][..]));
        partner.outstanding = None;
        assert_eq!(partner.next_message(false, Instant::START), None);
    }
}
