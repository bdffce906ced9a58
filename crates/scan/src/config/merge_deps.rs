//! What policy and repository say about the supply chain, merged: a repository may ask for more, not for less.

use bartizan_core::{Diagnostic, DiagnosticKind, Level};

use super::{
    At,
    deps::{DepsConfig, DepsSettings, LicenceConfig, LicenceException, LicenceLists, LicenceSettings},
    settings::{Merger, Origin, Setting, origin},
    suppression::Source,
};

impl Merger<'_> {
    pub(super) fn deps(&mut self) -> DepsSettings {
        let (policy, repository) = (&self.policy.deps, &self.repository.deps);
        let internal = policy.internal.iter().chain(&repository.internal).map(|at| at.value.clone()).collect();
        let cool_down_days = [policy, repository].into_iter().filter_map(|config| config.cool_down_days.as_ref()).map(|at| at.value).max();
        let registries = self.registries(policy, repository);
        let licences = self.licences(policy, repository);
        DepsSettings { internal, registries, cool_down_days, licences }
    }

    fn registries(&mut self, policy: &DepsConfig, repository: &DepsConfig) -> Vec<String> {
        let mut registries: Vec<String> = policy.registries.iter().map(|at| at.value.clone()).collect();
        for at in &repository.registries {
            if self.allow.registries {
                registries.push(at.value.clone());
            } else {
                self.refuse(at, &format!("take packages from `{}`", at.value));
            }
        }
        registries
    }

    /// The policy's, if it says something.
    fn licences(&mut self, policy: &DepsConfig, repository: &DepsConfig) -> Option<LicenceSettings> {
        if let (Some(_), Some(at)) = (&policy.licences, &repository.licences) {
            self.refuse(at, "say which licences components may have: the policy does");
        }
        let LicenceConfig { lists, scopes, exceptions } = policy.licences.as_ref().or(repository.licences.as_ref())?.value.clone();
        let exceptions = exceptions.into_iter().filter_map(|at| self.still_holds(at)).collect();
        Some(LicenceSettings { lists, scopes, exceptions })
    }

    fn still_holds(&mut self, at: At<LicenceException>) -> Option<LicenceException> {
        let Some(expired) = at.value.expires.filter(|last| *last < self.today) else { return Some(at.value) };
        let reason = format!("the exception for `{}` has ended on {expired}", at.value.package);
        let diagnostic = Diagnostic { level: Level::Note, ..Diagnostic::new(DiagnosticKind::Suppression, reason) };
        let help = "act on the finding, or decide again and set a later `expires`";
        self.refusals.push(diagnostic.at(at.location).with_help(help));
        None
    }
}

/// What holds for the supply chain, as people read it, each with who says it.
pub(super) fn explain(policy: &DepsConfig, repository: &DepsConfig, deps: &DepsSettings) -> Vec<Setting> {
    let sources = [(policy, Source::Policy), (repository, Source::Repository)];
    let setting = |key: &str, value: String, origin: Origin| Setting { key: format!("deps.{key}"), value, origin };
    let mut all = Vec::new();
    for (config, source) in sources {
        let of = |at: &At<String>, key: &str| setting(key, at.value.clone(), origin(source, &at.location));
        all.extend(config.internal.iter().map(|at| of(at, "internal")));
        all.extend(config.registries.iter().filter(|at| deps.registries.contains(&at.value)).map(|at| of(at, "registries")));
    }
    let days = sources.into_iter().filter_map(|(config, source)| Some((config.cool_down_days.as_ref()?, source)));
    let days = days.max_by_key(|(at, source)| (at.value, *source == Source::Policy));
    all.extend(days.map(|(at, source)| setting("cool-down-days", at.value.to_string(), origin(source, &at.location))));
    let licences = sources.into_iter().find_map(|(config, source)| Some(origin(source, &config.licences.as_ref()?.location)));
    if let Some((licences, origin)) = deps.licences.as_ref().zip(licences) {
        let LicenceLists { allow, deny, ask, unknown } = &licences.lists;
        for (key, list) in [("allow", allow), ("deny", deny), ("ask", ask)] {
            all.extend(list.as_ref().map(|list| setting(&format!("licences.{key}"), list.join(", "), origin.clone())));
        }
        all.extend(unknown.map(|unknown| setting("licences.unknown", format!("{unknown:?}").to_lowercase(), origin.clone())));
        let exceptions = licences.exceptions.iter();
        all.extend(
            exceptions
                .map(|exception| setting("licences.exceptions", format!("{}: {}", exception.package, exception.reason), origin.clone())),
        );
    }
    all
}
