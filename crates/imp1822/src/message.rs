//! What leaders mean in each direction: the message types and subtypes of RFC 381 and RFC 394.

use std::fmt;

use machine::{Bits, Short, Span};

use crate::{HostAddress, Leader, Link};

/// A message from a host to its IMP, by its leader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToImp {
    /// Type 0: text for another host follows the leader.
    Regular {
        /// The destination.
        to: HostAddress,
        /// The link.
        link: Link,
        /// Whether the message may overtake others.
        priority: bool,
    },
    /// Type 1: the host saw an error in a message that it cannot name.
    ErrorWithoutId,
    /// Type 2: the host is about to stop.
    GoingDown,
    /// Type 4: nothing; sent when the ready line comes up, to let hardware settle.
    Nop,
    /// Type 8: the host saw an error in a message from the given host on the given link.
    ErrorWithId {
        /// Whose message it was.
        from: HostAddress,
        /// The link.
        link: Link,
    },
    /// A type that no document gives a host.
    Unknown(Leader),
}

impl ToImp {
    /// Reads the leader of a message from a host.
    pub fn parse(message: &Bits) -> Result<Self, Short> {
        Ok(Leader::parse(&mut message.reader())?.into())
    }

    /// The message that has no text.
    pub fn bits(self) -> Bits {
        bare(self.into())
    }
}

impl From<Leader> for ToImp {
    fn from(leader: Leader) -> Self {
        match leader.kind {
            0 => ToImp::Regular { to: leader.address, link: leader.link, priority: leader.priority },
            1 => ToImp::ErrorWithoutId,
            2 => ToImp::GoingDown,
            4 => ToImp::Nop,
            8 => ToImp::ErrorWithId { from: leader.address, link: leader.link },
            _ => ToImp::Unknown(leader),
        }
    }
}

impl From<ToImp> for Leader {
    fn from(message: ToImp) -> Self {
        match message {
            ToImp::Regular { to, link, priority } => {
                Leader { address: to, link, priority, ..Leader::of_kind(0) }
            }
            ToImp::ErrorWithoutId => Leader::of_kind(1),
            ToImp::GoingDown => Leader::of_kind(2),
            ToImp::Nop => Leader::of_kind(4),
            ToImp::ErrorWithId { from, link } => Leader { address: from, link, ..Leader::of_kind(8) },
            ToImp::Unknown(leader) => leader,
        }
    }
}

/// A message from an IMP to its host, by its leader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FromImp {
    /// Type 0: text from another host follows the leader.
    Regular {
        /// The source.
        from: HostAddress,
        /// The link.
        link: Link,
        /// Whether the message could overtake others.
        priority: bool,
    },
    /// Type 0 with bit 2: text from a fake host, a program of an IMP, follows the leader. No host can send one, and the IMPs'
    /// programs do not speak the hosts' protocols.
    FakeHost {
        /// The source: the IMP, and which of its programs.
        from: HostAddress,
        /// The link.
        link: Link,
        /// Whether the message could overtake others.
        priority: bool,
    },
    /// Type 1: the IMP could not make sense of a message from this host.
    ErrorInLeader {
        /// What was wrong with it.
        why: LeaderError,
        /// The link that it carried, where that could be read.
        link: Link,
    },
    /// Type 2: the IMP will stop.
    GoingDown(GoingDown),
    /// Type 4: nothing.
    Nop,
    /// Type 5: ready for the next message, on that link to that host. The last one arrived.
    Rfnm {
        /// Whom the message was for.
        to: HostAddress,
        /// The link that it was on.
        link: Link,
    },
    /// Type 7: the message could not be delivered.
    DestinationDead {
        /// Whom the message was for.
        to: HostAddress,
        /// The link that it was on.
        link: Link,
        /// Which of the two is dead.
        why: Dead,
    },
    /// Type 7 with bit 2: a message for a fake host, a program of an IMP, could not be delivered. No NCP sends one; but
    /// when another IMP dies, the IMP program of 1973 tells a host what became of a report of its own. A fake host is not
    /// the host of the same number.
    FakeHostDead {
        /// Whom the message was for: the IMP, and which of its programs.
        to: HostAddress,
        /// The link that it was on.
        link: Link,
        /// Which of the two is dead.
        why: Dead,
    },
    /// Type 8: the data of the message were damaged on the way into the IMP.
    ErrorInData {
        /// Whom the message was for.
        to: HostAddress,
        /// The link that it was on.
        link: Link,
    },
    /// Type 9: the message was not, or may not have been, delivered.
    Incomplete {
        /// Whom the message was for.
        to: HostAddress,
        /// The link that it was on.
        link: Link,
        /// Why.
        why: Incomplete,
    },
    /// Type 10: the IMP has dropped its ready line and thrown away what it held for the host.
    InterfaceReset,
    /// A type that no document gives an IMP.
    Unknown(Leader),
}

