//! Shows what a live host reports.

use std::net::SocketAddr;

use host::Note;
use host::live::{Ending, ImpState, Report};
use imp1822::HostAddress;
use machine::Instant;
use trace::{Record, What};

use super::cable_records::cable_records;
use super::console::Console;
use super::masked_lines::MaskedLines;
use super::output::LiveOutput;
use super::rate_limiter::RateLimiter;
use super::reset_broadcast::ResetBroadcastFilter;
use super::script::ScriptError;
use crate::terminal::{PrintError, Terminal};

/// Shows the reports of one host: at its teletype, in its output, and on standard error.
pub(crate) struct HostReports {
    host: HostAddress,
    imp: SocketAddr,
    /// The teletype, if a program is typed to.
    console: Option<Console>,
    output: LiveOutput,
    masked: MaskedLines,
    /// Hides the RSTs to a whole net, unless the user chose what is shown.
    hidden: Option<ResetBroadcastFilter>,
    terminal: Terminal,
    limiter: RateLimiter,
}

impl HostReports {
    /// Shows what the host reports that is at this IMP.
    pub(crate) fn new(
        (host, imp): (HostAddress, SocketAddr),
        console: Option<Console>,
        output: LiveOutput,
        hidden: Option<ResetBroadcastFilter>,
        terminal: Terminal,
    ) -> Self {
        let (masked, limiter) = (MaskedLines::default(), RateLimiter::default());
        HostReports { host, imp, console, output, masked, hidden, terminal, limiter }
    }

    /// Shows a report.
    pub(crate) fn show(&mut self, at: Instant, report: Report) {
        // Troubles of the cable are shown below, whatever the lenses are.
        let is_trouble = matches!(report, Report::Trouble(_));
        for what in cable_records(self.host, &report) {
            let record = Record { at, cause: None, what };
            let is_hidden = self.hidden.as_mut().is_some_and(|filter| filter.hides(&record.what));
            if is_trouble || is_hidden { self.output.observe(&record) } else { self.output.show(&record) }
        }
        match report {
            Report::Sent(_) | Report::Received(_) => {}
            Report::Note(note) => self.note(at, note),
            Report::Trouble(trouble) => {
                if self.limiter.allows(at) {
                    self.terminal.tell(&format!("{at:>11}  cable: {trouble}\n"));
                }
            }
            Report::Imp(state) => {
                self.terminal.tell(&format!("{at:>11}  IMP {} {}\n", self.imp, words(state)));
            }
            Report::NotDone => {
                if let Some(console) = &mut self.console {
                    console.not_done();
                }
            }
            Report::Lingers(span) => {
                let told =
                    format!("{at:>11}  what its IMP still sends is taken for {span}; Ctrl-C ends that\n");
                self.terminal.tell(&told);
            }
            Report::Asks(asks) => {
                if let Some(console) = &mut self.console {
                    console.asked(asks.as_ref());
                }
            }
        }
    }

    /// The host is down: shows what is missing, and a summary of the rules that were broken. Returns
    /// what a script has not done, and what could not be printed.
    pub(crate) fn finish(mut self, ending: &Ending) -> (Vec<ScriptError>, Option<PrintError>) {
        // Of an IMP that was never heard there is nothing to say.
        if ending.counted.datagrams_in > 0 {
            self.output.finish();
        }
        let (not_done, lost) = self.console.map(|console| console.finish(ending)).unwrap_or_default();
        (not_done, lost.or(self.output.printed().err()))
    }

    fn note(&mut self, at: Instant, note: Note) {
        let note = self.masked.next(note);
        if let Some(console) = &mut self.console {
            console.see(&note);
        }
        match note {
            // The user has started this command, and stops it.
            Note::Booted | Note::Crashed => {}
            note @ (Note::Asked(_)
            | Note::Typed { .. }
            | Note::Printed(_)
            | Note::Filed { .. }
            | Note::Renamed { .. }
            | Note::Deleted { .. }) => {
                let what = What::Note { host: self.host, note };
                self.output.show(&Record { at, cause: None, what });
            }
        }
    }
}

/// How the IMP is, as far as its cable tells.
pub(crate) fn words(state: ImpState) -> &'static str {
    match state {
        ImpState::Silent => "is silent: called again and again",
        ImpState::Refusing => "is not there: nothing takes datagrams at that port yet",
        ImpState::NotReady => "is not ready, or has begun anew",
        ImpState::Ready => "is ready",
    }
}
