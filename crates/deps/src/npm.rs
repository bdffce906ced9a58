//! What npm, yarn, pnpm and bun have in common: how packages are named, asked for, found and hashed.

use std::borrow::Cow;

use bartizan_core::{Hash, HashAlgorithm};

use crate::{
    Origin, Remark,
    encoding::hex_of_base64,
    remark::{is_plain_http, without_secrets},
};

/// What a dependency asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request<'t> {
    /// The real name, where it is asked for under an alias: `npm:real@1`.
    pub(crate) name: Option<&'t str>,
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// The range of versions, the branch or the folder.
    pub(crate) requirement: &'t str,
}

/// Splits `NAME@REQUIREMENT`, where a name may begin with `@`.
pub(crate) fn split(descriptor: &str) -> (&str, &str) {
    let from = usize::from(descriptor.starts_with('@'));
    let at = descriptor.get(from..).and_then(|rest| rest.find('@')).map(|at| at + from);
    at.and_then(|at| Some((descriptor.get(..at)?, descriptor.get(at + 1..)?))).unwrap_or((descriptor, ""))
}

/// Reads what a manifest asks for: <https://docs.npmjs.com/cli/v11/configuring-npm/package-json#dependencies>.
pub(crate) fn request(text: &str) -> Request<'_> {
    if let Some(alias) = text.strip_prefix("npm:") {
        let (name, requirement) = split(alias);
        // `npm:^1.0.0`, as yarn writes it, is no alias.
        let is_range = requirement.is_empty() && !alias.starts_with('@') && alias.starts_with(|c: char| !c.is_ascii_alphabetic());
        return match is_range {
            true => Request { name: None, origin: Origin::Registry(None), requirement: alias },
            false => Request { name: Some(name), origin: Origin::Registry(None), requirement },
        };
    }
    let folder = ["file:", "link:", "portal:", "workspace:"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let origin = match folder {
        Some(folder) => Origin::Path(folder.split("::").next().unwrap_or(folder).to_owned()),
        None if text.starts_with(['.', '~', '/']) && text.contains('/') => Origin::Path(text.to_owned()),
        None => repository(text).unwrap_or(match text.contains("://") {
            true => Origin::Url(text.to_owned()),
            false => Origin::Registry(None),
        }),
    };
    Request { name: None, origin, requirement: text }
}

/// A repository of git, if that is what an address names.
fn repository(text: &str) -> Option<Origin> {
    let (address, fragment) = text.split_once('#').map_or((text, None), |(address, fragment)| (address, Some(fragment)));
    // yarn names what follows: `#commit=…`, `#head=…&commit=…`.
    let commit = fragment.map(|fragment| fragment.rsplit('&').next().unwrap_or(fragment));
    let commit = commit.map(|commit| commit.strip_prefix("commit=").or_else(|| commit.strip_prefix("commit:")).unwrap_or(commit));
    let git = |url: Cow<'_, str>| Some(Origin::Git { url: url.into_owned(), commit: commit.map(str::to_owned) });
    for (scheme, host) in
        [("github:", "github.com"), ("gitlab:", "gitlab.com"), ("bitbucket:", "bitbucket.org"), ("gist:", "gist.github.com")]
    {
        if let Some(path) = address.strip_prefix(scheme) {
            return git(format!("https://{host}/{path}").into());
        }
    }
    if let Some(url) = address.strip_prefix("git+") {
        return git(url.into());
    }
    let is_git = address.starts_with("git:") || address.starts_with("git@") || address.starts_with("ssh:");
    if is_git || address.ends_with(".git") && address.contains("://") {
        return git(address.into());
    }
    if let Some(origin) = archive_of_commit(address) {
        return Some(origin);
    }
    // `OWNER/NAME` is one of GitHub's.
    let mut parts = address.split('/');
    let is_part = |part: Option<&str>| part.is_some_and(|part| !part.is_empty() && !part.contains([':', '@', ' ', '|', '<', '>', '^']));
    let is_short = is_part(parts.next()) && is_part(parts.next()) && parts.next().is_none();
    if is_short { git(format!("https://github.com/{address}").into()) } else { None }
}

