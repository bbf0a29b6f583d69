//! The colours of one picture, chosen by its seed.

/// The colours of one picture and the dice that chose them.
pub(super) struct Ink {
    seed: u64,
    /// The wall at the top.
    pub sky: &'static str,
    /// The wall at the bottom.
    pub ground: &'static str,
    /// The light behind the object.
    pub glow: &'static str,
    /// What the object stands on.
    pub table: &'static str,
    /// The object.
    pub main: &'static str,
    /// Its shadow side.
    pub dark: &'static str,
    /// Its light side.
    pub light: &'static str,
    /// What stands out.
    pub accent: &'static str,
}

/// Wall top, wall bottom, light, table.
const WALLS: [[&str; 4]; 8] = [
    ["#fbe9d7", "#f6d5b8", "#fff5e6", "#e0b48c"],
    ["#e3f0ee", "#c3dfdb", "#f4fbf9", "#98beb6"],
    ["#efe7f6", "#d9cbea", "#fbf6ff", "#b6a2cd"],
    ["#fdeceb", "#f5ccc7", "#fff6f3", "#d79c96"],
    ["#e6eef8", "#c6d8ee", "#f6faff", "#9bb4d2"],
    ["#f4f1dd", "#e5deb2", "#fffdf0", "#c3b77e"],
    ["#e9f2df", "#cfe2bb", "#f8fdf0", "#a5bf8b"],
    ["#ece8e4", "#d6cdc5", "#faf7f4", "#b3a599"],
];

/// Object, shadow side, light side, accent.
const OBJECTS: [[&str; 4]; 9] = [
    ["#c8553d", "#9c3d2a", "#e58a72", "#f2c14e"],
    ["#2f6f73", "#1f4f53", "#5fa3a3", "#f4a259"],
    ["#3d5a80", "#29405f", "#7d9cc4", "#ee6c4d"],
    ["#7a9e7e", "#587a5d", "#b0ccb0", "#e9c46a"],
    ["#8e5572", "#6a3c54", "#bf8ba5", "#f7c59f"],
    ["#e09f3e", "#b67a23", "#f3cb86", "#9e2a2b"],
    ["#5c5470", "#40394f", "#8f87a5", "#f2a6a0"],
    ["#f1ede4", "#cfc7b8", "#ffffff", "#d1603d"],
    ["#4f7cac", "#365a82", "#92b4d6", "#ffd166"],
];

impl Ink {
    /// Colours for a product.
    pub(super) fn new(seed: u64) -> Self {
        let dice = Dice(seed);
        Self::of(seed, dice.choice(1, WALLS.len()), dice.choice(2, OBJECTS.len()))
    }

    /// Colours for the sign of the shop at this place of the list.
    pub(super) fn of_shop(place: u64) -> Self {
        let place_in = |length: usize, step: u64| (place * step) as usize % length;
        Self::of(place + 77, place_in(WALLS.len(), 3), place_in(OBJECTS.len(), 4))
    }

    fn of(seed: u64, wall: usize, object: usize) -> Self {
        let [sky, ground, glow, table] = WALLS[wall];
        let [main, dark, light, accent] = OBJECTS[object];
        Self {
            seed,
            sky,
            ground,
            glow,
            table,
            main,
            dark,
            light,
            accent,
        }
    }

    /// A number under `below`, the same for the same seed and `question`.
    pub(super) fn choice(&self, question: u64, below: usize) -> usize {
        Dice(self.seed).choice(question, below)
    }

    /// One of several things, as [`Ink::choice`].
    pub(super) fn one_of<T: Copy>(&self, question: u64, things: &[T]) -> T {
        things[self.choice(question, things.len())]
    }
}

struct Dice(u64);

impl Dice {
    /// SplitMix64's mixing function: neighbouring seeds give unrelated numbers.
    fn choice(&self, question: u64, below: usize) -> usize {
        let mut mixed = self.0 ^ question.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    }
}
