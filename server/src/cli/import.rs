//! `import`: the catalogue from a file, beside a running server or without one.

use std::path::PathBuf;

use anyhow::{Context, Result};
use prilavok_protocol::time::Time;

use super::backup::existing;
use crate::catalogue::import;
use crate::config::Config;
use crate::home::{Home, Unusable};
use crate::store::sqlite::{Options, SqliteStore};
use crate::store::{self, CatalogueStore};

pub async fn run(config: Config, file: PathBuf) -> Result<()> {
    let rows = import::read(&file).with_context(|| format!("nothing was imported from {}", file.display()))?;
    let counts = import::Counts::of(&rows);
    // The directory may be new, or held by a running server, beside which one transaction does no harm.
    let (_home, store) = match Home::open(&config.data_dir) {
        Ok(home) => {
            let store =
                SqliteStore::open(&home.database(), Options::default()).context("the database cannot be opened")?;
            (Some(home), store)
        }
        Err(Unusable::Taken(_)) => (None, existing(&config.data_dir)?),
        Err(error) => return Err(error.into()),
    };
    let put = store.put(rows, Time::now()).await;
    store.close().await;
    match put {
        Ok(()) => println!("Imported: {counts}."),
        Err(store::Error::NotFound) => {
            anyhow::bail!(
                "nothing was imported from {}: a product names a shop that is neither in the file nor in the catalogue",
                file.display()
            );
        }
        Err(error) => return Err(anyhow::Error::from(error).context("nothing was imported")),
    }
    Ok(())
}
