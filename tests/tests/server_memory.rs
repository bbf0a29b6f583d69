//! What the server needs of the machine does not grow with what it has done.

use futures::future::join_all;
use prilavok_protocol::ids::Role;
use prilavok_tests::soak::server::Usage;
use prilavok_tests::world::logged::Logged;

/// More than the server's own threads, so that every one of them hashes.
const AT_ONCE: usize = 8;
/// Each of them is a password hash in 19 MiB; two are computed at a time.
const PEOPLE: usize = 48;
/// KiB: two such memories, as much again for what stays after somebody is served, and room for another allocator.
const MOST: u64 = 100 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn however_many_register_only_as_much_memory_is_taken_as_is_hashed_in_at_once() {
    let server = Logged::start(
        1024,
        "[limits]\nunauthenticated_per_address = 1000\n[log]\nfilter = \"warn\"\n",
    )
    .await;
    let memory = || Usage::of(server.id()).expect("it runs, on Linux").memory;
    let before = memory();
    for round in 0..PEOPLE / AT_ONCE {
        let names: Vec<String> = (0..AT_ONCE)
            .map(|number| format!("Покупатель {round} {number}"))
            .collect();
        join_all(names.iter().map(|name| server.register(name, Role::Buyer))).await;
    }
    let after = memory();
    println!("{before} KiB before, {after} KiB after {PEOPLE} registrations");
    assert!(after < before + MOST, "from {before} to {after} KiB");
}
