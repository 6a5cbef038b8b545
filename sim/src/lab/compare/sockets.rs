//! Names for the numbers that a run draws or chooses: sockets, and the links of connections.
//!
//! A socket is named by its host and by the order in which that host's sockets appear; the eight from one on that appears go
//! by its name, as programs use them together (RFC 354, IV.A.2: U+4). A link is known by the connection that it
//! carries, which its RTS says.

use std::collections::BTreeMap;

use imp1822::HostAddress;
use machine::Bits;
use ncp::{Commands, Socket};
use trace::Lens;

use super::run::Happening;

/// So many sockets from one on have one name.
const BLOCK: u32 = 8;

/// The names of sockets in all runs: the same for what appears in the same order at a host.
#[derive(Debug)]
pub(super) struct Sockets {
    names: BTreeMap<(String, usize), String>,
    exactly: Exactly,
}

/// How exactly runs are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exactly {
    /// They have one seed: all that is not a socket is the same if the runs are.
    Everything,
    /// What is quoted of data counts, but not how many bits are allocated: a host is supplied with what it has used up, and
    /// a reply is longer or shorter with the number of a socket in it.
    Text,
    /// They have different seeds: nor does the text of files that are made up.
    Sizes,
}

/// What is known of the sockets and links of a run so far.
pub(super) struct Reader<'s> {
    names: &'s mut Sockets,
    hosts: &'s BTreeMap<HostAddress, String>,
    /// The first socket of each block, by host.
    blocks: BTreeMap<String, Vec<u32>>,
    /// The connection that was last asked for on each link, by its sender, receiver and link.
    links: BTreeMap<(String, String, String), String>,
}

/// What happened with names in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The same for what is the same.
    pub(super) key: String,
    /// As it is shown.
    pub(super) shown: String,
}

impl Sockets {
    /// No names yet.
    pub(super) fn new(exactly: Exactly) -> Self {
        Sockets { names: BTreeMap::new(), exactly }
    }

    /// Begins with a run.
    pub(super) fn of_run<'s>(&'s mut self, hosts: &'s BTreeMap<HostAddress, String>) -> Reader<'s> {
        Reader { names: self, hosts, blocks: BTreeMap::new(), links: BTreeMap::new() }
    }
}

