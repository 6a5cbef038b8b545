//! Where scenarios and nets come from: a folder, or the ones that are built in.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use host::disk::DiskFile;
use imp::Net;
use imp::nearest::nearest;
use miette::Diagnostic;
use scenario::library::{self, BuiltIn, FOUND, NET, NETS, SCENARIO, SEEDS, has_ending};
use scenario::{Errors, Nets, NoNet, Scenario};

use crate::folder_files;
use crate::lenses;
use crate::system::words;
use crate::utf8::{self, SAVE_AS_UTF8};

/// The name under which a scenario or a capture comes from standard input.
pub(crate) const STANDARD_INPUT: &str = "-";

/// The file that standard input is, if it is one.
const STANDARD_INPUT_FILE: &str = "/dev/stdin";

/// How many names a line has room for.
const FEW: usize = 12;

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

/// Why a scenario or a net cannot be had.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum ReadError {
    /// The library has none of that name.
    #[error("there is no {what} {name}")]
    Unknown {
        /// What was looked for: `scenario` or `net`.
        what: &'static str,
        /// The name.
        name: String,
        /// What may have been meant.
        #[help]
        help: String,
    },
    /// A net was named where a scenario is asked for.
    #[error("{0} is a net, and no scenario")]
    #[diagnostic(help("`net {0}` shows it; a scenario plays on it that says so in its heading"))]
    IsNet(String),
    /// The file is not in UTF-8: where.
    #[error("{name}: {error}")]
    #[diagnostic(help("{SAVE_AS_UTF8}"))]
    NoText {
        /// The name or path.
        name: String,
        /// Where.
        error: io::Error,
    },
    /// There is no such file.
    #[error("there is no file {name}")]
    NoFile {
        /// The path.
        name: String,
        /// What may have been meant.
        #[help]
        help: Option<String>,
    },
    /// The file cannot be read.
    #[error("{name}: {}", words(.error))]
    Io {
        /// The name or path.
        name: String,
        /// Why.
        error: io::Error,
    },
    /// The text has mistakes.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Text(#[from] Errors),
}

impl Library {
    /// Reads the scenario of that name or path, and the net on which it plays.
    ///
    /// # Errors
    /// There is none, it cannot be read, or it has mistakes.
    pub fn read_scenario(&self, name: impl AsRef<OsStr>) -> Result<(Source, Scenario), ReadError> {
        let name = name.as_ref();
        let shown = name.to_string_lossy();
        if has_ending(&shown, NET) && Path::new(name).is_file() {
            return Err(ReadError::IsNet(shown.into_owned()));
        }
        let source = self.scenario(name).map_err(|error| {
            let known = (!Library::is_path(name)).then(|| self.names().unwrap_or_default());
            unreadable("scenario", &shown, error, known, self.meant(&shown))
        })?;
        let scenario = scenario::parse(&source.name, &source.text, &self.nets(&source))?;
        Ok((source, scenario))
    }

    /// The command that shows what is called so, if anything of the library is: a scenario, or else a net.
    pub(crate) fn command_for(&self, name: &str) -> Option<String> {
        let stem = |ending: &str| name.strip_suffix(ending)?.strip_suffix('.');
        let has = |names: io::Result<Vec<String>>, name: &str| {
            names.is_ok_and(|names| names.iter().any(|known| known == name))
        };
        let (scenario, net) = (stem(SCENARIO).unwrap_or(name), stem(NET).unwrap_or(name));
        if has(self.names(), scenario) {
            return Some(format!("scenario {scenario}"));
        }
        has(self.net_names(), net).then(|| format!("net {net}"))
    }

    /// What a name may stand for that is no scenario of the library: a file here, something else of the library, or the
    /// beginning of some names.
    fn meant(&self, name: &str) -> Option<String> {
        if name.is_empty() {
            return None;
        }
        let path = Path::new(name);
        let here = path.with_extension(SCENARIO);
        if here.is_file() {
            let place = if path.components().count() > 1 { "" } else { "./" };
            return Some(format!("there is a file of that name: scenario {place}{}", here.display()));
        }
        if let Some(command) = self.command_for(name) {
            return Some(format!("did you mean `{command}`, of the library?"));
        }
        if Library::is_path(name) {
            return None;
        }
        if lenses::names().any(|lens| lens == name) {
            return Some(format!("that is a lens: one follows another with a comma, --show ncp,{name}"));
        }
        let mut begin = self.names().ok()?;
        begin.retain(|known| known.starts_with(name));
        let width = begin.iter().map(String::len).max()?;
        let mut help = String::from("these begin so:");
        for known in begin {
            let title =
                self.scenario(&known).map(|source| statement(&source.text, "title")).unwrap_or_default();
            help.push_str(&format!("\n    {known:width$}  {title}"));
        }
        Some(help)
    }