impl FromImp {
    /// Reads the leader of a message from an IMP.
    pub fn parse(message: &Bits) -> Result<Self, Short> {
        Ok(Leader::parse(&mut message.reader())?.into())
    }

    /// The message that has no text.
    pub fn bits(self) -> Bits {
        bare(self.into())
    }
}

impl From<Leader> for FromImp {
    fn from(leader: Leader) -> Self {
        let Leader { address, link, priority, .. } = leader;
        match leader.kind {
            0 if leader.for_imp => FromImp::FakeHost { from: address, link, priority },
            0 => FromImp::Regular { from: address, link, priority },
            1 => FromImp::ErrorInLeader { why: LeaderError::from(leader.subtype), link },
            2 => FromImp::GoingDown(GoingDown::from_leader(leader)),
            4 => FromImp::Nop,
            5 => FromImp::Rfnm { to: address, link },
            7 => {
                let why = if leader.subtype & 1 == 0 { Dead::Imp } else { Dead::Host };
                if leader.for_imp {
                    FromImp::FakeHostDead { to: address, link, why }
                } else {
                    FromImp::DestinationDead { to: address, link, why }
                }
            }
            8 => FromImp::ErrorInData { to: address, link },
            9 => FromImp::Incomplete { to: address, link, why: Incomplete::from(leader.subtype) },
            10 => FromImp::InterfaceReset,
            _ => FromImp::Unknown(leader),
        }
    }
}

impl From<FromImp> for Leader {
    fn from(message: FromImp) -> Self {
        let about = |kind, address, link, subtype| Leader { address, link, subtype, ..Leader::of_kind(kind) };
        match message {
            FromImp::Regular { from, link, priority } => Leader { priority, ..about(0, from, link, 0) },
            FromImp::FakeHost { from, link, priority } => {
                Leader { priority, for_imp: true, ..about(0, from, link, 0) }
            }
            FromImp::ErrorInLeader { why, link } => about(1, HostAddress::from(0), link, why.into()),
            FromImp::GoingDown(going) => going.leader(),
            FromImp::Nop => Leader::of_kind(4),
            FromImp::Rfnm { to, link } => about(5, to, link, 0),
            FromImp::DestinationDead { to, link, why } => about(7, to, link, why.subtype()),
            FromImp::FakeHostDead { to, link, why } => {
                Leader { for_imp: true, ..about(7, to, link, why.subtype()) }
            }
            FromImp::ErrorInData { to, link } => about(8, to, link, 0),
            FromImp::Incomplete { to, link, why } => about(9, to, link, why.into()),
            FromImp::InterfaceReset => Leader::of_kind(10),
            FromImp::Unknown(leader) => leader,
        }
    }
}

fn bare(leader: Leader) -> Bits {
    Bits::from_bytes(&leader.bytes())
}

/// Makes an enum of numbered codes in which a number without a name survives as `Unknown`.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $number:literal = $variant:ident: $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A number that no document names.
            Unknown(u8),
        }

        impl From<u8> for $name {
            fn from(number: u8) -> Self {
                match number { $($number => $name::$variant,)+ other => $name::Unknown(other) }
            }
        }

        impl From<$name> for u8 {
            fn from(code: $name) -> u8 {
                match code { $($name::$variant => $number,)+ $name::Unknown(other) => other }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $($name::$variant => f.write_str($text),)+
                    $name::Unknown(other) => write!(f, "subtype {other}"),
                }
            }
        }
    };
}

codes! {
    /// What was wrong with a leader (type 1; RFC 381).
    LeaderError {
        /// The IMP's error flip-flop was set on the first 32 bits.
        0 = Garbled: "error flip-flop set on the leader",
        /// The message was shorter than a leader.
        1 = TooShort: "message shorter than a leader",
        /// The type is not one that a host may send.
        2 = IllegalType: "illegal message type",
    }
}

