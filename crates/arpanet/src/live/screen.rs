//! Shows what happens while it happens: prints it, writes it into a capture.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use imp1822::HostAddress;
use machine::Instant;
use trace::capture::CaptureWriter;
use trace::{Lens, Logged, Names, Record, TapPoint, TranscriptState, View, What};

use super::{Ration, habit};
use crate::umpire::Umpire;
use sim::Log;

/// Where records go while a world lives.
pub(crate) struct Screen {
    paper: Box<dyn Write>,
    names: Names,
    lenses: Vec<Lens>,
    color: bool,
    so_far: TranscriptState,
    umpire: Option<Umpire>,
    tap: Option<Tap>,
    /// A flood of garbage on a cable is not worth a flood of lines.
    rations: BTreeMap<HostAddress, Ration>,
    taken: u64,
    /// When something last happened.
    now: Instant,
}

struct Tap {
    /// How the capture is called.
    name: String,
    writer: CaptureWriter<Box<dyn Write>>,
}

impl Screen {
    /// A screen that shows what is seen through these lenses.
    pub(crate) fn new(paper: Box<dyn Write>, names: Names, lenses: Vec<Lens>, color: bool) -> Self {
        Screen {
            paper,
            names,
            lenses,
            color,
            so_far: TranscriptState::default(),
            umpire: None,
            tap: None,
            rations: BTreeMap::new(),
            taken: 0,
            now: Instant::START,
        }
    }

    /// The same, with an umpire, whose findings are shown whatever else is.
    pub(crate) fn judged_by(self, umpire: Umpire) -> Self {
        Screen { umpire: Some(umpire), ..self }
    }

    /// The same, with a capture of these hosts' cables in a file, when it is `now` on the clock of the run.
    pub(crate) fn recording(
        self,
        path: &Path,
        now: Instant,
        hosts: impl IntoIterator<Item = (HostAddress, TapPoint)>,
    ) -> io::Result<Self> {
        let file: Box<dyn Write> = Box::new(BufWriter::new(emptied(path)?));
        let epoch = today() - now.as_micros();
        self.recording_into(file, path.display().to_string(), epoch, hosts)
    }

    /// The same, with a capture that begins so many microseconds after the beginning of 1970.
    pub(crate) fn recording_into(
        mut self,
        out: Box<dyn Write>,
        name: String,
        epoch: u64,
        hosts: impl IntoIterator<Item = (HostAddress, TapPoint)>,
    ) -> io::Result<Self> {
        self.tap = Some(Tap { name, writer: CaptureWriter::new(out, epoch, hosts, self.names.hosts())? });
        Ok(self)
    }

    /// Shows a record, and what is wrong with it.
    pub(crate) fn show(&mut self, record: &Record) {
        let is_shown = match &record.what {
            What::Cable { host, .. } => self.rations.entry(*host).or_default().allows(record.at),
            What::Sent { .. }
            | What::Received { .. }
            | What::Packet(_)
            | What::Notice { .. }
            | What::Note { .. }
            | What::Fault(_)
            | What::Step { .. }
            | What::Measured(_) => true,
        };
        if is_shown {
            let Screen { names, lenses, color, so_far, .. } = self;
            let view = View { names, lenses, bits: false, color: *color };
            let text = view.next(record, so_far);
            self.print(&text);
        }
        self.take_note(record);
    }

    /// Takes a record that is not shown, but for what is wrong with it.
    pub(crate) fn take_note(&mut self, record: &Record) {
        self.taken += 1;
        self.now = record.at;
        if let Some(umpire) = &mut self.umpire {
            let found = umpire.take(record);
            self.tell(&found);
        }
        if let Some(tap) = &mut self.tap
            && let Err(error) = tap.writer.take(record).and_then(|()| tap.writer.flush())
        {
            // What is written so far can be read; a full disk does not end the run.
            let _ = writeln!(io::stderr(), "capture {}: {error}: not written any more", tap.name);
            self.tap = None;
        }
    }

    /// It is over: tells which rules were broken.
    pub(crate) fn sum_up(&mut self) {
        let Some(umpire) = &mut self.umpire else { return };
        let found = umpire.finish(self.now);
        self.tell(&found);
        let Some(umpire) = &self.umpire else { return };
        let text = umpire.counts().summary(self.names.hosts());
        self.print(&text);
    }

    /// Tells of broken rules, and once of a habit that may be behind one.
    fn tell(&mut self, found: &[Logged]) {
        for Logged { violation, is_first } in found {
            let habit = if *is_first { habit(violation) } else { None };
            let Screen { names, lenses, color, so_far, .. } = self;
            let view = View { names, lenses, bits: false, color: *color };
            let text = view.next_violation(violation, habit, so_far);
            self.print(&text);
        }
    }

    fn print(&mut self, text: &str) {
        if !text.is_empty() {
            // Somebody who has gone away does not keep the net from living.
            let _ = self.paper.write_all(text.as_bytes()).and_then(|()| self.paper.flush());
        }
    }
}

impl Log for Screen {
    fn take(&mut self, _number: u64, record: Record) {
        self.show(&record);
    }
}

/// A file with nothing in it, that no other run writes; passwords will be in it.
fn emptied(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => return Err(io::Error::other("another run writes this capture")),
        // Not every disk can do it.
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    file.set_len(0)?;
    Ok(file)
}

/// The time of day, in microseconds after the beginning of 1970.
fn today() -> u64 {
    #[expect(clippy::disallowed_types, reason = "captures of real cables have real dates")]
    let now = std::time::SystemTime::now();
    now.duration_since(UNIX_EPOCH).map_or(0, |since: Duration| since.as_micros() as u64)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use imp1822::h316::{DatagramError, Speaker, Trouble};
    use machine::Span;

    use super::*;

    /// Paper that can be read while it is written on.
    #[derive(Clone, Default)]
    struct Sheet(Rc<RefCell<Vec<u8>>>);

    impl Write for Sheet {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(text)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn garbage_on_a_cable_is_told_only_now_and_then() {
        let sheet = Sheet::default();
        let mut screen = Screen::new(Box::new(sheet.clone()), Names::default(), vec![Lens::Trouble], false);
        let mut garbage = |at| {
            let trouble = Trouble::Malformed(DatagramError::NoFlags);
            let what = What::Cable { host: 1.into(), speaker: Speaker::Host, trouble };
            screen.show(&Record { at, cause: None, what });
        };
        (0..1000).for_each(|_| garbage(Instant::START));
        let lines = || String::from_utf8_lossy(&sheet.0.borrow()).lines().count();
        assert!((1..10).contains(&lines()));
        let before = lines();
        garbage(Instant::START + Span::from_secs(60));
        assert_eq!(lines(), before + 1);
    }
}
