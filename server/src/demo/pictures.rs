//! Pictures of the demo goods: flat SVG drawings, made from a kind and a seed.
//!
//! The kind chooses the object, the seed its colours, its side and the light behind it, so that no two goods of a
//! shop look alike. A drawing is plain shapes on 400 × 400: no script, no text, no reference to anything outside.

mod home;
mod ink;
mod leisure;
mod machines;
mod plants;
mod table;
mod tools;
mod workshop;

use ink::Ink;

/// The picture of a product. A kind that nobody has drawn becomes a parcel.
#[must_use]
pub fn product_picture(kind: &str, seed: u64) -> String {
    let ink = Ink::new(seed);
    let object = object(kind, &ink);
    let turn = match ink.choice(3, 2) {
        0 => "",
        _ => " transform=\"translate(400 0) scale(-1 1)\"",
    };
    let scenery = scenery(&ink);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 400\" width=\"800\" height=\"800\">\
         {scenery}<g{turn} stroke-linecap=\"round\" stroke-linejoin=\"round\">{object}</g></svg>"
    )
}

/// The sign of a shop: what it sells, small, on a plain ground. `place` is the shop's place in the list, so that
/// neighbours differ in colour.
#[must_use]
pub fn shop_avatar(kind: &str, place: u64) -> String {
    let ink = Ink::of_shop(place);
    let (from, to) = (ink.sky, ink.ground);
    let object = object(kind, &ink);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 400\" width=\"256\" height=\"256\">\
         <defs><linearGradient id=\"g\" x1=\"0\" y1=\"0\" x2=\"1\" y2=\"1\"><stop stop-color=\"{from}\"/>\
         <stop offset=\"1\" stop-color=\"{to}\"/></linearGradient></defs>\
         <rect width=\"400\" height=\"400\" fill=\"url(#g)\"/>\
         <g transform=\"translate(-34 -44) scale(1.17)\" stroke-linecap=\"round\" stroke-linejoin=\"round\">{object}</g></svg>"
    )
}

/// What lies behind every object: a wall, a round of light, a table and some specks.
fn scenery(ink: &Ink) -> String {
    let (sky, ground, glow, table) = (ink.sky, ink.ground, ink.glow, ink.table);
    let x = 120 + ink.choice(5, 160);
    let y = 130 + ink.choice(7, 70);
    let radius = 104 + ink.choice(11, 44);
    let mut specks = String::new();
    for place in 0..5 {
        let (left, top) = (24 + ink.choice(20 + place, 350), 22 + ink.choice(30 + place, 210));
        let size = 2 + ink.choice(40 + place, 4);
        specks.push_str(&format!("<circle cx=\"{left}\" cy=\"{top}\" r=\"{size}\"/>"));
    }
    format!(
        "<defs><linearGradient id=\"g\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop stop-color=\"{sky}\"/>\
         <stop offset=\"1\" stop-color=\"{ground}\"/></linearGradient></defs>\
         <rect width=\"400\" height=\"400\" fill=\"url(#g)\"/>\
         <circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{glow}\" opacity=\".55\"/>\
         <g fill=\"{glow}\" opacity=\".8\">{specks}</g>\
         <path d=\"M0 306h400v94H0z\" fill=\"{table}\"/><path d=\"M0 306h400v5H0z\" fill=\"#fff\" opacity=\".25\"/>\
         <ellipse cx=\"200\" cy=\"330\" rx=\"128\" ry=\"14\" fill=\"#000\" opacity=\".13\"/>"
    )
}

/// The drawing itself; it stands on a table at y = 330.
fn object(kind: &str, ink: &Ink) -> String {
    match kind {
        "tin" => table::tin(ink),
        "puer" => table::puer(ink),
        "teapot" => table::teapot(ink),
        "cup" => table::cup(ink),
        "plate" => table::plate(ink),
        "bowl" => table::bowl(ink),
        "vase" => table::vase(ink),
        "linen" => home::linen(ink),
        "towel" => home::towel(ink),
        "apron" => home::apron(ink),
        "honey" => home::honey(ink),
        "comb" => home::comb(ink),
        "jarcandle" => home::jar_candle(ink),
        "candle" => home::candles(ink),
        "diffuser" => home::diffuser(ink),
        "planks" => workshop::planks(ink),
        "beams" => workshop::beams(ink),
        "log" => workshop::logs(ink),
        "lamp" => workshop::lamp(ink),
        "mushroom" => workshop::mushroom(ink),
        "pendant" => workshop::pendant(ink),
        "bulb" => workshop::bulb(ink),
        "book" => leisure::book(ink),
        "books" => leisure::books(ink),
        "horse" => leisure::horse(ink),
        "train" => leisure::train(ink),
        "pyramid" => leisure::pyramid(ink),
        "blocks" => leisure::blocks(ink),
        "house" => leisure::house(ink),
        "doll" => leisure::doll(ink),
        "headphones" => machines::headphones(ink),
        "speaker" => machines::speaker(ink),
        "keyboard" => machines::keyboard(ink),
        "gadget" => machines::gadget(ink),
        "board" => machines::board(ink),
        "wheel" => machines::wheel(ink),
        "gear" => machines::gear(ink),
        "bell" => machines::bell(ink),
        "saddle" => machines::saddle(ink),
        "monstera" => plants::monstera(ink),
        "ficus" => plants::ficus(ink),
        "snake" => plants::snake(ink),
        "cactus" => plants::cactus(ink),
        "can" => tools::can(ink),
        "pump" => tools::pump(ink),
        "iron" => tools::iron(ink),
        "headlamp" => tools::headlamp(ink),
        "charger" => tools::charger(ink),
        "garland" => tools::garland(ink),
        "floorlamp" => tools::floor_lamp(ink),
        "dipper" => tools::dipper(ink),
        "pot" => plants::pot_alone(ink),
        _ => parcel(),
    }
}

fn parcel() -> String {
    "<path d=\"M100 180h200v150H100z\" fill=\"#c99a66\"/><path d=\"M100 180h200v34H100z\" fill=\"#b58550\"/>\
     <path d=\"M184 180h32v150h-32z\" fill=\"#e7cfa6\"/>"
        .to_owned()
}
