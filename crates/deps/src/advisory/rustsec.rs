//! Advisories of RustSec: Markdown with TOML before it, <https://github.com/RustSec/advisory-db#advisory-format>.
//!
//! They say which versions are *not* affected, as requirements of Cargo; what is affected is the rest.

use bartizan_source::document::{Node, parse_toml};

use crate::{
    osv::{Affected, AffectedPackage, AffectedSymbols, End, Interval, InvalidRecord, Record},
    version::{Scheme, Version},
};

/// Reads an advisory; nothing if the text is something else.
///
/// # Errors
///
/// When it is an advisory without an id, a package, or with requirements that nobody understands.
pub fn from_rustsec(text: &str) -> Option<Result<Record, InvalidRecord>> {
    let (toml, body) = text.trim_start_matches('\u{feff}').strip_prefix("```toml")?.split_once("\n```")?;
    let document = parse_toml(toml);
    let root = document.root?;
    let advisory = root.get("advisory")?;
    if let Some(problem) = document.problems.first() {
        return Some(Err(InvalidRecord::because(&problem.message)));
    }
    Some(record(&root, advisory, body))
}

fn record(root: &Node<'_>, advisory: &Node<'_>, body: &str) -> Result<Record, InvalidRecord> {
    let text = |name: &str| advisory.get(name).and_then(Node::scalar).unwrap_or_default().to_owned();
    let list = |name: &str| -> Vec<String> {
        advisory.get(name).map(Node::items).unwrap_or_default().iter().filter_map(Node::text).map(str::to_owned).collect()
    };
    let (id, package) = (text("id"), text("package"));
    if id.is_empty() || package.is_empty() {
        return Err(InvalidRecord::because("an advisory has an id and a package"));
    }
    let mut safe = Vec::new();
    for kind in ["patched", "unaffected"] {
        for requirement in root.at(&["versions", kind]).map(Node::items).unwrap_or_default() {
            let requirement = requirement.text().unwrap_or_default();
            let understood = Span::of_requirement(requirement);
            safe.push(understood.ok_or_else(|| InvalidRecord::because(&format!("`{requirement}` is no requirement")))?);
        }
    }
    let functions = root.at(&["affected", "functions"]).map(Node::members).unwrap_or_default();
    let symbols = functions.iter().map(|function| {
        let (path, name) = function.name.rsplit_once("::").unwrap_or(("", &function.name));
        AffectedSymbols { path: path.to_owned(), symbols: vec![name.to_owned()] }
    });
    let (title, details) = body.trim().strip_prefix("# ").and_then(|body| body.split_once('\n')).unwrap_or(("", body));
    let severities: Vec<String> = Some(text("cvss")).filter(|vector| !vector.is_empty()).into_iter().collect();
    let mut references = list("references");
    references.splice(0..0, Some(text("url")).filter(|url| !url.is_empty()));
    Ok(Record {
        id,
        aliases: list("aliases"),
        is_withdrawn: advisory.get("withdrawn").is_some(),
        modified: text("date"),
        summary: title.trim().to_owned(),
        details: details.trim().to_owned(),
        severities,
        cwe: Vec::new(),
        informational: text("informational"),
        references,
        packages: vec![AffectedPackage {
            ecosystem: "crates.io".to_owned(),
            name: package,
            affected: Affected::of_parts(gaps(safe), Vec::new()),
            severities: Vec::new(),
            symbols: symbols.collect(),
        }],
    })
}

/// Versions from one on, and before another.
#[derive(Debug, Clone)]
struct Span {
    from: Option<Version>,
    before: Option<Version>,
}

/// What lies between spans.
fn gaps(mut safe: Vec<Span>) -> Vec<Interval> {
    safe.sort_by(|one, other| one.from.cmp(&other.from));
    let mut gaps = Vec::new();
    // Up to where everything is known to be safe or affected; nothing at the beginning, and no further at the end.
    let mut start: Option<Option<Version>> = Some(None);
    for span in safe {
        let Some(begun) = start.clone() else { break };
        if let Some(from) = &span.from
            && begun.as_ref().is_none_or(|begun| begun < from)
        {
            gaps.push(Interval { start: begun.clone(), end: End::Before(from.clone()) });
        }
        start = match span.before {
            None => None,
            Some(before) if begun.as_ref().is_none_or(|begun| *begun < before) => Some(Some(before)),
            Some(_) => Some(begun),
        };
    }
    gaps.extend(start.map(|start| Interval { start, end: End::Never }));
    gaps
}

/// A version as far as it is written.
struct Partial<'t> {
    numbers: Vec<u64>,
    pre: Option<&'t str>,
}

