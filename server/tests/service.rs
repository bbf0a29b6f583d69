//! The program as its Debian package uses it: a service manager that is told how things stand, and papers printed.

use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};
use std::time::Duration;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prilavok-server"));
    command.env_remove("PRILAVOK_CONFIG").stderr(Stdio::null());
    command
}

fn printed(arguments: &[&str]) -> String {
    let output = program().args(arguments).output().expect("it runs");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_service_manager_is_told_when_it_is_ready_and_when_it_stops() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let socket = dir.path().join("notify");
    let manager = UnixDatagram::bind(&socket).expect("a socket");
    manager
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a deadline");
    let hear = || {
        let mut word = [0; 64];
        let length = manager.recv(&mut word).expect("a word in time");
        String::from_utf8(word[..length].to_vec()).expect("UTF-8")
    };
    let mut child = program()
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(dir.path().join("data"))
        .env("NOTIFY_SOCKET", &socket)
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    assert_eq!(hear(), "READY=1");
    let stopped = Command::new("kill").arg(child.id().to_string()).status();
    assert!(stopped.expect("kill is there").success());
    assert_eq!(hear(), "STOPPING=1");
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn the_papers_of_a_package_come_from_the_program() {
    let page = printed(&["manual"]);
    for section in [".SH NAME", ".SH \"SERVE\"", ".SH \"USER ADD\"", ".SH FILES"] {
        assert!(page.contains(section), "{section} is not in the manual page");
    }
    assert!(printed(&["completions", "bash"]).contains("complete -F"));
}
