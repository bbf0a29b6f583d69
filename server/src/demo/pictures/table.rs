//! What stands on a table: tea and pottery.

use super::ink::Ink;

/// A round tea tin with a label.
pub(super) fn tin(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let height = 150 + ink.choice(50, 50);
    let top = 330 - height;
    let mid = top + height / 2 + 12;
    let sign = match ink.choice(51, 4) {
        0 => format!(
            "<path d=\"M200 {a}c26 14 26 40 0 54c-26-14-26-40 0-54z\" fill=\"{main}\"/>\
                      <path d=\"M200 {a}v62\" stroke=\"{light}\" stroke-width=\"3\"/>",
            a = mid - 28
        ),
        1 => format!(
            "<path d=\"M162 {a}l22-34 16 20 12-14 26 28z\" fill=\"{main}\"/>\
                      <circle cx=\"222\" cy=\"{b}\" r=\"8\" fill=\"{accent}\"/>",
            a = mid + 18,
            b = mid - 22
        ),
        2 => format!(
            "<circle cx=\"200\" cy=\"{mid}\" r=\"22\" fill=\"{accent}\"/>\
                      <path d=\"M178 {mid}h44M182 {a}h36\" stroke=\"{main}\" stroke-width=\"4\"/>",
            a = mid + 10
        ),
        _ => format!(
            "<path d=\"M172 {mid}q14-22 28 0t28 0M172 {a}q14-22 28 0t28 0\" fill=\"none\" \
                      stroke=\"{main}\" stroke-width=\"5\"/>",
            a = mid + 20
        ),
    };
    format!(
        "<path d=\"M126 {top}h148v{height}q-74 18-148 0z\" fill=\"{main}\"/>\
         <path d=\"M240 {top}h34v{height}q-17 5-34 8z\" fill=\"{dark}\"/>\
         <path d=\"M138 {top}h14v{height}l-14-3z\" fill=\"{light}\" opacity=\".7\"/>\
         <path d=\"M126 {label}h148v88q-74 16-148 0z\" fill=\"#fbf4e6\"/>{sign}\
         <path d=\"M120 {lid}h160v34q-80 16-160 0z\" fill=\"{dark}\"/>\
         <ellipse cx=\"200\" cy=\"{lid}\" rx=\"80\" ry=\"14\" fill=\"{light}\"/>\
         <ellipse cx=\"200\" cy=\"{lid}\" rx=\"58\" ry=\"9\" fill=\"{main}\"/>",
        label = mid - 44,
        lid = top - 14,
    )
}

/// A pressed cake of tea in its paper.
pub(super) fn puer(ink: &Ink) -> String {
    let Ink { accent, main, .. } = ink;
    format!(
        "<path d=\"M92 330q0-10 20-14h176q20 4 20 14z\" fill=\"#6d4a33\"/>\
         <circle cx=\"200\" cy=\"214\" r=\"104\" fill=\"#f3e7cf\"/><circle cx=\"200\" cy=\"214\" r=\"104\" fill=\"none\" \
         stroke=\"#d9c6a2\" stroke-width=\"5\"/>\
         <path d=\"M200 214L274 140A104 104 0 0 1 304 214Z\" fill=\"#5b3d2a\"/>\
         <path d=\"M226 202l44-42M240 206l48-22M262 176l18 20\" stroke=\"#7d5a40\" stroke-width=\"6\"/>\
         <circle cx=\"192\" cy=\"222\" r=\"46\" fill=\"none\" stroke=\"{main}\" stroke-width=\"5\"/>\
         <path d=\"M168 238l20-34 12 18 8-10 14 26z\" fill=\"{main}\"/><circle cx=\"212\" cy=\"200\" r=\"7\" fill=\"{accent}\"/>\
         <path d=\"M126 160l-14-10M118 252l-18 6M172 304l-4 16\" stroke=\"#d9c6a2\" stroke-width=\"4\"/>"
    )
}

