//! Where scenarios and nets come from: a folder, or the ones that are built in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::language::Nets;

/// The scenarios and nets of the project, inside the program.
static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../scenarios");

/// The ending of a scenario file.
const SCENARIO: &str = "scenario";

/// The ending of a net file.
const NET: &str = "net";

/// Where the nets lie within a library.
const NETS: &str = "nets";

/// A collection of scenarios, and of the nets that they play on.
#[derive(Debug, Clone)]
pub enum Library {
    /// The one inside the program.
    BuiltIn,
    /// A folder.
    Folder(PathBuf),
}

/// The text of a scenario or a net, and what to call it.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file's path, or its name in the library.
    pub name: String,
    /// What it says.
    pub text: String,
    folder: Option<PathBuf>,
}

impl Library {
    /// The names of all scenarios, in order.
    pub fn names(&self) -> io::Result<Vec<String>> {
        self.stems(Path::new(""), SCENARIO)
    }

    /// The names of all nets, in order.
    pub fn net_names(&self) -> io::Result<Vec<String>> {
        self.stems(Path::new(NETS), NET)
    }

    /// Whether a scenario is named by the path of its file: with a folder, or with the ending.
    pub fn is_path(name: &str) -> bool {
        is_path(name, SCENARIO)
    }

    /// Whether a net is named by the path of its file: with a folder, or with the ending.
    pub fn is_net_path(name: &str) -> bool {
        is_path(name, NET)
    }

    /// The scenario of that name or path.
    pub fn scenario(&self, name: &str) -> io::Result<Source> {
        self.source(name, Path::new(""), SCENARIO)
    }

    /// The net of that name or path.
    pub fn net(&self, name: &str) -> io::Result<Source> {
        self.source(name, Path::new(NETS), NET)
    }

    /// The nets that a scenario may play on.
    pub fn nets<'a>(&'a self, source: &'a Source) -> NetsOf<'a> {
        NetsOf { library: self, source }
    }

    /// The names of the files with this ending in a folder of the library, in order and without the ending.
    fn stems(&self, folder: &Path, ending: &str) -> io::Result<Vec<String>> {
        let paths: Vec<PathBuf> = match self {
            Library::BuiltIn => {
                let is_root = folder.as_os_str().is_empty();
                let dir = if is_root { Some(&BUILT_IN) } else { BUILT_IN.get_dir(folder) };
                dir.into_iter().flat_map(Dir::files).map(|file| file.path().to_owned()).collect()
            }
            Library::Folder(root) => fs::read_dir(root.join(folder))?
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<io::Result<_>>()?,
        };
        let named = |path: &PathBuf| match path.extension() {
            Some(found) if found == ending => {
                path.file_stem().map(|stem| stem.to_string_lossy().into_owned())
            }
            Some(_) | None => None,
        };
        let mut names: Vec<String> = paths.iter().filter_map(named).collect();
        names.sort();
        Ok(names)
    }

    fn source(&self, name: &str, folder: &Path, ending: &str) -> io::Result<Source> {
        let path = Path::new(name);
        if is_path(name, ending) {
            let folder = path.parent().map(Path::to_owned);
            return Ok(Source { name: name.to_owned(), text: fs::read_to_string(path)?, folder });
        }
        let file = folder.join(format!("{name}.{ending}"));
        let text = self.read(&file)?;
        let folder = match self {
            Library::BuiltIn => None,
            Library::Folder(root) => Some(root.join(folder)),
        };
        Ok(Source { name: Path::new("scenarios").join(file).to_string_lossy().into_owned(), text, folder })
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        match self {
            Library::Folder(folder) => fs::read_to_string(folder.join(path)),
            Library::BuiltIn => BUILT_IN
                .get_file(path)
                .and_then(|file| file.contents_utf8())
                .map(str::to_owned)
                .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound)),
        }
    }
}

fn is_path(name: &str, known: &str) -> bool {
    let path = Path::new(name);
    path.extension().is_some_and(|ending| ending == known) || path.components().count() > 1
}

/// The nets of a library, and those beside a scenario.
#[derive(Debug, Clone, Copy)]
pub struct NetsOf<'a> {
    library: &'a Library,
    source: &'a Source,
}

impl Nets for NetsOf<'_> {
    fn text(&self, name: &str) -> Option<String> {
        let path = Path::new(name);
        if path.extension().is_some_and(|ending| ending == NET) {
            return match &self.source.folder {
                Some(folder) => fs::read_to_string(folder.join(path)).ok(),
                None => self.library.read(path).ok(),
            };
        }
        let path = Path::new(NETS).join(format!("{name}.{NET}"));
        self.library.read(&path).or_else(|_| Library::BuiltIn.read(&path)).ok()
    }

    fn names(&self) -> Vec<String> {
        let built_in = || Library::BuiltIn.net_names();
        self.library.net_names().or_else(|_| built_in()).unwrap_or_default()
    }
}
