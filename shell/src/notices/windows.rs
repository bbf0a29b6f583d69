//! The toasts of Windows. They stand in its notification centre under the name that the installer gave the app's entry in
//! the start menu; an app that was not installed has none, and says so.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use windows::Data::Xml::Dom::XmlDocument;
use windows::Foundation::{IPropertyValue, TypedEventHandler};
use windows::UI::Notifications::{
    NotificationSetting, ToastActivatedEventArgs, ToastDismissalReason, ToastNotification, ToastNotificationManager,
    ToastNotifier,
};
use windows::core::{HSTRING, IInspectable, Interface, Ref, Result};

use super::centre::{Act, Centre, Heard};
use super::order::{Described, Show};
use super::toast;

/// All toasts of ours stand in it: tags mean something within a group alone.
const GROUP: &str = "threads";

/// The way to the toasts.
pub(super) struct Toasts {
    app: HSTRING,
    /// Those of this run: one that is let go of is not heard any more.
    shown: Mutex<HashMap<String, ToastNotification>>,
    heard: mpsc::Sender<Heard>,
}

impl Toasts {
    /// `app` is the name that the system knows the app by.
    pub(super) fn new(app: &str, heard: mpsc::Sender<Heard>) -> Self {
        Self {
            app: HSTRING::from(app),
            shown: Mutex::new(HashMap::new()),
            heard,
        }
    }

    fn notifier(&self) -> Result<ToastNotifier> {
        ToastNotificationManager::CreateToastNotifierWithId(&self.app)
    }

    fn put(&self, tag: &str, show: &Show) -> Result<()> {
        let content = XmlDocument::new()?;
        content.LoadXml(&HSTRING::from(toast::xml(show)))?;
        let toast = ToastNotification::CreateToastNotification(&content)?;
        toast.SetTag(&HSTRING::from(tag))?;
        toast.SetGroup(&HSTRING::from(GROUP))?;
        let (heard, name) = (self.heard.clone(), tag.to_owned());
        toast.Activated(&TypedEventHandler::new(
            move |_toast: Ref<ToastNotification>, what: Ref<IInspectable>| {
                say(&heard, &name, activated(what).unwrap_or(Act::Clicked));
                Ok(())
            },
        ))?;
        let (heard, name) = (self.heard.clone(), tag.to_owned());
        toast.Dismissed(&TypedEventHandler::new(
            move |_toast: Ref<ToastNotification>, how: Ref<windows::UI::Notifications::ToastDismissedEventArgs>| {
                // One that timed out still stands in the centre.
                if let Some(how) = how.as_ref()
                    && how.Reason()? == ToastDismissalReason::UserCanceled
                {
                    say(&heard, &name, Act::Gone);
                }
                Ok(())
            },
        ))?;
        let notifier = self.notifier()?;
        // Of an app that the system does not know it says so here, and only here.
        notifier.Setting()?;
        notifier.Show(&toast)?;
        self.shown().insert(tag.to_owned(), toast);
        Ok(())
    }

    fn shown(&self) -> MutexGuard<'_, HashMap<String, ToastNotification>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, tag: &str) -> Result<()> {
        self.shown().remove(tag);
        let history = ToastNotificationManager::History()?;
        history.RemoveGroupedTagWithId(&HSTRING::from(tag), &HSTRING::from(GROUP), &self.app)
    }

    fn tags(&self) -> Result<Vec<String>> {
        let all = ToastNotificationManager::History()?.GetHistoryWithId(&self.app)?;
        Ok(all
            .into_iter()
            .filter_map(|toast| Some(toast.Tag().ok()?.to_string()))
            .collect())
    }
}

impl Centre for Toasts {
    type Error = windows::core::Error;

    async fn show(&self, tag: &str, show: &Show) -> Result<()> {
        self.put(tag, show)
    }

    async fn close(&self, tag: &str) {
        if let Err(error) = self.take(tag) {
            tracing::debug!(%error, "A toast could not be taken away; it may be gone already.");
        }
    }

    async fn standing(&self) -> Vec<String> {
        self.tags().unwrap_or_default()
    }

    async fn describe(&self) -> Described {
        let Ok(setting) = self.notifier().and_then(|notifier| notifier.Setting()) else {
            return Described::default();
        };
        Described {
            is_there: true,
            name: "Windows".to_owned(),
            version: String::new(),
            capabilities: ["body", "actions", "inline-reply", "sound"].map(str::to_owned).to_vec(),
            is_inhibited: setting != NotificationSetting::Enabled,
        }
    }
}

/// Which of the toast's buttons it was, and what stands in its field.
fn activated(what: Ref<'_, IInspectable>) -> Option<Act> {
    let what = what.as_ref()?.cast::<ToastActivatedEventArgs>().ok()?;
    let action = what.Arguments().ok()?.to_string();
    let text = what
        .UserInput()
        .and_then(|fields| fields.Lookup(&HSTRING::from(toast::FIELD)))
        .and_then(|value| value.cast::<IPropertyValue>())
        .and_then(|value| value.GetString());
    Some(Act::of(&action, text.ok().map(|text| text.to_string())))
}

/// The system calls from a thread of its own, which may not wait.
fn say(heard: &mpsc::Sender<Heard>, tag: &str, act: Act) {
    let tag = tag.to_owned();
    if heard.try_send(Heard { tag, act }).is_err() {
        tracing::error!("What was done with a notice was lost: too much at once.");
    }
}
