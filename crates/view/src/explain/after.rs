//! What a host believes after a record: the differences of its tables, each at the record that it belongs to.
//!
//! All that comes of one event is noted at once. A difference of a connection stands at the record of it that names its socket
//! or its link, else at the first.

use std::collections::BTreeMap;

use imp1822::{FromImp, HostAddress, Link, Signal, ToImp};
use ncp::{Command, ConnectionId, Gender, Socket, State, Status};
use sim::HostTable;
use trace::{Names, What};

use super::explanation::Belief;
use super::facts::Facts;
use crate::sheet::Sheet;

/// What is believed from each record on.
pub(super) fn beliefs(sheet: &Sheet<'_>, facts: &Facts) -> BTreeMap<u64, Vec<Belief>> {
    let mut beliefs: BTreeMap<u64, Vec<Belief>> = BTreeMap::new();
    let mut last: BTreeMap<HostAddress, &HostTable> = BTreeMap::new();
    let nothing = HostTable::default();
    // Of two changes before the same record, the first came of the step before it, which no record tells of.
    let mut to_come_of: BTreeMap<(HostAddress, u64), usize> = BTreeMap::new();
    for change in &sheet.outcome.tables {
        *to_come_of.entry((change.host, change.since)).or_default() += 1;
    }
    for change in &sheet.outcome.tables {
        let (host, table) = (change.host, &change.table);
        let before = last.insert(host, table).unwrap_or(&nothing);
        let to_come = to_come_of.entry((host, change.since)).or_default();
        *to_come -= 1;
        let batch = match *to_come {
            0 => batch(sheet, host, change.since),
            _ => last_step(sheet, change.since),
        };
        for Difference { subject, what, stands, is_count } in differences(sheet.names(), host, before, table)
        {
            let mut named = batch.iter().copied().filter(|record| names(sheet, facts, *record, &subject));
            let record = match stands {
                Stands::Last => named.next_back(),
                Stands::First | Stands::Request | Stands::Close => named.next(),
            };
            let record = record.or(batch.first().copied()).unwrap_or(change.since);
            let record = said_from(sheet, facts, host, record, &subject, stands).unwrap_or(record);
            beliefs.entry(record).or_default().push(Belief { host, since: record, what, is_count });
        }
    }
    beliefs
}

/// The records of what came of one event at a host, which began with this record.
fn batch(sheet: &Sheet<'_>, host: HostAddress, since: u64) -> Vec<u64> {
    let Some(first) = sheet.moments.get(since as usize) else { return last_step(sheet, since) };
    if first.host != Some(host) {
        return last_step(sheet, since);
    }
    let rest = sheet.moments[since as usize..].iter();
    let of_it = rest.take_while(|moment| {
        let comes_of_it = moment.cause == Some(since) || moment.cause == first.cause;
        moment.record == since || (moment.host == Some(host) && moment.at == first.at && comes_of_it)
    });
    of_it.map(|moment| moment.record).collect()
}

/// What is not said at any record came of the step before.
fn last_step(sheet: &Sheet<'_>, since: u64) -> Vec<u64> {
    let before = &sheet.records()[..sheet.records().len().min(since as usize)];
    let step = before.iter().rposition(|record| matches!(record.what, What::Step { .. }));
    step.map(|step| step as u64).into_iter().collect()
}

/// What a difference is about.
enum Subject {
    Connection(Socket, Option<Link>),
    Program,
    Host,
}

/// One thing that has changed.
struct Difference {
    subject: Subject,
    what: String,
    stands: Stands,
    is_count: bool,
}

/// At which record a difference stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// At the first of its event that names it: it holds because of what the host has heard.
    First,
    /// At the last one: it holds because of what the host answers.
    Last,
    /// Where the host says its request, be that later, since a link was not free.
    Request,
    /// Where the host says its CLS.
    Close,
}

