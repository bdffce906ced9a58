//! From a file's words to what they mean.

use std::{collections::BTreeMap, str::FromStr};

use bartizan_core::{Confidence, Fingerprint, RuleId, Severity};
use bartizan_formats::path_pattern::{PathPattern, PatternSet};
use serde_saphyr::Spanned;

use super::{
    Allow, Config, ConfigProblem, LimitKey, MAX_CONFIG_BYTES, MAX_SUPPRESSIONS, Trust, deps,
    file::{AllowFile, ConfigFile, LimitsFile, SuppressionFile, TrustFile},
    spelling,
    suppression::{ConfiguredSuppression, Source},
    yaml::{At, Reader},
};
use crate::Date;

const VERSION: u32 = 1;

/// The engines that there are or will be: a file that is shared by several versions of the program names them all.
const ENGINES: [&str; 7] = ["secrets", "sast", "deps", "iac", "mobile", "dynamic", "runtime"];

/// Reads a file of either kind.
pub(super) fn read(file: &str, bytes: &[u8], source: Source) -> Result<(Config, Allow), Vec<ConfigProblem>> {
    if MAX_CONFIG_BYTES < bytes.len() {
        let message = format!("the file is larger than {MAX_CONFIG_BYTES} bytes (max-config-bytes)");
        return Err(vec![whole(file, message)]);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(vec![whole(file, format!("the file is not UTF-8 at byte {}", error.valid_up_to()))]),
    };
    let mut reader = Reader::new(file, text);
    let read = reader.read::<ConfigFile>();
    let (config, allow) = understand(&mut reader, read, source);
    let mut problems = reader.problems;
    if problems.is_empty() {
        return Ok((config, allow));
    }
    problems.sort_by_key(|problem| (problem.line, problem.column));
    Err(problems)
}

fn whole(file: &str, message: String) -> ConfigProblem {
    let location = bartizan_core::Location::whole(file.into());
    ConfigProblem { file: file.to_owned(), location, line: 0, column: 0, message, help: String::new() }
}

fn understand(reader: &mut Reader<'_>, file: ConfigFile, source: Source) -> (Config, Allow) {
    if let Some(version) = file.version.filter(|version| version.value != VERSION) {
        reader.report(&version, format!("version {} is not known", version.value), format!("this program knows version {VERSION}"));
    }
    let allow = match (&file.allow, source) {
        (Some(allow), Source::Policy) => understand_allow(reader, &allow.value),
        (Some(allow), Source::Repository) => {
            let help = "it belongs into the organization's policy, which `--policy` names";
            reader.report(allow, "a repository can't say what it is allowed to do", help);
            Allow::default()
        }
        (None, _) => Allow::default(),
    };
    if let Some(advisories) = file.advisories.as_ref().filter(|_| source == Source::Repository) {
        let help = "it belongs into the policy, which `--policy` names";
        reader.report(advisories, "a repository can't say where advisories come from", help);
    }
    if let Some(extra) = file.suppressions.get(MAX_SUPPRESSIONS) {
        let message = format!("more than {MAX_SUPPRESSIONS} suppressions (max-suppressions)");
        reader.report(extra, message, "leave out files or turn rules off instead, or write a baseline");
    }
    for (name, is_on) in file.engines.iter().filter(|(name, _)| !ENGINES.contains(&name.as_str())) {
        reader.report(is_on, format!("unknown engine `{name}`"), spelling::help(name, ENGINES.into_iter(), "engines"));
    }
    let suppressions = file.suppressions.iter().take(MAX_SUPPRESSIONS);
    let config = Config {
        engines: file.engines.into_iter().map(|(name, is_on)| (name, reader.at(&is_on, is_on.value))).collect(),
        disabled_rules: file
            .disable_rules
            .iter()
            .filter_map(|rule| parsed(reader, rule, "give the id of a rule; `bartizan rules list` shows all"))
            .collect(),
        excludes: file.exclude.iter().filter_map(|pattern| exclude(reader, pattern)).collect(),
        min_severity: file.min_severity.as_ref().and_then(|name| severity(reader, name)),
        min_confidence: file.min_confidence.as_ref().and_then(|name| confidence(reader, name)),
        fail_on: file.fail_on.as_ref().and_then(|name| severity(reader, name)),
        limits: understand_limits(reader, &file.limits),
        trust: understand_trust(reader, &file.trust),
        deps: deps::understand(reader, &file.deps),
        suppressions: suppressions.filter_map(|entry| suppression(reader, entry, source)).collect(),
        mirrors: file.advisories.map(|file| file.value.mirrors.into_iter().map(|url| url.value).collect()).unwrap_or_default(),
    };
    (config, allow)
}

