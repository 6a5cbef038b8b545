//! What users were told of their files, and what became of these: whether the one agrees with the other.
//!
//! A command that moves a file begins when it is typed, and ends with the words in which its program says what came of it.
//! What these words claim, the program's own table says ([`Claim`]). Each new content of a file is some command's work: all
//! of what it was to do, or a part. Both are compared when the run is over: what is done late is done, too.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ftp_user::Claim;
use host::{Directory, Host, Naming, Note, PathName};
use imp::Mishap;
use imp1822::{FromImp, HostAddress, Link, ToImp};
use machine::{Bits, Instant};
use scenario::ast::{Program, Scenario};

use crate::typed::{FileCommand, Typist};

/// The content of a file.
type Content = Arc<Vec<u8>>;

/// Observes what is typed, printed and filed.
pub(crate) struct Testimony {
    directory: Arc<Directory>,
    typists: BTreeMap<HostAddress, Typist>,
    /// Where a person plays a server, nobody knows what files there are: these hosts have one.
    servers: BTreeSet<HostAddress>,
    namings: Namings,
    /// What is in each file, in its last version, by host and path name.
    files: BTreeMap<(HostAddress, PathName), Content>,
    changes: Vec<Change>,
    commands: Vec<Command>,
    /// The command of each host of which the user has been told nothing yet, by its place among the commands.
    open: BTreeMap<HostAddress, usize>,
    mishaps: Vec<Struck>,
}

/// A cable lost, repeated or delayed a message that one host sent to another, or what an IMP says of one.
struct Struck {
    at: Instant,
    between: [HostAddress; 2],
    mishap: Mishap,
    /// Whether it was one of commands between NCPs, of which no program knows.
    of_ncps: bool,
}

/// A file got a new content.
struct Change {
    at: Instant,
    host: HostAddress,
    path: PathName,
    before: Option<Content>,
    /// How many bytes it got.
    bytes: usize,
    /// The new content. `None` if the file got another one, or was deleted, in the same moment: nobody could have looked.
    after: Option<Content>,
}

/// A command that moves a file.
struct Command {
    user: HostAddress,
    begun: Instant,
    what: FileCommand,
    /// What was in the source, from the beginning of the command to its end.
    source: Vec<Content>,
    /// What was in the destination at the beginning.
    before: Option<Content>,
    told: Option<Told>,
}

/// What a user was told.
struct Told {
    at: Instant,
    words: String,
    claim: Claim,
}

/// Words that nothing backs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Untruth {
    /// When they were printed.
    pub(crate) at: Instant,
    /// The host at whose teletype.
    pub(crate) user: HostAddress,
    /// The words.
    pub(crate) words: String,
    /// The host of the file, and its path name as it was typed.
    pub(crate) file: (HostAddress, String),
    /// What is the matter with it.
    pub(crate) matter: Matter,
    /// Whether a message that a cable lost, repeated or delayed has brought it about, and nobody could see it.
    pub(crate) unseen: bool,
}

/// What is the matter with a file of which something else was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Matter {
    /// It is as it was before.
    Unchanged,
    /// It is not what it should be: it has so many bytes of so many.
    Broken { has: usize, of: usize },
    /// All of it is there, and it was said that nothing is.
    Whole,
    /// A part of it is there, and it was said that nothing is.
    Part,
    /// It is at another host than was said.
    Elsewhere,
}

/// A part of a file that was filed as if it were the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartFiled {
    /// When it was filed.
    pub(crate) at: Instant,
    /// The host of the file, and its path name as it was typed.
    pub(crate) file: (HostAddress, String),
    /// How many bytes it has, and how many it should have.
    pub(crate) has: usize,
    pub(crate) of: usize,
}

