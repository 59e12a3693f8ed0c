use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;
use tokio::time::{Instant, advance};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id as SpanId, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::*;

const INTERVAL: Duration = Duration::from_mins(10);
const ALMOST: Duration = Duration::from_millis(10 * 60_000 - 1);

#[derive(Debug, thiserror::Error)]
#[error("the database is away")]
struct Away;

/// Lets every task go on until it waits.
async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_runs_when_its_time_comes_and_not_before() {
    let (tasks, runs) = (Tasks::default(), Arc::new(AtomicUsize::new(0)));
    let counted = runs.clone();
    tasks.every(INTERVAL, "it waits", move || {
        counted.fetch_add(1, Ordering::Relaxed);
        async { Ok::<_, Away>(()) }
    });
    settle().await;
    advance(ALMOST).await;
    settle().await;
    assert_eq!(runs.load(Ordering::Relaxed), 0);

    advance(Duration::from_millis(1)).await;
    settle().await;
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    advance(INTERVAL).await;
    settle().await;
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_task_stops_with_the_server_and_not_in_the_middle() {
    let (tasks, finished, go) = (Tasks::default(), Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let (counted, awaited) = (finished.clone(), go.clone());
    tasks.every(INTERVAL, "it waits", move || {
        let (counted, awaited) = (counted.clone(), awaited.clone());
        async move {
            awaited.notified().await;
            counted.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Away>(())
        }
    });
    settle().await;
    advance(INTERVAL).await;
    settle().await;
    tasks.stop();
    settle().await;
    go.notify_one();
    tasks.ended().await;
    assert_eq!(finished.load(Ordering::Relaxed), 1, "what had begun was ended");

    let idle = Tasks::default();
    idle.every(INTERVAL, "it waits", async || Ok::<_, Away>(()));
    settle().await;
    let before = Instant::now();
    idle.stop();
    idle.ended().await;
    assert_eq!(before.elapsed(), Duration::ZERO, "nobody waits for the next run");
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_logged_and_done_again() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let (tasks, runs) = (Tasks::default(), Arc::new(AtomicUsize::new(0)));
    let counted = runs.clone();
    tasks.every(INTERVAL, "old things wait to be deleted", move || {
        let earlier = counted.fetch_add(1, Ordering::Relaxed);
        async move { if earlier == 1 { Ok(()) } else { Err(Away) } }
    });
    settle().await;
    for _ in 0..3 {
        advance(INTERVAL).await;
        settle().await;
    }
    assert_eq!(runs.load(Ordering::Relaxed), 3);
    let line = "WARN old things wait to be deleted: the database is away";
    assert_eq!(log.lines(), [line, line]);
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<std::sync::Mutex<Vec<String>>>);

impl Log {
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

#[derive(Default)]
struct Line {
    message: String,
    error: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        }
    }

    fn record_error(&mut self, _: &Field, value: &(dyn std::error::Error + 'static)) {
        self.error = value.to_string();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn new_span(&self, _: &Attributes<'_>) -> SpanId {
        SpanId::from_u64(1)
    }

    fn record(&self, _: &SpanId, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &SpanId, _: &SpanId) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let text = format!("{} {}: {}", event.metadata().level(), line.message, line.error);
        self.0.lock().unwrap().push(text);
    }

    fn enter(&self, _: &SpanId) {}

    fn exit(&self, _: &SpanId) {}
}
