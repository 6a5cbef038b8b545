//! Files by the names of the server's system, in their versions, and the room that there is for them.

use ftp::Edition;
use host::{Handle, Naming};
use ncp::Policy;
use sim::{Sim, Span};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::user::{User, content, dialogue, finish, net, net_with, on_disk};

const MINUTE: Span = Span::from_secs(60);

/// A net whose server has the files of another system.
fn net_of(naming: Naming, files: &[&str]) -> sim::Result<Sim> {
    let mut sim = Sim::on("ring")?;
    let mut server = sim.host("SITE2")?.serves_ftp().system(naming).account("Smith", "SESAME");
    for path in files {
        server = server.file(path, *path)?;
    }
    sim.host("SITE1")?;
    Ok(sim)
}

/// Lines that are no path names, by the system.
const HOSTILE: [(Naming, &[&str]); 5] = [
    (
        Naming::Tenex,
        &[
            "A.B;0",
            "A.B;-1",
            "A.B;+1",
            "A.B;X",
            "A.B;1;2",
            "A.B;131072",
            ";1",
            "<>A",
            "<SMITH",
            "<SMITH>",
            "A..B",
            "A>B",
            "LPT:A",
            "A\u{7}B",
            "A B",
            "A*\u{1}",
        ],
    ),
    (Naming::Multics, &["<<<a", ">udd>>a", "a>>b", ">udd>a>", ">", "a<b", "a\u{7}", "two words"]),
    (Naming::Its, &["SEVENTH", "A B C", ";A", "LPT:A", "A 0", "A <", "A\u{7}", "SMITH;", "{"]),
    (
        Naming::Os360,
        &["A..B", ".A", "A.", "1A", "NINECHARS", "'SMITH'", "'SMITH.A", "A(", "A()", "A_B", "A\u{7}"],
    ),
    (Naming::Plain, &["<SMITH", "<>A", "<SMITH>", "A\u{7}"]),
];

/// Names each of these in every command that has a name, and hears this code.
async fn names_each(host: Handle, names: &[&str], code: u16) {
    let mut user = User::enters(&host).await;
    let long = "X".repeat(200);
    for name in names.iter().copied().chain([long.as_str()]) {
        for verb in ["STOR", "APPE", "RETR", "DELE", "RNFR"] {
            user.asks(&format!("{verb} {name}"), code).await;
        }
    }
    user.leaves().await;
}

#[test]
fn what_is_no_path_name_of_the_system_is_refused_by_the_editions_code_and_changes_nothing() -> sim::Result {
    for (edition, code) in [(Edition::Rfc438, 501), (Edition::Rfc454, 550)] {
        for (naming, names) in HOSTILE {
            let mut sim = Sim::on("ring")?;
            sim.host("SITE2")?.serves_ftp_of(edition).system(naming).account("SMITH", "SESAME");
            sim.host("SITE1")?.runs("user", move |host| names_each(host, names, code));
            let outcome = finish(sim, Span::from_secs(600))?;
            assert!(outcome.files().all(|(_, files)| files.is_empty()), "{naming:?}");
        }
    }
    Ok(())
}

#[test]
fn what_is_listed_at_any_system_can_be_asked_for_as_it_is_printed() -> sim::Result {
    for (naming, files) in [
        (Naming::Tenex, &["<SMITH>A.B;1", "<SMITH>A.B;4", "<SMITH>C."][..]),
        (Naming::Multics, &[">udd>Smith>Test", ">udd>Smith>test"]),
        (Naming::Its, &["SMITH; A 3", "SMITH; A TXT"]),
        (Naming::Os360, &["'SMITH.A.B'", "'SMITH.LIB(M)'"]),
        (Naming::Plain, &["<SMITH>Any name", "<SMITH>any name"]),
    ] {
        let mut sim = net_of(naming, files)?;
        sim.host("SITE1")?.runs("user", async |host| {
            let mut user = User::enters(&host).await;
            let names = String::from_utf8(user.receives("NLST").await).expect("names are ASCII");
            for name in names.lines() {
                let content = String::from_utf8(user.retrieves(name).await).expect("it holds its name");
                assert!(content.starts_with(name.trim_end_matches(";1")), "{name} is {content}");
            }
            let mine: Vec<&str> = names.lines().collect();
            host.teletype().print(&mine.join("|"));
            user.leaves().await;
        });
        let outcome = finish(sim, MINUTE)?;
        assert_eq!(outcome.printed("SITE1")?, [files.join("|")], "{naming:?}");
    }
    Ok(())
}

