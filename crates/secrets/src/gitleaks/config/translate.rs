//! One file, understood: what gitleaks does before it looks at `[extend]`.

use std::{ops::Range, sync::Arc};

use toml::de::DeTable;

use super::{
    Allowlist, Condition, Config, GITLEAKS_VERSION, Required, Rule, Target,
    document::Keys,
    problem::{Notes, Place},
    value::{self, Value, shortened},
};
use crate::{gitleaks::lower::lower, go_regex::Pattern};

/// What one file says.
pub(super) struct File {
    pub(super) config: Config,
    pub(super) extend: Extend,
    /// Allowlists that name the rules they are for; each with these rules and the places of their names.
    pub(super) targeted: Vec<(Vec<(String, Place)>, Allowlist)>,
}

/// `[extend]`
#[derive(Default)]
pub(super) struct Extend {
    pub(super) path: Option<String>,
    pub(super) use_default: bool,
    pub(super) disabled_rules: Vec<(String, Range<usize>)>,
    /// Where it stands.
    pub(super) span: Range<usize>,
}

const TOP: [&str; 7] = ["title", "description", "extend", "rules", "allowlist", "allowlists", "minVersion"];
const EXTEND: [&str; 4] = ["path", "url", "useDefault", "disabledRules"];
const RULE: [&str; 12] = [
    "id",
    "description",
    "path",
    "regex",
    "secretGroup",
    "entropy",
    "keywords",
    "tags",
    "allowlist",
    "allowlists",
    "required",
    "skipReport",
];
const REQUIRED: [&str; 3] = ["id", "withinLines", "withinColumns"];
const RULE_ALLOWLIST: [&str; 7] = ["description", "condition", "commits", "paths", "regexTarget", "regexes", "stopwords"];
const GLOBAL_ALLOWLIST: [&str; 8] = ["targetRules", "description", "condition", "commits", "paths", "regexTarget", "regexes", "stopwords"];

/// Reads one file.
pub(super) fn file(notes: &mut Notes<'_>) -> File {
    let (document, errors) = DeTable::parse_recoverable(notes.text());
    for error in errors {
        notes.error(error.span().unwrap_or(0..0), error.message().replace('\n', ", "), "");
    }
    let keys = Keys::of(document.get_ref()).check(&TOP, "the file", notes);
    if let Some(value) = keys.get("minVersion") {
        min_version(value, notes);
    }
    let mut config = Config { title: text(&keys, "title", notes), description: text(&keys, "description", notes), ..Config::default() };
    let extend = keys.get("extend").and_then(|value| Some(extend(value::table(value, notes)?, value.span(), notes))).unwrap_or_default();
    let mut targeted = Vec::new();
    for (table, _) in allowlist_tables(&keys, "[allowlist]", "[[allowlists]]", notes) {
        let keys = Keys::of(table).check(&GLOBAL_ALLOWLIST, "an allowlist", notes);
        let targets = keys.get("targetRules").map(|value| value::strings(value, notes)).unwrap_or_default();
        let Some(allowlist) = allowlist(&keys, notes) else { continue };
        if targets.is_empty() {
            config.allowlists.push(allowlist);
        } else {
            let places = targets.into_iter().map(|(id, _, span)| (id, notes.place(span.start))).collect();
            targeted.push((places, allowlist));
        }
    }
    let mut requirements = Vec::new();
    for (table, span) in keys.get("rules").map(|value| value::tables(value, notes)).unwrap_or_default() {
        let n_requirements = requirements.len();
        let rule = rule(table, span.clone(), &mut requirements, notes);
        let id = rule.id.clone();
        if let Some(earlier) = config.rules.insert(id, rule) {
            let mut index = 0;
            requirements.retain(|(rule, ..)| {
                index += 1;
                n_requirements < index || **rule != *earlier.id
            });
            notes.rule = Some(earlier.id.to_string());
            notes.warning(span, format!("replaces the rule of the same id in line {}", earlier.place.line), "rename or remove one");
        }
        notes.rule = None;
    }
    // gitleaks looks for required rules in the same file alone, before it extends anything.
    for (rule, required, span) in requirements {
        if !config.rules.contains_key(&*required) {
            notes.rule = Some(rule);
            notes.error(
                span,
                format!("required rule `{}` does not exist in this file", shortened(&required)),
                "gitleaks looks for it here alone, not in extended files",
            );
            notes.rule = None;
        }
    }
    File { config, extend, targeted }
}

fn text(keys: &Keys<'_, '_>, name: &str, notes: &mut Notes<'_>) -> String {
    keys.get(name).and_then(|value| value::string(value, notes)).unwrap_or_default()
}

