//! The declaration of a host: its name and the clauses behind and below it.

use std::collections::BTreeSet;

use host::{Naming, PathName, Terms};
use imp1822::HostAddress;

use super::ast::{Account, Content, FilePlan, HostPlan, Profile, Program, Requests};
use super::choice::{Choice, choose, find};
use super::errors::{Diagnostic, Diagnostics};
use super::files::{bytes, folder, path, quota, right, room, system};
use super::heading::Nets;
use super::keywords::Keyword;
use super::names::Names;
use super::ncp_clauses;
use super::outside;
use super::quantity::number;
use super::server_clauses;
use super::slips::Place;
use super::verbs::Verb;
use super::words::{Line, Statement, Word, Words};

/// How many bits of text fit in the longest message.
const LONGEST_TEXT_BITS: u64 = (imp1822::MAX_DATA_BITS - ncp::HEADER_BITS) as u64;

/// A host as declared, and the hosts that its profile names: they must be declared too, perhaps below it.
#[derive(Debug)]
pub(super) struct Declared<'a> {
    pub(super) plan: HostPlan,
    /// Whether its name is a host of the net.
    pub(super) known: bool,
    pub(super) name: Word<'a>,
    /// Whether all that is said of it could be read.
    pub(super) whole: bool,
    /// How its files are named.
    naming: Naming,
    /// The folder of its files.
    folder: Option<Word<'a>>,
    /// The files and the accounts that it has so far, the names of accounts in capitals.
    paths: BTreeSet<PathName>,
    users: BTreeSet<String>,
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
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Declared<'a>> {
    let before = diagnostics.count();
    let name = words.word("the name of the host").map_err(|mistake| mistake.form(Keyword::Host.forms()));
    let name = diagnostics.record(name)?;
    let others = name.text.ends_with(',') || words.peek().is_some_and(|next| is_host(names, next));
    if others {
        let (from, to) = (name.at().start, words.peek().map_or(name.at().end, |next| next.at().end));
        diagnostics.add(
            Diagnostic::new(from..to, "several hosts in one declaration", "which of them?")
                .help("declare each of them in a statement of its own: `host NAME CLAUSE ...`"),
        );
        return None;
    }
    let site = diagnostics.record(names.site(name));
    let known = site.is_some();
    let site = site.flatten();
    let mut declared = Declared {
        plan: HostPlan::new(
            site.map_or(name.text, |site| &site.name),
            site.map_or(HostAddress::from(0), |site| site.address),
            statement.line.number,
        ),
        known,
        name,
        whole: true,
        naming: names.naming(site),
        folder: None,
        paths: BTreeSet::new(),
        users: BTreeSet::new(),
        sites: Vec::new(),
    };
    let mut below = clauses(&mut words, &Below::Nothing, &mut declared, names, diagnostics);
    for &line in &statement.below {
        match line.content_line() {
            Some(_) => content(line, &below, &mut declared.plan, diagnostics),
            None => below = clauses(&mut line.words(), &below, &mut declared, names, diagnostics),
        }
    }
    diagnostics.record(outside::nothing_inside(&declared.plan, name, declared.folder.is_some()));
    declared.whole = diagnostics.count() == before;
    Some(declared)
}

impl Declared<'_> {
    /// Takes the files from the folder that the host has them from.
    pub(super) fn load(&mut self, nets: &dyn Nets) -> Result<(), Diagnostic> {
        let Some(name) = self.folder else { return Ok(()) };
        self.plan.folder = Some(folder(name, self.naming, nets)?);
        Ok(())
    }
}

/// Whether a word is the name of a host, and not a clause.
fn is_host(names: Names<'_>, word: Word<'_>) -> bool {
    let is_named = names.net().is_some_and(|net| net.host_named(word.text).is_some());
    is_named && find(CLAUSES, word).is_none()
}

