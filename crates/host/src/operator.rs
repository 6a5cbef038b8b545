//! What the operator of a host has its services know: news for whoever is served, who is to go, and that one of them will stop.

use std::collections::BTreeMap;
use std::task::{Context, Poll};

use machine::Instant;
use ncp::Socket;
use tokio::sync::mpsc;

/// What the operator says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// News for all who are served, in ASCII without CR and LF.
    News(String),
    /// The user of this name is served no more.
    LogOut(String),
    /// The service at this contact socket stops at this time.
    Stops(Socket, Instant),
}

/// The operator of a host, as its programs know him. Most say nothing, and nobody listens.
#[derive(Debug, Default)]
pub(crate) struct Operator(Option<Box<Words>>);

/// What he has said that still counts, and who listens.
#[derive(Debug, Default)]
struct Words {
    /// When the services stop of which he has said so.
    stops: BTreeMap<Socket, Instant>,
    listeners: Vec<mpsc::UnboundedSender<Notice>>,
}

impl Operator {
    /// The operator says something. Returns how many listen.
    pub(crate) fn says(&mut self, notice: &Notice) -> usize {
        let words = self.0.get_or_insert_default();
        if let Notice::Stops(service, at) = notice {
            words.stops.insert(*service, *at);
        }
        words.listeners.retain(|listener| listener.send(notice.clone()).is_ok());
        words.listeners.len()
    }

    /// Whether anybody listens.
    pub(crate) fn is_heard(&self) -> bool {
        self.0.iter().flat_map(|words| &words.listeners).any(|listener| !listener.is_closed())
    }

    /// When a service stops, if the operator has said so.
    pub(crate) fn stops(&self, service: Socket) -> Option<Instant> {
        self.0.as_ref()?.stops.get(&service).copied()
    }

    /// What the operator says from now on.
    pub(crate) fn listen(&mut self) -> Notices {
        let (listener, notices) = mpsc::unbounded_channel();
        self.0.get_or_insert_default().listeners.push(listener);
        Notices(notices)
    }
}

/// What the operator says, as it comes.
#[derive(Debug)]
pub struct Notices(mpsc::UnboundedReceiver<Notice>);

impl Notices {
    /// The next thing that he says; it is pending for ever if the host has crashed.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Notice> {
        match self.0.poll_recv(cx) {
            Poll::Ready(Some(notice)) => Poll::Ready(notice),
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}
