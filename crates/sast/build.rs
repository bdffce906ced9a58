//! Packs `rules/sast/**/*.yaml` into one file that the binary carries.

#[path = "../../rules/files.rs"]
mod files;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    files::write("rules.postcard", &postcard::to_stdvec(&files::of_engine("sast")?)?)
}
