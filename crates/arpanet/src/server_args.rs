//! The options of a live server of files, beside those of its files and accounts.

use clap::Args;

use crate::numbers;

/// Options of a live server of files.
#[derive(Debug, Args)]
pub(crate) struct ServerArgs {
    /// Speak this edition of the file transfer protocol: its commands, and its reply codes [default: rfc438].
    #[arg(long, value_parser = ["rfc354", "rfc438", "rfc454", "rfc478", "rfc542"], ignore_case = true, hide_possible_values = false)]
    pub(crate) edition: Option<String>,

    /// Say who has a right to a file, or to those of a directory, where that is not what it usually is; any number of them: see
    /// below.
    #[arg(long, value_name = "'<NAME> read by WHO'")]
    pub(crate) rights: Vec<String>,

    /// Set aside so many sockets at most for the data of all users together; the next LSTN, PASV or SOCK is refused
    /// [default: 64].
    #[arg(long, value_name = "N", value_parser = numbers::sockets, allow_negative_numbers = true)]
    pub(crate) data_sockets: Option<usize>,

    /// Connect to any socket that a user names by SOCK, as the documents have it; otherwise to none at which a service of
    /// another host is called.
    #[arg(long)]
    pub(crate) connects_anywhere: bool,

    /// Say 330, HIDE YOUR INPUT, before asking for a password: for users at a terminal that echoes what is typed.
    #[arg(long)]
    pub(crate) hides_passwords: bool,
}

/// What `--rights` means, for the help of commands that have it.
pub(crate) const RIGHTS: &str = "\
RIGHTS
  Everybody who is logged in sees which files there are, and reads them; writing
  is for the directory of one's own name, in which nobody else takes a right from
  its user. --rights says otherwise, as `rights` does in a scenario:

    --rights '<SMITH> read by nobody'          nobody else reads Smith's files
    --rights '<SMITH>PLAN.TXT read by JONES'   but this one, which Jones may
    --rights '<SMITH> listed by nobody'        nor sees which there are
    --rights '<PUBLIC> written by all'         a directory for everybody

  What is said of a file counts more than what is said of its directory.";
