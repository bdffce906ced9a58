//! Reports that are lists of things of one shape: where in a thing is what, as data.

use bartizan_core::Severity;

use super::{
    identifier::{cwes, ids, links, paragraphs, plain},
    node::Node,
    observation::{Component, Fingerprint, Observation, Place, Score, Verdict},
    sink::{Merged, Sink},
};

/// Paths in a thing; of most kinds of facts the first one that says something counts.
type Paths = &'static [&'static str];

/// Where in a thing is what.
#[derive(Debug)]
pub(super) struct Flat {
    /// Where the things are; the empty path is the root. Behind a `|` is the path from a thing that holds others, whose own paths
    /// start with `^`.
    pub(super) items: Paths,
    /// Only things with something at one of these are meant; all, if there are none.
    pub(super) with: Paths,
    /// Things with one of these values there are left out, in any case of letters.
    pub(super) without: (&'static str, &'static [&'static str]),
    /// Things with the same values at all of these are one; none are, if it is empty.
    pub(super) merged: Paths,
    pub(super) rule: Paths,
    pub(super) title: Paths,
    /// All of these, as paragraphs.
    pub(super) message: Paths,
    /// Words for how bad it is.
    pub(super) severity: Paths,
    /// How bad it is where the tool says nothing.
    pub(super) otherwise: Option<Severity>,
    /// Scores of CVSS.
    pub(super) score: Paths,
    pub(super) vector: Paths,
    /// All of these: names of flaws, or texts with such names in them.
    pub(super) ids: Paths,
    /// All of these.
    pub(super) cwe: Paths,
    pub(super) file: Paths,
    pub(super) line: Paths,
    pub(super) end_line: Paths,
    pub(super) column: Paths,
    pub(super) url: Paths,
    pub(super) method: Paths,
    pub(super) parameter: Paths,
    pub(super) host: Paths,
    pub(super) port: Paths,
    pub(super) protocol: Paths,
    pub(super) resource: Paths,
    pub(super) resource_kind: Paths,
    pub(super) within: Paths,
    pub(super) image: Paths,
    pub(super) purl: Paths,
    pub(super) component: Paths,
    pub(super) version: Paths,
    pub(super) fixed: Paths,
    pub(super) snippet: Paths,
    pub(super) fix: Paths,
    /// All of these: links, or texts with links in them.
    pub(super) references: Paths,
    pub(super) fingerprint: Paths,
    pub(super) first_seen: Paths,
    /// All of these.
    pub(super) tags: Paths,
    /// Where a verdict is, and what its words mean, in lower case.
    pub(super) verdict: (Paths, &'static [(&'static str, Verdict)]),
}

impl Flat {
    /// What others are made from.
    pub(super) const BASE: Self = Self {
        items: &[""],
        with: &[],
        without: ("", &[]),
        merged: &[],
        rule: &[],
        title: &[],
        message: &[],
        severity: &[],
        otherwise: None,
        score: &[],
        vector: &[],
        ids: &[],
        cwe: &[],
        file: &[],
        line: &[],
        end_line: &[],
        column: &[],
        url: &[],
        method: &[],
        parameter: &[],
        host: &[],
        port: &[],
        protocol: &[],
        resource: &[],
        resource_kind: &[],
        within: &[],
        image: &[],
        purl: &[],
        component: &[],
        version: &[],
        fixed: &[],
        snippet: &[],
        fix: &[],
        references: &[],
        fingerprint: &[],
        first_seen: &[],
        tags: &[],
        verdict: (&[], &[]),
    };

    /// Reads all things of a report.
    pub(super) fn read(&self, root: &Node, out: &mut Sink<'_>) {
        let mut merged = Merged::default();
        let things = self.items.iter().flat_map(|path| match path.split_once('|') {
            None => root.each(path).into_iter().map(|item| Thing { item, holder: root }).collect::<Vec<_>>(),
            Some((outer, inner)) => {
                let holders = root.each(outer).into_iter();
                holders.flat_map(|holder| holder.each(inner).into_iter().map(move |item| Thing { item, holder })).collect()
            }
        });
        for (index, item) in things.filter(|item| self.is_meant(item)).enumerate() {
            let observation = self.observation(&item, out);
            if self.merged.is_empty() {
                merged.push(index.to_string(), observation);
            } else {
                merged.push(self.merged.iter().map(|path| item.str(path)).collect::<Vec<_>>().join("\0"), observation);
            }
        }
        merged.finish(out);
    }

