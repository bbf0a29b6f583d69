//! Randomness that can be had again: everything that a run chooses comes from one number, which a failure prints.

use uuid::Uuid;

/// Says how to repeat a run, when it fails.
pub struct Again(String);

impl Drop for Again {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("again: {}", self.0);
        }
    }
}

/// The variable with the number.
const VARIABLE: &str = "SEED";

/// A stream of choices (SplitMix64).
#[derive(Debug, Clone)]
pub struct Seed {
    first: u64,
    state: u64,
}

impl Seed {
    /// A number that nobody has chosen.
    #[must_use]
    pub fn fresh() -> u64 {
        Uuid::new_v4().as_u64_pair().0
    }

    /// The number that was asked for.
    #[must_use]
    pub fn asked() -> Option<u64> {
        let asked = std::env::var(VARIABLE).ok()?;
        Some(asked.parse().expect("SEED is a number"))
    }

    /// The stream of a number.
    #[must_use]
    pub fn new(first: u64) -> Self {
        Self { first, state: first }
    }

    /// Says, when the test fails before this is dropped, which command repeats it.
    #[must_use]
    pub fn again(&self, test: &str, name: &str) -> Again {
        let seed = self.first;
        Again(format!(
            "{VARIABLE}={seed} cargo test -p prilavok-tests --test {test} {name}"
        ))
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next number below this one.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    /// One of these.
    ///
    /// # Panics
    /// When there is none.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let index = usize::try_from(self.below(all.len() as u64)).expect("it is below a length");
        &all[index]
    }
}
