//! The other end of a bridge, as it is called: by its name, at each of its addresses.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, Sleep, sleep_until};

/// How long one address has before the next is tried, too, or the same once more. A system that gets no answer asks again
/// after 1, 2 and 4 seconds, or later still; a way that is back after a cut is to be found sooner.
const STAGGER: Duration = Duration::from_millis(400);

type Waits<T> = Pin<Box<dyn Future<Output = io::Result<T>>>>;

/// The other end. What is known of its addresses outlives a call, and so does the question for them: who answers for names may
/// be cut off, too, or slower than a call may take.
pub(crate) struct FarEnd<C = TcpStream> {
    name: String,
    look_up: fn(String) -> Waits<Vec<SocketAddr>>,
    connect: fn(SocketAddr) -> Waits<C>,
    addresses: Vec<SocketAddr>,
    looking: Option<Waits<Vec<SocketAddr>>>,
    attempts: Vec<Waits<C>>,
    /// How many attempts were made in this call.
    made: usize,
    /// Why the last one failed.
    error: Option<io::Error>,
    /// When the next one is made.
    next: Option<Pin<Box<Sleep>>>,
}

impl FarEnd {
    /// The other end at this name or address, with its port.
    pub(crate) fn new(name: String) -> Self {
        FarEnd::with(
            name,
            |name| Box::pin(async move { Ok(lookup_host(name).await?.collect()) }),
            |address| Box::pin(TcpStream::connect(address)),
        )
    }
}

impl<C> FarEnd<C> {
    fn with(
        name: String,
        look_up: fn(String) -> Waits<Vec<SocketAddr>>,
        connect: fn(SocketAddr) -> Waits<C>,
    ) -> Self {
        let (addresses, looking, attempts) = (Vec::new(), None, Vec::new());
        FarEnd { name, look_up, connect, addresses, looking, attempts, made: 0, error: None, next: None }
    }

    /// What it is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Begins a call. A runtime must be running.
    pub(crate) fn call(&mut self) {
        self.hang_up();
        self.next = Some(Box::pin(sleep_until(Instant::now())));
        self.looking.get_or_insert_with(|| (self.look_up)(self.name.clone()));
    }

    /// The call is over.
    pub(crate) fn hang_up(&mut self) {
        self.attempts.clear();
        (self.made, self.error, self.next) = (0, None, None);
    }

