//! What a monitor reports: who has broken which rule, and how certain that is.

use host::Directory;
use imp1822::HostAddress;
use machine::Instant;

use super::rule::Rule;

/// A rule was broken, or an advice not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// When.
    pub at: Instant,
    /// The number of the record that shows it, or at which something was still missing.
    pub record: u64,
    /// Who broke it.
    pub who: Culprit,
    /// The other host that the message came from or was for, if it was a regular one.
    pub with: Option<HostAddress>,
    /// Which rule.
    pub rule: Rule,
    /// The message or command, as a transcript has it: the one that breaks the rule, that is missing, or that has
    /// no answer.
    pub what: String,
    /// Whether it was done, or left undone.
    pub kind: ViolationKind,
}

/// Who broke a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Culprit {
    /// A host.
    Host(HostAddress),
    /// The IMP of a host, or the net behind it.
    Imp(HostAddress),
}

impl Culprit {
    /// The host, or the one whose IMP it is.
    pub fn host(self) -> HostAddress {
        let (Culprit::Host(host) | Culprit::Imp(host)) = self;
        host
    }

    /// The culprit by name: `SITE1`, `the IMP of SITE1`.
    pub fn name(self, directory: &Directory) -> String {
        match self {
            Culprit::Host(host) => directory.name(host),
            Culprit::Imp(host) => format!("the IMP of {}", directory.name(host)),
        }
    }
}

/// How a rule was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViolationKind {
    /// Something happened that must not.
    Done,
    /// Something that must happen has not happened.
    Missing,
    /// Something that must happen has not been seen, but may have been lost where the monitor does not listen.
    Unheard,
}

/// A violation in words: the same in a transcript, in the failure of a scenario, and at a live net.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described<'a> {
    /// Who says it to whom: `SITE1 -> SITE2`, `SITE1 -> IMP`, `IMP -> SITE1`.
    pub parties: String,
    /// The other host that an IMP's message names, if it names one.
    pub about: Option<String>,
    /// `breaks a rule`, `leaves undone`, `not heard` or `against advice`.
    pub verb: &'static str,
    /// The message or command, as a transcript has it.
    pub what: &'a str,
    /// What the rule says, and whether loss could explain that it looks broken.
    pub rule: String,
    /// Document and section.
    pub source: &'static str,
}

impl Violation {
    /// Whether the host has a part in it.
    pub fn concerns(&self, host: HostAddress) -> bool {
        self.who.host() == host || self.with == Some(host)
    }

    /// Whether it certainly breaks a rule: it goes against no mere advice, and nothing that was lost can explain it.
    pub fn is_certain(&self) -> bool {
        !self.rule.is_advice() && self.kind != ViolationKind::Unheard
    }

    /// The violation in words, with the hosts' names.
    pub fn describe(&self, directory: &Directory) -> Described<'_> {
        let name = |host| directory.name(host);
        let (parties, about) = match (self.who, self.with) {
            (Culprit::Host(host), Some(with)) => (format!("{} -> {}", name(host), name(with)), None),
            (Culprit::Host(host), None) => (format!("{} -> IMP", name(host)), None),
            (Culprit::Imp(host), with) => (format!("IMP -> {}", name(host)), with.map(name)),
        };
        let (verb, doubt) = match self.kind {
            ViolationKind::Done if self.rule.is_advice() => ("against advice", ""),
            ViolationKind::Done => ("breaks a rule", ""),
            ViolationKind::Missing => ("leaves undone", ""),
            ViolationKind::Unheard => ("not heard", ", unless something was lost"),
        };
        let rule = format!("{}{doubt}", self.rule);
        Described { parties, about, verb, what: &self.what, rule, source: self.rule.source() }
    }
}
