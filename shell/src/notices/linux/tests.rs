//! Against a notification daemon of our own on a session bus of our own, in every dialect that is spoken out there.

mod stage;

use std::sync::atomic::Ordering;

use prilavok_client::SeatId;
use prilavok_protocol::ids::{Seq, ThreadId};
use tokio::sync::oneshot;
use zbus::connection::Builder;

use crate::notices::order::{Deed, Described, Order, Topic};
use stage::{COMMON, Dialect, Heard, Stage, a_topic, appears, emit, words};

const PLASMA: Dialect = Dialect {
    capabilities: &[
        "body",
        "body-markup",
        "actions",
        "inline-reply",
        "persistence",
        "sound",
        "inhibitions",
    ],
    inhibited: Some(false),
    ..COMMON
};

#[tokio::test]
async fn a_newer_notice_replaces_the_older_one_and_reading_takes_it_away() {
    let mut stage = Stage::set(COMMON).await;
    let topic = a_topic();
    stage.show(topic, "<b>раз</b>").await;
    stage.show(topic, "два").await;
    stage.order(Order::Close { topic }).await;
    stage.order(Order::Close { topic }).await;
    stage.show(a_topic(), "три").await;

    let first = stage.hear_notice().await;
    assert_eq!(
        (first.title.as_str(), first.body.as_str()),
        ("Анна", "&lt;b&gt;раз&lt;/b&gt;")
    );
    let second = stage.hear_notice().await;
    assert_eq!((second.replaces, second.body.as_str()), (1, "два"));
    assert_eq!(stage.hear().await, Heard::Close { id: 1 });
    assert_eq!(stage.hear_notice().await.replaces, 0);
}

#[tokio::test]
async fn when_an_account_goes_its_notices_go_and_no_others() {
    let mut stage = Stage::set(COMMON).await;
    let (of_second, thread_id) = (a_topic(), ThreadId::mint());
    let of_third = Topic {
        seat: SeatId(3),
        thread_id,
    };
    stage.show(of_second, "раз").await;
    stage.show(of_third, "два").await;
    // The same thread of another account is another notice.
    let also = Topic {
        seat: of_second.seat,
        thread_id,
    };
    stage.show(also, "три").await;
    for replaces in [0, 0, 0] {
        assert_eq!(stage.hear_notice().await.replaces, replaces);
    }
    stage.order(Order::Leave { seat: of_second.seat }).await;
    let mut closed = [stage.hear().await, stage.hear().await].map(|heard| match heard {
        Heard::Close { id } => id,
        other => panic!("{other:?}"),
    });
    closed.sort_unstable();
    assert_eq!(closed, [1, 3]);
    stage.emit("ActionInvoked", &(2_u32, "default")).await;
    assert_eq!(stage.deed().await, Deed::Open { topic: of_third });
}

#[tokio::test]
async fn a_click_on_the_notice_about_the_app_opens_it_and_takes_the_notice_away() {
    let mut stage = Stage::set(COMMON).await;
    let (answer, told) = oneshot::channel();
    let words = words("Окно закрыто");
    stage.order(Order::Tell { words, answer }).await;
    let asked = stage.hear_notice().await;
    assert_eq!(
        (asked.body.as_str(), asked.actions.as_slice()),
        ("Окно закрыто", &["default".to_owned()][..])
    );
    assert_eq!(told.await, Ok(true));
    stage.emit("ActionInvoked", &(1_u32, "default")).await;
    assert_eq!(stage.deed().await, Deed::Return);
    assert_eq!(stage.hear().await, Heard::Close { id: 1 });
}

#[tokio::test]
async fn each_daemon_is_spoken_to_in_its_own_dialect() {
    let fields = ["x-kde-reply-placeholder-text", "x-kde-reply-submit-button-text"];
    let dialect = |capabilities| Dialect { capabilities, ..COMMON };
    let cases: [(Dialect, &str, &str, &[&str], bool); 5] = [
        (PLASMA, "Анна", "a &amp; b", &["default", "inline-reply", "read"], true),
        (COMMON, "Анна", "a &amp; b", &["default", "reply", "read"], false),
        (dialect(&["body"]), "Анна", "a & b", &[], false),
        (
            dialect(&["actions", "sound"]),
            "Анна: a & b",
            "",
            &["default", "reply", "read"],
            true,
        ),
        (dialect(&[]), "Анна: a & b", "", &[], false),
    ];
    for (dialect, title, body, actions, has_sound) in cases {
        let mut stage = Stage::set(dialect).await;
        stage.show(a_topic(), "a & b").await;
        let asked = stage.hear_notice().await;
        assert_eq!(
            (asked.title.as_str(), asked.body.as_str()),
            (title, body),
            "{actions:?}"
        );
        assert_eq!(asked.actions, actions);
        let is_told = |hint: &str| asked.hints.iter().any(|it| it == hint);
        assert_eq!(is_told("sound-name"), has_sound, "{actions:?}");
        assert!(fields.iter().all(|hint| is_told(hint) != actions.is_empty()));
    }
}