    /// Reads the net that was asked for, by its name or path; if none was, that of January 1973.
    ///
    /// # Errors
    /// As [`read_net`](Library::read_net).
    pub fn read_net_or_usual(&self, asked: Option<&OsStr>) -> Result<Net, ReadError> {
        self.read_net(asked.unwrap_or(OsStr::new("1973-01")))
    }

    /// Reads the net of that name or path.
    ///
    /// # Errors
    /// There is none, it cannot be read, or it has mistakes.
    pub fn read_net(&self, name: impl AsRef<OsStr>) -> Result<Net, ReadError> {
        let name = name.as_ref();
        let shown = name.to_string_lossy();
        let source = self.net(name).map_err(|error| {
            let known = (!Library::is_net_path(name)).then(|| self.net_names().unwrap_or_default());
            let meant =
                self.command_for(&shown).map(|command| format!("did you mean `{command}`, of the library?"));
            unreadable("net", &shown, error, known, meant)
        })?;
        Ok(scenario::parse_net(&source.name, &source.text)?)
    }

    /// The names of all scenarios, in order.
    pub fn names(&self) -> io::Result<Vec<String>> {
        match self {
            Library::BuiltIn => Ok(library::scenarios().map(str::to_owned).collect()),
            Library::Folder(root) => stems(root, SCENARIO),
        }
    }

    /// The names of all nets, in order.
    pub fn net_names(&self) -> io::Result<Vec<String>> {
        match self {
            Library::BuiltIn => Ok(library::nets().map(str::to_owned).collect()),
            Library::Folder(root) => stems(&root.join(NETS), NET),
        }
    }

    /// The names of the scenarios that sweeps have found, in order.
    pub fn found(&self) -> io::Result<Vec<String>> {
        match self {
            Library::BuiltIn => Ok(library::found().map(str::to_owned).collect()),
            Library::Folder(root) => match stems(&root.join(FOUND), SCENARIO) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
                names => names,
            },
        }
    }

    /// Reads the scenario that a sweep has found, of that name.
    ///
    /// # Errors
    /// As [`read_scenario`](Library::read_scenario).
    pub fn read_found(&self, name: &str) -> Result<(Source, Scenario), ReadError> {
        let file = Path::new(FOUND).join(format!("{name}.{SCENARIO}"));
        let shown = Path::new("scenarios").join(&file).to_string_lossy().into_owned();
        let text = self.read(&file).map_err(|error| unreadable("scenario", &shown, error, None, None))?;
        let folder = match self {
            Library::BuiltIn => None,
            Library::Folder(root) => Some(root.join(FOUND)),
        };
        let source = Source { name: shown, text, folder };
        let scenario = scenario::parse(&source.name, &source.text, &self.nets(&source))?;
        Ok((source, scenario))
    }

    /// The list of seeds in which sweeps have found something; nothing, if there is none.
    pub fn found_seeds(&self) -> io::Result<String> {
        match self.read(&Path::new(FOUND).join(SEEDS)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            list => list,
        }
    }

    /// Whether a scenario is named by the path of its file: with a folder, or with the ending.
    pub fn is_path(name: impl AsRef<OsStr>) -> bool {
        is_path(name.as_ref(), SCENARIO)
    }

    /// Whether a net is named by the path of its file: with a folder, or with the ending.
    pub fn is_net_path(name: impl AsRef<OsStr>) -> bool {
        is_path(name.as_ref(), NET)
    }

    /// The scenario of that name or path.
    pub fn scenario(&self, name: impl AsRef<OsStr>) -> io::Result<Source> {
        self.source(name.as_ref(), Path::new(""), SCENARIO)
    }

    /// The net of that name or path.
    pub fn net(&self, name: impl AsRef<OsStr>) -> io::Result<Source> {
        self.source(name.as_ref(), Path::new(NETS), NET)
    }

    /// The nets that a scenario may play on.
    pub fn nets<'a>(&'a self, source: &'a Source) -> NetsOf<'a> {
        NetsOf { library: self, source }
    }

    /// The files from which the scenario of that name or path was read: its own, and those that its net may be. Nothing
    /// may be written over them.
    pub(crate) fn files_of_scenario(&self, name: &OsStr, source: &Source) -> Vec<PathBuf> {
        let statement = statement(&source.text, "net");
        let net = statement.split_whitespace().next().unwrap_or_default();
        let own = self.file(name, Path::new(""), SCENARIO);
        let beside = source.folder.as_ref().map(|folder| match has_ending(net, NET) {
            true => folder.join(net),
            false => folder.join(NETS).join(format!("{net}.{NET}")),
        });
        let known = (!has_ending(net, NET)).then(|| self.file_of_net(net)).flatten();
        [own, beside, known].into_iter().flatten().collect()
    }

    /// The file from which the net of that name or path was read, unless it is built in.
    pub(crate) fn file_of_net(&self, name: impl AsRef<OsStr>) -> Option<PathBuf> {
        self.file(name.as_ref(), Path::new(NETS), NET)
    }

    fn file(&self, name: &OsStr, folder: &Path, ending: &str) -> Option<PathBuf> {
        match self {
            _ if name == STANDARD_INPUT => Some(PathBuf::from(STANDARD_INPUT_FILE)),
            _ if is_path(name, ending) => Some(PathBuf::from(name)),
            Library::BuiltIn => None,
            Library::Folder(root) => Some(root.join(folder).join(format!("{}.{ending}", name.to_str()?))),
        }
    }

    fn source(&self, name: &OsStr, folder: &Path, ending: &str) -> io::Result<Source> {
        if name == STANDARD_INPUT {
            let text = utf8::read_from(io::stdin())?;
            // What lies beside it lies where one is.
            return Ok(Source { name: "standard input".to_owned(), text, folder: Some(PathBuf::new()) });
        }
        let path = Path::new(name);
        if is_path(name, ending) {
            let folder = path.parent().map(Path::to_owned);
            let name = name.to_string_lossy().into_owned();
            return Ok(Source { name, text: utf8::read(path)?, folder });
        }
        // What the library has, it has by names in ASCII.
        let name = name.to_str().ok_or(io::ErrorKind::NotFound)?;
        let file = folder.join(format!("{name}.{ending}"));
        let text = self.read(&file)?;
        let folder = match self {
            Library::BuiltIn => None,
            Library::Folder(root) => Some(root.join(folder)),
        };
        Ok(Source { name: Path::new("scenarios").join(file).to_string_lossy().into_owned(), text, folder })
    }

    /// A file of the library, by its path within it.
    pub(crate) fn read(&self, path: &Path) -> io::Result<String> {
        match self {
            Library::Folder(folder) => utf8::read(&folder.join(path)),
            Library::BuiltIn => path
                .to_str()
                .and_then(library::file)
                .map(str::to_owned)
                .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound)),
        }
    }
}

