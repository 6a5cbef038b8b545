//! Sees every record of a run: keeps it, has the rules checked, and remembers what the steps of the scenario ask about.

use std::sync::Arc;

use host::{Directory, Host, Note, Prompt};
use imp::Fault;
use imp1822::HostAddress;
use machine::Instant;
use scenario::ast::{ConditionWhat, Scenario};
use trace::{Keep, Record, Recorder, What};

use crate::host_table::{TableChange, TableLog};
use crate::lab::reached::{Collector, Reached};
use crate::message_log::MessageLog;
use crate::rule_check::{Looked, RuleCheck};
use crate::testimony::Testimony;
use crate::world::Log;

/// Called with every record when it is made.
pub type RecordSink = Box<dyn FnMut(&Record)>;

/// Called with the virtual time every few thousand records, so that a user who waits sees that the run goes on.
pub type Progress = Box<dyn FnMut(Instant)>;

/// The progress callback is called once in this many records.
const PROGRESS_EVERY: u64 = 16_384;

/// Observes a run.
pub(crate) struct RunObserver {
    recorder: Recorder,
    printed: Printed,
    messages: Option<MessageLog>,
    rule_check: Option<RuleCheck>,
    testimony: Option<Testimony>,
    /// The mishaps of messages that came about, in order.
    struck: Vec<Fault>,
    /// When slow hosts have looked at what had reached them, if the records are kept.
    looks: Vec<Looked>,
    /// What the run reaches, if that is asked.
    collector: Option<Collector>,
    /// The tables of the hosts, if they are noted.
    tables: Option<TableLog>,
    progress: Option<Progress>,
    sink: Option<RecordSink>,
}

/// What the teletypes have printed, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Printed(Vec<PrintedThing>);

/// A thing that a teletype has printed.
#[derive(Debug, Clone)]
struct PrintedThing {
    at: Instant,
    host: HostAddress,
    what: OnPaper,
}

#[derive(Debug, Clone)]
enum OnPaper {
    /// A line.
    Line(String),
    /// What a program has printed to ask for a line.
    Prompt(Prompt),
}

impl RunObserver {
    /// An observer of a run of this scenario.
    pub(crate) fn new(scenario: &Scenario, directory: &Arc<Directory>, keep: Keep) -> Self {
        let conditions = scenario.conditions.iter();
        let told = conditions.clone().any(|condition| condition.what == ConditionWhat::ToldTheTruth);
        let by_itself = conditions.clone().any(|one| one.what == ConditionWhat::NothingByItself);
        RunObserver {
            recorder: Recorder::new(keep),
            printed: Printed::default(),
            messages: MessageLog::new(scenario),
            rule_check: RuleCheck::new(scenario),
            testimony: told.then(|| Testimony::new(scenario, directory)),
            struck: Vec::new(),
            looks: Vec::new(),
            collector: by_itself.then(Collector::default),
            tables: None,
            progress: None,
            sink: None,
        }
    }

    /// The same, with all messages decoded, whatever the scenario asks about.
    pub(crate) fn with_all_messages(self) -> Self {
        RunObserver { messages: Some(MessageLog::of_all()), ..self }
    }

    /// The same, which also collects what the run reaches.
    pub(crate) fn with_collector(self) -> Self {
        RunObserver { collector: Some(Collector::default()), ..self }
    }

    /// The same, which also notes the tables of the hosts as they change.
    pub(crate) fn with_tables(self) -> Self {
        RunObserver { tables: Some(TableLog::default()), ..self }
    }

    /// The same, with a callback for the progress.
    pub(crate) fn with_progress(self, progress: Progress) -> Self {
        RunObserver { progress: Some(progress), ..self }
    }

    /// The same, with a callback for every record.
    pub(crate) fn with_sink(self, sink: RecordSink) -> Self {
        RunObserver { sink: Some(sink), ..self }
    }

    /// Every record so far, if they are kept.
    pub(crate) fn records(&self) -> &[Record] {
        self.recorder.records()
    }

    /// The mishaps of messages that have come about so far, in order.
    pub(crate) fn struck(&self) -> &[Fault] {
        &self.struck
    }

    /// What the teletypes have printed so far.
    pub(crate) fn printed(&self) -> &Printed {
        &self.printed
    }

    /// The messages that have crossed so far, if a step asks about any.
    pub(crate) fn messages(&self) -> Option<&MessageLog> {
        self.messages.as_ref()
    }

    /// The rules that are checked, unless the scenario says `monitor off`.
    pub(crate) fn rule_check(&mut self) -> Option<&mut RuleCheck> {
        self.rule_check.as_mut()
    }

    /// What users were told of their files, if the scenario asks about that.
    pub(crate) fn testimony(&self) -> Option<&Testimony> {
        self.testimony.as_ref()
    }

    /// What the run has reached so far, but for its hosts, if that is collected.
    pub(crate) fn collector(&self) -> Option<&Collector> {
        self.collector.as_ref()
    }

