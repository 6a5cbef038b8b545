//! A run as it is looked at step by step: the same for the ladder, the page, the stepper and the explanation.
//!
//! A [`Sheet`] is made of the records of a run and of what was noted of its hosts' tables, and of nothing else. It says of each
//! record what a transcript says of it, to which [phase](Phase) it belongs and by which line of the scenario it came about;
//! of each message [when it arrived and when its IMP answered](Journey); and what is in the [tables](Sheet::table) of a host
//! at each record.

mod answer;
mod exchange;
mod journey;
mod moment;
mod phase;
mod phase_kind;
mod said;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use ftp::Edition;
use imp1822::HostAddress;
use scenario::ast::Scenario;
use sim::{HostTable, Outcome};
use trace::{Lens, Names, Record, Topic, What};

pub(crate) use exchange::{command_name, reply_code};
pub use journey::Journey;
pub use moment::Moment;
pub(crate) use phase_kind::service_words;
pub use phase_kind::{PHASE_WORDS, Phase, PhaseKind};
pub use said::Said;

use crate::secrets::Passwords;
use answer::{Answers, Known};
use journey::Journeys;
use moment::Moments;
use phase_kind::headings;

/// A run, to be looked at step by step.
pub struct Sheet<'a> {
    /// What was played.
    pub scenario: &'a Scenario,
    /// What came of it. Its records and tables must have been kept
    /// ([`replay_with_tables`](sim::Prepared::replay_with_tables)).
    pub outcome: &'a Outcome,
    /// What happened, one for each record, by its number.
    pub moments: Vec<Moment>,
    /// The messages that hosts have put on their cables for other hosts, in order.
    pub journeys: Vec<Journey>,
    /// The phases, in the order in which they begin.
    pub phases: Vec<Phase>,
    /// The journey of which each record tells, by its place.
    of_record: BTreeMap<u64, usize>,
    /// The changes of the tables of each host, by their places.
    of_host: BTreeMap<HostAddress, Vec<usize>>,
    /// What each phase is headed.
    headings: Vec<String>,
    /// For each message of a server with replies, the message with the first command that they answer.
    replies: BTreeMap<u64, u64>,
    /// What answers each record, once somebody has asked.
    answers: OnceLock<Vec<Option<u64>>>,
    /// The records of packets, which have no numbers of their own.
    packets: Vec<u64>,
    passwords: Passwords,
}

impl<'a> Sheet<'a> {
    /// The sheet of a run.
    pub fn new(scenario: &'a Scenario, outcome: &'a Outcome) -> Self {
        let journeys = Journeys::of(&outcome.records);
        let sent = journeys.iter().filter_map(|journey| Some((journey.arrived?, journey.sent))).collect();
        let (mut moments, phases, replies) = Moments::of(outcome, &sent);
        let passwords = Passwords::of(scenario, &outcome.records);
        // What is typed as an argument is seen by whoever stands at the teletype, and not in a picture of the run.
        for said in moments.iter_mut().flat_map(|moment| &mut moment.said) {
            if said.lens == Lens::Teletype
                && let Cow::Owned(hidden) = passwords.hide(&said.what)
            {
                said.what = hidden;
            }
        }
        let mut of_record = BTreeMap::new();
        for (place, Journey { sent, arrived, answered, .. }) in journeys.iter().enumerate() {
            // Of a message that a cable brings twice, the first stands for both where it is sent.
            for record in [Some(*sent), *arrived, *answered].into_iter().flatten() {
                of_record.entry(record).or_insert(place);
            }
        }
        let mut of_host: BTreeMap<HostAddress, Vec<usize>> = BTreeMap::new();
        for (place, change) in outcome.tables.iter().enumerate() {
            of_host.entry(change.host).or_default().push(place);
        }
        let packets = (0..).zip(&outcome.records);
        let packets = packets.filter(|(_, record)| matches!(record.what, What::Packet(_)));
        let mut sheet = Sheet {
            scenario,
            outcome,
            moments,
            journeys,
            headings: headings(&phases, &outcome.names),
            phases,
            of_record,
            of_host,
            replies,
            answers: OnceLock::new(),
            packets: packets.map(|(number, _)| number).collect(),
            passwords,
        };
        sheet.join_journeys();
        sheet
    }

