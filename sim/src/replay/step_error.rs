//! Why a step could not be taken or did not hold.

/// Why a step could not be taken or did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StepError {
    /// Something is not as the step says it should be.
    Mismatch(String),
    /// What the step waits for does not come about.
    Timeout(String),
}
