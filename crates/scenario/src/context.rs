//! What must be known to read a step: the hosts of the net, and what the scenario does with them.

use std::collections::BTreeSet;

use host::Naming;
use imp::HostSite;
use imp1822::HostAddress;

use super::ast::HostPlan;
use super::errors::Diagnostic;
use super::names::{NOBODY, Names};
use super::words::{Word, Words};

/// Everything that is needed to read a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    /// The names of the net.
    pub(super) names: Names<'a>,
    /// The declared hosts.
    pub(super) hosts: &'a [HostPlan],
    /// Whether `hosts` are all: none of the declarations is broken.
    pub(super) complete: bool,
    /// Of these not all could be read that is said of them.
    pub(super) broken: &'a [HostAddress],
    /// Hosts whose NCPs are driven directly.
    pub(super) driven: &'a [HostAddress],
    /// Hosts that measure something.
    pub(super) measuring: &'a [HostAddress],
    /// The names that the steps above give to numbers, in small letters.
    pub(super) named: &'a BTreeSet<String>,
    /// Whether what is read is said of the whole run: then no number has a name, nor gets one.
    pub(super) of_run: bool,
}

impl<'a> Context<'a> {
    /// Reads `-> HOST`. A message may go to or come from a host that is not declared: one that is down.
    pub(super) fn crossing(
        &self,
        from: Word<'_>,
        words: &mut Words<'_>,
    ) -> Result<(HostAddress, HostAddress), Diagnostic> {
        from.without_arrow()?;
        if let Some(arrow) = words.peek().filter(|word| !word.is("->")) {
            arrow.without_arrow()?;
        }
        words.keyword("->")?;
        let to = words.word("the host that receives")?;
        Ok((self.names.host(from)?, self.names.host(to)?))
    }

    /// The address of a host that must be declared.
    pub(super) fn declared(&self, name: Word<'_>) -> Result<HostAddress, Diagnostic> {
        match self.names.site(name)? {
            Some(site) if self.complete && self.plan(site.address).is_none() => {
                let message = format!("host `{}` is not declared", name.text);
                Err(Diagnostic::new(name.at(), message, "in the net, but down as long as it is not declared")
                    .help(format!("declare it above the steps: `host {}`", site.name)))
            }
            Some(site) if self.plan(site.address).is_some_and(|plan| plan.external.is_some()) => {
                let diagnostic = Diagnostic::new(
                    name.at(),
                    format!("host `{}` is external", name.text),
                    "what it does is decided outside",
                );
                Err(diagnostic
                    .help("messages can be asked for: `expect HOST -> HOST`, `wait for HOST -> HOST`"))
            }
            site => Ok(site.map_or(NOBODY, |site| site.address)),
        }
    }

    /// How a host names its files.
    pub(super) fn naming(&self, host: Word<'_>) -> Result<Naming, Diagnostic> {
        let site = self.names.site(host)?;
        let said = site.and_then(|site| self.plan(site.address)).and_then(|plan| plan.naming);
        Ok(said.unwrap_or_else(|| self.names.naming(site)))
    }

    fn plan(&self, host: HostAddress) -> Option<&HostPlan> {
        self.hosts.iter().find(|plan| plan.address == host)
    }

    /// Refuses a host that runs no program: its teletype cannot be typed to.
    pub(super) fn has_teletype(&self, name: Word<'_>) -> Result<(), Diagnostic> {
        let plan = self.names.site(name)?.and_then(|site| self.plan(site.address));
        match plan {
            Some(plan) if plan.program.is_none() && !self.broken.contains(&plan.address) => {
                let message = format!("host `{}` runs no program", name.text);
                Err(Diagnostic::new(name.at(), message, "nothing at its teletype")
                    .help(format!("declare it with one: `host {} runs rsexec`, or `runs ftp`", plan.name)))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether the host of that name runs a program that is typed to.
    pub(super) fn runs_a_program(&self, name: Word<'_>) -> bool {
        let site = self.names.site(name).ok().flatten();
        site.and_then(|site| self.plan(site.address)).is_some_and(|plan| plan.program.is_some())
    }

    /// Refuses a host at which nothing can be printed: it runs no program, and no step drives its NCP.
    pub(super) fn prints(&self, name: Word<'_>) -> Result<(), Diagnostic> {
        let site = self.names.site(name)?;
        match site {
            Some(site) if self.driven.contains(&site.address) => Ok(()),
            Some(_) | None => self.has_teletype(name),
        }
    }

    /// All hosts of the net that are not declared.
    pub(super) fn undeclared_sites(&self) -> impl Iterator<Item = &'a HostSite> {
        let sites = self.names.net().into_iter().flat_map(|net| &net.hosts);
        sites.filter(|site| !self.is_declared(site.address))
    }

    fn is_declared(&self, host: HostAddress) -> bool {
        self.hosts.iter().any(|plan| plan.address == host)
    }

    /// A host of the net that must not be declared.
    pub(super) fn traffic_host(&self, word: Word<'_>) -> Result<HostAddress, Diagnostic> {
        match self.names.site(word)? {
            Some(site) if self.is_declared(site.address) => {
                let message = format!("host `{}` is declared", word.text);
                let label = "has an NCP, which owns its cable and knows no such messages";
                Err(Diagnostic::new(word.at(), message, label)
                    .help("traffic and measurements are between hosts that the scenario does not declare"))
            }
            site => Ok(site.map_or(NOBODY, |site| site.address)),
        }
    }
}
