//! The locks of the hub: the standard library's, or, with the feature `explored`, those of a scheduler that tries
//! interleaving after interleaving.

#[cfg(feature = "explored")]
pub use shuttle::sync::{Mutex, MutexGuard};
#[cfg(not(feature = "explored"))]
pub use std::sync::{Mutex, MutexGuard};
