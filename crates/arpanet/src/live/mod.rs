//! Live worlds: real time, and hosts on real cables.
//!
//! [`Ether`] is the driver of a live world: its events wait for their time by a real clock, and remote hosts are at cables
//! of UDP datagrams.

mod announcement;
mod ether;
mod hidden;
mod policies;
mod ration;
mod reports;
mod screen;
#[cfg(test)]
mod tests;
mod typist;

pub(crate) use announcement::Announcement;
pub(crate) use ether::{Ether, Mooring, stopped};
pub(crate) use hidden::{Hidden, hidden_line};
pub(crate) use policies::{POLICIES, habit, policy};
pub(crate) use ration::Ration;
pub(crate) use reports::of_cable;
pub(crate) use screen::Screen;
pub(crate) use typist::Typist;
