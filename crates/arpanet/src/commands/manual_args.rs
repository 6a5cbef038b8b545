//! The arguments of `arpanet completions` and `arpanet man`.

use std::path::PathBuf;

use clap::Args;

/// Print what a shell needs to complete the command.
#[derive(Debug, Args)]
#[command(after_long_help = SHELLS)]
pub(crate) struct CompletionsArgs {
    /// The shell: bash, elvish, fish, powershell or zsh.
    pub(super) shell: String,
}

const SHELLS: &str = "\
WHERE IT GOES
  arpanet completions bash > ~/.local/share/bash-completion/completions/arpanet
  arpanet completions fish > ~/.config/fish/completions/arpanet.fish
  arpanet completions zsh > DIRECTORY/_arpanet

For zsh, DIRECTORY is one of those in its fpath. It is the installed command,
`arpanet`, that is completed: its commands and options; in bash, fish and zsh
also the first lens behind --show, and the net behind --net; in bash and zsh
also the names of the scenarios and nets that come with it.";

/// Print the manual page, or write one for each command into a folder.
#[derive(Debug, Args)]
#[command(after_long_help = PAGES)]
pub(crate) struct ManArgs {
    /// The folder, which is made if it is not there; without one, the page of the whole command is printed.
    pub(super) directory: Option<PathBuf>,
}

const PAGES: &str = "\
READ IT
  arpanet man > arpanet.1
  man ./arpanet.1

With a folder named man1 below one of those in MANPATH, `man arpanet` finds it.";
