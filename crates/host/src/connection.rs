//! A connection, as a program holds it.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;
use machine::{BitReader, BitWriter, Bits, Instant};
use ncp::{
    Allocation, ByteSize, CloseReason, ConnectionId, ForeignSocket, Gender, Ncp, OpenError, Partner,
    SendError, Socket,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::broken::broken;
use crate::expecting::Expecting;
use crate::kernel::{ConnectionSlot, ConnectionState, Kernel, Shared};

/// Releases a connection when its program drops it: what was written is still delivered, then it closes.
struct ConnectionRef {
    kernel: Shared,
    id: ConnectionId,
    /// The incarnation of the host in which `id` means something.
    incarnation: u64,
}

impl Drop for ConnectionRef {
    fn drop(&mut self) {
        let kernel = &mut *self.kernel.borrow_mut();
        if kernel.incarnation != self.incarnation {
            return;
        }
        kernel.connections.remove(&self.id);
        kernel.ncp.release(kernel.now, self.id);
        kernel.drain();
    }
}

impl ConnectionRef {
    /// Polls the connection. If the result is pending, the next event of the connection wakes the program. `None` if
    /// the connection went with a crash of the host.
    fn poll<T>(&self, cx: &mut Context<'_>, poll: impl FnOnce(Held<'_>) -> Poll<T>) -> Poll<Option<T>> {
        let kernel = &mut *self.kernel.borrow_mut();
        let is_there = kernel.incarnation == self.incarnation;
        let slot = kernel.connections.get_mut(&self.id).filter(|_| is_there);
        let Some(slot) = slot else { return Poll::Ready(None) };
        let result = poll(Held { slot, ncp: &mut kernel.ncp, now: kernel.now, id: self.id });
        if result.is_pending() {
            slot.watch(cx.waker());
            slot.task = kernel.task;
        }
        kernel.drain();
        result.map(Some)
    }

    /// Does something with the connection, unless it went with a crash of the host.
    fn act(&self, act: impl FnOnce(&mut Kernel, ConnectionId)) {
        let kernel = &mut *self.kernel.borrow_mut();
        if kernel.incarnation == self.incarnation {
            act(kernel, self.id);
            kernel.drain();
        }
    }
}

/// A connection as it is polled: what its program knows of it, and the NCP that has it.
struct Held<'a> {
    slot: &'a mut ConnectionSlot,
    ncp: &'a mut Ncp,
    now: Instant,
    id: ConnectionId,
}

/// A connection that has been asked for or is listened for. Wait for it to learn how that went; drop it to
/// give up, which takes the request back.
pub struct Opening {
    connection: Option<ConnectionRef>,
    local: Socket,
}

impl Opening {
    /// Sends a request for connection.
    pub(crate) fn init(
        shared: &Shared,
        local: Socket,
        foreign: ForeignSocket,
        size: Option<ByteSize>,
    ) -> Result<Opening, OpenError> {
        Opening::open(shared, local, |kernel| kernel.ncp.init(kernel.now, local, foreign, size))
    }

    /// Listens for a request for connection.
    pub(crate) fn listen(
        shared: &Shared,
        local: Socket,
        from: Partner,
        size: Option<ByteSize>,
    ) -> Result<Opening, OpenError> {
        Opening::open(shared, local, |kernel| kernel.ncp.listen(kernel.now, local, from, size))
    }

    fn open(
        shared: &Shared,
        local: Socket,
        open: impl FnOnce(&mut Kernel) -> Result<ConnectionId, OpenError>,
    ) -> Result<Opening, OpenError> {
        let kernel = &mut *shared.borrow_mut();
        let id = open(kernel)?;
        kernel.connections.insert(id, ConnectionSlot::of(kernel.task));
        // A request that was already queued is matched on the spot.
        kernel.drain();
        let connection = ConnectionRef { kernel: shared.clone(), id, incarnation: kernel.incarnation };
        Ok(Opening { connection: Some(connection), local })
    }

    /// Asks a partner for the connection, if it is still only listened for.
    pub(crate) fn ask(self, foreign: ForeignSocket) -> Result<Opening, OpenError> {
        let mut asked = Ok(());
        if let Some(connection) = &self.connection {
            connection.act(|kernel, id| asked = kernel.ncp.ask_partner(kernel.now, id, foreign));
        }
        asked.map(|()| self)
    }

    /// The local socket.
    pub fn local(&self) -> Socket {
        self.local
    }

    /// Allocates this much to the sender, once, instead of renewing its allocation. To be called before the connection
    /// is open.
    pub(crate) fn allocate_once(&self, allocation: Allocation) {
        if let Some(connection) = &self.connection {
            connection.act(|kernel, id| {
                kernel.ncp.allocate_once(id, allocation);
            });
        }
    }
}