/// A teapot, steaming.
pub(super) fn teapot(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let (width, knob) = (78 + ink.choice(52, 22), 10 + ink.choice(53, 8));
    let (left, right) = (196 - width, 196 + width);
    format!(
        "{steam}<path d=\"M{right} 232q34-8 44-46q4-14 18-12q-2 62-58 96z\" fill=\"{dark}\"/>\
         <path d=\"M{handle} 218q-62-10-56 40q6 40 66 34\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"15\"/>\
         <path d=\"M{left} 250q0-66 {width}-66t{width} 66q0 60-38 80H{base}q-38-20-38-80z\" fill=\"{main}\"/>\
         <path d=\"M{shade} 206Q{right} 222 {right} 250q0 60-38 80h-30q52-56 34-124z\" fill=\"{dark}\" opacity=\".55\"/>\
         <path d=\"M{shine} 232q6-26 34-32\" fill=\"none\" stroke=\"{light}\" stroke-width=\"10\"/>\
         <path d=\"M{lid} 190q6-26 52-26t52 26q-52 12-104 0z\" fill=\"{light}\"/>\
         <circle cx=\"196\" cy=\"156\" r=\"{knob}\" fill=\"{accent}\"/>\
         <path d=\"M{band} 274q74 18 {span} 0\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"5\" opacity=\".85\"/>",
        steam = steam(296, 150),
        handle = left + 8,
        base = left + 38,
        shade = right - 24,
        shine = left + 24,
        lid = 144,
        band = left + 4,
        span = 2 * width - 8,
    )
}

/// A cup on a saucer, or a mug.
pub(super) fn cup(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let glaze = match ink.choice(54, 3) {
        0 => format!(
            "<path d=\"M122 196h148v30q-14 26-30 8q-14-14-28 10q-14 24-30 0q-12-18-28 2q-18 18-32-12z\" fill=\"{light}\"/>"
        ),
        1 => format!(
            "<path d=\"M126 246q72 18 142 0M128 262q70 18 138 0\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"6\"/>"
        ),
        _ => format!(
            "<g fill=\"{accent}\"><circle cx=\"156\" cy=\"246\" r=\"9\"/><circle cx=\"196\" cy=\"258\" r=\"9\"/>\
                      <circle cx=\"236\" cy=\"246\" r=\"9\"/><circle cx=\"176\" cy=\"284\" r=\"9\"/><circle cx=\"218\" cy=\"284\" r=\"9\"/></g>"
        ),
    };
    format!(
        "{steam}<path d=\"M262 224q60-16 58 30q-4 42-70 38\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"15\"/>\
         <ellipse cx=\"196\" cy=\"322\" rx=\"112\" ry=\"13\" fill=\"{dark}\"/><ellipse cx=\"196\" cy=\"318\" rx=\"112\" ry=\"12\" fill=\"{light}\"/>\
         <path d=\"M120 196h152q2 90-34 122h-84q-36-32-34-122z\" fill=\"{main}\"/>{glaze}\
         <path d=\"M236 200h36q2 88-34 118h-26q26-40 24-118z\" fill=\"{dark}\" opacity=\".45\"/>\
         <ellipse cx=\"196\" cy=\"196\" rx=\"76\" ry=\"15\" fill=\"{light}\"/><ellipse cx=\"196\" cy=\"197\" rx=\"64\" ry=\"10\" fill=\"#7a4a24\"/>",
        steam = steam(196, 168),
    )
}

/// A plate seen from above, leaning.
pub(super) fn plate(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let mut leaves = String::new();
    let count = 5 + ink.choice(55, 4);
    for place in 0..count {
        let turn = place * 360 / count;
        leaves.push_str(&format!(
            "<g transform=\"rotate({turn} 200 208)\"><path d=\"M200 158q14-16 0-40q-14 24 0 40z\" fill=\"{accent}\"/>\
             <path d=\"M200 162v-36\" stroke=\"{main}\" stroke-width=\"2.5\"/></g>"
        ));
    }
    format!(
        "<path d=\"M122 330l30-50h96l30 50z\" fill=\"#8a6543\"/><circle cx=\"204\" cy=\"212\" r=\"118\" fill=\"{dark}\"/>\
         <circle cx=\"200\" cy=\"208\" r=\"118\" fill=\"{light}\"/><circle cx=\"200\" cy=\"208\" r=\"106\" fill=\"{main}\"/>\
         <circle cx=\"200\" cy=\"208\" r=\"60\" fill=\"{light}\" opacity=\".35\"/>{leaves}\
         <path d=\"M126 150a96 96 0 0 1 48-32\" fill=\"none\" stroke=\"#fff\" stroke-width=\"7\" opacity=\".5\"/>"
    )
}

