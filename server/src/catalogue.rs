//! The catalogue's rules: what the marketplace may put into it. Words are text and never markup; pictures live on this
//! server or at an https address.

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::SellerId;
use prilavok_protocol::limits::NAME_CHARS;
use prilavok_protocol::rest::PutSeller;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::app::App;
use crate::chat::text::is_visible;
use crate::error::Error;
use crate::store::catalogue::Put;

pub mod import;

/// Characters of a search that are looked at; nobody types more.
pub const QUERY_CHARS: usize = 200;
/// Characters in a product's title.
const TITLE_CHARS: usize = 200;
/// Characters in a description.
const DESCRIPTION_CHARS: usize = 10_000;
/// Characters in a picture's address or a place.
const ADDRESS_CHARS: usize = 1_000;
/// The dearest thing; beyond it, cents no longer fit a float.
const PRICE_MAX: f64 = 1e12;

/// Puts rows into the catalogue: all of them or none.
///
/// # Errors
/// `Invalid` for a bad value, `NotFound` for a product of an unknown shop.
pub async fn put(app: &App, mut rows: Vec<Put>) -> Result<(), Error> {
    for row in &mut rows {
        check(row)?;
    }
    Ok(app.store.put(rows, app.clock.now()).await?)
}

/// Trims and checks one row.
///
/// # Errors
/// `Invalid`, with a pointer to the value.
pub fn check(row: &mut Put) -> Result<(), Error> {
    match row {
        Put::Seller(_, seller) => {
            name(&mut seller.name, "/name", NAME_CHARS as usize)?;
            picture(seller.avatar_url.as_deref(), "/avatar_url")?;
            long(seller.description.as_deref(), "/description", DESCRIPTION_CHARS)?;
            number(seller.rating, "/rating", 5.0)
        }
        Put::Buyer(_, buyer) => {
            name(&mut buyer.name, "/name", NAME_CHARS as usize)?;
            picture(buyer.avatar_url.as_deref(), "/avatar_url")
        }
        Put::Product(_, product) => {
            name(&mut product.title, "/title", TITLE_CHARS)?;
            long(Some(&product.description), "/description", DESCRIPTION_CHARS)?;
            long(product.pickup_location.as_deref(), "/pickup_location", ADDRESS_CHARS)?;
            picture(product.image_url.as_deref(), "/image_url")?;
            number(Some(product.price), "/price", PRICE_MAX)?;
            whole_cents(product.price)?;
            number(product.volume, "/volume", PRICE_MAX)?;
            if product.currency.len() == 3 && product.currency.bytes().all(|b| b.is_ascii_uppercase()) {
                return Ok(());
            }
            Err(Error::invalid(
                "/currency",
                "Валюта — три заглавные буквы.",
                "A currency is three capital letters.",
            ))
        }
    }
}

/// Settles how a product's description is spelt. What the API hands out has both spellings, and must be welcome when it
/// comes back; the right one wins.
pub fn one_description(product: &mut Map<String, Value>) {
    if product.contains_key("description") {
        product.remove("descrioption");
    }
}

/// In `trusted-ids` mode: the shop that this sign-on id belongs to; a shop's own id will do as well.
///
/// # Errors
/// `NotFound`.
pub async fn seller_of_keycloak(app: &App, keycloak: Uuid) -> Result<SellerId, Error> {
    if let Some(id) = app.home.seller_of_keycloak(keycloak) {
        return Ok(id);
    }
    Ok(app.store.seller(SellerId(keycloak)).await?.id)
}

/// In `trusted-ids` mode: makes a shop that a client claims to be, unless it is there.
///
/// # Errors
/// `Conflict` when the sign-on id belongs to another shop.
pub async fn admit_seller(app: &App, id: SellerId, keycloak: Uuid) -> Result<(), Error> {
    if app.home.seller_of_keycloak(keycloak).is_some_and(|known| known != id) {
        return Err(Error::new(ErrorCode::Conflict));
    }
    if let Err(error) = app.store.seller(id).await {
        let crate::store::Error::NotFound = error else {
            return Err(error.into());
        };
        let short: String = id.to_string().chars().take(4).collect();
        let seller = PutSeller {
            name: format!("Магазин {short}"),
            ..PutSeller::default()
        };
        app.store.put(vec![Put::Seller(id, seller)], app.clock.now()).await?;
    }
    app.home.remember_keycloak(keycloak, id).map_err(Error::internal)
}

/// Trims a name; it needs something visible and no control characters.
///
/// # Errors
/// `Invalid`.
pub fn name(text: &mut String, pointer: &str, most: usize) -> Result<(), Error> {
    *text = text.trim().to_owned();
    if !text.chars().any(is_visible) {
        return Err(Error::invalid(
            pointer,
            "Название не может быть пустым.",
            "A name cannot be empty.",
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(
            pointer,
            "В названии лишние знаки.",
            "A name has characters that it may not have.",
        ));
    }
    long(Some(text), pointer, most)
}

fn long(text: Option<&str>, pointer: &str, most: usize) -> Result<(), Error> {
    match text {
        Some(text) if text.chars().count() > most => {
            let (russian, english) = (
                format!("Не больше {most} знаков."),
                format!("At most {most} characters."),
            );
            Err(Error::new(ErrorCode::Invalid).field(pointer, "too_long", russian, english))
        }
        _ => Ok(()),
    }
}

fn picture(address: Option<&str>, pointer: &str) -> Result<(), Error> {
    long(address, pointer, ADDRESS_CHARS)?;
    let is_fine = |address: &str| {
        let is_ours = address.starts_with("/media/") && !address.contains("..");
        (is_ours || address.starts_with("https://")) && !address.chars().any(|c| c.is_control() || c.is_whitespace())
    };
    if address.is_none_or(is_fine) {
        return Ok(());
    }
    Err(Error::invalid(
        pointer,
        "Картинка — путь /media/… на этом сервере или адрес https://…",
        "A picture is a path /media/… on this server or an address https://…",
    ))
}

fn number(value: Option<f64>, pointer: &str, most: f64) -> Result<(), Error> {
    if value.is_none_or(|value| value.is_finite() && (0.0..=most).contains(&value)) {
        return Ok(());
    }
    Err(Error::invalid(
        pointer,
        "Число не подходит.",
        "The number does not fit.",
    ))
}

/// A third decimal would be shown rounded, and another price than the shop's own page says.
fn whole_cents(price: f64) -> Result<(), Error> {
    let cents = price * 100.0;
    // A float has no exact tenths; what it holds lies this close to the number that was written.
    if (cents - cents.round()).abs() <= f64::EPSILON * cents.max(1.0) {
        return Ok(());
    }
    Err(Error::invalid(
        "/price",
        "В цене не больше двух знаков после запятой.",
        "A price has at most two decimals.",
    ))
}

#[cfg(test)]
mod tests {
    use super::whole_cents;

    #[test]
    fn a_price_has_at_most_two_decimals() {
        for fine in [
            0.0,
            0.01,
            0.1,
            0.29,
            1.1,
            19.99,
            450.5,
            1_000_000.07,
            999_999_999_999.99,
        ] {
            assert!(whole_cents(fine).is_ok(), "{fine}");
        }
        for odd in [0.001, 0.295, 19.999, 450.505, 1_000_000.075] {
            assert!(whole_cents(odd).is_err(), "{odd}");
        }
    }
}
