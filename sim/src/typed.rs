//! What a user types to a program, as far as it moves files.

use std::sync::Arc;

use ftp_user::Claim;
use host::Directory;
use imp1822::HostAddress;
use scenario::ast::Program;

/// A command that moves a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileCommand {
    /// Whether what is there stays, and the file grows.
    pub(crate) appends: bool,
    /// The host of the file, and its path name as it was typed.
    pub(crate) from: (HostAddress, String),
    /// Where it goes.
    pub(crate) to: (HostAddress, String),
}

/// Who types at the teletype of a host, to which program.
pub(crate) struct Typist {
    program: Program,
    host: HostAddress,
    directory: Arc<Directory>,
    /// The line that was typed last.
    line: String,
    /// The host with which the user's FTP is connected.
    connected: Option<HostAddress>,
}

impl Typist {
    /// The user of a program of this host.
    pub(crate) fn new(program: Program, host: HostAddress, directory: Arc<Directory>) -> Self {
        Typist { program, host, directory, line: String::new(), connected: None }
    }

    /// The program has begun anew.
    pub(crate) fn forget(&mut self) {
        self.connected = None;
    }

    /// The command that moves a file in a line that is typed at this host.
    pub(crate) fn types(&mut self, line: &str) -> Option<FileCommand> {
        line.clone_into(&mut self.line);
        match self.program {
            Program::Rsexec => self.typed_to_rsexec(line),
            Program::FtpUser => self.typed_to_ftp(line),
            Program::Ncc => None,
        }
    }

    /// What a line that the program prints claims of the file.
    pub(crate) fn reads(&self, line: &str) -> Option<Claim> {
        match self.program {
            Program::Rsexec => rsexec::claim_of(line),
            Program::FtpUser => ftp_user::claim_of_answer(&self.line, line),
            Program::Ncc => None,
        }
    }

    fn typed_to_rsexec(&self, line: &str) -> Option<FileCommand> {
        let rsexec::Command::Move { operation, from, to } = rsexec::Command::parse(line).ok()?? else {
            return None;
        };
        let place = |file: rsexec::File| {
            let host = file.site.map_or(Some(self.host), |site| self.directory.address(&site))?;
            Some((host, file.path))
        };
        let appends = operation == rsexec::Operation::Append;
        Some(FileCommand { appends, from: place(from)?, to: place(to)? })
    }

    fn typed_to_ftp(&mut self, line: &str) -> Option<FileCommand> {
        let (here, there) = (self.host, self.connected);
        match ftp_user::Line::parse(line).ok()? {
            ftp_user::Line::Connect { site } => {
                self.connected = self.directory.address(&site);
                None
            }
            ftp_user::Line::Get { theirs, mine } => {
                Some(FileCommand { appends: false, from: (there?, theirs), to: (here, mine) })
            }
            ftp_user::Line::Send { mine, theirs, appends } => {
                Some(FileCommand { appends, from: (here, mine), to: (there?, theirs) })
            }
            _ => None,
        }
    }
}
