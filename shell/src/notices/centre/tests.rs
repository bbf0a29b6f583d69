//! The common part, before a centre that only remembers.

use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::super::text;
use super::*;

/// What stands under which tag; shows nothing while it is `dumb`.
#[derive(Default)]
struct Memory {
    notices: Mutex<HashMap<String, String>>,
    is_dumb: bool,
}

impl Centre for Memory {
    type Error = &'static str;

    async fn show(&self, tag: &str, show: &Show) -> Result<(), &'static str> {
        if self.is_dumb {
            return Err("the person has switched it off");
        }
        let mut notices = self.notices.lock().expect("no test panics with it");
        notices.insert(tag.to_owned(), show.words.body.clone());
        Ok(())
    }

    async fn close(&self, tag: &str) {
        self.notices.lock().expect("no test panics with it").remove(tag);
    }

    async fn standing(&self) -> Vec<String> {
        let notices = self.notices.lock().expect("no test panics with it");
        notices.keys().cloned().chain(["not ours".to_owned()]).collect()
    }

    async fn describe(&self) -> Described {
        Described::default()
    }
}

/// A thread of the account in this seat.
fn of(seat: u32) -> Topic {
    Topic {
        seat: SeatId(seat),
        thread_id: ThreadId::mint(),
    }
}

/// The part at work, and both ways to it.
struct Play {
    centre: Arc<Memory>,
    orders: mpsc::Sender<Order>,
    heard: mpsc::Sender<Heard>,
    deeds: mpsc::UnboundedReceiver<Deed>,
    _work: JoinHandle<()>,
}

impl Play {
    fn begin(centre: Memory) -> Self {
        let centre = Arc::new(centre);
        let ((orders, taken), (heard, hears)) = (mpsc::channel(8), mpsc::channel(8));
        let (tell, deeds) = mpsc::unbounded_channel();
        let serving = centre.clone();
        let work = tokio::spawn(async move {
            serve(&*serving, hears, taken, |deed| {
                tell.send(deed).expect("the test listens")
            })
            .await;
        });
        Self {
            centre,
            orders,
            heard,
            deeds,
            _work: work,
        }
    }

    async fn order(&self, order: Order) {
        self.orders.send(order).await.expect("it serves");
    }

    async fn show(&self, topic: Topic, up_to: u64, body: &str) {
        let mut words = text::trial("ru");
        body.clone_into(&mut words.body);
        let (up_to, sounds) = (Seq(up_to), false);
        self.order(Order::Show(Show {
            topic,
            up_to,
            words,
            sounds,
            is_of_thread: true,
        }))
        .await;
    }

    /// Everything ordered so far is done when this answers.
    async fn standing(&self) -> Vec<Topic> {
        let (answer, wait) = oneshot::channel();
        self.order(Order::Standing { answer }).await;
        wait.await.expect("it answers")
    }

    async fn act(&mut self, tag: String, act: Act) -> Deed {
        self.heard.send(Heard { tag, act }).await.expect("it serves");
        self.deeds.recv().await.expect("something is to be done")
    }
}

#[tokio::test]
async fn a_thread_has_one_notice_and_the_newest_is_what_is_read() {
    let mut play = Play::begin(Memory::default());
    let (tea, linen) = (of(1), of(2));
    play.show(tea, 3, "первое").await;
    play.show(linen, 1, "другое").await;
    play.show(tea, 4, "второе").await;
    let mut standing = play.standing().await;
    standing.sort();
    assert_eq!(standing, {
        let mut both = vec![tea, linen];
        both.sort();
        both
    });
    assert_eq!(play.centre.notices.lock().expect("whole")[&tag(tea)], "второе");

    let read = play.act(tag(tea), Act::of(READ, None)).await;
    assert_eq!(
        read,
        Deed::Read {
            topic: tea,
            up_to: Seq(4)
        }
    );
    assert_eq!(play.standing().await, [linen], "what was read goes");
    play.order(Order::Close { topic: linen }).await;
    assert_eq!(play.standing().await, [], "also when it was read elsewhere");
}

#[tokio::test]
async fn a_notice_is_clicked_and_answered_also_one_of_an_earlier_run() {
    let mut play = Play::begin(Memory::default());
    let tea = of(1);
    let (topic, text) = (tea, "Да, есть".to_owned());
    let replied = play.act(tag(tea), Act::of(REPLY, Some(text.clone()))).await;
    assert_eq!(replied, Deed::Reply { topic, text });
    // Sent without a word, it is a click: nothing empty goes out.
    assert_eq!(
        play.act(tag(tea), Act::of(REPLY, Some(" ".into()))).await,
        Deed::Open { topic }
    );
    assert_eq!(play.act(tag(tea), Act::of("", None)).await, Deed::Open { topic });
    // How far it told is not known any more: nothing is marked that nobody has seen.
    assert_eq!(play.act(tag(tea), Act::Read).await, Deed::Open { topic });
    assert_eq!(play.act(TRIAL.to_owned(), Act::Clicked).await, Deed::Tried);
}

#[tokio::test]
async fn a_centre_that_shows_nothing_is_said_and_others_tags_mean_nothing() {
    let mut play = Play::begin(Memory {
        is_dumb: true,
        ..Memory::default()
    });
    play.show(of(1), 1, "никто не увидит").await;
    assert_eq!(play.deeds.recv().await, Some(Deed::Unheard));
    let gone = Heard {
        tag: tag(of(1)),
        act: Act::Gone,
    };
    play.heard.send(gone).await.expect("it serves");
    let foreign = Heard {
        tag: "promo".into(),
        act: Act::Clicked,
    };
    play.heard.send(foreign).await.expect("it serves");
    assert_eq!(
        play.act(TRIAL.to_owned(), Act::Clicked).await,
        Deed::Tried,
        "nothing before it"
    );
}

#[tokio::test]
async fn notices_of_an_account_that_leaves_go_and_those_of_the_others_stand() {
    let play = Play::begin(Memory::default());
    let (leaving, staying) = (of(1), of(2));
    play.show(leaving, 1, "уходит").await;
    play.show(staying, 1, "остаётся").await;
    play.order(Order::Leave { seat: leaving.seat }).await;
    assert_eq!(play.standing().await, [staying]);
}
