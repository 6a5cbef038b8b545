//! The files of a host. They outlive a crash.

mod memory;
mod name;
mod rights;
mod store;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

#[cfg(feature = "live")]
pub(crate) use name::MAX_VERSION;
pub use name::{ListTarget, Naming, PathError, PathName, Pattern};
pub use rights::{Right, Who};
pub use store::{Deleted, DirEntry, FileError, Form, Limits, MAX_LISTED, Renamed, Store, WriteMode, Written};

use memory::Memory;
use rights::Rights;

/// The files of a host, on a disk of a limited size. A clone has a disk of its own, unless the files are kept
/// in a [store](Files::with_store).
#[derive(Debug)]
pub struct Files {
    naming: Naming,
    backend: Backend,
    quota: Rc<Quota>,
}

#[derive(Debug, Clone)]
enum Backend {
    Memory(Memory),
    Store(Rc<RefCell<dyn Store>>),
}

/// A disk: how many bytes are on it, how many fit on it, what files there can be, and who may do what with them.
#[derive(Debug)]
struct Quota {
    size: usize,
    limits: Limits,
    rights: RefCell<Rights>,
    used: Cell<usize>,
}

impl Quota {
    fn take(&self, bytes: usize) -> Result<(), FileError> {
        let used = self.used.get().saturating_add(bytes);
        if used > self.size {
            return Err(FileError::Full);
        }
        self.used.set(used);
        Ok(())
    }

    fn free(&self, bytes: usize) {
        self.used.set(self.used.get().saturating_sub(bytes));
    }
}

/// The size of a disk if nothing else is said: 32 million bytes, a little less than an RP02 pack's worth of
/// 36-bit words for each of two drives.
const DISK: usize = 32_000_000;

impl Clone for Files {
    fn clone(&self) -> Self {
        let quota = match &self.backend {
            Backend::Memory(memory) => {
                let Quota { size, limits, .. } = *self.quota;
                let rights = self.quota.rights.clone();
                Rc::new(Quota { size, limits, rights, used: Cell::new(memory.bytes()) })
            }
            Backend::Store(_) => self.quota.clone(),
        };
        Files { naming: self.naming, backend: self.backend.clone(), quota }
    }
}

impl Default for Files {
    fn default() -> Self {
        Files::new(Naming::default(), DISK)
    }
}

impl Files {
    /// An empty disk of `size` bytes, in memory.
    pub fn new(naming: Naming, size: usize) -> Self {
        let limits = Limits { longest: size, entry: 0 };
        Files::on(Backend::Memory(Memory::default()), naming, size, limits)
    }

    /// The files of a store, to which programs of the host may add at most `quota` bytes.
    pub fn with_store(naming: Naming, store: Rc<RefCell<dyn Store>>, quota: usize) -> Self {
        let limits = store.borrow().limits();
        Files::on(Backend::Store(store), naming, quota, limits)
    }

    /// The same files on a disk that has room for so many bytes beside them.
    #[must_use]
    pub fn with_room(self, bytes: usize) -> Self {
        let Quota { limits, ref rights, ref used, .. } = *self.quota;
        let (size, rights) = (used.get().saturating_add(bytes), rights.clone());
        let limits = Limits { longest: limits.longest.min(size), ..limits };
        let quota = Rc::new(Quota { size, limits, rights, used: used.clone() });
        Files { naming: self.naming, backend: self.backend, quota }
    }

    fn on(backend: Backend, naming: Naming, size: usize, limits: Limits) -> Self {
        let quota = Rc::new(Quota { size, limits, rights: RefCell::default(), used: Cell::new(0) });
        Files { naming, backend, quota }
    }

    /// How files are named here.
    pub fn naming(&self) -> Naming {
        self.naming
    }

    /// Puts a file on a disk in memory, or replaces it. Not for programs: they write a [`Draft`].
    ///
    /// # Panics
    /// If the files are kept in a store.
    pub fn put(&mut self, path: PathName, content: Vec<u8>) {
        let Backend::Memory(memory) = &mut self.backend else {
            panic!("{path} is put on a disk, and the files are kept in a store")
        };
        self.quota.used.set(self.quota.used.get() + content.len());
        self.quota.free(memory.put(path, content));
    }

