//! The whole attack against a server of our own: every case is held, and somebody polite is answered within a second meanwhile.

use prilavok_tests::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_attack_gets_through() {
    let world = World::new().await;
    let report = prilavok_attack::run(&format!("http://{}", world.address), "")
        .await
        .expect("the attack begins");
    assert!(report.is_clean(), "{report}");
    assert!(report.played() > 200, "cases are missing: {report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attack_that_meets_no_case_or_no_server_is_no_success() {
    let mut world = World::new().await;
    let server = format!("http://{}", world.address);
    let report = prilavok_attack::run(&server, "no case is called so").await;
    assert!(!report.expect("the attack begins").is_clean());
    world.stop().await;
    prilavok_attack::run(&server, "").await.expect_err("nobody is there");
    prilavok_attack::run("https://127.0.0.1", "")
        .await
        .expect_err("not a plain port");
}
