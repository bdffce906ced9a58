//! A folder of files, an engine that finds marked words, and a short form of what was found.

use std::{
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use bartizan_core::{
    BaselineState, ByteRange, Confidence, Diagnostic, EngineId, Evidence, Excerpt, Finding, Fingerprint, IdentityKey, Report, Rule,
    RuleOrigin, SecretId, SecretSummary, SecretText, Severity, Strength, Subject, SuppressionKind,
};
use bartizan_scan::{CacheSettings, Outcome, Request, scan};
use bartizan_source::{Analyzer, FileInfo, FileView, Input, Interest, Reporter};

/// The key of every test.
pub(crate) fn key() -> IdentityKey {
    IdentityKey::new([7; 32])
}

/// A folder that is removed at the end.
pub(crate) struct Tree(tempfile::TempDir);

impl Tree {
    /// A folder with files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    /// Writes a file, and puts its time so far back that the cache believes it.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// A request to scan it with one toy.
    pub(crate) fn request(&self, toy: Toy) -> Request<'static> {
        request(Input::Tree(self.path().to_owned()), toy)
    }

    /// What a scan with the usual toy finds.
    pub(crate) fn scan(&self) -> Outcome {
        scan(self.request(Toy::default()), &()).unwrap()
    }
}

pub(crate) fn request(input: Input, toy: Toy) -> Request<'static> {
    Request { n_threads: NonZeroUsize::new(1), ..Request::new(input, vec![Box::new(toy)], "2026-06-01".parse().unwrap()) }
}

/// A cache in a folder, as somebody sees it who comes an hour later: all files have settled.
pub(crate) fn cache(dir: PathBuf) -> CacheSettings {
    CacheSettings { dir, max_bytes: CacheSettings::MAX_BYTES, now: SystemTime::now() + Duration::from_secs(3600), fresh_key: [5; 32] }
}

/// Finds `hunter` and `geheim`, each with digits behind, as secrets, `eval` as a weakness, and does what words in a file ask for.
#[derive(Clone)]
pub(crate) struct Toy {
    pub(crate) engine: &'static str,
    pub(crate) version: u8,
    pub(crate) keep_values: bool,
    pub(crate) n_visits: Arc<AtomicUsize>,
}

impl Default for Toy {
    fn default() -> Self {
        Self { engine: "secrets", version: 1, keep_values: false, n_visits: Arc::default() }
    }
}

impl Toy {
    pub(crate) fn n_visits(&self) -> usize {
        self.n_visits.load(Ordering::SeqCst)
    }

    fn report(&self, file: &FileView<'_>, text: &str, rule: &str, range: ByteRange, report: &mut Reporter) {
        let value = text.get(range.start()..range.end()).unwrap();
        let is_secret = rule != "eval-used";
        let path = file.path().as_bytes();
        let offset = range.start().to_le_bytes();
        let fingerprint = if is_secret { SecretId::of(&key(), value).0 } else { key().fingerprint(&[path, &offset]) };
        // The same secret is more certain where it is called a password.
        let is_named = text.get(..range.start()).unwrap().ends_with("password=");
        let location = file.location(range);
        report.finding(Finding {
            rule: rule.parse().unwrap(),
            message: format!("{rule} in {}", file.path()),
            severity: if is_secret { Severity::High } else { Severity::Low },
            confidence: if is_named { Confidence::High } else { Confidence::Medium },
            occurrences: vec![location.clone()],
            location,
            excerpt: Excerpt::default(),
            evidence: vec![Evidence {
                strength: if is_named { Strength::Proven } else { Strength::Contextual },
                text: "toy".to_owned(),
                weight: None,
            }],
            fingerprint,
            related: Vec::new(),
            flow: Vec::new(),
            fixes: Vec::new(),
            cwe: Vec::new(),
            standards: Vec::new(),
            subject: is_secret.then(|| {
                let value = self.keep_values.then(|| SecretText::new(value.to_owned()));
                Subject::Secret(SecretSummary { id: SecretId(fingerprint), mask: "****".to_owned(), value })
            }),
            owners: Vec::new(),
            suppression: None,
            baseline: None,
        });
    }
}

