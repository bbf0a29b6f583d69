//! What was seen, judged: pure.

use prilavok_client::{Connection, Error, Inspection, Moment, Unreachable};
use serde_json::{Map, Value, json};

use super::{Described, Each, Item, Settings, Standing};
use crate::autostart;

/// Seconds by which two clocks may differ before the times on the screen look odd, and before they are plainly wrong.
const CLOCK: (i64, i64) = (60, 5 * 60);
/// Bytes below which the person should clear up, and below which nothing can be stored much longer.
const ROOM: (u64, u64) = (1 << 30, 100 << 20);

/// Everything that was looked at.
pub(super) struct Seen {
    pub(super) settings: Settings,
    pub(super) moment: Moment,
    pub(super) daemon: Described,
    pub(super) player: Option<String>,
    pub(super) has_tray: bool,
    pub(super) has_keychain: bool,
    pub(super) autostart: autostart::Standing,
    pub(super) connection: Connection,
    pub(super) inspected: Option<Inspection>,
    pub(super) version: &'static str,
    pub(super) free_bytes: Option<u64>,
    pub(super) accounts: Vec<Each>,
}

/// All of it, in the order in which an alert passes by.
pub(super) fn all(seen: &Seen) -> Vec<Item> {
    let items = [
        ("notices", notices(seen)),
        ("daemon", daemon(&seen.daemon)),
        ("dialect", dialect(&seen.daemon)),
        ("sound", sound(seen)),
        ("tray", (good_or(seen.has_tray, Standing::Poor), "", json!({}))),
        ("keychain", (good_or(seen.has_keychain, Standing::Poor), "", json!({}))),
        ("autostart", autostart(&seen.autostart)),
        ("server", server(seen.inspected.as_ref())),
        ("line", line(&seen.connection)),
        ("certificate", certificate(seen.inspected.as_ref())),
        ("clock", clock(seen.inspected.as_ref())),
        ("version", version(seen.inspected.as_ref(), seen.version)),
        ("disk", disk(seen.free_bytes)),
    ];
    // Of a single account all was said above.
    let several = seen.accounts.iter().filter(|_| seen.accounts.len() > 1);
    let accounts = several.map(|each| ("account", account(each)));
    items
        .into_iter()
        .chain(accounts)
        .map(|(id, (standing, word, facts))| Item {
            id,
            standing,
            word: match (word, standing) {
                ("", Standing::Good) => "good",
                ("", Standing::Unknown) => "unknown",
                ("", _) => "none",
                (word, _) => word,
            },
            facts: match facts {
                Value::Object(facts) => facts,
                _ => Map::new(),
            },
        })
        .collect()
}

