//! Servers that have received or sent other bytes than the user has sent or received, and yet say 252.

use sim::Sim;

use crate::odd_server::{CONTENT, odd_server};
use crate::{PLAIN, USER, types, types_and_replaces};

/// A user who has logged in to an odd server, and has a file of five bytes and an old one.
fn net() -> sim::Result<Sim> {
    let mut sim = Sim::on("1973-01")?;
    sim.host(PLAIN)?.runs("server", odd_server);
    sim.host(USER)?
        .runs_ftp()
        .file("<SMITH>SMALL", "XXXXX")?
        .file("<SMITH>OLD", "BEFORE")?
        .file("<SMITH>BIG", [b'X'; 50_000])?;
    types(&mut sim, &format!("CONNECT {PLAIN}"))?;
    types(&mut sim, "LOGIN SMITH SESAME")?;
    Ok(sim)
}

#[test]
fn who_sends_a_file_of_which_the_server_counts_less_is_not_told_that_it_is_sent() -> sim::Result {
    let mut sim = net()?;
    for (line, told) in [
        ("SEND SMALL COUNT-5", "5 BYTES SENT"),
        (
            "SEND SMALL COUNT-0",
            "5 bytes were sent, and the server counted 0: what it has stored is not that file",
        ),
        ("SEND SMALL ELSE", "5 BYTES SENT"),
        ("GET COUNT-3 NEW", "3 BYTES RECEIVED"),
        ("GET COUNT-7 OLD", "the server counted 7 bytes, and 3 arrived: they are not kept"),
        ("GET ELSE NEWER", "3 BYTES RECEIVED"),
        ("SEND SMALL GARBLED", "the server's last word is garbled: 252 transfer complete, 3 by"),
        ("GET GARBLED OLD", "the server's last word is garbled: 252 transfer complete, 3 by"),
    ] {
        assert_eq!(types_and_replaces(&mut sim, line)?, [told], "{line}");
    }
    let outcome = sim.finish()?;
    let kept = |name: &str| outcome.file(USER, name).map(|content| content.map(|content| content.to_vec()));
    assert_eq!(kept("<SMITH>OLD.")?.as_deref(), Some(&b"BEFORE"[..]), "the file is what it was");
    assert_eq!(kept("<SMITH>NEW.")?.as_deref(), Some(CONTENT));
    Ok(())
}

/// A reply to a command that a cable had brought twice comes late, and looks like one to the transfer that has begun meanwhile.
#[test]
fn who_is_refused_when_the_data_connection_is_open_is_told_that_nobody_knows_and_breaks_off() -> sim::Result {
    let told = "the server opened a data connection, and then refused: 505 name a user first";
    for line in ["SEND BIG REFUSED", "GET REFUSED OLD", "GET REFUSED NEW"] {
        let mut sim = net()?;
        // What it answers from now on may be of this command still.
        assert_eq!(types_and_replaces(&mut sim, line)?, [told, "NOT CONNECTED ANY MORE"], "{line}");
        sim.run_for(sim::Span::from_secs(600));
        let outcome = sim.finish()?;
        assert_eq!(outcome.file(USER, "<SMITH>OLD.")?.as_deref().map(Vec::as_slice), Some(&b"BEFORE"[..]));
        assert_eq!(outcome.file(USER, "<SMITH>NEW.")?, None);
        if line.starts_with("SEND") {
            let printed = outcome.printed(PLAIN)?;
            let sent = printed.iter().find(|line| line.contains("BYTES, ")).expect("it says what has come");
            assert!(sent.ends_with("BROKEN OFF"), "the end of a part is not that of a file: {sent}");
        }
    }
    Ok(())
}

/// Any program of the server's host could connect to the socket on which the user listens; what it sends is not what was
/// asked for, however complete the server says that to be (RFC 354, V.A).
#[test]
fn data_from_or_to_a_socket_that_the_server_has_not_named_are_not_taken_for_the_file() -> sim::Result {
    let mut sim = net()?;
    let told = "the data connection came from another socket than the server had named";
    for line in ["GET ELSEWHERE OLD", "GET ELSEWHERE NEW", "SEND SMALL ELSEWHERE"] {
        assert_eq!(types_and_replaces(&mut sim, line)?, [told], "{line}");
    }
    assert_eq!(types(&mut sim, "GET ELSE NEWER")?, ["3 BYTES RECEIVED"], "the next is taken");
    let outcome = sim.finish()?;
    assert_eq!(outcome.file(USER, "<SMITH>OLD.")?.as_deref().map(Vec::as_slice), Some(&b"BEFORE"[..]));
    assert_eq!(outcome.file(USER, "<SMITH>NEW.")?, None);
    Ok(())
}

/// A server without numbers says that it is done, and its data connection has ended properly; but it has interrupted, which
/// is how a sender breaks off.
#[test]
fn a_stream_that_was_interrupted_is_not_taken_for_the_whole_file() -> sim::Result {
    let mut sim = net()?;
    for line in ["GET BROKEN OLD", "GET BROKEN NEW"] {
        let told = types_and_replaces(&mut sim, line)?;
        assert!(matches!(&told[..], [line] if line.starts_with("data connection: ")), "{line}: {told:?}");
    }
    let outcome = sim.finish()?;
    assert_eq!(outcome.file(USER, "<SMITH>OLD.")?.as_deref().map(Vec::as_slice), Some(&b"BEFORE"[..]));
    assert_eq!(outcome.file(USER, "<SMITH>NEW.")?, None);
    Ok(())
}

#[test]
fn a_user_who_goes_says_bye_to_the_server_and_then_closes() -> sim::Result {
    let mut sim = net()?;
    assert_eq!(types(&mut sim, "BYE")?, ["CLOSED"]);
    let outcome = sim.finish()?;
    assert_eq!(outcome.printed(PLAIN)?, ["USER SMITH", "BYE", "CLOSED"]);
    Ok(())
}
