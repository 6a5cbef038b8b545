//! What the operator of a host has its services know: news for whoever is served, and that one of them will stop.

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
    /// The service at this contact socket stops at this time.
    Stops(Socket, Instant),
}

/// The operator of a host, as its programs know him.
#[derive(Debug, Default)]
pub(crate) struct Operator {
    /// When the services stop of which he has said so.
    stops: BTreeMap<Socket, Instant>,
    listeners: Vec<mpsc::UnboundedSender<Notice>>,
}

impl Operator {
    /// The operator says something.
    pub(crate) fn says(&mut self, notice: &Notice) {
        if let Notice::Stops(service, at) = notice {
            self.stops.insert(*service, *at);
        }
        self.listeners.retain(|listener| listener.send(notice.clone()).is_ok());
    }

    /// When a service stops, if the operator has said so.
    pub(crate) fn stops(&self, service: Socket) -> Option<Instant> {
        self.stops.get(&service).copied()
    }

    /// What the operator says from now on.
    pub(crate) fn listen(&mut self) -> Notices {
        let (listener, notices) = mpsc::unbounded_channel();
        self.listeners.push(listener);
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
