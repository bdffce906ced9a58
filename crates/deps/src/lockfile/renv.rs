//! Reads `renv.lock` of R.
//!
//! The format: <https://rstudio.github.io/renv/articles/lockfile.html>. Its `Hash` is of a package's description, not of its
//! content, and is left out.

use std::collections::HashMap;

use bartizan_core::Scope;
use bartizan_source::document::{JsonDialect, Member, Node, parse_json};

use crate::{Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, SourceText};

/// `renv.lock`.
pub(crate) static READER: Reader = Reader { name: "renv.lock", claims: &[Claim::Name("renv.lock")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "a lock file of renv is a map");
        return parsed;
    }
    let packages = root.get("Packages").map(Node::members).unwrap_or_default();
    let mut locked: HashMap<&str, PackageIndex> = HashMap::new();
    for member in packages {
        match package(member) {
            Ok(package) => {
                locked.insert(&member.name, parsed.inventory.add(package));
            }
            Err(reason) => parsed.unreadable(member.name_range, format!("the package `{}` {reason}", member.name)),
        }
    }
    for member in packages {
        let Some(&dependent) = locked.get(member.name.as_ref()) else { continue };
        // What is not locked comes with R itself.
        let required = member.node.get("Requirements").map(Node::items).unwrap_or_default();
        for &dependency in required.iter().filter_map(|node| locked.get(node.text()?)) {
            parsed.inventory.depends(dependent, dependency, Scope::Runtime);
        }
    }
    parsed
}

fn package(member: &Member<'_>) -> Result<Package, &'static str> {
    let entry = &member.node;
    let text = |name: &str| entry.text_of(name);
    let name = text("Package").unwrap_or(&member.name);
    let version = text("Version").ok_or("has no version")?;
    let (source, repository) = (text("Source"), text("Repository"));
    if source.is_none() && repository.is_none() {
        return Err("has neither a source nor a repository: what it is can't be told");
    }
    let cran = Package::dependency(Ecosystem::Cran, name, Some(version), member.name_range);
    if source == Some("Bioconductor") || repository.is_some_and(|repository| repository.starts_with("Bioc")) {
        return Ok(Package { ecosystem: Ecosystem::Bioconductor, ..cran });
    }
    let commit = || text("RemoteSha").map(str::to_owned);
    let origin = match source.unwrap_or("Repository") {
        "GitHub" | "GitLab" | "Bitbucket" => Origin::Git { url: address(entry), commit: commit() },
        "git" | "git2r" | "xgit" => Origin::Git { url: text("RemoteUrl").unwrap_or_default().to_owned(), commit: commit() },
        "URL" => Origin::Url(text("RemoteUrl").unwrap_or_default().to_owned()),
        "Local" => Origin::Path(text("RemoteUrl").unwrap_or_default().to_owned()),
        _ => Origin::Registry(repository.filter(|repository| repository.contains("://")).map(str::to_owned)),
    };
    Ok(Package { origin, ..cran })
}

/// Where a package of a forge is: `https://github.com/user/repository`.
fn address(entry: &Node<'_>) -> String {
    let text = |name: &str| entry.text_of(name).unwrap_or_default();
    let host = match (text("RemoteHost"), text("Source")) {
        ("" | "api.github.com", "GitHub") => "github.com",
        ("", "GitLab") => "gitlab.com",
        ("" | "api.bitbucket.org/2.0", "Bitbucket") => "bitbucket.org",
        (host, _) => host,
    };
    format!("https://{host}/{}/{}", text("RemoteUsername"), text("RemoteRepo"))
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn packages_of_every_source() {
        check(
            &super::READER,
            "renv.lock",
            r#"{
  "R": { "Version": "4.3.1" },
  "Packages": {
    "markdown": { "Package": "markdown", "Version": "1.0", "Source": "Repository", "Repository": "CRAN", "Requirements": ["R", "mime", "utils"] },
    "mime": { "Package": "mime", "Version": "0.12.1", "Source": "GitHub", "RemoteHost": "api.github.com", "RemoteUsername": "yihui", "RemoteRepo": "mime", "RemoteSha": "1763e0" },
    "BSgenome": { "Package": "BSgenome", "Version": "1.60.0", "Source": "Bioconductor" },
    "unknown": { "Package": "unknown", "Version": "1" },
    "none": { "Package": "none" }
  }
}"#,
            "
cran markdown 1.0 @4
  -> mime 0.12.1 runtime
cran mime 0.12.1 @5 git https://github.com/yihui/mime 1763e0
bioconductor BSgenome 1.60.0 @6
7: unreadable: the package `unknown` has neither a source nor a repository: what it is can't be told
8: unreadable: the package `none` has no version
",
        );
        check(&super::READER, "renv.lock", "1", "1: unreadable: a lock file of renv is a map");
    }
}
