//! What is needed to explain a record: the sheet, what the whole run tells of each message, and the registries of clauses.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ftp::{Class, Edition, Exchange, ReplyCode};
use imp1822::HostAddress;
use ncp::clauses::{self, Clause};
use scenario::ast::{Action, HostAction, NcpAction};
use trace::{Lens, Topic, What};

use super::explanation::Source;
use super::facts::Facts;
use super::line::{self, Speaker};
use crate::sheet::{Moment, Sheet};

/// All registries of clauses by their names: where each is written, and what it says.
static CLAUSES: LazyLock<BTreeMap<&str, (String, &str)>> =
    LazyLock::new(|| all().map(|one| (one.id, (format!("{}, {}", one.from, one.at), one.says))).collect());

/// The names of the clauses that are about a command or a code.
static ABOUT: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut about: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in all() {
        for word in one.about.unwrap_or_default().split_whitespace() {
            about.entry(word).or_default().push(one.id);
        }
    }
    about
});

/// The clauses of all registries.
fn all() -> impl Iterator<Item = Clause<'static>> {
    let registries = [clauses::REGISTRY, telnet::CLAUSES, ftp::CLAUSES];
    registries.into_iter().flat_map(|registry| clauses::read(registry).0)
}

/// What is known of a run.
pub(super) struct Context<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) facts: Facts,
    /// The transfers that are asked for, in order.
    pub(super) transfers: Vec<Transfer>,
}

/// A transfer that a user asks for.
pub(super) struct Transfer {
    /// The record of the command.
    pub(super) asked: u64,
    pub(super) server: HostAddress,
    /// Whether the server's last word on it is that it failed.
    pub(super) fails: bool,
}

impl<'a> Context<'a> {
    pub(super) fn new(sheet: &'a Sheet<'a>) -> Self {
        Context { sheet, facts: Facts::of(sheet), transfers: transfers(sheet) }
    }

    pub(super) fn what(&self, record: u64) -> Option<&'a What> {
        let record = usize::try_from(record).ok()?;
        self.sheet.records().get(record).map(|record| &record.what)
    }

    pub(super) fn host(&self, host: HostAddress) -> String {
        self.sheet.names().host(host)
    }

    /// An IMP by its number, with the name of its site if that says more.
    pub(super) fn imp(&self, number: u8) -> String {
        let name = self.sheet.names().imp(number);
        if name == number.to_string() { format!("IMP {number}") } else { format!("IMP {number} ({name})") }
    }

    /// A source without a row in the registry.
    pub(super) fn document(&self, at: &'static str) -> Source {
        Source { at, clause: None }
    }

    /// A row of the registry as a source.
    pub(super) fn clause(&self, name: &'static str) -> Source {
        match CLAUSES.get(name) {
            Some((at, says)) => Source { at, clause: Some((name, says)) },
            None => Source { at: name, clause: None },
        }
    }

    /// Where what a line of a dialogue begins with is written, and the rows of the registry that are about it.
    pub(super) fn of_line(&self, line: &str, speaker: Speaker, edition: Edition) -> Vec<Source> {
        let names = line::word(line, speaker).and_then(|word| ABOUT.get(word.as_str()));
        let clauses = names.into_iter().flatten().map(|name| self.clause(name));
        std::iter::once(self.document(line::source(line, speaker, edition))).chain(clauses).collect()
    }

    /// What a record says, as the transcript has it.
    pub(super) fn quoted(&self, record: u64) -> String {
        let moment = usize::try_from(record).ok().and_then(|index| self.sheet.moments.get(index));
        let Some(moment) = moment else { return "something".to_owned() };
        let said: Vec<&str> = moment.said.iter().map(|said| said.what.as_str()).collect();
        format!("`{}`", said.join("; "))
    }

    /// A record by its number.
    pub(super) fn record(&self, record: u64) -> String {
        // Nothing that is told here is about a packet.
        format!("record {}", self.sheet.number(record).unwrap_or(record))
    }

    /// What a record says, and its number.
    pub(super) fn cited(&self, record: u64) -> String {
        format!("{} ({})", self.quoted(record), self.record(record))
    }

    /// Whether the message that was sent at this record had arrived before this moment.
    pub(super) fn has_arrived(&self, record: u64, moment: &Moment) -> bool {
        let arrived = self.sheet.journey_at(record).and_then(|journey| journey.arrived);
        arrived.is_some_and(|arrived| arrived < moment.record)
    }

    /// Which line of the scenario has it so, and what it says, if that may be shown.
    pub(super) fn statement(&self, line: usize) -> String {
        match self.quotable(line) {
            Some(source) => format!("Line {line} of the scenario has it so: {source}."),
            None => format!("Line {line} of the scenario has it so."),
        }
    }

    /// What a line of the scenario says, unless that is text which somebody types or says: a password may be in it.
    pub(super) fn quotable(&self, line: usize) -> Option<&'a str> {
        let step = self.sheet.scenario.steps.iter().find(|step| step.line == line)?;
        let is_shown = match &step.action {
            Action::Host(_, HostAction::Types(_) | HostAction::Sees(_)) | Action::Expect(_) => false,
            Action::Host(_, HostAction::Ncp(action)) => !matches!(
                action,
                NcpAction::Sends { .. }
                    | NcpAction::Receives { .. }
                    | NcpAction::Says { .. }
                    | NcpAction::Hears { .. }
                    | NcpAction::Injects { .. }
                    | NcpAction::InjectsRaw { .. }
            ),
            _ => true,
        };
        is_shown.then_some(step.source.as_str())
    }
}

/// The transfers that are asked for, in order.
fn transfers(sheet: &Sheet<'_>) -> Vec<Transfer> {
    let transfers = sheet.moments.iter().filter_map(|moment| {
        let said = moment.said.first().filter(|said| said.lens == Lens::Ftp)?;
        let is_sent = sheet.journey_at(moment.record).is_some_and(|journey| journey.sent == moment.record);
        let is_asked = line::speaker(moment) == Some(Speaker::User) && is_sent;
        let name = line::command_name(&said.what).filter(|_| is_asked)?;
        let Topic::Dialogue { server, .. } = moment.topic else { return None };
        let last = sheet.last_reply(moment.record).map(|last| &sheet.moments[last as usize]);
        let fails = last.and_then(|last| line::reply_code(&last.said.first()?.what)).is_some_and(|code| {
            matches!(code.class(), Class::Failure | Class::Ignored) || code == ReplyCode::ABORTED
        });
        (name.exchange() == Exchange::Transfer).then_some(Transfer { asked: moment.record, server, fails })
    });
    transfers.collect()
}
