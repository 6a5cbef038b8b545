//! The declaration of a host: its name and the clauses behind and below it.

use host::Naming;
use imp1822::HostAddress;
use machine::Span;
use ncp::Allocation;

use super::ast::{Account, Content, External, FilePlan, HostPlan, PolicyPlan, Profile, Program, Requests};
use super::errors::{Slip, Slips};
use super::names::Names;
use super::quantity::{number, small_number, span};
use super::words::{Line, Statement, Word, Words};

const CLAUSES: [&str; 14] = [
    "serves",
    "runs",
    "account",
    "knows",
    "file",
    "refuses",
    "queues",
    "allocates",
    "closes",
    "sends",
    "texts",
    "assigns",
    "is",
    "external",
];

/// How many bits of text fit in the longest message.
const LONGEST_TEXT_BITS: u64 = (imp1822::MAX_DATA_BITS - ncp::HEADER_BITS) as u64;

/// The longest file that the simulator makes up: longer than any disk pack of the period.
pub(super) const LONGEST_FILE: u64 = 1 << 28;

/// A host as declared, and the hosts that its profile names: they must be declared too, perhaps below it.
#[derive(Debug)]
pub(super) struct Declared<'a> {
    pub(super) plan: HostPlan,
    /// Whether its name is a host of the net.
    pub(super) known: bool,
    pub(super) name: Word<'a>,
    /// How its files are named.
    naming: Naming,
    pub(super) sites: Vec<(Word<'a>, HostAddress)>,
}

/// To which file the next lines behind a `|` belong.
enum Below {
    /// To the file with this index.
    File(usize),
    /// To a file whose clause was wrong.
    Broken,
    /// To none.
    Nothing,
}

/// Reads the declaration of a host; `words` stand behind `host`.
pub(super) fn host<'a>(
    statement: &Statement<'a>,
    mut words: Words<'a>,
    names: Names<'_>,
    slips: &mut Slips,
) -> Option<Declared<'a>> {
    let name = slips.keep(words.word("the name of the host"))?;
    let site = slips.keep(names.site(name));
    let known = site.is_some();
    let site = site.flatten();
    let mut declared = Declared {
        plan: HostPlan {
            name: site.map_or_else(|| name.text.to_owned(), |site| site.name.clone()),
            address: site.map_or(HostAddress::from(0), |site| site.address),
            up: true,
            server: None,
            program: None,
            accounts: Vec::new(),
            knows: Vec::new(),
            files: Vec::new(),
            policy: PolicyPlan::default(),
            external: None,
            line: statement.line.number,
        },
        known,
        name,
        naming: site.map_or_else(Naming::default, |site| Naming::of_system(&site.system)),
        sites: Vec::new(),
    };
    let mut below = clauses(&mut words, &mut declared, names, slips);
    for &line in &statement.below {
        match line.barred() {
            Some(_) => content(line, &below, &mut declared.plan, slips),
            None => below = clauses(&mut line.words(), &mut declared, names, slips),
        }
    }
    nothing_inside(&declared, slips);
    Some(declared)
}

/// Of a host that is outside of the simulation nothing else can be said.
fn nothing_inside(declared: &Declared<'_>, slips: &mut Slips) {
    let HostPlan { up, server, program, accounts, knows, files, policy, external, .. } = &declared.plan;
    let is_bare = *up
        && server.is_none()
        && program.is_none()
        && accounts.is_empty()
        && knows.is_empty()
        && files.is_empty()
        && *policy == PolicyPlan::default();
    if external.is_some() && !is_bare {
        let message = format!("host `{}` is external, and more than that", declared.name.text);
        let slip = Slip::new(declared.name.at(), message, "what it does is decided outside");
        slips.add(slip.help("leave out what stands beside `external port N to ADDRESS:PORT`"));
    }
}

