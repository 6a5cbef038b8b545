//! What comes out of the machines at the far ends of the hosts' cables.

use host::{Note, Output};
use imp1822::h316::Trouble;
use imp1822::{FromImp, Signal};

/// What comes out of a node.
pub(crate) enum NodeOutput {
    /// Something is wrong with the datagrams of a remote host.
    Trouble(Trouble),
    /// Something happened inside a host.
    Note(Note),
    /// A signal for the IMP.
    ToImp(Signal),
    /// A datagram for the remote host.
    Datagram(Vec<u8>),
}

impl From<Output> for NodeOutput {
    fn from(output: Output) -> Self {
        match output {
            Output::Note(note) => NodeOutput::Note(note),
            Output::ToImp(signal) => NodeOutput::ToImp(signal),
        }
    }
}

/// Whether a program of an IMP says something, of which none does but that which reports to a control center.
pub(crate) fn is_report(signal: &Signal) -> bool {
    let Signal::Message(message) = signal else { return false };
    // Hardly any message has the leader's second bit, which is that of IMPs' programs.
    let is_of_imp = message.bytes().first().is_some_and(|first| first & 0x40 != 0);
    is_of_imp && matches!(FromImp::parse(message), Ok(FromImp::FakeHost { .. }))
}
