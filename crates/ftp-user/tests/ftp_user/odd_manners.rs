//! Servers of other houses, each lawful and each odd in its own manner, worked through all that a person does with files. What
//! he is told agrees with the server's files at each step.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ftp_user::Typist;
use futures::{SinkExt, StreamExt};
use host::{Connection, Handle};
use ncp::icp::FTP_CONTACT;
use ncp::{ByteSize, ForeignSocket, Gender};
use sim::{Sim, Span};
use telnet::{Lines, Received};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::codec::{FramedRead, FramedWrite};

use crate::{PLAIN, USER};

/// What a server does in the course of a transfer.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    /// Tells its data socket: 255.
    Tells,
    /// Says that it begins: 250.
    Begins,
    /// Opens the data connection.
    Opens,
    /// Sends the file, or takes it until its end.
    Moves,
    /// Closes the data connection.
    Closes,
    /// Says its last word: 252.
    Ends,
    /// Does nothing for so many seconds.
    Waits(u64),
}

use Step::{Begins, Closes, Ends, Moves, Opens, Tells, Waits};

/// What a server does when the user says BYE.
#[derive(Clone, Copy, PartialEq)]
enum Bye {
    /// It says 231, and closes both connections.
    Says,
    /// It closes without a word.
    Silent,
    /// It says so, closes the connection on which it speaks, and keeps the other.
    Half,
    /// It says so, and leaves it to the user to close.
    Stays,
}

/// The manner of a server.
#[derive(Clone, Copy)]
struct Manner {
    name: &'static str,
    greeting: &'static [&'static str],
    /// How it says a reply: the lines, of a code and a text.
    says: fn(u16, &str) -> Vec<String>,
    /// What it answers USER, PASS and ACCT.
    login: [u16; 3],
    transfer: &'static [Step],
    bye: Bye,
}

const USUAL: Manner = Manner {
    name: "usual",
    greeting: &["300 GO AHEAD"],
    says: |code, text| vec![format!("{code} {text}")],
    login: [330, 230, 230],
    transfer: &[Tells, Opens, Begins, Moves, Closes, Ends],
    bye: Bye::Says,
};

const MANNERS: &[Manner] = &[
    USUAL,
    Manner { name: "greets nobody, and is asked", greeting: &[], ..USUAL },
    Manner {
        name: "says who it is before it greets",
        greeting: &["  MULTICS 16.14", "LOAD = 23.0 OUT OF 55.0", "", "300 SERVICE"],
        ..USUAL
    },
    Manner {
        name: "says all in many lines, as RFC 454 has it",
        greeting: &["300-WELCOME", "  TO 300 USERS", "300 GO AHEAD"],
        says: |code, text| {
            vec![format!("{code}-{text}"), "  200 IS NO CODE HERE".into(), format!("{code} END")]
        },
        ..USUAL
    },
    Manner {
        name: "has codes of its own, of which the first digit says enough",
        says: |code, text| match code {
            // What asks for more, and what tells a socket, has no other form.
            255 | 330 | 331 => vec![format!("{code} {text}")],
            _ => vec![format!("{}9{} {text}", code / 100, code % 10)],
        },
        ..USUAL
    },
    Manner { name: "says the last word alone", transfer: &[Opens, Moves, Closes, Ends], ..USUAL },
    Manner {
        name: "tells the socket when all has begun, and its last word before it closes",
        transfer: &[Opens, Begins, Tells, Moves, Ends, Waits(3), Closes],
        ..USUAL
    },
    Manner {
        name: "is slow to begin, and slower to say that it is done",
        transfer: &[Waits(50), Tells, Opens, Begins, Moves, Closes, Waits(55), Ends],
        ..USUAL
    },
    Manner { name: "wants an account after the password", login: [330, 331, 230], ..USUAL },
    Manner { name: "wants no password", login: [230, 503, 503], ..USUAL },
    Manner {
        name: "tells its news before each answer",
        says: |code, text| {
            vec!["010 THE DISK IS NEARLY FULL".into(), "050 FTP OF MAY".into(), format!("{code} {text}")]
        },
        ..USUAL
    },
    Manner {
        name: "says as little as it may",
        says: |code, text| vec![if code == 255 { format!("255 {text}") } else { code.to_string() }],
        ..USUAL
    },
    Manner {
        name: "indents, shouts and uses tabs",
        says: |code, text| vec![format!("{code}\t  {}\t", text.to_ascii_uppercase())],
        ..USUAL
    },
    Manner { name: "closes without a word", bye: Bye::Silent, ..USUAL },
    Manner { name: "closes one connection only", bye: Bye::Half, ..USUAL },
    Manner { name: "does not close", bye: Bye::Stays, ..USUAL },
];