impl Testimony {
    /// An observer of a run of this scenario.
    pub(crate) fn new(scenario: &Scenario, directory: &Arc<Directory>) -> Self {
        let typists = scenario.hosts.iter().filter_map(|plan| match plan.program? {
            program @ (Program::Rsexec | Program::FtpUser) => {
                Some((plan.address, Typist::new(program, plan.address, directory.clone())))
            }
            Program::Ncc => None,
        });
        let servers = scenario.hosts.iter().filter(|plan| plan.server.is_some()).map(|plan| plan.address);
        let sites = scenario.net.hosts.iter();
        let namings = sites.map(|site| (site.address, scenario.naming(site.address)));
        Testimony {
            directory: directory.clone(),
            typists: typists.collect(),
            servers: servers.collect(),
            namings: Namings(namings.collect()),
            files: BTreeMap::new(),
            changes: Vec::new(),
            commands: Vec::new(),
            open: BTreeMap::new(),
            mishaps: Vec::new(),
        }
    }

    /// What each command's user was told at last, in order, what that claims, and at whose teletype; nothing, if nothing.
    pub(crate) fn told(&self) -> impl Iterator<Item = Option<(Claim, (HostAddress, String))>> {
        self.commands.iter().map(|command| {
            let Told { words, claim, .. } = command.told.as_ref()?;
            Some((*claim, (command.user, words.clone())))
        })
    }

    /// Looks at a host that has just done what a note tells.
    pub(crate) fn look(&mut self, now: Instant, host: HostAddress, note: &Note, at: &Host) {
        match note {
            Note::Booted => {
                for entry in at.files() {
                    let path = entry.path.of_version(None);
                    if let Some(content) = at.read_file(&path.to_string()) {
                        self.files.insert((host, path), content);
                    }
                }
            }
            Note::Crashed => {
                self.open.remove(&host);
                if let Some(typist) = self.typists.get_mut(&host) {
                    typist.forget();
                }
            }
            Note::Filed { path, bytes, kept } => {
                let Some(name) = self.namings.read(host, path) else { return };
                self.filed(now, host, name, at.read_file(path), *bytes, *kept == 0);
            }
            Note::Deleted { path } => self.look_again(host, path, at),
            Note::Renamed { from, to } => {
                [from, to].into_iter().for_each(|path| self.look_again(host, path, at));
            }
            Note::Typed { prompt, line } => {
                // What is said while a program works belongs to the command on which it does.
                let is_command = !prompt.is_empty() && !prompt.contains(char::is_alphanumeric);
                if let Some(line) = line.as_ref().filter(|_| is_command) {
                    self.typed(now, host, line);
                }
            }
            Note::Printed(line) => self.printed(now, host, line),
            Note::Asked(_) => {}
        }
    }

    /// Looks which file of a name there is, if there is one: another version than before, perhaps.
    fn look_again(&mut self, host: HostAddress, path: &str, at: &Host) {
        let Some(path) = self.namings.read(host, path) else { return };
        match at.read_file(&path.to_string()) {
            Some(content) => drop(self.files.insert((host, path), content)),
            None => drop(self.files.remove(&(host, path))),
        }
    }

    /// A file got a new content of so many bytes. `last` is what it has at the end of this moment: it may have got more since, or
    /// another content.
    fn filed(
        &mut self,
        now: Instant,
        host: HostAddress,
        path: PathName,
        last: Option<Content>,
        bytes: usize,
        is_another: bool,
    ) {
        if is_another {
            let of_moment = self.changes.iter_mut().rev().take_while(|change| change.at == now);
            for change in of_moment.filter(|change| change.host == host && change.path == path) {
                change.after = None;
            }
        }
        let after = last.and_then(|last| match last.len() {
            all if all == bytes => Some(last),
            _ => Some(Arc::new(last.get(..bytes)?.to_vec())),
        });
        let before = match &after {
            Some(after) => {
                self.note_source(host, &path, after);
                self.files.insert((host, path.clone()), after.clone())
            }
            None => self.files.get(&(host, path.clone())).cloned(),
        };
        // What is written anew as it was is as it was.
        if after.is_none() || before != after {
            self.changes.push(Change { at: now, host, path, before, bytes, after });
        }
    }

