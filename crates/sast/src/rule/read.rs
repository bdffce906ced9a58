//! Reads rule files: YAML becomes rules, everything else becomes problems.

mod ast_grep;
mod condition;
mod formula;
mod formula_v2;
mod metadata;
mod models;
mod options;
mod taint;

use bartizan_core::RuleId;

pub use self::models::read_models;

use super::{
    FixRegex, Formula, LanguageName, Level, Mode, Options, Parsed, Paths, RuleText, SastRule, Span, Version,
    problem::{Notes, Problem, ProblemLevel, did_you_mean, shortened},
    yaml::{self, Field, File, Keys, Shape, Yaml},
};
use crate::regex;

/// Reads the rules of a file in Semgrep's format, ours included.
///
/// The file is a map with the key `rules`, or the list itself; of several documents all are read. Every rule that has an error
/// is left out, the others are there.
///
/// ```
/// let text = "rules: [{id: no-eval, languages: [python], severity: HIGH, message: eval, pattern: eval(...)}]";
/// let parsed = bartizan_sast::rule::read(text);
/// assert_eq!(parsed.rules[0].id.as_str(), "no-eval");
/// assert!(parsed.problems.is_empty());
/// ```
#[must_use]
pub fn read(text: &str) -> Parsed {
    let file = yaml::parse(text);
    let mut notes = Notes::default();
    for problem in &file.problems {
        notes.error(problem.span, problem.message.clone(), problem.help.clone());
    }
    let mut rules = Vec::new();
    let mut is_rule_file = file.roots.is_empty();
    for (index, &root) in file.roots.iter().enumerate() {
        let is_cut = file.is_cut && index + 1 == file.roots.len();
        is_rule_file |= document(&file, file.value(root), is_cut, &mut rules, &mut notes);
    }
    notes.problems.sort();
    notes.problems.dedup();
    Parsed { rules, problems: notes.problems, is_rule_file }
}

/// Reads one document; returns whether it says that it holds rules.
fn document<'f>(file: &'f File<'f>, root: Yaml<'f>, is_cut: bool, rules: &mut Vec<SastRule>, notes: &mut Notes) -> bool {
    let items: Vec<Yaml<'f>> = match root.shape() {
        Shape::Nothing => return true,
        Shape::List => {
            let items: Vec<_> = root.items().into_iter().flatten().collect();
            let is_rule =
                |item: &Yaml<'_>| item.entries().into_iter().flatten().any(|(key, _)| matches!(key.text(), Some("id" | "languages")));
            if !items.is_empty() && !items.iter().any(is_rule) {
                notes.error(root.span().first(), "the list holds no rules", "every rule has an `id` and `languages`");
                return false;
            }
            items
        }
        Shape::Scalar | Shape::Map => {
            let Some(mut keys) = Keys::of(root, "a rule file", notes) else { return false };
            if !keys.has("rules") && keys.has("rule") && keys.has("language") {
                if let Some(rule) = sound(file, root, notes, |notes| ast_grep::rule(keys, notes)) {
                    rules.push(rule);
                }
                return true;
            }
            let Some(list) = keys.take("rules") else {
                if !is_cut {
                    let misspelt = keys.rest().find(|field| did_you_mean(field.name, &["rules"]).is_some());
                    let (span, help) =
                        misspelt.map_or((root.span().first(), "add `rules: […]`"), |field| (field.key, "did you mean `rules`?"));
                    notes.error(span, "the file has no `rules`", help);
                }
                return false;
            };
            let items = if list.value.shape() == Shape::Nothing { None } else { list.items(notes) };
            keys.finish("a rule file", notes);
            items.into_iter().flatten().collect()
        }
    };
    let n_items = items.len();
    for (index, item) in items.into_iter().enumerate() {
        let n_problems = notes.problems.len();
        match sound(file, item, notes, |notes| rule(item, notes)) {
            Some(rule) => rules.push(rule),
            // What is missing in the last rule before an error of YAML stands behind the error.
            None if is_cut && index + 1 == n_items => notes.problems.truncate(n_problems),
            None => {}
        }
    }
    true
}

/// Reads a rule; nothing if there is an error in it.
fn sound<'f>(
    file: &'f File<'f>,
    value: Yaml<'f>,
    notes: &mut Notes,
    read: impl FnOnce(&mut Notes) -> Option<SastRule>,
) -> Option<SastRule> {
    let n_errors = notes.n_errors;
    let rule = read(notes);
    notes.rule = None;
    let is_sound = notes.n_errors == n_errors && !file.problems.iter().any(|problem| value.span().contains(problem.span));
    rule.filter(|_| is_sound)
}

/// What is known while a rule is read.
struct Cx<'n> {
    notes: &'n mut Notes,
    /// The language of patterns.
    language: LanguageName,
    /// Whether this is below `metavariable-pattern`, where negations may stand alone.
    in_metavariable_pattern: bool,
}

/// Keys of rules that are understood and have no effect.
const WITHOUT_EFFECT: [(&str, &str); 2] =
    [("equivalences", "equivalences are not applied"), ("validators", "Bartizan sends nothing to anybody to validate a finding")];

