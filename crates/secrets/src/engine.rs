//! The engine: rules, made ready once, and the files that they are shown.

use bartizan_core::{
    ArtifactPath, Confidence, Diagnostic, DiagnosticKind, EngineId, Evidence, Excerpt, Finding, Fingerprint, IdentityKey, Location, Rule,
    SecretId, SecretSummary, Strength, Subject,
};
use bartizan_source::{Analyzer, FileInfo, FileView, Interest, Reporter};
use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::{
    candidate::{Candidate, resolve},
    rule::{self, ENGINE, Find, SecretRule},
    scan::{FileScan, Observation},
    trigger::Triggers,
};

/// How the engine works.
#[derive(Debug, Clone)]
pub struct Options {
    /// The key under which secrets get their identity.
    pub identity_key: IdentityKey,
    /// Whether findings carry the secret itself, for callers that may show it.
    pub keep_values: bool,
    /// The least probability at which a value that is judged by its context is reported.
    pub min_probability: f32,
}

impl Options {
    /// The default for [`Options::min_probability`].
    pub const MIN_PROBABILITY: f32 = 0.5;

    /// The defaults, with this key.
    #[must_use]
    pub const fn new(identity_key: IdentityKey) -> Self {
        Self { identity_key, keep_values: false, min_probability: Self::MIN_PROBABILITY }
    }
}

/// Finds credentials.
#[derive(Debug)]
pub struct SecretsEngine {
    pub(crate) rules: Vec<SecretRule>,
    pub(crate) triggers: Triggers,
    pub(crate) options: Options,
    paths: GlobSet,
    /// The rule of each glob in `paths`.
    rule_of_path: Vec<usize>,
    version: Fingerprint,
}

impl SecretsEngine {
    /// An engine with these rules.
    #[must_use]
    pub fn new(rules: Vec<SecretRule>, options: Options) -> Self {
        let mut paths = GlobSetBuilder::new();
        let mut rule_of_path = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            let Find::Path { globs } = &rule.find else { continue };
            for glob in globs.iter().filter_map(|glob| Glob::new(glob).ok()) {
                paths.add(glob);
                rule_of_path.push(index);
            }
        }
        let version = version(&rules, &options);
        Self { triggers: Triggers::of(&rules), rules, options, paths: paths.build().unwrap_or_default(), rule_of_path, version }
    }

    /// An engine with the rules that are part of Bartizan.
    #[must_use]
    pub fn built_in(options: Options) -> Self {
        Self::new(rule::built_in(), options)
    }

    /// An engine that runs the examples of rules.
    pub(crate) fn of_rules(rules: Vec<SecretRule>) -> Self {
        Self::new(rules, Options::new(IdentityKey::new([0; 32])))
    }

    /// Whether something is reported in a text that stands in a file of this path.
    pub(crate) fn finds_in(&self, path: &str, text: &str) -> bool {
        let info = FileInfo { language: None, ..FileInfo::new(path.into(), u64::try_from(text.len()).unwrap_or(u64::MAX)) };
        let view = FileView::new(&info, text.as_bytes(), Some(text));
        let mut report = Reporter::default();
        self.visit(&view, &mut report);
        !report.into_parts().0.is_empty()
    }

    /// What is judged by its context in a text, and what is seen of it: for training the weights.
    #[must_use]
    pub fn observations(&self, path: &ArtifactPath, text: &str) -> Vec<Observation> {
        FileScan::new(self, path).observations(text)
    }

    fn rules_of_path(&self, path: &[u8]) -> Vec<usize> {
        let path = std::path::Path::new(std::str::from_utf8(path).unwrap_or_default());
        let mut rules: Vec<usize> = self.paths.matches(path).into_iter().filter_map(|glob| self.rule_of_path.get(glob).copied()).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    fn finding(&self, rule: &SecretRule, location: Location, fingerprint: Fingerprint) -> Finding {
        Finding {
            rule: rule.id().clone(),
            message: String::new(),
            severity: rule.about.severity,
            confidence: rule.about.confidence,
            occurrences: vec![location.clone()],
            location,
            excerpt: Excerpt::default(),
            evidence: Vec::new(),
            fingerprint,
            related: Vec::new(),
            flow: Vec::new(),
            fixes: Vec::new(),
            cwe: rule.about.cwe.clone(),
            standards: rule.about.standards.clone(),
            subject: None,
            owners: Vec::new(),
            suppression: None,
            baseline: None,
        }
    }

    fn report_file(&self, index: usize, file: &FileView<'_>, report: &mut Reporter) {
        let Some(rule) = self.rules.get(index) else { return };
        let identity = self.options.identity_key.fingerprint(&[b"path", rule.id().as_str().as_bytes(), file.path().as_bytes()]);
        let mut finding = self.finding(rule, Location::whole(file.path().clone()), identity);
        finding.message = format!("this file is a credential: {}", rule.about.title);
        finding.confidence = Confidence::Medium;
        finding.evidence = vec![Evidence { strength: Strength::Structural, text: "the file's name".to_owned(), weight: None }];
        report.finding(finding);
    }

    fn report_value(&self, candidate: Candidate, file: &FileView<'_>, report: &mut Reporter) {
        let Some(rule) = self.rules.get(candidate.rule) else { return };
        let id = SecretId::of(&self.options.identity_key, candidate.value.expose());
        let mask = candidate.value.mask(&candidate.visible_prefix);
        let mut finding = self.finding(rule, file.location(candidate.range), id.0);
        finding.message = format!("{} in the clear: {mask}", rule.about.title);
        finding.confidence = candidate.confidence;
        finding.evidence = candidate.evidence;
        let value = self.options.keep_values.then_some(candidate.value);
        finding.subject = Some(Subject::Secret(SecretSummary { id, mask, value }));
        report.finding(finding);
    }
}

