//! Comparisons that google/osv-scalibr records (`semantic/testdata`), and traps.

use std::{
    cmp::Ordering,
    path::{Path, PathBuf},
};

use bartizan_deps::version::{Scheme, Version};

/// A file of comparisons, one a line.
fn check_vectors(ecosystem: &str) {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    let folder = std::env::var_os("BARTIZAN_VECTORS").map_or(beside, PathBuf::from).join("versions");
    let scheme: Scheme = ecosystem.parse().unwrap();
    let mut n_files = 0;
    let mut failures = Vec::new();
    for name in [format!("{ecosystem}-versions.txt"), format!("{ecosystem}-versions-generated.txt")] {
        let Ok(text) = std::fs::read_to_string(folder.join(&name)) else { continue };
        n_files += 1;
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ") && !line.starts_with("// ")) {
            let [one, order, other] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{name}: {line}") };
            let (one, other) = (Version::new(scheme, one), Version::new(scheme, other));
            let expected = match order {
                "<" => Ordering::Less,
                "=" => Ordering::Equal,
                _ => Ordering::Greater,
            };
            let found = one.compare(&other);
            if (found, other.compare(&one)) != (expected, expected.reverse()) {
                failures.push(format!("{line}, not {found:?}"));
            }
            if let (Some(one), Some(other)) = (one.key(), other.key()) {
                assert_eq!(one.cmp(other), found, "{line}");
            }
        }
    }
    if n_files == 0 {
        println!("skipped: no {ecosystem}-versions.txt in {}; set BARTIZAN_VECTORS", folder.display());
    }
    assert!(failures.is_empty(), "{} lines differ: {:#?}", failures.len(), failures.iter().take(30).collect::<Vec<_>>());
}

