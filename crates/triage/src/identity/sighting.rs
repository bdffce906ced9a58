//! What is kept of an occurrence so that it is known again.

use serde::{Deserialize, Serialize};

use super::{Digest, Tokens};

/// What an occurrence of a weakness looked like when it was seen: all that the matcher needs, in some hundred bytes.
///
/// What is not known is `None` and is not compared: a report without the text of files gives a rule, a path, a line and a message.
/// The parts from the text are made by [`SourceLines`](super::SourceLines).
///
/// ```
/// use bartizan_triage::identity::{Place, Sighting, SourceLines};
///
/// let text = "def f(x):\n    eval(x)\n";
/// let mut sighting = Sighting::new("python-eval", "app/views.py");
/// sighting.place = Some(Place { start_line: 2, end_line: 2, column: 5 });
/// sighting.read(&SourceLines::new(text));
/// assert!(sighting.snippet.is_some() && sighting.scope.is_some());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Sighting {
    /// The file as the snapshot names it, below the root of the repository; `/` separates.
    pub path: PathKey,
    /// The place; nothing where the file as a whole is meant.
    pub place: Option<Place>,
    /// The rule's canonical id, with the tool that it belongs to if several use the name.
    pub rule: Digest,
    /// Other ids of the very same rule: former names, and those of the rule that it took the place of.
    pub rule_aliases: Box<[Digest]>,
    /// The code itself.
    pub snippet: Option<Tokens>,
    /// The function, class or block by whose name people would say where it is.
    pub scope: Option<Scope>,
    /// The code beside the snippet.
    pub neighbours: Option<Neighbours>,
    /// What the tool said, where there is no snippet.
    pub message: Option<Tokens>,
    /// What the weakness is about, where that has a name of its own.
    pub subject: Option<Subject>,
    /// How tools name it.
    pub fingerprints: Box<[ToolFingerprint]>,
}

impl Sighting {
    /// A sighting of which the rule and the path are known, and nothing else.
    #[must_use]
    pub fn new(rule: &str, path: &str) -> Self {
        Self {
            path: PathKey::of(path),
            place: None,
            rule: Digest::of(rule),
            rule_aliases: Box::default(),
            snippet: None,
            scope: None,
            neighbours: None,
            message: None,
            subject: None,
            fingerprints: Box::default(),
        }
    }

    /// The line at which it starts, from 1; 0 for the file as a whole.
    #[must_use]
    pub fn start_line(&self) -> u32 {
        self.place.map_or(0, |place| place.start_line)
    }

    /// What a person means by "what looks like this": the rule, the code or subject, and the innermost scope. The path is not part
    /// of it, so that a decision survives a rename.
    #[must_use]
    pub fn looks(&self) -> Looks {
        let of_subject = || self.subject.as_ref().map(|subject| subject.thing);
        let what = of_subject().or_else(|| self.snippet.as_ref().map(Tokens::digest));
        Looks { rule: self.rule, what, scope: self.scope.map(|scope| scope.innermost) }
    }
}

/// A path, and the name at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PathKey {
    /// The whole path.
    pub path: Digest,
    /// What is behind the last `/`.
    pub name: Digest,
}

impl PathKey {
    /// The key of a path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        Self { path: Digest::of(path), name: Digest::of(path.rsplit('/').next().unwrap_or(path)) }
    }
}

/// A range of lines, both counted from 1 and included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The first line.
    pub start_line: u32,
    /// The last line; the first one, if it is before it.
    pub end_line: u32,
    /// The column of the start in code points, from 1; 0 if it is not known.
    pub column: u32,
}

/// Names of what a place is in, from the outside to the inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// All names.
    pub path: Digest,
    /// The last one.
    pub innermost: Digest,
}

impl Scope {
    /// The scope of these names; nothing is a scope, too: the top of a file.
    ///
    /// ```
    /// use bartizan_triage::identity::Scope;
    ///
    /// let (a, b) = (Scope::of(&["A", "run"]), Scope::of(&["B", "run"]));
    /// assert_eq!(a.innermost, b.innermost);
    /// assert_ne!(a.path, b.path);
    /// ```
    #[must_use]
    pub fn of(names: &[&str]) -> Self {
        Self { path: Digest::of_parts(names), innermost: Digest::of(names.last().copied().unwrap_or_default()) }
    }
}

