//! The two ends of a cable.

use std::collections::VecDeque;

use machine::{Instant, Machine, Span};

use super::sender::{Cut, EMULATED_TEXT_WORDS, Sender};
use super::{Heard, MAX_MESSAGE_WORDS, Receiver, Speaker, Statistics, Trouble};
use crate::Signal;

/// What an end of a cable is handed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A datagram that arrived from the peer, whatever its bytes are.
    Datagram(Vec<u8>),
    /// What the machine at this end puts on the cable.
    Signal(Signal),
}

/// What an end of a cable hands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// To be sent to the peer, always from the same port.
    Datagram(Vec<u8>),
    /// For the machine at this end.
    Signal(Signal),
    /// A host's end has dropped or raised its ready line by itself, to be noticed.
    Called(bool),
    /// To be logged, perhaps; nothing needs to be done.
    Trouble(Trouble),
}

impl From<Heard> for Output {
    fn from(heard: Heard) -> Output {
        match heard {
            Heard::Signal(signal) => Output::Signal(signal),
            Heard::Trouble(trouble) => Output::Trouble(trouble),
        }
    }
}

/// How a host's end behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostSettings {
    /// How many words of a message go into one datagram at most: 1 to [`MAX_MESSAGE_WORDS`].
    pub datagram_words: usize,
    /// How many words of text may be sent without a warning; with `None`, as many as the network carries.
    pub text_limit: Option<usize>,
    /// How long the IMP may be silent after the ready line was raised. Then the line is dropped and raised again,
    /// because an IMP that has not noticed that it was down says nothing. Datagrams are numbered from 0 again: an
    /// emulated IMP that has lost the first one drops all that follow, as long as their numbers are lower than those of
    /// the host that was there before. Each time it is waited
    /// twice as long as before, up to [`HostEnd::LONGEST_PATIENCE`].
    pub patience: Span,
    /// How long datagrams that come before their turn wait for those that are missing.
    pub hold: Span,
}

impl Default for HostSettings {
    /// Every message in one datagram, as known hosts do it; a warning beyond what emulated IMPs take; a second;
    /// [`Receiver::HOLD`].
    fn default() -> Self {
        HostSettings {
            datagram_words: MAX_MESSAGE_WORDS,
            text_limit: Some(EMULATED_TEXT_WORDS),
            patience: Span::from_secs(1),
            hold: Receiver::HOLD,
        }
    }
}

/// The host's end of a cable.
///
/// When the host raises its ready line, the IMP is taken to be not ready until it is heard, so that its next
/// datagram tells the host [`Signal::Ready`]. An IMP that restarts is told as its ready line going down and up.
#[derive(Debug)]
pub struct HostEnd {
    settings: HostSettings,
    sender: Sender,
    receiver: Receiver,
    call: Call,
    /// What was sent; what was received is counted by the receiver.
    sent: Statistics,
    out: VecDeque<Output>,
}

/// What a host does until it hears its IMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    /// The IMP has been heard, or the host does not want to hear it.
    None,
    /// The ready line is up. It will be dropped if the IMP is silent until then.
    Up { until: Instant, patience: Span },
    /// The ready line is down for a moment, so that the IMP sees it rise.
    Down { until: Instant, patience: Span },
}

/// For how long a ready line is dropped so that an IMP notices (RFC 271): it looks every 640 ms.
const DROP: Span = Span::from_millis(700);

impl HostEnd {
    /// However long an IMP has been silent, it is called again after this.
    pub const LONGEST_PATIENCE: Span = Span::from_secs(32);

    /// The end of a cable whose host has not raised its ready line yet.
    pub fn new(settings: HostSettings) -> Self {
        let cut = Cut::Parts { words: settings.datagram_words, limit: settings.text_limit };
        HostEnd {
            settings,
            sender: Sender::new(cut),
            receiver: Receiver::new(Speaker::Imp).holding(settings.hold),
            call: Call::None,
            sent: Statistics::default(),
            out: VecDeque::new(),
        }
    }

