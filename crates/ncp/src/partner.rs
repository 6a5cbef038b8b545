//! What an NCP knows of other hosts: the commands on their way to each, the links in both directions, and the requests
//! that it has refused.

use std::collections::{BTreeSet, VecDeque};
use std::mem;

use imp1822::{HostAddress, Link};
use machine::{Instant, Sorted};

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

/// The data of an ECO that no program asked for.
pub(crate) const ECHO_OF_NCP: u8 = 0;

/// Whether commands may be sent to a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// They may.
    Ready,
    /// Our tables were lost, or the partner was dead when they were not empty: an RST goes before anything else.
    ResetFirst,
    /// An RST has been sent; everything else is held until the RRP, or until the wait for it is over.
    AwaitingReply,
}

/// A request that was refused and whose CLS has not been answered. One pair of sockets may have been refused
/// more than once, and each refusal is answered; the number tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refusal {
    pub(crate) local: Socket,
    pub(crate) foreign: Socket,
    pub(crate) number: u64,
    /// The link that the partner believes in, if there was a connection: what it still says of that has crossed our CLS.
    pub(crate) link: Option<Link>,
}

/// A command that has not left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unsaid {
    /// Its place in the order in which commands were given, to whichever partner.
    place: u64,
    pub(crate) command: Command,
}

/// The commands of one control message.
#[derive(Debug)]
pub(crate) struct ControlMessage {
    pub(crate) commands: Vec<Command>,
    /// How often it has been sent.
    pub(crate) tries: u32,
}

/// An ECO that is unanswered, or waits for its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Echo {
    pub(crate) data: u8,
    pub(crate) asker: Asker,
}

/// Who wants to know whether a host is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A program, which is told.
    Program,
    /// The NCP itself.
    Ncp,
}

/// One other host, or this one as its own partner.
#[derive(Debug)]
pub(crate) struct PartnerEntry {
    pub(crate) standing: Standing,
    /// Whether commands flow again though an RST was not answered: its RRP may still come.
    pub(crate) reply_is_late: bool,
    /// Whether the host stands in the line of those for which there may be a control message.
    waits: bool,
    /// RST and RRP, which nothing holds up.
    pub(crate) urgent: VecDeque<Command>,
    /// In the order of their places.
    pub(crate) queue: VecDeque<Unsaid>,
    /// A control message that must be sent again.
    pub(crate) again: Option<ControlMessage>,
    /// Room for the commands of the next message, left over from the last.
    spare: Vec<Command>,
    /// Links on which the partner sends; this host assigned them.
    pub(crate) receiving: Sorted<Link, ConnectionId>,
    /// Links on which this host sends; the partner assigned them.
    pub(crate) sending: Sorted<Link, ConnectionId>,
    /// Everything in the table of connections that concerns the partner.
    pub(crate) connections: Sorted<ConnectionId, ()>,
    /// Refusals whose answer is awaited.
    pub(crate) refusals: BTreeSet<Refusal>,
    /// The ECOs: the first is unanswered, the others wait.
    pub(crate) echoes: VecDeque<Echo>,
    /// When the last ECO was given to be sent.
    pub(crate) echoed: Instant,
    /// When it was heard last.
    pub(crate) heard: Instant,
    /// When it sent an RST or RRP last: it may have come up only just then.
    pub(crate) came_up: Option<Instant>,
    /// Since when programs of this host wait for it, without a pause.
    pub(crate) awaited_since: Option<Instant>,
    /// When it was asked whether it is there, if that is unanswered.
    pub(crate) asked: Option<Instant>,
    /// Whether it was asked once more, since it spoke and did not answer: one ECO or ERP may get lost.
    pub(crate) asked_again: bool,
    /// Whether it has answered an ECO since it came up.
    pub(crate) knows_echo: bool,
    /// Whether it does not answer ECOs though it is there.
    pub(crate) ignores_echo: bool,
}

impl PartnerEntry {
    pub(crate) fn new(standing: Standing) -> Self {
        PartnerEntry {
            standing,
            reply_is_late: false,
            waits: false,
            urgent: VecDeque::new(),
            queue: VecDeque::new(),
            again: None,
            spare: Vec::new(),
            receiving: Sorted::default(),
            sending: Sorted::default(),
            connections: Sorted::default(),
            refusals: BTreeSet::new(),
            echoes: VecDeque::new(),
            echoed: Instant::START,
            heard: Instant::START,
            came_up: None,
            awaited_since: None,
            asked: None,
            asked_again: false,
            knows_echo: false,
            ignores_echo: false,
        }
    }

