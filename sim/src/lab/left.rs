//! Nothing leaks: what hosts and IMPs still hold when all is healed and quiet, and nobody owns. Each thing is said as a sentence
//! with its host and its number.
//!
//! | what | is owned if |
//! |---|---|
//! | a connection that is open | both hosts have it, and at both a program holds it |
//! | a socket that listens | it did when the hosts had just come up, or a program that is owned holds it |
//! | a program that another has started | it ran when the hosts had just come up, or a connection is owned with which it had to do last |
//! | a lease of sockets | one of its sockets has a connection that is owned, or its program is owned |
//! | what is held at the console, as by the steps of a scenario | always: a person is there |
//! | anything else at a host, and everything in an IMP | never |
//!
//! A host that is cut off from the net, as one that hangs, is not asked: it cannot know. Its partners cannot know either as long as
//! nobody of them has anything to say to it. So a connection to a host that is down, cut off, or has begun anew and has not said so
//! yet, may be kept where a person is between two commands, and so may one that is over; but not by a program that answers others,
//! which has a patience.

mod connections;
mod glances;
mod sight;
#[cfg(test)]
mod tests;

use host::{Held, Lease, Origin, Owned};
use imp1822::HostAddress;
use machine::Instant;
use ncp::{State, Status};
use trace::Names;

use crate::world::{Log, World};
use sight::Sight;

pub(crate) use glances::Glances;
pub use sight::{AfterBoot, Kind, Left};

/// All that is left behind in a world where all is healed and nothing has happened for hours, hosts first, by address.
///
/// A world without such an end has things under way, and all of them are told.
pub fn left<L: Log>(world: &World<L>, names: &Names, after_boot: &AfterBoot) -> Vec<Left> {
    let held = world.hosts().filter(|(_, host)| host.is_up()).map(|(address, host)| (address, host.held()));
    let sight = Sight { world, names, held: held.collect(), after_boot };
    let mut all = Vec::new();
    for (address, held) in &sight.held {
        if !world.subnet().is_cut_off(*address) {
            sight.of_host(*address, held, &mut all);
        }
    }
    sight.of_imps(&mut all);
    all
}

/// What belonged to nothing in the tables of NCPs at the glances of a run, and when that was seen.
pub(crate) fn at_glances(glances: &Glances, names: &Names) -> Vec<(Instant, Left)> {
    let mut all = Vec::new();
    for (at, address, stray) in glances.found() {
        let host = names.host(*address);
        of_stray(*stray, &mut |kind, text| all.push((*at, Left::new(kind, format!("{host} {text}")))));
    }
    all
}

impl<L: Log> Sight<'_, L> {
    fn of_host(&self, address: HostAddress, held: &Held, all: &mut Vec<Left>) {
        let name = self.names.host(address);
        let mut owned: Vec<&Owned<Status>> = Vec::new();
        for connection in held.connections.iter().filter(|one| one.what.state != State::Listening) {
            let found = self.of_connection(address, connection);
            if found.iter().all(|left| left.kind != Kind::Connection) {
                owned.push(connection);
            }
            all.extend(found.into_iter().map(|left| Left { text: format!("{name} {}", left.text), ..left }));
        }
        let mut say = |kind, text: String| all.push(Left::new(kind, format!("{name} {text}")));
        // A program that another has started is there for its connections.
        let is_owned =
            |number: u64| owned.iter().any(|one| one.by.as_ref().is_some_and(|by| by.number == number));
        let ran = |name: &str| self.after_boot.programs.contains(&(address, name.to_owned()));
        for program in held.programs.iter().filter(|program| program.origin == Origin::Program) {
            if !is_owned(program.number) && !ran(&program.name) {
                say(Kind::Program, format!("still runs {:?}, which has no connection left", program.name));
            }
        }
        let is_kept = |by: &Option<host::Running>| match by {
            Some(by) if by.origin == Origin::Outside => true,
            Some(by) => by.origin == Origin::Program && is_owned(by.number),
            None => false,
        };
        for Owned { what, by } in held.connections.iter().filter(|one| one.what.state == State::Listening) {
            let serves =
                self.after_boot.listening.contains(&(address, what.local)) || what.local.is_well_known();
            let is_service = serves && by.as_ref().is_some_and(|by| by.origin == Origin::Boot);
            if !is_service && !is_kept(by) {
                say(Kind::Listening, format!("still listens at socket {}, for nobody", what.local));
            }
        }
        for Owned { what: base, by } in &held.leases {
            let block = base.number()..base.number() + Lease::BLOCK;
            let is_used = owned.iter().any(|one| block.contains(&one.what.local.number()));
            if !is_used && !is_kept(by) {
                say(
                    Kind::Lease,
                    format!("still has {} sockets set aside from {base} on, for nobody", Lease::BLOCK),
                );
            }
        }
        if held.lost_room > 0 {
            let bytes = counted(held.lost_room, "byte");
            say(Kind::Draft, format!("still counts {bytes} of its disk as taken that no file has"));
        }
        if held.drafts > 0 {
            say(Kind::Draft, format!("still has {} open to be written", counted(held.drafts, "file")));
        }
        for login in &held.logins {
            let is_here =
                |one: &&Owned<Status>| one.what.foreign.is_some_and(|foreign| foreign.host == login.from);
            if !owned.iter().any(is_here) {
                let from = self.names.host(login.from);
                say(
                    Kind::Login,
                    format!("still counts {} of {from} among its users, who has no connection", login.user),
                );
            }
        }
        let Some(host) = self.world.host(address) else { return };
        for request in host.queued_requests() {
            if !self.is_asked(address, &request) {
                let (foreign, local) = (self.socket(request.foreign), request.local);
                say(
                    Kind::Request,
                    format!("still queues a request of {foreign} for socket {local} that nobody makes"),
                );
            }
        }
        host.held_of_partners().iter().for_each(|held| self.of_partner(held, &mut say));
        of_stray(host.stray(), &mut say);
    }

    /// What an NCP holds of another host.
    fn of_partner(&self, held: &ncp::Held, say: &mut impl FnMut(Kind, String)) {
        let ncp::Held { host, in_step: _, commands, control_in_transit, texts, .. } = held;
        let other = self.names.host(*host);
        if *commands > 0 {
            say(
                Kind::Command,
                format!(
                    "still has {} that {} not left for {other}",
                    counted(*commands, "command"),
                    have(*commands)
                ),
            );
        }
        if *control_in_transit {
            say(Kind::Unanswered, format!("still waits for the answer for a control message to {other}"));
        }
        for link in texts {
            say(
                Kind::Unanswered,
                format!("still waits for the answer for text to {other} on link {}", link.number()),
            );
        }
        if held.reset_unanswered {
            say(Kind::Unanswered, format!("still waits for the RRP of {other}"));
        }
        if held.echoes > 0 {
            say(
                Kind::Unanswered,
                format!("still has {} to {other} without an answer", counted(held.echoes, "ECO")),
            );
        }
        if held.refusals > 0 {
            let refusals = counted(held.refusals, "refusal");
            say(Kind::Unanswered, format!("still has {refusals} that {other} has not answered with a CLS"));
        }
    }

    fn of_imps(&self, all: &mut Vec<Left>) {
        let subnet = self.world.subnet();
        let before = all.len();
        // Reports are under way now and then, and are IMPs' own messages: of hosts' messages the hosts' cables tell.
        if !subnet.is_reported() {
            for (number, held) in subnet.held() {
                let name = self.names.imp(number);
                of_imp(&held, &mut |text| all.push(Left::new(Kind::Imp, format!("IMP {name} {text}"))));
            }
        }
        for mut held in subnet.held_of_hosts() {
            if subnet.is_reported_to(held.host) {
                held.to_host = 0;
            }
            let (imp, host) = (self.names.imp(held.host.imp()), self.names.host(held.host));
            of_port(&held, &host, &mut |text| all.push(Left::new(Kind::Imp, format!("IMP {imp} {text}"))));
        }
        if all.len() == before && !subnet.is_reported() && !subnet.is_quiet() {
            let text = "the IMPs do not rest: something is still to happen".to_owned();
            all.push(Left::new(Kind::Imp, text));
        }
    }
}

