//! What the log of the center says.

use std::fmt;

use imp1822::HostAddress;
use machine::Instant;

use crate::{Anomalies, Registers, ReportError, Restart};

/// How an IMP is, as far as it can be known from the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImpState {
    /// It has never reported.
    #[default]
    Unknown,
    /// It reports.
    Up,
    /// It no longer reports, but a neighbour says that its line to it is alive.
    Missing,
    /// It no longer reports, and neither do all of its neighbours, so that nobody can tell.
    CutOff,
    /// It no longer reports, and all of its neighbours say that their lines to it are dead.
    Down,
}

impl ImpState {
    /// One letter, for a summary.
    pub fn letter(self) -> char {
        match self {
            ImpState::Unknown => 'N',
            ImpState::Up => 'U',
            ImpState::Missing => 'M',
            ImpState::CutOff => 'C',
            ImpState::Down => 'D',
        }
    }
}

impl fmt::Display for ImpState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            ImpState::Unknown => "NOT KNOWN",
            ImpState::Up => "UP",
            ImpState::Missing => "REPORTS MISSING",
            ImpState::CutOff => "DOWN OR CUT OFF",
            ImpState::Down => "DOWN",
        })
    }
}

/// A line, by the IMPs at its ends: its minus end is the lower-numbered one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineId {
    /// The IMP at its minus end.
    pub minus: u8,
    /// The IMP at its plus end; the same where nothing but a loop was ever seen.
    pub plus: u8,
    /// Which of the lines between these two, from 0.
    pub nth: u8,
}

impl fmt::Display for LineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("{}-{}", self.minus, self.plus);
        if self.nth > 0 {
            text += &format!("/{}", self.nth + 1);
        }
        f.pad(&text)
    }
}

/// How a line is, as both of its ends have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LineState {
    /// One end alone cannot tell.
    #[default]
    Unknown,
    /// Both ends say so.
    Up,
    /// Both ends say so, or one does and the other IMP is down.
    Down,
    /// Only the minus end has it dead: nothing comes from plus to minus.
    DownToMinus,
    /// Only the plus end has it dead.
    DownToPlus,
    /// The minus end hears itself.
    LoopedAtMinus,
    /// The plus end hears itself.
    LoopedAtPlus,
    /// Both ends hear themselves.
    Looped,
}

impl LineState {
    /// One letter, for a summary.
    pub fn letter(self) -> char {
        match self {
            LineState::Unknown => 'N',
            LineState::Up => 'U',
            LineState::Down => 'D',
            LineState::DownToMinus | LineState::DownToPlus => 'O',
            LineState::LoopedAtMinus | LineState::LoopedAtPlus | LineState::Looped => 'L',
        }
    }
}

impl fmt::Display for LineState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            LineState::Unknown => "NOT KNOWN",
            LineState::Up => "UP",
            LineState::Down => "DOWN",
            LineState::DownToMinus => "DOWN TO MINUS END",
            LineState::DownToPlus => "DOWN TO PLUS END",
            LineState::LoopedAtMinus => "LOOPED AT MINUS END",
            LineState::LoopedAtPlus => "LOOPED AT PLUS END",
            LineState::Looped => "LOOPED",
        })
    }
}

/// Something that has changed, or that a report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// An IMP is in another state.
    Imp(u8, ImpState),
    /// A line is.
    Line(LineId, LineState),
    /// A host of an IMP went up or down.
    Host {
        /// The host.
        host: HostAddress,
        /// Whether it is up.
        up: bool,
    },
    /// An IMP's program has begun anew, or was asked to.
    Restart(u8, Restart),
    /// It came to a halt there.
    Halt(u8, Registers),
    /// It took a trap there.
    Trap(u8, Registers),
    /// It has another program than before.
    Version(u8, u16),
    /// One of its anomalies is there, or is there no longer: one bit of [`Anomalies`].
    Anomaly(u8, u16, bool),
    /// It tests this host interface; or with `None`, none.
    Test(u8, Option<u16>),
    /// A text that is no report.
    NoReport(HostAddress, ReportError),
    /// A report from where none can come.
    NoSuchImp(HostAddress),
    /// So much has changed at an IMP that the rest of this minute is not logged.
    TooMuch(u8),
}

/// As a line of the log, without the time.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let registers = |Registers { p, a, x }| format!("P {p:06o} A {a:06o} X {x:06o}");
        let up = |up: bool| if up { "UP" } else { "DOWN" };
        match *self {
            Change::Imp(imp, state) => write!(f, "IMP {imp} {state}"),
            Change::Line(line, state) => write!(f, "LINE {line} {state}"),
            Change::Host { host, up: is_up } => {
                write!(f, "HOST {} AT IMP {} {}", host.host(), host.imp(), up(is_up))
            }
            Change::Restart(imp, restart) => write!(f, "IMP {imp} {restart}"),
            Change::Halt(imp, at) => write!(f, "IMP {imp} HALT {}", registers(at)),
            Change::Trap(imp, at) => write!(f, "IMP {imp} TRAP {}", registers(at)),
            Change::Version(imp, version) => write!(f, "IMP {imp} VERSION {version:o}"),
            Change::Anomaly(imp, bit, is_there) => {
                let what = Anomalies::named(bit).next().unwrap_or_default();
                if is_there { write!(f, "IMP {imp} {what}") } else { write!(f, "IMP {imp} NO LONGER {what}") }
            }
            Change::Test(imp, Some(interface)) => write!(f, "IMP {imp} TESTS HOST INTERFACE {interface}"),
            Change::Test(imp, None) => write!(f, "IMP {imp} TESTS NO HOST INTERFACE"),
            Change::NoReport(from, why) => {
                write!(f, "IMP {}: NO REPORT: {}", from.imp(), why.to_string().to_uppercase())
            }
            Change::NoSuchImp(from) => {
                write!(f, "REPORT FROM HOST {} OF IMP {}, WHERE NONE COMES FROM", from.host(), from.imp())
            }
            Change::TooMuch(imp) => write!(f, "IMP {imp} CHANGES TOO FAST TO LOG"),
        }
    }
}

/// A line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// What.
    pub change: Change,
}
