//! What time it is (RFC 738).

use host::{Connection, Handle};
use machine::{BitWriter, Bits, Span};
use ncp::{ByteSize, CloseReason, OpenError, Partner};

use crate::{Service, Wall};

/// How long a user may take to take 32 bits and to close. Meanwhile others wait: the socket has one connection at a time.
const TIMEOUT: Span = Span::from_secs(15);

/// How long after a connection that could not be listened for the next one is.
const PAUSE: Span = Span::from_secs(1);

/// Sends the time to whoever connects. This is no initial connection protocol, though it begins as one. Never ends.
pub(crate) async fn serve(host: Handle, wall: Wall) {
    loop {
        match next(&host).await {
            Ok(Some(mut user)) => {
                if host.within(TIMEOUT, tell(&mut user, &wall)).await.is_err() {
                    user.abort();
                }
            }
            Ok(None) => {}
            // The last connection is not quite over, or the tables are full for the moment.
            Err(_) => host.sleep(PAUSE).await,
        }
    }
}

/// The next user, unless it has gone before the connection was open.
async fn next(host: &Handle) -> Result<Option<Connection>, OpenError> {
    let socket = Service::Time.socket();
    let listening = host.listen(socket, Partner::Anyone, Some(ByteSize::THIRTY_TWO))?;
    Ok(listening.await.ok())
}

/// Sends the time, and closes. A server that does not know it closes without a word.
async fn tell(user: &mut Connection, wall: &Wall) -> CloseReason {
    if let Some(seconds) = wall.seconds() {
        // A user that closes before it has the time does not want it.
        let _ = user.send(&number(seconds)).await;
    }
    user.closing().await
}

fn number(seconds: u32) -> Bits {
    let mut writer = BitWriter::new(32);
    writer.put_bytes(&seconds.to_be_bytes());
    writer.finish()
}
