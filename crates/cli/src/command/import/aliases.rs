//! What other tools' rules are called here.

use std::collections::HashMap;

use bartizan_core::Severity;
use bartizan_iac::rule;
use bartizan_triage::intake::Seen;

/// Our own rule that says the same as one of another tool.
struct Same {
    id: String,
    severity: Severity,
}

/// Rules of ours by the names that other tools have for them.
pub(super) struct Aliases(HashMap<String, Vec<Same>>);

impl Aliases {
    /// All that is known.
    pub(super) fn load() -> Self {
        let mut all: HashMap<String, Vec<Same>> = HashMap::new();
        for rule in rule::built_in() {
            for alias in &rule.aliases {
                let same = Same { id: rule.id.to_string(), severity: rule.severity };
                all.entry(alias.to_ascii_lowercase()).or_default().push(same);
            }
        }
        Self(all)
    }

    /// Adds what is known of an observation's rule: what it is called here, and how bad that is where its tool does not say it.
    pub(super) fn complete(&self, seen: &mut Seen) {
        let Some(same) = self.0.get(&seen.rule.to_ascii_lowercase()) else { return };
        seen.also_called = same.iter().map(|same| format!("bartizan/{}", same.id)).collect();
        seen.severity = seen.severity.or_else(|| same.iter().map(|same| same.severity).max());
    }
}
