//! The room on a disk: all of it, and what a directory may take of it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::rights::Rights;
use super::store::{FileError, Limits};

/// A disk: how many bytes are on it, how many fit on it and in each directory, what files there can be, and who may do what with
/// them.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) limits: Limits,
    pub(super) rights: RefCell<Rights>,
    disk: Share,
    /// The directories that may not take all of the disk.
    directories: RefCell<BTreeMap<String, Share>>,
}

/// So many bytes, and how many of them are taken.
#[derive(Debug, Clone)]
struct Share {
    size: usize,
    taken: Cell<usize>,
}

impl Share {
    fn new(size: usize, taken: usize) -> Self {
        Share { size, taken: Cell::new(taken) }
    }

    fn left(&self) -> usize {
        self.size.saturating_sub(self.taken.get())
    }

    /// Counts bytes that are there, whether or not they had any room.
    fn add(&self, bytes: usize) {
        self.taken.set(self.taken.get().saturating_add(bytes));
    }

    fn free(&self, bytes: usize) {
        self.taken.set(self.taken.get().saturating_sub(bytes));
    }
}

impl Room {
    pub(super) fn new(size: usize, limits: Limits) -> Self {
        let (rights, directories) = (RefCell::default(), RefCell::default());
        Room { limits, rights, disk: Share::new(size, 0), directories }
    }

    /// The same for another disk, on which so many bytes are. `taken` says how many are in a directory.
    pub(super) fn again(&self, bytes: usize, taken: impl Fn(&str) -> usize) -> Self {
        let directories = self.directories.borrow();
        let directories =
            directories.iter().map(|(name, share)| (name.clone(), Share::new(share.size, taken(name))));
        Room {
            limits: self.limits,
            rights: self.rights.clone(),
            disk: Share::new(self.disk.size, bytes),
            directories: RefCell::new(directories.collect()),
        }
    }

    /// The same with so many bytes left on the disk, as long as nothing is said of directories.
    pub(super) fn with_left(&self, bytes: usize) -> Self {
        let size = self.taken().saturating_add(bytes);
        let limits = Limits { longest: self.limits.longest.min(size), ..self.limits };
        let (rights, directories) = (self.rights.clone(), RefCell::default());
        Room { limits, rights, disk: Share::new(size, self.taken()), directories }
    }

    /// How many bytes are on the disk.
    pub(super) fn taken(&self) -> usize {
        self.disk.taken.get()
    }

    /// How many bytes can still be put in a directory.
    pub(super) fn left(&self, directory: &str) -> usize {
        let of_directory = self.directories.borrow().get(directory).map(Share::left);
        of_directory.map_or(self.disk.left(), |left| left.min(self.disk.left()))
    }

    /// Says how many bytes a directory may have in all, in which so many are.
    pub(super) fn allow(&self, directory: &str, size: usize, taken: usize) {
        self.directories.borrow_mut().insert(directory.to_owned(), Share::new(size, taken));
    }

    /// Takes room in a directory, if there is any.
    pub(super) fn take(&self, directory: &str, bytes: usize) -> Result<(), FileError> {
        if bytes > self.left(directory) {
            return Err(FileError::Full);
        }
        self.add(directory, bytes);
        Ok(())
    }

    pub(super) fn add(&self, directory: &str, bytes: usize) {
        self.disk.add(bytes);
        self.of_directory(directory, |share| share.add(bytes));
    }

    pub(super) fn free(&self, directory: &str, bytes: usize) {
        self.disk.free(bytes);
        self.of_directory(directory, |share| share.free(bytes));
    }

    /// Whether so many bytes of one directory can move to another.
    pub(super) fn may_move(&self, from: &str, to: &str, bytes: usize) -> Result<(), FileError> {
        let left = self.directories.borrow().get(to).map(Share::left);
        if from == to || left.is_none_or(|left| bytes <= left) { Ok(()) } else { Err(FileError::Full) }
    }

    /// Counts bytes of one directory in another.
    pub(super) fn moved(&self, from: &str, to: &str, bytes: usize) {
        self.of_directory(from, |share| share.free(bytes));
        self.of_directory(to, |share| share.add(bytes));
    }

    fn of_directory(&self, directory: &str, does: impl Fn(&Share)) {
        if let Some(share) = self.directories.borrow().get(directory) {
            does(share);
        }
    }
}
