//! Lists of files, and files that are deleted.

use super::*;

#[test]
fn a_list_goes_over_the_data_connection_as_a_file_does() {
    let mut server = Server::logged_in(Edition::Rfc438);
    assert_eq!(server.hears("LIST"), "[list everything: connect to 86,65540]");
    assert_eq!(server.starts(5533), "255 SOCK 5533; 250 transfer started");
    assert_eq!(server.finishes(), "252 transfer complete, 5000 bytes over the data connection");
    server.listens(1025);
    assert_eq!(server.hears("NLST <THOMAS>"), "[list names <THOMAS>: listen on socket 1025]");
    assert_eq!(server.fails(Failure::NoDirectory), "450 there is no such directory", "RFC 354, V.C");
    assert_eq!(server.hears("LIST A.B"), "[list A.B: listen on socket 1025]", "it is not spent");
    assert_eq!(server.starts(1025), "250 transfer started");
    assert_eq!(
        server.hears("ABOR"),
        "[abort what the send socket does]; [release 1025]; 201 the transfer is stopped, and LSTN is undone"
    );
}

#[test]
fn a_file_is_deleted_or_the_user_told_why_not() {
    let mut server = Server::logged_in(Edition::Rfc438);
    assert_eq!(server.hears("DELE a.b"), "[delete a.b]");
    assert_eq!(server.hears("NOOP"), "504 the command before is still at work");
    assert_eq!(server.deletes(Ok("<BOBT>A.B;3")), "254 <BOBT>A.B;3 is deleted", "which one is told");
    server.hears("DELE a.b");
    assert_eq!(server.deletes(Err(Failure::NotFound)), "450 there is no such file");
    assert_eq!(server.deletes(Ok("<BOBT>A.B;3")), "", "nobody has asked");
    server.hears("DELE a.b");
    assert_eq!(server.after(ServerSession::closed), "");
    assert_eq!(server.deletes(Ok("<BOBT>A.B;2")), "", "nobody is there any more");
}

#[test]
fn a_file_is_renamed_by_two_commands_of_which_the_second_follows_at_once() {
    let mut server = Server::logged_in(Edition::Rfc438);
    let named = |server: &mut Server| {
        assert_eq!(server.hears("RNFR a.b"), "[may a.b be renamed]");
        assert_eq!(
            server.after(|session| session.may_rename(Ok("<BOBT>A.B".to_owned()))),
            "200 <BOBT>A.B: to what?"
        );
    };
    let rename = "[rename <BOBT>A.B to c.d]";
    named(&mut server);
    assert_eq!(server.hears("RNTO c.d"), rename);
    let renamed = |session: &mut ServerSession| session.renamed(Ok("<BOBT>C.D".to_owned()));
    assert_eq!(server.after(renamed), "253 the file is <BOBT>C.D now");
    assert_eq!(server.hears("RNTO e.f"), "505 name the file first, with RNFR", "that is over");
    named(&mut server);
    assert_eq!(server.hears("NOOP"), "200 at your service");
    assert_eq!(server.hears("RNTO c.d"), rename, "NOOP changes nothing (RFC 454, IV.A.4)");
    let taken = |session: &mut ServerSession| session.renamed(Err(Failure::NameTaken));
    assert_eq!(server.after(taken), "504 there is a file of that name", "RFC 354 has no 456");
    named(&mut server);
    server.hears("STAT");
    assert_eq!(server.hears("RNTO c.d"), "505 name the file first, with RNFR", "not at once");
    server.hears("RNFR a.b");
    let none = |session: &mut ServerSession| session.may_rename(Err(Failure::NotFound));
    assert_eq!(server.after(none), "450 there is no such file");
    assert_eq!(server.hears("RNTO c.d"), "505 name the file first, with RNFR", "there is nothing to rename");
    assert_eq!(server.after(renamed), "", "nobody has asked");
}

#[test]
fn an_image_is_sent_as_one_and_a_list_is_text_all_the_same() {
    let mut server = Server::logged_in(Edition::Rfc438);
    assert_eq!(server.hears("TYPE I"), "200 type image");
    assert_eq!(server.hears("BYTE 8"), "200 byte size 8");
    assert_eq!(server.hears("RETR A"), "[retrieve A as an image: connect to 86,65540]");
    server.starts(1025);
    server.finishes();
    assert_eq!(server.hears("LIST"), "[list everything: connect to 86,65540]", "RFC 385, 11");
    assert_eq!(server.hears("TYPE E"), "506 type EBCDIC is not implemented here");
    assert_eq!(
        server.hears("STOR A"),
        "[store A as an image: connect to 86,65541]",
        "what is refused changes nothing"
    );
    assert_eq!(server.hears("TYPE A"), "200 type ASCII");
    server.hears("ABOR");
    assert_eq!(server.hears("STOR A"), "[store A: connect to 86,65541]");
}

#[test]
fn stat_for_files_is_a_reply_that_ends_and_is_not_endless() {
    let mut server = Server::logged_in(Edition::Rfc438);
    assert_eq!(server.hears("STAT A.B"), "[describe A.B]");
    let file = Description::File("<BOBT>A.B  7 BYTES".to_owned());
    assert_eq!(server.describes(Ok(file)), "150 <BOBT>A.B  7 BYTES; 200 that is all");
    let directory = |files: usize| Description::Directory((0..files).map(|n| format!("A{n}")).collect());
    server.hears("STAT <BOBT>");
    assert_eq!(server.describes(Ok(directory(2))), "151 2 files |   A0 |   A1; 200 that is all");
    server.hears("STAT <BOBT>");
    let ends = |text: String| text.split_once("A99 |   ").map(|(_, end)| end.to_owned());
    let end = ends(server.describes(Ok(directory(103)))).expect("the first hundred are told");
    assert_eq!(end, "and 3 more, which LIST sends, too; 200 that is all");
    server.hears("RETR A");
    let status = server.hears("STAT A.B");
    assert!(status.starts_with("100 status of this server"), "it is for the transfer now: {status}");
}