#[tokio::test]
async fn a_click_names_the_thread_and_foreign_clicks_name_nothing() {
    let mut stage = Stage::set(COMMON).await;
    let (first, second) = (a_topic(), a_topic());
    stage.show(first, "раз").await;
    stage.show(second, "два").await;
    for _ in 0..2 {
        stage.hear().await;
    }
    // Somebody on the bus who is not the daemon.
    let stranger = Builder::address(stage.bus.address.as_str())
        .expect("the bus is there")
        .build()
        .await
        .expect("the bus takes a stranger");
    emit(&stranger, "ActionInvoked", &(1_u32, "read")).await;
    stage.emit("ActionInvoked", &(999_u32, "default")).await;
    stage.emit("ActionInvoked", &(2_u32, "default")).await;
    stage.emit("ActionInvoked", &(1_u32, "default")).await;
    assert_eq!(stage.deed().await, Deed::Open { topic: second });
    assert_eq!(stage.deed().await, Deed::Open { topic: first });
}

#[tokio::test]
async fn an_answer_in_the_daemons_field_is_told_once_and_the_notice_goes() {
    let mut stage = Stage::set(PLASMA).await;
    let topic = a_topic();
    stage.show(topic, "Есть чай?").await;
    stage.hear_notice().await;
    stage.emit("NotificationReplied", &(1_u32, " ")).await;
    stage.emit("NotificationReplied", &(1_u32, "Есть 🍵")).await;
    stage.emit("NotificationReplied", &(1_u32, "Есть 🍵")).await;
    let text = "Есть 🍵".to_owned();
    assert_eq!(stage.deed().await, Deed::Reply { topic, text });
    assert_eq!(stage.hear().await, Heard::Close { id: 1 });
    // What comes after the second signal on the same road is the next that is heard of.
    stage.show(topic, "Ещё?").await;
    assert_eq!(stage.hear_notice().await.replaces, 0);
    stage.emit("ActionInvoked", &(2_u32, "default")).await;
    assert_eq!(stage.deed().await, Deed::Open { topic });
}

#[tokio::test]
async fn without_such_a_field_the_button_asks_for_ours_and_another_marks_as_read() {
    let mut stage = Stage::set(COMMON).await;
    let topic = a_topic();
    stage.show(topic, "Есть чай?").await;
    stage.hear_notice().await;
    stage.emit("ActionInvoked", &(1_u32, "reply")).await;
    assert_eq!(stage.deed().await, Deed::Answer { topic });
    stage.emit("ActionInvoked", &(1_u32, "read")).await;
    assert_eq!(stage.deed().await, Deed::Read { topic, up_to: Seq(7) });
    assert_eq!(stage.hear().await, Heard::Close { id: 1 });
}

#[tokio::test]
async fn a_notice_from_before_a_restart_of_the_app_still_finds_its_thread() {
    let mut stage = Stage::set(PLASMA).await;
    let (first, second) = (a_topic(), a_topic());
    stage.show(first, "раз").await;
    stage.show(second, "два").await;
    stage.hear_notice().await;
    stage.hear_notice().await;
    // The second is closed before the restart, so that the first alone stands.
    stage.order(Order::Close { topic: second }).await;
    assert_eq!(stage.hear().await, Heard::Close { id: 2 });

    stage.start_app();
    let (answer, standing) = oneshot::channel();
    stage.order(Order::Standing { answer }).await;
    assert_eq!(standing.await.expect("the task answers"), [first]);
    stage.emit("NotificationReplied", &(1_u32, "Отвечаю")).await;
    let text = "Отвечаю".to_owned();
    assert_eq!(stage.deed().await, Deed::Reply { topic: first, text });
    assert_eq!(stage.hear().await, Heard::Close { id: 1 });
}

#[tokio::test]
async fn the_ids_of_a_daemon_that_is_gone_mean_nothing_to_the_next_run_of_the_app() {
    let mut stage = Stage::set(COMMON).await;
    let topic = a_topic();
    stage.show(topic, "раз").await;
    stage.hear_notice().await;
    // The app ends, the person logs out and in again: another app's notice has the same id now.
    stage.hang_up();
    stage.kill_daemon().await;
    stage.start_daemon(COMMON).await;
    stage.start_app();
    stage.show(topic, "два").await;
    assert_eq!(stage.hear_notice().await.replaces, 0);
}

