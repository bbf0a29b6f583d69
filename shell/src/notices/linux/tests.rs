//! Against a notification daemon of our own on a session bus of our own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::*;

/// A session bus for one test.
struct Bus {
    child: Child,
    address: String,
}

impl Bus {
    fn start() -> Self {
        let mut child = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon starts (Debian package dbus-daemon)");
        let mut address = String::new();
        let output = child.stdout.take().expect("the output is a pipe");
        BufReader::new(output)
            .read_line(&mut address)
            .expect("the bus says its address");
        Self {
            child,
            address: address.trim().to_owned(),
        }
    }

    fn builder(&self) -> zbus::Result<Builder<'static>> {
        Builder::address(self.address.as_str())
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Heard {
    Notify {
        replaces: u32,
        title: String,
        body: String,
        actions: Vec<String>,
    },
    Close {
        id: u32,
    },
}

struct FakeDaemon {
    heard: mpsc::UnboundedSender<Heard>,
    last: u32,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl FakeDaemon {
    fn get_capabilities(&self) -> Vec<String> {
        ["body", "body-markup", "actions"].map(str::to_owned).to_vec()
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's own list")]
    fn notify(
        &mut self,
        _app_name: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, zbus::zvariant::OwnedValue>,
        _expire: i32,
    ) -> u32 {
        let _ = self.heard.send(Heard::Notify {
            replaces,
            title,
            body,
            actions,
        });
        if replaces == 0 {
            self.last += 1;
            return self.last;
        }
        replaces
    }

    fn close_notification(&self, id: u32) {
        let _ = self.heard.send(Heard::Close { id });
    }
}

struct Stage {
    _bus: Bus,
    daemon: zbus::Connection,
    heard: mpsc::UnboundedReceiver<Heard>,
    orders: mpsc::Sender<Order>,
    clicked: mpsc::UnboundedReceiver<ThreadId>,
}

impl Stage {
    async fn set() -> Self {
        let bus = Bus::start();
        let (heard_by, heard) = mpsc::unbounded_channel();
        let daemon = bus
            .builder()
            .and_then(|builder| builder.name("org.freedesktop.Notifications"))
            .and_then(|builder| {
                builder.serve_at(
                    "/org/freedesktop/Notifications",
                    FakeDaemon {
                        heard: heard_by,
                        last: 0,
                    },
                )
            })
            .expect("the fake daemon is described")
            .build()
            .await
            .expect("the fake daemon is on the bus");
        let (orders, taken) = mpsc::channel(8);
        let (click, clicked) = mpsc::unbounded_channel();
        let address = bus.address.clone();
        tokio::spawn(async move {
            let reach = move || Builder::address(address.as_str());
            let clicked = move |thread| click.send(thread).expect("the test listens");
            work(reach, "prilavok-buyer", taken, clicked).await;
        });
        Self {
            _bus: bus,
            daemon,
            heard,
            orders,
            clicked,
        }
    }

    async fn order(&self, order: Order) {
        self.orders.send(order).await.expect("the task takes orders");
    }

    async fn hear(&mut self) -> Heard {
        soon(self.heard.recv()).await
    }

    async fn emit(&self, signal: &str, body: &(impl serde::Serialize + zbus::zvariant::DynamicType)) {
        let (path, interface) = ("/org/freedesktop/Notifications", "org.freedesktop.Notifications");
        self.daemon
            .emit_signal(None::<&str>, path, interface, signal, body)
            .await
            .expect("the signal is sent");
    }
}

async fn soon<T>(what: impl Future<Output = Option<T>>) -> T {
    tokio::time::timeout(Duration::from_secs(10), what)
        .await
        .expect("it happens in time")
        .expect("nobody hung up")
}

fn show(thread_id: ThreadId, body: &str) -> Order {
    let words = Words {
        title: "Анна".to_owned(),
        body: body.to_owned(),
        open: "Открыть чат".to_owned(),
    };
    Order::Show { thread_id, words }
}

#[tokio::test]
async fn a_newer_notice_replaces_the_older_one_and_reading_takes_it_away() {
    let mut stage = Stage::set().await;
    let thread_id = ThreadId::mint();
    stage.order(show(thread_id, "<b>раз</b>")).await;
    stage.order(show(thread_id, "два")).await;
    stage.order(Order::Close { thread_id }).await;
    stage.order(Order::Close { thread_id }).await;
    stage.order(show(ThreadId::mint(), "три")).await;

    let actions = vec!["default".to_owned(), "Открыть чат".to_owned()];
    let said = |replaces: u32, body: &str| Heard::Notify {
        replaces,
        title: "Анна".to_owned(),
        body: body.to_owned(),
        actions: actions.clone(),
    };
    assert_eq!(stage.hear().await, said(0, "&lt;b&gt;раз&lt;/b&gt;"));
    assert_eq!(stage.hear().await, said(1, "два"));
    assert_eq!(stage.hear().await, Heard::Close { id: 1 });
    assert_eq!(stage.hear().await, said(0, "три"));
}

#[tokio::test]
async fn a_click_names_the_thread_and_foreign_clicks_name_nothing() {
    let mut stage = Stage::set().await;
    let (first, second) = (ThreadId::mint(), ThreadId::mint());
    stage.order(show(first, "раз")).await;
    stage.order(show(second, "два")).await;
    // Both are shown, and the task listens, once a third order has been heard.
    stage.order(show(ThreadId::mint(), "три")).await;
    for _ in 0..3 {
        stage.hear().await;
    }
    stage.emit("ActionInvoked", &(999_u32, "default")).await;
    stage.emit("ActionInvoked", &(2_u32, "default")).await;
    stage.emit("ActionInvoked", &(1_u32, "default")).await;
    assert_eq!(soon(stage.clicked.recv()).await, second);
    assert_eq!(soon(stage.clicked.recv()).await, first);
}

#[tokio::test]
async fn a_notice_that_the_person_closed_is_not_replaced() {
    let mut stage = Stage::set().await;
    let thread_id = ThreadId::mint();
    stage.order(show(thread_id, "раз")).await;
    stage.hear().await;
    stage.emit("NotificationClosed", &(1_u32, 2_u32)).await;
    stage.emit("ActionInvoked", &(1_u32, "default")).await;
    // Asked until the signal has arrived: orders and signals come on different roads.
    let mut replaced = 1;
    for _ in 0..50 {
        stage.order(show(thread_id, "два")).await;
        let Heard::Notify { replaces, .. } = stage.hear().await else {
            panic!("only notices were ordered")
        };
        replaced = replaces;
        if replaced == 0 {
            break;
        }
    }
    assert_eq!(replaced, 0);
}

#[tokio::test]
async fn without_a_daemon_orders_are_taken_and_nothing_hangs() {
    let bus = Bus::start();
    let (orders, taken) = mpsc::channel(1);
    let address = bus.address.clone();
    let task = tokio::spawn(async move {
        work(
            move || Builder::address(address.as_str()),
            "prilavok-buyer",
            taken,
            |_| {},
        )
        .await;
    });
    for _ in 0..3 {
        orders
            .send(show(ThreadId::mint(), "никому"))
            .await
            .expect("orders are taken");
    }
    drop(orders);
    tokio::time::timeout(Duration::from_secs(10), task)
        .await
        .expect("the task ends")
        .expect("the task is whole");
}
