//! Threads that do nothing but hash, so that what is slow never holds up an RPC.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use argon2::Block;
use thread_priority::{ThreadPriority, set_current_thread_priority};
use tokio::sync::oneshot;
use varco_application::HasherBusy;

use super::queue::{Queue, Turn};

/// The threads, which end when this is dropped.
pub(super) struct Pool(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    queue: Queue<Box<dyn Job>>,
    is_stopped: bool,
}

impl Pool {
    /// One thread for each core: while nobody signs in they cost nothing, and while everybody does
    /// their low priority leaves the cores to the RPCs.
    pub(super) fn start() -> Self {
        Self::with_threads(thread::available_parallelism().map_or(1, usize::from))
    }

    fn with_threads(threads: usize) -> Self {
        let queue = Queue::new(u32::try_from(threads).unwrap_or(u32::MAX));
        let state = Mutex::new(State { queue, is_stopped: false });
        let shared = Arc::new(Shared { state, changed: Condvar::new() });
        for _ in 0..threads {
            let shared = Arc::clone(&shared);
            let spawned = thread::Builder::new().name("passwords".to_owned()).spawn(move || serve(&shared));
            spawned.expect("a system that starts no threads runs no server either");
        }
        Self(shared)
    }

    /// Runs work on one of the threads, with memory that is used again and again. Work that nobody
    /// awaits any more when its turn comes is not done.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T, HasherBusy> {
        let (answer, answered) = oneshot::channel();
        self.0.lock().queue.push(Box::new(Awaited { work, answer }), Instant::now())?;
        self.0.changed.notify_one();
        // Without an answer the work has panicked, and the log knows.
        answered.await.unwrap_or_else(|_| Err(self.0.lock().queue.busy()))
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.0.lock().is_stopped = true;
        self.0.changed.notify_all();
    }
}

impl Shared {
    /// Nothing can panic while the lock is held, so what it guards is whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn. `None` when it is time to end.
    fn next(&self) -> Option<Turn<Box<dyn Job>>> {
        let mut state = self.lock();
        loop {
            if state.is_stopped {
                return None;
            }
            if let Some(turn) = state.queue.pop(Instant::now()) {
                return Some(turn);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn serve(shared: &Shared) {
    if let Err(error) = set_current_thread_priority(ThreadPriority::Min) {
        tracing::warn!(?error, "passwords are hashed at the priority of everything else");
    }
    // Empty until the first hash, so that a server where nobody signs in stays small.
    let mut memory = Vec::new();
    while let Some(turn) = shared.next() {
        match turn {
            Turn::Now(job) if job.is_awaited() => {
                let start = Instant::now();
                // A thread that ended would leave the others with its work, and the last one nobody.
                if panic::catch_unwind(AssertUnwindSafe(|| job.run(&mut memory))).is_err() {
                    tracing::error!("hashing a password failed");
                    memory = Vec::new();
                }
                shared.lock().queue.note(start.elapsed());
            }
            Turn::Now(_) => {}
            Turn::TooLate(job, busy) => job.refuse(busy),
        }
    }
}

trait Job: Send {
    fn is_awaited(&self) -> bool;
    fn run(self: Box<Self>, memory: &mut Vec<Block>);
    fn refuse(self: Box<Self>, busy: HasherBusy);
}

struct Awaited<W, T> {
    work: W,
    answer: oneshot::Sender<Result<T, HasherBusy>>,
}

impl<T: Send, W: FnOnce(&mut Vec<Block>) -> T + Send> Job for Awaited<W, T> {
    fn is_awaited(&self) -> bool {
        !self.answer.is_closed()
    }

    fn run(self: Box<Self>, memory: &mut Vec<Block>) {
        // Whoever asked may have gone while the work was done.
        let _ = self.answer.send(Ok((self.work)(memory)));
    }

    fn refuse(self: Box<Self>, busy: HasherBusy) {
        let _ = self.answer.send(Err(busy));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use futures::future::join_all;
    use futures::poll;

    use super::*;
    use crate::passwords::queue::MAX_WAITING;

    /// Work that ends when the sender says so, or is gone.
    fn gate() -> (mpsc::Sender<()>, impl FnOnce(&mut Vec<Block>) + Send + 'static) {
        let (open, opened) = mpsc::channel();
        (open, move |_: &mut Vec<Block>| while opened.recv().is_ok() {})
    }

    /// A pool of one thread, which is at work until the sender is dropped.
    async fn busy_pool() -> (Pool, mpsc::Sender<()>) {
        let pool = Pool::with_threads(1);
        let (open, work) = gate();
        let (begin, has_begun) = oneshot::channel();
        let mut blocking = Box::pin(pool.run(move |memory| {
            begin.send(()).unwrap();
            work(memory);
        }));
        assert!(poll!(&mut blocking).is_pending());
        has_begun.await.unwrap();
        drop(blocking);
        (pool, open)
    }

    #[tokio::test]
    async fn work_is_done_on_a_thread_of_the_pool() {
        let pool = Pool::start();
        let name = pool.run(|_| thread::current().name().map(str::to_owned)).await.unwrap();

        assert_eq!(name.as_deref(), Some("passwords"));
    }

    #[tokio::test]
    async fn memory_is_used_again() {
        let pool = Pool::with_threads(1);
        pool.run(|memory| memory.resize(7, Block::new())).await.unwrap();

        assert_eq!(pool.run(|memory| memory.len()).await, Ok(7));
    }

    #[tokio::test]
    async fn more_than_can_wait_are_refused_at_once_and_the_others_served() {
        let (pool, open) = busy_pool().await;
        let mut waiting: Vec<_> = (0..MAX_WAITING).map(|place| Box::pin(pool.run(move |_| place))).collect();
        for work in &mut waiting {
            assert!(poll!(work).is_pending());
        }

        let refused = pool.run(|_| ()).await;
        drop(open);

        assert!(refused.is_err());
        assert_eq!(join_all(waiting).await, (0..MAX_WAITING).map(Ok).collect::<Vec<_>>());
        assert_eq!(pool.run(|_| 99).await, Ok(99));
    }

    #[tokio::test]
    async fn work_that_nobody_awaits_any_more_is_not_done() {
        let (pool, open) = busy_pool().await;
        let done = Arc::new(AtomicUsize::new(0));
        let count = |done: &Arc<AtomicUsize>| {
            let done = Arc::clone(done);
            move |_: &mut Vec<Block>| done.fetch_add(1, Ordering::SeqCst)
        };
        let mut abandoned = Box::pin(pool.run(count(&done)));
        let mut awaited = Box::pin(pool.run(count(&done)));
        assert!(poll!(&mut abandoned).is_pending() && poll!(&mut awaited).is_pending());

        drop(abandoned);
        drop(open);

        assert_eq!(awaited.await, Ok(0));
        assert_eq!(done.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_panic_costs_one_answer_and_no_thread() {
        let pool = Pool::with_threads(1);

        assert!(pool.run(|_| assert_eq!(1, 2, "as a test wants it")).await.is_err());
        assert_eq!(pool.run(|_| 1).await, Ok(1));
    }

    #[tokio::test]
    async fn the_threads_end_with_the_pool() {
        let pool = Pool::with_threads(2);
        let shared = Arc::downgrade(&pool.0);
        pool.run(|_| ()).await.unwrap();

        drop(pool);

        while shared.strong_count() > 0 {
            thread::yield_now();
        }
    }
}
