//! Commands about one file, and lists.

use std::collections::BTreeSet;

use ftp::{Command, Reply, ReplyCode};
use host::{DirEntry, Draft, FileError, ListTarget, PathName, Right, WriteMode};

use super::error::{UserError, about_file, is_useless};
use super::user::User;
use crate::ControlError;
use crate::data::{self, DataError};
use crate::ending;
use crate::paper::{Pattern, file_of, in_directory, on_paper};
use crate::running::Running;
use crate::typist::Typist;

impl User {
    pub(super) async fn get(&mut self, theirs: &str, mine: &str) -> Result<String, UserError> {
        self.control()?;
        let path = self.path(mine)?;
        self.may(Right::Write, &path)?;
        if self.would_replace(&path) && !self.asks(&format!("{path} IS THERE. REPLACE IT?")).await {
            return Err(UserError::NotReplaced(path.to_string()));
        }
        let running = Running::new(&self.host, self.typist, theirs, None);
        let mut tries = 0;
        loop {
            let draft = self.draft(&path)?;
            let got = data::retrieve(self.control()?, theirs, draft, &running).await;
            self.has_stopped |= running.is_stopped();
            if let Some(got) = self.pays_for(got, &mut tries).await? {
                let bytes = got.map_err(|error| about_either(error, &path, theirs))?;
                return Ok(ending::RECEIVED.with(&[&bytes]));
            }
        }
    }

    pub(super) async fn send(
        &mut self,
        mine: &str,
        theirs: &str,
        appends: bool,
    ) -> Result<String, UserError> {
        self.control()?;
        let path = self.path(mine)?;
        self.may(Right::Read, &path)?;
        let content = self.host.files().read(&path).map_err(|why| here(&path, why))?;
        let command = match appends {
            true => Command::Appe(theirs.to_owned()),
            false => Command::Stor(theirs.to_owned()),
        };
        if !appends
            && self.would_replace_there(theirs).await?
            && !self.asks(&format!("{theirs} IS THERE. REPLACE IT?")).await
        {
            return Err(UserError::NotReplaced(theirs.to_owned()));
        }
        let running = Running::new(&self.host, self.typist, mine, Some(content.len()));
        let mut tries = 0;
        loop {
            let sent = data::send(self.control()?, &command, &content, &running).await;
            self.has_stopped |= running.is_stopped();
            if let Some(sent) = self.pays_for(sent, &mut tries).await? {
                if let Err(DataError::Control(ControlError::Missed) | DataError::NothingToStop) = sent {
                    self.unknown = Some(theirs.to_owned());
                }
                sent.map_err(|error| about_either(error, &path, theirs))?;
                return Ok(ending::SENT.with(&[&content.len()]));
            }
        }
    }

    /// What came of a transfer; nothing if the server wanted an account, and has got one, so that it is to be tried once more.
    async fn pays_for<T>(
        &mut self,
        came: Result<T, DataError>,
        tries: &mut usize,
    ) -> Result<Option<Result<T, DataError>>, UserError> {
        *tries += 1;
        match came {
            Err(DataError::Control(ControlError::Refused(reply))) if wants_account(&reply) && *tries == 1 => {
                match self.pays(&reply).await? {
                    true => Ok(None),
                    false => Ok(Some(Err(ControlError::Refused(reply).into()))),
                }
            }
            came => Ok(Some(came)),
        }
    }

    pub(super) async fn delete(&mut self, theirs: &str) -> Result<String, UserError> {
        let reply = self.command_about(&Command::Dele(theirs.to_owned()), theirs).await?;
        Ok(reply.to_string())
    }

    pub(super) async fn rename(&mut self, theirs: &str, name: &str) -> Result<String, UserError> {
        self.command_about(&Command::Rnfr(theirs.to_owned()), theirs).await?;
        Ok(self.command_about(&Command::Rnto(name.to_owned()), name).await?.to_string())
    }

