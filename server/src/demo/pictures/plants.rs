//! House plants and their pots.

use super::ink::Ink;

const GREENS: [[&str; 3]; 4] = [
    ["#4f8a5b", "#356b44", "#86b98a"],
    ["#6a994e", "#4a7434", "#a7c957"],
    ["#3f7d6e", "#285a4e", "#7fb8a6"],
    ["#5a8f4a", "#3d6a30", "#9cc78a"],
];

/// Large leaves with holes.
pub(super) fn monstera(ink: &Ink) -> String {
    let [green, dark, light] = ink.one_of(130, &GREENS);
    let stripes = ink.choice(131, 2) == 0;
    let mut leaves = String::new();
    for (x, y, turn, size) in [
        (118, 134, -38, 80),
        (284, 140, 40, 80),
        (204, 92, 4, 100),
        (146, 206, -64, 62),
        (262, 206, 62, 62),
    ] {
        let inner = if stripes {
            format!(
                "<path d=\"M-28 -6q12-34 22-48M-14 16q4-40 10-70M14 16q-4-40-10-70M28-6q-12-34-22-48\" fill=\"none\" stroke=\"{light}\" stroke-width=\"6\"/>"
            )
        } else {
            format!(
                "<path d=\"M0 34V-48M0 12l-26-16M0 12l26-16M0-14l-22-14M0-14l22-14\" stroke=\"{light}\" stroke-width=\"4\"/>\
                     <g stroke=\"{dark}\" stroke-width=\"7\"><path d=\"M-48 12l22-10M48 12l-22-10M-44-18l20-2M44-18l-20-2\"/></g>"
            )
        };
        leaves.push_str(&format!(
            "<path d=\"M204 268Q{x} 220 {x} {y}\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"7\"/><g transform=\"translate({x} {y}) rotate({turn}) scale(.{size:02})\">\
             <path d=\"M0 46q-58 14-62-42q4-54 62-76q58 22 62 76q-4 56-62 42z\" fill=\"{green}\"/>{inner}</g>",
            size = size.min(99),
        ));
    }
    format!("{leaves}{}", pot(ink, 250))
}

/// A small tree.
pub(super) fn ficus(ink: &Ink) -> String {
    let [green, dark, light] = ink.one_of(132, &GREENS);
    let fruit = ink.choice(133, 3) == 0;
    let mut leaves = String::new();
    for place in 0..17usize {
        let (x, y) = (
            124 + ink.choice(140 + place as u64, 152),
            62 + ink.choice(160 + place as u64, 136),
        );
        let colour = [green, light, dark][place % 3];
        let turn = ink.choice(180 + place as u64, 180);
        leaves.push_str(&format!(
            "<g transform=\"translate({x} {y}) rotate({turn})\"><path d=\"M0 34q-26-30 0-68q26 38 0 68z\" fill=\"{colour}\"/><path d=\"M0 26v-44\" stroke=\"#fff\" stroke-width=\"2\" opacity=\".4\"/></g>"
        ));
    }
    let fruits = if fruit {
        "<g fill=\"#f4c430\"><ellipse cx=\"160\" cy=\"164\" rx=\"14\" ry=\"18\"/><ellipse cx=\"246\" cy=\"142\" rx=\"14\" ry=\"18\"/><ellipse cx=\"206\" cy=\"196\" rx=\"14\" ry=\"18\"/></g>"
    } else {
        ""
    };
    format!(
        "<path d=\"M200 268v-120M200 200l-34-44M200 184l38-46\" stroke=\"#7c5a36\" stroke-width=\"11\" fill=\"none\"/>{leaves}{fruits}{}",
        pot(ink, 256)
    )
}