/// The record at which a host says what makes the difference: in this moment, or later.
fn said_from(
    sheet: &Sheet<'_>,
    facts: &Facts,
    host: HostAddress,
    record: u64,
    subject: &Subject,
    stands: Stands,
) -> Option<u64> {
    let Subject::Connection(socket, _) = subject else { return None };
    let is_it = |command: Command| match (stands, command) {
        (Stands::Request, Command::Rts { receive: mine, .. } | Command::Str { send: mine, .. }) => {
            mine == *socket
        }
        _ => false,
    };
    if stands != Stands::Request {
        return None;
    }
    let later = sheet.moments.get(usize::try_from(record).ok()?..)?.iter().take(LOOKED_AHEAD);
    let mut of_host = later.filter(|moment| moment.host == Some(host));
    of_host
        .find(|moment| facts.commands(moment.record).iter().any(|fact| is_it(fact.command)))
        .map(|moment| moment.record)
}

/// So many records are looked at for what a host wants to say.
const LOOKED_AHEAD: usize = 256;

/// Whether a record says something about this.
fn names(sheet: &Sheet<'_>, facts: &Facts, record: u64, subject: &Subject) -> bool {
    let Subject::Connection(socket, link) = subject else { return false };
    // Of what arrives, what it said when it was sent.
    let journey = sheet.journey_at(record);
    let sent = journey.map_or(record, |journey| journey.sent);
    let of_link = match sheet.records().get(record as usize).map(|record| &record.what) {
        Some(What::Sent { signal: Signal::Message(bits), .. }) => match ToImp::parse(bits) {
            Ok(ToImp::Regular { link, .. }) => Some(link),
            _ => None,
        },
        Some(What::Received { signal: Signal::Message(bits), .. }) => match FromImp::parse(bits) {
            Ok(FromImp::Regular { link, .. } | FromImp::Rfnm { link, .. }) => Some(link),
            _ => None,
        },
        _ => None,
    };
    let is_of_link = |other: Link| Some(other) == *link;
    let is_command = |command: Command| match command {
        Command::Rts { receive: one, send: other, .. }
        | Command::Str { send: one, receive: other, .. }
        | Command::Cls { mine: one, yours: other } => one == *socket || other == *socket,
        Command::All { link, .. }
        | Command::Gvb { link, .. }
        | Command::Ret { link, .. }
        | Command::Inr { link }
        | Command::Ins { link } => is_of_link(link),
        _ => false,
    };
    match of_link {
        Some(Link::CONTROL) => facts.commands(sent).iter().any(|fact| is_command(fact.command)),
        Some(link) => is_of_link(link),
        None => false,
    }
}

/// What differs between two states of the tables of a host.
fn differences(names: &Names, host: HostAddress, before: &HostTable, after: &HostTable) -> Vec<Difference> {
    let mut found = Vec::new();
    if before.is_up != after.is_up {
        let what = if after.is_up { "is up" } else { "is down: it remembers nothing" };
        found.push(Difference {
            subject: Subject::Host,
            what: what.to_owned(),
            stands: Stands::First,
            is_count: false,
        });
    }
    let old: BTreeMap<ConnectionId, &Status> = before.connections.iter().map(|one| (one.id, one)).collect();
    let new: BTreeMap<ConnectionId, &Status> = after.connections.iter().map(|one| (one.id, one)).collect();
    for one in &after.connections {
        let old = old.get(&one.id).copied();
        if old != Some(one) {
            found.extend(of_connection(names, host, old, one));
        }
    }
    for gone in before.connections.iter().filter(|one| !new.contains_key(&one.id)) {
        let is_taken = after.connections.iter().any(|one| one.local == gone.local);
        if !is_taken && after.is_up {
            let what = format!("socket {} is free", gone.local);
            found.push(connection(gone, what, Stands::Last));
        }
    }
    for request in after.requests.iter().filter(|request| !before.requests.contains(request)) {
        let (foreign, local) = (request.foreign, request.local);
        let taken = after.connections.iter().find_map(|one| one.foreign.filter(|_| one.local == local));
        let waits = match taken {
            Some(other) => {
                format!("its turn: that socket has its connection with {}", names.host(other.host))
            }
            None => "a program that wants it".to_owned(),
        };
        let what = format!(
            "a request of {}'s socket {} for socket {local} waits for {waits}",
            names.host(foreign.host),
            foreign.socket
        );
        found.push(Difference {
            subject: Subject::Connection(local, None),
            what,
            stands: Stands::First,
            is_count: false,
        });
    }
    for shown in &after.programs {
        let old = before.programs.iter().find(|old| old.title == shown.title);
        let rows = shown.rows.iter().filter(|row| old.is_none_or(|old| !old.rows.contains(row)));
        let changes: Vec<String> = rows.map(|(name, value)| format!("{name}: {value}")).collect();
        if !changes.is_empty() {
            let what = format!("{}: {}", shown.title, changes.join("; "));
            found.push(Difference {
                subject: Subject::Program,
                what,
                stands: Stands::First,
                is_count: false,
            });
        }
    }
    found
}

