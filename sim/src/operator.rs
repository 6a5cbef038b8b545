//! What a scenario's own `inits` and `listens` do: an operator's program that holds one connection.

use host::{Connection, Handle, Opening};
use ncp::Gender;
use tokio::sync::oneshot;

/// Waits for the connection to open, tells the teletype what becomes of it, and closes it when asked to.
pub(crate) async fn circuit(host: Handle, opening: Opening, closing: oneshot::Receiver<()>) {
    let teletype = host.teletype();
    let local = opening.local();
    let connection = match opening.await {
        Ok(connection) => connection,
        Err(why) => return teletype.print(&format!("SOCKET {local}: {why}")),
    };
    let foreign = connection.foreign();
    teletype.print(&format!(
        "SOCKET {local}: OPEN TO {} SOCKET {}",
        host.name_of(foreign.host),
        foreign.socket
    ));
    {
        let holding = std::pin::pin!(hold(&connection));
        drop(futures::future::select(holding, closing).await);
    }
    let why = connection.close().await;
    teletype.print(&format!("SOCKET {local}: {why}"));
}

/// Takes what arrives, until the other end closes.
async fn hold(connection: &Connection) {
    match connection.local().gender() {
        Gender::Receive => while connection.receive(8).await.is_ok_and(|text| !text.is_empty()) {},
        Gender::Send => drop(connection.ended().await),
    }
}
