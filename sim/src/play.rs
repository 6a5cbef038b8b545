//! Plays what others said to a host in a capture to a fresh host of ours, and compares what the two answer.
//!
//! Socket numbers and links are each host's own choice: what the captured one chose is mapped to what ours chooses, by
//! the partner's socket that both name, and so is what the partner says later. The IMP is played: it answers each message
//! of ours with an RFNM, and each RST and ECO as the partner would. Data for ours wait until it has allocated for them.
//! Time is that of the capture; nothing depends on anything else.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use host::{Host, Output};
use imp1822::{FromImp, HostAddress, Leader, Link, Signal, ToImp};
use machine::{BitWriter, Bits, Instant, Machine, Span};
use ncp::{Command, Commands, Header, Socket};
use trace::{Follower, Lens, Record, What};

use crate::played::{About, Answers, Comparison};

/// How long ours may go on when the capture is at its end.
const AFTERWARDS: Span = Span::from_secs(60);

/// What the partner allocates at first beyond what it did: ours may say the same in more words.
const MORE_MESSAGES: u16 = 16;
const MORE_BITS: u32 = 16_000;

/// Up to here sockets are well-known, and mean the same at each host.
const LAST_CONTACT: u32 = 255;

/// A connection as the partner knows it: the partner, and its socket.
type Connection = (HostAddress, Socket);

/// What a partner wants to send.
#[derive(Debug)]
enum Due {
    Text { size: u8, bytes: Vec<u8> },
    Close(Command),
}

/// A way into our host, which it has allocated for.
#[derive(Debug, Default)]
struct Way {
    messages: u64,
    bits: u64,
    due: VecDeque<Due>,
}

/// One of the two hosts: what it has chosen, and what it has said.
#[derive(Debug, Default)]
struct Side {
    follower: Follower,
    answers: Answers,
    /// The sockets of its requests for a connection, in order, and the links.
    requests: BTreeMap<Connection, Vec<(Socket, Option<Link>)>>,
    /// The connection of each of its links.
    of_link: BTreeMap<(HostAddress, Link), Connection>,
}

/// A play of one host.
pub struct Play {
    site: HostAddress,
    host: Host,
    now: Instant,
    captured: Side,
    ours: Side,
    /// The connection of each link that a partner has assigned.
    theirs: BTreeMap<(HostAddress, Link), Connection>,
    sockets: BTreeMap<(HostAddress, Socket), Socket>,
    links: BTreeMap<(HostAddress, Link), Link>,
    ways: BTreeMap<(HostAddress, Link), Way>,
    /// Blocks of sockets with which the captured host asked others for something.
    own_blocks: BTreeSet<u32>,
    own_links: BTreeSet<(HostAddress, Link)>,
    /// Links of the partners for what it sends there.
    links_to_own: BTreeSet<(HostAddress, Link)>,
    asked: u64,
    heard: u64,
}

impl Play {
    /// A play to this host, which is off, in the place of the captured host of the same address.
    pub fn new(site: HostAddress, mut host: Host) -> Self {
        host.boot(Instant::START);
        let mut play = Play {
            site,
            host,
            now: Instant::START,
            captured: Side::default(),
            ours: Side::default(),
            theirs: BTreeMap::new(),
            sockets: BTreeMap::new(),
            links: BTreeMap::new(),
            ways: BTreeMap::new(),
            own_blocks: BTreeSet::new(),
            own_links: BTreeSet::new(),
            links_to_own: BTreeSet::new(),
            asked: 0,
            heard: 0,
        };
        play.give(Signal::Ready(true));
        play
    }

    /// Takes the next record of the capture.
    pub fn take(&mut self, record: &Record) {
        self.pass_time(record.at);
        match &record.what {
            What::Sent { host, signal: Signal::Message(bits) } if *host == self.site => self.was_said(bits),
            What::Received { host, signal: Signal::Message(bits) } if *host == self.site => self.hear(bits),
            _ => {}
        }
    }