    /// The next control message; `None` if there is nothing to send. `may_leave`: whether a command must not wait for
    /// something that is said to another partner.
    fn next_message(&mut self, plain: bool, may_leave: impl Fn(Unsaid) -> bool) -> Option<ControlMessage> {
        let message = match self.again.take() {
            Some(again) => again,
            None => ControlMessage { commands: self.pack(plain, may_leave), tries: 0 },
        };
        if message.commands.is_empty() {
            self.spare = message.commands;
            return None;
        }
        Some(ControlMessage { tries: message.tries + 1, ..message })
    }

    /// Takes as many whole commands, in order, as a control message holds.
    fn pack(&mut self, plain: bool, may_leave: impl Fn(Unsaid) -> bool) -> Vec<Command> {
        let mut commands = mem::take(&mut self.spare);
        let mut room = MAX_CONTROL_BYTES;
        while commands.is_empty() || !plain {
            let next = match self.standing {
                _ if !self.urgent.is_empty() => self.urgent.front().copied(),
                Standing::Ready => {
                    let next = self.queue.front().filter(|unsaid| may_leave(**unsaid));
                    next.map(|unsaid| unsaid.command)
                }
                Standing::ResetFirst | Standing::AwaitingReply => None,
            };
            let Some(command) = next.filter(|command| command.len() <= room) else { break };
            if self.urgent.pop_front().is_none() {
                self.queue.pop_front();
            }
            room -= command.len();
            commands.push(command);
        }
        commands
    }

    /// All that has not left, but what nothing holds up.
    pub(crate) fn unsaid(&self) -> impl Iterator<Item = &Command> + Clone {
        self.queue.iter().map(|unsaid| &unsaid.command)
    }

    /// Whether a CLS of ours that has a place before `place` has not left, and ends a connection of a local socket or
    /// withdraws its request. A CLS that refuses a request ends nothing.
    fn owes_close(&self, local: Socket, place: u64) -> bool {
        let before = self.queue.iter().take_while(|unsaid| unsaid.place < place);
        before.map(|unsaid| unsaid.command).any(|command| match command {
            Command::Cls { mine, yours } => mine == local && !self.has_refused(local, yours),
            Command::Nop | Command::Rts { .. } | Command::Str { .. } | Command::All { .. } => false,
            Command::Gvb { .. } | Command::Ret { .. } | Command::Inr { .. } | Command::Ins { .. } => false,
            Command::Eco { .. } | Command::Erp { .. } | Command::Err { .. } => false,
            Command::Rst | Command::Rrp => false,
        })
    }

    fn has_refused(&self, local: Socket, foreign: Socket) -> bool {
        let refusal = |number| Refusal { local, foreign, number, link: None };
        self.refusals.range(refusal(0)..=refusal(u64::MAX)).next().is_some()
    }

    /// Whether a command has not left.
    pub(crate) fn is_unsaid(&self, command: Command) -> bool {
        self.unsaid().any(|unsaid| *unsaid == command)
    }

    /// Takes back the request for a connection. Returns whether it had not left, or not arrived for certain, so that nobody
    /// has heard of it.
    pub(crate) fn take_back_request(&mut self, local: Socket, foreign: Socket) -> bool {
        self.take_back(|command| command.requests() == Some((local, foreign)))
    }

    /// Takes back the CLS of a refusal. Returns whether it had not left, or not arrived for certain.
    pub(crate) fn take_back_refusal(&mut self, local: Socket, foreign: Socket) -> bool {
        self.take_back(|command| *command == Command::Cls { mine: local, yours: foreign })
    }

    /// Takes back the last command of its kind that has not left, or not arrived for certain. Returns whether there was one.
    fn take_back(&mut self, is_it: impl Fn(&Command) -> bool) -> bool {
        if let Some(place) = self.queue.iter().rposition(|unsaid| is_it(&unsaid.command)) {
            return self.queue.remove(place).is_some();
        }
        let Some(again) = &mut self.again else { return false };
        let Some(place) = again.commands.iter().rposition(&is_it) else { return false };
        again.commands.remove(place);
        // What is empty must not stand before what follows.
        self.again = self.again.take().filter(|again| !again.commands.is_empty());
        true
    }

