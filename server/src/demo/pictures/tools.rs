//! Handy things: cans, pumps, irons, lamps to wear and to hang.

use super::ink::Ink;

/// A watering can with a long spout.
pub(super) fn can(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    format!(
        "<path d=\"M226 290L344 138l18 14L244 326z\" fill=\"{dark}\"/><path d=\"M330 128l44 34l-10 12l-44-34z\" fill=\"{accent}\"/>\
         <path d=\"M128 206q-70-20-72 44q4 54 76 52\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"15\"/>\
         <path d=\"M120 190h130l16 140H104z\" fill=\"{main}\"/><path d=\"M222 190h28l16 140h-40z\" fill=\"{dark}\" opacity=\".5\"/>\
         <path d=\"M118 190q66-50 134 0z\" fill=\"{light}\"/><path d=\"M108 296h154\" stroke=\"{accent}\" stroke-width=\"7\"/>\
         <g fill=\"#8fc3e0\"><path d=\"M366 196q12 18 0 24q-12-6 0-24zM384 222q10 16 0 21q-10-5 0-21zM352 232q10 16 0 21q-10-5 0-21z\"/></g>"
    )
}

/// A floor pump with its gauge.
pub(super) fn pump(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    format!(
        "<path d=\"M226 282q96 10 80-92q-8-50 34-56\" fill=\"none\" stroke=\"#2d2a32\" stroke-width=\"10\"/><path d=\"M330 118h24v34h-24z\" fill=\"{accent}\"/>\
         <path d=\"M192 74h16v90h-16z\" fill=\"#9aa0aa\"/><path d=\"M130 60h140q10 0 10 12t-10 12H130q-10 0-10-12t10-12z\" fill=\"{dark}\"/>\
         <path d=\"M176 148h48v164h-48z\" fill=\"{main}\"/><path d=\"M184 152v154\" stroke=\"{light}\" stroke-width=\"8\"/><path d=\"M120 312h160q10 0 10 18H110q0-18 10-18z\" fill=\"{dark}\"/>\
         <circle cx=\"200\" cy=\"262\" r=\"37\" fill=\"#2d2a32\"/><circle cx=\"200\" cy=\"262\" r=\"29\" fill=\"#f7f4ea\"/><path d=\"M200 262l16-16\" stroke=\"{accent}\" stroke-width=\"5\"/>\
         <path d=\"M180 276a24 24 0 0 1 10-34\" fill=\"none\" stroke=\"{main}\" stroke-width=\"5\"/>"
    )
}

/// A soldering iron on its stand.
pub(super) fn iron(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    format!(
        "<path d=\"M322 108q46 10 34 74t10 90\" fill=\"none\" stroke=\"#2d2a32\" stroke-width=\"9\"/>\
         <path d=\"M96 276l-34 34\" stroke=\"#d98a3d\" stroke-width=\"9\"/><path d=\"M98 282l66-62\" stroke=\"#b9bcc4\" stroke-width=\"17\"/>\
         <path d=\"M160 198l26 28l-20 18l-26-28z\" fill=\"#868a94\"/><path d=\"M178 206L292 92q20-12 34 4t2 34L206 236z\" fill=\"{main}\"/>\
         <path d=\"M190 210L296 108\" stroke=\"{light}\" stroke-width=\"8\"/><path d=\"M226 190l22 22M244 172l22 22\" stroke=\"{dark}\" stroke-width=\"8\"/>\
         <rect x=\"262\" y=\"124\" width=\"30\" height=\"20\" rx=\"4\" transform=\"rotate(-44 277 134)\" fill=\"{accent}\"/>\
         <path d=\"M122 330q4-60 26-60t26 60zM236 330q4-110 24-110t24 110z\" fill=\"{dark}\"/><path d=\"M104 322h204v12H104z\" fill=\"#6b6772\"/>\
         <path d=\"M50 272q-12-16 0-32t0-30\" fill=\"none\" stroke=\"#fff\" stroke-width=\"6\" opacity=\".75\"/>"
    )
}

/// A lamp to wear on the head, or to put on a handlebar.
pub(super) fn headlamp(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    format!(
        "<path d=\"M204 214L392 120v200z\" fill=\"#fff3c4\" opacity=\".65\"/><path d=\"M96 190q-44 28-8 74t110 40\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"26\"/>\
         <path d=\"M96 190q-44 28-8 74t110 40\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"5\" stroke-dasharray=\"10 14\"/>\
         <rect x=\"92\" y=\"146\" width=\"124\" height=\"136\" rx=\"30\" fill=\"{main}\"/><rect x=\"180\" y=\"136\" width=\"56\" height=\"156\" rx=\"24\" fill=\"{dark}\"/>\
         <ellipse cx=\"226\" cy=\"214\" rx=\"21\" ry=\"62\" fill=\"#ffe9a0\"/><ellipse cx=\"228\" cy=\"214\" rx=\"10\" ry=\"34\" fill=\"#fff\"/>\
         <path d=\"M112 172h48\" stroke=\"{light}\" stroke-width=\"9\"/><circle cx=\"134\" cy=\"238\" r=\"15\" fill=\"{accent}\"/>"
    )
}

