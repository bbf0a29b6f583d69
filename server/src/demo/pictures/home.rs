//! What makes a home: linen, honey, candles.

use super::ink::Ink;

/// A stack of folded linen.
pub(super) fn linen(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let colours = [main, "#efe6d6", light, "#d8ccb8"];
    let layers = 3 + ink.choice(60, 2);
    let mut stack = String::new();
    for place in 0..layers {
        let top = 330 - 46 * (place + 1);
        let colour = colours[(place + ink.choice(61, 4)) % 4];
        let (left, width) = (84 + 6 * (place % 2), 226 - 8 * (place % 3));
        stack.push_str(&format!(
            "<path d=\"M{left} {top}h{width}q20 0 20 22t-20 22h-{width}q-10 0-10-8v-28q0-8 10-8z\" fill=\"{colour}\"/>\
             <path d=\"M{left} {mid}h{width}q12 0 14-8\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"3\" opacity=\".35\"/>\
             <path d=\"M{left} {low}h{width}\" stroke=\"#000\" stroke-width=\"4\" opacity=\".08\"/>",
            mid = top + 22,
            low = top + 42,
        ));
    }
    let top = 330 - 46 * layers;
    format!(
        "{stack}<path d=\"M186 {top}h30v{height}h-30z\" fill=\"{accent}\"/>\
         <path d=\"M201 {top}q-44-34-52-6q2 16 52 6q44-34 52-6q-2 16-52 6z\" fill=\"{accent}\"/>\
         <circle cx=\"201\" cy=\"{top}\" r=\"8\" fill=\"{dark}\"/>",
        height = 46 * layers - 2,
    )
}

/// A towel on a rail.
pub(super) fn towel(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let weave = match ink.choice(62, 2) {
        0 => format!("<path d=\"M122 244h130M122 258h130M122 284h130\" stroke=\"{accent}\" stroke-width=\"7\"/>"),
        _ => format!(
            "<g stroke=\"{light}\" stroke-width=\"4\" opacity=\".8\"><path d=\"M122 150h130M122 182h130M122 214h130M122 246h130M122 278h130\"/>\
                      <path d=\"M146 126v182M174 126v182M202 126v182M230 126v182\"/></g>"
        ),
    };
    format!(
        "<path d=\"M70 116h260\" stroke=\"#8a6543\" stroke-width=\"14\"/><circle cx=\"70\" cy=\"116\" r=\"13\" fill=\"#6d4a33\"/>\
         <circle cx=\"330\" cy=\"116\" r=\"13\" fill=\"#6d4a33\"/><path d=\"M222 112h66v150q-33 10-66 0z\" fill=\"{dark}\"/>\
         <path d=\"M122 112q0-12 14-12h102q14 0 14 12v196q-65 12-130 0z\" fill=\"{main}\"/>{weave}\
         <path d=\"M126 308v14M142 311v14M158 312v14M174 313v14M190 313v14M206 313v14M222 312v14M246 309v14\" \
         stroke=\"{light}\" stroke-width=\"4\"/>"
    )
}

/// An apron on a hook.
pub(super) fn apron(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let pocket = ink.one_of(
        63,
        &[
            "M160 226h80v34q0 14-14 14h-52q-14 0-14-14z",
            "M138 236h52v44h-52zM210 236h52v44h-52z",
        ],
    );
    format!(
        "<path d=\"M200 40v20\" stroke=\"#6d4a33\" stroke-width=\"10\"/><path d=\"M166 120q-4-58 34-62q38 4 34 62\" fill=\"none\" \
         stroke=\"{dark}\" stroke-width=\"8\"/><path d=\"M160 116h80q2 56 50 66l10 146q-100 14-200 0l10-146q48-10 50-66z\" fill=\"{main}\"/>\
         <path d=\"M160 116h80v16h-80z\" fill=\"{light}\"/><path d=\"{pocket}\" fill=\"{light}\" stroke=\"{dark}\" stroke-width=\"3\"/>\
         <path d=\"M112 186q-40 12-46 54M288 186q40 12 46 54\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"7\"/>\
         <path d=\"M102 314q98 12 196 0\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"6\"/>"
    )
}

