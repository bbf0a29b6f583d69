//! Electronics and bicycles.

use super::ink::Ink;

/// Headphones.
pub(super) fn headphones(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    format!(
        "<path d=\"M98 236q-8-150 102-152q110 2 102 152\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"22\"/><path d=\"M112 190q8-88 88-90\" fill=\"none\" stroke=\"{light}\" stroke-width=\"7\"/>\
         <rect x=\"64\" y=\"204\" width=\"64\" height=\"112\" rx=\"30\" fill=\"{main}\"/><rect x=\"272\" y=\"204\" width=\"64\" height=\"112\" rx=\"30\" fill=\"{main}\"/>\
         <rect x=\"114\" y=\"214\" width=\"30\" height=\"92\" rx=\"15\" fill=\"#2d2a32\"/><rect x=\"256\" y=\"214\" width=\"30\" height=\"92\" rx=\"15\" fill=\"#2d2a32\"/>\
         <circle cx=\"92\" cy=\"260\" r=\"15\" fill=\"{accent}\"/><circle cx=\"308\" cy=\"260\" r=\"15\" fill=\"{accent}\"/>"
    )
}

/// A loudspeaker.
pub(super) fn speaker(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    match ink.choice(110, 2) {
        0 => format!(
            "<rect x=\"112\" y=\"84\" width=\"176\" height=\"246\" rx=\"22\" fill=\"#a9744a\"/><path d=\"M130 112q70 10 140 0M130 318q70-10 140 0\" fill=\"none\" stroke=\"#8a5a36\" stroke-width=\"4\"/>\
             <circle cx=\"200\" cy=\"150\" r=\"34\" fill=\"#2d2a32\"/><circle cx=\"200\" cy=\"150\" r=\"13\" fill=\"{light}\"/><circle cx=\"200\" cy=\"248\" r=\"62\" fill=\"#2d2a32\"/>\
             <circle cx=\"200\" cy=\"248\" r=\"46\" fill=\"{main}\"/><circle cx=\"200\" cy=\"248\" r=\"18\" fill=\"{accent}\"/>"
        ),
        _ => format!(
            "<rect x=\"62\" y=\"178\" width=\"276\" height=\"152\" rx=\"64\" fill=\"{main}\"/><rect x=\"80\" y=\"194\" width=\"240\" height=\"120\" rx=\"52\" fill=\"{dark}\"/>\
             <g fill=\"#2d2a32\"><circle cx=\"142\" cy=\"254\" r=\"42\"/><circle cx=\"258\" cy=\"254\" r=\"42\"/></g><g fill=\"{light}\"><circle cx=\"142\" cy=\"254\" r=\"17\"/><circle cx=\"258\" cy=\"254\" r=\"17\"/></g>\
             <path d=\"M150 178q0-26 50-26t50 26\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"11\"/><circle cx=\"200\" cy=\"290\" r=\"5\" fill=\"{accent}\"/>"
        ),
    }
}

/// A keyboard, seen from above.
pub(super) fn keyboard(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let mut keys = String::new();
    for row in 0..4usize {
        for column in 0..8usize {
            let (x, y) = (62 + column * 35, 176 + row * 32);
            let colour = match (ink.choice((120 + row * 8 + column) as u64, 9), row * 8 + column) {
                (_, 0 | 31) => accent,
                (0, _) => light,
                _ => &"#f6f1e7",
            };
            if row < 3 || !(2..6).contains(&column) {
                keys.push_str(&format!(
                    "<rect x=\"{x}\" y=\"{y}\" width=\"30\" height=\"26\" rx=\"6\" fill=\"{colour}\"/>"
                ));
            }
        }
    }
    format!(
        "<path d=\"M200 160q-10-70 60-66t60-60\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"7\"/><rect x=\"44\" y=\"166\" width=\"312\" height=\"160\" rx=\"18\" fill=\"{dark}\"/>\
         <rect x=\"44\" y=\"158\" width=\"312\" height=\"160\" rx=\"18\" fill=\"{main}\"/>{keys}<rect x=\"132\" y=\"272\" width=\"135\" height=\"26\" rx=\"6\" fill=\"{light}\"/>"
    )
}

