//! From a package to its package URL, the component's identity.

use bartizan_formats::purl::{PackageUrl, Parts};

use crate::{Ecosystem, Origin, Package};

/// The package URL of a package; nothing where its name can't be one.
pub(crate) fn purl(package: &Package) -> Option<PackageUrl> {
    let (namespace, name) = split(package.ecosystem, &package.name);
    let url = match &package.origin {
        Origin::Git { url, commit } => Some(("vcs_url", vcs_url(url, commit.as_deref()))),
        Origin::Url(url) => Some(("download_url", url.clone())),
        Origin::Registry(Some(url)) if package.ecosystem != Ecosystem::GitHub => Some(("repository_url", url.clone())),
        Origin::Registry(_) | Origin::Path(_) => None,
    };
    let own = package.qualifiers.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let qualifiers: Vec<(&str, &str)> = url.iter().map(|(key, value)| (*key, value.as_str())).chain(own).collect();
    let parts = Parts {
        package_type: package.ecosystem.purl_type(),
        namespace,
        name,
        version: version(package),
        qualifiers: &qualifiers,
        subpath: "",
    };
    match package.ecosystem {
        // A module's path may be one word: `stdlib`, or that of a project that nobody imports. So may a root's name of Composer's.
        Ecosystem::Golang | Ecosystem::Composer if namespace.is_empty() => PackageUrl::build_lenient(parts).ok(),
        _ => PackageUrl::build(parts).ok(),
    }
}

/// The version, as each type wants it: of RPM the epoch stands elsewhere.
fn version(package: &Package) -> &str {
    let version = package.version.as_deref().unwrap_or_default();
    match package.ecosystem {
        Ecosystem::Rpm => version.split_once(':').map_or(version, |(_, version)| version),
        _ => version,
    }
}

/// The name as people know it: without the distribution that is part of the package URL.
pub(crate) fn shown_name(package: &Package) -> &str {
    match package.ecosystem {
        Ecosystem::Apk | Ecosystem::Deb | Ecosystem::Rpm => split(package.ecosystem, &package.name).1,
        _ => &package.name,
    }
}

/// The namespace and the name, as each type of package URL wants them.
fn split(ecosystem: Ecosystem, name: &str) -> (&str, &str) {
    match ecosystem {
        Ecosystem::Maven => name.split_once(':').unwrap_or(("", name)),
        Ecosystem::Composer | Ecosystem::Docker | Ecosystem::GitHub | Ecosystem::Golang | Ecosystem::Npm | Ecosystem::Swift => {
            name.rsplit_once('/').unwrap_or(("", name))
        }
        // The distribution is known when all files of a system are.
        Ecosystem::Apk | Ecosystem::Deb | Ecosystem::Rpm => name.split_once('/').unwrap_or(("", name)),
        Ecosystem::Bioconductor
        | Ecosystem::Cargo
        | Ecosystem::CocoaPods
        | Ecosystem::Conan
        | Ecosystem::Conda
        | Ecosystem::Cran
        | Ecosystem::Gem
        | Ecosystem::Generic
        | Ecosystem::Hackage
        | Ecosystem::Hex
        | Ecosystem::Julia
        | Ecosystem::NuGet
        | Ecosystem::Pub
        | Ecosystem::PyPi => ("", name),
    }
}

/// As SPDX 2.3 section 7.7 writes it: `git+https://host/path@commit`.
fn vcs_url(url: &str, commit: Option<&str>) -> String {
    let commit = commit.map(|commit| format!("@{commit}")).unwrap_or_default();
    format!("git+{url}{commit}")
}
