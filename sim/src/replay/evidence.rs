//! What helps to find out why something did not come about. All of it is short, whatever a run has done, and it is
//! gathered only when something has failed.

use host::Host;
use imp1822::HostAddress;
use machine::Instant;
use scenario::Note;
use scenario::ast::Text;

use super::near::nearness;
use super::pattern::Pattern;
use super::run::Run;
use super::step_error::Evidence;
use crate::host_table::HostTable;

/// So many lines of a teletype, messages, or files are quoted.
const QUOTED: usize = 5;

/// So much of each of them, in characters.
pub(super) const LONGEST: usize = 120;

/// So many lines or messages are looked through for near misses, from the last one back.
const LOOKED_THROUGH: usize = 500;

/// A line or message that is quoted: when it was, and what it says.
type Said<'a> = (Instant, &'a str);

/// A text that was looked for.
#[derive(Clone, Copy)]
pub(super) struct Sought<'a> {
    pub(super) text: &'a Text,
    pub(super) pattern: &'a Pattern<'a>,
}

impl Sought<'_> {
    fn is_anything(self) -> bool {
        self.text.0.is_empty()
    }

    pub(super) fn is_in(self, line: &str) -> bool {
        self.pattern.find(line).is_some()
    }
}

/// What a teletype printed: nearly the text, and last of all.
pub(super) fn of_teletype(run: &Run, host: HostAddress, sought: Sought<'_>) -> Evidence {
    let name = run.names.host(host);
    let near = nearest(run.world.log().printed().back(host), sought);
    let help = near.map(|(at, line)| format!("{name} printed nearly this at {at} s: {}", short(line)));
    // What a host is told is not what its user is: the program decides what it prints.
    let told = || {
        let messages = run.world.log().messages().filter(|_| !sought.is_anything())?;
        let one = messages.told(host, |what| sought.is_in(what))?;
        let (from, said) = (run.names.host(one.from), short(one.what()));
        Some(format!("{name} was sent it, by {from}: `expect {from} -> {name}  {said}` asks for that"))
    };
    Evidence { help: help.or_else(told), notes: vec![last_printed(run, host)] }
}

/// The last lines of a teletype.
pub(crate) fn last_printed(run: &Run, host: HostAddress) -> Note {
    let name = run.names.host(host);
    match last(run.world.log().printed().back(host)) {
        none if none.is_empty() => Note::new(format!("{name} has printed nothing at all")),
        lines => Note::new(format!("what {name} printed last")).quotes(lines),
    }
}

/// What one host sent another: nearly the text, the text the other way, and last of all.
pub(super) fn of_messages(run: &Run, from: HostAddress, to: HostAddress, sought: Sought<'_>) -> Evidence {
    let (sender, receiver) = (run.names.host(from), run.names.host(to));
    let Some(log) = run.world.log().messages() else { return Evidence::default() };
    let near = nearest(log.back(from, to), sought);
    let near = near.map(|(at, what)| format!("{sender} sent nearly this at {at} s: {}", short(what)));
    let other_way = || {
        let (at, what) = log.back(to, from).find(|(_, what)| !sought.is_anything() && sought.is_in(what))?;
        Some(format!("{receiver} sent it to {sender}, at {at} s: {}", short(what)))
    };
    // That hosts look for each other says nothing of what they are about.
    let inquires = |what: &str| ["ECO ", "ERP "].iter().any(|word| what.starts_with(word));
    let spoken = log.back(from, to).filter(|(_, what)| sought.is_in(what) || !inquires(what));
    let note = match last(spoken) {
        none if none.is_empty() => Note::new(format!("{sender} has sent {receiver} nothing at all")),
        messages => Note::new(format!("what {sender} sent {receiver} last")).quotes(messages),
    };
    Evidence { help: near.or_else(other_way), notes: vec![note] }
}

/// Data of a file that went through a host.
pub(super) fn of_file_data(run: &Run, host: HostAddress) -> Evidence {
    let data = run.world.log().messages().and_then(|messages| messages.file_data_through(host));
    let note = data.map(|data| {
        let (from, to) = (run.names.host(data.from), run.names.host(data.to));
        Note::new("the first").quotes([format!("{from} -> {to}  {}", short(data.what()))])
    });
    Evidence { help: None, notes: note.into_iter().collect() }
}

/// The files that a host has.
pub(super) fn of_files(run: &Run, host: HostAddress, path: &str) -> Evidence {
    let name = run.names.host(host);
    let files = run.world.host(host).map(Host::files).unwrap_or_default();
    let paths: Vec<String> = files.iter().map(|file| file.path.to_string()).collect();
    let bare = path.rsplit('>').next().unwrap_or(path);
    let of_name = files.iter().find(|file| file.path.file().eq_ignore_ascii_case(bare));
    let meant = of_name.map(|file| file.path.to_string());
    let meant = meant
        .or_else(|| scenario::nearest::nearest(path, paths.iter().map(String::as_str)).map(str::to_owned));
    let note = match files.len() {
        0 => Note::new(format!("{name} has no files")),
        many => {
            let listed = files.iter().take(QUOTED * 2);
            let mut lines: Vec<String> =
                listed.map(|file| format!("{}, {} bytes", file.path, file.bytes)).collect();
            if many > lines.len() {
                lines.push(format!("and {} more", many - lines.len()));
            }
            Note::new(format!("the files of {name}")).quotes(lines)
        }
    };
    Evidence { help: meant.map(|meant| format!("did you mean `{meant}`?")), notes: vec![note] }
}

