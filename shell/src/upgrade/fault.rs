//! Why a new version was not found, or not taken: one sentence each, `error-<code>` on the screen.

use prilavok_client::Failure;
use tauri_plugin_updater::Error;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The place where new versions lie does not answer.
    Unreachable,
    /// It answers with something that is no list of versions.
    Unreadable,
    /// The newest version there is older than this one.
    Older,
    /// There is none for this system.
    NoneHere,
    /// The package is not what the makers signed, or not the version that was announced.
    Unsigned,
    /// The system did not let it be installed.
    Disk,
}

impl Fault {
    fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "upgrade_unreachable",
            Self::Unreadable => "upgrade_unreadable",
            Self::Older => "upgrade_older",
            Self::NoneHere => "upgrade_none_here",
            Self::Unsigned => "upgrade_unsigned",
            Self::Disk => "upgrade_disk",
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self {
            code: fault.code().to_owned(),
            detail: None,
            retry_after_ms: None,
        }
    }
}

/// Why nothing was found.
pub(super) fn of_check(error: Error) -> Fault {
    tracing::warn!(%error, "New versions could not be looked for.");
    named(&error)
}

/// Why what was found is not installed.
pub(super) fn of_install(error: Error) -> Fault {
    tracing::error!(%error, "The new version was not installed.");
    named(&error)
}

fn named(error: &Error) -> Fault {
    match error {
        Error::Reqwest(error) if error.is_decode() => Fault::Unreadable,
        Error::Reqwest(_) | Error::Network(_) | Error::ReleaseNotFound => Fault::Unreachable,
        Error::TargetNotFound(_) | Error::TargetsNotFound(_) | Error::UnsupportedArch | Error::UnsupportedOs => {
            Fault::NoneHere
        }
        Error::Serialization(_) | Error::Semver(_) | Error::UrlParse(_) | Error::Http(_) => Fault::Unreadable,
        // A broken key or signature proves as little as a foreign one.
        Error::Minisign(_)
        | Error::Base64(_)
        | Error::SignatureUtf8(_)
        | Error::SignedVersionMismatch { .. }
        | Error::MissingSignedVersion => Fault::Unsigned,
        _ => Fault::Disk,
    }
}
