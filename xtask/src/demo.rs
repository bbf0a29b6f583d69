//! `cargo xtask demo`: the whole thing on one's own machine, in real windows or in a virtual screen.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use directories::ProjectDirs;

use crate::process::{self, cargo};
use crate::steps::Steps;
use crate::words::say;
use crate::{builds, packages, setup};

/// Where the demo server listens. Fixed, because the apps remember it from one start to the next.
const ADDRESS: &str = "127.0.0.1:8000";

/// The password of every demo account.
const PASSWORD: &str = "prilavok-demo";

/// Builds everything and shows it.
pub fn run(headless: bool, artefacts: &Path) -> Result<()> {
    let in_windows = has_screen() && !headless;
    let mut steps = Steps::of(if in_windows { 6 } else { 5 });
    let wanted = [packages::COMPILER, packages::DESKTOP, packages::SCREEN];
    let wanted = if in_windows { &wanted[..2] } else { &wanted[..] };
    steps.must(setup::system_packages(), || packages::install(wanted))?;
    steps.must(setup::npm_modules(), setup::modules)?;
    steps.must(builds::pages_step(), builds::pages)?;
    steps.must(builds::programs_step(), || builds::programs(false, None))?;
    if in_windows {
        return windows(steps);
    }
    let story = say(
        "Играю историю в виртуальном экране",
        "Playing the story in a virtual screen",
    );
    let folder = std::env::current_dir()?.join(artefacts);
    steps.must(story, || play(&folder))?;
    steps.finish()?;
    println!(
        "{} {}",
        say("Снимки и запись разговора:", "Screenshots and transcript:"),
        folder.display()
    );
    Ok(())
}

/// The story in a virtual screen, by the desktop tests' own player.
fn play(folder: &Path) -> Result<()> {
    let player = ["run", "--quiet", "--package=prilavok-desktop-tests", "--bin=demo", "--"];
    let mut player = cargo(player);
    player.arg("--artefacts").arg(folder);
    player.env("PRILAVOK_BIN_DIR", process::binaries()?);
    process::run(player)
}

/// Server and both windows, until they are closed or Ctrl+C is pressed (which the terminal sends to all of them).
fn windows(mut steps: Steps) -> Result<()> {
    let data = ProjectDirs::from("ru", "Prilavok", "prilavok")
        .context("this system has no folder for data")?
        .data_dir()
        .join("demo");
    let binaries = process::binaries()?;
    let mut server = None;
    steps.must(say("Запускаю сервер", "Starting the server"), || {
        server = Some(start_server(&binaries, &data)?);
        Ok(())
    })?;
    let mut apps = Vec::new();
    steps.must(say("Открываю окна", "Opening the windows"), || {
        for (name, email, side) in [("prilavok-buyer", "anna", "left"), ("prilavok-seller", "tea", "right")] {
            let mut app = Command::new(binaries.join(name));
            app.env("PRILAVOK_SERVER", format!("http://{ADDRESS}"))
                .env("PRILAVOK_SIGN_IN", format!("{email}@demo.prilavok:{PASSWORD}"))
                .env("PRILAVOK_WINDOW_SIDE", side)
                .env("PRILAVOK_DATA_DIR", data.join(name));
            apps.push(Running::start(app)?);
        }
        Ok(())
    })?;
    steps.finish()?;
    println!(
        "{}\n{}\n{} {}\n",
        say(
            "Покупатель Анна и магазин «Чайная гора» в сети. Ctrl+C закроет всё.",
            "Anna, a buyer, and the shop “Чайная гора” are online. Ctrl+C closes everything.",
        ),
        say(
            "Остановите сервер и запустите снова: приложения скажут об этом и вернутся сами.",
            "Stop the server and start it again: the apps will say so and come back by themselves.",
        ),
        say("Данные:", "Data:"),
        data.display(),
    );
    for app in &mut apps {
        app.0.wait()?;
    }
    drop(server);
    Ok(())
}

/// Starts the server and waits for the line that says it is ready.
fn start_server(binaries: &Path, data: &Path) -> Result<Running> {
    if TcpStream::connect(ADDRESS).is_ok() {
        bail!(
            "{} {ADDRESS}",
            say("другая программа уже слушает", "another program listens on")
        );
    }
    let folder: PathBuf = data.join("server");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut command = Command::new(binaries.join("prilavok-server"));
    command
        .args(["serve", "--demo", "--listen", ADDRESS, "--data-dir"])
        .arg(&folder);
    command.stdout(Stdio::piped());
    println!("      {command:?}");
    let mut server = Running::start(command)?;
    let stdout = server.0.stdout.take().context("its output is piped")?;
    let mut lines = BufReader::new(stdout).lines();
    let Some(ready) = lines.next().transpose()? else {
        bail!(
            "{}",
            say("сервер остановился, не начав", "the server stopped before it was ready")
        );
    };
    println!("      {ready}");
    // Somebody must go on reading, or the server would block once the pipe is full.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| println!("{line}")));
    Ok(server)
}

/// A program that ends with the demo.
struct Running(Child);

impl Running {
    fn start(mut command: Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        command
            .spawn()
            .map(Self)
            .with_context(|| format!("cannot start {name}"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn has_screen() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
