//! What the page may ask for: one line each, the engine does the work. Names are those of the screen's bridge.

use prilavok_client::{
    CataloguePage, Client, Connection, DraftChoice, Error, Focus, Found, Identity, MessageItem, MessagePage, Settings,
    Stretch, ThreadItem, Unsent, Update,
};
use prilavok_protocol::ids::{BuyerId, MessageId, ProductId, SellerId, Seq, SessionId, ThreadId};
use prilavok_protocol::model::{Buyer, Product, Seller};
use prilavok_protocol::rest::{Account, Invitation, ProductQuery, Register, ServerInfo, Session};
use serde::Serialize;
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{AppHandle, State, command};

use crate::accounts::asked::Asked;
use crate::accounts::moves;
use crate::life::Life;
use crate::place::Place;
use crate::updates::Screen;
use crate::{App, autostart, comfort, crash, links, notices, window};

type Answer<T> = Result<T, Error>;
type Shared<'a> = Asked<'a>;

/// Which program this is, for «О приложении».
#[derive(Debug, Clone, Serialize)]
pub(crate) struct AppInfo {
    name: &'static str,
    version: &'static str,
}

#[command]
pub(crate) async fn app_info(app: State<'_, App>) -> Answer<AppInfo> {
    Ok(AppInfo {
        name: app.name,
        version: app.version,
    })
}

#[command]
pub(crate) async fn subscribe(
    engine: Shared<'_>,
    screen: State<'_, Screen>,
    channel: Channel<Vec<Update>>,
) -> Answer<()> {
    screen.listen(engine.seat(), channel);
    Ok(())
}

#[command]
pub(crate) async fn open_link(app: AppHandle, url: String) -> Answer<()> {
    links::open(&app, &url)
}

#[command]
pub(crate) async fn identity(engine: Shared<'_>) -> Answer<Identity> {
    Ok(engine.client().await?.identity())
}

#[command]
pub(crate) async fn connection(engine: Shared<'_>) -> Answer<Connection> {
    Ok(engine.client().await?.connection())
}

#[command]
pub(crate) async fn unread(engine: Shared<'_>) -> Answer<u32> {
    Ok(engine.client().await?.unread())
}

#[command]
pub(crate) async fn set_server(engine: Shared<'_>, address: String) -> Answer<ServerInfo> {
    engine.client().await?.set_server(&address).await
}

#[command]
pub(crate) async fn sign_in(engine: Shared<'_>, email: String, password: String) -> Answer<Account> {
    engine.client().await?.sign_in(&email, &password).await
}

#[command]
pub(crate) async fn register(engine: Shared<'_>, register: Register) -> Answer<Account> {
    engine.client().await?.register(register).await
}

#[command]
pub(crate) async fn sign_out(app: AppHandle, engine: Shared<'_>, everywhere: bool) -> Answer<()> {
    engine.client().await?.sign_out(everywhere).await?;
    moves::left(&app, engine.seat()).await;
    Ok(())
}

#[command]
pub(crate) async fn sessions(engine: Shared<'_>) -> Answer<Vec<Session>> {
    engine.client().await?.sessions().await
}

#[command]
pub(crate) async fn end_session(engine: Shared<'_>, id: SessionId) -> Answer<()> {
    engine.client().await?.end_session(id).await
}

#[command]
pub(crate) async fn invite(engine: Shared<'_>) -> Answer<Invitation> {
    engine.client().await?.invite().await
}

#[command]
pub(crate) async fn threads(engine: Shared<'_>) -> Answer<Vec<ThreadItem>> {
    engine.client().await?.threads().await
}

#[command]
pub(crate) async fn thread(engine: Shared<'_>, id: ThreadId) -> Answer<Option<ThreadItem>> {
    engine.client().await?.thread(id).await
}

#[command]
pub(crate) async fn messages(
    engine: Shared<'_>,
    thread_id: ThreadId,
    stretch: Stretch,
    limit: u32,
) -> Answer<MessagePage> {
    engine.client().await?.messages(thread_id, stretch, limit).await
}

#[command]
pub(crate) async fn search(
    engine: Shared<'_>,
    thread_id: ThreadId,
    text: String,
    before: Option<Seq>,
) -> Answer<Found> {
    engine.client().await?.search(thread_id, &text, before).await
}

#[command]
pub(crate) async fn send(
    engine: Shared<'_>,
    thread_id: ThreadId,
    text: String,
    product_id: Option<ProductId>,
) -> Answer<MessageItem> {
    engine.client().await?.send(thread_id, &text, product_id).await
}

#[command]
pub(crate) async fn retry(engine: Shared<'_>, id: MessageId) -> Answer<()> {
    engine.client().await?.retry(id).await
}

#[command]
pub(crate) async fn cancel(engine: Shared<'_>, id: MessageId) -> Answer<bool> {
    engine.client().await?.cancel(id).await
}

#[command]
pub(crate) async fn mark_read(engine: Shared<'_>, thread_id: ThreadId, up_to_seq: Seq) -> Answer<()> {
    engine.client().await?.mark_read(thread_id, up_to_seq).await
}

