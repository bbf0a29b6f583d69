//! One package: a folder with its tree and the papers of dpkg, and the file that `dpkg-deb` makes of it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::contents::{Part, Stamp};
use crate::process::{self, program};

/// The tree of a package before it is one.
pub struct Tree {
    root: PathBuf,
    stamp: Stamp,
}

impl Tree {
    /// Writes a file, with the folders above it.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>, mode: u32) -> Result<()> {
        let path = self.root.join(path);
        let folder = path.parent().context("a path in a package has a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        Ok(())
    }

    /// Copies one of `packaging/`, with its `@WORDS@` filled in.
    pub fn copy(&self, from: &str, to: &str, mode: u32) -> Result<()> {
        let from = process::root().join("packaging").join(from);
        let text = fs::read_to_string(&from).with_context(|| format!("{} cannot be read", from.display()))?;
        self.write(to, self.stamp.fill(&text), mode)
    }

    /// Writes a text compressed, as manual pages and changelogs are. No name and no time inside.
    pub fn write_gzipped(&self, path: &str, text: &str) -> Result<()> {
        let plain = path.strip_suffix(".gz").context("a compressed file ends in .gz")?;
        self.write(plain, text, 0o644)?;
        let mut gzip = program("gzip", ["-9", "--no-name"]);
        gzip.arg(self.root.join(plain));
        process::run(gzip)
    }

    /// Where a path of the package lies now.
    pub fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// What fills the `@WORDS@`.
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }
}

/// Makes the package of one part and says the file's name.
pub fn make(part: Part, binaries: &Path, stamp: &Stamp, debug: bool, out: &Path) -> Result<String> {
    let name = part.package();
    let work = process::target()?.join("dist").join(name);
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let tree = Tree {
        root: work.join("tree"),
        stamp: stamp.clone(),
    };
    let binary = format!("usr/bin/{name}");
    let built = binaries.join(name);
    let bytes = fs::read(&built).with_context(|| format!("{} is not built", built.display()))?;
    tree.write(&binary, bytes, 0o755)?;
    // The names of functions stay: a report of a crash is nothing without them.
    let mut strip = program("strip", ["--strip-debug", "--remove-section=.comment"]);
    strip.arg(tree.at(&binary));
    process::run(strip)?;

    part.fill(&tree)?;
    let doc = format!("usr/share/doc/{name}");
    tree.copy("copyright", &format!("{doc}/copyright"), 0o644)?;
    tree.write_gzipped(&format!("{doc}/changelog.gz"), &changelog(name, stamp))?;
    let meant: String = part.overrides().iter().map(|tag| format!("{name}: {tag}\n")).collect();
    tree.write(&format!("usr/share/lintian/overrides/{name}"), meant, 0o644)?;

    papers(part, &tree, &work)?;
    let file = format!("{name}_{}_{}.deb", stamp.version, stamp.architecture);
    let mut build = program("dpkg-deb", ["--build", "--root-owner-group"]);
    build.args(if debug { ["-Zgzip", "-z1"] } else { ["-Zxz", "-z6"] });
    build.arg(&tree.root).arg(out.join(&file));
    build.env("SOURCE_DATE_EPOCH", &stamp.epoch);
    process::output(build).with_context(|| format!("dpkg-deb does not make {file}"))?;
    Ok(file)
}

/// `DEBIAN/`: control, sums, and what the part has of its own.
fn papers(part: Part, tree: &Tree, work: &Path) -> Result<()> {
    let folder = part.folder();
    let control = fs::read_to_string(process::root().join("packaging").join(folder).join("control"))
        .with_context(|| format!("packaging/{folder}/control cannot be read"))?;
    let mut du = program("du", ["-sk", "--apparent-size"]);
    du.arg(&tree.root);
    let size = process::output(du).context("du says nothing")?;
    let size = size.split_whitespace().next().unwrap_or_default();
    let control = tree
        .stamp
        .fill(&control)
        .replace("@SIZE@", size)
        .replace("@SHLIBS@", &libraries(part, tree, work)?);
    let mut sums = program(
        "sh",
        [
            "-c",
            "find usr lib -type f -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0 md5sum",
        ],
    );
    sums.current_dir(&tree.root);
    let sums = process::output(sums).context("md5sum says nothing")?;
    tree.write("DEBIAN/control", control, 0o644)?;
    tree.write("DEBIAN/md5sums", sums, 0o644)?;
    for (name, mode) in part.scripts() {
        tree.copy(&format!("{folder}/{name}"), &format!("DEBIAN/{name}"), *mode)?;
    }
    Ok(())
}

/// The packages of the libraries that the program is linked with, as dpkg knows them.
fn libraries(part: Part, tree: &Tree, work: &Path) -> Result<String> {
    let name = part.package();
    fs::create_dir_all(work.join("debian"))?;
    // It wants the look of a source package around it.
    fs::write(
        work.join("debian/control"),
        format!("Source: prilavok\n\nPackage: {name}\nArchitecture: any\n"),
    )?;
    let mut ask = program("dpkg-shlibdeps", ["-O"]);
    ask.arg(tree.at(&format!("usr/bin/{name}"))).current_dir(work);
    let said = process::output(ask).context("dpkg-shlibdeps does not know a library of the program")?;
    said.lines()
        .find_map(|line| line.strip_prefix("shlibs:Depends="))
        .map(str::to_owned)
        .context("dpkg-shlibdeps names no library")
}

fn changelog(name: &str, stamp: &Stamp) -> String {
    format!(
        "{name} ({}) stable; urgency=medium\n\n  * CHANGELOG.md of the sources says what is new.\n\n -- {}  {}\n",
        stamp.version, stamp.maintainer, stamp.date_of_mail,
    )
}