    pub(super) async fn list(
        &mut self,
        theirs: Option<String>,
        names_only: bool,
    ) -> Result<String, UserError> {
        match theirs.as_deref().and_then(Pattern::of_star) {
            Some(pattern) => self.list_like(&pattern, names_only).await,
            None => Ok(on_paper(&self.list_of(theirs, names_only).await?)),
        }
    }

    /// What there is of the files that are like a pattern.
    async fn list_like(&mut self, pattern: &Pattern<'_>, names_only: bool) -> Result<String, UserError> {
        let names = self.names_like(pattern).await?;
        if names.is_empty() {
            return Err(UserError::NoneLike(pattern.to_string()));
        }
        let told = names.join("\n");
        if names_only {
            return Ok(on_paper(told.as_bytes()));
        }
        let list = self.list_of(pattern.directory(), false).await?;
        let text = String::from_utf8_lossy(&list);
        let lines_of = |part: fn(&str) -> &str| {
            let files: BTreeSet<String> = names.iter().map(|name| part(name).to_ascii_uppercase()).collect();
            // A line begins with the name, in which blanks may be.
            let is_of_one = |line: &&str| {
                let line = line.trim();
                let ends = line.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(end, _)| end);
                ends.chain([line.len()]).any(|end| files.contains(&part(&line[..end]).to_ascii_uppercase()))
            };
            text.lines().filter(is_of_one).collect::<Vec<&str>>()
        };
        // Not every server numbers versions in both of its lists.
        let numbered = lines_of(in_directory);
        let lines = if numbered.is_empty() { lines_of(file_of) } else { numbered };
        // What cannot be told apart is told by name.
        let told = if lines.is_empty() { told } else { lines.join("\n") };
        Ok(on_paper(told.as_bytes()))
    }

    /// The names of the files there that are like a pattern. Not every server knows patterns: it is asked for the directory, and
    /// the choice is made here.
    pub(super) async fn names_like(&mut self, pattern: &Pattern<'_>) -> Result<Vec<String>, UserError> {
        let list = self.list_of(pattern.directory(), true).await?;
        let text = String::from_utf8_lossy(&list);
        let names = text.lines().map(str::trim).filter(|name| !name.is_empty());
        Ok(names.filter(|name| pattern.takes(name)).map(str::to_owned).collect())
    }

    /// The bytes of a list.
    pub(super) async fn list_of(
        &mut self,
        theirs: Option<String>,
        names_only: bool,
    ) -> Result<Vec<u8>, UserError> {
        let about = theirs.clone().unwrap_or_default();
        let command = if names_only { Command::Nlst(theirs) } else { Command::List(theirs) };
        let running = Running::new(&self.host, self.typist, "THE LIST", None);
        let list = data::list(self.control()?, &command, &running).await;
        self.has_stopped |= running.is_stopped();
        list.map_err(|error| about_file(error.into(), &about))
    }

    /// Whether a person is to be asked before a file is sent by this name, as there is one of that name which is lost then. A
    /// server that does not tell is sent the file: that is what was typed.
    async fn would_replace_there(&mut self, theirs: &str) -> Result<bool, UserError> {
        if self.typist == Typist::Script {
            return Ok(false);
        }
        match self.list_of(Some(theirs.to_owned()), false).await {
            Ok(list) => Ok(is_replaced(&list, theirs)),
            Err(error) if is_useless(&error) || is_stopped(&error) => Err(error),
            Err(_) => Ok(false),
        }
    }

    /// Looks, where the last word on a file there was not heard, what the server has of it now.
    pub(super) async fn look(&mut self) {
        let Some(theirs) = self.unknown.take().filter(|_| self.control.is_some()) else { return };
        let now = match self.list_of(Some(theirs), false).await {
            Ok(list) => on_paper(&list),
            Err(error) => {
                if is_useless(&error) {
                    self.control = None;
                }
                error.to_string()
            }
        };
        now.lines().for_each(|line| self.host.teletype().print(&format!("THERE NOW: {line}")));
    }

    /// Shows which files there are here.
    pub(super) fn files_here(&self, mine: Option<&str>) -> Result<String, UserError> {
        let files = self.entries(mine.unwrap_or_default())?;
        let lines = files.iter().map(|DirEntry { path, bytes }| {
            let (path, unit) = (path.to_string(), if *bytes == 1 { "BYTE" } else { "BYTES" });
            format!("{path:20} {bytes:>8} {unit}\n")
        });
        Ok(on_paper(lines.collect::<String>().as_bytes()))
    }

    /// The files here that are meant: one, those of a directory, or those that are like a pattern.
    pub(super) fn entries(&self, mine: &str) -> Result<Vec<DirEntry>, UserError> {
        let pattern = Pattern::read(mine);
        let wanted = pattern.as_ref().map_or(mine, |pattern| pattern.directory);
        let files = self.host.files();
        let target = files.target(wanted, self.directory.as_deref());
        let target = target.map_err(|why| UserError::Path { path: mine.to_owned(), why })?;
        let listed = match files.list(&target) {
            // There is a directory as long as a file is in it.
            Err(FileError::NotFound) if matches!(target, ListTarget::Directory(_)) => Vec::new(),
            listed => listed.map_err(|why| UserError::Here { path: mine.to_owned(), why })?,
        };
        let takes =
            |entry: &DirEntry| pattern.as_ref().is_none_or(|pattern| pattern.takes(entry.path.file()));
        Ok(listed.into_iter().filter(takes).collect())
    }

    /// The name of a file here.
    pub(super) fn path(&self, text: &str) -> Result<PathName, UserError> {
        let read = self.host.files().path(text, self.directory.as_deref());
        read.map_err(|why| UserError::Path { path: text.to_owned(), why })
    }

    /// Whether the person may do that with a file here. One who has not said who he is has the word of his host for it.
    fn may(&self, right: Right, path: &PathName) -> Result<(), UserError> {
        let Some(user) = &self.directory else { return Ok(()) };
        self.host.files().may(user, right, path).map_err(|why| here(path, why))
    }

    /// Whether to write a file is to lose what is there: where versions are kept, the next one is written.
    fn would_replace(&self, path: &PathName) -> bool {
        self.host.files().would_replace(path)
    }

    fn draft(&self, path: &PathName) -> Result<Draft, UserError> {
        let draft = self.host.files().draft(path.clone(), WriteMode::Replace);
        draft.map_err(|why| here(path, why))
    }
}

