//! Where a test may kill the app, and the bug that a test may plant. Nothing of it is in a build without the feature
//! `faults`, which no release may have. The variable `FAILPOINTS` says what happens: `cache.full=6*off->return`.

#[cfg(all(feature = "faults", not(debug_assertions)))]
compile_error!("the feature `faults` kills apps on demand: it is for the fault suite, never for a release");

/// The points at which the process may die: before and after each commit of the cache.
pub const POINTS: [&str; 2] = ["cache.full", "cache.committed"];

#[cfg(feature = "faults")]
pub use armed::{arm, planted, point};
#[cfg(not(feature = "faults"))]
pub use harmless::{planted, point};

#[cfg(not(feature = "faults"))]
mod harmless {
    /// Nothing happens here.
    #[inline(always)]
    pub const fn point(_name: &str) {}

    /// No bug is planted.
    #[must_use]
    #[inline(always)]
    pub const fn planted(_bug: &str) -> bool {
        false
    }
}

#[cfg(feature = "faults")]
mod armed {
    use fail::{FailScenario, fail_point};

    /// Reads `FAILPOINTS`. Called once, before anything else.
    pub fn arm() {
        // It disarms when it is dropped.
        std::mem::forget(FailScenario::setup());
    }

    /// Dies here, or waits, as the test wishes.
    pub fn point(name: &str) {
        fail_point!(name, |_| std::process::abort());
    }

    /// Whether this bug is planted.
    #[must_use]
    pub fn planted(bug: &str) -> bool {
        fail_point!(bug, |_| true);
        false
    }
}
