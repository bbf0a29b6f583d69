//! Bytes of strangers: every reader of frames, searches and times takes whatever comes, and what it takes means the same when it
//! is written and read again.
//!
//! The corpus is the golden files, and what has broken readers of text elsewhere. Each round changes some of it: one seed,
//! so that a failure comes back, and its input is in what the test says. `PRILAVOK_FUZZ_ROUNDS` plays longer.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use prilavok_protocol::frame::{ClientFrame, ServerFrame};
use prilavok_protocol::ids::ThreadId;
use prilavok_protocol::room::{RoomCommand, RoomFrame};
use prilavok_protocol::search::{Query, stems, words};
use prilavok_protocol::time::Time;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Enough for a second or two of a debug build.
const ROUNDS: usize = 20_000;
/// What goes into a text where it hurts.
const SPLINTERS: [&str; 24] = [
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "-1",
    "1e999",
    "18446744073709551616",
    "0.5",
    "\\ud800",
    "\u{0}",
    "\u{202e}",
    "\u{feff}",
    "ё",
    "İ",
    "ß",
    "\u{301}",
    "👩\u{200d}👧",
    "\u{10ffff}",
    "{\"type\":\"ping\"}",
];

#[test]
fn frames_are_read_or_refused_and_mean_the_same_when_written_again() {
    let mut corpus = corpus(&[
        "ClientFrame",
        "ServerFrame",
        "RoomCommand",
        "RoomFrame",
        "Command",
        "Event",
        "Signal",
    ]);
    // As the apps write it, which is read by a way of its own.
    let send = corpus
        .iter()
        .filter(|text| text.contains(r#""kind":"send""#) && text.contains(r#""type":"command""#));
    let send: Vec<String> = send
        .map(|text| {
            text.replace(r#","type":"command""#, "")
                .replacen('{', r#"{"type":"command","#, 1)
        })
        .collect();
    assert!(!send.is_empty(), "the corpus has lost its messages");
    corpus.extend(send.iter().cycle().take(20).cloned());
    let read = rounds(&corpus, |text| {
        let client = ClientFrame::read(text).ok();
        assert_eq!(client, serde_json::from_str(text).ok(), "the short way reads {text}");
        let client = client.filter(|frame| *frame != ClientFrame::Unknown);
        let server = serde_json::from_str::<ServerFrame>(text)
            .ok()
            .filter(|frame| *frame != ServerFrame::Unknown);
        [
            again(client),
            again(server),
            again(serde_json::from_str::<RoomCommand>(text).ok()),
            again(serde_json::from_str::<RoomFrame>(text).ok()),
        ]
        .into_iter()
        .any(|is_read| is_read)
    });
    assert!(
        read > ROUNDS / 100,
        "only {read} were read: the changes break all of them"
    );
}

#[test]
fn a_search_marks_whole_letters_of_the_text_it_was_given() {
    let corpus = corpus(&["Message", "Product", "Buyer"]);
    let mut other = String::from("Чайник ёлка №5");
    let found = rounds(&corpus, |text| {
        let query = Query::parse(text);
        let marks = query.as_ref().and_then(|query| query.marks(&other));
        let _stems = (stems(text), words(text).len());
        for mark in marks.iter().flatten() {
            assert!(
                other.get(mark.clone()).is_some_and(|part| !part.is_empty()),
                "{text:?} in {other:?}: {mark:?}"
            );
        }
        text.clone_into(&mut other);
        // What was searched for is found in itself.
        query.is_some_and(|query| query.marks(text).is_some())
    });
    assert!(found > 0, "nothing was ever found");
}

#[test]
fn times_and_ids_are_read_or_refused() {
    let corpus = [
        "2026-11-24T13:09:48.123Z",
        "1970-01-01T00:00:00Z",
        "00000000-0000-7000-8000-00000000000a",
    ];
    let corpus: Vec<String> = corpus.map(str::to_owned).into();
    rounds(&corpus, |text| {
        let time = text.parse::<Time>().ok();
        if let Some(time) = time {
            assert_eq!(time.to_string().parse::<Time>().ok(), Some(time), "{text:?}");
        }
        let id = text.parse::<ThreadId>().ok();
        if let Some(id) = id {
            assert_eq!(id.to_string().parse::<ThreadId>().ok(), Some(id), "{text:?}");
        }
        time.is_some() || id.is_some()
    });
}

/// Whether it was read; then what is written from it is read as the same.
fn again<T: Serialize + DeserializeOwned + PartialEq + Debug>(read: Option<T>) -> bool {
    let Some(frame) = read else { return false };
    let text = serde_json::to_string(&frame).expect("what was read can be written");
    let same: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text} is not read again: {error}"));
    assert_eq!(same, frame, "{text}");
    true
}

/// Plays all rounds; how many of them were taken.
fn rounds(corpus: &[String], mut take: impl FnMut(&str) -> bool) -> usize {
    let asked = std::env::var("PRILAVOK_FUZZ_ROUNDS").ok();
    let rounds = asked.map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    let mut dice = fastrand::Rng::with_seed(20_261_124);
    (0..rounds).filter(|_| take(&changed(corpus, &mut dice))).count()
}

/// One example, changed in some places: cut, doubled, splinters pushed in, spliced with another.
fn changed(corpus: &[String], dice: &mut fastrand::Rng) -> String {
    let mut text: Vec<char> = corpus[dice.usize(..corpus.len())].chars().collect();
    for _ in 0..dice.usize(0..4) {
        let (from, to) = (dice.usize(..=text.len()), dice.usize(..=text.len()));
        let (from, to) = (from.min(to), from.max(to));
        match dice.u8(..5) {
            0 => drop(text.drain(from..to.min(from + 8))),
            1 => {
                let part = text[from..to].to_vec();
                text.splice(from..from, part);
            }
            2 => drop(text.splice(from..from, SPLINTERS[dice.usize(..SPLINTERS.len())].chars())),
            3 => {
                let other: Vec<char> = corpus[dice.usize(..corpus.len())].chars().collect();
                text.splice(from..to, other[dice.usize(..=other.len())..].iter().copied());
            }
            _ => text.extend(dice.char(..).to_string().chars()),
        }
        text.truncate(4096);
    }
    text.into_iter().collect()
}

fn corpus(names: &[&str]) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let examples = names.iter().flat_map(|name| {
        let text = fs::read_to_string(folder.join(format!("{name}.json"))).expect("a golden file");
        serde_json::from_str::<Vec<Value>>(&text).expect("a list of examples")
    });
    examples.map(|example| example.to_string()).collect()
}
