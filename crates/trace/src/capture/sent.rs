//! What a host sent, reconstructed from where it arrived: so a host is heard whose own cable is not listened to.

use imp1822::{FromImp, HostAddress, Leader, Signal};
use machine::{BitWriter, Bits};

/// The host that sent a message which has reached `host`, and the message as it was sent: its leader names `host`. `None`
/// for what an IMP says, and for what a host says to itself. If the sender's own cable is not listened to, this is put on
/// record just before the message arrives.
pub fn sent_by_another(host: HostAddress, received: &Signal) -> Option<(HostAddress, Signal)> {
    let Signal::Message(bits) = received else { return None };
    match FromImp::parse(bits) {
        Ok(FromImp::Regular { from, .. }) if from != host => {
            Some((from, Signal::Message(as_sent(bits, host)?)))
        }
        Ok(_) | Err(_) => None,
    }
}

/// A message that has reached `to`, as its sender had it. `None` if it has no leader.
fn as_sent(bits: &Bits, to: HostAddress) -> Option<Bits> {
    let mut reader = bits.reader();
    let leader = Leader::parse(&mut reader).ok()?;
    let mut writer = BitWriter::new(bits.len());
    Leader { address: to, ..leader }.emit(&mut writer);
    writer.put_bits(reader);
    Some(writer.finish())
}

#[cfg(test)]
mod tests {
    use imp1822::Link;

    use super::*;

    /// A regular message with this text, to or from a host.
    fn message(address: u8, text: &[u8]) -> Bits {
        let header = [0, address, 0, 0, 0, 8, 0, text.len() as u8, 0];
        Bits::from_bytes(&[&header[..], text].concat())
    }

    #[test]
    fn what_another_host_sends_is_heard_as_it_sent_it_and_what_a_host_sends_itself_is_not_heard_twice() {
        let [here, there] = [69, 3].map(HostAddress::from);
        let received = Signal::Message(message(3, b"RTS"));
        assert_eq!(sent_by_another(here, &received), Some((there, Signal::Message(message(69, b"RTS")))));
        assert_eq!(sent_by_another(there, &received), None, "it is its own");
        let rfnm = FromImp::Rfnm { to: there, link: Link::CONTROL };
        assert_eq!(sent_by_another(here, &Signal::Message(rfnm.bits())), None, "the IMP says it");
        assert_eq!(sent_by_another(here, &Signal::Ready(true)), None);
    }
}
