//! What crosses the lines between the IMPs, as a watcher of the lines sees it.

use std::fmt;

use imp1822::HostAddress;

/// A frame begins to cross a line.
///
/// Printed as `5>30 message 12 packet 1 (last), host 69 to 134, 216 bits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    /// The IMP that it leaves.
    pub from_imp: u8,
    /// The IMP at the other end of the line.
    pub to_imp: u8,
    /// The IMP where the packet began.
    pub source: u8,
    /// The IMP where it will end.
    pub destination: u8,
    /// What it carries.
    pub what: Carried,
    /// Whether it was sent over this line before and not acknowledged.
    pub again: bool,
    /// How many bits it has on the line, framing included.
    pub bits: usize,
}

/// What crosses a line. Message numbers count for each pair of IMPs and have eight bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// A part of a message.
    Data {
        /// The message number.
        number: u8,
        /// Which packet of the message, counted from 1.
        packet: u8,
        /// Whether it is the last one.
        last: bool,
        /// The source host.
        from: HostAddress,
        /// The destination host.
        to: HostAddress,
        /// The place among priority messages, in two bits, if it is one.
        order: Option<u8>,
    },
    /// REQ(8): the source asks for room for a message of several packets.
    Request {
        /// The message number.
        number: u8,
    },
    /// ALL(1): there is room for a single packet now.
    AllocateOne {
        /// The message number.
        number: u8,
    },
    /// ALL(8): there is room for a message of several packets.
    AllocateEight,
    /// GVB(8): the room is not needed.
    GiveBack,
    /// The message has reached its host.
    Rfnm {
        /// The message number.
        number: u8,
        /// Whether room for another message of several packets goes with it.
        allocate: bool,
    },
    /// The message's host is dead.
    HostDead {
        /// The message number.
        number: u8,
    },
    /// The message's host did not take it for 30 seconds.
    HostTardy {
        /// The message number.
        number: u8,
    },
    /// INC?: the source asks whether the message was lost.
    Inquiry {
        /// The message number.
        number: u8,
    },
    /// INC!: it was.
    Incomplete {
        /// The message number.
        number: u8,
    },
    /// The rest of the message will not come.
    Withdrawal {
        /// The message number.
        number: u8,
    },
    /// Nothing: a packet that the next IMP did not take for 30 seconds was thrown away.
    Void,
    /// Acknowledgements that no packet could carry.
    Acknowledgements,
    /// What one IMP thinks of the ways to all others.
    Routing,
}

impl Carried {
    /// Whether it serves the line alone: acknowledgements, routing messages, and packets that say nothing.
    pub fn is_of_the_line(self) -> bool {
        match self {
            Carried::Void | Carried::Acknowledgements | Carried::Routing => true,
            Carried::Data { .. }
            | Carried::Request { .. }
            | Carried::AllocateOne { .. }
            | Carried::AllocateEight
            | Carried::GiveBack
            | Carried::Rfnm { .. }
            | Carried::HostDead { .. }
            | Carried::HostTardy { .. }
            | Carried::Inquiry { .. }
            | Carried::Incomplete { .. }
            | Carried::Withdrawal { .. } => false,
        }
    }
}

impl fmt::Display for Crossing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Crossing { from_imp, to_imp, source, destination, what, again, bits } = self;
        write!(f, "{from_imp}>{to_imp} ")?;
        match what {
            Carried::Data { number, packet, last, from, to, order } => {
                if let Some(order) = order {
                    write!(f, "priority {order} ")?;
                }
                let last = if *last { " (last)" } else { "" };
                write!(f, "message {number} packet {packet}{last}, host {from} to {to}")?;
            }
            Carried::Request { number } => write!(f, "REQ(8) {number}")?,
            Carried::AllocateOne { number } => write!(f, "ALL(1) {number}")?,
            Carried::AllocateEight => f.write_str("ALL(8)")?,
            Carried::GiveBack => f.write_str("GVB(8)")?,
            Carried::Rfnm { number, allocate: false } => write!(f, "RFNM {number}")?,
            Carried::Rfnm { number, allocate: true } => write!(f, "RFNM {number} and ALL(8)")?,
            Carried::HostDead { number } => write!(f, "host dead {number}")?,
            Carried::HostTardy { number } => write!(f, "host tardy {number}")?,
            Carried::Inquiry { number } => write!(f, "INC? {number}")?,
            Carried::Incomplete { number } => write!(f, "INC! {number}")?,
            Carried::Withdrawal { number } => write!(f, "withdrawn {number}")?,
            Carried::Void => f.write_str("void")?,
            Carried::Acknowledgements => f.write_str("acknowledgements")?,
            Carried::Routing => f.write_str("routing")?,
        }
        // A part of a message names its hosts, and what serves the line alone goes no further.
        if !matches!(what, Carried::Data { .. }) && !what.is_of_the_line() {
            write!(f, ", IMP {source} to {destination}")?;
        }
        write!(f, ", {bits} bits{}", if *again { ", again" } else { "" })
    }
}