/// The files of a server.
type Disk = Rc<RefCell<BTreeMap<String, Vec<u8>>>>;

/// One user's dialogue with such a server.
struct Session {
    host: Handle,
    manner: Manner,
    disk: Disk,
    user: ForeignSocket,
    replies: FramedWrite<Connection, Lines>,
}

impl Session {
    async fn says(&mut self, code: u16, text: &str) {
        for line in (self.manner.says)(code, text) {
            let _ = self.replies.send(line).await;
        }
    }

    /// Sends `content`, or takes a file, with which something is done as soon as it is there.
    async fn transfer(&mut self, content: Option<Vec<u8>>, mut keep: impl FnMut(Vec<u8>)) {
        let (gender, distance) = if content.is_some() { (Gender::Send, 4) } else { (Gender::Receive, 5) };
        let lease = self.host.sockets();
        let local = lease.socket_for(gender);
        let socket = (self.user.socket.number() + distance).into();
        let mut data = None;
        for step in self.manner.transfer {
            match step {
                Tells => self.says(255, &format!("SOCK {}", local.number())).await,
                Begins => self.says(250, "begun").await,
                Opens => {
                    let foreign = ForeignSocket { socket, ..self.user };
                    let opening = self.host.init(local, foreign, Some(ByteSize::EIGHT));
                    data = opening.expect("the socket is free").await.ok();
                }
                Moves => match (&mut data, &content) {
                    (Some(data), Some(content)) => data.write_all(content).await.expect("the user takes it"),
                    (Some(data), None) => {
                        let mut taken = Vec::new();
                        let _ = data.read_to_end(&mut taken).await;
                        keep(taken);
                    }
                    (None, _) => {}
                },
                Closes => {
                    if let Some(data) = data.take() {
                        data.close().await;
                    }
                }
                Ends => self.says(252, "done").await,
                Waits(seconds) => self.host.sleep(Span::from_secs(*seconds)).await,
            }
        }
    }

    async fn obeys(&mut self, line: &str, renamed: &mut Option<String>) {
        let (verb, file) = line.split_once(' ').unwrap_or((line, ""));
        let (file, disk) = (file.to_owned(), self.disk.clone());
        let there = disk.borrow().get(&file).cloned();
        match (verb, there) {
            ("USER" | "PASS" | "ACCT", _) => {
                let at = ["USER", "PASS", "ACCT"].iter().position(|known| *known == verb).unwrap_or_default();
                self.says(self.manner.login[at], "who goes there").await;
            }
            ("RETR", Some(content)) => self.transfer(Some(content), drop).await,
            ("STOR" | "APPE", there) => {
                let before = there.filter(|_| verb == "APPE").unwrap_or_default();
                let keep = |taken: Vec<u8>| {
                    disk.borrow_mut().insert(file.clone(), [&before[..], &taken].concat());
                };
                self.transfer(None, keep).await;
            }
            ("DELE", Some(_)) => {
                disk.borrow_mut().remove(&file);
                self.says(254, "gone").await;
            }
            ("RNFR", Some(_)) => {
                *renamed = Some(file);
                self.says(200, "to what").await;
            }
            ("RNTO", _) => {
                let content = renamed.take().and_then(|before| disk.borrow_mut().remove(&before));
                disk.borrow_mut().insert(file, content.unwrap_or_default());
                self.says(253, "renamed").await;
            }
            ("LIST", there) if file.is_empty() || there.is_some() => {
                let names: Vec<String> = disk.borrow().keys().cloned().collect();
                let list: String = names.iter().map(|name| format!("{name} IS HERE\r\n")).collect();
                self.transfer(Some(list.into_bytes()), drop).await;
            }
            ("RETR" | "DELE" | "RNFR" | "LIST", _) => self.says(450, "no such file").await,
            _ => self.says(500, "what is that").await,
        }
    }
}