    /// A cable loses, repeats or delays a message, or makes its IMP refuse it.
    pub(crate) fn struck(&mut self, at: Instant, host: HostAddress, mishap: Mishap, message: &Bits) {
        let partner = match (ToImp::parse(message), FromImp::parse(message)) {
            // The leader has the other host in one place, whichever way it goes.
            (Ok(ToImp::Regular { to: other, link, .. }), _)
            | (
                _,
                Ok(
                    FromImp::Regular { from: other, link, .. }
                    // Who hears twice that a message has arrived sends the one behind the next too early, and no IMP says
                    // which of the two it is that was damaged.
                    | FromImp::Rfnm { to: other, link }
                    | FromImp::DestinationDead { to: other, link, .. }
                    | FromImp::ErrorInData { to: other, link }
                    | FromImp::Incomplete { to: other, link, .. },
                ),
            ) => Some((other, link == Link::CONTROL)),
            (Ok(_) | Err(_), Ok(_) | Err(_)) => None,
        };
        match (mishap, partner) {
            (Mishap::Lost | Mishap::Late(_) | Mishap::Twice, Some((partner, of_ncps))) => {
                self.mishaps.push(Struck { at, between: [host, partner], mishap, of_ncps });
            }
            // It names nobody.
            (Mishap::Lost | Mishap::Late(_) | Mishap::Twice, None) => {
                self.mishaps.push(Struck { at, between: [host, host], mishap, of_ncps: true });
            }
            // The IMP says so.
            (Mishap::LeaderError | Mishap::DataError, _) => {}
        }
    }

    fn typed(&mut self, now: Instant, user: HostAddress, line: &str) {
        self.open.remove(&user);
        let Some(typist) = self.typists.get_mut(&user) else { return };
        let Some(what) = typist.types(line) else { return };
        let is_seen = |at: &(_, _)| at.0 == user || self.servers.contains(&at.0) || self.file(at).is_some();
        if !is_seen(&what.from) || !is_seen(&what.to) {
            return;
        }
        let source = self.file(&what.from).cloned().into_iter().collect();
        let before = self.file(&what.to).cloned();
        self.open.insert(user, self.commands.len());
        self.commands.push(Command { user, begun: now, what, source, before, told: None });
    }

    fn printed(&mut self, now: Instant, user: HostAddress, line: &str) {
        let Some(typist) = self.typists.get_mut(&user) else { return };
        let claim = typist.reads(line);
        let (Some(claim), Some(open)) = (claim, self.open.get(&user)) else { return };
        self.commands[*open].told = Some(Told { at: now, words: line.to_owned(), claim });
        self.open.remove(&user);
    }

    /// A file has a new content: it may be the source of a command that has not ended.
    fn note_source(&mut self, host: HostAddress, path: &PathName, content: &Content) {
        for command in self.open.values() {
            let command = &mut self.commands[*command];
            if self.namings.are_one(&command.what.from, host, path) {
                command.source.push(content.clone());
            }
        }
    }

    /// The file that was meant.
    fn file(&self, meant: &(HostAddress, String)) -> Option<&Content> {
        let mut of_host = self.files.iter().filter(|((host, _), _)| *host == meant.0);
        let found = of_host.find(|((host, path), _)| self.namings.are_one(meant, *host, path));
        found.map(|(_, content)| content)
    }

    /// What the destination of a command has held from its beginning to this moment, whoever wrote it.
    fn contents<'a>(&'a self, command: &'a Command, until: Instant) -> Vec<&'a Content> {
        let changes = self.changes.iter().filter(|change| (command.begun..=until).contains(&change.at));
        let of_file =
            changes.filter(|change| self.namings.are_one(&command.what.to, change.host, &change.path));
        command.before.iter().chain(of_file.filter_map(|change| change.after.as_ref())).collect()
    }

    /// Everything that users were told and that is not so, in the order in which they were told; and every part of a file that was
    /// filed as the whole.
    pub(crate) fn findings(&self) -> (Vec<Untruth>, Vec<PartFiled>) {
        let work = self.work();
        let each = self.commands.iter().zip(&work);
        let untruths = each.filter_map(|(command, work)| self.untruth(command, work)).collect();
        (untruths, self.parts_filed(&work))
    }

