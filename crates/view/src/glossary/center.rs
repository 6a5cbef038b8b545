//! What IMPs report, what the control center makes of it, and the headings of tables.

use super::entry::{Row, rows};

/// The control center.
pub(super) const TERMS: &[Row] = rows! { Term:
    "control center" ["NCC", "network control center", "NETWORK CONTROL CENTER"]
        "A host at BBN to which every IMP reports, and whose operators see to it that the network runs. What is not reported it \
         finds out by what does not come.",
        "RFC 271; RFC 384; RFC 619", "BBN-NCC sees  NETWORK CONTROL CENTER" in "control-center" Teletype
        ; see "TROUBLE REPORT", "THROUGHPUT REPORT", "SUMMARY";
    "plus end" ["minus end", "PLUS END", "MINUS END"]
        "The two ends of a line, to the control center: the minus end is at the IMP with the lower number.",
        "the IMP program of September 1973; the words are ours", "BBN-NCC sees  00:01:02  LINE 4-5 DOWN TO PLUS END" in "control-center" Teletype
        ; see "LINE #-# DOWN TO PLUS END", "line";
    "traffic" ["of bare hosts"]
        "Messages that hosts without an NCP send each other to load or to measure the net, as a scenario declares it.",
        "the scenario language; RFC 317", "UCLA-NMC -> UCLA-CCN  link 159, 16 bits" in "measure-round-trip" Traffic
        ; see "measurement link", "offered", "traffic (lens)";
};

