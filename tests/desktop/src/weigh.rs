//! Weighs the buyer's app as it is released, beside an empty window and beside Chromium: `weigh --report <file>`.
//! `cargo xtask bench desktop` builds everything and runs this.
//!
//! - `glass` when a window has been painted; `weight` memory and processor; `history` a device that has read everything
//! - `reopen` from the tray back to the pixels; `hands` typing and scrolling, measured in the page
//! - `report` what is written down

#[path = "weigh/glass.rs"]
mod glass;
#[path = "weigh/hands.rs"]
mod hands;
#[path = "weigh/history.rs"]
mod history;
#[path = "weigh/reopen.rs"]
mod reopen;
#[path = "weigh/report.rs"]
mod report;
#[path = "weigh/weight.rs"]
mod weight;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use prilavok_desktop_tests::artefacts::{Artefacts, repository};
use prilavok_desktop_tests::stage::{ANNA, Launched, Program, Side, Stage};
use prilavok_protocol::ids::ThreadId;

use glass::{Area, Glass};
use report::{Report, Weighed};

/// As long as the promise is.
const LONG: u64 = 100_000;
/// Typing is tried over this many.
const SHORTER: u64 = 10_000;
/// Starts of each program; the middle one counts.
const STARTS: usize = 5;
/// After a start everything that was put off is done by then.
const SETTLED: Duration = Duration::from_secs(10);
/// So long nobody touches anything.
const IDLE: Duration = Duration::from_secs(20);

/// What stands beside what.
#[derive(Debug, Clone)]
struct Rival {
    name: &'static str,
    program: Program,
    profile: &'static str,
    title: &'static str,
    /// Where to look in the window: x, y, width, height.
    area: Area,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(option), Some(file)) = (arguments.next(), arguments.next()) else {
        bail!("usage: weigh --report <file>");
    };
    ensure!(option == "--report", "the only option is --report");
    let weighing = async {
        let report = weigh().await?;
        report.write(&PathBuf::from(&file))
    };
    tokio::select! {
        outcome = weighing => outcome,
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
    }
}

async fn weigh() -> Result<Report> {
    let stage = Stage::set(Artefacts::of_test("weigh")?).await?;
    let (long, shorter) = fill(&stage).await?;
    let kept = history::keep(&stage, &stage.profile("buyer").join("data"), ANNA, long).await?;
    ensure!(kept as u64 == LONG, "the device holds {kept} messages");
    println!("{kept} сообщений лежат на устройстве.");

    let page = hands::serve(&stage)?;
    let rivals = rivals(&page.address);
    let glass = Glass::open(stage.glass())?;
    let mut report = Report::begin();
    for rival in &rivals {
        let weighed = weigh_one(&stage, rival, &mut report).await?;
        println!("{}: {}", rival.name, weighed.told());
        report.weighed.push(weighed);
    }
    // By turns: whatever else the machine does meets all of them.
    for _ in 0..STARTS {
        for (rival, weighed) in rivals.iter().zip(&mut report.weighed) {
            let took = start(&stage, &glass, rival, weighed.place).await?;
            println!("{}: {} мс", rival.name, took.as_millis());
            weighed.starts.push(took);
        }
    }
    if let [ours, empty, ..] = &rivals[..] {
        report.reopened = reopen::reopen(&stage, &glass, ours, report.weighed[0].place).await?;
        report.reopened_empty = reopen::reopen_empty(&stage, &glass, empty, report.weighed[1].place).await?;
        println!(
            "Снова открыто: {:?}; пустое окно: {:?}",
            report.reopened, report.reopened_empty
        );
    }
    report.typing = hands::type_under(&stage, shorter).await?;
    println!(
        "Буква: {:.1} мс в середине",
        report.typing.get(report.typing.len() / 2).copied().unwrap_or(0.0)
    );
    report.scrolling = hands::scroll(&stage, long).await?;
    report.end();
    Ok(report)
}

