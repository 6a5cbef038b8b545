//! The host as a machine.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use imp1822::{HostAddress, Interface, Signal};
use machine::time::earlier;
use machine::{Instant, Machine};
use ncp::{Ncp, Policy, QueuedRequest, Reached, Socket, Start, Status};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::draws::Draws;
use crate::executor::{Budget, Executor, OUTSIDE, Origin, Spawned};
use crate::kernel::{Kernel, Shared};
use crate::sockets::Sockets;
use crate::{Accounts, DirEntry, Directory, Files, Handle, Note, Notice, Output, Prompt, Shown};

/// A program that a host starts whenever it comes up.
#[derive(Clone)]
pub struct Program {
    name: String,
    start: Rc<dyn Fn(Handle) -> LocalBoxFuture<'static, ()>>,
}

impl Program {
    /// A program by its name and its `async fn`.
    pub fn new<F>(name: impl Into<String>, start: impl Fn(Handle) -> F + 'static) -> Self
    where
        F: Future<Output = ()> + 'static,
    {
        Program { name: name.into(), start: Rc::new(move |host| start(host).boxed_local()) }
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Program").field(&self.name).finish()
    }
}

/// What a host is made of.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The host's name.
    pub name: String,
    /// The host's address.
    pub address: HostAddress,
    /// The host's table of names.
    pub directory: Arc<Directory>,
    /// How the NCP uses the freedom that the protocol leaves it.
    pub policy: Policy,
    /// The seed of the run. Each host draws from a stream of its own, chosen by its name.
    pub seed: u64,
    /// What is on the disk.
    pub files: Files,
    /// The accounts of its users.
    pub accounts: Accounts,
    /// What runs.
    pub programs: Vec<Program>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            name: "HOST".to_owned(),
            address: HostAddress::from(1),
            directory: Arc::default(),
            policy: Policy::default(),
            seed: 0,
            files: Files::default(),
            accounts: Accounts::default(),
            programs: Vec::new(),
        }
    }
}

/// A host: one machine with its programs inside. It is off until it is [booted](Host::boot).
pub struct Host {
    programs: Vec<Program>,
    power: Power,
    pub(crate) kernel: Shared,
    pub(crate) executor: Executor,
}

/// Whether a host runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Power {
    /// It has never been up.
    New,
    /// It is up.
    On,
    /// It was up, and stopped.
    Crashed,
}

impl Host {
    /// A host that is off.
    pub fn new(settings: Settings) -> Self {
        let Settings { name, address, directory, policy, seed, files, accounts, programs } = settings;
        let mut random = Draws::new(seed, stream(&name));
        let kernel = Kernel {
            sockets: random.draw(Sockets::new),
            ncp: Ncp::new(address, policy, Start::Cold),
            reached: Reached::default(),
            interface: Interface::default(),
            is_stuck: false,
            now: Instant::START,
            task: OUTSIDE,
            origin: Origin::Outside,
            incarnation: 0,
            teletype: Default::default(),
            alarms: Default::default(),
            connections: Default::default(),
            watchers: Vec::new(),
            imp_listeners: Vec::new(),
            spawned: Vec::new(),
            out: Default::default(),
            name: name.into(),
            address,
            directory,
            random,
            files,
            accounts,
            presence: Default::default(),
            operator: Default::default(),
            boards: None,
        };
        Host {
            programs,
            power: Power::New,
            kernel: Rc::new(RefCell::new(kernel)),
            executor: Executor::default(),
        }
    }

    /// The same host where others may remember an earlier incarnation of it, perhaps in another process: its NCP
    /// is [among strangers](Start::AmongStrangers). A host that has been up already stays as it is.
    pub fn with_unknown_history(self) -> Self {
        if self.power == Power::New {
            let kernel = &mut *self.kernel.borrow_mut();
            let first_link = kernel.random.draw(ChaCha8Rng::random);
            kernel.ncp = kernel.new_ncp(Start::AmongStrangers { first_link });
        }
        self
    }

    /// Switches the host on: its ready line rises and its programs start. A host that is up stays as it is.
    pub fn boot(&mut self, now: Instant) {
        if self.power != Power::On {
            // A program that was spawned while the host was off does not run.
            let stale_spawns = std::mem::take(&mut self.kernel.borrow_mut().spawned);
            drop(stale_spawns);
        }
        {
            let kernel = &mut *self.kernel.borrow_mut();
            match self.power {
                Power::On => return,
                Power::New => {}
                // The partners may still have entries of theirs.
                Power::Crashed => {
                    kernel.replace_ncp(kernel.new_ncp(Start::AfterCrash));
                    kernel.sockets = kernel.random.draw(Sockets::new);
                }
            }
            kernel.now = now;
            kernel.interface = Interface::new();
            kernel.note(Note::Booted);
        }
        self.power = Power::On;
        for program in &self.programs {
            let future = (program.start)(Handle::new(self.kernel.clone()));
            self.executor.spawn(Spawned { name: program.name.clone(), origin: Origin::Boot, future });
        }
        self.run();
    }

