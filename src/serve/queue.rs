//! Checks run a few at a time; the others wait in line, as many as there is room for.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The line before the checks.
pub(super) struct Queue {
    places: Arc<Semaphore>,
    most: usize,
    most_waiting: usize,
    next: AtomicU64,
    /// Those who wait, the first in front, each with what they call their turn.
    standing: Mutex<VecDeque<(u64, Option<String>)>>,
}

/// How long the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// Checks that run.
    pub(super) running: usize,
    /// Checks that wait.
    pub(super) waiting: usize,
    /// Checks that wait before the turn that was asked for; none if it does not wait.
    pub(super) ahead: Option<usize>,
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
            most_waiting,
            next: AtomicU64::new(0),
            standing: Mutex::new(VecDeque::new()),
        }
    }

    /// Waits for a place, first come, first served, which is held until what is returned is dropped.
    /// Whoever gives up leaves the line. `turn` is what the waiting is called, for [`Queue::line`].
    ///
    /// # Errors
    /// The line is full.
    pub(super) async fn place(&self, turn: Option<String>) -> Result<OwnedSemaphorePermit, Full> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Ok(place);
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let before = {
            let mut line = self.standing();
            if line.len() >= self.most_waiting {
                let waiting = line.len();
                return Err(Full { waiting });
            }
            line.push_back((number, turn));
            line.len() - 1
        };
        let standing = Standing {
            queue: self,
            number,
        };
        let place = self.places.clone().acquire_owned().await;
        drop(standing);
        // The line is never closed.
        place.map_err(|_| Full { waiting: before })
    }

    /// How long the line is now, and how much of it is before a turn.
    pub(super) fn line(&self, turn: Option<&str>) -> Line {
        let line = self.standing();
        let own = |(_, name): &(u64, Option<String>)| turn.is_some() && name.as_deref() == turn;
        Line {
            running: self.most.saturating_sub(self.places.available_permits()),
            waiting: line.len(),
            ahead: line.iter().position(own),
        }
    }

    fn standing(&self) -> MutexGuard<'_, VecDeque<(u64, Option<String>)>> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody in the line.
struct Standing<'a> {
    queue: &'a Queue,
    number: u64,
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        let own = self.number;
        self.queue.standing().retain(|(number, _)| *number != own);
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
            let first = queue.place(None).await.unwrap();
            let _second = queue.place(None).await.unwrap();
            let mut third = Box::pin(queue.place(Some("ba".into())));
            let waits = std::future::poll_fn(|context| {
                std::task::Poll::Ready(third.as_mut().poll(context).is_pending())
            });
            assert!(waits.await);
            assert_eq!(
                queue.line(Some("ba")),
                Line {
                    running: 2,
                    waiting: 1,
                    ahead: Some(0),
                }
            );
            assert_eq!(queue.place(None).await.unwrap_err().waiting, 1);
            drop(first);
            let _third = third.await.unwrap();
            assert_eq!(
                queue.line(Some("ba")),
                Line {
                    running: 2,
                    waiting: 0,
                    ahead: None,
                }
            );
        });
    }
}
