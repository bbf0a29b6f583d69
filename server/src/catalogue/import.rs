//! Reads a catalogue from a JSON or CSV file. Every mistake has its line, and one mistake refuses the whole file.

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use prilavok_protocol::ids::{BuyerId, ProductId, SellerId};
use prilavok_protocol::rest::{PutBuyer, PutProduct, PutSeller};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::check;
use crate::error::Language;
use crate::store::catalogue::Put;

/// How a file looks; shown by `import --help`.
pub const FORMAT: &str = "\
JSON: {\"sellers\": [{\"id\": …, \"name\": …}], \"buyers\": […], \"products\": [{\"id\": …, \"title\": …, \"price\": …, \"seller_id\": …}]}
with the fields of PUT /api/v1/catalogue/… beside each id.

CSV, UTF-8, separated by commas, with a header line and one row for each thing:
kind,id,name,title,description,price,currency,seller_id,image_url,avatar_url,volume,delivery_possible,pickup_location,wood_type_id,in_stock,rating,replies_in
where kind is seller, buyer or product, columns may come in any order, and empty cells mean the default.

One mistake refuses the whole file. Loading the same file again changes nothing.";

/// How many of each kind.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    sellers: usize,
    buyers: usize,
    products: usize,
}

impl Counts {
    /// Counts rows.
    #[must_use]
    pub fn of(rows: &[Put]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            match row {
                Put::Seller(..) => counts.sellers += 1,
                Put::Buyer(..) => counts.buyers += 1,
                Put::Product(..) => counts.products += 1,
            }
        }
        counts
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "shops {}, people {}, products {}",
            self.sellers, self.buyers, self.products
        )
    }
}

/// Reads and checks a whole file; shops come before products.
///
/// # Errors
/// A sentence with the line.
pub fn read(file: &Path) -> Result<Vec<Put>> {
    let text = std::fs::read_to_string(file).context("the file cannot be read as UTF-8 text")?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let ending = file
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut rows = match ending.as_str() {
        "json" => read_json(text)?,
        "csv" => read_csv(text)?,
        _ => bail!("the name must end in .json or .csv"),
    };
    rows.sort_by_key(|row| matches!(row, Put::Product(..)));
    Ok(rows)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    #[serde(default, borrow)]
    sellers: Vec<&'a RawValue>,
    #[serde(default, borrow)]
    buyers: Vec<&'a RawValue>,
    #[serde(default, borrow)]
    products: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct WithId<T> {
    id: Uuid,
    #[serde(flatten)]
    rest: T,
}

fn read_json(text: &str) -> Result<Vec<Put>> {
    let file: File = serde_json::from_str(text).context("this is not the JSON that is expected")?;
    let mut rows = Vec::new();
    for raw in file.sellers {
        rows.push(json_row(text, raw, |id, put: PutSeller| {
            Put::Seller(SellerId(id), put)
        })?);
    }
    for raw in file.buyers {
        rows.push(json_row(text, raw, |id, put: PutBuyer| Put::Buyer(BuyerId(id), put))?);
    }
    for raw in file.products {
        rows.push(json_row(text, raw, |id, put: PutProduct| {
            Put::Product(ProductId(id), put)
        })?);
    }
    Ok(rows)
}

fn json_row<T: DeserializeOwned>(text: &str, raw: &RawValue, make: impl Fn(Uuid, T) -> Put) -> Result<Put> {
    // The raw text is a part of the whole, so its place says the line.
    let offset = raw.get().as_ptr() as usize - text.as_ptr() as usize;
    let line = text[..offset].matches('\n').count() + 1;
    let read = || {
        let mut row = serde_json::from_str(raw.get())?;
        super::one_description(&mut row);
        serde_json::from_value(Value::Object(row))
    };
    let WithId { id, rest } = read().with_context(|| format!("line {line}"))?;
    checked(make(id, rest), line)
}

/// A row of the table; empty cells are absent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    kind: String,
    id: Uuid,
    name: Option<String>,
    title: Option<String>,
    description: Option<String>,
    price: Option<f64>,
    currency: Option<String>,
    seller_id: Option<SellerId>,
    image_url: Option<String>,
    avatar_url: Option<String>,
    volume: Option<f64>,
    delivery_possible: Option<bool>,
    pickup_location: Option<String>,
    wood_type_id: Option<Uuid>,
    in_stock: Option<bool>,
    rating: Option<f64>,
    replies_in: Option<u32>,
}

fn read_csv(text: &str) -> Result<Vec<Put>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader.headers().context("line 1")?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.context("the table is broken")?;
        let line = usize::try_from(record.position().map_or(0, csv::Position::line)).unwrap_or_default();
        let row: Row = record
            .deserialize(Some(&headers))
            .map_err(|error| match error.into_kind() {
                csv::ErrorKind::Deserialize { err, .. } => {
                    let column = err.field().and_then(|field| headers.get(usize::try_from(field).ok()?));
                    let column = column.map(|column| format!(", column {column}")).unwrap_or_default();
                    anyhow::anyhow!("line {line}{column}: {}", err.kind())
                }
                kind => anyhow::anyhow!("line {line}: {kind:?}"),
            })?;
        rows.push(checked(row.put(line)?, line)?);
    }
    Ok(rows)
}

