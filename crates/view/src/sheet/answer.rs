//! What answers each record: one rule for all views.
//!
//! A command of an FTP dialogue is answered by the reply to it, a line of another dialogue by the next one of the other side;
//! a request for a connection by the other half of it or by its refusal, a CLS by the other's; an ECO, RST and GVB each by
//! the command that they ask for; what is typed by the next that the program prints. Of anything else the answer is what its
//! arrival brings about, or else what the sender's IMP says of it.

use std::collections::BTreeMap;

use host::Note;
use imp1822::{HostAddress, Link, Signal, ToImp};
use ncp::icp::FTP_CONTACT;
use ncp::{Command, Commands, Gender, Header, Socket};
use trace::{Record, Speaker, Topic, What};

use super::journey::Journey;
use super::moment::Moment;

/// What is asked and waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    /// That a connection be opened, or closed, by the host that sends on it, the one that receives, and the sockets, the
    /// sender's first.
    Open(HostAddress, HostAddress, (Socket, Socket)),
    Close(HostAddress, HostAddress, (Socket, Socket)),
    /// An echo, from whom of whom.
    Echo(HostAddress, HostAddress, u8),
    /// That all connections with the one who asks be forgotten.
    Reset(HostAddress, HostAddress),
    /// That allocation be given back.
    GiveBack(HostAddress, HostAddress, Link),
    /// A line of a dialogue that is none of FTP, from its user or its server.
    Line(u64, Speaker),
    /// A line typed at a host.
    Typed(HostAddress),
}

/// What a sheet knows of a run that tells what answers what.
#[derive(Clone, Copy)]
pub(super) struct Known<'s> {
    pub(super) records: &'s [Record],
    pub(super) moments: &'s [Moment],
    pub(super) journeys: &'s [Journey],
    /// The journey of which each record tells, by its place.
    pub(super) of_record: &'s BTreeMap<u64, usize>,
    /// For each message of a server with replies, the message with the first command that they answer.
    pub(super) replies: &'s BTreeMap<u64, u64>,
}

/// Finds answers.
pub(super) struct Answers<'s> {
    known: Known<'s>,
    found: Vec<Option<u64>>,
    /// What waits, by the records that ask, and who has asked.
    waiting: BTreeMap<Question, Vec<(u64, HostAddress)>>,
}

impl Known<'_> {
    fn journey_at(&self, record: u64) -> Option<&Journey> {
        self.of_record.get(&record).map(|place| &self.journeys[*place])
    }
}

impl<'s> Answers<'s> {
    /// For each record, the one that answers it.
    pub(super) fn of(known: Known<'s>) -> Vec<Option<u64>> {
        let found = vec![None; known.moments.len()];
        let mut answers = Answers { known, found, waiting: BTreeMap::new() };
        for (reply, command) in known.replies {
            answers.answer(*command, *reply);
        }
        for (number, record) in (0..).zip(known.records) {
            match &record.what {
                What::Sent { host, signal } => answers.sent(number, *host, signal),
                What::Note { host, note: Note::Typed { .. } } => {
                    answers.ask(Question::Typed(*host), number, *host);
                }
                What::Note { host, note: Note::Printed(_) | Note::Asked(_) } => {
                    for (typed, _) in answers.waiting.remove(&Question::Typed(*host)).unwrap_or_default() {
                        answers.answer(typed, number);
                    }
                }
                _ => {}
            }
        }
        answers.rest();
        answers.found
    }

    fn answer(&mut self, asked: u64, answer: u64) {
        self.found[asked as usize].get_or_insert(answer);
    }

    fn ask(&mut self, question: Question, record: u64, by: HostAddress) {
        self.waiting.entry(question).or_default().push((record, by));
    }

    fn sent(&mut self, number: u64, host: HostAddress, signal: &Signal) {
        let Signal::Message(bits) = signal else { return };
        let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(bits) else { return };
        if link == Link::CONTROL {
            let Ok((_, text)) = Header::split(bits) else { return };
            return Commands::new(text).flatten().for_each(|command| self.command(number, host, to, command));
        }
        let moment = &self.known.moments[number as usize];
        if let (Topic::Dialogue { service, session, .. }, Some(speaker)) = (moment.topic, moment.speaker)
            && service != FTP_CONTACT
        {
            let other = match speaker {
                Speaker::User => Speaker::Server,
                Speaker::Server => Speaker::User,
            };
            self.answer_all(Question::Line(session, other), number);
            self.ask(Question::Line(session, speaker), number, host);
        }
    }

