//! What a host and its IMP say to each other, and what the IMPs do.

use super::entry::{Row, rows};

/// What a host says to its IMP.
pub(super) const TO_IMP: &[Row] = rows! { ToImp:
    "NOP" ["type 4", "no operation"]
        "A message that means nothing. Three go out when a ready line has risen, since what crosses the cable first may be \
         damaged; IMPs send them to hosts for the same reason. Level 2 has a control command of that name.",
        "BBN Report 1822; RFC 394, 1, footnote; RFC 381, 2, type 4", "SITE1 -> IMP  NOP" in "echo" Imp
        ; see "ready line", "leader";
    "ERROR" ["type 1", "error without identification"]
        "A message came damaged from the IMP, and the host cannot say which. The IMP does nothing about it.",
        "BBN Report 1822", "SITE1 -> IMP  ERROR"
        ; see "ERROR host", "cable";
    "ERROR host" ["type 8", "error with identification"]
        "The message from this host on this link came damaged from the IMP. The IMP does nothing about it.",
        "BBN Report 1822", "SITE1 -> IMP  ERROR host 2 link 5"
        ; see "ERROR";
    "GOING DOWN" ["type 2", "host going down"]
        "The host will stop, and says so beforehand: to the network it is dead from then on, until it sends its IMP something else.",
        "BBN Report 1822; RFC 271", "SITE1 -> IMP  GOING DOWN"
        ; see "IMP GOING DOWN", "ready line";
    "TYPE #" ["illegal type"]
        "A message of a type that no document gives its sender. An IMP answers such a one of a host with ERROR IN LEADER.",
        "RFC 381, 2, type 1", "SITE1 -> IMP  TYPE 3"
        ; see "type", "ERROR IN LEADER";
};

