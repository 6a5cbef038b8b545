//! The names of entries in a folder.

use crate::files::MAX_VERSION;
use crate::{Naming, PathName};

/// The name that an entry of a folder has for one file, or for one directory, whatever the case of its letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry(String);

impl Entry {
    /// The file of a path name, apart from its directory and its version.
    pub(crate) fn of_file(path: &PathName) -> Self {
        let file = path.file();
        Entry(escaped(match path.naming() {
            // The dot that TENEX gives to a name without an extension says nothing here.
            Naming::Tenex => file.strip_suffix('.').unwrap_or(file),
            Naming::Multics | Naming::Its | Naming::Os360 | Naming::Plain => file,
        }))
    }

    /// The name that an entry is given if none is there yet.
    pub(crate) fn name(&self) -> &str {
        &self.0
    }

    /// Whether an entry of this name is meant.
    pub(crate) fn is(&self, found: &str) -> bool {
        self.0.eq_ignore_ascii_case(found)
    }

    /// If an entry of this name is an older version of the file: its number, and its name without that.
    #[cfg(feature = "live")]
    pub(crate) fn older<'a>(&self, found: &'a str) -> Option<(u32, &'a str)> {
        without_version(found).filter(|(_, name)| self.is(name))
    }
}

/// If an entry of this name is an older version of some file: its number, and its name without that.
fn without_version(found: &str) -> Option<(u32, &str)> {
    let (name, number) = found.strip_suffix('~')?.rsplit_once(".~")?;
    let version = number.parse().ok().filter(|version| (1..=MAX_VERSION).contains(version))?;
    (number == version.to_string()).then_some((version, name))
}

/// The directories, one within the other, that a directory of a host is. Only a Multics has directories within others.
pub(crate) fn directories(name: &str, naming: Naming) -> Vec<Entry> {
    match naming {
        Naming::Multics => {
            name.split('>').filter(|part| !part.is_empty()).map(|part| Entry(escaped(part))).collect()
        }
        Naming::Tenex | Naming::Its | Naming::Os360 | Naming::Plain => vec![Entry(escaped(name))],
    }
}

/// The directory of a host that these are, one within the other; `None` if no name means it.
pub(super) fn directory(parts: &[String], naming: Naming) -> Option<String> {
    let names = parts.iter().map(|part| unescaped(part)).collect::<Option<Vec<String>>>()?;
    let name = match (naming, names.as_slice()) {
        (Naming::Multics, names) => [">", &names.join(">")].concat(),
        (_, [name]) => name.to_ascii_uppercase(),
        (_, _) => return None,
    };
    let leads_back = directories(&name, naming);
    let is_so =
        leads_back.len() == parts.len() && leads_back.iter().zip(parts).all(|(part, found)| part.is(found));
    is_so.then_some(name)
}

/// The file that an entry of this name is, in the letters of the entry, and its number if it is an older version; `None` if no path
/// name means it.
pub(crate) fn file(found: &str, directory: &str, naming: Naming) -> Option<(PathName, Option<u32>)> {
    let older = without_version(found).filter(|_| naming.has_versions());
    let (name, version) = older.map_or((found, None), |(version, name)| (name, Some(version)));
    let path = naming.parse_in(directory, &unescaped(name)?).ok()?;
    // A name that could be read and is written otherwise leads somewhere else.
    let leads_back = path.version().is_none() && Entry::of_file(&path).is(name);
    (leads_back && (version.is_none() || path.has_versions())).then_some((path, version))
}

/// The name of an older version.
pub(crate) fn older(name: &str, version: u32) -> String {
    format!("{name}.~{version}~")
}

/// A text as a name that means nothing but itself: it leads nowhere else, hides nothing, and is no
/// version of another. What could mean more is written as a percent sign and two hexadecimal digits.
fn escaped(text: &str) -> String {
    let last = text.len().saturating_sub(1);
    let mut name = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let at_an_end = at == 0 || at == last;
        let is_plain = match c {
            '.' => !at_an_end,
            ' ' => at != last,
            c => c.is_ascii_graphic() && !"%/\\:*?\"<>|~".contains(c),
        };
        if is_plain {
            name.push(c);
        } else {
            name.push_str(&format!("%{:02X}", u32::from(c)));
        }
    }
    name
}