/// Puts a line into the file that it belongs to.
fn content(line: Line<'_>, below: &Below, plan: &mut HostPlan, slips: &mut Slips) {
    let Some(text) = slips.keep(line.content()) else { return };
    match below {
        Below::File(index) => match &mut plan.files[*index].content {
            Content::Lines(lines) => lines.push(text.to_owned()),
            Content::Generated(_) => slips.add(
                Slip::new(line.at(), "a made-up file with a line", "belongs to no file")
                    .help("leave out either `of N bytes` or the lines"),
            ),
        },
        // The clause has been complained about, and its lines are as they should be.
        Below::Broken => {}
        Below::Nothing => slips.add(
            Slip::new(line.at(), "this line belongs to no file", "no `file` stands above it")
                .help("say `file PATH` last in the line above, and its lines below it"),
        ),
    }
}

/// Reads the clauses of a line. A clause that is wrong ends the line.
fn clauses<'a>(words: &mut Words<'a>, host: &mut Declared<'a>, names: Names<'_>, slips: &mut Slips) -> Below {
    let mut below = Below::Nothing;
    while let Some(verb) = words.next() {
        let files = host.plan.files.len();
        match clause(verb, words, host, names) {
            Ok(()) if host.plan.files.len() > files => below = Below::File(files),
            Ok(()) => below = Below::Nothing,
            Err(slip) => {
                slips.add(slip);
                return if verb.is("file") { Below::Broken } else { Below::Nothing };
            }
        }
    }
    below
}

fn clause<'a>(
    verb: Word<'a>,
    words: &mut Words<'a>,
    host: &mut Declared<'a>,
    names: Names<'_>,
) -> Result<(), Slip> {
    let plan = &mut host.plan;
    if verb.is("serves") {
        words.keyword("ftp")?;
        let edition = if words.take("edition") { edition(words)? } else { ftp::Edition::default() };
        once(verb, &mut plan.server, edition)
    } else if verb.is("runs") {
        let program = words.word("a program")?;
        let program = match program {
            _ if program.is("rsexec") => Program::Rsexec,
            _ if program.is("ftp") => Program::FtpUser,
            _ => return Err(program.is_none_of("program", &["rsexec", "ftp"])),
        };
        once(verb, &mut plan.program, program)
    } else if verb.is("account") {
        let user = words.word("the name of the account")?;
        let account = Account { name: user.ascii()?.to_owned(), password: password(words)? };
        if plan.accounts.iter().any(|other| other.name.eq_ignore_ascii_case(&account.name)) {
            return Err(Slip::new(user.at(), format!("a second account `{}`", user.text), "given above"));
        }
        plan.accounts.push(account);
        Ok(())
    } else if verb.is("knows") {
        let site = words.word("the name of a host")?;
        let found = names.site(site)?;
        words.keyword("as")?;
        let name = words.plain("the name of the account there")?.to_owned();
        let password = password(words)?;
        if let Some(found) = found {
            host.sites.push((site, found.address));
            plan.knows.push(Profile { site: found.name.clone(), name, password });
        }
        Ok(())
    } else if verb.is("file") {
        file(words, plan, host.naming)
    } else if verb.is("is") {
        words.keyword("down")?;
        plan.up = false;
        Ok(())
    } else if verb.is("external") {
        words.keyword("port")?;
        let port = number(words.word("the port of the IMP")?, "a port", 1..=u64::from(u16::MAX))? as u16;
        words.keyword("to")?;
        let word = words.word("where the host is")?;
        let peer = word.text.parse().map_err(|_| {
            let slip =
                Slip::new(word.at(), format!("`{}` is no address", word.text), "an IP address and a port");
            slip.help("write `127.0.0.1:22002`, or `[::1]:22002`")
        })?;
        once(verb, &mut plan.external, External { port, peer })
    } else {
        policy(verb, words, &mut plan.policy)
    }
}

