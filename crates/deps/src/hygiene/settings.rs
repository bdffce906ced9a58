//! What a project says about its supply chain.

use crate::licence::Policy;

/// What a project says about its supply chain; without it, checks that need to know are silent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Names of packages that are the organization's own: a name, or a beginning that ends in `*`.
    pub internal: Vec<String>,
    /// Registries that packages may come from, beside the public ones: a host, or the beginning of an address.
    pub registries: Vec<String>,
    /// Versions that are younger, in days, are reported.
    pub cool_down_days: Option<u32>,
    /// Which licences components may have; nothing where nobody cares.
    pub licences: Option<Policy>,
    /// What day it is, in days since 1970-01-01; without it nothing is young.
    pub today: Option<i64>,
}

impl Settings {
    /// Whether a name is the organization's own.
    pub(super) fn is_internal(&self, name: &str) -> bool {
        self.internal.iter().any(|pattern| matches(pattern, name))
    }

    /// Whether packages may come from an address.
    pub(super) fn is_known_registry(&self, url: &str) -> bool {
        let without_scheme = |text: &str| text.split_once("://").map_or(text.to_owned(), |(_, rest)| rest.to_owned());
        let url = without_scheme(url);
        self.registries.iter().map(|known| without_scheme(known)).any(|known| {
            let known = known.trim_end_matches('/');
            url.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':']))
        })
    }
}

/// `corp-*` is every name that begins so; without a star it is that name.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.strip_prefix(start).is_some_and(|rest| !rest.is_empty()),
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn patterns_are_names_or_beginnings() {
        let settings = Settings { internal: vec!["@corp/*".into(), "corp-core".into()], ..Settings::default() };
        assert!(settings.is_internal("@corp/a") && settings.is_internal("corp-core"));
        assert!(!settings.is_internal("@corp/") && !settings.is_internal("corp-core-x") && !settings.is_internal("@corporate/a"));
    }

    #[test]
    fn registries_are_hosts_or_addresses() {
        let settings = Settings { registries: vec!["npm.corp.example".into(), "https://host/npm/".into()], ..Settings::default() };
        assert!(settings.is_known_registry("https://npm.corp.example/a") && settings.is_known_registry("https://host/npm/x"));
        assert!(!settings.is_known_registry("https://npm.corp.example.evil/a") && !settings.is_known_registry("https://host/other"));
    }
}
