//! `[extend]`, and the checks that come after it.

use super::{
    Config, MAX_CONFIG_BYTES, Options, Problem, Rule,
    problem::{Level, Notes},
    translate::{self, Extend},
};

/// A file extends one that extends one; what that one extends is ignored.
const MAX_EXTEND_DEPTH: usize = 2;

/// Reads a file with everything that it extends.
pub(super) fn read_root(name: &str, text: &str, options: &Options<'_>, problems: &mut Vec<Problem>) -> Config {
    let mut notes = Notes::new(name, text);
    let Some((mut config, targeted)) = read(&mut notes, 0, options, problems) else {
        problems.append(&mut notes.problems);
        return Config::default();
    };
    for (targets, allowlist) in targeted {
        for (id, place) in targets {
            let Some(rule) = config.rules.get_mut(&*id) else {
                let message = format!("target rule `{}` does not exist", super::value::shortened(&id));
                problems.push(Problem {
                    place,
                    level: Level::Error,
                    rule: None,
                    message,
                    help: "check the id, and `disabledRules`".to_owned(),
                });
                continue;
            };
            rule.allowlists.push(allowlist.clone());
        }
    }
    problems.append(&mut notes.problems);
    config.rules.retain(|_, rule| is_complete(rule, problems));
    config
}

type Targeted = Vec<(Vec<(String, super::Place)>, super::Allowlist)>;

/// Reads a file; `depth` files have led to it.
fn read(notes: &mut Notes<'_>, depth: usize, options: &Options<'_>, problems: &mut Vec<Problem>) -> Option<(Config, Targeted)> {
    if MAX_CONFIG_BYTES < notes.text().len() {
        notes.error(0..0, format!("the file is larger than {MAX_CONFIG_BYTES} bytes (max-config-bytes)"), "");
        return None;
    }
    let mut file = translate::file(notes);
    let extend = &file.extend;
    if depth == MAX_EXTEND_DEPTH && (extend.use_default || extend.path.is_some()) {
        notes.warning(extend.span.clone(), format!("gitleaks follows [extend] {MAX_EXTEND_DEPTH} files deep and ignores this one"), "");
    } else if let Some(base) = base(notes, extend, depth, options, problems) {
        disable(notes, extend, &base);
        merge(&mut file.config, base, extend);
    }
    if 0 < depth {
        for (targets, _) in &file.targeted {
            let Some((_, place)) = targets.first() else { continue };
            let message = "gitleaks ignores allowlists with `targetRules` in a file that is extended".to_owned();
            notes.problems.push(Problem {
                place: place.clone(),
                level: Level::Warning,
                rule: None,
                message,
                help: "move it to the first file".to_owned(),
            });
        }
    }
    Some((file.config, file.targeted))
}

/// What a file extends.
fn base(notes: &mut Notes<'_>, extend: &Extend, depth: usize, options: &Options<'_>, problems: &mut Vec<Problem>) -> Option<Config> {
    let (name, text) = match (&extend.path, extend.use_default) {
        (None, false) => return None,
        (Some(_), true) => {
            notes.error(extend.span.clone(), "`path` and `useDefault` can't be used together", "keep one of them");
            return None;
        }
        (Some(path), false) => match (options.read_file)(path) {
            Ok(text) => (path.as_str(), text),
            Err(reason) => {
                notes.error(
                    extend.span.clone(),
                    format!("`{}` can't be read: {reason}", super::value::shortened(path)),
                    "the path is relative to the working directory",
                );
                return None;
            }
        },
        (None, true) => match options.default_config {
            Some(text) => ("gitleaks' default configuration", text.to_owned()),
            None => {
                notes.error(
                    extend.span.clone(),
                    "`useDefault` asks for gitleaks' own rules, which Bartizan doesn't contain",
                    "save gitleaks' `config/gitleaks.toml` and name it in `path`",
                );
                return None;
            }
        },
    };
    let mut notes = Notes::new(name, &text);
    let base = read(&mut notes, depth + 1, options, problems);
    problems.append(&mut notes.problems);
    base.map(|(config, _)| config)
}

fn disable(notes: &mut Notes<'_>, extend: &Extend, base: &Config) {
    for (id, span) in &extend.disabled_rules {
        if !base.rules.contains_key(id.as_str()) {
            notes.warning(span.clone(), format!("disabled rule `{}` doesn't exist in what is extended", super::value::shortened(id)), "");
        }
    }
}

fn merge(config: &mut Config, base: Config, extend: &Extend) {
    let own = std::mem::take(&mut config.rules);
    config.rules = base.rules;
    config.rules.retain(|id, _| !extend.disabled_rules.iter().any(|(disabled, _)| disabled.as_str() == &**id));
    for (id, rule) in own {
        match config.rules.remove(&id) {
            Some(base) => config.rules.insert(id, merged(base, rule)),
            None => config.rules.insert(id, rule),
        };
    }
    config.allowlists.extend(base.allowlists);
}

/// A rule over one of the same id: what it says wins, lists are joined. `required` and `skipReport` stay the base's.
fn merged(base: Rule, rule: Rule) -> Rule {
    let joined = |base: Vec<String>, own: Vec<String>| base.into_iter().chain(own).collect();
    Rule {
        description: if rule.description.is_empty() { base.description } else { rule.description },
        entropy: if rule.entropy == 0.0 { base.entropy } else { rule.entropy },
        secret_group: if rule.secret_group == 0 { base.secret_group } else { rule.secret_group },
        regex: rule.regex.or(base.regex),
        path: rule.path.or(base.path),
        keywords: joined(base.keywords, rule.keywords),
        tags: joined(base.tags, rule.tags),
        allowlists: base.allowlists.into_iter().chain(rule.allowlists).collect(),
        required: base.required,
        is_silent: base.is_silent,
        id: base.id,
        place: rule.place,
        is_broken: base.is_broken || rule.is_broken,
    }
}

/// The checks of a rule that gitleaks makes when everything is put together.
fn is_complete(rule: &Rule, problems: &mut Vec<Problem>) -> bool {
    let message = if rule.id.trim().is_empty() {
        "a rule needs an `id`".to_owned()
    } else if rule.regex.is_none() && rule.path.is_none() {
        if rule.is_broken {
            return false;
        }
        "a rule needs a `regex` or a `path`".to_owned()
    } else if let Some(n_groups) = too_few_groups(rule) {
        format!("`secretGroup` is {}, the expression has {n_groups} groups", rule.secret_group)
    } else {
        return true;
    };
    let id = Some(rule.id.to_string()).filter(|id| !id.is_empty());
    problems.push(Problem { place: rule.place.clone(), level: Level::Error, rule: id, message, help: String::new() });
    false
}

fn too_few_groups(rule: &Rule) -> Option<usize> {
    let n_groups = rule.regex.as_ref()?.n_groups();
    (i64::try_from(n_groups).unwrap_or(i64::MAX) < rule.secret_group).then_some(n_groups)
}
