//! The programs that hosts run, simulated or live: each made here, and called the same wherever it is seen.

use std::cell::RefCell;
use std::rc::Rc;

use ftp_user::Typist;
use host::Program;
use machine::Span;

/// What the server of files is called.
pub(crate) const FTP_SERVER: &str = "FTP server";

/// The server of files, which speaks this edition.
pub fn ftp_server(edition: ftp::Edition, policy: ftp_server::Policy) -> Program {
    Program::new(FTP_SERVER, move |host| ftp_server::serve_by(host, edition, policy))
}

/// The user's side of the file transfer protocol, at the teletype.
pub fn ftp_user(typist: Typist) -> Program {
    Program::new("FTP user", move |host| ftp_user::run(host, typist))
}

/// RSEXEC at the teletype, whose user has these accounts elsewhere.
pub fn rsexec(profile: rsexec::Profile) -> Program {
    Program::new("RSEXEC", move |host| rsexec::run(host, profile.clone()))
}

/// The Network Control Center of a net with these lines, each the numbers of two IMPs, at the teletype. `began` is the time of
/// day at which the host's clock was zero. Whoever comes up again knows nothing of before.
pub fn control_center(lines: Vec<[u8; 2]>, began: Span) -> Program {
    Program::new("NCC", move |host| {
        let center = Rc::new(RefCell::new(ncc::Center::new(lines.iter().copied())));
        ncc_log::run(host, center, began)
    })
}
