//! The file with the key of a bridge: only its owner reads it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use bridge::{BadKey, Key, MAX_KEY_FILE};
use miette::Diagnostic;

use crate::shell_path::for_shell;
use crate::system::words;

/// Why there is no key.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum KeyError {
    #[error("--key {}: {}", .path.display(), words(.error))]
    #[diagnostic(help("`arpanet bridge --new-key FILE` makes one; both ends need the same"))]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("--key {}: that is no file", .0.display())]
    NoFile(PathBuf),
    #[error("--key {}: {error}", .path.display())]
    #[diagnostic(help("`arpanet bridge --new-key FILE` makes one; both ends need the same"))]
    NoKey { path: PathBuf, error: BadKey },
    #[error("--key {}: others can read or write it", .0.display())]
    #[diagnostic(help("whoever has read it can plug in: make a new one with --new-key; if nobody has: chmod 600 {}", for_shell(.0)))]
    Open(PathBuf),
    #[error("--new-key {}: it is there already", .0.display())]
    #[diagnostic(help("take another name: no key is overwritten"))]
    IsThere(PathBuf),
    #[error("--new-key {}: {}", .path.display(), words(.error))]
    Unwritable { path: PathBuf, error: io::Error },
    #[error("--new-key: this machine has no random numbers")]
    NoRandomNumbers,
}

/// Reads the key from a file that nobody else can read.
pub(crate) fn read(path: &Path) -> Result<Key, KeyError> {
    let unreadable = |error| KeyError::Unreadable { path: path.to_owned(), error };
    // What is no file is not even opened: a pipe would be waited for.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(KeyError::NoFile(path.to_owned()));
    }
    let file = File::open(path).map_err(unreadable)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata().map_err(unreadable)?.permissions().mode() & 0o077 != 0 {
            return Err(KeyError::Open(path.to_owned()));
        }
    }
    let mut text = Vec::new();
    file.take(MAX_KEY_FILE as u64).read_to_end(&mut text).map_err(unreadable)?;
    let key = String::from_utf8_lossy(&text).parse();
    key.map_err(|error| KeyError::NoKey { path: path.to_owned(), error })
}

/// Makes a key, and the file with it.
pub(crate) fn make(path: &Path) -> Result<(), KeyError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandomNumbers)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(Key::new(bytes).text().as_bytes()).and_then(|()| file.sync_all()).inspect_err(|_| {
            // Half a key is none.
            let _ = std::fs::remove_file(path);
        })
    });
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => KeyError::IsThere(path.to_owned()),
        _ => KeyError::Unwritable { path: path.to_owned(), error },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_read_again() {
        let folder = tempfile::tempdir().expect("there is room");
        let path = folder.path().join("bridge.key");
        make(&path).expect("there is room");
        let key = read(&path).expect("it was made");
        assert!(matches!(make(&path), Err(KeyError::IsThere(_))));
        assert_eq!(read(&path).expect("it is as it was"), key);
        let other = folder.path().join("other.key");
        make(&other).expect("there is room");
        assert_ne!(read(&other).expect("it was made"), key, "each is another");
    }

    #[test]
    #[cfg(unix)]
    fn a_key_that_others_can_read_is_not_used() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("there is room");
        let path = folder.path().join("bridge.key");
        make(&path).expect("there is room");
        let mode = |mode| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
        };
        for open in [0o640, 0o604, 0o620, 0o666] {
            mode(open);
            let error = read(&path).expect_err("others can read it");
            assert!(matches!(error, KeyError::Open(_)), "{open:o}: {error}");
        }
        mode(0o400);
        assert!(read(&path).is_ok());
    }

    #[test]
    fn what_is_no_key_is_told() {
        let folder = tempfile::tempdir().expect("there is room");
        assert!(matches!(read(folder.path()), Err(KeyError::NoFile(_))));
        assert!(matches!(read(&folder.path().join("none")), Err(KeyError::Unreadable { .. })));
        assert!(matches!(make(&folder.path().join("none/key")), Err(KeyError::Unwritable { .. })));
    }
}