fn extend(table: &DeTable<'_>, span: Range<usize>, notes: &mut Notes<'_>) -> Extend {
    let keys = Keys::of(table).check(&EXTEND, "[extend]", notes);
    if let Some(url) = keys.span("url") {
        notes.warning(url, "gitleaks ignores `url`", "download the file and use `path`");
    }
    let use_default = keys.get("useDefault").and_then(|value| value::boolean(value, notes)).unwrap_or_default();
    let path = Some(text(&keys, "path", notes)).filter(|path| !path.is_empty());
    let disabled_rules = keys.get("disabledRules").map(|value| value::strings(value, notes)).unwrap_or_default();
    let place = if use_default { keys.span("useDefault") } else { keys.span("path") };
    Extend {
        path,
        use_default,
        disabled_rules: disabled_rules.into_iter().map(|(id, _, span)| (id, span)).collect(),
        span: place.unwrap_or(span),
    }
}

type Requirements = Vec<(String, Arc<str>, Range<usize>)>;

fn rule(table: &DeTable<'_>, span: Range<usize>, requirements: &mut Requirements, notes: &mut Notes<'_>) -> Rule {
    notes.rule = table
        .iter()
        .find(|(key, _)| key.get_ref().eq_ignore_ascii_case("id"))
        .and_then(|(_, value)| value.get_ref().as_str())
        .map(shortened);
    let keys = Keys::of(table).check(&RULE, "a rule", notes);
    let id: Arc<str> = text(&keys, "id", notes).into();
    let mut required = Vec::new();
    for (table, span) in keys.get("required").map(|value| value::tables(value, notes)).unwrap_or_default() {
        let keys = Keys::of(table).check(&REQUIRED, "[[rules.required]]", notes);
        let other: Arc<str> = text(&keys, "id", notes).into();
        if other.is_empty() {
            notes.error(span, "[[rules.required]] needs an `id`", "");
            continue;
        }
        requirements.push((id.to_string(), other.clone(), keys.get("id").map_or(span, Value::span)));
        let mut number = |name| keys.get(name).and_then(|value| value::integer(value, notes));
        required.push(Required { id: other, within_lines: number("withinLines"), within_columns: number("withinColumns") });
    }
    let lists = allowlist_tables(&keys, "[rules.allowlist]", "[[rules.allowlists]]", notes);
    let mut allowlists = Vec::new();
    for (table, _) in lists {
        let keys = Keys::of(table).check(&RULE_ALLOWLIST, "an allowlist of a rule", notes);
        allowlists.extend(allowlist(&keys, notes));
    }
    let strings = |name, notes: &mut Notes<'_>| -> Vec<String> {
        let strings = keys.get(name).map(|value| value::strings(value, notes)).unwrap_or_default();
        strings.into_iter().map(|(text, ..)| text).collect()
    };
    let n_problems = notes.problems.len();
    let mut pattern = |name| keys.get(name).and_then(|value| value::pattern(value, notes));
    let (regex, path) = (pattern("regex"), pattern("path"));
    Rule {
        is_broken: n_problems < notes.problems.len(),
        description: text(&keys, "description", notes),
        regex,
        path,
        secret_group: keys.get("secretGroup").and_then(|value| value::integer(value, notes)).unwrap_or(0),
        entropy: keys.get("entropy").and_then(|value| value::float(value, notes)).unwrap_or(0.0),
        keywords: strings("keywords", notes).iter().map(|keyword| lower(keyword).into_owned()).collect(),
        tags: strings("tags", notes),
        allowlists,
        required,
        is_silent: keys.get("skipReport").and_then(|value| value::boolean(value, notes)).unwrap_or_default(),
        place: notes.place(keys.span("id").map_or(span.start, |span| span.start)),
        id,
    }
}

/// The tables of allowlists, in the form of today and in the older one.
fn allowlist_tables<'v, 'd>(keys: &Keys<'v, 'd>, old: &str, new: &str, notes: &mut Notes<'_>) -> Vec<(&'v DeTable<'d>, Range<usize>)> {
    let mut tables = keys.get("allowlists").map(|value| value::tables(value, notes)).unwrap_or_default();
    let Some(value) = keys.get("allowlist") else { return tables };
    let Some(table) = value::table(value, notes) else { return tables };
    // In the file itself, an empty table counts as none; in a rule it is an allowlist without criteria.
    if table.is_empty() && notes.rule.is_none() {
        return tables;
    }
    if !tables.is_empty() {
        let span = keys.span("allowlist").unwrap_or_default();
        notes.error(span, format!("{old} can't be used together with {new}"), format!("turn {old} into one more {new}"));
    }
    tables.push((table, value.span()));
    tables
}

