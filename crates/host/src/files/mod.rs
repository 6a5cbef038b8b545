//! The files of a host. They outlive a crash.

pub mod disk;
mod memory;
mod name;
mod rights;
mod room;
mod store;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

pub(crate) use name::MAX_VERSION;
pub use name::{ListTarget, Naming, PathError, PathName, Pattern};
pub use rights::{Right, Who};
pub use store::{Deleted, DirEntry, FileError, Form, Limits, MAX_LISTED, Renamed, Store, WriteMode, Written};

use memory::Memory;
use room::Room;

/// The files of a host, on a disk of a limited size. A clone has a disk of its own, unless the files are kept
/// in a [store](Files::with_store).
#[derive(Debug)]
pub struct Files {
    naming: Naming,
    backend: Backend,
    room: Rc<Room>,
}

#[derive(Debug, Clone)]
enum Backend {
    Memory(Memory),
    Store(Rc<RefCell<dyn Store>>),
}

/// The size of a disk if nothing else is said: 32 million bytes, a little less than an RP02 pack's worth of
/// 36-bit words for each of two drives.
const DISK: usize = 32_000_000;

impl Clone for Files {
    fn clone(&self) -> Self {
        let room = match &self.backend {
            Backend::Memory(memory) => {
                let taken = |directory: &str| memory.bytes_in(directory, self.naming);
                Rc::new(self.room.again(memory.bytes(), taken))
            }
            Backend::Store(_) => self.room.clone(),
        };
        Files { naming: self.naming, backend: self.backend.clone(), room }
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
        let room = Rc::new(self.room.with_left(bytes));
        Files { naming: self.naming, backend: self.backend, room }
    }

    fn on(backend: Backend, naming: Naming, size: usize, limits: Limits) -> Self {
        Files { naming, backend, room: Rc::new(Room::new(size, limits)) }
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
        self.room.add(path.directory(), content.len());
        self.room.free(path.directory(), memory.put(&path, content));
    }

    /// Lets a directory on a disk in memory take so many bytes in all, with what is in it; drafts count. Without this, it may
    /// take all that the disk has.
    pub fn allow(&mut self, directory: &str, bytes: usize) {
        let taken = match &self.backend {
            Backend::Memory(memory) => memory.bytes_in(directory, self.naming),
            Backend::Store(_) => 0,
        };
        self.room.allow(directory, bytes, taken);
    }

    /// How many bytes can still be put in a directory.
    pub fn room_in(&self, directory: &str) -> usize {
        self.room.left(directory)
    }

    /// Reads a path name as a user types it: one without a directory is in his own.
    pub fn path(&self, text: &str, user: Option<&str>) -> Result<PathName, PathError> {
        self.naming.parse(text, self.home(user).as_deref())
    }

    /// The same of a text with stars in it, if that is what it is.
    pub fn pattern(&self, text: &str, user: Option<&str>) -> Result<Option<Pattern>, PathError> {
        self.naming.parse_pattern(text, self.home(user).as_deref())
    }

    fn home(&self, user: Option<&str>) -> Option<String> {
        user.map(|user| self.naming.home(user))
    }

    /// What is meant by a text that may name a file or a directory, as a user types it: a file, if there is one.
    pub fn target(&self, text: &str, user: Option<&str>) -> Result<ListTarget, PathError> {
        let target = self.naming.parse_target(text, self.home(user).as_deref())?;
        let ListTarget::File(path) = &target else { return Ok(target) };
        let directory = path.as_directory().filter(|directory| match &self.backend {
            Backend::Memory(memory) => {
                memory.read(path).is_err() && memory.has_directory(directory, self.naming)
            }
            Backend::Store(store) => {
                let store = store.borrow();
                store.list(&target).is_err() && store.list(&ListTarget::Directory(directory.clone())).is_ok()
            }
        });
        Ok(directory.map_or(target, ListTarget::Directory))
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
            Backend::Memory(memory) => memory.list(target, self.naming),
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
        self.room.rights.borrow_mut().grant(target, right, who);
    }

    /// Whether a user has a right to a file. In the directory of his name he has all of them; beyond that he has what is
    /// [granted](Files::grant), or else what is [usual](Right).
    pub fn may(&self, user: &str, right: Right, path: &PathName) -> Result<(), FileError> {
        if self.room.rights.borrow().has(user, right, path) { Ok(()) } else { Err(FileError::Denied) }
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
        listed.retain(|file| self.room.rights.borrow().has(user, Right::List, &file.path));
        if listed.is_empty() && !is_empty { Err(FileError::Denied) } else { Ok(listed) }
    }

    /// The files that fit a pattern and that a user may see, in order of their names and versions.
    pub fn list_fitting(&self, user: &str, pattern: &Pattern) -> Result<Vec<DirEntry>, FileError> {
        let mut listed = self.list_as(user, &ListTarget::Directory(pattern.directory().to_owned()))?;
        listed.retain(|file| pattern.fits(&file.path));
        if listed.is_empty() { Err(FileError::NotFound) } else { Ok(listed) }
    }

