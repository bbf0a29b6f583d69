//! Books and toys.

use super::ink::Ink;

/// One book, standing, with a drawing on its cover.
pub(super) fn book(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let cover = match ink.choice(100, 5) {
        0 => format!(
            "<path d=\"M142 250l38-62 26 34 18-22 40 50z\" fill=\"{light}\"/><circle cx=\"236\" cy=\"158\" r=\"18\" fill=\"{accent}\"/>"
        ),
        1 => format!(
            "<path d=\"M150 236q52-34 104 0l-14 22h-76z\" fill=\"{light}\"/><path d=\"M202 136v84M202 140q44 34 40 76h-40z\" fill=\"{accent}\" stroke=\"{light}\" stroke-width=\"4\"/>"
        ),
        2 => format!(
            "<path d=\"M202 252v-74M202 214q-36-4-40-38q36 2 40 38zM202 196q34-4 36-38q-36 4-36 38z\" fill=\"{accent}\" stroke=\"{light}\" stroke-width=\"4\"/>"
        ),
        3 => format!(
            "<path d=\"M150 250v-50l52-40 52 40v50z\" fill=\"{light}\"/><path d=\"M190 250v-34h24v34z\" fill=\"{dark}\"/><circle cx=\"246\" cy=\"146\" r=\"12\" fill=\"{accent}\"/>"
        ),
        _ => format!(
            "<circle cx=\"202\" cy=\"198\" r=\"46\" fill=\"none\" stroke=\"{light}\" stroke-width=\"7\"/><path d=\"M202 152v92M156 198h92\" stroke=\"{light}\" stroke-width=\"4\"/>\
                      <circle cx=\"222\" cy=\"180\" r=\"11\" fill=\"{accent}\"/>"
        ),
    };
    format!(
        "<path d=\"M294 88l20 14v224l-20 4z\" fill=\"{dark}\"/><path d=\"M286 92l22 12v214l-22 8z\" fill=\"#fbf5e6\"/>\
         <path d=\"M108 82q0-8 8-8h172q8 0 8 8v248H118q-10 0-10-10z\" fill=\"{main}\"/><path d=\"M108 82q0-8 8-8h16v256h-14q-10 0-10-10z\" fill=\"{dark}\"/>\
         {cover}<path d=\"M156 104h92M172 120h60\" stroke=\"{light}\" stroke-width=\"7\"/><path d=\"M176 300h52\" stroke=\"{accent}\" stroke-width=\"6\"/>"
    )
}

/// A stack of books with one leaning on it.
pub(super) fn books(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let colours = [main, accent, dark, light];
    let first = ink.choice(101, 4);
    let mut stack = String::new();
    for row in 0..4usize {
        let (left, top) = (74 + ink.choice(102 + row as u64, 26), 290 - row * 42);
        let colour = colours[(first + row) % 4];
        stack.push_str(&format!(
            "<path d=\"M{left} {top}h196v40H{left}q-14-20 0-40z\" fill=\"{colour}\"/><path d=\"M{page} {p}h184v28h-184q-8-14 0-28z\" fill=\"#fbf5e6\"/>\
             <path d=\"M{page} {l1}h184M{page} {l2}h184\" stroke=\"#d9ceb6\" stroke-width=\"2\"/><path d=\"M{left} {top}h120v40H{left}q-14-20 0-40z\" fill=\"{colour}\"/>\
             <path d=\"M{band} {top}v40\" stroke=\"#fff\" stroke-width=\"6\" opacity=\".55\"/>",
            page = left + 12,
            p = top + 6,
            l1 = top + 15,
            l2 = top + 24,
            band = left + 34,
        ));
    }
    format!(
        "{stack}<g transform=\"rotate(16 316 330)\"><path d=\"M286 128h44v202h-44z\" fill=\"{main}\"/><path d=\"M286 158h44M286 300h44\" stroke=\"{accent}\" stroke-width=\"8\"/></g>"
    )
}