impl Future for Opening {
    type Output = Result<Connection, CloseReason>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let connection = self.connection.as_ref().expect("it is not polled again after it was ready");
        let far = ready!(connection.poll(cx, |Held { slot, .. }| match (slot.far, slot.state) {
            // It was open, even if it is over by now: what was sent can be read.
            (Some(far), _) => Poll::Ready(Ok(far)),
            (None, ConnectionState::Gone(why)) => Poll::Ready(Err(why)),
            (None, ConnectionState::Opening | ConnectionState::Open | ConnectionState::Ending) => {
                Poll::Pending
            }
        }));
        let far = far.unwrap_or(Err(CloseReason::Reset));
        let local = self.local;
        let connection = self.connection.take().expect("it was there just now");
        Poll::Ready(far.map(|(foreign, size)| Connection {
            connection,
            local,
            foreign,
            size,
            scratch: Vec::new(),
        }))
    }
}

/// One open connection: simplex, so that it can either be read or written, by the gender of its local socket.
///
/// With bytes of 8 bits it is an [`AsyncRead`] or an [`AsyncWrite`]. With other sizes it is read as a
/// [`Stream`] of bytes of that size and written with [`Connection::send`]. Dropping it closes it, once
/// everything that was written has arrived.
pub struct Connection {
    connection: ConnectionRef,
    local: Socket,
    foreign: ForeignSocket,
    size: ByteSize,
    scratch: Vec<u8>,
}

impl Connection {
    /// The local socket.
    pub fn local(&self) -> Socket {
        self.local
    }

    /// The other end.
    pub fn foreign(&self) -> ForeignSocket {
        self.foreign
    }

    /// The byte size.
    pub fn size(&self) -> ByteSize {
        self.size
    }

    /// Sends bytes of the connection's size, waiting for room as often as it takes. A last byte that is not
    /// whole is filled up with zeros: nothing but whole bytes can be sent (NIC 8246, Connection Text).
    pub async fn send(&mut self, text: &Bits) -> Result<(), CloseReason> {
        let size = usize::from(self.size.bits());
        let mut text = text.reader();
        while text.left() >= size {
            let taken = poll_fn(|cx| self.poll_send(cx, text.clone())).await?;
            if text.split(taken).is_err() {
                break;
            }
        }
        if text.left() > 0 {
            let mut last = BitWriter::new(size);
            let missing = size - text.left();
            last.put_bits(text);
            (0..missing).for_each(|_| last.put(0, 1));
            let last = last.finish();
            poll_fn(|cx| self.poll_send(cx, last.reader())).await?;
        }
        Ok(())
    }

    /// Receives as many whole bytes as there are in `bits` bits, or fewer if the other end closes before.
    pub async fn receive(&self, bits: usize) -> Result<Bits, CloseReason> {
        let bits = bits - bits % usize::from(self.size.bits());
        let mut text = BitWriter::new(bits);
        let mut some = Vec::new();
        while text.at() < bits {
            some.clear();
            let read = poll_fn(|cx| self.poll_receive(cx, bits - text.at(), &mut some)).await?;
            if read == 0 {
                break;
            }
            let mut part = BitReader::new(&some);
            part.limit(read);
            text.put_bits(part);
        }
        Ok(text.finish())
    }

    /// Sends as many whole bytes of `text` as there is room for, and waits until there is room for one. Returns the
    /// number of bits sent. Dropping the future loses nothing.
    pub async fn send_some(&self, text: BitReader<'_>) -> Result<usize, CloseReason> {
        poll_fn(|cx| self.poll_send(cx, text.clone())).await
    }

    /// Receives as many whole bytes as have arrived, in at most `bits` bits, and waits until there is one. No bits mean
    /// that the other end has closed. Dropping the future loses nothing.
    pub async fn receive_some(&self, bits: usize) -> Result<Bits, CloseReason> {
        let mut some = Vec::new();
        let read = poll_fn(|cx| self.poll_receive(cx, bits, &mut some)).await?;
        let mut text = BitReader::new(&some);
        text.limit(read);
        let mut writer = BitWriter::new(read);
        writer.put_bits(text);
        Ok(writer.finish())
    }

    /// Says that text is due, until what is returned is dropped: the program waits for the other end now, and not merely for
    /// what may come some day. A host whose policy has it so asks a partner that says nothing meanwhile
    /// ([`Inquiry`](ncp::Inquiry)).
    pub fn expecting(&self) -> Expecting {
        let ConnectionRef { kernel, id, incarnation } = &self.connection;
        Expecting::begin(kernel.clone(), *id, *incarnation)
    }

