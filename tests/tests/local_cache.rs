//! The device's own file is hurt, old, new, or somebody else's: it is put aside and said, what the person wrote is saved
//! where it can be read, the rest comes from the server again, and nothing is doubled.

use std::path::{Path, PathBuf};

use prilavok_client::MessageState;
use prilavok_protocol::ids::{Role, ThreadId};
use prilavok_tests::person::relay::Line;
use prilavok_tests::person::{Device, Person};
use prilavok_tests::world::World;
use prilavok_tests::world::settings::generous;
use rusqlite::Connection;

/// A conversation, something unsent and a draft; then Anna's app is closed without a line.
struct Story {
    world: World,
    anna: Device,
    shop: Person,
    thread: ThreadId,
}

const UNSENT: [&str; 2] = ["не ушло", "и это"];
const DRAFT: &str = "черновик";

impl Story {
    async fn begins() -> Self {
        let world = World::with(generous).await;
        let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
        let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
        let thread = anna.starts_with(&mut shop).await;
        for n in 0..40 {
            anna.says(thread, &format!("{n} {}", "ш".repeat(900))).await;
        }
        let last = shop.says(thread, "слышу").await;
        anna.hears("слышу").await;
        shop.sees(last.id, MessageState::Delivered).await;
        anna.waits("all are sent", |screen| {
            let is_sent = |m: &prilavok_client::MessageItem| m.seq.is_some();
            (screen.messages.len() == 41 && screen.messages.values().all(is_sent)).then_some(())
        })
        .await;
        anna.goes_offline().await;
        for text in UNSENT {
            anna.says(thread, text).await;
        }
        anna.client.set_draft(thread, DRAFT).await.expect("on the disk");
        let anna = anna.closes().await;
        Self {
            world,
            anna,
            shop,
            thread,
        }
    }

    /// Anna's app starts again, with a line. Answers Anna once she is online.
    async fn goes_on(self) -> (Person, Person, ThreadId, World) {
        self.anna.line(Line::Open);
        let mut anna = self.anna.starts().await;
        anna.is_online().await;
        (anna, self.shop, self.thread, self.world)
    }

    /// All that is promised, whatever happened to the file: said, saved, resynced, and nothing twice.
    async fn ends_well(self, warnings: &[&str]) {
        let (mut anna, mut shop, thread, world) = self.goes_on().await;
        shop.hears(UNSENT[1]).await;
        anna.waits("the last is confirmed", |screen| {
            let last = screen.messages.values().find(|message| message.message == UNSENT[1])?;
            last.seq
        })
        .await;
        let hers = anna.texts(thread).await;
        assert_eq!(hers, shop.texts(thread).await);
        assert_eq!(hers.len(), 43, "each once: {hers:?}");
        assert_eq!(hers[41..], UNSENT);
        assert_eq!(anna.client.draft(thread).await.as_deref(), Ok(DRAFT));
        assert_eq!(anna.looks().warnings, warnings);
        drop(world);
    }
}

/// What was put aside beside this file.
fn aside(file: &Path) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(file.parent().expect("a folder")).expect("a folder");
    let files = folder.flatten().map(|entry| entry.path());
    files
        .filter(|path| path.extension().is_some_and(|end| end == "broken"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_cut_to_half_gives_up_what_was_written_and_the_rest_comes_again() {
    let story = Story::begins().await;
    let path = story.anna.cache_file();
    let bytes = std::fs::read(&path).expect("the cache");
    assert!(
        bytes.len() > 100_000,
        "half of it is more than a beginning: {}",
        bytes.len()
    );
    std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("the cache");
    story.ends_well(&["cache"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_an_older_version_is_taken_over_with_everything_in_it() {
    let story = Story::begins().await;
    let path = story.anna.cache_file();
    let file = Connection::open(&path).expect("the cache");
    let columns = ["caret", "base", "filled", "is_dirty", "other", "other_version"];
    let columns = columns.map(|column| format!("alter table draft drop column {column};"));
    let older = format!(
        "drop table owner; alter table message drop column is_doubtful; drop table draft_cursor; {}
         pragma user_version = 1",
        columns.concat()
    );
    file.execute_batch(&older).expect("as it was before");
    drop(file);
    story.ends_well(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_newer_version_is_put_aside_and_what_was_written_is_saved() {
    let story = Story::begins().await;
    let path = story.anna.cache_file();
    let file = Connection::open(&path).expect("the cache");
    let newer = "create table mood (x) strict; alter table outbox add column mood text; pragma user_version = 99";
    file.execute_batch(&newer.replace("(x)", "(x text)"))
        .expect("as it will be");
    drop(file);
    story.ends_well(&["cache"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_noise_in_its_conversations_gives_up_what_was_written() {
    let story = Story::begins().await;
    let path = story.anna.cache_file();
    let mut bytes = std::fs::read(&path).expect("the cache");
    let text = "20 ш".as_bytes();
    let at = bytes
        .windows(text.len())
        .position(|window| window == text)
        .expect("a message");
    let page = at / 4096 * 4096;
    bytes[page..page + 4096].fill(0xa5);
    std::fs::write(&path, bytes).expect("the cache");
    story.ends_well(&["cache"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_accounts_file_is_put_aside_and_nothing_of_it_is_shown_or_sent() {
    let mut story = Story::begins().await;
    let mut boris = Person::new(story.world.address, Role::Buyer, "Борис").await;
    let his = boris.starts_with(&mut story.shop).await;
    boris.goes_offline().await;
    boris.says(his, "только от Бориса").await;
    let boris = boris.closes().await;
    let path = story.anna.cache_file();
    std::fs::copy(boris.cache_file(), &path).expect("somebody mixed the files up");

    let (mut anna, mut shop, thread, _world) = story.goes_on().await;
    assert_eq!(anna.looks().warnings, ["cache"]);
    let threads = anna.client.threads().await.expect("threads");
    assert_eq!(
        threads.iter().map(|item| item.summary.thread.id).collect::<Vec<_>>(),
        [thread]
    );
    anna.says(thread, "это я").await;
    shop.hears("это я").await;
    assert!(shop.looks().heard("только от Бориса").is_none());
    let [aside] = &aside(&path)[..] else {
        panic!("his file is still there")
    };
    let kept: String = Connection::open(aside)
        .expect("it can be read")
        .query_row("select message from outbox", [], |row| row.get(0))
        .expect("what he wrote");
    assert_eq!(kept, "только от Бориса");
    // And his own device has lost nothing.
    boris.line(Line::Open);
    let mut boris = boris.starts().await;
    boris.is_online().await;
    shop.hears("только от Бориса").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_programs_file_is_put_aside_untouched() {
    for is_database in [true, false] {
        let story = Story::begins().await;
        let path = story.anna.cache_file();
        std::fs::remove_file(&path).expect("the cache");
        if is_database {
            let file = Connection::open(&path).expect("a file");
            file.execute_batch("create table recipe (name text); insert into recipe values ('щи')")
                .expect("theirs");
        } else {
            std::fs::write(&path, "Щи да каша. ".repeat(1000)).expect("theirs");
        }
        let theirs = std::fs::read(&path).expect("theirs");
        let (mut anna, shop, thread, _world) = story.goes_on().await;
        assert_eq!(anna.looks().warnings, ["cache"]);
        assert_eq!(anna.texts(thread).await, shop.texts(thread).await);
        let [aside] = &aside(&path)[..] else {
            panic!("their file is still there")
        };
        assert_eq!(std::fs::read(aside).expect("theirs"), theirs);
    }
}
