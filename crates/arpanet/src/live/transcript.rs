//! Prints the transcript of a live run while it happens.

use std::collections::BTreeMap;
use std::io::{self, Write};

use imp1822::HostAddress;
use trace::{Lens, Names, Paper, Record, TranscriptState, View, Violation, What};

use super::rate_limiter::RateLimiter;

/// A transcript that is printed line by line.
pub(crate) struct LiveTranscript {
    out: Box<dyn Write>,
    names: Names,
    lenses: Vec<Lens>,
    paper: Paper,
    state: TranscriptState,
    /// Garbage that floods the cable of a host is shown at a limited rate.
    limiters: BTreeMap<HostAddress, RateLimiter>,
    /// Why something could not be printed, the first time.
    lost: Option<io::Error>,
}

impl LiveTranscript {
    /// A transcript that shows what is seen through these lenses.
    pub(crate) fn new(out: Box<dyn Write>, names: Names, lenses: Vec<Lens>, paper: Paper) -> Self {
        let state = TranscriptState::default();
        LiveTranscript { out, names, lenses, paper, state, limiters: BTreeMap::new(), lost: None }
    }

    /// The names that it shows.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// Why something could not be printed, the first time.
    pub(crate) fn lost(&self) -> Option<&io::Error> {
        self.lost.as_ref()
    }

    /// Prints a record, if a lens shows it.
    pub(crate) fn record(&mut self, record: &Record) {
        let is_shown = match &record.what {
            What::Cable { host, .. } => self.limiters.entry(*host).or_default().allows(record.at),
            What::Sent { .. }
            | What::Received { .. }
            | What::Packet(_)
            | What::Struck { .. }
            | What::Notice { .. }
            | What::Note { .. }
            | What::Fault(_)
            | What::Step { .. }
            | What::Measured(_) => true,
        };
        if is_shown {
            self.print(|view, state| view.next(record, state));
        }
    }

    /// Prints a violation, whatever the lenses are, and a quirk that may be behind it.
    pub(crate) fn violation(&mut self, violation: &Violation, quirk: Option<&str>) {
        self.print(|view, state| view.next_violation(violation, quirk, state));
    }

    /// Prints the text of a summary.
    pub(crate) fn text(&mut self, text: &str) {
        self.print(|view, _| view.paper.fill(text, 2));
    }

    fn print(&mut self, text: impl FnOnce(&View<'_>, &mut TranscriptState) -> String) {
        let LiveTranscript { out, names, lenses, paper, state, limiters: _, lost } = self;
        let view = View { paper: *paper, ..View::new(names, lenses) };
        let text = text(&view, state);
        if !text.is_empty() {
            // What nobody sees happens all the same.
            if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
                lost.get_or_insert(error);
            }
        }
    }
}
