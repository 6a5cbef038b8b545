//! `arpanet show`: prints what comes with the command.

use clap::Args;
use imp::nearest::nearest;

use crate::collection::{Item, Kind, items};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::help::lines_within;
use crate::library::Library;
use crate::terminal::Terminal;

/// Print a scenario, net or transcript of the library, the dissector for Wireshark, the rules of the monitor, or the unit for
/// systemd.
///
/// With a NAME, prints the text of that; without one, lists what there is, with titles.
#[derive(Debug, Args)]
#[command(after_long_help = NAMES)]
pub(crate) struct ShowArgs {
    /// What to print: a scenario or a net by its name, or anything by the name of its file.
    name: Option<String>,
}

const NAMES: &str = "\
NAMES
  arpanet show rfc438-append              the scenario
  arpanet show rfc438-append.transcript   what a replay of it prints
  arpanet show three-imps.net             the net
  arpanet show h316.lua                   the dissector for Wireshark and tshark
  arpanet show rules                      what the monitor judges by, with the sources
  arpanet show arpanet-host.service       the unit by which systemd runs a host

A scenario goes before a net of the same name.

To begin a scenario of your own from one of these, write it into a file:

  arpanet show rfc438-append > mine.scenario

EXIT STATUS
  0  printed
  2  there is no such thing";

/// Prints what was asked for.
pub(crate) fn run(args: &ShowArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let items = items(library)?;
    let Some(name) = &args.name else {
        let width = items.iter().map(|item| item.stem.len()).max().unwrap_or_default();
        // What a title goes on with stands below it.
        terminal.say(&terminal.paper(None).fill(&list(&items, width), width + 4))?;
        return Ok(Exit::Held);
    };
    let meant = |item: &&Item| {
        item.file() == *name
            || matches!(item.kind, Kind::Scenario | Kind::Net | Kind::Rules) && item.stem == *name
    };
    let mut meant = items.iter().filter(meant);
    let Some(item) = meant.next() else { return Err(unknown(name, &items)) };
    terminal.print(&match (terminal.paper(None).width, item.kind) {
        (Some(width), Kind::Scenario | Kind::Net) => comments_within(&item.text, width),
        (Some(_), Kind::Rules) => terminal.paper(None).fill(&item.text, 8),
        (_, Kind::Transcript | Kind::Dissector | Kind::Unit | Kind::Schema) | (None, _) => item.text.clone(),
    })?;
    for other in meant {
        terminal.tell(&format!("there is another of that name: show {}\n", other.file()));
    }
    Ok(Exit::Held)
}

/// All there is, a line each; names are so wide.
fn list(items: &[Item], width: usize) -> String {
    let of = |kinds: &'static [Kind]| items.iter().filter(move |item| kinds.contains(&item.kind));
    let mut text =
        String::from("SCENARIOS  show NAME; show NAME.transcript prints what a replay of it prints\n");
    for item in of(&[Kind::Scenario]) {
        text.push_str(&format!("  {:width$}  {}\n", item.stem, item.title()));
    }
    let others: [(&str, &[Kind]); 2] = [
        ("NETS  show NAME.net", &[Kind::Net]),
        ("OTHERS", &[Kind::Dissector, Kind::Rules, Kind::Unit, Kind::Schema]),
    ];
    for (heading, kinds) in others {
        text.push_str(&format!("\n{heading}\n"));
        for item in of(kinds) {
            let name = if item.kind == Kind::Net { item.stem.clone() } else { item.file() };
            text.push_str(&format!("  {name:width$}  {}\n", item.title()));
        }
    }
    text
}

/// A file with its comments broken between words, where lines of so many columns have no room for them. Statements are
/// not touched: where one is broken, it is another.
fn comments_within(text: &str, width: usize) -> String {
    let is_comment = |line: &str| line.starts_with('#');
    let lines: Vec<&str> = text.lines().collect();
    let mut shown = String::new();
    for block in lines.chunk_by(|one, next| is_comment(one) && is_comment(next)) {
        let is_wide = block.iter().any(|line| line.chars().count() > width);
        if is_wide && block.iter().all(|line| is_comment(line)) {
            // A comment is a # and prose, which goes on in the next line.
            let prose: Vec<&str> =
                block.iter().map(|line| line[1..].strip_prefix(' ').unwrap_or(&line[1..])).collect();
            let prose = lines_within(&prose.join("\n"), width.saturating_sub(2));
            prose.lines().for_each(|line| shown.push_str(&format!("{}\n", format!("# {line}").trim_end())));
        } else {
            block.iter().for_each(|line| shown.push_str(&format!("{line}\n")));
        }
    }
    shown
}

/// There is no such thing, but perhaps something like it.
fn unknown(name: &str, items: &[Item]) -> CommandError {
    let files: Vec<String> = items.iter().map(Item::file).collect();
    let stems = items.iter().map(|item| item.stem.as_str());
    let begin: Vec<&str> = files.iter().map(String::as_str).filter(|file| file.starts_with(name)).collect();
    let help = match nearest(name, files.iter().map(String::as_str).chain(stems)) {
        _ if !name.is_empty() && !begin.is_empty() => format!("these begin so: {}", begin.join(", ")),
        Some(near) => format!("did you mean `{near}`?"),
        None => "`show` without a name lists what there is".to_owned(),
    };
    CommandError::NothingToShow { name: name.to_owned(), help }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_a_narrow_terminal_comments_are_broken_and_what_is_read_is_the_same() {
        let text = "# One two three four\n# five.\n#\n#   SITE1 crashes\n\ntitle a long title that stays\nnet ring\n";
        let shown = "# One two\n# three\n# four\n# five.\n#\n#   SITE1\n#   crashes\n\ntitle a long title that stays\nnet ring\n";
        assert_eq!(comments_within(text, 11), shown);
        assert_eq!(comments_within(text, 29), text, "what has room is not touched");
        for item in items(&Library::BuiltIn).expect("they are built in") {
            let words = |text: &str| {
                text.split_whitespace().filter(|word| *word != "#").map(str::to_owned).collect::<Vec<_>>()
            };
            if matches!(item.kind, Kind::Scenario | Kind::Net) {
                let shown = comments_within(&item.text, 80);
                assert_eq!(words(&shown), words(&item.text), "{}: no word is lost", item.file());
                for line in shown.lines().filter(|line| line.starts_with('#')) {
                    assert!(line.chars().count() <= 80, "{}: {line}", item.file());
                }
            }
        }
    }
}
