//! Finds hosts and IMPs by their names.

use host::Naming;
use imp::{HostSite, Meant, Net};
use imp1822::HostAddress;

use super::errors::Diagnostic;
use super::keywords::Keyword;
use super::quantity::small_number;
use super::words::Word;

/// The names that a scenario may use.
///
/// Without a net, because the scenario names none or a broken one, every name is taken as it comes: that is
/// one mistake, not one for each name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    net: Option<&'a Net>,
}

/// What a name stands for while there is no net.
pub(super) const NOBODY: HostAddress = match HostAddress::new(0, 0) {
    Some(address) => address,
    None => panic!("zero fits"),
};

impl<'a> Names<'a> {
    pub(super) fn new(net: Option<&'a Net>) -> Self {
        Names { net }
    }

    /// The net, unless the scenario names none or a broken one.
    pub(super) fn net(self) -> Option<&'a Net> {
        self.net
    }

    /// The host of that name or number in the net, or `None` if there is no net.
    pub(super) fn site(self, word: Word<'_>) -> Result<Option<&'a HostSite>, Diagnostic> {
        let Some(net) = self.net else { return Ok(None) };
        net.host(word.text).map(Some).map_err(|missing| unknown_host(net, word, missing.meant))
    }

    /// Whether the net has a host of that name or number.
    pub(super) fn knows(self, word: Word<'_>) -> bool {
        self.net.is_some_and(|net| net.has_host(word.text))
    }

    /// How a host names its files. Of one that is not known, nobody can say that a name is wrong.
    pub(super) fn naming(self, site: Option<&HostSite>) -> Naming {
        site.map_or(Naming::Plain, |site| Naming::of_system(&site.system))
    }

    /// The address of a host of the net, up or not.
    pub(super) fn host(self, word: Word<'_>) -> Result<HostAddress, Diagnostic> {
        Ok(self.site(word)?.map_or(NOBODY, |site| site.address))
    }

    /// The number of an IMP, given by its name or number.
    pub(super) fn imp(self, word: Word<'_>) -> Result<u8, Diagnostic> {
        match self.net {
            Some(net) => imp_of(net, word),
            None => Ok(0),
        }
    }

    /// The two IMPs at the ends of a line of the net.
    pub(super) fn line(self, a: Word<'_>, b: Word<'_>) -> Result<[u8; 2], Diagnostic> {
        let between = [self.imp(a)?, self.imp(b)?];
        let Some(net) = self.net else { return Ok(between) };
        let joined =
            net.lines.iter().any(|line| line.between == between || line.between == [between[1], between[0]]);
        if joined {
            return Ok(between);
        }
        let mut beyond: Vec<u8> = Vec::new();
        for line in &net.lines {
            match line.between {
                [near, far] | [far, near] if near == between[0] => beyond.push(far),
                [_, _] => {}
            }
        }
        let neighbours = net.imps.iter().filter(|imp| beyond.contains(&imp.number));
        let neighbours: Vec<&str> = neighbours.map(|imp| imp.name.as_str()).collect();
        Err(Diagnostic::new(
            a.at().start..b.at().end,
            format!("no line joins `{}` and `{}`", a.text, b.text),
            "not neighbours",
        )
        .help(format!("the lines from `{}` go to: {}", a.text, neighbours.join(", "))))
    }
}

fn unknown_host(net: &Net, word: Word<'_>, meant: Meant) -> Diagnostic {
    let label = format!("no host of the net {}", net.name);
    let diagnostic = Diagnostic::new(word.at(), format!("unknown host `{}`", word.text), label);
    let hosts: Vec<&str> = net.hosts.iter().map(|host| host.name.as_str()).collect();
    let hosts = format!("the hosts of {} are: {}", net.name, some_of(&hosts));
    if let Some(slip) = word.slip(|bare| net.host_named(bare).is_some()) {
        return diagnostic.help(slip);
    }
    diagnostic.help(match meant {
        Meant::Near(_) if net.hosts.len() <= MOST_LISTED => format!("{meant} {hosts}"),
        Meant::Near(_) => meant.to_string(),
        Meant::HostsOfImp(_) | Meant::HostsOfNearImp(..) | Meant::ImpOfHost(_) => meant.to_string(),
        Meant::OneOf(_) => hosts,
    })
}

/// The most names that a suggestion lists.
const MOST_LISTED: usize = 12;

/// The names with commas between, or the first of many and how many others there are.
fn some_of(names: &[&str]) -> String {
    match names.get(..MOST_LISTED) {
        Some(first) if names.len() > MOST_LISTED => {
            format!("{}, and {} others", first.join(", "), names.len() - MOST_LISTED)
        }
        Some(_) | None => names.join(", "),
    }
}

/// The longest name of a host that the Network Information Center was to give (RFC 608).
const LONGEST_NAME: usize = 48;

/// A name for an IMP or a host of a net: letters, digits and minus signs as RFC 608 has them.
pub(super) fn new_name<'a>(word: Word<'a>, what: &str) -> Result<&'a str, Diagnostic> {
    let text = word.text;
    let wrong = |label: &str| Diagnostic::new(word.at(), format!("{what} cannot be `{text}`"), label);
    if let Some(odd) = text.chars().find(|odd| !odd.is_ascii_alphanumeric() && *odd != '-') {
        return Err(wrong(&format!("`{odd}` is in no name"))
            .help("names consist of letters, digits and minus signs, such as `MIT-DMCG` or `SITE1`"));
    }
    if !text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Err(wrong("begins with no letter"));
    }
    if text.ends_with('-') {
        return Err(wrong("ends with a minus sign"));
    }
    if text.len() > LONGEST_NAME {
        return Err(wrong("too long").help(format!("{LONGEST_NAME} characters at most")));
    }
    if Keyword::of(text).is_some() {
        return Err(wrong("a word of the scenario language").help(format!(
            "a step that begins with `{text}` would be taken for another statement: give it another name"
        )));
    }
    Ok(text)
}

/// The number of an IMP of the net, given by its name or number.
pub(super) fn imp_of(net: &Net, word: Word<'_>) -> Result<u8, Diagnostic> {
    let missing = match net.imp(word.text) {
        Ok(imp) => return Ok(imp.number),
        Err(missing) => missing,
    };
    // With a `/` it is a speed, and the IMP has been left out.
    if word.begins_with_digit() && !word.text.contains('/') {
        small_number(word, "the number of an IMP", 0..=63)?;
    }
    let diagnostic = Diagnostic::new(word.at(), format!("unknown IMP `{}`", word.text), "no IMP of the net");
    Err(diagnostic.help(match missing.meant {
        Meant::OneOf(names) => {
            format!("the IMPs are: {}", some_of(&names.iter().map(String::as_str).collect::<Vec<_>>()))
        }
        meant @ (Meant::Near(_) | Meant::HostsOfImp(_) | Meant::HostsOfNearImp(..) | Meant::ImpOfHost(_)) => {
            meant.to_string()
        }
    }))
}
