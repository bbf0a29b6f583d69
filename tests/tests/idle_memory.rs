//! What a signed-in person who says nothing costs the server in memory: a bound, so that a buffer that grows is seen.

use futures::{StreamExt, stream};
use prilavok_protocol::ids::Role;
use prilavok_tests::soak::server::Usage;
use prilavok_tests::world::logged::Logged;

/// Enough that what the server takes once for all does not count, nor the pieces of some megabytes that its allocator takes.
const SOCKETS: u64 = 4_000;
/// Handshakes under way at once.
const AT_ONCE: usize = 32;
/// KiB a socket. Seven to eleven are measured in a build without optimisation; there is no room for one more large buffer.
const MOST: u64 = 15;
/// What the server takes at its first handshakes, it has taken by then.
const WARM: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_idle_people_cost_a_few_pages_each() {
    let settings =
        "[limits]\nsockets_per_account = 10000\nunauthenticated_per_address = 10000\n[log]\nfilter = \"warn\"\n";
    let server = Logged::start(8_192, settings).await;
    let anna = server.register("Анна", Role::Buyer).await;
    let gather = |sockets: usize| {
        let dials = stream::iter(0..sockets).map(|_| anna.live());
        dials.buffer_unordered(AT_ONCE).collect::<Vec<_>>()
    };
    let memory = || Usage::share_of(server.id()).expect("it runs, on Linux");

    let warm = gather(WARM).await;
    let before = memory();
    let crowd = gather(usize::try_from(SOCKETS).expect("it is small")).await;
    let grown = memory().saturating_sub(before);
    println!("{:.1} KiB for each of {SOCKETS} sockets", grown as f64 / SOCKETS as f64);
    assert!(
        grown <= SOCKETS * MOST,
        "{grown} KiB for {SOCKETS} sockets, at most {MOST} each"
    );
    drop((warm, crowd));
}