    /// What has been counted.
    pub fn statistics(&self) -> Statistics {
        self.sent + self.receiver.statistics()
    }

    /// Whether the IMP's ready line is up, as far as is known.
    pub fn is_imp_ready(&self) -> bool {
        self.receiver.is_ready()
    }

    /// Skips `datagrams` sequence numbers, so that the receiver sees them as lost: for captures of a cable that lost some.
    pub fn pass_over(&mut self, datagrams: u32) {
        self.sender.pass_over(datagrams);
    }

    /// When the IMP will have been silent for too long: the line is to be dropped then, or raised again.
    pub fn next_call(&self) -> Option<Instant> {
        match self.call {
            Call::None => None,
            Call::Up { until, .. } | Call::Down { until, .. } => Some(until),
        }
    }

    /// What the receiver has made of datagrams is handed out.
    fn hear(&mut self) {
        self.out.extend(std::iter::from_fn(|| self.receiver.poll()).map(Output::from));
    }

    fn ready(&mut self, ready: bool) {
        let datagram = self.sender.ready(ready, &mut self.sent);
        self.out.push_back(Output::Datagram(datagram));
    }

    /// Drops or raises the line so that the IMP notices.
    fn call(&mut self, ready: bool) {
        self.ready(ready);
        self.out.push_back(Output::Called(ready));
    }

    /// The IMP is heard: the line stays as the host wants it. An IMP that is not ready is given time; but that it
    /// has become ready may be lost, and then it would be waited for in vain.
    fn heard(&mut self, now: Instant) {
        if let Call::Down { .. } = self.call {
            self.call(true);
        }
        let patience = HostEnd::LONGEST_PATIENCE;
        let waits = self.sender.is_ready() && !self.receiver.is_ready();
        self.call = if waits { Call::Up { until: now + patience, patience } } else { Call::None };
    }

    fn message(&mut self, bits: &machine::Bits) {
        let HostEnd { sender, sent, out, .. } = self;
        let trouble = sender.message(bits, sent, |datagram| out.push_back(Output::Datagram(datagram)));
        out.extend(trouble.map(Output::Trouble));
    }
}

impl Default for HostEnd {
    fn default() -> Self {
        HostEnd::new(HostSettings::default())
    }
}

impl Machine for HostEnd {
    type Input = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            // The host comes up: whatever the IMP's line was, the host has yet to hear of it.
            Input::Signal(Signal::Ready(true)) => {
                self.receiver.forget_ready();
                self.ready(true);
                let patience = self.settings.patience;
                self.call = Call::Up { until: now + patience, patience };
            }
            // The host goes down, and does not want to hear anything.
            Input::Signal(Signal::Ready(false)) => {
                self.ready(false);
                self.call = Call::None;
            }
            Input::Signal(Signal::Message(bits)) => {
                // The line that was dropped to be noticed is the host's no longer: a message goes out on one that is up.
                if let Call::Down { patience, .. } = self.call {
                    self.call(true);
                    self.call = Call::Up { until: now + patience, patience };
                }
                self.message(&bits);
            }
            Input::Datagram(bytes) => {
                // The own line rises before the host hears anything, so that a capture of the cable shows both up.
                if self.receiver.receive(now, &bytes) {
                    self.heard(now);
                }
                self.hear();
            }
        }
    }

    fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    fn deadline(&self) -> Option<Instant> {
        [self.next_call(), self.receiver.deadline()].into_iter().flatten().min()
    }

    fn alarm(&mut self, now: Instant) {
        self.receiver.alarm(now);
        self.hear();
        match self.call {
            // The IMP is silent: drop the line, so that it is seen to rise.
            Call::Up { until, patience } if now >= until => {
                self.sender.begin_again();
                self.call(false);
                self.call = Call::Down { until: now + DROP, patience };
            }
            // It has been down long enough.
            Call::Down { until, patience } if now >= until => {
                self.call(true);
                let patience = (patience + patience).min(HostEnd::LONGEST_PATIENCE);
                self.call = Call::Up { until: now + patience, patience };
            }
            Call::None | Call::Up { .. } | Call::Down { .. } => {}
        }
    }
}

