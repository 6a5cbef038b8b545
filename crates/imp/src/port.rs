//! Where a host's cable enters its IMP.

use std::collections::VecDeque;

use imp1822::{HostAddress, Link};
use machine::Bits;

use crate::packet::Message;

/// What the IMP knows of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostLine {
    /// Its ready line is down: the host is dead.
    Down,
    /// Its ready line is up.
    Up,
    /// Its ready line is up, and it has said that it is about to stop (type 2).
    Leaving,
}

impl HostLine {
    /// Whether the ready line is up.
    pub fn is_up(self) -> bool {
        match self {
            HostLine::Down => false,
            HostLine::Up | HostLine::Leaving => true,
        }
    }
}

/// One host's cable, with what waits at either end. Bits cross it one after the other in each direction, and
/// in both at once.
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) address: HostAddress,
    pub(crate) line: HostLine,
    /// Counts the times that the cable was cleared: what was on it before means nothing afterwards.
    pub(crate) cuts: u32,
    /// Messages from the host, the one on the cable first.
    pub(crate) input: VecDeque<Bits>,
    pub(crate) intake: Intake,
    /// Messages for the host, the one on the cable first.
    pub(crate) output: VecDeque<Delivery>,
}

/// What the IMP does with the host's output.
#[derive(Debug)]
pub(crate) enum Intake {
    /// Nothing: there is none.
    Idle,
    /// The first message of the input is on the cable.
    Taking,
    /// This message is in the IMP, which cannot send it yet. The host must wait.
    Held(Message, Link),
}

/// A message for a host.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) text: Bits,
    /// To whom a RFNM is due when the first packet is in the host.
    pub(crate) receipt: Option<Receipt>,
}

/// Names a message to the IMP that it came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Receipt {
    pub(crate) source: u8,
    pub(crate) life: u32,
    pub(crate) number: u8,
}

impl Port {
    pub(crate) fn new(address: HostAddress) -> Self {
        Port {
            address,
            line: HostLine::Down,
            cuts: 0,
            input: VecDeque::new(),
            intake: Intake::Idle,
            output: VecDeque::new(),
        }
    }

    /// Throws away all that is on the cable or waits for it. Answers what waited for the host.
    pub(crate) fn clear(&mut self) -> VecDeque<Delivery> {
        self.cuts += 1;
        self.input.clear();
        self.intake = Intake::Idle;
        std::mem::take(&mut self.output)
    }

    /// Takes the message that waits in the IMP to be sent to `imp`, if one does.
    pub(crate) fn take_held(&mut self) -> Option<(Message, Link)> {
        match std::mem::replace(&mut self.intake, Intake::Idle) {
            Intake::Held(message, link) => Some((message, link)),
            other @ (Intake::Idle | Intake::Taking) => {
                self.intake = other;
                None
            }
        }
    }
}