    /// Every part of a file that was filed as the whole, in the order in which they were. Who sends a file and does not come to
    /// its end interrupts the receiver before the connection closes, or is dead, or begins anew; so a part is taken for the whole
    /// only where a cable has lost, repeated or delayed a message between the two, or what an IMP says of one. Of commands that write
    /// one file any may have filed it.
    fn parts_filed(&self, work: &[Vec<(&Change, bool)>]) -> Vec<PartFiled> {
        let mut parts = Vec::new();
        for (command, work) in self.commands.iter().zip(work) {
            for (change, _) in work.iter().filter(|(_, whole)| !whole) {
                let of = command.length(change.before.as_ref());
                let kept = change.before.as_ref().filter(|_| command.what.appends).map_or(0, |old| old.len());
                // Nothing at all may be the end of a connection that the sender has not heard of.
                let is_part = (kept + 1..of).contains(&change.bytes);
                let is_explained = |by: &Command| {
                    self.mishaps.iter().any(|struck| {
                        let ends = [by.what.from.0, by.what.to.0];
                        let is_between = struck.between.iter().all(|host| ends.contains(host));
                        is_between && (by.begun..=change.at).contains(&struck.at)
                    })
                };
                if is_part && !self.candidates(change).any(|(_, by)| is_explained(by)) {
                    let has = change.bytes;
                    parts.push(PartFiled { at: change.at, file: command.what.to.clone(), has, of });
                }
            }
        }
        parts
    }

    /// The commands that can have made a change.
    fn candidates(&self, change: &Change) -> impl Iterator<Item = (usize, &Command)> {
        self.commands.iter().enumerate().filter(|(_, command)| {
            command.begun <= change.at && self.namings.are_one(&command.what.to, change.host, &change.path)
        })
    }

    /// What each command has done: each change is the work of one.
    fn work(&self) -> Vec<Vec<(&Change, bool)>> {
        let mut work: Vec<Vec<(&Change, bool)>> = self.commands.iter().map(|_| Vec::new()).collect();
        for change in &self.changes {
            // Whoever said afterwards that it was done has done it, if it is what was to be done, and the first who said so;
            // then who is the last that does not say that nothing was. What is not whole is rather the work of somebody who said
            // afterwards that it was done, and has not done it otherwise, than of somebody who says that nothing was.
            let likely = self.candidates(change).max_by_key(|(place, command)| {
                let claim = command.told.as_ref().map(|told| told.claim);
                let has_done_it = work[*place].iter().any(|(_, whole)| *whole);
                let whole = command.is_whole(change) && !has_done_it;
                let claims_it = claim == Some(Claim::Whole);
                let admits_it = !claims_it && claim != Some(Claim::Untouched);
                let told = command.told.as_ref().map(|told| told.at).filter(|at| *at >= change.at);
                let claimed = told.filter(|_| whole && claims_it).map(Reverse);
                let claims_this = told.is_some() && claims_it && !has_done_it;
                (claimed, whole && claims_it, whole && admits_it, whole, admits_it, claims_this, *place)
            });
            if let Some((place, command)) = likely {
                work[place].push((change, command.is_whole(change)));
            }
        }
        work
    }

    /// Whether a user is told to look at a file of another host than the one where it was to be.
    fn names_another_host(&self, command: &Command, words: &str) -> bool {
        let place = words.split_once("LOOK AT [").and_then(|(_, place)| place.split_once(']'));
        place.is_some_and(|(site, _)| !site.eq_ignore_ascii_case(&self.directory.name(command.what.to.0)))
    }

