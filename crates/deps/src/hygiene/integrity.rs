//! What a lock file says about the addresses of its packages: without TLS, without a hash, or those of other packages.

use bartizan_core::{Confidence, Severity};

use super::{About, Draft, File, listed, packages};
use crate::{Ecosystem, Package, Remark, remark};

pub(super) static PLAIN: About = About {
    id: "lock-file-insecure-address",
    title: "Package fetched without TLS",
    severity: Severity::Medium,
    confidence: Confidence::High,
    why: "On an `http:` address everybody on the way can answer instead of the registry. A hash beside it helps against that only as long as nobody writes the lock file anew.",
    how_to_fix: "Use the registry's `https:` address in its configuration, and write the lock file anew.",
    cwe: 319,
    references: &[],
};

pub(super) static NAME: About = About {
    id: "lock-file-wrong-package",
    title: "Address of another package in a lock file",
    severity: Severity::High,
    confidence: Confidence::High,
    why: "What is installed is what the address leads to, whatever the entry is called. Few people read changes of lock files, so that an exchanged address is a way to get code into a project unseen.",
    how_to_fix: "Find out who changed the entry and why. Remove it, and have the package manager write it anew: if it comes back as it was, its configuration is to blame.",
    cwe: 494,
    references: &[],
};

pub(super) static HASH: About = About {
    id: "lock-file-missing-hash",
    title: "Package without a hash in a lock file that has them",
    severity: Severity::Low,
    confidence: Confidence::High,
    why: "The hash makes sure that what is installed is what was resolved. The other packages of the file have one, so that one without it was written by hand, by a program that broke, or by somebody who wants to exchange it.",
    how_to_fix: "Remove the entry, and have the package manager write it anew, from the registry.",
    cwe: 353,
    references: &[],
};

pub(super) fn look(file: &File<'_>, drafts: &mut Vec<Draft>) {
    plain(file, drafts);
    misnamed(file, drafts);
    unhashed(file, drafts);
}

fn with<'f, T>(file: &'f File<'_>, of: impl Fn(&'f Remark) -> Option<T>) -> Vec<(&'f Package, T)> {
    file.inventory.packages.iter().filter_map(|package| Some((package, package.remarks.iter().find_map(&of)?))).collect()
}

fn plain(file: &File<'_>, drafts: &mut Vec<Draft>) {
    let found = with(file, |remark| match remark {
        Remark::PlainHttp(url) => remark::host(url),
        _ => None,
    });
    let mut hosts: Vec<&str> = found.iter().map(|(_, host)| *host).collect();
    hosts.sort_unstable();
    hosts.dedup();
    for host in hosts {
        let of_host: Vec<&Package> = found.iter().filter(|(_, known)| *known == host).map(|(package, _)| *package).collect();
        let names = listed(of_host.iter().map(|package| package.name.as_str()));
        let message = format!("{} fetched from {host} without TLS: {names}", are(of_host.len()));
        let places = of_host.iter().map(|package| file.place(package)).collect();
        drafts.push(Draft::new(&PLAIN, message, places).because("the address begins with `http:`").known_by([file.folder(), host]));
    }
}

fn are(n: usize) -> String {
    format!("{} {}", packages(n), if n == 1 { "is" } else { "are" })
}

fn misnamed(file: &File<'_>, drafts: &mut Vec<Draft>) {
    let found = with(file, |remark| match remark {
        Remark::Misnamed(url) => Some(url),
        _ => None,
    });
    for (package, url) in found {
        let version = package.version.as_deref().unwrap_or_default();
        let message = format!("`{}` {version} comes from the address of another package or version: {url}", package.name);
        let draft = Draft::new(&NAME, message, vec![file.place(package)]);
        drafts.push(draft.because("name and version are not those in the address").known_by([file.folder(), &package.name]));
    }
}

/// One without a hash is odd where others have one. A file without any was written by an older program, or says so once elsewhere.
fn unhashed(file: &File<'_>, drafts: &mut Vec<Draft>) {
    let without = with(file, |remark| (*remark == Remark::Unhashed).then_some(()));
    let of_registry = file.inventory.packages.iter().filter(|package| is_hashed_kind(package.ecosystem));
    let n_with = of_registry.filter(|package| !package.hashes.is_empty()).count();
    if without.is_empty() || n_with <= without.len() {
        return;
    }
    let names = listed(without.iter().map(|(package, _)| package.name.as_str()));
    let message = format!("{} of this file {} no hash, and {n_with} have one: {names}", packages(without.len()), have(without.len()));
    let places = without.iter().map(|(package, ())| file.place(package)).collect();
    drafts.push(Draft::new(&HASH, message, places).known_by([file.folder(), file.kind]));
}

const fn have(n: usize) -> &'static str {
    if n == 1 { "has" } else { "have" }
}

const fn is_hashed_kind(ecosystem: Ecosystem) -> bool {
    matches!(ecosystem, Ecosystem::Npm | Ecosystem::PyPi | Ecosystem::Cargo)
}