/// A wooden horse, on rockers or on wheels.
pub(super) fn horse(ink: &Ink) -> String {
    let Ink { main, dark, accent, .. } = ink;
    let foot = match ink.choice(105, 2) {
        0 => format!("<path d=\"M62 292q138 70 276 0\" fill=\"none\" stroke=\"{main}\" stroke-width=\"15\"/>"),
        _ => format!(
            "<path d=\"M96 300h212v10H96z\" fill=\"#8a5f36\"/><g fill=\"{main}\"><circle cx=\"122\" cy=\"312\" r=\"20\"/><circle cx=\"280\" cy=\"312\" r=\"20\"/></g>\
                      <g fill=\"{accent}\"><circle cx=\"122\" cy=\"312\" r=\"7\"/><circle cx=\"280\" cy=\"312\" r=\"7\"/></g>"
        ),
    };
    format!(
        "<path d=\"M98 196q-40 6-36 66q20-12 42-40z\" fill=\"{dark}\"/>\
         <path d=\"M96 214q2-32 40-32h88q16-10 26-56q6-34 40-40l6-16l14 20l42 34q8 18-10 24l-42-4q-12 20-12 58q2 26-8 44l12 60h-28l-18-54h-74l-22 54h-28l6-64q-10-12-8-28z\" fill=\"#d9a866\"/>\
         <path d=\"M284 88q-40 4-44 44q-8 40-20 52h30q14-30 22-58q4-24 22-32z\" fill=\"{dark}\"/>\
         <path d=\"M152 178h66q4 38-32 40t-34-40z\" fill=\"{main}\"/><path d=\"M152 178h66\" stroke=\"{accent}\" stroke-width=\"8\"/>\
         <circle cx=\"308\" cy=\"112\" r=\"6\" fill=\"#3b2a1e\"/><path d=\"M296 142l18-34\" stroke=\"{main}\" stroke-width=\"6\"/>{foot}"
    )
}

/// A toy train.
pub(super) fn train(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    let wheels: String = [60, 112, 178, 236, 310]
        .iter()
        .map(|x| format!("<circle cx=\"{x}\" cy=\"306\" r=\"22\" fill=\"#6d4a33\"/><circle cx=\"{x}\" cy=\"306\" r=\"8\" fill=\"{accent}\"/>"))
        .collect();
    let load = match ink.choice(106, 2) {
        0 => format!(
            "<circle cx=\"62\" cy=\"222\" r=\"19\" fill=\"{accent}\"/><circle cx=\"100\" cy=\"222\" r=\"19\" fill=\"{light}\"/>"
        ),
        _ => "<path d=\"M44 214h82v14H44zM54 200h62v14H54z\" fill=\"#c4844a\"/>".to_owned(),
    };
    format!(
        "<g fill=\"#fff\" opacity=\".85\"><circle cx=\"302\" cy=\"112\" r=\"17\"/><circle cx=\"276\" cy=\"86\" r=\"22\"/><circle cx=\"238\" cy=\"66\" r=\"15\"/></g>\
         {load}<path d=\"M34 228h104v66H34z\" fill=\"{light}\"/><path d=\"M34 228h104v14H34z\" fill=\"{dark}\" opacity=\".5\"/><path d=\"M138 286h20\" stroke=\"#4a3b32\" stroke-width=\"8\"/>\
         <path d=\"M158 140h78v154h-78z\" fill=\"{main}\"/><path d=\"M174 162h46v46h-46z\" fill=\"#eaf4f7\"/><path d=\"M148 128h98v18h-98z\" fill=\"{dark}\"/>\
         <path d=\"M236 204h96q22 4 22 45t-22 45h-96z\" fill=\"{accent}\"/><path d=\"M290 146h26l-4 58h-18z\" fill=\"{dark}\"/><path d=\"M282 138h42v14h-42z\" fill=\"{main}\"/>\
         <path d=\"M262 204v90\" stroke=\"{dark}\" stroke-width=\"6\" opacity=\".5\"/><path d=\"M350 290l26 22h-40z\" fill=\"{dark}\"/>{wheels}"
    )
}

/// Rings on a stick, or a top.
pub(super) fn pyramid(ink: &Ink) -> String {
    let colours = [
        "#d1495b", "#edae49", "#66a182", "#2e86ab", "#8d6a9f", "#e07a5f", "#3d5a80",
    ];
    let first = ink.choice(107, 7);
    let mut rings = String::new();
    for row in 0..6usize {
        let (half, top) = (112 - row * 15, 296 - row * 34);
        let colour = colours[(first + row) % 7];
        rings.push_str(&format!(
            "<rect x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"34\" rx=\"17\" fill=\"{colour}\"/>\
             <path d=\"M{a} {b}h{c}\" stroke=\"#fff\" stroke-width=\"6\" opacity=\".4\"/>",
            x = 200 - half,
            width = 2 * half,
            a = 200 - half + 22,
            b = top + 11,
            c = half / 2,
        ));
    }
    format!(
        "<path d=\"M194 90h12v50h-12z\" fill=\"#b9854f\"/>{rings}<circle cx=\"200\" cy=\"100\" r=\"24\" fill=\"{}\"/><circle cx=\"192\" cy=\"92\" r=\"6\" fill=\"#fff\" opacity=\".6\"/>",
        ink.accent
    )
}