/// An archive that a host makes of a commit: `https://codeload.github.com/OWNER/NAME/tar.gz/COMMIT`.
fn archive_of_commit(url: &str) -> Option<Origin> {
    let (path, commit) = url.strip_prefix("https://codeload.github.com/")?.split_once("/tar.gz/")?;
    Some(Origin::Git { url: format!("https://github.com/{path}"), commit: Some(commit.to_owned()) })
}

/// Where a package comes from, by the address that was resolved.
pub(crate) fn origin(resolved: Option<&str>) -> Origin {
    let Some(url) = resolved.filter(|url| !url.is_empty()) else { return Origin::Registry(None) };
    if let Some(path) = url.strip_prefix("file:").or_else(|| url.strip_prefix("link:")) {
        return Origin::Path(path.to_owned());
    }
    // The registry's tarballs stand at `/NAME/-/NAME-VERSION.tgz`, whoever hosts it.
    if url.contains("/-/") {
        let address = url.split('#').next().unwrap_or(url);
        return Origin::Registry((!is_public(url)).then(|| address.to_owned()));
    }
    repository(url).unwrap_or_else(|| Origin::Url(url.to_owned()))
}

/// Whether an address is one of the public registry.
fn is_public(url: &str) -> bool {
    let hosts = ["registry.npmjs.org/", "registry.yarnpkg.com/"];
    let address = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    address.is_some_and(|address| hosts.iter().any(|host| address.starts_with(host)))
}

/// What there is to say about the address that a lock file has for a package.
pub(crate) fn remarks(name: &str, version: Option<&str>, resolved: Option<&str>, hashes: &[Hash]) -> Vec<Remark> {
    let Some(url) = resolved.filter(|url| url.starts_with("https://") || url.starts_with("http://")) else { return Vec::new() };
    let mut remarks = Vec::new();
    let address = without_secrets(url);
    if is_plain_http(url) {
        remarks.push(Remark::PlainHttp(address.clone()));
    }
    if is_misnamed(name, version, &address) {
        remarks.push(Remark::Misnamed(address));
    }
    if is_public(url) {
        remarks.push(Remark::Public);
    }
    if hashes.is_empty() && matches!(origin(resolved), Origin::Registry(_) | Origin::Url(_)) {
        remarks.push(Remark::Unhashed);
    }
    remarks
}

/// Whether the address of a tarball, `…/NAME/-/NAME-VERSION.tgz`, is that of another package or version.
fn is_misnamed(name: &str, version: Option<&str>, address: &str) -> bool {
    let address = address.replace("%2f", "/").replace("%2F", "/").replace("%40", "@").replace("%2B", "+");
    let Some((package, file)) = address.split_once("/-/") else { return false };
    let bare = name.rsplit('/').next().unwrap_or(name);
    let file = file.rsplit('/').next().unwrap_or(file);
    let Some(stem) = file.strip_suffix(".tgz").or_else(|| file.strip_suffix(".tar.gz")) else { return false };
    let is_named = package.strip_suffix(name).is_some_and(|before| before.ends_with('/'));
    let without_build = |version: &str| version.split('+').next().unwrap_or(version).to_owned();
    let found = stem.strip_prefix(bare).and_then(|rest| rest.strip_prefix('-'));
    let is_version = version.is_none_or(|version| found.is_some_and(|found| without_build(found) == without_build(version)));
    !is_named || !is_version
}

/// The hashes of `integrity`: Subresource Integrity, section 3.5.
pub(crate) fn hashes(integrity: Option<&str>) -> Vec<Hash> {
    let words = integrity.unwrap_or_default().split_ascii_whitespace();
    words.filter_map(hash).collect()
}

