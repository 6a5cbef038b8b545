//! What a program writes to a connection.

use machine::BitReader;

use crate::sending::{SendPhase, Sending};
use crate::shared::Shared;
use crate::{CloseReason, SendError};

impl Sending {
    /// How many bits the buffer can take now; none if the connection is not open.
    pub(crate) fn room(&self, shared: &Shared) -> usize {
        match &self.phase {
            SendPhase::Open(open) => self.flow.room(shared.policy.send_buffer_bits, open.size),
            SendPhase::Listening(_) | SendPhase::Requested(_) | SendPhase::Flushing(_) => 0,
            SendPhase::Answering(_) | SendPhase::Closing(..) | SendPhase::Gone(_) => 0,
        }
    }

    /// The program writes text. As many whole bytes as there is room for are taken; returns how many bits that is.
    pub(crate) fn write(&mut self, mut text: BitReader<'_>, shared: &mut Shared) -> Result<usize, SendError> {
        let (host, size) = match &self.phase {
            SendPhase::Open(open) => (open.foreign.host, open.size),
            SendPhase::Listening(_) | SendPhase::Requested(_) => return Err(SendError::NotOpen),
            SendPhase::Closing(closing, _) => return Err(SendError::Closed(closing.reason)),
            SendPhase::Flushing(_) | SendPhase::Answering(_) | SendPhase::Gone(_) => {
                return Err(SendError::Closed(CloseReason::Closed));
            }
        };
        shared.stir(host);
        let byte = usize::from(size.bits());
        let mut taken = 0;
        loop {
            let room = self.flow.room(shared.policy.send_buffer_bits, size).min(text.left());
            let some = room - room % byte;
            let leaves_rest = text.left() - some >= byte;
            let part = text.split(some).ok().filter(|part| part.left() > 0);
            let Some(mut part) = part else {
                self.flow.starved = leaves_rest;
                return Ok(taken);
            };
            // What is transmitted leaves room for more; the program hears of it from the number that is returned, not by
            // an event.
            self.flow.starved = false;
            taken += some;
            if self.flow.unsent.len() == 0 {
                // What can leave at once need not wait.
                self.transmit_next(Some(&mut part), shared);
                self.flow.unsent.push(part);
            } else {
                self.flow.unsent.push(part);
                self.transmit(shared);
            }
            if !leaves_rest {
                return Ok(taken);
            }
        }
    }
}
