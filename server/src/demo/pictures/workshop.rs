//! Timber and light.

use super::ink::Ink;

/// Light side, face, shadow side, end grain.
const WOODS: [[&str; 4]; 5] = [
    ["#eccb94", "#dcb175", "#b98b50", "#c69656"],
    ["#f3dfb8", "#e6c88f", "#c5a367", "#d3b074"],
    ["#d9a066", "#c4844a", "#98602f", "#a96f3a"],
    ["#c9a27a", "#ab8055", "#7d5a37", "#936b44"],
    ["#f0d9c2", "#dcb996", "#b8916b", "#c59f79"],
];

/// A stack of planks with their ends towards us.
pub(super) fn planks(ink: &Ink) -> String {
    let [light, face, dark, end] = ink.one_of(90, &WOODS);
    let rows = 4 + ink.choice(91, 3);
    let thick = 30 - rows;
    let mut stack = String::new();
    for row in 0..rows {
        let top = 322 - (row + 1) * (thick + 3);
        let shift = ink.choice(92 + row as u64, 14);
        let (left, width) = (58 + shift, 210);
        let right = left + width;
        stack.push_str(&format!(
            "<path d=\"M{left} {top}l44-22h{width}l-44 22z\" fill=\"{light}\"/><path d=\"M{left} {top}h{width}v{thick}h-{width}z\" fill=\"{face}\"/>\
             <path d=\"M{right} {top}l44-22v{thick}l-44 22z\" fill=\"{end}\"/><path d=\"M{a} {b}q60-7 120 0t70 0\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"2.5\" opacity=\".6\"/>\
             <path d=\"M{c} {d}l26-13\" stroke=\"{dark}\" stroke-width=\"2.5\" opacity=\".7\"/>",
            a = left + 8,
            b = top + thick / 2,
            c = right + 8,
            d = top + thick / 2,
        ));
    }
    format!("<path d=\"M76 320h26v14H76zM232 320h26v14h-26z\" fill=\"#6d4a33\"/>{stack}")
}

/// Square beams in a pyramid.
pub(super) fn beams(ink: &Ink) -> String {
    let [light, face, dark, end] = ink.one_of(93, &WOODS);
    let mut stack = String::new();
    for (row, count) in [3usize, 2, 1].into_iter().enumerate() {
        for place in 0..count {
            let (x, y) = (50 + row * 37 + place * 74, 330 - (row + 1) * 68);
            let right = x + 66;
            stack.push_str(&format!(
                "<path d=\"M{x} {y}l60-36h66l-60 36z\" fill=\"{light}\"/><path d=\"M{right} {y}l60-36v64l-60 38z\" fill=\"{dark}\"/>\
                 <path d=\"M{x} {y}h66v66h-66z\" fill=\"{face}\"/><g fill=\"none\" stroke=\"{end}\" stroke-width=\"4\">\
                 <path d=\"M{x} {a}q34-20 66 0M{x} {b}q34-30 66 0M{x} {c}q34-34 66 0\"/></g>",
                a = y + 62,
                b = y + 44,
                c = y + 24,
            ));
        }
    }
    stack
}

/// Round logs, sawn ends towards us.
pub(super) fn logs(ink: &Ink) -> String {
    let [light, face, dark, end] = ink.one_of(94, &WOODS);
    let bark = ink.one_of(95, &["#6b4a31", "#5a4636", "#d9d4cc", "#7b5a41"]);
    let radius = 44 + ink.choice(96, 8);
    let places = [
        (200 - radius, 330 - radius),
        (200 + radius, 330 - radius),
        (200, 330 - radius * 27 / 10),
    ];
    let mut drawing = String::new();
    for (x, y) in places {
        drawing.push_str(&format!(
            "<path d=\"M{x} {top}l54-30a{radius} {radius} 0 0 1 0 {twice}l-54 30z\" fill=\"{bark}\"/><circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{bark}\"/>\
             <circle cx=\"{x}\" cy=\"{y}\" r=\"{r1}\" fill=\"{light}\"/><g fill=\"none\" stroke=\"{face}\" stroke-width=\"4\"><circle cx=\"{x}\" cy=\"{y}\" r=\"{r2}\"/>\
             <circle cx=\"{x}\" cy=\"{y}\" r=\"{r3}\"/></g><circle cx=\"{x}\" cy=\"{y}\" r=\"5\" fill=\"{dark}\"/><path d=\"M{x} {y}l{r3}-12\" stroke=\"{end}\" stroke-width=\"3\"/>",
            top = y - radius,
            twice = 2 * radius,
            r1 = radius - 7,
            r2 = radius - 18,
            r3 = radius - 30,
        ));
    }
    drawing
}