fn hash(word: &str) -> Option<Hash> {
    let (algorithm, value) = word.split_once('-')?;
    let algorithm = match algorithm {
        "sha1" => HashAlgorithm::Sha1,
        "sha256" => HashAlgorithm::Sha256,
        "sha384" => HashAlgorithm::Sha384,
        "sha512" => HashAlgorithm::Sha512,
        _ => return None,
    };
    let value = value.split('?').next().unwrap_or(value);
    Some(Hash { algorithm, value: hex_of_base64(value)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: Option<&str>, origin: &str) {
        let request = request(text);
        let shown = match &request.origin {
            Origin::Registry(_) => "registry".to_owned(),
            Origin::Git { url, commit } => format!("git {url} {}", commit.as_deref().unwrap_or("?")),
            Origin::Path(path) => format!("path {path}"),
            Origin::Url(url) => format!("url {url}"),
        };
        assert_eq!((request.name, shown.as_str()), (name, origin), "{text}");
    }

    #[test]
    fn requests_say_where_a_package_comes_from() {
        check("^1.0.0", None, "registry");
        check(">=1 <2 || 3.x", None, "registry");
        check("latest", None, "registry");
        check("npm:real@^1", Some("real"), "registry");
        check("npm:@scope/real@1", Some("@scope/real"), "registry");
        check("npm:real", Some("real"), "registry");
        check("npm:^1.0.0", None, "registry");
        check("file:../a", None, "path ../a");
        check("workspace:*", None, "path *");
        check("./a", None, "path ./a");
        check("a/b", None, "git https://github.com/a/b ?");
        check("a/b#v1", None, "git https://github.com/a/b v1");
        check("gitlab:a/b", None, "git https://gitlab.com/a/b ?");
        check("git+ssh://git@host/a.git#semver:^1", None, "git ssh://git@host/a.git semver:^1");
        check("https://github.com/a/b.git#commit=0a", None, "git https://github.com/a/b.git 0a");
        check("https://host/a.tgz", None, "url https://host/a.tgz");
        check("https://codeload.github.com/a/b/tar.gz/0a", None, "git https://github.com/a/b 0a");
    }

    #[test]
    fn addresses_are_those_of_their_package_or_say_so() {
        let of = |name: &str, version: &str, url: &str| remarks(name, Some(version), Some(url), &[]);
        assert_eq!(of("a", "1.0.0", "https://registry.npmjs.org/a/-/a-1.0.0.tgz"), [Remark::Public, Remark::Unhashed]);
        assert_eq!(of("@s/a", "1.0.0", "https://host/npm/@s%2fa/-/a-1.0.0.tgz"), [Remark::Unhashed]);
        assert_eq!(of("@s/a", "1.0.0", "https://host/npm/@s/a/-/@s/a-1.0.0.tgz"), [Remark::Unhashed]);
        let plain = "http://me:pw@host/a/-/a-1.0.0.tgz";
        assert_eq!(of("a", "1.0.0", plain), [Remark::PlainHttp("http://host/a/-/a-1.0.0.tgz".to_owned()), Remark::Unhashed]);
        for (name, version) in [("b", "1.0.0"), ("a", "1.0.1"), ("@s/a", "1.0.0")] {
            let url = "https://registry.npmjs.org/a/-/a-1.0.0.tgz";
            assert_eq!(of(name, version, url).first(), Some(&Remark::Misnamed(url.to_owned())), "{name}");
        }
        assert_eq!(of("g", "1.0.0", "https://codeload.github.com/a/b/tar.gz/0a"), []);
        assert_eq!(remarks("a", None, None, &[]), []);
    }

    #[test]
    fn names_may_begin_with_a_scope() {
        assert_eq!(split("@a/b@npm:^1"), ("@a/b", "npm:^1"));
        assert_eq!(split("b@1"), ("b", "1"));
        assert_eq!(split("@a/b"), ("@a/b", ""));
        assert_eq!(split("b"), ("b", ""));
    }
}
