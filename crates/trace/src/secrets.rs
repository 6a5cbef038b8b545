//! Passwords on their way to a server, which no view of a run shows.
//!
//! Control connections carry them as they are: the bits keep them, and so does a capture. Lines are shown without what stands
//! behind PASS, for people show what they have seen to others (RFC 385, 16). The rule is simpler than any server's grammar, and
//! hides rather too much: whatever follows these four letters at the beginning of a line, in either case. What is typed as an
//! argument at a teletype is hidden as well.

use std::borrow::Cow;
use std::collections::BTreeMap;

use host::typed::without_leading_noise;
use imp1822::{HostAddress, Link};
use memchr::{memchr2, memrchr2};

/// The command whose argument is hidden.
const PASS: &[u8] = b"PASS";

/// Where on its line the text of a link has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// So many letters of the command have come, and nothing else.
    Letters(usize),
    /// Within something that may be shown.
    Shown,
    /// Within a password.
    Hidden,
}

impl Place {
    /// The beginning of a line.
    pub(crate) const START: Place = Place::Letters(0);

    /// Where it has come to with one byte more.
    fn then(self, byte: u8) -> Place {
        match (self, byte) {
            // A line feed ends a line with or without a return, and a DATA MARK (RFC 318) ends it unheard.
            (_, b'\n' | DATA_MARK) => Place::START,
            (Place::Letters(4..) | Place::Hidden, _) => Place::Hidden,
            (Place::Letters(0), b' ') => Place::START,
            // Signals and padding may stand anywhere, and no line is understood otherwise for them.
            (Place::Letters(_), 0..=31 | 127..) => self,
            (Place::Letters(so_far), letter) if letter.eq_ignore_ascii_case(&PASS[so_far]) => {
                Place::Letters(so_far + 1)
            }
            (Place::Letters(_) | Place::Shown, _) => Place::Shown,
        }
    }

    /// Whether a byte at this place, other than one that ends the line, is part of a password.
    fn hides(self) -> bool {
        matches!(self, Place::Letters(4..) | Place::Hidden)
    }
}

/// The signal that ends a line unheard.
const DATA_MARK: u8 = 0x80;

/// A direction between two hosts, and a link.
pub(crate) type Stream = (HostAddress, HostAddress, Link);

/// Where the links of a net have come to, as far as a password may go on in the next message: of others nothing is kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets(BTreeMap<Stream, Place>);

impl Secrets {
    /// Reads on in the text of a link. Returns the text with a mask for each password, if there is one.
    pub(crate) fn mask(&mut self, stream: Stream, text: &[u8]) -> Option<Vec<u8>> {
        let (masked, place) = self.place(stream).mask(text);
        self.keep(stream, place);
        masked
    }

    /// Goes on to the end of a text on a link that perhaps nobody reads. Returns where the text begins, so that it can be
    /// [masked](Place::mask) if somebody does.
    pub(crate) fn pass(&mut self, stream: Stream, text: &[u8]) -> Place {
        let before = self.place(stream);
        let (mut place, last) = match memrchr2(b'\n', DATA_MARK, text) {
            Some(end) => (Place::START, &text[end + 1..]),
            None => (before, text),
        };
        for byte in last {
            if let Place::Shown | Place::Hidden = place {
                break;
            }
            place = place.then(*byte);
        }
        self.keep(stream, place);
        before
    }

    /// Where the text of a link has come to.
    pub(crate) fn place(&self, stream: Stream) -> Place {
        self.0.get(&stream).copied().unwrap_or(Place::START)
    }

    fn keep(&mut self, stream: Stream, place: Place) {
        match place {
            Place::START | Place::Shown => drop(self.0.remove(&stream)),
            Place::Letters(_) | Place::Hidden => drop(self.0.insert(stream, place)),
        }
    }

    /// The link is for a new connection.
    pub(crate) fn forget(&mut self, stream: Stream) {
        self.0.remove(&stream);
    }
}

