//! Messages on their way, brought to their end in the order in which they set out.
//!
//! The store makes them durable in that order, so that waiting for the oldest first costs nothing; and since they are told in
//! it, no socket finds a gap in its log because two tasks have raced. One task does it as long as there is anything to do:
//! a commit of hundreds of messages wakes one task and not hundreds, and what has arrived together is told together, so
//! that each socket wakes up once and writes all of it at once.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use tokio::sync::oneshot;
use tokio::task::coop::unconstrained;
use tokio_util::task::TaskTracker;

use crate::store::chat::Appended;
use crate::store::{self, Change};

/// What is to be done until a message has arrived; then it may be told.
pub type Way<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A message that the store has answered for.
pub struct Arrived {
    /// What the store says.
    pub outcome: store::Result<Change<Appended>>,
    /// Who waits for it.
    pub answer: oneshot::Sender<store::Result<Appended>>,
}

/// At most so many are told together, so that the first of them is not told late.
const TOGETHER: usize = 256;

/// The ways that are being gone.
pub struct Arrivals<T>(Arc<Mutex<Queue<T>>>);

struct Queue<T> {
    waiting: VecDeque<Way<T>>,
    is_attended: bool,
}

impl<T> Default for Arrivals<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Queue {
            waiting: VecDeque::new(),
            is_attended: false,
        })))
    }
}

impl<T: Send + 'static> Arrivals<T> {
    /// A message sets out; it arrives whether anybody waits for it or not, and `tell` is told, or that of one who set out
    /// before. `set_out` runs while no other one does, so that the order here is that of the store.
    pub fn begin(&self, tasks: &TaskTracker, set_out: impl FnOnce() -> Way<T>, tell: impl Fn(Vec<T>) + Send + 'static) {
        let mut queue = self.lock();
        let way = set_out();
        queue.waiting.push_back(way);
        let is_attended = std::mem::replace(&mut queue.is_attended, true);
        drop(queue);
        if !is_attended {
            tasks.spawn(Self(Arc::clone(&self.0)).attend(tell));
        }
    }

    async fn attend(self, tell: impl Fn(Vec<T>)) {
        let mut ahead = None;
        while let Some(way) = ahead.take().or_else(|| self.next()) {
            let mut arrived = Vec::new();
            arrived.extend(to_its_end(way).await);
            while arrived.len() < TOGETHER
                && let Some(mut way) = self.behind()
            {
                match unconstrained(AssertUnwindSafe(&mut way).catch_unwind()).now_or_never() {
                    Some(Ok(one)) => arrived.push(one),
                    Some(Err(_)) => complain(),
                    None => {
                        ahead = Some(way);
                        break;
                    }
                }
            }
            if catch_unwind(AssertUnwindSafe(|| tell(arrived))).is_err() {
                complain();
            }
        }
    }

    /// The oldest; when there is none, whoever sets out next is attended anew.
    fn next(&self) -> Option<Way<T>> {
        let mut queue = self.lock();
        let next = queue.waiting.pop_front();
        queue.is_attended = next.is_some();
        next
    }

    /// The one behind those that have arrived, when there is one.
    fn behind(&self) -> Option<Way<T>> {
        self.lock().waiting.pop_front()
    }

    /// A way that panics while it sets out is not in the queue; the others are, and go on.
    fn lock(&self) -> MutexGuard<'_, Queue<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn to_its_end<T>(way: Way<T>) -> Option<T> {
    AssertUnwindSafe(way).catch_unwind().await.map_err(|_| complain()).ok()
}

/// Whoever waits is told that the answer is unknown; the others go on.
fn complain() {
    tracing::error!("Telling of a message panicked");
}

#[cfg(test)]
mod tests {
    use tokio::sync::{mpsc, oneshot};

    use super::*;

    fn told() -> (mpsc::UnboundedSender<Vec<u32>>, mpsc::UnboundedReceiver<Vec<u32>>) {
        mpsc::unbounded_channel()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn all_arrive_in_their_order_and_together_and_one_that_panics_holds_up_nobody() {
        let (arrivals, tasks) = (Arrivals::default(), TaskTracker::new());
        let (tell, mut heard) = told();
        let (open, gate) = oneshot::channel::<()>();
        let mut gate = Some(gate);
        for number in 0..100 {
            let (tell, gate) = (tell.clone(), gate.take());
            let way = || -> Way<u32> {
                Box::pin(async move {
                    if let Some(gate) = gate {
                        gate.await.expect("it is opened");
                    }
                    assert!(number != 50, "this one panics");
                    number
                })
            };
            arrivals.begin(&tasks, way, move |these| tell.send(these).expect("somebody listens"));
        }
        assert!(heard.try_recv().is_err(), "nobody overtakes the first");
        open.send(()).expect("it waits");
        tasks.close();
        tasks.wait().await;
        let mut order = Vec::new();
        while let Ok(these) = heard.try_recv() {
            order.push(these);
        }
        let expected: Vec<_> = (0..100).filter(|number| *number != 50).collect();
        assert_eq!(order, [expected], "all of them at once");
        assert!(!arrivals.lock().is_attended);
    }

    #[tokio::test]
    async fn whoever_is_still_on_the_way_holds_up_those_behind_and_not_those_before() {
        let (arrivals, tasks) = (Arrivals::default(), TaskTracker::new());
        let (tell, mut heard) = told();
        let (open, gate) = oneshot::channel::<()>();
        let mut gate = Some(gate);
        for number in 0..4 {
            let (tell, gate) = (tell.clone(), if number == 2 { gate.take() } else { None });
            let way = || -> Way<u32> {
                Box::pin(async move {
                    if let Some(gate) = gate {
                        gate.await.expect("it is opened");
                    }
                    number
                })
            };
            arrivals.begin(&tasks, way, move |these| tell.send(these).expect("somebody listens"));
        }
        assert_eq!(heard.recv().await, Some(vec![0, 1]));
        assert!(heard.try_recv().is_err());
        open.send(()).expect("it waits");
        assert_eq!(heard.recv().await, Some(vec![2, 3]));
    }

    #[tokio::test]
    async fn one_that_panics_while_it_sets_out_or_is_told_leaves_nobody_mute() {
        let (arrivals, tasks) = (Arrivals::default(), TaskTracker::new());
        let nobody = |_: Vec<u32>| panic!("nobody hears it");
        let set_out = AssertUnwindSafe(|| arrivals.begin(&tasks, || panic!("it does not even set out"), nobody));
        assert!(catch_unwind(set_out).is_err());
        arrivals.begin(&tasks, || Box::pin(async { 6 }), nobody);
        while arrivals.lock().is_attended {
            tokio::task::yield_now().await;
        }
        let (tell, mut heard) = told();
        let tell = move |these| tell.send(these).expect("somebody listens");
        arrivals.begin(&tasks, || Box::pin(async { 7 }), tell);
        assert_eq!(heard.recv().await, Some(vec![7]));
    }
}
