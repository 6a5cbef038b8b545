//! Each step of a run in words, for somebody who knows TCP/IP and nothing of this: what is sent, why now, what each side
//! believes afterwards, and where that is written.
//!
//! All of it is made of a [`Sheet`]: the bits, what brought a record about, and the tables of both ends. Records are looked at
//! once to begin with; to explain one is cheap then, in any order.

mod after;
mod command;
mod context;
mod event;
mod explanation;
mod facts;
pub(crate) mod line;
mod message;
mod why;
mod why_command;

use std::collections::BTreeMap;

use trace::What;

use crate::sheet::{Moment, Sheet};
pub(crate) use command::counted;
use context::Context;

pub use explanation::{Belief, Explanation, Source};

/// Explains the moments of a run.
pub struct Explainer<'a> {
    context: Context<'a>,
    beliefs: BTreeMap<u64, Vec<Belief>>,
}

impl<'a> Explainer<'a> {
    /// An explainer of the moments of this sheet.
    pub fn new(sheet: &'a Sheet<'a>) -> Self {
        let context = Context::new(sheet);
        let beliefs = after::beliefs(sheet, &context.facts);
        Explainer { context, beliefs }
    }

    /// Explains the record of this number; nothing, if there is none.
    pub fn explain(&self, record: u64) -> Explanation {
        let context = &self.context;
        let moment = usize::try_from(record).ok().and_then(|record| context.sheet.moments.get(record));
        let (Some(moment), Some(what)) = (moment, context.what(record)) else {
            return Explanation::default();
        };
        let (said, mut sources) = match what {
            What::Sent { host, signal } => {
                (context.sent(moment, *host, signal), context.sources_of_message(moment, signal, true))
            }
            What::Received { host, signal } => {
                (context.received(moment, *host, signal), context.sources_of_message(moment, signal, false))
            }
            what => (context.event(moment, what), context.sources_of_event(what)),
        };
        let mut known = Vec::new();
        sources.retain(|source| {
            let is_new = !known.contains(source);
            known.push(*source);
            is_new
        });
        let has_waited = context.has_waited(moment);
        Explanation { said, why: context.why(moment, what), has_waited, after: self.after(moment), sources }
    }

    /// What a line of the scenario says, if that may be shown.
    pub(crate) fn quotable(&self, line: usize) -> Option<&'a str> {
        self.context.quotable(line)
    }

    /// What is believed after a record; and after the arrival of the message that it sends.
    fn after(&self, moment: &Moment) -> Vec<Belief> {
        let of = |record: u64| self.beliefs.get(&record).into_iter().flatten().cloned();
        let journey = self.context.sheet.journey_at(moment.record);
        let arrived =
            journey.filter(|journey| journey.sent == moment.record).and_then(|journey| journey.arrived);
        of(moment.record).chain(arrived.into_iter().flat_map(of)).collect()
    }
}