/// How two contents differ: their first lines that do, both.
pub(super) fn of_difference(found: (&str, &[u8]), expected: (&str, &[u8])) -> Evidence {
    let same = first_difference(found.1, expected.1);
    let row = |(name, content): (&str, &[u8])| format!("{name}: {}", line_around(content, same));
    Evidence {
        help: None,
        notes: vec![Note::new("where they differ first").quotes([row(found), row(expected)])],
    }
}

/// The connections of a host.
pub(super) fn of_connections(run: &Run, host: HostAddress) -> Evidence {
    let name = run.names.host(host);
    let table =
        run.world.host(host).map(|host| HostTable::of(host).lines(run.names.hosts())).unwrap_or_default();
    let note = if table.is_empty() {
        Note::new(format!("{name} has no connections"))
    } else {
        Note::new(format!("the connections of {name}")).quotes(table)
    };
    Evidence { help: None, notes: vec![note] }
}

/// Who waits for what: every host that is up, its programs, what they ask for, its connections.
pub(crate) fn who_waits(run: &Run) -> Vec<Note> {
    /// So many notes are made; there may be two for a host.
    const MOST: usize = 20;
    let mut notes = Vec::new();
    for (address, host) in run.world.hosts().filter(|(_, host)| host.is_up()) {
        let programs = match host.programs() {
            none if none.is_empty() => "nothing".to_owned(),
            programs => programs.join(", "),
        };
        let name = run.names.host(address);
        let table = HostTable::of(host).lines(run.names.hosts());
        // A sign alone says that the program is ready, as it is most of the time.
        let asks = host.asks().filter(|prompt| !prompt.is_ready_sign());
        notes.extend(asks.map(|prompt| Note::new(format!("{name} asks: {}", prompt.text.trim_end()))));
        notes.push(Note::new(format!("{name} runs {programs}")).quotes(table));
    }
    if notes.len() > MOST {
        let others = notes.split_off(MOST).len();
        notes.push(Note::new(format!("and {others} more such notes")));
    }
    notes
}

/// The number of the byte at which two contents part.
pub(super) fn first_difference(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

/// The number of the line in which a byte is, the first being 1.
pub(super) fn line_of(content: &[u8], byte: usize) -> usize {
    content.iter().take(byte).filter(|byte| **byte == b'\n').count() + 1
}

/// The line in which a byte is; of a long one, what is around the byte.
fn line_around(content: &[u8], byte: usize) -> String {
    const BEFORE: usize = 40;
    const AFTER: usize = 40;
    let (before, after) = content.split_at(byte.min(content.len()));
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let end = byte.min(content.len())
        + after.iter().position(|byte| *byte == b'\n').map_or(after.len(), |at| at + 1);
    if start == end {
        return "(the end of the file)".to_owned();
    }
    let (from, to) = (start.max(byte.saturating_sub(BEFORE)), end.min(byte + AFTER));
    let ellipsis = |is_cut: bool| if is_cut { "…" } else { "" };
    format!("{}\"{}\"{}", ellipsis(from > start), visible(&content[from..to]), ellipsis(to < end))
}

/// Bytes as they can be shown: control codes as their pictures, what is no character of 7 bits in hexadecimal.
fn visible(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        match byte {
            32..=126 => text.push(char::from(*byte)),
            // The pictures stand in the order of the codes.
            0..=31 => text.extend(char::from_u32(0x2400 + u32::from(*byte))),
            127 => text.push('␡'),
            128.. => text.push_str(&format!("<{byte:02x}>")),
        }
    }
    text
}

/// The nearest line, if one is near; of those that are equally near, the last.
fn nearest<'a>(lines_back: impl Iterator<Item = Said<'a>>, sought: Sought<'_>) -> Option<Said<'a>> {
    let text = &sought.pattern.known();
    let near = lines_back.take(LOOKED_THROUGH).filter_map(|said| Some((nearness(text, said.1)?, said)));
    near.min_by_key(|(changes, _)| *changes).map(|(_, said)| said)
}

/// The last lines, in the order in which they came.
fn last<'a>(lines_back: impl Iterator<Item = Said<'a>>) -> Vec<String> {
    let mut lines: Vec<String> = lines_back
        .take(QUOTED)
        .map(|(at, line)| format!("{:>11}  {}", at.to_string(), short(line)))
        .collect();
    lines.reverse();
    lines
}

/// The beginning of a line.
pub(super) fn short(line: &str) -> String {
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_around_a_difference_is_shown_with_its_control_codes() {
        assert_eq!(line_around(b"ONE\r\nTWO\r\nTHREE", 6), "\"TWO␍␊\"");
        assert_eq!(line_around(b"ONE\r\n", 5), "(the end of the file)");
        assert_eq!(line_around(b"A\x00\x1b\x7f\xff", 9), "\"A␀␛␡<ff>\"");
        assert_eq!(line_around(b"", 0), "(the end of the file)");
    }

    #[test]
    fn of_a_long_line_only_what_is_around_a_difference_is_shown() {
        let mut content = vec![b'x'; 1_000_000];
        content[500_000] = b'y';
        let shown = line_around(&content, 500_000);
        assert_eq!(shown, format!("…\"{}y{}\"…", "x".repeat(40), "x".repeat(39)));
    }

    #[test]
    fn lines_are_counted_from_one() {
        assert_eq!(line_of(b"ONE\r\nTWO\r\n", 0), 1);
        assert_eq!(line_of(b"ONE\r\nTWO\r\n", 5), 2);
        assert_eq!(line_of(b"ONE\r\nTWO\r\n", 100), 3);
    }
}
