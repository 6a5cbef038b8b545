//! What is no rule broken and yet must not pass unseen: an IMP that says of a message that it has not arrived, and a file
//! that is stored though nothing came.

use std::collections::BTreeMap;

use host::{Directory, Note};
use imp1822::h316::WORD_BITS;
use imp1822::{FromImp, HostAddress, Incomplete, LeaderError, Link, Signal, ToImp};
use machine::Bits;
use trace::{Record, What};

use super::rate_limiter::RateLimiter;

/// Finds in the records of a live run what is told at once, on standard error, whatever is shown otherwise.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    /// How many words each host's last message had, leader included, by destination and link.
    sent: BTreeMap<(HostAddress, HostAddress, Link), usize>,
    limiter: RateLimiter,
}

impl Notices {
    /// Takes the next record, and returns what is to be told of it: what happened, to whom, and what to do.
    pub(crate) fn record(&mut self, record: &Record, names: &Directory) -> Option<String> {
        let told = match &record.what {
            What::Sent { host, signal: Signal::Message(bits) } => {
                self.sent(*host, bits);
                None
            }
            What::Received { host, signal: Signal::Message(bits) } => self.received(*host, bits, names),
            What::Note { host, note: Note::Filed { path, bytes, kept } } if bytes == kept => {
                Some(empty(&names.name(*host), path, *kept))
            }
            _ => None,
        };
        told.filter(|_| self.limiter.allows(record.at))
    }

    fn sent(&mut self, host: HostAddress, bits: &Bits) {
        if let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(bits) {
            self.sent.insert((host, to, link), bits.len().div_ceil(WORD_BITS));
        }
    }

    /// Of what the IMP says only what it says of the host's own messages: RFNM, and that a message has not arrived.
    fn received(&mut self, host: HostAddress, bits: &Bits, names: &Directory) -> Option<String> {
        let of = |words: Option<usize>, to, link: Link| {
            let words = words.map(|words| format!(" of {words} words")).unwrap_or_default();
            format!("the message{words} from {} to {} on link {link}", names.name(host), names.name(to))
        };
        match FromImp::parse(bits).ok()? {
            FromImp::Rfnm { to, link } | FromImp::DestinationDead { to, link, .. } => {
                self.sent.remove(&(host, to, link));
                None
            }
            FromImp::Incomplete { to, link, why } => {
                let words = self.sent.remove(&(host, to, link));
                let number = u8::from(why);
                Some(format!("{}: type 9, subtype {number}: {}", of(words, to, link), of_incomplete(why)))
            }
            FromImp::ErrorInData { to, link } => {
                let words = self.sent.remove(&(host, to, link));
                let what = "it was damaged on its way into the IMP, and can be sent again; if that happens often, \
                            look at the cable";
                Some(format!("{}: type 8: {what}", of(words, to, link)))
            }
            FromImp::ErrorInLeader { why, link } => {
                let (name, number) = (names.name(host), u8::from(why));
                let what = of_leader(why);
                Some(format!(
                    "a message from {name}, perhaps on link {link}: type 1, subtype {number}: {what}"
                ))
            }
            FromImp::Regular { .. } | FromImp::FakeHost { .. } => None,
            FromImp::GoingDown(_) | FromImp::Nop => None,
            FromImp::FakeHostDead { .. } | FromImp::InterfaceReset | FromImp::Unknown(_) => None,
        }
    }
}

/// What happened to the message, and what helps.
fn of_incomplete(why: Incomplete) -> &'static str {
    match why {
        Incomplete::HostTardy => {
            "the other host did not take it for half a minute: it hangs, or its cable is cut; its connection is broken off"
        }
        Incomplete::TooLong => {
            "the IMP takes none that long, and has thrown it away. The network allows 506 words with the leader, an \
             emulated H316 takes 443: leave out `--policy long`, without which a host of ours neither sends more nor \
             allocates it; with `--policy small` a partner sends still less"
        }
        Incomplete::TooSlow => {
            "its last bit did not come within 15 s of the first: datagrams of the cable are lost or late; it can be sent \
             again"
        }
        Incomplete::Lost => {
            "it was lost in the subnet: an IMP or a line on its way has failed. Its connection is broken off: try again \
             when there is a way"
        }
        Incomplete::NoResources => {
            "the IMP had no room for it for 15 s: there is too much traffic; it can be sent again"
        }
        Incomplete::Unknown(_) => {
            "it has not arrived, or nobody knows; no document says what that subtype means. Its connection is broken off"
        }
    }
}

/// What is wrong with a leader, and what helps.
fn of_leader(why: LeaderError) -> &'static str {
    match why {
        LeaderError::Garbled => {
            "the IMP could not read its leader, and has thrown it away: if that happens often, look at the cable"
        }
        LeaderError::TooShort => {
            "it had no whole leader: datagrams of the cable are lost, or are put together wrongly"
        }
        LeaderError::IllegalType => {
            "no host may send that type: the host errs, or the IMP lost a datagram and put others together"
        }
        LeaderError::Unknown(_) => {
            "the IMP could make nothing of it; no document says what that subtype means"
        }
    }
}

