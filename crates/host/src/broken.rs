//! Why a connection ended, behind an error of reading or writing.

use std::io;

use ncp::CloseReason;

/// Why a connection ended, if an [`io::Error`] came from one.
pub fn disconnect_reason(error: &io::Error) -> Option<CloseReason> {
    error.get_ref()?.downcast_ref::<Broken>().map(|broken| broken.0)
}

/// Carries a [`CloseReason`] through an [`io::Error`].
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Broken(CloseReason);

pub(crate) fn broken(why: CloseReason) -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, Broken(why))
}