type Verdict = (Standing, &'static str, Value);

fn good_or(is_good: bool, otherwise: Standing) -> Standing {
    if is_good { Standing::Good } else { otherwise }
}

/// What the person chose may be the reason why nothing is seen.
fn notices(seen: &Seen) -> Verdict {
    let muted = seen.settings.muted.iter().filter(|mute| mute.holds(seen.moment.time));
    if !seen.settings.notices {
        (Standing::Bad, "off", json!({}))
    } else if seen.settings.quiet.covers(seen.moment) {
        (Standing::Poor, "quiet", json!({}))
    } else {
        (Standing::Good, "good", json!({ "muted": muted.count() }))
    }
}

fn daemon(daemon: &Described) -> Verdict {
    let facts = json!({ "name": daemon.name, "version": daemon.version });
    match daemon {
        _ if !daemon.is_there => (Standing::Bad, "none", json!({})),
        _ if daemon.is_inhibited => (Standing::Poor, "inhibited", facts),
        _ => (Standing::Good, "good", facts),
    }
}

fn dialect(daemon: &Described) -> Verdict {
    let can = |name: &str| daemon.capabilities.iter().any(|it| it == name);
    let facts = json!({ "list": daemon.capabilities.join(", ") });
    match daemon {
        _ if !daemon.is_there => (Standing::Unknown, "", json!({})),
        _ if !can("actions") => (Standing::Poor, "mute", facts),
        _ if !can("body") => (Standing::Poor, "short", facts),
        _ if can("inline-reply") => (Standing::Good, "good", facts),
        _ => (Standing::Good, "window", facts),
    }
}

fn sound(seen: &Seen) -> Verdict {
    if !seen.settings.sounds {
        return (Standing::Unknown, "off", json!({}));
    }
    if seen.daemon.capabilities.iter().any(|it| it == "sound") {
        return (Standing::Good, "daemon", json!({}));
    }
    match &seen.player {
        Some(player) => (Standing::Good, "player", json!({ "player": player })),
        None => (Standing::Poor, "none", json!({})),
    }
}

fn autostart(standing: &autostart::Standing) -> Verdict {
    match standing {
        autostart::Standing::On => (Standing::Good, "good", json!({})),
        autostart::Standing::Off => (Standing::Poor, "none", json!({})),
        autostart::Standing::Elsewhere(program) => (Standing::Poor, "elsewhere", json!({ "program": program })),
    }
}

fn server(inspected: Option<&Inspection>) -> Verdict {
    let Some(Inspection { address, found, .. }) = inspected else {
        return (Standing::Bad, "none", json!({}));
    };
    match found {
        Ok((info, _)) => (Standing::Good, "good", json!({ "address": address, "name": info.name })),
        Err(Error::Unreachable(Unreachable::NotPrilavok)) => (Standing::Bad, "strange", json!({ "address": address })),
        Err(error) => (
            Standing::Bad,
            "silent",
            json!({ "address": address, "reason": error.code() }),
        ),
    }
}

fn line(connection: &Connection) -> Verdict {
    match connection {
        Connection::Online => (Standing::Good, "good", json!({})),
        Connection::Connecting => (Standing::Poor, "connecting", json!({})),
        Connection::Idle => (Standing::Unknown, "idle", json!({})),
        Connection::Offline { reason, .. } => (Standing::Bad, "offline", json!({ "reason": reason })),
        Connection::Stopped { reason } => (Standing::Bad, "stopped", json!({ "reason": reason })),
    }
}

fn account(each: &Each) -> Verdict {
    let keychain = if each.has_keychain { "good" } else { "none" };
    let mut facts = json!({
        "number": each.number,
        "name": each.label,
        "address": each.address,
        "front": u8::from(each.is_front),
        "keychain": keychain,
    });
    if let Some(fault) = &each.fault {
        facts["reason"] = json!(fault.code());
        return (Standing::Bad, "closed", facts);
    }
    let (standing, word, more) = line(&each.connection);
    if let Some(reason) = more.get("reason") {
        facts["reason"] = reason.clone();
    }
    match standing {
        Standing::Good => (good_or(each.has_keychain, Standing::Poor), word, facts),
        _ => (standing, word, facts),
    }
}

fn certificate(inspected: Option<&Inspection>) -> Verdict {
    let Some(inspected) = inspected else {
        return (Standing::Unknown, "", json!({}));
    };
    match &inspected.found {
        _ if !inspected.is_encrypted && inspected.is_local => (Standing::Good, "local", json!({})),
        _ if !inspected.is_encrypted => (Standing::Bad, "plain", json!({})),
        Ok(_) => (Standing::Good, "good", json!({})),
        Err(Error::Unreachable(Unreachable::Tls)) => (Standing::Bad, "bad", json!({})),
        Err(_) => (Standing::Unknown, "", json!({})),
    }
}

fn clock(inspected: Option<&Inspection>) -> Verdict {
    let Some(Ok((_, off))) = inspected.map(|inspected| &inspected.found) else {
        return (Standing::Unknown, "", json!({}));
    };
    let seconds = (off / 1000).saturating_abs();
    // The server is ahead: this machine is slow.
    let word = if *off > 0 { "slow" } else { "fast" };
    let facts = json!({ "seconds": seconds, "minutes": seconds / 60 });
    match seconds {
        _ if seconds < CLOCK.0 => (Standing::Good, "good", facts),
        _ if seconds < CLOCK.1 => (Standing::Poor, word, facts),
        _ => (Standing::Bad, word, facts),
    }
}

fn version(inspected: Option<&Inspection>, own: &str) -> Verdict {
    match inspected.map(|inspected| &inspected.found) {
        Some(Ok((info, _))) if info.protocol != prilavok_protocol::PROTOCOL_VERSION => {
            (Standing::Bad, "old", json!({ "own": own, "server": info.version }))
        }
        Some(Ok((info, _))) => (Standing::Good, "both", json!({ "own": own, "server": info.version })),
        _ => (Standing::Good, "own", json!({ "own": own })),
    }
}

fn disk(free: Option<u64>) -> Verdict {
    let Some(free) = free else {
        return (Standing::Unknown, "", json!({}));
    };
    let facts = json!({ "megabytes": free >> 20 });
    match free {
        _ if free < ROOM.1 => (Standing::Bad, "full", facts),
        _ if free < ROOM.0 => (Standing::Poor, "low", facts),
        _ => (Standing::Good, "good", json!({ "gigabytes": free >> 30 })),
    }
}

#[cfg(test)]
mod tests;
