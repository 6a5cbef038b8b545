//! Who may do what with the files of others.

use std::collections::{BTreeMap, BTreeSet};

use super::name::{ListTarget, PathName};

/// What may be done with a file, and by whom if nothing is said of it: as at a TENEX, whose files are born with the protection
/// 777752. The owner may do everything, and others may read and list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// To read it. Usually everybody may who is logged in.
    Read,
    /// To see in a list that it is there. Usually everybody may who is logged in.
    List,
    /// To write it, delete it, or give it another name. Usually only its owner may.
    Write,
}

impl Right {
    /// Whether everybody has it, if nothing is said.
    const fn is_everybodys(self) -> bool {
        match self {
            Right::Read | Right::List => true,
            Right::Write => false,
        }
    }
}

/// Who has a right, beside the owner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Everybody who is logged in.
    All,
    /// The owner alone.
    Nobody,
    /// The user of this name.
    User(String),
}

/// The rights that are not as usual, of which most hosts have none.
#[derive(Debug, Clone, Default)]
pub(super) struct Rights(Option<Box<Granted>>);

/// By directory, file if it is of one only, and right: those who have it.
type Granted = BTreeMap<(String, Option<String>, Right), BTreeSet<Who>>;

impl Rights {
    pub(super) fn grant(&mut self, target: &ListTarget, right: Right, who: Who) {
        let (directory, file) = match target {
            ListTarget::Directory(directory) => (directory.clone(), None),
            ListTarget::File(path) => (path.directory().to_owned(), Some(path.file().to_owned())),
        };
        let who = match who {
            Who::User(name) => Who::User(name.to_ascii_uppercase()),
            Who::All | Who::Nobody => who,
        };
        self.0.get_or_insert_default().entry((directory, file, right)).or_default().insert(who);
    }

    pub(super) fn has(&self, user: &str, right: Right, path: &PathName) -> bool {
        if path.naming().is_of(path.directory(), user) {
            return true;
        }
        let Some(granted) = &self.0 else { return right.is_everybodys() };
        let key = |file: Option<&str>| (path.directory().to_owned(), file.map(str::to_owned), right);
        let granted = granted.get(&key(Some(path.file()))).or_else(|| granted.get(&key(None)));
        granted.map_or(right.is_everybodys(), |who| {
            who.contains(&Who::All) || who.contains(&Who::User(user.to_ascii_uppercase()))
        })
    }
}
