//! Files that say what modules are called: `tsconfig.json` and `go.mod`.

use super::facts::{FileFacts, OutlineFacts};

/// What facts of such files are called, by the family that they are for.
pub(super) fn name_for(family: &str) -> &'static str {
    match family {
        "javascript" => "tsconfig",
        "go" => "go.mod",
        _ => "",
    }
}

/// The largest file that is read, in bytes.
const MAX_BYTES: usize = 256 << 10;

/// What a file says about modules; nothing if it is none that does.
pub(crate) fn read(file_name: &str, text: &str) -> Option<FileFacts> {
    if MAX_BYTES < text.len() {
        return None;
    }
    let is_script = file_name.ends_with(".json") && (file_name.starts_with("tsconfig") || file_name.starts_with("jsconfig"));
    let (language, aliases) = match file_name {
        "go.mod" => ("go.mod", vec![(go_module(text)?.into(), Vec::new())]),
        _ if is_script => ("tsconfig", script_paths(text)),
        _ => return None,
    };
    let outline = OutlineFacts { aliases, ..OutlineFacts::default() };
    Some(FileFacts { language: language.into(), outline, ..FileFacts::default() })
}

fn go_module(text: &str) -> Option<&str> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("module "))?;
    Some(line.trim().trim_matches('"'))
}

/// Prefixes of modules, and what they stand for, below the folder of the file.
fn script_paths(text: &str) -> Vec<(Box<str>, Vec<Box<str>>)> {
    let Ok(whole) = serde_json::from_str::<serde_json::Value>(&without_comments(text)) else { return Vec::new() };
    let options = whole.get("compilerOptions");
    let base = options.and_then(|options| options.get("baseUrl")?.as_str());
    let below = |target: &str| format!("{}/{target}", base.unwrap_or("."));
    let mut aliases = Vec::new();
    for (name, targets) in options.and_then(|options| options.get("paths")?.as_object()).into_iter().flatten() {
        let targets = targets.as_array().into_iter().flatten().filter_map(|target| target.as_str());
        let targets = targets.map(|target| below(target.trim_end_matches('*')).into_boxed_str()).collect();
        aliases.push((name.trim_end_matches('*').into(), targets));
    }
    // What is longer is more exact.
    aliases.sort_by_key(|(name, _): &(Box<str>, Vec<Box<str>>)| std::cmp::Reverse(name.len()));
    if base.is_some() {
        aliases.push(("".into(), vec![below("").into_boxed_str()]));
    }
    aliases
}

/// JSON as people write it: comments, and commas before closing brackets.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut in_string = false;
    while let Some(character) = rest.next() {
        match character {
            '\\' if in_string => {
                out.push(character);
                out.extend(rest.next());
                continue;
            }
            '"' => in_string = !in_string,
            '/' if !in_string && rest.peek() == Some(&'/') => {
                while rest.peek().is_some_and(|next| *next != '\n') {
                    rest.next();
                }
                continue;
            }
            '/' if !in_string && rest.peek() == Some(&'*') => {
                rest.next();
                let mut before = ' ';
                for next in rest.by_ref() {
                    if before == '*' && next == '/' {
                        break;
                    }
                    before = next;
                }
                continue;
            }
            '}' | ']' if !in_string => {
                let kept = out.trim_end().trim_end_matches(',').len();
                out.truncate(kept);
            }
            _ => {}
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_of_modules_are_read() {
        let text = "{ // paths\n \"compilerOptions\": { \"baseUrl\": \"./src\", \"paths\": { \"@app/*\": [\"app/*\"], }, /* end */ } }";
        let facts = read("tsconfig.base.json", text).unwrap();
        let expected: Vec<(Box<str>, Vec<Box<str>>)> =
            vec![("@app/".into(), vec!["./src/app/".into()]), ("".into(), vec!["./src/".into()])];
        assert_eq!(facts.outline.aliases, expected);
        assert_eq!(go_module("// hi\nmodule example.com/shop\n\ngo 1.22\n"), Some("example.com/shop"));
        assert!(read("package.json", "{}").is_none());
    }
}
