//! The commands. Each has its arguments, and a function that runs it and returns how it ended or what kept it from that.

#[cfg(feature = "full")]
mod account;
pub(crate) mod account_args;
#[cfg(feature = "full")]
mod bridge;
pub(crate) mod bridge_args;
pub(crate) mod capture;
mod capture_help;
mod capture_out;
pub(crate) mod compare;
mod compare_operand;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod fmt;
#[cfg(feature = "full")]
pub(crate) mod full;
#[cfg(feature = "full")]
mod host;
pub(crate) mod host_args;
#[cfg(feature = "full")]
mod host_plan;
mod kept;
#[cfg(not(feature = "full"))]
pub(crate) mod lean;
mod live_args;
#[cfg(feature = "full")]
mod live_net;
#[cfg(feature = "full")]
mod live_plan;
#[cfg(feature = "full")]
mod manual;
pub(crate) mod manual_args;
#[cfg(feature = "full")]
mod ncc;
pub(crate) mod ncc_args;
pub(crate) mod net;
pub(crate) mod new;
#[cfg(feature = "full")]
mod orders;
pub(crate) mod orders_args;
pub(crate) mod page;
#[cfg(feature = "full")]
mod play;
pub(crate) mod read_args;
pub(crate) mod scenario;
pub(crate) mod scenario_explain;
mod scenario_json;
mod scenario_outputs;
pub(crate) mod show;
#[cfg(feature = "full")]
mod step;
pub(crate) mod step_args;
#[cfg(feature = "full")]
mod sweep;
pub(crate) mod sweep_args;

#[cfg(not(feature = "full"))]
pub(crate) use lean as full;
