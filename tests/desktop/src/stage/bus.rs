//! A session bus of the stage's own: notices and single instances of the machine's user stay out of it.

use std::process::Command;

use anyhow::Result;

use super::process::Process;
use crate::artefacts::Artefacts;

/// The bus.
#[derive(Debug)]
pub(super) struct Bus {
    pub(super) address: String,
    _process: Process,
}

impl Bus {
    pub(super) fn start(artefacts: &Artefacts) -> Result<Self> {
        let mut command = Command::new("dbus-daemon");
        // Without service files: nothing starts by itself, the stage starts what it needs.
        command.args(["--nofork", "--nopidfile", "--print-address"]);
        let folder = artefacts.path("logs");
        let configuration = folder.join("bus.conf");
        std::fs::write(&configuration, CONFIGURATION)?;
        command.arg(format!("--config-file={}", configuration.display()));
        let mut process = Process::start(&mut command, "dbus-daemon", &artefacts.log("bus"))?;
        let address = process.first_line()?;
        Ok(Self {
            address,
            _process: process,
        })
    }
}

const CONFIGURATION: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;
