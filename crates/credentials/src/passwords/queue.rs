use std::collections::VecDeque;
use std::time::{Duration, Instant};

use varco_application::HasherBusy;

/// How many may wait. More would wait for longer than people do.
pub(super) const MAX_WAITING: usize = 32;

/// How long one may wait, as foreseen when it comes and as it turns out when its turn comes.
const MAX_WAIT: Duration = Duration::from_millis(1500);

/// What a hash is taken to cost before the first one was measured.
const FIRST_GUESS: Duration = Duration::from_millis(20);

/// The least time after which it is worth trying again.
const MIN_RETRY: Duration = Duration::from_secs(1);

/// What waits for a thread, first come, first served.
pub(super) struct Queue<T> {
    waiting: VecDeque<(Instant, T)>,
    threads: u32,
    /// What a hash costs on one thread: a moving average.
    cost: Duration,
}

/// Whose turn it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn<T> {
    /// It is served.
    Now(T),
    /// It waited for too long. Whoever asked has given up, or should.
    TooLate(T, HasherBusy),
}

impl<T> Queue<T> {
    pub(super) fn new(threads: u32) -> Self {
        Self { waiting: VecDeque::with_capacity(MAX_WAITING), threads, cost: FIRST_GUESS }
    }

    /// Lets one wait, unless it would wait for too long: it is better told at once.
    pub(super) fn push(&mut self, job: T, now: Instant) -> Result<(), HasherBusy> {
        if self.waiting.len() >= MAX_WAITING || self.expected_wait() > MAX_WAIT {
            return Err(self.busy());
        }
        self.waiting.push_back((now, job));
        Ok(())
    }

    /// Takes the first one.
    pub(super) fn pop(&mut self, now: Instant) -> Option<Turn<T>> {
        let (since, job) = self.waiting.pop_front()?;
        let is_late = now.saturating_duration_since(since) > MAX_WAIT;
        Some(if is_late { Turn::TooLate(job, self.busy()) } else { Turn::Now(job) })
    }

    /// Notes what one cost.
    pub(super) fn note(&mut self, cost: Duration) {
        self.cost = (self.cost * 7 + cost) / 8;
    }

    pub(super) fn busy(&self) -> HasherBusy {
        HasherBusy { retry_after: self.expected_wait().max(MIN_RETRY) }
    }

    fn expected_wait(&self) -> Duration {
        let waiting = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
        self.cost.saturating_mul(waiting) / self.threads
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUSY: HasherBusy = HasherBusy { retry_after: MIN_RETRY };

    fn filled(count: usize, now: Instant) -> Queue<usize> {
        let mut queue = Queue::new(2);
        for job in 0..count {
            assert_eq!(queue.push(job, now), Ok(()), "job {job}");
        }
        queue
    }

    #[test]
    fn the_first_to_come_is_the_first_to_go() {
        let now = Instant::now();
        let mut queue = filled(3, now);

        let served: Vec<_> = std::iter::from_fn(|| queue.pop(now)).collect();

        assert_eq!(served, [Turn::Now(0), Turn::Now(1), Turn::Now(2)]);
    }

    #[test]
    fn a_full_queue_refuses_until_one_has_left() {
        let now = Instant::now();
        let mut queue = filled(MAX_WAITING, now);

        assert_eq!(queue.push(99, now), Err(BUSY));
        assert_eq!(queue.pop(now), Some(Turn::Now(0)));
        assert_eq!(queue.push(99, now), Ok(()));
    }

    #[test]
    fn a_slow_machine_refuses_sooner_and_says_for_how_long() {
        let now = Instant::now();
        let mut queue = Queue::new(2);
        for _ in 0..100 {
            queue.note(Duration::from_secs(1));
        }

        // Each that waits costs half a second more: the fourth would make it two seconds.
        assert_eq!([0, 1, 2, 3].map(|job| queue.push(job, now)), [Ok(()); 4]);
        let refused = queue.push(4, now).unwrap_err();

        assert!(refused.retry_after > Duration::from_millis(1900), "{refused:?}");
    }

    #[test]
    fn one_that_waited_for_too_long_is_not_served() {
        let came = Instant::now();
        let mut queue = filled(2, came);

        assert_eq!(queue.pop(came + MAX_WAIT), Some(Turn::Now(0)));
        assert_eq!(queue.pop(came + MAX_WAIT + Duration::from_millis(1)), Some(Turn::TooLate(1, BUSY)));
    }

    #[test]
    fn the_cost_follows_what_was_measured() {
        let mut queue = Queue::<()>::new(1);
        for _ in 0..100 {
            queue.note(Duration::from_millis(80));
        }

        assert!(queue.cost.abs_diff(Duration::from_millis(80)) < Duration::from_millis(1), "{:?}", queue.cost);
    }
}