fn allowlist(keys: &Keys<'_, '_>, notes: &mut Notes<'_>) -> Option<Allowlist> {
    let n_problems = notes.problems.len();
    let description = text(keys, "description", notes);
    let condition = text(keys, "condition", notes);
    let condition = match condition.to_uppercase().as_str() {
        "AND" | "&&" => Condition::And,
        "" | "OR" | "||" => Condition::Or,
        _ => {
            let span = keys.get("condition").map(Value::span).unwrap_or_default();
            notes.error(span, format!("unknown condition `{}`", shortened(&condition)), "expected `OR` or `AND`");
            Condition::Or
        }
    };
    let target = match text(keys, "regexTarget", notes).as_str() {
        "" | "secret" => Target::Secret,
        "match" => Target::Match,
        "line" => Target::Line,
        other => {
            let span = keys.get("regexTarget").map(Value::span).unwrap_or_default();
            notes.error(span, format!("unknown target `{}`", shortened(other)), "expected `secret`, `match` or `line`");
            Target::Secret
        }
    };
    let mut strings = |name| keys.get(name).map(|value| value::strings(value, notes)).unwrap_or_default();
    let (commits, paths, regexes, stopwords) = (strings("commits"), strings("paths"), strings("regexes"), strings("stopwords"));
    if commits.is_empty() && paths.is_empty() && regexes.is_empty() && stopwords.is_empty() {
        let span = keys.first_span().unwrap_or_default();
        notes.error(span, "an allowlist needs at least one of `commits`, `paths`, `regexes`, `stopwords`", "");
    }
    let paths = joined(&paths, notes);
    let regexes = joined(&regexes, notes);
    let has_errors = notes.problems.iter().skip(n_problems).any(|problem| problem.level == super::Level::Error);
    let mut commits: Vec<String> = commits.iter().map(|(commit, ..)| lower(commit).trim().to_owned()).collect();
    let mut stopwords: Vec<String> = stopwords.iter().map(|(word, ..)| lower(word).into_owned()).collect();
    for list in [&mut commits, &mut stopwords] {
        list.sort_unstable();
        list.dedup();
    }
    // A list of which a part is unreadable would allow too much or too little.
    (!has_errors).then_some(Allowlist { description, condition, commits, paths, target, regexes, stopwords })
}

type Strings<'v, 'd> = [(String, Option<&'v Value<'d>>, Range<usize>)];

/// Checks each expression, then joins them as gitleaks does: flags of one reach into those that follow.
fn joined(patterns: &Strings<'_, '_>, notes: &mut Notes<'_>) -> Option<Pattern> {
    let (_, _, first) = patterns.first()?;
    let mut are_good = true;
    for (text, value, span) in patterns {
        are_good &= value::checked_pattern(text, *value, span.clone(), notes).is_some();
    }
    if !are_good {
        return None;
    }
    let texts: Vec<&str> = patterns.iter().map(|(text, ..)| text.as_str()).collect();
    match Pattern::parse(&format!("(?:{})", texts.join("|"))) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            notes.error(
                first.clone(),
                format!("the expressions can't be joined with `|`, as gitleaks does: {error}"),
                "close every `\\Q` with `\\E`",
            );
            None
        }
    }
}

/// `8.25.0`, `v8.25.0-rc.1`
fn min_version(value: &Value<'_>, notes: &mut Notes<'_>) {
    let Some(text) = value::string(value, notes).filter(|text| !text.is_empty()) else { return };
    let Some(wanted) = version(&text) else {
        notes.error(value.span(), format!("`{}` is no version", shortened(&text)), format!("expected one like `{GITLEAKS_VERSION}`"));
        return;
    };
    if version(GITLEAKS_VERSION).is_some_and(|known| known < wanted) {
        notes.warning(
            value.span(),
            format!("asks for gitleaks {}; followed are the semantics of {GITLEAKS_VERSION}", shortened(&text)),
            "",
        );
    }
}

/// The numbers of a version; what follows them is checked for its characters alone.
fn version(text: &str) -> Option<Vec<u64>> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (numbers, rest) = text.split_at(text.find(['-', '+']).unwrap_or(text.len()));
    if rest.len() == 1 || !rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.' | '~')) {
        return None;
    }
    let mut version: Vec<u64> = numbers.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    version.resize(version.len().max(3), 0);
    Some(version)
}
