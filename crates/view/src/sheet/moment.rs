//! What a transcript says of each record, to which phase it belongs, and by which line of the scenario it came about.

use std::collections::BTreeMap;

use imp1822::HostAddress;
use machine::Instant;
use sim::Outcome;
use trace::{Decoded, Follower, Lens, Names, Party, Record, Speaker, Topic, View, What};

use super::phase::Phases;
use super::phase_kind::Phase;
use super::said::Said;

/// What happened in one moment, at one place: what there is to say of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The number of the record.
    pub record: u64,
    /// When.
    pub at: Instant,
    /// The record that brought it about: the message that had arrived, or that was sent. `None` if a person, a program's
    /// clock or the scenario did.
    pub cause: Option<u64>,
    /// The host that sends, receives, or does something; `None` if it is no host.
    pub host: Option<HostAddress>,
    /// What there is to say of it; nothing of a step of the scenario. A control message may say several things.
    pub said: Vec<Said>,
    /// Whether a password is in its bits, which must not be shown.
    pub is_masked: bool,
    /// What the message belongs to.
    pub topic: Topic,
    /// Whether the user or the server says it, if it is what a connection of a dialogue carries.
    pub speaker: Option<Speaker>,
    /// The phase, by its place in [`Sheet::phases`](super::Sheet::phases).
    pub phase: usize,
    /// The line of the scenario that was carried out last, counted from 1.
    pub line: Option<usize>,
}

impl Moment {
    /// The hosts that have to do with it.
    pub fn hosts(&self) -> impl Iterator<Item = HostAddress> {
        let parties = self.said.iter().flat_map(|said| [said.from, said.to]).flatten();
        let hosts = parties.filter_map(|party| match party {
            Party::Host(host) => Some(host),
            Party::Imp | Party::Program(_) => None,
        });
        self.host.into_iter().chain(hosts)
    }

    /// Whether one of these lenses shows something of it.
    pub fn is_seen(&self, lenses: &[Lens]) -> bool {
        self.said.iter().any(|said| lenses.contains(&said.lens))
    }
}

/// Makes moments of records.
pub(super) struct Moments<'a> {
    names: &'a Names,
    follower: Follower,
    phases: Phases,
    sent: &'a BTreeMap<u64, u64>,
    line: Option<usize>,
}

impl<'a> Moments<'a> {
    /// The moments of a run, its phases, and what its servers answer, as [`Phases::finish`] tells it. `sent`: for each record
    /// in which a message arrives, the one in which it was sent.
    pub(super) fn of(
        outcome: &'a Outcome,
        sent: &'a BTreeMap<u64, u64>,
    ) -> (Vec<Moment>, Vec<Phase>, BTreeMap<u64, u64>) {
        let mut moments = Moments {
            names: &outcome.names,
            follower: Follower::default(),
            phases: Phases::new(),
            sent,
            line: None,
        };
        let all =
            (0..).zip(&outcome.records).map(|(number, record)| moments.moment(number, record)).collect();
        let (phases, answers) = moments.phases.finish();
        (all, phases, answers)
    }

    fn moment(&mut self, number: u64, record: &Record) -> Moment {
        let host;
        let (mut topic, mut speaker, mut is_masked) = (Topic::Cable, None, false);
        let said = match &record.what {
            What::Sent { host: sender, signal } => {
                host = Some(*sender);
                let decoded = self.follower.sent(*sender, signal);
                topic = self.follower.topic(*sender, signal, true);
                speaker = self.follower.speaker(*sender, signal, true);
                is_masked = decoded.iter().any(|one| one.is_masked);
                decoded.into_iter().map(|one| self.said(one)).collect()
            }
            What::Received { host: receiver, signal } => {
                host = Some(*receiver);
                let decoded = self.follower.received(*receiver, signal);
                topic = self.follower.topic(*receiver, signal, false);
                speaker = self.follower.speaker(*receiver, signal, false);
                is_masked = decoded.is_masked;
                vec![self.said(decoded)]
            }
            what => {
                host = match what {
                    What::Note { host, .. } | What::Cable { host, .. } | What::Struck { host, .. } => {
                        Some(*host)
                    }
                    _ => None,
                };
                if let What::Step { line, .. } = what {
                    self.line = Some(*line);
                }
                let lines = View::new(self.names, Lens::ALL).lines_of(record, &mut self.follower);
                let said = lines.into_iter().map(|line| Said {
                    lens: line.lens,
                    who: line.who,
                    from: None,
                    to: None,
                    what: line.what,
                    meaning: line.meaning,
                });
                said.collect()
            }
        };
        // What arrives, and what an IMP answers, belongs where the message does.
        let phase = if let What::Sent { .. } = record.what {
            self.phases.sent(number, topic, speaker, &said)
        } else {
            if let Some(sent) = self.sent.get(&number) {
                self.phases.arrived(topic, *sent);
            }
            self.phases.other(number)
        };
        Moment {
            record: number,
            at: record.at,
            cause: record.cause,
            host,
            said,
            is_masked,
            topic,
            speaker,
            phase,
            line: self.line,
        }
    }

    fn said(&self, decoded: Decoded) -> Said {
        let Decoded { lens, from, to, what, meaning, is_masked: _ } = decoded;
        let who = format!("{} -> {}", party(self.names, from), party(self.names, to));
        Said { lens, who, from: Some(from), to: Some(to), what, meaning }
    }
}

/// A sender or receiver by its name.
pub(crate) fn party(names: &Names, party: Party) -> String {
    match party {
        Party::Host(host) => names.host(host),
        Party::Imp => "IMP".to_owned(),
        Party::Program(imp) => format!("IMP {imp}"),
    }
}
