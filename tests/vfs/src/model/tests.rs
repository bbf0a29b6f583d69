//! What may and what may not be left after a power cut.

use std::collections::HashSet;

use fastrand::Rng;

use super::{FileId, Model, SECTOR};

/// Everything that a thousand power cuts leave of the file.
fn left(model: &Model, name: &str) -> HashSet<Option<Vec<u8>>> {
    let survivor = |seed| {
        let files = model.survivors(&mut Rng::with_seed(seed));
        files
            .into_iter()
            .find(|(left, _)| left == name)
            .map(|(_, content)| content)
    };
    (0..1_000).map(survivor).collect()
}

fn settled(content: &[u8]) -> (Model, FileId) {
    let mut model = Model::default();
    let file = model.add("file", content.to_vec(), true);
    (model, file)
}

#[test]
fn what_was_synced_is_left_and_the_rest_may_be() {
    let (mut model, file) = settled(b"old");
    model.write(file, 0, b"new");
    assert_eq!(
        left(&model, "file"),
        [Some(b"old".to_vec()), Some(b"new".to_vec())].into()
    );
    model.sync(file);
    assert_eq!(left(&model, "file"), [Some(b"new".to_vec())].into());
}

#[test]
fn a_later_write_may_be_left_without_an_earlier_one_and_a_write_may_be_torn() {
    let (mut model, file) = settled(&[0; 3 * SECTOR]);
    model.write(file, 0, &[1; 2 * SECTOR]);
    model.write(file, 2 * SECTOR as u64, &[1; SECTOR]);
    let pattern = |content: Option<Vec<u8>>| content.map(|bytes| [0, 1, 2].map(|sector| bytes[sector * SECTOR]));
    let left: HashSet<_> = left(&model, "file").into_iter().map(pattern).collect();
    assert_eq!(left.len(), 8, "every choice of sectors: {left:?}");
}

#[test]
fn what_a_failed_sync_should_have_kept_is_not_kept_by_the_next_one() {
    let (mut model, file) = settled(&[0; 2 * SECTOR]);
    model.write(file, 0, &[1; SECTOR]);
    model.fail_sync(file);
    model.write(file, SECTOR as u64, &[1; SECTOR]);
    model.sync(file);
    let firsts: HashSet<_> = left(&model, "file")
        .into_iter()
        .flatten()
        .map(|bytes| bytes[0])
        .collect();
    assert_eq!(firsts, [0, 1].into(), "the first write is still in doubt");
    model.write(file, 0, &[2]);
    model.sync(file);
    let content = left(&model, "file").into_iter().next().flatten();
    assert_eq!(
        content.map(|bytes| (bytes[0], bytes[1], bytes[SECTOR])),
        Some((2, 1, 1))
    );
}

#[test]
fn names_are_in_doubt_until_their_folder_is_synced() {
    let (mut model, _) = settled(b"");
    model.delete("file");
    model.add("other", b"here".to_vec(), false);
    assert_eq!(left(&model, "file"), [None, Some(Vec::new())].into());
    assert_eq!(left(&model, "other"), [None, Some(b"here".to_vec())].into());
    model.sync_names();
    assert_eq!(left(&model, "file"), [None].into());
    assert_eq!(left(&model, "other"), [Some(b"here".to_vec())].into());
}

#[test]
fn a_cut_is_in_doubt_until_the_sync_too() {
    let (mut model, file) = settled(b"long");
    model.cut(file, 1);
    assert_eq!(model.length(file), 1);
    assert_eq!(
        left(&model, "file"),
        [Some(b"long".to_vec()), Some(b"l".to_vec())].into()
    );
    model.sync(file);
    assert_eq!(left(&model, "file"), [Some(b"l".to_vec())].into());
}
