//! What a project says about its supply chain: the key `deps`.

use std::collections::BTreeMap;

use bartizan_core::Scope;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{
    spelling,
    yaml::{At, Reader},
};
use crate::Date;

/// What a project says about its supply chain.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct DepsFile {
    /// Names of packages that are the organization's own: a name, or a beginning that ends in `*`, such as `@corp/*`. Those that
    /// may come from a public registry are reported.
    #[schemars(with = "Vec<String>")]
    pub(super) internal: Vec<Spanned<String>>,
    /// Registries that packages may come from, beside the public ones and those that the package managers are configured with: a
    /// host, or the beginning of an address.
    #[schemars(with = "Vec<String>")]
    pub(super) registries: Vec<Spanned<String>>,
    /// Versions that were published less than so many days ago are reported, where a lock file has the time. Of several such
    /// settings the largest holds.
    #[schemars(with = "Option<u32>")]
    pub(super) cool_down_days: Option<Spanned<u32>>,
    /// Which licences components may have. Without it, nothing is said about licences. Of a policy and a repository the policy's
    /// holds.
    #[schemars(with = "Option<LicencesFile>")]
    pub(super) licences: Option<Spanned<LicencesFile>>,
}

/// Which licences components may have. What is said of a scope holds there instead.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct LicencesFile {
    /// Licences that may be used, by their identifiers in SPDX's list, or beginnings that end in `*`. With this list, others may
    /// not.
    pub(super) allow: Option<Vec<String>>,
    /// Licences that may not be used.
    pub(super) deny: Option<Vec<String>>,
    /// Licences that somebody decides about each time.
    pub(super) ask: Option<Vec<String>>,
    /// What holds for components whose licence is not known: `allow`, `ask` (as long as nothing is said) or `deny`.
    #[schemars(with = "Option<UnknownName>")]
    pub(super) unknown: Option<Spanned<String>>,
    /// What holds for components that are needed for this only: `runtime`, `optional`, `build`, `test`, `development`.
    #[schemars(with = "BTreeMap<String, ScopedLicencesFile>")]
    pub(super) scopes: BTreeMap<String, Spanned<ScopedLicencesFile>>,
    /// Components that may be used all the same.
    #[schemars(with = "Vec<LicenceExceptionFile>")]
    pub(super) exceptions: Vec<Spanned<LicenceExceptionFile>>,
}

/// Which licences components of a scope may have. What is not said here is as for all.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct ScopedLicencesFile {
    /// Licences that may be used.
    pub(super) allow: Option<Vec<String>>,
    /// Licences that may not be used.
    pub(super) deny: Option<Vec<String>>,
    /// Licences that somebody decides about each time.
    pub(super) ask: Option<Vec<String>>,
    /// What holds for components whose licence is not known: `allow`, `ask` or `deny`.
    #[schemars(with = "Option<UnknownName>")]
    pub(super) unknown: Option<Spanned<String>>,
}

/// A component that may be used whatever its licence is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct LicenceExceptionFile {
    /// Its package URL, with a version or without: `pkg:npm/left-pad`.
    #[schemars(with = "String", extend("minLength" = 1))]
    pub(super) package: Spanned<String>,
    /// Why, for those who read it later.
    #[schemars(with = "String", extend("minLength" = 1))]
    pub(super) reason: Spanned<String>,
    /// The last day on which it holds.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub(super) expires: Option<Spanned<String>>,
}

/// What may hold for licences that are not known.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "it exists for the schema; the names are read by `unknown`")]
enum UnknownName {
    Allow,
    Ask,
    Deny,
}

/// What a file says about the supply chain, understood.
#[derive(Debug, Clone, Default)]
pub(crate) struct DepsConfig {
    pub(crate) internal: Vec<At<String>>,
    pub(crate) registries: Vec<At<String>>,
    pub(crate) cool_down_days: Option<At<u32>>,
    pub(crate) licences: Option<At<LicenceConfig>>,
}

/// What a file says about licences, understood.
#[derive(Debug, Clone, Default)]
pub(crate) struct LicenceConfig {
    pub(crate) lists: LicenceLists,
    pub(crate) scopes: Vec<(Scope, LicenceLists)>,
    pub(crate) exceptions: Vec<At<LicenceException>>,
}

/// Which licences components may have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicenceLists {
    /// Those that may be used; with this list, others may not.
    pub allow: Option<Vec<String>>,
    /// Those that may not be used.
    pub deny: Option<Vec<String>>,
    /// Those that somebody decides about each time.
    pub ask: Option<Vec<String>>,
    /// What holds where none is known.
    pub unknown: Option<UnknownLicence>,
}

/// What holds for components whose licence is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownLicence {
    /// They may be used.
    Allow,
    /// Somebody decides.
    Ask,
    /// They may not be used.
    Deny,
}

/// A component that may be used whatever its licence is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceException {
    /// Its package URL, with a version or without.
    pub package: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: Option<Date>,
}