/// Building blocks.
pub(super) fn blocks(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    format!(
        "<path d=\"M88 242h88v88H88z\" fill=\"{main}\"/><path d=\"M184 242h128v88H184z\" fill=\"#d9a866\"/><path d=\"M216 330v-40a32 32 0 0 1 64 0v40z\" fill=\"{dark}\"/>\
             <path d=\"M112 154h88v84h-88z\" fill=\"{accent}\"/><path d=\"M210 200h94v38h-94z\" fill=\"{light}\"/><path d=\"M98 150l58-76 58 76z\" fill=\"{dark}\"/>\
             <circle cx=\"256\" cy=\"170\" r=\"29\" fill=\"{main}\"/><path d=\"M108 262h48v48h-48z\" fill=\"none\" stroke=\"{light}\" stroke-width=\"6\"/>"
    )
}

/// A little log house.
pub(super) fn house(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        light,
        accent,
        ..
    } = ink;
    format!(
        "<path d=\"M92 190h216v140H92z\" fill=\"#e3bd83\"/><path d=\"M92 218h216M92 246h216M92 274h216M92 302h216\" stroke=\"#b98b50\" stroke-width=\"5\"/>\
             <path d=\"M66 194L200 82l134 112z\" fill=\"{main}\"/><path d=\"M66 194L200 82l20 17L104 194z\" fill=\"{light}\" opacity=\".6\"/>\
             <path d=\"M178 330v-74h44v74z\" fill=\"{dark}\"/><path d=\"M112 236h44v44h-44zM244 236h44v44h-44z\" fill=\"{accent}\"/>\
             <path d=\"M134 236v44M112 258h44M266 236v44M244 258h44\" stroke=\"#fff\" stroke-width=\"5\"/><circle cx=\"200\" cy=\"150\" r=\"17\" fill=\"{accent}\"/>"
    )
}

/// A painted nesting doll.
pub(super) fn doll(ink: &Ink) -> String {
    let Ink {
        main,
        dark,
        accent,
        light,
        ..
    } = ink;
    format!(
        "<path d=\"M200 60q58 2 62 62q0 26-10 44q52 30 46 100q-4 64-98 64t-98-64q-6-70 46-100q-10-18-10-44q4-60 62-62z\" fill=\"{main}\"/>\
         <circle cx=\"200\" cy=\"126\" r=\"43\" fill=\"#fbe3c8\"/><path d=\"M158 116q16-36 42-36t42 36q-26-22-42-24q-16 2-42 24z\" fill=\"#6b4226\"/>\
         <circle cx=\"186\" cy=\"128\" r=\"4.5\" fill=\"#3b2a1e\"/><circle cx=\"214\" cy=\"128\" r=\"4.5\" fill=\"#3b2a1e\"/><path d=\"M190 148q10 8 20 0\" fill=\"none\" stroke=\"#c8553d\" stroke-width=\"4\"/>\
         <circle cx=\"174\" cy=\"142\" r=\"8\" fill=\"#f2a6a0\"/><circle cx=\"226\" cy=\"142\" r=\"8\" fill=\"#f2a6a0\"/>\
         <path d=\"M142 190q58 32 116 0q20 40 4 96q-62 28-124 0q-16-56 4-96z\" fill=\"{light}\"/><circle cx=\"200\" cy=\"250\" r=\"15\" fill=\"{accent}\"/>\
         <g fill=\"{dark}\"><circle cx=\"200\" cy=\"222\" r=\"13\"/><circle cx=\"226\" cy=\"242\" r=\"13\"/><circle cx=\"216\" cy=\"274\" r=\"13\"/><circle cx=\"184\" cy=\"274\" r=\"13\"/><circle cx=\"174\" cy=\"242\" r=\"13\"/></g>"
    )
}
