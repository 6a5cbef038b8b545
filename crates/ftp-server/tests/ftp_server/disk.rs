//! A disk that refuses at the very end what it had seemed to take, and the moment at which the user is told.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use ftp::Edition;
use host::{
    Accounts, Deleted, DirEntry, Directory, FileError, Files, Form, Host, Limits, ListTarget, Naming, Note,
    PathName, Program, Renamed, Settings, Store, WriteMode, Written,
};
use imp1822::{HostAddress, Signal};
use machine::Instant;
use sim::scenario::{library, parse_net};
use sim::trace::{Record, What};
use sim::{Advance, Log, Span, World};
use tokio::io::AsyncWriteExt;

use crate::user::{DISK, SERVER, User, content, dialogue};

/// A disk with one old file, which lets each file be begun, and then refuses it.
#[derive(Debug)]
struct Refusing(FileError);

impl Store for Refusing {
    fn limits(&self) -> Limits {
        Limits { longest: DISK, entry: 0 }
    }

    fn read(&self, _: &PathName, _: Form) -> Result<Arc<Vec<u8>>, FileError> {
        Ok(Arc::new(b"OLD".to_vec()))
    }

    fn writable(&self, _: &PathName, _: WriteMode) -> Result<(), FileError> {
        Ok(())
    }

    fn write(&mut self, _: &PathName, _: Vec<u8>, _: WriteMode, _: Form) -> Result<Written, FileError> {
        Err(self.0)
    }

    fn list(&self, _: &ListTarget) -> Result<Vec<DirEntry>, FileError> {
        Ok(Vec::new())
    }

    fn delete(&mut self, _: &PathName) -> Result<Deleted, FileError> {
        Err(self.0)
    }

    fn rename(&mut self, _: &PathName, _: &PathName) -> Result<Renamed, FileError> {
        Err(self.0)
    }
}

/// What happened, in order.
#[derive(Default)]
struct Records(Vec<What>);

impl Log for Records {
    fn take(&mut self, _: u64, record: Record) {
        self.0.push(record.what);
    }
}

/// A user stores and appends at a server whose disk refuses the file with `error`, and is to hear `code`.
fn refused(error: FileError, code: u16) {
    let text = library::net("ring").expect("it is built in");
    let net = parse_net("ring", text).unwrap_or_else(|errors| panic!("{errors:?}"));
    let mut names = Directory::default();
    names.add("SITE2", SERVER);
    let mut accounts = Accounts::default();
    accounts.add("SMITH", "SESAME");
    let settings = |number, name: &str, files, program| Settings {
        name: name.to_owned(),
        address: HostAddress::from(number),
        directory: Arc::new(names.clone()),
        accounts: accounts.clone(),
        files,
        programs: vec![program],
        ..Settings::default()
    };
    let disk = Files::with_store(Naming::Tenex, Rc::new(RefCell::new(Refusing(error))), DISK);
    let server = Program::new("FTP server", |host| ftp_server::serve(host, Edition::default()));
    let done = Rc::new(Cell::new(false));
    let user = Program::new("user", {
        let done = done.clone();
        move |host| {
            let done = done.clone();
            async move {
                let mut user = User::enters(&host).await;
                for command in ["STOR NEW.X", "APPE OLD.X"] {
                    let mut data = user.begins(command).await;
                    data.write_all(&content(3000)).await.expect("the server reads");
                    data.close().await;
                    user.hears(code).await;
                }
                user.asks("BYE", 231).await;
                done.set(true);
            }
        }
    });
    let hosts = [
        (HostAddress::from(1), Host::new(settings(1, "SITE1", Files::default(), user))),
        (SERVER, Host::new(settings(2, "SITE2", disk, server))),
    ];
    let mut world = World::new(&net, hosts, sim::imp::Watch::Nothing, 1, Records::default());
    for address in [SERVER, HostAddress::from(1)] {
        world.act(address, |host, now| host.boot(now));
    }
    let end = Instant::START + Span::from_secs(60);
    while !done.get() && world.advance(end) == Advance::Happened {}
    assert!(done.get(), "the dialogue ends");
    let filed = world.log().0.iter().any(|what| matches!(what, What::Note { note: Note::Filed { .. }, .. }));
    assert!(!filed, "the disk has taken nothing");
}

#[test]
fn a_file_that_the_disk_refuses_when_all_of_it_has_arrived_is_never_said_to_be_stored() {
    for (error, code) in [(FileError::Full, 453), (FileError::Denied, 452), (FileError::Trouble, 452)] {
        refused(error, code);
    }
}

/// Who hears 252 may crash the server at once, or read the file: it is there.
#[test]
fn a_file_is_on_the_disk_before_its_user_is_told_that_it_is() -> sim::Result {
    let outcome = dialogue(Span::from_secs(60), async |host| {
        let mut user = User::enters(&host).await;
        user.stores("STOR NEW.X", &content(3000)).await;
        user.stores("APPE NEW.X", b"END").await;
        user.leaves().await;
    })?;
    let happened: Vec<&str> = outcome
        .records
        .iter()
        .filter_map(|record| match &record.what {
            What::Note { host, note: Note::Filed { .. } } if *host == SERVER => Some("filed"),
            What::Sent { host, signal: Signal::Message(bits) } if *host == SERVER => {
                bits.bytes().windows(4).any(|four| four == b"252 ").then_some("told")
            }
            _ => None,
        })
        .collect();
    assert_eq!(happened, ["filed", "told", "filed", "told"]);
    Ok(())
}
