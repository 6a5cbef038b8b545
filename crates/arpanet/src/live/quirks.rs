//! What is known of independent NCPs: how they break rules, and what helps.

use trace::{Culprit, Rule, Violation, ViolationKind};

/// What some NCPs are known to do that may be behind a broken rule, and which policy helps.
pub(crate) fn known_quirk(violation: &Violation) -> Option<&'static str> {
    let Culprit::Host(_) = violation.who else { return None };
    match (violation.rule, violation.kind) {
        (Rule::ReturnMissing, _) => Some("some NCPs never answer a GVB"),
        (Rule::EchoMissing | Rule::ResetReplyMissing | Rule::CloseUnanswered, _)
        | (Rule::Opcode | Rule::Parameters | Rule::ControlLength, ViolationKind::Done) => {
            Some("some NCPs handle only one command in each control message: try --policy plain")
        }
        (Rule::Genders | Rule::CloseOfNothing, ViolationKind::Done) => {
            Some("some NCPs send a CLS for sockets that nobody has: it does no harm")
        }
        (
            Rule::LinkNumber | Rule::LinkInUse | Rule::DataUnconnected | Rule::NotEstablished,
            ViolationKind::Done,
        ) => Some("some NCPs know only some links, or take one direction for the other: try --policy links="),
        (Rule::ByteSize, ViolationKind::Done) => Some(
            "some programs leave the byte size to chance, as the echo client of linux-ncp: it must be set to 8 there",
        ),
        (_, ViolationKind::Done | ViolationKind::Missing | ViolationKind::Unheard) => None,
    }
}
