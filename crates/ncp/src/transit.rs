//! The messages in transit: handed to the IMP, and not answered yet; and the patience with an IMP that never answers.
//!
//! Each message has an answer: RFNM, or type 7, 8 or 9. That none comes is a fault that no document foresees, yet real
//! IMPs have it: when one on the way dies, the IMP of the sender may forget what was on its way there, or answer in the
//! name of a host and a link that nothing was ever sent on.
//!
//! To each host one control message is in transit at a time, and one message with text on each link.

use imp1822::{HostAddress, Link};
use machine::{Bits, Instant, Sorted, Span};

use crate::ConnectionId;
use crate::partner::ControlMessage;

/// How often a message that certainly did not arrive is sent.
pub const MOST_TRIES: u32 = 3;

/// How long an IMP may take to answer for a message: 30 seconds for a tardy host, and as much again for the
/// subnet to ask what became of the message (RFC 442).
pub(crate) const IMP_PATIENCE: Span = Span::from_secs(60);

/// How long a CLS waits for the answer for text, at least. An IMP counts its minute by a slow clock, and the answer has a way
/// to go.
const ANSWER_PATIENCE: Span = Span::from_secs(62);

/// How long a message may hold its link, though its connection was broken off. An answer that comes after all, and names
/// nothing but host and link, is not taken for that of a younger message then.
const HOLD: Span = Span::from_secs(120);

/// How stale the deadline may be, so that it need not move with every message. No answer comes so late that such a
/// deadline rings in vain.
const LAG: Span = Span::from_secs(10);

/// A message with text that the IMP has not answered yet.
#[derive(Debug)]
pub(crate) struct Text {
    /// The connection that waits to hear whether it arrived. None does for text that was given up and only holds its link.
    pub(crate) owner: Option<ConnectionId>,
    /// All of it, in case that it must be sent again.
    pub(crate) message: Bits,
    /// How much of it is text.
    pub(crate) bits: usize,
    /// How often it has been sent.
    pub(crate) tries: u32,
    /// When it was sent last.
    since: Instant,
    /// When it is given up, if there is no answer.
    due: Instant,
}

/// All messages in transit, with one deadline for them all.
#[derive(Debug, Default)]
pub(crate) struct Transit {
    /// Control messages by destination, each with the time at which it is given up.
    control: Sorted<HostAddress, (ControlMessage, Instant)>,
    /// Messages with text by destination and link: perhaps of a connection that is over, whose link has a new user.
    texts: Sorted<(HostAddress, Link), Text>,
    /// When the first message may be due: perhaps too early, but never too late.
    until: Instant,
    /// When that was found out.
    found: Instant,
}

