//! One person with two devices gets one alert: from the one in hand. The other waits, and never for ever.

use std::time::Duration;

use prilavok_client::{Focus, Pace};
use prilavok_protocol::ids::Role;
use prilavok_protocol::rest::Register;
use prilavok_tests::person::{Device, PASSWORD, Person};
use prilavok_tests::world::World;

/// Longer than any test: whoever waits for this waits for a word from elsewhere.
const FOR_EVER: Duration = Duration::from_secs(3600);

async fn device(world: &World, turn: Duration, left: Duration) -> Device {
    let mut device = Device::new(world.address, Role::Seller).await;
    device.pace = Pace {
        turn,
        left,
        ..Pace::default()
    };
    device
}

#[tokio::test(flavor = "multi_thread")]
async fn the_device_in_hand_alerts_at_once_and_the_other_only_when_nobody_reads() {
    let world = World::new().await;
    let mut hand = device(&world, FOR_EVER, FOR_EVER).await.joins("Чайная гора").await;
    // Its own turn never comes: it alerts because the other has alerted, and nobody has read in a tenth of a second.
    let mut shelf = hand
        .signs_in(device(&world, FOR_EVER, Duration::from_millis(100)).await)
        .await;
    let looking = Focus {
        thread: None,
        is_focused: true,
    };
    hand.client.look(looking).await.expect("the engine hears");
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let thread = anna.starts_with(&mut hand).await;
    anna.says(thread, "Есть кто-нибудь?").await;
    hand.waits("the alert", |screen| screen.notices.get(&thread).map(drop))
        .await;
    shelf
        .waits("the alert that nobody heeded", |screen| {
            screen.notices.get(&thread).map(drop)
        })
        .await;
    hand.reads(thread).await;
    for device in [&mut hand, &mut shelf] {
        device
            .waits("silence", |screen| screen.notices.is_empty().then_some(()))
            .await;
        assert_eq!(device.looks().raised, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_nobody_uses_alerts_by_itself_when_no_other_does() {
    let world = World::new().await;
    let mut shelf = device(&world, Duration::from_millis(200), FOR_EVER)
        .await
        .joins("Чайная гора")
        .await;
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let thread = anna.starts_with(&mut shelf).await;
    anna.says(thread, "Есть кто-нибудь?").await;
    shelf
        .waits("the alert", |screen| screen.notices.get(&thread).map(drop))
        .await;
    // And also while it has no line: nobody can say that the person was told.
    let said = anna.says(thread, "Алло?").await;
    shelf.hears("Алло?").await;
    shelf.goes_offline().await;
    shelf
        .waits("the second alert", |screen| {
            screen
                .notices
                .get(&thread)
                .filter(|notice| notice.body == said.message)
                .map(drop)
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_to_one_colleague_leaves_the_others_theirs() {
    let world = World::new().await;
    let mut hand = device(&world, FOR_EVER, FOR_EVER).await.joins("Чайная гора").await;
    // Its turn comes after one that belongs to nobody but the colleague: a word from the owner's device would put it off for ever.
    let mut colleague = device(&world, Duration::from_millis(500), FOR_EVER)
        .await
        .starts()
        .await;
    let invitation = hand.client.invite().await.expect("an owner invites").invitation;
    let address = world.address.to_string();
    colleague
        .client
        .set_server(&address)
        .await
        .expect("the server is there");
    let register = Register {
        email: "vera@example.ru".to_owned(),
        password: PASSWORD.to_owned(),
        name: "Вера".to_owned(),
        role: Role::Seller,
        invitation: Some(invitation),
        device_name: None,
    };
    colleague
        .client
        .register(register)
        .await
        .expect("the invitation is good");
    colleague.is_online().await;
    let looking = Focus {
        thread: None,
        is_focused: true,
    };
    hand.client.look(looking).await.expect("the engine hears");
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let thread = anna.starts_with(&mut hand).await;
    anna.says(thread, "Есть кто-нибудь?").await;
    for agent in [&mut hand, &mut colleague] {
        agent
            .waits("the alert", |screen| screen.notices.get(&thread).map(drop))
            .await;
    }
}
