//! Each fault by itself against a desktop on which all is well, and every word against its sentences.

use prilavok_client::{Connection, Error, Inspection, Moment, Quiet, Settings, Unreachable};
use prilavok_protocol::rest::ServerInfo;
use prilavok_protocol::time::Time;

use super::{Described, Each, Seen, Standing, all};
use crate::autostart;

fn info() -> ServerInfo {
    ServerInfo {
        product: "prilavok".to_owned(),
        name: "Ярмарка".to_owned(),
        version: "0.1.0".to_owned(),
        protocol: prilavok_protocol::PROTOCOL_VERSION,
        time: Time::from_millis(0),
    }
}

/// A desktop on which all is well.
fn well() -> Seen {
    Seen {
        settings: Settings::default(),
        moment: Moment {
            time: Time::from_millis(0),
            weekday: 1,
            minute: 600,
        },
        daemon: Described {
            is_there: true,
            name: "Plasma".to_owned(),
            version: "6".to_owned(),
            capabilities: ["body", "actions", "inline-reply", "sound"].map(str::to_owned).to_vec(),
            is_inhibited: false,
        },
        player: None,
        has_tray: true,
        has_keychain: true,
        autostart: autostart::Standing::On,
        connection: Connection::Online,
        inspected: Some(Inspection {
            address: "https://chat.example.ru".to_owned(),
            is_encrypted: true,
            is_local: false,
            found: Ok((info(), 400)),
        }),
        version: "0.1.0",
        free_bytes: Some(20 << 30),
        accounts: Vec::new(),
    }
}

/// How one thing stands after one change.
fn said(id: &str, change: impl FnOnce(&mut Seen)) -> (Standing, &'static str) {
    let mut seen = well();
    change(&mut seen);
    let items = all(&seen);
    let item = items.iter().find(|item| item.id == id).expect("it is looked at");
    (item.standing, item.word)
}

fn found(seen: &mut Seen, found: Result<(ServerInfo, i64), Error>) {
    seen.inspected.as_mut().expect("there is an address").found = found;
}

#[test]
fn where_all_is_well_nothing_else_is_said() {
    let poor: Vec<_> = all(&well())
        .into_iter()
        .filter(|item| item.standing != Standing::Good)
        .collect();
    assert_eq!(poor, []);
}

fn account(number: usize, connection: Connection, fault: Option<Error>) -> Each {
    Each {
        number,
        label: format!("Лавка {number}"),
        is_front: number == 1,
        address: format!("https://{number}.example.ru"),
        has_keychain: number != 4,
        connection,
        fault,
    }
}

#[test]
fn where_there_are_several_accounts_each_is_named_with_its_place_its_line_and_its_key() {
    let mut seen = well();
    seen.accounts = vec![account(1, Connection::Online, None)];
    assert!(all(&seen).iter().all(|item| item.id != "account"));
    let stopped = Connection::Stopped {
        reason: "forbidden".to_owned(),
    };
    seen.accounts.push(account(2, stopped, None));
    seen.accounts
        .push(account(3, Connection::Idle, Some(Error::Disk("gone".to_owned()))));
    seen.accounts.push(account(4, Connection::Online, None));
    let items = all(&seen);
    let said: Vec<_> = items
        .iter()
        .filter(|item| item.id == "account")
        .map(|item| {
            let fact = |name: &str| item.facts.get(name).and_then(|it| it.as_str().map(str::to_owned));
            (
                item.standing,
                item.word,
                fact("address"),
                fact("reason"),
                fact("keychain"),
            )
        })
        .collect();
    let of = |number: u8| Some(format!("https://{number}.example.ru"));
    let word = |text: &str| Some(text.to_owned());
    let wanted = [
        (Standing::Good, "good", of(1), None, word("good")),
        (Standing::Bad, "stopped", of(2), word("forbidden"), word("good")),
        (Standing::Bad, "closed", of(3), word("disk"), word("good")),
        (Standing::Poor, "good", of(4), None, word("none")),
    ];
    assert_eq!(said, wanted);
}