/// What is told of a file that nothing came for. The protocol has one end for both (RFC 354, III.C; RFC 385, 4).
fn empty(host: &str, path: &str, kept: usize) -> String {
    let done = if kept == 0 { "is empty now" } else { "is as it was" };
    format!(
        "{host}: {path} {done}: its data connection opened and closed without a byte. So an empty file ends, and so does \
         one whose first message was refused on its way: ask the sender"
    )
}

#[cfg(test)]
mod tests {
    use imp1822::h316::HostSettings;
    use imp1822::{LEADER_BITS, Leader};
    use machine::{BitWriter, Instant};
    use ncp::{HEADER_BITS, Header};

    use super::*;

    const ALPHA: u8 = 2;
    const DELTA: u8 = 5;

    fn names() -> Directory {
        let mut names = Directory::default();
        names.add("ALPHA", ALPHA.into());
        names.add("DELTA", DELTA.into());
        names
    }

    fn at(seconds: u64, what: What) -> Record {
        Record { at: Instant::from_micros(seconds * 1_000_000), cause: None, what }
    }

    fn text(bytes: u16) -> Bits {
        let mut writer = BitWriter::new(LEADER_BITS + HEADER_BITS + usize::from(bytes) * 8);
        let to = ToImp::Regular { to: DELTA.into(), link: Link::from(42), priority: false };
        Leader::from(to).emit(&mut writer);
        Header { size: 8, count: bytes }.emit(&mut writer);
        (0..bytes).for_each(|_| writer.put(0, 8));
        writer.finish()
    }

    fn told(notices: &mut Notices, message: Bits, answer: FromImp) -> Option<String> {
        let host = ALPHA.into();
        let sent = at(0, What::Sent { host, signal: Signal::Message(message) });
        assert_eq!(notices.record(&sent, &names()), None, "to send is no news");
        let answer = at(100, What::Received { host, signal: Signal::Message(answer.bits()) });
        notices.record(&answer, &names())
    }

    #[test]
    fn whoever_s_message_an_imp_refuses_hears_which_it_was_and_what_helps() {
        let mut notices = Notices::default();
        let (to, link) = (DELTA.into(), Link::from(42));
        let why = Incomplete::TooLong;
        let line = told(&mut notices, text(1000), FromImp::Incomplete { to, link, why }).expect("it is told");
        assert!(
            line.starts_with("the message of 505 words from ALPHA to DELTA on link 42: type 9, subtype 1: "),
            "{line}"
        );
        let limit = HostSettings::default().text_limit.expect("there is one") + LEADER_BITS / WORD_BITS;
        assert!(line.contains(&limit.to_string()) && line.contains("--policy small"), "{line}");
        // The same answer again, for nothing that is known to have been sent.
        let again = at(
            200,
            What::Received {
                host: ALPHA.into(),
                signal: Signal::Message(FromImp::Incomplete { to, link, why }.bits()),
            },
        );
        let line = notices.record(&again, &names()).expect("it is told");
        assert!(line.starts_with("the message from ALPHA to DELTA on link 42: type 9"), "{line}");
    }

    #[test]
    fn every_way_in_which_an_imp_says_that_a_message_has_not_arrived_is_told_with_a_reason() {
        let (to, link) = (DELTA.into(), Link::from(42));
        let incomplete = (0..16).map(|why| FromImp::Incomplete { to, link, why: Incomplete::from(why) });
        let leader = (0..16).map(|why| FromImp::ErrorInLeader { why: LeaderError::from(why), link });
        for answer in incomplete.chain(leader).chain([FromImp::ErrorInData { to, link }]) {
            let line = told(&mut Notices::default(), text(3), answer).expect("it is told");
            assert!(line.contains("ALPHA") && line.contains("link 42") && line.len() > 80, "{line}");
        }
    }

    #[test]
    fn what_arrives_is_not_told_nor_kept() {
        let mut notices = Notices::default();
        let (to, link) = (DELTA.into(), Link::from(42));
        for _ in 0..1000 {
            assert_eq!(told(&mut notices, text(3), FromImp::Rfnm { to, link }), None);
        }
        assert!(notices.sent.is_empty());
        assert_eq!(told(&mut notices, Bits::default(), FromImp::Nop), None);
        assert_eq!(told(&mut notices, ToImp::Nop.bits(), FromImp::InterfaceReset), None);
    }

    #[test]
    fn an_imp_that_refuses_everything_does_not_fill_the_screen() {
        let mut notices = Notices::default();
        let (to, link) = (DELTA.into(), Link::from(42));
        let answer = FromImp::Incomplete { to, link, why: Incomplete::NoResources };
        let lines = (0..1000).filter_map(|_| told(&mut notices, text(3), answer)).count();
        assert!((1..10).contains(&lines), "{lines}");
    }

    #[test]
    fn a_file_for_which_nothing_came_is_told_and_one_that_grew_is_not() {
        let filed = |bytes, kept| {
            let note = Note::Filed { path: "<SMITH>A.B;1".to_owned(), bytes, kept };
            Notices::default().record(&at(0, What::Note { host: ALPHA.into(), note }), &names())
        };
        assert!(filed(0, 0).is_some_and(|line| line.starts_with("ALPHA: <SMITH>A.B;1 is empty now: ")));
        assert!(filed(7, 7).is_some_and(|line| line.starts_with("ALPHA: <SMITH>A.B;1 is as it was: ")));
        assert_eq!((filed(7, 0), filed(8, 7)), (None, None));
    }
}