/// A bowl, alone or in a stack.
pub(super) fn bowl(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let behind = match ink.choice(56, 2) {
        0 => format!(
            "<path d=\"M112 168h176q-6 62-56 72h-64q-50-10-56-72z\" fill=\"{accent}\"/>\
                      <ellipse cx=\"200\" cy=\"168\" rx=\"88\" ry=\"14\" fill=\"#fff\" opacity=\".6\"/>"
        ),
        _ => steam(200, 184),
    };
    format!(
        "{behind}<path d=\"M160 314h80l8 16h-96z\" fill=\"{dark}\"/>\
         <path d=\"M84 222h232q-8 84-80 98h-72q-72-14-80-98z\" fill=\"{main}\"/>\
         <path d=\"M268 222h48q-8 84-80 98h-30q54-28 62-98z\" fill=\"{dark}\" opacity=\".5\"/>\
         <path d=\"M96 258q24 14 52 0t52 0t52 0t52-2\" fill=\"none\" stroke=\"{light}\" stroke-width=\"6\"/>\
         <ellipse cx=\"200\" cy=\"222\" rx=\"116\" ry=\"20\" fill=\"{light}\"/><ellipse cx=\"200\" cy=\"224\" rx=\"102\" ry=\"14\" fill=\"{dark}\"/>"
    )
}

/// A vase with a dry branch.
pub(super) fn vase(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let body = match ink.choice(57, 3) {
        0 => "M170 180h60q-6 30 28 58q34 50-18 92h-80q-52-42-18-92q34-28 28-58z",
        1 => "M158 180h84q-18 26-8 62q18 56 6 88h-80q-12-32 6-88q10-36-8-62z",
        _ => "M182 180h36v34q62 20 56 76q-4 32-30 40h-88q-26-8-30-40q-6-56 56-76z",
    };
    format!(
        "<g fill=\"none\" stroke=\"#7c6a4d\" stroke-width=\"4\"><path d=\"M200 186q-6-60 20-118\"/><path d=\"M200 186q0-50-42-96\"/>\
         <path d=\"M206 140q26-8 40-30M186 118q-22 2-38-8\"/></g>\
         <g fill=\"{accent}\"><circle cx=\"220\" cy=\"66\" r=\"11\"/><circle cx=\"158\" cy=\"88\" r=\"10\"/><circle cx=\"248\" cy=\"108\" r=\"9\"/>\
         <circle cx=\"146\" cy=\"112\" r=\"8\"/><circle cx=\"208\" cy=\"100\" r=\"8\"/></g>\
         <path d=\"{body}\" fill=\"{main}\"/><clipPath id=\"v\"><path d=\"{body}\"/></clipPath>\
         <path d=\"M216 170q44 80 10 160h80V170z\" fill=\"{dark}\" opacity=\".5\" clip-path=\"url(#v)\"/><ellipse cx=\"200\" cy=\"180\" rx=\"30\" ry=\"6\" fill=\"{dark}\"/>\
         <path d=\"M160 276q-6 22 6 40\" fill=\"none\" stroke=\"{light}\" stroke-width=\"8\"/>"
    )
}

fn steam(x: usize, y: usize) -> String {
    let left = x - 24;
    let right = x + 18;
    format!(
        "<g fill=\"none\" stroke=\"#fff\" stroke-width=\"7\" opacity=\".75\"><path d=\"M{left} {y}q-16-22 0-44t0-40\"/>\
         <path d=\"M{right} {y}q-16-22 0-44t0-30\"/></g>"
    )
}