    /// Ours may finish what it is at. Returns what the two have said.
    pub fn finish(mut self) -> Comparison {
        self.pass_time(self.now + AFTERWARDS);
        let unsaid =
            self.ways.values().flat_map(|way| &way.due).filter(|due| matches!(due, Due::Text { .. }));
        let unsaid = unsaid.count();
        let sockets = self.sockets.iter().map(|((_, old), new)| (old.number(), new.number()));
        let links = self.links.iter().map(|((_, old), new)| (old.number().into(), new.number().into()));
        let chosen = sockets.chain(links).collect();
        Comparison::new((self.captured.answers, self.ours.answers), &chosen, self.asked, self.heard, unsaid)
    }

    /// What our host has scheduled until then happens.
    fn pass_time(&mut self, until: Instant) {
        while let Some(deadline) = self.host.deadline().filter(|deadline| *deadline <= until) {
            self.now = self.now.max(deadline);
            self.host.alarm(self.now);
            self.drain();
        }
        self.now = self.now.max(until);
    }

    fn give(&mut self, signal: Signal) {
        self.host.handle(self.now, signal);
        self.drain();
    }

    /// Takes what our host says, until it has nothing to say.
    fn drain(&mut self) {
        while let Some(output) = self.host.poll() {
            let Output::ToImp(Signal::Message(bits)) = output else { continue };
            let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(&bits) else { continue };
            self.host.handle(self.now, Signal::Message(FromImp::Rfnm { to, link }.bits()));
            note(&mut self.ours, &self.theirs, (self.site, to), link, &bits, self.now);
            self.learn(to);
            let Ok((_, text)) = Header::split(&bits) else { continue };
            if link != Link::CONTROL {
                continue;
            }
            for command in Commands::new(text).flatten() {
                match command {
                    Command::Rst => self.command(to, Command::Rrp),
                    Command::Eco { data } => self.command(to, Command::Erp { data }),
                    Command::All { link, messages, bits } => {
                        let way = self.ways.entry((to, link)).or_default();
                        way.messages += u64::from(messages);
                        way.bits += u64::from(bits);
                        self.pump(to, link);
                    }
                    _ => {}
                }
            }
        }
    }

    /// The captured host has said this.
    fn was_said(&mut self, bits: &Bits) {
        let Ok(ToImp::Regular { to, link, .. }) = ToImp::parse(bits) else { return };
        let Ok((_, text)) = Header::split(bits) else { return };
        if link == Link::CONTROL {
            for command in Commands::new(text).flatten() {
                let (mine, theirs, given) = match command {
                    Command::Rts { receive, send, link } => (receive, send, Some(link)),
                    Command::Str { send, receive, .. } => (send, receive, None),
                    _ => continue,
                };
                // It asks for a service: the first word on that connection, and to a well-known socket.
                let is_first = !self.captured.requests.contains_key(&(to, theirs));
                if is_first && theirs.number() <= LAST_CONTACT && mine.number() > LAST_CONTACT {
                    self.asked += u64::from(self.own_blocks.insert(block(mine)));
                }
                if let (true, Some(given)) = (self.own_blocks.contains(&block(mine)), given) {
                    self.own_links.insert((to, given));
                }
            }
        }
        let (site, own) = (self.site, &self.own_blocks);
        let is_own = |mine: Socket| own.contains(&block(mine));
        if link == Link::CONTROL {
            let kept = Commands::new(Header::split(bits).map(|(_, text)| text).unwrap_or(bits.reader()))
                .flatten()
                .filter(|command| !socket_here(*command).is_some_and(is_own));
            let kept: Vec<Command> = kept.collect();
            note_commands(&mut self.captured, &self.theirs, to, &kept, self.now);
            // The follower learns from all of it.
            self.captured.follower.sent(site, &Signal::Message(bits.clone()));
        } else if !self.links_to_own.contains(&(to, link)) {
            note(&mut self.captured, &self.theirs, (site, to), link, bits, self.now);
        }
        self.learn(to);
    }

