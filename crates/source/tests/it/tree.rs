//! Walking: what is ignored, what is not, in which order.

use bartizan_core::DiagnosticKind;
use bartizan_source::{Input, Options, SourceError, discover};

use crate::support::{Folder, look};

fn check(files: &[(&str, &str)], expected: &[&str]) {
    let folder = Folder::with(files);
    let seen = folder.look();
    let paths: Vec<_> = seen.paths().into_iter().filter(|path| !path.ends_with("ignore")).collect();
    assert_eq!(paths, expected);
    assert_eq!(seen.problems, []);
}

/// The same, with the folder being the top of a repository that tracks nothing.
fn check_in_git(files: &[(&str, &str)], expected: &[&str]) {
    check(&[files, &EMPTY_REPOSITORY].concat(), expected);
}

const EMPTY_REPOSITORY: [(&str, &str); 3] =
    [(".git/HEAD", "ref: refs/heads/main\n"), (".git/objects/info/none", ""), (".git/refs/heads/none", "")];

#[test]
fn paths_are_sorted_by_bytes() {
    check(&[("b/a", ""), ("a-b", ""), ("a/z", ""), ("B", ""), ("c", "")], &["B", "a-b", "a/z", "b/a", "c"]);
}

#[test]
fn hidden_files_are_looked_at() {
    check(&[(".env", ""), (".github/workflows/ci.yml", "")], &[".env", ".github/workflows/ci.yml"]);
}

#[test]
fn git_ignores_in_a_repository() {
    check_in_git(
        &[(".gitignore", "*.log\n/build/\n!keep.log\n"), ("a.log", ""), ("keep.log", ""), ("build/x", ""), ("src/build/x", "")],
        &["keep.log", "src/build/x"],
    );
}

#[test]
fn gitignore_means_nothing_outside_of_a_repository() {
    check(&[(".gitignore", "*.conf\n"), ("a.conf", "")], &["a.conf"]);
}

#[test]
fn rules_of_deeper_folders_win() {
    check_in_git(&[(".gitignore", "*.key\n"), ("a/.gitignore", "!*.key\n"), ("a/x.key", ""), ("b/x.key", "")], &["a/x.key"]);
}

#[test]
fn the_repositorys_own_exclude_file_counts() {
    check_in_git(&[(".git/info/exclude", "secret\n"), ("secret", ""), ("a", "")], &["a"]);
}

#[test]
fn a_repository_in_a_repository_has_its_own_rules() {
    let inner = EMPTY_REPOSITORY.map(|(path, text)| (format!("inner/{path}"), text));
    let mut files = vec![(".gitignore", "*.log\n"), ("inner/a.log", ""), ("b.log", "")];
    files.extend(inner.iter().map(|(path, text)| (path.as_str(), *text)));
    check_in_git(&files, &["inner/a.log"]);
}

#[test]
fn a_folder_named_like_a_repository_is_none() {
    check(&[(".git/config", ""), (".gitignore", "*.conf\n"), ("a.conf", "")], &["a.conf"]);
}

#[test]
fn own_ignore_files_count_everywhere_and_more() {
    check(&[(".bartizanignore", "fixtures/\n"), ("fixtures/a", ""), ("b", "")], &["b"]);
    check_in_git(&[(".gitignore", ".env\n"), (".bartizanignore", "!.env\n"), (".env", "")], &[".env"]);
}

#[test]
fn packages_of_others_are_left_out() {
    check(
        &[("node_modules/a/index.js", ""), ("x/site-packages/y.py", ""), ("node_modules.js", ""), ("target/a", "")],
        &["node_modules.js", "target/a"],
    );
}

#[test]
fn ignore_files_and_default_excludes_can_be_turned_off() {
    let files = [(".gitignore", "*.log\n"), (".bartizanignore", "b\n"), ("a.log", ""), ("b", ""), ("node_modules/c", "")];
    let folder = Folder::with(&[files.as_slice(), &EMPTY_REPOSITORY].concat());
    let options = Options { use_ignore_files: false, default_excludes: false, ..Options::default() };
    assert_eq!(folder.look_with(&options).paths(), [".bartizanignore", ".gitignore", "a.log", "b", "node_modules/c"]);
}

#[test]
fn callers_exclude_more_or_less() {
    let folder = Folder::with(&[("a.min.js", ""), ("node_modules/b.js", ""), ("c.js", "")]);
    let options = Options { excludes: vec!["*.min.js".to_owned(), "!node_modules".to_owned()], ..Options::default() };
    assert_eq!(folder.look_with(&options).paths(), ["c.js", "node_modules/b.js"]);
}

#[test]
fn rules_above_the_root_count_up_to_the_repositorys_top() {
    let folder = Folder::with(&[(".gitignore", "*\n"), ("repo/.gitignore", "*.log\n"), ("repo/sub/a.log", ""), ("repo/sub/b", "")]);
    for (path, text) in EMPTY_REPOSITORY {
        folder.write(path, text.as_bytes());
        folder.write(&format!("repo/{path}"), text.as_bytes());
    }
    assert_eq!(look(&Input::Tree(folder.join("repo/sub")), &Options::default()).paths(), ["b"]);
}

#[test]
fn an_ignored_folder_that_is_named_is_looked_at() {
    let folder = Folder::with(&[EMPTY_REPOSITORY.as_slice(), &[(".gitignore", "build\n"), ("build/a", "")]].concat());
    assert_eq!(look(&Input::Tree(folder.join("build")), &Options::default()).paths(), ["a"]);
}

#[test]
fn a_pattern_that_is_none_is_reported_with_its_line() {
    let folder = Folder::with(&[(".bartizanignore", "*.log\n[z-a]\n"), ("a.log", "")]);
    let seen = folder.look();
    assert_eq!(seen.problems(), [(DiagnosticKind::Configuration, ".bartizanignore".to_owned())]);
    assert!(seen.problems[0].reason.starts_with("line 2: "), "{}", seen.problems[0].reason);
    assert_eq!(seen.paths(), [".bartizanignore"]);
}

#[test]
fn a_file_is_no_tree_and_nothing_is_neither() {
    let folder = Folder::with(&[("a", "")]);
    let error = |path: &str| discover(&Input::Tree(folder.join(path)), &Options::default(), &|_| {}).unwrap_err();
    assert!(matches!(error("a"), SourceError::NotADirectory { .. }));
    assert!(matches!(error("b"), SourceError::NotFound { .. }));
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let folder = Folder::new();
    for number in 0..300 {
        folder.write(&format!("{}/{}/{number}.txt", number % 7, number % 11), b"x");
    }
    let mut options = Options::default();
    options.limits.max_files = 100;
    let look = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| folder.look_with(&options))
    };
    let alone = look(1);
    assert_eq!(alone.files.len(), 100);
    assert_eq!(alone.problems()[0].0, DiagnosticKind::TooManyEntries);
    for _ in 0..5 {
        assert_eq!(look(8), alone);
    }
}

#[test]
fn progress_counts_files() {
    let folder = Folder::new();
    for number in 0..600 {
        folder.write(&format!("{number}"), b"");
    }
    let most = std::sync::atomic::AtomicUsize::new(0);
    let progress = |n_files| {
        most.fetch_max(n_files, std::sync::atomic::Ordering::Relaxed);
    };
    discover(&Input::Tree(folder.path().to_owned()), &Options::default(), &progress).unwrap();
    assert_eq!(most.into_inner(), 600);
}