/// The text that has this name; `None` if none has.
fn unescaped(name: &str) -> Option<String> {
    let mut parts = name.split('%');
    let mut text = parts.next()?.to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let byte = u8::from_str_radix(digits, 16).ok().filter(u8::is_ascii)?;
        text.push(char::from(byte));
        text.push_str(rest);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_lead_elsewhere_is_written_in_hexadecimal() {
        for (text, name) in [
            ("NOTES.TXT", "NOTES.TXT"),
            (".", "%2E"),
            ("..", "%2E%2E"),
            ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"),
            ("A/B.C", "A%2FB.C"),
            ("C:\\X", "C%3A%5CX"),
            (".profile", "%2Eprofile"),
            ("A.B.~1~", "A.B.%7E1%7E"),
            ("100%", "100%25"),
            ("two words ", "two words%20"),
        ] {
            assert_eq!(escaped(text), name);
        }
    }

    #[test]
    fn two_texts_never_have_one_name() {
        let texts = ["A%2F", "A/", "%", "%25", "A.", "A", ".A", "%2EA", "~", "%7E"];
        let mut names: Vec<String> = texts.iter().map(|text| escaped(text)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), texts.len());
    }

    #[test]
    #[cfg(feature = "live")]
    fn an_older_version_is_known_by_its_number() {
        let path = Naming::Tenex.parse("A.B", Some("SMITH")).expect("a path name");
        let entry = Entry::of_file(&path);
        assert_eq!(entry.older("a.b.~12~"), Some((12, "a.b")));
        for other in [
            "a.b",
            "a.b.~0~",
            "a.b.~01~",
            "a.b.~131072~",
            "a.b.~4294967296~",
            "a.b.~~",
            "a.b.~1",
            "a.c.~1~",
            "a.b.~1~.~2~",
            ".~1~",
        ] {
            assert_eq!(entry.older(other), None, "{other}");
        }
    }

    #[test]
    fn a_name_is_a_file_if_a_path_name_means_it() {
        let file =
            |naming, name| file(name, "SMITH", naming).map(|(path, version)| (path.to_string(), version));
        let (tenex, plain) = (|name| file(Naming::Tenex, name), |name| file(Naming::Plain, name));
        let found = |path: &str, version| Some((format!("<SMITH>{path}"), version));
        assert_eq!(tenex("notes.txt"), found("NOTES.TXT", None));
        assert_eq!(tenex("DATA"), found("DATA.", None));
        assert_eq!(tenex("A%2fB.C.~3~"), found("A/B.C", Some(3)));
        assert_eq!(plain("My notes"), found("My notes", None));
        assert_eq!(plain("%2Eprofile"), found(".profile", None));
        assert_eq!(plain("A.B.%7E1%7E"), found("A.B.~1~", None));
        for name in [
            "",
            ".profile",
            "A%",
            "A%2",
            "A%2G.B",
            "A%41",
            "A%C3%A9",
            "A%+2B",
            "A.B;1",
            "caf\u{e9}",
            "A.B.~0~",
        ] {
            assert_eq!((tenex(name), plain(name)), (None, plain(name).filter(|_| name == "A.B;1")), "{name}");
        }
        for name in ["DATA.", "A B", "A.B.C", "A.~1~.~2~"] {
            assert_eq!(tenex(name), None, "{name}");
        }
        for name in ["two words%20", "A.B.~1~", "DATA."] {
            assert_eq!(plain(name), None, "{name}");
        }
    }

    #[test]
    fn the_case_of_letters_makes_no_difference() {
        let of =
            |naming: Naming, text| Entry::of_file(&naming.parse(text, Some("SMITH")).expect("a path name"));
        assert!(of(Naming::Tenex, "notes.txt").is("Notes.TXT"));
        assert!(of(Naming::Tenex, "DATA.").is("data"));
        assert!(!of(Naming::Tenex, "DATA").is("data."));
        assert!(of(Naming::Plain, "notes.txt").is("notes.txt"));
        assert!(of(Naming::Plain, "notes.txt").is("NOTES.TXT"));
        assert!(!of(Naming::Plain, "notes.").is("notes"));
    }
}
