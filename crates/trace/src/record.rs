//! Records: what happened, when, and because of what.

use std::fmt::{self, Write};

use host::Note;
use imp::{Crossing, Mishap, Notice, Toward};
use imp1822::h316::{Speaker, Trouble};
use imp1822::{HostAddress, Signal};
use machine::Instant;
use xxhash_rust::xxh3::Xxh3;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// When.
    pub at: Instant,
    /// The record that caused it, by its number, where one did.
    pub cause: Option<u64>,
    /// What.
    pub what: What,
}

/// What a record is about. Messages are kept as their bits: whoever shows them decodes them again.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A host puts a signal on its cable.
    Sent {
        /// The host.
        host: HostAddress,
        /// The signal.
        signal: Signal,
    },
    /// The last bit of a signal has reached a host.
    Received {
        /// The host.
        host: HostAddress,
        /// The signal.
        signal: Signal,
    },
    /// Something is wrong with the datagrams that carry a cable.
    Cable {
        /// Whose cable.
        host: HostAddress,
        /// Whose datagrams.
        speaker: Speaker,
        /// What is wrong.
        trouble: Trouble,
    },
    /// A packet begins to cross a line between two IMPs.
    Packet(Crossing),
    /// An IMP has found something out.
    Notice {
        /// The IMP.
        imp: u8,
        /// What it has found out.
        notice: Notice,
    },
    /// Something happened inside a host.
    Note {
        /// The host.
        host: HostAddress,
        /// What it was.
        note: Note,
    },
    /// Something broke or healed that is no host.
    Fault {
        /// What it is: `line SITE1 to SITE2`, `imp SITE3`.
        part: String,
        /// What happened to it: `fails`, `restarts`.
        event: String,
        /// The host on whose cable it happened, if it did on one's.
        cable: Option<(HostAddress, CableFault)>,
    },
    /// A step of the scenario was taken.
    Step {
        /// The line of the scenario.
        line: usize,
        /// The statement as it was written.
        statement: String,
    },
    /// Something was measured.
    Measured {
        /// What: `round trip`, `lines`.
        what: &'static str,
        /// A title, and below it the lines of a table.
        table: String,
    },
}

/// What happens on a host's cable, for which nobody is to be blamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CableFault {
    /// The host's interface stands still.
    Hangs,
    /// It goes on.
    GoesOn,
    /// Something happens to the next message in one direction.
    Mishap(Toward, Mishap),
}

impl What {
    /// Adds everything that tells this from another to a digest.
    ///
    /// Packets are left out: whether they are watched must not change the digest, and they are the
    /// consequence of what was sent.
    fn digest(&self, digest: &mut Xxh3) {
        match self {
            What::Sent { host, signal } => {
                digest.update(&[0, host.number()]);
                digest_signal(signal, digest);
            }
            What::Received { host, signal } => {
                digest.update(&[1, host.number()]);
                digest_signal(signal, digest);
            }
            What::Packet(_) => {}
            What::Cable { host, speaker, trouble } => {
                digest.update(&[6, host.number()]);
                // Writing to a digest cannot fail.
                let _ = write!(DigestText(digest), "{speaker:?} {trouble:?}");
            }
            What::Notice { imp, notice } => {
                digest.update(&[5, *imp]);
                // Writing to a digest cannot fail.
                let _ = write!(DigestText(digest), "{notice:?}");
            }
            What::Note { host, note } => {
                digest.update(&[2, host.number()]);
                // Writing to a digest cannot fail.
                let _ = write!(DigestText(digest), "{note:?}");
            }
            What::Fault { part, event, cable: _ } => {
                digest.update(&[4]);
                digest.update(part.as_bytes());
                digest.update(event.as_bytes());
            }
            What::Step { line, .. } => {
                digest.update(&[3]);
                digest.update(&(*line as u64).to_be_bytes());
            }
            What::Measured { what, table } => {
                digest.update(&[5]);
                digest.update(what.as_bytes());
                digest.update(table.as_bytes());
            }
        }
    }
}

/// Text that is formatted straight into a digest.
struct DigestText<'a>(&'a mut Xxh3);

impl Write for DigestText<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

fn digest_signal(signal: &Signal, digest: &mut Xxh3) {
    match signal {
        Signal::Ready(up) => digest.update(&[0, u8::from(*up)]),
        Signal::Message(bits) => {
            digest.update(&[1]);
            digest.update(&(bits.len() as u64).to_be_bytes());
            digest.update(bits.bytes());
        }
    }
}

/// A number that two runs share only if everything that was recorded in them is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest(pub u64);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// How much of a run is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Every record.
    Records,
    /// Only a running digest.
    Digest,
}

/// Takes records, and keeps what it was told to keep.
pub struct Recorder {
    keep: Keep,
    records: Vec<Record>,
    taken: u64,
    digest: Xxh3,
}

impl Recorder {
    /// A recorder that has not taken anything yet.
    pub fn new(keep: Keep) -> Self {
        Recorder { keep, records: Vec::new(), taken: 0, digest: Xxh3::new() }
    }

    /// Takes a record and answers its number.
    pub fn take(&mut self, record: Record) -> u64 {
        let number = self.taken;
        self.taken += 1;
        if !matches!(record.what, What::Packet(_)) {
            self.digest.update(&record.at.as_micros().to_be_bytes());
            record.what.digest(&mut self.digest);
        }
        if self.keep == Keep::Records {
            self.records.push(record);
        }
        number
    }

    /// The records that were kept, in order; a record's number is its place.
    pub fn into_records(self) -> Vec<Record> {
        self.records
    }

    /// The digest of everything taken so far.
    pub fn digest(&self) -> Digest {
        Digest(self.digest.digest())
    }
}
