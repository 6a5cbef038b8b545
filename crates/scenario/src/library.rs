//! The project's own scenarios and nets, built into the program.

use std::path::Path;

use include_dir::{Dir, DirEntry, File, include_dir};

use super::{Errors, Nets, NoNet, Scenario, parse};

/// The folder `scenarios` of the project.
static FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../scenarios");

/// The ending of a scenario file.
pub const SCENARIO: &str = "scenario";

/// The ending of a net file.
pub const NET: &str = "net";

/// The folder of the nets, within that of the scenarios.
pub const NETS: &str = "nets";

/// The folder of what sweeps have found, within that of the scenarios.
pub const FOUND: &str = "found";

/// The list of seeds in which sweeps have found something, in that folder.
pub const SEEDS: &str = "seeds";

/// The built-in nets, for scenarios that have no folder of their own. A `FILE.net` is looked up beside the built-in
/// scenarios.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltIn;

impl Nets for BuiltIn {
    fn text(&self, name: &str) -> Result<String, NoNet> {
        let found = if has_ending(name, NET) { file(name) } else { net(name) };
        found.map(str::to_owned).ok_or(NoNet::Unknown)
    }

    fn names(&self) -> Vec<String> {
        nets().map(str::to_owned).collect()
    }
}

/// Reads a built-in scenario. Returns `None` if there is none of that name.
///
/// # Errors
/// The built-in scenarios have none; a test reads them all.
pub fn read(name: &str) -> Option<Result<Scenario, Errors>> {
    scenario(name).map(|text| parse(&format!("scenarios/{name}.{SCENARIO}"), text, &BuiltIn))
}

/// The text of a built-in scenario, by its name.
pub fn scenario(name: &str) -> Option<&'static str> {
    file(&format!("{name}.{SCENARIO}"))
}

/// The text of a built-in net, by its name.
pub fn net(name: &str) -> Option<&'static str> {
    file(&format!("{NETS}/{name}.{NET}"))
}

/// The names of the built-in scenarios, in order.
pub fn scenarios() -> impl Iterator<Item = &'static str> {
    names(FOLDER.entries(), SCENARIO).into_iter()
}

/// The names of the built-in scenarios that sweeps have found, in order.
pub fn found() -> impl Iterator<Item = &'static str> {
    names(FOLDER.get_dir(FOUND).map_or(&[], Dir::entries), SCENARIO).into_iter()
}

/// The names of the built-in nets, in order.
pub fn nets() -> impl Iterator<Item = &'static str> {
    names(FOLDER.get_dir(NETS).map_or(&[], Dir::entries), NET).into_iter()
}

/// The text of a built-in file, by its path within the folder of the scenarios.
pub fn file(path: &str) -> Option<&'static str> {
    file_in(&FOLDER, path)?.contents_utf8()
}

/// A file of a folder, or of one in it. Paths are compared as they are written, which is much less work than part by part.
fn file_in(folder: &Dir<'static>, path: &str) -> Option<&'static File<'static>> {
    folder.entries().iter().find_map(|entry| match entry {
        DirEntry::File(file) => (file.path().as_os_str() == path).then_some(file),
        DirEntry::Dir(inner) => file_in(inner, path),
    })
}

fn names(entries: &'static [DirEntry<'static>], ending: &str) -> Vec<&'static str> {
    let files = entries.iter().filter_map(DirEntry::as_file).map(|file| file.path());
    let named = files.filter(|path| path.extension().is_some_and(|found| found == ending));
    let mut names: Vec<&str> = named.filter_map(|path| path.file_stem()?.to_str()).collect();
    names.sort_unstable();
    names
}

/// Whether a path ends in `.ending`.
pub fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_scenario_can_be_read() {
        let mut count = 0;
        for name in scenarios() {
            let read = read(name).unwrap_or_else(|| panic!("{name} is listed and not there"));
            assert_eq!(read.unwrap_or_else(|errors| panic!("{}", errors.render(false, 100))).name, name);
            count += 1;
        }
        assert!(count > 0, "there is none");
    }

    #[test]
    fn nets_are_found_by_name_and_by_path() {
        assert!(nets().any(|name| name == "three-imps"), "it is listed");
        assert_eq!(BuiltIn.text("three-imps"), BuiltIn.text("nets/three-imps.net"));
        assert_eq!(BuiltIn.text("three"), Err(NoNet::Unknown));
        assert!(read("nothing-of-this-name").is_none());
    }
}
