//! What a live host reports of its cable, as records.

use host::live::Report;
use imp1822::HostAddress;
use imp1822::h316::{Speaker, Trouble};
use trace::What;
use trace::capture::sent_by_another;

/// What is on record of a report, if it is about the cable of this host. What others say is heard where it arrives, and on
/// record just before that.
pub(crate) fn of_cable(host: HostAddress, report: &Report) -> Vec<What> {
    match report {
        Report::Sent(signal) => vec![What::Sent { host, signal: signal.clone() }],
        Report::Received(signal) => {
            let received = What::Received { host, signal: signal.clone() };
            let said = sent_by_another(host, signal).map(|(from, signal)| What::Sent { host: from, signal });
            said.into_iter().chain([received]).collect()
        }
        Report::Trouble(trouble) => {
            vec![What::Cable { host, speaker: speaker_of(*trouble), trouble: *trouble }]
        }
        Report::Note(_) | Report::Imp(_) | Report::Asks(_) => Vec::new(),
    }
}

/// Whose datagrams a trouble at the host's end is about.
fn speaker_of(trouble: Trouble) -> Speaker {
    match trouble {
        Trouble::OverLimit { .. } | Trouble::WithoutBits | Trouble::OwnLineDown => Speaker::Host,
        Trouble::Malformed(_)
        | Trouble::Old { .. }
        | Trouble::Lost { .. }
        | Trouble::PeerRestarted
        | Trouble::Cut { .. }
        | Trouble::TooLong
        | Trouble::NotReady { .. }
        | Trouble::EmptyLast => Speaker::Imp,
    }
}
