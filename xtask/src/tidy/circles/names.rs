//! The modules of one crate, and in which file what a path names is defined.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Import, Path, Source};

/// A name is looked up through at most this many imports.
const DEEPEST: usize = 12;

/// The modules of a crate, the root first.
#[derive(Debug, Default)]
pub(super) struct Modules {
    modules: Vec<Module>,
    /// What could not be read.
    pub(super) unread: Vec<String>,
}

#[derive(Debug)]
struct Module {
    file: String,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    source: Source,
}

/// What a path names: an item, and the file that defines it.
type Item = (String, String);

/// For each two files of which one depends on the other: the names that the first has of the second.
pub(super) type Arrows = BTreeMap<(String, String), BTreeSet<String>>;

impl Modules {
    /// Reads a crate from its root on. `text` returns the text of a file if there is one.
    pub(super) fn read(root: &str, text: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut modules = Modules::default();
        modules.read_file(root.to_owned(), None, text);
        modules
    }

    fn read_file(
        &mut self,
        file: String,
        parent: Option<usize>,
        text: &dyn Fn(&str) -> Option<String>,
    ) -> usize {
        let source = Source::read(&text(&file).unwrap_or_default()).unwrap_or_else(|error| {
            self.unread.push(format!("{file}: {error}"));
            Source::default()
        });
        self.add(file, parent, source, text)
    }

    /// Adds a module, and those below it.
    fn add(
        &mut self,
        file: String,
        parent: Option<usize>,
        mut source: Source,
        text: &dyn Fn(&str) -> Option<String>,
    ) -> usize {
        let (inline, declared) = (std::mem::take(&mut source.inline), std::mem::take(&mut source.declared));
        let number = self.modules.len();
        self.modules.push(Module { file: file.clone(), parent, children: BTreeMap::new(), source });
        for (name, source) in inline {
            let child = self.add(file.clone(), Some(number), source, text);
            self.modules[number].children.insert(name, child);
        }
        let stem = ["lib.rs", "main.rs", "mod.rs"].iter().find_map(|name| file.strip_suffix(name));
        let folder = stem.map_or_else(|| format!("{}/", file.trim_end_matches(".rs")), str::to_owned);
        for name in declared {
            let files = [format!("{folder}{name}.rs"), format!("{folder}{name}/mod.rs")];
            let Some(found) = files.into_iter().find(|file| text(file).is_some()) else {
                self.unread.push(format!("{file}: there is no file for mod {name}"));
                continue;
            };
            let child = self.read_file(found, Some(number), text);
            self.modules[number].children.insert(name, child);
        }
        number
    }

    /// Which file depends on which.
    pub(super) fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (number, module) in self.modules.iter().enumerate() {
            let imports =
                module.source.imports.iter().filter(|import| !import.handed_on && import.name != "*");
            let paths = imports.map(|import| &import.path).chain(&module.source.paths);
            for (file, name) in paths.filter_map(|path| self.find(number, path, 0)) {
                arrows.entry((module.file.clone(), file)).or_default().insert(name);
            }
        }
        self.add_methods(&mut arrows);
        arrows.retain(|(from, to), _| from != to);
        arrows
    }

    /// A type's functions may stand in several files. A block that calls one depends on the file where it stands.
    fn add_methods(&self, arrows: &mut Arrows) {
        let mut blocks = Vec::new();
        for (number, module) in self.modules.iter().enumerate() {
            for block in &module.source.impls {
                blocks.extend(self.find(number, &block.of, 0).map(|of| (&module.file, of, block)));
            }
        }
        for (file, of, block) in &blocks {
            for call in &block.calls {
                let defines = |other: &&(&String, Item, _)| other.1 == *of && has(other.2, call);
                let homes: BTreeSet<&String> =
                    blocks.iter().filter(defines).map(|(home, ..)| *home).collect();
                for home in homes.iter().filter(|_| !homes.contains(file)) {
                    let name = format!("{}::{call}", of.1);
                    arrows.entry(((*file).clone(), (*home).clone())).or_default().insert(name);
                }
            }
        }
    }

    /// The item that a path names in a module. None if it is another crate's, or a module.
    fn find(&self, from: usize, path: &[String], depth: usize) -> Option<Item> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            _ if depth > DEEPEST => None,
            "crate" => self.find_in(0, rest, true, depth),
            "self" => self.find_in(from, rest, true, depth),
            "super" => {
                let mut at = self.modules[from].parent?;
                let more = rest.iter().take_while(|name| *name == "super").count();
                for _ in 0..more {
                    at = self.modules[at].parent?;
                }
                self.find_in(at, &rest[more..], true, depth)
            }
            _ => self.find_in(from, path, false, depth),
        }
    }

    /// The item that a path names, seen from within a module. What is not found there is taken for something that a macro
    /// defines, if the path says for `certain` that it leads there.
    fn find_in(&self, at: usize, path: &[String], certain: bool, depth: usize) -> Option<Item> {
        let (first, rest) = path.split_first()?;
        let module = &self.modules[at];
        let here = || Some((module.file.clone(), first.clone()));
        let child = module.children.get(first);
        if let Some(child) = child.filter(|_| !rest.is_empty()) {
            return self.find_in(*child, rest, true, depth);
        }
        if module.source.defined.contains(first) {
            return here();
        }
        let through = |import: &Import, more: &[String]| {
            let path: Path = import.path.iter().chain(more).cloned().collect();
            self.find(at, &path, depth + 1)
        };
        let imports = || module.source.imports.iter();
        if let Some(item) =
            imports().filter(|import| import.name == *first).find_map(|import| through(import, rest))
        {
            return Some(item);
        }
        // All names of a module: only what it defines or imports counts, not what a macro might define there.
        let found = imports().filter(|import| import.name == "*").filter_map(|import| through(import, path));
        let known = |(file, name): &Item| {
            self.modules.iter().any(|module| module.file == *file && module.source.defined.contains(name))
        };
        if let Some(item) = found.into_iter().find(known) {
            return Some(item);
        }
        let imported = imports().any(|import| import.name == *first);
        if certain && child.is_none() && !imported { here() } else { None }
    }
}

/// Whether a block defines a function.
fn has(block: &super::source::Impl, name: &String) -> bool {
    block.methods.contains(name)
}
