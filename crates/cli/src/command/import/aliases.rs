//! What other tools' rules are called here.

use std::collections::HashMap;

use bartizan_core::Severity;
use bartizan_iac::rule;
use bartizan_triage::{identity::Digest, intake::Seen};

/// Our own rule that says the same as one of another tool.
struct Same {
    id: String,
    severity: Severity,
}

/// Rules of ours by the names that other tools have for them.
pub(super) struct Aliases(HashMap<String, Same>);

impl Aliases {
    /// All that is known. A name that stands for several rules of ours stands for none: it would make one of them.
    pub(super) fn load() -> Self {
        let mut all: HashMap<String, Option<Same>> = HashMap::new();
        for rule in rule::built_in() {
            for alias in &rule.aliases {
                let same = Same { id: rule.id.to_string(), severity: rule.severity };
                all.entry(alias.to_ascii_lowercase()).and_modify(|known| *known = None).or_insert(Some(same));
            }
        }
        Self(all.into_iter().filter_map(|(alias, same)| Some((alias, same?))).collect())
    }

    /// Adds what is known of an observation's rule: that it is one of ours, and how bad that is where its tool does not say it.
    pub(super) fn complete(&self, seen: &mut Seen) {
        let Some(same) = self.0.get(&seen.rule.to_ascii_lowercase()) else { return };
        seen.sighting.rule_aliases = Box::new([Digest::of(&format!("bartizan/{}", same.id))]);
        seen.severity = seen.severity.or(Some(same.severity));
    }
}
