//! A buyer writes, a seller answers, the server dies and returns: in the real windows.

use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::Stage;
use prilavok_desktop_tests::story;

#[tokio::test]
async fn a_buyer_writes_and_a_seller_answers() -> anyhow::Result<()> {
    let stage = Stage::set(Artefacts::of_test("story")?).await?;
    story::play(stage).await
}
