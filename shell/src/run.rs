//! From the first line of `main` to the last: what is started in which order, and how it ends.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use prilavok_client::Update;
use tauri::{AppHandle, Builder, Context, Manager, RunEvent, WindowEvent, generate_handler};
use tauri_plugin_window_state::StateFlags;

use crate::accounts::{self, Accounts};
use crate::arguments::Wish;
use crate::hints::{self, Hints};
use crate::life::{self, Life};
use crate::notices::{self, Notices, Topic};
use crate::place::{Place, asked};
use crate::updates::Screen;
#[cfg(target_os = "linux")]
use crate::webkit;
use crate::{App, commands, crash, log, media, numbers, tray, upgrade, way_in, window, words};

/// Runs the app until it is quit.
#[must_use]
pub fn run(app: App, context: Context) -> ExitCode {
    #[cfg(target_os = "linux")]
    if let Err(sentence) = webkit::prepare() {
        eprintln!("{sentence}");
        return ExitCode::FAILURE;
    }
    let place = Place::of(
        &context.config().identifier,
        asked("PRILAVOK_DATA_DIR").map(PathBuf::from),
    );
    log::start(&place.data_dir);
    crash::watch(app, &place.data_dir);
    tracing::info!(app = app.name, version = app.version, "Started.");
    // Fails only when it was installed before, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match build(app, place, context) {
        Ok(built) => {
            built.run(|app, event| on_event(app, &event));
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "The app could not start.");
            eprintln!("Прилавок не может запуститься: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What is remembered of the window. Not whether it is visible: an app that was quit from the tray opens it again.
pub(crate) const REMEMBERED: StateFlags = StateFlags::SIZE
    .union(StateFlags::POSITION)
    .union(StateFlags::MAXIMIZED);

fn build(app: App, place: Place, mut context: Context) -> tauri::Result<tauri::App> {
    let instance = tauri_plugin_single_instance::Builder::new()
        .callback(|app, arguments, _folder| second_start(app, Wish::of(arguments)))
        .dbus_id(place.name.clone())
        .build();
    let sizes = tauri_plugin_window_state::Builder::new()
        .with_state_flags(REMEMBERED)
        .with_filename(format!("{}.window.json", place.name))
        .with_filter(|label| label == window::LABEL)
        .build();
    // The first plugin: a second start goes no further.
    let mut builder = Builder::default().plugin(instance);
    if upgrade::settle(&mut context, app.role) {
        builder = builder.plugin(tauri_plugin_updater::Builder::new().build());
    }
    builder
        .plugin(
            tauri_plugin_opener::Builder::new()
                .open_js_links_on_click(false)
                .build(),
        )
        .plugin(sizes)
        .manage(app)
        .manage(Accounts::found(&place))
        .manage(Hints::found(&place.data_dir))
        .manage(place)
        .manage(Screen::default())
        .manage(tray::Tray::default())
        .manage(window::Eyes::default())
        .manage(window::Title::default())
        .manage(Life::default())
        .manage(numbers::Numbers::default())
        .manage(Farewell::default())
        .manage(upgrade::Upgrade::default())
        .manage(notices::answer::Fields::default())
        .register_asynchronous_uri_scheme_protocol(media::SCHEME, |context, request, responder| {
            let (app, path) = (context.app_handle().clone(), request.uri().path().to_owned());
            tauri::async_runtime::spawn(async move { responder.respond(media::answer(app, path).await) });
        })
        .invoke_handler(generate_handler![
            commands::app_info,
            commands::subscribe,
            commands::open_link,
            commands::identity,
            commands::connection,
            commands::unread,
            commands::set_server,
            commands::sign_in,
            commands::register,
            commands::sign_out,
            commands::sessions,
            commands::end_session,
            commands::invite,
            commands::threads,
            commands::thread,
            commands::messages,
            commands::search,
            commands::send,
            commands::retry,
            commands::cancel,
            commands::mark_read,
            commands::typing,
            commands::set_draft,
            commands::choose_draft,
            commands::edit,
            commands::unsent,
            commands::start,
            commands::products,
            commands::product,
            commands::sellers,
            commands::seller,
            commands::buyer,
            commands::look,
            commands::keep_place,
            commands::painted,
            commands::quit,
            commands::autostart,
            commands::set_autostart,
            commands::crash_report,
            commands::crash_report_seen,
            commands::open_reports,
            commands::reconnect_now,
            commands::settings,
            commands::set_settings,
            notices::answer::answering,
            notices::answer::answer,
            notices::answer::keep_answer,
            notices::check::check_all,
            notices::check::try_notice,
            notices::check::notice_clicked,
            notices::check::try_sound,
            commands::dictionaries,
            accounts::rows::watch_accounts,
            accounts::rows::switch_account,
            accounts::rows::add_account,
            accounts::rows::open_account,
            hints::first_steps,
            hints::hint_seen,
            upgrade::upgrade,
            upgrade::check_upgrade,
            upgrade::install_upgrade,
        ])
        .setup(|app| set_up(app).map_err(Into::into))
        .build(context)
}

fn set_up(app: &tauri::App) -> tauri::Result<()> {
    let handle = app.handle();
    tray::make(handle, &words::of_system());
    app.manage(Notices::start(handle));
    #[cfg(target_os = "linux")]
    app.manage(crate::launcher::Launcher::start(&format!(
        "prilavok-{}",
        app.state::<App>().role.as_str()
    )));
    let wish = Wish::of(std::env::args());
    if wish.is_hidden {
        app.state::<Life>().rest();
        tauri::async_runtime::spawn(life::stay_hidden(handle.clone()));
    } else {
        life::begin(&app.state::<Life>());
        window::build(handle)?;
    }
    if let Some(link) = wish.link {
        way_in::follow(handle, &link);
    }
    tauri::async_runtime::spawn(accounts::moves::open_all(handle.clone()));
    tauri::async_runtime::spawn(upgrade::look_daily(handle.clone()));
    #[cfg(unix)]
    tauri::async_runtime::spawn(quit_on_signal(handle.clone()));
    Ok(())
}

/// The program was started again: whoever did that wants to see it, unless the system did.
fn second_start(app: &AppHandle, wish: Wish) {
    match wish.link {
        Some(link) => way_in::follow(app, &link),
        None if wish.is_hidden => {}
        None => life::open_soon(app),
    }
}

/// A notice was clicked: its account comes to the front, and the thread opens.
pub(crate) fn open_thread(app: &AppHandle, Topic { seat, thread_id }: Topic) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        accounts::moves::switch(&app, seat).await;
        let screen = app.state::<Screen>();
        screen.tell(seat, vec![Update::OpenThread { thread_id }]);
        life::open(&app).await;
    });
}

