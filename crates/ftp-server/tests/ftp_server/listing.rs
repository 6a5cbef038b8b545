//! Which files there are, and files that are deleted.

use host::Note;
use imp1822::HostAddress;
use ncp::{ByteSize, ForeignSocket, Partner, Socket};
use sim::trace::What;
use sim::{Outcome, Span};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::user::{SERVER, User, content, dialogue, on_disk};

const MINUTE: Span = Span::from_secs(60);

impl User {
    /// Has a list sent over the default data connection. Returns its lines.
    async fn lists(&mut self, command: &str) -> Vec<String> {
        let text = String::from_utf8(self.receives(command).await).expect("lists are ASCII");
        assert!(text.is_empty() || text.ends_with("\r\n"), "the last line ends, too: {text:?}");
        text.lines().map(str::to_owned).collect()
    }
}

/// What has been deleted at the server, by its notes.
fn deleted(outcome: &Outcome) -> Vec<&str> {
    let paths = outcome.records.iter().filter_map(|record| match &record.what {
        What::Note { host: SERVER, note: Note::Deleted { path } } => Some(path.as_str()),
        _ => None,
    });
    paths.collect()
}

#[test]
fn list_tells_names_and_lengths_and_nlst_the_names_alone() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let list = [
            "<SMITH>BIG.X     100000 BYTES ON DISK",
            "<SMITH>EMPTY.X        0 BYTES ON DISK",
            "<SMITH>ONE.X          1 BYTES ON DISK",
        ];
        for command in ["LIST", "LIST <SMITH>", "LIST DSK:<smith>"] {
            assert_eq!(user.lists(command).await, list, "{command}");
        }
        assert_eq!(user.lists("NLST *.x").await, ["<SMITH>BIG.X", "<SMITH>EMPTY.X", "<SMITH>ONE.X"]);
        assert_eq!(user.lists("NLST DSK:<smith>*n*.*;1").await, ["<SMITH>ONE.X"]);
        assert_eq!(user.lists("LIST one.x").await, ["<SMITH>ONE.X        1 BYTES ON DISK"]);
        assert_eq!(user.lists("NLST BIG.X").await, ["<SMITH>BIG.X"]);
        let names = user.lists("NLST").await;
        assert_eq!(names, ["<SMITH>BIG.X", "<SMITH>EMPTY.X", "<SMITH>ONE.X"]);
        for (name, length) in names.iter().zip([100_000, 0, 1]) {
            assert_eq!(user.retrieves(name).await.len(), length, "what is listed can be asked for: {name}");
        }
        assert_eq!(user.lists("NLST <MANY>").await.len(), 300, "a directory is open to everybody");
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn a_directory_of_ones_own_may_be_empty_and_another_one_is_not_there() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        for name in ["BIG.X", "EMPTY.X", "ONE.X"] {
            assert_eq!(user.asks(&format!("DELE {name}"), 254).await, format!("<SMITH>{name} is deleted"));
        }
        assert_eq!(user.lists("LIST").await, [""; 0]);
        assert_eq!(user.lists("NLST <SMITH>").await, [""; 0]);
        for (command, code) in [
            ("LIST <NOBODY>", 450),
            ("NLST NONE.X", 450),
            ("LIST A?B", 501),
            ("NLST <", 501),
            ("LIST A*B", 450),
        ] {
            user.asks(command, code).await;
        }
        user.stores("STOR NEW.X", b"NEW").await;
        assert_eq!(user.lists("NLST").await, ["<SMITH>NEW.X"]);
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn a_list_uses_the_socket_that_lstn_has_set_aside() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let there = user.socket("LSTN S").await;
        user.types("NLST ONE.X").await;
        let to = ForeignSocket { host: SERVER, socket: there };
        let asking = host.init(user.duplex.sockets.socket(4), to, Some(ByteSize::EIGHT)).expect("it is free");
        let mut data = asking.await.expect("the server listens");
        user.hears(250).await;
        let mut names = String::new();
        data.read_to_string(&mut names).await.expect("it is closed properly");
        drop(data);
        user.hears(252).await;
        assert_eq!(names, "<SMITH>ONE.X\r\n");
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn a_list_that_nobody_reads_is_stopped_by_abor_and_one_that_is_not_read_to_its_end_is_not_whole()
-> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let listening = user.listens(4);
        user.asks("LIST <MANY>", 255).await;
        let mut data = listening.await.expect("the server asks");
        user.hears(250).await;
        host.sleep(Span::from_secs(10)).await;
        user.asks("LIST", 504).await;
        user.asks("ABOR", 201).await;
        let mut list = Vec::new();
        data.read_to_end(&mut list).await.expect("it is closed properly");
        assert_eq!(list.len(), 4000, "what had been allowed, and nothing after ABOR");
        drop(data);
        let listening = user.listens(4);
        user.asks("LIST <MANY>", 255).await;
        let data = listening.await.expect("the server asks");
        user.hears(250).await;
        data.receive(80).await.expect("it is open");
        drop(data);
        user.hears(452).await;
        host.sleep(Span::from_secs(1)).await;
        assert_eq!(user.lists("LIST <MANY>").await.len(), 300, "the next one is whole");
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn a_user_who_refuses_the_data_connection_is_told_that_there_is_none() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        // The user listens for another host.
        let other = ForeignSocket { host: HostAddress::from(9), socket: Socket::from(9) };
        let wrong = host.listen(user.duplex.sockets.socket(4), Partner::Exactly(other), None);
        for command in ["LIST", "NLST ONE.X"] {
            user.asks(command, 454).await;
        }
        drop(wrong.expect("the socket is free"));
        assert_eq!(user.lists("NLST ONE.X").await, ["<SMITH>ONE.X"]);
        user.leaves().await;
    })?;
    Ok(())
}