/// Changes with anything that may change a result.
fn version(rules: &[SecretRule], options: &Options) -> Fingerprint {
    const ENGINE_VERSION: &[u8] = env!("CARGO_PKG_VERSION").as_bytes();
    let numbers = options.min_probability.to_le_bytes();
    let keeps_values = [u8::from(options.keep_values)];
    let mut parts: Vec<&[u8]> = vec![ENGINE_VERSION, &numbers, &keeps_values];
    parts.extend(rules.iter().map(|rule| rule.source.as_slice()));
    options.identity_key.fingerprint(&parts)
}

/// Pictures, sounds, films and fonts: nobody writes a credential into these.
static MEDIA: &[&[u8]] = &[
    b"png", b"jpg", b"jpeg", b"gif", b"bmp", b"ico", b"webp", b"tif", b"tiff", b"psd", b"mp3", b"mp4", b"m4a", b"ogg", b"wav", b"flac",
    b"avi", b"mov", b"mkv", b"webm", b"woff", b"woff2", b"ttf", b"otf", b"eot",
];

impl Analyzer for SecretsEngine {
    fn id(&self) -> EngineId {
        ENGINE
    }

    fn version(&self) -> Fingerprint {
        self.version
    }

    fn rules(&self) -> Vec<Rule> {
        self.rules.iter().map(|rule| rule.about.clone()).collect()
    }

    fn interest(&self, file: &FileInfo) -> Interest {
        const MAX_CREDENTIAL_FILE_BYTES: u64 = 16 << 20;
        if self.paths.is_match(std::path::Path::new(file.path.as_str().unwrap_or_default())) && file.size_bytes <= MAX_CREDENTIAL_FILE_BYTES
        {
            return Interest::Bytes;
        }
        let extension = file.path.extension().map(<[u8]>::to_ascii_lowercase).unwrap_or_default();
        if MEDIA.contains(&extension.as_slice()) { Interest::None } else { Interest::Text }
    }

    fn visit(&self, file: &FileView<'_>, report: &mut Reporter) {
        let candidates = file.text().map(|text| self.candidates(file, text, report)).unwrap_or_default();
        // What was found in a file says more than its name.
        if candidates.is_empty() {
            for rule in self.rules_of_path(file.path().as_bytes()) {
                self.report_file(rule, file, report);
            }
        }
        for candidate in candidates {
            self.report_value(candidate, file, report);
        }
    }
}

impl SecretsEngine {
    fn candidates(&self, file: &FileView<'_>, text: &str, report: &mut Reporter) -> Vec<Candidate> {
        let mut scan = FileScan::new(self, file.path());
        scan.text(text);
        if let Some(limit) = scan.limit() {
            let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, "more values that may be secrets than are looked at")
                .at(Location::whole(file.path().clone()))
                .because_of(limit)
                .with_help("exclude the file if it is generated");
            report.diagnostic(diagnostic);
        }
        resolve(scan.into_candidates())
    }
}
