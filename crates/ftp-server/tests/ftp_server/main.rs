//! The FTP server, as a user sees it who types every command by hand.

mod commands;
mod disk;
mod early;
mod editions;
mod listing;
mod names;
mod nuisances;
mod operator;
mod sockets;
mod telnet;
mod transfers;
mod user;
mod vanishing;
