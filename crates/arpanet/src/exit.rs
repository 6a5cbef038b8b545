//! Exit statuses: what scripts get.

use std::process::ExitCode;

/// How a command ended. Of several errors, the greatest decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Everything held, or was done.
    Held,
    /// Something in a scenario did not hold, a capture breaks off, or a host never heard its IMP.
    Failed,
    /// There was nothing to do, or something could not be read, written or opened.
    Unusable,
    /// A capture was read to its end with `--strict`, and it shows that a rule was broken; or it was
    /// played, and something else was answered.
    RuleBroken,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        let status: u8 = match exit {
            Exit::Held => 0,
            Exit::Failed => 1,
            Exit::Unusable => 2,
            Exit::RuleBroken => 3,
        };
        ExitCode::from(status)
    }
}
