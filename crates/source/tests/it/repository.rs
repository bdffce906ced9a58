//! Git repositories for tests, made by git itself.

use std::{path::Path, process::Command};

use crate::support::Folder;

/// A folder that is a repository.
pub(crate) struct Repository {
    pub(crate) folder: Folder,
}

impl Repository {
    pub(crate) fn new() -> Self {
        Self::with_options(&[])
    }

    pub(crate) fn with_options(options: &[&str]) -> Self {
        let repository = Self { folder: Folder::new() };
        repository.git(&[&["init", "-q", "-b", "main"], options].concat());
        repository
    }

    /// Writes files and commits everything.
    pub(crate) fn commit(&self, files: &[(&str, &str)]) {
        self.write(files);
        self.git(&["add", "-A", "-f"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "change"]);
    }

    pub(crate) fn write(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            self.folder.write(path, text.as_bytes());
        }
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        run(self.folder.path(), arguments);
    }
}

/// Runs git without anybody's configuration.
fn run(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.invalid", "-c", "protocol.file.allow=always"];
    let output = Command::new("git")
        .current_dir(folder)
        .args(identity)
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