/// Reads one rule; what is wrong is in `notes`.
fn rule(value: Yaml<'_>, notes: &mut Notes) -> Option<SastRule> {
    let mut keys = Keys::of(value, "a rule", notes)?;
    let id = id(&mut keys, notes);

    // A rule for another version may have keys that this one doesn't know.
    let min_version = version(keys.take("min-version"), notes);
    let max_version = version(keys.take("max-version"), notes);
    if let Some(reason) = incompatible(min_version, max_version) {
        notes.note(value.span().first(), reason, format!("Bartizan reads rules as Semgrep {} does", Version::COMPATIBLE));
        return None;
    }

    let options = keys.take("options").map_or_else(|| Some(Options::default()), |field| options::read(field, notes));
    let mode = mode_name(&mut keys, notes);
    let is_run = matches!(mode, ModeName::Search | ModeName::Taint);
    let languages = languages(&mut keys, is_run, options.as_ref(), notes);
    let mut cx = Cx {
        language: languages.as_ref().and_then(|languages| languages.first().copied()).unwrap_or(LanguageName::Generic),
        in_metavariable_pattern: false,
        notes,
    };
    let mode = match mode {
        ModeName::Search => search(&mut keys, &mut cx).map(Mode::Search),
        ModeName::Taint => taint::read(&mut keys, &mut cx).map(Mode::Taint),
        ModeName::Join => Some(Mode::Join),
        ModeName::Extract => Some(Mode::Extract),
        ModeName::Steps => Some(Mode::Steps),
        ModeName::SupplyChain => Some(Mode::SupplyChain),
        ModeName::Unknown => None,
    };
    let message = if is_run { keys.need("message", "the rule", notes) } else { keys.take("message") };
    let message = message.map_or_else(|| Some(RuleText::detached("")), |field| field.rule_text(notes));
    let severity = if is_run { keys.need("severity", "the rule", notes) } else { keys.take("severity") };
    let severity = severity.map_or(Some(Level::Info), |field| level(field, notes));
    let metadata = keys.take("metadata").map(|field| metadata::read(field, notes)).unwrap_or_default();
    let paths = keys.take("paths").and_then(|field| paths(field, notes)).unwrap_or_default();
    let fix = keys.take("fix").and_then(|field| field.rule_text(notes)).map(RuleText::trimmed);
    let fix_regex = keys.take("fix-regex").and_then(|field| fix_regex(field, notes));
    for (name, reason) in WITHOUT_EFFECT {
        if let Some(field) = keys.take(name) {
            notes.warning(field.key, format!("`{name}` has no effect"), reason);
        }
    }
    if is_run {
        keys.finish("a rule", notes);
    } else {
        keys.ignore_rest();
    }
    Some(SastRule {
        id: id?,
        languages: languages?,
        message: message?,
        severity: severity?,
        mode: mode?,
        paths,
        options: options?,
        fix,
        fix_regex,
        metadata,
        min_version,
        max_version,
        span: value.span(),
    })
}

fn id(keys: &mut Keys<'_>, notes: &mut Notes) -> Option<RuleId> {
    let field = keys.need("id", "the rule", notes)?;
    let text = field.text(notes)?;
    notes.rule = Some(shortened(text));
    match text.parse() {
        Ok(id) => Some(id),
        Err(error) => {
            notes.error(field.value.span(), error.to_string(), "use lower-case words joined by hyphens");
            None
        }
    }
}

fn version(field: Option<Field<'_>>, notes: &mut Notes) -> Option<Version> {
    let field = field?;
    match field.text(notes)?.parse() {
        Ok(version) => Some(version),
        Err(error) => {
            notes.error(field.value.span(), format!("`{}`: {error}", field.name), "write it as `1.100.0`");
            None
        }
    }
}

fn incompatible(min: Option<Version>, max: Option<Version>) -> Option<String> {
    if let Some(min) = min.filter(|&min| Version::COMPATIBLE < min) {
        return Some(format!("the rule is left out: it asks for Semgrep {min} or newer"));
    }
    let max = max.filter(|&max| max < Version::COMPATIBLE)?;
    Some(format!("the rule is left out: it asks for Semgrep {max} or older"))
}

/// What a rule's keys say about its mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ModeName {
    Search,
    Taint,
    Join,
    Extract,
    Steps,
    SupplyChain,
    Unknown,
}

fn mode_name(keys: &mut Keys<'_>, notes: &mut Notes) -> ModeName {
    const MODES: [&str; 6] = ["search", "taint", "join", "extract", "step", "steps"];
    let field = keys.take("mode");
    if keys.has("r2c-internal-project-depends-on") {
        return ModeName::SupplyChain;
    }
    let Some(field) = field else {
        return match () {
            () if keys.has("taint") => ModeName::Taint,
            () if keys.has("steps") => ModeName::Steps,
            () if keys.has("extract") => ModeName::Extract,
            () if keys.has("join") => ModeName::Join,
            () => ModeName::Search,
        };
    };
    match field.text(notes) {
        Some("search") if keys.has("taint") => ModeName::Taint,
        Some("search") => ModeName::Search,
        Some("taint") => ModeName::Taint,
        Some("join") => ModeName::Join,
        Some("extract") => ModeName::Extract,
        Some("step" | "steps") => ModeName::Steps,
        Some(other) => {
            let help = did_you_mean(other, &MODES).unwrap_or_else(|| "expected `search` or `taint`".to_owned());
            notes.error(field.value.span(), format!("unknown mode `{}`", shortened(other)), help);
            ModeName::Unknown
        }
        None => ModeName::Unknown,
    }
}