    /// A control message is done with; what held its commands is used for the next.
    pub(crate) fn done_with(&mut self, message: ControlMessage) {
        self.spare = message.commands;
        self.spare.clear();
    }

    /// Whether the first ECO has left, so that an ERP can be its answer.
    pub(crate) fn awaits_echo(&self) -> bool {
        let waits = |command: &Command| matches!(command, Command::Eco { .. });
        !self.echoes.is_empty() && !self.unsaid().any(waits)
    }

    /// Whether an ERP waits to be sent. A host that keeps to one ECO at a time never finds one.
    pub(crate) fn owes_echo(&self) -> bool {
        self.unsaid().any(|command| matches!(command, Command::Erp { .. }))
    }

    /// Whether there is a command that has not left, or must be sent again.
    pub(crate) fn has_more_to_say(&self) -> bool {
        !self.queue.is_empty() || !self.urgent.is_empty() || self.again.is_some()
    }

    /// Whether nothing is open, refused or unsaid between the two hosts.
    pub(crate) fn is_settled(&self) -> bool {
        self.connections.is_empty() && self.refusals.is_empty() && !self.has_more_to_say()
    }

    /// Puts an RST or RRP where nothing holds it up, unless it is there already: one is enough, and no
    /// control message may carry two RSTs (NIC 8246, Reinitialization). Returns whether it was not there.
    pub(crate) fn urge(&mut self, command: Command) -> bool {
        let is_new = !self.urgent.contains(&command);
        if is_new {
            self.urgent.push_back(command);
        }
        is_new
    }

    /// Removes the oldest refusal of a request between two sockets.
    pub(crate) fn take_refusal(&mut self, local: Socket, foreign: Socket) -> Option<Refusal> {
        let refusal = |number| Refusal { local, foreign, number, link: None };
        let refusal = self.refusals.range(refusal(0)..=refusal(u64::MAX)).next().copied()?;
        self.refusals.remove(&refusal);
        Some(refusal)
    }
}

/// All partners, and the line of those for which there may be something to send.
#[derive(Debug)]
pub(crate) struct Partners {
    /// In the order of their numbers: most hosts know few others.
    entries: Vec<(HostAddress, Box<PartnerEntry>)>,
    /// The place of the host that was looked for last. Mostly it is looked for again.
    last: usize,
    /// How a partner stands that was not spoken to yet.
    newcomers: Standing,
    /// Partners for which there may be a control message, in the order in which they came about.
    waiting: VecDeque<HostAddress>,
    /// Partners whose next command waits until something has been said to another one.
    held_up: Vec<HostAddress>,
    /// How many commands were given that something may hold up.
    given: u64,
}

impl Partners {
    pub(crate) fn new(newcomers: Standing) -> Self {
        Partners {
            entries: Vec::new(),
            last: 0,
            newcomers,
            waiting: VecDeque::new(),
            held_up: Vec::new(),
            given: 0,
        }
    }

    /// The place of a host, or the one that it would have.
    #[inline]
    fn place(&self, host: HostAddress) -> Result<usize, usize> {
        match self.entries.get(self.last) {
            Some((last, _)) if *last == host => Ok(self.last),
            Some(_) | None => self.entries.binary_search_by_key(&host, |(host, _)| *host),
        }
    }

    /// What is known of a host; nothing if there never was anything to know.
    pub(crate) fn get(&self, host: HostAddress) -> Option<&PartnerEntry> {
        self.place(host).ok().map(|place| &*self.entries[place].1)
    }

    /// What is known of a host, to be changed.
    pub(crate) fn get_mut(&mut self, host: HostAddress) -> Option<&mut PartnerEntry> {
        self.place(host).ok().map(|place| &mut *self.entries[place].1)
    }

    /// The entry of a host, made if need be.
    #[inline]
    pub(crate) fn entry(&mut self, host: HostAddress) -> &mut PartnerEntry {
        if self.entries.get(self.last).is_none_or(|(last, _)| *last != host) {
            self.find_or_make(host);
        }
        &mut self.entries[self.last].1
    }