impl Place {
    /// Reads a text that begins at this place. Returns it with a mask for each password, if there is one, and the place at
    /// its end.
    pub(crate) fn mask(self, text: &[u8]) -> (Option<Vec<u8>>, Place) {
        let mut place = self;
        let (mut masked, mut at_mask, mut at): (Option<Vec<u8>>, _, _) = (None, false, 0);
        while let Some(&byte) = text.get(at) {
            if place == Place::Shown {
                let rest = &text[at..];
                let end = memchr2(b'\n', DATA_MARK, rest);
                let line = &rest[..end.map_or(rest.len(), |end| end + 1)];
                masked.iter_mut().for_each(|masked| masked.extend_from_slice(line));
                (at_mask, at) = (false, at + line.len());
                if end.is_some() {
                    place = Place::START;
                }
                continue;
            }
            let ends = matches!(byte, b'\n' | DATA_MARK) || byte == b'\r' && text.get(at + 1) == Some(&b'\n');
            // The blank behind the command is no secret.
            let is_secret = place.hides() && !ends && !(place == Place::Letters(4) && byte == b' ');
            match (is_secret, at_mask) {
                (true, false) => {
                    let masked = masked.get_or_insert_with(|| text[..at].to_vec());
                    masked.extend_from_slice(ftp::Password::MASK.as_bytes());
                }
                (true, true) => {}
                (false, _) => masked.iter_mut().for_each(|masked| masked.push(byte)),
            }
            (at_mask, at) = (is_secret, at + 1);
            place = place.then(byte);
        }
        (masked, place)
    }
}

/// A line that is typed to a program, with a mask in the place of everything that may be a password. Behind LOGIN that is all
/// but the first word: a name at the FTP user, and a site at RSEXEC, behind which the name stands. Behind what only looks like
/// LOGIN it is all.
pub fn masked_line(typed: &str) -> Cow<'_, str> {
    let line = typed.trim_end();
    let hidden = hidden_end(line);
    if hidden.trim().is_empty() {
        return Cow::Borrowed(typed);
    }
    // What is hidden is the end of the line.
    Cow::Owned(format!("{} {}", line[..line.len() - hidden.len()].trim_end(), ftp::Password::MASK))
}

/// The end of a line in which a password may be.
fn hidden_end(line: &str) -> &str {
    let verb = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    // A parenthesis ends a word as well, and so does a comma to who does not know better.
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ',' | ';' | ':' | '/' | '=');
    let (word, rest) = verb.split_at(verb.find(ends).unwrap_or(verb.len()));
    let rest = rest.trim_start();
    match word.to_ascii_uppercase().as_str() {
        verb if is_login(verb) => without_leading_noise(rest.trim_start_matches(|c| c != '(' && ends(c)))
            .trim_start_matches(|c: char| !ends(c)),
        verb if is_like_login(verb) => rest,
        // A verb may be shortened.
        verb if is_quote(verb) && is_pass(without_leading_noise(rest)) => {
            &without_leading_noise(rest)["PASS".len()..]
        }
        // A noise word without an end.
        verb if is_quote(verb) && without_leading_noise(rest).starts_with('(') => behind_pass(rest),
        verb if is_help(verb) && !rest.is_empty() => hidden_end(without_leading_noise(rest)),
        _ if is_pass(verb) => &verb["PASS".len()..],
        _ => "",
    }
}

/// What stands behind the first word of a text that begins with PASS.
fn behind_pass(text: &str) -> &str {
    let words = text.match_indices(|c: char| c.is_whitespace() || c == '(').map(|(end, _)| end + 1);
    let found = words.filter_map(|start| text.get(start..)).find(|word| is_pass(word));
    found.map_or("", |word| &word["PASS".len()..])
}

/// Whether a word, in capitals, is LOGIN or the beginning of it.
fn is_login(word: &str) -> bool {
    !word.is_empty() && "LOGIN".starts_with(word)
}

/// Whether a word, in capitals, may have been meant for LOGIN: it begins so, or two letters of it are wrong, or missing, or too
/// many.
fn is_like_login(word: &str) -> bool {
    word.starts_with("LOG") || (4..=7).contains(&word.len()) && distance(word, "LOGIN") <= 2
}