/// What belongs to nothing in the tables of an NCP.
fn of_stray(stray: ncp::Stray, say: &mut impl FnMut(Kind, String)) {
    let ncp::Stray { deadlines, requests, links, connections } = stray;
    for (count, thing, of) in [
        (deadlines, "deadline", "nothing"),
        (requests, "queued request", "no deadline"),
        (links, "link", "no connection"),
        (connections, "entry of a connection|entries of connections", "no connection"),
    ] {
        if count > 0 {
            let verb = if count == 1 { "belongs" } else { "belong" };
            say(Kind::Stray, format!("still has {} that {verb} to {of}", counted(count, thing)));
        }
    }
}

/// What an IMP holds.
fn of_imp(held: &imp::Held, say: &mut impl FnMut(String)) {
    let imp::Held {
        store_and_forward,
        reassembly,
        numbers,
        allocations,
        arriving,
        waiting,
        on_lines,
        unsaid,
    } = *held;
    for (count, thing, what) in [
        (usize::from(store_and_forward), "buffer", "for packets that are to leave"),
        (usize::from(reassembly), "buffer", "for messages to its hosts"),
        (numbers, "message number", "in use"),
        (allocations, "allocation", "of other IMPs in hand"),
        (arriving, "message or promise|messages or promises", "to its hosts under way"),
        (waiting, "message", "waiting for room"),
        (on_lines, "packet", "waiting for a line, or for its acknowledgement"),
        (unsaid, "packet", "for which there is no room"),
    ] {
        if count > 0 {
            say(format!("still has {} {what}", counted(count, thing)));
        }
    }
}

/// What an IMP holds of a host.
fn of_port(held: &imp::HeldOfHost, host: &str, say: &mut impl FnMut(String)) {
    let imp::HeldOfHost { host: _, from_host, blocked, to_host, unanswered } = *held;
    if blocked {
        say(format!("still lets {host} wait in the middle of a message"));
    }
    if from_host > 0 {
        say(format!("has not taken {} of {host}", counted(from_host, "message")));
    }
    if to_host > 0 {
        say(format!("still has {} for {host}", counted(to_host, "message")));
    }
    if unanswered > 0 {
        say(format!("has not told {host} what became of {}", counted(unanswered, "message")));
    }
}

/// A number of things, in words: `thing` is what one of them is called, and several have an `s` more, unless `one|several`
/// says both.
fn counted(count: usize, thing: &str) -> String {
    match (count, thing.split_once('|')) {
        (1, Some((one, _))) => format!("1 {one}"),
        (_, Some((_, several))) => format!("{count} {several}"),
        (1, None) => format!("1 {thing}"),
        (_, None) => format!("{count} {thing}s"),
    }
}

fn have(count: usize) -> &'static str {
    if count == 1 { "has" } else { "have" }
}
