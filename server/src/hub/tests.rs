//! The hub without sockets: who is let in, who counts as being there, who is ended.

use prilavok_protocol::ids::BuyerId;

use super::*;

fn hub() -> Hub {
    let mut config = Config::default();
    config.limits.sockets_per_account = 2;
    config.sockets.leave_grace = Duration::from_millis(50);
    Hub::new(&config)
}

fn person() -> Signed {
    Signed {
        account: AccountId::mint(),
        session: SessionId::mint(),
        party: Party::buyer(BuyerId::mint()),
    }
}

fn session() -> Door {
    Door::Session(DeviceId::mint())
}

#[tokio::test]
async fn a_newer_socket_of_the_same_device_replaces_the_older() {
    let (hub, anna, device) = (hub(), person(), session());
    let older = hub.open(anna, device).expect("the first").socket;
    let newer = hub.open(anna, device).expect("the same device").socket;
    assert_eq!(older.queue.ended().await, CloseCode::REPLACED);
    assert_eq!(hub.sockets(), 1);
    assert!(hub.close(&older).is_none(), "the newer one is still there");
    assert!(hub.close(&newer).is_some());
}

#[tokio::test]
async fn an_account_has_so_many_session_sockets_and_no_more() {
    let (hub, anna) = (hub(), person());
    let first = hub.open(anna, session()).expect("the first").socket;
    hub.open(anna, session()).expect("the second");
    assert_eq!(hub.open(anna, session()).err(), Some(CloseCode::TOO_MANY_SOCKETS));
    assert!(
        hub.open(anna, Door::Room(ThreadId::mint())).is_ok(),
        "rooms are counted by themselves"
    );
    hub.close(&first);
    assert!(hub.open(anna, session()).is_ok());
}

#[tokio::test]
async fn a_party_arrives_once_and_leaves_after_the_grace() {
    let (hub, anna) = (hub(), person());
    let opened = hub.open(anna, session()).expect("the first");
    assert!(opened.is_arrival);
    assert!(!hub.open(anna, session()).expect("the second").is_arrival);
    let room = hub.open(anna, Door::Room(ThreadId::mint())).expect("a room");
    assert!(!room.is_arrival);
    for socket in hub.sockets_of(anna.party) {
        hub.close(&socket);
    }
    assert!(hub.is_online(anna.party), "within the grace");
    assert!(!hub.has_left(anna.party));
    let again = hub.open(anna, session()).expect("back in time");
    assert!(!again.is_arrival);
    let until = hub.close(&again.socket).expect("the last one");
    tokio::time::sleep_until(until).await;
    assert!(!hub.is_online(anna.party));
    assert!(hub.has_left(anna.party));
    assert!(!hub.has_left(anna.party), "told once");
}

#[tokio::test]
async fn ending_a_session_ends_its_sockets_and_no_others() {
    let (hub, anna) = (hub(), person());
    let phone = Signed {
        session: SessionId::mint(),
        ..anna
    };
    let [at_desk, on_phone] = [anna, phone].map(|signed| hub.open(signed, session()).expect("let in").socket);
    hub.end_session(anna.session, CloseCode::SESSION_REVOKED);
    assert_eq!(at_desk.queue.ended().await, CloseCode::SESSION_REVOKED);
    hub.end_account(anna.account, CloseCode::ACCOUNT_DISABLED);
    assert_eq!(on_phone.queue.ended().await, CloseCode::ACCOUNT_DISABLED);
}
