//! What came of a replay.

use std::sync::Arc;

use ftp_user::Claim;
use host::{Host, PathName};
use imp::Watch;
use imp1822::HostAddress;
use machine::Instant;
use scenario::ast::Meanwhile;
use trace::figures::Figures;
use trace::{Digest, Follower, Keep, Names, Party, Record, What};

use crate::counts::Counts;
use crate::failure::Failures;
use crate::host_table::TableChange;
use crate::lab::reached::Reached;
use crate::replay::conditions::Broken;
use crate::rule_check::Looked;
use crate::run_observer::Printed;
use crate::sim_error::SimError;

/// How a run is recorded. None of it changes what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// What is kept of what happens.
    pub keep: Keep,
    /// Which frames between IMPs are recorded, too.
    pub watch: Watch,
}

impl Options {
    /// Only the digest is kept: the cheapest run.
    pub const DIGEST: Options = Options { keep: Keep::Digest, watch: Watch::Nothing };

    /// Every record is kept, but for the frames between IMPs.
    pub const RECORDS: Options = Options { keep: Keep::Records, watch: Watch::Nothing };

    /// Everything is kept.
    pub const EVERYTHING: Options = Options { keep: Keep::Records, watch: Watch::Frames };
}

impl Default for Options {
    /// [`Options::RECORDS`].
    fn default() -> Self {
        Options::RECORDS
    }
}

/// What came of a replay.
pub struct Outcome {
    /// Whether everything held, or all that did not.
    pub verdict: Result<(), Failures>,
    /// The advice of the documents that somebody did not follow, in words, which fails nothing. Nothing, if there is none.
    pub advice: String,
    /// Every record, if they were kept.
    pub records: Vec<Record>,
    /// The digest of all records.
    pub digest: Digest,
    /// When the run ended.
    pub end: Instant,
    /// How much happened.
    pub counts: Counts,
    /// How many expectations held.
    pub held: usize,
    /// What was measured, in order.
    pub measured: Vec<Figures>,
    /// What hosts and IMPs are called.
    pub names: Names,
    /// How the tables of the hosts have changed, in order, if that was noted ([`Prepared::replay_with_tables`]).
    ///
    /// [`Prepared::replay_with_tables`]: crate::Prepared::replay_with_tables
    pub tables: Vec<TableChange>,
    pub(crate) keep: Keep,
    pub(crate) printed: Printed,
    /// The hosts with programs, as they were at the end.
    pub(crate) hosts: Vec<(HostAddress, Host)>,
    pub(crate) findings: Findings,
    /// When slow hosts have looked at what had reached them, if the records were kept.
    pub(crate) looks: Vec<Looked>,
}

/// What the laboratory wants to know of a run.
pub(crate) struct Findings {
    /// The conditions that do not hold.
    pub(crate) broken: Vec<Broken>,
    /// What was to break or heal meanwhile, and has met nothing.
    pub(crate) in_vain: Vec<Meanwhile>,
    /// Of each condition that must hold in some run of a sweep, whether it did in this one.
    pub(crate) sometimes: Vec<bool>,
    /// What was said at last of the file of each command that was typed, what that claims, and at whose teletype; nothing,
    /// if nothing was said.
    pub(crate) told: Vec<Option<(Claim, (HostAddress, String))>>,
    /// What the run has reached, if that was collected.
    pub(crate) reached: Option<Reached>,
    /// The rule that was broken first.
    pub(crate) rule: Option<String>,
}

impl Outcome {
    /// What a file of a host held at the end, or `None` if there was no such file.
    ///
    /// # Errors
    /// The run had no such host.
    pub fn file(&self, host: &str, path: &str) -> Result<Option<Arc<Vec<u8>>>, SimError> {
        let address = self.address(host)?;
        let found = self.hosts.iter().find(|(at, _)| *at == address);
        let (_, found) = found.ok_or_else(|| SimError::Undeclared(host.to_owned()))?;
        Ok(found.read_file(path))
    }

    /// The files that each host had at the end, in the order of their names and versions, by the name of the host.
    pub fn files(&self) -> impl Iterator<Item = (String, Vec<(PathName, Vec<u8>)>)> {
        self.hosts.iter().map(|(address, host)| {
            let all = host.files().into_iter().filter_map(|file| {
                let content = host.read_file(&file.path.to_string())?;
                Some((file.path, content.to_vec()))
            });
            (self.names.host(*address), all.collect())
        })
    }

    /// The lines that were printed on the teletype of a host, in order.
    ///
    /// # Errors
    /// The net has no such host.
    pub fn printed(&self, host: &str) -> Result<Vec<&str>, SimError> {
        Ok(self.printed.of(self.address(host)?).collect())
    }

    /// What one host said to another, decoded as a transcript shows it, in order.
    ///
    /// # Errors
    /// The net has no such host, or the records were not kept ([`Options::DIGEST`]).
    pub fn messages(&self, from: &str, to: &str) -> Result<Vec<String>, SimError> {
        let (from, to) = (Party::Host(self.address(from)?), Party::Host(self.address(to)?));
        if self.keep == Keep::Digest {
            return Err(SimError::NotKept);
        }
        let mut follower = Follower::default();
        let mut messages = Vec::new();
        for record in &self.records {
            if let What::Sent { host, signal } = &record.what {
                let decoded = follower.sent(*host, signal).into_iter();
                let between = decoded.filter(|decoded| decoded.from == from && decoded.to == to);
                messages.extend(between.map(|decoded| decoded.what));
            }
        }
        Ok(messages)
    }

    fn address(&self, host: &str) -> Result<HostAddress, SimError> {
        self.names.hosts().address(host).ok_or_else(|| SimError::Undeclared(host.to_owned()))
    }
}
