//! The fields of a message as lines of text: a strip of all, a table of each, and the bits in hexadecimal.

use machine::Bits;

use crate::fields::Field;

/// How many bytes stand on a line of hexadecimal digits, and at most how many lines there are.
const BYTES: usize = 16;
const MOST_LINES: usize = 8;

/// The columns of the table in front of the meaning.
const PLACE: usize = 9;
const NAME: usize = 18;
const VALUE: usize = 10;

/// The lines, each with the indentation of what goes on below it.
pub(super) fn lines(fields: &[Field], message: Option<&Bits>) -> Vec<(String, usize)> {
    let strip: Vec<String> = fields.iter().map(|field| format!(" {} {} ", field.name, field.width)).collect();
    let mut lines = vec![(format!("|{}|", strip.join("|")), 0)];
    let mut source = "";
    for field in fields {
        rows(field, 0, &mut source, &mut lines);
    }
    if let Some(message) = message {
        let bytes: Vec<String> = message.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let shown = bytes.chunks(BYTES).take(MOST_LINES);
        lines.extend(shown.map(|row| (row.join(" "), 0)));
        let more = bytes.len().saturating_sub(BYTES * MOST_LINES);
        if more > 0 {
            lines.push((format!("and {more} bytes more"), 0));
        }
    }
    lines
}

/// A field, and below it those that it consists of. The source is said where it is another than above.
fn rows(field: &Field, depth: usize, source: &mut &'static str, lines: &mut Vec<(String, usize)>) {
    let place = field.place();
    let name = format!("{:1$}{2}", "", 2 * depth, field.name);
    let mut line = format!("{place:<PLACE$} {name:<NAME$} {:<VALUE$} {}", field.value, field.meaning);
    if !field.source.is_empty() && field.source != *source {
        *source = field.source;
        line.push_str(&format!(" [{source}]"));
    }
    lines.push((line.trim_end().to_owned(), PLACE + 1 + NAME + 1 + 2));
    field.parts.iter().for_each(|part| rows(part, depth + 1, source, lines));
}
