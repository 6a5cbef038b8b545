//! What a program answers of the room for files.

use super::ServerSession;
use super::state::Question;

impl ServerSession {
    /// Answers [`Action::CheckRoom`](crate::Action::CheckRoom) with how many bytes the user can store.
    pub fn room(&mut self, left: u64) {
        match self.question.take() {
            Some(Question::Room(bytes)) => self.data.room(bytes, left, &mut self.out),
            other => self.question = other,
        }
    }
}
