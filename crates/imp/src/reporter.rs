//! An IMP's program that reports to the control center: when it does, and what was reported last.

use imp1822::{HostAddress, Leader, Link};
use machine::{Instant, Span};
use ncc::{Anomalies, LINES, Report, STATISTICS};

use crate::ids::{IMPS, ImpNumber};
use crate::net::Reports;
use crate::packet::Message;

/// When what is reported next, and what was reported last.
#[derive(Debug, Clone)]
pub(crate) struct Reporter {
    /// The fake host that sends the reports.
    me: HostAddress,
    pub(crate) to: HostAddress,
    every: Span,
    /// When both reports are due again.
    due: Instant,
    pub(crate) owes_trouble: bool,
    pub(crate) owes_throughput: bool,
    /// Whether the IMP was started since the last trouble report.
    pub(crate) restarted: bool,
    /// What that one said.
    said: Option<State>,
}

/// What of a trouble report is reported at once when it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) hosts: Anomalies,
    pub(crate) alive: [bool; LINES],
}

impl Reporter {
    /// The program of an IMP that has been up for long. The IMPs do not report together. `None`: the center does not know an
    /// IMP with this number.
    pub(crate) fn new(imp: ImpNumber, Reports { to, every }: Reports) -> Option<Self> {
        let me = HostAddress::new(STATISTICS, imp.get())?;
        let phase = u64::from(imp.get()) * every.as_micros() / IMPS as u64;
        (imp != ImpNumber::ZERO).then_some(Reporter {
            me,
            to,
            every,
            due: Instant::from_micros(phase),
            owes_trouble: false,
            owes_throughput: false,
            restarted: false,
            said: None,
        })
    }

    /// The IMP is started: it says so as soon as there is a way to the center.
    pub(crate) fn begin_anew(&mut self, now: Instant) {
        self.due = now + self.every;
        self.owes_trouble = true;
        self.owes_throughput = false;
        self.restarted = true;
        self.said = None;
    }

    /// What is owed from now on.
    pub(crate) fn look_at(&mut self, now: Instant, state: State) {
        while self.due <= now {
            self.due += self.every;
            self.owes_trouble = true;
            self.owes_throughput = true;
        }
        self.owes_trouble |= self.said.is_some_and(|said| said != state);
    }

    /// A trouble report has left.
    pub(crate) fn has_told(&mut self, state: State) {
        self.owes_trouble = false;
        self.restarted = false;
        self.said = Some(state);
    }

    /// A report as a message.
    pub(crate) fn message(&self, report: Report) -> Message {
        let leader = Leader { for_imp: true, address: self.to, link: Link::CONTROL, ..Leader::of_kind(0) };
        Message::of_program(self.me, leader, &report.emit(leader))
    }
}