fn understand_allow(reader: &mut Reader<'_>, file: &AllowFile) -> Allow {
    let usual = Allow::default();
    Allow {
        exclude: file.exclude.unwrap_or(usual.exclude),
        disable_engines: file.disable_engines.clone().unwrap_or(usual.disable_engines),
        disable_rules: file.disable_rules.clone().unwrap_or(usual.disable_rules),
        suppress: file.suppress.clone().unwrap_or(usual.suppress),
        max_suppression_days: file.max_suppression_days,
        min_severity: file.min_severity.as_ref().and_then(|name| severity(reader, name)).map_or(usual.min_severity, |at| at.value),
        min_confidence: file.min_confidence.as_ref().and_then(|name| confidence(reader, name)).map_or(usual.min_confidence, |at| at.value),
        limits: file.limits.unwrap_or(usual.limits),
        registries: file.registries.unwrap_or(usual.registries),
    }
}

fn understand_limits(reader: &Reader<'_>, file: &LimitsFile) -> BTreeMap<LimitKey, At<u64>> {
    let LimitsFile { max_file_bytes, max_depth, max_files, max_archive_depth, max_archive_entries, max_archive_bytes } = file;
    let values = [
        (LimitKey::FileBytes, max_file_bytes),
        (LimitKey::Depth, max_depth),
        (LimitKey::Files, max_files),
        (LimitKey::ArchiveDepth, max_archive_depth),
        (LimitKey::ArchiveEntries, max_archive_entries),
        (LimitKey::ArchiveBytes, max_archive_bytes),
    ];
    values.into_iter().filter_map(|(key, value)| value.as_ref().map(|value| (key, reader.at(value, value.value)))).collect()
}

fn understand_trust(reader: &Reader<'_>, file: &TrustFile) -> Trust {
    let at = |value: &Option<Spanned<bool>>| value.as_ref().map(|value| reader.at(value, value.value));
    Trust {
        inline_suppressions: at(&file.inline_suppressions),
        inline_without_reason: at(&file.inline_without_reason),
        foreign_marks: at(&file.foreign_marks),
    }
}

fn suppression(reader: &mut Reader<'_>, entry: &Spanned<SuppressionFile>, source: Source) -> Option<ConfiguredSuppression> {
    let n_problems = reader.problems.len();
    let file = &entry.value;
    let rule =
        file.rule.as_ref().and_then(|rule| parsed::<RuleId>(reader, rule, "give the id of one rule; to leave out files, use `exclude`"));
    let fingerprint = file.fingerprint.as_ref().and_then(|text| parsed::<Fingerprint>(reader, text, "copy it from a report"));
    let expires = file.expires.as_ref().and_then(|text| parsed::<Date>(reader, text, "it holds up to and including that day"));
    let path = file.path.as_ref().and_then(|text| match PathPattern::parse(text.value.as_bytes()) {
        Ok(pattern) => Some(PatternSet::of(&pattern)),
        Err(error) => {
            reader.report(text, error.to_string(), "patterns have the syntax of `.gitignore`, without `!`");
            None
        }
    });
    if file.rule.is_none() && file.fingerprint.is_none() {
        reader.report(entry, "a suppression names a `rule` or a `fingerprint`", "to leave out files, use `exclude`");
    }
    if let Some(rule) = rule.as_ref().filter(|rule| rule.value.as_str().contains('*')) {
        let help = "give the id of one rule; to leave out files, use `exclude`";
        if let Some(text) = &file.rule {
            reader.report(text, format!("`{}` is no id of a rule", rule.value), help);
        }
    }
    let reason = file.reason.value.trim();
    if reason.is_empty() {
        reader.report(&file.reason, "the reason is empty", "say why no action is needed, for those who read it later");
    }
    if n_problems < reader.problems.len() {
        return None;
    }
    Some(ConfiguredSuppression {
        rule: rule.map(|at| at.value),
        path,
        fingerprint: fingerprint.map(|at| at.value),
        reason: reason.chars().map(|character| if character.is_control() { ' ' } else { character }).collect(),
        expires: expires.map(|at| at.value),
        location: reader.at(entry, ()).location,
        source,
    })
}

fn exclude(reader: &mut Reader<'_>, pattern: &Spanned<String>) -> Option<At<String>> {
    let text = pattern.value.trim();
    if text.is_empty() || text.starts_with('!') || text.contains('\n') {
        reader.report(pattern, "a pattern of `exclude` is empty or starts with `!`", "name what is left out");
        return None;
    }
    Some(reader.at(pattern, text.to_owned()))
}

fn severity(reader: &mut Reader<'_>, name: &Spanned<String>) -> Option<At<Severity>> {
    let help = spelling::help(&name.value, Severity::ALL.into_iter().map(Severity::as_str), "severities");
    parsed(reader, name, &help)
}

fn confidence(reader: &mut Reader<'_>, name: &Spanned<String>) -> Option<At<Confidence>> {
    let help = spelling::help(&name.value, Confidence::ALL.into_iter().map(Confidence::as_str), "confidences");
    parsed(reader, name, &help)
}

fn parsed<T: FromStr>(reader: &mut Reader<'_>, text: &Spanned<String>, help: &str) -> Option<At<T>>
where
    T::Err: std::fmt::Display,
{
    match text.value.trim().parse::<T>() {
        Ok(value) => Some(reader.at(text, value)),
        Err(error) => {
            reader.report(text, error.to_string(), help);
            None
        }
    }
}
