//! The tables and plots: medians of the rounds, each beside its ratio to the storing relay of the same round.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::plot::{Plot, shown};
use crate::town::Kind;

/// All figures, in the order in which they were first noted; a value for each round.
#[derive(Debug, Default)]
pub struct Report(Vec<Scenario>);

#[derive(Debug)]
struct Scenario {
    name: String,
    figures: Vec<Figure>,
}

#[derive(Debug)]
struct Figure {
    name: String,
    rounds: BTreeMap<Kind, Vec<f64>>,
}

impl Report {
    /// Notes a figure of a scenario.
    pub fn note(&mut self, scenario: &str, figure: &str, kind: Kind, value: f64) {
        eprintln!("    {}: {figure} {}", kind.name(), shown(value));
        let place = self
            .0
            .iter()
            .position(|other| other.name == scenario)
            .unwrap_or_else(|| {
                self.0.push(Scenario {
                    name: scenario.into(),
                    figures: Vec::new(),
                });
                self.0.len() - 1
            });
        let figures = &mut self.0[place].figures;
        let place = figures
            .iter()
            .position(|other| other.name == figure)
            .unwrap_or_else(|| {
                figures.push(Figure {
                    name: figure.into(),
                    rounds: BTreeMap::new(),
                });
                figures.len() - 1
            });
        figures[place].rounds.entry(kind).or_default().push(value);
    }

    /// As Markdown.
    #[must_use]
    pub fn tables(&self) -> String {
        let mut text = String::new();
        for scenario in &self.0 {
            let _ = writeln!(
                text,
                "\n**{}**\n\n| | relay | relay-store | prilavok | of relay-store |\n|---|---:|---:|---:|---:|",
                scenario.name
            );
            for figure in &scenario.figures {
                let cells = Kind::ALL.map(|kind| figure.median(kind).map_or("–".into(), shown));
                let _ = writeln!(text, "| {} | {} | {} |", figure.name, cells.join(" | "), figure.ratio());
            }
        }
        text
    }

    /// One figure over all scenarios that have it.
    #[must_use]
    pub fn plot(&self, figure: &str) -> Plot {
        let groups = self.0.iter().filter_map(|scenario| {
            let figure = scenario.figures.iter().find(|other| other.name == figure)?;
            Some((
                scenario.name.clone(),
                Kind::ALL.map(|kind| figure.median(kind)).to_vec(),
            ))
        });
        Plot {
            title: figure.into(),
            kinds: Kind::ALL.map(|kind| kind.name().to_owned()).to_vec(),
            groups: groups.collect(),
        }
    }
}

impl Figure {
    fn median(&self, kind: Kind) -> Option<f64> {
        self.rounds.get(&kind).map(|values| median(values))
    }

    /// The median of the rounds' own ratios, and how far they lie apart: the machine's noise shows there.
    fn ratio(&self) -> String {
        let (Some(store), Some(own)) = (self.rounds.get(&Kind::RelayStore), self.rounds.get(&Kind::Prilavok)) else {
            return "–".into();
        };
        let mut ratios: Vec<f64> = store
            .iter()
            .zip(own)
            .filter(|(store, _)| **store > 0.0)
            .map(|(store, own)| own / store)
            .collect();
        ratios.sort_by(f64::total_cmp);
        match ratios.as_slice() {
            [] => "–".into(),
            [only] => format!("{only:.2}"),
            [least, .., most] => format!("{:.2} ({least:.2}–{most:.2})", median(&ratios)),
        }
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_medians_and_the_ratios_of_each_round() {
        let mut report = Report::default();
        for (kind, values) in [
            (Kind::RelayStore, [10.0, 30.0, 20.0]),
            (Kind::Prilavok, [10.0, 9.0, 10.0]),
        ] {
            for value in values {
                report.note("loop", "msg/s", kind, value);
            }
        }
        let tables = report.tables();
        assert!(
            tables.contains("| msg/s | – | 20.00 | 10.00 | 0.50 (0.30–1.00) |"),
            "{tables}"
        );
        let plot = report.plot("msg/s");
        assert_eq!(plot.groups, [("loop".to_owned(), vec![None, Some(20.0), Some(10.0)])]);
    }
}
