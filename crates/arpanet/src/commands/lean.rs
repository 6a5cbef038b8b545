//! What stands in for the whole command in a build that only reads and replays: the same functions, and each says so.

use std::ffi::OsStr;

use clap::Command;
use sim::Outcome;

use super::account_args::AccountArgs;
use super::bridge_args::BridgeArgs;
use super::host_args::HostArgs;
use super::live_args::LiveArgs;
use super::manual_args::{CompletionsArgs, ManArgs};
use super::ncc_args::NccArgs;
use super::orders_args::OrdersArgs;
use super::read_args::ReadArgs;
use super::step_args::StepArgs;
use super::sweep_args::SweepArgs;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::Library;
use crate::terminal::Terminal;

/// Would put a host on its cable.
pub(crate) fn host(_: &HostArgs, _: &Library, _: Terminal) -> Result<Exit, CommandError> {
    Err(CommandError::NotInThisBuild("host"))
}

/// Would show the board of the control center.
pub(crate) fn ncc(_: &NccArgs, _: &Library, _: Terminal) -> Result<Exit, CommandError> {
    Err(CommandError::NotInThisBuild("ncc"))
}

/// Would try all orders.
pub(crate) fn orders(_: &OrdersArgs, _: &Library, _: Terminal) -> Result<Exit, CommandError> {
    Err(CommandError::NotInThisBuild("orders"))
}

/// Would put up an end of a bridge.
pub(crate) fn bridge(_: &BridgeArgs, _: Terminal) -> Result<Exit, CommandError> {
    Err(CommandError::NotInThisBuild("bridge"))
}

/// Would show a run step by step.
pub(crate) fn step(_: &StepArgs, _: &Library, _: Terminal) -> Result<Exit, CommandError> {
    Err(CommandError::NotInThisBuild("step"))
}

/// Would sweep scenarios.
pub(crate) fn sweep(_: &SweepArgs, _: &str, _: &Library, _: Terminal) -> Result<Exit, CommandError> {
    Err(CommandError::NotInThisBuild("sweep"))
}

/// Would change the accounts.
pub(crate) fn account(_: &AccountArgs, _: Terminal) -> Result<Exit, CommandError> {
    Err(CommandError::NotInThisBuild("account"))
}

/// Would print completions.
pub(crate) fn completions(_: &CompletionsArgs, _: Command, _: Terminal) -> Result<Exit, CommandError> {
    Err(CommandError::NotInThisBuild("completions"))
}

/// Would print the manual.
pub(crate) fn man(_: &ManArgs, _: Command, _: Terminal) -> Result<Exit, CommandError> {
    Err(CommandError::NotInThisBuild("man"))
}

/// Would let a net live.
pub(super) fn live_net(_: &LiveArgs, _: &OsStr, _: &Library, _: Terminal) -> Result<Exit, CommandError> {
    Err(CommandError::NotInThisBuild("net --live"))
}

/// Would play a capture.
pub(super) fn play(_: &ReadArgs, _: &str, _: &Library, _: Terminal) -> Result<Exit, CommandError> {
    Err(CommandError::NotInThisBuild("read --play"))
}

/// Would log every record of a run.
pub(super) fn log(_: &Outcome, _: bool) -> Result<(), CommandError> {
    Err(CommandError::NotInThisBuild("scenario --verbose"))
}
