//! What a host holds, for whoever wants to know whether anything was left behind. All of it is only looked at.

use imp1822::HostAddress;
use ncp::{Reached, Socket, Status};

use crate::executor::{Executor, OUTSIDE, Origin};
use crate::kernel::Kernel;
use crate::{Host, Login};

/// A program that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its number: no other program has it until the host crashes.
    pub number: u64,
    /// Its name.
    pub name: String,
    /// Who has started it.
    pub origin: Origin,
}

/// What a program holds, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned<T> {
    /// What it holds.
    pub what: T,
    /// The program that had to do with it last, if that still runs. What is held from outside the host, as by an operator at
    /// the console, has [`Origin::Outside`].
    pub by: Option<Running>,
}

/// All that a host holds beside its files and what its [NCP](ncp::Held) keeps for itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// The programs that run, in the order in which they were started.
    pub programs: Vec<Running>,
    /// The connections that hold a local socket, in the order of the sockets, and then those that are over and that a
    /// program has not let go of.
    pub connections: Vec<Owned<Status>>,
    /// The first socket of each block that is lent.
    pub leases: Vec<Owned<Socket>>,
    /// How many files are being written.
    pub drafts: usize,
    /// How many bytes of a disk in memory count as taken that no file has. Of one on which a file is being written, none.
    pub lost_room: usize,
    /// Who is logged in.
    pub logins: Vec<Login>,
    /// Alarms that programs have set.
    pub alarms: usize,
    /// Lines that were typed, and that no program has read.
    pub typed: usize,
}

impl Host {
    /// What the host holds.
    pub fn held(&self) -> Held {
        let (kernel, executor) = (self.kernel.borrow(), &self.executor);
        let entries = kernel.ncp.connections().chain(kernel.ncp.ended());
        let lent = kernel.sockets.lent_to();
        Held {
            programs: executor.running().map(running).collect(),
            connections: entries.map(|status| owned_connection(status, &kernel, executor)).collect(),
            leases: lent.map(|(what, task)| Owned { what, by: by(task, executor) }).collect(),
            drafts: kernel.files.drafts(),
            lost_room: kernel.files.lost_room(),
            logins: kernel.presence.all(),
            alarms: kernel.alarms.len(),
            typed: kernel.teletype.typed(),
        }
    }

    /// What its NCP holds of each other host of which anything is known.
    pub fn held_of_partners(&self) -> Vec<ncp::Held> {
        self.kernel.borrow().ncp.held()
    }

    /// Whether the tables of its NCP agree with those of another host, for all that is known here.
    pub fn is_in_step_with(&self, other: HostAddress) -> bool {
        self.kernel.borrow().ncp.is_in_step_with(other)
    }

    /// Which states of connections have met which inputs, since the host was first switched on.
    pub fn reached(&self) -> Reached {
        let kernel = self.kernel.borrow();
        let mut reached = kernel.reached;
        reached.add(kernel.ncp.reached());
        reached
    }

    /// What belongs to nothing in the tables of its NCP.
    pub fn stray(&self) -> ncp::Stray {
        self.kernel.borrow().ncp.stray()
    }
}

/// A connection, and the program that holds it. Nobody holds one that was released, however long it takes to close.
fn owned_connection(what: Status, kernel: &Kernel, executor: &Executor) -> Owned<Status> {
    let by = kernel.connections.get(&what.id).and_then(|slot| by(slot.task, executor));
    Owned { what, by }
}

/// The program of a task, if it still runs.
fn by(task: u64, executor: &Executor) -> Option<Running> {
    match executor.name(task) {
        Some(name) => Some(running((task, name, executor.origin(task)))),
        None => (task == OUTSIDE).then(|| running((task, "", Origin::Outside))),
    }
}

fn running((number, name, origin): (u64, &str, Origin)) -> Running {
    Running { number, name: name.to_owned(), origin }
}

#[cfg(test)]
mod tests {
    use machine::{Instant, Machine, Span};
    use ncp::{ForeignSocket, Partner, State};

    use super::*;
    use crate::{Handle, Program, Settings};

    fn booted(start: impl AsyncFn(Handle) + Clone + 'static) -> Host {
        let program = Program::new("keeper", move |host| {
            let start = start.clone();
            async move { start(host).await }
        });
        let mut host = Host::new(Settings { programs: vec![program], ..Settings::default() });
        host.boot(Instant::START);
        host
    }

    #[test]
    fn what_programs_hold_is_told_with_the_program_that_had_to_do_with_it_last() {
        let mut host = booted(async |host: Handle| {
            let lease = host.sockets();
            let listening = host.listen(Socket::from(3), Partner::Anyone, None).expect("it is free");
            drop(host.spawn("child", async move {
                let _ = listening.await;
            }));
            host.sleep(Span::from_secs(5)).await;
            drop(lease);
        });
        let origins = |host: &Host| {
            host.held().programs.into_iter().map(|program| (program.name, program.origin)).collect::<Vec<_>>()
        };
        let both = [("keeper".to_owned(), Origin::Boot), ("child".to_owned(), Origin::Program)];
        assert_eq!(origins(&host), both);
        let held = host.held();
        let names = |by: &Option<Running>| by.as_ref().map(|program| program.name.clone());
        let listening = &held.connections[0];
        assert_eq!(
            (listening.what.state, names(&listening.by)),
            (State::Listening, Some("child".to_owned()))
        );
        assert_eq!(
            held.leases.iter().map(|lease| names(&lease.by)).collect::<Vec<_>>(),
            [Some("keeper".to_owned())]
        );
        assert_eq!(held.alarms, 1);

        host.alarm(Instant::START + Span::from_secs(5));
        assert_eq!(origins(&host), both[1..]);
        assert_eq!((host.held().leases.len(), host.held().alarms), (0, 0));
    }

    #[test]
    fn a_program_that_ends_without_letting_go_owns_nothing_any_more() {
        let host = booted(async |host: Handle| {
            let foreign = ForeignSocket { host: HostAddress::from(2), socket: Socket::from(3) };
            std::mem::forget(host.init(Socket::from(640), foreign, None).expect("it is free"));
            std::mem::forget(host.sockets());
            let path = host.files().naming().parse("<SMITH>A.B", None).expect("a path name");
            std::mem::forget(host.files().draft(path, crate::WriteMode::Replace).expect("there is room"));
        });
        let held = host.held();
        assert_eq!(held.programs, []);
        assert_eq!(
            held.connections.iter().map(|one| (one.what.local, &one.by)).collect::<Vec<_>>(),
            [(Socket::from(640), &None)]
        );
        assert_eq!(held.leases.iter().map(|one| &one.by).collect::<Vec<_>>(), [&None]);
        assert_eq!(held.drafts, 1);
    }

    #[test]
    fn what_is_done_from_outside_is_held_from_outside() {
        let mut host = booted(async |_| ());
        let lease = host.act(Instant::START, |handle| {
            drop(handle.spawn("driver", std::future::pending::<()>()));
            handle.sockets()
        });
        let held = host.held();
        assert_eq!(held.programs.iter().map(|program| program.origin).collect::<Vec<_>>(), [Origin::Outside]);
        assert!(held.leases[0].by.as_ref().is_some_and(|by| by.origin == Origin::Outside));
        drop(lease);
    }
}
