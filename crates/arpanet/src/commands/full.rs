//! What only the whole command does: the feature `full`.

use sim::Outcome;

pub(crate) use super::account::run as account;
pub(crate) use super::bridge::run as bridge;
pub(crate) use super::host::run as host;
pub(super) use super::live_net::run as live_net;
pub(crate) use super::manual::{completions, man};
pub(crate) use super::ncc::run as ncc;
pub(crate) use super::orders::run as orders;
pub(super) use super::play::run as play;
pub(crate) use super::step::run as step;
pub(crate) use super::sweep::run as sweep;
use crate::error::CommandError;
use crate::verbose;

/// Logs every record of a run.
pub(super) fn log(outcome: &Outcome, color: bool) -> Result<(), CommandError> {
    verbose::log(outcome, color);
    Ok(())
}
