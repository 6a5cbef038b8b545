//! What reaches a host, and what a fault does to a message on a cable: what the host and its IMP hear of it then.

use imp::{Mishap, Toward};
use imp1822::{FromImp, HostAddress, Signal, ToImp};
use machine::{Bits, Instant};

use super::cable::Hearing;
use super::links::Links;
use super::{Level1, answer};
use crate::monitor::event::Level1Event;
use crate::monitor::findings::Findings;
use crate::monitor::rule::Rule;
use crate::monitor::violation::Culprit;
use crate::way::LinkId;

impl Level1 {
    /// The last bit of a signal has reached a host.
    pub(in crate::monitor) fn received<'a>(
        &mut self,
        host: HostAddress,
        signal: &'a Signal,
        findings: &mut Findings<'_>,
    ) -> Option<Level1Event<'a>> {
        let tap = self.taps.of(host);
        match signal {
            Signal::Ready(true) => {
                self.cable(host).imp_line(findings.at, true, tap);
                None
            }
            Signal::Ready(false) => {
                self.cable(host).imp_line(findings.at, false, tap);
                self.cut(findings.at, host);
                Some(Level1Event::Cut)
            }
            Signal::Message(bits) => self.received_message(host, bits, findings),
        }
    }

    /// A message has reached a host.
    fn received_message<'a>(
        &mut self,
        host: HostAddress,
        bits: &'a Bits,
        findings: &mut Findings<'_>,
    ) -> Option<Level1Event<'a>> {
        let (who, tap) = (Culprit::Imp(host), self.taps.of(host));
        let cable = self.cable(host);
        // An IMP that is not seen cannot know at once that a line has dropped.
        if tap.sees_imp_end() && cable.is_down() {
            findings.add(Rule::ImpNotReady, who, None);
        }
        match cable.hearing(findings.at, bits) {
            Hearing::Now => {
                let event = self.imp_says(host, bits, findings);
                if event == Some(Level1Event::Cut) {
                    self.cable(host).expect_nop(tap);
                }
                event
            }
            Hearing::Late => self.heard_late(host, bits, findings),
            Hearing::Again => self.heard_again(host, bits),
        }
    }

    /// A fault strikes a message on a host's cable.
    pub(in crate::monitor) fn struck<'a>(
        &mut self,
        (host, toward): (HostAddress, Toward),
        mishap: Mishap,
        bits: &'a Bits,
        findings: &mut Findings<'_>,
    ) -> Option<Level1Event<'a>> {
        match (toward, mishap) {
            (Toward::Imp, mishap) => self.struck_on_the_way_in(host, mishap, bits, findings.at),
            (Toward::Host, Mishap::Lost) => self.missed(host, bits, findings),
            (Toward::Host, Mishap::Late(span)) => {
                let event = self.missed(host, bits, findings);
                self.cable(host).delay(findings.at + span, bits);
                event
            }
            (Toward::Host, Mishap::Twice) => {
                self.cable(host).repeat(findings.at, bits);
                None
            }
            // Only an IMP notices.
            (Toward::Host, Mishap::LeaderError | Mishap::DataError) => None,
        }
    }

    /// A fault strikes a message that the host has just sent.
    fn struck_on_the_way_in<'a>(
        &mut self,
        host: HostAddress,
        mishap: Mishap,
        bits: &'a Bits,
        now: Instant,
    ) -> Option<Level1Event<'a>> {
        let cable = self.cable(host);
        if mishap == Mishap::LeaderError {
            cable.garble();
        }
        match ToImp::parse(bits) {
            Ok(ToImp::Regular { to, link, .. }) => {
                self.links.strike(LinkId::new(host, to, link), bits, now, mishap);
                match mishap {
                    Mishap::Lost | Mishap::Late(_) | Mishap::LeaderError => {
                        Some(Level1Event::Struck { to, link, message: bits })
                    }
                    // The sender is told; or nothing is missing.
                    Mishap::DataError | Mishap::Twice => None,
                }
            }
            Ok(ToImp::Unknown(_)) => {
                cable.strike_illegal(mishap);
                None
            }
            Err(_) => {
                cable.strike_short(mishap);
                None
            }
            Ok(ToImp::ErrorWithoutId | ToImp::GoingDown | ToImp::Nop | ToImp::ErrorWithId { .. }) => None,
        }
    }

    /// The host does not get a message that its IMP has given it.
    fn missed<'a>(
        &mut self,
        host: HostAddress,
        bits: &'a Bits,
        findings: &mut Findings<'_>,
    ) -> Option<Level1Event<'a>> {
        match self.imp_says(host, bits, findings)? {
            Level1Event::Delivered { from, link, message }
            | Level1Event::DeliveredIrregularly { from, link, message }
            | Level1Event::SentAndDelivered { from, link, message } => {
                Some(Level1Event::Missed { from, link, message })
            }
            Level1Event::Answered { to, link, .. } => {
                self.links.miss_answer(LinkId::new(host, to, link), findings.at);
                Some(Level1Event::AnswerMissed { to, link })
            }
            // It knows nothing of a reset; but it has seen the ready line drop before that.
            Level1Event::Cut => None,
            // It knows nothing of the death of others.
            Level1Event::DiedAtLarge => None,
            other @ (Level1Event::Sent { .. }
            | Level1Event::Struck { .. }
            | Level1Event::Missed { .. }
            | Level1Event::AnswerMissed { .. }
            | Level1Event::NotTaken) => Some(other),
        }
    }

    /// A message reaches the host that a fault has held up: it was judged when the IMP gave it.
    fn heard_late<'a>(
        &mut self,
        host: HostAddress,
        bits: &'a Bits,
        findings: &Findings<'_>,
    ) -> Option<Level1Event<'a>> {
        let tap = self.taps.of(host);
        match FromImp::parse(bits).ok()? {
            FromImp::InterfaceReset => {
                self.cable(host).expect_nop(tap);
                self.cut(findings.at, host);
                Some(Level1Event::Cut)
            }
            message => self.heard_out_of_turn(host, bits, message, Links::hear_late_answer),
        }
    }

    /// The message that has just reached a host reaches it once more. It takes an answer for that to what it has sent since.
    fn heard_again<'a>(&mut self, host: HostAddress, bits: &'a Bits) -> Option<Level1Event<'a>> {
        let message = FromImp::parse(bits).ok()?;
        self.heard_out_of_turn(host, bits, message, Links::answered_again)
    }

    /// A message reaches the host at another time than the IMP gave it. `note_answer`: what that means for a link if it is an
    /// answer.
    fn heard_out_of_turn<'a>(
        &mut self,
        host: HostAddress,
        bits: &'a Bits,
        message: FromImp,
        note_answer: fn(&mut Links, LinkId),
    ) -> Option<Level1Event<'a>> {
        match message {
            FromImp::Regular { from, link, .. } => {
                Some(Level1Event::DeliveredIrregularly { from, link, message: bits })
            }
            message @ (FromImp::Rfnm { .. }
            | FromImp::DestinationDead { .. }
            | FromImp::FakeHostDead { .. }
            | FromImp::ErrorInData { .. }
            | FromImp::Incomplete { .. }) => {
                let (to, link, _, outcome) = answer(message)?;
                note_answer(&mut self.links, LinkId::new(host, to, link));
                Some(Level1Event::Answered { to, link, outcome })
            }
            FromImp::FakeHost { .. }
            | FromImp::ErrorInLeader { .. }
            | FromImp::GoingDown(_)
            | FromImp::Nop
            | FromImp::InterfaceReset
            | FromImp::Unknown(_) => None,
        }
    }
}
