//! What of the protocol calls for a control command: for a request, a close, an allocation, an answer.

use ftp::{CommandName, ReplyCode};
use imp1822::HostAddress;
use machine::Instant;
use ncp::{Allocation, Command, Socket};
use scenario::ast::{Action, HostAction, NcpAction};
use trace::{Half, Lens, Topic, What};

use super::context::{Context, Transfer};
use super::facts::Fact;
use super::line::{self, Speaker};
use crate::sheet::{Moment, PhaseKind};

/// What a server says last, before it closes the dialogue.
const GOODBYES: [ReplyCode; 6] = [
    ReplyCode::LOGGED_OUT,
    ReplyCode::NO_USERS,
    ReplyCode::TOO_MANY_TRIES,
    ReplyCode::FORCED_BY_OPERATOR,
    ReplyCode::FORCED_BY_SYSTEM,
    ReplyCode::SHUTTING_DOWN,
];

impl Context<'_> {
    /// What of the protocol calls for the first command of a message; nothing if the scenario has put it there.
    pub(super) fn why_command(&self, moment: &Moment, host: HostAddress, fact: &Fact) -> Option<String> {
        if self.is_injected(moment) {
            return None;
        }
        let name = self.host(host);
        Some(match (fact.command, fact.half) {
            (Command::Rts { .. } | Command::Str { .. }, Some(Half::Opens)) => {
                self.why_agreed(moment, host, mine(fact.command)?, fact.their_request?)
            }
            (Command::Rts { .. } | Command::Str { .. }, _) => match moment.topic {
                Topic::Contact { user, .. } if user == host => {
                    "A user begins at the server's well-known socket, and asks it for the number of a socket of its own."
                        .to_owned()
                }
                Topic::Dialogue { user, .. } if user == host => {
                    "The server's number has told the user which sockets to ask for.".to_owned()
                }
                Topic::Dialogue { .. } => "A server asks for both connections as soon as it has said its number.".to_owned(),
                _ => return None,
            },
            (Command::Cls { .. }, Some(Half::Ends)) => {
                let theirs = fact.their_close?;
                if self.has_arrived(theirs, moment) {
                    format!("{} wants an answer: each side must send a CLS.", self.cited(theirs))
                } else {
                    format!(
                        "{name} has not heard yet that the other side closes, too: {} is still on its way. Each takes the other's CLS for the answer.",
                        self.cited(theirs)
                    )
                }
            }
            (Command::Cls { mine, .. }, Some(Half::Refuses)) => {
                let theirs = fact.their_request?;
                let kept = self.kept_since(moment, host, mine, theirs).map_or_else(String::new, |since| {
                    format!(" It was kept since {since}, in case that one comes that does.")
                });
                format!("No program of {name} wants what {} asks for.{kept}", self.cited(theirs))
            }
            (Command::Cls { .. }, half) => return self.why_closes(moment, host, half),
            (Command::All { .. }, _) if fact.is_first => {
                format!("The connection is open for {name}, which receives on it: it lets the sender begin.")
            }
            (Command::All { messages, bits, .. }, _) => {
                renewed(&name, Allocation { messages, bits }, fact.first)
            }
            (Command::Ret { .. }, _) => "The GVB wants it back.".to_owned(),
            (Command::Erp { .. }, _) => "Each ECO is answered.".to_owned(),
            (Command::Rrp, _) => "Each RST is answered.".to_owned(),
            (Command::Rst, _) => format!(
                "{name} does not know what the other side believes of connections between them: after a start, or a silence, they are \
                 put in step before anything else."
            ),
            _ => return None,
        })
    }

    /// Whether the scenario has put a message on the cable of which the NCP knows nothing.
    fn is_injected(&self, moment: &Moment) -> bool {
        let step = |line: usize| self.sheet.scenario.steps.iter().find(|step| step.line == line);
        let action = moment.line.filter(|_| moment.cause.is_none()).and_then(step).map(|step| &step.action);
        matches!(
            action,
            Some(Action::Host(_, HostAction::Ncp(NcpAction::Injects { .. } | NcpAction::InjectsRaw { .. })))
        )
    }

    /// Why a host agrees now to what the other side asked for in this record.
    fn why_agreed(&self, moment: &Moment, host: HostAddress, mine: Socket, theirs: u64) -> String {
        if !self.has_arrived(theirs, moment) {
            return format!(
                "{} does not know yet that the other side has asked for the same ({}, {}, is on its way): \
                 the two requests cross, and that is as good.",
                self.host(host),
                self.quoted(theirs),
                self.record(theirs)
            );
        }
        let waited = self.kept_since(moment, host, mine, theirs).map_or_else(String::new, |since| {
            match self.taken_by(host, mine, theirs) {
                Some(other) => format!(
                    " It has waited for its turn since {since}: socket {mine} has one connection at a time, and that of {} came \
                     first.",
                    self.host(other)
                ),
                None => format!(" It has waited since {since} for a program that wants it."),
            }
        });
        format!("{} asked for it.{waited}", self.cited(theirs))
    }

    /// Whether what this moment agrees to has waited for its turn.
    pub(super) fn has_waited(&self, moment: &Moment) -> bool {
        let opens = self.facts.commands(moment.record).first().filter(|fact| fact.half == Some(Half::Opens));
        let asked = opens.and_then(|fact| Some((moment.host?, mine(fact.command)?, fact.their_request?)));
        asked.is_some_and(|(host, mine, theirs)| self.kept_since(moment, host, mine, theirs).is_some())
    }

    /// Since when a request of the other side had waited at a socket of this host, if it had.
    fn kept_since(&self, moment: &Moment, host: HostAddress, mine: Socket, theirs: u64) -> Option<Instant> {
        let journey = self.sheet.journey_at(theirs)?;
        let arrived = journey.arrived.filter(|arrived| *arrived < moment.record)?;
        let requests = &self.sheet.table(host, arrived)?.requests;
        let waits =
            requests.iter().any(|request| request.local == mine && request.foreign.host == journey.from);
        let at = self.sheet.moments.get(usize::try_from(arrived).ok()?)?.at;
        (waits && at < moment.at).then_some(at)
    }

    /// Whose connection had a socket of this host when the other side's request for it arrived.
    fn taken_by(&self, host: HostAddress, mine: Socket, theirs: u64) -> Option<HostAddress> {
        let arrived = self.sheet.journey_at(theirs)?.arrived?;
        let mut connections = self.sheet.table(host, arrived)?.connections.iter();
        let taken = connections.find_map(|one| one.foreign.filter(|_| one.local == mine))?;
        Some(taken.host)
    }

    /// Why a host closes a connection, if no CLS of the other side has it do so.
    fn why_closes(&self, moment: &Moment, host: HostAddress, half: Option<Half>) -> Option<String> {
        Some(match moment.topic {
            Topic::Contact { server, .. } if server == host => {
                "The number is said, and that is all that a contact is for. A sender waits for the RFNM of its last message \
                 before it closes."
                    .to_owned()
            }
            Topic::Contact { .. } => "The number has come, and that is all that a contact is for.".to_owned(),
            Topic::Dialogue { user, .. } => {
                let last = self.last_line(moment, host)?;
                let cited = self.cited(last.record);
                let said = last.said.iter().rev().find(|said| said.lens == Lens::Ftp)?;
                let is_goodbye = match line::speaker(last)? {
                    Speaker::User => line::command_name(&said.what) == Some(CommandName::Bye),
                    Speaker::Server => {
                        line::reply_code(&said.what).is_some_and(|code| GOODBYES.contains(&code))
                    }
                };
                match (is_goodbye, user == host) {
                    (false, _) => return None,
                    (true, true) => format!("{cited} ends the dialogue: the user closes both connections, too."),
                    (true, false) => format!(
                        "{cited} ends the dialogue: the server closes both its connections, that on which it sends only when all that \
                         it has said has arrived."
                    ),
                }
            }
            Topic::Data { from, .. } if from == host && self.carries_file(moment) => {
                "In stream mode a file has no other end than this: its sender closes when the RFNM for the last byte has come."
                    .to_owned()
            }
            Topic::Data { from, .. } if from == host && half == Some(Half::Closes) => {
                "A sender closes only when the RFNM for its last message has come.".to_owned()
            }
            _ => return None,
        })
    }

    /// The last message with lines of the dialogue of this moment that a host has said or heard.
    fn last_line(&self, moment: &Moment, host: HostAddress) -> Option<&Moment> {
        let before = self.sheet.moments[..moment.record as usize].iter().rev();
        let mut of_it = before.filter(|earlier| {
            earlier.topic == moment.topic && earlier.said.iter().any(|said| said.lens == Lens::Ftp)
        });
        of_it.find(|earlier| {
            matches!(self.what(earlier.record), Some(What::Sent { .. }))
                && (earlier.host == Some(host) || self.has_arrived(earlier.record, moment))
        })
    }

    /// Whether a connection for data is that of a transfer which comes to its end, so that its close is the end of a file.
    fn carries_file(&self, moment: &Moment) -> bool {
        self.transfer_of(moment).is_some_and(|transfer| !transfer.fails)
    }

    /// The transfer whose data a connection carries, if it is one for data.
    pub(super) fn transfer_of(&self, moment: &Moment) -> Option<&Transfer> {
        let PhaseKind::Data { from, to, .. } = self.sheet.phases[moment.phase].kind else { return None };
        let mut asked = self.transfers.iter().rev().filter(|transfer| transfer.asked < moment.record);
        asked.find(|transfer| [from, to].contains(&transfer.server))
    }
}

