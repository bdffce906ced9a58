//! What is said about configuration: what it hides from the reader of a report, and what in it is out of date.
//!
//! What the scanned repository hides is said; what the caller hides is the caller's.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_core::{Diagnostic, DiagnosticKind, Level, Location, Rule, RuleId};
use bartizan_source::Changes;

use crate::{
    Date,
    config::{Origin, Settings, spelling},
    suppress::UnusedMark,
};

/// What the repository's file leaves out before anything is found.
pub(crate) fn narrowing(settings: &Settings, changes: Option<&Changes>) -> Vec<Diagnostic> {
    let engines = settings.disabled_engines.iter().map(|(engine, origin)| (format!("turns the engine `{engine}` off"), origin));
    let excludes = settings.excludes.iter().map(|(pattern, origin)| (format!("leaves out files: `{}`", pattern.value), origin));
    engines.chain(excludes).filter_map(|(what, origin)| narrowed(&what, origin, changes)).collect()
}

/// One thing that the repository's file leaves out; nothing if it was somebody else's.
pub(crate) fn narrowed(what: &str, origin: &Origin, changes: Option<&Changes>) -> Option<Diagnostic> {
    let Origin::Repository(location) = origin else { return None };
    let is_new = is_changed(changes, location);
    let added = if is_new { "; this change adds the line" } else { "" };
    Some(note(DiagnosticKind::Policy, format!("the repository {what}{added}")).at(location.clone()))
}

/// Whether the change under scan touches a place. Of files above the scanned folder that is not known.
pub(crate) fn is_changed(changes: Option<&Changes>, location: &Location) -> bool {
    changes.is_some_and(|changes| changes.is_changed(&location.artifact, location.region()))
}

/// Suppressions that are over or that suppress nothing, and names of rules that there are not.
pub(crate) fn stale(settings: &Settings, used: &BTreeSet<usize>, rules: &BTreeMap<RuleId, Rule>, today: Date) -> Vec<Diagnostic> {
    let no_rule = |rule: &RuleId| {
        let help = spelling::help(rule.as_str(), rules.keys().map(RuleId::as_str), "rules");
        (format!("no rule of this scan has the id `{rule}`"), help)
    };
    let mut stale = Vec::new();
    for (index, entry) in settings.suppressions.iter().enumerate() {
        let unknown = entry.rule.as_ref().filter(|rule| !rules.contains_key(rule));
        let (reason, help) = match (entry.expires, unknown) {
            (Some(expires), _) if entry.is_expired(today) => (
                format!("this suppression has ended on {expires}"),
                "act on the finding, or decide again and set a later `expires`".to_owned(),
            ),
            (_, Some(rule)) => no_rule(rule),
            (_, None) if !used.contains(&index) => ("this suppression suppresses nothing".to_owned(), "remove it".to_owned()),
            (_, None) => continue,
        };
        stale.push(note(DiagnosticKind::Suppression, reason).at(entry.location.clone()).with_help(help));
    }
    for (rule, origin) in settings.disabled_rules.iter().filter(|(rule, _)| !rules.contains_key(rule)) {
        let (Origin::Policy(location) | Origin::Repository(location)) = origin else { continue };
        let (reason, help) = no_rule(rule);
        stale.push(note(DiagnosticKind::Suppression, reason).at(location.clone()).with_help(help));
    }
    stale
}

/// Marks in comments that suppress nothing, of rules whose engines have looked at the file. Of a change, those that it touches.
pub(crate) fn unused_marks(
    settings: &Settings,
    marks: Vec<UnusedMark>,
    rules: &BTreeMap<RuleId, Rule>,
    changes: Option<&Changes>,
) -> Vec<Diagnostic> {
    let mut unused = Vec::new();
    if !settings.honors_inline.0 {
        return unused;
    }
    for mut mark in marks {
        let n_rules = mark.rules.len();
        mark.rules.retain(|rule| rules.get(rule).is_some_and(|rule| mark.engines.iter().any(|engine| engine == rule.engine.0)));
        if mark.rules.is_empty() || (changes.is_some() && !is_changed(changes, &mark.location)) {
            continue;
        }
        let is_whole = mark.rules.len() == n_rules && !mark.is_used_in_part;
        let (reason, help) = if is_whole {
            let help = "remove it, or move it to the line of the finding or to a comment of its own above";
            (format!("`{}` suppresses nothing", mark.text), help.to_owned())
        } else {
            let ids: Vec<String> = mark.rules.iter().map(|rule| format!("`{rule}`")).collect();
            let ids = ids.join(", ");
            (format!("`{}` suppresses nothing of {ids}", mark.text), format!("remove {ids} from it"))
        };
        unused.push(note(DiagnosticKind::Suppression, reason).at(mark.location).with_help(help));
    }
    unused
}

fn note(kind: DiagnosticKind, reason: String) -> Diagnostic {
    Diagnostic { level: Level::Note, ..Diagnostic::new(kind, reason) }
}