/// Whether a file that is sent by this name takes the place of what a server lists of it. One that keeps versions names them,
/// and writes the next.
fn is_replaced(list: &[u8], theirs: &str) -> bool {
    let has_version = |name: &str| {
        let version = name.rsplit_once(';').map_or("", |(_, version)| version);
        !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit())
    };
    let text = String::from_utf8_lossy(list);
    let mut names = text.lines().filter_map(|line| line.split_whitespace().next());
    names.any(|name| has_version(theirs) || !has_version(name))
}

/// Whether the person has wanted no more of it.
fn is_stopped(error: &UserError) -> bool {
    matches!(error, UserError::Data(DataError::Stopped(_) | DataError::NothingToStop))
}

fn here(path: &PathName, why: FileError) -> UserError {
    UserError::Here { path: path.to_string(), why }
}

/// What a transfer has failed of, with the file here or there that it is about.
fn about_either(error: DataError, mine: &PathName, theirs: &str) -> UserError {
    match error {
        DataError::File(why) => here(mine, why),
        error => about_file(error.into(), theirs),
    }
}

/// Whether a server moves no file unless it is told an account (RFC 354, IV.B: 433).
fn wants_account(reply: &Reply) -> bool {
    matches!(reply.code(), ReplyCode::ACCOUNT_WANTED | ReplyCode::NO_ACCOUNT)
}
