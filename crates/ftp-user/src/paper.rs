//! Lists as they fit on the paper, and the patterns by which names are chosen from them.

use std::fmt;

use host::MAX_LISTED;

/// How many characters of a line of a list are printed at most. The longest name of a TENEX and its length take less.
const MAX_WIDTH: usize = 160;

/// A list as it fits on the paper, whatever a server calls a list.
pub(crate) fn on_paper(list: &[u8]) -> String {
    if list.is_empty() {
        return "NO FILES".to_owned();
    }
    let text = String::from_utf8_lossy(list);
    let mut lines: Vec<String> = text.lines().take(MAX_LISTED).map(cut).collect();
    if text.lines().nth(MAX_LISTED).is_some() {
        lines.push("AND MORE".to_owned());
    }
    lines.join("\n")
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(MAX_WIDTH) {
        Some((end, _)) => format!("{} ...", &line[..end]),
        None => line.to_owned(),
    }
}

/// Which files of a directory are meant by what was typed: all, or those whose names are like a pattern.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pattern<'a> {
    /// The directory, with its brackets, or nothing.
    pub(crate) directory: &'a str,
    file: &'a str,
}

impl<'a> Pattern<'a> {
    /// What a text means in which at least one `*` stands, or no name behind the directory; otherwise it is one file.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let start = text.rfind('>').map_or(0, |end| end + 1);
        let (directory, file) = text.split_at(start);
        let file = if file.is_empty() { "*" } else { file };
        file.contains('*').then_some(Pattern { directory, file })
    }

    /// What a text means in which a `*` stands.
    pub(crate) fn of_star(text: &'a str) -> Option<Self> {
        Self::read(text).filter(|_| text.contains('*'))
    }

    /// The directory, if one is named, as a server is asked for it.
    pub(crate) fn directory(&self) -> Option<String> {
        Some(self.directory.to_owned()).filter(|directory| !directory.is_empty())
    }

    /// Whether a file of this name is meant, in whichever case, and in whichever version if the pattern has none.
    pub(crate) fn takes(&self, name: &str) -> bool {
        let (wanted, wanted_version) = with_version(self.file);
        let (found, version) = with_version(in_directory(name));
        let is_version = matches!(wanted_version, None | Some("*")) || wanted_version == version;
        let (wanted, found) = (wanted.to_ascii_uppercase(), found.to_ascii_uppercase());
        // TENEX gives every name its dot, and calls every file `*.*`.
        is_version && (like(wanted.as_bytes(), found.as_bytes()) || wanted == "*.*")
    }
}

impl fmt::Display for Pattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.directory, self.file)
    }
}

/// The name of a file without its directory.
pub(crate) fn in_directory(name: &str) -> &str {
    name.rfind('>').map_or(name, |end| &name[end + 1..])
}

/// The name of a file without its directory and version.
pub(crate) fn file_of(name: &str) -> &str {
    with_version(in_directory(name)).0
}

/// The name of a file, and its version, if it ends with one.
fn with_version(file: &str) -> (&str, Option<&str>) {
    match file.rsplit_once(';') {
        Some((file, version)) if version == "*" || version.bytes().all(|byte| byte.is_ascii_digit()) => {
            (file, Some(version))
        }
        Some(_) | None => (file, None),
    }
}

/// Whether a name is like a pattern, in which `*` stands for any characters, also for none.
fn like(pattern: &[u8], name: &[u8]) -> bool {
    // Where the last `*` stands, and how much of the name it has been taken for.
    let (mut star, mut at, mut from) = (None, 0, 0);
    while from < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(byte) if *byte == name[from] => (at, from) = (at + 1, from + 1),
            Some(_) | None => match star {
                Some((place, taken)) => {
                    star = Some((place, taken + 1));
                    (at, from) = (place + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_any_length_and_width_fits_on_the_paper() {
        assert_eq!(on_paper(b""), "NO FILES");
        assert_eq!(on_paper(b"<A>B.C  7 BYTES\r\n<A>B.D  8 BYTES\r\n"), "<A>B.C  7 BYTES\n<A>B.D  8 BYTES");
        let wide = on_paper("\u{e9}".repeat(10_000).as_bytes());
        assert_eq!(wide, format!("{} ...", "\u{e9}".repeat(MAX_WIDTH)));
        assert_eq!(on_paper(&b"\xFF\r\n".repeat(MAX_LISTED)).lines().count(), MAX_LISTED);
        let long = on_paper(&b"X\n".repeat(10 * MAX_LISTED));
        assert_eq!((long.lines().count(), long.lines().last()), (MAX_LISTED + 1, Some("AND MORE")));
    }

    #[test]
    fn a_pattern_takes_the_names_that_are_like_it_in_any_case_and_version() {
        let takes = |pattern, name| Pattern::read(pattern).expect("it has a star").takes(name);
        for (pattern, name) in [
            ("*", "<A>B.C"),
            ("<A>", "<A>B.C"),
            ("*.txt", "<SMITH>NOTES.TXT;3"),
            ("N*S.*", "NOTES.TXT"),
            ("**A*B", "XABAB"),
            ("*.*", "README"),
            ("*.*;*", "<SMITH>NOTES.TXT;3"),
            ("notes.*;3", "<SMITH>NOTES.TXT;3"),
        ] {
            assert!(takes(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("*.TXT", "A.TXT2"), ("A*", "BA"), ("A*A", "A"), ("*B", "B;C"), ("*.*;2", "A.B;3")]
        {
            assert!(!takes(pattern, name), "{pattern} {name}");
        }
        assert_eq!(Pattern::read("<A>B.C"), None, "that is one file");
        assert_eq!(Pattern::read("<A>*.C").map(|pattern| pattern.directory), Some("<A>"));
    }
}
