//! Devices of one account against a server that only compares and sets: requests and answers are lost, fields show old
//! texts, a backup is restored. Each letter is typed once, so that it can be looked for.

use std::collections::BTreeSet;

use prilavok_protocol::draft::Draft;
use prilavok_protocol::ids::{DeviceId, DraftVersion, ThreadId};
use prilavok_protocol::time::Time;
use proptest::prelude::*;
use uuid::Uuid;

use super::{DraftChoice, Local, answered, chosen, heard, sent, started_over, typed, wanted};

const DEVICES: usize = 3;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// The person types one more word, in the field as it looks there.
    Type(usize),
    /// The field is saved, as it is soon after the last letter.
    Save(usize),
    /// The screen catches up with the engine.
    Look(usize),
    /// What stands in the field is sent.
    Send(usize),
    /// What stands in the field is removed.
    Clear(usize),
    /// The person decides about the other text.
    Choose(usize, DraftChoice),
    /// The device sets its draft. The answer may be lost.
    Push { device: usize, is_answered: bool },
    /// The device asks for news. The person may have the field in front of them.
    Fetch { device: usize, is_looked_at: bool },
    /// The server goes back to what it kept before its last change.
    Restore,
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..DEVICES;
    let choice = prop_oneof![
        Just(DraftChoice::Take),
        Just(DraftChoice::Append),
        Just(DraftChoice::Drop)
    ];
    prop_oneof![
        6 => device.clone().prop_map(Step::Type),
        3 => device.clone().prop_map(Step::Save),
        3 => device.clone().prop_map(Step::Look),
        1 => device.clone().prop_map(Step::Send),
        1 => device.clone().prop_map(Step::Clear),
        2 => (device.clone(), choice).prop_map(|(device, choice)| Step::Choose(device, choice)),
        6 => (device.clone(), any::<bool>()).prop_map(|(device, is_answered)| Step::Push { device, is_answered }),
        6 => (device, any::<bool>()).prop_map(|(device, is_looked_at)| Step::Fetch { device, is_looked_at }),
        1 => Just(Step::Restore),
    ]
}

#[derive(Debug, Clone, Default)]
struct Server {
    epoch: u32,
    draft: Option<Draft>,
}

impl Server {
    fn version(&self) -> DraftVersion {
        self.draft.as_ref().map_or(DraftVersion(0), |draft| draft.version)
    }

    fn set(&mut self, device: DeviceId, base: DraftVersion, text: &str) -> (Draft, bool) {
        let draft = |version| Draft {
            thread_id: ThreadId(Uuid::nil()),
            version,
            device,
            at: Time::from_millis(0),
            message: text.to_owned(),
        };
        match &self.draft {
            Some(now) if now.device == device && now.message == text && now.version > base => (now.clone(), true),
            now if self.version() != base => (now.clone().unwrap_or_else(|| draft(DraftVersion(0))), false),
            _ => {
                let next = draft(base.next());
                self.draft = Some(next.clone());
                (next, true)
            }
        }
    }
}

#[derive(Debug, Default)]
struct Device {
    epoch: u32,
    local: Local,
    /// What the person sees: the text, and which filling of the field it is.
    field: (String, u64),
    is_unsaved: bool,
}

impl Device {
    fn id(n: usize) -> DeviceId {
        DeviceId(Uuid::from_u128(n as u128 + 1))
    }

    /// What was typed and not saved is not exchanged under the person's hands.
    fn look(&mut self) {
        self.save();
        self.field = (self.local.text.clone(), self.local.filled);
    }

    fn save(&mut self) {
        if std::mem::take(&mut self.is_unsaved) {
            self.local = typed(&self.local, &self.field.0, 0, self.field.1);
        }
    }

    /// A device that meets another history of the server compares everything anew.
    fn meet(&mut self, server: &Server) {
        if self.epoch != server.epoch {
            self.epoch = server.epoch;
            self.local = started_over(&self.local);
        }
    }
}

#[derive(Default)]
struct World {
    server: Server,
    before: Option<Draft>,
    devices: [Device; DEVICES],
    words: u32,
    /// Words that the person sent, removed or left behind on purpose.
    let_go: BTreeSet<String>,
}

