//! The FTP server: a program that runs on a [`Handle`] to its host.
//!
//! What is said to the user is decided by [`ftp::ServerSession`]; here is what has to be waited for: users
//! that come by the initial connection protocol, their lines, the data connection, and the file.

mod hearing;
mod listing;
mod session;
mod transfer;

use std::sync::Arc;

use ftp::Edition;
use host::Handle;
use ncp::icp::FTP_CONTACT;
use tokio::sync::Semaphore;

pub use transfer::LONGEST_STALL;

/// How many users are served at a time at most; the next one is told to come back later.
const MAX_USERS: usize = 32;

/// Serves files to the users that come to the contact socket of the file transfer protocol. Never ends.
pub async fn serve(host: Handle, edition: Edition) {
    let mut contact = host.serve(FTP_CONTACT);
    let permits = Arc::new(Semaphore::new(MAX_USERS));
    loop {
        let user = contact.accept().await;
        let caller = host.name_of(user.user().host);
        let permit = permits.clone().try_acquire_owned().ok();
        let session = session::serve(host.clone(), user, edition, permit);
        // Each user is served by a program of its own, so that none waits for another.
        drop(host.spawn(format!("FTP server for {caller}"), session));
    }
}
