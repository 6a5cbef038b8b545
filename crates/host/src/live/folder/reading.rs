//! Files of a folder as they are read.

use std::cell::RefCell;
use std::io::{self, Read};
use std::sync::{Arc, Weak};

use cap_fs_ext::{FollowSymlinks, MetadataExt, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, File, Metadata, OpenOptions};

use crate::Form;
use crate::disk;

/// The longest file that is sent or kept, in bytes of the network: it is in memory while it is.
pub(super) const LONGEST: usize = 32_000_000;

/// The contents that are being read: programs that read the same share one copy.
#[derive(Default)]
pub(super) struct Readings(RefCell<Vec<Reading>>);

/// The content of a file as programs read it.
struct Reading {
    stamp: Stamp,
    form: Form,
    content: Weak<Vec<u8>>,
}

/// What tells the content of a file from any other: its device and number, its length, and when it was written and
/// changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp(u64, u64, u64, Option<cap_std::time::SystemTime>, (i64, i64));

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let written = metadata.modified().ok();
        Stamp(metadata.dev(), metadata.ino(), metadata.len(), written, changed(metadata))
    }
}

/// When anything of a file was changed: unlike the time at which it was written, that cannot be set back.
#[cfg(unix)]
fn changed(metadata: &Metadata) -> (i64, i64) {
    use cap_std::fs::MetadataExt;
    (metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> (i64, i64) {
    (0, 0)
}

impl Readings {
    /// The content of an entry, in this form: for as long as a program reads it there is one copy.
    pub(super) fn shared(&self, directory: &Dir, name: &str, form: Form) -> io::Result<Arc<Vec<u8>>> {
        let (file, metadata) = open_entry(directory, name)?;
        let stamp = Stamp::of(&metadata);
        let mut reading = self.0.borrow_mut();
        reading.retain(|reading| reading.content.strong_count() > 0);
        let shared = reading.iter().find(|reading| reading.stamp == stamp && reading.form == form);
        if let Some(content) = shared.and_then(|reading| reading.content.upgrade()) {
            return Ok(content);
        }
        let content = Arc::new(match form {
            Form::Text => content(file, &metadata)?,
            Form::Image => whole(raw(file, &metadata)?)?,
        });
        reading.push(Reading { stamp, form, content: Arc::downgrade(&content) });
        Ok(content)
    }
}

/// The content of an entry as the disk has it, to be changed, and how many bytes it has on the network.
pub(super) fn own(directory: &Dir, name: &str) -> io::Result<(Vec<u8>, usize)> {
    let (file, metadata) = open_entry(directory, name)?;
    let content = raw(file, &metadata)?;
    let bytes = disk::to_network(content.clone()).len();
    Ok((content, bytes))
}

/// Opens an ordinary file. What became something else since it was looked at is not waited for.
pub(super) fn open_entry(directory: &Dir, name: &str) -> io::Result<(File, Metadata)> {
    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No).nonblock(true);
    let file = directory.open_with(name, &options)?;
    let metadata = file.metadata()?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err(io::ErrorKind::NotFound.into()) }
}

fn content(file: File, metadata: &Metadata) -> io::Result<Vec<u8>> {
    whole(disk::to_network(raw(file, metadata)?))
}

/// A content that is not longer than any may be.
fn whole(content: Vec<u8>) -> io::Result<Vec<u8>> {
    if content.len() > LONGEST { Err(too_long()) } else { Ok(content) }
}

/// The content as the disk has it.
fn raw(file: File, metadata: &Metadata) -> io::Result<Vec<u8>> {
    if metadata.len() > LONGEST as u64 {
        return Err(too_long());
    }
    let mut content = Vec::new();
    // It may grow meanwhile.
    file.take(LONGEST as u64 + 1).read_to_end(&mut content)?;
    Ok(content)
}

fn too_long() -> io::Error {
    let why = format!("longer than {LONGEST} bytes on the network, the most there can be");
    io::Error::new(io::ErrorKind::FileTooLarge, why)
}
