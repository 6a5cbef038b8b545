//! Captures what crosses cables while it happens.

use std::fs::{File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use host::Directory;
use imp1822::HostAddress;
use machine::Instant;
use trace::capture::CaptureWriter;
use trace::{Record, TapPoint};

use crate::wall_clock::since_1970;

/// A capture that is being written.
pub(crate) struct LiveCapture {
    /// What the capture is called in complaints.
    name: String,
    /// `None` once it could not be written.
    writer: Option<CaptureWriter<Box<dyn Write>>>,
}

impl LiveCapture {
    /// A capture of these hosts' cables in a file, when it is `now` on the clock of the run.
    ///
    /// # Errors
    /// If the file cannot be written, or another run writes it.
    pub(crate) fn create(
        path: &Path,
        now: Instant,
        cables: impl IntoIterator<Item = (HostAddress, TapPoint)>,
        directory: &Directory,
    ) -> io::Result<Self> {
        let file: Box<dyn Write> = Box::new(BufWriter::new(create_locked(path)?));
        let today = since_1970().map_or(0, |since| since.as_micros() as u64);
        let epoch = today - now.as_micros();
        LiveCapture::write_to(file, path.display().to_string(), epoch, cables, directory)
    }

    /// A capture that is written to `out`. The run began `epoch` microseconds after the beginning of 1970.
    pub(crate) fn write_to(
        out: Box<dyn Write>,
        name: String,
        epoch: u64,
        cables: impl IntoIterator<Item = (HostAddress, TapPoint)>,
        directory: &Directory,
    ) -> io::Result<Self> {
        let writer = CaptureWriter::new(out, epoch, cables, directory)?;
        Ok(LiveCapture { name, writer: Some(writer) })
    }

    /// Writes a record. Returns a complaint if that fails, once: nothing is written any more then.
    pub(crate) fn record(&mut self, record: &Record) -> Option<String> {
        let writer = self.writer.as_mut()?;
        let error = writer.take(record).and_then(|()| writer.flush()).err()?;
        // What is written so far can be read; a full disk does not end the run.
        self.writer = None;
        Some(format!("capture {}: {error}: not written any more", self.name))
    }
}

/// Makes a file empty and locks it, so that no other run writes it. Other users cannot read it: passwords will be in it.
fn create_locked(path: &Path) -> io::Result<File> {
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
