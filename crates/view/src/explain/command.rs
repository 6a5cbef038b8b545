//! What a control command says, and which clauses are about it.

use imp1822::HostAddress;
use ncp::{Command, Gender, Socket};
use trace::{Half, Topic};

use super::context::Context;
use super::facts::Fact;
use crate::sheet::Moment;

impl Context<'_> {
    /// A command in words: what it asks, tells or grants.
    pub(super) fn command(&self, moment: &Moment, fact: &Fact, from: HostAddress, to: HostAddress) -> String {
        let (one, other) = (self.host(from), self.host(to));
        match fact.command {
            Command::Nop => "Nothing: a NOP only fills a message.".to_owned(),
            Command::Rts { receive, send, link } => {
                let what = format!(
                    "{other} is to send from its socket {} to socket {} of {one}, in messages on link {link}, which {one} \
                     has chosen",
                    odd(send),
                    odd(receive)
                );
                self.request(moment, fact, [one, other], &what)
            }
            Command::Str { send, receive, size } => {
                let what = format!(
                    "{one} is to send from its socket {} to socket {} of {other}, in bytes of {size} bits",
                    odd(send),
                    odd(receive)
                );
                self.request(moment, fact, [one, other], &what)
            }
            Command::Cls { mine, yours } => self.close(moment, fact, [one, other], mine, yours),
            Command::All { link, messages, bits } => {
                let more = if fact.is_first { "" } else { " more" };
                let plural = if messages == 1 { "message" } else { "messages" };
                let connection = self.connection(fact, to, from);
                let first = if fact.is_first {
                    ". Before this, nothing may be sent: it is what the window is in TCP, but counted in messages and in \
                     bits, and each ALL adds to what is left"
                } else {
                    ", on top of what is left"
                };
                format!(
                    "{one} has room for {messages}{more} {plural} with {bits} bits of text on link {link}{connection}{first}."
                )
            }
            Command::Gvb { link, messages, bits } => format!(
                "{one} wants room back that it had allocated on link {link}: of what {other} may still send, {messages}/128 of the \
                 messages and {bits}/128 of the bits."
            ),
            Command::Ret { link, messages, bits } => format!(
                "{one} gives back {} and {bits} bits of what it might still send on link {link}, as it was asked: parts of \
                 one are rounded up.",
                counted(messages)
            ),
            Command::Inr { link } => format!(
                "{one}, which receives on link {link}, interrupts the sender. What that means is for the programs to know."
            ),
            // That is a convention of these hosts.
            Command::Ins { link } if self.ends_with(moment, fact) => format!(
                "{one}, which sends on link {link}, interrupts the receiver, so that the CLS behind it is not taken for the end of \
                 the text: something of that is missing. No document gives an interrupt this meaning; who does not know it loses \
                 nothing."
            ),
            Command::Ins { link } => format!(
                "{one}, which sends on link {link}, interrupts the receiver. What that means is for the programs to know: in \
                 Telnet, that the text up to the data mark is not worth reading."
            ),
            Command::Eco { data } => {
                format!("{one} wants to know whether {other} is there: an ERP is to bring back {data}.")
            }
            Command::Erp { data } => format!("{one} is there: it sends back the {data} of the ECO."),
            Command::Err { code, .. } => format!(
                "{one} complains of something that {other} has sent: {code}. Behind the code stands how it began."
            ),
            Command::Rst => format!(
                "{one} has forgotten whatever it had to do with {other}, and asks it to forget the same: all connections between \
                 the two hosts, open or not."
            ),
            Command::Rrp => format!("{one} has forgotten it: both begin anew with empty tables."),
        }
    }

    /// Whether the message that has this command closes the same connection.
    fn ends_with(&self, moment: &Moment, fact: &Fact) -> bool {
        let mut others = self.facts.commands(moment.record).iter();
        fact.ends.is_some()
            && others.any(|other| matches!(other.command, Command::Cls { .. }) && other.ends == fact.ends)
    }

    /// A request for connection: which half it is, and what the connection is for.
    fn request(&self, moment: &Moment, fact: &Fact, [one, other]: [String; 2], what: &str) -> String {
        let purpose = match (moment.topic, fact.half) {
            (Topic::Contact { service, .. }, _) => {
                let of_user = match fact.command {
                    Command::Rts { receive, .. } => {
                        format!(" {receive} is a number of its own choice: U, as the documents call it.")
                    }
                    _ => String::new(),
                };
                format!(
                    " Socket {service} is that of {} at every host.{of_user}",
                    crate::sheet::service_words(service)
                )
            }
            (Topic::Dialogue { .. }, Some(Half::Asks)) => {
                " It is one of the two connections of the dialogue: each carries text one way only."
                    .to_owned()
            }
            _ => String::new(),
        };
        match fact.half {
            Some(Half::Opens) => {
                format!(
                    "{one} agrees: {what}. Both sides have now asked for the same two sockets: that opens the connection.{purpose}"
                )
            }
            Some(Half::TooLate) => format!(
                "{one} agrees: {what}. But {other} has given up meanwhile, and its CLS is on the way: this opens nothing."
            ),
            _ => format!(
                "{one} asks {other} for a connection: {what}. It is open when {other} has asked for the same.{purpose}"
            ),
        }
    }

    /// A CLS: which half it is.
    fn close(
        &self,
        moment: &Moment,
        fact: &Fact,
        [one, other]: [String; 2],
        mine: Socket,
        yours: Socket,
    ) -> String {
        let between = format!("{mine} here and {yours} at {other}");
        match fact.half {
            Some(Half::Ends) if fact.their_close.is_some_and(|theirs| !self.has_arrived(theirs, moment)) => {
                format!(
                    "{one} closes, too: this is the second half. The sockets, {between}, are free when both CLS have arrived."
                )
            }
            Some(Half::Ends) => format!(
                "{one} answers with its own CLS: the second half. With it the sockets, {between}, are free again."
            ),
            Some(Half::Refuses) => format!(
                "{one} refuses the request: a CLS in the place of the one that would match. It names the sockets, {between}."
            ),
            Some(Half::Withdraws) => {
                format!("{one} withdraws its own request, which was not answered, for the sockets {between}.")
            }
            Some(Half::Closes)
                if fact.their_request.is_some_and(|theirs| !self.has_arrived(theirs, moment)) =>
            {
                let theirs = fact.their_request.map(|theirs| self.quoted(theirs)).unwrap_or_default();
                format!(
                    "{one} withdraws its own request, which was not answered as far as it knows: {theirs} is still on its way. It is \
                     the first half of closing the sockets {between}; the answer will be thrown away."
                )
            }
            half => {
                let first = if half == Some(Half::Closes) { " This is the first half:" } else { "" };
                let what = match mine.gender() {
                    Gender::Send => format!("{one} will send nothing more on this connection"),
                    Gender::Receive => {
                        format!("{one} wants nothing more on this connection, and {other} is to stop")
                    }
                };
                format!("{what}.{first} the sockets, {between}, are free when {other} has sent its CLS, too.")
            }
        }
    }

    /// Of which connection a command speaks, if its link was seen to be assigned.
    fn connection(&self, fact: &Fact, sender: HostAddress, receiver: HostAddress) -> String {
        fact.ends.map_or_else(String::new, |(send, receive)| {
            format!(", from {} {send} to {} {receive}", self.host(sender), self.host(receiver))
        })
    }

    /// The names of the clauses that are about it.
    pub(super) fn clauses_of(fact: &Fact, topic: Topic) -> Vec<&'static str> {
        let of_contact = matches!(topic, Topic::Contact { .. });
        let (common, of_icp): (&[&str], &[&str]) = match (fact.command, fact.half) {
            (Command::Nop, _) => (&["cmd-01"], &[]),
            (Command::Rts { .. }, Some(Half::Opens)) => (&["est-05", "est-06", "est-04"], &[]),
            (Command::Rts { .. }, _) => (&["est-01", "est-04", "est-10"], &["icp-06"]),
            (Command::Str { .. }, Some(Half::Opens)) => (&["est-05", "est-06", "est-03"], &["icp-07"]),
            (Command::Str { .. }, _) => (&["est-01", "est-03", "est-10"], &[]),
            (Command::Cls { .. }, Some(Half::Ends)) => (&["ter-02", "ter-06"], &["icp-08"]),
            (Command::Cls { .. }, Some(Half::Refuses)) => (&["ter-04"], &[]),
            (Command::Cls { .. }, Some(Half::Withdraws)) => (&["ter-05", "est-15"], &[]),
            (Command::Cls { mine, .. }, _) if mine.gender() == Gender::Send => {
                (&["ter-01", "ter-02", "ter-08"], &["icp-08"])
            }
            (Command::Cls { .. }, _) => (&["ter-01", "ter-02", "ter-10"], &["icp-10"]),
            (Command::All { .. }, _) => (&["flo-02", "flo-04", "flo-06"], &["icp-14"]),
            (Command::Gvb { .. }, _) => (&["flo-15", "flo-17"], &[]),
            (Command::Ret { .. }, _) => (&["flo-19", "flo-22"], &[]),
            (Command::Inr { .. } | Command::Ins { .. }, _) => (&["int-01"], &[]),
            (Command::Eco { .. }, _) => (&["eco-01", "eco-08"], &[]),
            (Command::Erp { .. }, _) => (&["eco-02"], &[]),
            (Command::Err { .. }, _) => (&["err-01"], &[]),
            (Command::Rst, _) => (&["rst-01", "rst-02"], &[]),
            (Command::Rrp, _) => (&["rst-03"], &[]),
        };
        common.iter().chain(of_icp.iter().filter(|_| of_contact)).copied().collect()
    }
}

/// So many messages.
pub(crate) fn counted(messages: impl Into<u64>) -> String {
    let messages = messages.into();
    let plural = if messages == 1 { "message" } else { "messages" };
    format!("{messages} {plural}")
}

/// A socket with what its last bit says.
fn odd(socket: Socket) -> String {
    match socket.gender() {
        Gender::Send => format!("{socket} (odd: it sends)"),
        Gender::Receive => format!("{socket} (even: it receives)"),
    }
}