/// How many letters are to be changed, put in or taken out to make one word of another.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.bytes().enumerate() {
        let mut before = std::mem::replace(&mut row[0], at + 1);
        for (place, wanted) in other.bytes().enumerate() {
            let changed = before + usize::from(letter != wanted);
            before = row[place + 1];
            row[place + 1] = changed.min(before + 1).min(row[place] + 1);
        }
    }
    row[other.len()]
}

fn is_quote(word: &str) -> bool {
    !word.is_empty() && "QUOTE".starts_with(word)
}

fn is_help(word: &str) -> bool {
    !word.is_empty() && "HELP".starts_with(word)
}

fn is_pass(text: &str) -> bool {
    text.get(.."PASS".len()).is_some_and(|word| word.eq_ignore_ascii_case("PASS"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of these messages on one link, with a stroke between them.
    fn shown(messages: &[&[u8]]) -> String {
        let mut secrets = Secrets::default();
        let stream = (HostAddress::from(3), HostAddress::from(1), Link::from(40));
        let shown = messages.iter().map(|text| secrets.mask(stream, text).unwrap_or_else(|| text.to_vec()));
        let shown: Vec<String> =
            shown.map(|text| text.iter().map(|byte| char::from(*byte)).collect()).collect();
        shown.join("|")
    }

    #[test]
    fn however_a_password_is_written_and_wherever_its_messages_end_it_is_hidden_and_nothing_else_is() {
        assert_eq!(shown(&[b"USER SMITH\r\nPASS BLUE\r\nBYE\r\n"]), "USER SMITH\r\nPASS XXXX\r\nBYE\r\n");
        assert_eq!(shown(&[b"  pass   blue and green\r\n"]), "  pass XXXX\r\n");
        assert_eq!(shown(&[b"PASS\tBLUE\nPASSBLUE\n"]), "PASSXXXX\nPASSXXXX\n");
        assert_eq!(shown(&[b"P\0A\x81SS BLUE\r\n"]), "P\0A\u{81}SS XXXX\r\n", "padding and signals");
        assert_eq!(shown(&[b"PASS BL\rUE\r\n"]), "PASS XXXX\r\n", "a return alone is text");
        assert_eq!(shown(&[b"PASS ", b"BL", b"UE\r\nUSER X"]), "PASS |XXXX|XXXX\r\nUSER X");
        assert_eq!(shown(&[b"PASS BLUE\r", b"\nNOOP\r\n"]), "PASS XXXX|\nNOOP\r\n");
        assert_eq!(shown(&[b"RETR PASS BOOK\r\nPAS BLUE\r\n"]), "RETR PASS BOOK\r\nPAS BLUE\r\n");
        assert_eq!(shown(&[b"PASS\r\nPASS \r\nBLUE\r\n"]), "PASS\r\nPASS \r\nBLUE\r\n", "there is none");
        assert_eq!(shown(&[b"PASS BL\x80NOOP\r\n"]), "PASS XXXX\u{80}NOOP\r\n", "a mark ends the line");
    }

    #[test]
    fn cut_at_any_two_places_no_letter_of_it_is_shown() {
        let text = b"USER SMITH\r\n PaSs  qzqz\r\nNOOP\r\n";
        for (first, second) in (0..=text.len()).flat_map(|a| (a..=text.len()).map(move |b| (a, b))) {
            let shown = shown(&[&text[..first], &text[first..second], &text[second..]]);
            assert!(!shown.contains(['q', 'z']), "{shown:?}");
            assert!(shown.ends_with("NOOP\r\n") || second > text.len() - 6, "{shown:?}");
        }
    }

    #[test]
    fn a_text_that_nobody_reads_ends_at_the_same_place() {
        let stream = (HostAddress::from(3), HostAddress::from(1), Link::from(40));
        let text = b"USER SMITH\r\n PaSs  qzqz\r\nNOOP\x80PASS BLUE";
        for (first, second) in (0..=text.len()).flat_map(|a| (a..=text.len()).map(move |b| (a, b))) {
            let (mut read, mut passed) = (Secrets::default(), Secrets::default());
            for part in [&text[..first], &text[first..second], &text[second..]] {
                let shown = read.mask(stream, part);
                let later = passed.pass(stream, part).mask(part).0;
                assert_eq!(shown, later, "what is read later is masked as well, cut at {first} and {second}");
                assert_eq!(read.0, passed.0, "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn only_of_links_on_which_a_password_may_go_on_is_anything_kept() {
        let mut secrets = Secrets::default();
        for link in 0..=255 {
            let stream = |to| (HostAddress::from(3), HostAddress::from(to), Link::from(link));
            secrets.mask(stream(1), b"USER SMITH\r\nPASS BLUE\r\n");
            secrets.mask(stream(2), b"TEXT THAT GOES ON");
        }
        assert!(secrets.0.is_empty());
        let stream = (HostAddress::from(3), HostAddress::from(1), Link::from(40));
        secrets.mask(stream, b"PASS BL");
        secrets.forget(stream);
        assert_eq!(secrets.mask(stream, b"UE\r\n"), None, "this is another connection");
    }

    #[test]
    fn what_may_be_a_password_is_hidden_and_what_can_be_none_is_shown() {
        for (line, shown) in [
            ("LOGIN SMITH BLUE", "LOGIN SMITH XXXX"),
            ("  login  smith  blue  sky ", "  login  smith XXXX"),
            ("LOGIN SITE1 SMITH BLUE", "LOGIN SITE1 XXXX"),
            ("LOGIN (AT) SITE1 (USER) SMITH BLUE", "LOGIN (AT) SITE1 XXXX"),
            ("LOGIN(AT)SITE1(USER)SMITH BLUE", "LOGIN(AT)SITE1 XXXX"),
            ("LOG SMITH BLUE", "LOG SMITH XXXX"),
            ("lo (USER) SMITH (PASSWORD) BLUE", "lo (USER) SMITH XXXX"),
            ("LOGIN SMITH", "LOGIN SMITH"),
            ("LOGIN", "LOGIN"),
            ("QUOTE PASS BLUE", "QUOTE PASS XXXX"),
            ("quote  pass\tblue", "quote  pass XXXX"),
            ("QU PASS BLUE", "QU PASS XXXX"),
            ("QUOTE (TEXT) PASS BLUE", "QUOTE (TEXT) PASS XXXX"),
            ("PASS BLUE", "PASS XXXX"),
            ("LOGON SMITH BLUE", "LOGON XXXX"),
            ("LIGIN SMITH BLUE", "LIGIN XXXX"),
            ("OLGIN SMITH BLUE", "OLGIN XXXX"),
            ("LOGINSMITH BLUE", "LOGINSMITH XXXX"),
            ("LOGIN,SMITH,BLUE", "LOGIN,SMITH XXXX"),
            ("LOGIN SMITH,BLUE", "LOGIN SMITH XXXX"),
            ("(LOGIN SMITH BLUE", "(LOGIN SMITH XXXX"),
            ("LOGIN (AT SITE1 SMITH BLUE", "LOGIN XXXX"),
            ("HELP LOGIN SMITH BLUE", "HELP LOGIN SMITH XXXX"),
            ("help (WITH) LOGON SMITH BLUE", "help (WITH) LOGON XXXX"),
            ("? LOGIN SMITH BLUE", "? LOGIN SMITH XXXX"),
            ("QUOTE (TEXT PASS BLUE", "QUOTE (TEXT PASS XXXX"),
            ("QUOTE (PASS BLUE", "QUOTE (PASS XXXX"),
            ("QUOTE (TEXT RETR X", "QUOTE (TEXT RETR X"),
            ("HELP LOGIN", "HELP LOGIN"),
            ("HELP LIST", "HELP LIST"),
            ("LIST MY DATA", "LIST MY DATA"),
            ("QUOTE PASS", "QUOTE PASS"),
            ("GET PASS.TXT COPY", "GET PASS.TXT COPY"),
            ("QUOTE RETR PASS X", "QUOTE RETR PASS X"),
            ("QUOTE caf\u{e9}", "QUOTE caf\u{e9}"),
            ("", ""),
        ] {
            assert_eq!(masked_line(line), shown);
        }
    }
}
