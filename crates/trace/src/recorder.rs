//! Keeps what is asked for of a run: its records, or only their digest.

use crate::digest::{Digest, Digester};
use crate::record::Record;

/// How much of a run is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Every record.
    Records,
    /// Only a running digest.
    Digest,
}

/// How many records a short run has, for which there is room from the beginning.
const USUAL: usize = 256;

/// Takes records, and keeps what it was told to keep.
pub struct Recorder {
    keep: Keep,
    records: Vec<Record>,
    digester: Digester,
}

impl Recorder {
    /// A recorder that has not taken anything yet.
    pub fn new(keep: Keep) -> Self {
        let room = if keep == Keep::Records { USUAL } else { 0 };
        Recorder { keep, records: Vec::with_capacity(room), digester: Digester::default() }
    }

    /// Takes the next record.
    #[inline]
    pub fn take(&mut self, record: Record) {
        self.digester.take(&record);
        if self.keep == Keep::Records {
            self.records.push(record);
        }
    }

    /// The records that were kept so far, in order.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// What is kept.
    pub fn keep(&self) -> Keep {
        self.keep
    }

    /// The records that were kept, in order; a record's number is its place.
    pub fn into_records(self) -> Vec<Record> {
        self.records
    }

    /// The digest of everything taken so far.
    pub fn digest(&self) -> Digest {
        self.digester.digest()
    }
}
