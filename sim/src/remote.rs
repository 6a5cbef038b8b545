//! The near end of a cable whose host is outside of the simulation.

use std::collections::VecDeque;

use imp1822::Signal;
use imp1822::h316::{ImpEnd, Input, Output, Statistics, Trouble};
use machine::{Instant, Machine, Span};

use crate::output::NodeOutput;

/// A starting IMP holds its ready line down this long (measured on an emulated H316).
const NOT_READY: Span = Span::from_millis(100);

/// A remote host, as its IMP sees it: signals of the subnet go in, and come out as datagrams; datagrams that arrive come
/// out as signals. Its buffers are drained after every input.
pub(crate) struct RemoteHost {
    end: ImpEnd,
    /// When the IMP is to show that it is ready.
    raise: Option<Instant>,
    troubles: VecDeque<Trouble>,
    signals: VecDeque<Signal>,
    datagrams: VecDeque<Vec<u8>>,
}

impl RemoteHost {
    /// A cable whose IMP starts.
    pub(crate) fn new(now: Instant) -> Self {
        let mut remote = RemoteHost {
            end: ImpEnd::new(),
            raise: Some(now + NOT_READY),
            troubles: VecDeque::new(),
            signals: VecDeque::new(),
            datagrams: VecDeque::new(),
        };
        // A host that is up learns from this that its IMP has started anew.
        remote.take(now, Input::Signal(Signal::Ready(false)));
        remote
    }

    /// A datagram has arrived from the host.
    pub(crate) fn deliver(&mut self, now: Instant, datagram: &[u8]) {
        self.take(now, Input::Datagram(datagram.to_vec()));
    }

    /// What has been counted at the cable.
    pub(crate) fn statistics(&self) -> Statistics {
        self.end.statistics()
    }

    fn take(&mut self, now: Instant, input: Input) {
        self.end.handle(now, input);
        self.drain_end();
    }

    fn drain_end(&mut self) {
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

impl Machine for RemoteHost {
    type Input = Signal;
    type Output = NodeOutput;

    fn handle(&mut self, now: Instant, signal: Signal) {
        if let Signal::Ready(_) = signal {
            self.raise = None;
        }
        self.take(now, Input::Signal(signal));
    }

    /// Troubles come first: what is wrong with datagrams is why a signal behind them is not what was to be expected.
    fn poll(&mut self) -> Option<NodeOutput> {
        let trouble = self.troubles.pop_front().map(NodeOutput::Trouble);
        trouble
            .or_else(|| self.signals.pop_front().map(NodeOutput::ToImp))
            .or_else(|| self.datagrams.pop_front().map(NodeOutput::Datagram))
    }

    fn deadline(&self) -> Option<Instant> {
        [self.raise, self.end.deadline()].into_iter().flatten().min()
    }

    fn alarm(&mut self, now: Instant) {
        self.end.alarm(now);
        self.drain_end();
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

    fn flags(remote: &mut RemoteHost) -> Vec<String> {
        let outputs = std::iter::from_fn(|| remote.poll()).filter_map(|output| match output {
            NodeOutput::Datagram(bytes) => {
                Some(Datagram::parse(&bytes).expect("it is ours").flags.to_string())
            }
            NodeOutput::Trouble(_) | NodeOutput::Note(_) | NodeOutput::ToImp(_) => None,
        });
        outputs.collect()
    }

    #[test]
    fn an_imp_that_starts_is_not_ready_and_then_it_is() {
        let mut remote = RemoteHost::new(Instant::START);
        assert_eq!(flags(&mut remote), ["LAST"]);
        let raise = remote.deadline().expect("it will be ready");
        remote.alarm(raise);
        assert_eq!(flags(&mut remote), ["READY LAST"]);
        assert_eq!(remote.deadline(), None);
    }

    #[test]
    fn what_the_host_sends_comes_out_as_signals() {
        let (mut host, mut remote) = (HostEnd::default(), RemoteHost::new(Instant::START));
        let nop = Signal::Message(ToImp::Nop.bits());
        for signal in [Signal::Ready(true), nop.clone()] {
            host.handle(Instant::START, Input::Signal(signal));
        }
        while let Some(output) = host.poll() {
            if let Output::Datagram(bytes) = output {
                remote.deliver(Instant::START, &bytes);
            }
        }
        let signals = std::iter::from_fn(|| remote.poll()).filter_map(|output| match output {
            NodeOutput::ToImp(signal) => Some(signal),
            NodeOutput::Trouble(_) | NodeOutput::Note(_) | NodeOutput::Datagram(_) => None,
        });
        assert_eq!(signals.collect::<Vec<_>>(), [Signal::Ready(true), nop]);
    }
}
