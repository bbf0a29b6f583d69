//! An engine without an app, for the fault suite alone: it is told what to do on standard input, says what a screen
//! would be told on standard output, a line of JSON each, and dies at the points of `faults`.
//!
//! `prilavok-device-faults FOLDER SERVER ROLE EMAIL PASSWORD`; it makes the account when it is not signed in.

use std::path::PathBuf;
use std::sync::Arc;

use prilavok_client::{Client, Error, FileSecrets, Options, Stretch, faults};
use prilavok_protocol::ids::{Role, Seq, ThreadId};
use prilavok_protocol::rest::Register;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};

/// The largest page.
const ALL: u32 = 100;

/// What it can be told to do.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Order {
    /// Answers `queued` with the message.
    Send { thread: ThreadId, text: String },
    /// Answers `read`.
    Read { thread: ThreadId, up_to: Seq },
    /// Answers `shown` with all threads and the newest messages of this one.
    Show { thread: ThreadId },
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    faults::arm();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, server, role, email, password] = arguments.as_slice() else {
        panic!("FOLDER SERVER ROLE EMAIL PASSWORD");
    };
    let data_dir = PathBuf::from(folder);
    let role = if role == "buyer" { Role::Buyer } else { Role::Seller };
    let options = Options {
        role,
        app: "device/0.1.0".into(),
        secrets: Arc::new(FileSecrets::new(data_dir.join("secrets.json"))),
        language: "ru".into(),
        data_dir,
    };
    let (client, mut updates) = Client::open(options).await?;
    tokio::spawn(async move {
        while let Some(update) = updates.recv().await {
            say(&json!({ "update": update }));
        }
    });
    if client.identity().account.is_none() {
        sign_in(&client, role, server, (email, password)).await?;
    }
    say(&json!({ "identity": client.identity() }));
    let mut orders = BufReader::new(stdin()).lines();
    while let Ok(Some(line)) = orders.next_line().await {
        let order = serde_json::from_str(&line).expect("an order");
        say(&obey(&client, order).await?);
    }
    client.close().await;
    Ok(())
}

/// An account that an earlier, killed run has made is taken.
async fn sign_in(client: &Client, role: Role, server: &str, (email, password): (&str, &str)) -> Result<(), Error> {
    client.set_server(server).await?;
    if client.sign_in(email, password).await.is_ok() {
        return Ok(());
    }
    let register = Register {
        email: email.into(),
        password: password.into(),
        name: "Чайная гора".into(),
        role,
        invitation: None,
        device_name: None,
    };
    client.register(register).await.map(drop)
}

async fn obey(client: &Client, order: Order) -> Result<Value, Error> {
    Ok(match order {
        Order::Send { thread, text } => json!({ "queued": client.send(thread, &text, None).await? }),
        Order::Read { thread, up_to } => {
            client.mark_read(thread, up_to).await?;
            json!({ "read": up_to })
        }
        Order::Show { thread } => {
            // The list first: a page of messages may fetch what is missing.
            let (threads, unread) = (client.threads().await?, client.unread());
            let page = client.messages(thread, Stretch::Newest, ALL).await?;
            json!({ "shown": { "threads": threads, "unread": unread, "messages": page.messages } })
        }
    })
}

fn say(line: &Value) {
    println!("{line}");
}
