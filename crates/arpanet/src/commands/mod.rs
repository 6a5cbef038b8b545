//! The commands. Each has its arguments, and a function that runs it and returns how it ended or what kept it from that.

pub(crate) mod account;
pub(crate) mod capture;
pub(crate) mod host;
pub(crate) mod host_args;
mod host_plan;
mod live_net;
mod live_plan;
pub(crate) mod net;
pub(crate) mod scenario;
