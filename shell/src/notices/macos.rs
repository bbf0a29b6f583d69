//! The notices of macOS, in its notification centre. It serves bundled apps alone and asks the person first; both are
//! found out when the first notice is shown.

use std::time::Duration;

use mac_usernotifications::action::Action;
use mac_usernotifications::{AuthorizationStatus, Error, Notification, NotificationHandle, NotificationResponse};
use mac_usernotifications::{
    cancel_pending, check_bundle, close_delivered, get_delivered_notification_ids, get_notification_settings,
    request_auth,
};
use tokio::sync::mpsc;

use super::centre::{Act, Centre, Heard, READ, REPLY};
use super::order::{Described, Show};

/// A notice that only tries the centre goes after a minute, like the question about it.
const TRIAL: Duration = Duration::from_secs(60);

/// The way to the centre.
pub(super) struct Center {
    heard: mpsc::Sender<Heard>,
}

impl Center {
    pub(super) fn new(heard: mpsc::Sender<Heard>) -> Self {
        Self { heard }
    }

    /// Waits for the person. A newer notice under the same tag ends the wait.
    fn listen(&self, handle: NotificationHandle) {
        let heard = self.heard.clone();
        tauri::async_runtime::spawn(async move {
            let Ok(response) = handle.response().await else {
                return;
            };
            let tag = response.notification_id.clone();
            if heard
                .send(Heard {
                    tag,
                    act: act(response),
                })
                .await
                .is_err()
            {
                tracing::debug!("The app ends: what was done with a notice is not heard.");
            }
        });
    }
}

fn act(response: NotificationResponse) -> Act {
    if response.close_reason.is_some() {
        return Act::Gone;
    }
    Act::of(&response.action_identifier, response.reply_text)
}

impl Centre for Center {
    type Error = Error;

    async fn show(&self, tag: &str, show: &Show) -> Result<(), Error> {
        check_bundle()?;
        // The system asks the person once, and answers from memory ever after.
        if !request_auth().await? {
            return Err(Error::NotificationRejected);
        }
        let words = &show.words;
        let mut notice = Notification::new()
            .id(tag)
            .thread_id(tag)
            .title(&words.title)
            .message(&words.body);
        notice = match show.is_of_thread {
            true => notice
                .action(Action::reply(REPLY, &words.reply, &words.submit, &words.placeholder))
                .action(Action::button(READ, &words.read)),
            false => notice.timeout(TRIAL),
        };
        if show.sounds {
            notice = notice.default_sound();
        }
        self.listen(notice.send().await?);
        Ok(())
    }

    async fn close(&self, tag: &str) {
        if check_bundle().is_ok() {
            cancel_pending(tag).await;
            close_delivered(tag).await;
        }
    }

    async fn standing(&self) -> Vec<String> {
        match check_bundle() {
            Ok(()) => get_delivered_notification_ids().await,
            Err(_) => Vec::new(),
        }
    }

    async fn describe(&self) -> Described {
        if check_bundle().is_err() {
            return Described::default();
        }
        let Ok(settings) = get_notification_settings().await else {
            return Described::default();
        };
        Described {
            is_there: settings.authorization_status != AuthorizationStatus::Denied,
            name: "macOS".to_owned(),
            version: String::new(),
            capabilities: ["body", "actions", "inline-reply", "sound"].map(str::to_owned).to_vec(),
            is_inhibited: false,
        }
    }
}
