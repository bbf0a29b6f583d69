//! A thread of a hundred thousand messages in the real window: wheel and keys, both ways, to either end.

use anyhow::{Context, Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, LINEN, Side, Stage, Window, saying, until};
use prilavok_protocol::ids::ThreadId;
use serde::Deserialize;

/// As long as the promise is.
const LONG: u64 = 100_000;
/// The page may hold what is on the screen and a little more; a tall window shows some twenty.
const MOST_BUBBLES: usize = 120;
/// More than the sixty messages the thread opens with.
const NOTCHES: usize = 80;
/// So many are looked at one by one.
const PAGES: usize = 20;
/// A held key repeats so often before one looks.
const HELD: u32 = 20;
/// More than the page ever keeps, so that it has to let go of what it came from.
const LET_GO: u64 = 1300;
/// Rounding, and the height of a line that wraps differently.
const NEARLY: f64 = 4.0;

/// What a reader sees at one moment.
#[derive(Debug, Deserialize)]
struct Sight {
    /// The messages in the page, top to bottom.
    numbers: Vec<u64>,
    /// Those on the screen, and how far below its upper edge each begins.
    tops: Vec<(u64, f64)>,
    height: f64,
}

impl Sight {
    fn first(&self) -> u64 {
        self.tops.first().map_or(0, |top| top.0)
    }

    fn last(&self) -> u64 {
        self.tops.last().map_or(0, |top| top.0)
    }

    /// How far the page moved down from `before`; `None` when no message is in both.
    fn moved(&self, before: &Self) -> Option<f64> {
        self.tops.iter().find_map(|(number, top)| {
            let then = before.tops.iter().find(|then| then.0 == *number)?;
            Some(top - then.1)
        })
    }

    fn check(&self) -> Result<()> {
        ensure!(
            self.numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]),
            "the page holds every message once and in order, but it holds {:?}",
            self.numbers
        );
        ensure!(
            self.numbers.len() <= MOST_BUBBLES,
            "the page holds {} bubbles",
            self.numbers.len()
        );
        Ok(())
    }
}

/// What happened from frame to frame.
#[derive(Debug, Deserialize)]
struct Report {
    frames: Vec<f64>,
    /// The largest step of the page upwards and downwards, in pixels a frame.
    up: f64,
    down: f64,
    /// Frames that share no message with the one before.
    lost: u32,
    /// Frames without any message.
    blank: u32,
    faults: Vec<Vec<Option<u64>>>,
    most: usize,
}

/// Anna, before her long thread.
struct Reader {
    stage: Stage,
    window: Window,
    thread: ThreadId,
}

impl Reader {
    async fn sit_down() -> Result<Self> {
        let stage = Stage::set(Artefacts::of_test("long-history")?).await?;
        let anna = stage.visitor(ANNA).await?;
        let shop = anna.shop("Льняной двор").await?;
        let thread = anna.start(shop.id).await?;
        stage.server.fill(thread, (anna.buyer_id()?, shop.id), LONG).await?;
        let window = stage.open(Side::Buyer, Some(ANNA)).await?;
        window.resize(&stage, 1280, 1150).await?;
        stage.desktop.bring_to_front(window.side.title()).await?;
        window.click("[data-testid='nav-chats']").await?;
        window
            .click(&format!("[data-testid='thread-row'][data-thread-id='{}']", thread.0))
            .await?;
        window
            .wait_bubble(&saying(LONG), &["sent", "delivered", "read", "received"])
            .await?;
        window.run(include_str!("long_history/eyes.js"), Vec::new()).await?;
        Ok(Self { stage, window, thread })
    }

    /// Puts mouse and keyboard into the log, between two bubbles.
    async fn take_hold(&self) -> Result<()> {
        let place = "const box = document.querySelector(\"[role='log']\").getBoundingClientRect(); \
            return [Math.round(box.left + 6), Math.round(box.top + box.height / 2)];";
        let place = serde_json::from_value(self.window.run(place, Vec::new()).await?)?;
        self.stage.desktop.point(self.window.side.title(), place).await?;
        self.window.wait("[role='log']:focus").await.map(drop)
    }

    /// What is there once nothing moves any more.
    async fn rest(&self) -> Result<Sight> {
        let seen = self
            .window
            .run_async("window.eyes.rest(arguments[arguments.length - 1]);", Vec::new())
            .await
            .context("the page never comes to rest")?;
        let sight: Sight = serde_json::from_value(seen)?;
        sight.check()?;
        Ok(sight)
    }

    async fn watch(&self) -> Result<()> {
        self.window.run("window.eyes.watch();", Vec::new()).await.map(drop)
    }

