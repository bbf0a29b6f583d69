//! A window is never opened where nobody can reach it: what was remembered of its place is held against the screens that are
//! there now. A laptop that was taken from its desk has one screen less.

use serde::Deserialize;
use tauri::{Manager, PhysicalPosition, PhysicalRect, PhysicalSize, WebviewWindow};
use tauri_plugin_window_state::AppHandleExt;

use crate::window;

/// The strip on top of a window by which it is moved, in pixels: a title bar.
const BAR: i64 = 32;
/// So much of that strip must be on one screen: room to take hold of it beside its buttons.
const GRIP: i64 = 160;

/// A rectangle in the pixels of the whole desktop. Screens to the left of the first one have negative places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Area {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
}

impl Area {
    /// How much of it is on a screen.
    fn shared(self, screen: Self) -> (i64, i64) {
        let along = |at: i64, length: i64, from: i64, room: i64| (at + length).min(from + room) - at.max(from);
        let width = along(self.x, self.width, screen.x, screen.width);
        let height = along(self.y, self.height, screen.y, screen.height);
        (width.max(0), height.max(0))
    }

    /// Whether the window can be taken hold of on this screen.
    fn can_be_held_on(self, screen: Self) -> bool {
        let bar = Self { height: BAR, ..self };
        let (width, height) = bar.shared(screen);
        width >= GRIP.min(self.width) && height >= BAR
    }

    /// How far the middles of the two are from each other, squared.
    fn distance(self, other: Self) -> i64 {
        let across = 2 * self.x + self.width - 2 * other.x - other.width;
        let down = 2 * self.y + self.height - 2 * other.y - other.height;
        across * across + down * down
    }
}

/// Where a window that was here goes now; `None` when it can stay.
fn brought_in(window: Area, screens: &[Area]) -> Option<Area> {
    if screens.iter().any(|screen| window.can_be_held_on(*screen)) {
        return None;
    }
    let screen = screens.iter().min_by_key(|screen| window.distance(**screen))?;
    let width = window.width.min(screen.width);
    let height = window.height.min(screen.height - BAR).max(1);
    let lowest = (screen.y + screen.height - BAR - height).max(screen.y);
    Some(Area {
        x: window.x.clamp(screen.x, screen.x + screen.width - width),
        y: window.y.clamp(screen.y, lowest),
        width,
        height,
    })
}

/// What the plugin writes down of a window, so far as it concerns its place.
#[derive(Debug, Deserialize)]
struct Remembered {
    x: i64,
    y: i64,
    prev_x: i64,
    prev_y: i64,
    width: i64,
    height: i64,
    maximized: bool,
}

impl Remembered {
    /// A maximised window goes back to where it was before that.
    fn area(&self) -> Area {
        let (x, y) = if self.maximized {
            (self.prev_x, self.prev_y)
        } else {
            (self.x, self.y)
        };
        Area {
            x,
            y,
            width: self.width,
            height: self.height,
        }
    }
}

/// Brings a fresh window, to which the plugin gave the place it had, onto a screen that is there. Nothing is remembered
/// before the first time: then the system finds a place.
pub(crate) fn bring_in(window: &WebviewWindow) -> tauri::Result<()> {
    let Some(remembered) = remembered(window) else {
        return Ok(());
    };
    let monitors = window.available_monitors()?;
    let screens: Vec<Area> = monitors.iter().map(|monitor| area(monitor.work_area())).collect();
    let Some(area) = brought_in(remembered.area(), &screens) else {
        return Ok(());
    };
    tracing::info!("The window's old place is on no screen: it is brought in.");
    let pixels = |number: i64| i32::try_from(number).unwrap_or_default();
    let length = |number: i64| u32::try_from(number).unwrap_or(1);
    window.set_size(PhysicalSize::new(length(area.width), length(area.height)))?;
    window.set_position(PhysicalPosition::new(pixels(area.x), pixels(area.y)))
}

fn remembered(window: &WebviewWindow) -> Option<Remembered> {
    let app = window.app_handle();
    let path = app.path().app_config_dir().ok()?.join(app.filename());
    let mut all: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    serde_json::from_value(all.remove(window::LABEL)?).ok()
}

fn area(rect: &PhysicalRect<i32, u32>) -> Area {
    Area {
        x: rect.position.x.into(),
        y: rect.position.y.into(),
        width: rect.size.width.into(),
        height: rect.size.height.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Area, brought_in};

    fn at(x: i64, y: i64, width: i64, height: i64) -> Area {
        Area { x, y, width, height }
    }

    const LAPTOP: Area = Area {
        x: 0,
        y: 0,
        width: 1366,
        height: 768,
    };

    #[test]
    fn a_window_that_can_be_taken_hold_of_stays_where_the_person_put_it() {
        let desk = at(1366, -200, 2560, 1440);
        for window in [
            at(100, 80, 1000, 600),
            at(0, 0, 1366, 768),
            // Half out to the right, and over two screens.
            at(1100, 500, 900, 700),
            at(1200, 50, 1000, 600),
            at(3000, -200, 800, 600),
            // Half out to the left: the buttons of its bar are there.
            at(-400, 100, 800, 600),
        ] {
            assert_eq!(brought_in(window, &[LAPTOP, desk]), None, "{window:?}");
        }
    }

    #[test]
    fn a_window_of_a_screen_that_is_gone_comes_to_the_nearest_and_fits_it() {
        for (window, wanted) in [
            // To the right, to the left, above and below.
            (at(2000, 100, 1000, 600), at(366, 100, 1000, 600)),
            (at(-1900, 100, 1000, 600), at(0, 100, 1000, 600)),
            (at(100, -900, 1000, 600), at(100, 0, 1000, 600)),
            (at(100, 900, 1000, 600), at(100, 136, 1000, 600)),
            // Larger than what is left.
            (at(1400, 0, 2560, 1400), at(0, 0, 1366, 736)),
            // Only a corner of it, or only its bar's last pixels, are in sight.
            (at(1360, 760, 1000, 600), at(366, 136, 1000, 600)),
            (at(-950, 10, 1000, 600), at(0, 10, 1000, 600)),
            // Its bar is above the edge.
            (at(100, -40, 1000, 600), at(100, 0, 1000, 600)),
        ] {
            assert_eq!(brought_in(window, &[LAPTOP]), Some(wanted), "{window:?}");
            assert_eq!(brought_in(wanted, &[LAPTOP]), None, "and there it stays");
        }
        let far = at(-3000, 0, 1000, 700);
        let left = at(-1920, 0, 1920, 1080);
        assert_eq!(brought_in(far, &[LAPTOP, left]), Some(at(-1920, 0, 1000, 700)));
        assert_eq!(brought_in(far, &[left, LAPTOP]), Some(at(-1920, 0, 1000, 700)));
    }

    #[test]
    fn without_a_screen_nothing_is_moved_and_no_screen_is_too_small() {
        assert_eq!(brought_in(at(9000, 9000, 800, 600), &[]), None);
        let tiny = at(0, 0, 20, 20);
        let found = brought_in(at(9000, 9000, 800, 600), &[tiny]);
        assert_eq!(found.map(|area| (area.x, area.y)), Some((0, 0)));
    }
}