/// What an IMP says to its host.
pub(super) const FROM_IMP: &[Row] = rows! { FromImp:
    "RFNM" ["ready for next message", "type 5", "RFNMs"]
        "Ready for next message: the first packet of the message to this host on this link has been delivered there, and the next \
         may come. So it is an acknowledgement by the network, of arrival in the other host's interface, but not by the \
         program there. Each regular message has exactly one answer of its IMP: this, or one that says it failed.",
        "BBN Report 1822; RFC 381, 2, type 5; RFC 619", "IMP -> SITE1  RFNM host 2 link 0" in "echo" Imp
        ; see "DESTINATION DEAD", "INCOMPLETE", "ERROR IN DATA", "link";
    "DESTINATION DEAD" ["type 7", "destination dead"]
        "The message did not arrive, since the other host or its IMP is dead, cannot be reached, or does not exist: which, its \
         subtype says. What an ICMP `unreachable` is today, but it comes for each message, and always.",
        "RFC 381, 2, type 7", "IMP -> SITE3  DESTINATION DEAD host 2 link 0" in "append-site-dead" Trouble
        ; see "dead", "RFNM";
    "DESTINATION DEAD fake host" []
        "A message for a program inside an IMP did not arrive, since that IMP is dead or cannot be reached, or has no such program.",
        "BBN Report 1822", "IMP -> SITE1  DESTINATION DEAD fake host 1 of IMP 4 link 0"
        ; see "fake host", "DESTINATION DEAD";
    "INCOMPLETE" ["incomplete transmission", "type 9"]
        "The message did not arrive, or perhaps did not. Its subtype says why: the other host took nothing for half a \
         minute, the message was too long or came too slowly, it was lost in the subnet, or the IMP had no room for it. The NCP \
         decides whether to send it again; whoever does may send it twice.",
        "RFC 381, 2, type 9; RFC 394, 2", "IMP -> SITE1  INCOMPLETE host 2 link 2" in "tardy-host" Trouble
        ; see "tardy", "RFNM", "too slow";
    "too slow" ["message too slow into the IMP"]
        "Why a transmission is incomplete: more than 15 seconds passed between the first bit and the last of a message on its way \
         into the IMP.",
        "RFC 381, 2, type 9; RFC 394, 2", "IMP -> SLOW  INCOMPLETE host 2 link 2" in "slow-host" Trouble
        ; see "INCOMPLETE", "cable";
    "too long" ["message too long"]
        "Why a transmission is incomplete: the message has more than 8095 bits.",
        "RFC 381, 2, type 9", "IMP -> SITE1  INCOMPLETE host 2 link 2"
        ; see "INCOMPLETE", "message";
    "lost in the subnet" ["message lost in the subnet"]
        "Why a transmission is incomplete: the IMP of the receiver knows nothing of the message, most often since an IMP \
         stopped that had a part of it.",
        "RFC 381, 2, type 9; RFC 442, p. 2", "IMP -> SITE1  INCOMPLETE host 2 link 2"
        ; see "INCOMPLETE", "INC!";
    "resources unavailable" ["resources unavailable in the IMP"]
        "Why a transmission is incomplete: for 15 seconds the IMP could not get what it needs for the message, \
         such as a number or room at the other end. Nothing of it has left, so that it can be sent again without harm.",
        "RFC 394, 2", "IMP -> SITE1  INCOMPLETE host 2 link 2"
        ; see "INCOMPLETE", "REQ(8)";
    "ERROR IN DATA" ["type 8"]
        "The message came damaged into the IMP, behind the leader, and was thrown away. Its NCP sends it again.",
        "RFC 381, 2, type 8", "IMP -> SITE1  ERROR IN DATA host 2 link 2" in "leader-garbled-on-cable" Trouble
        ; see "ERROR IN LEADER", "cable";
    "ERROR IN LEADER" ["type 1"]
        "The IMP could make nothing of a message of this host: its leader was damaged, it was shorter than one, or no host may send \
         its type. Which message it was cannot be said, so that the NCP waits for an answer that does not come.",
        "RFC 381, 2, type 1", "IMP -> SITE1  ERROR IN LEADER link 0" in "leader-garbled-on-cable" Trouble
        ; see "leader", "ERROR IN DATA";
    "INTERFACE RESET" ["type 10", "IMP-host interface reset"]
        "The IMP has dropped its ready line and thrown away all that it held for this host, mostly since the host took nothing \
         for too long. What the host had been waiting for may be lost.",
        "RFC 381, 2, type 10; RFC 394, 1", "IMP -> SITE2  INTERFACE RESET" in "tardy-host" Imp
        ; see "tardy", "ready line";
    "IMP GOING DOWN" ["IMP-going-down", "type 2"]
        "The IMP will stop: when, for how long, both counted in five minutes, and why. The last notice comes 30 seconds before. An \
         operator tells the users of the host.",
        "RFC 381, 1 and 2, type 2; RFC 406", "IMP -> SITE2  IMP GOING DOWN" in "imp-goes-down" Trouble
        ; see "GOING DOWN", "scheduled software reload";
    "scheduled software reload" ["software reload", "RELOAD"]
        "Why an IMP goes down: it is given a new program, as an hour of each Tuesday morning was set aside for.",
        "RFC 381, 1", "SITE2 sees  IMP GOING DOWN IN 10 MIN FOR 5 MIN: SCHEDULED SOFTWARE RELOAD" in "imp-goes-down" Teletype
        ; see "IMP GOING DOWN", "scheduled hardware maintenance";
    "scheduled hardware maintenance" ["preventive maintenance"]
        "Why an IMP goes down: somebody is to look after the machine.",
        "RFC 381, 1; RFC 406", "SITE2 sees  IMP GOING DOWN IN 10 MIN FOR 5 MIN: SCHEDULED HARDWARE MAINTENANCE"
        ; see "IMP GOING DOWN";
    "emergency reload or restart" ["emergency"]
        "Why an IMP goes down: something is wrong with it, and cannot wait.",
        "RFC 381, 1", "SITE2 sees  IMP GOING DOWN IN 5 MIN FOR 5 MIN: EMERGENCY RELOAD OR RESTART"
        ; see "IMP GOING DOWN";
    "arrives" ["arrives on link #, # bits", "arrival"]
        "The last bit of a message has reached the host, leader and padding counted. What it says was shown when it was sent; between \
         these two lines lies the time that the net took.",
        "BBN Report 1822", "SITE2 -> SITE1  arrives on link 0, 112 bits" in "give-back" Imp
        ; see "padding", "RFNM";
};