    /// Whether a file would be lost if a new content were written under this name: where files have versions, it would become the
    /// next one.
    pub fn would_replace(&self, path: &PathName) -> bool {
        match &self.backend {
            Backend::Memory(memory) => memory.would_replace(path),
            Backend::Store(store) => {
                let listed = store.borrow().list(&ListTarget::File(path.clone()));
                listed.is_ok_and(|files| files.iter().any(|entry| entry.path.version() == path.version()))
            }
        }
    }

    /// Begins to write a file. What is written cannot be read until the draft is filed; a draft that is dropped
    /// leaves the file as it was.
    pub fn draft(&self, path: PathName, mode: WriteMode) -> Result<Draft, FileError> {
        match &self.backend {
            Backend::Memory(memory) => memory.writable(&path, mode)?,
            Backend::Store(store) => store.borrow().writable(&path, mode)?,
        }
        let Limits { longest, entry } = self.room.limits;
        self.room.take(path.directory(), entry)?;
        let (content, form, room) = (Vec::new(), Form::Text, self.room.clone());
        Ok(Draft { path, mode, form, content, longest, entry, taken: entry, room })
    }

    /// How many drafts there are that are neither filed nor dropped.
    pub(crate) fn drafts(&self) -> usize {
        // Each holds on to the disk, as these files do.
        Rc::strong_count(&self.room) - 1
    }

    /// How many bytes of a disk in memory count as taken that no file has, if no draft takes any.
    pub(crate) fn lost_room(&self) -> usize {
        match &self.backend {
            Backend::Memory(memory) if self.drafts() == 0 => self.room.taken().abs_diff(memory.bytes()),
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
            self.room.add(draft.path.directory(), taken);
            self.room.free(draft.path.directory(), freed);
        }
        filed
    }

    /// Deletes a file. A program that reads it goes on reading, and one that writes it will file it all the same.
    pub(crate) fn delete(&mut self, path: &PathName) -> Result<Deleted, FileError> {
        let deleted = match &mut self.backend {
            Backend::Memory(memory) => memory.delete(path),
            Backend::Store(store) => store.borrow_mut().delete(path),
        }?;
        self.room.free(path.directory(), deleted.freed);
        Ok(deleted)
    }

    /// Gives a file another name, which no file has: all at once, or not at all. A program that reads it goes on reading;
    /// one that writes it will file it under the name that it had.
    pub(crate) fn rename(&mut self, from: &PathName, to: &PathName) -> Result<Renamed, FileError> {
        match &mut self.backend {
            Backend::Memory(memory) => {
                let (there, here) = (from.directory(), to.directory());
                let bytes = memory.read(from)?.len();
                self.room.may_move(there, here, bytes)?;
                let renamed = memory.rename(from, to)?;
                self.room.moved(there, here, bytes);
                Ok(renamed)
            }
            Backend::Store(store) => store.borrow_mut().rename(from, to),
        }
    }
}

/// What will be a file, or the end of one. It knows nothing of the file until it is filed: what is appended to a file that
/// was deleted meanwhile is appended to what is there then, or is a new file. Of two drafts of a file, the one that is filed last
/// is the file, or its highest version; what both append is there in the order in which they are filed.
#[derive(Debug)]
pub struct Draft {
    path: PathName,
    mode: WriteMode,
    form: Form,
    content: Vec<u8>,
    /// The most bytes that it can have.
    longest: usize,
    /// The bytes that the file takes beside those that it has.
    entry: usize,
    /// The bytes of the disk that it takes: all that have been written, and those that are promised.
    taken: usize,
    room: Rc<Room>,
}

impl Draft {
    /// The same draft, of bytes of this form.
    #[must_use]
    pub fn of(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// The same draft, for which so many bytes of the disk are kept, written or not.
    pub fn with_room_for(mut self, bytes: usize) -> Result<Self, FileError> {
        self.take(bytes)?;
        Ok(self)
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

    /// Writes bytes, if the disk and the directory have room for them beside the file that they may be going to replace, and the
    /// file does not become longer than a file can be.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.take(self.content.len() + bytes.len())?;
        self.content.extend_from_slice(bytes);
        Ok(())
    }

    /// Takes room for so many bytes in all.
    fn take(&mut self, bytes: usize) -> Result<(), FileError> {
        if bytes > self.longest {
            return Err(FileError::Full);
        }
        let more = (self.entry + bytes).saturating_sub(self.taken);
        self.room.take(self.path.directory(), more)?;
        self.taken += more;
        Ok(())
    }
}

impl Drop for Draft {
    /// A draft takes no room any more. (What was filed does.)
    fn drop(&mut self) {
        self.room.free(self.path.directory(), self.taken);
    }
}

#[cfg(test)]
mod tests;