    /// A text of the scenario, or about it, as it may be shown: with a mask in the place of each password. What the moments
    /// say has none.
    pub fn without_passwords<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.passwords.hide(text)
    }

    /// What the scenario shows, in a line, as it may be shown.
    pub fn title(&self) -> Cow<'a, str> {
        let scenario = self.scenario;
        self.passwords.hide(&scenario.title)
    }

    /// What hosts and IMPs are called.
    pub fn names(&self) -> &'a Names {
        &self.outcome.names
    }

    /// All records.
    pub fn records(&self) -> &'a [Record] {
        &self.outcome.records
    }

    /// The hosts that say or do something, in the order in which the scenario has them; then the others, by number.
    pub fn hosts(&self) -> Vec<HostAddress> {
        let mut hosts: Vec<HostAddress> = self.scenario.hosts.iter().map(|plan| plan.address).collect();
        let mut others: Vec<HostAddress> = self
            .moments
            .iter()
            .flat_map(|moment| moment.hosts())
            .filter(|host| !hosts.contains(host))
            .collect();
        others.sort_unstable();
        others.dedup();
        hosts.extend(others);
        hosts.retain(|host| self.moments.iter().any(|moment| moment.hosts().any(|other| other == *host)));
        hosts
    }

    /// What is in the tables of a host behind the record of this number, with what came of it at once; `None` before anything
    /// was noted.
    pub fn table(&self, host: HostAddress, record: u64) -> Option<&'a HostTable> {
        let changes = self.of_host.get(&host)?;
        let behind = changes.partition_point(|place| self.outcome.tables[*place].since <= record);
        changes[..behind].last().map(|place| &self.outcome.tables[*place].table)
    }

    /// The edition of the FTP which the server of a dialogue speaks: that of the scenario, or else the edition of record.
    pub fn edition(&self, topic: Topic) -> Edition {
        let Topic::Dialogue { server, .. } = topic else { return Edition::default() };
        self.edition_of(server)
    }

    /// The edition of the FTP which the server at a host speaks.
    pub(crate) fn edition_of(&self, server: HostAddress) -> Edition {
        let plan = self.scenario.hosts.iter().find(|plan| plan.address == server);
        plan.and_then(|plan| plan.server).unwrap_or_default()
    }

    /// The journey of the message of which this record tells: that it is sent, that it arrives, or that its IMP answers it.
    pub fn journey_at(&self, record: u64) -> Option<&Journey> {
        self.of_record.get(&record).map(|place| &self.journeys[*place])
    }

    /// What goes on in a phase, by its place, as a heading. No two are the same.
    pub fn heading(&self, phase: usize) -> &str {
        &self.headings[phase]
    }

    /// The record that answers this one: a reply its command, a request for a connection the other's, or what came of it. Of
    /// several it is the first; `None` if nothing does.
    pub fn answer_to(&self, record: u64) -> Option<u64> {
        let answers = self.answers.get_or_init(|| {
            Answers::of(Known {
                records: self.records(),
                moments: &self.moments,
                journeys: &self.journeys,
                of_record: &self.of_record,
                replies: &self.replies,
            })
        });
        *answers.get(usize::try_from(record).ok()?)?
    }

    /// The record in which the user's line was sent that a server's line answers; of several lines, the first that answers
    /// one.
    pub fn command_of(&self, reply: u64) -> Option<u64> {
        self.replies.get(&reply).copied()
    }

    /// The last record in which a server's line answers this user's line.
    pub(crate) fn last_reply(&self, command: u64) -> Option<u64> {
        self.replies.iter().rev().find(|(_, answered)| **answered == command).map(|(reply, _)| *reply)
    }

    /// The number by which all views call a record, whether or not packets were recorded beside it; `None` of a packet.
    pub fn number(&self, record: u64) -> Option<u64> {
        match self.packets.binary_search(&record) {
            Ok(_) => None,
            Err(before) => Some(record - before as u64),
        }
    }

    /// An arrival, and an answer of an IMP, come of the message that was sent, and belong to its phase.
    fn join_journeys(&mut self) {
        for journey in &self.journeys {
            let phase = self.moments[journey.sent as usize].phase;
            for later in [journey.arrived, journey.answered].into_iter().flatten() {
                let moment = &mut self.moments[later as usize];
                moment.cause.get_or_insert(journey.sent);
                moment.phase = phase;
                let last = &mut self.phases[phase].last;
                *last = later.max(*last);
            }
        }
    }
}
