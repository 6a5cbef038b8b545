//! The scenario language, and the net files in the same notation.
//!
//! One statement on a line, in plain words; it is read aloud in class. `#` begins a comment. Indented lines
//! belong to the statement above. Words of the language may be written in either case, and so may the names
//! of hosts. Numbers are decimal, octal behind `0o`, or hexadecimal behind `0x`; durations have a unit: `20us`,
//! `125ms`, `1.5s`, `2min`. What is typed, seen, sent, received or cited, a title, and a file's line behind its `|`
//! run to the end of the line and keep a `#`; the text of a message or of an error ends before a comment.
//!
//! ```text
//! title TEXT                       what the scenario shows; required
//! cites TEXT                       a document that it illustrates; any number of them
//! net   NAME                       a known net, or FILE.net beside the scenario; required
//! seed  N                          of the random numbers; 0
//! limit SPAN                       the longest that the run may take; 60min
//! fails TEXT                       the run must fail, with an error that holds the text
//!
//! host NAME CLAUSE ...             clauses may also stand below, indented
//!   serves ftp [edition rfc354|rfc438|rfc478]
//!   runs rsexec|ftp
//!   account NAME password WORD
//!   knows HOST as NAME password WORD
//!   file PATH                      and its lines below, behind `|`
//!   file PATH of N bytes
//!   is down
//!   external port N to ADDRESS:PORT    it is outside of the simulation, on a cable of UDP datagrams: for live runs
//!                                  of its NCP:
//!   refuses unmatched requests
//!   queues requests for SPAN [most N]
//!   allocates N messages N bits    what each sender is kept supplied with
//!   closes after SPAN              its patience with a CLS that is not answered
//!   sends plain control messages   one command in each
//!   texts of at most N bits        the longest in one message
//!   assigns links N to N
//!
//! [at SPAN | +SPAN] [within SPAN] STEP
//!   HOST types TEXT
//!   HOST sees TEXT                 may have `within`
//!   wait for HOST -> HOST TEXT     may have `within`
//!   HOST crashes|restarts
//!
//!                                  what breaks and heals otherwise:
//!   line IMP to IMP fails|heals
//!   line IMP to IMP flips one bit in N
//!   line IMP to IMP flips no bits
//!   imp IMP crashes|restarts
//!   imp IMP goes down [in SPAN] [for SPAN] [for maintenance|reload|emergency]
//!                                  tells its hosts, and goes; SPAN is a multiple of 5min; without `in`: in 30 s.
//!                                  It comes back by itself if it is said for how long
//!   HOST hangs                     takes nothing, and brings nothing to an end, until it
//!   HOST goes on
//!   cable of HOST is pulled|plugged in
//!   cable of HOST loses|repeats the next message to|from the imp
//!   cable of HOST delays the next message to|from the imp by SPAN
//!   cable of HOST garbles the leader|data of the next message to the imp
//!
//!                                  by the host's operator:
//!   HOST inits SOCKET to HOST SOCKET [size N]
//!   HOST listens SOCKET [for HOST [SOCKET]] [size N]
//!   HOST sends SOCKET DATA         waits until the connection is open; may have `within`
//!   HOST receives SOCKET DATA      waits until exactly this has arrived next; may have `within`
//!   HOST interrupts SOCKET         waits until the connection is open; may have `within`
//!   HOST takes back SOCKET N/128   of messages and bits; waits like `interrupts`
//!   HOST takes back SOCKET N/128 messages N/128 bits
//!   HOST closes SOCKET             or withdraws a request that has not been granted
//!   HOST aborts SOCKET             what has not been sent is lost
//!   HOST echoes HOST N             asks for N back
//!   HOST resets HOST
//!   HOST injects to HOST link N HEX    the text of a message that its NCP knows nothing of
//!   HOST injects raw HEX               all of a message, leader included
//!   HOST netstat                   prints its connections and the requests that wait
//!
//!                                  by hosts at level 1 only, which the scenario does not declare:
//!   traffic N messages/s|min from HOSTS to HOSTS  sizes SIZES
//!                                  so many from each of them in the long run, at random; HOSTS: every host, or
//!                                  HOST, HOST ...; SIZES: N, N bits, or N% N bits, N% N bits
//!   traffic stops                  as it does after the last step
//!   measure round trip  from HOST to PLACES  sizes N, N bits  N messages each [pauses SPAN [to SPAN]]
//!   measure throughput  from HOST to PLACES  links N, N  sizes N, N bits  for SPAN each [after SPAN]
//!                                  PLACES: one host at each distance, or HOST, HOST ...
//!   measure lines [for SPAN] [busiest N]
//!
//!   expect HOST file PATH          and its lines below, behind `|`
//!   expect HOST file PATH of N bytes
//!   expect HOST file PATH same as HOST PATH
//!   expect HOST no file PATH
//!   expect HOST saw TEXT
//!   expect [no] HOST -> HOST [TEXT]
//!   expect no file data through HOST
//!   expect HOST has no connections
//!   expect HOST socket SOCKET listening|requested|open|flushing|answering|closing|closed
//! ```
//!
//! DATA is text, of characters in bytes of 8 bits, as it is: no end of line is added. Or it is `bytes` and numbers of
//! 64 bits at most, each in one byte of the connection's size. What no step receives stays with the NCP, so that the
//! sender's allocation runs out. HEX are whole bytes of two digits, grouped in words at will.
//!
//! A host whose operator does something needs no program to be seen: what happens to it is printed on its teletype.
//!
//! ```text
//! SOCKET 400: OPEN TO SITE1 SOCKET 301 SIZE 8
//! SOCKET 400: INTERRUPTED
//! SOCKET 400: closed               or why else it is over: refused, reset, ...
//! SOCKET 400: WITHDRAWN            closed or aborted before it was open
//! SOCKET 400: ABORTED
//! ECHO 42 FROM SITE1
//! RESET BY SITE1
//! ERR 1 FROM SITE1: illegal opcode
//! ```
//!
//! A measurement prints a table. Round trips are measured one message at a time, each after a pause (100ms to
//! 300ms) drawn at random; throughput is what arrives while each link is used again as soon as its RFNM comes,
//! counted after a time of warming up (2s). Both take as long as they take; `measure lines` looks for that long, or
//! back to the start. The hosts that take part are up from the start. A host that measures sends no traffic. At the
//! end of the run a table says what became of all traffic.
//!
//! Everything that is wrong with a file is told at once, in [`Errors`].

pub mod ast;
mod deeds;
mod errors;
mod expectations;
mod faults;
mod file;
mod hosts;
pub mod library;
mod names;
pub mod nearest;
mod net;
mod place;
mod quantity;
mod scenario;
mod sockets;
mod steps;
#[cfg(test)]
mod tests;
mod traffic;
mod words;

pub use ast::Scenario;
pub use errors::{Errors, Mistake};
pub use net::parse_net;
pub use scenario::{Nets, parse};
