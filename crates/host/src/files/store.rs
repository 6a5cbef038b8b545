//! Where files are kept: what a store can be asked, and its answers.

use std::fmt;
use std::sync::Arc;

use super::name::{ListTarget, PathName};

/// Why a file cannot be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is no such file, or not in that version.
    #[error("file not found")]
    NotFound,
    /// This user may not do that with this file, or no user may.
    #[error("access denied")]
    Denied,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// A file of that name is there already.
    #[error("a file of that name is there already")]
    Taken,
    /// A file can be written in a version that there is, or in the next.
    #[error("that would leave out a version")]
    Version,
    /// There are more files than a list may have.
    #[error("more than {MAX_LISTED} files")]
    TooMany,
    /// The file is longer than any that is sent.
    #[error("the file is too long to be sent")]
    TooLong,
    /// Several files have that name, which differ in the case of letters only.
    #[error("several files are called so: type its letters as a list has them")]
    Doubtful,
    /// The disk does not do what it should.
    #[error("the disk is in trouble")]
    Trouble,
}

/// What the bytes of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// Text as the network has it, whose lines end with CR LF, however they end where it is kept.
    #[default]
    Text,
    /// The bytes that are kept, one by one.
    Image,
}

/// Where files are kept that are not in the memory of their host.
///
/// A store is asked between two events of its host, which waits for the answer: it belongs on a disk of the same machine.
pub trait Store: fmt::Debug {
    /// What files there can be.
    fn limits(&self) -> Limits;

    /// The content of a file, in the version that is named or the highest there is.
    fn read(&self, path: &PathName, form: Form) -> Result<Arc<Vec<u8>>, FileError>;

    /// Whether a file could be written, as far as can be told before. Who may write it is not the store's business.
    fn writable(&self, path: &PathName, mode: WriteMode) -> Result<(), FileError>;

    /// Makes `content` a file, all at once: a program that reads it meanwhile, or after a crash, finds its old content or
    /// its new one.
    fn write(
        &mut self,
        path: &PathName,
        content: Vec<u8>,
        mode: WriteMode,
        form: Form,
    ) -> Result<Written, FileError>;

    /// The files of the target, in order of their names and versions: at most [`MAX_LISTED`], and of a directory
    /// perhaps none. The name of each leads back to it.
    fn list(&self, target: &ListTarget) -> Result<Vec<DirEntry>, FileError>;

    /// Deletes a file, in the version that is named or the highest there is. All others keep their versions. Who may
    /// delete it is not the store's business.
    fn delete(&mut self, path: &PathName) -> Result<Deleted, FileError>;

    /// Gives a file another name, all at once: the version that is named, or the highest there is, which becomes a file of
    /// which there was none in any version. All others keep their versions. Who may do that is not the store's business.
    fn rename(&mut self, from: &PathName, to: &PathName) -> Result<Renamed, FileError>;
}

/// What files there can be in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes that a file can have.
    pub longest: usize,
    /// The bytes that a file takes beside those that it has.
    pub entry: usize,
}

/// How many files a list has at most, so that to look at each of them takes a fraction of a second.
pub const MAX_LISTED: usize = 5000;

/// A file in a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirEntry {
    /// Its name, with its version where versions are kept.
    pub path: PathName,
    /// How many bytes it takes on the disk. On the network it may have more: there CR LF ends a line.
    pub bytes: usize,
}

/// What came of deleting a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// The file, with its version where versions are kept.
    pub path: PathName,
    /// Bytes of the disk that are free again.
    pub freed: usize,
}

/// What came of renaming a file: both names, with their versions where versions are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The name that it had.
    pub from: PathName,
    /// The name that it has.
    pub to: PathName,
}

/// What becomes of the file that a new content is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteMode {
    /// The content takes its place, or becomes its next version where versions are kept.
    Replace,
    /// The content goes to its end.
    Append,
}

/// What came of writing a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file, with its version where versions are kept.
    pub path: PathName,
    /// How many bytes it holds now.
    pub bytes: usize,
    /// How many of them were there before and are still.
    pub kept: usize,
    /// Bytes of the disk that this file uses now and did not use before.
    pub taken: usize,
    /// Bytes of the disk that are free again.
    pub freed: usize,
}
