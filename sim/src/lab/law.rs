//! The laws of the laboratory.

use machine::Span;

/// What must hold of every run, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Nothing panics.
    NoPanic,
    /// What users were told of files agrees with the files.
    Truth,
    /// The monitor has seen nothing that no fault explains.
    Monitor,
    /// What the scenario itself demands.
    Demand,
    /// Every program is done, or waits for its user, [`DONE_WITHIN`] after the last thing that broke or healed, or was typed.
    Done,
    /// Nothing is left that nobody owns.
    NothingLeft,
    /// Where nothing is broken, nothing goes wrong between hosts.
    NothingByItself,
    /// What nothing disturbs is done. Where IMPs throw messages away in the run without faults and
    /// without other policies, too, it is not judged of runs in which they do.
    Undisturbed,
    /// The same seed gives the same run.
    SameAgain,
}

/// How long a program may be at work when nothing breaks any more: the longest chain of patience of those that move files. A
/// data connection stands still, and its server gives it up; the other one's last word got lost; the transfer is aborted and the
/// dialogue closed, where each of five things that are sent, answered or closed may be waited for in vain. All that is below is
/// more impatient: NCPs give up after two minutes, and so do IMPs. What takes longer moves, or waits without an end.
pub const DONE_WITHIN: Span = Span::from_micros(
    ftp_server::LONGEST_STALL.as_micros()
        + rsexec::FINAL_REPLY_TIMEOUT.as_micros()
        + 5 * ftp_user::REPLY_TIMEOUT.as_micros(),
);
