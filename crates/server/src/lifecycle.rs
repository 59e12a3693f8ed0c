//! From the first port to the last.

use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::net::TcpListener;
use varco_persistence::SeaStore;

use crate::running::{Drained, Running};
use crate::signals::StopSignals;

/// What is left of the grace for closing the store.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(500);

/// The exit code of a process that a second signal ends at once.
const CUT_SHORT: i32 = 130;

/// Binds a port. `remedy` says what to do if somebody else has it.
pub(crate) async fn bind(address: SocketAddr, remedy: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "something else listens on {address} already, perhaps another Varco: stop it, or choose another port with {remedy}"
        ),
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("this user may not listen on {address}: choose a port above 1023 with {remedy}")
        }
        _ => anyhow::Error::new(error).context(format!("could not listen on {address}: choose another with {remedy}")),
    })
}

/// Does what `starting` does, unless a signal asks to stop before.
pub(crate) async fn unless_stopped<T>(
    signals: &mut StopSignals,
    starting: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    tokio::select! {
        started = starting => started,
        () = signals.next() => bail!("stopped before the start was complete"),
    }
}

/// Runs until a signal asks to stop, then stops within `grace`. Another signal ends it at once.
pub(crate) async fn run(
    running: Running,
    store: Arc<SeaStore>,
    mut signals: StopSignals,
    grace: Duration,
) -> anyhow::Result<()> {
    signals.next().await;
    tracing::info!("stopping");
    let stopping = async {
        let drained = running.drain(grace.saturating_sub(CLOSE_TIMEOUT)).await;
        let closed = tokio::time::timeout(CLOSE_TIMEOUT, store.close()).await;
        (drained, closed.is_ok())
    };
    tokio::select! {
        (drained, is_closed) = stopping => {
            if drained == Drained::CutOff {
                tracing::warn!("some calls were cut off: they had not ended when the grace was over");
            }
            tracing::info!(is_closed, "stopped");
            Ok(())
        }
        () = signals.next() => {
            tracing::warn!("stopped at once by a second signal");
            std::process::exit(CUT_SHORT);
        }
    }
}

/// Writes to standard output, for people and scripts. A reader that went away is no error.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("could not write the output")
        }
        _ => Ok(()),
    }
}

/// How long the last logs and traces may take to get out.
const TELEMETRY_TIMEOUT: Duration = Duration::from_secs(1);

/// Sends what telemetry still has, unless the collector takes too long.
pub(crate) fn finish(telemetry: varco_telemetry::Guard) {
    let (done, is_done) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        drop(telemetry);
        let _ = done.send(());
    });
    let _ = is_done.recv_timeout(TELEMETRY_TIMEOUT);
}
