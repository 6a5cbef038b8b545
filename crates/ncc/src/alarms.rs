//! What has changed and was not acknowledged.

use std::collections::BTreeMap;

use imp1822::HostAddress;

use crate::{Change, Entry, ImpState, LineId, LineState};

/// What an alarm is about. IMPs come before lines, and lines before hosts: so they are shown to be acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An IMP.
    Imp(u8),
    /// A line.
    Line(LineId),
    /// A host.
    Host(HostAddress),
}

impl Subject {
    /// What a change is about, if it is worth an alarm.
    pub(crate) fn of(change: Change) -> Option<Subject> {
        match change {
            Change::Imp(imp, ImpState::Missing | ImpState::CutOff | ImpState::Down | ImpState::Up)
            | Change::Restart(imp, _)
            | Change::Halt(imp, _)
            | Change::Trap(imp, _) => Some(Subject::Imp(imp)),
            Change::Line(_, LineState::Unknown) => None,
            Change::Line(line, _) => Some(Subject::Line(line)),
            Change::Host { host, .. } => Some(Subject::Host(host)),
            Change::Imp(_, ImpState::Unknown)
            | Change::Version(..)
            | Change::Anomaly(..)
            | Change::Test(..)
            | Change::NoReport(..)
            | Change::NoSuchImp(_)
            | Change::TooMuch(_) => None,
        }
    }
}

/// The alarms: at most one for each thing that there is, the latest.
#[derive(Debug, Default)]
pub(crate) struct Alarms(BTreeMap<Subject, Entry>);

impl Alarms {
    pub(crate) fn raise(&mut self, subject: Subject, entry: Entry) {
        self.0.insert(subject, entry);
    }

    pub(crate) fn first(&self) -> Option<(Subject, Entry)> {
        self.0.iter().next().map(|(subject, entry)| (*subject, *entry))
    }

    pub(crate) fn acknowledge(&mut self) -> Option<Entry> {
        self.0.pop_first().map(|(_, entry)| entry)
    }

    pub(crate) fn has(&self, subject: Subject) -> bool {
        self.0.contains_key(&subject)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets the alarms of lines that are no more.
    pub(crate) fn keep_lines(&mut self, is_there: impl Fn(&LineId) -> bool) {
        self.0.retain(|subject, _| match subject {
            Subject::Line(line) => is_there(line),
            Subject::Imp(_) | Subject::Host(_) => true,
        });
    }
}
