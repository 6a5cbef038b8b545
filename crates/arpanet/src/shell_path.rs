//! Paths as they can be typed at a shell.

use std::path::Path;

use imp::visible::visible;

/// A path in a command that somebody is to type: quoted where a shell would take it for something else. A name that is not
/// in UTF-8, or holds control characters, stands as `$'...'`, which bash and zsh understand.
pub(crate) fn for_shell(path: &Path) -> String {
    match path.to_str() {
        Some(text) if cfg!(not(unix)) => text.to_owned(),
        Some(text) if !text.is_empty() && text.chars().all(is_plain) => text.to_owned(),
        Some(text) if visible(text) == text => format!("'{}'", text.replace('\'', r"'\''")),
        Some(_) | None => escaped(path),
    }
}

/// Whether no shell takes the character for anything else.
fn is_plain(character: char) -> bool {
    character.is_alphanumeric() || "/._-+=:@%,".contains(character)
}

#[cfg(unix)]
fn escaped(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let escaped = path.as_os_str().as_bytes().iter().map(|byte| match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(*byte)),
        b' '..=b'~' => char::from(*byte).to_string(),
        other => format!("\\{other:03o}"),
    });
    format!("$'{}'", escaped.collect::<String>())
}

#[cfg(not(unix))]
fn escaped(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn a_shell_takes_it_for_the_path() {
        for (path, expected) in [
            (&b"demos/mine.scenario"[..], "demos/mine.scenario"),
            (b"caf\xc3\xa9/a", "caf\u{e9}/a"),
            (b"my demos/a", "'my demos/a'"),
            (b"it's/$a", r"'it'\''s/$a'"),
            (b"caf\xe9/it's", r"$'caf\351/it\'s'"),
            (b"a\nb", r"$'a\012b'"),
        ] {
            assert_eq!(for_shell(Path::new(OsStr::from_bytes(path))), expected);
        }
    }
}