/// The app is on its way out.
pub(crate) fn is_ending(app: &AppHandle) -> bool {
    app.state::<Farewell>().begun.load(Ordering::Acquire)
}

/// Whether the engine has been closed on the way out.
#[derive(Default)]
struct Farewell {
    begun: AtomicBool,
    done: AtomicBool,
}

fn on_event(app: &AppHandle, event: &RunEvent) {
    match event {
        // A field for an answer comes and goes as it likes.
        RunEvent::WindowEvent { label, event, .. } if label != window::LABEL => {
            if matches!(event, WindowEvent::Destroyed) {
                tauri::async_runtime::spawn(life::clear_away(app.clone()));
            }
        }
        RunEvent::WindowEvent {
            event: WindowEvent::CloseRequested { api, .. },
            ..
        } => {
            api.prevent_close();
            tauri::async_runtime::spawn(close_window(app.clone()));
        }
        RunEvent::WindowEvent {
            event: WindowEvent::Focused(is_focused),
            ..
        } => window::focused(app, *is_focused),
        RunEvent::WindowEvent {
            event: WindowEvent::Destroyed,
            ..
        } => app.state::<Life>().gone(),
        // The last window is gone, for the tray or for a new one. Whoever wants the app to end says so with a code; whether
        // a window is on its way already may not matter here, for it is built beside this event.
        RunEvent::ExitRequested { api, code: None, .. } => api.prevent_exit(),
        RunEvent::ExitRequested { api, code, .. } if !app.state::<Farewell>().done.load(Ordering::Acquire) => {
            api.prevent_exit();
            app.state::<Farewell>().begun.store(true, Ordering::Release);
            let (app, code) = (app.clone(), code.unwrap_or(0));
            tauri::async_runtime::spawn(async move {
                life::leave(&app).await;
                app.state::<Accounts>().close().await;
                app.state::<Farewell>().done.store(true, Ordering::Release);
                tracing::info!("Quit.");
                app.exit(code);
            });
        }
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            for url in urls {
                way_in::follow(app, url.as_str());
            }
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => life::open_soon(app),
        _ => {}
    }
}

/// The window goes into the tray where there is one and the person wants it; otherwise the app ends.
async fn close_window(app: AppHandle) {
    let wanted = app
        .state::<Accounts>()
        .ready()
        .is_none_or(|client| client.settings().close_to_tray);
    if !wanted || !tray::is_seen(&app).await {
        app.exit(0);
        return;
    }
    life::close(&app).await;
    hints::of_tray(&app).await;
}

/// Logging out of the desktop, or `kill`: everything is flushed first.
#[cfg(unix)]
async fn quit_on_signal(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut end), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        return;
    };
    tokio::select! {
        _ = end.recv() => {}
        _ = interrupt.recv() => {}
    }
    app.exit(0);
}
