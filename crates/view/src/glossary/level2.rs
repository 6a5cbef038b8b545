//! Level 2: connections between programs of two hosts, and the commands by which NCPs make them.

use super::entry::{Row, rows};

/// What connections are made of.
pub(super) const TERMS: &[Row] = rows! { Term:
    "NCP" ["network control program", "NCPs"]
        "The part of a host's system that makes connections for its programs, as TCP does today; and by habit the \
         name of what it speaks, the Host/Host protocol. It talks to the NCPs of other hosts by control commands.",
        "NIC 8246, II, p. 10"
        ; see "control link", "connection", "NIC";
    "connection" ["connections"]
        "A way for bytes from one program to another, in one direction only: a dialogue needs two. It has a socket at each end, a \
         byte size that its sender chose, and a link that its receiver chose. It is made by an RTS and an STR that match.",
        "NIC 8246, II, pp. 10-12; III, p. 13", "SITE2 sees  SOCKET 400: OPEN TO SITE1 SOCKET 301 SIZE 8" in "allocation-step-by-step" Teletype
        ; see "socket", "link", "byte size", "request for connection";
    "socket" ["sockets"]
        "One end of a connection: a number of 32 bits at a host, what a port is today. An even one receives and an odd one sends. It \
         has one connection at a time, so that a server takes each caller to sockets of its own.",
        "NIC 8246, II, p. 12; III, p. 13", "SITE2 -> SITE3  255 SOCK 57144" in "rfc438-append" Ftp
        ; see "gender", "connection", "SOCK", "ICP";
    "gender" ["send socket", "receive socket"]
        "Which way a socket goes, and it is in its number: even ones receive, odd ones send. The two ends of a connection have \
         different genders.",
        "NIC 8246, II, p. 12", "SITE2 -> SITE1  ERR 3 bad parameters 010000012d0000019002" in "request-with-wrong-gender" Ncp
        ; see "socket", "LSTN";
    "link" ["links"]
        "A number of 8 bits in the leader by which a receiving host knows which connection a message is for: its NCP chose it, \
         from 2 to 71, when it asked for the connection. So messages need not carry the two socket numbers. The same number \
         in the other direction is another link, and IMPs pay no heed to it.",
        "NIC 8246, IV, Link Assignment, pp. 24-25; RFC 317", "SITE3 -> SITE1  RTS 15272 from 3 link 2" in "rfc438-append" Ncp
        ; see "control link", "measurement link", "experimental link", "reserved link", "RTS";
    "control link" ["link 0", "control message", "control messages"]
        "Link 0, over which NCPs send each other their commands: one or more in each message, 120 bytes at most. It needs no \
         connection and no allocation.",
        "NIC 8246, IV, Link Assignment and Control Messages, p. 25", "IMP -> SITE1  RFNM host 2 link 0" in "echo" Imp
        ; see "link", "RTS", "ECO";
    "experimental link" ["private experiment", "experiment"]
        "A link of 192 to 255. The first four are for the Message Switching Protocol, an experiment, the others for hosts that have \
         agreed on one of their own. Opcodes of such experiments count down from 255.",
        "RFC 317, I and III; NIC 8246, IV, Control Commands, p. 25"
        ; see "link", "opcode";
    "reserved link" ["reserved links"]
        "A link of 72 to 158, or link 1: kept back for later use, so that no connection has one.",
        "RFC 317, III"
        ; see "link";
    "opcode" ["opcodes"]
        "The first byte of a control command, which says which one it is: 0 to 13.",
        "NIC 8246, IV, Opcode Assignment, p. 31", "SITE1 -> SITE2  illegal opcode 14" in "unknown-opcode" Ncp
        ; see "ERR 1", "experimental link";
    "byte size" ["byte", "bytes", "size"]
        "How many bits a byte of a connection has, from 1 to 255: its sender says so in the STR, and all its messages hold whole \
         bytes. 8 for text, 36 for the words of a PDP-10, 32 for a socket number.",
        "NIC 8246, II, pp. 11-12; IV, STR, p. 27", "SITE1 -> SITE3  STR 3 to 15272 size 32" in "rfc438-append" Ncp
        ; see "connection", "BYTE";
    "allocation" ["flow control", "allocate", "used up"]
        "How much a sender may still send over a connection, in messages and in bits: it begins with nothing, an ALL of \
         the receiver adds to it, and each message takes from it. A sender whose allocation is used up waits. Unlike a window \
         of TCP it counts on, and a lost ALL is lost for good.",
        "NIC 8246, III, Flow Control, pp. 17-19", "SITE2 -> SITE1  ALL link 2 messages 2 bits 80" in "allocation-step-by-step" Ncp
        ; see "ALL", "GVB", "RET", "MSGS";
    "request for connection" ["request", "RFC (connection)", "matching"]
        "An RTS or an STR. When each side has sent one, and both name the same two sockets, the connection is open: whoever comes second \
         accepts by its request, and a CLS instead of it refuses. No third message is needed as in TCP's handshake.",
        "NIC 8246, III, Connection Establishment, pp. 13-15", "SITE1 -> SITE2  STR 301 to 400 size 8" in "allocation-step-by-step" Ncp
        ; see "RTS", "STR", "CLS", "queueing";
    "queueing" ["queue", "queues"]
        "What an NCP may do with a request for a socket that no program has asked for: keep it, until a program does or its patience \
         ends. Another host refuses it at once. RFC 438 works with both, since LSTN has a server listen first.",
        "NIC 8246, III, Queueing Considerations, pp. 14-15", "SITE1 sees  400  SITE2               301  queued       8    -     -          -      -" in "request-queued" Teletype
        ; see "listening", "request for connection", "refuse";
    "ICP" ["initial connection protocol", "contact", "contact socket"]
        "How a user gets hold of a server: it asks for a connection from the server's well-known socket, over which comes one number \
         S; then both open a pair of connections, from and to S and S+1 there, and U+2 and U+3 here. So the well-known \
         socket is soon free for the next caller.",
        "RFC 165, pp. 2-5", "SITE1 -> SITE3  link 2 socket number 8184" in "rfc438-append" Ncp
        ; see "socket number", "well-known socket", "socket";
    "socket number" ["link # socket number #"]
        "What a server sends over the contact connection, in 32 bits: the even number S of the first of the two sockets at which it \
         goes on with this user.",
        "RFC 165, pp. 2-5", "SITE1 -> SITE3  link 2 socket number 8184" in "rfc438-append" Ncp
        ; see "ICP";
    "well-known socket" ["well-known sockets", "listening socket"]
        "A socket by whose number everybody knows a service: 1 is Telnet, 3 the file transfer server, 7 an echo and 9 a process that \
         discards what it gets.",
        "RFC 349", "SITE3 -> SITE1  RTS 15272 from 3 link 2" in "rfc438-append" Ncp
        ; see "ICP", "FTP", "Telnet";
    "data" ["link # data # x # bits"]
        "A message of a connection that is no control command and no line of text: its link, how many bytes it has, and of how many \
         bits. Bytes of 8 bits are quoted; others are numbers, in octal where three bits go evenly into a byte.",
        "NIC 8246, IV, Message Format, p. 23", "SITE1 -> SITE2  link 2 data 3 x 8 bits \"ONE\"" in "tardy-host" Data
        ; see "link", "byte size", "data connection";
    "interrupt" []
        "A signal beside the data of a connection: it can reach the other program even if the allocation is used up. What \
         it means is left to the program; in Telnet it says that a data mark is on its way.",
        "NIC 8246, III, Interrupts, pp. 19-20", "SITE2 sees  SOCKET 400: INTERRUPTED" in "give-back" Teletype
        ; see "INR", "INS", "Telnet";
    "match" ["matches", "partner"]
        "Of a CLS: it answers the other side's, and only with both is the connection over and are its sockets free. The first \
         one of a pair closes, refuses or withdraws, the second one answers; a transcript says which half each is.",
        "NIC 8246, III, Connection Termination, pp. 15-16", "SITE2 -> SITE1  CLS 400 301" in "give-back" Ncp
        ; see "CLS", "closing";
};

