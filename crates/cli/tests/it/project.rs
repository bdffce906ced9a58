//! A folder to scan, and the command run in it with an environment of its own.

use std::{
    ffi::OsStr,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A folder to scan; beside it the home of the user who scans.
pub(crate) struct Project {
    folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A rule for tests: `tst_` and 32 hexadecimal digits.
pub(crate) const RULE: &str = r#"
id: test-token
title: Token of the tests
provider: Tests
severity: high
why: Whoever has it can run the tests.
revoke: Delete it. Then look at the log.
keywords: [tst_]
pattern: 'tst_[0-9a-f]{32}'
bad:
  - 'token = "tst_<<hex:32>>"'
  - 'TOKEN: tst_<<hex:32>>'
good:
  - 'token = "tst_<<hex:31>>"'
"#;

/// A value that the rule finds; another one for another number.
pub(crate) fn token(n: u32) -> String {
    format!("tst_{:08x}{}", n.wrapping_mul(0x9e37_79b1), "7c1e05ba93d8f642a1b0c9d8")
}

impl Project {
    pub(crate) fn new() -> Self {
        let project = Self { folder: TempDir::new().unwrap() };
        fs::create_dir_all(project.path("")).unwrap();
        fs::create_dir_all(project.home()).unwrap();
        fs::write(project.folder.path().join("rule.yaml"), RULE).unwrap();
        project
    }

    /// With files, by path and content.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let project = Self::new();
        for (path, content) in files {
            project.write(path, content);
        }
        project
    }

    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join("project").join(path)
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Outside of the project.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, path: impl AsRef<Path>) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        command.current_dir(self.path("")).env_clear().env("HOME", self.home()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Run {
        Run::of(self.command().args(arguments).output().unwrap())
    }

    pub(crate) fn run_with<A: AsRef<OsStr>>(&self, variables: &[(&str, &str)], arguments: impl IntoIterator<Item = A>) -> Run {
        Run::of(self.command().envs(variables.iter().copied()).args(arguments).output().unwrap())
    }

    pub(crate) fn run_on_input<A: AsRef<OsStr>>(&self, input: &[u8], arguments: impl IntoIterator<Item = A>) -> Run {
        let mut child = self.command().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Run::of(child.wait_with_output().unwrap())
    }

    /// `bartizan scan` with the rule of the tests, quietly, and these arguments.
    pub(crate) fn scan(&self, arguments: &[&str]) -> Run {
        let rule = self.beside("rule.yaml");
        let rule = rule.to_str().unwrap();
        self.run(["scan", "--rules", rule].iter().chain(arguments))
    }

    /// The findings of a scan, as JSON.
    pub(crate) fn findings(&self, arguments: &[&str]) -> Vec<serde_json::Value> {
        let run = self.scan(&[&["--format", "json"], arguments].concat());
        assert!(matches!(run.code, 0 | 1), "{run:?}");
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        report["findings"].as_array().unwrap().clone()
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.path(""))
            .env_clear()
            .env("HOME", self.home())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .args([
                "-c",
                "user.name=Test",
                "-c",
                "user.email=test@example.com",
                "-c",
                "commit.gpgsign=false",
                "-c",
                "init.defaultBranch=main",
            ])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// The same without line breaks where text was wrapped.
    pub(crate) fn unwrapped(self) -> Self {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { code: self.code, stdout: flat(&self.stdout), stderr: flat(&self.stderr) }
    }

    /// Asserts that standard output holds all of these texts.
    #[track_caller]
    pub(crate) fn prints(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.stdout.contains(text), "`{text}` is missing in:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        }
        self
    }

    /// Asserts that standard error holds all of these texts.
    #[track_caller]
    pub(crate) fn complains(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.stderr.contains(text), "`{text}` is missing in:\n{}", self.stderr);
        }
        self
    }
}
