//! `migrate`, `backup`, `restore`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::config::Config;
use crate::home::{Home, database_in};
use crate::store::sqlite::{self, Options, SqliteStore};

pub async fn migrate(config: Config) -> Result<()> {
    let home = Home::open(&config.data_dir)?;
    let store = SqliteStore::open(&home.database(), Options::default()).context("the database cannot be opened")?;
    store.close().await;
    println!("The database {} has this version's schema.", home.database().display());
    Ok(())
}

/// Works beside a running server: a backup reads one committed state.
pub async fn backup(config: Config, to: PathBuf) -> Result<()> {
    let store = existing(&config.data_dir)?;
    let result = store.backup_to(&to).await;
    store.close().await;
    result.with_context(|| format!("no backup was made at {}", to.display()))?;
    println!("The backup is in {}.", to.display());
    Ok(())
}

pub fn restore(config: &Config, from: &Path, overwrite: bool) -> Result<()> {
    let home = Home::open(&config.data_dir)?;
    sqlite::restore(from, &home.database(), overwrite)
        .with_context(|| format!("{} was not restored", from.display()))?;
    println!("The backup is restored. Devices will take a fresh snapshot when they come back.");
    Ok(())
}

/// The database of a data directory that has one.
pub fn existing(data_dir: &Path) -> Result<SqliteStore> {
    let path = database_in(data_dir);
    if !path.is_file() {
        bail!(
            "there is no database in {}; `prilavok-server serve` or `migrate` makes one",
            data_dir.display()
        );
    }
    SqliteStore::open(&path, Options::default())
        .with_context(|| format!("the database {} cannot be opened", path.display()))
}