/// What is reported, and what the center prints.
pub(super) const CENTER: &[Row] = rows! { Center:
    "TROUBLE REPORT" ["TROUBLE REPORT: *", "report", "301", "303"]
        "An IMP tells the control center how it is: which of its hosts are up, which IMP is at the other end of each of its lines, and \
         whether it was restarted. It comes about every 50 seconds, from a program inside the IMP.",
        "the IMP program of September 1973 (codes 301 and 303, octal); RFC 619", "IMP 4 -> BBN-NCC  TROUBLE REPORT: hosts up: 0; line 1 to IMP 2; line 2 to IMP 5" in "control-center" Data
        ; see "control center", "fake host", "THROUGHPUT REPORT";
    "THROUGHPUT REPORT" ["THROUGHPUT REPORT: *", "302"]
        "An IMP tells the control center how much it has carried: packets and words for each line, messages and packets for each host. Each \
         counts from the report before, so that with the time between them it makes a rate.",
        "the IMP program of September 1973 (code 302, octal); RFC 455", "IMP 1 -> BBN-NCC  THROUGHPUT REPORT: 0 packets over its lines, 0 messages from its hosts" in "control-center" Data
        ; see "TRAFFIC", "TROUBLE REPORT";
    "IMP # UP" []
        "This IMP reports again, or for the first time.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  00:00:00  IMP 1 UP" in "control-center" Teletype
        ; see "IMP # DOWN", "TROUBLE REPORT";
    "IMP # DOWN" []
        "This IMP no longer reports, and all its neighbours say that their lines to it are dead.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  00:02:04  IMP 2 DOWN" in "control-center" Teletype
        ; see "IMP # REPORTS MISSING", "IMP # DOWN OR CUT OFF";
    "IMP # REPORTS MISSING" ["REPORTS MISSING"]
        "This IMP no longer reports, but a neighbour says that its line to it is alive.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  00:03:08  IMP 1 REPORTS MISSING" in "control-center" Teletype
        ; see "IMP # DOWN";
    "IMP # DOWN OR CUT OFF" ["DOWN OR CUT OFF"]
        "Neither this IMP reports nor any of its neighbours, so that nobody can tell.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  00:02:56  IMP 1 DOWN OR CUT OFF" in "control-center" Teletype
        ; see "IMP # DOWN";
    "IMP # RESTARTED" ["RESTARTED"]
        "The program of this IMP has begun anew.",
        "the IMP program of September 1973; the words are ours", "BBN-NCC sees  00:02:15  IMP 2 RESTARTED" in "control-center" Teletype
        ; see "TROUBLE REPORT";
    "IMP # HALT *" ["HALT"]
        "The program of this IMP came to a halt there: its program counter and two registers, in octal.",
        "the IMP program of September 1973; the words are ours", "NCC sees  00:01:00  IMP 5 HALT P 001234 A 000000 X 000001"
        ; see "TROUBLE REPORT";
    "IMP # TRAP *" ["TRAP"]
        "The program of this IMP took a trap there: its program counter and two registers, in octal.",
        "the IMP program of September 1973; the words are ours", "NCC sees  00:01:00  IMP 5 TRAP P 001234 A 000000 X 000001"
        ; see "TROUBLE REPORT";
    "IMP # VERSION #" ["VERSION"]
        "This IMP has another program than before: its version in octal.",
        "the IMP program of September 1973; the words are ours", "NCC sees  00:01:00  IMP 5 VERSION 3050"
        ; see "scheduled software reload";
    "IMP # CHANGES TOO FAST TO LOG" []
        "So much has changed at this IMP that the rest of the minute is not printed.",
        "the control center", "NCC sees  00:01:00  IMP 5 CHANGES TOO FAST TO LOG"
        ; see "control center";
    "LINE #-# UP" []
        "Both IMPs at the ends of this line say that it is alive. A line has the numbers of its IMPs.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  00:00:00  LINE 1-2 UP" in "control-center" Teletype
        ; see "line", "LINE #-# DOWN";
    "LINE #-# DOWN" []
        "Both IMPs say that the line is dead; or one does, and the other is down.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  00:01:02  LINE 4-5 DOWN" in "control-center" Teletype
        ; see "line", "LINE #-# DOWN TO PLUS END";
    "LINE #-# DOWN TO PLUS END" ["DOWN TO PLUS END"]
        "Only the IMP at the plus end says that the line is dead: nothing comes to it. A moment later the other end will say so, too.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  00:01:02  LINE 4-5 DOWN TO PLUS END" in "control-center" Teletype
        ; see "plus end";
    "LINE #-# DOWN TO MINUS END" ["DOWN TO MINUS END"]
        "Only the IMP at the minus end says that the line is dead: nothing comes to it.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  00:02:15  LINE 1-2 DOWN TO MINUS END" in "control-center" Teletype
        ; see "plus end";
    "LINE #-# NOT KNOWN" ["NOT KNOWN"]
        "One end alone cannot tell how a line is, and the other does not report.",
        "the IMP program of September 1973; the words are ours", "BBN-NCC sees  00:02:56  LINE 1-2 NOT KNOWN" in "control-center" Teletype
        ; see "IMP # DOWN OR CUT OFF";
    "LINE #-# LOOPED" ["LINE #-# LOOPED AT PLUS END", "LINE #-# LOOPED AT MINUS END"]
        "An IMP hears itself over this line: somebody has connected what it sends to what it receives, to test the circuit.",
        "the IMP program of September 1973; the words are ours", "NCC sees  00:01:00  LINE 4-5 LOOPED"
        ; see "line";
    "HOST # AT IMP # UP" []
        "Its IMP says that this host's ready line is up.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  00:00:00  HOST 0 AT IMP 4 UP" in "control-center" Teletype
        ; see "ready line", "address";
    "HOST # AT IMP # DOWN" []
        "Its IMP says that this host is dead.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  00:01:24  HOST 0 AT IMP 4 DOWN" in "control-center" Teletype
        ; see "dead";
    "HOST # AT IMP # SENT # BITS/S, # MESSAGES, RECEIVED #" ["RECEIVED"]
        "Between two throughput reports this host has sent so much, and received so many messages.",
        "the IMP program of September 1973; the words are ours", "BBN-NCC sees  HOST 0 AT IMP 2  SENT 15062 BITS/S, 21 MESSAGES, RECEIVED 10" in "control-center" Teletype
        ; see "THROUGHPUT REPORT", "TRAFFIC";
    "LINE # TO # # BITS/S, # PACKETS" ["BITS/S", "PACKETS"]
        "Between two throughput reports so much has gone over this line in this direction.",
        "the IMP program of September 1973; the words are ours", "BBN-NCC sees  LINE  1 TO  2  15 BITS/S, 2 PACKETS" in "control-center" Teletype
        ; see "THROUGHPUT REPORT", "TRAFFIC";
    "ACKNOWLEDGED: *" ["ACKNOWLEDGED", "# MORE", "NO ALARM"]
        "The alarm that has been seen, and how many are left. IMPs come before lines, and lines before hosts.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  ACKNOWLEDGED: 00:03:20  IMP 1 UP" in "control-center" Teletype
        ; see "ACK";
    "IMPS" []
        "Heads the part of a summary that has every IMP and one letter for how it is.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  IMPS" in "control-center" Teletype
        ; see "SUMMARY", "U UP";
    "LINES" []
        "Heads the part of a summary that has every line and one letter for how it is.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  LINES" in "control-center" Teletype
        ; see "SUMMARY", "U UP";
    "HOSTS UP" []
        "Heads the part of a summary that has the hosts, as host/IMP.",
        "the control center's program; no document has the words of the time", "BBN-NCC sees  HOSTS UP" in "control-center" Teletype
        ; see "SUMMARY", "U UP";
    "U UP" ["D DOWN", "O DOWN IN ONE DIRECTION", "L LOOPED", "N NOT KNOWN", "M REPORTS MISSING", "C DOWN OR CUT OFF", "LOOPED"]
        "What the letters of a summary mean.",
        "the IMP program of September 1973; the words are ours", "BBN-NCC sees  U UP  D DOWN  O DOWN IN ONE DIRECTION  L LOOPED  N NOT KNOWN" in "control-center" Teletype
        ; see "SUMMARY";
};

