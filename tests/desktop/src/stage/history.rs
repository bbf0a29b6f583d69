//! A thread as long as people's lives: written straight into the store, while the server is away.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures::stream::{self, StreamExt, TryStreamExt};
use prilavok_protocol::ids::{BuyerId, MessageId, Party, SellerId, ThreadId};
use prilavok_protocol::time::Time;
use prilavok_server::home::database_in;
use prilavok_server::store::chat::{ChatStore, NewMessage};
use prilavok_server::store::sqlite::{Options, SqliteStore};

use super::server::Server;

/// Between two messages: the whole thread then covers more than a year, and every day a few screens.
const PAUSE: Duration = Duration::from_secs(7 * 60);
/// So many writes share the store's commits.
const AT_ONCE: usize = 4096;

/// Of different lengths, as people write; which of them follows which is always the same.
const SAYINGS: [&str; 7] = [
    "да",
    "Сегодня после обеда.",
    "Подскажите, пожалуйста, когда отправите? Мне нужно к пятнице, иначе уже не успею подарить.",
    "Спасибо!",
    "Есть на 400 мл, но он дороже и сейчас только под заказ: ждать придётся около двух недель, потому что мастер обжигает \
     печь раз в десять дней, а потом ещё сушит и глазурует. Зато можно выбрать цвет: синий, зелёный, чёрный, или оставить \
     глину как есть — так тоже многие берут.",
    "Упаковали, трек-номер пришлём вечером.\nЕсли что — пишите сюда.",
    "Отлично 👍",
];

/// What message number `seq` of a long thread says.
#[must_use]
pub fn saying(seq: u64) -> String {
    let mixed = usize::try_from(seq * 5 + seq / 11).unwrap_or_default();
    format!("№ {seq}. {}", SAYINGS[mixed % SAYINGS.len()])
}

impl Server {
    /// Stops the server, writes `count` messages into an empty thread, all of them read, and starts it again.
    ///
    /// # Errors
    /// When the thread is not empty, or the store refuses.
    pub async fn fill(&self, thread: ThreadId, (buyer, seller): (BuyerId, SellerId), count: u64) -> Result<()> {
        self.kill();
        let store = SqliteStore::open(&database_in(self.data_dir()), Options::default())?;
        let shop = store.member(thread, Party::seller(seller)).await?;
        let person = store.member(thread, Party::buyer(buyer)).await?;
        let is_empty = store.thread_summary(&person).await?.thread.head_seq.0 == 0;
        ensure!(is_empty, "the long thread was empty before");
        let now = Time::now();
        let pause = i64::try_from(PAUSE.as_millis())?;
        let member = |seq: u64| if (seq / 3).is_multiple_of(2) { &shop } else { &person };
        stream::iter(1..=count)
            .map(|seq| {
                let age = i64::try_from(count + 1 - seq).unwrap_or_default() * pause;
                let message = NewMessage {
                    id: MessageId::mint(),
                    text: saying(seq),
                    product_id: None,
                    at: Time::from_millis(now.millis() - age),
                };
                store.append_message(member(seq), message)
            })
            .buffered(AT_ONCE)
            .try_for_each(|_| async { Ok(()) })
            .await
            .context("the long thread cannot be written")?;
        for side in [&shop, &person] {
            store.mark_read(side, None).await?;
        }
        store.close().await;
        self.start_again().await
    }
}