#[test]
fn each_fault_is_named() {
    use Standing::{Bad, Good, Poor, Unknown};
    let unreachable = |how| Err(Error::Unreachable(how));
    let capable = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(said("notices", |seen| seen.settings.notices = false), (Bad, "off"));
    let always = Quiet {
        is_on: true,
        from: 0,
        to: 0,
        days: vec![1],
    };
    assert_eq!(said("notices", |seen| seen.settings.quiet = always), (Poor, "quiet"));
    assert_eq!(said("daemon", |seen| seen.daemon = Described::default()), (Bad, "none"));
    assert_eq!(
        said("dialect", |seen| seen.daemon = Described::default()),
        (Unknown, "unknown")
    );
    assert_eq!(
        said("daemon", |seen| seen.daemon.is_inhibited = true),
        (Poor, "inhibited")
    );
    assert_eq!(
        said("dialect", |seen| seen.daemon.capabilities = capable(&["body"])),
        (Poor, "mute")
    );
    assert_eq!(
        said("dialect", |seen| seen.daemon.capabilities = capable(&["actions"])),
        (Poor, "short")
    );
    assert_eq!(
        said("dialect", |seen| seen.daemon.capabilities =
            capable(&["actions", "body"])),
        (Good, "window")
    );
    assert_eq!(said("sound", |seen| seen.daemon.capabilities.clear()), (Poor, "none"));
    assert_eq!(said("sound", |seen| seen.settings.sounds = false), (Unknown, "off"));
    let player = |seen: &mut Seen| {
        seen.daemon.capabilities.clear();
        seen.player = Some("pw-play".to_owned());
    };
    assert_eq!(said("sound", player), (Good, "player"));
    assert_eq!(said("tray", |seen| seen.has_tray = false), (Poor, "none"));
    assert_eq!(said("keychain", |seen| seen.has_keychain = false), (Poor, "none"));
    let standing = |standing: autostart::Standing| said("autostart", |seen| seen.autostart = standing);
    assert_eq!(standing(autostart::Standing::Off), (Poor, "none"));
    let elsewhere = autostart::Standing::Elsewhere("/opt/old/prilavok-buyer".to_owned());
    assert_eq!(standing(elsewhere), (Poor, "elsewhere"));
    assert_eq!(said("server", |seen| seen.inspected = None), (Bad, "none"));
    assert_eq!(
        said("server", |seen| found(seen, unreachable(Unreachable::Dns))),
        (Bad, "silent")
    );
    assert_eq!(
        said("server", |seen| found(seen, unreachable(Unreachable::NotPrilavok))),
        (Bad, "strange")
    );
    let offline = Connection::Offline {
        retry_in_ms: 1,
        reason: "network".to_owned(),
    };
    assert_eq!(said("line", |seen| seen.connection = offline), (Bad, "offline"));
    assert_eq!(
        said("certificate", |seen| found(seen, unreachable(Unreachable::Tls))),
        (Bad, "bad")
    );
    assert_eq!(
        said("certificate", |seen| found(seen, unreachable(Unreachable::Dns))),
        (Unknown, "unknown")
    );
    let plain = |is_local| {
        move |seen: &mut Seen| {
            let inspected = seen.inspected.as_mut().expect("there is an address");
            (inspected.is_encrypted, inspected.is_local) = (false, is_local);
        }
    };
    assert_eq!(said("certificate", plain(false)), (Bad, "plain"));
    assert_eq!(said("certificate", plain(true)), (Good, "local"));
    assert_eq!(said("clock", |seen| found(seen, Ok((info(), 90_000)))), (Poor, "slow"));
    assert_eq!(
        said("clock", |seen| found(seen, Ok((info(), -3_600_000)))),
        (Bad, "fast")
    );
    let newer = ServerInfo {
        protocol: prilavok_protocol::PROTOCOL_VERSION + 1,
        ..info()
    };
    assert_eq!(said("version", |seen| found(seen, Ok((newer, 0)))), (Bad, "old"));
    assert_eq!(said("version", |seen| seen.inspected = None), (Good, "own"));
    assert_eq!(said("disk", |seen| seen.free_bytes = Some(500 << 20)), (Poor, "low"));
    assert_eq!(said("disk", |seen| seen.free_bytes = Some(5 << 20)), (Bad, "full"));
}

#[test]
fn the_screen_has_a_sentence_for_every_word_in_both_languages() {
    let words = [
        ("notices", "good off quiet"),
        ("daemon", "good none inhibited"),
        ("dialect", "good mute short window unknown"),
        ("sound", "daemon player none off"),
        ("tray", "good none"),
        ("keychain", "good none"),
        ("autostart", "good none elsewhere"),
        ("server", "good none strange silent"),
        ("line", "good connecting idle offline stopped"),
        ("certificate", "good local plain bad unknown"),
        ("clock", "good slow fast unknown"),
        ("version", "both own old"),
        ("disk", "good low full unknown"),
    ];
    let files = [
        include_str!("../../../../../locales/ru/check.ftl"),
        include_str!("../../../../../locales/en/check.ftl"),
    ];
    assert_eq!(
        words.map(|(id, _)| id).to_vec(),
        all(&well()).iter().map(|item| item.id).collect::<Vec<_>>()
    );
    for file in files {
        for (id, words) in words {
            assert!(file.contains(&format!("\ncheck-{id} = ")), "{id}");
            for word in words.split(' ') {
                assert!(file.contains(&format!("\ncheck-{id}-{word} =")), "{id} {word}");
            }
        }
    }
}