/// A charger with its cable.
pub(super) fn charger(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    format!(
        "<path d=\"M150 96v-38M206 96v-38\" stroke=\"#9aa0aa\" stroke-width=\"15\"/><rect x=\"96\" y=\"92\" width=\"164\" height=\"238\" rx=\"32\" fill=\"{main}\"/>\
         <path d=\"M222 92h6q32 0 32 32v174q0 32-32 32h-22q16-8 16-32z\" fill=\"{dark}\" opacity=\".5\"/><path d=\"M116 134v150\" stroke=\"{light}\" stroke-width=\"9\"/>\
         <g fill=\"#2d2a32\"><rect x=\"144\" y=\"156\" width=\"70\" height=\"19\" rx=\"9\"/><rect x=\"144\" y=\"200\" width=\"70\" height=\"19\" rx=\"9\"/><rect x=\"144\" y=\"244\" width=\"70\" height=\"19\" rx=\"5\"/></g>\
         <path d=\"M214 209h48q50 0 50 52t-44 62\" fill=\"none\" stroke=\"#f7f4ea\" stroke-width=\"12\"/><rect x=\"206\" y=\"198\" width=\"40\" height=\"23\" rx=\"8\" fill=\"#f7f4ea\"/>\
         <path d=\"M186 282l-22 30h14l-6 22l24-32h-14z\" fill=\"{accent}\"/>"
    )
}

/// A string of lamps in the evening.
pub(super) fn garland(ink: &Ink) -> String {
    let Ink {
        dark, accent, light, ..
    } = ink;
    let mut lamps = String::new();
    for (place, (x, y)) in [(56, 118), (112, 154), (172, 170), (232, 166), (290, 144), (344, 106)]
        .into_iter()
        .enumerate()
    {
        let colour = [&"#ffe28a", accent, light][(place + ink.choice(140, 3)) % 3];
        lamps.push_str(&format!(
            "<circle cx=\"{x}\" cy=\"{low}\" r=\"40\" fill=\"#fff2c0\" opacity=\".5\"/><path d=\"M{left} {y}h16v18h-16z\" fill=\"{dark}\"/>\
             <circle cx=\"{x}\" cy=\"{low}\" r=\"21\" fill=\"{colour}\"/><circle cx=\"{shine}\" cy=\"{top}\" r=\"6\" fill=\"#fff\" opacity=\".7\"/>",
            low = y + 36,
            left = x - 8,
            shine = x - 7,
            top = y + 29,
        ));
    }
    format!(
        "<path d=\"M20 40v290M380 40v290\" stroke=\"#8a6543\" stroke-width=\"14\"/><path d=\"M20 86q180 176 360 0\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"7\"/>{lamps}"
    )
}

/// A lamp that stands on the floor.
pub(super) fn floor_lamp(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    format!(
        "<path d=\"M126 166L86 330h228l-40-164z\" fill=\"#fff3c4\" opacity=\".55\"/><path d=\"M200 150L148 326M200 150l52 176M200 150v160\" stroke=\"#b9854f\" stroke-width=\"11\"/>\
         <path d=\"M172 246h56\" stroke=\"#8a5f36\" stroke-width=\"7\"/><path d=\"M150 56h100l34 112H116z\" fill=\"{main}\"/><path d=\"M232 56h18l34 112h-30z\" fill=\"{dark}\" opacity=\".5\"/>\
         <path d=\"M160 72l-22 82\" stroke=\"{light}\" stroke-width=\"9\"/><path d=\"M116 168h168\" stroke=\"{accent}\" stroke-width=\"9\"/>"
    )
}

/// A spoon for honey.
pub(super) fn dipper(ink: &Ink) -> String {
    let Ink { light, .. } = ink;
    format!(
        "<ellipse cx=\"176\" cy=\"320\" rx=\"104\" ry=\"16\" fill=\"#e39a1f\"/><path d=\"M150 250q-6 40-14 68h60q-8-30-10-60z\" fill=\"#f0b840\"/>\
         <path d=\"M330 54L198 186\" stroke=\"#9a6b3f\" stroke-width=\"16\"/><path d=\"M324 56L206 174\" stroke=\"#c98d5c\" stroke-width=\"5\"/>\
         <ellipse cx=\"166\" cy=\"222\" rx=\"56\" ry=\"44\" transform=\"rotate(-45 166 222)\" fill=\"#b9854f\"/>\
         <g stroke=\"#7d5a37\" stroke-width=\"7\"><path d=\"M178 174l48 44M158 186l54 52M142 204l52 50M130 224l44 42\"/></g>\
         <path d=\"M128 238q20 30 56 20q-6 20-30 18t-26-38z\" fill=\"#f4c766\"/><circle cx=\"146\" cy=\"196\" r=\"7\" fill=\"{light}\" opacity=\".6\"/>"
    )
}
