//! The Network Control Center as a program of a host: it hears the reports of the IMPs, and prints at the teletype what changes.
//!
//! [`listen`] keeps a [`Center`] up to date and does no more, for whoever shows it otherwise. [`run`] does that, prints the log,
//! and answers what is typed:
//!
//! | typed | printed |
//! |---|---|
//! | `SUMMARY` or `STATUS` | every IMP and line, and the hosts that are up, one letter each |
//! | `TRAFFIC` | what was carried between the last two reports |
//! | `ACK` | the next alarm, acknowledged |
//! | `HELP` | this |

mod clock;
mod commands;

use std::cell::RefCell;
use std::rc::Rc;

use futures::future::{Either, select};
use host::Handle;
use imp1822::FromImp;
use machine::{Machine, Span};
use ncc::{Center, Entry, Heard, Report};

pub use clock::time_of_day;
use commands::obey;

/// A center that several look at.
pub type Shared = Rc<RefCell<Center>>;

/// How many messages of IMPs may wait for this program. It takes them as they come.
const WAITING: usize = 64;

/// Keeps the center up to date with what the IMPs report to this host, as long as the host is up. `show` is given each line of
/// the log.
pub async fn listen(host: Handle, center: Shared, show: impl Fn(Entry)) {
    let mut messages = host.imp_messages(WAITING);
    loop {
        let deadline = center.borrow().deadline();
        let wait = deadline.map_or(Span::from_secs(3600), |deadline| deadline.since(host.now()));
        let heard = match select(std::pin::pin!(messages.recv()), host.sleep(wait)).await {
            Either::Left((Some(message), _)) => Some(message),
            // The host is going down.
            Either::Left((None, _)) => return,
            Either::Right(_) => None,
        };
        let now = host.now();
        match heard {
            Some(message) => {
                let Ok(FromImp::FakeHost { from, .. }) = FromImp::parse(&message) else { continue };
                center.borrow_mut().handle(now, Heard { from, report: Report::parse(&message) });
            }
            None => center.borrow_mut().alarm(now),
        }
        loop {
            let Some(entry) = center.borrow_mut().poll() else { break };
            show(entry);
        }
    }
}

/// Runs at the teletype of a host until it goes down: prints what changes, each line with the time of day, and obeys what is
/// typed. `began` is the time of day at which the host's clock was zero.
pub async fn run(host: Handle, center: Shared, began: Span) {
    let teletype = host.teletype();
    teletype.print("NETWORK CONTROL CENTER");
    if host.address() != ncc::ADDRESS {
        let (number, imp) = (ncc::ADDRESS.host(), ncc::ADDRESS.imp());
        teletype.print(&format!("IMPS REPORT TO HOST {number} OF IMP {imp}, WHICH THIS IS NOT"));
    }
    let printer = host.teletype();
    let show =
        move |entry: Entry| printer.print(&format!("{}  {}", time_of_day(entry.at, began), entry.change));
    let log = host.spawn("reports", listen(host.clone(), Rc::clone(&center), show));
    let typed = async {
        loop {
            let line = teletype.read("*").await;
            teletype.print(&obey(&line, &mut center.borrow_mut(), began));
        }
    };
    select(std::pin::pin!(typed), log).await;
}
