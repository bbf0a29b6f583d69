//! The whole story in the real windows: product, question, notification, answer, outage, crash.

use std::path::Path;

use anyhow::Result;
use prilavok_desktop_tests::report::Report;
use prilavok_desktop_tests::stage::Stage;
use prilavok_desktop_tests::story;

#[tokio::test]
async fn a_buyer_asks_a_seller_answers_and_nothing_is_lost_when_the_server_and_the_app_die()
-> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../artefacts/story");
    let mut report = Report::begin(&folder, "Покупатель спрашивает, продавец отвечает")?;
    story::play(Stage::set("ru_RU.UTF-8").await?, &mut report).await?;
    Ok(())
}
