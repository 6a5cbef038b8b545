//! Live nets and hosts: real time, and hosts on real cables.
//!
//! A net that is live has the same events as one that is replayed, but they wait for their time: [`udp`] has the clock
//! and the cables of hosts elsewhere. What happens goes to an [`output`], which prints, checks and captures it.

pub(crate) mod board;
pub(crate) mod board_view;
pub(crate) mod bridge_reports;
pub(crate) mod cable;
pub(crate) mod cable_records;
pub(crate) mod capture;
pub(crate) mod console;
pub(crate) mod far_end;
pub(crate) mod host_reports;
pub(crate) mod keyboard;
pub(crate) mod masked_lines;
pub(crate) mod notices;
pub(crate) mod output;
pub(crate) mod quirks;
pub(crate) mod rate_limiter;
pub(crate) mod reset_broadcast;
pub(crate) mod script;
pub(crate) mod stop;
#[cfg(test)]
mod tests;
pub(crate) mod transcript;
pub(crate) mod tunnel;
pub(crate) mod udp;
pub(crate) mod violations;
