//! What a server said that answers no command, until somebody wants to read it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// How many lines are kept at most: more than any reply has, however it is written.
const MAX_LINES: usize = 1000;

/// Such lines. A clone holds the same ones, so that they can be read while the dialogue goes on.
#[derive(Debug, Clone, Default)]
pub(crate) struct News(Rc<RefCell<VecDeque<String>>>);

impl News {
    /// Keeps a line, in the place of the first one if a talkative server has filled them all.
    pub(crate) fn note(&self, line: String) {
        let mut lines = self.0.borrow_mut();
        if lines.len() == MAX_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// Takes all that there are.
    pub(crate) fn take(&self) -> impl Iterator<Item = String> + use<> {
        std::mem::take(&mut *self.0.borrow_mut()).into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_server_that_talks_on_and_on_only_the_last_lines_are_kept() {
        let news = News::default();
        (0..3 * MAX_LINES).for_each(|number| news.note(number.to_string()));
        let lines: Vec<String> = news.take().collect();
        assert_eq!(lines.len(), MAX_LINES);
        assert_eq!(lines.last(), Some(&(3 * MAX_LINES - 1).to_string()));
        assert_eq!(news.take().count(), 0, "each is read once");
    }
}