/// A jar of honey with a cloth on its lid.
pub(super) fn honey(ink: &Ink) -> String {
    let Ink { accent, main, .. } = ink;
    let honey = ink.one_of(64, &["#e39a1f", "#f0b840", "#b8701c", "#f4d58a", "#8a4b16"]);
    let label = match ink.choice(65, 3) {
        0 => "<path d=\"M200 226l20 12v24l-20 12l-20-12v-24z\" fill=\"#e9a92e\"/><path d=\"M178 214l12 7v14l-12 7l-12-7v-14zM222 214l12 7v14l-12 7l-12-7v-14z\" fill=\"#f4c766\"/>".to_owned(),
        1 => format!("<circle cx=\"200\" cy=\"250\" r=\"9\" fill=\"#f2b632\"/><g fill=\"{main}\"><circle cx=\"200\" cy=\"230\" r=\"11\"/><circle cx=\"219\" cy=\"244\" r=\"11\"/><circle cx=\"212\" cy=\"266\" r=\"11\"/><circle cx=\"188\" cy=\"266\" r=\"11\"/><circle cx=\"181\" cy=\"244\" r=\"11\"/></g>"),
        _ => "<ellipse cx=\"200\" cy=\"252\" rx=\"25\" ry=\"17\" fill=\"#f2b632\"/><path d=\"M192 236v32M206 236v32\" stroke=\"#4a3322\" stroke-width=\"7\"/><ellipse cx=\"192\" cy=\"228\" rx=\"12\" ry=\"8\" fill=\"#dfeaf0\"/><ellipse cx=\"212\" cy=\"228\" rx=\"12\" ry=\"8\" fill=\"#dfeaf0\"/><circle cx=\"226\" cy=\"250\" r=\"4\" fill=\"#4a3322\"/>".to_owned(),
    };
    format!(
        "<path d=\"M122 168q-14 10-14 30v106q0 26 26 26h132q26 0 26-26V198q0-20-14-30z\" fill=\"{honey}\"/>\
         <path d=\"M252 168h26q14 10 14 30v106q0 26-26 26h-28q18-8 18-34z\" fill=\"#000\" opacity=\".12\"/>\
         <path d=\"M124 196v96\" stroke=\"#fff\" stroke-width=\"10\" opacity=\".5\"/>\
         <path d=\"M144 202h112v94H144z\" fill=\"#fdf6e6\"/>{label}\
         <path d=\"M104 176q-8-10 6-30q10-26 36-30h108q26 4 36 30q14 20 6 30l-20-10l-18 12l-20-10l-20 12l-18-10l-20 10l-20-12l-18 10z\" fill=\"{accent}\"/>\
         <path d=\"M118 150h164\" stroke=\"#7c5a36\" stroke-width=\"7\"/><path d=\"M150 118h100q8 0 10 12H140q2-12 10-12z\" fill=\"#fff\" opacity=\".3\"/>"
    )
}

/// Honeycomb and a dipper.
pub(super) fn comb(ink: &Ink) -> String {
    let mut cells = String::new();
    for row in 0..4 {
        for column in 0..5 {
            let (x, y) = (104 + column * 46 + (row % 2) * 23, 164 + row * 40);
            let fill = ink.one_of(
                (70 + row * 5 + column) as u64,
                &["#f0b840", "#e39a1f", "#f4c766", "#c97f18"],
            );
            cells.push_str(&format!(
                "<path d=\"M{x} {top}l21 12v25l-21 12l-21-12v-25z\" fill=\"{fill}\" stroke=\"#fbe3a8\" stroke-width=\"4\"/>",
                top = y - 24,
            ));
        }
    }
    format!(
        "<path d=\"M70 122h270v196q-60 16-130 8t-140 4z\" fill=\"#d98f1c\"/>{cells}\
         <path d=\"M120 318q6 26-8 30M206 322q4 22-4 34\" stroke=\"#e39a1f\" stroke-width=\"12\" fill=\"none\"/>\
         <path d=\"M330 60L232 176\" stroke=\"#9a6b3f\" stroke-width=\"12\"/><g stroke=\"#b9854f\" stroke-width=\"11\">\
         <path d=\"M214 166l36 30M204 180l36 30M196 196l32 26\"/></g>"
    )
}

