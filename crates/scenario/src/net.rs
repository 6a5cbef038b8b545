//! Net files.
//!
//! ```text
#![doc = include_str!("net.txt")]
//! ```

use std::collections::BTreeSet;

use imp::{HostSite, ImpSite, LineSite, Net, Reports};
use imp1822::HostAddress;

use super::errors::{Diagnostic, Diagnostics, Errors};
use super::names::{imp_of, new_name};
use super::place::place;
use super::quantity::{rate, small_number, span, way};
use super::words::{Statement, Word, Words, statements};
use imp::nearest::nearest;

/// The words with which the statements of a net begin, and how these are written.
pub(super) const STATEMENTS: [(&str, &[&str]); 6] = [
    ("net", &["net NAME TITLE"]),
    ("source", &["source TEXT"]),
    ("imp", &["imp NUMBER NAME [at PLACE]"]),
    ("line", &["line IMP to IMP SPEED LENGTH", "line IMP to IMP SPEED delay SPAN"]),
    ("host", &["host NAME ADDRESS SYSTEM [cable SPEED] [aka NAME ...]"]),
    ("reports", &["reports to HOST [every SPAN]"]),
];

/// How the statements are written that begin like this.
fn forms(verb: Word<'_>) -> &'static [&'static str] {
    STATEMENTS.iter().find(|(word, _)| verb.is(word)).map_or(&[], |(_, forms)| forms)
}

/// Reads a net.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_net(source_name: &str, text: &str) -> Result<Net, Errors> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut diagnostics = Diagnostics::new(source_name, text);
    let mut net = Net::default();
    let mut named = false;
    let mut misread = Misread::default();
    let mut lines = Vec::new();
    let mut hosts = Vec::new();
    let mut reports_to = Vec::new();
    for Statement { line, below } in statements(text, &mut diagnostics) {
        for line in below {
            diagnostics.add(Diagnostic::new(
                line.at(),
                "unexpected indented line",
                "nothing of a net is indented",
            ));
        }
        let mut words = line.words();
        let Some(verb) = words.next() else { continue };
        let said = words.clone();
        let read = match verb {
            _ if verb.is("net") && named => Err(twice(verb)),
            _ if verb.is("net") => {
                named = true;
                heading(source_name, &mut words, &mut net)
            }
            _ if verb.is("source") => {
                words.some_text("a source").map(|source| net.sources.push(source.to_owned()))
            }
            _ if verb.is("imp") => imp(&mut words, &mut net).inspect_err(|_| misread.take(said)),
            // IMPs may be declared below the lines and hosts that name them.
            _ if verb.is("line") => {
                lines.push((verb, words));
                Ok(())
            }
            _ if verb.is("host") => {
                hosts.push((verb, words));
                Ok(())
            }
            _ if verb.is("reports") => {
                reports_to.push((verb, words));
                Ok(())
            }
            _ => {
                misread.take(said);
                named |= nearest(verb.text, STATEMENTS.map(|(word, _)| word)) == Some("net");
                Err(no_statement(verb))
            }
        };
        diagnostics.record(read.map_err(|mistake| mistake.form(forms(verb))));
    }
    for (verb, mut words) in lines {
        let read = line(&mut words, &mut net, &misread, &mut diagnostics);
        diagnostics.record(read.map_err(|mistake| mistake.form(forms(verb))));
    }
    for (verb, mut words) in hosts {
        let read = host(&mut words, &mut net, &misread);
        diagnostics.record(read.map_err(|mistake| mistake.form(forms(verb))));
    }
    for (verb, mut words) in reports_to {
        let read = reports(verb, &mut words, &mut net);
        diagnostics.record(read.map_err(|mistake| mistake.form(forms(verb))));
    }
    if !named {
        diagnostics.add(
            Diagnostic::new(0..0, "the net has no name", "a net begins with its name")
                .help("say `net NAME TITLE` in the first line"),
        );
    } else if net.imps.is_empty() && misread.0.is_empty() {
        let end = text.trim_end().len();
        diagnostics.add(
            Diagnostic::new(end..end, "the net has no IMP", "nothing stands here")
                .help("say `imp NUMBER NAME`"),
        );
    }
    diagnostics.finish(Some(net))
}