#[test]
fn only_ones_own_files_can_be_deleted_and_the_host_takes_note() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        for (line, code) in [
            ("DELE <MANY>FILE0.", 451),
            ("DELE <JONES>NONE.X", 451),
            ("DELE NONE.X", 450),
            ("DELE ONE.X;2", 450),
            ("DELE <SMITH>", 501),
            ("DELE A*B", 501),
            ("DELE one.x", 254),
            ("DELE ONE.X", 450),
            ("RETR ONE.X", 450),
        ] {
            user.asks(line, code).await;
        }
        user.leaves().await;
    })?;
    assert_eq!(deleted(&outcome), ["<SMITH>ONE.X"]);
    assert!(on_disk(&outcome, "BIG.X").is_some() && outcome.file("SITE2", "<MANY>FILE0.")?.is_some());
    Ok(())
}

#[test]
fn who_reads_a_file_reads_it_to_its_end_though_it_is_deleted() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut reader = User::enters(&host).await;
        let mut user = User::enters(&host).await;
        let listening = reader.listens(4);
        reader.asks("RETR BIG.X", 255).await;
        let mut data = listening.await.expect("the server asks");
        reader.hears(250).await;
        user.asks("DELE BIG.X", 254).await;
        user.asks("RETR BIG.X", 450).await;
        let mut read = Vec::new();
        data.read_to_end(&mut read).await.expect("it is closed properly");
        drop(data);
        reader.hears(252).await;
        assert!(read == content(100_000), "all of it");
        for mut user in [reader, user] {
            user.leaves().await;
        }
    })?;
    assert_eq!(on_disk(&outcome, "BIG.X"), None);
    Ok(())
}

#[test]
fn who_writes_a_file_that_is_deleted_meanwhile_files_all_that_he_has_sent() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        for (command, name) in [("APPE", "ONE.X"), ("STOR", "EMPTY.X")] {
            let mut data = user.begins(&format!("{command} {name}")).await;
            data.write_all(b"FIRST ").await.expect("the server reads");
            host.sleep(Span::from_secs(1)).await;
            user.asks(&format!("DELE {name}"), 254).await;
            user.asks(&format!("DELE {name}"), 450).await;
            data.write_all(b"SECOND").await.expect("the server reads");
            data.close().await;
            user.hears(252).await;
        }
        user.leaves().await;
    })?;
    for name in ["ONE.X", "EMPTY.X"] {
        assert_eq!(on_disk(&outcome, name).as_deref(), Some(&b"FIRST SECOND"[..]), "{name}");
    }
    Ok(())
}

#[test]
fn stat_tells_the_same_over_the_telnet_connection() -> sim::Result {
    dialogue(MINUTE, async |host| {
        let mut user = User::enters(&host).await;
        let file = user.asks("STAT ONE.X", 150).await;
        assert_eq!(file, "<SMITH>ONE.X        1 BYTES ON DISK");
        user.hears(200).await;
        assert_eq!(user.asks("STAT <SMITH>", 151).await, "3 files");
        for name in ["BIG", "EMPTY", "ONE"] {
            let line = user.line().await.expect("the server goes on");
            assert!(line.starts_with(&format!("   <SMITH>{name}.X ")), "{line}");
        }
        user.hears(200).await;
        user.asks("STAT NONE.X", 450).await;
        user.asks("STAT <NOBODY>", 450).await;
        user.asks("STAT A*B", 450).await;
        user.asks("STAT A?B", 501).await;
        user.leaves().await;
    })?;
    Ok(())
}
