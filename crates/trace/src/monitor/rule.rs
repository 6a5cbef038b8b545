//! The rules that the monitor knows, each with the place where it is written, what it weighs, and what shows that it is
//! broken.

use std::fmt;

/// What shows that a rule is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// A message alone: nothing that was said before it could allow it.
    Form,
    /// What was said before it, or was not said.
    Course,
    /// An answer to a question that was not asked.
    Question,
    /// What has reached the host: as long as a message has not, the host does not know that it breaks the rule.
    Hearing,
    /// What became of all that the host said. A host whose cable is not seen may have begun anew, or sent a message that
    /// got lost, or been told that a message got lost which has arrived.
    OwnWords,
}

/// What a rule weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The documents demand it, as far as they speak of it. Who does otherwise breaks a rule.
    Demand,
    /// One document of several asks it, or wishes it only, or a later one allows otherwise. Who does otherwise breaks
    /// nothing; it may explain a trouble.
    Advice,
}

impl Grade {
    /// The grade in a word, as in the list of all rules.
    pub fn name(self) -> &'static str {
        match self {
            Grade::Demand => "rule",
            Grade::Advice => "advice",
        }
    }
}

/// Makes an enum of rules, each with its grade, what shows that it is broken, its source, and what it says.
macro_rules! rules {
    ($($name:ident: $grade:ident, $evidence:ident, $source:literal, $says:literal;)+) => {
        /// A rule of level 1 or 2 or of the dialogues above them, or an advice. What it says is its documentation; [`Rule::source`] is where it is
        /// written, and [`Rule::grade`] what it weighs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule {
            $(#[doc = concat!($says, " (", $source, ").")] $name,)+
        }

        impl Rule {
            /// Every rule, in the order in which they are listed.
            pub const ALL: &[Rule] = &[$(Rule::$name),+];

            /// Document and section.
            pub fn source(self) -> &'static str {
                match self { $(Rule::$name => $source,)+ }
            }

            /// What it weighs.
            pub fn grade(self) -> Grade {
                match self { $(Rule::$name => Grade::$grade,)+ }
            }

            /// What shows that it is broken.
            pub(super) fn evidence(self) -> Evidence {
                match self { $(Rule::$name => Evidence::$evidence,)+ }
            }

            /// Whether a message alone shows that it is broken, whatever was said before it, and whenever.
            pub fn is_of_form(self) -> bool {
                self.evidence() == Evidence::Form
            }
        }

        impl fmt::Display for Rule {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Rule::$name => $says,)+ })
            }
        }
    };
}

impl Rule {
    /// Whether nobody is accused who does otherwise.
    pub fn is_advice(self) -> bool {
        self.grade() == Grade::Advice
    }

    /// All rules as a table of two lines for each: its grade and what it says, and where that is written.
    pub fn table() -> String {
        let mut text = String::new();
        for rule in Rule::ALL {
            text.push_str(&format!("{:7} {rule}\n        ({})\n", rule.grade().name(), rule.source()));
        }
        text
    }
}