impl Transit {
    /// When there is something to be given up, unless it is answered before. Nothing while nothing is in transit.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        (!self.is_empty()).then_some(self.until)
    }

    fn is_empty(&self) -> bool {
        self.control.is_empty() && self.texts.is_empty()
    }

    /// A control message has been handed to the IMP.
    pub(crate) fn send_control(&mut self, now: Instant, host: HostAddress, message: ControlMessage) {
        let due = now + IMP_PATIENCE;
        self.note_sent(now, due);
        self.control.insert(host, (message, due));
    }

    /// The control message in transit to a host.
    pub(crate) fn control(&self, host: HostAddress) -> Option<&ControlMessage> {
        self.control.get(&host).map(|(message, _)| message)
    }

    /// Takes the control message that has an answer now.
    pub(crate) fn take_control(&mut self, host: HostAddress) -> Option<ControlMessage> {
        self.control.remove(&host).map(|(message, _)| message)
    }

    /// Forgets the commands on their way to a host: the answer for their message is still to come, but they are not to be
    /// sent again.
    pub(crate) fn forget_commands(&mut self, host: HostAddress) {
        if let Some((message, _)) = self.control.get_mut(&host) {
            message.commands.clear();
        }
    }

    /// Whether the IMP owes an answer for a message to a host on a link.
    pub(crate) fn is_awaited(&self, host: HostAddress, link: Link) -> bool {
        if link == Link::CONTROL { self.control(host).is_some() } else { self.text(host, link).is_some() }
    }

    /// The hosts for whose messages the IMP owes an answer, in order.
    pub(crate) fn destinations(&self) -> Vec<HostAddress> {
        let texts = self.texts.keys().map(|(host, _)| *host);
        let mut hosts: Vec<HostAddress> = self.control.keys().copied().chain(texts).collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }

    /// Text of a connection has been handed to the IMP, which is to answer before `due`.
    pub(crate) fn send_text(
        &mut self,
        (now, due): (Instant, Instant),
        (host, link): (HostAddress, Link),
        (owner, message, bits): (ConnectionId, Bits, usize),
    ) {
        self.note_sent(now, due);
        let text = Text { owner: Some(owner), message, bits, tries: 1, since: now, due };
        self.texts.insert((host, link), text);
    }

    /// The text in transit on a link.
    pub(crate) fn text(&self, host: HostAddress, link: Link) -> Option<&Text> {
        self.texts.get(&(host, link))
    }

    /// Until when the IMP may answer for the text of a connection on a link, whose patience is shorter.
    pub(crate) fn answer_until(&self, owner: ConnectionId, host: HostAddress, link: Link) -> Option<Instant> {
        let text = self.text(host, link).filter(|text| text.owner == Some(owner))?;
        Some(text.since + ANSWER_PATIENCE)
    }

    /// Takes the text that has an answer now.
    pub(crate) fn take_text(&mut self, host: HostAddress, link: Link) -> Option<Text> {
        self.texts.remove(&(host, link))
    }

    /// The text on a link is handed to the IMP once more. Returns the message.
    pub(crate) fn send_again(
        &mut self,
        (now, due): (Instant, Instant),
        host: HostAddress,
        link: Link,
    ) -> Option<Bits> {
        let text = self.texts.get_mut(&(host, link))?;
        (text.tries, text.since, text.due) = (text.tries + 1, now, due);
        Some(text.message.clone())
    }

    /// The text on a link is given up: no connection waits to hear of it any more.
    pub(crate) fn disown(&mut self, host: HostAddress, link: Link) {
        if let Some(text) = self.texts.get_mut(&(host, link)) {
            text.owner = None;
        }
    }

    /// The connection of the text on a link was broken off. The link is free when the answer for the text comes, or will
    /// not come even late.
    pub(crate) fn let_go(&mut self, now: Instant, host: HostAddress, link: Link) {
        let Some(text) = self.texts.get_mut(&(host, link)) else { return };
        let due = text.since + HOLD;
        if due <= now {
            self.texts.remove(&(host, link));
        } else {
            text.due = due;
            self.note_due(now, due);
        }
    }

    /// The links to a host on which text is in transit, in order.
    pub(crate) fn links(&self, host: HostAddress) -> Vec<Link> {
        self.texts.keys().filter(|(to, _)| *to == host).map(|(_, link)| *link).collect()
    }

    /// Links that are held only by a message of a connection that is over: `used` says whether a connection uses one.
    pub(crate) fn held_links(&self, used: impl Fn(HostAddress, Link) -> bool) -> usize {
        self.texts.keys().filter(|(host, link)| !used(*host, *link)).count()
    }

    /// A message is in transit from now on.
    fn note_sent(&mut self, now: Instant, due: Instant) {
        if self.is_empty() && self.until + LAG < due {
            (self.until, self.found) = (due, now);
        }
        self.note_due(now, due);
    }

    /// A message in transit is due.
    fn note_due(&mut self, now: Instant, due: Instant) {
        if due < self.until {
            (self.until, self.found) = (due, now);
        }
    }

    /// Whether the deadline is older than it should be, so that it is time to look for what is due first.
    pub(crate) fn is_stale(&self, now: Instant) -> bool {
        !self.is_empty() && now.since(self.found) > LAG
    }

    /// The destinations and links of the messages that have had no answer for too long, in order.
    pub(crate) fn late(&self, now: Instant) -> Vec<(HostAddress, Link)> {
        let control = self.control.iter().filter(|(_, (_, due))| *due <= now);
        let texts = self.texts.iter().filter(|(_, text)| text.due <= now);
        let control = control.map(|(host, _)| (*host, Link::CONTROL));
        let mut late: Vec<(HostAddress, Link)> = control.chain(texts.map(|(key, _)| *key)).collect();
        late.sort_unstable();
        late
    }

    /// Finds out which message is due next. This looks at all of them.
    pub(crate) fn find_next(&mut self, now: Instant) {
        let control = self.control.values().map(|(_, due)| *due);
        let texts = self.texts.values().map(|text| text.due);
        if let Some(next) = control.chain(texts).min() {
            (self.until, self.found) = (next, now);
        }
    }

    /// The IMP could not read the leader of a message, and does not say of which (type 1). That message has no other
    /// answer, so that it is found out by waiting: what is in transit now and has no answer when every IMP must have
    /// answered, is given up.
    pub(crate) fn leader_unread(&mut self, now: Instant) {
        let due = now + IMP_PATIENCE;
        self.control.values_mut().for_each(|(_, message_due)| *message_due = due);
        self.texts.values_mut().for_each(|text| text.due = due);
        (self.until, self.found) = (due, now);
    }

    /// The IMP has forgotten all messages.
    pub(crate) fn clear(&mut self) {
        *self = Transit::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;

    const HOST: u8 = 69;

    fn host() -> HostAddress {
        HostAddress::from(HOST)
    }

    fn at(seconds: u64) -> Instant {
        Instant::START + Span::from_secs(seconds)
    }

    /// Text on a link, sent at a second and due a minute later.
    fn send(transit: &mut Transit, link: u8, second: u64) {
        let text = (ConnectionId(1), Bits::from_bytes(b"TEXT"), 32);
        transit.send_text((at(second), at(second + 60)), (host(), Link::from(link)), text);
    }

    #[test]
    fn what_is_answered_is_waited_for_no_longer() {
        let mut transit = Transit::default();
        assert_eq!(transit.deadline(), None);
        send(&mut transit, 20, 0);
        transit.send_control(at(5), host(), ControlMessage { commands: vec![Command::Rst], tries: 1 });
        assert_eq!(transit.deadline(), Some(at(60)));
        assert!(transit.take_text(host(), Link::from(20)).is_some());
        assert!(transit.take_text(host(), Link::from(20)).is_none(), "it has one answer");
        assert_eq!(transit.late(at(65)), [(host(), Link::CONTROL)]);
        assert!(transit.take_control(host()).is_some());
        assert_eq!(transit.deadline(), None);
    }

    #[test]
    fn a_message_that_is_due_before_one_that_was_sent_earlier_is_not_overlooked() {
        let mut transit = Transit::default();
        let text = (ConnectionId(1), Bits::from_bytes(b"TEXT"), 32);
        transit.send_text((at(0), at(150)), (host(), Link::from(20)), text);
        assert_eq!(transit.deadline(), Some(at(150)));
        transit.send_control(at(1), host(), ControlMessage { commands: vec![Command::Rst], tries: 1 });
        assert_eq!(transit.deadline(), Some(at(61)), "it does not wait for the text");
        transit.take_control(host());
        transit.find_next(at(61));
        assert_eq!(transit.deadline(), Some(at(150)));
        transit.let_go(at(100), host(), Link::from(20));
        assert_eq!(transit.deadline(), Some(at(120)), "nor does a link that is held for less");
    }

    #[test]
    fn a_deadline_is_stale_ten_seconds_after_it_was_found_out_unless_nothing_is_in_transit() {
        let mut transit = Transit::default();
        send(&mut transit, 20, 0);
        assert_eq!([10, 11, 30].map(|second| transit.is_stale(at(second))), [false, true, true]);
        transit.find_next(at(11));
        assert_eq!([21, 22].map(|second| transit.is_stale(at(second))), [false, true]);
        assert!(transit.take_text(host(), Link::from(20)).is_some());
        assert!(!transit.is_stale(at(50)));
    }

    #[test]
    fn messages_that_are_late_are_listed_by_host_and_link() {
        let mut transit = Transit::default();
        send(&mut transit, 21, 0);
        send(&mut transit, 20, 1);
        send(&mut transit, 22, 2);
        transit.send_control(at(1), host(), ControlMessage { commands: vec![Command::Rst], tries: 1 });
        let late: Vec<u8> = transit.late(at(61)).into_iter().map(|(_, link)| link.number()).collect();
        assert_eq!(late, [0, 20, 21], "the last has a second left");
    }

    #[test]
    fn text_that_was_given_up_holds_its_link_for_two_minutes_after_it_was_sent() {
        let mut transit = Transit::default();
        send(&mut transit, 20, 0);
        transit.disown(host(), Link::from(20));
        transit.let_go(at(60), host(), Link::from(20));
        assert_eq!(transit.text(host(), Link::from(20)).map(|text| text.owner), Some(None));
        assert_eq!((transit.late(at(119)), transit.late(at(120)).len()), (Vec::new(), 1));
        transit.let_go(at(120), host(), Link::from(20));
        assert!(transit.text(host(), Link::from(20)).is_none(), "no answer comes as late as that");
    }
}