/// What holds for the supply chain in the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DepsSettings {
    /// Names of packages that are the organization's own.
    pub internal: Vec<String>,
    /// Registries that packages may come from.
    pub registries: Vec<String>,
    /// How many days a version must have been there.
    pub cool_down_days: Option<u32>,
    /// Which licences components may have; nothing where nobody cares.
    pub licences: Option<LicenceSettings>,
}

/// Which licences components may have, in the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicenceSettings {
    /// What holds for all.
    pub lists: LicenceLists,
    /// What holds for a scope instead.
    pub scopes: Vec<(Scope, LicenceLists)>,
    /// Components that may be used all the same, today.
    pub exceptions: Vec<LicenceException>,
}

/// The names of scopes, as files spell them.
const SCOPES: [(&str, Scope); 5] = [
    ("runtime", Scope::Runtime),
    ("optional", Scope::Optional),
    ("build", Scope::Build),
    ("test", Scope::Test),
    ("development", Scope::Development),
];

/// Understands the key `deps`.
pub(super) fn understand(reader: &mut Reader<'_>, file: &DepsFile) -> DepsConfig {
    DepsConfig {
        internal: file.internal.iter().filter_map(|name| pattern(reader, name)).collect(),
        registries: file.registries.iter().filter_map(|registry| not_empty(reader, registry, "a registry")).collect(),
        cool_down_days: file.cool_down_days.as_ref().map(|days| reader.at(days, days.value)),
        licences: file.licences.as_ref().map(|licences| understand_licences(reader, licences)),
    }
}

fn pattern(reader: &mut Reader<'_>, text: &Spanned<String>) -> Option<At<String>> {
    let name = not_empty(reader, text, "a name")?;
    let body = name.value.strip_suffix('*').unwrap_or(&name.value);
    if body.is_empty() || body.contains('*') {
        reader.report(text, format!("`{}` is no name of packages", name.value), "a star stands at the end, behind something: `@corp/*`");
        return None;
    }
    Some(name)
}

fn not_empty(reader: &mut Reader<'_>, text: &Spanned<String>, what: &str) -> Option<At<String>> {
    let value = text.value.trim();
    if value.is_empty() {
        reader.report(text, format!("{what} is empty"), "name it, or remove the line");
        return None;
    }
    Some(reader.at(text, value.to_owned()))
}

fn understand_licences(reader: &mut Reader<'_>, spanned: &Spanned<LicencesFile>) -> At<LicenceConfig> {
    let file = &spanned.value;
    let lists = LicenceLists {
        allow: file.allow.clone(),
        deny: file.deny.clone(),
        ask: file.ask.clone(),
        unknown: unknown(reader, file.unknown.as_ref()),
    };
    let mut scopes = Vec::new();
    for (name, of_scope) in &file.scopes {
        let Some((_, scope)) = SCOPES.iter().find(|(known, _)| known == name) else {
            let help = spelling::help(name, SCOPES.iter().map(|(known, _)| *known), "scopes");
            reader.report(of_scope, format!("unknown scope `{name}`"), help);
            continue;
        };
        let ScopedLicencesFile { allow, deny, ask, unknown: name } = &of_scope.value;
        let unknown = unknown(reader, name.as_ref());
        scopes.push((*scope, LicenceLists { allow: allow.clone(), deny: deny.clone(), ask: ask.clone(), unknown }));
    }
    let exceptions = file.exceptions.iter().filter_map(|entry| exception(reader, entry)).collect();
    reader.at(spanned, LicenceConfig { lists, scopes, exceptions })
}

fn unknown(reader: &mut Reader<'_>, name: Option<&Spanned<String>>) -> Option<UnknownLicence> {
    let name = name?;
    match name.value.trim() {
        "allow" => Some(UnknownLicence::Allow),
        "ask" => Some(UnknownLicence::Ask),
        "deny" => Some(UnknownLicence::Deny),
        other => {
            reader.report(name, format!("`{other}` is none of `allow`, `ask`, `deny`"), "say what holds where no licence is known");
            None
        }
    }
}

fn exception(reader: &mut Reader<'_>, entry: &Spanned<LicenceExceptionFile>) -> Option<At<LicenceException>> {
    let LicenceExceptionFile { package, reason, expires } = &entry.value;
    if !package.value.starts_with("pkg:") {
        reader.report(
            package,
            format!("`{}` is no package URL", package.value),
            "write it as `bartizan deps list` does: `pkg:npm/left-pad`",
        );
        return None;
    }
    if reason.value.trim().is_empty() {
        reader.report(reason, "the reason is empty", "say why it may be used, for those who read it later");
        return None;
    }
    let expires = match expires {
        None => None,
        Some(text) => match text.value.trim().parse::<Date>() {
            Ok(date) => Some(date),
            Err(error) => {
                reader.report(text, error.to_string(), "it holds up to and including that day");
                return None;
            }
        },
    };
    let exception = LicenceException { package: package.value.trim().to_owned(), reason: reason.value.trim().to_owned(), expires };
    Some(reader.at(entry, exception))
}
