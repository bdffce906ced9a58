//! From text to parts, from right to left as the specification's procedure goes.

use super::{PackageUrl, PurlError, encoding::decode, join, rules};

/// Whether what a type's rules don't allow is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// It is.
    Strict,
    /// It is kept.
    Lenient,
}

/// Reads a package URL.
pub(super) fn parse(text: &str, strictness: Strictness) -> Result<PackageUrl, PurlError> {
    let (scheme, rest) = text.trim_ascii().split_once(':').ok_or(PurlError::NoScheme)?;
    if !scheme.eq_ignore_ascii_case("pkg") {
        return Err(PurlError::NoScheme);
    }
    let (rest, subpath) = rest.rsplit_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.rsplit_once('?').unwrap_or((rest, ""));
    let rest = rest.trim_start_matches('/');
    let (type_text, path) = rest.split_once('/').ok_or_else(|| PurlError::InvalidType(rest.to_owned()))?;
    let package_type = package_type(type_text)?;
    let (path, version) = split_version(path);
    // The specification's tests refuse a version of nothing, though its procedure ignores slashes there.
    if strictness == Strictness::Strict && !version.is_empty() && path.ends_with('/') {
        return Err(PurlError::NoName);
    }
    let path = path.trim_matches('/');
    let split = if rules::has_path_as_name(&package_type) { path.split_once('/') } else { path.rsplit_once('/') };
    let (namespace, name) = split.unwrap_or(("", path));

    let mut qualifiers = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        add_qualifier(&mut qualifiers, key, decode(value)?.into_owned(), strictness)?;
    }
    let mut purl = PackageUrl {
        package_type,
        namespace: segments(namespace, |segment| !segment.is_empty())?,
        name: decode(name)?.into_owned(),
        version: Some(decode(version)?.into_owned()).filter(|version| !version.is_empty()),
        qualifiers,
        subpath: segments(subpath, is_subpath_segment)?,
    };
    purl.finish(strictness)?;
    Ok(purl)
}

/// Checks a type, and makes it lower-case.
pub(super) fn package_type(text: &str) -> Result<String, PurlError> {
    let is_valid = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-');
    if is_valid { Ok(text.to_ascii_lowercase()) } else { Err(PurlError::InvalidType(text.to_owned())) }
}

/// Adds a qualifier, unless it has no value.
pub(super) fn add_qualifier(
    qualifiers: &mut Vec<(String, String)>,
    key: &str,
    value: String,
    strictness: Strictness,
) -> Result<(), PurlError> {
    // The specification's text wants lower-case keys, its procedure makes them so, and its tests refuse `Arch` but take
    // `repositorY_url`: what all of them agree on is the first letter.
    let is_start = |first: char| match strictness {
        Strictness::Strict => first.is_ascii_lowercase(),
        Strictness::Lenient => first.is_ascii_alphabetic(),
    };
    let is_valid = key.starts_with(is_start) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    if !is_valid {
        return Err(PurlError::InvalidKey(key.to_owned()));
    }
    if value.is_empty() {
        return Ok(());
    }
    let key = key.to_ascii_lowercase();
    if qualifiers.iter().any(|(other, _)| *other == key) {
        return Err(PurlError::RepeatedKey(key));
    }
    qualifiers.push((key, value));
    Ok(())
}

/// Whether a segment says something in a subpath.
pub(super) fn is_subpath_segment(segment: &str) -> bool {
    !matches!(segment, "" | "." | "..")
}

/// The version starts at the last `@`, unless that is the first character of a segment of the namespace: `@babel/core`.
fn split_version(path: &str) -> (&str, &str) {
    match path.rsplit_once('@') {
        Some((before, after)) if (before.is_empty() || before.ends_with('/')) && after.contains('/') => (path, ""),
        Some(parts) => parts,
        None => (path, ""),
    }
}

fn segments(text: &str, is_kept: impl Fn(&str) -> bool) -> Result<Option<String>, PurlError> {
    let mut segments = Vec::new();
    for segment in text.split('/').filter(|segment| !segment.is_empty()) {
        let decoded = decode(segment)?;
        if decoded.contains('/') {
            return Err(PurlError::SlashInSegment(decoded.into_owned()));
        }
        if is_kept(&decoded) {
            segments.push(decoded);
        }
    }
    Ok(join(segments.iter()))
}
