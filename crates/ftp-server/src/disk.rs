//! What a session asks of the disk: which files there are, and to delete one.

use std::fmt::Write;

use ftp::{Description, Failure};
use host::{DirEntry, FileError, Handle, ListTarget, PathError};

/// How much is said of what is wrong with a pathname, in characters: a reply is a line, and short.
const LONGEST: usize = 80;

/// Which files a pathname means, for LIST, NLST and STAT; without one, those in the user's own directory.
pub(crate) enum Found {
    File(DirEntry),
    Directory(Vec<DirEntry>),
}

impl Found {
    pub(crate) fn look(host: &Handle, user: &str, path: Option<&str>) -> Result<Self, Failure> {
        let files = host.files();
        let wanted = files.naming().parse_target(path.unwrap_or_default(), Some(user)).map_err(bad)?;
        match (files.list(&wanted), wanted) {
            (Ok(listed), ListTarget::Directory(_)) => Ok(Found::Directory(listed)),
            (Ok(listed), ListTarget::File(_)) => {
                listed.into_iter().next().map(Found::File).ok_or(Failure::NotFound)
            }
            // Everybody has a directory, be there nothing in it.
            (Err(FileError::NotFound), ListTarget::Directory(name)) if name.eq_ignore_ascii_case(user) => {
                Ok(Found::Directory(Vec::new()))
            }
            (Err(FileError::NotFound), ListTarget::Directory(_)) => Err(Failure::NoDirectory),
            (Err(error), _) => Err(failure(error)),
        }
    }

    fn files(&self) -> &[DirEntry] {
        match self {
            Found::File(file) => std::slice::from_ref(file),
            Found::Directory(files) => files,
        }
    }

    /// The text of NLST: names that can be sent back as they are, and nothing else (RFC 414, 5).
    pub(crate) fn names(&self) -> String {
        let mut text = String::new();
        for file in self.files() {
            // Writing to a string does not fail.
            let _ = write!(text, "{}\r\n", file.path);
        }
        text
    }

    /// The text of LIST.
    pub(crate) fn list(&self) -> String {
        self.lines().flat_map(|line| [line, "\r\n".to_owned()]).collect()
    }

    /// What a reply to STAT says.
    pub(crate) fn description(&self) -> Description {
        match self {
            Found::File(_) => Description::File(self.lines().collect()),
            Found::Directory(_) => Description::Directory(self.lines().collect()),
        }
    }

    /// A line for each file. What it takes on the disk is not always what it has on the network: there CR LF ends a line.
    fn lines(&self) -> impl Iterator<Item = String> {
        let files = self.files().iter().map(|file| (file.path.to_string(), file.bytes));
        let width = self.files().iter().map(|file| file.path.to_string().len()).max().unwrap_or(0);
        files.map(move |(path, bytes)| format!("{path:<width$} {bytes:>8} BYTES ON DISK"))
    }
}

/// Deletes a file, in the user's own directory. Answers its full name.
pub(crate) fn delete(host: &Handle, user: &str, path: &str) -> Result<String, Failure> {
    let path = {
        let files = host.files();
        let path = files.naming().parse(path, Some(user)).map_err(bad)?;
        files.may_write(user, &path).map_err(failure)?;
        path
    };
    host.delete(&path).map(|path| path.to_string()).map_err(failure)
}

/// What the user is told of a name that is none.
pub(crate) fn bad(why: PathError) -> Failure {
    // It may quote what the user has sent, be that printable or short or neither.
    let printed = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    let why: String = why.to_string().chars().take(LONGEST).map(printed).collect();
    Failure::BadPathname(format!("that is not a pathname here: {why}"))
}

/// What the user is told of an error of the file system.
pub(crate) fn failure(error: FileError) -> Failure {
    match error {
        FileError::NotFound => Failure::NotFound,
        FileError::Denied => Failure::AccessDenied,
        FileError::Full => Failure::NoStorage,
        FileError::Version => Failure::Version,
        FileError::TooLong => Failure::TooLong,
        FileError::TooMany => Failure::TooManyFiles,
        FileError::Trouble => Failure::FileSystem,
    }
}