impl<'t> Partial<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let text = text.split('+').next().unwrap_or(text);
        let (numbers, pre) = text.split_once('-').map_or((text, None), |(numbers, pre)| (numbers, Some(pre)));
        let numbers = numbers.split('.').filter(|number| !matches!(*number, "*" | "x" | "X"));
        let numbers: Vec<u64> = numbers.map(|number| number.parse().ok()).collect::<Option<_>>()?;
        (numbers.len() <= 3).then_some(Self { numbers, pre })
    }

    fn number(&self, index: usize) -> u64 {
        self.numbers.get(index).copied().unwrap_or(0)
    }

    fn lowest(&self) -> Version {
        let pre = self.pre.map(|pre| format!("-{pre}")).unwrap_or_default();
        version(&format!("{}.{}.{}{pre}", self.number(0), self.number(1), self.number(2)))
    }

    /// The first version after all that begin like this; with a number of a given index raised.
    fn raised(&self, index: usize) -> Version {
        let at = |position: usize| match position.cmp(&index) {
            std::cmp::Ordering::Less => self.number(position),
            std::cmp::Ordering::Equal => self.number(position).saturating_add(1),
            std::cmp::Ordering::Greater => 0,
        };
        version(&format!("{}.{}.{}-0", at(0), at(1), at(2)))
    }

    /// The first version after this one. What is not written may be anything.
    fn next(&self) -> Version {
        match (self.pre, self.numbers.len()) {
            (Some(pre), _) => version(&format!("{}.{}.{}-{pre}.0", self.number(0), self.number(1), self.number(2))),
            (None, written) => self.raised(written.saturating_sub(1)),
        }
    }
}

impl Span {
    /// What a requirement allows: comparators with commas between them must all hold.
    fn of_requirement(text: &str) -> Option<Self> {
        let mut span = Self { from: None, before: None };
        for comparator in text.split(',').map(str::trim).filter(|comparator| !comparator.is_empty()) {
            let one = Self::of_comparator(comparator)?;
            if one.from.is_some() && (span.from.is_none() || span.from < one.from) {
                span.from = one.from;
            }
            if let Some(before) = one.before
                && span.before.as_ref().is_none_or(|known| before < *known)
            {
                span.before = Some(before);
            }
        }
        Some(span)
    }

    fn of_comparator(text: &str) -> Option<Self> {
        const OPERATORS: [&str; 6] = [">=", "<=", ">", "<", "=", "~"];
        let operator = OPERATORS.into_iter().find(|operator| text.starts_with(operator)).unwrap_or("^");
        let version = Partial::of(text.trim_start_matches(['>', '<', '=', '~', '^']).trim())?;
        if version.numbers.is_empty() {
            return Some(Self { from: None, before: None });
        }
        let (from, before) = match operator {
            ">=" => (Some(version.lowest()), None),
            ">" => (Some(version.next()), None),
            "<" => (None, Some(version.lowest())),
            "<=" => (None, Some(version.next())),
            "=" => (Some(version.lowest()), Some(version.next())),
            "~" => (Some(version.lowest()), Some(version.raised(1.min(version.numbers.len() - 1)))),
            // The leftmost number that is not zero stays.
            _ => {
                let significant = version.numbers.iter().position(|number| *number != 0);
                let index = significant.unwrap_or(version.numbers.len().saturating_sub(1));
                (Some(version.lowest()), Some(version.raised(index)))
            }
        };
        Some(Self { from, before })
    }
}

fn version(text: &str) -> Version {
    Version::new(Scheme::SemVer, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(versions: &str, affected: &[&str], safe: &[&str]) {
        let text = format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-2020-0001\"\npackage = \"some\"\ndate = \"2020-01-01\"\naliases = [\"CVE-2020-1\"]\n
[affected.functions]\n\"some::part::run\" = [\"*\"]\n[versions]\n{versions}\n```\n\n# Title\n\nDetails.\n"
        );
        let record = from_rustsec(&text).unwrap().unwrap();
        let package = &record.packages[0];
        for version in affected {
            assert!(package.affected.contains(&super::version(version)), "{versions}: {version} is affected");
        }
        for version in safe {
            assert!(!package.affected.contains(&super::version(version)), "{versions}: {version} is safe");
        }
        assert_eq!((record.summary.as_str(), record.details.as_str()), ("Title", "Details."));
        assert_eq!(package.symbols, [AffectedSymbols { path: "some::part".to_owned(), symbols: vec!["run".to_owned()] }]);
    }

    #[test]
    fn what_is_neither_patched_nor_unaffected_is_affected() {
        check("patched = [\">= 1.2.3\"]", &["0.1.0", "1.2.2"], &["1.2.3", "2.0.0"]);
        check(
            "patched = [\"^1.2.3\", \">= 2.1\"]\nunaffected = [\"< 0.5\"]",
            &["0.5.0", "1.2.2", "2.0.0"],
            &["0.4.9", "1.2.3", "1.9.0", "2.1.0"],
        );
        check("patched = []", &["0.0.1", "99.0.0"], &[]);
        check("patched = [\"> 1.2.3\"]\nunaffected = [\"<= 1.0.0\"]", &["1.0.1", "1.2.3"], &["1.0.0", "1.2.4"]);
        check("patched = [\">= 0.2.4, < 0.3.0\", \"^0.3.1\", \">=0.4\"]", &["0.2.3", "0.3.0"], &["0.2.4", "0.3.1", "0.3.9", "0.4.0"]);
        check("patched = [\"~1.2.3\"]", &["1.2.2", "1.3.0"], &["1.2.3", "1.2.9"]);
        check("unaffected = [\"= 1.0.0\"]", &["0.9.0", "1.0.1"], &["1.0.0"]);
    }

    #[test]
    fn other_texts_are_none_and_bad_requirements_an_error() {
        assert!(from_rustsec("# Readme\n").is_none());
        let text = "```toml\n[advisory]\nid = \"R-1\"\npackage = \"p\"\n[versions]\npatched = [\">= one\"]\n```\n";
        assert!(from_rustsec(text).unwrap().is_err());
    }
}
