//! Files of the project, and of no other place: what lies outside of it is not known.

use globset::{GlobBuilder, GlobMatcher};

use super::{Call, Function, lenient, strict};
use crate::{Cause, Kind, Value, project::joined};

/// So many files may be listed.
const MAX_FILES: usize = 10_000;

pub(super) static FUNCTIONS: &[Function] = &[
    strict("abspath", |call| runtime(call, "the folder of the project")),
    strict("basename", |call| {
        call.made_text(call.text(0).map(|path| path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()))
    }),
    strict("dirname", |call| {
        let folder = |path: &str| path.trim_end_matches('/').rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned();
        call.made_text(call.text(0).map(|path| folder(&path)))
    }),
    strict("pathexpand", |call| {
        call.argument(0)
            .filter(|path| path.text().is_some_and(|path| !path.starts_with('~')))
            .cloned()
            .unwrap_or_else(|| runtime(call, "the home folder"))
    }),
    strict("file", |call| content(call).map_or_else(|unknown| unknown, |text| Value::of_text(text, call.at))),
    strict("fileexists", |call| match path(call) {
        Some(path) => Value::new(Kind::Boolean(exists(call, &path)), call.at),
        None => runtime(call, "a file outside of the project"),
    }),
    strict("fileset", files),
    lenient("templatefile", |call| match (content(call), call.argument(1)) {
        (Ok(text), Some(names)) => call.evaluator.rendered(text, names, call.at, call.scope),
        (Err(unknown), _) => unknown,
        (Ok(_), None) => call.invalid("an argument is missing"),
    }),
    lenient("templatestring", |call| match (call.text(0), call.argument(1)) {
        (Some(text), Some(names)) => call.evaluator.rendered(&text, names, call.at, call.scope),
        _ => call.invalid("arguments are missing"),
    }),
    lenient("filebase64", |call| runtime(call, "the bytes of a file")),
    lenient("filebase64sha256", |call| runtime(call, "the hash of a file")),
    lenient("filebase64sha512", |call| runtime(call, "the hash of a file")),
    lenient("filemd5", |call| runtime(call, "the hash of a file")),
    lenient("filesha1", |call| runtime(call, "the hash of a file")),
    lenient("filesha256", |call| runtime(call, "the hash of a file")),
    lenient("filesha512", |call| runtime(call, "the hash of a file")),
];

fn runtime(call: &Call<'_, '_>, what: &str) -> Value {
    Value::unknown(Cause::Runtime(what.into()), call.at)
}

/// The path in the project that the first argument names. `path.module` is a path from the project's root already; others are
/// read from the root module's folder, as when the command runs there.
fn path(call: &Call<'_, '_>) -> Option<String> {
    let given = call.text(0)?;
    if given.starts_with('/') || given.starts_with('~') {
        return None;
    }
    let folder = call.scope.instance.code.folder.as_str();
    let is_from_root =
        !folder.is_empty() && given.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || folder.is_empty();
    joined(if is_from_root { "" } else { call.scope.instance.root }, &given)
}

fn exists(call: &Call<'_, '_>, path: &str) -> bool {
    call.evaluator.project.paths.binary_search_by(|known| known.as_str().unwrap_or_default().cmp(path)).is_ok()
}

/// The text of the file that the first argument names; or what is not known.
fn content<'c>(call: &Call<'c, '_>) -> Result<&'c str, Value> {
    let Some(path) = path(call) else { return Err(runtime(call, "a file outside of the project")) };
    let file = call.evaluator.project.files.iter().find(|file| file.path.as_str() == Some(&path)).filter(|file| !file.text.is_empty());
    match file {
        Some(file) => Ok(file.text),
        None if exists(call, &path) => Err(runtime(call, &format!("the content of `{path}`"))),
        None => Err(Value::unknown(Cause::Missing(path.into()), call.at)),
    }
}

fn files(call: &Call<'_, '_>) -> Value {
    let matcher =
        |pattern: &str| -> Option<GlobMatcher> { Some(GlobBuilder::new(pattern).literal_separator(true).build().ok()?.compile_matcher()) };
    let Some((folder, matcher)) = path(call).zip(call.text(1).and_then(|pattern| matcher(&pattern))) else {
        return runtime(call, "files outside of the project");
    };
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let found = call.evaluator.project.paths.iter().filter_map(|path| path.as_str()?.strip_prefix(prefix.as_str()));
    let found: Vec<Value> =
        found.filter(|path| matcher.is_match(path)).take(MAX_FILES + 1).map(|path| Value::of_text(path, call.at)).collect();
    if MAX_FILES < found.len() {
        return Value::unknown(Cause::Limit("max-files".into()), call.at);
    }
    Value::new(Kind::List(found.into()), call.at)
}