fn connection(one: &Status, what: String, stands: Stands) -> Difference {
    Difference { subject: Subject::Connection(one.local, one.link), what, stands, is_count: false }
}

/// What has changed of a connection.
fn of_connection(names: &Names, host: HostAddress, old: Option<&Status>, one: &Status) -> Vec<Difference> {
    let mut found = Vec::new();
    let is_sender = one.local.gender() == Gender::Send;
    let ends = one.foreign.map_or_else(
        || format!("socket {}", one.local),
        |foreign| {
            let arrow = if is_sender { "to" } else { "from" };
            let far = match foreign.host {
                other if other == host => "its own".to_owned(),
                other => format!("{}'s", names.host(other)),
            };
            format!("connection of socket {} {arrow} {far} {}", one.local, foreign.socket)
        },
    );
    if old.is_none_or(|old| (old.state, old.foreign) != (one.state, one.foreign)) {
        let (state, stands) = match one.state {
            State::Listening => ("a program waits there for a request", Stands::First),
            State::Requested => ("asked for, and not agreed to yet", Stands::Request),
            State::Open => ("open", Stands::Last),
            State::Flushing if old.is_none_or(|old| old.foreign.is_none()) => {
                ("open; the program has said all, and will close when that has arrived", Stands::Last)
            }
            State::Flushing => ("the program has closed; the rest of its text is on its way", Stands::Last),
            State::Answering => ("the other side has closed; a message is still on its way", Stands::First),
            State::Closing => ("closed from here; the other side's CLS is awaited", Stands::Close),
            State::Gone => ("over", Stands::Last),
        };
        let mut what = format!("{ends}: {state}");
        if let (State::Open, Some(link), Some(size)) = (one.state, one.link, one.size) {
            what.push_str(&format!(", on link {link}, in bytes of {size} bits", size = size.bits()));
        }
        found.push(connection(one, what, stands));
    }
    let (had, has) = (old.map(|old| old.allocation).unwrap_or_default(), one.allocation);
    if had != has && matches!(one.state, State::Open | State::Flushing | State::Answering) {
        let who = if is_sender { "it may still send" } else { "the sender may still send" };
        let plural = if has.messages == 1 { "message" } else { "messages" };
        let what = format!("{ends}: {who} {} {plural}, {} bits", has.messages, has.bits);
        found.push(Difference { is_count: true, ..connection(one, what, Stands::Last) });
    }
    let (had, has) = old.map_or((0, 0), |old| (old.unread + old.unsent, one.unread + one.unsent));
    if had != has {
        let what = match (is_sender, has) {
            (true, 0) => "all that it has sent has arrived".to_owned(),
            (true, bits) => format!("{bits} bits are still to be sent, or not known to have arrived"),
            (false, 0) => "the program has read all".to_owned(),
            (false, bits) => format!("{bits} bits wait for the program"),
        };
        let what = format!("{ends}: {what}");
        found.push(Difference { is_count: true, ..connection(one, what, Stands::First) });
    }
    found
}