// The house rule: where a document is silent, so is the monitor, and an advice accuses nobody. A row names the place that
// demands what it says, or asks it; what the documents leave to a host or an IMP is not judged. Before a row is a demand,
// ask who could be wronged by it: a host or an IMP of the time that did so, and was right by another document. A new rule
// is a row here, the check in level 1 or level 2, and dialogues in `tests` that break it; those tests name every rule that
// has none.
rules! {
    // Level 1, what an IMP does.
    Unasked: Demand, Course, "RFC 381, 2, change 1",
        "an IMP answers a regular message once, and none that was not sent";
    Unanswered: Demand, Course, "RFC 381, 2, change 1; RFC 394",
        "an IMP answers every regular message, within a minute and half a minute more for each one before it";
    NotAsSent: Demand, Course, "BBN Report 1822; RFC 635",
        "an IMP delivers what a host sent, leader and text, with a one and zeros up to 16 bits behind it";
    OutOfOrder: Demand, Course, "RFC 442, p. 4",
        "an IMP delivers the messages of a link in the order in which they were sent";
    DeliveredTwice: Demand, Course, "RFC 442, p. 4",
        "an IMP delivers a message once";
    DeliveredThoughRefused: Demand, Course, "RFC 381, 2, types 7, 8 and 9",
        "an IMP does not deliver a message whose sender was told that it cannot be delivered";
    RefusedThoughDelivered: Demand, Course, "RFC 381, 2, types 7, 8 and 9",
        "an IMP does not say that a message cannot be delivered that was";
    RfnmTooEarly: Demand, Course, "RFC 442, p. 1; RFC 594",
        "a RFNM comes when at least the first packet of the message is in its host, and the others follow";
    ImpType: Demand, Form, "RFC 381, 2",
        "an IMP sends messages of types 0, 1, 2, 4, 5, 7, 8, 9 and 10, each with a whole leader";
    ImpSubtype: Advice, Form, "RFC 381, 2; RFC 394, 2",
        "RFC 381 and RFC 394 define subtypes 0 to 2 of type 1, 0 and 1 of type 7, 0 to 4 of type 9: an IMP sends no others";
    LaterType: Advice, Form, "RFC 381, 2; RFC 611, 3; RFC 660, d",
        "RFC 381 leaves types 3 and 6 without a meaning: an IMP and a host send none, until RFC 611 and RFC 660 do";
    ImpNotReady: Demand, Course, "RFC 271; BBN Report 1822",
        "an IMP sends nothing while its own ready line or the host's is down";
    UntimelyReset: Advice, Course, "RFC 394, 1",
        "RFC 394 has an IMP say that it reset the interface after its ready line was down, right after three NOPs";
    UncalledError: Demand, Course, "RFC 381, 2, type 1",
        "an IMP complains of a short message or an illegal type only if the host sent one";
    NotTooLong: Demand, Course, "RFC 381, 2, type 9",
        "an IMP finds only a message too long that has more than 8095 bits";

    // Level 1, what a host does.
    HostLength: Demand, Form, "RFC 381, 2, types 1 and 9",
        "a host sends messages of 32 to 8095 bits, leader included";
    HostType: Demand, Form, "RFC 381, 2, type 1",
        "a host sends messages of types 0, 1, 2, 4 and 8";
    HostNotReady: Demand, Course, "RFC 271; BBN Report 1822",
        "a host sends nothing while its own ready line is down, and only NOPs while the IMP's is";
    NopsFirst: Advice, Course, "RFC 394, 1, footnote",
        "RFC 394 asks that the first message of a host after a ready line has risen, or after a reset, is one that may be \
         lost, as a NOP";
    LinkBusy: Advice, Course, "RFC 492, 4; RFC 533",
        "RFC 492 asks that a host has one message at a time unanswered on a link, to know which one it must send again; \
         RFC 533 leaves it to the host";

    // Level 2, the form of messages.
    Header: Demand, Form, "NIC 8246, IV, Message Format, p. 23",
        "a regular message has a header of 72 bits, and as many bytes of text as the header says";
    Filler: Demand, Form, "NIC 8246, IV, Message Format, p. 23",
        "the fields M1, M2 and M3 of a message are zero";
    ReservedLink: Advice, Form, "NIC 8246, IV, Link Assignment, p. 25; RFC 317",
        "NIC 8246 and RFC 317 reserve links 1 and 72 to 158, for later use";
    ControlSize: Demand, Form, "NIC 8246, IV, Control Messages, p. 25",
        "the byte size of a control message is 8";
    ControlLength: Demand, Form, "NIC 8246, IV, Control Messages, p. 25",
        "a control message has at most 120 bytes of text";
    Opcode: Demand, Form, "NIC 8246, IV, Opcode Assignment, p. 31",
        "a control command has an opcode of 0 to 13; private experiments count down from 255";
    Parameters: Demand, Form, "NIC 8246, IV, Control Messages, p. 25",
        "a control message holds whole commands";

    // Level 2, connections.
    Genders: Demand, Form, "NIC 8246, II, p. 12",
        "RTS goes from an even socket to an odd one, STR from an odd one to an even one, and CLS joins the two";
    LinkNumber: Demand, Form, "NIC 8246, IV, RTS, p. 27; RFC 317",
        "the link in an RTS is 2 to 71, or 192 to 255 in private experiments";
    ByteSize: Demand, Form, "NIC 8246, IV, STR, p. 27",
        "the byte size in an STR is 1 to 255";
    LinkInUse: Demand, OwnWords, "NIC 8246, IV, Link Assignment, p. 24",
        "a receiving host assigns a link to one connection at a time, until both hosts have sent CLS";
    SocketInUse: Demand, OwnWords, "NIC 8246, III, Connection Establishment, p. 13; Connection Termination, p. 15",
        "a socket has one connection, and is free for the next when both hosts have sent CLS";
    CloseOfNothing: Demand, OwnWords, "NIC 8246, IV, ERR 4, p. 30",
        "a CLS names two sockets between which a connection was requested";
    CloseTwice: Advice, OwnWords, "NIC 8246, III, Connection Termination, p. 15",
        "NIC 8246 asks for one CLS from each side of a connection: another may close the next one";
    CloseInTransit: Demand, OwnWords, "NIC 8246, III, Connection Termination, p. 16",
        "the sending host sends no CLS while a message is in transit over the connection";
    CloseUnanswered: Demand, Course, "NIC 8246, III, Connection Termination, p. 15",
        "a host answers a CLS by a CLS";
    NotEstablished: Demand, Course, "NIC 8246, III, Flow Control, p. 18; Interrupts, p. 20",
        "ALL, GVB and INR name a link on which the host receives, RET and INS one on which it sends, \
         of a connection that both hosts have requested and this one has not closed";
    DataUnconnected: Demand, Course, "NIC 8246, III, Flow Control, p. 17; IV, ERR 5, p. 31",
        "data go over the link of a connection that both hosts have requested and the sender has not closed";
    DataSize: Demand, Course, "NIC 8246, IV, Message Format, p. 23",
        "data have the byte size of the STR";
    DataAfterDemand: Demand, Hearing, "NIC 8246, III, Connection Termination, p. 16",
        "a CLS of the receiver demands of the sender that it stop";

    // Level 2, flow control.
    BeyondAllocation: Demand, Course, "NIC 8246, III, Flow Control, p. 18",
        "a sender has allocation for every message and bit that it sends";
    CounterOverflow: Demand, Course, "NIC 8246, III, Flow Control, p. 18",
        "a receiver does not bring the sender's counters above 65535 messages and 4294967295 bits";
    ReturnUnasked: Demand, Course, "NIC 8246, III, Flow Control, p. 19",
        "a sender returns allocation only if a GVB asked for it, once for each";
    ReturnTooMuch: Demand, Course, "NIC 8246, III, Flow Control, p. 19",
        "a sender returns no more than it has";
    ReturnTooLittle: Demand, Hearing, "NIC 8246, III, Flow Control, p. 19",
        "a sender returns at least what the GVB asked for, rounded up";
    ReturnMissing: Demand, Course, "NIC 8246, III, Flow Control, p. 19",
        "a sender answers a GVB by a RET";

    // Level 2, what concerns no connection.
    EchoTooEarly: Demand, OwnWords, "NIC 8246, III, Test Inquiry, p. 20",
        "a host sends no ECO while another one to the same host is unanswered";
    EchoUnasked: Demand, Question, "NIC 8246, III, Test Inquiry, p. 20",
        "a host sends an ERP only in answer to an ECO, with the same data";
    EchoMissing: Demand, Course, "NIC 8246, III, Test Inquiry, p. 20",
        "a host answers an ECO by an ERP";
    ResetTwice: Demand, Form, "NIC 8246, III, Reinitialization, p. 22",
        "a control message holds one RST at most";
    ResetReplyUnasked: Demand, Question, "NIC 8246, III, Reinitialization, p. 22",
        "a host sends an RRP only in answer to an RST";
    ResetReplyMissing: Demand, Course, "NIC 8246, IV, RRP, p. 26",
        "a host answers an RST by an RRP";
    Complaint: Advice, Form, "NIC 8246, IV, ERR, p. 30",
        "NIC 8246 defines codes 0 to 5 of an ERR, and has a command behind codes 1 to 4 that could be wrong in that way; \
         more codes may come";

    // What a server of files says.
    ReplyUnasked: Advice, OwnWords, "RFC 354, V.C; RFC 454, V.C",
        "RFC 354 has a server of files answer what it was asked, and say unasked only news, greetings, farewells and data \
         sockets";
}
