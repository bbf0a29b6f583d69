//! `docs/delivery.md` names the tests that prove each line of the contract. Names rot; here they do not.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::sources::Source;

/// Lines of the contract.
const LINES: usize = 14;

/// One row of a table: what it is about, and the tests that it names.
pub struct Row {
    /// The first cell.
    pub about: String,
    /// The names in the last cell.
    pub tests: Vec<String>,
}

/// The rows of the tables whose last column is called `tests`.
pub fn rows() -> Vec<Row> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let page = fs::read_to_string(root.join("docs/delivery.md")).expect("the page is there");
    rows_of(&page)
}

fn rows_of(page: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut is_ours = false;
    for line in page.lines() {
        let Some(cells) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) else {
            is_ours = false;
            continue;
        };
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        let (first, last) = (cells[0], cells[cells.len() - 1]);
        if last == "tests" {
            is_ours = true;
        } else if is_ours && !first.starts_with("--") {
            let names = last.split('`').skip(1).step_by(2);
            rows.push(Row {
                about: first.to_owned(),
                tests: names.map(str::to_owned).collect(),
            });
        }
    }
    rows
}

/// What is wrong with the page.
pub fn faults(rows: &[Row], sources: &[Source]) -> Vec<String> {
    let known: HashSet<&str> = sources
        .iter()
        .filter(|source| source.path.ends_with(".rs"))
        .flat_map(|source| source.text.split("fn ").skip(1))
        .filter_map(|rest| rest.split(['(', '<']).next())
        .collect();
    let mut faults = Vec::new();
    for line in 1..=LINES {
        if !rows.iter().any(|row| row.about == line.to_string()) {
            faults.push(format!("line {line} of the contract is missing"));
        }
    }
    for Row { about, tests } in rows {
        if tests.is_empty() {
            faults.push(format!("`{about}` names no test"));
        }
        for test in tests.iter().filter(|test| !known.contains(test.as_str())) {
            faults.push(format!("`{about}` names `{test}`, which is not there"));
        }
    }
    faults
}

#[test]
fn the_page_is_read_and_a_missing_test_is_seen() {
    let page =
        "| line | tests |\n|---|---|\n| 1 | `is_there` and `is_not` |\n| 2 | none |\n\n| 3 | `no_table_of_ours` |\n";
    let source = Source {
        path: "a.rs".into(),
        text: "async fn is_there() {}".into(),
    };
    let faults = faults(&rows_of(page), &[source]);
    assert!(
        faults.contains(&"`1` names `is_not`, which is not there".to_owned()),
        "{faults:?}"
    );
    assert!(faults.contains(&"`2` names no test".to_owned()), "{faults:?}");
    assert!(
        faults.contains(&"line 3 of the contract is missing".to_owned()),
        "{faults:?}"
    );
    assert!(!faults.iter().any(|fault| fault.contains("is_there")), "{faults:?}");
}