impl Reader<'_> {
    /// Names the numbers in what happens next.
    pub(super) fn name(&mut self, happening: &Happening) -> Named {
        let what = &happening.what;
        let plain = |shown: String| Named { key: shown.clone(), shown };
        match (happening.lens, happening.parties()) {
            (Lens::Ncp, Some(parties)) => self.command(parties, what),
            (Lens::Data, Some((from, to))) => {
                let named = self.on_link(from, to, what);
                match named.key.split_once(" bits") {
                    Some((size, _)) if self.names.exactly == Exactly::Sizes => {
                        Named { key: size.to_owned(), ..named }
                    }
                    _ => named,
                }
            }
            (Lens::Ftp, Some((from, to))) => plain(self.text(&[from, to], what)),
            (Lens::Teletype, _) => {
                let host = happening.who.split(' ').next().unwrap_or_default();
                plain(self.text(&[host], what))
            }
            _ => plain(what.clone()),
        }
    }

    /// A control command, or the number of an initial connection.
    fn command(&mut self, (from, to): (&str, &str), what: &str) -> Named {
        let plain = |shown: String| Named { key: shown.clone(), shown };
        let words: Vec<&str> = what.split(' ').collect();
        match words[..] {
            ["RTS", receive, "from", send, "link", link] => {
                let (receive, send) = (self.socket(from, receive), self.socket(to, send));
                let key = format!("RTS {receive} from {send}");
                self.links
                    .insert((to.to_owned(), from.to_owned(), link.to_owned()), format!("{send}-{receive}"));
                Named { shown: format!("{key} link {link}"), key }
            }
            ["STR", send, "to", receive, ref rest @ ..] => {
                let (send, receive) = (self.socket(from, send), self.socket(to, receive));
                plain(format!("STR {send} to {receive} {}", rest.join(" ")))
            }
            ["CLS", mine, yours] => {
                let (mine, yours) = (self.socket(from, mine), self.socket(to, yours));
                plain(format!("CLS {mine} {yours}"))
            }
            ["link", _, "socket", "number", number] => {
                let number = self.socket(from, number);
                let named = self.on_link(from, to, what);
                let swap = |text: &str| match text.rsplit_once(' ') {
                    Some((before, _)) => format!("{before} {number}"),
                    None => text.to_owned(),
                };
                Named { key: swap(&named.key), shown: swap(&named.shown) }
            }
            ["ALL", .., "bits", _] if self.names.exactly != Exactly::Everything => {
                let named = self.on_link(to, from, what);
                let key =
                    named.key.rsplit_once(' ').map_or_else(String::new, |(before, _)| before.to_owned());
                Named { key, ..named }
            }
            // The receiver allocates, takes back and interrupts toward the sender.
            ["ALL" | "GVB" | "INR", ..] => self.on_link(to, from, what),
            ["RET" | "INS" | "link", ..] => self.on_link(from, to, what),
            ["ERR", .., data] => {
                let about = command_of(data).map(|command| self.command((to, from), &command).key);
                plain(match about {
                    Some(about) => format!("{} ({about})", words[..words.len() - 1].join(" ")),
                    None => what.to_owned(),
                })
            }
            _ => plain(what.to_owned()),
        }
    }

    /// What is said of a link from a sender to a receiver: it goes by its connection, if that is known.
    fn on_link(&mut self, from: &str, to: &str, what: &str) -> Named {
        let mut words = what.split(' ').skip_while(|word| *word != "link").skip(1);
        let link = words.next().unwrap_or_default();
        let connection = self.links.get(&(from.to_owned(), to.to_owned(), link.to_owned()));
        let key = match connection {
            Some(connection) => what.replacen(&format!("link {link}"), &format!("link {connection}"), 1),
            None => what.to_owned(),
        };
        Named { key, shown: what.to_owned() }
    }

    /// A line of text that one of these hosts says or prints. A number behind SOCK or SOCKET is one of a socket, and so is one
    /// behind the number of a host and a comma (RFC 354, IV.A.2: `2,57144`).
    fn text(&mut self, hosts: &[&str], what: &str) -> String {
        let mut is_behind = false;
        let words = what.split(' ').map(|word| {
            let was_behind = is_behind;
            is_behind = ["SOCK", "SOCKET"].iter().any(|named| word.eq_ignore_ascii_case(named));
            let (before, number) = match word.split_once(',') {
                Some((host, number)) => (Some(host), number),
                None => (None, word),
            };
            let digits = number.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = number.split_at(digits);
            let of_host =
                before.and_then(|host| self.hosts.get(&HostAddress::from(host.parse::<u8>().ok()?)));
            match (of_host.cloned(), before) {
                (Some(owner), Some(before)) if digits > 0 => {
                    format!("{before},{}{rest}", self.socket(&owner, number))
                }
                (_, None) if was_behind && digits > 0 => {
                    let owner = self.owner(hosts, number);
                    format!("{}{rest}", self.socket(&owner, number))
                }
                _ => word.to_owned(),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// Whose socket it is of which one of these hosts speaks: who says so need not be; another is, if it is known to have it.
    fn owner(&self, hosts: &[&str], number: &str) -> String {
        let near = hosts.iter().copied().find(|host| self.has(host, number));
        let anybody = || self.blocks.keys().map(String::as_str).find(|host| self.has(host, number));
        near.or_else(anybody).unwrap_or(hosts[0]).to_owned()
    }

    /// Whether a host is known to have a socket.
    fn has(&self, host: &str, number: &str) -> bool {
        let Ok(number) = number.parse::<u32>() else { return false };
        self.blocks.get(host).is_some_and(|blocks| blocks.iter().any(|first| is_of(*first, number)))
    }

    /// The name of a socket of a host. One that everybody knows goes by its number.
    fn socket(&mut self, host: &str, number: &str) -> String {
        let Ok(socket) = number.parse::<u32>() else { return number.to_owned() };
        if Socket::from(socket).is_well_known() {
            return number.to_owned();
        }
        let blocks = self.blocks.entry(host.to_owned()).or_default();
        let block = blocks.iter().position(|first| is_of(*first, socket)).unwrap_or_else(|| {
            blocks.push(socket);
            blocks.len() - 1
        });
        let above = socket - blocks[block];
        let next = letters(self.names.names.len());
        let name = self.names.names.entry((host.to_owned(), block)).or_insert(next);
        if above == 0 { format!("{{{name}}}") } else { format!("{{{name}+{above}}}") }
    }
}

/// Whether a socket is of the block that begins so.
fn is_of(first: u32, socket: u32) -> bool {
    socket.checked_sub(first).is_some_and(|above| above < BLOCK)
}

/// a to z, then aa, ab, ...
fn letters(number: usize) -> String {
    let last = char::from(b'a' + (number % 26) as u8);
    if number < 26 { last.to_string() } else { format!("{}{last}", letters(number / 26 - 1)) }
}

/// The command that the data of an ERR begin with, if they do.
fn command_of(hex: &str) -> Option<String> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect();
    let bytes: Vec<u8> = digits?.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    let bits = Bits::from_bytes(&bytes);
    Commands::new(bits.reader()).next()?.ok().map(|command| command.to_string())
}