    /// Maps what the captured host chose to what ours has chosen, as far as both have spoken.
    fn learn(&mut self, partner: HostAddress) {
        let of_partner = (partner, Socket::from(0))..=(partner, Socket::from(u32::MAX));
        for (connection, captured) in self.captured.requests.range(of_partner) {
            let Some(ours) = self.ours.requests.get(connection) else { continue };
            for ((old, old_link), (new, new_link)) in captured.iter().zip(ours) {
                self.sockets.insert((partner, *old), *new);
                if let (Some(old), Some(new)) = (old_link, new_link) {
                    self.links.insert((partner, *old), *new);
                }
            }
            // The number that a contact leads to.
            let numbers = [&self.captured, &self.ours].map(|side| side.answers.number(*connection));
            if let ([Some(old), Some(new)], true) =
                (numbers, captured.first().is_some_and(|(socket, _)| socket.number() <= LAST_CONTACT))
            {
                self.sockets.insert((partner, Socket::from(old)), Socket::from(new));
            }
        }
    }

    /// What the socket of the captured host is at ours: where it is not known, as far from one that is.
    fn socket(&self, partner: HostAddress, socket: Socket) -> Socket {
        if socket.number() <= LAST_CONTACT {
            return socket;
        }
        if let Some(known) = self.sockets.get(&(partner, socket)) {
            return *known;
        }
        let mut near = self.sockets.iter().filter(|((_, old), _)| block(*old) == block(socket));
        near.next().map_or(socket, |((_, old), new)| {
            Socket::from(new.number().wrapping_add(socket.number()).wrapping_sub(old.number()))
        })
    }

    /// The captured host heard this of a partner: ours does, in its own numbers.
    fn hear(&mut self, bits: &Bits) {
        let Ok(FromImp::Regular { from, link, .. }) = FromImp::parse(bits) else { return };
        let Ok((header, text)) = Header::split(bits) else { return };
        self.heard += 1;
        let at = self.now;
        let said = self.captured.follower.sent(from, &Signal::Message(as_sent(bits, self.site)));
        if link != Link::CONTROL {
            if self.own_links.contains(&(from, link)) {
                return;
            }
            let lines = said.into_iter().filter(|said| said.lens == Lens::Ftp);
            lines.for_each(|said| self.captured.answers.hear(at, from, said.what));
            let mut bytes = Vec::new();
            let mut text = text;
            text.drain_into(&mut bytes);
            let link = self.links.get(&(from, link)).copied().unwrap_or(link);
            self.ways.entry((from, link)).or_default().due.push_back(Due::Text { size: header.size, bytes });
            return self.pump(from, link);
        }
        for command in Commands::new(text) {
            let Ok(command) = command else {
                // Nobody can read what follows: ours is to say so, too.
                let text = &bits.bytes()[9.min(bits.bytes().len())..];
                let text = &text[..text.len().min(usize::from(header.count))];
                let message = message(from, Link::CONTROL, header.size, text);
                return self.give(Signal::Message(message));
            };
            self.hear_command(from, command);
        }
    }

