//! The program as an operator meets it: one line when ready, one sentence when something is wrong.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_prilavok-server");

fn command(data_dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command
        .args(arguments)
        .arg("--data-dir")
        .arg(data_dir)
        .env_remove("PRILAVOK_CONFIG");
    command
}

fn run(data_dir: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = command(data_dir, arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // A command that reads nothing may be gone already.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (text(&output.stdout), text(&output.stderr))
}

/// A refusal is one sentence on standard error, and exit code 1.
fn refusal(output: &Output) -> String {
    let (out, err) = said(output);
    assert_eq!(output.status.code(), Some(1), "{out}{err}");
    let sentence = err
        .lines()
        .find(|line| line.starts_with("prilavok-server: "))
        .expect("a sentence")
        .to_owned();
    assert!(!err.contains("panicked"), "{err}");
    sentence
}

/// A running server, killed when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(data_dir: &Path, arguments: &[&str]) -> Self {
        let mut command = command(data_dir, &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped"))
            .read_line(&mut line)
            .expect("a line");
        let address = line
            .trim()
            .strip_prefix("prilavok-server ready on http://")
            .expect("the ready line")
            .to_owned();
        Self { child, address }
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream
            .write_all(request.replace('\n', "\r\n").as_bytes())
            .expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\nhost: a\nconnection: close\n\n"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn serve_needs_no_configuration_and_ends_cleanly_when_asked() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut server = Server::start(dir.path(), &[]);
    assert!(server.get("/api/v1/health").ends_with("\r\n\r\ntrue"));
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(server.get("/api/v1/sellers").starts_with("HTTP/1.1 401"));
    assert!(
        server.get("/api/v1/wood-types").starts_with("HTTP/1.1 404"),
        "only in trusted-ids mode"
    );
    let stopped = Command::new("kill")
        .arg(server.child.id().to_string())
        .status()
        .expect("kill is there");
    assert!(stopped.success());
    assert!(server.child.wait().expect("it ends").success());
    let mut rest = String::new();
    server
        .child
        .stdout
        .take()
        .expect("piped")
        .read_to_string(&mut rest)
        .expect("readable");
    assert_eq!(rest, "", "one line on standard output, no more");
}

#[test]
fn a_busy_port_and_a_busy_directory_are_one_sentence() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let output = run(dir.path(), &["serve", "--listen", &address], "");
    assert!(refusal(&output).contains(&address));

    let _server = Server::start(dir.path(), &[]);
    let output = run(dir.path(), &["serve", "--listen", "127.0.0.1:0"], "");
    assert!(refusal(&output).contains("another server is running"));
}

#[test]
fn trusted_ids_stays_on_this_machine() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let output = run(
        dir.path(),
        &["serve", "--auth", "trusted-ids", "--listen", "0.0.0.0:0"],
        "",
    );
    assert!(refusal(&output).contains("loopback"));
    let server = Server::start(dir.path(), &["--auth", "trusted-ids"]);
    assert!(server.get("/api/v1/wood-types").starts_with("HTTP/1.1 200"));
    assert!(server.get("/api/v1/sellers").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_broken_configuration_is_one_sentence_with_its_line() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = dir.path().join("server.toml");
    fs::write(&file, "[http]\nlisen = \"127.0.0.1:8000\"\n").expect("written");
    let output = run(dir.path(), &["serve", "--config", file.to_str().expect("UTF-8")], "");
    let sentence = refusal(&output);
    assert!(
        sentence.contains("line 2") && sentence.contains("`http.lisen`"),
        "{sentence}"
    );
}

#[test]
fn the_environment_sets_what_the_file_does_not() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut command = command(dir.path(), &["serve"]);
    let output = command
        .env("PRILAVOK_HTTP__LISTEN", "nowhere")
        .output()
        .expect("it runs");
    let sentence = refusal(&output);
    assert!(
        sentence.contains("PRILAVOK_HTTP__LISTEN") && sentence.contains("http.listen"),
        "{sentence}"
    );
}

