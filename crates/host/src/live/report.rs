//! What a live host tells the one who runs it.

use imp1822::Signal;
use imp1822::h316::Trouble;
use machine::Span;

use crate::{Note, Prompt};

/// What the driver knows of the IMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImpState {
    /// The ready line has been raised, and the IMP says nothing.
    Silent,
    /// The machine is there, but nothing in it takes datagrams at that port.
    Refusing,
    /// It has said that it is not ready.
    NotReady,
    /// It is ready.
    Ready,
}

/// What a live host tells the one who runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// The host puts a signal on its cable.
    Sent(Signal),
    /// A signal has reached the host.
    Received(Signal),
    /// Something happened inside the host.
    Note(Note),
    /// Something is wrong with the datagrams from the IMP, or with ours.
    Trouble(Trouble),
    /// The state of the IMP is another one now.
    Imp(ImpState),
    /// A program begins to wait for a line to be typed, or no longer does.
    Asks(Option<Prompt>),
    /// What was typed last was not done, or not all of it: the program has printed why.
    NotDone,
    /// The host is down, and takes for this long what its IMP still sends.
    Lingers(Span),
}

/// How long after an IMP's ready line rises no line is typed and no reset announced: the IMP may still greet its host
/// with a reset, which throws away what was begun.
pub(super) const SETTLING_TIME: Span = Span::from_secs(1);
