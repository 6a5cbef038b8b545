//! Which codes FTP servers reply with: what is told of a run by that alone, so that nothing else is decoded.

use std::collections::BTreeMap;

use ftp::ReplyCode;
use imp1822::{HostAddress, Link, Signal, ToImp};
use ncp::icp::FTP_CONTACT;
use ncp::{ByteSize, Command, Commands, Header};

use crate::flows::{Flows, Purpose, Speaker};

/// Finds the codes of replies in what is sent on all cables. It must be given every signal in the order in which the signals
/// were sent, as a [`Follower`](crate::Follower).
#[derive(Debug, Clone, Default)]
pub struct Replies {
    flows: Flows,
    /// The control connections whose last message ended in the middle of a line or of a reply, and how that begins.
    begun: BTreeMap<(HostAddress, HostAddress, Link), Begun>,
}

/// What has begun and not ended.
#[derive(Debug, Clone, Copy, Default)]
struct Begun {
    line: Beginning,
    /// Inside a reply of many lines (RFC 454, IV.B): the code that ends it. All other lines are its text.
    reply: Option<ReplyCode>,
}

/// As much of the beginning of a line as shows whether there is a code.
#[derive(Debug, Clone, Copy, Default)]
struct Beginning {
    bytes: [u8; 4],
    len: usize,
}

impl Beginning {
    /// Adds a part of the line. Returns the code with which it begins, and whether a hyphen follows, when
    /// that has become clear. `ends`: the line ends here.
    fn add(&mut self, part: &[u8], ends: bool) -> Option<(ReplyCode, bool)> {
        let was_clear = self.len == self.bytes.len();
        let more = part.len().min(self.bytes.len() - self.len);
        self.bytes[self.len..self.len + more].copy_from_slice(&part[..more]);
        self.len += more;
        let is_clear = ends || self.len == self.bytes.len();
        (is_clear && !was_clear).then(|| ReplyCode::of_line(&self.bytes[..self.len])).flatten()
    }
}

impl Replies {
    /// Takes a signal that `host` puts on its cable. Each code in it, if it is a server's message, goes to `each`.
    pub fn sent(&mut self, host: HostAddress, signal: &Signal, each: impl FnMut(ReplyCode)) {
        let Signal::Message(bits) = signal else { return };
        let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(bits) else { return };
        if Link::MEASUREMENT.contains(&link.number()) {
            return;
        }
        let Ok((header, text)) = Header::split(bits) else { return };
        if link == Link::CONTROL {
            for command in Commands::new(text).flatten() {
                self.flows.learn(host, to, command);
                if let Command::Rts { link, .. } = command {
                    self.begun.remove(&(to, host, link));
                }
            }
            return;
        }
        match self.flows.purpose(host, to, link) {
            Some(Purpose::Contact { .. }) => {
                self.flows.contact(host, to, link, header, text);
            }
            Some(Purpose::Dialogue { service: FTP_CONTACT, speaker: Speaker::Server, .. })
                if header.size == ByteSize::EIGHT.bits() =>
            {
                let mut bytes = Vec::new();
                text.clone().drain_into(&mut bytes);
                self.lines((host, to, link), &bytes, each);
            }
            Some(Purpose::Dialogue { .. } | Purpose::Data) | None => {}
        }
    }

    /// Looks for codes at the beginnings of lines.
    fn lines(
        &mut self,
        way: (HostAddress, HostAddress, Link),
        bytes: &[u8],
        mut each: impl FnMut(ReplyCode),
    ) {
        let Begun { mut line, mut reply } = self.begun.remove(&way).unwrap_or_default();
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let ends = part.ends_with(b"\n");
            match (line.add(&part[..part.len() - usize::from(ends)], ends), reply) {
                (Some((code, false)), Some(end)) if code == end => reply = None,
                (Some((code, goes_on)), None) => {
                    reply = goes_on.then_some(code);
                    each(code);
                }
                (Some(_), Some(_)) | (None, _) => {}
            }
            if ends {
                line = Beginning::default();
            }
        }
        if line.len > 0 || reply.is_some() {
            self.begun.insert(way, Begun { line, reply });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(messages: &[&str]) -> Vec<u16> {
        let mut replies = Replies::default();
        let way = (HostAddress::from(1), HostAddress::from(2), Link::from(7));
        let mut codes = Vec::new();
        for message in messages {
            replies.lines(way, message.as_bytes(), |code| codes.push(code.number()));
        }
        codes
    }

    #[test]
    fn codes_stand_at_the_beginning_of_lines_however_these_are_cut() {
        assert_eq!(heard(&["300 SITE1 is here\r\n250 it begins\r\n252 done\r\n"]), [300, 250, 252]);
        assert_eq!(heard(&["100-STATUS\r\n   200 of them\r\n100 DONE\r\n", "200\r\n"]), [100, 200]);
        assert_eq!(
            heard(&["100-STATUS\r\n200 of", " them\r\n100-x\r\n", "100 DONE\r\n", "200\r\n"]),
            [100, 200]
        );
        assert_eq!(heard(&["450 there is no file ", "451 here\r\n", "452 x\r\n"]), [450, 452]);
        assert_eq!(heard(&["2000 bytes\r\n", "25", "x", "\r\n", "+25 \r\n", ""]), [0; 0]);
        assert_eq!(heard(&["2", "5", "2", " ", "252 ", "\r", "\n2", "31\r\n", "230", "\n"]), [252, 231, 230]);
    }
}
