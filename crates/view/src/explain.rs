//! Each step of a run in words, for somebody who knows TCP/IP and nothing of this: what is sent, why now, what each side
//! believes afterwards, and where that is written.
//!
//! All of it is made of a [`Sheet`]: the bits, what brought a record about, and the tables of both ends. Records are looked at
//! once to begin with; to explain one is cheap then, in any order.

mod after;
mod command;
mod event;
mod facts;
pub(crate) mod line;
mod message;
mod why;

use std::collections::BTreeMap;

use imp1822::HostAddress;
use ncp::clauses::{self, Clause};
use trace::What;

use crate::sheet::{Moment, Sheet};
use facts::Facts;

/// What there is to say of one record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Explanation {
    /// What happens: one paragraph for each thing that the [moment](crate::sheet::Moment) says, in the same order; at least one,
    /// if there is anything to say.
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
    /// Whether it is how much may be sent, or has not been read or not arrived: the arithmetic of the NCPs, which each message
    /// of text changes.
    pub is_count: bool,
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
    facts: Facts,
    beliefs: BTreeMap<u64, Vec<Belief>>,
    clauses: BTreeMap<&'static str, Clause<'static>>,
    /// For each host the messages that have reached it, in order: the record of the arrival, and that of the message.
    arrivals: BTreeMap<HostAddress, Vec<(u64, u64)>>,
}

impl<'a> Explainer<'a> {
    /// An explainer of the moments of this sheet.
    pub fn new(sheet: &'a Sheet<'a>) -> Self {
        let facts = Facts::of(sheet);
        let beliefs = after::beliefs(sheet, &facts);
        let clauses =
            clauses::read(clauses::REGISTRY).0.into_iter().map(|clause| (clause.id, clause)).collect();
        let mut arrivals: BTreeMap<HostAddress, Vec<(u64, u64)>> = BTreeMap::new();
        for journey in &sheet.journeys {
            if let Some(arrived) = journey.arrived {
                arrivals.entry(journey.to).or_default().push((arrived, journey.sent));
            }
        }
        arrivals.values_mut().for_each(|arrivals| arrivals.sort_unstable());
        Explainer { sheet, facts, beliefs, clauses, arrivals }
    }

    /// Explains the record of this number; nothing, if there is none.
    pub fn explain(&self, record: u64) -> Explanation {
        let moment = usize::try_from(record).ok().and_then(|record| self.sheet.moments.get(record));
        let (Some(moment), Some(what)) = (moment, self.what(record)) else { return Explanation::default() };
        let (said, mut sources) = match what {
            What::Sent { host, signal } => {
                (self.sent(moment, *host, signal), self.sources_of_message(moment, signal, true))
            }
            What::Received { host, signal } => {
                (self.received(moment, *host, signal), self.sources_of_message(moment, signal, false))
            }
            what => (self.event(moment, what), self.sources_of_event(what)),
        };
        let mut known = Vec::new();
        sources.retain(|source| {
            let is_new = !known.contains(source);
            known.push(source.clone());
            is_new
        });
        Explanation { said, why: self.why(moment, what), after: self.after(moment), sources }
    }

    /// What is believed after a record; and after the arrival of the message that it sends.
    fn after(&self, moment: &Moment) -> Vec<Belief> {
        let of = |record: u64| self.beliefs.get(&record).into_iter().flatten().cloned();
        let arrived = self.sheet.journey_at(moment.record).filter(|journey| journey.sent == moment.record);
        let arrived = arrived.and_then(|journey| journey.arrived);
        of(moment.record).chain(arrived.into_iter().flat_map(of)).collect()
    }

    fn what(&self, record: u64) -> Option<&'a What> {
        let record = usize::try_from(record).ok()?;
        self.sheet.records().get(record).map(|record| &record.what)
    }

    fn host(&self, host: HostAddress) -> String {
        self.sheet.names().host(host)
    }

    /// An IMP by its number, with the name of its site if that says more.
    fn imp(&self, number: u8) -> String {
        let name = self.sheet.names().imp(number);
        if name == number.to_string() { format!("IMP {number}") } else { format!("IMP {number} ({name})") }
    }

    /// A source without a row in the registry.
    fn document(&self, at: &str) -> Source {
        Source { at: at.to_owned(), clause: None }
    }

    /// A row of the registry as a source.
    fn clause(&self, name: &'static str) -> Source {
        match self.clauses.get(name) {
            Some(clause) => {
                Source { at: format!("{}, {}", clause.from, clause.at), clause: Some((name, clause.says)) }
            }
            None => Source { at: name.to_owned(), clause: None },
        }
    }
}