    fn hear_command(&mut self, from: HostAddress, command: Command) {
        let is_own = |socket| self.own_blocks.contains(&block(socket));
        let theirs_is_own = |link| self.own_links.contains(&(from, link));
        let is_to_own = |link| self.links_to_own.contains(&(from, link));
        let link_of = |link: Link| self.links.get(&(from, link)).copied().unwrap_or(link);
        let told = command.to_string();
        let command = match command {
            Command::Rts { send, receive, link } => {
                if is_own(send) {
                    self.links_to_own.insert((from, link));
                    return;
                }
                self.links_to_own.remove(&(from, link));
                self.theirs.insert((from, link), (from, receive));
                Command::Rts { send: self.socket(from, send), receive, link }
            }
            Command::Str { receive, .. } if is_own(receive) => return,
            Command::Str { send, receive, size } => {
                Command::Str { send, receive: self.socket(from, receive), size }
            }
            Command::Cls { yours, .. } if is_own(yours) => return,
            Command::Cls { mine, yours } => {
                let close = Command::Cls { mine, yours: self.socket(from, yours) };
                let of_link = self.ours.of_link.iter().find(|(_, connection)| **connection == (from, mine));
                let way = of_link.map(|(link, _)| *link);
                if let Some(way) = way.and_then(|way| self.ways.get_mut(&way))
                    && !way.due.is_empty()
                {
                    self.captured.answers.hear(self.now, from, told);
                    return way.due.push_back(Due::Close(close));
                }
                close
            }
            Command::Ret { link, .. } | Command::Ins { link } if theirs_is_own(link) => return,
            Command::All { link, .. } | Command::Gvb { link, .. } | Command::Inr { link }
                if is_to_own(link) =>
            {
                return;
            }
            // What is given back is of an allocation that ours may not have made.
            Command::Ret { .. } | Command::Rrp | Command::Erp { .. } => return,
            Command::Ins { link } => Command::Ins { link: link_of(link) },
            Command::All { link, messages, bits } => Command::All {
                link,
                messages: messages.saturating_add(MORE_MESSAGES),
                bits: bits.saturating_add(MORE_BITS),
            },
            other => other,
        };
        self.captured.answers.hear(self.now, from, told);
        self.command(from, command);
    }

    /// A partner sends a command to our host.
    fn command(&mut self, from: HostAddress, command: Command) {
        let mut writer = BitWriter::new(command.len() * 8);
        command.emit(&mut writer);
        let message = message(from, Link::CONTROL, 8, writer.finish().bytes());
        self.ours.follower.sent(from, &Signal::Message(as_sent(&message, self.site)));
        self.give(Signal::Message(message));
    }

    /// Sends what is due on a way, as far as our host has allocated for it.
    fn pump(&mut self, from: HostAddress, link: Link) {
        loop {
            let Some(way) = self.ways.get_mut(&(from, link)) else { return };
            let chunk = match way.due.front_mut() {
                None => return,
                Some(Due::Close(close)) => {
                    let close = *close;
                    way.due.pop_front();
                    self.command(from, close);
                    continue;
                }
                Some(Due::Text { size, bytes }) => {
                    // Other sizes than whole bytes of eight bits are not taken apart.
                    let is_whole = !size.is_multiple_of(8) || *size == 0;
                    let unit = usize::from((*size / 8).max(1));
                    let room = usize::try_from(way.bits / 8).unwrap_or(usize::MAX) / unit * unit;
                    let length = if is_whole { bytes.len() } else { bytes.len().min(room) };
                    if way.messages == 0 || (length == 0 && !bytes.is_empty()) || length > room.max(unit) {
                        return;
                    }
                    let rest = bytes.split_off(length);
                    let chunk = (*size, std::mem::replace(bytes, rest));
                    if bytes.is_empty() {
                        way.due.pop_front();
                    }
                    chunk
                }
            };
            way.messages -= 1;
            way.bits = way.bits.saturating_sub(chunk.1.len() as u64 * 8);
            let message = message(from, link, chunk.0, &chunk.1);
            self.ours.follower.sent(from, &Signal::Message(as_sent(&message, self.site)));
            self.give(Signal::Message(message));
        }
    }
}

/// The block of sockets of one user or program: all but the last eight bits.
fn block(socket: Socket) -> u32 {
    socket.number() >> 8
}

/// The socket of its sender that a command names.
fn socket_here(command: Command) -> Option<Socket> {
    match command {
        Command::Rts { receive, .. } => Some(receive),
        Command::Str { send, .. } => Some(send),
        Command::Cls { mine, .. } => Some(mine),
        _ => None,
    }
}

