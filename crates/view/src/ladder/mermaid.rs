//! A ladder for mermaid, which draws it: lanes, phases and messages in order.

use std::fmt::Write;

use super::layout::{Arrow, Lane, Layout, RowWhat};
use super::{LadderOptions, Scale};
use crate::sheet::Sheet;

/// The ladder of a run as a sequence diagram. Mermaid has no scale of time: what happens stands one below the other.
pub fn mermaid(sheet: &Sheet<'_>, options: &LadderOptions<'_>) -> String {
    let layout = Layout::new(sheet, &LadderOptions { scale: Scale::Order, ..options.clone() });
    let mut text = format!("---\ntitle: {}\n---\nsequenceDiagram\n", quoted(&sheet.title()));
    // Writing to a String cannot fail.
    for lane in &layout.lanes {
        let _ = writeln!(text, "    participant {} as {}", id(*lane), escaped(&name(sheet, *lane)));
    }
    let over = match layout.lanes.as_slice() {
        [] => return text,
        [one] => id(*one),
        [first, .., last] => format!("{},{}", id(*first), id(*last)),
    };
    for row in &layout.rows {
        let _ = match &row.what {
            RowWhat::Heading(title) => writeln!(text, "    Note over {over}: {}", escaped(title)),
            RowWhat::Gap(span) => {
                writeln!(text, "    Note over {over}: {}", escaped(&format!("{span} later")))
            }
            RowWhat::Event(what) | RowWhat::Table(what) => {
                writeln!(text, "    Note over {over}: {}", escaped(what))
            }
            RowWhat::Note { lane, text: what, .. } => {
                writeln!(text, "    Note over {}: {}", id(*lane), escaped(what))
            }
            RowWhat::Arrow(Arrow { from, to, end, text: what, .. }) => {
                let arrow = if end.is_some() { "->>" } else { "-x" };
                writeln!(text, "    {}{arrow}{}: {}", id(*from), id(*to), escaped(what))
            }
        };
    }
    text
}

fn id(lane: Lane) -> String {
    match lane {
        Lane::Host(host) => format!("H{}", host.number()),
        Lane::Imp(imp) => format!("I{imp}"),
    }
}

/// The name of a lane.
pub(super) fn name(sheet: &Sheet<'_>, lane: Lane) -> String {
    match lane {
        Lane::Host(host) => sheet.names().host(host),
        Lane::Imp(imp) => format!("IMP {imp}"),
    }
}

/// Text as mermaid takes it: what has a meaning there is written as a number.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ';' | '#' | '<' | '>' | '&' | '"' | '\\' | '{' | '}' | '%' | ':' => {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "#{};", u32::from(character));
            }
            _ if character.is_control() => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    // A message must say something.
    if escaped.is_empty() { " ".to_owned() } else { escaped }
}

/// Text as a string of YAML.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace(char::is_control, " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_for_mermaid_is_written_as_a_number() {
        assert_eq!(escaped("<SMITH>A;B\n"), "#60;SMITH#62;A#59;B ");
        assert_eq!(escaped(""), " ");
        assert_eq!(quoted("THE 'NET'"), "'THE ''NET'''");
    }
}
