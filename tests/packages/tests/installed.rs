//! The life of the packages on a system that has nothing else: installed, run, upgraded, removed, purged.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use prilavok_packages_tests::clean::{Clean, Running};
use prilavok_packages_tests::screen::Screen;
use prilavok_packages_tests::{NAMES, files};

const PASSWORD: &str = "prilavok-demo";
/// As systemd would run it, but on a free port and with the demo marketplace.
const SERVE: &str = r#"
install -d -o prilavok -g prilavok -m 0700 /var/lib/prilavok
line=$(sed -n 's/^ExecStart=//p' /lib/systemd/system/prilavok-server.service)
exec setpriv --reuid=prilavok --regid=prilavok --init-groups $line --listen 127.0.0.1:0 --demo
"#;

#[test]
fn installed_on_a_clean_system_everything_runs_and_purged_it_leaves_nothing_but_data() {
    let clean = Clean::system(Path::new(env!("CARGO_TARGET_TMPDIR"))).expect("a clean system");
    install(&clean);
    the_service_is_known_and_walled_in(&clean);
    {
        let (_server, address) = the_server_answers(&clean);
        the_windows_come_up(&clean, &address);
    }
    an_operators_configuration_survives_an_upgrade(&clean);
    removed_the_configuration_stays_and_purged_only_the_data(&clean);
}

fn install(clean: &Clean) {
    for (file, name) in files().expect("the packages").iter().zip(NAMES) {
        clean
            .bring(file, &format!("/packages/{name}.deb"))
            .expect("there is room");
    }
    // Without what is recommended: what is needed must be enough.
    clean
        .run("apt-get install -y -qq --no-install-recommends /packages/*.deb")
        .expect("apt finds all they depend on");
    let state = clean.run("dpkg --audit && apt-get check -qq").expect("dpkg is content");
    assert_eq!(state.trim(), "");
}

fn the_service_is_known_and_walled_in(clean: &Clean) {
    let version = clean.run("prilavok-server --version").expect("it runs");
    assert_eq!(version.trim(), concat!("prilavok-server ", env!("CARGO_PKG_VERSION")));
    let enabled = clean.run("systemctl is-enabled prilavok-server").expect("it is");
    assert_eq!(enabled.trim(), "enabled");
    let verified = clean
        .run("systemd-analyze verify --man=no --recursive-errors=no prilavok-server.service 2>&1")
        .expect("a valid unit");
    assert_eq!(verified.trim(), "");
    // 0 is a wall without a door, 100 none: the network is the door.
    clean
        .run("systemd-analyze security --no-pager --offline=yes --threshold=20 prilavok-server.service")
        .expect("little exposure");
    let secrets = clean
        .run("stat -c '%a %U' /etc/prilavok/server.env")
        .expect("it is there");
    assert_eq!(secrets.trim(), "600 root");
    clean
        .run("test -s /usr/share/man/man1/prilavok-server.1.gz; bash -n /usr/share/bash-completion/completions/prilavok-server")
        .expect("its papers are there");
}

fn the_server_answers(clean: &Clean) -> (Running, String) {
    let mut server = clean.start(SERVE).expect("it starts");
    let line = server.first_line().expect("it gets ready");
    let address = line
        .strip_prefix("prilavok-server ready on http://")
        .expect("the ready line")
        .to_owned();
    let mut stream = TcpStream::connect(&address).expect("it listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a timeout");
    stream
        .write_all(b"GET /api/v1/health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        .expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.ends_with("\r\n\r\ntrue"), "{answer}");
    (server, address)
}

fn the_windows_come_up(clean: &Clean, server: &str) {
    let screen = Screen::start().expect("a screen");
    clean
        .run("useradd --create-home person && install -d -o person -m 0700 /run/person")
        .expect("a person");
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../artefacts/packages");
    std::fs::create_dir_all(&pictures).expect("a folder for pictures");
    for (name, account) in [
        ("prilavok-buyer", "anna@demo.prilavok"),
        ("prilavok-seller", "tea@demo.prilavok"),
    ] {
        let scheme = name.replace("-buyer", "");
        let desktop = format!("/usr/share/applications/{name}.desktop");
        clean.run(&format!("desktop-file-validate {desktop}")).expect("valid");
        let handlers = clean
            .run("cat /usr/share/applications/mimeinfo.cache")
            .expect("links have handlers");
        assert!(
            handlers
                .lines()
                .any(|line| line == format!("x-scheme-handler/{scheme}={name}.desktop;")),
            "{handlers}"
        );
        let line = clean.run(&format!("sed -n 's/^Exec=//p' {desktop}")).expect("its line");
        assert_eq!(line.trim(), format!("{name} %u"));
        let _app = clean
            .start(&format!(
                "exec setpriv --reuid=person --regid=person --init-groups env HOME=/home/person \
                 DISPLAY={} XDG_RUNTIME_DIR=/run/person PRILAVOK_SERVER=http://{server} \
                 PRILAVOK_SIGN_IN={account}:{PASSWORD} dbus-run-session -- {}",
                screen.display,
                line.trim().trim_end_matches(" %u"),
            ))
            .expect("it starts");
        let window = screen.window(name).expect("its window");
        // By this the desktop knows whose window it is.
        let wanted = clean
            .run(&format!("sed -n 's/^StartupWMClass=//p' {desktop}"))
            .expect("its class");
        let class = screen.property(&window, "WM_CLASS").expect("a class");
        assert!(class.contains(&format!("\"{}\"", wanted.trim())), "{class}");
        screen
            .picture(&window, &pictures.join(format!("{name}.png")))
            .expect("a page in it");
    }
}

fn an_operators_configuration_survives_an_upgrade(clean: &Clean) {
    clean
        .run("echo '# mine' >> /etc/prilavok/server.toml; systemctl disable -q prilavok-server; dpkg --install /packages/prilavok-server.deb")
        .expect("it installs over itself");
    clean
        .run("grep -q '^# mine' /etc/prilavok/server.toml")
        .expect("still there");
    let enabled = clean
        .run("systemctl is-enabled prilavok-server || true")
        .expect("an answer");
    assert_eq!(enabled.trim(), "disabled", "what the operator has disabled stays so");
}

fn removed_the_configuration_stays_and_purged_only_the_data(clean: &Clean) {
    let all = NAMES.join(" ");
    clean.run(&format!("apt-get remove -y -qq {all}")).expect("removed");
    clean
        .run("test ! -e /usr/bin/prilavok-server && test -s /etc/prilavok/server.toml && test -s /var/lib/prilavok/store.sqlite")
        .expect("program gone, configuration and data there");
    // The apps have nothing in /etc: removed, they are purged already.
    clean.run("apt-get purge -y -qq prilavok-server").expect("purged");
    let left = clean
        .run("rm -r /packages; find / -xdev -iname '*prilavok*' -not -path '/proc/*' -not -path '/tmp/*' -prune | sort")
        .expect("a list");
    let left: Vec<_> = left.lines().collect();
    let data = [
        "/home/person/.local/share/ru.prilavok.buyer",
        "/home/person/.local/share/ru.prilavok.seller",
        "/var/lib/prilavok",
    ];
    assert!(
        left.iter()
            .all(|path| path.starts_with("/home/person/") || *path == "/var/lib/prilavok"),
        "{left:#?}"
    );
    for path in data {
        assert!(left.contains(&path), "{path} is gone: {left:#?}");
    }
}
