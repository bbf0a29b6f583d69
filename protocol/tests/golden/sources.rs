//! Which types cross the wire: found by reading the crate's own sources, so that none is forgotten.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The public types that derive or implement `Serialize`, and those of the `id!` and `position!` macros.
pub fn wire_types() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("they can be listed").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(path).expect("a source can be read");
            found.extend(types_of(&source));
        }
    }
    assert!(found.len() > 40, "the sources were understood");
    found
}

fn types_of(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut attributes = String::new();
    let mut in_macro = false;
    for line in source.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("impl Serialize for ") {
            found.push(name(rest));
        }
        if line == "id!(" || line == "position!(" {
            in_macro = true;
        } else if in_macro && !line.starts_with("///") {
            in_macro = false;
            found.push(name(line));
        }
        if line.starts_with("#[derive(") || (!attributes.is_empty() && !attributes.contains(")]")) {
            attributes.push_str(line);
        }
        let declared = line
            .strip_prefix("pub struct ")
            .or_else(|| line.strip_prefix("pub enum "));
        if let Some(declared) = declared {
            if attributes.contains("Serialize") && !declared.starts_with('$') {
                found.push(name(declared));
            }
            attributes.clear();
        }
    }
    found
}

fn name(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric()).collect()
}