    /// Waits until everything that was written has arrived at the other end's host. [`CloseReason::Closed`] says that
    /// the receiver has closed: it wants no more, and may not have read what it got.
    pub async fn arrived(&self) -> Result<(), CloseReason> {
        let arrived = poll_fn(|cx| {
            self.connection.poll(cx, |held| match held.slot.state {
                ConnectionState::Opening | ConnectionState::Open if held.ncp.unsent(held.id) > 0 => {
                    Poll::Pending
                }
                ConnectionState::Opening | ConnectionState::Open => Poll::Ready(Ok(())),
                ConnectionState::Ending => Poll::Ready(Err(CloseReason::Closed)),
                ConnectionState::Gone(why) => Poll::Ready(Err(why)),
            })
        });
        arrived.await.unwrap_or(Err(CloseReason::Reset))
    }

    /// Closes the connection and waits until the other end has closed it too. What was written arrives first;
    /// [`CloseReason::Lost`] says that the other end closed before it had everything, [`CloseReason::Undelivered`] that the subnet
    /// did not deliver it.
    pub async fn close(self) -> CloseReason {
        self.closing().await
    }

    /// As [`close`](Connection::close), but the connection can still be [aborted](Connection::abort).
    pub async fn closing(&self) -> CloseReason {
        poll_fn(|cx| self.poll_close(cx)).await
    }

    /// Breaks the connection off: what has not been sent is lost.
    pub fn abort(self) {
        self.connection.act(|kernel, id| kernel.ncp.abort(kernel.now, id));
    }

    /// Sends an interrupt: INS from a send socket, INR from a receive socket.
    pub fn interrupt(&self) {
        self.connection.act(|kernel, id| {
            kernel.ncp.interrupt(kernel.now, id);
        });
    }

    /// Waits for an interrupt of the other end, and counts it as taken.
    pub async fn interrupted(&self) {
        let interrupted = poll_fn(|cx| {
            self.connection.poll(cx, |Held { slot, .. }| match slot.interrupts.checked_sub(1) {
                Some(left) => {
                    slot.interrupts = left;
                    Poll::Ready(())
                }
                None => Poll::Pending,
            })
        });
        if interrupted.await.is_none() {
            // It went with a crash of the host: no interrupt can come.
            std::future::pending::<()>().await;
        }
    }

    /// Asks the sender to return parts of its allocation, in 128ths: GVB. Returns whether this is the receiver,
    /// and the connection open.
    pub fn take_back(&self, messages: u8, bits: u8) -> bool {
        let mut asked = false;
        self.connection.act(|kernel, id| asked = kernel.ncp.give_back(kernel.now, id, messages, bits));
        asked
    }

    /// How often the other end has interrupted since the last call. A new interrupt wakes a program that waits for
    /// text.
    pub fn take_interrupts(&self) -> usize {
        let mut interrupts = 0;
        self.connection.act(|kernel, id| {
            let slot = kernel.connections.get_mut(&id);
            interrupts = slot.map_or(0, |slot| std::mem::take(&mut slot.interrupts));
        });
        interrupts
    }

    /// Waits until the other end has closed or the connection has broken, without reading or writing.
    pub async fn ended(&self) -> Option<CloseReason> {
        poll_fn(|cx| {
            self.connection.poll(cx, |held| match held.slot.state {
                ConnectionState::Opening | ConnectionState::Open => Poll::Pending,
                ConnectionState::Ending => Poll::Ready(None),
                ConnectionState::Gone(why) => Poll::Ready(Some(why)),
            })
        })
        .await
        .unwrap_or(Some(CloseReason::Reset))
    }

    /// Waits until the connection is over at both ends. What has arrived can still be read.
    pub async fn over(&self) -> CloseReason {
        poll_fn(|cx| {
            self.connection.poll(cx, |held| match held.slot.state {
                ConnectionState::Opening | ConnectionState::Open | ConnectionState::Ending => Poll::Pending,
                ConnectionState::Gone(why) => Poll::Ready(why),
            })
        })
        .await
        .unwrap_or(CloseReason::Reset)
    }

    /// Reads at most `most` bits into `into`. No bits mean that the other end has closed.
    fn poll_receive(
        &self,
        cx: &mut Context<'_>,
        most: usize,
        into: &mut Vec<u8>,
    ) -> Poll<Result<usize, CloseReason>> {
        let most = most - most % usize::from(self.size.bits());
        self.poll_reading(cx, most, |ncp, now, id| ncp.receive(now, id, most, into))
    }

