//! `arpanet explain`: what the words of a transcript mean.

use clap::Args;
use imp::HostSite;
use imp::nearest::nearest;
use imp::visible::visible;
use trace::{Ink, Lens, Paper};
use view::glossary::{self, Entry, Kind, Number, Reading};

use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::Library;
use crate::numbers;
use crate::terminal::Terminal;

/// Explain a word of a transcript: a term, a command, a code, a message, a rule, a number.
///
/// With TERMs, says what each means, what it looks like in a transcript, where that is written, and which scenario shows it;
/// without, lists all there are.
#[derive(Debug, Args)]
#[command(after_long_help = TERMS)]
pub(crate) struct ExplainArgs {
    /// What to explain, in capitals or not: a word of a transcript, several words, or a line of one in quotation marks. All
    /// of a kind by the word that the list has beside its heading.
    #[arg(value_name = "TERM")]
    terms: Vec<String>,

    /// Print lines of at most N columns (20 or more). Without it, as many as the terminal has.
    #[arg(long, value_name = "N", value_parser = numbers::width, allow_negative_numbers = true)]
    width: Option<u16>,
}

const TERMS: &str = "\
TERMS
  arpanet explain RFNM                    a message of an IMP to its host
  arpanet explain link leader TENEX       several at once
  arpanet explain ready line              one of two words
  arpanet explain 255                     all that a number may be: a reply, a socket, a link ...
  arpanet explain 2,57144                 a host and a socket, as in a SOCK
  arpanet explain 'SITE1 -> SITE2  RTS 400 from 301 link 2'
                                          all that stands in a line of a transcript
  arpanet explain rules                   all of a kind, each with its first sentence
  arpanet explain                         all there are, by kind

EXIT STATUS
  0  explained
  2  there is no such term; others that were named are explained all the same";

/// How far what is said of an entry is indented, and how wide the words in front of it are.
const INDENT: usize = 2;
const LABEL: usize = 10;

/// Columns of the list where paper has no end: one line for each kind would be read by nobody.
const WIDTH: usize = 100;

/// At most so many names are told that begin or end like what was asked for.
const FEW: usize = 8;

/// What has as many letters is a sentence rather than a name.
const LONG: usize = 60;

/// Something that was asked for.
enum Asked {
    /// These entries, and what it may be as a number.
    Entries(String, Vec<&'static Entry>, Vec<Reading>),
    /// All entries of a kind.
    Kind(Kind),
    /// Nothing that there is.
    Unknown(String),
}

/// Prints what was asked for.
pub(crate) fn run(
    args: &ExplainArgs,
    command: &str,
    library: &Library,
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    let paper = terminal.paper(args.width);
    if args.terms.is_empty() {
        terminal.print(&list(paper))?;
        return Ok(Exit::Held);
    }
    let mut text = String::new();
    let mut errors = Vec::new();
    let mut told: Vec<&Entry> = Vec::new();
    for asked in asked(&args.terms) {
        if !text.is_empty() && !matches!(asked, Asked::Unknown(_)) {
            text.push('\n');
        }
        match asked {
            Asked::Entries(term, entries, readings) => {
                text.push_str(&as_number(&term, &readings, paper));
                let new: Vec<&Entry> = entries.into_iter().filter(|entry| !told.contains(entry)).collect();
                told.extend(&new);
                let texts: Vec<String> = new.into_iter().map(|one| explained(one, command, paper)).collect();
                let between = if readings.is_empty() || texts.is_empty() { "" } else { "\n" };
                text.push_str(between);
                text.push_str(&texts.join("\n"));
            }
            Asked::Kind(kind) => text.push_str(&of_kind(kind, paper)),
            Asked::Unknown(term) => errors.push(unknown(&term, library)),
        }
    }
    terminal.print(text.trim_start_matches('\n'))?;
    if errors.is_empty() { Ok(Exit::Held) } else { Err(CommandError::all(errors)) }
}

/// What shells may complete: names without blanks and holes.
#[cfg(feature = "full")]
pub(crate) fn completed() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<&str> = glossary::names().collect();
    let is_word = |name: &&str| {
        name.len() > 1
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '/'))
    };
    names.retain(is_word);
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}

/// What the words of the command line ask for. As many of them as there is something called by are one term.
fn asked(words: &[String]) -> Vec<Asked> {
    let mut asked = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        let (taken, one) = (1..=rest.len())
            .rev()
            .find_map(|count| Some((count, meant(&rest[..count])?)))
            .unwrap_or_else(|| (1, Asked::Unknown(rest[0].clone())));
        asked.push(one);
        rest = &rest[taken..];
    }
    asked
}