#[test]
fn who_reads_a_file_has_it_as_it_was_when_it_was_opened() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let (mut reader, mut writer) = (User::enters(&host).await, User::enters(&host).await);
        let listening = reader.listens(4);
        reader.asks("RETR BIG.X", 255).await;
        let mut data = listening.await.expect("the server asks");
        reader.hears(250).await;
        writer.stores("STOR BIG.X;1", b"WRITTEN OVER").await;
        writer.stores("APPE BIG.X;1", b", AND MORE").await;
        writer.asks("DELE BIG.X", 254).await;
        let mut read = Vec::new();
        data.read_to_end(&mut read).await.expect("it is closed properly");
        assert!(read == content(100_000), "all of the old file, and nothing of the new one");
        reader.hears(252).await;
        for user in [&mut reader, &mut writer] {
            user.leaves().await;
        }
    })?;
    assert_eq!(on_disk(&outcome, "BIG.X"), None);
    Ok(())
}

/// As at a TENEX nothing is lost of what two users store under one name at a time; the highest version is of the one who has
/// ended last, whoever began.
#[test]
fn two_users_who_store_one_file_at_a_tenex_make_two_versions_of_it() -> sim::Result {
    let outcome = dialogue(MINUTE, async |host| {
        let (mut first, mut last) = (User::enters(&host).await, User::enters(&host).await);
        let mut begun_first = first.begins("STOR ONE.X").await;
        let mut begun_last = last.begins("STOR ONE.X").await;
        begun_last.write_all(b"BEGUN LAST").await.expect("the server reads");
        begun_last.close().await;
        last.hears(252).await;
        begun_first.write_all(b"BEGUN FIRST").await.expect("the server reads");
        begun_first.close().await;
        first.hears(252).await;
        for user in [&mut first, &mut last] {
            user.leaves().await;
        }
    })?;
    for (name, expected) in [
        ("ONE.X;1", &content(1)[..]),
        ("ONE.X;2", b"BEGUN LAST"),
        ("ONE.X;3", b"BEGUN FIRST"),
        ("ONE.X", b"BEGUN FIRST"),
    ] {
        assert_eq!(on_disk(&outcome, name).as_deref(), Some(expected), "{name}");
    }
    Ok(())
}

#[test]
fn a_full_quota_refuses_what_is_announced_and_breaks_off_what_is_not() -> sim::Result {
    for edition in Edition::ALL {
        let mut sim = net_with(edition, Policy::default())?;
        // Of which the files that are there take all but ten.
        sim.host("SITE2")?.quota("<SMITH>", 100_011);
        sim.host("SITE1")?.runs("user", async |host| {
            let mut user = User::enters(&host).await;
            user.asks("ALLO 11", 504).await;
            user.asks("ALLO 10", 200).await;
            user.leaves().await;
        });
        finish(sim, MINUTE)?;
    }
    let mut sim = net()?;
    sim.host("SITE2")?.quota("<SMITH>", 100_011);
    sim.host("SITE1")?.runs("user", async |host| {
        let (mut user, mut other) = (User::enters(&host).await, User::enters(&host).await);
        let mut data = user.begins("STOR LONG.X").await;
        data.write_all(&content(11)).await.expect("the server reads");
        user.hears(453).await;
        drop(data);
        user.asks("ALLO 8", 200).await;
        let mut promised = user.begins("STOR NEW.X").await;
        // What is promised to one is not another's, though nothing of it has come.
        let mut late = other.begins("STOR LATE.X").await;
        late.write_all(&content(3)).await.expect("the server reads");
        other.hears(453).await;
        drop(late);
        other.asks("ALLO 3", 504).await;
        promised.write_all(&content(8)).await.expect("the server reads");
        promised.close().await;
        user.hears(252).await;
        user.asks("DELE NEW.X", 254).await;
        other.asks("ALLO 10", 200).await;
        for user in [&mut user, &mut other] {
            user.leaves().await;
        }
    });
    let outcome = finish(sim, MINUTE)?;
    for name in ["LONG.X", "LATE.X", "NEW.X"] {
        assert_eq!(on_disk(&outcome, name), None, "{name}");
    }
    Ok(())
}
