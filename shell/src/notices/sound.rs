//! The sound of a notice, for daemons that have none: two soft notes of our own, played by whichever player is there.
//!
//! Playing through the system's own small player keeps a sound stack out of the app, and out of its memory in the tray.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// In this order: the newer sound servers first.
const PLAYERS: [(&str, &[&str]); 3] = [("pw-play", &[]), ("paplay", &[]), ("aplay", &["--quiet"])];
/// Samples a second: enough for two notes below 1.2 kHz.
const RATE: u32 = 22_050;
/// Pitch in hertz, and when it begins, in milliseconds: a fourth upwards.
const NOTES: [(f32, u32); 2] = [(659.26, 0), (880.0, 110)];
/// How long all of it lasts, in milliseconds.
const LENGTH: u32 = 420;

/// Plays the sound.
#[derive(Debug, Clone)]
pub(crate) struct Player {
    file: PathBuf,
    program: Option<(PathBuf, &'static [&'static str])>,
    /// How often it was asked to play: the sound itself comes some time after that.
    #[cfg(test)]
    pub(crate) asked: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

impl Player {
    /// Looks for a player; the sound itself lies in `folder` from the first time on.
    pub(crate) fn find(folder: &Path) -> Self {
        let program = PLAYERS
            .iter()
            .find_map(|(name, arguments)| Some((on_path(name)?, *arguments)));
        Self {
            file: folder.join("notice.wav"),
            program,
            #[cfg(test)]
            asked: std::sync::Arc::default(),
        }
    }

    /// A player of the test's own.
    #[cfg(test)]
    pub(crate) fn of_program(folder: &Path, program: &Path) -> Self {
        Self {
            file: folder.join("notice.wav"),
            program: Some((program.to_owned(), &[])),
            asked: std::sync::Arc::default(),
        }
    }

    /// The player's name, where there is one.
    pub(crate) fn name(&self) -> Option<String> {
        let (program, _) = self.program.as_ref()?;
        Some(program.file_name()?.to_string_lossy().into_owned())
    }

    /// Starts to play, and does not wait for the end. Silence is no reason to complain: the notice is seen.
    pub(crate) fn play(&self) {
        #[cfg(test)]
        self.asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let Some((program, arguments)) = self.program.clone() else {
            return;
        };
        let file = self.file.clone();
        let run = move || {
            if !file.exists() && std::fs::write(&file, wave()).is_err() {
                return;
            }
            let played = Command::new(program)
                .args(arguments)
                .arg(file)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            if let Err(error) = played {
                tracing::warn!(%error, "The sound of a notice could not be played.");
            }
        };
        // A thread of its own: the child is waited for there, so that it leaves no zombie.
        if let Err(error) = std::thread::Builder::new().name("sound".to_owned()).spawn(run) {
            tracing::warn!(%error, "The sound of a notice could not be played.");
        }
    }
}

fn on_path(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// The sound as a WAV file of one channel: each note fades by itself, so that nothing clicks.
#[expect(clippy::cast_possible_truncation, reason = "a sample is scaled to its type")]
fn wave() -> Vec<u8> {
    let samples: Vec<i16> = (0..RATE * LENGTH / 1000)
        .map(|at| {
            let seconds = at as f32 / RATE as f32;
            let sum: f32 = NOTES
                .iter()
                .map(|&(pitch, from)| note(pitch, seconds - from as f32 / 1000.0))
                .sum();
            (sum * 0.3 * f32::from(i16::MAX)) as i16
        })
        .collect();
    let size = u32::try_from(samples.len() * 2).expect("half a second is short");
    let mut file = Vec::with_capacity(samples.len() * 2 + 44);
    file.extend(b"RIFF");
    file.extend((36 + size).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // PCM, one channel.
    file.extend([1, 0, 1, 0]);
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * 2).to_le_bytes());
    // Two bytes a frame, sixteen bits a sample.
    file.extend([2, 0, 16, 0]);
    file.extend(b"data");
    file.extend(size.to_le_bytes());
    file.extend(samples.into_iter().flat_map(i16::to_le_bytes));
    file
}

/// One bell-like note: quick in, slow out.
fn note(pitch: f32, seconds: f32) -> f32 {
    if seconds < 0.0 {
        return 0.0;
    }
    let rise = (seconds / 0.008).min(1.0);
    rise * (-seconds * 11.0).exp() * (std::f32::consts::TAU * pitch * seconds).sin()
}

#[cfg(test)]
mod tests {
    use super::wave;

    #[test]
    fn the_sound_is_a_whole_file_that_begins_and_ends_softly() {
        let file = wave();
        assert_eq!(&file[..4], b"RIFF");
        let said = u32::from_le_bytes([file[4], file[5], file[6], file[7]]) as usize;
        assert_eq!(said + 8, file.len());
        let loud = |at: usize| i16::from_le_bytes([file[at], file[at + 1]]).unsigned_abs();
        let loudest = (44..file.len()).step_by(2).map(loud).max().unwrap_or_default();
        assert!(loudest > 3_000 && loudest < 20_000, "{loudest}");
        assert!(loud(44) < 100 && loud(file.len() - 2) < 1_000);
    }
}
