//! What is typed at a live host, as it may be shown: lines of standard input stand on standard output too, which people keep.

use ftp::Password;
use host::Note;

/// The note without the password that somebody has typed for all to see.
pub(crate) fn without_password(note: Note) -> Note {
    match note {
        Note::Typed { prompt, line: Some(line) } => Note::Typed { prompt, line: Some(masked(&line)) },
        other => other,
    }
}

/// The line with a mask in the place of everything that may be a password. Behind LOGIN that is all but the first word: a
/// name here and at RSEXEC a site, behind which the name stands.
fn masked(line: &str) -> String {
    let line = line.trim_end();
    let verb = line.trim_start();
    // A parenthesis ends a word as well.
    let ends = |c: char| c.is_whitespace() || c == '(';
    let (word, rest) = verb.split_at(verb.find(ends).unwrap_or(verb.len()));
    let rest = rest.trim_start();
    let hidden = match word.to_ascii_uppercase().as_str() {
        "LOGIN" => {
            let mut word = rest;
            // Noise words stand in parentheses.
            while let Some((_, behind)) = word.strip_prefix('(').and_then(|noise| noise.split_once(')')) {
                word = behind.trim_start();
            }
            word.trim_start_matches(|c: char| !ends(c))
        }
        "QUOTE" if is_pass(rest) => &rest["PASS".len()..],
        _ if is_pass(verb) => &verb["PASS".len()..],
        _ => "",
    };
    if hidden.trim().is_empty() {
        return line.to_owned();
    }
    // What is hidden is the end of the line.
    format!("{} {}", line[..line.len() - hidden.len()].trim_end(), Password::MASK)
}

fn is_pass(text: &str) -> bool {
    text.get(.."PASS".len()).is_some_and(|word| word.eq_ignore_ascii_case("PASS"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_password_is_hidden_and_what_can_be_none_is_shown() {
        for (line, shown) in [
            ("LOGIN SMITH BLUE", "LOGIN SMITH XXXX"),
            ("  login  smith  blue  sky ", "  login  smith XXXX"),
            ("LOGIN SITE1 SMITH BLUE", "LOGIN SITE1 XXXX"),
            ("LOGIN (AT) SITE1 (USER) SMITH BLUE", "LOGIN (AT) SITE1 XXXX"),
            ("LOGIN(AT)SITE1(USER)SMITH BLUE", "LOGIN(AT)SITE1 XXXX"),
            ("LOGIN SMITH", "LOGIN SMITH"),
            ("LOGIN", "LOGIN"),
            ("QUOTE PASS BLUE", "QUOTE PASS XXXX"),
            ("quote  pass\tblue", "quote  pass XXXX"),
            ("PASS BLUE", "PASS XXXX"),
            ("QUOTE PASS", "QUOTE PASS"),
            ("GET PASS.TXT COPY", "GET PASS.TXT COPY"),
            ("QUOTE RETR PASS X", "QUOTE RETR PASS X"),
            ("QUOTE caf\u{e9}", "QUOTE caf\u{e9}"),
            ("", ""),
        ] {
            assert_eq!(masked(line), shown);
        }
    }
}
