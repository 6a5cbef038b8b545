//! What is typed at a live host while its program works on a line: a person is heard, and a script's next line waits.

use std::pin::pin;

use futures::future::{Either, join, select};
use futures::stream::poll_fn;
use host::live::{Clock, Driver, OnEof, Stop};
use tokio::sync::mpsc;

use super::leaving::{cable_of_host, ready};
use super::*;

/// Works on each line until it hears STOP or, if it is for a script, for a moment. Prints how that ended.
fn host(of_script: bool) -> HostOnCable {
    let program = Program::new("test", move |host: host::Handle| async move {
        let teletype = host.teletype();
        loop {
            let line = teletype.read("*").await;
            let heard = pin!(teletype.overhear(|line| line == "STOP"));
            let patience = if of_script { Span::from_millis(20) } else { Span::from_secs(10) };
            let end = match select(heard, pin!(host.sleep(patience))).await {
                Either::Left(_) => "STOPPED",
                Either::Right(_) => "DONE",
            };
            teletype.print(&format!("{line} {end}"));
        }
    });
    let settings = Settings { programs: vec![program], ..Settings::default() };
    HostOnCable::new(Host::new(settings), HostEnd::default())
}

/// What the program prints of GO and STOP, typed at once by a script or a person.
async fn printed(of_script: bool) -> Vec<String> {
    let (imp, socket) = cable_of_host().await;
    let (keyboard, lines) = mpsc::channel(2);
    for line in ["GO", "STOP"] {
        keyboard.send(line.to_owned()).await.expect("it reads");
    }
    imp.send(&ready()).await.expect("it is there");
    let printed = Rc::new(RefCell::new(Vec::new()));
    let paper = Rc::clone(&printed);
    let (stop, mut stopped) = mpsc::unbounded_channel();
    let reported = move |_, report: Report| {
        if let Report::Note(Note::Printed(line)) = report {
            let is_last = line != "GO DONE";
            paper.borrow_mut().push(line);
            if is_last {
                // Once to leave, and once not to linger.
                let _ = (stop.send(Stop::Down), stop.send(Stop::Down));
            }
        }
    };
    let stops = poll_fn(move |cx| stopped.poll_recv(cx));
    let driver = Driver::new(host(of_script), socket, Clock::start(), reported).typed_by_person(!of_script);
    driver.run(lines, OnEof::StayUp, stops).await;
    drop(keyboard);
    printed.take()
}

#[test]
fn a_person_is_heard_while_the_program_works_and_the_next_line_of_a_script_waits() {
    let runtime = super::super::cable::runtime().expect("there is one");
    let (of_person, of_script) = runtime.block_on(join(printed(false), printed(true)));
    assert_eq!(of_person, ["GO STOPPED"]);
    assert_eq!(of_script, ["GO DONE", "STOP DONE"]);
}

/// What a program that works for ever prints when the key that interrupts is struck as soon as it works, and once more when it
/// has heard of that.
async fn printed_when_interrupted(by_person: bool) -> Vec<String> {
    let program = Program::new("test", |host: host::Handle| async move {
        let teletype = host.teletype();
        teletype.read("*").await;
        teletype.print("WORKS");
        loop {
            teletype.overhear(|line| line == host::INTERRUPT).await;
            teletype.print("HEARS");
        }
    });
    let settings = Settings { programs: vec![program], ..Settings::default() };
    let host = HostOnCable::new(Host::new(settings), HostEnd::default());
    let (imp, socket) = cable_of_host().await;
    let (keyboard, lines) = mpsc::channel(1);
    keyboard.send("GO".to_owned()).await.expect("it reads");
    imp.send(&ready()).await.expect("it is there");
    let printed = Rc::new(RefCell::new(Vec::new()));
    let paper = Rc::clone(&printed);
    let (stop, mut stopped) = mpsc::unbounded_channel();
    let reported = move |_, report: Report| match report {
        Report::Note(Note::Printed(line)) => {
            paper.borrow_mut().push(line);
            stop.send(Stop::Interrupt).expect("it listens");
        }
        Report::Lingers(_) => stop.send(Stop::Interrupt).expect("it listens"),
        _ => {}
    };
    let stops = poll_fn(move |cx| stopped.poll_recv(cx));
    let driver = Driver::new(host, socket, Clock::start(), reported).typed_by_person(by_person);
    driver.run(lines, OnEof::StayUp, stops).await;
    drop(keyboard);
    printed.take()
}

#[test]
fn the_key_that_interrupts_is_for_the_program_that_works_for_a_person_and_the_second_time_for_the_host() {
    let runtime = super::super::cable::runtime().expect("there is one");
    let both = join(printed_when_interrupted(true), printed_when_interrupted(false));
    let (of_person, of_script) = runtime.block_on(both);
    assert_eq!(of_person, ["WORKS", "HEARS"]);
    assert_eq!(of_script, ["WORKS"], "who has started a script wants it ended");
}