/// The complaint that a statement begins like none of a net's.
fn no_statement(verb: Word<'_>) -> Diagnostic {
    let unknown = verb.is_none_of("statement", &STATEMENTS.map(|(word, _)| word));
    match verb {
        _ if verb.is("title") || verb.is("name") => {
            unknown.help("the title of a net stands behind its name: `net NAME TITLE`")
        }
        _ if verb.is("cites") => unknown.help("a document that a net follows: `source TEXT`"),
        _ => unknown,
    }
}

/// Reads a number, where something else may stand because it has been left out.
fn number_of<'a>(words: &mut Words<'a>, what: &str) -> Result<Word<'a>, Diagnostic> {
    let word = words.word(what)?;
    if word.begins_with_digit() || word.text.starts_with(['-', '+']) {
        return Ok(word);
    }
    let message = format!("expected {what}, found `{}`", word.text);
    Err(Diagnostic::new(word.at(), message, format!("{what} belongs here")).misformed())
}

/// The words of statements that could not be read, and may have declared an IMP. Where one of them names an IMP, that is
/// no second mistake.
#[derive(Debug, Default)]
struct Misread<'a>(Vec<Word<'a>>);

impl<'a> Misread<'a> {
    fn take(&mut self, words: Words<'a>) {
        let mut words = words;
        self.0.extend(std::iter::from_fn(|| words.next()).take(2));
    }

    fn has(&self, imp: &str) -> bool {
        self.0.iter().any(|word| word.is(imp))
    }
}

fn twice(word: Word<'_>) -> Diagnostic {
    Diagnostic::new(word.at(), format!("a second `{}`", word.text), "said above")
}

/// Reads the name of the net. One that is not that of its file is told with the file, by which scenarios ask for it.
fn heading(source_name: &str, words: &mut Words<'_>, net: &mut Net) -> Result<(), Diagnostic> {
    let name = words.word("the name of the net")?;
    words.some_text("a title")?.clone_into(&mut net.title);
    let file = source_name.rsplit(['/', '\\']).next().unwrap_or(source_name);
    net.name = match file.strip_suffix(".net") {
        Some(stem) if stem != name.text => format!("{} ({file})", name.text),
        Some(_) | None => name.text.to_owned(),
    };
    Ok(())
}

fn imp(words: &mut Words<'_>, net: &mut Net) -> Result<(), Diagnostic> {
    let number_word = number_of(words, "the number of the IMP")?;
    let number = small_number(number_word, "the number of an IMP", 0..=63)?;
    let name = words.word("the name of the IMP")?;
    new_name(name, "the name of an IMP")?;
    let place = match words.next() {
        None => None,
        Some(at) if at.is("at") => Some(place(words)?),
        Some(other) => {
            let message = format!("unexpected `{}`", other.text);
            return Err(Diagnostic::new(other.at(), message, "only `at` and a place may follow")
                .help("an IMP is declared by `imp NUMBER NAME`, or `imp NUMBER NAME at 42.3898N 71.1476W`"));
        }
    };
    words.end()?;
    if let Some(same) = net.imps.iter().find(|imp| imp.number == number) {
        let message = format!("a second IMP {number}");
        return Err(Diagnostic::new(number_word.at(), message, format!("already `{}`", same.name)));
    }
    if let Some(same) = net.imp_named(name.text) {
        let message = format!("a second IMP `{}`", name.text);
        return Err(Diagnostic::new(name.at(), message, format!("already IMP {}", same.number)));
    }
    net.imps.push(ImpSite { number, name: name.text.to_owned(), place });
    Ok(())
}

