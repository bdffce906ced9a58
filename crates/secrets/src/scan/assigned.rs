//! Assignments: to names that tell the issuer, and to names that only mean a secret.

use bartizan_core::{ByteRange, Confidence, Evidence, SecretText, Strength};

use super::{FileScan, Layer, is_allowed, structured};
use crate::{
    assignment::{self, Assignment},
    candidate::Candidate,
    context::{Features, Meaning, Name, placeholder, score, shannon_entropy},
    rule::Find,
};

/// The shortest value that is judged, in bytes.
const MIN_VALUE_BYTES: usize = 4;
/// The longest value that is judged by its context, in bytes.
const MAX_VALUE_BYTES: usize = 2048;
/// The probability from which a judgement is fairly sure.
const MEDIUM_FROM: f32 = 0.75;

impl FileScan<'_> {
    /// Reads the assignment to the name that a word stands in; judges its value.
    pub(super) fn assigned(&mut self, layer: &Layer<'_>, hit: ByteRange, name_end: &mut usize) {
        if hit.start() < *name_end {
            return;
        }
        let bytes = layer.text.as_bytes();
        let Some(name) = assignment::name_at(bytes, hit) else { return };
        *name_end = name.end();
        let Some(found) = assignment::assigned_to(bytes, name, self.syntax) else { return };
        let value = layer.text.get(found.value.range.start()..found.value.range.end()).unwrap_or_default();
        if value.len() < MIN_VALUE_BYTES {
            return;
        }
        if self.is_kubernetes_secret
            && layer.encoded.is_none()
            && let Some(decoded) = structured::decoded(value)
        {
            self.by_context(layer, &found, &decoded);
            return;
        }
        self.by_issuer(layer, &found, value);
        self.by_context(layer, &found, value);
    }

    /// Compares the value with those of the issuers that the name, or a key that encloses it, tells.
    fn by_issuer(&mut self, layer: &Layer<'_>, found: &Assignment, value: &str) {
        if placeholder::kind(value).is_some() || placeholder::is_made_up(value) {
            return;
        }
        let own = letters(layer.text.get(found.name.start()..found.name.end()).unwrap_or_default());
        if self.matches_issuer(layer, found, value, &own, &own) {
            return;
        }
        for enclosing in assignment::enclosing(layer.text, found.name) {
            if self.matches_issuer(layer, found, value, &own, &letters(enclosing)) {
                return;
            }
        }
    }

    /// Whether a rule whose term stands in `key` describes the value.
    fn matches_issuer(&mut self, layer: &Layer<'_>, found: &Assignment, value: &str, own: &str, key: &str) -> bool {
        let engine = self.engine;
        let mut rules = Vec::new();
        engine.triggers.terms_in(key, &mut |rule| rules.push(rule));
        rules.sort_unstable();
        rules.dedup();
        let n_before = self.candidates.len();
        for rule_index in rules {
            let Some(rule) = engine.rules.get(rule_index) else { continue };
            let Find::Assignment { also, value: shape, .. } = &rule.find else { continue };
            let is_also = also.is_empty() || also.iter().any(|term| own.contains(term.as_str()));
            let is_random = || rule.entropy.is_none_or(|entropy| entropy <= shannon_entropy(value.as_bytes()));
            if is_also && shape.is_match(value.as_bytes()) && is_random() {
                self.structural(layer, found.value.range, rule_index, "its name and its shape are those that its issuer documents", "");
            }
        }
        n_before < self.candidates.len()
    }

    /// Judges the value of a name that means a secret.
    fn by_context(&mut self, layer: &Layer<'_>, found: &Assignment, value: &str) {
        let name_text = layer.text.get(found.name.start()..found.name.end()).unwrap_or_default();
        let Some(name) = Name::of(name_text) else { return };
        let rule_index = match name.meaning {
            Meaning::Password => self.password_rule,
            Meaning::Secret | Meaning::Weak => self.secret_rule,
        };
        let Some((rule_index, rule)) = rule_index.and_then(|index| Some((index, self.engine.rules.get(index)?))) else { return };
        if MAX_VALUE_BYTES < value.len() || is_allowed(rule, value) {
            return;
        }
        let place = self.place(layer, found);
        let features = Features::of(name_text, &name, value, &place);
        self.observe(layer, found, name.meaning, features);
        let judged = score(name.meaning, features);
        if judged.probability < self.engine.options.min_probability || placeholder::is_slot(value) {
            return;
        }
        let mut evidence = judged.explain();
        if let Some((_, encoding)) = layer.encoded {
            evidence.push(Evidence { strength: Strength::Contextual, text: format!("found encoded: {encoding}"), weight: None });
        }
        self.candidates.push(Candidate {
            rule: rule_index,
            range: layer.in_file(found.value.range),
            value: SecretText::new(value.to_owned()),
            visible_prefix: String::new(),
            strength: Strength::Contextual,
            confidence: if MEDIUM_FROM <= judged.probability { Confidence::Medium } else { Confidence::Low },
            evidence,
            is_specific: false,
        });
    }
}

/// The letters and digits of a text, in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect()
}
