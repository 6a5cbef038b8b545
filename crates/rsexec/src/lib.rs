//! RSEXEC, the resource sharing executive: commands whose files are at other sites.
//!
//! A file at one site goes to another site directly, as RFC 438 describes: RSEXEC only directs the two FTP
//! servers. The RFC's example is carried out in `transfer.rs`.

mod command;
mod ending;
mod outcome;
mod profile;
mod transfer;

use host::Handle;

use crate::command::HELP;
pub use crate::command::{Command, File, Operation, SyntaxError};
pub use crate::ending::{ENDINGS, NOBODY_SERVES, claim_of, ending_of};
pub use crate::profile::Profile;
pub use crate::transfer::FINAL_REPLY_TIMEOUT;

/// Reads lines from the teletype and does what they say. Never ends.
pub async fn run(host: Handle, mut profile: Profile) {
    let teletype = host.teletype();
    let mut put_back = None;
    loop {
        let line = match put_back.take() {
            Some(line) => line,
            None => teletype.read("_").await,
        };
        match Command::parse(&line) {
            Ok(None) => {}
            Ok(Some(Command::Help)) => teletype.print(HELP),
            Ok(Some(Command::Login { site, name, password })) => match host.host_named(&site) {
                Some(address) => {
                    let password = match password {
                        Some(password) => password,
                        None => teletype.read_hidden("PASSWORD: ").await,
                    };
                    profile.add(&host.name_of(address), &name, password.trim());
                }
                None => teletype.complain(&ending::NO_HOST.with(&[&site])),
            },
            Ok(Some(Command::Move { operation, from, to })) => {
                put_back = transfer::carry_out(&host, &mut profile, operation, &from, &to).await;
            }
            Err(error) => teletype.complain(&error.to_string()),
        }
    }
}
