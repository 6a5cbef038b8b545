//! One connection's secrecy: the Noise protocol (revision 34, pattern NNpsk0). Only who has the key can begin, and each
//! connection has secrets of its own, so that nothing that was overheard can be said again, or read when the key is known later.

use snow::{Builder, HandshakeState, TransportState};

use crate::Key;
use crate::records::MAX_RECORD;

/// Pattern and algorithms.
const PATTERN: &str = "Noise_NNpsk0_25519_ChaChaPoly_BLAKE2s";

/// What the first record of either side begins with, so that other protocols are known by it, and other versions.
pub(crate) const MAGIC: &[u8; 8] = b"ARPAbr\x00\x01";

/// Bytes by which a record is longer than what is said in it.
pub(crate) const TAG: usize = 16;

/// The most bytes of a record while the connection has no secrets.
pub(crate) const MAX_GREETING: usize = 128;

/// Said instead of a greeting: the other end has another key.
const REFUSAL: &[u8] = b"no";

/// The secrets of a connection, or how far the two ends are with them.
pub(crate) enum Secrecy {
    /// The calling end has greeted.
    Greeted(Box<HandshakeState>),
    /// The listening end waits for a greeting.
    Awaits(Box<HandshakeState>),
    /// Both have greeted.
    Secret(Box<TransportState>),
    /// Something went wrong.
    Broken,
}

/// Why two ends do not come to speak to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stranger {
    /// What it says is no greeting.
    NoBridge,
    /// It has another key.
    OtherKey,
    /// It says that ours is another key.
    Refuses,
    /// What was said was changed on its way.
    Garbled,
}

/// What comes of a record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The connection is secret now. The greeting to be sent, if there is one.
    Greeting(Option<Vec<u8>>),
    /// Something that was said in secret.
    Said(Vec<u8>),
}

impl Secrecy {
    /// The calling end's, and its greeting.
    pub(crate) fn calls(key: &Key) -> Option<(Self, Vec<u8>)> {
        let mut state = builder(key)?.build_initiator().ok()?;
        let greeting = greet(&mut state)?;
        Some((Secrecy::Greeted(Box::new(state)), greeting))
    }

    /// The listening end's.
    pub(crate) fn awaits(key: &Key) -> Option<Self> {
        Some(Secrecy::Awaits(Box::new(builder(key)?.build_responder().ok()?)))
    }

    /// Takes a record.
    pub(crate) fn hear(&mut self, record: &[u8]) -> Result<Heard, Stranger> {
        match std::mem::replace(self, Secrecy::Broken) {
            Secrecy::Awaits(mut state) => {
                let greeting = record.strip_prefix(MAGIC).ok_or(Stranger::NoBridge)?;
                state.read_message(greeting, &mut [0; MAX_GREETING]).map_err(|_| Stranger::OtherKey)?;
                let answer = greet(&mut state).ok_or(Stranger::Garbled)?;
                self.secret(*state)?;
                Ok(Heard::Greeting(Some(answer)))
            }
            Secrecy::Greeted(mut state) => {
                let greeting = record.strip_prefix(MAGIC).ok_or(Stranger::NoBridge)?;
                if greeting == REFUSAL {
                    return Err(Stranger::Refuses);
                }
                state.read_message(greeting, &mut [0; MAX_GREETING]).map_err(|_| Stranger::OtherKey)?;
                self.secret(*state)?;
                Ok(Heard::Greeting(None))
            }
            Secrecy::Secret(mut state) => {
                let mut said = vec![0; record.len()];
                let length = state.read_message(record, &mut said).map_err(|_| Stranger::Garbled)?;
                said.truncate(length);
                *self = Secrecy::Secret(state);
                Ok(Heard::Said(said))
            }
            Secrecy::Broken => Err(Stranger::Garbled),
        }
    }

    /// What is said, as a record. `None` while there are no secrets, or no more.
    pub(crate) fn say(&mut self, said: &[u8]) -> Option<Vec<u8>> {
        let Secrecy::Secret(state) = self else { return None };
        let mut record = vec![0; (said.len() + TAG).min(MAX_RECORD)];
        let length = state.write_message(said, &mut record).ok()?;
        record.truncate(length);
        Some(record)
    }

    fn secret(&mut self, state: HandshakeState) -> Result<(), Stranger> {
        *self = Secrecy::Secret(Box::new(state.into_transport_mode().map_err(|_| Stranger::Garbled)?));
        Ok(())
    }
}

/// The record that tells a caller that it has another key.
pub(crate) fn refusal() -> Vec<u8> {
    [MAGIC, REFUSAL].concat()
}

fn builder(key: &Key) -> Option<Builder<'_>> {
    let builder = Builder::new(PATTERN.parse().ok()?);
    builder.psk(0, key.bytes()).ok()?.prologue(MAGIC).ok()
}

fn greet(state: &mut HandshakeState) -> Option<Vec<u8>> {
    let mut greeting = [0; MAX_GREETING];
    let length = state.write_message(&[], &mut greeting).ok()?;
    Some([MAGIC, &greeting[..length]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Key {
        Key::new([byte; 32])
    }

    fn greeted() -> (Secrecy, Secrecy) {
        let (mut caller, greeting) = Secrecy::calls(&key(1)).expect("there is a pattern");
        let mut listener = Secrecy::awaits(&key(1)).expect("there is a pattern");
        let Ok(Heard::Greeting(Some(answer))) = listener.hear(&greeting) else { panic!("they share a key") };
        assert_eq!(caller.hear(&answer), Ok(Heard::Greeting(None)));
        (caller, listener)
    }

    #[test]
    fn two_with_one_key_understand_each_other_both_ways() {
        let (mut caller, mut listener) = greeted();
        for said in [&b""[..], b"hello", &vec![7; MAX_RECORD - TAG]] {
            let record = caller.say(said).expect("it is secret");
            assert!(said.is_empty() || !record.windows(said.len()).any(|some| some == said), "it is hidden");
            assert_eq!(listener.hear(&record), Ok(Heard::Said(said.to_vec())));
            let record = listener.say(said).expect("it is secret");
            assert_eq!(caller.hear(&record), Ok(Heard::Said(said.to_vec())));
        }
        assert_eq!(caller.say(&vec![0; MAX_RECORD]), None, "that is too long");
    }

    #[test]
    fn another_key_another_protocol_and_changed_bytes_are_known() {
        let (mut caller, greeting) = Secrecy::calls(&key(1)).expect("there is a pattern");
        let hear = |bytes: &[u8]| Secrecy::awaits(&key(2)).expect("there is a pattern").hear(bytes);
        assert_eq!(hear(&greeting), Err(Stranger::OtherKey));
        assert_eq!(hear(b"GET / HTTP/1.1"), Err(Stranger::NoBridge));
        assert_eq!(hear(MAGIC), Err(Stranger::OtherKey), "cut short");
        assert_eq!(caller.hear(&refusal()), Err(Stranger::Refuses));

        let (mut caller, mut listener) = greeted();
        let mut record = caller.say(b"hello").expect("it is secret");
        record[2] ^= 1;
        assert_eq!(listener.hear(&record), Err(Stranger::Garbled));
        let record = caller.say(b"hello").expect("it is secret");
        assert_eq!(listener.hear(&record), Err(Stranger::Garbled), "nothing behind it is believed");
    }

    #[test]
    fn what_was_overheard_is_not_taken_a_second_time() {
        let (mut caller, mut listener) = greeted();
        let record = caller.say(b"hello").expect("it is secret");
        assert!(listener.hear(&record).is_ok());
        assert_eq!(listener.hear(&record), Err(Stranger::Garbled));
    }
}
