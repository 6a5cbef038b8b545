//! Shows what happens while it happens: prints it, writes it into a capture.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use host::Directory;
use imp1822::HostAddress;
use trace::capture::Wiretap;
use trace::{Lens, Record, SoFar, View};

use crate::world::Log;

/// Where transcripts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paper {
    /// Standard output.
    Output,
    /// Standard error, if somebody types to a program on standard output.
    Error,
}

/// Where records go while a world lives.
pub(crate) struct Screen {
    paper: Paper,
    directory: Arc<Directory>,
    lenses: Vec<Lens>,
    color: bool,
    so_far: SoFar,
    tap: Option<Tap>,
    taken: u64,
}

struct Tap {
    path: PathBuf,
    wiretap: Wiretap<BufWriter<File>>,
}

impl Screen {
    /// A screen that shows what is seen through these lenses.
    pub(crate) fn new(paper: Paper, directory: Arc<Directory>, lenses: Vec<Lens>, color: bool) -> Self {
        Screen { paper, directory, lenses, color, so_far: SoFar::default(), tap: None, taken: 0 }
    }

    /// The same, with a capture of these hosts' cables.
    pub(crate) fn recording(
        mut self,
        path: &Path,
        hosts: impl IntoIterator<Item = HostAddress>,
    ) -> io::Result<Self> {
        let file = BufWriter::new(File::create(path)?);
        let wiretap = Wiretap::new(file, hosts, &self.directory)?.begun_at(today());
        self.tap = Some(Tap { path: path.to_owned(), wiretap });
        Ok(self)
    }

    /// Shows a record.
    pub(crate) fn show(&mut self, record: &Record) {
        self.taken += 1;
        let view = View { directory: &self.directory, lenses: &self.lenses, bits: false, color: self.color };
        let text = view.next(record, &mut self.so_far);
        if !text.is_empty() {
            // Somebody who has gone away does not keep the net from living.
            let _ = match self.paper {
                Paper::Output => write_all(io::stdout().lock(), &text),
                Paper::Error => write_all(io::stderr().lock(), &text),
            };
        }
        if let Some(tap) = &mut self.tap
            && let Err(error) = tap.wiretap.take(record).and_then(|()| tap.wiretap.flush())
        {
            // What is written so far can be read; a full disk does not end the run.
            let _ = writeln!(io::stderr(), "capture {}: {error}: not written any more", tap.path.display());
            self.tap = None;
        }
    }
}

fn write_all(mut out: impl Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    out.flush()
}

impl Log for Screen {
    fn take(&mut self, record: Record) -> u64 {
        self.show(&record);
        self.taken - 1
    }
}

/// The time of day, in microseconds after the beginning of 1970.
fn today() -> u64 {
    #[expect(clippy::disallowed_types, reason = "captures of real cables have real dates")]
    let now = std::time::SystemTime::now();
    now.duration_since(UNIX_EPOCH).map_or(0, |since: Duration| since.as_micros() as u64)
}
