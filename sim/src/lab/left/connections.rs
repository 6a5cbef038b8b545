//! Whose a connection is that a host still has.

use host::{Host, Origin, Owned, Running};
use imp1822::HostAddress;
use ncp::{ForeignSocket, Gender, QueuedRequest, State, Status};

use super::sight::{Kind, Left, Sight};
use crate::world::Log;

impl<L: Log> Sight<'_, L> {
    /// What is wrong with a connection that does not listen, in words behind the name of the host.
    pub(super) fn of_connection(&self, at: HostAddress, connection: &Owned<Status>) -> Vec<Left> {
        let Owned { what, by } = connection;
        let is_outside = by.as_ref().is_some_and(|by| by.origin == Origin::Outside);
        let leak = |why: String| {
            let text = format!("still has socket {} {}{why}", what.local, self.way(what));
            vec![Left::new(Kind::Connection, text)]
        };
        match what.state {
            State::Open => match self.why_open(at, connection) {
                Some(why) => {
                    let by_loss = self.is_by_loss(at, connection);
                    leak(format!(", {why}")).into_iter().map(|left| Left { by_loss, ..left }).collect()
                }
                None => self.of_flow(at, what),
            },
            State::Requested | State::Gone if is_outside => Vec::new(),
            // Who waits for a person's next command learns only then that the connection is over.
            State::Gone if by.as_ref().is_some_and(|by| self.is_between_commands(at, by)) => Vec::new(),
            State::Gone => leak(", though the connection is over".to_owned()),
            State::Requested | State::Flushing | State::Answering | State::Closing | State::Listening => {
                leak(String::new())
            }
        }
    }

    /// How a connection stands, and with whom.
    fn way(&self, status: &Status) -> String {
        match (status.state, status.foreign) {
            (State::Open, Some(foreign)) => format!("open to {}", self.socket(foreign)),
            (state, Some(foreign)) => format!("{state}, to {}", self.socket(foreign)),
            (state, None) => state.to_string(),
        }
    }

    /// Why nobody owns an open connection, if nobody does.
    fn why_open(&self, at: HostAddress, connection: &Owned<Status>) -> Option<String> {
        let Owned { what, by } = connection;
        let Some(by) = by else { return Some("which no program holds any more".to_owned()) };
        let foreign = what.foreign?;
        let name = self.names.host(foreign.host);
        // Of a host that is none of the simulation nothing is known.
        let other = self.world.host(foreign.host)?;
        // Who has nothing to say to it cannot learn what became of it; a program that answers others asks in the end.
        let may_not_know = what.unsent == 0 && self.is_between_commands(at, by);
        if !other.is_up() {
            return (!may_not_know).then(|| format!("and {name} is down"));
        }
        if self.world.subnet().is_cut_off(foreign.host) {
            return (!may_not_know).then(|| format!("and {name} is cut off from the net"));
        }
        match self.other_end(at, what).map(|other_end| (other_end.what.state, &other_end.by)) {
            None if may_not_know && !other.is_in_step_with(at) => None,
            None => Some("which knows nothing of it".to_owned()),
            Some((State::Open, _)) => None,
            Some((state, _)) => Some(format!("where it is {state}")),
        }
    }

    /// Whether a message that was lost explains that only one host has an open connection: a CLS, or the request that answers
    /// another, of which no NCP of the time was told. It does as long as nobody there has a reason to ask, and who still asks for
    /// the connection is a person.
    fn is_by_loss(&self, at: HostAddress, connection: &Owned<Status>) -> bool {
        let waits = |at, by: &Option<Running>| by.as_ref().is_some_and(|by| self.is_between_commands(at, by));
        let Owned { what, by } = connection;
        let is_unknown = match (self.other_end(at, what), what.foreign) {
            (None, _) | (Some(_), None) => true,
            (Some(other), Some(foreign)) => {
                other.what.state == State::Requested && waits(foreign.host, &other.by)
            }
        };
        waits(at, by) && what.unsent == 0 && is_unknown
    }

    /// Whether a program waits for a person: one at the console, or one who is to type the next command.
    fn is_between_commands(&self, at: HostAddress, by: &Running) -> bool {
        let is_idle = || self.world.host(at).is_some_and(|host: &Host| !host.is_busy_with_a_line());
        match by.origin {
            Origin::Outside => true,
            Origin::Boot => is_idle(),
            Origin::Program => false,
        }
    }

    /// The other end of a connection, if its host has it.
    fn other_end(&self, at: HostAddress, status: &Status) -> Option<&Owned<Status>> {
        let foreign = status.foreign?;
        let here = ForeignSocket { host: at, socket: status.local };
        let there = self.held.get(&foreign.host)?.connections.iter();
        let mut there = there.filter(|one| one.what.state != State::Gone);
        there.find(|one| one.what.local == foreign.socket && one.what.foreign == Some(here))
    }

    /// What is wrong with what flows over a connection that both ends have open. The sender tells.
    fn of_flow(&self, at: HostAddress, sender: &Status) -> Vec<Left> {
        let mut found = Vec::new();
        let (Gender::Send, Some(foreign)) = (sender.local.gender(), sender.foreign) else { return found };
        let Some(Owned { what: receiver, by }) = self.other_end(at, sender) else { return found };
        let (local, to) = (sender.local, self.socket(foreign));
        if sender.allocation != receiver.allocation {
            let [may, gave] = [sender.allocation, receiver.allocation]
                .map(|allocation| format!("{} messages and {} bits", allocation.messages, allocation.bits));
            found.push(Left::new(
                Kind::Allocation,
                format!("believes that socket {local} may send {to} {may}, and there it is {gave}"),
            ));
        }
        // A person who has not read it may still do so.
        let is_outside = by.as_ref().is_some_and(|by| by.origin == Origin::Outside);
        if sender.unsent > 0 && !is_outside {
            let bits = sender.unsent;
            found.push(Left::new(
                Kind::Text,
                format!("still has {bits} bits to send from socket {local} to {to}, and none leaves"),
            ));
        }
        found
    }

    /// Whether somebody still makes a request that waits at a host, for all that can be known.
    pub(super) fn is_asked(&self, at: HostAddress, request: &QueuedRequest) -> bool {
        let QueuedRequest { local, foreign, .. } = *request;
        if self.world.host(foreign.host).is_none() {
            return true;
        }
        let asked = ForeignSocket { host: at, socket: local };
        let is_it = |one: &Owned<Status>| {
            one.what.state == State::Requested
                && one.what.local == foreign.socket
                && one.what.foreign == Some(asked)
        };
        self.held.get(&foreign.host).is_some_and(|held| held.connections.iter().any(is_it))
    }

    /// A socket of a host, in words.
    pub(super) fn socket(&self, foreign: ForeignSocket) -> String {
        format!("{} {}", self.names.host(foreign.host), foreign.socket)
    }
}