    fn command(&mut self, number: u64, from: HostAddress, to: HostAddress, command: Command) {
        match command {
            Command::Rts { receive, send, .. } => {
                self.half(number, from, Question::Open(to, from, (send, receive)));
            }
            Command::Str { send, receive, .. } => {
                self.half(number, from, Question::Open(from, to, (send, receive)));
            }
            Command::Cls { mine, yours } => {
                let (sender, receiver, ends) = match mine.gender() {
                    Gender::Send => (from, to, (mine, yours)),
                    Gender::Receive => (to, from, (yours, mine)),
                };
                // It may be a refusal; of whoever asks and closes before he is answered, it is none.
                let open = Question::Open(sender, receiver, ends);
                self.answer_other(open, number, from);
                self.waiting.remove(&open);
                self.half(number, from, Question::Close(sender, receiver, ends));
            }
            Command::Eco { data } => self.ask(Question::Echo(from, to, data), number, from),
            Command::Erp { data } => self.answer_first(Question::Echo(to, from, data), number),
            Command::Rst => self.ask(Question::Reset(from, to), number, from),
            Command::Rrp => self.answer_first(Question::Reset(to, from), number),
            Command::Gvb { link, .. } => self.ask(Question::GiveBack(from, to, link), number, from),
            Command::Ret { link, .. } => self.answer_first(Question::GiveBack(to, from, link), number),
            Command::Nop
            | Command::All { .. }
            | Command::Inr { .. }
            | Command::Ins { .. }
            | Command::Err { .. } => {}
        }
    }

    /// One half of what both sides must say: it answers the other's if that had arrived, and asks for it otherwise.
    fn half(&mut self, number: u64, from: HostAddress, question: Question) {
        let is_whole = self
            .waiting
            .get(&question)
            .is_some_and(|asked| asked.iter().any(|(_, by)| *by != from || is_to_itself(question)));
        self.answer_other(question, number, from);
        if is_whole {
            self.waiting.remove(&question);
        } else {
            self.ask(question, number, from);
        }
    }

    /// Answers what the other side has asked, as far as it had arrived.
    fn answer_other(&mut self, question: Question, number: u64, from: HostAddress) {
        let asked = self.waiting.get(&question).cloned().unwrap_or_default();
        for (asked, by) in asked {
            if (by != from || is_to_itself(question)) && self.has_arrived(asked, number) {
                self.answer(asked, number);
            }
        }
    }

    /// Answers all that had arrived.
    fn answer_all(&mut self, question: Question, number: u64) {
        let Some(asked) = self.waiting.remove(&question) else { return };
        for (asked, by) in asked {
            if self.has_arrived(asked, number) {
                self.answer(asked, number);
            } else {
                self.ask(question, asked, by);
            }
        }
    }

    /// Answers the first that had arrived.
    fn answer_first(&mut self, question: Question, number: u64) {
        let asked = self.waiting.get(&question).map_or(&[][..], Vec::as_slice);
        let place = asked.iter().position(|(asked, _)| self.has_arrived(*asked, number));
        if let Some(place) = place
            && let Some(asked) = self.waiting.get_mut(&question)
        {
            let (asked, _) = asked.remove(place);
            self.answer(asked, number);
        }
    }

    fn has_arrived(&self, sent: u64, number: u64) -> bool {
        let arrived = self.known.journey_at(sent).and_then(|journey| journey.arrived);
        arrived.is_some_and(|arrived| arrived < number)
    }

    /// What has no answer of its own is answered by what came of it; and an arrival as the message that arrives.
    fn rest(&mut self) {
        let mut effects: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for moment in self.known.moments {
            if let (Some(cause), false) = (moment.cause, moment.said.is_empty()) {
                effects.entry(cause).or_default().push(moment.record);
            }
        }
        let of = |cause: u64| effects.get(&cause).map_or(&[][..], Vec::as_slice);
        for number in 0..self.found.len() as u64 {
            let Some(&Journey { sent, arrived, answered, from, .. }) = self.known.journey_at(number) else {
                let first = of(number).iter().copied().find(|effect| !self.is_receipt(*effect));
                self.found[number as usize] = self.found[number as usize].or(first);
                continue;
            };
            if number != sent {
                continue;
            }
            let topic = self.known.moments[number as usize].topic;
            let own = self.found[number as usize];
            let answer = own.or_else(|| {
                let of_arrival = of(arrived?).iter().copied().filter(|effect| !self.is_receipt(*effect));
                let back = |effect: &u64| {
                    let said = &self.known.moments[*effect as usize].said;
                    said.iter().any(|said| said.to == Some(trace::Party::Host(from)))
                };
                let mut back = of_arrival.clone().filter(back);
                let is_of_it = |effect: &u64| self.known.moments[*effect as usize].topic == topic;
                let first = back.clone().find(is_of_it).or_else(|| back.next());
                first.or_else(|| of_arrival.clone().next())
            });
            let answer = answer.or(answered.filter(|answered| *answered > number));
            self.found[number as usize] = answer;
            if let Some(arrived) = arrived {
                self.found[arrived as usize] = answer.filter(|answer| *answer > arrived);
            }
        }
    }

    /// Whether a record is that an IMP has answered a message: that is no answer of whom it was sent to.
    fn is_receipt(&self, record: u64) -> bool {
        self.known.journey_at(record).is_some_and(|journey| journey.answered == Some(record))
    }
}

/// Whether a host talks to itself.
fn is_to_itself(question: Question) -> bool {
    match question {
        Question::Open(from, to, _)
        | Question::Close(from, to, _)
        | Question::Echo(from, to, _)
        | Question::Reset(from, to)
        | Question::GiveBack(from, to, _) => from == to,
        Question::Line(..) | Question::Typed(_) => false,
    }
}