    fn untruth(&self, command: &Command, work: &[(&Change, bool)]) -> Option<Untruth> {
        let told = command.told.as_ref()?;
        let last = || work.iter().rfind(|(change, _)| change.at <= told.at).map(|(change, _)| *change);
        let matter = match told.claim {
            _ if self.names_another_host(command, &told.words) => Matter::Elsewhere,
            Claim::Whole => {
                let done = work.iter().find(|(change, whole)| *whole && change.at <= told.at);
                match last() {
                    _ if done.is_some() => return None,
                    // What replaces a file by the same is no change.
                    None if command.is_as_it_was_to_be(&self.contents(command, told.at)) => return None,
                    None => Matter::Unchanged,
                    Some(change) => {
                        Matter::Broken { has: change.bytes, of: command.length(change.before.as_ref()) }
                    }
                }
            }
            Claim::Untouched => match work.first()? {
                (_, true) => Matter::Whole,
                (_, false) => Matter::Part,
            },
            Claim::Unknown | Claim::NotWhole => return None,
        };
        // What programs of 1973 could not see: a piece of a command lost or doubled, so that another file is spoken of, or a
        // command obeyed twice; and data of which as many bytes are there as were sent, in whichever version.
        let [source, destination] = [command.what.from.0, command.what.to.0];
        let struck = |between: [HostAddress; 2], by: fn(Mishap) -> bool| {
            self.mishaps.iter().any(|struck| {
                (command.begun..=told.at).contains(&struck.at)
                    && (struck.between == between || struck.between == [between[1], between[0]])
                    && !struck.of_ncps
                    && by(struck.mishap)
            })
        };
        let commanded = |by| struck([command.user, source], by) || struck([command.user, destination], by);
        let unseen = match matter {
            Matter::Broken { .. } => {
                let is_as_long = last().is_some_and(|change| command.is_as_long(change));
                is_as_long && struck([source, destination], |_| true)
            }
            Matter::Elsewhere => false,
            Matter::Unchanged => commanded(|_| true),
            Matter::Whole | Matter::Part => commanded(|mishap| mishap == Mishap::Twice),
        };
        Some(Untruth {
            at: told.at,
            user: command.user,
            words: told.words.clone(),
            file: command.what.to.clone(),
            matter,
            unseen,
        })
    }
}

impl Command {
    /// Whether a change is all that the command was to do.
    fn is_whole(&self, change: &Change) -> bool {
        // What nobody could have looked at is judged by its length.
        let Some(after) = &change.after else { return self.is_as_long(change) };
        self.source.iter().any(|source| {
            let kept = match (&change.before, self.what.appends) {
                (Some(before), true) => before.as_slice(),
                (None, _) | (Some(_), false) => &[],
            };
            after.strip_prefix(kept) == Some(source.as_slice())
        })
    }

    /// Whether there was nothing to do in a file that has held this.
    fn is_as_it_was_to_be(&self, contents: &[&Content]) -> bool {
        self.source.iter().any(|source| match self.what.appends {
            true => source.is_empty() && !contents.is_empty(),
            false => contents.contains(&source),
        })
    }

    /// Whether a change has as many bytes as all that the command was to do.
    fn is_as_long(&self, change: &Change) -> bool {
        let kept = change.before.as_ref().filter(|_| self.what.appends).map_or(0, |before| before.len());
        self.source.iter().any(|source| kept + source.len() == change.bytes)
    }

    /// How many bytes the destination was to have.
    fn length(&self, before: Option<&Content>) -> usize {
        let kept = before.filter(|_| self.what.appends).map_or(0, |before| before.len());
        kept + self.source.last().map_or(0, |source| source.len())
    }
}

/// How the hosts name their files.
struct Namings(BTreeMap<HostAddress, Naming>);

impl Namings {
    /// The path name of a file, whichever its version.
    fn read(&self, host: HostAddress, path: &str) -> Option<PathName> {
        let naming = self.0.get(&host).copied().unwrap_or_default();
        naming.parse(path, None).ok().map(|path| path.of_version(None))
    }

    /// Whether this is the file that was meant: what was typed may leave the directory and the version out.
    fn are_one(&self, meant: &(HostAddress, String), host: HostAddress, path: &PathName) -> bool {
        let (at, typed) = meant;
        let naming = self.0.get(&host).copied().unwrap_or_default();
        let typed = naming.parse(typed, Some(path.directory()));
        *at == host && typed.is_ok_and(|typed| typed.of_version(None) == *path)
    }
}
