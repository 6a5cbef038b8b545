//! The dialogues of FTP that pass between hosts, read by the tables of `ftp` as everybody reads them.

use imp1822::{HostAddress, Link};
use machine::BitReader;
use ncp::icp::FTP_CONTACT;
use ncp::{ByteSize, Command, Header};

use crate::dialogues::Dialogues;
use crate::flows::{Flows, Purpose};
use crate::said::bytes_of;

/// The dialogues that pass. Only those are read that were seen from their initial connection protocol on, and whose
/// messages have all arrived as they were sent.
#[derive(Debug, Default)]
pub(super) struct Talks {
    flows: Flows,
    dialogues: Dialogues,
}

impl Talks {
    /// A host tells another what is to be known of their connections.
    pub(super) fn learn(&mut self, from: HostAddress, to: HostAddress, command: Command) {
        // What a server throws away because of an interrupt, nobody knows but the server.
        if let Command::Ins { link } = command
            && let Some(Purpose::Dialogue { session, .. }) = self.flows.purpose(from, to, link)
        {
            self.dialogues.muddle(session);
        }
        self.flows.learn(from, to, command);
    }

    /// A host sends text to another. Returns the replies in it that nobody has asked for.
    pub(super) fn text(
        &mut self,
        (from, to): (HostAddress, HostAddress),
        link: Link,
        header: Header,
        text: BitReader<'_>,
    ) -> Vec<String> {
        match self.flows.purpose(from, to, link) {
            Some(Purpose::Contact { .. }) => {
                self.flows.contact(from, to, link, header, text);
                Vec::new()
            }
            Some(Purpose::Dialogue { service: FTP_CONTACT, speaker, session })
                if header.size == ByteSize::EIGHT.bits() =>
            {
                let heard = self.dialogues.hear(session, speaker, &bytes_of(text));
                heard.into_iter().flatten().filter_map(|answer| answer.stray).collect()
            }
            Some(Purpose::Dialogue { .. } | Purpose::Data) | None => Vec::new(),
        }
    }

    /// What two hosts say to each other may not have arrived as it was sent, or will come once more.
    pub(super) fn forget_between(&mut self, one: HostAddress, other: HostAddress) {
        self.flows
            .forget(|way| (way.from(), way.to()) == (one, other) || (way.from(), way.to()) == (other, one));
    }

    /// The same of what a host says to any other.
    pub(super) fn forget(&mut self, host: HostAddress) {
        self.flows.forget(|way| way.from() == host || way.to() == host);
    }
}