/// A message as it reaches a host.
fn message(from: HostAddress, link: Link, size: u8, text: &[u8]) -> Bits {
    let count = (text.len() * 8).checked_div(usize::from(size)).unwrap_or(0);
    let mut writer = BitWriter::new(72 + text.len() * 8);
    Leader::from(ToImp::Regular { to: from, link, priority: false }).emit(&mut writer);
    Header { size, count: count as u16 }.emit(&mut writer);
    writer.put_bytes(text);
    writer.finish()
}

/// A message that has reached `to`, as its sender had it.
fn as_sent(bits: &Bits, to: HostAddress) -> Bits {
    let mut reader = bits.reader();
    let Ok(leader) = Leader::parse(&mut reader) else { return bits.clone() };
    let mut writer = BitWriter::new(bits.len());
    Leader { address: to, ..leader }.emit(&mut writer);
    writer.put_bits(reader);
    writer.finish()
}

/// Notes what one of the two hosts says to a partner.
fn note(
    side: &mut Side,
    theirs: &BTreeMap<(HostAddress, Link), Connection>,
    (site, to): (HostAddress, HostAddress),
    link: Link,
    bits: &Bits,
    at: Instant,
) {
    let decoded = side.follower.sent(site, &Signal::Message(bits.clone()));
    let Ok((_, text)) = Header::split(bits) else { return };
    if link == Link::CONTROL {
        let commands: Vec<Command> = Commands::new(text).flatten().collect();
        return note_commands(side, theirs, to, &commands, at);
    }
    let Some((_, theirs)) = theirs.get(&(to, link)) else { return };
    let mut bytes = Vec::new();
    let mut text = text;
    text.drain_into(&mut bytes);
    let is_dialogue = decoded.iter().any(|part| part.lens == Lens::Ftp);
    side.answers.text(at, (to, *theirs), is_dialogue, &bytes);
}

fn note_commands(
    side: &mut Side,
    theirs: &BTreeMap<(HostAddress, Link), Connection>,
    to: HostAddress,
    commands: &[Command],
    at: Instant,
) {
    for command in commands {
        let mut say = |about, key: String| side.answers.say(at, to, about, key, command.to_string());
        match *command {
            Command::Rts { receive, send, link } => {
                say(About::Connection(send), "RTS".to_owned());
                side.requests.entry((to, send)).or_default().push((receive, Some(link)));
                side.of_link.insert((to, link), (to, send));
            }
            Command::Str { send, receive, size } => {
                say(About::Connection(receive), format!("STR size {size}"));
                side.requests.entry((to, receive)).or_default().push((send, None));
            }
            Command::Cls { yours, .. } => say(About::Connection(yours), "CLS".to_owned()),
            Command::Inr { link } => {
                let of_link = side.of_link.get(&(to, link)).map(|(_, socket)| *socket);
                if let Some(socket) = of_link {
                    side.answers.say(
                        at,
                        to,
                        About::Connection(socket),
                        "INR".to_owned(),
                        command.to_string(),
                    );
                }
            }
            Command::Ins { link } => {
                if let Some((_, socket)) = theirs.get(&(to, link)) {
                    say(About::Connection(*socket), "INS".to_owned());
                }
            }
            Command::Erp { data } => say(About::Host, format!("ERP {data}")),
            Command::Err { code, .. } => say(About::Host, format!("ERR {code:?}")),
            Command::Rrp => say(About::Host, "RRP".to_owned()),
            // How much each allocates, what it asks by itself, and what says nothing is its own affair.
            Command::All { .. }
            | Command::Gvb { .. }
            | Command::Ret { .. }
            | Command::Eco { .. }
            | Command::Rst
            | Command::Nop => {}
        }
    }
}

#[cfg(test)]
mod tests;