/// A candle in a glass.
pub(super) fn jar_candle(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let top = 160 + ink.choice(66, 34);
    format!(
        "{flame}<path d=\"M122 {top}h156v{height}q0 20-20 20H142q-20 0-20-20z\" fill=\"{main}\"/>\
         <path d=\"M244 {top}h34v{height}q0 20-20 20h-32q18-4 18-20z\" fill=\"{dark}\" opacity=\".6\"/>\
         <ellipse cx=\"200\" cy=\"{top}\" rx=\"78\" ry=\"15\" fill=\"{light}\"/><ellipse cx=\"200\" cy=\"{top}\" rx=\"66\" ry=\"10\" fill=\"#fdf3dc\"/>\
         <path d=\"M152 {label}h96v70h-96z\" fill=\"#fdf8ee\"/><path d=\"M168 {line}h64M180 {line2}h40\" stroke=\"{dark}\" stroke-width=\"5\"/>\
         <circle cx=\"200\" cy=\"{dot}\" r=\"8\" fill=\"{accent}\"/>\
         <path d=\"M134 {shine}v70\" stroke=\"#fff\" stroke-width=\"7\" opacity=\".45\"/>",
        flame = flame(200, top),
        height = 310 - top,
        label = top + 42,
        line = top + 62,
        line2 = top + 76,
        dot = top + 95,
        shine = top + 30,
    )
}

/// Two or three pillar candles.
pub(super) fn candles(ink: &Ink) -> String {
    let Ink {
        main,
        light,
        dark,
        accent,
        ..
    } = ink;
    let pillars = [(106, 196, main), (174, 132, &"#f6e3b4"), (244, 222, light)];
    let mut drawing = String::new();
    for (place, (left, top, colour)) in pillars.into_iter().enumerate() {
        let top = top + ink.choice(80 + place as u64, 30);
        drawing.push_str(&format!(
            "{flame}<path d=\"M{left} {top}h54v{height}h-54z\" fill=\"{colour}\"/><path d=\"M{shade} {top}h16v{height}h-16z\" fill=\"#000\" opacity=\".1\"/>\
             <path d=\"M{left} {top}v26q8 12 14 0v-16q6-8 12 0v8\" fill=\"#fff\" opacity=\".4\"/><ellipse cx=\"{mid}\" cy=\"{top}\" rx=\"27\" ry=\"7\" fill=\"#fff6df\"/>",
            flame = flame(left + 27, top),
            height = 322 - top,
            shade = left + 38,
            mid = left + 27,
        ));
    }
    format!(
        "{drawing}<path d=\"M84 320h232q-6 14-30 14H114q-24 0-30-14z\" fill=\"{dark}\"/><path d=\"M84 320h232\" stroke=\"{accent}\" stroke-width=\"5\"/>"
    )
}

/// A bottle with reeds.
pub(super) fn diffuser(ink: &Ink) -> String {
    let Ink {
        main,
        light,
        accent,
        dark,
        ..
    } = ink;
    format!(
        "<g stroke=\"#a9825a\" stroke-width=\"5\"><path d=\"M200 210L150 62M200 210L182 50M200 210L214 48M200 210L250 66M200 210L276 92\"/></g>\
         <path d=\"M176 168h48v40q52 12 52 60v44q0 18-18 18H142q-18 0-18-18v-44q0-48 52-60z\" fill=\"{light}\" opacity=\".9\"/>\
         <path d=\"M126 262q74 16 148 0v50q0 18-18 18H144q-18 0-18-18z\" fill=\"{main}\"/>\
         <path d=\"M168 158h64v18h-64z\" fill=\"{dark}\"/><path d=\"M166 272h68v40h-68z\" fill=\"#fdf8ee\"/>\
         <path d=\"M186 302q14-26 28 0\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"5\"/>"
    )
}

fn flame(x: usize, y: usize) -> String {
    let foot = y.saturating_sub(2);
    let tip = y.saturating_sub(70);
    let glow = y.saturating_sub(36);
    format!(
        "<circle cx=\"{x}\" cy=\"{glow}\" r=\"46\" fill=\"#ffd98a\" opacity=\".4\"/><path d=\"M{x} {foot}v-16\" stroke=\"#4a3b32\" stroke-width=\"4\"/>\
         <path d=\"M{x} {tip}q26 34 16 48q-16 16-32 0q-10-14 16-48z\" fill=\"#f59b23\"/>\
         <path d=\"M{x} {inner}q12 18 7 24q-7 8-14 0q-5-6 7-24z\" fill=\"#ffe9a8\"/>",
        inner = tip + 26,
    )
}