    /// The content of a file, as text. It stays as it is, whatever is written later.
    pub fn read(&self, path: &PathName) -> Result<Arc<Vec<u8>>, FileError> {
        self.read_in(path, Form::Text)
    }

    /// The same in any form. A disk in memory keeps the bytes of the network, which are the same in all forms.
    pub fn read_in(&self, path: &PathName, form: Form) -> Result<Arc<Vec<u8>>, FileError> {
        match &self.backend {
            Backend::Memory(memory) => memory.read(path),
            Backend::Store(store) => store.borrow().read(path, form),
        }
    }

    /// The files of the target, in order of their names and versions; at most [`MAX_LISTED`]. A directory in memory exists
    /// only as long as there is a file in it.
    pub fn list(&self, target: &ListTarget) -> Result<Vec<DirEntry>, FileError> {
        match &self.backend {
            Backend::Memory(memory) => memory.list(target),
            Backend::Store(store) => store.borrow().list(target),
        }
    }

    /// Every file on a disk in memory, in the order of the names; none of a store. Not for programs: they ask for a
    /// [list](Files::list).
    pub fn all(&self) -> Vec<DirEntry> {
        match &self.backend {
            Backend::Memory(memory) => memory.all().collect(),
            Backend::Store(_) => Vec::new(),
        }
    }

    /// Gives a right to a file, or to all files of a directory of which nothing else is said. What is said first takes the
    /// place of what is usual, and what is said then is added.
    pub fn grant(&mut self, target: &ListTarget, right: Right, who: Who) {
        self.quota.rights.borrow_mut().grant(target, right, who);
    }

    /// Whether a user has a right to a file. In the directory of his name he has all of them; beyond that he has what is
    /// [granted](Files::grant), or else what is [usual](Right).
    pub fn may(&self, user: &str, right: Right, path: &PathName) -> Result<(), FileError> {
        if self.quota.rights.borrow().has(user, right, path) { Ok(()) } else { Err(FileError::Denied) }
    }

    /// Whether a user may write a file, delete it, or give it another name.
    pub fn may_write(&self, user: &str, path: &PathName) -> Result<(), FileError> {
        self.may(user, Right::Write, path)
    }

    /// The content of a file, for a user. One who may not read it does not learn either whether it is there.
    pub fn read_as(&self, user: &str, path: &PathName, form: Form) -> Result<Arc<Vec<u8>>, FileError> {
        self.may(user, Right::Read, path)?;
        self.read_in(path, form)
    }

    /// The [list](Files::list) for a user, without the files that he may not see. If he may see none of them, that is no
    /// empty list.
    pub fn list_as(&self, user: &str, target: &ListTarget) -> Result<Vec<DirEntry>, FileError> {
        if let ListTarget::File(path) = target {
            self.may(user, Right::List, path)?;
        }
        let mut listed = self.list(target)?;
        let is_empty = listed.is_empty();
        listed.retain(|file| self.quota.rights.borrow().has(user, Right::List, &file.path));
        if listed.is_empty() && !is_empty { Err(FileError::Denied) } else { Ok(listed) }
    }

    /// The files that fit a pattern and that a user may see, in order of their names and versions.
    pub fn list_fitting(&self, user: &str, pattern: &Pattern) -> Result<Vec<DirEntry>, FileError> {
        let mut listed = self.list_as(user, &ListTarget::Directory(pattern.directory().to_owned()))?;
        listed.retain(|file| pattern.fits(&file.path));
        if listed.is_empty() { Err(FileError::NotFound) } else { Ok(listed) }
    }

