//! A host together with its end of the cable.

use std::collections::VecDeque;

use imp1822::h316::{HostEnd, Input, Output as FromEnd, Statistics, Trouble};
use imp1822::{HostAddress, Signal, ToImp};
use machine::{Instant, Machine};

use super::report::{ImpState, Report, SETTLING_TIME};
use crate::{Host, Notice, Output, Prompt};

/// How many NOPs greet an IMP that has not been heard yet.
const GREETING: usize = 3;

/// A host with its end of the cable: a machine without I/O, which takes and gives datagrams.
///
/// The cable of 1822 loses nothing, and a Host/Host protocol on it has no way to notice a loss. So the host is told of a
/// datagram that is missing much as of a ready line that drops for a moment: what was open is over, on both sides, and no
/// file is taken for whole that is not. Its users are told that it was the cable, and not that the IMP is down.
pub struct HostOnCable {
    host: Host,
    end: HostEnd,
    imp: Option<ImpState>,
    /// Whether a datagram was refused since the IMP was called last.
    refused: bool,
    asks: Option<Prompt>,
    /// The hosts to which an RST is announced when the IMP becomes ready.
    others: Vec<HostAddress>,
    /// When that happens next.
    announcement: Option<Instant>,
    out: VecDeque<FromHost>,
}

/// What a host on a cable is handed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToHost {
    /// The host is switched on.
    Boot,
    /// A person types a line.
    Line(String),
    /// A datagram that has arrived, whatever its bytes are.
    Datagram(Vec<u8>),
    /// A datagram could not be delivered: nothing takes datagrams at the IMP's port.
    Refused,
    /// The host's operator says something to its services.
    Notice(Notice),
    /// The host says that it goes down, and is switched off.
    GoDown,
}

/// What a host on a cable hands out.
#[derive(Debug, PartialEq, Eq)]
pub enum FromHost {
    /// To be sent.
    Datagram(Vec<u8>),
    /// To be told.
    Report(Report),
}

impl HostOnCable {
    /// A host that is off, with its end of the cable. Which host was at this cable before, and whether it closed its
    /// connections, is not known: the host is one [with an unknown history](Host::with_unknown_history).
    pub fn new(host: Host, end: HostEnd) -> Self {
        let host = host.with_unknown_history();
        let (others, announcement) = (Vec::new(), None);
        HostOnCable {
            host,
            end,
            imp: None,
            refused: false,
            asks: None,
            others,
            announcement,
            out: VecDeque::new(),
        }
    }

    /// The same, but whenever its IMP has become ready, each of these hosts that is not in step with it is sent an RST
    /// at once, and not only before the first other command, so that what they remember of an earlier incarnation does
    /// not get in the way.
    pub fn announcing(self, others: Vec<HostAddress>) -> Self {
        HostOnCable { others, ..self }
    }

    /// The host, to look at.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Whether the IMP's ready line is up, as far as is known.
    pub fn is_imp_ready(&self) -> bool {
        self.end.is_imp_ready()
    }

    /// What has been counted at the cable.
    pub fn statistics(&self) -> Statistics {
        self.end.statistics()
    }

    fn report(&mut self, report: Report) {
        self.out.push_back(FromHost::Report(report));
    }

    fn imp_is(&mut self, now: Instant, state: ImpState) {
        if self.imp.replace(state) != Some(state) {
            let announces = state == ImpState::Ready && !self.others.is_empty();
            self.announcement = announces.then_some(now + SETTLING_TIME);
            self.report(Report::Imp(state));
        }
    }

    fn announce(&mut self, now: Instant) {
        self.announcement = None;
        self.host.act(now, |handle| self.others.iter().for_each(|other| handle.announce(*other)));
    }

    fn host_hears(&mut self, now: Instant, signal: Signal) {
        self.report(Report::Received(signal.clone()));
        self.host.handle(now, signal);
    }

    fn host_says(&mut self, now: Instant, signal: Signal) {
        self.report(Report::Sent(signal.clone()));
        let rises = signal == Signal::Ready(true);
        self.end.handle(now, Input::Signal(signal));
        if rises {
            self.greet(now);
        }
    }

