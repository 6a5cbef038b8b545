//! The parts of the network, and how they carry messages.

use super::entry::{Row, rows};

/// IMPs, lines, cables, messages and packets.
pub(super) const ROWS: &[Row] = rows! { Term:
    "IMP" ["interface message processor", "IMPs"]
        "The computer at each site that carries messages for the hosts there: what a router is today. It cuts a message into \
         packets, sends them along the lines, puts them together again at the other end, and tells the sender what became of \
         the message. A host never sees packets, and its IMP never looks into a message behind the leader. Up to four hosts \
         are on one IMP.",
        "BBN Report 1822; RFC 442", "IMP -> SITE1  RFNM host 2 link 0" in "echo" Imp
        ; see "TIP", "host", "subnet", "RFNM";
    "TIP" ["terminal interface processor", "TIPs"]
        "An IMP with a small host inside it: people connect a terminal to it, and reach all other hosts by Telnet without a \
         computer of their own. In the host table of the time each TIP is host 2 of its own IMP.",
        "RFC 384; RFC 381, 3"
        ; see "IMP", "Telnet", "address";
    "host" ["hosts"]
        "A computer that uses the network, on a cable to its IMP. The words of one have 16 bits, those of \
         others 32 or 36, and their systems have little in common. Programs of two hosts talk through the NCPs of both.",
        "NIC 8246, II, p. 10", "SITE1 -> SITE2  ECO 42" in "echo" Ncp
        ; see "address", "NCP", "IMP", "site";
    "site" ["sites", "SITE"]
        "A place with an IMP, and its hosts. FTP and RSEXEC call a host by the name of its site: in `[SITE1]PROG1.PL1` that in \
         brackets says where the file lies.",
        "RFC 438, p. 1; R. Thomas, NCC 1973", "SITE3 types  APPEND (FILE) [SITE1]PROG1.PL1 (TO FILE) [SITE2]PROG2.PL1" in "rfc438-append" Teletype
        ; see "host", "pathname";
    "address" ["host address", "host number"]
        "A host's number, in 8 bits: 2 for which of the hosts on its IMP it is, and 6 for the IMP. So 69 is host 1 on IMP 5, \
         since 69 is 64 + 5; the first host of an IMP has the number of that IMP. There is nothing like a name server: each host \
         has a table of names.",
        "BBN Report 1822; RFC 226; RFC 384", "IMP -> SITE1  RFNM host 2 link 0" in "echo" Imp
        ; see "host", "leader", "SOCK";
    "subnet" ["IMP subnet", "communications subnet"]
        "All IMPs and the lines between them. It delivers whole messages, once and in order, or says that it could not; that is \
         why level 2 above it has neither sequence numbers nor checksums.",
        "RFC 442; RFC 381, 2"
        ; see "IMP", "message", "reliability";
    "reliability" ["reliable"]
        "The net of 1973 is made to be reliable where TCP/IP repairs at the ends: IMPs repeat packets from one to the next \
         until they are acknowledged, and tell the sender's host once for each message what became of it. What is lost on \
         the cable of a host, or with an IMP that stops, is left to the hosts.",
        "RFC 381, 2; RFC 442, p. 4"
        ; see "RFNM", "INCOMPLETE", "acknowledgements";
    "line" ["lines"]
        "A leased telephone circuit between two IMPs, mostly of 50 kb/s, over which packets go in both directions. An IMP \
         takes a line for dead when it hears no routing messages over it, and packets then go another way.",
        "RFC 432; RFC 442, p. 4; BBN Report 1822", "line SITE1 to SITE2  fails" in "line-fails" Trouble
        ; see "routing", "packet", "acknowledgements";
    "cable" ["host interface", "cables"]
        "What joins a host and its IMP: bits go over it one by one, each way, about 100 kb/s. The longest message keeps \
         it busy for nearly a tenth of a second. In a live net a cable is a stream of UDP datagrams.",
        "BBN Report 1822", "cable of SITE2  is pulled" in "cable-pulled" Trouble
        ; see "ready line", "IMP", "leader";
    "message" ["messages", "regular message", "type 0"]
        "What a host hands to its IMP for another host: 32 bits of leader, and at most 8063 bits behind them. At most 8 packets \
         carry it, but the hosts at both ends see only the whole. It is what an IP datagram is today, but for this: its sender \
         is told what became of it.",
        "BBN Report 1822; RFC 381, 2, type 9"
        ; see "leader", "header", "packet", "RFNM", "padding";
    "packet" ["packets"]
        "A piece of a message, of at most 1008 bits, that goes from IMP to IMP. Each IMP on the way keeps it until the \
         next one has acknowledged it. Those of one message may take different ways, and are put together at the last IMP.",
        "RFC 442; BBN Report 1822", "IMP 3 > 1  3>1 message 5 packet 1 (last), host 3 to 1, 312 bits" in "rfc438-append" Packets
        ; see "frame", "reassembly", "message number", "acknowledgements";
    "frame" ["framing"]
        "What a packet is wrapped into on a line: 168 bits of its header, acknowledgements and checksum, beside the text. At \
         50 kb/s 1008 bits of text and their frame take 23.5 ms from IMP to IMP, and an acknowledgement alone takes 3.4 ms.",
        "RFC 635; RFC 442, p. 5", "IMP 2 > 1  2>1 RFNM 0, IMP 2 to 1, 168 bits" in "echo" Packets
        ; see "packet", "line";
    "leader" ["leaders"]
        "The first 32 bits of each message between a host and its IMP: priority and three more flags, the type in 4 bits, the other \
         host's address in 8, the link in 8, and a subtype in the last 4. To the IMP the address is the destination, from it the \
         source. All that an IMP reads of a message is this.",
        "BBN Report 1822; RFC 381, 2", "IMP -> SITE1  ERROR IN LEADER link 0" in "leader-garbled-on-cable" Trouble
        ; see "address", "link", "header", "priority", "type";
    "type" ["message type", "subtype"]
        "What a leader says its message is: type 0 is text for a host, all others are between a host and its own IMP. The \
         numbers mean different things in the two directions; a subtype says more, for example which of two is dead.",
        "RFC 381, 2; RFC 394, 2"
        ; see "leader", "RFNM", "NOP", "DESTINATION DEAD";
    "header" ["message header"]
        "The first 72 bits of each message between NCPs: the leader, the byte size in 8 bits, the number of bytes in 16, and \
         fields of zeros (M1 and M2). 72 is a multiple of 8, 18 and 36, so that the text begins well in the words of most \
         hosts.",
        "NIC 8246, II, p. 12; IV, Message Format, p. 23"
        ; see "leader", "byte size", "padding";
    "padding" ["pad"]
        "A one and then zeros, which the interfaces put behind a message to fill up their words: from the last one on it is no \
         text. So what arrives is longer than what was sent, and its header says where the text ends.",
        "BBN Report 1822; NIC 8246, IV, Message Format, p. 24", "SITE2 -> SITE1  arrives on link 0, 112 bits" in "give-back" Imp
        ; see "header", "arrives";
    "ready line" ["READY LINE UP", "READY LINE DOWN", "READY LINE"]
        "A wire beside those of the data, one from each end of a host's cable, that says `I am here`. While one of the two is \
         down nothing crosses; the first message after it has risen may be damaged, which is why NOPs come first.",
        "BBN Report 1822; RFC 271; RFC 394, 1", "SITE1 -> IMP  READY LINE UP" in "echo" Imp
        ; see "NOP", "cable", "tardy", "dead";
    "priority" ["priority message"]
        "The first bit of a leader: such a message goes before others on every line, and may overtake them; its IMPs \
         number these in two bits of their own, so that they keep their order among each other.",
        "RFC 442, pp. 3-4", "IMP 2 > 1  2>1 priority 0 message 12 packet 1 (last), host 2 to 1, 216 bits"
        ; see "leader", "message number";
    "message number" ["message numbers"]
        "By 8 bits the first and the last IMP know a message: they count for each pair of IMPs, whatever host or link it is for. No \
         more than four may be without an answer between two IMPs, and all are delivered in the order of their numbers.",
        "RFC 442, pp. 3-4", "IMP 1 > 2  1>2 message 0 packet 1 (last), host 1 to 2, 232 bits" in "echo" Packets
        ; see "packet", "RFNM", "link";
    "reassembly" ["reassembly buffers"]
        "Putting the packets of a message together in the last IMP, which has room for few of them. So the first IMP asks for room \
         before it takes more than one packet of a message from its host.",
        "RFC 442, pp. 1-3"
        ; see "REQ(8)", "ALL(8)", "GVB(8)", "buffers";
    "buffers" ["buffer"]
        "An IMP's store holds 40 packets or so: at most 32 of messages that are put together, and 24 or 25 that pass through. \
         Neither kind can take all, so that the net cannot lock itself up.",
        "RFC 442, p. 3"
        ; see "reassembly", "packet";
    "hop" ["hops"]
        "The way from one IMP to the next. Across the net of January 1973 it takes ten at most.",
        "RFC 432", "7  MIT-DMCG        8000    16.8     32.8     46.4     45.6" in "measure-throughput" Measured
        ; see "IMP", "routing";
    "again" ["retransmission", "sent again"]
        "Behind a packet: it was sent over this line before, and its acknowledgement has not come. The next IMP throws away what it \
         has already. Hosts learn nothing of this but that it took longer.",
        "RFC 442, pp. 4-7", "IMP 1 > 2  1>2 message 8 packet 2, host 1 to 2, 1176 bits, again" in "noisy-line" Packets
        ; see "acknowledgements", "frame";
    "dead" ["host dead", "dead host"]
        "Of a host: its ready line is down, or it took nothing for half a minute, or it is not there. Of an IMP: no way leads to it. \
         Its partners are told at once when they send something, so that nobody need wait for a timeout as with TCP.",
        "RFC 381, 2, type 7; RFC 394, 1", "IMP -> SITE3  DESTINATION DEAD host 2 link 0" in "append-site-dead" Trouble
        ; see "DESTINATION DEAD", "tardy", "ready line";
    "tardy" ["is tardy", "tardy host"]
        "Of a host: it has not taken what its IMP has for it for 30 seconds. The IMP throws all of that away, drops its ready line, \
         and calls the host dead until it sends something.",
        "RFC 394, 1", "imp 2  SITE2 is tardy" in "tardy-host" Trouble
        ; see "dead", "INCOMPLETE", "INTERFACE RESET";
    "fake host" ["fake hosts"]
        "A program inside an IMP that has an address on it as if it were a host: the IMP's teletype, its statistics, its \
         reports. A bit of the leader tells it from a host of the same number.",
        "the IMP program of September 1973; RFC 687"
        ; see "TROUBLE REPORT", "address";
    "level" ["levels", "level 1", "level 2", "level 3"]
        "A layer: level 1 is between a host and its IMP, level 2 between two NCPs, level 3 between programs, as Telnet and FTP. The \
         lines between IMPs, below all these, are none of a host's business.",
        "NIC 8246, I; RFC 165, p. 1"
        ; see "1822", "NCP", "FTP", "Telnet";
    "1822" ["BBN Report 1822", "report 1822"]
        "The report by BBN that says how a host is attached to an IMP, and so the name of level 1. RFC 381, 394 and 406 \
         changed it in 1972.",
        "RFC 381; RFC 394; RFC 406"
        ; see "level", "leader", "ready line";
    "RFC" ["request for comments"]
        "A note of those who made the network, by number: the documents that say how it works. In what they say of connections, \
         RFC is also short for `request for connection`.",
        "RFC 438; NIC 8246, III, p. 13", "SITE3 sees  NOT DONE: THE SERVER THERE CANNOT TAKE PART: SEE RFC 438" in "server-without-lstn" Teletype
        ; see "request for connection", "NIC";
    "NIC" ["network information center", "NIC 8246"]
        "The Network Information Center, which gave each document a number. NIC 8246 is the Host/Host protocol, what \
         NCPs speak; it can be read as RFC 6529.",
        "RFC 6529"
        ; see "RFC", "NCP";
    "RFC 438" []
        "The document that this project is about, of 15 January 1973: how two FTP servers are brought together by a third \
         party, by a new command LSTN and a changed SOCK.",
        "RFC 438", "SITE3 sees  NOT DONE: THE SERVER THERE CANNOT TAKE PART: SEE RFC 438" in "server-without-lstn" Teletype
        ; see "LSTN", "SOCK", "third party", "rfc438";
    "NMC" ["network measurement center"]
        "The Network Measurement Center at UCLA, for whose work the links 159 to 191 are set aside.",
        "RFC 317"
        ; see "measurement link";
    "measurement link" ["measurement links"]
        "A link of 159 to 191: only for measuring the network. What is sent over it belongs to no connection, and has no header \
         of an NCP.",
        "RFC 317, II and III", "UCLA-NMC -> UCLA-CCN  link 159, 16 bits" in "measure-round-trip" Traffic
        ; see "link", "NMC", "traffic";
};