    /// Begins to write a file. What is written cannot be read until the draft is filed; a draft that is dropped
    /// leaves the file as it was.
    pub fn draft(&self, path: PathName, mode: WriteMode) -> Result<Draft, FileError> {
        match &self.backend {
            Backend::Memory(memory) => memory.writable(&path)?,
            Backend::Store(store) => store.borrow().writable(&path, mode)?,
        }
        let Limits { longest, entry } = self.quota.limits;
        self.quota.take(entry)?;
        let (content, form, quota) = (Vec::new(), Form::Text, self.quota.clone());
        Ok(Draft { path, mode, form, content, longest, taken: entry, quota })
    }

    /// How many drafts there are that are neither filed nor dropped.
    pub(crate) fn drafts(&self) -> usize {
        // Each holds on to the disk, as these files do.
        Rc::strong_count(&self.quota) - 1
    }

    /// How many bytes of a disk in memory count as taken that no file has, if no draft takes any.
    pub(crate) fn lost_room(&self) -> usize {
        match &self.backend {
            Backend::Memory(memory) if self.drafts() == 0 => self.quota.used.get().abs_diff(memory.bytes()),
            // What other programs of the machine take there is not known.
            Backend::Memory(_) | Backend::Store(_) => 0,
        }
    }

    /// Makes a draft the content, or the end, of its file. If that fails, the file is as it was.
    pub(crate) fn file(&mut self, mut draft: Draft) -> Result<Written, FileError> {
        let content = std::mem::take(&mut draft.content);
        let filed = match &mut self.backend {
            Backend::Memory(memory) => memory.write(&draft.path, content, draft.mode),
            Backend::Store(store) => store.borrow_mut().write(&draft.path, content, draft.mode, draft.form),
        };
        if let Ok(Written { taken, freed, .. }) = filed {
            // What the disk holds now counts instead of the draft, even if that is more: it is there.
            self.quota.used.set(self.quota.used.get() + taken);
            self.quota.free(freed);
        }
        filed
    }

    /// Deletes a file. A program that reads it goes on reading, and one that writes it will file it all the same.
    pub(crate) fn delete(&mut self, path: &PathName) -> Result<Deleted, FileError> {
        let deleted = match &mut self.backend {
            Backend::Memory(memory) => memory.delete(path),
            Backend::Store(store) => store.borrow_mut().delete(path),
        }?;
        self.quota.free(deleted.freed);
        Ok(deleted)
    }

    /// Gives a file another name, which no file has: all at once, or not at all. A program that reads it goes on reading;
    /// one that writes it will file it under the name that it had.
    pub(crate) fn rename(&mut self, from: &PathName, to: &PathName) -> Result<Renamed, FileError> {
        match &mut self.backend {
            Backend::Memory(memory) => memory.rename(from, to),
            Backend::Store(store) => store.borrow_mut().rename(from, to),
        }
    }
}

/// What will be a file, or the end of one. It knows nothing of the file until it is filed: what is appended to a file that
/// was deleted meanwhile is appended to what is there then, or is a new file.
#[derive(Debug)]
pub struct Draft {
    path: PathName,
    mode: WriteMode,
    form: Form,
    content: Vec<u8>,
    /// The most bytes that it can have.
    longest: usize,
    /// The bytes of the disk that it takes.
    taken: usize,
    quota: Rc<Quota>,
}

impl Draft {
    /// The same draft, of bytes of this form.
    #[must_use]
    pub fn of(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// The name of the file.
    pub fn path(&self) -> &PathName {
        &self.path
    }

    /// How many bytes have been written.
    pub fn len(&self) -> usize {
        self.content.len()
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// Writes bytes, if the disk has room for them beside the file that they may be going to replace, and the file does not
    /// become longer than a file can be.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        if self.content.len() + bytes.len() > self.longest {
            return Err(FileError::Full);
        }
        self.quota.take(bytes.len())?;
        self.taken += bytes.len();
        self.content.extend_from_slice(bytes);
        Ok(())
    }
}

impl Drop for Draft {
    /// A draft takes no room any more. (What was filed does.)
    fn drop(&mut self) {
        self.quota.free(self.taken);
    }
}

#[cfg(test)]
mod tests;