/// A small device with a screen.
pub(super) fn gadget(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let screen = match ink.choice(111, 3) {
        0 => format!(
            "<circle cx=\"200\" cy=\"176\" r=\"25\" fill=\"{accent}\"/><path d=\"M160 226h80M172 242h56\" stroke=\"{main}\" stroke-width=\"7\"/>"
        ),
        1 => format!(
            "<path d=\"M146 226l26-36 22 20 28-48 32 36\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"8\"/><path d=\"M146 246h108\" stroke=\"{main}\" stroke-width=\"5\"/>"
        ),
        _ => format!(
            "<path d=\"M200 148q34 40 34 62a34 34 0 0 1-68 0q0-22 34-62z\" fill=\"{main}\"/><path d=\"M184 212q2 16 16 18\" fill=\"none\" stroke=\"{light}\" stroke-width=\"6\"/>"
        ),
    };
    format!(
        "<rect x=\"108\" y=\"102\" width=\"192\" height=\"228\" rx=\"34\" fill=\"{dark}\"/><rect x=\"100\" y=\"98\" width=\"192\" height=\"228\" rx=\"34\" fill=\"{main}\"/>\
         <rect x=\"122\" y=\"124\" width=\"148\" height=\"138\" rx=\"16\" fill=\"#f7f4ea\"/><g transform=\"translate(-4 0)\">{screen}</g>\
         <circle cx=\"156\" cy=\"294\" r=\"12\" fill=\"{light}\"/><circle cx=\"196\" cy=\"294\" r=\"12\" fill=\"{accent}\"/><circle cx=\"236\" cy=\"294\" r=\"12\" fill=\"{light}\"/>"
    )
}

/// A circuit board.
pub(super) fn board(ink: &Ink) -> String {
    let green = ink.one_of(112, &["#2f7d5b", "#1f5f8b", "#7a3e8e", "#8a2f3b"]);
    let pins: String = (0..11)
        .map(|place| {
            let x = 88 + place * 22;
            format!("<circle cx=\"{x}\" cy=\"138\" r=\"6\"/><circle cx=\"{x}\" cy=\"306\" r=\"6\"/>")
        })
        .collect();
    let accent = ink.accent;
    format!(
        "<rect x=\"66\" y=\"120\" width=\"268\" height=\"206\" rx=\"16\" fill=\"{green}\"/><g fill=\"#e8c66a\">{pins}</g>\
         <g fill=\"none\" stroke=\"#fff\" stroke-width=\"3\" opacity=\".35\"><path d=\"M110 144v40h44M154 300v-34h20M242 240h46v58M226 190v-46M264 210h36v-66\"/></g>\
         <rect x=\"152\" y=\"176\" width=\"92\" height=\"92\" rx=\"8\" fill=\"#2d2a32\"/><circle cx=\"170\" cy=\"194\" r=\"6\" fill=\"#8b8791\"/>\
         <rect x=\"50\" y=\"198\" width=\"50\" height=\"44\" rx=\"6\" fill=\"#c9ccd2\"/><rect x=\"270\" y=\"176\" width=\"40\" height=\"26\" rx=\"4\" fill=\"#c9ccd2\"/>\
         <circle cx=\"282\" cy=\"252\" r=\"11\" fill=\"{accent}\"/><circle cx=\"306\" cy=\"270\" r=\"7\" fill=\"#d1495b\"/>"
    )
}

/// A spoked wheel.
pub(super) fn wheel(ink: &Ink) -> String {
    let Ink { main, accent, .. } = ink;
    let count = ink.one_of(113, &[12, 16, 20]);
    let spokes: String = (0..count)
        .map(|place| {
            format!(
                "<path d=\"M196 206L206 102\" transform=\"rotate({} 200 206)\"/>",
                place * 360 / count
            )
        })
        .collect();
    format!(
        "<circle cx=\"200\" cy=\"206\" r=\"117\" fill=\"none\" stroke=\"#2d2a32\" stroke-width=\"20\"/><circle cx=\"200\" cy=\"206\" r=\"117\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"4\" stroke-dasharray=\"6 12\"/>\
         <circle cx=\"200\" cy=\"206\" r=\"102\" fill=\"none\" stroke=\"{main}\" stroke-width=\"10\"/><g stroke=\"#8b8791\" stroke-width=\"3\">{spokes}</g>\
         <circle cx=\"200\" cy=\"206\" r=\"22\" fill=\"{main}\"/><circle cx=\"200\" cy=\"206\" r=\"10\" fill=\"#f1ede4\"/>"
    )
}

