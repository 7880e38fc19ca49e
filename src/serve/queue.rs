//! Checks run a few at a time; the others wait in line, as many as there is room for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The line before the checks.
pub(super) struct Queue {
    places: Arc<Semaphore>,
    most: usize,
    waiting: AtomicUsize,
    most_waiting: usize,
}

/// How long the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// Checks that run.
    pub(super) running: usize,
    /// Checks that wait.
    pub(super) waiting: usize,
}

/// There is no room in the line.
#[derive(Debug)]
pub(super) struct Full {
    /// Checks that wait.
    pub(super) waiting: usize,
}

impl Queue {
    pub(super) fn new(most: usize, most_waiting: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(most)),
            most,
            waiting: AtomicUsize::new(0),
            most_waiting,
        }
    }

    /// Waits for a place, first come, first served, which is held until what is returned is dropped.
    /// Whoever gives up leaves the line.
    ///
    /// # Errors
    /// The line is full.
    pub(super) async fn place(&self) -> Result<OwnedSemaphorePermit, Full> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Ok(place);
        }
        let before = self.waiting.fetch_add(1, Ordering::SeqCst);
        let standing = Standing(&self.waiting);
        if before >= self.most_waiting {
            return Err(Full { waiting: before });
        }
        let place = self.places.clone().acquire_owned().await;
        drop(standing);
        // The line is never closed.
        place.map_err(|_| Full { waiting: before })
    }

    /// How long the line is now.
    pub(super) fn line(&self) -> Line {
        Line {
            running: self.most.saturating_sub(self.places.available_permits()),
            waiting: self.waiting.load(Ordering::SeqCst),
        }
    }
}

/// Somebody in the line.
struct Standing<'a>(&'a AtomicUsize);

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_run_one_waits_and_the_next_is_sent_away() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let queue = Queue::new(2, 1);
            let first = queue.place().await.unwrap();
            let _second = queue.place().await.unwrap();
            let mut third = Box::pin(queue.place());
            let waits = std::future::poll_fn(|context| {
                std::task::Poll::Ready(third.as_mut().poll(context).is_pending())
            });
            assert!(waits.await);
            assert_eq!(
                queue.line(),
                Line {
                    running: 2,
                    waiting: 1
                }
            );
            assert_eq!(queue.place().await.unwrap_err().waiting, 1);
            drop(first);
            let _third = third.await.unwrap();
            assert_eq!(
                queue.line(),
                Line {
                    running: 2,
                    waiting: 0
                }
            );
        });
    }
}
