//! What IMPs have in common and nothing else: the lines between them, the time, and a way out to the hosts.

use std::collections::VecDeque;

use imp1822::{HostAddress, Signal};
use machine::Instant;

use crate::agenda::{Agenda, Event};
use crate::line::Line;
use crate::output::{Notice, Output, Settings, Watch};
use crate::packet::{Frame, PROCESSING};

/// The world of an IMP: it puts frames on lines, plans what it will do later, and signals to hosts.
#[derive(Debug)]
pub(crate) struct Wires {
    pub(crate) settings: Settings,
    /// The present moment.
    pub(crate) now: Instant,
    pub(crate) agenda: Agenda,
    /// The two directions of each line, next to each other.
    pub(crate) lines: Vec<Line>,
    pub(crate) out: VecDeque<Output>,
    /// When something last happened that was more than the usual exchange of routing messages.
    pub(crate) stirred: Instant,
}

impl Wires {
    /// Sends a frame on a free line. `again`: it was sent before.
    pub(crate) fn transmit(&mut self, index: usize, frame: Frame, again: bool) {
        let line = &mut self.lines[index];
        let routine = frame.is_routine();
        let watched = match self.settings.watch {
            Watch::Nothing => false,
            Watch::Packets => !frame.is_routine(),
            Watch::Frames => true,
        };
        if watched {
            self.out.push_back(Output::Packet(frame.crossing(line.from, line.to, again)));
        }
        if !routine {
            self.stirred = self.now;
        }
        if let Some(arrives) = line.send(self.now, frame.bits(), again) {
            let cuts = line.cuts;
            self.agenda.plan(arrives + PROCESSING, Event::Arrived { line: index, cuts, frame });
        }
    }

    /// Has the sender of a line called when the line is free.
    pub(crate) fn call_when_free(&mut self, index: usize) {
        let line = &mut self.lines[index];
        if !line.calls {
            line.calls = true;
            self.agenda.plan(line.free_at(), Event::LineFree { line: index });
        }
    }

    /// A host sees a signal.
    pub(crate) fn signal(&mut self, host: HostAddress, signal: Signal) {
        self.out.push_back(Output::Host(host, signal));
    }

    /// An IMP has found something out that no cable shows.
    pub(crate) fn notice(&mut self, imp: u8, notice: Notice) {
        self.stirred = self.now;
        self.out.push_back(Output::Notice { imp, notice });
    }
}
