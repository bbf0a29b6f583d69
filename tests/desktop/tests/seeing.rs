//! For eyes that need more: letters twice as large, no motion, high contrast.

use anyhow::{Context, Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::screens::Place;
use prilavok_desktop_tests::stage::{ANNA, Side, Stage, TEA, Window};
use serde_json::json;

/// Twice as large is half as much room. Lower than this no window gets.
const LOWEST: u32 = 560;
/// What a person could not get at or read: controls outside or covered, words cut off without a sign, a page wider than its
/// window.
const CUT: &str = "const faults = []; \
    const told = (it) => it.tagName + ' ' + (it.dataset.testid ?? it.className) + ' «' + it.innerText?.slice(0, 40) + '»'; \
    if (document.documentElement.scrollWidth > innerWidth + 1) faults.push('the page scrolls sideways'); \
    const isHidden = (it) => it.closest('.visually-hidden, [aria-hidden=true]') || !it.checkVisibility(); \
    for (const it of document.querySelectorAll('button, input, textarea, select')) { \
      if (isHidden(it)) continue; \
      it.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' }); \
      const box = it.getBoundingClientRect(); \
      if (box.left < -1 || box.right > innerWidth + 1) faults.push('sticks out: ' + told(it)); \
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)); \
      if (!top || !(it.contains(top) || top.contains(it) || it.labels?.[0]?.contains(top))) \
        faults.push('is covered: ' + told(it) + ' by ' + (top ? told(top) : 'nothing')); \
    } \
    for (const it of document.querySelectorAll('body *')) { \
      if (isHidden(it) || ![...it.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue; \
      const style = getComputedStyle(it); \
      const isCut = it.scrollWidth > it.clientWidth + 2 && it.clientWidth > 0 && style.overflowX !== 'visible'; \
      if (isCut && style.textOverflow !== 'ellipsis' && it.tagName !== 'TEXTAREA' && it.tagName !== 'INPUT') \
        faults.push('is cut: ' + told(it)); \
    } \
    return faults;";
/// How long something takes that would move for ever, and how often.
const MOVING: &str = "const it = document.createElement('div'); it.style.animation = 'rise 5s infinite'; \
    document.body.append(it); const style = getComputedStyle(it); \
    const seen = [style.animationDuration, style.animationIterationCount]; it.remove(); return seen;";

/// WebKitGTK knows no way to ask for high contrast: its rules are made to hold by hand. Gives back how many there are.
const CONTRAST: &str = "let count = 0; const hold = (rules) => { for (const rule of rules) { \
      if (rule.media?.mediaText.includes('prefers-contrast')) { rule.media.mediaText = 'all'; count += 1; } \
      if (rule.cssRules) hold(rule.cssRules); } }; \
    for (const sheet of document.styleSheets) hold(sheet.cssRules); return count;";
/// Colours that must be told apart: a bubble's edge from what is around it, quiet words as strong as others.
const EDGES: &str = "const style = (css) => getComputedStyle(document.querySelector(css)); \
    return [style(\"[data-testid='bubble']\").borderTopColor, style(\"[data-testid='bubble']\").color, \
      style('html').getPropertyValue('--text-muted'), style('html').getPropertyValue('--text')];";

async fn cut_at_half(side: Side, account: &str, width: u32) -> Result<()> {
    let stage = Stage::set(Artefacts::of_test(&format!("zoom-{side:?}"))?).await?;
    let window = stage.open(side, Some(account)).await?;
    let mut faults = Vec::new();
    for place in Place::of(side) {
        window.resize(&stage, 1280, 900).await?;
        place.enter(&window).await.with_context(|| format!("{place:?}"))?;
        window.resize(&stage, width, LOWEST).await?;
        let found: Vec<String> = serde_json::from_value(window.run(CUT, Vec::new()).await?)?;
        faults.extend(found.into_iter().map(|fault| format!("{place:?} {fault}")));
        window.photograph(&stage, &format!("{place:?}")).await?;
    }
    ensure!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn at_twice_the_size_nothing_of_the_buyers_app_is_cut() -> Result<()> {
    cut_at_half(Side::Buyer, ANNA, 540).await
}

#[tokio::test(flavor = "multi_thread")]
async fn at_twice_the_size_nothing_of_the_sellers_app_is_cut() -> Result<()> {
    cut_at_half(Side::Seller, TEA, 680).await
}

/// Opens the buyer's app on a desktop with these settings; `number` is how many were opened before.
async fn open_with(stage: &Stage, number: usize, settings: &str) -> Result<Window> {
    let folder = stage.profile(&format!("buyer-{number}")).join("config/gtk-3.0");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("settings.ini"), format!("[Settings]\n{settings}\n"))?;
    stage.open(Side::Buyer, Some(ANNA)).await
}

async fn prefers(window: &Window, feature: &str) -> Result<bool> {
    let script = "return matchMedia(arguments[0]).matches;";
    Ok(window.run(script, vec![json!(feature)]).await? == json!(true))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_without_motion_has_an_app_without_motion() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("motion")?).await?;
    let lively = open_with(&stage, 0, "gtk-enable-animations=1").await?;
    ensure!(
        lively.run(MOVING, Vec::new()).await? == json!(["5s", "infinite"]),
        "usually things move"
    );
    lively.close().await;
    let still = open_with(&stage, 1, "gtk-enable-animations=0").await?;
    ensure!(
        prefers(&still, "(prefers-reduced-motion: reduce)").await?,
        "the page is not told that motion is unwanted"
    );
    let seen: (String, String) = serde_json::from_value(still.run(MOVING, Vec::new()).await?)?;
    let seconds: f64 = seen.0.trim_end_matches('s').parse()?;
    ensure!(seconds < 0.001 && seen.1 == "1", "something moves: {seen:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn in_high_contrast_bubbles_have_an_edge_and_no_words_are_faint() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("contrast")?).await?;
    let window = stage.open(Side::Buyer, Some(ANNA)).await?;
    window.resize(&stage, 1280, 900).await?;
    Place::Thread.enter(&window).await?;
    let look = async || -> Result<[String; 4]> { Ok(serde_json::from_value(window.run(EDGES, Vec::new()).await?)?) };
    let [edge, _, muted, text] = look().await?;
    ensure!(
        edge == "rgba(0, 0, 0, 0)" && muted != text,
        "usually it is softer: {edge}, {muted}, {text}"
    );
    let rules = window.run(CONTRAST, Vec::new()).await?;
    ensure!(rules.as_u64() >= Some(2), "there are rules for high contrast: {rules}");
    let [edge, words, muted, text] = look().await?;
    ensure!(edge == words, "the bubble's edge is {edge}, its words are {words}");
    ensure!(muted == text, "quiet words are {muted}, others {text}");
    window.photograph(&stage, "contrast").await
}