/// What crosses the lines between the IMPs.
pub(super) const BETWEEN: &[Row] = rows! { ImpToImp:
    "REQ(8)" ["REQ"]
        "The first IMP asks the last one for room for a message of several packets. It has halted the host's cable behind the \
         first packet until it gets an ALL(8).",
        "RFC 442, p. 2", "IMP 1 > 2  1>2 REQ(8) 1, IMP 1 to 2, 168 bits" in "random-bytes" Packets
        ; see "ALL(8)", "GVB(8)", "reassembly";
    "ALL(8)" ["ALL(8) of an IMP"]
        "The last IMP has set eight buffers aside, so that a message of several packets may come. This is the IMPs' own \
         allocation: it has nothing to do with the ALL of an NCP.",
        "RFC 442, p. 2", "IMP 2 > 1  2>1 ALL(8), IMP 2 to 1, 168 bits" in "random-bytes" Packets
        ; see "REQ(8)", "GVB(8)", "RFNM and ALL(8)", "ALL";
    "ALL(1)" []
        "There was no room for a message of one packet when it came; now there is, and the first IMP sends it again.",
        "RFC 442, pp. 1-2", "IMP 30 > 6  30>6 ALL(1) 1, IMP 5 to 23, 168 bits" in "measure-under-load" Packets
        ; see "ALL(8)", "reassembly";
    "GVB(8)" ["GVB(8) of an IMP"]
        "The first IMP does not need the eight buffers: no further message of several packets came within an eighth of a second. It \
         is not the GVB of an NCP.",
        "RFC 442, p. 3", "IMP 1 > 2  1>2 GVB(8), IMP 1 to 2, 168 bits" in "random-bytes" Packets
        ; see "ALL(8)", "GVB";
    "RFNM of an IMP" []
        "On its way from the last IMP to the first: the message of this number has been delivered. The first IMP makes of it the \
         RFNM that its host is told.",
        "RFC 442, p. 1", "IMP 2 > 1  2>1 RFNM 0, IMP 2 to 1, 168 bits" in "echo" Packets
        ; see "RFNM", "message number";
    "RFNM # and ALL(8)" ["RFNM and ALL(8)"]
        "On its way from the last IMP to the first: the message of this number, of several packets, has been delivered, and there is \
         room for another such one. So a host that sends much need not wait for room each time.",
        "RFC 442, p. 3", "IMP 2 > 1  2>1 RFNM 2 and ALL(8), IMP 2 to 1, 168 bits" in "noisy-line" Packets
        ; see "RFNM", "ALL(8)", "GVB(8)";
    "host dead #" ["host dead of an IMP"]
        "On its way to the first IMP: the message of this number is for a host that is dead.",
        "RFC 381, 2, type 7", "IMP 2 > 3  2>3 host dead 0, IMP 2 to 3, 168 bits" in "append-site-dead" Packets
        ; see "DESTINATION DEAD", "dead";
    "host tardy #" ["host tardy"]
        "On its way to the first IMP: the host did not take the message of this number for 30 seconds.",
        "RFC 394, 1; RFC 381, 2, type 9", "IMP 2 > 1  2>1 host tardy 4, IMP 2 to 1, 168 bits" in "silent-host" Packets
        ; see "tardy", "INCOMPLETE";
    "INC?" ["INC? #"]
        "The first IMP has heard nothing of a message for 30 seconds, and asks the last one what became of it.",
        "RFC 442, p. 2", "IMP 2 > 3  2>3 INC? 0, IMP 2 to 5, 168 bits" in "control-center" Packets
        ; see "INC!", "lost in the subnet";
    "INC!" ["INC! #"]
        "The answer to INC?: the message has not come, or not all of it. Its host is told that the transmission is incomplete.",
        "RFC 442, p. 3", "IMP 5 > 1  5>1 INC! 34, IMP 5 to 1, 168 bits" in "control-center" Packets
        ; see "INC?", "INCOMPLETE";
    "withdrawn" ["withdrawn #"]
        "The rest of a message will not come, so that the last IMP need not keep what it has: its host sent it too slowly, or \
         damaged. How the IMPs of 1973 told each other is in no document; this is ours.",
        "RFC 381, 2, types 8 and 9", "IMP 1 > 2  1>2 withdrawn 27, IMP 1 to 2, 168 bits" in "slow-host" Packets
        ; see "too slow", "ERROR IN DATA";
    "void" []
        "An empty packet, in the place of one that the next IMP did not take for 30 seconds, so that the channel of the line is free \
         again. What the IMPs of 1973 did is in no document; this is ours.",
        "RFC 442, pp. 4-7 (the channels)", "IMP 1 > 2  1>2 void, 168 bits"
        ; see "acknowledgements";
    "acknowledgements" ["acknowledgement", "ACK bits"]
        "A packet between two neighbours that carries nothing but bits that say which packets have come: one bit for each of eight \
         channels of the line. Mostly these bits ride on packets of the other direction.",
        "RFC 442, pp. 4-7", "IMP 2 > 1  2>1 acknowledgements, 168 bits" in "echo" Lines
        ; see "packet", "again", "RFNM";
    "routing" ["routing message", "routing messages"]
        "What each IMP tells its neighbours every two thirds of a second: how far it believes every other IMP to be. Each keeps the \
         neighbour that promises the shortest way, as in distance vector protocols of today; and a line on which none come \
         is dead.",
        "BBN Report 1822; RFC 528", "IMP 1 > 2  1>2 routing, 1160 bits" in "echo" Lines
        ; see "line", "hop";
    "line to imp # is dead" ["line is dead"]
        "An IMP has found out that nothing comes over this line any more, and will send no packets over it.",
        "BBN Report 1822", "imp 1  line to imp 2 is dead" in "append-imp-crashed" Trouble
        ; see "routing", "line";
    "line to imp # is alive" ["line is alive"]
        "Both ends of the line hear each other again, and packets may go over it.",
        "BBN Report 1822", "imp 1  line to imp 2 is alive" in "ring-is-cut" Trouble
        ; see "routing", "line";
};
