//! One file's way through the engine.

mod assigned;
mod header;
mod pattern;
mod structured;
mod url;

use bartizan_core::{ArtifactPath, ByteRange, Confidence, Evidence, Limit, SecretText, Strength};
use std::cell::RefCell;

use crate::{
    assignment::{self, Assignment},
    candidate::Candidate,
    context::{Feature, Features, Meaning, PathKind, Place},
    decode,
    detector::Detector,
    engine::SecretsEngine,
    proof::Verdict,
    rule::{Find, SecretRule},
    syntax::Syntax,
    trigger::Trigger,
};

/// The state of one file's scan.
pub(crate) struct FileScan<'a> {
    engine: &'a SecretsEngine,
    syntax: Syntax,
    path: PathKind,
    is_password_file: bool,
    is_kubernetes_secret: bool,
    candidates: Vec<Candidate>,
    /// Rules that judge by context, if they run.
    password_rule: Option<usize>,
    secret_rule: Option<usize>,
    observer: Option<RefCell<Vec<Observation>>>,
}

/// A value that was judged by its context: what the weights are trained on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Where the value stands.
    pub range: ByteRange,
    /// What its name means: 0 password, 1 secret, 2 a word that may mean a secret.
    pub meaning: usize,
    /// The features that were seen, by name.
    pub features: Vec<&'static str>,
}

/// The most candidates of one file.
const MAX_CANDIDATES: usize = 50_000;

/// One text of the file: the file's own, or one that was found encoded in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layer<'a> {
    pub(crate) text: &'a str,
    /// Where an encoded text stands in the file, and how it is encoded; nothing for the file's own text.
    pub(crate) encoded: Option<(ByteRange, &'static str)>,
}

impl Layer<'_> {
    /// The place in the file of a range in this layer.
    fn in_file(&self, range: ByteRange) -> ByteRange {
        self.encoded.map_or(range, |(whole, _)| whole)
    }
}

impl<'a> FileScan<'a> {
    pub(crate) fn new(engine: &'a SecretsEngine, path: &ArtifactPath) -> Self {
        let rule_of =
            |wanted: Detector| engine.rules.iter().position(|rule| matches!(&rule.find, Find::Detector(detector) if *detector == wanted));
        Self {
            engine,
            syntax: Syntax::of_path(path),
            path: PathKind::of(path.as_bytes()),
            is_password_file: matches!(path.file_name(), b".pgpass" | b"pgpass.conf"),
            is_kubernetes_secret: false,
            candidates: Vec::new(),
            password_rule: rule_of(Detector::AssignedPassword),
            secret_rule: rule_of(Detector::AssignedSecret),
            observer: None,
        }
    }

    /// Scans the file's text, then what is encoded in it.
    pub(crate) fn text(&mut self, text: &str) {
        self.is_kubernetes_secret = structured::is_kubernetes_secret(self.syntax, text);
        if self.is_password_file {
            self.password_file(&Layer { text, encoded: None });
        }
        self.layer(&Layer { text, encoded: None });
        decode::layers(text, &mut |layer| self.layer(layer));
    }

    /// Scans a text and gives what was judged by its context.
    pub(crate) fn observations(mut self, text: &str) -> Vec<Observation> {
        self.observer = Some(RefCell::default());
        self.text(text);
        self.observer.map(RefCell::into_inner).unwrap_or_default()
    }

    pub(crate) fn into_candidates(self) -> Vec<Candidate> {
        self.candidates
    }

    /// The limit that was reached, if one was.
    pub(crate) fn limit(&self) -> Option<Limit> {
        let value = u64::try_from(MAX_CANDIDATES).unwrap_or(u64::MAX);
        (MAX_CANDIDATES <= self.candidates.len()).then(|| Limit { name: "max-secret-candidates-per-file".to_owned(), value })
    }