    /// Stops the host dead: its ready line falls, its programs and its NCP's tables are gone. The files stay.
    pub fn crash(&mut self, now: Instant) {
        if self.power != Power::On {
            return;
        }
        self.power = Power::Crashed;
        self.kernel.borrow_mut().now = now;
        // Programs let go of what they hold as they are dropped, and may even spawn others; what they would
        // send is never sent.
        self.executor = Executor::default();
        let stale_spawns = std::mem::take(&mut self.kernel.borrow_mut().spawned);
        drop(stale_spawns);
        let kernel = &mut *self.kernel.borrow_mut();
        // A connection or a lease that is still held outside is worth nothing from now on.
        kernel.incarnation += 1;
        kernel.reached.add(kernel.ncp.reached());
        kernel.replace_ncp(kernel.new_ncp(Start::Cold));
        kernel.connections.clear();
        kernel.watchers.clear();
        kernel.imp_listeners.clear();
        kernel.teletype = Default::default();
        kernel.operator = Default::default();
        // What programs have shown goes with them; who looks goes on looking.
        if let Some(boards) = &mut kernel.boards {
            boards.forget();
        }
        kernel.out.clear();
        kernel.out.push_back(Output::ToImp(Signal::Ready(false)));
        kernel.note(Note::Crashed);
    }

    /// Something was lost on the cable, and the IMP is ready: what was open is over, as if the ready line had dropped for a
    /// moment, but for the reason.
    pub fn cable_lost(&mut self, now: Instant) {
        if self.power == Power::On {
            self.kernel.borrow_mut().now = now;
            self.kernel.borrow_mut().cable_lost();
            self.run();
        }
    }

    /// The host's interface to its IMP stands still, or goes on. While it stands, what the host has to say waits in the host,
    /// where it can still be taken back.
    pub fn set_stuck(&mut self, now: Instant, is_stuck: bool) {
        let kernel = &mut *self.kernel.borrow_mut();
        kernel.now = now;
        kernel.set_stuck(is_stuck);
    }

    /// Whether the host is up.
    pub fn is_up(&self) -> bool {
        self.power == Power::On
    }

    /// A person types a line at the teletype.
    pub fn type_line(&mut self, now: Instant, line: &str) {
        if self.power == Power::On {
            self.kernel.borrow_mut().now = now;
            self.kernel.borrow_mut().teletype.type_line(line.to_owned());
            self.run();
        }
    }

    /// The operator of the host says something to its services.
    pub fn operator_says(&mut self, now: Instant, notice: &Notice) {
        if self.power == Power::On {
            self.kernel.borrow_mut().now = now;
            self.kernel.borrow_mut().operator.says(notice);
            self.run();
        }
    }

    /// Whether a service still serves somebody, for whom it listens to what the operator says.
    pub fn is_operator_heard(&self) -> bool {
        self.power == Power::On && self.kernel.borrow().operator.is_heard()
    }

    /// Whether a line was typed that the program at the teletype has not finished with: it has not asked for
    /// the next one.
    pub fn is_busy_with_a_line(&self) -> bool {
        self.power == Power::On && self.kernel.borrow().teletype.is_busy()
    }

    /// Whether a program that is busy with a line listens for what is typed meanwhile.
    pub fn is_overheard(&self) -> bool {
        self.power == Power::On && self.kernel.borrow().teletype.is_overheard()
    }

    /// Whether a program has [complained](crate::Teletype::complain) since this was last asked: something that was typed
    /// was not done.
    pub fn takes_not_done(&mut self) -> bool {
        self.kernel.borrow_mut().teletype.takes_not_done()
    }

    /// What the program at the teletype waits for the person there to type, if it does.
    pub fn asks(&self) -> Option<Prompt> {
        self.kernel.borrow().teletype.asks().cloned()
    }

    /// The content of a file of this path name, if there is one. To be called from outside the host.
    pub fn read_file(&self, path: &str) -> Option<Arc<Vec<u8>>> {
        let kernel = self.kernel.borrow();
        let path = kernel.files.naming().parse(path, None).ok()?;
        kernel.files.read(&path).ok()
    }

    /// Every file on the disk, if it is in memory. To be called from outside the host.
    pub fn files(&self) -> Vec<DirEntry> {
        self.kernel.borrow().files.all()
    }

    /// The host's connections, as its operator would list them.
    pub fn netstat(&self) -> Vec<Status> {
        self.kernel.borrow().ncp.connections().collect()
    }

    /// The requests for connection that wait for a program of this host.
    pub fn queued_requests(&self) -> Vec<QueuedRequest> {
        self.kernel.borrow().ncp.queued_requests().collect()
    }

