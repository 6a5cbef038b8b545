//! The FTP server: a program that runs on a [`Handle`] to its host.
//!
//! What is said to the user is decided by [`ftp::ServerSession`]; here is what has to be waited for: users
//! that come by the initial connection protocol, their lines, the data connection, and the file.

mod early;
mod hearing;
mod listing;
mod operator;
mod policy;
mod seats;
mod session;
mod transfer;

use ftp::Edition;
use host::Handle;
use ncp::icp::FTP_CONTACT;

use policy::Aside;
use seats::{Full, Seats};
use session::House;

pub use operator::operate;
pub use policy::Policy;
pub use transfer::LONGEST_STALL;

/// Serves files to the users that come to the contact socket of the file transfer protocol. Never ends.
pub async fn serve(host: Handle, edition: Edition) {
    serve_by(host, edition, Policy::default()).await;
}

/// The same, by a policy of the site's own.
pub async fn serve_by(host: Handle, edition: Edition, policy: Policy) {
    let mut contact = host.serve(FTP_CONTACT);
    let seats = Seats::default();
    let house = House { edition, policy, aside: Aside::default() };
    loop {
        let user = contact.accept().await;
        let from = user.user().host;
        let caller = host.name_of(from);
        // Who is about to close lets nobody in.
        let seat = if host.stops(FTP_CONTACT).is_some() { Err(Full::Closing) } else { seats.take(from) };
        let session = session::serve(host.clone(), user, house.clone(), seat);
        // Each user is served by a program of its own, so that none waits for another.
        drop(host.spawn(format!("FTP server for {caller}"), session));
    }
}
