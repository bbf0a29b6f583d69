//! The handle that apps hold: cheap to clone, and every method may be called from anywhere.
//!
//! Reads come from the cache and never wait for the network, unless they say so. Writes are durable on this
//! device when they return.

use std::path::PathBuf;
use std::sync::Arc;

use prilavok_protocol::ids::{
    BuyerId, MessageId, ProductId, Role, SellerId, Seq, SessionId, ThreadId,
};
use prilavok_protocol::model::{Buyer, Product, Seller};
use prilavok_protocol::rest::{Account, Invitation, ProductQuery, Register, ServerInfo, Session};
use tokio::sync::mpsc;

use crate::error::Error;
use crate::secrets::Secrets;
use crate::settings::{Focus, Settings};
use crate::update::{
    CataloguePage, Connection, Identity, MessageItem, MessagePage, Stretch, ThreadItem, Update,
};

/// What an app brings.
pub struct Options {
    /// Everything local lives under it.
    pub data_dir: PathBuf,
    /// Whose app this is: accounts of the other side are refused.
    pub role: Role,
    /// The app and its version, `buyer-app/0.1.0`, for the server's log.
    pub app: String,
    /// Where refresh tokens live.
    pub secrets: Arc<dyn Secrets>,
    /// The language at the first start: `ru` or `en`.
    pub language: String,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Always `image/…`.
    pub content_type: String,
    /// At most 8 MiB.
    pub bytes: Vec<u8>,
}

/// The handle.
#[derive(Clone)]
pub struct Client {
    _inner: Arc<()>,
}

impl Client {
    /// Opens the data directory and starts the engine. Works without a network.
    pub async fn open(options: Options) -> Result<(Self, mpsc::Receiver<Update>), Error> {
        let _ = options;
        Err(Error::Closed)
    }
    /// Who is signed in, and where.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity::default()
    }
    /// Where the connection stands.
    #[must_use]
    pub fn connection(&self) -> Connection {
        Connection::default()
    }
    /// All unread messages.
    #[must_use]
    pub fn unread(&self) -> u32 {
        0
    }
    /// Asks the address who it is, and remembers it.
    pub async fn set_server(&self, address: &str) -> Result<ServerInfo, Error> {
        let _ = address;
        Err(Error::Closed)
    }
    /// Signs in. Needs the server.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Account, Error> {
        let _ = (email, password);
        Err(Error::Closed)
    }
    /// Makes an account and signs in. Needs the server.
    pub async fn register(&self, register: Register) -> Result<Account, Error> {
        let _ = register;
        Err(Error::Closed)
    }
    /// Signs out this device, or all of them.
    pub async fn sign_out(&self, everywhere: bool) -> Result<(), Error> {
        let _ = everywhere;
        Err(Error::Closed)
    }
    /// The signed-in devices. Needs the server.
    pub async fn sessions(&self) -> Result<Vec<Session>, Error> {
        Err(Error::Closed)
    }
    /// Signs out another device. Needs the server.
    pub async fn end_session(&self, id: SessionId) -> Result<(), Error> {
        let _ = id;
        Err(Error::Closed)
    }
    /// An invitation for a colleague. Needs the server.
    pub async fn invite(&self) -> Result<Invitation, Error> {
        Err(Error::Closed)
    }
    /// All threads, newest activity first.
    pub async fn threads(&self) -> Result<Vec<ThreadItem>, Error> {
        Err(Error::Closed)
    }
    /// One thread.
    pub async fn thread(&self, id: ThreadId) -> Result<Option<ThreadItem>, Error> {
        let _ = id;
        Err(Error::Closed)
    }
    /// A stretch of a thread.
    pub async fn messages(
        &self,
        thread: ThreadId,
        stretch: Stretch,
        limit: u32,
    ) -> Result<MessagePage, Error> {
        let _ = (thread, stretch, limit);
        Err(Error::Closed)
    }
    /// Queues a message.
    pub async fn send(
        &self,
        thread: ThreadId,
        text: &str,
        product: Option<ProductId>,
    ) -> Result<MessageItem, Error> {
        let _ = (thread, text, product);
        Err(Error::Closed)
    }
    /// Tries a failed message again.
    pub async fn retry(&self, id: MessageId) -> Result<(), Error> {
        let _ = id;
        Err(Error::Closed)
    }
    /// Deletes an unsent message. True when it will never be sent.
    pub async fn cancel(&self, id: MessageId) -> Result<bool, Error> {
        let _ = id;
        Err(Error::Closed)
    }
    /// Everything up to here has been read.
    pub async fn mark_read(&self, thread: ThreadId, up_to: Seq) -> Result<(), Error> {
        let _ = (thread, up_to);
        Err(Error::Closed)
    }
    /// The person types, or has stopped. Call it on every key: it is thinned out here.
    pub async fn typing(&self, thread: ThreadId, is_typing: bool) -> Result<(), Error> {
        let _ = (thread, is_typing);
        Err(Error::Closed)
    }
    /// Remembers what stands in the field.
    pub async fn set_draft(&self, thread: ThreadId, text: &str) -> Result<(), Error> {
        let _ = (thread, text);
        Err(Error::Closed)
    }
    /// What stood in the field.
    pub async fn draft(&self, thread: ThreadId) -> Result<String, Error> {
        let _ = thread;
        Err(Error::Closed)
    }
    /// Starts the thread with a shop, or finds it. Needs the server.
    pub async fn start(
        &self,
        seller: SellerId,
        product: Option<ProductId>,
    ) -> Result<ThreadId, Error> {
        let _ = (seller, product);
        Err(Error::Closed)
    }
    /// A page of products; without the server, what this device has seen.
    pub async fn products(&self, query: ProductQuery) -> Result<CataloguePage<Product>, Error> {
        let _ = query;
        Err(Error::Closed)
    }
    /// One product.
    pub async fn product(&self, id: ProductId) -> Result<Product, Error> {
        let _ = id;
        Err(Error::Closed)
    }
    /// A page of shops; without the server, what this device has seen.
    pub async fn sellers(&self, offset: u32, limit: u32) -> Result<CataloguePage<Seller>, Error> {
        let _ = (offset, limit);
        Err(Error::Closed)
    }
    /// One shop.
    pub async fn seller(&self, id: SellerId) -> Result<Seller, Error> {
        let _ = id;
        Err(Error::Closed)
    }
    /// One buyer.
    pub async fn buyer(&self, id: BuyerId) -> Result<Buyer, Error> {
        let _ = id;
        Err(Error::Closed)
    }
    /// A picture of the own server.
    pub async fn media(&self, path: &str) -> Result<Media, Error> {
        let _ = path;
        Err(Error::Closed)
    }
    /// What is in front of the person's eyes: no notice for it.
    pub async fn look(&self, focus: Focus) -> Result<(), Error> {
        let _ = focus;
        Err(Error::Closed)
    }
    /// Does not wait for the next try.
    pub async fn reconnect_now(&self) -> Result<(), Error> {
        Err(Error::Closed)
    }
    /// What the person chose.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings::default()
    }
    /// Remembers what the person chose.
    pub async fn set_settings(&self, settings: Settings) -> Result<(), Error> {
        let _ = settings;
        Err(Error::Closed)
    }
    /// Stops everything; all is on disk when it returns.
    pub async fn close(&self) {}
}