    /// Sends NOPs as soon as the ready line has risen. An IMP whose host has said that it goes down takes no notice of
    /// a ready line, until there is a message: so the program of 1973 does.
    fn greet(&mut self, now: Instant) {
        for _ in 0..GREETING {
            self.host_says(now, Signal::Message(ToImp::Nop.bits()));
        }
    }

    /// Nothing takes the datagrams any more: the cable counts as pulled out until the IMP is heard.
    fn refused(&mut self, now: Instant) {
        if self.end.is_imp_ready() {
            self.host_hears(now, Signal::Ready(false));
            self.end.handle(now, Input::Signal(Signal::Ready(true)));
        }
        self.refused = true;
        self.imp_is(now, ImpState::Refusing);
    }

    fn go_down(&mut self, now: Instant) {
        if self.end.is_imp_ready() {
            self.host_says(now, Signal::Message(ToImp::GoingDown.bits()));
        }
        self.host.crash(now);
    }

    /// Carries what host and cable have to say to each other, until neither says more.
    fn carry(&mut self, now: Instant) {
        loop {
            if let Some(output) = self.end.poll() {
                self.cable_says(now, output);
            } else if let Some(output) = self.host.poll() {
                match output {
                    Output::Note(note) => self.report(Report::Note(note)),
                    Output::ToImp(signal) => self.host_says(now, signal),
                }
            } else {
                break;
            }
        }
        if self.host.takes_not_done() {
            self.report(Report::NotDone);
        }
        let asks = self.host.asks();
        if asks != self.asks {
            self.asks.clone_from(&asks);
            self.report(Report::Asks(asks));
        }
    }

    fn cable_says(&mut self, now: Instant, output: FromEnd) {
        match output {
            FromEnd::Datagram(bytes) => self.out.push_back(FromHost::Datagram(bytes)),
            FromEnd::Called(ready) => {
                self.report(Report::Sent(Signal::Ready(ready)));
                if ready {
                    self.greet(now);
                }
            }
            FromEnd::Trouble(trouble) => {
                self.report(Report::Trouble(trouble));
                if let Trouble::Lost { .. } = trouble
                    && self.imp == Some(ImpState::Ready)
                {
                    // Those who look on must not expect answers, either.
                    self.report(Report::Received(Signal::Ready(false)));
                    self.report(Report::Received(Signal::Ready(true)));
                    self.host.cable_lost(now);
                }
            }
            FromEnd::Signal(signal) => {
                if let Signal::Ready(ready) = signal {
                    self.imp_is(now, if ready { ImpState::Ready } else { ImpState::NotReady });
                }
                self.host_hears(now, signal);
            }
        }
    }
}

impl Machine for HostOnCable {
    type Input = ToHost;
    type Output = FromHost;

    fn handle(&mut self, now: Instant, input: ToHost) {
        match input {
            ToHost::Boot => self.host.boot(now),
            ToHost::Line(line) => self.host.type_line(now, &line),
            ToHost::Datagram(bytes) => self.end.handle(now, Input::Datagram(bytes)),
            ToHost::Refused => self.refused(now),
            ToHost::Notice(notice) => self.host.operator_says(now, &notice),
            ToHost::GoDown => self.go_down(now),
        }
        self.carry(now);
    }

    fn poll(&mut self) -> Option<FromHost> {
        self.out.pop_front()
    }

    fn deadline(&self) -> Option<Instant> {
        [self.host.deadline(), self.end.deadline(), self.announcement].into_iter().flatten().min()
    }

    fn alarm(&mut self, now: Instant) {
        if self.host.deadline().is_some_and(|deadline| deadline <= now) {
            self.host.alarm(now);
        }
        // An IMP may be there now that sends nothing.
        if self.end.next_call().is_some_and(|call| call <= now) && !std::mem::take(&mut self.refused) {
            self.imp_is(now, ImpState::Silent);
        }
        self.end.alarm(now);
        if self.announcement.is_some_and(|announcement| announcement <= now) {
            self.announce(now);
        }
        self.carry(now);
    }
}
