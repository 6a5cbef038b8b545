//! The teletype: one person, one paper.

use host::Note;
use imp1822::{FromImp, GoingDown, Reason, Signal};
use machine::Span;

use crate::net::Net;

#[test]
fn lines_typed_before_anybody_reads_are_read_in_order_and_a_hidden_one_is_not_shown() {
    let mut net = Net::new();
    net.runs(1, async |host| {
        host.sleep(Span::from_secs(1)).await;
        let user = host.teletype().read("USER: ").await;
        let password = host.teletype().read_hidden("PASSWORD: ").await;
        host.teletype().print(&format!("{user} HAS {} LETTERS\nGO AHEAD", password.len()));
    });
    net.types(1, "SMITH");
    net.types(1, "SESAME");
    assert!(net.host(1).is_busy_with_a_line(), "nobody has read them");
    net.wait(Span::from_secs(2));
    let typed = |prompt: &str, line: Option<&str>| Note::Typed {
        prompt: prompt.to_owned(),
        line: line.map(str::to_owned),
    };
    let expected = [
        Note::Booted,
        typed("USER: ", Some("SMITH")),
        typed("PASSWORD: ", None),
        Note::Printed("SMITH HAS 6 LETTERS".to_owned()),
        Note::Printed("GO AHEAD".to_owned()),
    ];
    assert_eq!(net.notes(1), expected);
}

#[test]
fn control_characters_do_not_reach_the_paper() {
    let mut net = Net::new();
    net.runs(1, async |host| {
        host.teletype().print("\u{1b}[2JCLEAR\rOVER\u{7}\r\nTAB\tDEL\u{7f}CSI\u{9b}1m\u{202e}");
    });
    net.wait(Span::from_secs(1));
    assert_eq!(net.paper(1), ["·[2JCLEAR·OVER·", "TAB·DEL·CSI·1m·"]);
}

#[test]
fn a_program_is_busy_with_a_line_until_it_asks_for_the_next_or_ends() {
    let mut net = Net::new();
    net.runs(1, async |host| {
        for _ in 0..2 {
            let line = host.teletype().read("@").await;
            host.sleep(Span::from_secs(10)).await;
            host.teletype().print(&line);
        }
    });
    assert!(!net.host(1).is_busy_with_a_line(), "nothing was typed");
    net.types(1, "ONE");
    net.wait(Span::from_secs(9));
    assert!(net.host(1).is_busy_with_a_line(), "it works on ONE");
    net.wait(Span::from_secs(2));
    assert!(!net.host(1).is_busy_with_a_line(), "it asks for the next");
    net.types(1, "TWO");
    assert!(net.host(1).is_busy_with_a_line(), "it works on TWO");
    net.wait(Span::from_secs(20));
    assert_eq!(net.paper(1), ["ONE", "TWO"]);
    assert!(!net.host(1).is_busy_with_a_line(), "it has ended, and nobody works on anything");
    net.types(1, "THREE");
    assert!(net.host(1).is_busy_with_a_line(), "a line that nobody will ever read");
}

#[test]
fn a_read_that_is_given_up_takes_no_line_from_the_next_reader() {
    let mut net = Net::new();
    net.runs(1, async |host| {
        let teletype = host.teletype();
        let nothing = host.within(Span::from_secs(1), teletype.read("QUICK: ")).await;
        assert!(nothing.is_err(), "nobody types for a second");
        host.sleep(Span::from_secs(10)).await;
        let line = teletype.read("SLOW: ").await;
        teletype.print(&line);
    });
    net.wait(Span::from_secs(2));
    net.types(1, "LATE");
    assert!(net.host(1).is_busy_with_a_line(), "the reader has gone; the line waits");
    net.wait(Span::from_secs(20));
    assert_eq!(net.paper(1), ["LATE"]);
}

#[test]
fn of_two_programs_that_read_the_one_that_gives_up_does_not_make_the_other_deaf() {
    let mut net = Net::new();
    net.runs(1, async |host| {
        let patient = host.clone();
        drop(host.spawn("patient", async move {
            let line = patient.teletype().read("PATIENT: ").await;
            patient.teletype().print(&line);
        }));
        host.sleep(Span::from_secs(1)).await;
        let nothing = host.within(Span::from_secs(1), host.teletype().read("HASTY: ")).await;
        assert!(nothing.is_err(), "nobody types for a second");
    });
    net.wait(Span::from_secs(5));
    net.types(1, "HELLO");
    assert_eq!(net.paper(1), ["HELLO"]);
}

#[test]
fn users_are_reminded_that_the_imp_goes_down() {
    let mut net = Net::new();
    net.runs(1, async |host| host.sleep(Span::from_secs(1)).await);
    let going = GoingDown::new(Reason::Reload, 2, 1).expect("both times fit");
    net.hears(1, Signal::Message(FromImp::GoingDown(going).bits()));
    assert_eq!(net.paper(1), ["IMP GOING DOWN IN 10 MIN FOR 5 MIN: SCHEDULED SOFTWARE RELOAD"]);
}