    /// What has come of the call, once that is known: the first connection that was made, or why none was. The call is over then.
    pub(crate) fn reached(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<C>> {
        let Some(mut next) = self.next.take() else { return Poll::Pending };
        loop {
            if let Some(failed) = self.look(cx) {
                self.error = Some(failed);
            }
            while let Some(attempt) = self.attempted(cx) {
                match attempt {
                    Ok(connection) => {
                        self.hang_up();
                        return Poll::Ready(Ok(connection));
                    }
                    Err(error) => self.error = Some(error),
                }
            }
            let is_idle = self.attempts.is_empty();
            let is_over = self.looking.is_none() && self.made >= self.addresses.len();
            if is_idle
                && is_over
                && let Some(error) = self.error.take()
            {
                self.hang_up();
                return Poll::Ready(Err(error));
            }
            // Who was refused at once need not be waited for.
            let is_next_at_once = is_idle && self.made < self.addresses.len();
            if self.addresses.is_empty() || !is_next_at_once && next.as_mut().poll(cx).is_pending() {
                break;
            }
            let address = self.addresses[self.made % self.addresses.len()];
            self.made += 1;
            self.attempts.push((self.connect)(address));
            next = Box::pin(sleep_until(Instant::now() + STAGGER));
        }
        self.next = Some(next);
        Poll::Pending
    }

    /// What has come of one of the attempts.
    fn attempted(&mut self, cx: &mut Context<'_>) -> Option<io::Result<C>> {
        let mut all = self.attempts.iter_mut().enumerate();
        let over = all.find_map(|(place, attempt)| match attempt.as_mut().poll(cx) {
            Poll::Ready(attempt) => Some((place, attempt)),
            Poll::Pending => None,
        });
        let (place, attempt) = over?;
        drop(self.attempts.swap_remove(place));
        Some(attempt)
    }

    /// Takes the addresses, if they are found. Returns why they are not, if none are known.
    fn look(&mut self, cx: &mut Context<'_>) -> Option<io::Error> {
        let Poll::Ready(found) = self.looking.as_mut()?.as_mut().poll(cx) else { return None };
        self.looking = None;
        match found {
            Ok(addresses) if addresses.is_empty() => {
                let none = io::Error::new(io::ErrorKind::NotFound, "it has no address");
                self.addresses.is_empty().then_some(none)
            }
            Ok(addresses) => {
                self.addresses = addresses;
                None
            }
            Err(error) => self.addresses.is_empty().then_some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn, ready};

    use tokio::runtime::Builder;

    use super::*;

    /// Who answers at which port of an address: 1 is silent, 2 refuses, 3 and more are there.
    fn connect(address: SocketAddr) -> Waits<u16> {
        match address.port() {
            1 => Box::pin(pending()),
            2 => Box::pin(ready(Err(io::ErrorKind::ConnectionRefused.into()))),
            port => Box::pin(ready(Ok(port))),
        }
    }

    fn at(ports: &[u16]) -> Vec<SocketAddr> {
        ports.iter().map(|port| SocketAddr::from(([192, 0, 2, 1], *port))).collect()
    }

    /// What comes of a call.
    fn called(end: &mut FarEnd<u16>) -> io::Result<u16> {
        let runtime = Builder::new_current_thread().enable_time().build().expect("there is time");
        runtime.block_on(async {
            end.call();
            poll_fn(|cx| end.reached(cx)).await
        })
    }

    #[test]
    fn an_address_that_is_silent_or_refuses_keeps_nobody_from_the_next() {
        for found in [|_| found(&[1, 3]), |_| found(&[2, 3]), |_| found(&[2, 1, 2, 1, 3])] {
            assert_eq!(called(&mut FarEnd::with("name".into(), found, connect)).ok(), Some(3));
        }
    }

    fn found(ports: &[u16]) -> Waits<Vec<SocketAddr>> {
        Box::pin(ready(Ok(at(ports))))
    }

    #[test]
    fn why_nobody_is_reached_is_told_when_all_have_refused() {
        let mut end = FarEnd::with("name".into(), |_| found(&[2, 2]), connect);
        let error = called(&mut end).expect_err("nobody is there");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        let mut end = FarEnd::with("name".into(), |_| found(&[]), connect);
        assert_eq!(called(&mut end).expect_err("it is nowhere").to_string(), "it has no address");
    }

    #[test]
    fn an_end_whose_name_nobody_knows_for_a_while_is_called_where_it_was() {
        let mut end = FarEnd::with("name".into(), |_| found(&[3]), connect);
        assert_eq!(called(&mut end).ok(), Some(3));
        end.look_up = |_| Box::pin(ready(Err(io::ErrorKind::TimedOut.into())));
        assert_eq!(called(&mut end).ok(), Some(3), "the name is not found");
        end.look_up = |_| Box::pin(pending());
        assert_eq!(called(&mut end).ok(), Some(3), "who knows the name is silent");
        let mut end =
            FarEnd::with("name".into(), |_| Box::pin(ready(Err(io::ErrorKind::TimedOut.into()))), connect);
        assert_eq!(called(&mut end).expect_err("it was never known").kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_question_for_a_name_outlives_the_call() {
        let runtime = Builder::new_current_thread().enable_time().build().expect("there is time");
        let slow: fn(String) -> Waits<Vec<SocketAddr>> = |_| {
            let mut asked = 0;
            Box::pin(poll_fn(move |_| {
                asked += 1;
                if asked > 3 { Poll::Ready(Ok(at(&[3]))) } else { Poll::Pending }
            }))
        };
        let mut end = FarEnd::with("name".into(), slow, connect);
        let mut calls = 0;
        let reached = std::iter::from_fn(|| {
            calls += 1;
            Some(runtime.block_on(async {
                end.call();
                poll_fn(|cx| Poll::Ready(end.reached(cx))).await
            }))
        });
        let reached = reached.take(10).find(Poll::is_ready);
        assert!(
            matches!(reached, Some(Poll::Ready(Ok(3)))),
            "each call was given up, and the fourth has an answer"
        );
        assert_eq!(calls, 4);
    }
}