    fn is_meant(&self, item: &Thing<'_>) -> bool {
        let (path, words) = self.without;
        let is_left_out = !path.is_empty() && words.iter().any(|word| word.eq_ignore_ascii_case(item.str(path)));
        let has_one = self.with.is_empty() || self.with.iter().any(|path| !item.str(path).is_empty());
        matches!(item.item, Node::Map(_)) && has_one && !is_left_out
    }

    fn observation(&self, item: &Thing<'_>, out: &Sink<'_>) -> Observation {
        let texts = |paths: Paths| -> Vec<String> { paths.iter().flat_map(|path| item.texts(path)).collect() };
        let word = item.first(self.severity);
        let score = self.score.iter().find_map(|path| item.decimal(path));
        let scores = Score::list(item.first(self.vector), score);
        let names = texts(self.ids).join(" ");
        let mut found = ids(&names);
        // A name of a database of the tool's own, which nobody else knows.
        if let Some(first) =
            self.ids.first().map(|path| item.str(path)).filter(|name| found.is_empty() && !name.is_empty() && !name.contains(' '))
        {
            found.push(first.to_owned());
        }
        let component = Component::fixed(item.first(self.component), item.first(self.version), item.first(self.fixed));
        let component = match item.first(self.purl) {
            "" => component,
            purl => {
                let named = component.as_ref().map_or(("", ""), |it| (&*it.name, &*it.version));
                Component::purl(purl, named.0, named.1).map(|it| Component { fixed_version: item.first(self.fixed).to_owned(), ..it })
            }
        };
        let message: Vec<String> = self.message.iter().map(|path| plain(&item.texts(path).join("\n"))).collect();
        let rule = item.first(self.rule);
        let rated =
            out.severity(word).or_else(|| word.parse().ok().and_then(|score| out.score(Some(score)).filter(|_| word.contains('.'))));
        Observation {
            rule: rule.to_owned(),
            title: plain(item.first(self.title)),
            message: paragraphs(&message.iter().map(String::as_str).collect::<Vec<_>>()),
            severity: rated
                .or_else(|| if word.is_empty() { out.score(score) } else { None })
                .or(self.otherwise.filter(|_| word.is_empty() && scores.is_empty())),
            severity_word: word.to_owned(),
            cwe: texts(self.cwe).iter().fold(Vec::new(), |mut known, text| {
                cwes(text).into_iter().for_each(|number| {
                    if !known.contains(&number) {
                        known.push(number);
                    }
                });
                known
            }),
            ids: found,
            place: self.place(item),
            component,
            fingerprints: Fingerprint::list(&format!("{}/id", out.importer()), item.first(self.fingerprint)),
            snippet: item.first(self.snippet).to_owned(),
            fix: plain(item.first(self.fix)),
            references: links(&texts(self.references).join(" ")),
            scores,
            verdict: {
                let word = item.first(self.verdict.0);
                self.verdict.1.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map_or(Verdict::Open, |(_, verdict)| *verdict)
            },
            first_seen: item.first(self.first_seen).to_owned(),
            tags: texts(self.tags),
            ..Observation::default()
        }
    }

    fn place(&self, item: &Thing<'_>) -> Place {
        let line = |paths: Paths| paths.iter().find_map(|path| item.line(path));
        let file = Place::file(item.first(self.file), line(self.line)).to(line(self.column), line(self.end_line), None);
        file.or(Place::endpoint(item.first(self.url), item.first(self.method), item.first(self.parameter)))
            .or(Place::host(item.first(self.host), line(self.port), item.first(self.protocol)))
            .or(Place::resource(item.first(self.resource), item.first(self.resource_kind), item.first(self.within)))
            .or(Place::image(item.first(self.image)))
    }
}

/// A thing, and what holds it.
struct Thing<'n> {
    item: &'n Node,
    holder: &'n Node,
}

impl<'n> Thing<'n> {
    fn at<'p>(&self, path: &'p str) -> (&'n Node, &'p str) {
        path.strip_prefix('^').map_or((self.item, path), |path| (self.holder, path))
    }

    fn str(&self, path: &str) -> &'n str {
        let (node, path) = self.at(path);
        if path.is_empty() { node.as_str() } else { node.str(path) }
    }

    fn first(&self, paths: Paths) -> &'n str {
        paths.iter().map(|path| self.str(path)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    fn texts(&self, path: &str) -> Vec<String> {
        let (node, path) = self.at(path);
        node.texts(path)
    }

    fn line(&self, path: &str) -> Option<u32> {
        let (node, path) = self.at(path);
        node.line(path)
    }

    fn decimal(&self, path: &str) -> Option<f64> {
        let (node, path) = self.at(path);
        node.decimal(path)
    }
}
