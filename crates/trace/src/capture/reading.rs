//! A capture that is in memory, told as a whole.

use host::Directory;

use super::cable::Cable;
use super::counts::PacketCounts;
use super::file_error::FileError;
use super::hint::Hint;
use super::survey::Survey;
use super::told::Told;
use crate::monitor::Violation;
use crate::record::Record;

/// The cables in a capture that is in memory. One that may be long is told record by record: [`Survey`].
#[derive(Debug)]
pub struct Cables<'a> {
    file: &'a [u8],
    survey: Survey,
}

impl<'a> Cables<'a> {
    /// Looks for cables in a capture file. If it is broken, what precedes the error is read, and [`Cables::error`]
    /// returns it.
    ///
    /// # Errors
    /// If it is no capture.
    pub fn find(file: &'a [u8]) -> Result<Self, FileError> {
        Ok(Cables { file, survey: Survey::of(file)? })
    }

    /// Where the capture is broken, if it is.
    pub fn error(&self) -> Option<&FileError> {
        self.survey.error()
    }

    /// How many packets the capture holds, and why some are left out.
    pub fn counts(&self) -> &PacketCounts {
        self.survey.counts()
    }

    /// Makes records of what crossed the cables. `directory`: names that are known beforehand. If a host's own cable is
    /// not in the capture, what it sent is put on record just before it arrives.
    ///
    /// # Panics
    /// Never: that it is a capture was found before.
    pub fn read(&self, hints: &[Hint], directory: Directory) -> Reading {
        const FOUND: &str = "its beginning was read before";
        let survey = Survey::of(self.file).expect(FOUND);
        let introduced = survey.introduce(self.file, hints, directory).expect(FOUND);
        let begins = introduced.begins().unwrap_or(0);
        let mut telling = introduced.tell(self.file).expect(FOUND);
        let (mut records, mut found) = (Vec::new(), Vec::new());
        for told in &mut telling {
            if let Told::Happened { record, violations, .. } = told {
                records.push(record);
                found.extend(violations);
            }
        }
        found.extend_from_slice(telling.undone());
        Reading { directory: telling.directory().clone(), cables: telling.cables(), records, begins, found }
    }
}

/// What was read of the cables of a capture.
#[derive(Debug)]
pub struct Reading {
    /// The names of the hosts.
    pub directory: Directory,
    /// The cables, in the order in which they appear.
    pub cables: Vec<Cable>,
    /// What crossed them. Times count from the first datagram, or from when the clock of a run showed zero.
    pub records: Vec<Record>,
    /// When those times begin, in microseconds after the beginning of 1970.
    pub begins: u64,
    found: Vec<Violation>,
}

impl Reading {
    /// The violations in what crossed the cables, as [`Told::Happened`] has them.
    pub fn violations(&self) -> Vec<Violation> {
        self.found.clone()
    }
}