/// What these words together ask for, if anything.
fn meant(words: &[String]) -> Option<Asked> {
    let term = words.join(" ");
    if let Some(kind) = glossary::kind(&term) {
        return Some(Asked::Kind(kind));
    }
    // A line of a transcript is one word of the command line.
    let mut entries = if words.len() == 1 { glossary::find(&term) } else { glossary::called(&term) };
    let readings = glossary::number(&term).map(glossary::readings).unwrap_or_default();
    if entries.is_empty() {
        let of_reading = |reading: &Reading| {
            let more = reading.more;
            glossary::called(more).into_iter().find(|entry| entry.bare_name() == more)
        };
        for entry in readings.iter().filter_map(of_reading) {
            if !entries.contains(&entry) {
                entries.push(entry);
            }
        }
    }
    (!entries.is_empty() || !readings.is_empty()).then_some(Asked::Entries(term, entries, readings))
}

/// All entries by kind: their names.
fn list(paper: Paper) -> String {
    let mut text = String::new();
    for kind in Kind::ALL.iter().copied() {
        let (bold, plain) = paper.ink(Ink::Host);
        text.push_str(&format!("{bold}{}{plain}  explain {}\n", kind.heading(), kind.all()));
        flow(glossary::of_kind(kind).map(Entry::bare_name), paper, &mut text);
        text.push('\n');
    }
    text.push_str(&paper.fill("In a name # stands for a number, and * for any text.\n", 0));
    text
}

/// Appends names one behind the other, in lines that are broken between names, and within one only if it alone is too wide.
fn flow<'a>(names: impl Iterator<Item = &'a str>, paper: Paper, text: &mut String) {
    let width = paper.width.unwrap_or(WIDTH);
    let mut line = String::new();
    for name in names {
        if !line.is_empty() && line.chars().count() + 2 + name.chars().count() > width {
            text.push_str(&paper.fill(&format!("{line}\n"), INDENT));
            line.clear();
        }
        line.push_str("  ");
        line.push_str(name);
    }
    text.push_str(&paper.fill(&format!("{line}\n"), INDENT));
}

/// All entries of a kind, with the first sentence of each.
fn of_kind(kind: Kind, paper: Paper) -> String {
    let (bold, plain) = paper.ink(Ink::Host);
    let mut text = format!("{bold}{}{plain}\n", kind.heading());
    let width = glossary::of_kind(kind).map(|entry| entry.bare_name().chars().count()).max();
    let width = width.unwrap_or_default().min(24);
    for entry in glossary::of_kind(kind) {
        let sentence = first_sentence(&entry.says);
        text.push_str(&paper.fill(&format!("  {:width$}  {sentence}\n", entry.bare_name()), width + 2));
    }
    text
}

/// The first sentence of a text, with what stands in quotation marks behind it.
fn first_sentence(text: &str) -> &str {
    let end = text
        .match_indices(". ")
        .map(|(at, _)| at + 1)
        .find(|end| text[..*end].matches('`').count().is_multiple_of(2));
    &text[..end.unwrap_or(text.len())]
}

/// What a term may be as a number.
fn as_number(term: &str, readings: &[Reading], paper: Paper) -> String {
    if readings.is_empty() {
        return String::new();
    }
    let (bold, plain) = paper.ink(Ink::Host);
    let parts = match glossary::number(term) {
        Some(Number::HostAndSocket(..)) => "a host and a socket",
        Some(Number::Alone(_)) | None => "a number",
    };
    let mut text = format!("{bold}{}{plain}  ({parts})\n", visible(term));
    let width = readings.iter().map(|reading| reading.what.len()).max().unwrap_or_default();
    for Reading { what, says, more: _ } in readings {
        text.push_str(&paper.fill(&format!("  {what:width$}  {says}\n"), width + 2));
    }
    text
}

/// An entry.
fn explained(entry: &Entry, command: &str, paper: Paper) -> String {
    let (bold, plain) = paper.ink(Ink::Host);
    let mut text = paper.fill(&format!("{bold}{}{plain}  ({})\n", entry.bare_name(), entry.kind), INDENT);
    text.push_str(&paper.fill(&format!("  {}\n", entry.says), 0));
    let mut line = |label: &str, what: &str| {
        if !what.is_empty() {
            text.push_str(&paper.fill(&format!("  {label:LABEL$}{what}\n"), LABEL));
        }
    };
    let is_other = |other: &&str| !other.eq_ignore_ascii_case(entry.bare_name()) && other.len() < LONG;
    let others: Vec<&str> = entry.signs().skip(1).filter(is_other).collect();
    line("also", &others.join(", "));
    line("looks so", entry.looks);
    if let Some(shown) = entry.shown {
        let lenses = if Lens::USUAL.contains(&shown.lens) {
            String::new()
        } else {
            format!(" --show usual,{}", shown.lens)
        };
        line("see it", &format!("{command} scenario {}{lenses}", shown.scenario));
    }
    line("source", &entry.source);
    line("see also", &entry.related.join(", "));
    text
}

