//! The registry of clauses: what the documents require of an NCP, as `clauses.toml` lists it. Other crates have registries of
//! the same form.
//!
//! A registry is a TOML file of `[[clause]]` tables whose values are plain strings, one to a line, and is read as just that.

/// The registry of this crate.
pub const REGISTRY: &str = include_str!("../clauses.toml");

/// What a clause may say about itself.
const KEYS: [&str; 8] = ["id", "from", "at", "about", "says", "kept", "test", "not_kept"];

/// One requirement of one document. What the registry does not say is empty, or `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clause<'a> {
    /// The line of the registry where it begins, counted from 1.
    pub line: usize,
    /// Its name: `est-05`.
    pub id: &'a str,
    /// The document.
    pub from: &'a str,
    /// Where in it.
    pub at: &'a str,
    /// The command or the code that it is about, or several with a blank between them, if an explanation of these names it.
    pub about: Option<&'a str>,
    /// What is required, in our own words.
    pub says: &'a str,
    /// What keeps it: `file.rs::item` of the crate that has the registry, or `other/file.rs::item`.
    pub kept: Option<&'a str>,
    /// The test that shows it: `path/of/file.rs::name`, or `scenarios/name.scenario`.
    pub test: Option<&'a str>,
    /// Why it is not kept.
    pub not_kept: Option<&'a str>,
}

/// What is wrong with a line of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

impl<'a> Clause<'a> {
    /// Says one more thing about itself. Whether it was not said before.
    fn say(&mut self, key: &str, value: &'a str) -> bool {
        let must = match key {
            "id" => &mut self.id,
            "from" => &mut self.from,
            "at" => &mut self.at,
            "says" => &mut self.says,
            _ => {
                let may = match key {
                    "about" => &mut self.about,
                    "kept" => &mut self.kept,
                    "test" => &mut self.test,
                    _ => &mut self.not_kept,
                };
                return may.replace(value).is_none();
            }
        };
        std::mem::replace(must, value).is_empty()
    }
}

/// Reads a registry: all clauses, in order, and all lines that are none of it.
pub fn read(text: &str) -> (Vec<Clause<'_>>, Vec<Misread>) {
    let (mut clauses, mut misread): (Vec<Clause<'_>>, _) = (Vec::new(), Vec::new());
    for (line, text) in (1..).zip(text.lines()) {
        // No key has a sign of equality in it.
        let pair = text
            .split_once('=')
            .and_then(|(key, value)| Some((key.strip_suffix(' ')?, value.strip_prefix(' ')?)));
        let value = pair.and_then(|(_, value)| value.strip_prefix('"')?.strip_suffix('"'));
        match (text, pair, value, clauses.last_mut()) {
            ("", ..) => {}
            (comment, ..) if comment.starts_with('#') => {}
            ("[[clause]]", ..) => clauses.push(Clause { line, ..Clause::default() }),
            (_, Some((key, _)), Some(value), Some(clause)) if KEYS.contains(&key) && !value.contains('"') => {
                if !clause.say(key, value) {
                    misread.push(Misread { line, what: format!("{key} is said twice") });
                }
            }
            _ => {
                let what = format!("not [[clause]], a comment, or one of {}", KEYS.join(", "));
                misread.push(Misread { line, what });
            }
        }
    }
    (clauses, misread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_of_this_crate_can_be_read_and_each_clause_has_its_own_name() {
        let (clauses, misread) = read(REGISTRY);
        assert_eq!(misread, []);
        let mut names: Vec<&str> = clauses.iter().map(|clause| clause.id).collect();
        assert!(names.contains(&"est-05"), "{names:?}");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), clauses.len());
    }

    #[test]
    fn a_line_that_is_none_of_a_registry_is_named() {
        let (clauses, misread) = read("[[clause]]\nid = \"a-01\"\nid = \"a-02\"\nshown = \"x\"\nsays = no\n");
        assert_eq!((clauses.len(), clauses[0].line, clauses[0].id), (1, 1, "a-02"));
        let lines: Vec<usize> = misread.iter().map(|misread| misread.line).collect();
        assert_eq!(lines, [3, 4, 5], "{misread:?}");
    }
}