/// The IMP's end of a cable. When to raise the ready line and what to greet a host with is the IMP's business.
///
/// A host's message that is longer than any can be is handed on cut to 507 words, one more than the
/// longest, so that the IMP can refuse it. A host's message that ends with an empty datagram is taken for
/// whole, other than by the emulated IMPs, and complained about.
#[derive(Debug)]
pub struct ImpEnd {
    sender: Sender,
    receiver: Receiver,
    sent: Statistics,
    out: VecDeque<Output>,
}

impl ImpEnd {
    /// The end of a cable whose IMP has not raised its ready line yet.
    pub fn new() -> Self {
        ImpEnd::holding(Receiver::HOLD)
    }

    /// The same, but datagrams that come before their turn wait for so long for those that are missing.
    pub fn holding(hold: Span) -> Self {
        ImpEnd {
            sender: Sender::new(Cut::Packets),
            receiver: Receiver::new(Speaker::Host).holding(hold),
            sent: Statistics::default(),
            out: VecDeque::new(),
        }
    }

    /// What has been counted.
    pub fn statistics(&self) -> Statistics {
        self.sent + self.receiver.statistics()
    }

    /// Whether the host's ready line is up, as far as is known.
    pub fn is_host_ready(&self) -> bool {
        self.receiver.is_ready()
    }

    /// Skips `datagrams` sequence numbers, so that the receiver sees them as lost: for captures of a cable that lost some.
    pub fn pass_over(&mut self, datagrams: u32) {
        self.sender.pass_over(datagrams);
    }
}

impl Default for ImpEnd {
    fn default() -> Self {
        ImpEnd::new()
    }
}

impl Machine for ImpEnd {
    type Input = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input) {
        let ImpEnd { sender, receiver, sent, out } = self;
        match input {
            Input::Signal(Signal::Ready(ready)) => out.push_back(Output::Datagram(sender.ready(ready, sent))),
            Input::Signal(Signal::Message(bits)) => {
                let trouble =
                    sender.message(&bits, sent, |datagram| out.push_back(Output::Datagram(datagram)));
                out.extend(trouble.map(Output::Trouble));
            }
            Input::Datagram(bytes) => {
                receiver.receive(now, &bytes);
                out.extend(std::iter::from_fn(|| receiver.poll()).map(Output::from));
            }
        }
    }

    fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    fn deadline(&self) -> Option<Instant> {
        self.receiver.deadline()
    }

    fn alarm(&mut self, now: Instant) {
        let ImpEnd { receiver, out, .. } = self;
        receiver.alarm(now);
        out.extend(std::iter::from_fn(|| receiver.poll()).map(Output::from));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_imp_of_which_it_is_lost_that_it_became_ready_is_called_again() {
        let (mut host, mut imp) = (HostEnd::default(), ImpEnd::new());
        let said = |end: &mut dyn FnMut() -> Option<Output>| -> Vec<Vec<u8>> {
            let said = std::iter::from_fn(end);
            said.filter_map(|output| if let Output::Datagram(bytes) = output { Some(bytes) } else { None })
                .collect()
        };
        host.handle(Instant::START, Input::Signal(Signal::Ready(true)));
        imp.handle(Instant::START, Input::Signal(Signal::Ready(false)));
        for bytes in said(&mut || imp.poll()) {
            host.handle(Instant::START, Input::Datagram(bytes));
        }
        imp.handle(Instant::START, Input::Signal(Signal::Ready(true)));
        assert_eq!(said(&mut || imp.poll()).len(), 1, "this one is lost");
        said(&mut || host.poll());
        let again = host.deadline().expect("the host does not wait for ever");
        assert_eq!(again, Instant::START + HostEnd::LONGEST_PATIENCE);
        host.alarm(again);
        assert_eq!(said(&mut || host.poll()).len(), 1, "its ready line drops, to rise again");
        host.handle(again, Input::Signal(Signal::Ready(false)));
        assert_eq!(host.deadline(), None, "a host that is down waits for nothing");
    }
}