    /// The first socket of each block that a program holds.
    pub fn sockets_lent(&self) -> Vec<Socket> {
        self.kernel.borrow().sockets.lent().collect()
    }

    /// From now on programs of this host that begin to show something are asked what there is to see.
    pub fn watch_programs(&mut self) {
        self.kernel.borrow_mut().boards.get_or_insert_default();
    }

    /// What the programs of a [watched](Host::watch_programs) host show of their state.
    pub fn shown(&self) -> Vec<Shown> {
        self.kernel.borrow().boards.iter().flat_map(|boards| boards.all()).cloned().collect()
    }

    /// The names of the programs that run.
    pub fn programs(&self) -> Vec<String> {
        self.executor.running().map(|(_, name, _)| name.to_owned()).collect()
    }

    /// Acts as a program of the host would, from outside: an operator at the console. Then the programs run.
    /// At a host that is off, programs that this spawns are not started.
    pub fn act<T>(&mut self, now: Instant, act: impl FnOnce(&Handle) -> T) -> T {
        {
            let kernel = &mut *self.kernel.borrow_mut();
            (kernel.now, kernel.task, kernel.origin) = (now, OUTSIDE, Origin::Outside);
        }
        let result = act(&Handle::new(self.kernel.clone()));
        self.run();
        result
    }

    /// Takes what the NCP has to say, and lets every program that was woken go on until all of them wait.
    fn run(&mut self) {
        if self.power == Power::On {
            self.kernel.borrow_mut().drain();
            self.run_woken();
        }
    }

    /// Lets every program that was woken go on until all of them wait.
    ///
    /// # Panics
    /// If a program keeps waking itself while the clock stands still: that is a bug of the program.
    fn run_woken(&mut self) {
        let mut budget = Budget::default();
        while let Some(task) = self.next_task() {
            if self.poll(task, &mut budget) {
                self.kernel.borrow_mut().teletype.finished(task);
            }
        }
    }

    /// Takes over the programs that others have started, and returns the task whose turn it is.
    fn next_task(&mut self) -> Option<u64> {
        let kernel = &mut *self.kernel.borrow_mut();
        // Hardly ever is there any.
        if !kernel.spawned.is_empty() {
            kernel.spawned.drain(..).for_each(|program| self.executor.spawn(program));
        }
        let mut next = self.executor.next();
        // A program that sleeps for no time at all goes on now.
        if next.is_none() && kernel.alarms.ring(kernel.now) {
            next = self.executor.next();
        }
        let (task, origin) = next?;
        (kernel.task, kernel.origin) = (task, origin);
        Some(task)
    }

    /// Polls a program. Returns whether it has ended.
    ///
    /// # Panics
    /// If the program does: with its name and that of the host, behind which nobody else could know where it was.
    fn poll(&mut self, task: u64, budget: &mut Budget) -> bool {
        let polled = catch_unwind(AssertUnwindSafe(|| self.executor.poll(task, budget)));
        polled.unwrap_or_else(|why| {
            let (name, now) = {
                let kernel = self.kernel.borrow();
                (kernel.name.clone(), kernel.now)
            };
            let program = self.executor.name(task).unwrap_or_default();
            let why = [why.downcast_ref::<&str>().copied(), why.downcast_ref::<String>().map(String::as_str)];
            let why = why.into_iter().flatten().next().unwrap_or("it does not say why");
            panic!("the program {program:?} of host {name} panicked at {now} s: {why}")
        })
    }
}

impl Machine for Host {
    type Input = Signal;
    type Output = Output;

    fn handle(&mut self, now: Instant, signal: Signal) {
        if self.power == Power::On {
            let mut kernel = self.kernel.borrow_mut();
            kernel.now = now;
            kernel.signal(signal);
            drop(kernel);
            self.run_woken();
        }
    }

    fn poll(&mut self) -> Option<Output> {
        let kernel = &mut *self.kernel.borrow_mut();
        let output = kernel.out.pop_front();
        if output.is_none() {
            kernel.let_go_of_room();
        }
        output
    }

    fn deadline(&self) -> Option<Instant> {
        if self.power != Power::On {
            return None;
        }
        let kernel = self.kernel.borrow();
        earlier(kernel.alarms.deadline(), kernel.ncp.deadline())
    }

    fn alarm(&mut self, now: Instant) {
        if self.power == Power::On {
            let mut kernel = self.kernel.borrow_mut();
            kernel.now = now;
            kernel.alarms.ring(now);
            if kernel.ncp.deadline().is_some_and(|deadline| deadline <= now) {
                kernel.ncp.alarm(now);
            }
            drop(kernel);
            self.run();
        }
    }
}

/// The number of the random stream of a name: FNV-1a, so that adding a host does not shift another's stream.
pub fn stream(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
