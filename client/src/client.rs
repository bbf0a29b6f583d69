//! The handle that apps hold: cheap to clone, safe from any task. It only asks; the engine decides.
//!
//! This is the contract with `shell` and `tests`; see each method for what it promises offline.