/// Reads `languages`; for rules that aren't run they may be missing.
fn languages(keys: &mut Keys<'_>, is_run: bool, options: Option<&Options>, notes: &mut Notes) -> Option<Vec<LanguageName>> {
    let field = match keys.take("language") {
        Some(field) => field,
        None if is_run => keys.need("languages", "the rule", notes)?,
        None => match keys.take("languages") {
            Some(field) => field,
            None => return Some(Vec::new()),
        },
    };
    let texts = field.text_or_texts(notes)?;
    let mut languages = Vec::with_capacity(texts.len());
    for text in &texts {
        let Some(language) = language(text, notes) else { continue };
        if language.is_text() && 1 < texts.len() {
            notes.error(text.span, format!("`{}` stands beside other languages", text.as_str()), "make one rule for each");
            continue;
        }
        let is_aliengrep = language == LanguageName::Generic && options.is_some_and(Options::is_aliengrep);
        let language = if is_aliengrep { LanguageName::Aliengrep } else { language };
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    if texts.is_empty() {
        notes.error(field.value.span(), format!("`{}` names nothing", field.name), "name a language: `[python]`");
    }
    Some(languages).filter(|languages| !languages.is_empty())
}

fn language(text: &RuleText, notes: &mut Notes) -> Option<LanguageName> {
    let language = LanguageName::from_name(text.as_str());
    if language.is_none() {
        let help = did_you_mean(text.as_str(), LanguageName::NAMES).unwrap_or_default();
        notes.error(text.span, format!("unknown language `{}`", shortened(text.as_str())), help);
    }
    language
}

fn level(field: Field<'_>, notes: &mut Notes) -> Option<Level> {
    let text = field.text(notes)?;
    let level = Level::from_name(text);
    if level.is_none() {
        let names = Level::ALL.map(Level::as_str);
        let help = did_you_mean(text, &names).unwrap_or_else(|| format!("expected one of {}", names.join(", ")));
        notes.error(field.value.span(), format!("unknown severity `{}`", shortened(text)), help);
    }
    level
}

fn paths(field: Field<'_>, notes: &mut Notes) -> Option<Paths> {
    let mut keys = Keys::of(field.value, "`paths`", notes)?;
    let mut globs = |name| keys.take(name).and_then(|field: Field<'_>| field.texts(notes)).unwrap_or_default();
    let paths = Paths { include: globs("include"), exclude: globs("exclude") };
    keys.finish("`paths`", notes);
    Some(paths)
}

fn fix_regex(field: Field<'_>, notes: &mut Notes) -> Option<FixRegex> {
    let mut keys = Keys::of(field.value, "`fix-regex`", notes)?;
    let expression = keys.need("regex", "`fix-regex`", notes).and_then(|field| regex_text(field, notes));
    let replacement = keys.need("replacement", "`fix-regex`", notes).and_then(|field| field.rule_text(notes));
    let count = keys.take("count").map(|field| field.count(notes));
    keys.finish("`fix-regex`", notes);
    Some(FixRegex { regex: expression?, replacement: replacement?, count: count.flatten() })
}

/// A regular expression that can be compiled.
fn regex_text(field: Field<'_>, notes: &mut Notes) -> Option<RuleText> {
    let text = field.rule_text(notes)?;
    check_regex(&text, notes).then_some(text)
}

fn check_regex(text: &RuleText, notes: &mut Notes) -> bool {
    let Err(error) = regex::check(text.as_str()) else { return true };
    let (line, column) = text.place(error.offset);
    let span = Span { line, column, ..text.span };
    notes.error(span, format!("`{}` is no regular expression: {}", shortened(text.as_str()), error.message), "");
    false
}

/// Reads what a rule without `mode` looks for.
fn search(keys: &mut Keys<'_>, cx: &mut Cx<'_>) -> Option<Formula> {
    let formula = match keys.take("match") {
        Some(field) => formula_v2::read(field.value, field.key, cx),
        None => formula::one_of(keys, "the rule", cx),
    };
    formula.filter(|formula| is_positive(formula, cx.notes))
}

/// Whether there is something that a formula finds; a message if it only takes away.
fn is_positive(formula: &Formula, notes: &mut Notes) -> bool {
    if formula.is_negative() {
        notes.error(formula.span, "a negation here takes away from nothing", "put it beside a pattern: below `patterns`, or `all`");
    }
    !formula.is_negative()
}

impl Problem {
    /// Whether the rule can't be used because of it.
    #[must_use]
    pub const fn is_error(&self) -> bool {
        matches!(self.level, ProblemLevel::Error)
    }
}

#[cfg(test)]
mod tests;
