//! `user`: accounts from the command line, beside a running server or without one.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Subcommand, ValueEnum};
use prilavok_protocol::ids::{AccountId, BuyerId, Role, SellerId};
use prilavok_protocol::limits::NAME_CHARS;
use prilavok_protocol::time::Time;

use super::backup::existing;
use crate::accounts::{check_password, normal_email, passwords};
use crate::catalogue;
use crate::config::Config;
use crate::error::{Error, Language};
use crate::home::{Home, Unusable};
use crate::store::accounts::{AccountRecord, NewAccount, NewParty, Standing};
use crate::store::sqlite::{Options, SqliteStore};
use crate::store::{self, AccountStore};

/// Accounts. Passwords are read from standard input, never from an argument.
#[derive(Subcommand)]
pub enum User {
    /// Make an account; the password is the first line of standard input
    Add {
        /// The e-mail address to sign in with
        email: String,
        /// buyer or seller
        #[arg(long, value_enum)]
        role: Side,
        /// The person's name, or the shop's
        #[arg(long)]
        name: String,
        /// The buyer or the shop of the catalogue that the account acts for; a new one without it
        #[arg(long, value_name = "UUID")]
        party: Option<uuid::Uuid>,
    },
    /// List all accounts
    List,
    /// Close an account and end its sessions
    Disable {
        /// The account's e-mail address
        email: String,
    },
    /// Take an agent out of their shop and end their sessions; another invitation lets them come back
    Remove {
        /// The account's e-mail address
        email: String,
    },
    /// Reopen an account
    Enable {
        /// The account's e-mail address
        email: String,
    },
    /// Replace a password by the first line of standard input, and end all sessions
    Password {
        /// The account's e-mail address
        email: String,
    },
}

/// Which side an account is on.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Side {
    /// A person who buys.
    Buyer,
    /// An agent of a shop.
    Seller,
}

pub async fn run(config: Config, command: User) -> Result<()> {
    let (_home, store) = match Home::open(&config.data_dir) {
        Ok(home) => {
            let store =
                SqliteStore::open(&home.database(), Options::default()).context("the database cannot be opened")?;
            (Some(home), store)
        }
        Err(Unusable::Taken(_)) => (None, existing(&config.data_dir)?),
        Err(error) => return Err(error.into()),
    };
    let result = act(&store, command).await;
    store.close().await;
    result
}

async fn act(store: &SqliteStore, command: User) -> Result<()> {
    match command {
        User::Add {
            email,
            role,
            name,
            party,
        } => add(store, &email, role, name, party).await,
        User::List => list(store).await,
        User::Disable { email } => {
            let sessions = store.set_disabled(find(store, &email).await?, true).await?;
            println!("The account is closed; sessions ended: {}.", sessions.len());
            Ok(())
        }
        User::Remove { email } => remove(store, &email).await,
        User::Enable { email } => {
            store.set_disabled(find(store, &email).await?, false).await?;
            println!("The account is open again.");
            Ok(())
        }
        User::Password { email } => {
            let id = find(store, &email).await?;
            let password = read_password()?;
            store.set_password(id, &passwords::hash(&password)?).await?;
            let sessions = store.end_sessions(id.into()).await?;
            println!("The password is replaced; sessions ended: {}.", sessions.len());
            Ok(())
        }
    }
}

async fn add(store: &SqliteStore, email: &str, role: Side, mut name: String, party: Option<uuid::Uuid>) -> Result<()> {
    let email = normal_email(email).map_err(plain)?;
    catalogue::name(&mut name, "/name", NAME_CHARS as usize).map_err(plain)?;
    let password = read_password()?;
    let party = match role {
        Side::Buyer => NewParty::Buyer(party.map_or_else(BuyerId::mint, BuyerId)),
        Side::Seller => NewParty::Seller(party.map_or_else(SellerId::mint, SellerId)),
    };
    let password_hash = passwords::hash(&password)?;
    let account = NewAccount {
        id: AccountId::mint(),
        email,
        password_hash,
        name,
        party,
        at: Time::now(),
    };
    let record = store.create_account(account).await.map_err(|error| match error {
        store::Error::EmailTaken => anyhow!("this e-mail address has an account already"),
        error => error.into(),
    })?;
    println!("{}", line(&record));
    Ok(())
}

async fn remove(store: &SqliteStore, email: &str) -> Result<()> {
    let id = find(store, email).await?;
    let record = store.account(id).await?.context("the account is gone")?;
    let Some(shop) = record.account.seller_id else {
        bail!("this is a buyer's account, which belongs to no shop; `user disable` closes it");
    };
    let sessions = store.remove_agent(id.into(), id).await.map_err(|error| match error {
        store::Error::NotFound => anyhow!("this account was taken out of its shop before"),
        error => error.into(),
    })?;
    println!("The agent is out of the shop; sessions ended: {}.", sessions.len());
    if store.agents(shop).await?.is_empty() {
        println!("Nobody works in this shop any more: its buyers will not be answered.");
    }
    Ok(())
}

async fn list(store: &SqliteStore) -> Result<()> {
    for (record, email) in store.accounts().await? {
        let state = match record.standing {
            Standing::Open => "open",
            Standing::Closed => "closed",
            Standing::Removed => "removed",
        };
        println!("{}  {state:7}  {email}  {}", line(&record), record.account.name);
    }
    Ok(())
}

/// The account, its side, and its party.
fn line(record: &AccountRecord) -> String {
    let account = &record.account;
    let party = match account.role {
        Role::Buyer => account.buyer_id.map(|id| id.0),
        Role::Seller => account.seller_id.map(|id| id.0),
    };
    format!(
        "{}  {:6}  {}",
        account.id,
        account.role.as_str(),
        party.unwrap_or_default()
    )
}

async fn find(store: &SqliteStore, email: &str) -> Result<AccountId> {
    let email = normal_email(email).map_err(plain)?;
    match store.account_by_email(&email).await? {
        Some(record) => Ok(record.account.id),
        None => bail!("there is no account with this e-mail address"),
    }
}

fn read_password() -> Result<String> {
    if io::stdin().is_terminal() {
        eprint!("Password (it will be visible): ");
        io::stderr().flush()?;
    }
    let mut password = String::new();
    io::stdin()
        .lock()
        .read_line(&mut password)
        .context("the password cannot be read from standard input")?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    check_password(&password).map_err(plain)?;
    Ok(password)
}

fn plain(error: Error) -> anyhow::Error {
    anyhow!(
        "{}",
        error
            .field_errors(Language::English)
            .first()
            .map_or(String::new(), |field| field.detail.clone())
    )
}
