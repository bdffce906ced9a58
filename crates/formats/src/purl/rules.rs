//! What holds for packages of one type: the registered types of <https://github.com/package-url/purl-spec>, as of 2026.
//!
//! Of a type that is not here nothing is known, and nothing is asked.

use Need::{Optional, Prohibited, Required};
use Part::{Name, Namespace, Subpath, Version};

use super::{PackageUrl, PurlError};

/// Whether packages of a type have a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
    Prohibited,
}

/// A part where upper and lower case mean the same, so that lower case is canonical.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Namespace,
    Name,
    Version,
    Subpath,
}

/// One row of the table: the type, its namespace, and what is written in lower case.
struct TypeRules(&'static str, Need, &'static [Part]);

/// Sorted by type.
const TYPES: &[TypeRules] = &[
    TypeRules("alpm", Required, &[Namespace, Name]),
    TypeRules("apk", Required, &[Namespace, Name]),
    TypeRules("bazel", Prohibited, &[]),
    TypeRules("bitbucket", Required, &[Namespace, Name]),
    TypeRules("bitnami", Prohibited, &[Name]),
    TypeRules("brew", Optional, &[Namespace, Name]),
    TypeRules("cargo", Prohibited, &[]),
    TypeRules("chrome-extension", Prohibited, &[Name]),
    TypeRules("cocoapods", Prohibited, &[]),
    TypeRules("composer", Required, &[Namespace, Name]),
    TypeRules("conan", Optional, &[]),
    TypeRules("conda", Prohibited, &[]),
    TypeRules("cpan", Optional, &[]),
    TypeRules("cran", Prohibited, &[]),
    TypeRules("deb", Required, &[Namespace, Name]),
    TypeRules("docker", Optional, &[]),
    TypeRules("gem", Prohibited, &[]),
    TypeRules("generic", Optional, &[]),
    TypeRules("git", Required, &[]),
    TypeRules("github", Required, &[Namespace, Name]),
    TypeRules("golang", Required, &[]),
    TypeRules("hackage", Prohibited, &[]),
    TypeRules("hex", Optional, &[Namespace, Name]),
    TypeRules("huggingface", Required, &[Version]),
    TypeRules("julia", Prohibited, &[]),
    TypeRules("luarocks", Optional, &[Namespace, Name]),
    TypeRules("maven", Required, &[]),
    TypeRules("mlflow", Prohibited, &[]),
    TypeRules("npm", Optional, &[]),
    TypeRules("nuget", Prohibited, &[]),
    TypeRules("oci", Prohibited, &[Name, Version]),
    TypeRules("opam", Prohibited, &[]),
    TypeRules("otp", Prohibited, &[Name, Subpath]),
    TypeRules("pub", Prohibited, &[Name]),
    TypeRules("pypi", Prohibited, &[Name, Version]),
    TypeRules("qpkg", Required, &[Namespace]),
    TypeRules("rpm", Required, &[Namespace]),
    TypeRules("swid", Optional, &[]),
    TypeRules("swift", Required, &[]),
    TypeRules("vcpkg", Prohibited, &[]),
    TypeRules("vscode-extension", Required, &[Namespace, Name, Version]),
    TypeRules("yocto", Optional, &[Namespace]),
];

fn rules(package_type: &str) -> Option<&'static TypeRules> {
    let position = TYPES.binary_search_by(|TypeRules(name, ..)| (*name).cmp(package_type)).ok()?;
    TYPES.get(position)
}

/// Writes the parts as the type has them.
pub(super) fn normalize(purl: &mut PackageUrl) {
    let Some(TypeRules(_, _, folded)) = rules(&purl.package_type) else { return };
    for part in *folded {
        match part {
            Namespace => lower(purl.namespace.as_mut()),
            Name => lower(Some(&mut purl.name)),
            Version => lower(purl.version.as_mut()),
            Subpath => lower(purl.subpath.as_mut()),
        }
    }
    match purl.package_type.as_str() {
        // The identifier of an author.
        "cpan" => purl.namespace.iter_mut().for_each(|author| *author = author.to_uppercase()),
        "git" => {
            purl.name = purl.name.trim_matches('/').to_owned();
            // Whether case matters is up to the host.
            if matches!(purl.namespace.as_deref(), Some("github" | "github.com")) {
                lower(Some(&mut purl.name));
            }
        }
        // Azure tells models apart by case; Databricks does not.
        "mlflow" if purl.qualifier("repository_url").is_some_and(|url| url.contains("azuredatabricks.")) => lower(Some(&mut purl.name)),
        "pub" => purl.name = purl.name.replace(|character: char| !character.is_ascii_alphanumeric(), "_"),
        "pypi" => purl.name = purl.name.replace('_', "-"),
        _ => {}
    }
}

fn lower(part: Option<&mut String>) {
    if let Some(part) = part
        && part.contains(char::is_uppercase)
    {
        *part = part.to_lowercase();
    }
}

/// Whether names of the type are paths, so that a slash is part of them; their namespace is a single segment.
pub(super) fn has_path_as_name(package_type: &str) -> bool {
    package_type == "git"
}

/// Whether the type allows such a package.
pub(super) fn check(purl: &PackageUrl) -> Result<(), PurlError> {
    let Some(TypeRules(_, namespace_need, _)) = rules(&purl.package_type) else { return Ok(()) };
    let package_type = || purl.package_type.clone();
    match (namespace_need, &purl.namespace) {
        (Required, None) => return Err(PurlError::NoNamespace(package_type())),
        (Prohibited, Some(namespace)) => {
            return Err(PurlError::UnexpectedNamespace { package_type: package_type(), namespace: namespace.clone() });
        }
        (Required | Optional, Some(_)) | (Optional | Prohibited, None) => {}
    }
    let needs = |key: &'static str| match purl.qualifier(key) {
        Some(_) => Ok(()),
        None => Err(PurlError::NoQualifier { package_type: package_type(), key }),
    };
    let invalid_name = || Err(PurlError::InvalidName { package_type: package_type(), name: purl.name.clone() });
    match purl.package_type.as_str() {
        "chrome-extension" if purl.name.len() != 32 || !purl.name.bytes().all(|byte| (b'a'..=b'p').contains(&byte)) => invalid_name(),
        "chrome-extension" => match &purl.version {
            Some(version) if !is_chrome_version(version) => {
                Err(PurlError::InvalidVersion { package_type: package_type(), version: version.clone() })
            }
            _ => Ok(()),
        },
        // A distribution, not a module.
        "cpan" if purl.name.contains("::") => invalid_name(),
        "julia" => needs("uuid"),
        "swid" => needs("tag_id"),
        _ => Ok(()),
    }
}

/// One to four numbers.
fn is_chrome_version(version: &str) -> bool {
    version.split('.').count() <= 4 && version.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_sorted_so_that_they_are_found() {
        assert!(TYPES.is_sorted_by_key(|TypeRules(name, ..)| name));
    }
}
