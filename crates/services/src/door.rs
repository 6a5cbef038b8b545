//! The door of a service: users come by the initial connection protocol, and each is served by a program of its own.

use std::future::Future;
use std::sync::Arc;

use futures::future::join;
use host::{Duplex, Handle};
use machine::Span;
use tokio::sync::Semaphore;

use crate::{MAX_USERS, Service};

/// How long a user may take to close.
const CLOSE_TIMEOUT: Span = Span::from_secs(60);

/// Serves each user that comes to the contact socket, and closes the connections afterwards. Never ends.
pub(crate) async fn serve<F>(
    host: Handle,
    service: Service,
    each: impl Fn(Handle, Duplex) -> F + Clone + 'static,
) where
    F: Future<Output = Duplex> + 'static,
{
    let mut contact = host.serve(service.socket());
    let [seats, porch] = [MAX_USERS, MAX_USERS].map(|users| Arc::new(Semaphore::new(users)));
    loop {
        let user = contact.accept().await;
        let seat = seats.clone().try_acquire_owned().ok();
        let has_seat = seat.is_some();
        // Whoever finds all seats taken is let in and sent away, so that it need not wait to know. Beyond that, what is
        // dropped here takes its requests back.
        let Some(permit) = seat.or_else(|| porch.clone().try_acquire_owned().ok()) else { continue };
        let caller = host.name_of(user.user().host);
        let (keeper, each) = (host.clone(), each.clone());
        let serving = async move {
            // A user that never asks for both connections keeps its place for a minute.
            if let Ok(duplex) = user.open().await {
                let duplex = if has_seat { each(keeper.clone(), duplex).await } else { duplex };
                hang_up(&keeper, duplex).await;
            }
            drop(permit);
        };
        drop(host.spawn(format!("{} for {caller}", service.name()), serving));
    }
}

/// Closes both connections, once the user has been sent everything: an NCP may take a CLS of either for the end of both.
async fn hang_up(host: &Handle, duplex: Duplex) {
    let Duplex { reader, writer, sockets, .. } = duplex;
    let closing = async {
        // A user that has gone need not have it.
        let _ = writer.arrived().await;
        join(writer.closing(), reader.closing()).await
    };
    if host.within(CLOSE_TIMEOUT, closing).await.is_err() {
        // What a user does not take is not kept for it.
        writer.abort();
        reader.abort();
    }
    drop(sockets);
}