/// Puts a line into the file that it belongs to.
fn content(line: Line<'_>, below: &Below, plan: &mut HostPlan, diagnostics: &mut Diagnostics<'_>) {
    let Some(text) = diagnostics.record(line.content()) else { return };
    match below {
        Below::File(index) => match &mut plan.files[*index].content {
            Content::Lines(lines) => lines.push(text.to_owned()),
            Content::Generated(_) => diagnostics.add(
                Diagnostic::new(line.at(), "a made-up file with a line", "belongs to no file")
                    .help("leave out either `of N bytes` or the lines"),
            ),
        },
        // The clause has been complained about, and its lines are as they should be.
        Below::Broken => {}
        Below::Nothing => diagnostics.add(
            Diagnostic::new(line.at(), "this line belongs to no file", "no `file` stands above it")
                .help("say `file PATH` last in the line above, and its lines below it"),
        ),
    }
}

/// Reads the clauses of a line, above which lines may belong to a file. A clause that is wrong ends the line.
fn clauses<'a>(
    words: &mut Words<'a>,
    above: &Below,
    host: &mut Declared<'a>,
    names: Names<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> Below {
    let mut below = Below::Nothing;
    let mut first = true;
    while let Some(verb) = words.next() {
        let begins = std::mem::replace(&mut first, false);
        let files = host.plan.files.len();
        match clause(verb, words, host, names) {
            Ok(()) if host.plan.files.len() > files => below = Below::File(files),
            Ok(()) => below = Below::Nothing,
            Err(diagnostic) => {
                let of_file = match above {
                    Below::File(_) | Below::Broken => begins && find(CLAUSES, verb).is_none(),
                    Below::Nothing => false,
                };
                diagnostics.add(if of_file {
                    let message = "neither a line of the file above nor a clause";
                    Diagnostic::new(verb.at(), message, "no clause begins like this")
                        .help("each line of a file begins with a bar: `| TEXT`")
                } else {
                    diagnostic
                });
                return if of_file || verb.is("file") { Below::Broken } else { Below::Nothing };
            }
        }
    }
    below
}

/// What is said of a host.
type Reader = for<'a> fn(Word<'a>, &mut Words<'a>, &mut Declared<'a>, Names<'_>) -> Result<(), Diagnostic>;

