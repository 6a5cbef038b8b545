//! What a session asks of the disk: which files there are, and to delete one.

use std::fmt::Write;

use ftp::{Description, Failure};
use host::{DirEntry, FileError, Handle, ListTarget, PathError};

/// How many characters a reply says at most of what is wrong with a pathname: a reply is a line, and short.
const MAX_REASON: usize = 80;

/// Which files a pathname means, for LIST, NLST and STAT; without one, those in the user's own directory.
pub(crate) enum Listing {
    File(DirEntry),
    Directory(Vec<DirEntry>),
}

impl Listing {
    /// Looks for the files.
    pub(crate) fn look(host: &Handle, user: &str, path: Option<&str>) -> Result<Self, Failure> {
        let files = host.files();
        let path = path.unwrap_or_default();
        let pattern = files.pattern(path, Some(user)).map_err(bad_pathname)?;
        if let Some(pattern) = pattern {
            return files.list_fitting(user, &pattern).map(Listing::Directory).map_err(failure);
        }
        let target = files.target(path, Some(user)).map_err(bad_pathname)?;
        match (files.list_as(user, &target), target) {
            (Ok(listed), ListTarget::Directory(_)) => Ok(Listing::Directory(listed)),
            (Ok(listed), ListTarget::File(_)) => {
                listed.into_iter().next().map(Listing::File).ok_or(Failure::NotFound)
            }
            // Every user has a directory, even if it is empty.
            (Err(FileError::NotFound), ListTarget::Directory(name)) if files.naming().is_of(&name, user) => {
                Ok(Listing::Directory(Vec::new()))
            }
            (Err(FileError::NotFound), ListTarget::Directory(_)) => Err(Failure::NoDirectory),
            (Err(error), _) => Err(failure(error)),
        }
    }

    fn files(&self) -> &[DirEntry] {
        match self {
            Listing::File(file) => std::slice::from_ref(file),
            Listing::Directory(files) => files,
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
            Listing::File(_) => Description::File(self.lines().collect()),
            Listing::Directory(_) => Description::Directory(self.lines().collect()),
        }
    }

    /// A line for each file. Its bytes on the disk may be fewer than on the network, where CR LF ends a line.
    fn lines(&self) -> impl Iterator<Item = String> {
        let files = self.files().iter().map(|file| (file.path.to_string(), file.bytes));
        let width = self.files().iter().map(|file| file.path.to_string().len()).max().unwrap_or(0);
        files.map(move |(path, bytes)| format!("{path:<width$} {bytes:>8} BYTES ON DISK"))
    }
}

/// How many bytes a user can still store in his own directory.
pub(crate) fn room(host: &Handle, user: &str) -> u64 {
    let files = host.files();
    files.room_in(&files.naming().home(user)) as u64
}

/// Deletes a file, in the user's own directory. Returns its full name.
pub(crate) fn delete(host: &Handle, user: &str, path: &str) -> Result<String, Failure> {
    let path = {
        let files = host.files();
        let path = files.path(path, Some(user)).map_err(bad_pathname)?;
        files.may_write(user, &path).map_err(failure)?;
        path
    };
    host.delete(&path).map(|path| path.to_string()).map_err(failure)
}

/// Whether a file can be renamed: it is there, and in the user's own directory. Returns its full name.
pub(crate) fn may_rename(host: &Handle, user: &str, path: &str) -> Result<String, Failure> {
    let files = host.files();
    let target = files.path(path, Some(user)).map_err(bad_pathname)?;
    files.may_write(user, &target).map_err(failure)?;
    let found = files.list(&ListTarget::File(target)).map_err(failure)?;
    found.first().map(|file| file.path.to_string()).ok_or(Failure::NotFound)
}

/// Renames a file, within the user's own directory. Returns its new name in full.
pub(crate) fn rename(host: &Handle, user: &str, from: &str, to: &str) -> Result<String, Failure> {
    let (from, to) = {
        let files = host.files();
        let named = |path: &str| {
            let path = files.path(path, Some(user)).map_err(bad_pathname)?;
            files.may_write(user, &path).map_err(failure).map(|()| path)
        };
        (named(from)?, named(to)?)
    };
    host.rename(&from, &to).map(|renamed| renamed.to.to_string()).map_err(failure)
}

/// What the user is told of a text that is no pathname.
pub(crate) fn bad_pathname(why: PathError) -> Failure {
    // It may quote what the user has sent, which may be long, or not printable.
    let printed = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    let why: String = why.to_string().chars().take(MAX_REASON).map(printed).collect();
    Failure::BadPathname(format!("that is not a pathname here: {why}"))
}

/// What the user is told of an error of the file system.
pub(crate) fn failure(error: FileError) -> Failure {
    match error {
        FileError::NotFound => Failure::NotFound,
        FileError::Denied => Failure::AccessDenied,
        FileError::Full => Failure::NoStorage,
        FileError::Taken => Failure::NameTaken,
        FileError::Version => Failure::Version,
        FileError::TooLong => Failure::TooLong,
        FileError::TooMany => Failure::TooManyFiles,
        FileError::Doubtful => Failure::BadPathname(error.to_string()),
        FileError::Trouble => Failure::FileSystem,
    }
}
