//! Dockerfiles as JSON: for policies that read code and not resources.
//!
//! `{"command": {"alpine:3 as build": [{"Cmd": "run", "Value": ["apk add x"], …}]}, "args": […]}`: the commands of each stage under
//! what its `FROM` says, those before the first one under `args`. That is the shape of BuildKit's nodes in KICS.

use bartizan_core::LineIndex;
use serde_json::{Map, Value as Json, json};

use super::{
    instruction,
    lines::{self, Logical},
};

/// What a text says.
pub(crate) fn json_of(text: &str) -> Map<String, Json> {
    let index = LineIndex::new(text);
    let (mut stages, mut arguments, mut stage): (Map<String, Json>, Vec<Json>, Option<String>) = (Map::new(), Vec::new(), None);
    for logical in &lines::read(text).instructions {
        let (keyword, rest) = keyword(&logical.text);
        if keyword == "from" {
            stage = Some(rest.to_owned());
        }
        let (start, end) = (index.line(logical.range.start()), index.line(logical.range.end()));
        let command = command(logical, &keyword, start as usize, end as usize);
        match &stage {
            None if keyword == "arg" => arguments.push(command),
            None => {}
            Some(stage) => {
                let entry = stages.entry(stage.as_str()).or_insert_with(|| Json::Array(Vec::new()));
                if let Some(commands) = entry.as_array_mut() {
                    commands.push(command);
                }
            }
        }
    }
    Map::from_iter([("command".to_owned(), Json::Object(stages)), ("args".to_owned(), Json::Array(arguments))])
}

/// The first word, in small letters, and what follows it.
fn keyword(text: &str) -> (String, &str) {
    let (keyword, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (keyword.to_ascii_lowercase(), rest.trim())
}

fn command(logical: &Logical<'_>, name: &str, start: usize, end: usize) -> Json {
    let parsed = instruction::parse(logical).ok();
    let (mut flags, mut values, mut is_list, mut inner) = (Vec::new(), Vec::new(), false, String::new());
    if let Some(parsed) = &parsed {
        flags = parsed.flags.iter().map(|flag| format!("--{}={}", flag.name, flag.value)).collect();
        is_list = parsed.is_exec;
        if parsed.is_on_build {
            inner = parsed.keyword.to_ascii_lowercase();
        }
        let words = || parsed.words.iter().map(|word| word.text.clone());
        let in_order = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        values = match name {
            _ if is_list => words().collect(),
            "run" | "cmd" | "entrypoint" | "shell" | "workdir" | "user" | "stopsignal" | "maintainer" | "onbuild" => {
                vec![parsed.value.clone()]
            }
            "env" | "label" => words()
                .flat_map(|pair| {
                    let (name, value) =
                        pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap_or((pair, String::new()));
                    [name, value, "=".to_owned()]
                })
                .collect(),
            "healthcheck" => parsed
                .value
                .split_once(char::is_whitespace)
                .map_or_else(|| vec![parsed.value.clone()], |(kind, command)| vec![kind.to_owned(), command.trim().to_owned()]),
            _ => in_order(&parsed.value),
        };
    }
    json!({
        "Cmd": name,
        "SubCmd": inner,
        "Flags": flags,
        "Value": values,
        "Original": logical.text,
        "_kics_line": start,
        "EndLine": end,
        "JSON": is_list,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_stand_under_their_stage() {
        let json = json_of("ARG V=1\nFROM alpine:$V AS a\nRUN --mount=type=cache x && \\\n  y\nCMD [\"z\"]\nENV A=1 B=2\n");
        assert_eq!(json["args"][0]["Value"], json!(["V=1"]));
        let commands = &json["command"]["alpine:$V AS a"];
        assert_eq!(commands[0]["Value"], json!(["alpine:$V", "AS", "a"]));
        assert_eq!(commands[1]["Value"], json!(["x &&   y"]));
        assert_eq!((&commands[1]["_kics_line"], &commands[1]["EndLine"]), (&json!(3), &json!(4)));
        assert_eq!((&commands[2]["Value"], &commands[2]["JSON"]), (&json!(["z"]), &json!(true)));
        assert_eq!(commands[3]["Value"], json!(["A", "1", "=", "B", "2", "="]));
    }
}