    #[cold]
    #[inline(never)]
    fn find_or_make(&mut self, host: HostAddress) {
        self.last = self.place(host).unwrap_or_else(|place| {
            self.entries.insert(place, (host, Box::new(PartnerEntry::new(self.newcomers))));
            place
        });
    }

    /// Puts a command behind all that waits for a host. Returns how that host stands.
    pub(crate) fn queue(&mut self, host: HostAddress, command: Command) -> Standing {
        self.given += 1;
        let place = self.given;
        let partner = self.entry(host);
        partner.queue.push_back(Unsaid { place, command });
        let standing = partner.standing;
        self.wake(host);
        standing
    }

    /// How a host stands.
    pub(crate) fn standing(&self, host: HostAddress) -> Standing {
        self.get(host).map_or(self.newcomers, |partner| partner.standing)
    }

    /// How many commands wait for a host, those apart that nothing holds up.
    pub(crate) fn queued_commands(&self, host: HostAddress) -> usize {
        self.get(host).map_or(0, |partner| partner.queue.len())
    }

    /// All hosts of which something is known, by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (HostAddress, &PartnerEntry)> {
        self.entries.iter().map(|(host, entry)| (*host, &**entry))
    }

    /// All hosts of which something is known, by number, to be changed.
    fn iter_mut(&mut self) -> impl Iterator<Item = (HostAddress, &mut PartnerEntry)> {
        self.entries.iter_mut().map(|(host, entry)| (*host, &mut **entry))
    }

    /// Notes that there may be a control message for a host.
    pub(crate) fn wake(&mut self, host: HostAddress) {
        let partner = self.entry(host);
        if !partner.waits {
            partner.waits = true;
            self.waiting.push_back(host);
        }
    }

    /// Notes that there may be a control message for every host of which something is known.
    pub(crate) fn wake_all(&mut self) {
        self.waiting.clear();
        for (host, partner) in &mut self.entries {
            partner.waits = true;
            self.waiting.push_back(*host);
        }
    }

    /// Whether there may be a control message for any host.
    pub(crate) fn is_any_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The next host of those that were woken.
    pub(crate) fn next_waiting(&mut self) -> Option<HostAddress> {
        let host = self.waiting.pop_front()?;
        self.entry(host).waits = false;
        Some(host)
    }

    /// The next control message for a host; `None` if there is nothing to send.
    ///
    /// A socket is free for its next connection when both hosts have sent CLS (NIC 8246, III, Connection Termination). The
    /// commands for one partner keep their order; but the next connection may be with another partner, so that its
    /// request must not overtake our CLS there. No two partners wait for each other: a request waits only for
    /// a CLS whose place is before its own, so that the first of all that is unsaid waits for nothing.
    pub(crate) fn next_message(&mut self, host: HostAddress, plain: bool) -> Option<ControlMessage> {
        let place = self.place(host).ok()?;
        let (lower, rest) = self.entries.split_at_mut(place);
        let ((_, partner), higher) = rest.split_first_mut()?;
        let others = || lower.iter().chain(&*higher);
        let is_free = |local, place| !others().any(|(_, other)| other.owes_close(local, place));
        let may_leave =
            |unsaid: Unsaid| unsaid.command.requests().is_none_or(|(local, _)| is_free(local, unsaid.place));
        let message = partner.next_message(plain, may_leave);
        let is_held_up = partner.queue.front().is_some_and(|unsaid| !may_leave(*unsaid));
        let is_close = |command: &Command| matches!(command, Command::Cls { .. });
        if message.as_ref().is_some_and(|message| message.commands.iter().any(is_close)) {
            self.wake_held_up();
        }
        if is_held_up && !self.held_up.contains(&host) {
            self.held_up.push(host);
        }
        message
    }

    /// Something has been said, or will never be, for which commands to others may have waited.
    pub(crate) fn wake_held_up(&mut self) {
        for host in mem::take(&mut self.held_up) {
            self.wake(host);
        }
    }

    /// Forgets everything about all hosts but how each stands: `standing` says how from now on.
    pub(crate) fn forget_all(&mut self, standing: impl Fn(HostAddress, &PartnerEntry) -> Standing) {
        self.waiting.clear();
        self.held_up.clear();
        for (host, entry) in self.iter_mut() {
            *entry = PartnerEntry::new(standing(host, entry));
        }
    }
}

#[cfg(test)]
mod tests;