#[command]
pub(crate) async fn typing(engine: Shared<'_>, thread_id: ThreadId, is_typing: bool) -> Answer<()> {
    engine.client().await?.typing(thread_id, is_typing).await
}

#[command]
pub(crate) async fn set_draft(
    engine: Shared<'_>,
    thread_id: ThreadId,
    text: String,
    caret: u32,
    filled: u64,
) -> Answer<()> {
    let field = (caret, filled);
    engine.client().await?.write_draft(thread_id, &text, field).await
}

#[command]
pub(crate) async fn choose_draft(engine: Shared<'_>, thread_id: ThreadId, choice: DraftChoice) -> Answer<()> {
    engine.client().await?.choose_draft(thread_id, choice).await
}

#[command]
pub(crate) async fn edit(engine: Shared<'_>, id: MessageId) -> Answer<bool> {
    engine.client().await?.edit(id).await
}

#[command]
pub(crate) async fn unsent(engine: Shared<'_>) -> Answer<Unsent> {
    engine.client().await?.unsent().await
}

#[command]
pub(crate) async fn start(engine: Shared<'_>, seller_id: SellerId, product_id: Option<ProductId>) -> Answer<ThreadId> {
    engine.client().await?.start(seller_id, product_id).await
}

#[command]
pub(crate) async fn products(engine: Shared<'_>, query: ProductQuery) -> Answer<CataloguePage<Product>> {
    engine.client().await?.products(query).await
}

#[command]
pub(crate) async fn product(engine: Shared<'_>, id: ProductId) -> Answer<Product> {
    engine.client().await?.product(id).await
}

#[command]
pub(crate) async fn sellers(engine: Shared<'_>, offset: u32, limit: u32) -> Answer<CataloguePage<Seller>> {
    engine.client().await?.sellers(offset, limit).await
}

#[command]
pub(crate) async fn seller(engine: Shared<'_>, id: SellerId) -> Answer<Seller> {
    engine.client().await?.seller(id).await
}

#[command]
pub(crate) async fn buyer(engine: Shared<'_>, id: BuyerId) -> Answer<Buyer> {
    engine.client().await?.buyer(id).await
}

#[command]
pub(crate) async fn look(
    app: AppHandle,
    engine: Shared<'_>,
    thread_id: Option<ThreadId>,
    is_focused: bool,
) -> Answer<()> {
    let focus = Focus {
        thread: thread_id,
        is_focused,
    };
    window::look(&app, engine.seat(), focus).await
}

#[command]
pub(crate) async fn keep_place(engine: Shared<'_>, life: State<'_, Life>, place: Value, is_last: bool) -> Answer<()> {
    // What the page of another account says late is not where this one is.
    if engine.is_front() {
        life.keep(place, is_last);
    }
    Ok(())
}

#[command]
pub(crate) async fn painted(app: AppHandle, life: State<'_, Life>) -> Answer<()> {
    life.painted();
    comfort::painted(&app);
    Ok(())
}

#[command]
pub(crate) async fn quit(app: AppHandle) -> Answer<()> {
    app.exit(0);
    Ok(())
}

#[command]
pub(crate) async fn autostart(place: State<'_, Place>) -> Answer<bool> {
    Ok(autostart::is_on(&place))
}

#[command]
pub(crate) async fn set_autostart(place: State<'_, Place>, is_on: bool) -> Answer<()> {
    autostart::set(&place, is_on).map_err(|error| {
        tracing::warn!(%error, "The autostart entry could not be changed.");
        Error::Invalid("the autostart entry could not be changed")
    })
}

#[command]
pub(crate) async fn crash_report(place: State<'_, Place>) -> Answer<Option<crash::Report>> {
    Ok(crash::unseen(&place.data_dir))
}

#[command]
pub(crate) async fn crash_report_seen(place: State<'_, Place>) -> Answer<()> {
    crash::seen(&place.data_dir);
    Ok(())
}

#[command]
pub(crate) async fn open_reports(app: AppHandle, place: State<'_, Place>) -> Answer<()> {
    links::open_folder(&app, &crash::folder(&place.data_dir))
}

#[command]
pub(crate) async fn reconnect_now(engine: Shared<'_>) -> Answer<()> {
    engine.client().await?.reconnect_now().await
}

#[command]
pub(crate) async fn settings(engine: Shared<'_>) -> Answer<Settings> {
    Ok(engine.client().await?.settings())
}

#[command]
pub(crate) async fn set_settings(app: AppHandle, engine: Shared<'_>, settings: Settings) -> Answer<()> {
    let client: Client = engine.client().await?;
    client.set_settings(settings.clone()).await?;
    moves::settle(&app, engine.seat(), &settings).await?;
    window::settle(&app, &settings);
    notices::settle(&app, engine.seat(), &settings);
    Ok(())
}

#[command]
pub(crate) async fn dictionaries(app: AppHandle) -> Answer<Vec<&'static str>> {
    Ok(comfort::dictionaries(&app).await)
}