/// The headings of netstat's list, and of what is measured.
pub(super) const COLUMNS: &[Row] = rows! { Column:
    "LOCAL" []
        "netstat: the socket of this host. An even one receives, an odd one sends.",
        "NIC 8246, II, p. 12", "SITE1 sees  LOCAL  FOREIGN HOST     SOCKET  STATE     BYTE LINK  MSGS       BITS   HELD" in "allocation-step-by-step" Teletype
        ; see "socket", "gender", "FOREIGN HOST";
    "FOREIGN HOST" ["SOCKET (column)"]
        "netstat: the host at the other end, and in the next column its socket.",
        "NIC 8246, II, p. 12", "SITE1 sees  LOCAL  FOREIGN HOST     SOCKET  STATE     BYTE LINK  MSGS       BITS   HELD" in "allocation-step-by-step" Teletype
        ; see "LOCAL", "host";
    "STATE" []
        "netstat: how the connection stands.",
        "NIC 8246, III", "SITE1 sees  301  SITE2               400  open         8    2     2         80      0" in "allocation-step-by-step" Teletype
        ; see "open", "listening", "closing", "queued";
    "BYTE (column)" []
        "netstat: the byte size, in bits.",
        "NIC 8246, II, p. 11", "SITE1 sees  301  SITE2               400  open         8    2     2         80      0" in "allocation-step-by-step" Teletype
        ; see "byte size";
    "LINK" []
        "netstat: the link over which the data come or go.",
        "NIC 8246, IV, p. 24", "SITE1 sees  301  SITE2               400  open         8    2     2         80      0" in "allocation-step-by-step" Teletype
        ; see "link";
    "MSGS" []
        "netstat: how many messages the sender may still send, as this side counts.",
        "NIC 8246, III, Flow Control, pp. 17-18", "SITE1 sees  301  SITE2               400  open         8    2     2         80      0" in "allocation-step-by-step" Teletype
        ; see "allocation", "BITS";
    "BITS" []
        "netstat: how many bits the sender may still send, as this side counts.",
        "NIC 8246, III, Flow Control, pp. 17-18", "SITE1 sees  301  SITE2               400  open         8    2     2         80      0" in "allocation-step-by-step" Teletype
        ; see "allocation", "MSGS";
    "HELD" []
        "netstat: how many bits this host has of the connection: come and not read, or not known to have arrived.",
        "NIC 8246, III, Flow Control, p. 17", "SITE2 sees  400  SITE1               301  open         8    2     0          0     80" in "allocation-step-by-step" Teletype
        ; see "netstat", "allocation";
    "least ms" ["mean ms", "90% ms", "greatest ms", "round trip"]
        "A measurement: from the first bit of a message on its host's cable to the last bit of its RFNM there, in milliseconds.",
        "the scenario language", "hops  to             data bits  least ms  mean ms   90% ms  greatest ms" in "measure-round-trip" Measured
        ; see "RFNM", "hop";
    "data bits" ["1 link", "2 links", "throughput"]
        "A measurement: how long the messages are; and for each number of links that are used at once, how many kilobits a second \
         arrive. Each link waits for its RFNM, so that more links carry more.",
        "the scenario language; RFC 442, p. 3", "7  MIT-DMCG        8000    16.8     32.8     46.4     45.6" in "measure-throughput" Measured
        ; see "RFNM", "link";
    "busy %" ["mean wait ms", "mean queue", "longest", "sent again (column)"]
        "A measurement of lines: which part of the time a line was sending, how long packets waited for it, and how many of them did.",
        "the scenario language", "busy %  packets  sent again  mean wait ms  mean queue  longest" in "measure-under-load" Measured
        ; see "line", "again";
    "offered" ["held back", "unanswered", "RFNMs (column)"]
        "A count of all traffic: how many messages were meant to be sent, how many were given up since too many waited before them, and what became \
         of those that were sent.",
        "the scenario language", "offered  held back   sent  RFNMs  dead  incomplete  unanswered  mean ms  longest ms" in "measure-under-load" Measured
        ; see "traffic", "RFNM", "INCOMPLETE";
};