/// There is no such entry, but perhaps something like it, or something else of that name.
fn unknown(term: &str, library: &Library) -> CommandError {
    let small = term.to_lowercase();
    let near: Vec<&str> = glossary::names()
        .filter(|name| {
            small.len() > 2
                && name.len() < LONG
                && name.to_lowercase().split(' ').any(|word| word.starts_with(&small))
        })
        .take(FEW)
        .collect();
    let help = if let Some(command) = library.command_for(term) {
        format!("did you mean `{command}`, of the library?")
    } else if let Some(place) = place(term, library) {
        place
    } else if !near.is_empty() {
        format!("these are alike: {}", near.join(", "))
    } else {
        match nearest(term, glossary::names()).filter(|_| small.len() > 1) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`explain` without a term lists all there are".to_owned(),
        }
    };
    CommandError::NothingToExplain { term: visible(term).into_owned(), help }
}

/// Which net has a host or an IMP of that name.
fn place(term: &str, library: &Library) -> Option<String> {
    let is_it = |name: &str| name.eq_ignore_ascii_case(term);
    for name in library.net_names().ok()? {
        let Ok(net) = library.read_net(&name) else { continue };
        let what = if net.hosts.iter().flat_map(HostSite::names).any(is_it) {
            "a host"
        } else if net.imps.iter().any(|imp| is_it(&imp.name)) {
            "an IMP"
        } else {
            continue;
        };
        return Some(format!("that is {what} of the net {name}: `net {name}` shows where"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &[&str]) -> Vec<String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let said = |one| match one {
            Asked::Entries(term, entries, _) => {
                format!(
                    "{term}: {}",
                    entries.iter().map(|entry| entry.name.as_ref()).collect::<Vec<_>>().join(", ")
                )
            }
            Asked::Kind(kind) => format!("all: {kind}"),
            Asked::Unknown(term) => format!("unknown: {term}"),
        };
        asked(&words).into_iter().map(said).collect()
    }

    #[test]
    fn words_that_are_one_term_together_are_one_and_others_are_several() {
        assert_eq!(
            told(&["RFNM", "blorb", "ready", "line"]),
            ["RFNM: RFNM, RFNM of an IMP", "unknown: blorb", "ready line: ready line"]
        );
        assert_eq!(
            told(&["not", "done:", "try", "again", "later"]),
            ["not done: try again later: NOT DONE: TRY AGAIN LATER"]
        );
        assert_eq!(told(&["rules"]), ["all: rule of the monitor"]);
        assert_eq!(told(&["57144"]), ["57144: socket"]);
        assert_eq!(told(&["255"]), ["255: 255"], "a reply's code goes before all else that it may be");
        assert_eq!(told(&["SITE2 -> SITE1  ERP 42"]), ["SITE2 -> SITE1  ERP 42: ERP"]);
        assert_eq!(told(&[""]), ["unknown: "]);
    }

    #[test]
    fn an_entry_says_all_that_it_has_and_no_line_is_wider_than_the_paper() {
        let paper = Paper { width: Some(60), color: false };
        let entry = glossary::called("RFNM")[0];
        let text = explained(entry, "arpanet", paper);
        assert!(
            text.starts_with("RFNM  (message of an IMP to its host)\n  Ready for next message"),
            "{text}"
        );
        for part in ["arpanet scenario echo --show usual,imp", "  source    BBN Report 1822", "  also      "]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        for entry in glossary::entries() {
            let text = explained(entry, "arpanet", paper);
            assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
        }
        assert!(
            list(paper)
                .lines()
                .chain(of_kind(Kind::Rule, paper).lines())
                .all(|line| line.chars().count() <= 60)
        );
    }

    #[test]
    fn the_list_has_every_entry_and_every_kind() {
        let text = list(Paper::default());
        for entry in glossary::entries() {
            assert!(text.contains(entry.bare_name()), "{}", entry.name);
        }
        for kind in Kind::ALL {
            assert!(text.contains(&format!("explain {}\n", kind.all())), "{kind}");
        }
    }

    #[cfg(feature = "full")]
    #[test]
    fn every_policy_is_explained() {
        for name in crate::policies::NAMES {
            let kinds: Vec<Kind> = glossary::called(name).iter().map(|entry| entry.kind).collect();
            assert!(kinds.contains(&Kind::Policy), "{name}: {kinds:?}");
        }
    }

    #[test]
    fn every_system_of_a_net_is_explained() {
        let library = Library::BuiltIn;
        for name in library.net_names().expect("they are built in") {
            for host in library.read_net(&name).expect("it is right").hosts {
                let found = glossary::called(&host.system);
                assert!(found.iter().any(|entry| entry.kind == Kind::System), "{name}: {}", host.system);
            }
        }
    }
}