/// Why a scenario or a net cannot be had. `known`: what the library has, unless a file was asked for. `meant`: what else
/// may have been.
fn unreadable(
    what: &'static str,
    name: &str,
    error: io::Error,
    known: Option<Vec<String>>,
    meant: Option<String>,
) -> ReadError {
    let name = name.to_owned();
    match (error.kind(), known) {
        (io::ErrorKind::NotFound, None) => ReadError::NoFile { name, help: meant },
        (io::ErrorKind::NotFound, Some(known)) => {
            let help = meant.unwrap_or_else(|| match nearest(&name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.len() > FEW => format!("`show` lists all {}", known.len()),
                None => format!("there are: {}", known.join(", ")),
            });
            ReadError::Unknown { what, name, help }
        }
        (io::ErrorKind::InvalidData, _) => ReadError::NoText { name, error },
        _ => ReadError::Io { name, error },
    }
}

/// The names of the files with this ending in a folder, in order and without the ending.
fn stems(folder: &Path, ending: &str) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == ending) {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// What stands behind a word at the beginning of a line, the first time.
pub(crate) fn statement(text: &str, word: &str) -> String {
    let behind = text.lines().filter_map(|line| line.strip_prefix(word));
    behind
        .filter(|rest| rest.starts_with(char::is_whitespace))
        .map(str::trim)
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn is_path(name: &OsStr, ending: &str) -> bool {
    has_ending(&name.to_string_lossy(), ending) || Path::new(name).components().count() > 1
}

/// The nets of a library, and those beside a scenario.
#[derive(Debug, Clone, Copy)]
pub struct NetsOf<'a> {
    library: &'a Library,
    source: &'a Source,
}

impl Nets for NetsOf<'_> {
    fn text(&self, name: &str) -> Result<String, NoNet> {
        let folder = self.source.folder.as_ref();
        let read = if !has_ending(name, NET) {
            // One that lies beside the scenario, as an exported library has it, is nearer.
            let path = Path::new(NETS).join(format!("{name}.{NET}"));
            match folder.map(|folder| utf8::read(&folder.join(&path))) {
                Some(Err(error)) if error.kind() == io::ErrorKind::NotFound => self.library.read(&path),
                Some(beside) => beside,
                None => self.library.read(&path),
            }
        } else if let Some(folder) = folder {
            utf8::read(&folder.join(name))
        } else {
            self.library.read(Path::new(name))
        };
        match read {
            Ok(text) => Ok(text),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(NoNet::Unreadable(words(&error))),
            Err(_) if has_ending(name, NET) => Err(NoNet::Unknown),
            Err(_) => BuiltIn.text(name),
        }
    }

    fn folder(&self, name: &str) -> Result<Vec<DiskFile>, NoNet> {
        let folder = match (&self.source.folder, self.library) {
            (Some(folder), _) | (None, Library::Folder(folder)) => folder.join(name),
            (None, Library::BuiltIn) => return Err(NoNet::Unknown),
        };
        folder_files::read(&folder).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => NoNet::Unknown,
            _ => NoNet::Unreadable(words(&error)),
        })
    }

    fn names(&self) -> Vec<String> {
        self.library.net_names().unwrap_or_else(|_| BuiltIn.names())
    }
}
