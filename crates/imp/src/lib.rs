//! The subnet: IMPs, the lines between them, and the cables to the hosts.
//!
//! A [`Net`] says what there is; a [`Subnet`] makes it work. The subnet is one machine: it takes what a host puts on
//! its cable and hands out what arrives at a host, to the microsecond. Inside, each IMP knows what its own lines and
//! cables have brought it, and nothing else.
//!
//! ```
//! use imp::{HostSite, ImpSite, LineSite, Net, Output, Settings, Subnet};
//! use imp1822::{FromImp, HostAddress, Link, Signal, ToImp};
//! use machine::{Instant, Machine, Rate, Span};
//!
//! let site = |number| ImpSite { number, name: format!("SITE{number}"), place: None };
//! let host = |number| HostSite {
//!     name: format!("HOST{number}"),
//!     address: HostAddress::from(number),
//!     aliases: Vec::new(),
//!     system: "TENEX".to_owned(),
//!     cable: None,
//! };
//! let net = Net {
//!     imps: vec![site(1), site(2)],
//!     lines: vec![LineSite { between: [1, 2], rate: Rate::kilobits(50), delay: Span::from_millis(5) }],
//!     hosts: vec![host(1), host(2)],
//!     ..Net::default()
//! };
//!
//! // Both hosts come up, and host 1 sends a message without data.
//! let mut subnet = Subnet::new(&net, Settings::default());
//! let [one, two] = [1, 2].map(HostAddress::from);
//! let link = Link::from(7);
//! let message = ToImp::Regular { to: two, link, priority: false }.bits();
//! subnet.handle(Instant::START, (one, Signal::Ready(true)));
//! subnet.handle(Instant::START, (two, Signal::Ready(true)));
//! subnet.handle(Instant::START, (one, Signal::Message(message)));
//!
//! // Time passes until the subnet is at rest.
//! let mut heard = Vec::new();
//! while let Some(due) = subnet.deadline() {
//!     subnet.alarm(due);
//!     while let Some(output) = subnet.poll() {
//!         if let Output::Host(host, Signal::Message(bits)) = output {
//!             heard.push((host, FromImp::parse(&bits)?));
//!         }
//!     }
//! }
//! let arrived = FromImp::Regular { from: one, link, priority: false };
//! let answered = FromImp::Rfnm { to: two, link };
//! assert_eq!(heard, [(two, arrived), (one, answered)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A message on its way, and where to read about it:
//!
//! 1. Its source IMP takes it from the host's cable packet by packet (`port`, `inlet`). It gets a message number, of which
//!    four are in use at most for each pair of IMPs (`source`, `outbound`). A single packet leaves at once, and a copy
//!    stays; a longer message waits until there is room for it at the other end: REQ(8), ALL(8) (RFC 442).
//! 2. A packet waits for its line (`relay`, `trunk`), crosses it on one of eight channels (`line`), and is sent again
//!    if it is not acknowledged within 125 ms. An IMP that has no buffer for it (`buffers`) does not acknowledge.
//! 3. Each IMP on the way knows by hearsay which line is best (`routing`, `clock`).
//! 4. Its destination IMP puts it together, keeps the order, and answers with RFNM when the first packet is in the host
//!    (`destination`, `inbound`, `slot`). It gives it to the host packet by packet (`port`, `outlet`).
//!
//! The parts of an IMP do not know each other. `relay` passes packets on, `source` and `destination` know messages, each
//! `port` is a host's cable; `imp` tells each of them what has happened at another. What all IMPs share, and nothing else,
//! is in `wires`. Each event of the agenda says what it depends on; `subnet` drops it if that has changed.
//!
//! Where the documents are silent, or say two things, this is what was chosen:
//!
//! * **Processing.** An IMP needs 1 ms for each packet that arrives (RFC 528's million bits a second in full packets).
//! * **Routing.** A line costs four packets, and one more for each that waits or is under way on it. Each IMP sends its
//!   estimates every 640 ms; the IMPs tick one after the other, 10 ms apart by number. Routing messages go
//!   before everything else on a line. A way of more than 22 lines is none.
//! * **Dead lines.** After four routing messages that did not come a line is dead; it is alive when both ends say that
//!   they hear each other. Whatever was not acknowledged is then sent another way. Duplicates end at the destination.
//! * **Retransmission.** A packet waits 125 ms for its acknowledgement, also when the line has nothing else to do; longer
//!   on a line, such as a satellite's, whose acknowledgements cannot be back by then.
//! * **Full buffers.** A packet that has crossed more lines goes before one that has crossed fewer. At most eight packets
//!   wait or are under way on a line. One that the next IMP has not taken for 30 s is thrown away, and its message
//!   is lost.
//! * **Order at the destination.** A single packet out of turn is kept if that leaves room for a whole long message, else
//!   it asks for room again (RFC 626 describes 1974's stricter rule). One buffer is set aside for the single packet whose
//!   turn it is.
//! * **Lives.** Routing messages also say how often each IMP was started, so that what was numbered for an earlier life of
//!   its destination is not delivered a second time.
//! * **Message numbers** go on counting instead of beginning anew after 255, and say how often their IMP was started.
//! * **Answers that fail to come.** After 30 s the source asks (INC?); if the destination is out of reach by then the
//!   message counts as lost, though it may have arrived. The destination forgets what its source has not come back to
//!   for two minutes.
//! * **Errors on lines** spoil whole packets, which the check of 24 bits always shows.
//! * **A host that comes up** may send one message, and no more for 30 s; RFC 271 says one packet.
//! * **At the start** everything has been up for long.
//! * **Reports** ([`Net::reports`]; off without it). Each IMP sends a trouble and a throughput report every 52.4 s, from its
//!   fake host and as a message of one packet like any other, without priority; a trouble report also when a host or a line
//!   has changed, and when it was started. What the documents of the machine alone could tell is zero in them: `reports` says
//!   what. While there is no way to the center, or no buffer, an IMP goes on counting and reports later.
//!
//! Not here: the IMPs' other hosts of their own (teletype, debugging, message generators), trace and octal messages, Very
//! Distant Hosts, and the instruction timing of the machine.

mod agenda;
mod attachment;
mod buffers;
mod by_imp;
mod cable;
mod clock;
mod crossing;
mod destination;
mod fault;
mod held;
mod hosts;
mod ids;
mod imp;
mod inbound;
mod incoming;
mod inlet;
mod line;
pub mod nearest;
mod net;
mod number;
mod outage;
mod outbound;
mod outlet;
mod output;
mod packet;
mod place;
mod port;
mod queue;
mod relay;
mod reporter;
mod reports;
mod rest;
mod ring;
mod routing;
mod slot;
mod source;
mod subnet;
mod tally;
mod trunk;
pub mod visible;
mod wires;

pub use cable::{HostLine, Mishap, Toward};
pub use crossing::{Carried, Crossing};
pub use fault::{Fault, MeetsNothing};
pub use held::{Held, HeldOfHost};
pub use line::LineFigures;
pub use net::{HostSite, ImpSite, LineSite, Meant, Net, NetError, NoHost, NoImp, Reports};
pub use number::{NoNumber, number};
pub use output::{Notice, Output, Settings, Watch};
pub use packet::{FRAMING_BITS, MAX_PACKET_BITS, ROUTING_BITS};
pub use place::Place;
pub use subnet::{Prototype, Subnet};