/// The socket of its sender that a request names.
fn mine(command: Command) -> Option<Socket> {
    match command {
        Command::Rts { receive: mine, .. } | Command::Str { send: mine, .. } => Some(mine),
        _ => None,
    }
}

/// Why a receiver allocates more: what is free again of what it had allocated first, and by which rule that is worth an ALL.
fn renewed(name: &str, more: Allocation, first: Option<Allocation>) -> String {
    let Some(first) = first else {
        return format!("A program of {name} has read something, so that there is room again.");
    };
    let messages = more.messages >= first.messages.div_ceil(2);
    let bits = more.bits >= first.bits.div_ceil(2);
    let rule = match (messages, bits) {
        (true, true) => "when half of them are free, as now",
        (true, false) => "when half of the messages are free, as now, or half of the bits",
        (false, true) => "when half of the bits are free, as now, or half of the messages",
        (false, false) => {
            "when half of them are free, or, as now, when the sender can send nothing more and all has been read"
        }
    };
    format!(
        "A program of {name} has read something: of the {} messages and {} bits of the first ALL, {} and {} are free again. When to \
         say so is left to an NCP: these do so {rule}, and not for each line.",
        first.messages, first.bits, more.messages, more.bits
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_by_which_an_all_is_worth_sending_is_told_where_it_holds() {
        let first = Some(Allocation { messages: 4, bits: 100 });
        for (messages, bits, rule) in [
            (2, 50, "when half of them are free, as now,"),
            (2, 49, "when half of the messages are free, as now,"),
            (1, 50, "when half of the bits are free, as now,"),
            (1, 49, "as now, when the sender can send nothing more and all has been read"),
        ] {
            let told = renewed("SITE1", Allocation { messages, bits }, first);
            assert!(told.contains(rule), "{messages} and {bits}: {told}");
        }
        let told = renewed("SITE1", Allocation { messages: 1, bits: 8 }, None);
        assert!(told.ends_with("there is room again."), "of what nobody has seen nothing is said: {told}");
    }
}