codes! {
    /// Why a transmission is incomplete (type 9; RFC 381 and RFC 394).
    Incomplete {
        /// The destination host did not take the message for 30 seconds.
        0 = HostTardy: "destination host did not take the message",
        /// The message is longer than 8095 bits.
        1 = TooLong: "message too long",
        /// More than 15 seconds passed between the first and the last bit into the IMP.
        2 = TooSlow: "message too slow into the IMP",
        /// The message was lost in the subnet.
        3 = Lost: "message lost in the subnet",
        /// The IMP could not get what it needs for the message within 15 seconds.
        4 = NoResources: "resources unavailable in the IMP",
    }
}

/// Which part of the destination is dead (type 7; RFC 381).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dead {
    /// Subtype 0: the IMP is dead, cannot be reached, or does not exist.
    Imp,
    /// Subtype 1: the host is dead or does not exist.
    Host,
}

impl Dead {
    /// Bits 29-32 of the leader that says so.
    fn subtype(self) -> u8 {
        match self {
            Dead::Imp => 0,
            Dead::Host => 1,
        }
    }
}

impl fmt::Display for Dead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dead::Imp => "IMP dead or out of reach",
            Dead::Host => "host dead",
        })
    }
}

/// An IMP's notice that it will stop (type 2; RFC 381, RFC 406).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoingDown {
    /// Bits 17-18.
    reason: Reason,
    /// Bits 19-22.
    how_soon: u8,
    /// Bits 23-32.
    how_long: u16,
}

impl GoingDown {
    /// The unit in which both times are counted.
    pub const UNIT: Span = Span::from_secs(300);

    /// How long before it stops an IMP gives its last warning.
    pub const LAST_NOTICE: Span = Span::from_secs(30);

    /// The last warning. All fields are zero: in 30 seconds.
    pub const LAST_WARNING: GoingDown = GoingDown { reason: Reason::Unsaid, how_soon: 0, how_long: 0 };

    /// A notice, with both times in units of five minutes, or `None` if one does not fit its field: `how_soon` is at most
    /// 15, and `how_long` at most 1023. Zero means in 30 seconds, and for a time that is not said.
    pub const fn new(reason: Reason, how_soon: u8, how_long: u16) -> Option<Self> {
        if how_soon < 16 && how_long < 1024 { Some(GoingDown { reason, how_soon, how_long }) } else { None }
    }

    /// Why the IMP will stop.
    pub const fn reason(self) -> Reason {
        self.reason
    }

    /// How soon it will stop.
    pub fn notice(self) -> Span {
        match self.how_soon {
            0 => GoingDown::LAST_NOTICE,
            units => GoingDown::UNIT * units.into(),
        }
    }

    /// For how long it will stop; zero if that is not said.
    pub fn outage(self) -> Span {
        GoingDown::UNIT * self.how_long.into()
    }

    fn from_leader(leader: Leader) -> Self {
        let low = u16::from(leader.link.number()) << 8 | u16::from(leader.unused << 4 | leader.subtype);
        let reason = match low >> 14 {
            0 => Reason::Unsaid,
            1 => Reason::Maintenance,
            2 => Reason::Reload,
            _ => Reason::Emergency,
        };
        GoingDown { reason, how_soon: (low >> 10 & 0xf) as u8, how_long: low & 0x3ff }
    }

    fn leader(self) -> Leader {
        let reason: u16 = match self.reason {
            Reason::Unsaid => 0,
            Reason::Maintenance => 1,
            Reason::Reload => 2,
            Reason::Emergency => 3,
        };
        let low = reason << 14 | u16::from(self.how_soon) << 10 | self.how_long;
        let [link, rest] = low.to_be_bytes();
        Leader { link: Link::from(link), unused: rest >> 4, subtype: rest & 0xf, ..Leader::of_kind(2) }
    }
}

/// Why an IMP will stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// 0: not said.
    Unsaid,
    /// 1: scheduled hardware maintenance.
    Maintenance,
    /// 2: scheduled software reload.
    Reload,
    /// 3: emergency reload or restart.
    Emergency,
}

/// Speaks as an operator would: `in 10 min for 30 min: scheduled maintenance`.
impl fmt::Display for GoingDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.how_soon {
            0 => f.write_str("in 30 s")?,
            soon => write!(f, "in {} min", u16::from(soon) * 5)?,
        }
        if self.how_long > 0 {
            write!(f, " for {} min", self.how_long * 5)?;
        }
        match self.reason {
            Reason::Unsaid => Ok(()),
            reason => write!(f, ": {reason}"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Unsaid => "no reason given",
            Reason::Maintenance => "scheduled hardware maintenance",
            Reason::Reload => "scheduled software reload",
            Reason::Emergency => "emergency reload or restart",
        })
    }
}

#[cfg(test)]
mod tests;
