//! What programs show of their state to whoever looks at the host: the teacher's window into a server's session.
//!
//! A program says what there is to see whenever it has changed; it is put into words only at a host that is
//! [watched](crate::Host::watch_programs). Nothing of it is on any wire, and no program can look at it.

use crate::kernel::Shared;
use crate::shown::Shown;

/// A program's place to show something, for as long as it is held.
pub struct Board {
    /// The host and the number of the place, if the host is watched.
    place: Option<(Shared, u64)>,
}

impl Board {
    pub(crate) fn new(kernel: &Shared, title: impl FnOnce() -> String) -> Self {
        let is_watched = kernel.borrow().boards.is_some();
        // A program may look at its host to say what there is to see.
        let shown = is_watched.then(|| Shown { title: title(), rows: Vec::new() });
        let place = shown.and_then(|shown| {
            let kernel = &mut *kernel.borrow_mut();
            let boards = kernel.boards.as_deref_mut()?;
            Some(boards.begin(shown))
        });
        Board { place: place.map(|number| (kernel.clone(), number)) }
    }

    /// Shows these rows from now on. They are asked for only if somebody looks.
    pub fn show(&self, rows: impl FnOnce() -> Vec<(&'static str, String)>) {
        let Some((kernel, number)) = &self.place else { return };
        let rows = rows();
        change(kernel, *number, |shown| shown.rows = rows);
    }

    /// Shows this row from now on, in the place of the one of the same name.
    pub fn set(&self, name: &'static str, value: impl FnOnce() -> String) {
        let Some((kernel, number)) = &self.place else { return };
        let value = value();
        change(kernel, *number, |shown| match shown.rows.iter_mut().find(|(other, _)| *other == name) {
            Some((_, row)) => *row = value,
            None => shown.rows.push((name, value)),
        });
    }
}

/// Changes what is shown at a place, unless a crash has taken it away.
fn change(kernel: &Shared, number: u64, change: impl FnOnce(&mut Shown)) {
    let kernel = &mut *kernel.borrow_mut();
    if let Some(shown) = kernel.boards.as_deref_mut().and_then(|boards| boards.at(number)) {
        change(shown);
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        if let Some((kernel, number)) = &self.place
            && let Some(boards) = kernel.borrow_mut().boards.as_deref_mut()
        {
            boards.end(*number);
        }
    }
}

#[cfg(test)]
mod tests {
    use machine::Instant;

    use crate::{Host, Settings};

    #[test]
    fn what_a_program_shows_is_seen_as_long_as_it_holds_the_board_and_only_at_a_watched_host() {
        let mut watched = Host::new(Settings::default());
        watched.watch_programs();
        let mut host = Host::new(Settings::default());
        for host in [&mut watched, &mut host] {
            host.boot(Instant::START);
        }
        let (board, empty) = watched.act(Instant::START, |handle| {
            let board = handle.board(|| format!("SERVER of {}", handle.name()));
            board.show(|| vec![("user", "SMITH".to_owned())]);
            (board, handle.board(|| "NOTHING YET".to_owned()))
        });
        let seen = |host: &Host| -> Vec<(String, Vec<(&str, String)>)> {
            host.shown().into_iter().map(|shown| (shown.title, shown.rows)).collect()
        };
        assert_eq!(seen(&watched), [("SERVER of HOST".to_owned(), vec![("user", "SMITH".to_owned())])]);
        board.set("type", || "ASCII".to_owned());
        board.set("user", || "JONES".to_owned());
        assert_eq!(seen(&watched)[0].1, [("user", "JONES".to_owned()), ("type", "ASCII".to_owned())]);
        let second =
            watched.act(Instant::START, |handle| handle.board(|| format!("SERVER of {}", handle.name())));
        second.show(|| vec![("user", "BROWN".to_owned())]);
        assert_eq!(seen(&watched)[1].0, "SERVER of HOST (2)", "two of one name can be told apart");
        drop((board, empty, second));
        assert!(watched.shown().is_empty());

        let board = host.act(Instant::START, |handle| handle.board(|| panic!("nobody looks")));
        board.show(|| panic!("nobody looks"));
        assert!(host.shown().is_empty());
    }

    #[test]
    fn a_crash_takes_away_what_was_shown() {
        let mut host = Host::new(Settings::default());
        host.watch_programs();
        host.boot(Instant::START);
        let board = host.act(Instant::START, |handle| handle.board(|| "SERVER".to_owned()));
        board.show(|| vec![("user", "SMITH".to_owned())]);
        host.crash(Instant::START);
        assert!(host.shown().is_empty());
        board.show(|| vec![("user", "SMITH".to_owned())]);
        host.boot(Instant::START);
        let other = host.act(Instant::START, |handle| handle.board(|| "OTHER".to_owned()));
        other.show(|| vec![("user", "JONES".to_owned())]);
        drop(board);
        assert_eq!(host.shown().len(), 1, "what an earlier life showed takes nothing from this one");
    }
}
