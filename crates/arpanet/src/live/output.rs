//! Where the records of a live run go: a transcript, the check of the rules, a capture.

use machine::Instant;
use sim::Log;
use trace::{Logged, Record};

use super::capture::LiveCapture;
use super::notices::Notices;
use super::quirks::known_quirk;
use super::transcript::LiveTranscript;
use super::violations::LiveViolations;
use crate::system::words;
use crate::terminal::{PrintError, Terminal, printed};

/// Hands each record to everything that looks at a live run.
pub(crate) struct LiveOutput {
    transcript: LiveTranscript,
    violations: Option<LiveViolations>,
    capture: Option<LiveCapture>,
    notices: Notices,
    terminal: Terminal,
    /// Whether it was told that the transcript cannot be printed.
    is_lost: bool,
    /// The time of the last record.
    now: Instant,
}

impl LiveOutput {
    /// An output that only prints this transcript. Complaints about a capture go to the terminal.
    pub(crate) fn new(transcript: LiveTranscript, terminal: Terminal) -> Self {
        LiveOutput {
            transcript,
            violations: None,
            capture: None,
            notices: Notices::default(),
            terminal,
            is_lost: false,
            now: Instant::START,
        }
    }

    /// The output that also shows violations, whatever else is shown.
    pub(crate) fn with_violations(self, violations: LiveViolations) -> Self {
        LiveOutput { violations: Some(violations), ..self }
    }

    /// The output that also writes a capture.
    pub(crate) fn with_capture(self, capture: LiveCapture) -> Self {
        LiveOutput { capture: Some(capture), ..self }
    }

    /// Takes a record that the transcript may show.
    pub(crate) fn show(&mut self, record: &Record) {
        self.transcript.record(record);
        self.observe(record);
    }

    /// Takes a record that the transcript does not show. What is wrong with it is shown all the same.
    pub(crate) fn observe(&mut self, record: &Record) {
        self.now = record.at;
        if let Some(violations) = &mut self.violations {
            let found = violations.record(record);
            self.print_violations(&found);
        }
        self.tell_of_loss();
        if let Some(complaint) = self.capture.as_mut().and_then(|capture| capture.record(record)) {
            self.terminal.tell(&format!("{complaint}\n"));
        }
        if let Some(notice) = self.notices.record(record, self.transcript.names().hosts()) {
            self.terminal.tell(&format!("{:>11}  {notice}\n", record.at));
        }
    }

    /// The run is over: shows what is missing, and a summary of the rules that were broken.
    pub(crate) fn finish(&mut self) {
        let Some(violations) = &mut self.violations else { return };
        let found = violations.finish(self.now);
        self.print_violations(&found);
        let Some(violations) = &self.violations else { return };
        let text = violations.counts().summary(self.transcript.names().hosts());
        self.transcript.text(&text);
        self.tell_of_loss();
    }

    /// What became of the transcript.
    ///
    /// # Errors
    /// It could not be printed. A reader that has gone away is no error.
    pub(crate) fn printed(&self) -> Result<(), PrintError> {
        printed(self.transcript.lost().map_or(Ok(()), |error| Err(error.kind().into())))
    }

    /// Tells once, where that can be read, that the transcript is not printed any more.
    fn tell_of_loss(&mut self) {
        if let Some(error) = self.transcript.lost()
            && !std::mem::replace(&mut self.is_lost, true)
        {
            let why = words(error);
            self.terminal.tell(&format!("cannot print what happens: {why}; it goes on all the same\n"));
        }
    }

    /// Shows violations, and at the first of a sort the quirk that may be behind it.
    fn print_violations(&mut self, found: &[Logged]) {
        for Logged { violation, is_first } in found {
            let quirk = if *is_first { known_quirk(violation) } else { None };
            self.transcript.violation(violation, quirk);
        }
    }
}

impl Log for LiveOutput {
    fn take(&mut self, _number: u64, record: Record) {
        self.show(&record);
    }
}

#[cfg(test)]
mod tests {
    use imp1822::h316::{DatagramError, Speaker, Trouble};
    use machine::Span;
    use trace::{Lens, Names, Paper, What};

    use super::*;
    use crate::live::tests::SharedBytes;

    #[test]
    fn garbage_on_a_cable_is_told_only_now_and_then() {
        let bytes = SharedBytes::default();
        let out = Box::new(bytes.clone());
        let transcript = LiveTranscript::new(out, Names::default(), vec![Lens::Trouble], Paper::default());
        let mut output = LiveOutput::new(transcript, Terminal::new(clap::ColorChoice::Never));
        let mut garbage = |at| {
            let trouble = Trouble::Malformed(DatagramError::NoFlags);
            let what = What::Cable { host: 1.into(), speaker: Speaker::Host, trouble };
            output.show(&Record { at, cause: None, what });
        };
        (0..1000).for_each(|_| garbage(Instant::START));
        let lines = || String::from_utf8_lossy(&bytes.0.borrow()).lines().count();
        assert!((1..10).contains(&lines()));
        let before = lines();
        garbage(Instant::START + Span::from_secs(60));
        assert_eq!(lines(), before + 1);
    }
}