/// What can be said of a host.
pub(super) const CLAUSES: &[Choice<Reader>] = &[
    Choice {
        phrase: "serves",
        forms: &["serves ftp [edition rfc354|rfc438|rfc454|rfc478|rfc542]"],
        read: |verb, words, host, _| {
            words.keyword("ftp")?;
            let edition = if words.take("edition") { edition(words)? } else { ftp::Edition::default() };
            once(verb, &mut host.plan.server, edition)
        },
    },
    Choice {
        phrase: "sets",
        forms: &["sets aside at most N data sockets"],
        read: |verb, words, host, _| {
            let most = server_clauses::sets_aside(words)?;
            once(verb, &mut host.plan.service.most_sockets, most)
        },
    },
    Choice {
        phrase: "connects",
        forms: &["connects to any socket"],
        read: |_, words, host, _| {
            host.plan.service.connects_anywhere = server_clauses::connects(words)?;
            Ok(())
        },
    },
    Choice {
        phrase: "hides",
        forms: &["hides passwords"],
        read: |_, words, host, _| {
            words.keyword("passwords")?;
            host.plan.service.hides_passwords = true;
            Ok(())
        },
    },
    Choice {
        phrase: "runs",
        forms: &["runs rsexec|ftp|ncc"],
        read: |verb, words, host, _| {
            let program = words.word("a program")?;
            let program = match program {
                _ if program.is("rsexec") => Program::Rsexec,
                _ if program.is("ftp") => Program::FtpUser,
                _ if program.is("ncc") => Program::Ncc,
                _ => return Err(program.is_none_of("program", &["rsexec", "ftp", "ncc"])),
            };
            once(verb, &mut host.plan.program, program)
        },
    },
    Choice {
        phrase: "account",
        forms: &["account NAME password WORD"],
        read: |_, words, host, _| {
            let user = words.word("the name of the account")?;
            let account =
                Account { name: user.ascii()?.to_owned(), password: password(words)?, terms: Terms::Free };
            if !host.users.insert(account.name.to_ascii_uppercase()) {
                let message = format!("a second account `{}`", user.text);
                return Err(Diagnostic::new(user.at(), message, "given above"));
            }
            host.plan.accounts.push(account);
            Ok(())
        },
    },
    Choice {
        phrase: "charges",
        forms: &["charges NAME WORD at login", "charges NAME WORD for files"],
        read: |_, words, host, _| server_clauses::charges(words, &mut host.plan.accounts),
    },
    Choice {
        phrase: "bars",
        forms: &["bars NAME from files"],
        read: |_, words, host, _| server_clauses::bars(words, &mut host.plan.accounts),
    },
    Choice { phrase: "knows", forms: &["knows HOST as NAME password WORD"], read: knows },
    Choice {
        phrase: "system",
        forms: &["system tenex|multics|its|os/360|plain"],
        read: |verb, words, host, _| {
            let naming = system(words)?;
            let HostPlan { files, rights, quotas, .. } = &host.plan;
            if !(files.is_empty() && rights.is_empty() && quotas.is_empty()) {
                let message = "the system is said behind files that it names";
                return Err(Diagnostic::new(verb.at(), message, "too late")
                    .help("say it above the first file of the host"));
            }
            host.naming = naming;
            once(verb, &mut host.plan.naming, naming)
        },
    },
    Choice {
        phrase: "quota",
        forms: &["quota DIRECTORY of N bytes"],
        read: |_, words, host, _| {
            host.plan.quotas.push(quota(words, host.naming)?);
            Ok(())
        },
    },
    Choice {
        phrase: "folder",
        forms: &["folder FOLDER"],
        read: |verb, words, host, _| {
            let name = words.quotable("a folder beside the scenario")?;
            once(verb, &mut host.folder, name)
        },
    },
    Choice {
        phrase: "file",
        forms: &["file PATH", "file PATH of N bytes"],
        read: |_, words, host, _| file(words, host),
    },
    Choice {
        phrase: "rights",
        forms: &["rights PATH read|listed|written by NAME|all|nobody"],
        read: |_, words, host, _| {
            host.plan.rights.push(right(words, host.naming)?);
            Ok(())
        },
    },
    Choice {
        phrase: "refuses",
        forms: &["refuses unmatched requests"],
        read: |verb, words, host, _| {
            words.keyword("unmatched")?;
            words.keyword("requests")?;
            once(verb, &mut host.plan.policy.requests, Requests::Refuse)
        },
    },
    Choice {
        phrase: "queues",
        forms: &["queues requests for SPAN [most N]"],
        read: |verb, words, host, _| {
            let requests = ncp_clauses::queues(words)?;
            once(verb, &mut host.plan.policy.requests, requests)
        },
    },
    Choice {
        phrase: "allocates",
        forms: &["allocates N messages N bits"],
        read: |verb, words, host, _| {
            let said = ncp_clauses::allocates(words)?;
            once(verb, &mut host.plan.policy.allocation, said)
        },
    },
    Choice {
        phrase: "closes",
        forms: &["closes after SPAN"],
        read: |verb, words, host, _| {
            let said = ncp_clauses::after(words)?;
            once(verb, &mut host.plan.policy.close_patience, said)
        },
    },
    Choice {
        phrase: "sends",
        forms: &["sends plain control messages"],
        read: |_, words, host, _| {
            words.keyword("plain")?;
            words.keyword("control")?;
            words.keyword("messages")?;
            host.plan.policy.plain = true;
            Ok(())
        },
    },
    Choice {
        phrase: "texts",
        forms: &["texts of at most N bits"],
        read: |verb, words, host, _| {
            words.keyword("of")?;
            words.keyword("at")?;
            words.keyword("most")?;
            let bits = number(words.word("how many bits")?, "the length of a text", 1..=LONGEST_TEXT_BITS)?;
            words.keyword("bits")?;
            once(verb, &mut host.plan.policy.largest_text_bits, bits as usize)
        },
    },
    Choice {
        phrase: "assigns",
        forms: &["assigns links N to N"],
        read: |verb, words, host, _| {
            let said = ncp_clauses::assigns(words)?;
            once(verb, &mut host.plan.policy.links, said)
        },
    },
    Choice {
        phrase: "asks",
        forms: &["asks silent hosts after SPAN"],
        read: |verb, words, host, _| {
            let said = ncp_clauses::asks(words)?;
            once(verb, &mut host.plan.policy.inquiry, said)
        },
    },
    Choice {
        phrase: "answers",
        forms: &["answers within SPAN"],
        read: |verb, words, host, _| {
            words.keyword("within")?;
            let most = ncp_clauses::answer_time(words)?;
            once(verb, &mut host.plan.answers_within, most)
        },
    },
    Choice {
        phrase: "has",
        forms: &["has room for N bytes"],
        read: |verb, words, host, _| {
            let room = room(words)?;
            once(verb, &mut host.plan.room, room)
        },
    },
    Choice {
        phrase: "is",
        forms: &["is down"],
        read: |_, words, host, _| {
            words.keyword("down")?;
            host.plan.up = false;
            Ok(())
        },
    },
    Choice {
        phrase: "external",
        forms: &["external port N to ADDRESS:PORT"],
        read: |verb, words, host, _| {
            let external = outside::external(words)?;
            once(verb, &mut host.plan.external, external)
        },
    },
];

