//! The host's side of the cable: the ready line, and the messages that concern the cable itself.

use std::collections::VecDeque;
use std::fmt;

use machine::{Bits, Instant, Machine};

use crate::{FromImp, ToImp};

/// What crosses a host's cable, in either direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// The sender's ready line goes up or down.
    Ready(bool),
    /// A message.
    Message(Bits),
}

/// What the interface tells the layer above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// To the cable.
    ToImp(Signal),
    /// The IMP became ready: messages may be sent.
    Up,
    /// What was outstanding will not be answered, and why.
    Down(Outage),
    /// A message that concerns a link or another host. The leader has been read.
    Message(FromImp, Bits),
}

/// Why nothing that is outstanding between a host and its IMP will be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// The IMP's ready line is down.
    ImpDown,
    /// The IMP has thrown away what it held for the host, and is there (type 10; RFC 381).
    Reset,
    /// Something was lost on the cable itself, and both ends are there. A cable of 1972 loses nothing.
    CableLoss,
}

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outage::ImpDown => "own IMP down",
            Outage::Reset => "own IMP has reset the interface",
            Outage::CableLoss => "something was lost on the cable to the own IMP",
        })
    }
}

/// The interface of a host. It raises the host's ready line, greets a ready IMP with NOPs as 1822 asks, and
/// keeps from the layer above what only concerns the cable.
#[derive(Debug, Default)]
pub struct Interface {
    out: VecDeque<News>,
}

/// How many NOPs greet an IMP. Report 1822 leaves the first message after the ready line rises to be lost,
/// and RFC 394 asks for at least two.
const GREETING: usize = 3;

impl Interface {
    /// An interface whose ready line has just been raised.
    pub fn new() -> Self {
        Interface { out: VecDeque::from([News::ToImp(Signal::Ready(true))]) }
    }

    /// Something was lost on the cable, whoever has found out. The IMP is ready, and what was outstanding may never be
    /// answered.
    pub fn cable_lost(&mut self) {
        self.begin_anew(Outage::CableLoss);
    }

    /// Hears a message, and returns it if it concerns a link or another host. What concerns the cable becomes
    /// [news](Interface::poll).
    pub fn hear(&mut self, bits: &Bits) -> Option<FromImp> {
        match FromImp::parse(bits) {
            // Padding and what is shorter than a leader carry nothing for a host.
            Ok(FromImp::Nop) | Err(_) => None,
            // The IMP threw away what it held: two NOPs at least go back (RFC 394), and what was
            // outstanding is lost.
            Ok(FromImp::InterfaceReset) => {
                self.begin_anew(Outage::Reset);
                None
            }
            Ok(message) => Some(message),
        }
    }

    /// Whether there is no news.
    pub fn is_at_rest(&self) -> bool {
        self.out.is_empty()
    }

    /// Keeps no room for news that may come.
    pub fn let_go_of_room(&mut self) {
        self.out.shrink_to_fit();
    }

    fn begin_anew(&mut self, outage: Outage) {
        self.out.push_back(News::Down(outage));
        self.greet();
        self.out.push_back(News::Up);
    }

    fn greet(&mut self) {
        let nop = Signal::Message(ToImp::Nop.bits());
        self.out.extend((0..GREETING).map(|_| News::ToImp(nop.clone())));
    }
}

impl Machine for Interface {
    type Input = Signal;
    type Output = News;

    fn handle(&mut self, _: Instant, signal: Signal) {
        match signal {
            // The IMP came up: greet it, then let the layer above speak.
            Signal::Ready(true) => {
                self.greet();
                self.out.push_back(News::Up);
            }
            // The IMP went down: nothing that is outstanding will be answered.
            Signal::Ready(false) => self.out.push_back(News::Down(Outage::ImpDown)),
            Signal::Message(bits) => {
                if let Some(message) = self.hear(&bits) {
                    self.out.push_back(News::Message(message, bits));
                }
            }
        }
    }

    fn poll(&mut self) -> Option<News> {
        self.out.pop_front()
    }

    fn deadline(&self) -> Option<Instant> {
        None
    }

    fn alarm(&mut self, _: Instant) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drained(interface: &mut Interface) -> Vec<News> {
        std::iter::from_fn(|| interface.poll()).collect()
    }

    #[test]
    fn a_ready_imp_is_greeted_with_nops_before_anything_else() {
        let mut interface = Interface::new();
        assert_eq!(drained(&mut interface), [News::ToImp(Signal::Ready(true))]);
        interface.handle(Instant::START, Signal::Ready(true));
        let nop = News::ToImp(Signal::Message(ToImp::Nop.bits()));
        assert_eq!(drained(&mut interface), [nop.clone(), nop.clone(), nop, News::Up]);
    }

    #[test]
    fn a_reset_means_down_then_up_and_at_least_two_nops() {
        let mut interface = Interface::new();
        drained(&mut interface);
        interface.handle(Instant::START, Signal::Message(FromImp::InterfaceReset.bits()));
        let news = drained(&mut interface);
        assert_eq!(news.first(), Some(&News::Down(Outage::Reset)));
        assert_eq!(news.last(), Some(&News::Up));
        assert!(news.len() >= 4, "RFC 394 asks for two NOPs: {news:?}");
    }

    #[test]
    fn only_a_ready_line_that_drops_says_that_the_imp_is_down() {
        let mut interface = Interface::new();
        drained(&mut interface);
        interface.handle(Instant::START, Signal::Ready(false));
        assert_eq!(drained(&mut interface), [News::Down(Outage::ImpDown)]);
        interface.handle(Instant::START, Signal::Ready(true));
        drained(&mut interface);
        interface.cable_lost();
        let news = drained(&mut interface);
        assert_eq!(news.first(), Some(&News::Down(Outage::CableLoss)));
        assert_eq!(news.last(), Some(&News::Up), "it was ready all the time");
    }

    #[test]
    fn a_message_shorter_than_a_leader_is_ignored() {
        let mut interface = Interface::new();
        drained(&mut interface);
        interface.handle(Instant::START, Signal::Message(Bits::from_bytes(&[5, 13])));
        assert!(drained(&mut interface).is_empty());
    }
}