impl Row {
    fn put(self, line: usize) -> Result<Put> {
        let missing = |column: &str| format!("line {line}: a {} needs {column}", self.kind);
        match self.kind.as_str() {
            "seller" => {
                let put = PutSeller {
                    name: self.name.clone().with_context(|| missing("name"))?,
                    avatar_url: self.avatar_url,
                    description: self.description,
                    rating: self.rating,
                    replies_in: self.replies_in,
                };
                Ok(Put::Seller(SellerId(self.id), put))
            }
            "buyer" => {
                let name = self.name.clone().with_context(|| missing("name"))?;
                Ok(Put::Buyer(
                    BuyerId(self.id),
                    PutBuyer {
                        name,
                        avatar_url: self.avatar_url,
                    },
                ))
            }
            "product" => {
                let put = PutProduct {
                    title: self.title.clone().with_context(|| missing("title"))?,
                    price: self.price.with_context(|| missing("price"))?,
                    seller_id: self.seller_id.with_context(|| missing("seller_id"))?,
                    description: self.description.unwrap_or_default(),
                    volume: self.volume,
                    delivery_possible: self.delivery_possible.unwrap_or(false),
                    pickup_location: self.pickup_location,
                    wood_type_id: self.wood_type_id,
                    image_url: self.image_url,
                    currency: self.currency.unwrap_or_else(|| "RUB".into()),
                    in_stock: self.in_stock.unwrap_or(true),
                };
                Ok(Put::Product(ProductId(self.id), put))
            }
            kind => bail!("line {line}: kind is \"{kind}\", not seller, buyer or product"),
        }
    }
}

fn checked(mut row: Put, line: usize) -> Result<Put> {
    match check(&mut row) {
        Ok(()) => Ok(row),
        Err(error) => {
            let fields = error.field_errors(Language::English);
            let field = fields
                .first()
                .map(|field| format!("{}: {}", field.pointer.trim_start_matches('/'), field.detail));
            bail!(
                "line {line}: {}",
                field.unwrap_or_else(|| error.detail(Language::English).into())
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: &str = "0192f0c1-0000-7000-8000-000000000001";
    const TEA: &str = "0192f0c1-0000-7000-8000-000000000002";

    fn read_named(name: &str, text: &str) -> Result<Vec<Put>> {
        let dir = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(dir.path().join(name), text).expect("written");
        read(&dir.path().join(name))
    }

    #[test]
    fn both_formats_are_read_and_shops_come_first() {
        let json = format!(
            r#"{{"products": [{{"id": "{TEA}", "title": "Чай", "price": 450.5, "seller_id": "{SHOP}"}}],
                "sellers": [{{"id": "{SHOP}", "name": "Чайная"}}]}}"#
        );
        let csv = format!(
            "kind,title,price,seller_id,id,name\nproduct,\"Чай, зелёный\",450.5,{SHOP},{TEA},\nseller,,,,{SHOP},Чайная\n"
        );
        for (name, text) in [("a.json", &json), ("a.CSV", &csv)] {
            let rows = read_named(name, text).expect(name);
            assert!(matches!(&rows[0], Put::Seller(id, put) if id.to_string() == SHOP && put.name == "Чайная"));
            assert!(matches!(&rows[1], Put::Product(_, put) if put.in_stock && put.currency == "RUB"));
            assert_eq!(Counts::of(&rows).to_string(), "shops 1, people 0, products 1");
        }
    }

    #[test]
    fn a_mistake_is_said_with_its_line() {
        for (name, text, parts) in [
            (
                "a.csv",
                format!("kind,id,name\nseller,{SHOP},A\nseller,{SHOP},\n"),
                &["line 3", "name"][..],
            ),
            ("a.csv", format!("kind,id,name\nshop,{SHOP},A\n"), &["line 2", "shop"]),
            ("a.csv", "kind,id,name\nseller,5,A\n".into(), &["line 2", "id"]),
            (
                "a.csv",
                format!("kind,id,name,colour\nseller,{SHOP},A,red\n"),
                &["colour"],
            ),
            (
                "a.json",
                format!("{{\"sellers\": [\n{{\"id\": \"{SHOP}\", \"name\": \"A\"}},\n{{\"id\": \"{SHOP}\"}}]}}"),
                &["line 3", "name"],
            ),
            (
                "a.json",
                format!("{{\"buyers\": [\n{{\"id\": \"{SHOP}\", \"name\": \" \"}}]}}"),
                &["line 2", "name"],
            ),
            ("a.json", "{".into(), &["line 1"]),
            ("a.json", "{\"shops\": []}".into(), &["shops"]),
            ("a.txt", String::new(), &[".json"]),
        ] {
            let sentence = format!("{:#}", read_named(name, &text).expect_err(&text));
            for part in parts {
                assert!(sentence.contains(part), "{part} is missing: {sentence}");
            }
        }
    }
}