/// Two long threads of Anna's, with shops she has never written to.
async fn fill(stage: &Stage) -> Result<(ThreadId, ThreadId)> {
    let anna = stage.visitor(ANNA).await?;
    let mut threads = Vec::new();
    for (name, count) in [("Льняной двор", LONG), ("Лесной склад", SHORTER)] {
        let shop = anna.shop(name).await?;
        let thread = anna.start(shop.id).await?;
        stage.server.fill(thread, (anna.buyer_id()?, shop.id), count).await?;
        threads.push(thread);
    }
    let [long, shorter] = threads[..] else {
        bail!("two threads were filled")
    };
    Ok((long, shorter))
}

fn rivals(page: &str) -> Vec<Rival> {
    let ours = |name: &str| Program {
        name: name.to_owned(),
        ..Program::default()
    };
    let chromium = Program {
        name: "chromium".to_owned(),
        package: "chromium".to_owned(),
        arguments: [
            "--no-sandbox",
            "--no-first-run",
            "--no-default-browser-check",
            "--password-store=basic",
        ]
        .map(str::to_owned)
        .into_iter()
        .chain([format!("--app={page}"), "--window-size=1080,760".to_owned()])
        .collect(),
    };
    // The names and the newest words of the first rows of the list.
    let rows = [80, 170, 200, 330];
    vec![
        Rival {
            name: "Prilavok, buyer",
            program: ours("prilavok-buyer"),
            profile: "buyer",
            title: Side::Buyer.any_title(),
            area: rows,
        },
        Rival {
            name: "empty Tauri window",
            program: ours("prilavok-empty-window"),
            profile: "empty",
            title: "Empty window",
            area: [0, 0, 300, 60],
        },
        Rival {
            name: "Chromium, the same page",
            program: chromium,
            profile: "chromium",
            title: Side::Buyer.any_title(),
            area: rows,
        },
    ]
}

impl Rival {
    /// Where to look on the screen when the window is there.
    fn area_in(&self, window: Area) -> Area {
        let [x, y, width, height] = self.area;
        [window[0] + x, window[1] + y, width, height]
    }
}

/// The window's place; memory open and in the tray; the idle processor.
async fn weigh_one(stage: &Stage, rival: &Rival, report: &mut Report) -> Result<Weighed> {
    let launched = stage.launch(&rival.program, rival.profile)?;
    let place = prilavok_desktop_tests::stage::until("the window is there", || async {
        Ok(stage.desktop.geometry(rival.title).await.ok())
    })
    .await?;
    tokio::time::sleep(SETTLED).await;
    stage.picture(rival.profile).await?;
    let open = weight::memory(launched.id())?;
    let idle = idle(&launched).await?;
    let mut weighed = Weighed {
        name: rival.name,
        place,
        open,
        idle,
        ..Weighed::default()
    };
    if rival.profile == "buyer" {
        stage.desktop.close(rival.title).await?;
        tokio::time::sleep(SETTLED).await;
        weighed.tray = weight::memory(launched.id())?;
        weighed.idle_in_tray = Some(self::idle(&launched).await?);
    }
    report.note_load();
    Ok(weighed)
}

/// The share of one processor that is used while nobody touches anything, in percent.
async fn idle(launched: &Launched) -> Result<f64> {
    let before = weight::processor(launched.id())?;
    tokio::time::sleep(IDLE).await;
    let used = weight::processor(launched.id())?.saturating_sub(before);
    Ok(100.0 * used.as_secs_f64() / IDLE.as_secs_f64())
}

/// From starting the program to the pixels.
async fn start(stage: &Stage, glass: &Glass, rival: &Rival, window: Area) -> Result<Duration> {
    let launched = stage.launch(&rival.program, rival.profile)?;
    let since = launched.since;
    let seen = tokio::task::block_in_place(|| glass.painted(rival.area_in(window), since));
    seen.with_context(|| format!("{} in {}", rival.name, repository().display()))
}