/// A desk lamp with a jointed arm.
pub(super) fn lamp(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    format!(
        "<path d=\"M232 150L140 330h190z\" fill=\"#fff3c4\" opacity=\".6\"/>\
         <path d=\"M128 318l-34-104l84-92\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"11\"/><circle cx=\"94\" cy=\"214\" r=\"12\" fill=\"{accent}\"/>\
         <path d=\"M168 98l30-22q14 0 20 10l66 66q-30 30-78 20q-40-24-38-74z\" fill=\"{main}\"/><path d=\"M284 152q-30 30-78 20q30-8 50-48z\" fill=\"{dark}\" opacity=\".5\"/>\
         <path d=\"M188 104q-2 26 14 44\" fill=\"none\" stroke=\"{light}\" stroke-width=\"8\"/><ellipse cx=\"246\" cy=\"166\" rx=\"24\" ry=\"11\" transform=\"rotate(-14 246 166)\" fill=\"#ffe9a0\"/>\
         <path d=\"M72 330q4-20 56-20t56 20z\" fill=\"{main}\"/>"
    )
}

/// A round table lamp, lit.
pub(super) fn mushroom(ink: &Ink) -> String {
    let Ink { main, dark, accent, .. } = ink;
    let glow = ink.one_of(97, &["#fff0bd", "#ffe3c2", "#fff7de"]);
    format!(
        "<circle cx=\"200\" cy=\"184\" r=\"136\" fill=\"{glow}\" opacity=\".55\"/>\
         <path d=\"M172 226h56q-8 60 12 90h-80q20-30 12-90z\" fill=\"{main}\"/><path d=\"M212 226h16q-8 60 12 90h-26q10-40-2-90z\" fill=\"{dark}\" opacity=\".6\"/>\
         <path d=\"M142 330q2-18 58-18t58 18z\" fill=\"{dark}\"/><path d=\"M86 230q-2-118 114-120q116 2 114 120q-114 22-228 0z\" fill=\"{glow}\"/>\
         <path d=\"M86 230q114 22 228 0q-2 12-14 14q-100 16-200 0q-12-2-14-14z\" fill=\"{accent}\"/>\
         <path d=\"M118 190q12-44 54-56\" fill=\"none\" stroke=\"#fff\" stroke-width=\"12\" opacity=\".9\"/>"
    )
}

/// A lamp that hangs from the ceiling.
pub(super) fn pendant(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let shade = ink.one_of(
        98,
        &[
            "M92 226q4-92 92-104h32q88 12 92 104z",
            "M128 226q-14-92 58-104h28q72 12 58 104z",
            "M104 226l66-104h60l66 104z",
        ],
    );
    format!(
        "<path d=\"M112 226L70 400h260l-42-174z\" fill=\"#fff3c4\" opacity=\".45\"/><path d=\"M200 0v112\" stroke=\"{dark}\" stroke-width=\"5\"/>\
         <path d=\"M184 96h32v30h-32z\" fill=\"{accent}\"/><circle cx=\"200\" cy=\"230\" r=\"24\" fill=\"#ffe9a0\"/><path d=\"{shade}\" fill=\"{main}\"/>\
         <path d=\"M150 206q2-44 36-62\" fill=\"none\" stroke=\"{light}\" stroke-width=\"10\"/><path d=\"M104 226h192\" stroke=\"{dark}\" stroke-width=\"8\"/>"
    )
}

/// A bulb with a glowing thread.
pub(super) fn bulb(ink: &Ink) -> String {
    let Ink { dark, accent, .. } = ink;
    let thread = ink.one_of(
        99,
        &[
            "M176 262v-60l12-28 12 40 12-40 12 28v60",
            "M180 262v-70q20-30 40 0v70",
            "M182 262v-50l18-40 18 40v50",
        ],
    );
    format!(
        "<circle cx=\"200\" cy=\"186\" r=\"138\" fill=\"#fff2c0\" opacity=\".6\"/>\
         <path d=\"M168 272q-4-28-34-54q-26-30-20-66q12-62 86-66q74 4 86 66q6 36-20 66q-30 26-34 54z\" fill=\"#fffbe8\" opacity=\".92\"/>\
         <path d=\"{thread}\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"6\"/><path d=\"M140 152q6-30 34-40\" fill=\"none\" stroke=\"#fff\" stroke-width=\"11\"/>\
         <path d=\"M166 270h68v38q0 22-34 22t-34-22z\" fill=\"#b9a07a\"/><path d=\"M166 284h68M166 298h68M168 312h64\" stroke=\"{dark}\" stroke-width=\"5\" opacity=\".7\"/>"
    )
}
