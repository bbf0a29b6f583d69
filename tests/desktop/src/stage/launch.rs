//! Any program on the stage, started as a desktop starts it: nobody drives it from inside.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Result;

use super::process::Process;
use super::profile::profile_folders;
use super::{Stage, built};

/// A running program; ended when dropped.
#[derive(Debug)]
pub struct Launched {
    process: Process,
    /// When it was started.
    pub since: Instant,
}

impl Launched {
    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

/// What is to be started.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// One of ours by its name, or one of the system's.
    pub name: String,
    /// The Debian package that brings it.
    pub package: String,
    /// What it is told.
    pub arguments: Vec<String>,
}

impl Stage {
    /// Starts a program in a profile of this name.
    ///
    /// # Errors
    /// When it is missing.
    pub fn launch(&self, program: &Program, profile: &str) -> Result<Launched> {
        let is_ours = program.name.starts_with("prilavok-");
        let binary = if is_ours {
            built(&program.name)?
        } else {
            program.name.clone().into()
        };
        let mut command = Command::new(binary);
        command.args(&program.arguments);
        command
            .envs(self.surroundings())
            .envs(profile_folders(&self.profile(profile))?);
        let since = Instant::now();
        let process = Process::start(&mut command, &program.package, &self.artefacts.log(profile))?;
        Ok(Launched { process, since })
    }

    /// Where a profile of this name lies.
    #[must_use]
    pub fn profile(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The file in which the screen's pixels lie, as an XWD picture.
    #[must_use]
    pub fn glass(&self) -> &Path {
        &self.screen.glass
    }
}