fn clause<'a>(
    verb: Word<'a>,
    words: &mut Words<'a>,
    host: &mut Declared<'a>,
    names: Names<'_>,
) -> Result<(), Diagnostic> {
    if find(CLAUSES, verb).is_none() && Verb::of(verb).is_some() {
        let message = format!("unknown clause `{}`", verb.text);
        let step = format!("{} {} {}", host.name.text, verb.text, verb.behind.trim());
        let step = format!("`{}`", step.trim_end());
        return Err(Diagnostic::new(verb.at(), message, "begins a step, not a clause")
            .help(format!("a step stands on a line of its own, at the margin: {step}")));
    }
    let choice = choose(CLAUSES, Place::Clause, verb)?;
    (choice.read)(verb, words, host, names).map_err(|mistake| mistake.form(choice.forms))
}

/// Reads an account elsewhere that RSEXEC logs in with, behind `knows`.
fn knows<'a>(
    _: Word<'a>,
    words: &mut Words<'a>,
    host: &mut Declared<'a>,
    names: Names<'_>,
) -> Result<(), Diagnostic> {
    let site = words.word("the name of a host")?;
    let found = names.site(site)?;
    words.keyword("as")?;
    let name = words.plain("the name of the account there")?.to_owned();
    let password = password(words)?;
    if let Some(found) = found {
        if host.plan.knows.iter().any(|known| known.site == found.name) {
            let message = format!("a second account at `{}`", site.text);
            return Err(Diagnostic::new(site.at(), message, "given above"));
        }
        host.sites.push((site, found.address));
        host.plan.knows.push(Profile { site: found.name.clone(), name, password });
    }
    Ok(())
}

/// Sets what a host can have only one of.
fn once<T>(verb: Word<'_>, place: &mut Option<T>, value: T) -> Result<(), Diagnostic> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Diagnostic::new(
            verb.at(),
            format!("`{}` a second time", verb.text),
            "said of this host above",
        )),
    }
}

fn edition(words: &mut Words<'_>) -> Result<ftp::Edition, Diagnostic> {
    let name = words.word("an edition of the FTP")?;
    name.text.parse().map_err(|_| name.is_none_of("edition", &ftp::Edition::NAMES))
}

fn password(words: &mut Words<'_>) -> Result<String, Diagnostic> {
    words.keyword("password")?;
    Ok(words.plain("the password")?.to_owned())
}

/// Reads a file, behind `file`. Its lines stand below.
fn file(words: &mut Words<'_>, host: &mut Declared<'_>) -> Result<(), Diagnostic> {
    let (word, path) = path(words, host.naming)?;
    let content =
        if words.take("of") { Content::Generated(bytes(words)?) } else { Content::Lines(Vec::new()) };
    if !host.paths.insert(path) {
        return Err(Diagnostic::new(word.at(), format!("a second file `{}`", word.text), "given above"));
    }
    host.plan.files.push(FilePlan { path: word.text.to_owned(), content });
    Ok(())
}