/// Reads a clause about the host's NCP.
fn policy(verb: Word<'_>, words: &mut Words<'_>, plan: &mut PolicyPlan) -> Result<(), Slip> {
    if verb.is("refuses") {
        words.keyword("unmatched")?;
        words.keyword("requests")?;
        once(verb, &mut plan.requests, Requests::Refuse)
    } else if verb.is("queues") {
        words.keyword("requests")?;
        words.keyword("for")?;
        let patience = span(words.word("how long")?)?;
        let most = if words.take("most") {
            Some(number(words.word("how many")?, "the number of requests", 1..=1000)? as usize)
        } else {
            None
        };
        once(verb, &mut plan.requests, Requests::Queue(patience, most))
    } else if verb.is("allocates") {
        let messages = words.word("how many messages")?;
        let messages = number(messages, "the number of messages", 1..=u64::from(u16::MAX))? as u16;
        words.keyword("messages")?;
        let bits = number(words.word("how many bits")?, "the number of bits", 1..=u64::from(u32::MAX))?;
        words.keyword("bits")?;
        once(verb, &mut plan.allocation, Allocation { messages, bits: bits as u32 })
    } else if verb.is("closes") {
        words.keyword("after")?;
        let word = words.word("how long")?;
        let patience = span(word)?;
        if patience < Span::from_secs(1) {
            let slip = Slip::new(word.at(), "too little patience", "at least 1s");
            return Err(slip.help("a message and its answer take as long on the way"));
        }
        once(verb, &mut plan.close_patience, patience)
    } else if verb.is("sends") {
        words.keyword("plain")?;
        words.keyword("control")?;
        words.keyword("messages")?;
        plan.plain = true;
        Ok(())
    } else if verb.is("texts") {
        words.keyword("of")?;
        words.keyword("at")?;
        words.keyword("most")?;
        let bits = number(words.word("how many bits")?, "the length of a text", 1..=LONGEST_TEXT_BITS)?;
        words.keyword("bits")?;
        once(verb, &mut plan.largest_text_bits, bits as usize)
    } else if verb.is("assigns") {
        words.keyword("links")?;
        let first = words.word("a link")?;
        let low = small_number(first, "a link for text", 2..=255)?;
        words.keyword("to")?;
        let last = words.word("a link")?;
        let high = small_number(last, "a link for text", 2..=255)?;
        if low > high {
            let message = format!("no links are from {} to {}", first.text, last.text);
            return Err(Slip::new(first.at().start..last.at().end, message, "the lower one comes first"));
        }
        once(verb, &mut plan.links, low..=high)
    } else {
        Err(verb.is_none_of("clause", &CLAUSES))
    }
}

/// Sets what a host can have only one of.
fn once<T>(verb: Word<'_>, place: &mut Option<T>, value: T) -> Result<(), Slip> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => {
            Err(Slip::new(verb.at(), format!("`{}` a second time", verb.text), "said of this host above"))
        }
    }
}

fn edition(words: &mut Words<'_>) -> Result<ftp::Edition, Slip> {
    let name = words.word("an edition of the FTP")?;
    name.text.parse().map_err(|_| name.is_none_of("edition", &["rfc354", "rfc438", "rfc478"]))
}

fn password(words: &mut Words<'_>) -> Result<String, Slip> {
    words.keyword("password")?;
    Ok(words.plain("the password")?.to_owned())
}

fn file(words: &mut Words<'_>, plan: &mut HostPlan, naming: Naming) -> Result<(), Slip> {
    let path = words.word("the path of the file")?;
    if let Err(error) = naming.parse(path.text, None) {
        let slip = Slip::new(path.at(), format!("`{}` is no path name there", path.text), error.to_string());
        return Err(slip.help("write `<DIRECTORY>NAME.EXT`; a user's directory has the user's name"));
    }
    let content =
        if words.take("of") { Content::Generated(bytes(words)?) } else { Content::Lines(Vec::new()) };
    let file = FilePlan { path: path.ascii()?.to_owned(), content };
    if plan.files.iter().any(|other| other.path == file.path) {
        return Err(Slip::new(path.at(), format!("a second file `{}`", path.text), "given above"));
    }
    plan.files.push(file);
    Ok(())
}

/// Reads the size of a file: `N bytes`.
pub(super) fn bytes(words: &mut Words<'_>) -> Result<u64, Slip> {
    let bytes = number(words.word("the size of the file")?, "the size of a file", 0..=LONGEST_FILE)?;
    words.keyword("bytes")?;
    Ok(bytes)
}
