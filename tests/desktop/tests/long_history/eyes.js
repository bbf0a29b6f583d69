// What a reader of the open thread sees, frame by frame. Messages say their own number: «№ 17. …».
// Answers `window.eyes`: look() now, rest() once nothing moves any more, watch() from now on, report() since then.
const log = document.querySelector("[role='log']");
const numberOf = (bubble) => Number(/№ (\d+)/.exec(bubble.textContent)?.[1] ?? NaN);

function look() {
  const frame = log.getBoundingClientRect();
  const numbers = [];
  const tops = [];
  for (const bubble of log.querySelectorAll("[data-testid='bubble']")) {
    const number = numberOf(bubble);
    numbers.push(number);
    const box = bubble.getBoundingClientRect();
    if (box.bottom > frame.top && box.top < frame.bottom) tops.push([number, box.top - frame.top]);
  }
  return { numbers, tops, height: frame.height, busy: log.getAttribute('aria-busy') === 'true' };
}

/** How far a message went that was visible before and is now; null when none is. */
function moved(before, now) {
  const then = new Map(before.tops);
  for (const [number, top] of now.tops) if (then.has(number)) return top - then.get(number);
  return null;
}

let watched;
function watch() {
  watched = { frames: [], up: 0, down: 0, lost: 0, blank: 0, blankMs: 0, faults: [], most: 0 };
  const mine = watched;
  let emptySince;
  let before = look();
  let time = performance.now();
  requestAnimationFrame(function next(now) {
    if (watched !== mine) return;
    mine.frames.push(now - time);
    time = now;
    const seen = look();
    const step = moved(before, seen);
    const isBlank = seen.tops.length === 0;
    if (isBlank) {
      mine.blank += 1;
      emptySince ??= now;
    } else if (emptySince !== undefined) {
      mine.blankMs = Math.max(mine.blankMs, now - emptySince);
      emptySince = undefined;
    }
    if (!isBlank && step === null) mine.lost += 1;
    else if (!isBlank) {
      mine.up = Math.min(mine.up, step);
      mine.down = Math.max(mine.down, step);
    }
    mine.most = Math.max(mine.most, seen.numbers.length);
    const wrong = seen.numbers.findIndex((it, at) => at > 0 && it !== seen.numbers[at - 1] + 1);
    if (wrong > 0 && mine.faults.length < 5) mine.faults.push(seen.numbers.slice(wrong - 1, wrong + 2));
    before = seen;
    requestAnimationFrame(next);
  });
}

/** Only the time between frames, so that looking costs none of it. */
function pace() {
  watched = { frames: [], up: 0, down: 0, lost: 0, blank: 0, faults: [], most: 0 };
  const mine = watched;
  let time = performance.now();
  requestAnimationFrame(function next(now) {
    if (watched !== mine) return;
    mine.frames.push(now - time);
    time = now;
    requestAnimationFrame(next);
  });
}

function report() {
  const done = watched;
  watched = undefined;
  return done;
}

/** Still for so many frames: a smooth scroll, a page on its way and its measuring are over. */
const STILL = 6;
function rest(answer) {
  let before = look();
  let still = 0;
  requestAnimationFrame(function next() {
    const now = look();
    const isStill = !now.busy && now.tops.length > 0 && Math.abs(moved(before, now) ?? 99) < 0.5;
    still = isStill ? still + 1 : 0;
    before = now;
    if (still >= STILL) answer(now);
    else requestAnimationFrame(next);
  });
}

window.eyes = { look, rest, watch, pace, report };
