//! The maps and sets of the hot path. Their hashing is keyed at random, as the standard library's is, so that nobody who makes
//! ids can make them collide; it is made for short keys, as ids are.

use std::collections::{HashMap, HashSet};

/// A map by such hashes.
pub type Map<K, V> = HashMap<K, V, ahash::RandomState>;

/// A set by such hashes.
pub type Set<K> = HashSet<K, ahash::RandomState>;