/// Upright leaves, sometimes with a flower.
pub(super) fn snake(ink: &Ink) -> String {
    let [green, dark, light] = ink.one_of(134, &GREENS);
    let mut leaves = String::new();
    for (place, (x, height, lean)) in [
        (150, 150, -20),
        (178, 196, -8),
        (206, 222, 3),
        (232, 184, 12),
        (254, 140, 24),
    ]
    .into_iter()
    .enumerate()
    {
        let height = height - ink.choice(200 + place as u64, 30) as i32;
        let colour = [green, dark, light][place % 3];
        leaves.push_str(&format!(
            "<g transform=\"translate({x} 272) rotate({lean})\"><path d=\"M-15 0q-10 -{half} 15 -{height}q25 {half2} 15 {height}z\" fill=\"{colour}\"/>\
             <path d=\"M-8 -20q2 -{half} 8 -{top}\" fill=\"none\" stroke=\"#f4e9a8\" stroke-width=\"3\" opacity=\".8\"/></g>",
            half = height / 2,
            half2 = height / 2,
            top = height - 30,
        ));
    }
    let accent = ink.accent;
    let flower = if ink.choice(135, 2) == 0 {
        format!(
            "<path d=\"M222 260q14-90 62-150\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"5\"/><g fill=\"#fff\"><circle cx=\"284\" cy=\"92\" r=\"16\"/><circle cx=\"302\" cy=\"110\" r=\"16\"/>\
                 <circle cx=\"270\" cy=\"114\" r=\"16\"/><circle cx=\"290\" cy=\"128\" r=\"14\"/></g><circle cx=\"287\" cy=\"110\" r=\"8\" fill=\"{accent}\"/>"
        )
    } else {
        String::new()
    };
    format!("{leaves}{flower}{}", pot(ink, 260))
}

/// A cactus, or a family of them.
pub(super) fn cactus(ink: &Ink) -> String {
    let [green, dark, light] = ink.one_of(136, &GREENS);
    let accent = ink.accent;
    let body = match ink.choice(137, 2) {
        0 => format!(
            "<ellipse cx=\"200\" cy=\"198\" rx=\"88\" ry=\"84\" fill=\"{green}\"/><g fill=\"none\" stroke=\"{dark}\" stroke-width=\"5\"><path d=\"M200 114v160M164 124q-30 74 0 146M236 124q30 74 0 146M130 152q-14 50 10 96M270 152q14 50-10 96\"/></g>\
             <g fill=\"#fff6d8\"><circle cx=\"200\" cy=\"150\" r=\"4\"/><circle cx=\"200\" cy=\"196\" r=\"4\"/><circle cx=\"154\" cy=\"168\" r=\"4\"/><circle cx=\"246\" cy=\"168\" r=\"4\"/><circle cx=\"150\" cy=\"212\" r=\"4\"/><circle cx=\"250\" cy=\"212\" r=\"4\"/></g>\
             <path d=\"M200 118l-22-22 14 4 8-22 8 22 14-4z\" fill=\"{accent}\"/>"
        ),
        _ => format!(
            "<rect x=\"168\" y=\"84\" width=\"64\" height=\"190\" rx=\"32\" fill=\"{green}\"/><path d=\"M176 206h-34q-20 0-20-22v-30M224 184h36q20 0 20-22v-24\" fill=\"none\" stroke=\"{green}\" stroke-width=\"32\"/>\
             <path d=\"M186 104v160M214 104v160\" stroke=\"{dark}\" stroke-width=\"4\"/><path d=\"M122 160v20M280 144v20\" stroke=\"{light}\" stroke-width=\"5\"/>\
             <circle cx=\"200\" cy=\"80\" r=\"14\" fill=\"{accent}\"/><circle cx=\"280\" cy=\"124\" r=\"10\" fill=\"{accent}\"/>"
        ),
    };
    format!("{body}{}", pot(ink, 260))
}

/// A pot with a seedling: the pot is the point.
pub(super) fn pot_alone(ink: &Ink) -> String {
    let [green, dark, light] = ink.one_of(138, &GREENS);
    format!(
        "<path d=\"M200 210v-70\" stroke=\"{dark}\" stroke-width=\"8\"/><path d=\"M200 164q-52 0-58-50q56 0 58 50z\" fill=\"{green}\"/><path d=\"M200 150q48-2 54-48q-52 4-54 48z\" fill=\"{light}\"/>{}",
        pot(ink, 200)
    )
}

fn pot(ink: &Ink, top: usize) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let band = match ink.choice(139, 3) {
        0 => format!(
            "<path d=\"M136 {a}l16-14 16 14 16-14 16 14 16-14 16 14 16-14 16 14\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"5\"/>",
            a = top + 50
        ),
        1 => format!(
            "<path d=\"M134 {a}h132\" stroke=\"{light}\" stroke-width=\"9\"/>",
            a = top + 48
        ),
        _ => String::new(),
    };
    format!(
        "<path d=\"M122 {top}h156l-18 {height}q-2 8-12 8h-96q-10 0-12-8z\" fill=\"{main}\"/><path d=\"M240 {top}h38l-18 {height}q-2 8-12 8h-28z\" fill=\"{dark}\" opacity=\".5\"/>{band}\
         <rect x=\"112\" y=\"{rim}\" width=\"176\" height=\"26\" rx=\"8\" fill=\"{light}\"/>",
        height = 322 - top,
        rim = top - 8,
    )
}
