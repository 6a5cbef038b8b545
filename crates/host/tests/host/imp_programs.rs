//! Messages from the programs of IMPs: they reach the program that takes them, and not the NCP.

use std::cell::RefCell;
use std::rc::Rc;

use host::{Handle, Host, Output, Program, Settings};
use imp1822::{FromImp, HostAddress, Link, Signal};
use machine::{BitWriter, Bits, Instant, Machine};

/// Text behind the leader of an IMP's program, or with `is_host`, of a host; on the control link.
fn message(is_host: bool, text: &[u8]) -> Bits {
    let (from, link, priority) = (HostAddress::from(197), Link::CONTROL, false);
    let leader = if is_host {
        FromImp::Regular { from, link, priority }
    } else {
        FromImp::FakeHost { from, link, priority }
    };
    let mut writer = BitWriter::new(32 + 8 * text.len());
    writer.put_bits(leader.bits().reader());
    writer.put_bytes(text);
    writer.finish()
}

/// A host with one program, whose IMP is ready.
fn up<F: Future<Output = ()> + 'static>(program: impl Fn(Handle) -> F + 'static) -> Host {
    let mut host =
        Host::new(Settings { programs: vec![Program::new("listener", program)], ..Settings::default() });
    host.boot(Instant::START);
    host.handle(Instant::START, Signal::Ready(true));
    host.drain().for_each(drop);
    host
}

#[test]
fn a_program_takes_them_whole_and_nothing_is_answered() {
    let heard: Rc<RefCell<Vec<Bits>>> = Rc::default();
    let taken = Rc::clone(&heard);
    let mut host = up(move |host| {
        let taken = Rc::clone(&taken);
        async move {
            let mut messages = host.imp_messages(1);
            while let Some(message) = messages.recv().await {
                taken.borrow_mut().push(message);
            }
        }
    });
    // As a control message, it would be full of errors.
    let report = message(false, &[0, 0o303, 0xff, 0xff]);
    for _ in 0..3 {
        host.handle(Instant::START, Signal::Message(report.clone()));
    }
    assert_eq!(*heard.borrow(), [report.clone(), report.clone(), report]);
    let said: Vec<Output> = host.drain().collect();
    assert!(said.is_empty(), "the NCP did not read it: {said:?}");
    host.handle(Instant::START, Signal::Message(message(true, &[0, 0o303])));
    assert_eq!(heard.borrow().len(), 3, "what a host sends is for the NCP");
}

#[test]
fn who_lets_them_lie_loses_what_is_too_much_and_holds_no_more() {
    let waiting = Rc::new(RefCell::new(None));
    let queue = Rc::clone(&waiting);
    let mut host = up(move |host| {
        *queue.borrow_mut() = Some(host.imp_messages(2));
        std::future::ready(())
    });
    for text in [1, 2, 3] {
        host.handle(Instant::START, Signal::Message(message(false, &[text])));
    }
    let mut messages = waiting.borrow_mut().take().expect("the program asked for them");
    assert_eq!(messages.try_recv().ok(), Some(message(false, &[1])));
    assert_eq!(messages.try_recv().ok(), Some(message(false, &[2])));
    assert!(messages.try_recv().is_err(), "the third was lost");
    host.handle(Instant::START, Signal::Message(message(false, &[4])));
    assert_eq!(messages.try_recv().ok(), Some(message(false, &[4])));
    drop(messages);
    // Nobody wants them any more.
    host.handle(Instant::START, Signal::Message(message(false, &[5])));
    assert!(host.drain().next().is_none());
}