    fn layer(&mut self, layer: &Layer<'_>) {
        let engine = self.engine;
        // Where the search for each rule has got to, so that no match is found twice.
        let mut searched = vec![0_usize; engine.rules.len()];
        // The end of the last name that was read for its context, so that `secret_key` is read once.
        let mut name_end = 0;
        engine.triggers.search(layer.text.as_bytes(), &mut |start, end, triggers| {
            if MAX_CANDIDATES <= self.candidates.len() {
                return;
            }
            let hit = ByteRange::new(start, end);
            for trigger in triggers {
                match *trigger {
                    Trigger::Pattern { rule, keyword } => self.pattern(layer, hit, rule, keyword, &mut searched),
                    Trigger::Assigned => self.assigned(layer, hit, &mut name_end),
                    Trigger::Detector { rule, detector: Detector::UrlCredentials } => self.url(layer, hit, rule),
                    Trigger::Detector { rule, detector: Detector::AuthorizationHeader } => self.header(layer, hit, rule),
                    Trigger::Detector { rule, detector: Detector::CommandLineCredentials } => self.command_line(layer, hit, rule),
                    Trigger::Detector { detector: Detector::AssignedPassword | Detector::AssignedSecret, .. } => {}
                }
            }
        });
    }

    /// Takes a value that has the shape that its rule describes; `shape` says so.
    fn structural(&mut self, layer: &Layer<'_>, range: ByteRange, rule_index: usize, shape: &str, visible_prefix: &str) {
        let Some(rule) = self.engine.rules.get(rule_index) else { return };
        let Some(value) = layer.text.get(range.start()..range.end()) else { return };
        if is_allowed(rule, value) {
            return;
        }
        let mut evidence = vec![Evidence { strength: Strength::Structural, text: shape.to_owned(), weight: None }];
        let (mut strength, mut confidence) = (Strength::Structural, Confidence::High);
        match rule.proof.map(|proof| proof.check(value)) {
            Some(Verdict::Proven(text)) => {
                strength = Strength::Proven;
                evidence.insert(0, Evidence { strength, text, weight: None });
            }
            Some(Verdict::Consistent(text)) => evidence.push(Evidence { strength, text, weight: None }),
            Some(Verdict::Failed(text)) => {
                (strength, confidence) = (Strength::Contextual, Confidence::Low);
                evidence = vec![Evidence { strength, text, weight: None }];
            }
            None => {}
        }
        if let Some((_, encoding)) = layer.encoded {
            evidence.push(Evidence { strength: Strength::Contextual, text: format!("found encoded: {encoding}"), weight: None });
        }
        self.candidates.push(Candidate {
            rule: rule_index,
            range: layer.in_file(range),
            value: SecretText::new(value.to_owned()),
            visible_prefix: visible_prefix.to_owned(),
            strength,
            confidence,
            evidence,
            is_specific: rule.is_specific(),
        });
    }

    /// Where an assignment stands, for its judgement.
    fn place<'t>(&self, layer: &Layer<'t>, found: &Assignment) -> Place<'t> {
        const MAX_AROUND: usize = 300;
        let bytes = layer.text.as_bytes();
        let (name, last) = (found.name, found.value.range.end().max(found.name.end()));
        let start = assignment::line_start(bytes, name.start()).max(name.start().saturating_sub(MAX_AROUND));
        let end = assignment::line_end(bytes, last).min(last + MAX_AROUND);
        let cut = |from: usize, to: usize| {
            layer.text.get(layer.text.floor_char_boundary(from)..layer.text.floor_char_boundary(to)).unwrap_or_default()
        };
        Place {
            syntax: self.syntax,
            joint: found.joint,
            form: found.value.form,
            line: cut(start, end),
            before: cut(start, name.start()),
            path: self.path,
        }
    }

    /// Shows a judgement to whoever trains the weights.
    fn observe(&self, layer: &Layer<'_>, found: &Assignment, meaning: Meaning, features: Features) {
        if let Some(observer) = &self.observer {
            let names = features.iter().map(Feature::name).collect();
            observer.borrow_mut().push(Observation { range: layer.in_file(found.value.range), meaning: meaning as usize, features: names });
        }
    }
}

/// Whether the rule says that the value is never reported.
fn is_allowed(rule: &SecretRule, value: &str) -> bool {
    rule.allow.iter().any(|allowed| allowed.is_match(value.as_bytes()))
}