/// The control commands, and what an ERR complains of.
pub(super) const COMMANDS: &[Row] = rows! { Ncp:
    "NOP of an NCP" ["opcode 0"]
        "Nothing; it may fill up a control message. A NOP of level 1 goes to the IMP, this one to another NCP.",
        "NIC 8246, IV, NOP, p. 26", "SITE1 -> SITE2  NOP"
        ; see "NOP", "control link";
    "RTS" ["receiver to sender", "opcode 1"]
        "Receiver to sender: `let me receive`. It names the socket here, which is even, the one there, and the link on which the data \
         are to come. With an STR of the other side for the same sockets the connection is open.",
        "NIC 8246, III, Connection Establishment, p. 13; IV, RTS, p. 26", "SITE2 -> SITE1  RTS 400 from 301 link 2" in "allocation-step-by-step" Ncp
        ; see "STR", "link", "request for connection";
    "STR" ["sender to receiver", "opcode 2"]
        "Sender to receiver: `let me send`. It names the socket here, which is odd, the one there, and the byte size. With an RTS of \
         the other side for the same sockets the connection is open; an ALL must follow before anything is sent.",
        "NIC 8246, III, Connection Establishment, p. 13; IV, STR, p. 27", "SITE1 -> SITE2  STR 301 to 400 size 8" in "allocation-step-by-step" Ncp
        ; see "RTS", "byte size", "request for connection";
    "CLS" ["close", "opcode 3"]
        "Close: of its own socket and the other's. It ends a connection, refuses a request or takes one back, and answers another CLS. Both \
         sides must send one before the sockets are free; a sender does it only when all it sent has arrived.",
        "NIC 8246, III, Connection Termination, pp. 15-17; IV, CLS, p. 27", "SITE2 -> SITE1  CLS 301 400" in "request-refused-at-once" Ncp
        ; see "match", "refused", "RST";
    "ALL" ["opcode 4"]
        "Allocate: the receiver lets the sender send so many messages and bits more over this link. It is the NCPs' own, end to end; \
         ALL(8) is something that IMPs say to each other.",
        "NIC 8246, III, Flow Control, pp. 17-18", "SITE2 -> SITE1  ALL link 2 messages 2 bits 80" in "allocation-step-by-step" Ncp
        ; see "allocation", "GVB", "ALL(8)";
    "GVB" ["give back", "opcode 5"]
        "Give back: the receiver wants a part of the allocation back, in 128ths of what is left of messages and bits; 128 or more is all \
         of it.",
        "NIC 8246, III, Flow Control, pp. 18-19", "SITE2 -> SITE1  GVB link 2 64/128 messages 64/128 bits" in "give-back" Ncp
        ; see "RET", "allocation", "GVB(8)";
    "RET" ["return", "opcode 6"]
        "Return: the sender gives back so many messages and bits, as a GVB had asked; without one it may not.",
        "NIC 8246, III, Flow Control, p. 19", "SITE1 -> SITE2  RET link 2 messages 2 bits 501" in "give-back" Ncp
        ; see "GVB", "allocation";
    "INR" ["interrupt by receiver", "opcode 7"]
        "The receiver of a connection interrupts its sender.",
        "NIC 8246, III, Interrupts, p. 20", "SITE2 -> SITE1  INR link 2" in "an-interrupt" Ncp
        ; see "interrupt", "INS";
    "INS" ["interrupt by sender", "opcode 8"]
        "The sender of a connection interrupts its receiver.",
        "NIC 8246, III, Interrupts, p. 20", "SITE1 -> SITE2  INS link 2" in "an-interrupt" Ncp
        ; see "interrupt", "INR";
    "ECO" ["opcode 9"]
        "Asks another NCP to send eight bits back: whether a host takes part in the network, as a ping shows it today.",
        "NIC 8246, III, Test Inquiry, p. 20", "SITE1 -> SITE2  ECO 42" in "echo" Ncp
        ; see "ERP", "quiet";
    "ERP" ["echo reply", "opcode 10"]
        "The answer to an ECO, with the same eight bits.",
        "NIC 8246, III, Test Inquiry, p. 20", "SITE2 -> SITE1  ERP 42" in "echo" Ncp
        ; see "ECO";
    "ERR" ["opcode 11"]
        "Says that the other NCP did something wrong: a code of what kind, and ten bytes, mostly the beginning of what was wrong. Who \
         gets one should write it down. The NCPs here send none about an ERR, so that there is an end.",
        "NIC 8246, IV, ERR, pp. 29-30", "SITE2 -> SITE1  ERR 1 illegal opcode 0e010203040506070809" in "unknown-opcode" Ncp
        ; see "ERR 1", "ERR 2", "ERR 3", "ERR 4", "ERR 5";
    "RST" ["opcode 12"]
        "Reset: forget all connections between us two. Sent by an NCP that has begun anew, or no longer knows what the other one \
         believes; until the RRP comes, it should send nothing else to it, but answer an RST.",
        "NIC 8246, III, Reinitialization, pp. 21-22", "SITE3 -> SITE2  RST" in "cable-pulled" Ncp
        ; see "RRP", "reset";
    "RRP" ["reset reply", "opcode 13"]
        "The answer to an RST: all is forgotten.",
        "NIC 8246, III, Reinitialization, pp. 21-22; IV, RRP, p. 26", "SITE2 -> SITE3  RRP" in "cable-pulled" Ncp
        ; see "RST";
    "ERR 0" ["undefined error"]
        "Anything that the other codes do not say.",
        "NIC 8246, IV, ERR, p. 30", "SITE2 -> SITE1  ERR 0 undefined error 00000000000000000000"
        ; see "ERR";
    "ERR 1" ["illegal opcode", "illegal opcode #", "opcode # of a private experiment"]
        "No command has this opcode. What follows in the same control message cannot be read either.",
        "NIC 8246, IV, ERR, p. 30", "SITE2 -> SITE1  ERR 1 illegal opcode 0e010203040506070809" in "unknown-opcode" Ncp
        ; see "ERR", "opcode";
    "ERR 2" ["short parameter space", "short parameter space of opcode #"]
        "A control message ends in the middle of a command.",
        "NIC 8246, IV, ERR, p. 30", "SITE2 -> SITE1  ERR 2 short parameter space 04020010000000000000" in "unknown-opcode" Ncp
        ; see "ERR";
    "ERR 3" ["bad parameters"]
        "A command has a value that it may not have: two sockets of one gender, a link outside 2 to 71, or more allocation \
         than the counters hold.",
        "NIC 8246, IV, ERR, p. 30", "SITE2 -> SITE1  ERR 3 bad parameters 010000012d0000019002" in "request-with-wrong-gender" Ncp
        ; see "ERR", "gender";
    "ERR 4" ["request on a nonexistent socket", "nonexistent socket"]
        "A command other than RTS and STR is about a socket, or a link, for which neither side has asked for a connection.",
        "NIC 8246, IV, ERR, p. 30", "SITE2 -> SITE1  ERR 4 request on a nonexistent socket 03000000010000000300"
        ; see "ERR", "CLS";
    "ERR 5" ["socket not connected"]
        "A command other than RTS and STR, or data, name a socket or a link that has no open connection.",
        "NIC 8246, IV, ERR, pp. 30-31", "SITE2 -> SITE1  ERR 5 socket not connected 00010500000800040048" in "data-without-connection" Ncp
        ; see "ERR", "link";
};
