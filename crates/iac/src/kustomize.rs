//! Kustomizations, built without Kustomize.
//!
//! [`build`] takes files and a folder with a `kustomization.yaml`, and gives the resources that `kustomize build` would give, each
//! value with the file that it was written in and the patch or field that put it there. Resources and charts that are elsewhere are
//! not fetched: that is a problem. Plugins (`transformers`, `generators`, `validators`, functions) are not run; that is one, too.
//!
//! Resources come in the order in which they are named. Comments are lost.

mod field;
mod generate;
mod json_patch;
mod layer;
mod merge;
mod reference;
mod replacement;
mod resource;
mod transform;
mod tree;
mod write;

use crate::{helm::File, rendered::Rendered};

/// How deeply kustomizations may use each other.
pub const MAX_LAYERS: usize = 32;
/// How many resources there may be, those that are used twice counted twice.
pub const MAX_RESOURCES: usize = 20_000;

/// Builds the kustomization of a folder. Paths are relative to where all files are, with `/`; the folder of the root is `""`.
///
/// ```
/// use bartizan_iac::{helm::File, kustomize::build};
///
/// let files = [
///     File { path: "base/kustomization.yaml", text: "resources: [pod.yaml]\n" },
///     File { path: "base/pod.yaml", text: "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n" },
///     File { path: "prod/kustomization.yaml", text: "resources: [../base]\nnamePrefix: prod-\n" },
/// ];
/// let rendered = build(&files, "prod");
/// let document = &rendered.documents[0];
/// assert!(document.text.contains("name: prod-web"));
/// let origin = document.map.origin(document.text.find("prod-web").unwrap()).unwrap();
/// assert_eq!((origin.path, origin.cause.unwrap().name.as_str()), ("base/pod.yaml", "namePrefix"));
/// ```
#[must_use]
pub fn build(files: &[File<'_>], folder: &str) -> Rendered {
    layer::build(files, folder)
}
