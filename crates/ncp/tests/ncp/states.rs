//! What a connection does in each of its states with each input: one table, every cell of which is reached by
//! driving an NCP.
//!
//! A cell has the next state, or `.` where it stays the same; the commands that are sent, in capitals; and what
//! the program hears, where a connection that is gone is told by its reason.

use imp1822::{Dead, FromImp, HostAddress, Incomplete, Link, Outage};
use machine::{Machine, Rounds, Span};
use ncp::{Cell, Command, ConnectionId, ErrorCode, Event, Gender, Input, Partner, Reached};

use crate::lone::{BBN, Lone, all, at, cls, rts, socket, str};

/// A state to begin in, and how a connection comes to be in it.
type State = (&'static str, Gender, fn(&mut Lone) -> ConnectionId);

/// Something that happens to a connection; the gender is that of its local socket.
type Happening = (&'static str, fn(&mut Lone, ConnectionId, Gender));

const STATES: [State; 12] = [
    ("listening, receive", Gender::Receive, |here| {
        here.ncp.listen(here.now, socket(4), Partner::Exactly(at(BBN, 9)), None).expect("it is free")
    }),
    ("listening, send", Gender::Send, |here| {
        here.ncp.listen(here.now, socket(5), Partner::Exactly(at(BBN, 8)), None).expect("it is free")
    }),
    ("requested, receive", Gender::Receive, |here| here.init(4, at(BBN, 9))),
    ("requested, send", Gender::Send, |here| here.init(5, at(BBN, 8))),
    ("open, receive", Gender::Receive, Lone::receiver),
    ("open, send", Gender::Send, with_text_in_transit),
    ("flushing", Gender::Send, |here| {
        let id = with_text_in_transit(here);
        here.close(id);
        id
    }),
    ("answering", Gender::Send, |here| {
        let id = with_text_in_transit(here);
        here.hears(&[cls(8, 5)]);
        id
    }),
    ("closing, receive", Gender::Receive, |here| {
        let id = here.receiver();
        here.close(id);
        id
    }),
    ("closing, send", Gender::Send, |here| {
        let id = here.sender();
        here.close(id);
        id
    }),
    ("gone, receive", Gender::Receive, |here| {
        let id = here.receiver();
        here.hears(&[cls(9, 4)]);
        id
    }),
    ("gone, send", Gender::Send, |here| {
        let id = here.sender();
        here.hears(&[cls(8, 5)]);
        id
    }),
];

const HAPPENINGS: [(&str, &[Happening]); 6] = [
    (
        "its program",
        &[
            ("reads or writes", |here, id, gender| match gender {
                Gender::Receive => {
                    here.read(id);
                }
                // It may be too early or too late.
                Gender::Send => {
                    let _ = here.ncp.send(here.now, id, machine::BitReader::new(b"MORE"));
                }
            }),
            ("closes", |here, id, _| here.close(id)),
            ("aborts", |here, id, _| here.ncp.abort(here.now, id)),
            ("releases", |here, id, _| here.ncp.release(here.now, id)),
            ("interrupts", |here, id, _| {
                here.ncp.interrupt(here.now, id);
            }),
        ],
    ),
    (
        "requests",
        &[
            ("RTS or STR", |here, _, gender| {
                here.hears(&[by(gender, str(9, 4, 8), rts(8, 5, 20))]);
            }),
            ("from another host", |here, _, gender| {
                here.hears_from(13, &[by(gender, str(9, 4, 8), rts(8, 5, 20))]);
            }),
            ("CLS", |here, _, gender| here.hears(&[by(gender, cls(9, 4), cls(8, 5))])),
            ("RST", |here, _, _| here.hears(&[Command::Rst])),
        ],
    ),
    (
        "flow",
        &[
            ("INS or INR", |here, _, gender| {
                here.hears(&[by(gender, Command::Ins { link: link(2) }, Command::Inr { link: link(20) })]);
            }),
            ("RET or ALL", |here, _, gender| {
                let ret = Command::Ret { link: link(2), messages: 1, bits: 1 };
                here.hears(&[by(gender, ret, all(20, 1, 100))]);
            }),
            ("text or GVB", |here, _, gender| match gender {
                Gender::Receive => here.hears_text(BBN, 2, 8, b"TEXT"),
                Gender::Send => here.hears(&[Command::Gvb { link: link(20), messages: 128, bits: 128 }]),
            }),
            ("too much of it", |here, _, gender| match gender {
                Gender::Receive => here.hears_text(BBN, 2, 16, b"OTHER SIZE"),
                Gender::Send => here.hears(&[all(20, 65_535, 1)]),
            }),
        ],
    ),
    (
        "its IMP",
        &[
            ("RFNM", |here, _, _| here.rfnm(20)),
            ("incomplete", |here, _, _| {
                here.imp_says(FromImp::Incomplete { to: bbn(), link: link(20), why: Incomplete::Lost });
            }),
            ("no resources", |here, _, _| {
                here.imp_says(FromImp::Incomplete {
                    to: bbn(),
                    link: link(20),
                    why: Incomplete::NoResources,
                });
            }),
            ("dead", |here, _, gender| {
                let link = by_link(gender);
                here.imp_says(FromImp::DestinationDead { to: bbn(), link, why: Dead::Host });
            }),
        ],
    ),
    (
        "complaints",
        &[
            ("of our request", |here, _, gender| {
                let data = by(gender, [1, 0, 0, 0, 4, 0, 0, 0, 9, 2], [2, 0, 0, 0, 5, 0, 0, 0, 8, 8]);
                here.hears(&[Command::Err { code: ErrorCode::BadParameters, data }]);
            }),
            ("of our CLS", |here, _, gender| {
                let data = by(gender, [3, 0, 0, 0, 4, 0, 0, 0, 9, 0], [3, 0, 0, 0, 5, 0, 0, 0, 8, 0]);
                here.hears(&[Command::Err { code: ErrorCode::NonexistentSocket, data }]);
            }),
            ("of our ALL or text", |here, _, gender| {
                let text = [0, 22, 20, 0, 0, 8, 0, 4, 0, b'T'];
                let data = by(gender, [4, 2, 0, 16, 0, 0, 0x7d, 0, 0, 0], text);
                here.hears(&[Command::Err { code: ErrorCode::NotConnected, data }]);
            }),
        ],
    ),
    (
        "what concerns all",
        &[
            ("two minutes", |here, _, _| here.waits(Span::from_secs(120))),
            ("IMP down", |here, _, _| here.ncp.handle(here.now, Input::Down(Outage::ImpDown))),
            ("reset by hand", |here, _, _| here.ncp.reset(here.now, bbn())),
        ],
    ),
];

fn bbn() -> HostAddress {
    HostAddress::from(BBN)
}

fn link(number: u8) -> Link {
    Link::from(number)
}

fn by<T>(gender: Gender, receiver: T, sender: T) -> T {
    match gender {
        Gender::Receive => receiver,
        Gender::Send => sender,
    }
}

fn by_link(gender: Gender) -> Link {
    match gender {
        Gender::Receive => Link::CONTROL,
        Gender::Send => link(20),
    }
}

fn with_text_in_transit(here: &mut Lone) -> ConnectionId {
    let id = here.sender();
    here.hears(&[all(20, 2, 100)]);
    here.rfnms = false;
    here.send(id, b"TEXT");
    id
}

/// What is sent, by the first words; the IMP takes all control messages.
fn sent(here: &mut Lone) -> Vec<String> {
    let mut words = Vec::new();
    let mut rounds = Rounds::until("the NCP has nothing more to say");
    loop {
        rounds.count();
        let lines = here.says();
        if lines.is_empty() {
            return words;
        }
        for line in lines {
            let mut of_line = line.split(' ');
            let word = of_line.next().unwrap_or_default();
            words.push(if word == "ERR" {
                format!("ERR{}", of_line.next().unwrap_or_default())
            } else {
                word.into()
            });
        }
        here.rfnm(0);
    }
}

fn heard(here: &mut Lone) -> Vec<String> {
    let word = |event| match event {
        Event::Opened { .. } => Some("Opened".to_owned()),
        Event::Readable { .. } => Some("Readable".to_owned()),
        Event::Writable { .. } => Some("Writable".to_owned()),
        Event::Interrupted { .. } => Some("Interrupted".to_owned()),
        Event::Ending { .. } => Some("Ending".to_owned()),
        Event::Closed { reason: ncp::CloseReason::Dead(_), .. } => Some("Dead".to_owned()),
        Event::Closed { reason: ncp::CloseReason::Illegal(_), .. } => Some("Illegal".to_owned()),
        Event::Closed { reason, .. } => Some(format!("{reason:?}")),
        // These are not of a connection.
        Event::Echoed { .. } | Event::PartnerReset { .. } | Event::ErrReceived { .. } => None,
    };
    here.events().into_iter().filter_map(word).collect()
}

/// The state of the connection; in brackets if its program has let go of it.
fn state(here: &Lone, id: ConnectionId) -> String {
    match here.ncp.status(id) {
        Some(status) => status.state.to_string(),
        None => match here.ncp.connections().find(|status| status.id == id) {
            Some(status) => format!("({})", status.state),
            None => "free".to_owned(),
        },
    }
}

/// What comes of a happening in a state, and which cells were reached.
fn cell((name, gender, begin): State, (_, happen): Happening) -> (String, Reached) {
    let mut here = Lone::tenex();
    let id = begin(&mut here);
    sent(&mut here);
    heard(&mut here);
    let before = state(&here, id);
    assert!(name.starts_with(&before), "{name} begins as {before}");
    happen(&mut here, id, gender);
    let (sent, heard) = (sent(&mut here), heard(&mut here));
    let after = state(&here, id);
    let after = if after == before { ".".to_owned() } else { after };
    ([vec![after], sent, heard].concat().join(" "), *here.ncp.reached())
}

#[test]
fn every_state_with_every_input() {
    let mut table = String::new();
    for (title, happenings) in HAPPENINGS {
        let mut rows = vec![vec![title.to_owned()]];
        rows[0].extend(happenings.iter().map(|(name, _)| (*name).to_owned()));
        for state in STATES {
            let cells = happenings.iter().map(|happening| cell(state, *happening).0);
            rows.push(std::iter::once(state.0.to_owned()).chain(cells).collect());
        }
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
        for row in &rows {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            let line = cells.collect::<Vec<_>>().join("  ");
            assert!(line.len() <= 110, "too wide: {line}");
            table += line.trim_end();
            table.push('\n');
        }
        table.push('\n');
    }
    insta::assert_snapshot!(table.trim_end());
}

#[test]
fn the_table_reaches_every_cell_that_an_ncp_can_count() {
    let mut reached = Reached::default();
    // A link that is in use already is refused before its connection hears of it.
    let on_another_link: Happening = ("RTS or STR", |here, _, gender| {
        here.hears(&[by(gender, str(9, 4, 8), rts(8, 5, 21))]);
    });
    let happenings = HAPPENINGS.iter().flat_map(|(_, happenings)| *happenings).chain([&on_another_link]);
    for happening in happenings {
        STATES.iter().for_each(|state| reached.add(&cell(*state, *happening).1));
    }
    let missing: Vec<String> =
        Cell::all().filter(|cell| !reached.has(*cell)).map(|cell| cell.to_string()).collect();
    assert_eq!(missing, [""; 0], "no input of the table meets these states");
}
