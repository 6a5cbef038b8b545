//! The FTP server, as a user hears it who types every command himself.

mod commands;
mod listing;
#[expect(dead_code, reason = "the tests of the hosts need more of it")]
#[path = "../../../host/tests/host/net.rs"]
mod net;
mod nuisances;
mod sockets;
mod transfers;
mod user;
mod vanishing;
