//! Inventories (`.ini`) and settings (`.cfg`, `.conf`) of Ansible in the shape that queries of KICS expect.
//!
//! An inventory is `{"all": {"children": {"<group>": {"hosts": {"<host>": {"<variable>": …}}}}}}`, settings are
//! `{"groups": {"<section>": {"<name>": …}}}`. Groups of groups stand beside those that are in them.

use serde_json::{Map, Number, Value as Json, json};

/// An inventory.
pub(super) fn inventory(text: &str) -> Map<String, Json> {
    let mut groups: Map<String, Json> = Map::new();
    let mut section = ("ungrouped", "");
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';'])) {
        if let Some(name) = section_of(line) {
            section = name.split_once(':').unwrap_or((name, ""));
            groups.entry(section.0).or_insert_with(|| json!({}));
            continue;
        }
        if !section.1.is_empty() {
            continue;
        }
        let mut words = line.split_whitespace();
        let Some(host) = words.next() else { continue };
        let variables = words.filter_map(|word| word.split_once('=')).map(|(name, value)| (name.to_owned(), scalar(value)));
        let variables: Map<String, Json> = variables.collect();
        if let Some(group) = groups.entry(section.0).or_insert_with(|| json!({})).as_object_mut()
            && let Some(hosts) = group.entry("hosts").or_insert_with(|| json!({})).as_object_mut()
        {
            hosts.insert(host.to_owned(), Json::Object(variables));
        }
    }
    if groups.is_empty() { Map::new() } else { Map::from_iter([("all".to_owned(), json!({ "children": groups }))]) }
}

/// Settings.
pub(super) fn settings(text: &str) -> Map<String, Json> {
    let mut sections: Map<String, Json> = Map::new();
    let mut section = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';'])) {
        if let Some(name) = section_of(line) {
            section = Some(name);
            sections.entry(name).or_insert_with(|| json!({}));
            continue;
        }
        let Some((name, value)) = line.split_once('=') else { continue };
        let value = value.split(" ;").next().unwrap_or_default().trim();
        let members = section.and_then(|section| sections.get_mut(section)).and_then(Json::as_object_mut);
        if let Some(members) = members {
            members.insert(name.trim().to_lowercase(), setting(value));
        }
    }
    if sections.is_empty() { Map::new() } else { Map::from_iter([("groups".to_owned(), Json::Object(sections))]) }
}

/// The key that leads to a place of an inventory: `all.children.tower.hosts.x` is host `x` below `[tower]`.
pub(super) fn search_key(key: &str) -> String {
    let parts: Vec<&str> = key.split('.').collect();
    match parts.as_slice() {
        [_, _, group, rest @ ..] => {
            let deeper = rest.iter().skip(1).step_by(2).take(2).map(|part| format!(".{part}"));
            format!("[{group}]{}", deeper.collect::<String>())
        }
        _ => key.to_owned(),
    }
}

fn section_of(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.split(']').next()
}

fn setting(value: &str) -> Json {
    match scalar(value) {
        Json::String(text) if text == "[]" => json!([]),
        Json::String(text) if text.contains(',') => Json::Array(text.split(',').map(|item| Json::from(item.trim())).collect()),
        other => other,
    }
}

/// A truth value as Go spells it, a number, or a text.
fn scalar(value: &str) -> Json {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => return Json::Bool(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => return Json::Bool(false),
        _ => {}
    }
    let number = value.parse::<f64>().ok().filter(|_| value.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)));
    number.and_then(Number::from_f64).map_or_else(|| Json::from(value), Json::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inventories_are_groups_of_hosts() {
        let text = "a.example\n[tower]\n1.2.3.4 port=5\n[tower:vars]\nx=1\n";
        let expected = json!({"all": {"children": {
            "tower": {"hosts": {"1.2.3.4": {"port": 5.0}}}, "ungrouped": {"hosts": {"a.example": {}}},
        }}});
        assert_eq!(Json::Object(inventory(text)), expected);
        assert_eq!(search_key("all.children.tower.hosts"), "[tower]");
        assert_eq!(search_key("all.children.tower.hosts.a"), "[tower].a");
    }

    #[test]
    fn settings_are_read_by_section() {
        let text = "# a\n[defaults]\nNo_Log = True\nroles_path = a, b\nforks=5 ; few\nempty=[]\n";
        let expected = json!({"groups": {"defaults": {"no_log": true, "roles_path": ["a", "b"], "forks": 5.0, "empty": []}}});
        assert_eq!(Json::Object(settings(text)), expected);
        assert!(settings("a = b\n").is_empty());
    }
}