    /// What the run has reached with these hosts, if that was collected.
    pub(crate) fn reached<'a>(&mut self, hosts: impl Iterator<Item = &'a Host>) -> Option<Reached> {
        let broken = self.rule_check.as_ref().map(RuleCheck::rules).unwrap_or_default();
        self.collector.take().map(|collector| collector.finish(hosts, broken))
    }

    /// What was noted of the tables of the hosts.
    pub(crate) fn tables(&mut self) -> Vec<TableChange> {
        self.tables.take().map(TableLog::into_changes).unwrap_or_default()
    }

    /// What was recorded and printed.
    pub(crate) fn into_parts(self) -> (Recorder, Printed, Vec<Looked>) {
        (self.recorder, self.printed, self.looks)
    }
}

impl Printed {
    /// How many lines and prompts there are so far.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The first line or prompt from number `since` on that a teletype printed and in which `look` finds something: its
    /// number, and what it finds.
    pub(crate) fn find<T>(
        &self,
        host: HostAddress,
        since: usize,
        look: impl Fn(&str) -> Option<T>,
    ) -> Option<(usize, T)> {
        let mut later = self.0.iter().enumerate().skip(since).filter(|(_, one)| one.host == host);
        later.find_map(|(number, one)| Some((number, look(one.what.text())?)))
    }

    /// The last line or prompt before number `before` in which `look` finds something: its number, and when it was printed.
    pub(crate) fn found_before(
        &self,
        host: HostAddress,
        before: usize,
        look: impl Fn(&str) -> bool,
    ) -> Option<(usize, Instant)> {
        let mut earlier = self.0.iter().enumerate().take(before).rev().filter(|(_, one)| one.host == host);
        earlier.find(|(_, one)| look(one.what.text())).map(|(number, one)| (number, one.at))
    }

    /// All lines of a teletype.
    pub(crate) fn of(&self, host: HostAddress) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |one| one.host == host).filter_map(|one| match &one.what {
            OnPaper::Line(line) => Some(line.as_str()),
            OnPaper::Prompt(_) => None,
        })
    }

    /// All lines of a teletype and when they were printed, from the last one back; and prompts that are more than a ready sign.
    pub(crate) fn back(&self, host: HostAddress) -> impl Iterator<Item = (Instant, &str)> {
        let of_host = self.0.iter().rev().filter(move |one| one.host == host);
        of_host.filter_map(|one| match &one.what {
            OnPaper::Line(text) => Some((one.at, text.as_str())),
            OnPaper::Prompt(prompt) => (!prompt.is_ready_sign()).then_some((one.at, prompt.text.as_str())),
        })
    }
}

impl OnPaper {
    fn text(&self) -> &str {
        match self {
            OnPaper::Line(text) => text,
            OnPaper::Prompt(prompt) => &prompt.text,
        }
    }
}

impl Log for RunObserver {
    fn look(&mut self, now: Instant, address: HostAddress, note: &Note, host: &Host) {
        if let Some(testimony) = &mut self.testimony {
            testimony.look(now, address, note, host);
        }
    }

    fn settled(&mut self, address: HostAddress, host: &Host, since: u64) {
        if let Some(tables) = &mut self.tables {
            tables.settled(address, host, since);
        }
    }

    fn looks(&mut self, now: Instant, address: HostAddress, number: u64) {
        if let Some(rule_check) = &mut self.rule_check {
            rule_check.looks(now, address, number);
        }
        if self.recorder.keep() == Keep::Records {
            let behind = self.recorder.records().len() as u64;
            self.looks.push(Looked { at: now, host: address, number, behind });
        }
    }

    fn take(&mut self, number: u64, record: Record) {
        match &record.what {
            What::Note { host, note: Note::Printed(line) } => {
                let what = OnPaper::Line(line.clone());
                self.printed.0.push(PrintedThing { at: record.at, host: *host, what });
            }
            What::Note { host, note: Note::Asked(prompt) } => {
                let what = OnPaper::Prompt(prompt.clone());
                self.printed.0.push(PrintedThing { at: record.at, host: *host, what });
            }
            What::Sent { host, signal } => {
                if let Some(messages) = &mut self.messages {
                    messages.sent(record.at, *host, signal);
                }
            }
            What::Struck { host, toward, mishap, message } => {
                self.struck.push(Fault::Mishap { host: *host, toward: *toward, mishap: *mishap });
                if let Some(testimony) = &mut self.testimony {
                    testimony.struck(record.at, *host, *mishap, message);
                }
            }
            What::Note { .. }
            | What::Received { .. }
            | What::Cable { .. }
            | What::Packet(_)
            | What::Fault(_)
            | What::Notice { .. }
            | What::Step { .. }
            | What::Measured(_) => {}
        }
        if let Some(rule_check) = &mut self.rule_check {
            rule_check.take(&record);
        }
        if let Some(collector) = &mut self.collector {
            collector.take(&record);
        }
        if let Some(sink) = &mut self.sink {
            sink(&record);
        }
        if let Some(progress) = &mut self.progress
            && (number + 1).is_multiple_of(PROGRESS_EVERY)
        {
            progress(record.at);
        }
        self.recorder.take(record);
    }
}
