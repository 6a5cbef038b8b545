//! The heading of a scenario: what it shows, on which net, and what is said of the whole run.

use std::path::Path;

use host::disk::DiskFile;
use imp::Net;
use imp::nearest::nearest;
use machine::Span;

use super::ast::MustFail;
use super::errors::{Diagnostic, Diagnostics};
use super::keywords::HeadingWord;
use super::net::parse_net;
use super::quantity::{number, span};
use super::words::{Line, Word, Words};

/// What stands above the hosts.
#[derive(Debug, Default)]
pub(super) struct Heading<'a> {
    pub(super) title: Option<String>,
    pub(super) cites: Vec<String>,
    /// Whether a title was at least meant.
    pub(super) title_named: bool,
    pub(super) net: Option<Net>,
    /// How the net is named.
    pub(super) net_name: String,
    pub(super) net_named: bool,
    pub(super) seed: Option<u64>,
    /// The limit, and the line that says so.
    pub(super) limit: Option<(Span, usize)>,
    pub(super) fails: Vec<MustFail>,
    /// Where it says that the monitor is off.
    pub(super) monitor_off: Option<Word<'a>>,
    /// The hosts that misbehave, and the lines that say so.
    pub(super) misbehave: Vec<(Word<'a>, Line<'a>)>,
    /// The line that begins what is said of a sweep.
    pub(super) sweep: Option<usize>,
}

/// Why there is no text of a net, or no folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoNet {
    /// There is no such net, or folder.
    Unknown,
    /// There is one, and it cannot be read: why.
    Unreadable(String),
}

/// Where a scenario's net is found.
pub trait Nets {
    /// The text of a net, by its name, or by its path relative to the scenario.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    fn text(&self, name: &str) -> Result<String, NoNet>;

    /// The files in a folder, by its name, or by its path relative to the scenario: those of hosts that it has from there.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    fn folder(&self, _name: &str) -> Result<Vec<DiskFile>, NoNet> {
        Err(NoNet::Unknown)
    }

    /// The names of the nets that are known, from which a mistyped one is guessed.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

impl<F: Fn(&str) -> Option<String>> Nets for F {
    fn text(&self, name: &str) -> Result<String, NoNet> {
        self(name).ok_or(NoNet::Unknown)
    }
}

impl<'a> Heading<'a> {
    /// Plays on this net, whichever is named.
    pub(super) fn plays_on(&mut self, net: &Net) -> Result<(), Diagnostic> {
        self.net_named = true;
        self.net = Some(net.clone());
        Ok(())
    }

    /// Reads a statement of the heading.
    pub(super) fn read(
        &mut self,
        word: HeadingWord,
        verb: Word<'a>,
        words: &mut Words<'a>,
        line: Line<'a>,
        nets: &dyn Nets,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Result<(), Diagnostic> {
        match word {
            HeadingWord::Title => once(verb, &mut self.title, words.some_text("the title")?.to_owned()),
            HeadingWord::Cites => {
                self.cites.push(words.some_text("the document")?.to_owned());
                Ok(())
            }
            HeadingWord::Net => self.net(verb, words, nets, diagnostics),
            HeadingWord::Seed => {
                let seed = number(words.word("the seed")?, "the seed", 0..=u64::MAX)?;
                words.end()?;
                once(verb, &mut self.seed, seed)
            }
            HeadingWord::Limit => {
                let limit = span(words.word("the limit")?)?;
                words.end()?;
                once(verb, &mut self.limit, (limit, line.number))
            }
            HeadingWord::Fails => {
                let text = words.some_typed("a part of the error")?.text.to_owned();
                self.fails.push(MustFail { text, line: line.number });
                Ok(())
            }
            HeadingWord::Misbehaves => {
                let first = words.word("the name of a host")?;
                let others = std::iter::from_fn(|| words.next());
                self.misbehave.extend(std::iter::once(first).chain(others).map(|word| (word, line)));
                Ok(())
            }
            HeadingWord::Monitor => {
                words.keyword("off")?;
                words.end()?;
                once(verb, &mut self.monitor_off, verb)
            }
            // What stands below it names hosts, and is read when these are known.
            HeadingWord::Sweep => once(verb, &mut self.sweep, line.number),
        }
    }

    fn net(
        &mut self,
        verb: Word<'_>,
        words: &mut Words<'_>,
        nets: &dyn Nets,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Result<(), Diagnostic> {
        if std::mem::replace(&mut self.net_named, true) {
            return Err(second(verb));
        }
        let name = words.word("the name of the net")?;
        name.text.clone_into(&mut self.net_name);
        let (net, found) = find_net(name, nets, diagnostics);
        self.net = net;
        found.and_then(|()| words.end())
    }

    /// What every scenario must have.
    pub(super) fn check(&self, diagnostics: &mut Diagnostics<'_>) {
        if self.title.is_none() && !self.title_named {
            diagnostics.add(
                Diagnostic::new(0..0, "the scenario has no title", "begins here").help("say `title TEXT`"),
            );
        }
        if !self.net_named {
            diagnostics.add(
                Diagnostic::new(0..0, "the scenario has no net", "begins here")
                    .help("say on which net it plays: `net 1973-01`"),
            );
        }
    }
}

/// The net of that name, and what is wrong with the name. Of a name that is nearly right it is the net that was meant: names
/// below are those of that one.
pub(super) fn find_net(
    name: Word<'_>,
    nets: &dyn Nets,
    diagnostics: &mut Diagnostics<'_>,
) -> (Option<Net>, Result<(), Diagnostic>) {
    let missing = match nets.text(name.text) {
        Ok(text) => {
            return match parse_net(name.text, &text) {
                Ok(net) => (Some(net), Ok(())),
                Err(errors) => {
                    diagnostics.add_file(errors);
                    (None, Ok(()))
                }
            };
        }
        Err(NoNet::Unreadable(why)) => {
            let message = format!("the net `{}` cannot be read", name.text);
            return (None, Err(Diagnostic::new(name.at(), message, why)));
        }
        Err(NoNet::Unknown) if name.text.ends_with(".net") => {
            let path = Path::new(diagnostics.source_name()).with_file_name(name.text);
            let message = format!("there is no file `{}`", path.display());
            let help = "a net of one's own is given by its path, relative to the scenario: `net FILE.net`";
            return (None, Err(Diagnostic::new(name.at(), message, "not found").help(help)));
        }
        Err(NoNet::Unknown) => {
            let message = format!("there is no net `{}`", name.text);
            Diagnostic::new(name.at(), message, "not found")
        }
    };
    let known = nets.names();
    let all: Vec<&str> = std::iter::once(name.text).chain(name.behind.split_whitespace()).collect();
    let near = nearest(&all.join("-"), known.iter().map(String::as_str));
    let Some(near) = near else {
        let help = format!("the known nets are {}; a file is given as `FILE.net`", known.join(", "));
        return (None, Err(missing.help(help)));
    };
    let net = nets.text(near).ok().and_then(|text| parse_net(near, &text).ok());
    (net, Err(missing.help(format!("did you mean `{near}`?"))))
}

fn once<T>(verb: Word<'_>, place: &mut Option<T>, value: T) -> Result<(), Diagnostic> {
    match place {
        Some(_) => Err(second(verb)),
        None => {
            *place = Some(value);
            Ok(())
        }
    }
}

fn second(verb: Word<'_>) -> Diagnostic {
    Diagnostic::new(verb.at(), format!("a second `{}`", verb.text), "said above")
}
