//! Places as people read them.

use bartizan_core::{Location, Report};

/// `path:line`, or the path alone where the artifact as a whole is meant.
pub(crate) fn short(location: &Location) -> String {
    match location.region() {
        Some(region) => format!("{}:{}", path(location), region.start.line),
        None => path(location),
    }
}

/// `path:line:column`, likewise.
pub(crate) fn exact(location: &Location) -> String {
    match location.region() {
        Some(region) => format!("{}:{}:{}", path(location), region.start.line, region.start.column),
        None => path(location),
    }
}

/// The path, with everything that has no shape escaped; a dot for the root itself.
pub(crate) fn path(location: &Location) -> String {
    let path = location.artifact.to_string();
    crate::visible::visible_line(if path.is_empty() { "." } else { &path }).into_owned()
}

/// What a report is about, for a title. Of an absolute path the last part alone: the others are about the machine.
pub(crate) fn title(report: &Report) -> String {
    let target = report.target.trim_end_matches(['/', '\\']);
    let is_absolute = target.starts_with(['/', '\\', '~']) || target.chars().nth(1) == Some(':');
    let shown = if is_absolute { target.rsplit(['/', '\\']).next().unwrap_or_default() } else { target };
    let shown = shown.strip_prefix("./").unwrap_or(shown);
    crate::visible::visible_line(if shown.is_empty() { "." } else { shown }).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_does_not_tell_where_on_the_machine() {
        for (target, title_of_it) in [
            ("/home/ada/src/shop/", "shop"),
            ("C:\\Users\\ada\\shop", "shop"),
            ("~/shop", "shop"),
            ("services/shop", "services/shop"),
            ("./shop", "shop"),
            (".", "."),
            ("/", "."),
            ("", "."),
            ("a\nb", "a\\nb"),
        ] {
            assert_eq!(title(&Report { target: target.to_owned(), ..Report::default() }), title_of_it, "{target}");
        }
    }
}