#[test]
fn the_demo_comes_once_and_stays() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let count = |server: &Server| {
        let answer = server.get("/api/v1/products?limit=1");
        answer.rsplit("\"total\":").next().expect("a total").to_owned()
    };
    let server = Server::start(dir.path(), &["--demo", "--auth", "trusted-ids"]);
    let first = count(&server);
    assert_ne!(first, "0}}");
    let threads = server.get("/api/v1/chat-threads/by-buyer/81f81c96-c56e-4b36-aec3-656f3576d09f?limit=100");
    let picture = threads
        .split("/media/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a picture");
    let picture = server.get(&format!("/media/{picture}"));
    assert!(picture.starts_with("HTTP/1.1 200") && picture.contains("image/svg+xml") && picture.contains("sandbox"));
    drop(server);
    let server = Server::start(dir.path(), &["--demo", "--auth", "trusted-ids"]);
    assert_eq!(count(&server), first);
    let body = |answer: &str| answer.split("\r\n\r\n").nth(1).map(str::to_owned);
    let again = server.get("/api/v1/chat-threads/by-buyer/81f81c96-c56e-4b36-aec3-656f3576d09f?limit=100");
    assert_eq!(body(&again), body(&threads));
}

#[test]
fn an_import_is_all_or_nothing() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = dir.path().join("goods.csv");
    let path = file.to_str().expect("UTF-8");
    let shop = "0192f0c1-0000-7000-8000-000000000001";
    fs::write(&file, format!("kind,id,name\nseller,{shop},Чайная\nbuyer,5,Анна\n")).expect("written");
    let sentence = refusal(&run(dir.path(), &["import", path], ""));
    assert!(sentence.contains("line 3"), "{sentence}");
    fs::write(&file, format!("kind,id,name\nseller,{shop},Чайная\n")).expect("written");
    let (out, err) = said(&run(dir.path(), &["import", path], ""));
    assert!(out.contains("shops 1"), "{out}{err}");
}

#[test]
fn accounts_are_made_closed_and_reopened() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let add = ["user", "add", "Anna@Example.ru", "--role", "buyer", "--name", "Анна"];
    assert!(refusal(&run(dir.path(), &add, "short\n")).contains("8 to 200"));
    assert!(run(dir.path(), &add, "достаточно длинный\n").status.success());
    assert!(refusal(&run(dir.path(), &add, "достаточно длинный\n")).contains("account already"));
    assert!(
        run(dir.path(), &["user", "disable", "anna@example.ru"], "")
            .status
            .success()
    );
    let (out, _) = said(&run(dir.path(), &["user", "list"], ""));
    assert!(out.contains("closed") && out.contains("anna@example.ru"), "{out}");
    assert!(
        run(dir.path(), &["user", "enable", "anna@example.ru"], "")
            .status
            .success()
    );
    assert!(refusal(&run(dir.path(), &["user", "enable", "nobody@example.ru"], "")).contains("no account"));
}

#[test]
fn a_backup_of_a_running_server_is_restored_elsewhere() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (from, to) = (dir.path().join("from"), dir.path().join("to"));
    let copy = dir.path().join("copy.sqlite");
    let copy = copy.to_str().expect("UTF-8");
    let server = Server::start(&from, &[]);
    let output = run(&from, &["backup", copy], "");
    assert!(output.status.success(), "{}", said(&output).1);
    assert!(refusal(&run(&from, &["restore", copy], "")).contains("another server is running"));
    drop(server);
    let output = run(&to, &["restore", copy], "");
    assert!(output.status.success(), "{}", said(&output).1);
    assert!(refusal(&run(&to, &["restore", copy], "")).contains("was not restored"));
    let output = run(&to, &["doctor"], "");
    assert!(said(&output).0.contains("the database is whole"), "{:?}", said(&output));
}

#[test]
fn every_command_explains_itself() {
    for arguments in [
        &["--help"][..],
        &["serve", "--help"],
        &["import", "--help"],
        &["user", "add", "--help"],
    ] {
        let output = Command::new(BINARY).args(arguments).output().expect("it runs");
        assert!(
            output.status.success() && said(&output).0.contains("Usage"),
            "{arguments:?}"
        );
    }
    let output = Command::new(BINARY).arg("config").output().expect("it runs");
    assert_eq!(said(&output).0, include_str!("../server.example.toml"));
    let output = Command::new(BINARY).arg("version").output().expect("it runs");
    assert!(said(&output).0.starts_with("prilavok-server "));
}
