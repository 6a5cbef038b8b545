//! What is typed at a live host while its program works on a line: a person is heard, and a script's next line waits.

use std::pin::pin;

use futures::future::{Either, join, select};
use futures::stream::poll_fn;
use host::live::{Clock, Driver, OnEof};
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
                let _ = (stop.send(()), stop.send(()));
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
