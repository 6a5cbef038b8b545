//! The FTP server, as a user hears it who types every command himself.

mod commands;
mod listing;
mod nuisances;
mod sockets;
mod transfers;
mod user;
mod vanishing;