    /// Reads by `read`, which returns how much it has read; if that is less than `most`, there was no more. Nothing means that
    /// the other end has closed.
    fn poll_reading(
        &self,
        cx: &mut Context<'_>,
        most: usize,
        read: impl FnOnce(&mut Ncp, Instant, ConnectionId) -> usize,
    ) -> Poll<Result<usize, CloseReason>> {
        let read = self.connection.poll(cx, |Held { slot, ncp, now, id }| {
            // A program that waits for more than one thing looks here each time that any of them happens.
            let some = if slot.is_read_out { 0 } else { read(ncp, now, id) };
            slot.is_read_out = some < most;
            if some > 0 || most == 0 {
                return Poll::Ready(Ok(some));
            }
            match slot.state {
                ConnectionState::Opening | ConnectionState::Open => Poll::Pending,
                // The sender closes only after everything has arrived (NIC 8246, Connection Termination).
                ConnectionState::Ending | ConnectionState::Gone(CloseReason::Closed) => Poll::Ready(Ok(0)),
                ConnectionState::Gone(why) => Poll::Ready(Err(why)),
            }
        });
        read.map(|read| read.unwrap_or(Err(CloseReason::Reset)))
    }

    /// Hands text to the NCP. Returns the number of bits that it took.
    fn poll_send(&self, cx: &mut Context<'_>, text: BitReader<'_>) -> Poll<Result<usize, CloseReason>> {
        let byte = usize::from(self.size.bits());
        let sent = self.connection.poll(cx, |Held { slot, ncp, now, id }| match slot.state {
            // The receiver has closed: it would not read this.
            ConnectionState::Ending => Poll::Ready(Err(CloseReason::Closed)),
            ConnectionState::Gone(why) => Poll::Ready(Err(why)),
            ConnectionState::Opening | ConnectionState::Open if slot.is_full => Poll::Pending,
            ConnectionState::Opening | ConnectionState::Open => {
                let whole = text.left() - text.left() % byte;
                match ncp.send(now, id, text) {
                    Ok(taken) => {
                        slot.is_full = taken < whole;
                        if taken == 0 { Poll::Pending } else { Poll::Ready(Ok(taken)) }
                    }
                    Err(SendError::Closed(why)) => Poll::Ready(Err(why)),
                    Err(_) => Poll::Ready(Err(CloseReason::Closed)),
                }
            }
        });
        sent.map(|sent| sent.unwrap_or(Err(CloseReason::Reset)))
    }

    fn poll_close(&self, cx: &mut Context<'_>) -> Poll<CloseReason> {
        let gone = self.connection.poll(cx, |Held { slot, ncp, now, id }| match slot.state {
            ConnectionState::Gone(why) => Poll::Ready(why),
            ConnectionState::Opening | ConnectionState::Open | ConnectionState::Ending => {
                ncp.close(now, id);
                Poll::Pending
            }
        });
        gone.map(|gone| gone.unwrap_or(CloseReason::Reset))
    }

    fn require(&self, gender: Gender) -> io::Result<()> {
        if self.local.gender() != gender {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "the connection goes the other way"));
        }
        if self.size != ByteSize::EIGHT {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "the bytes are not of 8 bits"));
        }
        Ok(())
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.require(Gender::Receive)?;
        let most = buf.remaining();
        let read = self.poll_reading(cx, most, |ncp, now, id| {
            ncp.receive_bytes(now, id, most, |text| buf.put_slice(text))
        });
        read.map(|read| read.map(drop).map_err(broken))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.require(Gender::Send)?;
        if buf.is_empty() {
            return Poll::Ready(Ok(0));
        }
        self.poll_send(cx, BitReader::new(buf)).map(|sent| sent.map(|bits| bits / 8).map_err(broken))
    }

    /// Always ready: the NCP sends what it holds as soon as the link and the allocation permit.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// Closes, and waits until both CLS have been exchanged: then everything has arrived.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_close(cx).map(|gone| match gone {
            CloseReason::Closed => Ok(()),
            why => Err(broken(why)),
        })
    }
}

impl Stream for Connection {
    type Item = Result<Bits, CloseReason>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bits, CloseReason>>> {
        let size = usize::from(self.size.bits());
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        let result = self.poll_receive(cx, size, &mut scratch);
        let byte = result.map(|read| match read {
            Ok(0) => None,
            Ok(bits) => {
                let (mut writer, mut text) = (BitWriter::new(bits), BitReader::new(&scratch));
                text.limit(bits);
                writer.put_bits(text);
                Some(Ok(writer.finish()))
            }
            Err(why) => Some(Err(why)),
        });
        self.scratch = scratch;
        byte
    }
}
