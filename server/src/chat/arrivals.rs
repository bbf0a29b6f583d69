//! Messages on their way, brought to their end one after another in the order in which they set out.
//!
//! The store makes them durable in that order, so that waiting for the oldest first costs nothing; and since they are told in
//! it, no socket finds a gap in its log because two tasks have raced. One task does it as long as there is anything to do:
//! a commit of hundreds of messages wakes one task and not hundreds.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use tokio_util::task::TaskTracker;

/// What is to be done until a message has arrived.
pub type Way = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The ways that are being gone.
#[derive(Clone, Default)]
pub struct Arrivals(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Way>,
    is_attended: bool,
}

impl Arrivals {
    /// A message sets out; it arrives whether anybody waits for it or not. `set_out` runs while no other one does, so that
    /// the order here is that of the store.
    pub fn begin(&self, tasks: &TaskTracker, set_out: impl FnOnce() -> Way) {
        let mut queue = self.lock();
        let way = set_out();
        queue.waiting.push_back(way);
        let is_attended = std::mem::replace(&mut queue.is_attended, true);
        drop(queue);
        if !is_attended {
            tasks.spawn(self.clone().attend());
        }
    }

    async fn attend(self) {
        while let Some(way) = self.next() {
            // Whoever waits is told that the answer is unknown; the others go on.
            if AssertUnwindSafe(way).catch_unwind().await.is_err() {
                tracing::error!("Telling of a message panicked");
            }
        }
    }

    fn next(&self) -> Option<Way> {
        let mut queue = self.lock();
        let next = queue.waiting.pop_front();
        queue.is_attended = next.is_some();
        next
    }

    /// A way that panics while it sets out is not in the queue; the others are, and go on.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::{mpsc, oneshot};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn all_arrive_in_their_order_and_one_that_panics_holds_up_nobody() {
        let (arrivals, tasks) = (Arrivals::default(), TaskTracker::new());
        let (told, mut heard) = mpsc::unbounded_channel();
        let (open, gate) = oneshot::channel::<()>();
        let mut gate = Some(gate);
        for number in 0..100 {
            let (told, gate) = (told.clone(), gate.take());
            arrivals.begin(&tasks, || {
                Box::pin(async move {
                    if let Some(gate) = gate {
                        gate.await.expect("it is opened");
                    }
                    assert!(number != 50, "this one panics");
                    told.send(number).expect("somebody listens");
                })
            });
        }
        assert!(heard.try_recv().is_err(), "nobody overtakes the first");
        open.send(()).expect("it waits");
        tasks.close();
        tasks.wait().await;
        let mut order = Vec::new();
        while let Ok(number) = heard.try_recv() {
            order.push(number);
        }
        let expected: Vec<_> = (0..100).filter(|number| *number != 50).collect();
        assert_eq!(order, expected);
        assert!(!arrivals.lock().is_attended);
    }

    #[tokio::test]
    async fn one_that_panics_while_it_sets_out_leaves_nobody_mute() {
        let (arrivals, tasks) = (Arrivals::default(), TaskTracker::new());
        let set_out = AssertUnwindSafe(|| arrivals.begin(&tasks, || panic!("it does not even set out")));
        assert!(std::panic::catch_unwind(set_out).is_err());
        let (told, heard) = oneshot::channel();
        arrivals.begin(&tasks, || {
            Box::pin(async move { told.send(7).expect("somebody listens") })
        });
        assert_eq!(heard.await, Ok(7));
    }
}
