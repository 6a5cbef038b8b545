//! `arpanet show`: prints what comes with the command.

use clap::Args;
use imp::nearest::nearest;

use crate::collection::{Item, Kind, items};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::Library;
use crate::terminal::Terminal;

/// Print a scenario, net or transcript of the library, or the dissector for Wireshark.
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
  arpanet show three-imps.net             the net (a scenario goes before a net of the same name)
  arpanet show h316.lua                   the dissector for Wireshark and tshark

To begin a scenario of your own from one of these, write it into a file:

  arpanet show rfc438-append > mine.scenario

EXIT STATUS
  0  printed    2  there is no such thing";

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
        item.file() == *name || matches!(item.kind, Kind::Scenario | Kind::Net) && item.stem == *name
    };
    let mut meant = items.iter().filter(meant);
    let Some(item) = meant.next() else { return Err(unknown(name, &items)) };
    terminal.print(&item.text)?;
    for other in meant {
        terminal.tell(&format!("there is another of that name: show {}\n", other.file()));
    }
    Ok(Exit::Held)
}

/// All there is, a line each; names are so wide.
fn list(items: &[Item], width: usize) -> String {
    let of = |kind: Kind| items.iter().filter(move |item| item.kind == kind);
    let mut text =
        String::from("SCENARIOS  show NAME; show NAME.transcript prints what a replay of it prints\n");
    for item in of(Kind::Scenario) {
        text.push_str(&format!("  {:width$}  {}\n", item.stem, item.title()));
    }
    for (heading, kind) in [("NETS  show NAME.net", Kind::Net), ("OTHERS", Kind::Dissector)] {
        text.push_str(&format!("\n{heading}\n"));
        for item in of(kind) {
            let name = if kind == Kind::Net { item.stem.clone() } else { item.file() };
            text.push_str(&format!("  {name:width$}  {}\n", item.title()));
        }
    }
    text
}

/// There is no such thing, but perhaps something like it.
fn unknown(name: &str, items: &[Item]) -> CommandError {
    let files: Vec<String> = items.iter().map(Item::file).collect();
    let stems = items.iter().map(|item| item.stem.as_str());
    let begin: Vec<&str> = files.iter().map(String::as_str).filter(|file| file.starts_with(name)).collect();
    let help = match nearest(name, files.iter().map(String::as_str).chain(stems)) {
        _ if !name.is_empty() && !begin.is_empty() => format!("these begin so: {}", begin.join(", ")),
        Some(near) => format!("did you mean {near}?"),
        None => "`show` without a name lists what there is".to_owned(),
    };
    CommandError::NothingToShow { name: name.to_owned(), help }
}
