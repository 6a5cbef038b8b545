//! Users who go without a goodbye.

use machine::Span;
use ncp::icp::FTP_CONTACT;
use tokio::io::AsyncWriteExt;

use crate::net::Net;
use crate::user::{SERVER, User, assert_alone, content, net, on_disk};

/// A user in the middle of a STOR, who stays there.
fn in_the_middle() -> Net {
    let mut net = net();
    net.runs(1, async |host| {
        let mut user = User::enters(&host).await;
        user.socket("LSTN S").await;
        let mut data = user.begins("STOR ONE.X").await;
        data.write_all(&content(3000)).await.expect("the server reads");
        host.teletype().print("HALF");
        let cue = host.teletype().read("CUE: ").await;
        match cue.as_str() {
            "END" => drop((user, data)),
            "CLOSE ONE" => {
                drop(user.duplex.writer);
                host.sleep(Span::from_secs(500)).await;
            }
            other => panic!("no such cue: {other}"),
        }
    });
    net.wait_for("the transfer is on", Span::from_secs(60), |net| !net.paper(1).is_empty());
    net.wait(Span::from_secs(2));
    assert_eq!(net.in_use(SERVER).len(), 4, "contact, two for Telnet, one for data");
    net
}

fn assert_unharmed(net: &Net) {
    assert_alone(net);
    assert_eq!(on_disk(net, "ONE.X"), Some(content(1)), "the file is what it was");
    assert!(net.notes(SERVER).iter().all(|note| !matches!(note, host::Note::Filed { .. })));
}

#[test]
fn a_user_whose_program_ends_in_the_middle_of_a_stor_leaves_the_file_and_no_socket() {
    let mut net = in_the_middle();
    net.types(1, "END");
    net.wait(Span::from_secs(10));
    assert_unharmed(&net);
}

#[test]
fn to_close_what_the_server_reads_is_enough() {
    let mut net = in_the_middle();
    net.types(1, "CLOSE ONE");
    net.wait(Span::from_secs(2));
    assert_unharmed(&net);
}

#[test]
fn a_user_who_crashes_and_is_back_in_the_middle_of_a_stor_leaves_the_file_and_no_socket() {
    let mut net = in_the_middle();
    net.crash(1);
    net.boot(1);
    net.wait(Span::from_secs(60));
    // The new life of host 1 has said RST, and its program is half through again.
    assert_eq!(net.paper(1).len(), 2);
    net.crash(1);
    net.wait(Span::from_secs(900));
    assert_unharmed(&net);
}

#[test]
fn a_user_who_crashes_silently_in_the_middle_of_a_stor_is_given_up_after_ten_minutes_at_most() {
    let mut net = in_the_middle();
    net.crash(1);
    net.wait(Span::from_secs(601));
    assert_unharmed(&net);
}

#[test]
fn a_user_who_vanishes_while_the_server_waits_for_the_data_connection_is_forgotten() {
    let mut net = net();
    net.runs(1, async |host| {
        let mut user = User::enters(&host).await;
        user.socket("LSTN R").await;
        user.types("STOR ONE.X").await;
        host.sleep(Span::from_secs(10)).await;
    });
    net.wait(Span::from_secs(5));
    assert_eq!(net.in_use(SERVER).len(), 4, "it listens");
    net.wait(Span::from_secs(10));
    assert_unharmed(&net);
}

#[test]
fn a_line_that_is_cut_short_is_not_obeyed() {
    let mut net = net();
    net.runs(1, async |host| {
        let mut user = User::enters(&host).await;
        let _listening = user.listens(5);
        user.writes(b"STOR ONE.X").await;
    });
    net.wait(Span::from_secs(10));
    assert_unharmed(&net);
}

#[test]
fn a_user_who_says_nothing_is_let_go_after_half_an_hour() {
    let mut net = net();
    net.runs(1, async |host| {
        let mut user = User::enters(&host).await;
        host.sleep(Span::from_secs(25 * 60)).await;
        user.asks("NOOP", 200).await;
        let start = host.now();
        user.hears_the_end().await;
        assert!(host.now().since(start) >= Span::from_secs(30 * 60), "the half hour begins anew");
        host.teletype().print("DONE");
    });
    net.wait(Span::from_secs(56 * 60));
    assert_eq!(net.paper(1), ["DONE"]);
    assert_unharmed(&net);
}

#[test]
fn when_the_server_crashes_and_is_back_it_serves_again() {
    let mut net = in_the_middle();
    net.crash(SERVER);
    net.boot(SERVER);
    net.wait(Span::from_secs(1));
    assert_eq!(net.in_use(SERVER), [FTP_CONTACT]);
    net.runs(3, async |host| {
        let mut user = User::enters(&host).await;
        assert_eq!(user.retrieves("ONE.X").await, content(1), "what was there before");
        host.teletype().print("DONE");
    });
    net.wait(Span::from_secs(60));
    assert_eq!(net.paper(3), ["DONE"]);
    assert_unharmed(&net);
}
