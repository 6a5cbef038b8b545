//! The files of a host. They outlive a crash.

mod memory;
mod name;
mod store;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

#[cfg(feature = "live")]
pub(crate) use name::MAX_VERSION;
pub use name::{ListTarget, Naming, PathError, PathName};
pub use store::{Deleted, DirEntry, FileError, Limits, MAX_LISTED, Renamed, Store, WriteMode, Written};

use memory::Memory;

/// The files of a host, on a disk of a limited size. A clone has a disk of its own, unless the files are kept
/// in a [store](Files::with_store).
#[derive(Debug)]
pub struct Files {
    naming: Naming,
    backend: Backend,
    limits: Limits,
    quota: Rc<Quota>,
}

#[derive(Debug, Clone)]
enum Backend {
    Memory(Memory),
    Store(Rc<RefCell<dyn Store>>),
}

/// How many bytes are on a disk, and how many fit on it.
#[derive(Debug)]
struct Quota {
    size: usize,
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
                Rc::new(Quota { size: self.quota.size, used: Cell::new(memory.bytes()) })
            }
            Backend::Store(_) => self.quota.clone(),
        };
        Files { backend: self.backend.clone(), quota, ..*self }
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

    fn on(backend: Backend, naming: Naming, size: usize, limits: Limits) -> Self {
        Files { naming, backend, limits, quota: Rc::new(Quota { size, used: Cell::new(0) }) }
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

    /// The content of a file. It stays as it is, whatever is written later.
    pub fn read(&self, path: &PathName) -> Result<Arc<Vec<u8>>, FileError> {
        match &self.backend {
            Backend::Memory(memory) => memory.read(path),
            Backend::Store(store) => store.borrow().read(path),
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

    /// Whether a user may write a file, or delete it: only in the user's own directory, as TENEX protects files by default.
    /// Every user who is logged in may read every file.
    pub fn may_write(&self, user: &str, path: &PathName) -> Result<(), FileError> {
        if path.directory().eq_ignore_ascii_case(user) { Ok(()) } else { Err(FileError::Denied) }
    }

    /// Begins to write a file. What is written cannot be read until the draft is filed; a draft that is dropped
    /// leaves the file as it was.
    pub fn draft(&self, path: PathName, mode: WriteMode) -> Result<Draft, FileError> {
        match &self.backend {
            Backend::Memory(memory) => memory.writable(&path)?,
            Backend::Store(store) => store.borrow().writable(&path, mode)?,
        }
        let Limits { longest, entry } = self.limits;
        self.quota.take(entry)?;
        Ok(Draft { path, mode, content: Vec::new(), longest, taken: entry, quota: self.quota.clone() })
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
            Backend::Store(store) => store.borrow_mut().write(&draft.path, content, draft.mode),
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
    content: Vec<u8>,
    /// The most bytes that it can have.
    longest: usize,
    /// The bytes of the disk that it takes.
    taken: usize,
    quota: Rc<Quota>,
}

impl Draft {
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
mod tests {
    use super::*;

    #[test]
    fn all_room_that_is_taken_is_that_of_a_file_or_a_draft() {
        let mut files = Files::new(Naming::Tenex, 1000);
        let path = |text| Naming::Tenex.parse(text, None).expect("a path name");
        files.put(path("<A>B"), vec![0; 10]);
        let mut draft = files.draft(path("<A>B"), WriteMode::Append).expect("it may be written");
        draft.write(&[0; 5]).expect("there is room");
        assert_eq!(files.lost_room(), 0, "a draft takes some");
        files.file(draft).expect("it can be filed");
        files
            .draft(path("<A>C"), WriteMode::Replace)
            .and_then(|mut draft| draft.write(&[0; 7]))
            .expect("room");
        assert_eq!(files.lost_room(), 0, "one was filed, and one dropped");
        files.quota.take(3).expect("there is room");
        assert_eq!(files.lost_room(), 3);
    }

    fn name(text: &str) -> PathName {
        Naming::Tenex.parse(text, Some("SMITH")).expect("a path name")
    }

    /// The bytes that a file holds, and those that it has held before.
    fn counts(filed: Result<Written, FileError>) -> (usize, usize) {
        let filed = filed.expect("it is filed");
        (filed.bytes, filed.kept)
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_the_file_and_the_disk_as_they_were() {
        let mut files = Files::new(Naming::Tenex, 10);
        files.put(name("A.B"), b"old".to_vec());
        let mut draft = files.draft(name("A.B"), WriteMode::Replace).expect("it can be written");
        draft.write(b"newest").expect("nine bytes fit");
        assert_eq!(draft.write(b"!!"), Err(FileError::Full), "the draft takes room, too");
        drop(draft);
        assert_eq!(files.read(&name("A.B")).expect("it is there").as_slice(), b"old");
        let mut draft = files.draft(name("C.D"), WriteMode::Replace).expect("it can be written");
        assert_eq!(draft.write(b"seven b"), Ok(()), "the dropped draft gave its room back");
        assert_eq!(counts(files.file(draft)), (7, 0));
    }

    #[test]
    fn two_appends_at_once_lose_nothing() {
        let mut files = Files::default();
        let append = || files.draft(name("A.B"), WriteMode::Append).expect("it can be written");
        let (mut one, mut two) = (append(), append());
        one.write(b"one").expect("there is room");
        two.write(b"two").expect("there is room");
        assert_eq!(counts(files.file(one)), (3, 0));
        assert_eq!(counts(files.file(two)), (6, 3));
        assert_eq!(files.read(&name("A.B")).expect("it is there").as_slice(), b"onetwo");
    }

    #[test]
    fn a_user_writes_in_his_own_directory_only() {
        let files = Files::default();
        assert_eq!(files.may_write("smith", &name("A.B")), Ok(()));
        assert_eq!(files.may_write("smith", &name("<THOMAS>A.B")), Err(FileError::Denied));
    }

    #[test]
    fn a_list_has_the_files_of_one_directory_in_order() {
        let mut files = Files::default();
        for path in ["B", "A.C", "A.B", "<JONES>X", "<SMITHSON>A.A"] {
            files.put(name(path), path.as_bytes().to_vec());
        }
        let list = |files: &Files, text| {
            let wanted = Naming::Tenex.parse_target(text, Some("SMITH")).expect("it can be asked for");
            let listed = files.list(&wanted)?;
            Ok(listed
                .iter()
                .map(|file| format!("{} {}", file.path, file.bytes))
                .collect::<Vec<_>>()
                .join(" "))
        };
        assert_eq!(list(&files, "").as_deref(), Ok("<SMITH>A.B 3 <SMITH>A.C 3 <SMITH>B. 1"));
        assert_eq!(list(&files, "a.b").as_deref(), Ok("<SMITH>A.B 3"));
        assert_eq!(list(&files, "a.b;1").as_deref(), Ok("<SMITH>A.B 3"));
        for nothing in ["a.b;2", "none", "<THOMAS>", "<JONES>A.B"] {
            assert_eq!(list(&files, nothing), Err(FileError::NotFound), "{nothing}");
        }
        for number in 0..MAX_LISTED {
            files.put(name(&format!("<THOMAS>{number}")), Vec::new());
        }
        assert!(list(&files, "<THOMAS>").is_ok());
        files.put(name("<THOMAS>ONE.MORE"), Vec::new());
        assert_eq!(list(&files, "<THOMAS>"), Err(FileError::TooMany), "all of them, or none");
    }

    #[test]
    fn what_is_deleted_is_gone_and_takes_no_room() {
        let mut files = Files::new(Naming::Tenex, 10);
        files.put(name("A.B"), b"old".to_vec());
        let reading = files.read(&name("A.B")).expect("it is there");
        let mut append = files.draft(name("A.B"), WriteMode::Append).expect("it can be written");
        append.write(b"new").expect("there is room");
        assert_eq!(files.delete(&name("A.B;2")), Err(FileError::NotFound));
        assert_eq!(
            files.delete(&name("A.B")).map(|deleted| deleted.path.to_string()).as_deref(),
            Ok("<SMITH>A.B")
        );
        assert_eq!(files.read(&name("A.B")), Err(FileError::NotFound));
        assert_eq!(files.delete(&name("A.B")), Err(FileError::NotFound));
        assert_eq!(*reading, b"old", "who reads it goes on");
        assert_eq!(counts(files.file(append)), (3, 0), "all that was sent, and nothing of what was deleted");
        let mut draft = files.draft(name("C.D"), WriteMode::Replace).expect("it can be written");
        assert_eq!(draft.write(b"seven b"), Ok(()), "the file that was deleted takes no room");
    }

    #[test]
    fn a_file_is_renamed_to_what_no_file_is_called_and_to_nothing_else() {
        let mut files = Files::new(Naming::Tenex, 10);
        files.put(name("A.B"), b"old".to_vec());
        files.put(name("C.D"), b"other".to_vec());
        let reading = files.read(&name("A.B")).expect("it is there");
        let both = |renamed: Result<Renamed, FileError>| {
            renamed.map(|renamed| [renamed.from.to_string(), renamed.to.to_string()])
        };
        for (from, to, why) in [
            ("NONE", "X.Y", FileError::NotFound),
            ("A.B;2", "X.Y", FileError::NotFound),
            ("A.B", "C.D", FileError::Taken),
            ("A.B", "A.B", FileError::Taken),
            ("A.B", "X.Y;2", FileError::Version),
        ] {
            assert_eq!(both(files.rename(&name(from), &name(to))), Err(why), "{from} to {to}");
        }
        assert_eq!(files.all().len(), 2, "what is refused changes nothing");
        let new = ["<SMITH>A.B".to_owned(), "<JONES>X.Y".to_owned()];
        assert_eq!(both(files.rename(&name("A.B;1"), &name("<JONES>X.Y"))), Ok(new));
        assert_eq!(files.read(&name("A.B")), Err(FileError::NotFound));
        assert!(files.read(&name("<JONES>X.Y")).is_ok_and(|content| *content == b"old"));
        assert_eq!((&**reading, files.lost_room()), (&b"old"[..], 0), "who reads it goes on");
    }

    #[test]
    fn memory_keeps_a_file_in_one_version() {
        let mut files = Files::default();
        files.put(name("A.B"), b"one".to_vec());
        assert!(files.read(&name("A.B;1")).is_ok_and(|content| *content == b"one"));
        assert_eq!(files.read(&name("A.B;2")), Err(FileError::NotFound));
        assert_eq!(files.draft(name("A.B;2"), WriteMode::Replace).err(), Some(FileError::Version));
        let mut draft = files.draft(name("A.B;1"), WriteMode::Replace).expect("it can be written");
        draft.write(b"new").expect("there is room");
        assert_eq!(files.file(draft).map(|filed| filed.path.to_string()).as_deref(), Ok("<SMITH>A.B"));
        assert!(files.read(&name("A.B")).is_ok_and(|content| *content == b"new"));
    }
}