pub(crate) fn rule(id: &str, engine: &'static str) -> Rule {
    Rule {
        id: id.parse().unwrap(),
        engine: EngineId(engine),
        title: id.to_owned(),
        severity: Severity::High,
        confidence: Confidence::High,
        why: String::new(),
        how_to_fix: String::new(),
        cwe: Vec::new(),
        standards: Vec::new(),
        tags: Vec::new(),
        references: Vec::new(),
        origin: RuleOrigin::BuiltIn,
        aliases: Vec::new(),
        topic: None,
    }
}

impl Analyzer for Toy {
    fn id(&self) -> EngineId {
        EngineId(self.engine)
    }

    fn version(&self) -> Fingerprint {
        key().fingerprint(&[&[self.version, u8::from(self.keep_values)]])
    }

    fn rules(&self) -> Vec<Rule> {
        ["weak-password", "named-password", "eval-used"].iter().map(|id| rule(id, self.engine)).collect()
    }

    fn interest(&self, file: &FileInfo) -> Interest {
        match file.path.extension() {
            Some(b"skip") => Interest::None,
            Some(b"refuse") => panic!("interest"),
            _ => Interest::Text,
        }
    }

    fn visit(&self, file: &FileView<'_>, report: &mut Reporter) {
        self.n_visits.fetch_add(1, Ordering::SeqCst);
        let text = file.text().unwrap();
        for word in ["hunter", "geheim"] {
            for (start, _) in text.match_indices(word) {
                let n_digits = text.bytes().skip(start + word.len()).take_while(u8::is_ascii_digit).count();
                if 0 < n_digits {
                    let rule = if word == "geheim" { "named-password" } else { "weak-password" };
                    self.report(file, text, rule, ByteRange::new(start, start + word.len() + n_digits), report);
                }
            }
        }
        for (start, _) in text.match_indices("eval(") {
            self.report(file, text, "eval-used", ByteRange::new(start, start + 4), report);
        }
        assert!(!text.contains("please panic"), "quoting the file: {text}");
    }
}

/// Findings as `severity rule path:line[,path:line…] [owners] {suppression} <state>`.
pub(crate) fn findings(report: &Report) -> Vec<String> {
    report.findings.iter().map(finding).collect()
}

fn finding(finding: &Finding) -> String {
    let places: Vec<String> = finding
        .occurrences
        .iter()
        .map(|place| place.region().map_or(place.artifact.to_string(), |region| format!("{}:{}", place.artifact, region.start.line)))
        .collect();
    let mut text = format!("{} {} {}", finding.severity, finding.rule, places.join(","));
    if !finding.owners.is_empty() {
        text.push_str(&format!(" [{}]", finding.owners.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")));
    }
    if let Some(suppression) = &finding.suppression {
        let kind = match &suppression.kind {
            SuppressionKind::Inline(mark) => mark.as_str(),
            SuppressionKind::Configuration => "configuration",
            SuppressionKind::Baseline => "baseline",
            SuppressionKind::Vex => "vex",
        };
        let added = if suppression.is_added_by_change { " added" } else { "" };
        text.push_str(&format!(" {{{kind}: {}{added}}}", suppression.reason));
    }
    match finding.baseline {
        Some(BaselineState::New) => text.push_str(" <new>"),
        Some(BaselineState::Unchanged) => text.push_str(" <unchanged>"),
        None => {}
    }
    text
}

/// Diagnostics as `level kind path:line reason`.
pub(crate) fn diagnostics(report: &Report) -> Vec<String> {
    report.diagnostics.iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.location.as_ref().map_or("-".to_owned(), |place| {
        place.region().map_or(place.artifact.to_string(), |region| format!("{}:{}", place.artifact, region.start.line))
    });
    format!("{} {} {place} {}", diagnostic.level, diagnostic.kind, diagnostic.reason)
}
