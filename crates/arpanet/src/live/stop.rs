//! Stopping what is live.

/// Ends when the process is asked to stop: by an interrupt from the terminal, or by a request to terminate.
pub(crate) async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        let terminated = terminated.recv();
        futures::future::select(Box::pin(interrupted), Box::pin(terminated)).await;
        return;
    }
    if interrupted.await.is_err() {
        // Where no such signal can be waited for, the process is ended by other means.
        std::future::pending::<()>().await;
    }
}
