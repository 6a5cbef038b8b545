//! A file that a command writes at its end. Whether it can be written is known before: nobody waits for a run in vain,
//! and what was in the file stays there until all of the new content is.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use tempfile::{Builder, NamedTempFile};

use crate::shell_path::for_shell;
use crate::system::words;
use crate::terminal::is_data;

/// The names that stand for standard output. The second leads to the file to which it goes, if it goes to one: that is not
/// replaced while it is written.
const STANDARD_OUTPUT: [&str; 2] = ["-", "/dev/stdout"];

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum OutputError {
    #[error("{option} {}: there is no folder {}", .path.display(), .folder.display())]
    #[diagnostic(help("make it first: mkdir -p {}", for_shell(.folder)))]
    NoFolder { option: &'static str, path: PathBuf, folder: PathBuf },
    #[error("{option} {}: that is a folder", .path.display())]
    #[diagnostic(help("name a file in it"))]
    IsFolder { option: &'static str, path: PathBuf },
    #[error("{option} {}: that is the file that is read", .path.display())]
    #[diagnostic(help("name another file: this one would be overwritten"))]
    IsRead { option: &'static str, path: PathBuf },
    #[error("{option} {}: there is something in it", .path.display())]
    #[diagnostic(help("name a folder that is new or empty: nothing is written over"))]
    NotEmpty { option: &'static str, path: PathBuf },
    #[error("{option} {}: {other} goes into that file", .path.display())]
    #[diagnostic(help("name another file: only one of the two would be left"))]
    IsWritten { option: &'static str, path: PathBuf, other: &'static str },
    #[error("{option} {}: {}", .path.display(), words(.error))]
    Io { option: &'static str, path: PathBuf, error: io::Error },
}

impl OutputError {
    /// There is no folder in which this file could be.
    pub(crate) fn no_folder(option: &'static str, path: &Path) -> Self {
        OutputError::NoFolder { option, path: path.to_owned(), folder: folder_of(path).to_owned() }
    }
}

/// Makes sure that a file that is written is none of those from which the command reads, by whatever name or link, nor
/// the one into which standard output goes.
pub(crate) fn is_apart(option: &'static str, path: &Path, read: &[PathBuf]) -> Result<(), OutputError> {
    if read.iter().any(|read| is_one_file(path, read)) {
        return Err(OutputError::IsRead { option, path: path.to_owned() });
    }
    if !is_standard_output(path) && is_one_file(path, Path::new(STANDARD_OUTPUT[1])) {
        return Err(OutputError::IsWritten { option, path: path.to_owned(), other: "standard output" });
    }
    Ok(())
}

/// Whether both names lead to one ordinary file, or would if it were made.
pub(crate) fn is_one_file(one: &Path, other: &Path) -> bool {
    // This is no name of a file.
    if [one, other].contains(&Path::new(STANDARD_OUTPUT[0])) {
        return false;
    }
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one_is), Ok(other_is)) if one_is.is_file() && other_is.is_file() => {
            is_one_inode(&one_is, &other_is)
                || fs::canonicalize(one)
                    .is_ok_and(|one| fs::canonicalize(other).is_ok_and(|other| one == other))
        }
        (Err(_), Err(_)) => to_be_made(one).is_some_and(|one| Some(one) == to_be_made(other)),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => false,
    }
}

/// Whether a file has other names than that by which it was found, besides links.
fn has_several_names(file: &fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        std::os::unix::fs::MetadataExt::nlink(file) > 1
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

/// Whether a name is that of a named pipe, which cannot be opened before somebody reads from it.
pub(crate) fn is_pipe(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        fs::metadata(path).is_ok_and(|pipe| pipe.file_type().is_fifo())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Whether one file has both names: a file may have several without being a link.
fn is_one_inode(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (one.dev(), one.ino()) == (other.dev(), other.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        false
    }
}

/// Where a file would lie that is not there.
fn to_be_made(path: &Path) -> Option<PathBuf> {
    Some(fs::canonicalize(folder_of(path)).ok()?.join(path.file_name()?))
}

/// The folder of a file.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Where the content goes.
#[derive(Debug)]
enum Target {
    /// Standard output: a pipe, as a rule.
    StandardOutput,
    /// What is no ordinary file (a named pipe, a device), one that has several names and keeps them, or one in a folder in
    /// which nothing can be made.
    InPlace(File),
    /// A new file beside the old one, which takes its place once it is whole.
    Beside(NamedTempFile, PathBuf),
}

/// A file that can be written.
#[derive(Debug)]
pub(crate) struct OutputFile {
    option: &'static str,
    path: PathBuf,
    target: Target,
}

impl OutputFile {
    /// Makes sure that the file can be written, and changes nothing yet. `option` is what names it.
    pub(crate) fn prepare(option: &'static str, path: &Path) -> Result<Self, OutputError> {
        let failed = |error| OutputError::Io { option, path: path.to_owned(), error };
        let output = |target| OutputFile { option, path: path.to_owned(), target };
        if is_standard_output(path) {
            return Ok(output(Target::StandardOutput));
        }
        let old = match fs::metadata(path) {
            Ok(old) if old.is_dir() => {
                return Err(OutputError::IsFolder { option, path: path.to_owned() });
            }
            Ok(old) => Some(old),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        // A link stays one: what it leads to is written.
        let real = if old.is_some() { fs::canonicalize(path).map_err(failed)? } else { path.to_owned() };
        // What may not be written is not replaced either.
        let opened =
            old.as_ref().map(|_| File::options().write(true).open(path)).transpose().map_err(failed)?;
        let is_in_place = old.as_ref().is_some_and(|old| !old.is_file() || has_several_names(old));
        if let Some(file) = opened.filter(|_| is_in_place) {
            return Ok(output(Target::InPlace(file)));
        }
        let folder = folder_of(&real);
        match (beside(folder, old.as_ref()), old) {
            (Ok(file), _) => Ok(output(Target::Beside(file, real))),
            (Err(_), Some(_)) => {
                let file = File::options().write(true).open(path).map_err(failed)?;
                Ok(output(Target::InPlace(file)))
            }
            (Err(_), None) if !folder.exists() => Err(OutputError::no_folder(option, path)),
            // What the library says names its own file.
            (Err(error), None) => Err(failed(error.kind().into())),
        }
    }

    /// Has the content written, and lets it take the place of the old.
    pub(crate) fn write(
        self,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        let OutputFile { option, path, target } = self;
        let written = match target {
            Target::StandardOutput => {
                is_data();
                match to(io::stdout().lock(), content) {
                    // A reader who has gone away has seen enough.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    written => written,
                }
            }
            Target::InPlace(file) => {
                if file.metadata().is_ok_and(|file| file.is_file()) {
                    let mut whole = Vec::new();
                    content(&mut whole)
                        .and_then(|()| file.set_len(0))
                        .and_then(|()| to(file, |file| file.write_all(&whole)))
                } else {
                    to(file, content)
                }
            }
            Target::Beside(mut file, real) => to(&mut file, content)
                .and_then(|()| file.persist(real).map(|_| ()).map_err(|error| error.error)),
        };
        written.map_err(|error| OutputError::Io { option, path, error })
    }
}

/// Whether the name stands for standard output.
pub(crate) fn is_standard_output(path: &Path) -> bool {
    STANDARD_OUTPUT.iter().any(|name| path.as_os_str() == *name)
}

/// Has the content written, to the last byte.
fn to(file: impl Write, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut file = BufWriter::new(file);
    content(&mut file)?;
    file.flush()
}

/// A new file in the folder. Who may read it, the old file says, or else the system's habit. One that is never
/// completed is removed.
fn beside(folder: &Path, old: Option<&fs::Metadata>) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".arpanet-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("there is room for tests")
    }

    fn prepare(path: &Path) -> Result<OutputFile, String> {
        OutputFile::prepare("--svg", path).map_err(|error| error.to_string())
    }

    /// All that lies in a folder.
    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("it is there").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn what_cannot_be_written_is_told_before_anything_is() {
        let folder = folder();
        let nowhere = prepare(&folder.path().join("no/such.svg")).expect_err("there is no such folder");
        assert!(nowhere.starts_with("--svg ") && nowhere.contains("there is no folder"), "{nowhere}");
        let itself = prepare(folder.path()).expect_err("a folder is no file");
        assert!(itself.ends_with("that is a folder"), "{itself}");
        assert!(names(folder.path()).is_empty(), "nothing is left behind");
    }

    #[test]
    fn one_file_is_known_by_all_its_names_whether_it_is_there_or_not() {
        let folder = folder();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "old").and_then(|()| fs::hard_link(at("a"), at("b"))).expect("there is room");
        fs::write(at("c"), "old").expect("there is room");
        assert!(is_one_file(&at("a"), &at("./a")), "the same name, written otherwise");
        assert!(cfg!(not(unix)) || is_one_file(&at("a"), &at("b")), "a second name of the file");
        assert!(!is_one_file(&at("a"), &at("c")), "the same content is not the same file");
        assert!(is_one_file(&at("new"), &at("./new")), "a file that is not made yet");
        assert!(!is_one_file(&at("new"), &at("newer")) && !is_one_file(&at("a"), &at("new")));
        assert!(!is_one_file(&at("no/new"), &at("no/new")), "what cannot be made is refused for that");
        let null = Path::new("/dev/null");
        assert!(!is_one_file(null, null), "a device loses nothing");
    }

    #[test]
    fn a_file_keeps_its_content_until_the_new_one_is_whole() {
        let folder = folder();
        let path = folder.path().join("a.svg");
        fs::write(&path, "old").expect("there is room");
        drop(prepare(&path).expect("it can be written"));
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "old", "a run that never happens");
        let broken = prepare(&path).expect("it can be written").write(|file| {
            file.write_all(b"half")?;
            Err(io::Error::other("broken off"))
        });
        assert!(broken.is_err_and(|error| error.to_string().ends_with("broken off")));
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "old", "a run that breaks off");
        prepare(&path)
            .expect("it can be written")
            .write(|file| file.write_all(b"new"))
            .expect("it is written");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "new");
        assert_eq!(names(folder.path()), ["a.svg"], "nothing else is left behind");
    }

    #[test]
    #[cfg(unix)]
    fn links_and_permissions_stay_as_they_were_and_devices_are_written_where_they_are() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder();
        let (path, link) = (folder.path().join("a.svg"), folder.path().join("link.svg"));
        fs::write(&path, "old").expect("there is room");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
        std::os::unix::fs::symlink(&path, &link).expect("there are links");
        prepare(&link)
            .expect("it can be written")
            .write(|file| file.write_all(b"new"))
            .expect("it is written");
        assert_eq!(
            fs::read_to_string(&path).expect("it is there"),
            "new",
            "what the link leads to is written"
        );
        assert!(fs::symlink_metadata(&link).is_ok_and(|link| link.is_symlink()), "and the link stays one");
        let mode = fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        let second = folder.path().join("second.svg");
        fs::hard_link(&path, &second).expect("there are second names");
        let broken = prepare(&second).expect("it can be written").write(|file| {
            file.write_all(b"half")?;
            Err(io::Error::other("broken off"))
        });
        assert!(broken.is_err() && fs::read(&path).expect("it is there") == b"new", "whole or not at all");
        prepare(&second)
            .expect("it can be written")
            .write(|file| file.write_all(b"x"))
            .expect("it is written");
        assert_eq!(
            fs::read_to_string(&path).expect("it is there"),
            "x",
            "both names are still those of one file"
        );
        let null = prepare(Path::new("/dev/null")).expect("it can be written");
        null.write(|file| file.write_all(b"gone")).expect("it takes everything");
    }
}
