//! The same command for many files, one after the other.

use futures::FutureExt;
use host::MAX_LISTED;

use super::error::{UserError, is_useless};
use super::user::User;
use crate::line::{Group, Line};
use crate::paper::{Pattern, file_of};

impl User {
    /// Does with many files what is to be done with one. What goes wrong with one of them is told, and the next follows, unless
    /// the person stops it, types another command where an answer was asked for, or there is nobody left to talk to.
    pub(super) async fn multiple(&mut self, group: Group) -> Result<String, UserError> {
        self.control()?;
        self.has_stopped = false;
        let (mut done, mut tried, names) = (0, 0, self.names(&group).await?);
        let all = names.len();
        for name in &names {
            if self.is_to_stop() {
                break;
            }
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
            tried += 1;
            self.tell_news();
            match came {
                Ok(answer) => {
                    self.host.teletype().print(&answer);
                    done += 1;
                }
                Err(error) if is_useless(&error) => {
                    if self.has_stopped {
                        self.host.teletype().print(&UserError::Left { done, all }.to_string());
                    }
                    return Err(error);
                }
                Err(error) => self.host.teletype().complain(&error.to_string()),
            }
            if self.put_back.is_some() {
                self.put_back.take_if(|line| Line::is_abort(line));
                self.has_stopped = true;
            }
        }
        match all {
            1 if done == 1 => Ok("1 FILE".to_owned()),
            _ if all == done => Ok(format!("{all} FILES")),
            _ if tried < all || self.has_stopped => Err(UserError::Left { done, all }),
            _ => Err(UserError::Several { done, all }),
        }
    }

    /// Whether the person wants no further file: has said so while one passed, or since.
    fn is_to_stop(&mut self) -> bool {
        let has_said = self.host.teletype().overhear(Line::is_abort).now_or_never().is_some();
        self.has_stopped |= has_said;
        self.has_stopped
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
        // Who has stopped the list wants nothing deleted.
        if let Group::Delete(_) = group
            && (self.has_stopped
                || !self.asks(&format!("DELETE {}, {} IN ALL?", names.join(" "), names.len())).await)
        {
            return Err(UserError::NothingDeleted);
        }
        Ok(names)
    }

    /// The names of files there, of which there may be only one.
    async fn names_there(&mut self, wanted: &str) -> Result<Vec<String>, UserError> {
        let mut names = match Pattern::read(wanted) {
            Some(pattern) => self.names_like(&pattern).await?,
            None => {
                let list = self.list_of(Some(wanted.to_owned()), true).await?;
                let text = String::from_utf8_lossy(&list);
                text.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
            }
        };
        names.truncate(MAX_LISTED);
        Ok(names)
    }
}