/// The nearest lines with code before and after a snippet, as [`Tokens`] read them; 0 at the start and the end of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Neighbours {
    /// The one before.
    pub before: Digest,
    /// The one after.
    pub after: Digest,
}

/// What a weakness is about, where that has a name that survives any edit. Sightings of different subjects are never the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// The thing.
    pub thing: Digest,
    /// Names of the flaw in it that mean the same: ids of an advisory and its aliases. One in common is enough.
    pub names: Box<[Digest]>,
}

/// The kinds of subjects, and what names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// A package URL without its version. The rule doesn't count: tools name theirs after the advisory.
    Component,
    /// A secret's value under the installation's identity key; never the value.
    Secret,
    /// Method, template of the route, and parameter.
    WebEntry,
    /// The address of a resource: `aws_s3_bucket.logs`, `Deployment/shop/web`.
    Resource,
}

impl Subject {
    /// A package, by its package URL, and the names of what is wrong with it.
    ///
    /// ```
    /// use bartizan_triage::identity::Subject;
    ///
    /// let old = Subject::component("pkg:npm/lodash@4.17.20", &["CVE-2021-23337"]);
    /// let new = Subject::component("pkg:npm/lodash@4.17.19?arch=x", &["CVE-2021-23337"]);
    /// assert_eq!(old, new);
    /// ```
    #[must_use]
    pub fn component(purl: &str, names: &[&str]) -> Self {
        let end = purl.find(['?', '#']).unwrap_or(purl.len());
        let purl = purl.get(..end).unwrap_or(purl);
        // The version follows the last `@` behind the last `/`; an `@` of a scope is before it, or percent-encoded.
        let name_at = purl.rfind('/').map_or(0, |at| at + 1);
        let version_at = purl.get(name_at..).and_then(|name| name.rfind('@')).map_or(purl.len(), |at| name_at + at);
        let thing = Digest::of(purl.get(..version_at).unwrap_or(purl));
        Self { kind: SubjectKind::Component, thing, names: names.iter().map(|name| Digest::of(name)).collect() }
    }

    /// A secret, by the name that its value has under the installation's key.
    #[must_use]
    pub fn secret(keyed_hash: &str) -> Self {
        Self { kind: SubjectKind::Secret, thing: Digest::of(keyed_hash), names: Box::default() }
    }

    /// A parameter of a route; nothing for what is wrong with the route as a whole.
    #[must_use]
    pub fn web_entry(method: &str, route_template: &str, parameter: &str) -> Self {
        let thing = Digest::of_parts(&[&method.to_ascii_uppercase(), route_template, parameter]);
        Self { kind: SubjectKind::WebEntry, thing, names: Box::default() }
    }

    /// A resource, by its address.
    #[must_use]
    pub fn resource(address: &str) -> Self {
        Self { kind: SubjectKind::Resource, thing: Digest::of(address), names: Box::default() }
    }
}

/// A tool's own name of a finding. Only names that were made the same way are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ToolFingerprint {
    /// Tool, algorithm and version of the algorithm.
    pub algorithm: Digest,
    /// The name.
    pub value: Digest,
}

impl ToolFingerprint {
    /// A fingerprint: `primaryLocationLineHash/v1` of a tool, and its value.
    #[must_use]
    pub fn new(tool: &str, algorithm_and_version: &str, value: &str) -> Self {
        Self { algorithm: Digest::of_parts(&[tool, algorithm_and_version]), value: Digest::of(value) }
    }
}

/// What decisions of a person refer to. See [`Sighting::looks`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Looks {
    /// The rule.
    pub rule: Digest,
    /// The snippet, or the subject.
    pub what: Option<Digest>,
    /// The innermost scope.
    pub scope: Option<Digest>,
}
