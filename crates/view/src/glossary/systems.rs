//! What runs on the hosts of the nets, and how an NCP does what is left to it.

use super::entry::{Row, rows};

/// The systems that the nets name. Where no document names one, the machine stands in its place.
pub(super) const SYSTEMS: &[Row] = rows! { System:
    "TENEX" []
        "BBN's time-sharing system for the PDP-10, which more of the large hosts run than any other: RSEXEC and the authors of RFC 438 are at home \
         on it. Its NCP keeps a request for two minutes. All hosts that are simulated here behave as TENEXes unless a scenario \
         says otherwise, whatever system the net names.",
        "RFC 597; RFC 689", "SITE2 sees  SOCKET 303: refused" in "request-queued" Teletype
        ; see "tenex", "PDP-10", "RSEXEC";
    "PDP-10" []
        "A machine of DEC with words of 36 bits, which most large hosts of the net are. Where only this is said, its system is \
         DEC's own or not known.",
        "RFC 432; RFC 597"
        ; see "TENEX", "ITS", "SAIL";
    "ITS" ["incompatible timesharing system"]
        "The time-sharing system of MIT's own PDP-10s.",
        "RFC 597"
        ; see "PDP-10";
    "SAIL" []
        "The system of the PDP-10 at Stanford's laboratory for artificial intelligence, and a name of that host.",
        "RFC 433; RFC 597"
        ; see "PDP-10";
    "MULTICS" ["Multics"]
        "The time-sharing system of MIT on a large Honeywell.",
        "RFC 432; RFC 597"
        ; see "host";
    "SEX" []
        "The system of the Sigma 7 at UCLA, the first host of the network.",
        "RFC 229; RFC 597"
        ; see "NMC";
    "TIP (system)" []
        "Not a computer beside an IMP but inside it: it serves terminals.",
        "RFC 384"
        ; see "TIP";
    "ANTS" []
        "A small system of the University of Illinois, on a PDP-11, through which people use other hosts.",
        "RFC 433; RFC 597"
        ; see "PDP-11";
    "OLS" []
        "The on-line system of Santa Barbara's IBM 360/75.",
        "RFC 597"
        ; see "360/75";
    "360/91" ["OS/360", "IBM", "System/360"]
        "A large IBM of the System/360 with OS/360, at UCLA's computing center: words of 32 bits, and EBCDIC instead of ASCII.",
        "RFC 189; RFC 432; RFC 597"
        ; see "TYPE E", "360/75", "360/67";
    "360/75" []
        "An IBM of the System/360, at Santa Barbara.",
        "RFC 432; RFC 597"
        ; see "OLS", "360/91";
    "360/67" []
        "The IBM of the System/360 for time-sharing, at Lincoln Laboratory and at AMES.",
        "RFC 432; RFC 597"
        ; see "360/91";
    "360/65" []
        "An IBM of the System/360, at RAND.",
        "RFC 432"
        ; see "360/91";
    "360/44" []
        "A small IBM of the System/360, at USC.",
        "RFC 432; RFC 597"
        ; see "360/91";
    "370/145" ["ADEPT"]
        "The IBM of SDC, of the System/370; by its name in the host tables it is SDC-ADEPT.",
        "RFC 384; RFC 432; RFC 597"
        ; see "360/91";
    "940" ["SDS 940"]
        "The machine of SRI when the network had four IMPs.",
        "the net four-imps-1969"
        ; see "host";
    "B6700" []
        "The Burroughs of San Diego.",
        "RFC 432; RFC 597"
        ; see "host";
    "UNIVAC-418" []
        "The Univac 418 of Tinker Air Force Base, which the maps have before it sends anything.",
        "RFC 384; RFC 432"
        ; see "host";
    "PDP-1" []
        "An early machine of DEC, at Harvard and at BBN.",
        "RFC 432; RFC 597"
        ; see "PDP-10";
    "PDP-11" []
        "A small machine of DEC with words of 16 bits.",
        "RFC 432; RFC 597"
        ; see "ANTS";
    "PDP-15" []
        "A machine of DEC, at ARPA itself, and in front of PDP-10s elsewhere.",
        "RFC 432; RFC 597"
        ; see "PDP-10";
    "H-316" ["H316", "316", "516"]
        "The Honeywell 316: the control center's host, and with the older 516 the machine that IMPs are made of. Emulated ones run \
         the IMP program of 1973 today, and a live host can join them.",
        "RFC 432; BBN Report 1822"
        ; see "control center", "IMP";
    "TX-2" []
        "A machine that Lincoln Laboratory built itself.",
        "RFC 384; RFC 597"
        ; see "host";
    "TSP" []
        "A machine of Lincoln Laboratory from which people use other hosts.",
        "RFC 384; RFC 597"
        ; see "host";
};

/// The words of `--policy`, of a live host.
pub(super) const POLICIES: &[Row] = rows! { Policy:
    "tenex" []
        "`host --policy tenex`: the NCP does as a TENEX does. It keeps requests for two minutes, and so it is if nothing is said.",
        "RFC 689; NIC 8246, III, Queueing Considerations, p. 14"
        ; see "TENEX", "queueing", "refuse";
    "plain" []
        "`host --policy plain`: one command in each control message, and short messages of data: for NCPs that read no more. A scenario \
         says `sends plain control messages`.",
        "NIC 8246, IV, Control Messages, p. 25"
        ; see "control link";
    "refuse" []
        "`host --policy refuse`: a request for which no program waits is answered by a CLS at once. A scenario says \
         `refuses unmatched requests`.",
        "NIC 8246, III, Queueing Considerations, p. 14", "SITE1 -> SITE2  CLS 400 301" in "request-refused-at-once" Ncp
        ; see "queueing", "refused";
    "patient" []
        "`host --policy patient`: requests and closings are kept for ten minutes: for people who type the protocol by hand.",
        "NIC 8246, III, pp. 14 and 17"
        ; see "hasty", "queueing";
    "hasty" []
        "`host --policy hasty`: requests and closings are kept for three seconds only.",
        "NIC 8246, III, pp. 14 and 17"
        ; see "patient", "queueing";
    "links=" ["links=*"]
        "`host --policy links=42-49`: the NCP assigns only these links to the connections on which it receives.",
        "NIC 8246, IV, Link Assignment, pp. 24-25"
        ; see "link";
    "long" []
        "`host --policy long`: messages as long as the network allows are sent and invited, where IMPs take them; emulated ones do not.",
        "RFC 381, 2, type 9"
        ; see "message", "allocation";
    "small" []
        "`host --policy small`: one message of 1000 bits is allocated at a time.",
        "NIC 8246, III, Flow Control, pp. 17-18"
        ; see "allocation";
    "quiet" []
        "`host --policy quiet`: no partner that falls silent is asked by an ECO whether it is there.",
        "NIC 8246, III, Test Inquiry, p. 20"
        ; see "ECO", "the other host does not answer";
};