async fn odd_server(host: Handle, manner: Manner, disk: Disk) {
    let duplex = host.serve(FTP_CONTACT).accept().await.open().await.expect("a user comes");
    let mut lines = FramedRead::new(duplex.reader, Lines::default());
    let (user, replies) = (duplex.contact, FramedWrite::new(duplex.writer, Lines::default()));
    let mut session = Session { host: host.clone(), manner, disk, user, replies };
    for line in manner.greeting {
        let _ = session.replies.send(*line).await;
    }
    let mut renamed = None;
    while let Some(Ok(Received::Line(line))) = lines.next().await {
        if line != "BYE" {
            session.obeys(&line, &mut renamed).await;
            continue;
        }
        if manner.bye != Bye::Silent {
            session.says(231, "goodbye").await;
        }
        match manner.bye {
            Bye::Says | Bye::Silent => return,
            Bye::Half => drop(session.replies.into_inner().close().await),
            Bye::Stays => {}
        }
        while lines.next().await.is_some() {}
        return;
    }
}

/// What the program prints to a line before it waits for the next, however long that takes.
fn types(sim: &mut Sim, line: &str) -> sim::Result<Vec<String>> {
    let seen = sim.now().printed(USER).len();
    sim.types(USER, line)?;
    sim.wait_until(line, Span::from_secs(900), |now| {
        now.host(USER).is_some_and(|host| !host.is_busy_with_a_line())
    })?;
    Ok(sim.now().printed(USER)[seen..].iter().map(|line| (*line).to_owned()).collect())
}

/// What there is at a server.
fn on(disk: &Disk) -> Vec<(String, usize)> {
    disk.borrow().iter().map(|(name, content)| (name.clone(), content.len())).collect()
}

fn works_with(manner: Manner, typist: Typist) -> sim::Result {
    let (mut sim, disk) = (Sim::on("1973-01")?, Disk::default());
    let there = disk.clone();
    sim.host(PLAIN)?.runs("server", move |host| odd_server(host, manner, there.clone()));
    let here = sim.host(USER)?.runs("FTP user", move |host| ftp_user::run(host, typist));
    here.file("<SMITH>SMALL.", "XXXXX")?;
    let at = |line: &str| format!("{} to a {typist:?}: {line}", manner.name);
    let has = |name: &str, bytes: usize| vec![(name.to_owned(), bytes)];
    for (line, told, files) in [
        ("CONNECT MIT-AI", "CONNECTED TO MIT-AI", vec![]),
        ("LOGIN SMITH SESAME PROJECT", "2", vec![]),
        ("SEND SMALL A", "5 BYTES SENT", has("A", 5)),
        ("APPEND SMALL A", "5 BYTES SENT", has("A", 10)),
        ("GET A COPY", "10 BYTES RECEIVED", has("A", 10)),
        ("LIST", "A IS HERE", has("A", 10)),
        ("RENAME A B", "2", has("B", 10)),
        ("GET A NONE", "4", has("B", 10)),
        ("MULTIPLE GET *", "", has("B", 10)),
        ("DELETE B", "2", vec![]),
        ("DELETE B", "4", vec![]),
        ("SEND SMALL C", "5 BYTES SENT", has("C", 5)),
        ("BYE", "CLOSED", has("C", 5)),
    ] {
        let said = types(&mut sim, line)?;
        // A server of another house has no NLST, and says so.
        assert!(said.iter().any(|said| said.starts_with(told)), "{}: {said:?}", at(line));
        if line == "GET A NONE" {
            assert!(said.iter().any(|said| said.contains("(A)")), "{}: {said:?}", at(line));
        }
        assert_eq!(on(&disk), files, "{}: {said:?}", at(line));
    }
    let outcome = sim.finish()?;
    let copy = outcome.file(USER, "<SMITH>COPY.")?.map(|content| content.len());
    let none = outcome.file(USER, "<SMITH>NONE.")?.is_some();
    assert_eq!((copy, none), (Some(10), false), "{}", at("the files here"));
    Ok(())
}

#[test]
fn whatever_the_manners_of_a_lawful_server_the_user_works_with_its_files_and_is_told_the_truth() -> sim::Result
{
    for manner in MANNERS {
        works_with(*manner, Typist::Script)?;
        works_with(*manner, Typist::Person)?;
    }
    Ok(())
}
