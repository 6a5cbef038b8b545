//! What a session has still to hand out.

use std::collections::VecDeque;

use ncp::Socket;

use super::actions::Action;
use crate::{Reply, ReplyCode};

/// The actions that the program has not fetched yet, in order.
#[derive(Debug, Default)]
pub(super) struct Outbox(VecDeque<Action>);

impl Outbox {
    pub(super) fn next(&mut self) -> Option<Action> {
        self.0.pop_front()
    }

    pub(super) fn put(&mut self, action: Action) {
        self.0.push_back(action);
    }

    pub(super) fn reply(&mut self, code: ReplyCode, text: impl Into<String>) {
        self.put(Action::Reply(Reply::new(code, text)));
    }

    pub(super) fn release(&mut self, sockets: impl IntoIterator<Item = Socket>) {
        self.0.extend(sockets.into_iter().map(Action::ReleaseSocket));
    }
}
