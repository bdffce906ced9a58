//! What templates printed, as documents with a map back to files.

use std::sync::Arc;

use bartizan_core::ByteRange;

use super::{Work, each_chart, keys::Causes, load::Chart};
use crate::helm::value::Key;
use crate::{
    helm::text::{FileId, Mark, Origin, Text, Writer},
    rendered::{Document, Rendered, SourceMap, Span},
};

/// Cuts what a template printed into documents.
pub(super) fn documents(work: &Work, file: FileId, text: &Text, rendered: &mut Rendered) {
    let Some(path) = work.paths.get(file.0 as usize) else { return };
    let mut causes = Causes::new();
    for range in ranges(text.as_str()) {
        let mut writer = Writer::default();
        writer.part(text, range);
        let (text, marks) = writer.into_parts();
        let spans = marks.iter().filter_map(|mark| span(work, mark, &mut causes)).collect();
        rendered.documents.push(Document { path: Arc::clone(path), text, map: SourceMap::new(spans) });
    }
}

fn span(work: &Work, mark: &Mark, causes: &mut Causes) -> Option<Span> {
    let Origin { file, start, end, key, is_copy } = mark.origin;
    let path = work.paths.get(file?.0 as usize)?;
    let cause = work.keys.cause(key, &work.paths, causes);
    Some(Span { at: mark.at, path: Arc::clone(path), range: ByteRange::new(start as usize, end as usize), is_copy, cause })
}

/// Where documents stand that have more than comments.
fn ranges(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut at, mut has_content) = (0, 0, false);
    for line in text.split_inclusive('\n') {
        let is_separator = line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        if is_separator {
            if has_content {
                found.push(start..at);
            }
            // A document may begin behind the dashes.
            let rest = line.get(3..).unwrap_or_default();
            let is_bare = rest.trim().is_empty() || rest.trim().starts_with('#');
            start = if is_bare { at + line.len() } else { at + 3 };
            has_content = !is_bare;
        } else {
            let line = line.trim();
            has_content |= !line.is_empty() && !line.starts_with('#');
        }
        at += line.len();
    }
    if has_content {
        found.push(start..text.len());
    }
    found
}

/// Adds the definitions in `crds/`, which are no templates.
pub(super) fn crds(work: &Work, chart: &Chart, rendered: &mut Rendered) {
    let mut charts = Vec::new();
    each_chart(chart, &mut charts);
    for file in charts.iter().flat_map(|chart| &chart.crds) {
        let Some(source) = work.machine.sources.get(file.0 as usize) else { continue };
        let text = source.text.as_str();
        let mut writer = Writer::default();
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        writer.push_from(text, Origin { file: Some(*file), start: 0, end, key: Key::NONE, is_copy: true });
        documents(work, *file, &writer.finish(), rendered);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_cut_at_dashes() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = ranges(text).into_iter().filter_map(|range| text.get(range)).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("a: 1\n---\nb: 2\n", &["a: 1\n", "b: 2\n"]);
        check("---\n# only this\n---\n\na: 1\n--- # x\n", &["\na: 1\n"]);
        check("a: |\n  ---\n", &["a: |\n  ---\n"]);
    }
}