#[tokio::test]
async fn a_daemon_that_dies_and_comes_back_shows_again_what_stood_and_what_was_missed() {
    let mut stage = Stage::set(COMMON).await;
    let (stood, missed) = (a_topic(), a_topic());
    stage.show(stood, "раз").await;
    stage.hear_notice().await;
    stage.kill_daemon().await;
    stage.show(missed, "два").await;
    assert_eq!(stage.deed().await, Deed::Unheard);
    stage
        .start_daemon(Dialect {
            counts_from: 10,
            ..COMMON
        })
        .await;
    let mut again = Vec::new();
    for _ in 0..2 {
        let asked = stage.hear_notice().await;
        assert_eq!(asked.replaces, 0, "the old ids are gone");
        again.push(asked.body);
    }
    again.sort();
    assert_eq!(again, ["два", "раз"]);
    stage.emit("ActionInvoked", &(11_u32, "default")).await;
    stage.emit("ActionInvoked", &(12_u32, "default")).await;
    let mut opened = [stage.deed().await, stage.deed().await];
    opened.sort_by_key(|deed| format!("{deed:?}") != format!("{:?}", Deed::Open { topic: stood }));
    assert_eq!(opened, [Deed::Open { topic: stood }, Deed::Open { topic: missed }]);
}

#[tokio::test]
async fn a_notice_that_the_person_closed_is_not_replaced() {
    let mut stage = Stage::set(COMMON).await;
    let topic = a_topic();
    stage.show(topic, "раз").await;
    stage.hear().await;
    stage.emit("NotificationClosed", &(1_u32, 2_u32)).await;
    // Asked until the signal has arrived: orders and signals come on different roads.
    let mut replaced = 1;
    for _ in 0..50 {
        stage.show(topic, "два").await;
        replaced = stage.hear_notice().await.replaces;
        if replaced == 0 {
            break;
        }
    }
    assert_eq!(replaced, 0);
}

#[tokio::test]
async fn a_daemon_without_sound_leaves_it_to_us_unless_the_person_wants_peace() {
    let mut stage = Stage::set(COMMON).await;
    stage.show(a_topic(), "раз").await;
    appears(&stage.trace()).await;

    for inhibited in [true, false] {
        stage = Stage::set(Dialect {
            inhibited: Some(inhibited),
            ..COMMON
        })
        .await;
        stage.show(a_topic(), "раз").await;
        // The answer comes after the notice has been dealt with.
        let (answer, described) = oneshot::channel();
        stage.order(Order::Describe { answer }).await;
        assert_eq!(described.await.expect("the task answers").is_inhibited, inhibited);
        // Asked, not heard: the sound of one that ignores the wish may come after this test has looked.
        assert_eq!(stage.plays.load(Ordering::SeqCst), usize::from(!inhibited));
        if !inhibited {
            appears(&stage.trace()).await;
        }
    }
}

#[tokio::test]
async fn the_notice_that_tries_the_daemon_has_no_answer_and_its_click_is_heard() {
    let mut stage = Stage::set(PLASMA).await;
    let (answer, shown) = oneshot::channel();
    stage
        .order(Order::Try {
            words: words("Видно?"),
            sounds: false,
            answer,
        })
        .await;
    let asked = stage.hear_notice().await;
    assert_eq!(
        (asked.actions, asked.hints),
        (vec!["default".to_owned()], vec!["suppress-sound".to_owned()])
    );
    assert!(shown.await.expect("the task answers"));
    stage.emit("ActionInvoked", &(1_u32, "default")).await;
    assert_eq!(stage.deed().await, Deed::Tried);

    let (answer, described) = oneshot::channel();
    stage.order(Order::Describe { answer }).await;
    let described = described.await.expect("the task answers");
    assert_eq!((described.name.as_str(), described.version.as_str()), ("Fake", "7.1"));
    assert!(described.is_there && described.capabilities.iter().any(|it| it == "inline-reply"));
}

#[tokio::test]
async fn without_a_daemon_orders_are_taken_the_person_is_told_and_nothing_hangs() {
    let mut stage = Stage::without_daemon();
    stage.start_app();
    stage.show(a_topic(), "никому").await;
    assert_eq!(stage.deed().await, Deed::Unheard);
    let (answer, shown) = oneshot::channel();
    stage
        .order(Order::Try {
            words: words("?"),
            sounds: true,
            answer,
        })
        .await;
    assert!(!shown.await.expect("the task answers"));
    let (answer, described) = oneshot::channel();
    stage.order(Order::Describe { answer }).await;
    assert_eq!(described.await.expect("the task answers"), Described::default());
    // The daemon comes late: nothing was lost.
    stage.start_daemon(COMMON).await;
    assert_eq!(stage.hear_notice().await.body, "никому");
}
