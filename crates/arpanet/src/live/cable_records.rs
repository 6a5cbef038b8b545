//! Reports of a live host about its cable, as records.

use host::live::Report;
use imp1822::HostAddress;
use imp1822::h316::{Speaker, Trouble};
use trace::What;
use trace::capture::sent_by_another;

/// The records of a report about the cable of this host; none if it is about something else. A message of another host
/// is on record twice: as sent by that host, and then as received by this one.
pub(crate) fn cable_records(host: HostAddress, report: &Report) -> Vec<What> {
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
        Report::Note(_) | Report::Imp(_) | Report::Asks(_) | Report::NotDone | Report::Lingers(_) => {
            Vec::new()
        }
    }
}

/// The end of the cable whose datagrams a trouble at the host's end is about.
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
