//! What happens that is no message on a cable: between the IMPs, inside hosts, to the net itself, and in the scenario.

use host::Note;
use imp::{Carried, Crossing, Fault, Mishap, Notice, Toward};
use trace::What;

use super::context::Context;
use super::explanation::Source;
use crate::sheet::Moment;

impl Context<'_> {
    /// What a frame on a line is, and how long it takes.
    pub(super) fn packet(&self, crossing: &Crossing) -> String {
        let imp = |number: u8| self.imp(number);
        let (from, to) = (imp(crossing.from_imp), imp(crossing.to_imp));
        let (source, destination) = (imp(crossing.source), imp(crossing.destination));
        let again = if crossing.again {
            " It was sent before, and no acknowledgement came in 125 ms: it goes once more."
        } else {
            ""
        };
        let what = match crossing.what {
            Carried::Data { number, packet, last, from: host, to: other, .. } => {
                let last = if last { ", the last one" } else { "" };
                format!(
                    "Packet {packet}{last} of message {number} from {} to {} crosses the line from {from} to {to}. A message has up to \
                     eight packets of at most 1008 bits.",
                    self.host(host),
                    self.host(other)
                )
            }
            Carried::Request { .. } => format!(
                "REQ(8): {source} asks {destination} for room for a message of several packets, and holds it back until then. This \
                 is the IMPs' own; the hosts know nothing of it."
            ),
            Carried::AllocateOne { .. } => {
                format!(
                    "ALL(1): {destination} may send a single packet again: there is room for it at {source} now."
                )
            }
            Carried::AllocateEight => format!(
                "ALL(8): {source} keeps room for eight packets, and {destination} may send its long message. It is the IMPs' own \
                 allocation, and no ALL of the hosts."
            ),
            Carried::GiveBack => {
                format!(
                    "GVB(8): {source} gives back the room at {destination} that it does not need. It is no GVB of the hosts."
                )
            }
            Carried::Rfnm { allocate, .. } => {
                let with = if allocate { " With it comes room for the next long message." } else { "" };
                format!(
                    "The RFNM on its way from {source} to {destination}: the message has reached its host.{with}"
                )
            }
            Carried::HostDead { .. } => {
                format!("{source} tells {destination} that the message's host is dead.")
            }
            Carried::HostTardy { .. } => {
                format!(
                    "{source} tells {destination} that the message's host has not taken it for 30 seconds."
                )
            }
            Carried::Inquiry { .. } => {
                format!(
                    "INC?: {source} has waited 30 seconds for an answer, and asks {destination} whether the message was lost."
                )
            }
            Carried::Incomplete { .. } => {
                format!("INC!: {source} says to {destination} that the message was lost.")
            }
            Carried::Withdrawal { .. } => {
                format!("{source} tells {destination} that the rest of a message will not come.")
            }
            Carried::Void => {
                format!(
                    "A packet that {to} had not taken for 30 seconds was thrown away; this stands in its place."
                )
            }
            Carried::Acknowledgements => format!(
                "{from} acknowledges packets of {to}, and has no packet of its own that could carry the acknowledgements along."
            ),
            Carried::Routing => format!(
                "{from} tells its neighbour {to} how far it believes it has to each IMP. Every IMP does so every 640 ms, and takes for \
                 each the neighbour that promises the shortest way."
            ),
        };
        let time = self.transmission(crossing).map(|time| format!(" {time}.")).unwrap_or_default();
        format!("{what}{again}{time}")
    }

    /// How many bits a frame has, and how long they take on its line.
    fn transmission(&self, crossing: &Crossing) -> Option<String> {
        self.sheet.names().transmission(crossing)
    }

    /// What happens inside a host.
    pub(super) fn note(&self, host: &str, note: &Note) -> String {
        match note {
            Note::Booted => format!("{host} comes up, with empty tables."),
            Note::Crashed => {
                format!("{host} stops: its programs and its tables are gone; its files are not.")
            }
            Note::Asked(prompt) if prompt.hidden => {
                format!("A program at {host} asks for a line that is not to be seen.")
            }
            Note::Asked(_) => format!("A program at {host} asks for a line."),
            Note::Typed { .. } => format!("A person types this at {host}'s teletype."),
            Note::Printed(_) => format!("A program prints this on {host}'s teletype."),
            Note::Filed { path, bytes, kept: 0 } => {
                format!(
                    "The file {path} of {host} has a new content, {bytes} bytes, all at once, now that the last of them is there: of a transfer in stream mode, that \
                     its connection has closed is all that says so."
                )
            }
            Note::Filed { path, bytes, kept } => format!(
                "The file {path} of {host} has {bytes} bytes now: {kept} from before, and {} new ones behind them, all at once, \
                 now that the last of them is there: of a transfer in stream mode, that its connection has closed is all that says so.",
                bytes.saturating_sub(*kept)
            ),
            Note::Deleted { path } => format!("The file {path} of {host} is no more."),
            Note::Renamed { from, to } => format!("The file {from} of {host} is called {to} from now on."),
        }
    }

    /// What any other record is.
    pub(super) fn event(&self, moment: &Moment, what: &What) -> Vec<String> {
        let said = |words: &str| {
            let said = moment.said.first();
            said.map(|said| format!("{} {}{words}", said.who, said.what)).into_iter().collect::<Vec<_>>()
        };
        match what {
            What::Packet(crossing) => vec![self.packet(crossing)],
            What::Note { host, note } => vec![self.note(&self.host(*host), note)],
            What::Notice { .. } => moment
                .said
                .first()
                .map(|said| format!("{} has found out: {}, for {}.", said.who, said.what, said.meaning))
                .into_iter()
                .collect(),
            What::Fault(Fault::ImpGoesDown { .. }) => {
                said(": the scenario has it so. It tells its hosts beforehand; the other IMPs must find out.")
            }
            What::Fault(
                Fault::LineHeals { .. }
                | Fault::ImpRestarts { .. }
                | Fault::CablePlugged { .. }
                | Fault::HostGoesOn { .. },
            ) => said(": the scenario has it so. Whoever it concerns finds out by what comes again."),
            What::Fault(_) => {
                said(": the scenario has it so. Nobody is told: whoever it concerns must find out.")
            }
            What::Struck { host, toward, mishap, .. } => {
                let way = match toward {
                    Toward::Imp => "to its IMP",
                    Toward::Host => "from its IMP",
                };
                let what = match mishap {
                    Mishap::Lost => "does not arrive",
                    Mishap::Late(_) => "comes late",
                    Mishap::Twice => "comes twice",
                    Mishap::LeaderError => "comes with a leader that cannot be read",
                    Mishap::DataError => "comes with text that cannot be trusted",
                };
                vec![format!(
                    "A message on {}'s cable, on its way {way}, {what}: the scenario has it so.",
                    self.host(*host)
                )]
            }
            What::Cable { .. } => said("."),
            What::Measured(figures) => vec![format!("What was measured: {}.", figures.what())],
            What::Step { line, .. } => vec![format!("The scenario goes on. {}", self.statement(*line))],
            What::Sent { .. } | What::Received { .. } => Vec::new(),
        }
    }

    /// Where it is written.
    pub(super) fn sources_of_event(&self, what: &What) -> Vec<Source> {
        let at = match what {
            What::Packet(crossing) => match crossing.what {
                Carried::Routing => "RFC 528",
                Carried::Acknowledgements => "RFC 442, pp. 4-5; RFC 635",
                Carried::Data { .. } | Carried::AllocateOne { .. } => "RFC 442, pp. 1-2; RFC 635",
                Carried::Request { .. } | Carried::AllocateEight | Carried::GiveBack => "RFC 442, pp. 2-3",
                Carried::Inquiry { .. } | Carried::Incomplete { .. } => "RFC 442, pp. 2-3",
                Carried::Rfnm { .. } => "RFC 442, pp. 1-3; RFC 381, 2, type 5",
                Carried::HostDead { .. } => "RFC 381, 2, type 7",
                Carried::HostTardy { .. } => "RFC 394, 1; RFC 381, 2, type 9",
                Carried::Withdrawal { .. } | Carried::Void => return Vec::new(),
            },
            What::Notice { notice: Notice::HostTardy(_), .. } => "RFC 394, 1",
            What::Notice { .. } => "BBN Report 1822",
            _ => return Vec::new(),
        };
        vec![self.document(at)]
    }
}
