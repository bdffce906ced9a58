//! Helm charts, rendered without Helm.
//!
//! [`render`] takes a chart's files and gives the documents that `helm template` would give, each with a map back to its templates and
//! to the keys of the values. It follows Helm 4.2 with Sprig 3.3 and Go 1.26; numbers in values are floats, as they are there.
//! Nothing is fetched and no cluster is asked: `lookup` finds nothing, a dependency that is not in `charts/` is a problem, what should
//! be random is always the same. A chart is hostile until proved otherwise: steps, bytes and nesting have limits. Rendering recurses
//! within them: the caller's stack has 8 MiB or more.
//!
//! Deliberately absent: `values.schema.json` (what it refuses is rendered here), hooks' order, `NOTES.txt`.

mod chart;
mod data;
mod failure;
mod format;
mod function;
mod machine;
mod object;
mod pattern;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod value;

use crate::rendered::Rendered;

pub use self::machine::{MAX_BYTES, MAX_DEPTH, MAX_HELD, MAX_STEPS};

/// The version of Kubernetes that charts see unless told otherwise.
pub const DEFAULT_KUBE_VERSION: &str = "v1.36.0";

/// A file: its path below the chart's folder, with `/`, and its text.
///
/// Files of a packed chart in `charts/` come as `charts/name-1.0.tgz/name/…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File<'t> {
    /// The path.
    pub path: &'t str,
    /// The text; bytes that are no UTF-8 are replaced by the caller.
    pub text: &'t str,
}

/// How a chart is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// `.Release.Name`.
    pub release: String,
    /// `.Release.Namespace`.
    pub namespace: String,
    /// `.Capabilities.KubeVersion`.
    pub kube_version: String,
    /// What `.Capabilities.APIVersions` has besides what is built into that version.
    pub api_versions: Vec<String>,
    /// What `now` gives, in seconds since 1970.
    pub now_seconds: i64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            release: "release-name".to_owned(),
            namespace: "default".to_owned(),
            kube_version: DEFAULT_KUBE_VERSION.to_owned(),
            api_versions: Vec::new(),
            now_seconds: 0,
        }
    }
}

/// Renders a chart with its own values and others, of which later ones win.
///
/// ```
/// use bartizan_iac::helm::{File, Options, render};
///
/// let files = [
///     File { path: "Chart.yaml", text: "apiVersion: v2\nname: web\nversion: 1.0.0\n" },
///     File { path: "values.yaml", text: "port: 80\n" },
///     File { path: "templates/service.yaml", text: "kind: Service\nport: {{ .Values.port }}\n" },
/// ];
/// let rendered = render(&files, &[File { path: "prod.yaml", text: "port: 443\n" }], &Options::default());
/// let document = &rendered.documents[0];
/// assert_eq!(document.text, "kind: Service\nport: 443\n");
/// let origin = document.map.origin(document.text.find("443").unwrap()).unwrap();
/// assert_eq!(origin.path, "templates/service.yaml");
/// assert_eq!(origin.cause.unwrap().name, "port");
/// ```
#[must_use]
pub fn render(chart: &[File<'_>], values: &[File<'_>], options: &Options) -> Rendered {
    chart::render(chart, values, options)
}
