//! State that all IMPs share: the time, the lines, the agenda, and the queue of what comes out of the subnet.

use imp1822::{HostAddress, Signal};
use machine::{Bits, Instant};

use crate::agenda::{Agenda, Event};
use crate::cable::{Mishap, Toward};
use crate::ids::{ImpNumber, LineId};
use crate::line::Lines;
use crate::output::{Notice, Output, Watch};
use crate::packet::{Frame, PROCESSING};
use crate::queue::Queue;

/// The world of an IMP: it puts frames on lines, plans what it will do later, and signals to hosts.
#[derive(Debug, Clone)]
pub(crate) struct Wires {
    /// Which frames to hand out.
    pub(crate) watch: Watch,
    /// The present moment: that of the event that happens, or of what comes from outside.
    pub(crate) now: Instant,
    pub(crate) agenda: Agenda,
    pub(crate) lines: Lines,
    /// What has not been handed out.
    pub(crate) out: Queue<Output>,
    /// When something last happened that was more than the usual exchange of routing messages.
    pub(crate) last_activity: Instant,
}

impl Wires {
    /// Sends a frame on a free line. `again`: it was sent before.
    #[inline]
    pub(crate) fn transmit(&mut self, line: LineId, frame: Frame, again: bool) {
        let on = &mut self.lines[line];
        let routine = frame.is_routine();
        let watched = match self.watch {
            Watch::Nothing => false,
            Watch::NoRouting => !routine,
            Watch::Frames => true,
        };
        if watched {
            self.out.push_back(Output::Frame(frame.crossing(on.from, on.to, again)));
        }
        if !routine {
            self.last_activity = self.now;
        }
        if let Some(arrives) = on.send(self.now, frame.bits(), again) {
            let cuts = on.cuts;
            self.agenda.plan(arrives + PROCESSING, Event::Arrived { line, cuts, frame });
        }
    }

    /// Something happens that is more than the usual exchange of routing messages.
    pub(crate) fn note_activity(&mut self) {
        self.last_activity = self.now;
    }

    /// Has the sender of a line called when the line is free.
    pub(crate) fn call_when_free(&mut self, line: LineId) {
        let on = &mut self.lines[line];
        if !on.call_planned {
            on.call_planned = true;
            self.agenda.plan(on.free_at(), Event::LineFree { line });
        }
    }

    /// A host sees a signal.
    pub(crate) fn signal(&mut self, host: HostAddress, signal: Signal) {
        self.out.push_back(Output::Host(host, signal));
    }

    /// Something happens to a message on a host's cable.
    pub(crate) fn strike(&mut self, host: HostAddress, toward: Toward, mishap: Mishap, message: Bits) {
        self.out.push_back(Output::Struck { host, toward, mishap, message });
    }

    /// An IMP has found something out that no cable shows.
    pub(crate) fn notice(&mut self, imp: ImpNumber, notice: Notice) {
        self.note_activity();
        self.out.push_back(Output::Notice { imp: imp.get(), notice });
    }
}
