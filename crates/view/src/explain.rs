//! Each step of a run in words, for somebody who knows TCP/IP and nothing of this: what is sent, why now, what each side
//! believes afterwards, and where that is written.
//!
//! All of it is made of a [`Sheet`]: the bits, what brought a record about, and the tables of both ends.

pub(crate) mod line;

use imp1822::HostAddress;
use ncp::clauses::{self, Clause};

use crate::sheet::Sheet;

/// What there is to say of one record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Explanation {
    /// What happens: one paragraph for each thing that the [moment](crate::sheet::Moment) says, in the same order; one, if it
    /// says nothing that could be explained.
    pub said: Vec<String>,
    /// Why it happens now. May be empty.
    pub why: String,
    /// What is in the tables afterwards that was not before: of the host where it happens; and of a message, of the host that
    /// it reaches, when it has.
    pub after: Vec<Belief>,
    /// Where that is written.
    pub sources: Vec<Source>,
}

/// What a host believes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belief {
    /// The host.
    pub host: HostAddress,
    /// From which record on.
    pub since: u64,
    /// What, in plain words.
    pub what: String,
}

/// Where something is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Document, section or page.
    pub at: String,
    /// The row of the registry of clauses that says it in our words, if one does: its name, and what it says.
    pub clause: Option<(&'static str, &'static str)>,
}

/// Explains the moments of a run.
pub struct Explainer<'a> {
    sheet: &'a Sheet<'a>,
    clauses: Vec<Clause<'static>>,
}

impl<'a> Explainer<'a> {
    /// An explainer of the moments of this sheet.
    pub fn new(sheet: &'a Sheet<'a>) -> Self {
        Explainer { sheet, clauses: clauses::read(clauses::REGISTRY).0 }
    }

    /// Explains the record of this number; nothing, if there is none.
    pub fn explain(&self, record: u64) -> Explanation {
        let moment = usize::try_from(record).ok().and_then(|record| self.sheet.moments.get(record));
        let Some(moment) = moment else { return Explanation::default() };
        let said = moment.said.iter().map(|said| format!("{}: {}", said.what, said.meaning)).collect();
        let _ = &self.clauses;
        Explanation { said, ..Explanation::default() }
    }
}
