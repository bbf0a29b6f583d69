//! One golden JSON file per wire type: what goes over the wire stays what it was, unless somebody means it.
//!
//! Each file is a list of examples. They must decode to the samples written here and encode to the same JSON
//! again. `UPDATE_GOLDEN=1 cargo test -p prilavok-protocol` rewrites them; the diff is the change of the wire.

mod frames;
mod models;
mod requests;
mod sources;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use prilavok_protocol::command::{Command, Done};
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::event::{Event, Signal};
use prilavok_protocol::frame::{ClientFrame, ResyncReason, ServerFrame};
use prilavok_protocol::room::{RoomCommand, RoomFrame, RoomNotice};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Compares types with their files and remembers which types it has seen.
#[derive(Default)]
struct Golden {
    seen: BTreeSet<String>,
    faults: Vec<String>,
}

impl Golden {
    fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(&mut self, name: &str, samples: &[T]) {
        assert!(!samples.is_empty(), "{name} needs an example");
        assert!(self.seen.insert(name.to_owned()), "{name} is checked twice");
        let path = folder().join(format!("{name}.json"));
        let now = serde_json::to_value(samples).expect("a wire type can be written as JSON");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let mut sorted = now.clone();
            sorted.sort_all_objects();
            fs::write(&path, format!("{sorted:#}\n")).expect("the golden file can be written");
        }
        let Ok(text) = fs::read_to_string(&path) else {
            self.faults.push(format!("{name}: there is no golden/{name}.json"));
            return;
        };
        let golden: Value = serde_json::from_str(&text).expect("a golden file is JSON");
        if golden != now {
            self.faults.push(format!(
                "{name}: encodes to\n{now:#}\nbut the golden file says\n{golden:#}"
            ));
        }
        match serde_json::from_value::<Vec<T>>(golden) {
            Ok(decoded) if decoded == samples => {}
            Ok(decoded) => self
                .faults
                .push(format!("{name}: decodes to {decoded:?}, not {samples:?}")),
            Err(error) => self.faults.push(format!("{name}: does not decode: {error}")),
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

#[test]
fn every_wire_type_is_written_and_read_as_its_golden_file_says() {
    let mut golden = Golden::default();
    models::check(&mut golden);
    requests::check(&mut golden);
    frames::check(&mut golden);
    assert!(golden.faults.is_empty(), "{}", golden.faults.join("\n\n"));

    assert_eq!(
        golden.seen,
        sources::wire_types(),
        "left: checked here, right: found in src"
    );
    let files: BTreeSet<String> = fs::read_dir(folder())
        .expect("the folder is there")
        .filter_map(|entry| entry.expect("it can be listed").file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    assert_eq!(files, golden.seen, "left: files, right: types");
}

#[test]
fn kinds_of_a_later_version_decode_to_unknown() {
    fn read<T: DeserializeOwned>(json: Value) -> T {
        serde_json::from_value(json).expect("an unknown kind is not an error")
    }
    let later = json!({"type": "of_2031", "kind": "of_2031", "weight": 3});
    assert_eq!(read::<ClientFrame>(later.clone()), ClientFrame::Unknown);
    assert_eq!(read::<ServerFrame>(later.clone()), ServerFrame::Unknown);
    assert_eq!(read::<Command>(later.clone()), Command::Unknown);
    assert_eq!(read::<Done>(later.clone()), Done::Unknown);
    assert_eq!(read::<Event>(later.clone()), Event::Unknown);
    assert_eq!(read::<Signal>(later.clone()), Signal::Unknown);
    assert_eq!(read::<RoomCommand>(later.clone()), RoomCommand::Unknown);
    assert_eq!(read::<RoomFrame>(later), RoomFrame::Notice(RoomNotice::Unknown));
    assert_eq!(read::<ErrorCode>(json!("of_2031")), ErrorCode::Unknown);
    assert_eq!(read::<ResyncReason>(json!("of_2031")), ResyncReason::Unknown);
    let inside = json!({"type": "event", "pos": 7, "event": {"kind": "of_2031", "weight": 3}});
    let ServerFrame::Event { pos, event } = read(inside) else {
        panic!("it is an event")
    };
    assert_eq!((pos.0, event), (7, Event::Unknown));
}

#[test]
fn fields_of_a_later_version_are_ignored() {
    let later = json!({"type": "heartbeat", "pos": 9, "load": 0.4});
    let frame: ServerFrame = serde_json::from_value(later).expect("an unknown field is not an error");
    assert!(matches!(frame, ServerFrame::Heartbeat { pos } if pos.0 == 9));
}
