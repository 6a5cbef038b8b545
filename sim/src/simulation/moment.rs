//! What can be seen of a simulation at one moment.

use std::cell::RefCell;
use std::sync::Arc;

use host::{Host, Note};
use imp::{Net, NoHost};
use imp1822::{HostAddress, Link, Signal, ToImp};
use machine::Instant;
use trace::{Record, What};

use crate::host_table::HostTable;
use crate::replay::run::Run;

/// What can be seen of a simulation at one moment.
///
/// Hosts are asked for by name or by address (`SITE2`, `2`, `0o2`). A host that the net does not have has printed nothing,
/// sent nothing and has no files; that it was asked for is the error of the [`wait_for`](crate::Sim::wait_for) in which
/// it was, or else of [`finish`](crate::Sim::finish).
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    pub(super) run: &'a Run,
    pub(super) net: &'a Net,
    /// The first host that was asked for and that the net does not have.
    pub(super) no_host: &'a RefCell<Option<NoHost>>,
}

impl<'a> Moment<'a> {
    /// The time.
    pub fn time(&self) -> Instant {
        self.run.now()
    }

    /// The lines that the teletype of a host has printed, in order. What a program prints to ask for a line is none of them, but
    /// one of the [`notes`](Moment::notes).
    pub fn printed(&self, host: &str) -> Vec<&'a str> {
        self.address(host).map(|host| self.run.world.log().printed().of(host).collect()).unwrap_or_default()
    }

    /// What one host has sent to another, decoded as a transcript shows it, in order.
    pub fn messages(&self, from: &str, to: &str) -> Vec<&'a str> {
        let (Some(from), Some(to)) = (self.address(from), self.address(to)) else { return Vec::new() };
        self.run.world.log().messages().map(|log| log.between(from, to).collect()).unwrap_or_default()
    }

    /// How many bits of text one host has sent to another on its connections. Control messages and the headers of
    /// messages do not count. 0 if records are not [kept](crate::Options::keep).
    pub fn text_bits(&self, from: &str, to: &str) -> usize {
        let (Some(from), Some(to)) = (self.address(from), self.address(to)) else { return 0 };
        let bits = self.records().iter().filter_map(|record| match &record.what {
            What::Sent { host, signal: Signal::Message(message) } if *host == from => {
                let Ok(ToImp::Regular { to: host, link, .. }) = ToImp::parse(message) else { return None };
                let (header, _) = ncp::Header::split(message).ok()?;
                (host == to && link != Link::CONTROL).then_some(header.text_bits())
            }
            _ => None,
        });
        bits.sum()
    }

    /// What happened inside a host that no cable carries, in order. Nothing if records are not
    /// [kept](crate::Options::keep).
    pub fn notes(&self, host: &str) -> Vec<&'a Note> {
        let asked = self.address(host);
        let notes = self.records().iter().filter_map(|record| match &record.what {
            What::Note { host, note } if Some(*host) == asked => Some(note),
            _ => None,
        });
        notes.collect()
    }

    /// Every record so far, if they are [kept](crate::Options::keep).
    pub fn records(&self) -> &'a [Record] {
        self.run.world.log().records()
    }

    /// What a file of a host holds, or `None` if there is no such file.
    pub fn file(&self, host: &str, path: &str) -> Option<Arc<Vec<u8>>> {
        self.host(host)?.read_file(path)
    }

    /// The connections of a host, as its operator would list them: a line of headings and one for each connection.
    /// Services that wait for a user are not listed. Empty if there is no connection.
    pub fn netstat(&self, host: &str) -> Vec<String> {
        self.host(host).map(|host| HostTable::of(host).lines(self.run.names.hosts())).unwrap_or_default()
    }

    /// A host, to look at: its programs, connections and files. `None` if it is not declared.
    pub fn host(&self, name: &str) -> Option<&'a Host> {
        self.run.world.host(self.address(name)?)
    }

    fn address(&self, name: &str) -> Option<HostAddress> {
        match self.net.host(name) {
            Ok(site) => Some(site.address),
            Err(error) => {
                self.no_host.borrow_mut().get_or_insert(error);
                None
            }
        }
    }
}