/// Sprockets with a piece of chain.
pub(super) fn gear(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let teeth = |x: usize, y: usize, radius: usize, count: usize| -> String {
        (0..count)
            .map(|place| {
                format!(
                    "<rect x=\"{}\" y=\"{}\" width=\"18\" height=\"26\" rx=\"5\" transform=\"rotate({} {x} {y})\"/>",
                    x - 9,
                    y - radius - 12,
                    place * 360 / count
                )
            })
            .collect()
    };
    let count = 14 + ink.choice(114, 5);
    format!(
        "<g fill=\"{dark}\">{large}<circle cx=\"176\" cy=\"214\" r=\"96\"/></g><circle cx=\"176\" cy=\"214\" r=\"82\" fill=\"{main}\"/><circle cx=\"176\" cy=\"214\" r=\"56\" fill=\"none\" stroke=\"{light}\" stroke-width=\"14\" stroke-dasharray=\"46 24\"/>\
         <circle cx=\"176\" cy=\"214\" r=\"22\" fill=\"#f1ede4\"/><circle cx=\"176\" cy=\"214\" r=\"11\" fill=\"{dark}\"/>\
         <g fill=\"{accent}\">{small}<circle cx=\"298\" cy=\"286\" r=\"36\"/></g><circle cx=\"298\" cy=\"286\" r=\"15\" fill=\"#f1ede4\"/>\
         <path d=\"M150 104L338 250\" stroke=\"#6b6772\" stroke-width=\"12\" stroke-dasharray=\"3 17\"/><path d=\"M150 104L338 250\" stroke=\"#6b6772\" stroke-width=\"4\"/>",
        large = teeth(176, 214, 96, count),
        small = teeth(298, 286, 36, 9),
    )
}

/// A bicycle bell.
pub(super) fn bell(ink: &Ink) -> String {
    let Ink { main, dark, .. } = ink;
    let brass = ink.one_of(
        115,
        &[
            ["#d9a441", "#a97a22", "#f4d58a"],
            ["#b9bcc4", "#868a94", "#eceef2"],
            ["#c47b5a", "#94543a", "#eab79d"],
        ],
    );
    let [face, shade, shine] = brass;
    format!(
        "<path d=\"M40 296h320\" stroke=\"#4a4650\" stroke-width=\"26\"/><path d=\"M40 296h76M284 296h76\" stroke=\"{main}\" stroke-width=\"30\"/>\
         <path d=\"M176 244h48v56h-48z\" fill=\"{dark}\"/><path d=\"M90 240q0-114 110-116q110 2 110 116q-110 24-220 0z\" fill=\"{face}\"/>\
         <path d=\"M250 138q60 30 60 102q-40 10-80 11q46-40 20-113z\" fill=\"{shade}\" opacity=\".7\"/><path d=\"M120 212q10-48 56-62\" fill=\"none\" stroke=\"{shine}\" stroke-width=\"12\"/>\
         <circle cx=\"200\" cy=\"122\" r=\"12\" fill=\"{shade}\"/><path d=\"M302 240q44-6 46 22\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"11\"/>\
         <path d=\"M88 118q-16-10-20-30M312 118q16-10 20-30M200 88V62\" stroke=\"#fff\" stroke-width=\"7\" opacity=\".8\" fill=\"none\"/>"
    )
}

/// A leather saddle.
pub(super) fn saddle(ink: &Ink) -> String {
    let accent = ink.accent;
    format!(
        "<path d=\"M206 226v104\" stroke=\"#8b8791\" stroke-width=\"20\"/><path d=\"M120 232q84 40 176 0\" fill=\"none\" stroke=\"#6b6772\" stroke-width=\"9\"/>\
         <path d=\"M70 148q10-34 60-30q70 10 150 34q60 6 62 22q-4 18-60 20q-60 4-96 30q-34 22-70 16q-50-10-46-92z\" fill=\"#9a5f34\"/>\
         <path d=\"M72 162q-2 70 44 78q36 6 70-16q36-26 96-30q56-2 60-20q-20 12-80 12q-80 2-108 24q-40 18-82-48z\" fill=\"#734322\"/>\
         <path d=\"M98 142q60-14 150 22\" fill=\"none\" stroke=\"#c98d5c\" stroke-width=\"8\"/>\
         <g fill=\"{accent}\"><circle cx=\"90\" cy=\"160\" r=\"7\"/><circle cx=\"96\" cy=\"190\" r=\"7\"/><circle cx=\"112\" cy=\"214\" r=\"7\"/><circle cx=\"322\" cy=\"176\" r=\"6\"/></g>\
         <path d=\"M194 326q-20 4-20 4h64s-20 0-20-4z\" fill=\"#6b6772\"/>"
    )
}