fn line(
    words: &mut Words<'_>,
    net: &mut Net,
    misread: &Misread<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> Result<(), Diagnostic> {
    let from = words.word("an IMP")?;
    words.keyword("to")?;
    let to = words.word("an IMP")?;
    // The rest of the line is read even if an IMP is mistyped: it may have a mistake, too.
    let ends = [from, to].map(|end| match imp_of(net, end) {
        Err(_) if misread.has(end.text) => None,
        found => diagnostics.record(found),
    });
    let rate = rate(words.word("the speed of the line")?)?;
    let delay = if words.take("delay") {
        span(words.word("the delay of the line")?)?
    } else {
        let length = words.word("the length of the line")?;
        way(length).map_err(|diagnostic| match span(length) {
            Ok(_) => {
                diagnostic.help(format!("for how long a bit is on its way, say `delay {}`", length.text))
            }
            Err(_) => diagnostic,
        })?
    };
    words.end()?;
    let [Some(from_imp), Some(to_imp)] = ends else { return Ok(()) };
    let between = [from_imp, to_imp];
    let both = from.at().start..to.at().end;
    if between[0] == between[1] {
        return Err(Diagnostic::new(both, "a line from an IMP to itself", "must be two IMPs"));
    }
    let again =
        net.lines.iter().any(|line| line.between == between || line.between == [between[1], between[0]]);
    if again {
        return Err(Diagnostic::new(
            both,
            format!("a second line from {} to {}", from.text, to.text),
            "joined above",
        ));
    }
    net.lines.push(LineSite { between, rate, delay });
    Ok(())
}

fn host(words: &mut Words<'_>, net: &mut Net, misread: &Misread<'_>) -> Result<(), Diagnostic> {
    let name = words.word("the name of the host")?;
    let number = number_of(words, "the address of the host")?;
    let address = HostAddress::from(small_number(number, "the address of a host", 0..=255)?);
    let system = words.word("the system of the host")?;
    if system.is("aka") || system.is("cable") {
        return Err(Diagnostic::new(system.at(), "the host has no system", "the system belongs here")
            .help("say what it runs, such as `TENEX`, or what machine it is, such as `360/91`"));
    }
    let mut cable = None;
    let mut names = vec![name];
    match words.next() {
        None => {}
        Some(word) if word.is("cable") => {
            cable = Some(rate(words.word("the speed of the cable")?)?);
            if words.take("aka") {
                names.push(words.word("another name of the host")?);
            }
        }
        Some(word) if word.is("aka") => names.push(words.word("another name of the host")?),
        Some(word) => return Err(word.is_none_of("clause", &["cable", "aka"])),
    }
    if names.len() > 1 {
        names.extend(std::iter::from_fn(|| words.next()));
    }
    if let Some(cable) = names.iter().skip(1).find(|name| name.is("cable")) {
        return Err(Diagnostic::new(cable.at(), "`cable` behind `aka`", "would be another name")
            .help("`cable` and its speed stand before `aka`, whose names run to the end of the line"));
    }
    for name in &names {
        new_name(*name, "the name of a host")?;
    }
    words.end()?;
    if !net.imps.iter().any(|imp| imp.number == address.imp()) {
        if misread.has(&address.imp().to_string()) {
            return Ok(());
        }
        let label = format!("host {} on IMP {}", address.host(), address.imp());
        return Err(Diagnostic::new(number.at(), format!("there is no IMP {}", address.imp()), label)
            .help("an address is 64 times the number of the host on its IMP, and the number of the IMP"));
    }
    if let Some(same) = net.host_at(address) {
        let message = format!("a second host at address {address}");
        return Err(Diagnostic::new(number.at(), message, format!("already `{}`", same.name)));
    }
    let mut own = BTreeSet::new();
    for name in &names {
        let taken = net.host_named(name.text).map(|host| host.name.as_str());
        let repeated = !own.insert(name.text.to_ascii_uppercase());
        if let Some(owner) = taken.or(repeated.then_some("the same host")) {
            let message = format!("a second host name `{}`", name.text);
            return Err(Diagnostic::new(name.at(), message, format!("already {owner}")));
        }
    }
    net.hosts.push(HostSite {
        name: name.text.to_owned(),
        address,
        aliases: names[1..].iter().map(|name| name.text.to_owned()).collect(),
        system: system.text.to_owned(),
        cable,
    });
    Ok(())
}

/// Reads to whom the IMPs report, and how often.
fn reports(verb: Word<'_>, words: &mut Words<'_>, net: &mut Net) -> Result<(), Diagnostic> {
    words.keyword("to")?;
    let host = words.word("the host of the control center")?;
    let every = if words.take("every") {
        let word = words.word("how often")?;
        let every = span(word)?;
        if !(Reports::SHORTEST..=Reports::LONGEST).contains(&every) {
            let message = format!("IMPs cannot report every {}", word.text);
            let label = format!("must be from {} to {}", Reports::SHORTEST, Reports::LONGEST);
            return Err(Diagnostic::new(word.at(), message, label)
                .help("without `every`, they report each 52.4s, as those of 1973"));
        }
        every
    } else {
        Reports::PERIOD
    };
    words.end()?;
    if net.reports.is_some() {
        return Err(twice(verb));
    }
    let to = net.host(host.text).map_err(|error| {
        let diagnostic = Diagnostic::new(host.at(), error.to_string(), "declared by no `host`");
        diagnostic.help(error.meant.to_string())
    })?;
    net.reports = Some(Reports { to: to.address, every });
    Ok(())
}
