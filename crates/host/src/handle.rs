//! What a program sees of its host.

use std::cell::{Ref, RefMut};
use std::future::Future;
use std::pin::pin;

use futures::FutureExt;
use futures::future::{Either, select};
use imp1822::{HostAddress, Signal};
use machine::{Bits, Instant, Span};
use ncp::{ByteSize, Event, ForeignSocket, OpenError, Partner, Socket};
use tokio::sync::{mpsc, oneshot};

use crate::executor::{Spawned, Task};
use crate::kernel::{Kernel, Shared};
use crate::{
    Accounts, Board, Deleted, Draft, FileError, Files, Lease, Login, Note, Notice, Notices, Opening, Output,
    PathName, Renamed, Sleep, Stay, Teletype, TimedOut, Written,
};

/// How long a host whose program is waited for may say nothing before it is looked for.
const LOOK_AFTER: Span = Span::from_secs(120);

/// A program's hold on its host. Cloning it gives the same host.
#[derive(Clone)]
pub struct Handle(Shared);

impl Handle {
    pub(crate) fn new(kernel: Shared) -> Self {
        Handle(kernel)
    }

    fn kernel(&self) -> RefMut<'_, Kernel> {
        self.0.borrow_mut()
    }

    /// The time on the host's clock.
    pub fn now(&self) -> Instant {
        self.kernel().now
    }

    /// The host's own address.
    pub fn address(&self) -> HostAddress {
        self.kernel().address
    }

    /// The host's own name.
    pub fn name(&self) -> String {
        self.kernel().name.to_string()
    }

    /// The address of the host of that name, from this host's table, or of the host of that number.
    pub fn host_named(&self, name: &str) -> Option<HostAddress> {
        self.kernel().directory.meant(name)
    }

    /// The name of a host, from this host's table.
    pub fn name_of(&self, address: HostAddress) -> String {
        self.kernel().directory.name(address)
    }

    /// Waits for a span of time.
    pub fn sleep(&self, span: Span) -> Sleep {
        let at = self.now() + span;
        Sleep::until(self.0.clone(), at)
    }

    /// Waits for `future`, for at most `span`.
    pub async fn within<F: Future>(&self, span: Span, future: F) -> Result<F::Output, TimedOut> {
        match select(pin!(future), pin!(self.sleep(span))).await {
            Either::Left((output, _)) => Ok(output),
            Either::Right(_) => Err(TimedOut(span)),
        }
    }

    /// Waits for what a program of another host is to do next, for at most `span`. A host that dies says no goodbye: it is
    /// looked for every other minute, and if it is gone, the connections with it break.
    pub async fn within_looking_for<F: Future>(
        &self,
        span: Span,
        host: HostAddress,
        future: F,
    ) -> Result<F::Output, TimedOut> {
        let (mut future, end) = (pin!(future), self.now() + span);
        loop {
            let left = end.since(self.now());
            if let Ok(output) = self.within(left.min(LOOK_AFTER), future.as_mut()).await {
                return Ok(output);
            }
            if self.now() >= end {
                return Err(TimedOut(span));
            }
            let kernel = &mut *self.kernel();
            kernel.ncp.look_for(kernel.now, host);
            kernel.drain();
        }
    }

    /// Starts another program, which runs beside this one. Its name stands in [`Host::programs`](crate::Host::programs).
    pub fn spawn<F>(&self, name: impl Into<String>, future: F) -> Task<F::Output>
    where
        F: Future<Output: 'static> + 'static,
    {
        let (result, task) = oneshot::channel();
        // The task may have been dropped: then the result is, too.
        let future = future.map(|output| drop(result.send(output))).boxed_local();
        let kernel = &mut *self.kernel();
        let origin = kernel.origin.of_started();
        kernel.spawned.push(Spawned { name: name.into(), origin, future });
        Task(task)
    }

    /// Borrows a block of eight sockets that no other program of the host uses.
    pub fn sockets(&self) -> Lease {
        Lease::new(self.0.clone())
    }

    /// Asks for a connection. The request (an RTS from a receive socket, an STR from a send socket) is sent
    /// at once, whether or not the result is waited for.
    ///
    /// Without a `size` a receive socket takes what the sender chooses, and a send socket chooses 8.
    pub fn init(
        &self,
        local: Socket,
        foreign: ForeignSocket,
        size: Option<ByteSize>,
    ) -> Result<Opening, OpenError> {
        Opening::init(&self.0, local, foreign, size)
    }

    /// Listens for a request. The host listens from now on, whether or not the result is waited for.
    pub fn listen(&self, local: Socket, from: Partner, size: Option<ByteSize>) -> Result<Opening, OpenError> {
        Opening::listen(&self.0, local, from, size)
    }

    /// Has requests for a contact socket wait for their turn, from now on or no longer.
    pub(crate) fn keep_requests(&self, contact: Socket, keeps: bool) {
        self.kernel().ncp.keep_requests(contact, keeps);
    }

    /// Who waits for a contact socket, in the order in which they came.
    pub(crate) fn waiting(&self, contact: Socket) -> Vec<ForeignSocket> {
        self.kernel().ncp.waiting(contact).collect()
    }

    /// Refuses a user that waits for a contact socket.
    pub(crate) fn refuse_waiting(&self, contact: Socket, user: ForeignSocket) {
        let kernel = &mut *self.kernel();
        kernel.ncp.refuse_waiting(kernel.now, contact, user);
        kernel.drain();
    }

    /// Whether no text is on its way from a contact socket.
    pub(crate) fn is_still(&self, contact: Socket) -> bool {
        self.kernel().ncp.is_still(contact)
    }

    /// Whether nothing but the answer to our CLS, which has left, keeps a contact socket from its next connection.
    pub(crate) fn awaits_cls(&self, contact: Socket) -> bool {
        self.kernel().ncp.awaits_cls(contact)
    }

    /// Frees a contact socket for which only the answer to our CLS is missing.
    pub(crate) fn vacate(&self, contact: Socket) {
        let kernel = &mut *self.kernel();
        kernel.ncp.vacate(kernel.now, contact);
        kernel.drain();
    }

    /// Asks another host to send a number back: ECO. The answer, an ERP, is [`Event::Echoed`].
    pub fn echo(&self, host: HostAddress, data: u8) {
        let kernel = &mut *self.kernel();
        kernel.ncp.echo(kernel.now, host, data);
        kernel.drain();
    }

    /// Forgets every connection with another host, and asks it to do the same: RST.
    pub fn reset(&self, host: HostAddress) {
        let kernel = &mut *self.kernel();
        kernel.ncp.reset(kernel.now, host);
        kernel.drain();
    }

    /// Sends an RST to a host with which no RST and RRP have been exchanged since this one started.
    pub fn announce(&self, host: HostAddress) {
        let kernel = &mut *self.kernel();
        kernel.ncp.announce(kernel.now, host);
        kernel.drain();
    }

    /// Puts a message, leader included, on the cable without the NCP, as a host does whose NCP has bugs.
    pub fn inject(&self, message: Bits) {
        self.kernel().out.push_back(Output::ToImp(Signal::Message(message)));
    }

    /// What the NCP has to say from now on that concerns no connection of this host: [`Event::Echoed`],
    /// [`Event::PartnerReset`] and [`Event::ErrReceived`].
    pub fn watch(&self) -> mpsc::UnboundedReceiver<Event> {
        let (watcher, events) = mpsc::unbounded_channel();
        self.kernel().watchers.push(watcher);
        events
    }

    /// The messages, leader included, that programs of IMPs send this host from now on: their leader has the "from IMP" bit
    /// ([`FakeHost`](imp1822::FromImp::FakeHost)). They are no business of the NCP. At most `waiting` of them wait to be
    /// taken, which must be at least one; those that come then are lost.
    pub fn imp_messages(&self, waiting: usize) -> mpsc::Receiver<Bits> {
        let (sender, messages) = mpsc::channel(waiting);
        self.kernel().imp_listeners.push(sender);
        messages
    }

    /// The files of the host.
    pub fn files(&self) -> Ref<'_, Files> {
        Ref::map(self.0.borrow(), |kernel| &kernel.files)
    }

    /// Files a draft: only now the file changes, all at once, or not at all. Returns the number of bytes that it holds.
    pub fn file(&self, draft: Draft) -> Result<usize, FileError> {
        let mut kernel = self.kernel();
        let Written { path, bytes, kept, .. } = kernel.files.file(draft)?;
        kernel.note(Note::Filed { path: path.to_string(), bytes, kept });
        Ok(bytes)
    }

    /// Deletes a file. Returns its full name.
    pub fn delete(&self, path: &PathName) -> Result<PathName, FileError> {
        let mut kernel = self.kernel();
        let Deleted { path, freed: _ } = kernel.files.delete(path)?;
        kernel.note(Note::Deleted { path: path.to_string() });
        Ok(path)
    }

    /// Gives a file another name, which no file has: all at once, or not at all. Returns both names in full. Who may do
    /// that is asked of [`Files::may_write`], for either.
    pub fn rename(&self, from: &PathName, to: &PathName) -> Result<Renamed, FileError> {
        let mut kernel = self.kernel();
        let renamed = kernel.files.rename(from, to)?;
        kernel.note(Note::Renamed { from: renamed.from.to_string(), to: renamed.to.to_string() });
        Ok(renamed)
    }

    /// The accounts of the host.
    pub fn accounts(&self) -> Ref<'_, Accounts> {
        Ref::map(self.0.borrow(), |kernel| &kernel.accounts)
    }

    /// Says of a user of this host that he is logged in, from another host, for as long as what is returned is held.
    pub fn log_in(&self, user: &str, from: HostAddress) -> Stay {
        let kernel = self.kernel();
        kernel.presence.begin(Login { user: user.to_owned(), from, since: kernel.now })
    }

    /// Who is logged in, in the order in which they came.
    pub fn logins(&self) -> Vec<Login> {
        self.kernel().presence.all()
    }

    /// Says something as the operator of the host, to its services: a program at which the operator types. Returns to how many
    /// who are served it is said.
    pub fn operator_says(&self, notice: &Notice) -> usize {
        self.kernel().operator.says(notice)
    }

    /// What the operator says from now on.
    pub fn notices(&self) -> Notices {
        self.kernel().operator.listen()
    }

    /// When the service at this contact socket stops, if the operator has said so.
    pub fn stops(&self, service: Socket) -> Option<Instant> {
        self.kernel().operator.stops(service)
    }

    /// A place to show, to whoever looks at the host, what becomes of something.
    pub fn board(&self, title: impl FnOnce() -> String) -> Board {
        Board::new(&self.0, title)
    }

    /// The teletype of the host.
    pub fn teletype(&self) -> Teletype {
        Teletype::new(self.0.clone())
    }
}