impl World {
    fn let_go(&mut self, text: &str) {
        self.let_go.extend(text.split_whitespace().map(str::to_owned));
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Type(n) => {
                self.words += 1;
                let word = format!("w{}", self.words);
                let device = &mut self.devices[n];
                device.field.0 = format!("{} {word}", device.field.0).trim().to_owned();
                device.is_unsaved = true;
            }
            Step::Save(n) => self.devices[n].save(),
            Step::Look(n) => self.devices[n].look(),
            Step::Send(n) | Step::Clear(n) => {
                let device = &mut self.devices[n];
                let text = std::mem::take(&mut device.field.0);
                if matches!(step, Step::Send(_)) && !text.is_empty() {
                    device.local = typed(&device.local, &text, 0, device.field.1);
                    device.local = sent(&device.local, &text);
                    device.is_unsaved = false;
                } else {
                    device.is_unsaved = true;
                    device.save();
                }
                self.let_go(&text);
            }
            Step::Choose(n, choice) => {
                let device = &mut self.devices[n];
                device.save();
                let before = device.local.clone();
                device.local = chosen(&before, choice);
                device.look();
                match (choice, before.other) {
                    (DraftChoice::Take, Some(_)) => self.let_go(&before.text),
                    (DraftChoice::Drop, Some(other)) => self.let_go(&other.text),
                    _ => {}
                }
            }
            Step::Push { device: n, is_answered } => {
                let device = &mut self.devices[n];
                device.meet(&self.server);
                let Some(text) = wanted(&device.local, 4096).map(str::to_owned) else {
                    return;
                };
                let before = self.server.draft.clone();
                let (draft, is_kept) = self.server.set(Device::id(n), device.local.base, &text);
                if self.server.draft != before {
                    self.before = before;
                }
                if is_answered {
                    device.local = answered(&device.local, Device::id(n), &text, (&draft, is_kept));
                }
            }
            Step::Fetch {
                device: n,
                is_looked_at,
            } => {
                let device = &mut self.devices[n];
                device.meet(&self.server);
                if let Some(draft) = &self.server.draft {
                    device.local = heard(&device.local, Device::id(n), draft, is_looked_at);
                }
            }
            Step::Restore => {
                self.server.draft = self.before.take();
                self.server.epoch += 1;
            }
        }
    }

    /// Every word is in a field, beside one, or on the server, unless the person let go of it.
    fn check(&self) -> Result<(), TestCaseError> {
        let mut kept = BTreeSet::new();
        let mut keep = |text: &str| kept.extend(text.split_whitespace().map(str::to_owned));
        for device in &self.devices {
            keep(&device.local.text);
            if device.is_unsaved {
                keep(&device.field.0);
            }
            if let Some(other) = &device.local.other {
                keep(&other.text);
            }
        }
        if let Some(draft) = &self.server.draft {
            keep(&draft.message);
        }
        for n in 1..=self.words {
            let word = format!("w{n}");
            prop_assert!(
                kept.contains(&word) || self.let_go.contains(&word),
                "{word} is lost: {:?} {:?}",
                self.devices,
                self.server
            );
        }
        Ok(())
    }

    /// All come together, and the person keeps everything: then all show the same.
    fn settle(&mut self) -> Result<(), TestCaseError> {
        for round in 0..4 * DEVICES {
            for device in 0..DEVICES {
                let is_looked_at = round == 0;
                self.step(Step::Fetch { device, is_looked_at });
                self.step(Step::Look(device));
                self.step(Step::Choose(device, DraftChoice::Append));
                let is_answered = round > 0;
                self.step(Step::Push { device, is_answered });
            }
            self.check()?;
        }
        let kept = self.server.draft.as_ref().map_or("", |draft| draft.message.as_str());
        for device in &self.devices {
            prop_assert_eq!(&device.local.text, kept);
            prop_assert!(!device.local.is_dirty && device.local.other.is_none());
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_word_is_lost_that_was_neither_sent_nor_removed(steps in proptest::collection::vec(step(), 1..60)) {
        let mut world = World::default();
        for step in steps {
            world.step(step);
            world.check()?;
        }
        world.settle()?;
    }
}

#[test]
fn an_answer_to_a_notice_leaves_the_draft_alone() {
    let local = typed(&Local::default(), "о другом", 8, 0);
    assert_eq!(sent(&local, "да"), local);
    assert_eq!(sent(&local, " о другом\n").text, "");
}

#[test]
fn what_is_longer_than_a_message_stays_on_the_device() {
    let local = typed(&Local::default(), "слишком длинно", 0, 0);
    assert_eq!(wanted(&local, 13), None);
    assert_eq!(wanted(&local, 14), Some("слишком длинно"));
}
