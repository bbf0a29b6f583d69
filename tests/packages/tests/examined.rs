//! The packages as Debian's own examiners see them.

use prilavok_packages_tests::tool::{program, said};
use prilavok_packages_tests::{NAMES, files};

#[test]
fn lintian_has_nothing_to_say_about_any_package() {
    let mut lintian = program("lintian");
    lintian.args(["--allow-root", "--fail-on=error,warning", "--tag-display-limit=0"]);
    lintian.args(files().expect("the packages"));
    let report = said(lintian).expect("no error and no warning");
    assert_eq!(report.trim(), "");
}

#[test]
fn what_the_software_centres_show_is_valid() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (file, name) in files().expect("the packages").iter().zip(NAMES).skip(1) {
        let mut unpack = program("dpkg-deb");
        unpack.arg("--extract").arg(file).arg(folder.path());
        said(unpack).expect("a package");
        let role = name.trim_start_matches("prilavok-");
        let metainfo = folder
            .path()
            .join(format!("usr/share/metainfo/ru.prilavok.{role}.metainfo.xml"));
        let mut validate = program("appstreamcli");
        validate.args(["validate", "--no-net"]).arg(metainfo);
        said(validate).expect("valid");
    }
}

#[test]
fn an_app_asks_for_all_it_needs_and_recommends_the_rest() {
    for file in &files().expect("the packages")[1..] {
        let field = |name: &str| {
            let mut ask = program("dpkg-deb");
            ask.arg("--field").arg(file).arg(name);
            said(ask).expect("the field")
        };
        let (depends, recommends) = (field("Depends"), field("Recommends"));
        for needed in [
            "libwebkit2gtk-4.1-0",
            "libgtk-3-0",
            "libayatana-appindicator3-1",
            "fonts-noto-core",
            "fonts-noto-color-emoji",
            "gstreamer1.0-plugins-base",
            "gstreamer1.0-plugins-good",
        ] {
            assert!(depends.contains(needed), "{needed} is not in {depends}");
        }
        for useful in ["gnome-keyring", "hunspell-ru", "hunspell-en-us"] {
            assert!(recommends.contains(useful), "{useful} is not in {recommends}");
        }
    }
}
