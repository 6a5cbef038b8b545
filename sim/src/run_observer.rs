//! Sees every record of a run: keeps it, has the rules checked, and remembers what the steps of the scenario ask about.

use host::Note;
use imp1822::HostAddress;
use machine::Instant;
use scenario::ast::Scenario;
use trace::{Keep, Record, Recorder, What};

use crate::message_log::MessageLog;
use crate::rule_check::RuleCheck;
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
    progress: Option<Progress>,
    sink: Option<RecordSink>,
}

/// What the teletypes have printed, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Printed(Vec<PrintedLine>);

/// A line on the paper of a teletype.
#[derive(Debug, Clone)]
struct PrintedLine {
    at: Instant,
    host: HostAddress,
    line: String,
}

impl RunObserver {
    /// An observer of a run of this scenario.
    pub(crate) fn new(scenario: &Scenario, keep: Keep) -> Self {
        RunObserver {
            recorder: Recorder::new(keep),
            printed: Printed::default(),
            messages: MessageLog::new(scenario),
            rule_check: RuleCheck::new(scenario),
            progress: None,
            sink: None,
        }
    }

    /// The same, with all messages decoded, whatever the scenario asks about.
    pub(crate) fn with_all_messages(self) -> Self {
        RunObserver { messages: Some(MessageLog::of_all()), ..self }
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

    /// What was recorded and printed.
    pub(crate) fn into_parts(self) -> (Recorder, Printed) {
        (self.recorder, self.printed)
    }
}

impl Printed {
    /// The number of the first line from `since` on that a teletype printed with `text` in it.
    pub(crate) fn find(&self, host: HostAddress, text: &str, since: usize) -> Option<usize> {
        let later = self.0.iter().enumerate().skip(since);
        later.filter(|(_, one)| one.host == host && one.line.contains(text)).map(|(index, _)| index).next()
    }

    /// When the first line with `text` in it was printed before number `before`.
    pub(crate) fn printed_before(&self, host: HostAddress, text: &str, before: usize) -> Option<Instant> {
        self.find(host, text, 0).filter(|index| *index < before).map(|index| self.0[index].at)
    }

    /// All lines of a teletype.
    pub(crate) fn of(&self, host: HostAddress) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |one| one.host == host).map(|one| one.line.as_str())
    }

    /// All lines of a teletype and when they were printed, from the last one back.
    pub(crate) fn lines_back(&self, host: HostAddress) -> impl Iterator<Item = (Instant, &str)> {
        self.0.iter().rev().filter(move |one| one.host == host).map(|one| (one.at, one.line.as_str()))
    }
}

impl Log for RunObserver {
    fn take(&mut self, number: u64, record: Record) {
        match &record.what {
            What::Note { host, note: Note::Printed(line) } => {
                self.printed.0.push(PrintedLine { at: record.at, host: *host, line: line.clone() });
            }
            What::Sent { host, signal } => {
                if let Some(messages) = &mut self.messages {
                    messages.sent(record.at, *host, signal);
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
