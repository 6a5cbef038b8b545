//! The arguments of `arpanet account`.

use std::path::PathBuf;

use clap::Args;

/// Let somebody log in to a live host, or change his password, or let him in no more.
///
/// Asks for the password, or reads it from standard input if that is no terminal. The file holds a hash of it, from which
/// it cannot be told; `host --accounts FILE` uses it.
#[derive(Debug, Args)]
#[command(after_long_help = STATUS)]
pub(crate) struct AccountArgs {
    /// The name with which he logs in, and of the directory in which he may write.
    pub(super) name: String,

    /// The file with the accounts; it is made if it is not there.
    #[arg(long, value_name = "FILE")]
    pub(super) file: PathBuf,

    /// Take the account away.
    #[arg(long)]
    pub(super) remove: bool,
}

const STATUS: &str = "\
EXIT STATUS
  0  the file is changed    2  nothing is changed, or that could not be printed";
