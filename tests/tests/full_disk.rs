//! The device's disk is full. Each story runs in a process of its own that sees a disk of two megabytes.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use prilavok_client::{Error, FileSecrets, MessageState};
use prilavok_protocol::ids::{Role, ThreadId};
use prilavok_tests::person::{Device, Person};
use prilavok_tests::world::World;
use prilavok_tests::world::settings::generous;

/// Names the small disk to the process that has one.
const DISK: &str = "PRILAVOK_SMALL_DISK";

/// The small disk, in the process that has one. `None`: this process has not, and has run the story in one that has.
fn small_disk(story: &str) -> Option<PathBuf> {
    if let Some(disk) = std::env::var_os(DISK) {
        let disk = PathBuf::from(disk);
        let mount = ["-t", "tmpfs", "-o", "size=2m", "tmpfs"];
        let mounted = Command::new("mount")
            .args(mount)
            .arg(&disk)
            .status()
            .expect("`mount` is there");
        assert!(mounted.success(), "the small disk cannot be mounted");
        return Some(disk);
    }
    let folder = tempfile::tempdir().expect("a folder");
    // With root's rights a mount needs only a name space of its own; without them it needs one of users too.
    let alone = [&["--mount"][..], &["--mount", "--user", "--map-root-user"][..]];
    let alone = alone.into_iter().find(|flags| {
        let tried = Command::new("unshare")
            .args(*flags)
            .args(["mount", "-t", "tmpfs", "tmpfs"])
            .arg(folder.path())
            .output();
        tried.expect("`unshare` is there").status.success()
    });
    let alone = alone.expect("this system lets nobody mount a small disk, not even in a name space");
    let run = Command::new("unshare")
        .args(alone)
        .arg(std::env::current_exe().expect("a test knows itself"))
        .args(["--exact", story, "--nocapture"])
        .env(DISK, folder.path())
        .output()
        .expect("`unshare` is there");
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    assert!(told.contains("1 passed"), "the story has run: {told}");
    None
}

/// Takes all the room that is left.
fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("filler");
    let mut file = File::create(&path).expect("a file");
    let mut chunk = 64 * 1024;
    while chunk > 0 {
        match file.write_all(&vec![0; chunk]) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::StorageFull => chunk /= 2,
            Err(error) => panic!("{error}"),
        }
    }
    path
}

fn settings(config: &mut prilavok_server::config::Config) {
    generous(config);
    // Each connection begins with a refresh, whose token must be stored.
    config.auth.access = std::time::Duration::from_secs(20);
}

/// Anna with everything on the small disk, the tea shop with room enough, and their thread.
async fn pair(world: &World, disk: &Path) -> (Person, Person, ThreadId) {
    let mut device = Device::within(disk, world.address, Role::Buyer).await;
    device.secrets = Arc::new(FileSecrets::new(device.folder().join("secrets.json")));
    let anna = device.joins("Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna.starts_with(&mut shop).await;
    (anna, shop, thread)
}

/// Writes until nothing fits any more. Answers what was taken, and what was refused.
async fn writes_until_it_is_full(anna: &Person, thread: ThreadId) -> (Vec<String>, String) {
    let mut taken = Vec::new();
    for n in 0..200 {
        let text = format!("{n} {}", "ш".repeat(3000));
        match anna.client.send(thread, &text, None).await {
            Ok(_) => taken.push(text),
            Err(error) => {
                assert_eq!(error.code(), "disk", "{error}");
                return (taken, text);
            }
        }
    }
    panic!("two megabytes hold less than that");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_shows_as_sending_that_is_not_written_and_with_room_it_goes_on() {
    let story = "on_a_full_disk_nothing_shows_as_sending_that_is_not_written_and_with_room_it_goes_on";
    let Some(disk) = small_disk(story) else { return };
    let world = World::with(settings).await;
    let (mut anna, mut shop, thread) = pair(&world, &disk).await;
    anna.says(thread, "до").await;
    shop.hears("до").await;
    anna.goes_offline().await;
    let filler = fill(&disk);
    let (taken, refused) = writes_until_it_is_full(&anna, thread).await;
    let is_shown =
        |screen: &prilavok_tests::person::screen::Screen| screen.messages.values().any(|m| m.message == refused);
    assert!(!is_shown(anna.looks()), "what was not written is not shown");
    assert!(!anna.texts(thread).await.contains(&refused));

    // What the other side says cannot be stored, so it is not acknowledged, and the person is told why.
    let answer = shop.says(thread, &"слышно? ".repeat(400)).await;
    shop.sees(answer.id, MessageState::Sent).await;
    anna.device().line(prilavok_tests::person::relay::Line::Open);
    anna.client.reconnect_now().await.expect("the engine runs");
    anna.waits("a warning", |screen| {
        screen.warnings.contains(&"disk".to_owned()).then_some(())
    })
    .await;
    assert_eq!(
        shop.looks().messages[&answer.id].state,
        MessageState::Sent,
        "what is not stored is not delivered"
    );

    std::fs::remove_file(filler).expect("there is room again");
    anna.client.reconnect_now().await.expect("the engine runs");
    anna.hears(&answer.message).await;
    shop.sees(answer.id, MessageState::Delivered).await;
    let last = anna.says(thread, "после").await;
    anna.sees(last.id, MessageState::Sent).await;
    shop.hears("после").await;
    let wanted: Vec<String> = [vec!["до".to_owned()], taken, vec!["после".to_owned()]].concat();
    let mut all = anna.texts(thread).await;
    assert_eq!(all, shop.texts(thread).await);
    all.retain(|text| *text != answer.message);
    assert_eq!(all, wanted, "each once, in the order of writing");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_starts_on_a_full_disk_throws_nothing_away() {
    let Some(disk) = small_disk("an_app_that_starts_on_a_full_disk_throws_nothing_away") else {
        return;
    };
    let world = World::with(settings).await;
    let (mut anna, mut shop, thread) = pair(&world, &disk).await;
    anna.goes_offline().await;
    let kept = anna.says(thread, "не пропаду").await;
    anna.client.set_draft(thread, "черновик").await.expect("on the disk");
    let device = anna.crashes();
    let filler = fill(&disk);
    let device = match device.tries_to_start().await {
        // It could open its file: then everything is there.
        Ok(anna) => {
            assert_eq!(anna.texts(thread).await, ["не пропаду"]);
            anna.crashes()
        }
        Err((device, error)) => {
            assert!(matches!(error, Error::Disk(_)), "{error}");
            device
        }
    };
    let folder = device.cache_file().parent().expect("a folder").to_owned();
    let names = std::fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|file| file.file_name());
    let names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    assert!(
        !names.iter().any(|name| name.contains("broken")),
        "the file is whole: {names:?}"
    );
    std::fs::remove_file(filler).expect("there is room again");
    let mut anna = device.starts().await;
    assert_eq!(anna.client.draft(thread).await.as_deref(), Ok("черновик"));
    anna.comes_back().await;
    anna.sees(kept.id, MessageState::Sent).await;
    shop.hears("не пропаду").await;
}
