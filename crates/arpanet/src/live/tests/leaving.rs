//! How a host leaves a real cable: in real time, but nothing is waited for that does not come by itself.

use futures::stream::{pending, poll_fn};
use host::live::{Clock, Driver, Ending, OnEof, Stop, Why};
use tokio::net::UdpSocket;
use tokio::sync::mpsc;

use super::*;
use crate::live::cable;

/// A host on a cable whose other end is a bare socket.
pub(super) async fn cable_of_host() -> (UdpSocket, UdpSocket) {
    let imp = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    let at = imp.local_addr().expect("it is bound");
    let host = cable::open("127.0.0.1:0".parse().expect("an address"), at).await.expect("a free port");
    imp.connect(host.local_addr().expect("it is bound")).await.expect("it is there");
    (imp, host)
}

fn host() -> HostOnCable {
    HostOnCable::new(Host::new(Settings::default()), HostEnd::default())
}

/// What a ready IMP sends.
pub(super) fn ready() -> Vec<u8> {
    let mut imp = ImpEnd::new();
    imp.handle(Instant::START, h316::Input::Signal(Signal::Ready(true)));
    match imp.poll() {
        Some(h316::Output::Datagram(datagram)) => datagram,
        other => panic!("an IMP says that it is ready: {other:?}"),
    }
}

#[test]
fn a_host_that_leaves_takes_what_its_imp_still_sends_until_it_is_told_once_more() {
    let runtime = cable::runtime().expect("there is one");
    runtime.block_on(async {
        let (imp, socket) = cable_of_host().await;
        let (stop, mut asked) = mpsc::unbounded_channel();
        let stops = poll_fn(move |cx| asked.poll_recv(cx));
        let (_keyboard, lines) = mpsc::channel(1);
        imp.send(&ready()).await.expect("it is there");
        let has_lingered = Rc::new(RefCell::new(false));
        let lingers = Rc::clone(&has_lingered);
        let reported = move |_, report: Report| match report {
            // It is told to leave as soon as it is on the net, and when it lingers a flood begins.
            Report::Imp(host::live::ImpState::Ready) => stop.send(Stop::Down).expect("it listens"),
            Report::Lingers(_) => {
                lingers.replace(true);
                for _ in 0..100 {
                    let refused = imp.try_send(&ready()).is_err();
                    assert!(!refused, "nothing is refused");
                }
                stop.send(Stop::Down).expect("it listens");
            }
            _ => {}
        };
        let driver = Driver::new(host(), socket, Clock::start(), reported);
        // Without the second request the test would take as long as that.
        let driver = driver.lingering(Span::from_secs(3600)).waiting(Some(Span::from_secs(60)));
        let Ending { why, is_unfinished, .. } = driver.run(lines, OnEof::StayUp, stops).await;
        assert_eq!((why, is_unfinished), (Why::Asked, false));
        assert!(has_lingered.take(), "it was still there when it was down");
    });
}

#[test]
fn a_host_whose_imp_is_not_there_does_not_linger_and_waits_only_as_long_as_it_is_told() {
    let runtime = cable::runtime().expect("there is one");
    runtime.block_on(async {
        let (imp, socket) = cable_of_host().await;
        drop(imp);
        let (_keyboard, lines) = mpsc::channel(1);
        let reported = |_, report: Report| assert!(!matches!(report, Report::Lingers(_)), "nobody sends");
        let wait = Span::from_millis(20);
        let driver = Driver::new(host(), socket, Clock::start(), reported);
        let driver = driver.waiting(Some(wait)).lingering(Span::from_secs(3600));
        let Ending { why, counted, .. } = driver.run(lines, OnEof::StayUp, pending()).await;
        assert_eq!((why, counted.datagrams_in), (Why::Absent(wait), 0));
    });
}

/// What a host says that is told to leave while it serves somebody: whether the service lets go when it hears of it, or never.
async fn said_on_leaving(lets_go: bool) -> Vec<&'static str> {
    let (imp, socket) = cable_of_host().await;
    let program = Program::new("service", move |host: host::Handle| async move {
        let mut notices = host.notices();
        std::future::poll_fn(|cx| notices.poll(cx)).await;
        host.teletype().print("GOODBYE");
        if !lets_go {
            std::future::pending::<()>().await;
        }
    });
    let settings = Settings { programs: vec![program], ..Settings::default() };
    let host = HostOnCable::new(Host::new(settings), HostEnd::default());
    let (stop, mut asked) = mpsc::unbounded_channel();
    let stops = poll_fn(move |cx| asked.poll_recv(cx));
    let (_keyboard, lines) = mpsc::channel(1);
    imp.send(&ready()).await.expect("it is there");
    let said = Rc::new(RefCell::new(Vec::new()));
    let all = Rc::clone(&said);
    let reported = move |_, report: Report| match report {
        Report::Imp(host::live::ImpState::Ready) => stop.send(Stop::Down).expect("it listens"),
        Report::Note(Note::Printed(_)) => {
            all.borrow_mut().push("the service says goodbye");
            if !lets_go {
                stop.send(Stop::Down).expect("it listens");
            }
        }
        Report::Note(Note::Crashed) => all.borrow_mut().push("it is down"),
        Report::Lingers(_) => {
            all.borrow_mut().push("it lingers");
            stop.send(Stop::Down).expect("it listens");
        }
        _ => {}
    };
    let driver = Driver::new(host, socket, Clock::start(), reported);
    let driver = driver.lingering(Span::from_secs(3600)).taking_leave(vec![ncp::icp::FTP_CONTACT]);
    driver.run(lines, OnEof::StayUp, stops).await;
    said.take()
}

#[test]
fn whoever_is_served_is_told_before_the_host_is_down_and_who_is_in_a_hurry_asks_once_more() {
    let runtime = cable::runtime().expect("there is one");
    let told = runtime.block_on(said_on_leaving(true));
    assert_eq!(told, ["the service says goodbye", "it is down", "it lingers"]);
    let told = runtime.block_on(said_on_leaving(false));
    assert_eq!(told, ["the service says goodbye", "it is down"], "the second request ends all");
}
