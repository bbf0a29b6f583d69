//! Plots: groups of bars, one bar a kind, as SVG that every browser and code host shows.

use std::fmt::Write as _;

/// A plot.
#[derive(Debug)]
pub struct Plot {
    /// What it shows, with its unit.
    pub title: String,
    /// A name for each bar of a group.
    pub kinds: Vec<String>,
    /// The name of each group, and a value for each kind where there is one.
    pub groups: Vec<(String, Vec<Option<f64>>)>,
}

const WIDTH: f64 = 760.0;
const NAMES: f64 = 230.0;
const BAR: f64 = 14.0;
const GAP: f64 = 14.0;
const TOP: f64 = 62.0;
/// Told apart by people who see no red and green, too.
const COLOURS: [&str; 3] = ["#b8b8b8", "#5b8def", "#e07a2f"];

impl Plot {
    /// As SVG, on white: dark pages of code hosts show pictures as they are.
    #[must_use]
    pub fn svg(&self) -> String {
        let group = self.kinds.len() as f64 * BAR + GAP;
        let height = TOP + self.groups.len() as f64 * group + 10.0;
        let most = self.values().fold(f64::MIN_POSITIVE, f64::max);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
             <text x=\"10\" y=\"22\" font-size=\"15\" font-weight=\"bold\">{}</text>\n",
            escaped(&self.title)
        );
        for (number, kind) in self.kinds.iter().enumerate() {
            let x = 10.0 + number as f64 * 120.0;
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"34\" width=\"12\" height=\"12\" fill=\"{}\"/><text x=\"{}\" y=\"44\">{}</text>",
                COLOURS[number % COLOURS.len()],
                x + 17.0,
                escaped(kind)
            );
        }
        for (number, (name, values)) in self.groups.iter().enumerate() {
            let top = TOP + number as f64 * group;
            let middle = top + (group - GAP) / 2.0 + 4.0;
            let _ = writeln!(
                svg,
                "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\">{}</text>",
                NAMES - 8.0,
                escaped(name)
            );
            for (kind, value) in values.iter().enumerate() {
                let Some(value) = value else { continue };
                let (y, length) = (top + kind as f64 * BAR, value / most * (WIDTH - NAMES - 80.0));
                let _ = writeln!(
                    svg,
                    "<rect x=\"{NAMES}\" y=\"{y}\" width=\"{:.1}\" height=\"{}\" fill=\"{}\"/><text x=\"{:.1}\" y=\"{}\" font-size=\"11\">{}</text>",
                    length.max(1.0),
                    BAR - 2.0,
                    COLOURS[kind % COLOURS.len()],
                    NAMES + length.max(1.0) + 5.0,
                    y + BAR - 4.0,
                    shown(*value)
                );
            }
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// Whether there is anything to see.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values().next().is_none()
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.groups
            .iter()
            .flat_map(|(_, values)| values.iter().copied().flatten())
    }
}

/// A figure with as many digits as it deserves, thousands apart.
#[must_use]
pub fn shown(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    if value < 100.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_fills_the_width_and_the_others_are_in_proportion() {
        let plot = Plot {
            title: "a < b".into(),
            kinds: vec!["one".into(), "two".into()],
            groups: vec![
                ("x".into(), vec![Some(50.0), Some(100.0)]),
                ("y".into(), vec![None, Some(25.0)]),
            ],
        };
        let svg = plot.svg();
        let full = WIDTH - NAMES - 80.0;
        for width in [full, full / 2.0, full / 4.0] {
            assert!(svg.contains(&format!("width=\"{width:.1}\"")), "{svg}");
        }
        assert!(svg.contains("a &lt; b"), "{svg}");
    }

    #[test]
    fn thousands_stand_apart() {
        let all = [0.0, 0.126, 17.0, 100.0, 1_234.4, 1_234_567.0].map(shown);
        assert_eq!(all, ["0", "0.13", "17.00", "100", "1,234", "1,234,567"]);
    }
}