macro_rules! vectors {
    ($($name:ident),+) => { $(#[test] fn $name() { check_vectors(stringify!($name)); })+ };
}

vectors!(alpine, cran, debian, hackage, maven, nuget, packagist, pypi, redhat, rubygems, semver);

#[test]
fn pub_dev() {
    check_vectors("pub");
}

/// Versions in ascending order; those that are equal stand in one string.
fn check(scheme: Scheme, ascending: &[&str]) {
    let groups: Vec<Vec<Version>> =
        ascending.iter().map(|group| group.split_whitespace().map(|text| Version::new(scheme, text)).collect()).collect();
    for (place, group) in groups.iter().enumerate() {
        for (other_place, others) in groups.iter().enumerate() {
            for (one, other) in group.iter().flat_map(|one| others.iter().map(move |other| (one, other))) {
                assert_eq!(one.compare(other), place.cmp(&other_place), "{one} and {other}");
            }
        }
    }
}

#[test]
fn pre_releases_come_before_releases() {
    check(Scheme::SemVer, &["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.2", "1.0.0-rc.11", "1 1.0 v1.0.0 1.0.0+build", "1.0.0.1", "1.0.1"]);
    check(Scheme::Npm, &["0.0.0-0", "=0.0.0 0.0.0", "10.0.0"]);
    check(Scheme::NuGet, &["1.0.0-Beta 1.0-beta", "1.0 1.0.0.0", "1.0.0.1"]);
    check(Scheme::Maven, &["1.0-alpha-1 1.0-a1", "1.0-SNAPSHOT", "1 1.0 1.0.0-ga 1.0.Final", "1-sp", "1.0-jre", "1.0-1", "1.0.1"]);
    check(Scheme::Maven, &["2.9.0.RC1", "2.9 2.9.0", "2.9-1"]);
    check(Scheme::Debian, &["1.0~rc1-1", "1.0-1~deb12u1", "1.0-1 0:1.0-1", "1.0-1+deb12u1", "1.0a-1", "1.0+dfsg-1", "1:0.1-1"]);
    check(Scheme::Rpm, &["1.0~rc1", "1.0", "1.0-1.el9", "1.0-1.el10", "1.0^git1", "1.0.1", "1:0.5"]);
    check(Scheme::Alpine, &["1.2_alpha", "1.2_rc1", "1.2 1.2-r0 1.2.0", "1.2-r1", "1.2_p1", "1.2a", "1.2.1", "1.10"]);
    check(Scheme::Pub, &["1.0.0-dev", "1.0.0", "1.0.0+1", "1.0.0+2", "1.0.0+10"]);
}

#[test]
fn pseudo_versions_of_go_come_before_the_release_that_they_name() {
    check(
        Scheme::Go,
        &[
            "v0.0.0-20200101000000-aaaaaaaaaaaa",
            "v0.0.0-20240102150405-abcdefabcdef",
            "v0.0.0",
            "v1.2.3-0.20240102150405-abcdefabcdef",
            "v1.2.3",
            "v2.0.0+incompatible v2.0.0",
        ],
    );
    check(Scheme::Go, &["1.21.0-0", "go1.21rc2 1.21.0-rc.2", "go1.21rc10", "go1.21 1.21.0", "go1.21.1"]);
}

#[test]
fn versions_from_before_pep_440_come_first() {
    check(
        Scheme::Pep440,
        &[
            "0.1-bulbasaur",
            "2004d",
            "0.1.dev1",
            "0.1a1.dev2",
            "0.1a1 0.1.ALPHA-1",
            "0.1rc1 0.1c1",
            "0.1 v0.1.0",
            "0.1+local",
            "0.1+1",
            "0.1.post1 0.1-1",
            "1!0.0.1",
        ],
    );
}

#[test]
fn gems_have_no_platform_in_their_version() {
    check(Scheme::RubyGems, &["1.0.a.0.b", "1.0.a 1.a", "1.0.b1", "1.0-1", "1 1.0 1.0-x86_64-linux 1.0.0-java", "1.0.1", "1.10"]);
}

#[test]
fn branches_of_composer_come_before_numbers() {
    check(Scheme::Composer, &["1.0-unknown", "1.0-dev", "1.0-alpha1 v1.0a1", "1.0-RC1 1.0rc1", "1.0", "1.0.0", "1.0pl1"]);
    check(Scheme::Composer, &["dev-main", "0.1"]);
}

#[test]
fn lists_of_numbers_are_longer_or_equal() {
    check(Scheme::Cran, &["0.9 0-9", "0.75", "1.0", "1.0.0"]);
    check(Scheme::Hackage, &["1.0", "1.0.0", "1.0.1"]);
}

#[test]
fn ecosystems_are_known_by_their_names() {
    let check = |name: &str, scheme: Option<Scheme>| assert_eq!(name.parse().ok(), scheme, "{name}");
    check("Debian:12", Some(Scheme::Debian));
    check("Ubuntu:22.04:LTS", Some(Scheme::Debian));
    check("Red Hat:enterprise_linux:9::baseos", Some(Scheme::Rpm));
    check("redhat", Some(Scheme::Rpm));
    check("crates.io", Some(Scheme::SemVer));
    check("PyPI", Some(Scheme::Pep440));
    check("golang", Some(Scheme::Go));
    check("gem", Some(Scheme::RubyGems));
    check("", None);
    check("Atari", None);
}

/// Not a timed test: it would run for minutes if places were looked for again and again.
#[test]
fn hostile_versions_have_a_place() {
    let texts = ["", "-", ".", "~", "\u{0}", "é", "1\u{0}", ":", "1:", "-r", "+", "!", "1!", "1..2", "#", "v"].map(str::to_owned);
    let long = ["0.", "1", "a", "-", "a1", "_p", "0.a", "~"].map(|piece| piece.repeat(200_000));
    for scheme in Scheme::all() {
        let mut versions: Vec<Version> = texts.iter().chain(&long).map(|text| Version::new(scheme, text)).collect();
        versions.sort();
        assert!(versions.is_sorted());
    }
}
