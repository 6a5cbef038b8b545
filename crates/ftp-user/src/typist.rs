//! Who types to the program: a person wants to be asked, and to know what is waited for; a script wants neither.

use std::future::Future;
use std::pin::pin;

use futures::future::{Either, select};
use host::Handle;
use machine::Span;

/// Who types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typist {
    /// Somebody who reads what is printed as it comes. He is asked before a file at the server is replaced, for which the server is
    /// asked before, and told what is waited for.
    Person,
    /// Lines that were written beforehand, as those of a scenario: each is carried out as it stands.
    Script,
}

/// How long a person waits without being told for what; after that he is told now and then.
pub(crate) const SILENCE: Span = Span::from_secs(5);

/// How often he is told then, and how often a long transfer says how far it is.
pub(crate) const NOW_AND_THEN: Span = Span::from_secs(30);

impl Typist {
    /// Does something, and tells a person meanwhile that it is still waited for `what`.
    pub(crate) async fn waits<T>(self, host: &Handle, what: &str, work: impl Future<Output = T>) -> T {
        if self == Typist::Script {
            return work.await;
        }
        let (mut work, begun, mut silence) = (pin!(work), host.now(), SILENCE);
        loop {
            match select(work.as_mut(), pin!(host.sleep(silence))).await {
                Either::Left((done, _)) => return done,
                Either::Right(_) => {
                    let seconds = host.now().since(begun).as_micros() / 1_000_000;
                    host.teletype().print(&format!("WAITING FOR {what}, FOR {seconds} SECONDS SO FAR"));
                    silence = NOW_AND_THEN;
                }
            }
        }
    }
}
