//! Open-loop load: calls begin when they are due, whatever became of those before, and are timed from
//! when they were due.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{Instant as Due, MissedTickBehavior, interval_at};

use crate::load::spawn;

/// Calls so often a second for so long. Gives what each call gave and how long it took, in
/// milliseconds.
pub(crate) async fn open_loop<T, F>(
    rate: f64,
    length: Duration,
    call: impl Fn(usize) -> F,
) -> anyhow::Result<Vec<(T, f64)>>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Due::now();
    let mut ticks = interval_at(start, Duration::from_secs_f64(1.0 / rate));
    // A tick that comes late does not delay those after it.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut calls = Vec::new();
    while start.elapsed() < length {
        let due = ticks.tick().await;
        let calling = call(calls.len());
        calls.push(spawn(async move {
            let given = calling.await;
            (given, millis(due.elapsed()))
        }));
    }
    let mut given = Vec::with_capacity(calls.len());
    for call in calls {
        given.push(call.await?);
    }
    Ok(given)
}

/// Keeps so many calls in flight for so long. Gives how many a second were answered well.
pub(crate) async fn closed_loop<F>(
    in_flight: usize,
    length: Duration,
    call: impl Fn(usize) -> F + Send + Sync + 'static,
) -> anyhow::Result<f64>
where
    F: Future<Output = bool> + Send + 'static,
{
    let (start, call) = (Instant::now(), Arc::new(call));
    let callers = (0..in_flight).map(|place| {
        let call = Arc::clone(&call);
        spawn(async move {
            let mut answered = 0_u32;
            for round in 0.. {
                if start.elapsed() >= length {
                    break;
                }
                answered += u32::from(call(round * in_flight + place).await);
            }
            answered
        })
    });
    let mut answered = 0;
    for caller in callers.collect::<Vec<_>>() {
        answered += caller.await?;
    }
    Ok(f64::from(answered) / start.elapsed().as_secs_f64())
}

pub(crate) fn millis(length: Duration) -> f64 {
    length.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use tokio::sync::Mutex;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_stall_shows_in_every_call_that_was_due_meanwhile() {
        const STALLED: usize = 50;
        let busy = Arc::new(Mutex::new(()));
        let given = open_loop(100.0, Duration::from_secs(2), |place| {
            let busy = Arc::clone(&busy);
            async move {
                let _turn = busy.lock().await;
                let length = Duration::from_millis(if place == STALLED { 1000 } else { 1 });
                // The clock is paused: this takes no time but the length.
                let _ = timeout(length, std::future::pending::<()>()).await;
            }
        });
        let times: Vec<f64> = given.await.unwrap().into_iter().map(|((), time)| time).collect();

        let slow = times.iter().filter(|time| **time > 100.0).count();
        assert!((90..=110).contains(&slow), "{slow} of {}", times.len());
        assert!(times[..STALLED].iter().all(|time| *time < 5.0));
    }
}
