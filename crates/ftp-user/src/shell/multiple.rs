//! The same command for many files, one after the other.

use host::MAX_LISTED;

use super::error::{UserError, is_useless};
use super::user::User;
use crate::data::DataError;
use crate::line::Group;
use crate::paper::{Pattern, file_of};

impl User {
    /// Does with many files what is to be done with one. What goes wrong with one of them is told, and the next follows, unless
    /// the person stops it or there is nobody left to talk to.
    pub(super) async fn multiple(&mut self, group: Group) -> Result<String, UserError> {
        self.control()?;
        let (mut done, all) = (0, self.names(&group).await?);
        for name in &all {
            let file = file_of(name);
            self.host.teletype().print(&match group {
                Group::Get(_) => format!("GET (FILE) {name} (TO FILE) {file}"),
                Group::Send(_) => format!("SEND (FILE) {name} (TO FILE) {file}"),
                Group::Delete(_) => format!("DELETE (FILE) {name}"),
            });
            let came = match group {
                Group::Get(_) => self.get(name, file).await,
                Group::Send(_) => self.send(name, file, false).await,
                Group::Delete(_) => self.delete(name).await,
            };
            self.tell_news();
            match came {
                Ok(answer) => {
                    self.host.teletype().print(&answer);
                    done += 1;
                }
                Err(error) if is_useless(&error) => return Err(error),
                Err(error @ UserError::Data(DataError::Stopped(_))) => return Err(error),
                Err(error) => self.host.teletype().complain(&error.to_string()),
            }
            if self.put_back.is_some() {
                break;
            }
        }
        match all.len() {
            1 if done == 1 => Ok("1 FILE".to_owned()),
            all if all == done => Ok(format!("{all} FILES")),
            all => Err(UserError::Several { done, all }),
        }
    }

    /// The names of the files that are meant, as they are to be asked for.
    async fn names(&mut self, group: &Group) -> Result<Vec<String>, UserError> {
        let wanted = match group {
            Group::Get(wanted) | Group::Send(wanted) | Group::Delete(wanted) => wanted,
        };
        let names: Vec<String> = match group {
            Group::Send(_) => self.entries(wanted)?.iter().map(|entry| entry.path.to_string()).collect(),
            Group::Get(_) | Group::Delete(_) => self.names_there(wanted).await?,
        };
        if names.is_empty() {
            return Err(UserError::NoneLike(wanted.clone()));
        }
        if let Group::Delete(_) = group
            && !self.asks(&format!("DELETE {}, {} IN ALL?", names.join(" "), names.len())).await
        {
            return Err(UserError::NothingDeleted);
        }
        Ok(names)
    }

    /// The names of files there. Not every server knows patterns: it is asked for the directory, and the choice is made here.
    async fn names_there(&mut self, wanted: &str) -> Result<Vec<String>, UserError> {
        let pattern = Pattern::read(wanted);
        let asked = pattern.as_ref().map_or(wanted, |pattern| pattern.directory);
        let asked = Some(asked.to_owned()).filter(|asked| !asked.is_empty());
        let list = self.list_of(asked, true).await?;
        let text = String::from_utf8_lossy(&list);
        let names = text.lines().map(str::trim).filter(|name| !name.is_empty());
        let taken = names.filter(|name| pattern.as_ref().is_none_or(|pattern| pattern.takes(name)));
        Ok(taken.take(MAX_LISTED).map(str::to_owned).collect())
    }
}