    /// Ends watching; complains about anything a reader would have seen go wrong.
    async fn report(&self, what: &str) -> Result<Report> {
        let report: Report =
            serde_json::from_value(self.window.run("return window.eyes.report();", Vec::new()).await?)?;
        self.say(&format!("{what}: {}", told(&report)));
        ensure!(report.faults.is_empty(), "{what}: out of order, {:?}", report.faults);
        ensure!(
            report.most <= MOST_BUBBLES,
            "{what}: the page held {} bubbles",
            report.most
        );
        Ok(report)
    }

    fn say(&self, sentence: &str) {
        self.stage.artefacts.say(sentence);
    }

    async fn wheel(&self, notches: i32) -> Result<()> {
        self.stage.desktop.wheel(notches).await
    }

    async fn key(&self, name: &str) -> Result<()> {
        self.stage.desktop.key(name).await
    }
}

fn told(report: &Report) -> String {
    let mut frames = report.frames.clone();
    frames.sort_by(f64::total_cmp);
    let at = |share: f64| {
        frames
            .get((frames.len() as f64 * share) as usize)
            .or(frames.last())
            .copied()
            .unwrap_or(0.0)
    };
    format!(
        "{} кадров, медиана {:.0} мс, p95 {:.0} мс, самый долгий {:.0} мс; шаг за кадр от {:.0} до {:.0} px, \
         без общих сообщений {}, пустых {}, пузырей не больше {}",
        frames.len(),
        at(0.5),
        at(0.95),
        at(1.0),
        report.up,
        report.down,
        report.lost,
        report.blank,
        report.most
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_messages_scroll_both_ways_in_the_real_window() -> Result<()> {
    let reader = Reader::sit_down().await?;
    let read = read(&reader).await;
    reader.stage.picture("последний-вид").await?;
    reader.stage.artefacts.finish("Сто тысяч сообщений в настоящем окне")?;
    read
}

async fn read(reader: &Reader) -> Result<()> {
    let sight = reader.rest().await?;
    ensure!(
        sight.last() == LONG,
        "the thread opens at its end, not at № {}",
        sight.last()
    );
    reader.take_hold().await?;
    notch_by_notch(reader).await?;
    page_by_page(reader).await?;
    message_arrives(reader).await?;
    end_to_end(reader).await?;
    fling(reader).await
}

/// Slowly, over several page loads: no notch moves the page back, or further than a notch does.
async fn notch_by_notch(reader: &Reader) -> Result<()> {
    reader.watch().await?;
    let mut before = reader.rest().await?;
    let mut steps = Vec::new();
    for _ in 0..NOTCHES {
        reader.wheel(-1).await?;
        let now = reader.rest().await?;
        let step = now.moved(&before).context("a notch skips a whole screen")?;
        steps.push((now.first(), step));
        before = now;
    }
    let report = reader.report("По щелчку колеса вверх").await?;
    let mut sizes: Vec<f64> = steps.iter().map(|step| step.1).collect();
    sizes.sort_by(f64::total_cmp);
    let usual = sizes[sizes.len() / 2];
    let odd: Vec<_> = steps
        .iter()
        .filter(|step| step.1 < -NEARLY || step.1 > usual + NEARLY)
        .collect();
    ensure!(odd.is_empty(), "a notch is {usual} px, but the page went {odd:?}");
    ensure!(
        report.up > -NEARLY,
        "the page went back by {} px while it was scrolled up",
        -report.up
    );
    ensure!(
        report.lost == 0 && report.blank == 0,
        "the page skipped or went blank: {report:?}"
    );
    // Or this has seen no page of sixty come.
    ensure!(
        before.first() + 70 < LONG,
        "all notches came as far as № {} only",
        before.first()
    );
    Ok(())
}

/// Page by page, nothing is skipped; then faster and further than the page remembers, and back: what was let go comes again.
async fn page_by_page(reader: &Reader) -> Result<()> {
    let start = reader.rest().await?;
    turn_pages(reader, "Prior", 0).await?;
    hold(reader, "Prior", "Page Up", |sight| {
        sight.first() + LET_GO < start.first()
    })
    .await?;
    // Where what was let go comes in again below, a turn has been seen to go a few messages too far.
    turn_pages(reader, "Next", 2).await?;
    hold(reader, "Next", "Page Down", |sight| sight.last() + 60 > start.last()).await
}

/// A page leaves something of the one before in sight, except for as many as are `forgiven`.
async fn turn_pages(reader: &Reader, key: &str, forgiven: usize) -> Result<()> {
    let mut before = reader.rest().await?;
    let mut skips = Vec::new();
    for _ in 0..PAGES {
        reader.key(key).await?;
        let now = reader.rest().await?;
        let Some(step) = now.moved(&before) else {
            skips.push((before.first(), now.first()));
            before = now;
            continue;
        };
        let forward = if key == "Prior" { step } else { -step };
        ensure!(
            forward > now.height / 3.0 && forward < now.height,
            "{key} moves by nearly a screen, but it moved by {step} px at № {}",
            now.first()
        );
        before = now;
    }
    ensure!(skips.len() <= forgiven, "{key} skips messages: {skips:?}");
    Ok(())
}

/// The key is held down until the reader is there.
async fn hold(reader: &Reader, key: &str, name: &str, is_there: impl Fn(&Sight) -> bool) -> Result<()> {
    let from = reader.rest().await?.first();
    reader.watch().await?;
    let sight = until(&format!("{name} goes on and on"), || async {
        reader.stage.desktop.hold_key(key, HELD).await?;
        let sight = reader.rest().await?;
        Ok(is_there(&sight).then_some(sight))
    })
    .await?;
    reader
        .report(&format!("{name} не отпуская, от № {from} до № {}", sight.first()))
        .await?;
    Ok(())
}

/// A message comes while one reads further up: it is counted, and nothing moves.
async fn message_arrives(reader: &Reader) -> Result<()> {
    for _ in 0..3 {
        reader.key("Prior").await?;
        reader.rest().await?;
    }
    let before = reader.rest().await?;
    ensure!(before.last() < LONG, "the reader is further up");
    reader.watch().await?;
    let shop = reader.stage.visitor(LINEN).await?;
    shop.send(reader.thread, &saying(LONG + 1)).await?;
    reader.window.wait_text("[data-testid='jump']", "1").await?;
    let now = reader.rest().await?;
    let report = reader.report("Пока читают выше, пришло сообщение").await?;
    ensure!(
        now.moved(&before).is_some_and(|step| step.abs() < 1.0) && report.up > -1.0 && report.down < 1.0,
        "the reader was moved from {:?} to {:?}: {report:?}",
        before.tops,
        now.tops
    );
    Ok(())
}

/// The button, Home, End.
async fn end_to_end(reader: &Reader) -> Result<()> {
    reader.window.click("[data-testid='jump']").await?;
    until_sight(reader, "the button brings the newest message", |sight| {
        sight.last() == LONG + 1
    })
    .await?;
    reader.window.wait_gone("[data-testid='jump']").await?;
    reader.take_hold().await?;

    reader.key("Home").await?;
    let oldest = until_sight(reader, "Home brings the oldest message", |sight| sight.first() == 1).await?;
    ensure!(
        oldest.tops[0].1 >= 0.0,
        "the oldest message is to be seen whole: {:?}",
        oldest.tops
    );
    reader.window.picture("самое-начало").await?;
    reader.watch().await?;
    let mut before = oldest;
    for _ in 0..8 {
        reader.key("Next").await?;
        let now = reader.rest().await?;
        now.moved(&before).with_context(|| {
            format!(
                "from the beginning Page Down skips from № {} to № {}",
                before.last(),
                now.first()
            )
        })?;
        before = now;
    }
    reader.report("От начала вниз").await?;
    ensure!(before.first() > 65, "eight pages came as far as № {}", before.first());

    reader.key("End").await?;
    until_sight(reader, "End brings the newest message", |sight| {
        sight.last() == LONG + 1
    })
    .await?;
    // One who is at the end stays there.
    reader
        .stage
        .visitor(LINEN)
        .await?
        .send(reader.thread, &saying(LONG + 2))
        .await?;
    until_sight(reader, "a new message pulls the end along", |sight| {
        sight.last() == LONG + 2
    })
    .await?;
    reader.window.picture("самый-конец").await
}

/// As fast as a wheel turns: how long frames take, and that all is whole where it stops.
async fn fling(reader: &Reader) -> Result<()> {
    for (notches, name) in [(-250, "Быстро колесом вверх"), (400, "Быстро колесом вниз")]
    {
        reader.window.run("window.eyes.pace();", Vec::new()).await?;
        reader.wheel(notches).await?;
        let now = reader.rest().await?;
        reader.report(&format!("{name}, до № {}", now.first())).await?;
    }
    until_sight(reader, "down there is the end", |sight| sight.last() == LONG + 2).await?;
    reader.window.wait_gone("[data-testid='jump']").await
}

async fn until_sight(reader: &Reader, what: &str, is_it: impl Fn(&Sight) -> bool) -> Result<Sight> {
    until(what, || async {
        let sight = reader.rest().await?;
        Ok(is_it(&sight).then_some(sight))
    })
    .await
}
