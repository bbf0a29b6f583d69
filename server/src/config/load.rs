//! Reads the configuration: file ← environment ← flags. One clear sentence for whatever is wrong.
