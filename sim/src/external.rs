//! The near end of a cable whose host is outside of the simulation.

use std::collections::VecDeque;

use imp1822::Signal;
use imp1822::h316::{ImpEnd, Input, Output, Statistics, Trouble};
use machine::{Instant, Machine, Span};

/// For so long an IMP that begins to live shows that it is not ready (measured at an emulated one).
const NOT_READY: Span = Span::from_millis(100);

/// A host outside, as its IMP has it: signals of the subnet go in, and come out as datagrams; datagrams that are heard
/// come out as signals. It keeps no more than it was handed since it was last asked.
pub(crate) struct External {
    end: ImpEnd,
    /// When the IMP is to show that it is ready.
    raise: Option<Instant>,
    signals: VecDeque<Signal>,
    datagrams: VecDeque<Vec<u8>>,
    troubles: VecDeque<Trouble>,
}

impl External {
    /// A cable whose IMP begins to live.
    pub(crate) fn new(now: Instant) -> Self {
        let mut external = External {
            end: ImpEnd::new(),
            raise: Some(now + NOT_READY),
            signals: VecDeque::new(),
            datagrams: VecDeque::new(),
            troubles: VecDeque::new(),
        };
        // A host that is up hears so that its IMP has begun anew.
        external.take(now, Input::Signal(Signal::Ready(false)));
        external
    }

    /// A datagram has arrived from where the host is.
    pub(crate) fn hear(&mut self, now: Instant, datagram: &[u8]) {
        self.take(now, Input::Datagram(datagram.to_vec()));
    }

    /// The datagrams that are to be sent.
    pub(crate) fn datagrams(&mut self) -> impl Iterator<Item = Vec<u8>> {
        std::mem::take(&mut self.datagrams).into_iter()
    }

    /// What is wrong with the datagrams.
    pub(crate) fn troubles(&mut self) -> impl Iterator<Item = Trouble> {
        std::mem::take(&mut self.troubles).into_iter()
    }

    /// What has been counted.
    pub(crate) fn statistics(&self) -> Statistics {
        self.end.statistics()
    }

    fn take(&mut self, now: Instant, input: Input) {
        self.end.handle(now, input);
        while let Some(output) = self.end.poll() {
            match output {
                Output::Datagram(bytes) => self.datagrams.push_back(bytes),
                Output::Signal(signal) => self.signals.push_back(signal),
                Output::Trouble(trouble) => self.troubles.push_back(trouble),
                // Only hosts call.
                Output::Called(_) => {}
            }
        }
    }
}

impl Machine for External {
    type Input = Signal;
    type Output = Signal;

    fn handle(&mut self, now: Instant, signal: Signal) {
        if let Signal::Ready(_) = signal {
            self.raise = None;
        }
        self.take(now, Input::Signal(signal));
    }

    fn poll(&mut self) -> Option<Signal> {
        self.signals.pop_front()
    }

    fn deadline(&self) -> Option<Instant> {
        self.raise
    }

    fn alarm(&mut self, now: Instant) {
        if self.raise.is_some_and(|raise| raise <= now) {
            self.raise = None;
            self.take(now, Input::Signal(Signal::Ready(true)));
        }
    }
}

#[cfg(test)]
mod tests {
    use imp1822::ToImp;
    use imp1822::h316::{Datagram, HostEnd};

    use super::*;

    fn flags(external: &mut External) -> Vec<String> {
        let datagrams = external.datagrams();
        datagrams.map(|bytes| Datagram::parse(&bytes).expect("it is ours").flags.to_string()).collect()
    }

    #[test]
    fn an_imp_that_begins_to_live_is_not_ready_and_then_it_is() {
        let mut external = External::new(Instant::START);
        assert_eq!(flags(&mut external), ["LAST"]);
        let raise = external.deadline().expect("it will be ready");
        external.alarm(raise);
        assert_eq!(flags(&mut external), ["READY LAST"]);
        assert_eq!(external.deadline(), None);
    }

    #[test]
    fn what_the_host_says_comes_out_as_signals() {
        let (mut host, mut external) = (HostEnd::default(), External::new(Instant::START));
        let nop = Signal::Message(ToImp::Nop.bits());
        for signal in [Signal::Ready(true), nop.clone()] {
            host.handle(Instant::START, Input::Signal(signal));
        }
        while let Some(output) = host.poll() {
            if let Output::Datagram(bytes) = output {
                external.hear(Instant::START, &bytes);
            }
        }
        let heard: Vec<Signal> = std::iter::from_fn(|| external.poll()).collect();
        assert_eq!(heard, [Signal::Ready(true), nop]);
    }
}
