//! Why something happens now, and not before: because of what had arrived, of what a person typed, of a link that has become
//! free, of a clock, or of the scenario.

use ftp::{Exchange, ReplyCode};
use host::Note;
use imp1822::{FromImp, HostAddress, LeaderError, Link, Signal, ToImp};
use ncp::{Command, Socket, State};
use scenario::ast::{Action, HostAction, NcpAction};
use trace::{Lens, Topic, What};

use super::context::Context;
use super::line::{self, Speaker};
use crate::sheet::{Moment, PhaseKind};

impl Context<'_> {
    /// Why this record is, and now.
    pub(super) fn why(&self, moment: &Moment, what: &What) -> String {
        match what {
            What::Sent { host, signal: Signal::Message(bits) } => match ToImp::parse(bits) {
                Ok(ToImp::Regular { to, link, .. }) => self.why_sent(moment, *host, to, link),
                Ok(ToImp::Nop) => format!("{}'s IMP has raised its ready line.", self.host(*host)),
                _ => self.trigger(moment, *host),
            },
            What::Sent { host, .. } => self.trigger(moment, *host),
            What::Received { host, signal: Signal::Message(bits) } => self.why_received(moment, *host, bits),
            What::Note { host, note } => match note {
                Note::Typed { .. } => self.of_the_scenario(moment),
                Note::Booted | Note::Crashed if moment.line.is_some() => self.of_the_scenario(moment),
                Note::Booted => "The run begins.".to_owned(),
                _ => self.trigger(moment, *host),
            },
            What::Fault(_) | What::Measured(_) => self.of_the_scenario(moment),
            _ => String::new(),
        }
    }

    /// Why a host sends this message for another one now.
    fn why_sent(&self, moment: &Moment, host: HostAddress, to: HostAddress, link: Link) -> String {
        let mut reasons = Vec::new();
        if let Some(fact) = self.facts.commands(moment.record).first() {
            reasons.extend(self.why_command(moment, host, fact));
        } else if let Some(speaker) = line::speaker(moment) {
            reasons.extend(self.why_line(moment, speaker));
        } else if let (Some(text), Topic::Contact { .. }) = (self.facts.text(moment.record), moment.topic) {
            let room = self.sheet.names().host(to);
            let socket = text.ends.map_or_else(String::new, |(send, _)| format!(" over socket {send}"));
            reasons.push(format!(
                "A server says its number as soon as the contact{socket} is open and {room} has allocated 1 message of 32 bits for it."
            ));
        }
        // What had arrived is not told twice.
        let heard = moment.cause.and_then(|cause| self.sheet.journey_at(cause)).map(|journey| journey.sent);
        let is_told = heard.is_some_and(|sent| {
            let record = format!("({})", self.record(sent));
            reasons.iter().any(|reason: &String| reason.contains(&record))
        });
        match self.freed(moment, host, to, link) {
            Some(freed) => reasons.push(freed),
            None if is_told => {}
            None => reasons.push(self.trigger(moment, host)),
        }
        reasons.retain(|reason| !reason.is_empty());
        reasons.join(" ")
    }

    /// If an answer of the IMP has brought it about: which message had held up the link.
    fn freed(&self, moment: &Moment, host: HostAddress, to: HostAddress, link: Link) -> Option<String> {
        let cause = moment.cause?;
        let What::Received { signal: Signal::Message(bits), .. } = self.what(cause)? else { return None };
        let Ok(FromImp::Rfnm { to: of, link: freed }) = FromImp::parse(bits) else { return None };
        let journey = self.sheet.journey_at(cause)?;
        let name = self.host(host);
        let before = self.quoted(journey.sent);
        if (of, freed) != (to, link) {
            let listens = if self.sends_behind_listener(moment, journey.sent) {
                " So the other server has its command and listens, before this one asks it for the connection."
            } else {
                ""
            };
            return Some(format!("The RFNM for {before} ({}) has just come.{listens}", self.record(cause)));
        }
        let since = self.wanted_since(moment, host).filter(|since| *since < cause);
        let since = since.map_or_else(String::new, |since| {
            let at = self.sheet.moments.get(since as usize).map(|moment| moment.at).unwrap_or(moment.at);
            format!(", which it wanted to do since {at} ({})", self.record(since))
        });
        Some(format!(
            "The NCP of {name} has one message on a link at a time, and sends the next when the RFNM for it has come: that for \
             {before} has come just now ({}), and so it sends this{since}.",
            self.record(cause)
        ))
    }

    /// Whether a command to transfer goes out behind one to the other server of the same transfer.
    fn sends_behind_listener(&self, moment: &Moment, before: u64) -> bool {
        let before = &self.sheet.moments[before as usize];
        let is_command = |moment: &Moment| {
            let name = moment.said.first().and_then(|said| line::command_name(&said.what));
            line::speaker(moment) == Some(Speaker::User)
                && name.is_some_and(|name| name.exchange() == Exchange::Transfer)
        };
        let kind = self.sheet.phases[moment.phase].kind;
        matches!(kind, PhaseKind::Transfer { is_third_party: true, .. })
            && before.phase == moment.phase
            && is_command(before)
            && is_command(moment)
    }

    /// Since which record a host has wanted to say what it says here, as far as its tables tell it.
    fn wanted_since(&self, moment: &Moment, host: HostAddress) -> Option<u64> {
        let (socket, state): (Socket, State) = match self.facts.commands(moment.record).first()?.command {
            Command::Rts { receive, .. } => (receive, State::Requested),
            Command::Str { send, .. } => (send, State::Requested),
            Command::Cls { mine, .. } => (mine, State::Closing),
            _ => return None,
        };
        let changes = self.sheet.outcome.tables.iter();
        let changes = changes.filter(|change| change.host == host && change.since <= moment.record);
        let mut since = None;
        for change in changes {
            let is_so = change.table.connections.iter().any(|one| one.local == socket && one.state == state);
            match (is_so, since) {
                (true, None) => since = Some(change.since),
                (false, Some(_)) => since = None,
                _ => {}
            }
        }
        since
    }

    /// Why a line of an FTP dialogue is said: what it answers.
    fn why_line(&self, moment: &Moment, speaker: Speaker) -> Option<String> {
        if speaker == Speaker::User {
            // What was waited for may be of another dialogue: who directs two servers asks one when the other has answered.
            let cause = moment.cause?;
            let arrived = self.sheet.journey_at(cause).filter(|journey| journey.arrived == Some(cause))?;
            let reply = &self.sheet.moments[arrived.sent as usize];
            let is_reply = line::speaker(reply) == Some(Speaker::Server)
                && reply.said.iter().any(|said| said.lens == Lens::Ftp);
            let cited = self.cited(arrived.sent);
            return is_reply.then(|| format!("The user waited for {cited}, and goes on."));
        }
        if let Some(command) = self.sheet.command_of(moment.record) {
            return Some(format!("It answers {}.", self.cited(command)));
        }
        let code = moment.said.first().and_then(|said| line::reply_code(&said.what));
        (code == Some(ReplyCode::GREETING))
            .then(|| "A server greets its user as soon as the connection is open and it may send.".to_owned())
    }

    /// What has set a host going: what had arrived, a person, the scenario, or a clock.
    fn trigger(&self, moment: &Moment, host: HostAddress) -> String {
        let name = self.host(host);
        if let Some(cause) = moment.cause {
            let Some(What::Received { signal, .. }) = self.what(cause) else { return String::new() };
            let arrived = self.sheet.journey_at(cause).filter(|journey| journey.arrived == Some(cause));
            return match (arrived, signal) {
                (Some(journey), _) => {
                    format!("{} has just reached {name}.", self.cited(journey.sent))
                }
                (None, Signal::Ready(true)) => {
                    format!("{name}'s IMP has raised its ready line ({}).", self.record(cause))
                }
                (None, Signal::Ready(false)) => {
                    format!("{name}'s IMP has dropped its ready line ({}).", self.record(cause))
                }
                (None, Signal::Message(_)) => {
                    format!("{} has just come.", self.cited(cause))
                }
            };
        }
        // What began in the same moment at this host, or by the scenario.
        let before = self.sheet.moments[..moment.record as usize].iter().rev();
        for earlier in before.take_while(|earlier| earlier.at == moment.at).take(LOOKED_BACK) {
            match self.what(earlier.record) {
                Some(What::Note { host: other, note: Note::Typed { .. } }) if *other == host => {
                    return format!(
                        "A person at {name} has typed a line ({}), and the program begins.",
                        self.record(earlier.record)
                    );
                }
                Some(What::Note { host: other, note: Note::Booted }) if *other == host => {
                    return format!("{name} has come up.");
                }
                Some(What::Step { line, .. }) if self.is_about(*line, host) => {
                    return self.statement(*line);
                }
                _ => {}
            }
        }
        // A step may wait until it can be taken: until a connection is open, say.
        if let Some(line) = moment.line.filter(|line| self.is_about(*line, host)) {
            return self.statement(line);
        }
        format!("Nothing has arrived: a program or the NCP of {name} has waited for its clock.")
    }

    /// Whether the ready line of a host's IMP has risen before this moment, and no message of that IMP came between but those
    /// that go before all others.
    fn has_risen(&self, moment: &Moment, host: HostAddress) -> bool {
        let before = self.sheet.moments[..moment.record as usize].iter().rev().take(LOOKED_BACK);
        for earlier in before.filter(|earlier| earlier.host == Some(host)) {
            match self.what(earlier.record) {
                Some(What::Received { signal: Signal::Ready(is_up), .. }) => return *is_up,
                Some(What::Received { signal: Signal::Message(bits), .. }) => match FromImp::parse(bits) {
                    Ok(FromImp::Nop | FromImp::InterfaceReset) => {}
                    _ => return false,
                },
                _ => {}
            }
        }
        false
    }

    fn of_the_scenario(&self, moment: &Moment) -> String {
        moment.line.map(|line| self.statement(line)).unwrap_or_default()
    }

    /// Whether the step of this line is something that this host does.
    fn is_about(&self, line: usize, host: HostAddress) -> bool {
        let step = self.sheet.scenario.steps.iter().find(|step| step.line == line);
        // One that only waits brings nothing about.
        step.is_some_and(|step| match &step.action {
            Action::Host(_, HostAction::Sees(_) | HostAction::Ncp(NcpAction::Hears { .. })) => false,
            Action::Host(other, _) => *other == host,
            _ => false,
        })
    }

    /// Why something reaches a host.
    fn why_received(&self, moment: &Moment, host: HostAddress, bits: &machine::Bits) -> String {
        let parsed = FromImp::parse(bits);
        if let Ok(FromImp::ErrorInLeader { why: LeaderError::Garbled, .. }) = parsed
            && self.has_risen(moment, host)
        {
            return format!(
                "It is the first message of {} since the ready line fell: whatever it is, the IMP takes it for damaged.",
                self.host(host)
            );
        }
        let Some(journey) = self.sheet.journey_at(moment.record) else { return String::new() };
        match parsed {
            Ok(FromImp::Regular { .. }) => String::new(),
            Ok(FromImp::Rfnm { .. }) => {
                let arrived = journey
                    .arrived
                    .map_or_else(String::new, |arrived| format!(" ({})", self.record(arrived)));
                format!(
                    "The last IMP sends the RFNM back when it hands the message to {}{arrived}.",
                    self.host(journey.to)
                )
            }
            _ => {
                format!("It is the answer to {}.", self.cited(journey.sent))
                    + if host == journey.from { "" } else { " It is not its own." }
            }
        }
    }
}

/// So many records are looked at for what has set something going.
const LOOKED_BACK: usize = 64;
