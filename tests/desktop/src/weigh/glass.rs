//! The pixels of the virtual screen, read from outside every few milliseconds: when a window has been painted is seen, not
//! told.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// Finer than a frame, and cheap enough not to be in the way.
const LOOK: Duration = Duration::from_millis(4);
/// Unchanged for so long: it is done.
const STILL: Duration = Duration::from_millis(2500);
/// More than the slowest start on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);
/// So much of what will stand there in the end stands there: a cursor, or a presence dot, comes later.
const PAINTED: f64 = 0.95;
const PIXEL: usize = 4;

/// A rectangle of the screen: x, y, width, height.
pub type Area = [usize; 4];

/// The screen's memory.
pub struct Glass {
    file: File,
    start: usize,
    stride: usize,
}

impl Glass {
    /// Opens what the virtual screen writes: an XWD header, colours, rows.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("{} is missing", path.display()))?;
        let mut header = [0; 100];
        file.read_exact_at(&mut header, 0)?;
        let word = |at: usize| {
            let bytes = header[at * 4..at * 4 + 4].try_into().expect("four bytes");
            u32::from_be_bytes(bytes) as usize
        };
        ensure!(
            word(1) == 7 && word(11) == 32,
            "the screen is not XWD with 32 bits a pixel"
        );
        Ok(Self {
            file,
            start: word(0) + word(19) * 12,
            stride: word(12),
        })
    }

    fn look(&self, [x, y, width, height]: Area) -> Result<Vec<u8>> {
        let mut seen = vec![0; width * height * PIXEL];
        for (row, pixels) in seen.chunks_exact_mut(width * PIXEL).enumerate() {
            let at = self.start + (y + row) * self.stride + x * PIXEL;
            self.file.read_exact_at(pixels, at as u64)?;
        }
        Ok(seen)
    }

    /// How long after `since` the area showed what it shows in the end. Blocks until nothing changes any more.
    pub fn painted(&self, area: Area, since: Instant) -> Result<Duration> {
        let mut frames = vec![(Duration::ZERO, self.look(area)?)];
        let mut changed = Instant::now();
        while changed.elapsed() < STILL || frames.len() < 2 {
            ensure!(since.elapsed() < DEADLINE, "nothing was painted");
            std::thread::sleep(LOOK);
            let (seen, at) = (self.look(area)?, since.elapsed());
            if frames.last().is_none_or(|last| last.1 != seen) {
                frames.push((at, seen));
                changed = Instant::now();
            }
        }
        let (_, last) = frames.last().context("there is a last frame")?;
        let ink = ink(last);
        ensure!(!ink.is_empty(), "the area stays empty");
        let stands = |frame: &[u8]| {
            let same = ink
                .iter()
                .filter(|at| frame[**at..**at + PIXEL] == last[**at..**at + PIXEL]);
            same.count() as f64 >= PAINTED * ink.len() as f64
        };
        let first = frames.iter().find(|(_, frame)| stands(frame));
        Ok(first.context("the last frame is like itself")?.0)
    }
}

/// Where something stands: the pixels that are not of the most frequent colour.
fn ink(frame: &[u8]) -> Vec<usize> {
    let mut colours = std::collections::HashMap::new();
    for pixel in frame.chunks_exact(PIXEL) {
        *colours.entry(pixel).or_insert(0_usize) += 1;
    }
    let paper = colours
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(pixel, _)| pixel);
    let all = frame.chunks_exact(PIXEL).enumerate();
    all.filter(|(_, pixel)| Some(*pixel) != paper)
        .map(|(number, _)| number * PIXEL)
        .collect()
}
