//! What a host of a simulation is made of.

use std::future::Future;

use ftp::Edition;
use host::{Handle, Naming, PathName, Program, Settings, Terms};
use ncp::Policy;
use scenario::ast::{self, Account, HostPlan, Misbehaving, Profile, QuotaPlan};

use crate::sim_error::{Result, SimError};

/// What a host has that no scenario can say.
#[derive(Default)]
pub(super) struct Extras {
    programs: Vec<Program>,
    files: Vec<(PathName, Vec<u8>)>,
    /// Whether there are any, though they have been handed over as the simulation begins.
    has_programs: bool,
    policy: Option<Policy>,
    /// The size of the disk in bytes.
    disk: Option<usize>,
}

impl Extras {
    /// Whether there are programs.
    pub(super) fn has_programs(&self) -> bool {
        self.has_programs
    }

    /// The size of the disk in bytes, if it was said.
    pub(super) fn disk(&self) -> Option<usize> {
        self.disk
    }

    /// Adds all of it to what a scenario says of the host.
    pub(super) fn move_to(&mut self, settings: &mut Settings) {
        settings.programs.append(&mut self.programs);
        self.files.drain(..).for_each(|(path, content)| settings.files.put(path, content));
        if let Some(policy) = self.policy.take() {
            settings.policy = policy;
        }
    }
}

/// Says what a host is made of, before the simulation begins.
pub struct HostSetup<'a> {
    pub(super) plan: &'a mut HostPlan,
    pub(super) misbehave: &'a mut Vec<Misbehaving>,
    pub(super) naming: Naming,
    pub(super) extras: &'a mut Extras,
}

impl HostSetup<'_> {
    /// A program of one's own, which begins whenever the host comes up. A host may have any number of them.
    ///
    /// A program that panics, an assertion in it that does not hold among them, panics in the call of the
    /// [`Sim`](crate::Sim) that let it run, and so fails the test.
    pub fn runs<F>(self, name: &str, program: impl Fn(Handle) -> F + 'static) -> Self
    where
        F: Future<Output = ()> + 'static,
    {
        self.extras.programs.push(Program::new(name, program));
        self.extras.has_programs = true;
        self
    }

    /// The FTP server, in the edition of RFC 438.
    pub fn serves_ftp(self) -> Self {
        self.serves_ftp_of(Edition::default())
    }

    /// The FTP server, in this edition of the protocol.
    pub fn serves_ftp_of(self, edition: Edition) -> Self {
        self.plan.server = Some(edition);
        self
    }

    /// The user FTP at the teletype. It replaces RSEXEC.
    pub fn runs_ftp(self) -> Self {
        self.plan.program = Some(ast::Program::FtpUser);
        self
    }

    /// RSEXEC at the teletype. It replaces the user FTP.
    pub fn runs_rsexec(self) -> Self {
        self.plan.program = Some(ast::Program::Rsexec);
        self
    }

    /// An account, under which a user of the FTP server logs in.
    pub fn account(self, name: &str, password: &str) -> Self {
        self.plan.accounts.push(Account {
            name: name.to_owned(),
            password: password.to_owned(),
            terms: Terms::Free,
        });
        self
    }

    /// An account at another host, under which RSEXEC logs in there.
    pub fn knows(self, site: &str, name: &str, password: &str) -> Self {
        let [site, name, password] = [site, name, password].map(str::to_owned);
        self.plan.knows.push(Profile { site, name, password });
        self
    }

    /// How its files are named, if not as those of its system in the net; to be said before its files are.
    pub fn system(mut self, naming: Naming) -> Self {
        self.plan.naming = Some(naming);
        self.naming = naming;
        self
    }

    /// How many bytes a directory may have, as the host writes it: `<SMITH>`. Without this, it may have all of the disk.
    pub fn quota(self, directory: &str, bytes: u64) -> Self {
        self.plan.quotas.push(QuotaPlan { directory: directory.to_owned(), bytes });
        self
    }

    /// A file that is there from the start, by its path name in full: `<SMITH>NOTES.TXT`.
    ///
    /// # Errors
    /// The path name is none at this host.
    pub fn file(self, path: &str, content: impl Into<Vec<u8>>) -> Result<Self> {
        let parsed = self.naming.parse(path, None);
        let parsed = parsed.map_err(|error| SimError::Path { path: path.to_owned(), error })?;
        self.extras.files.push((parsed, content.into()));
        Ok(self)
    }

    /// The size of the disk in bytes, with what is on it from the start. Without this, there is room for any file.
    pub fn disk(self, bytes: usize) -> Self {
        self.extras.disk = Some(bytes);
        self
    }

    /// How the host's NCP does what the documents leave to it. Without this, it does so as a TENEX does.
    pub fn policy(self, policy: Policy) -> Self {
        self.extras.policy = Some(policy);
        self
    }

    /// Lets this host break the rules of the protocols. [`finish`](crate::Sim::finish) fails if it breaks none.
    pub fn misbehaves(self) -> Self {
        let source = format!("misbehaves {}", self.plan.name);
        self.misbehave.push(Misbehaving { host: self.plan.address, line: self.plan.line, source });
        self
    }

    /// The host is down until it is [restarted](crate::Sim::restart).
    pub fn starts_down(self) -> Self {
        self.plan.up = false;
        self
    }
}
