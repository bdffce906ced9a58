//! Input from outside: where a redirect may lead, names and paths of files, uploads by what they begin with.

mod file_name;
mod local_path;
mod upload;

#[cfg(unix)]
pub use file_name::open_below;
pub use file_name::{check_file_name, check_relative_path};
pub use local_path::LocalPath;
pub use upload::{UploadPolicy, UploadedKind};
