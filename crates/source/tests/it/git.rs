//! What git says: what is tracked, what is staged, what changed.

use std::fs;

use bartizan_core::{ArtifactPath, DiagnosticKind, Level, Position, Region};
use bartizan_source::{Changes, Discovery, Input, Options, SourceError, discover};

use crate::{
    repository::Repository,
    support::{Folder, look_at},
};

fn staged(repository: &Repository) -> Discovery {
    discover(&Input::Staged(repository.folder.path().to_owned()), &Options::default(), &|_| {}).unwrap()
}

fn since(repository: &Repository, revision: &str) -> Discovery {
    let input = Input::Since { root: repository.folder.path().to_owned(), revision: revision.to_owned() };
    discover(&input, &Options::default(), &|_| {}).unwrap()
}

/// Checks path, text and added lines (`new` for all) of everything that was discovered.
fn check(discovery: &Discovery, expected: &[(&str, &str, &str)]) {
    let seen = look_at(discovery, &Options::default());
    let changes = discovery.changes.as_ref().unwrap();
    let actual: Vec<_> = seen.files.iter().map(|(path, text)| (path.as_str(), text.as_str(), added(changes, path))).collect();
    let expected: Vec<_> = expected.iter().map(|&(path, text, added)| (path, text, added.to_owned())).collect();
    assert_eq!(actual, expected);
}

fn added(changes: &Changes, path: &str) -> String {
    let ranges = changes.added_lines(&path.into());
    let shown =
        ranges.iter().map(|range| if *range == (1..=u32::MAX) { "new".to_owned() } else { format!("{}-{}", range.start(), range.end()) });
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn tracked_files_are_looked_at_even_if_they_are_ignored() {
    let repository = Repository::new();
    repository.commit(&[
        (".gitignore", "*.key\nbuild/\n"),
        ("a.key", ""),
        ("build/b", ""),
        ("build/deep/c", ""),
        (".bartizanignore", "no.key\n"),
        ("no.key", ""),
    ]);
    repository.write(&[("d.key", ""), ("build/e", "")]);
    let seen = repository.folder.look();
    assert_eq!(seen.paths(), [".bartizanignore", ".gitignore", "a.key", "build/b", "build/deep/c"]);
    assert_eq!(seen.problems, []);
}

#[test]
fn what_is_staged_is_the_index_and_not_the_work_tree() {
    let repository = Repository::new();
    repository.commit(&[("same", "1\n"), ("changed", "1\n2\n3\n"), ("gone", "x\n"), ("unstaged", "1\n")]);
    repository.write(&[("changed", "1\nnew\n2\n3\n"), ("added", "a\n"), ("unstaged", "2\n")]);
    repository.git(&["add", "changed", "added"]);
    repository.git(&["rm", "-q", "gone"]);
    repository.write(&[("changed", "later\n"), ("untracked", "")]);
    let discovery = staged(&repository);
    check(&discovery, &[("added", "a\n", "new"), ("changed", "1\nnew\n2\n3\n", "2-2")]);
    assert_eq!(discovery.root, Some(fs::canonicalize(repository.folder.path()).unwrap()));
}

#[test]
fn before_the_first_commit_everything_staged_is_new() {
    let repository = Repository::new();
    repository.write(&[("a", "1\n"), ("b", "2\n")]);
    repository.git(&["add", "a"]);
    check(&staged(&repository), &[("a", "1\n", "new")]);
}

#[test]
fn nothing_staged_is_nothing_to_look_at() {
    let repository = Repository::new();
    check_nothing(&staged(&repository));
    repository.commit(&[("a", "1\n")]);
    check_nothing(&staged(&repository));
}

fn check_nothing(discovery: &Discovery) {
    assert!(discovery.files.is_empty() && discovery.diagnostics.is_empty());
    assert!(discovery.changes.is_some());
}

#[test]
fn a_staged_rename_is_no_new_line() {
    let repository = Repository::new();
    repository.commit(&[("old", "1\n2\n3\n4\n5\n6\n"), ("old2", "a\nb\nc\nd\ne\nf\n")]);
    repository.git(&["mv", "old", "new"]);
    repository.git(&["mv", "old2", "new2"]);
    repository.write(&[("new2", "a\nb\nX\nd\ne\nf\n")]);
    repository.git(&["add", "-A"]);
    let discovery = staged(&repository);
    check(&discovery, &[("new", "1\n2\n3\n4\n5\n6\n", ""), ("new2", "a\nb\nX\nd\ne\nf\n", "3-3")]);
    let changes = discovery.changes.unwrap();
    assert!(!changes.is_changed(&"new".into(), None));
    assert!(changes.is_changed(&"new2".into(), None));
}

#[test]
fn excludes_hold_for_what_is_staged() {
    let repository = Repository::new();
    repository.write(&[(".bartizanignore", "fixtures/\n"), ("fixtures/a", ""), ("node_modules/b", ""), (".gitignore", "c\n"), ("c", "")]);
    repository.git(&["add", "-A", "-f"]);
    check(&staged(&repository), &[(".bartizanignore", "fixtures/\n", "new"), (".gitignore", "c\n", "new"), ("c", "", "new")]);
}

#[test]
fn conflicts_are_reported() {
    let repository = Repository::new();
    repository.commit(&[("a", "1\n")]);
    repository.git(&["checkout", "-q", "-b", "other"]);
    repository.commit(&[("a", "2\n")]);
    repository.git(&["checkout", "-q", "main"]);
    repository.commit(&[("a", "3\n")]);
    let merge = std::panic::catch_unwind(|| repository.git(&["merge", "other"]));
    assert!(merge.is_err());
    let discovery = staged(&repository);
    assert!(discovery.files.is_empty());
    assert_eq!((discovery.diagnostics[0].kind, discovery.diagnostics[0].level), (DiagnosticKind::VersionControl, Level::Incomplete));
}

#[test]
fn since_a_revision_counts_commits_the_work_tree_and_new_files() {
    let repository = Repository::new();
    repository.commit(&[("same", "1\n"), ("committed", "1\n"), ("edited", "1\n2\n"), ("gone", "x\n"), ("reverted", "1\n")]);
    repository.git(&["tag", "base"]);
    repository.commit(&[("committed", "1\n2\n"), ("reverted", "2\n")]);
    fs::remove_file(repository.folder.join("gone")).unwrap();
    repository.write(&[
        ("edited", "0\n1\n2\n"),
        ("untracked", "u\n"),
        (".gitignore", "ignored\n"),
        ("ignored", "i\n"),
        ("reverted", "1\n"),
    ]);
    let expected =
        &[(".gitignore", "ignored\n", "new"), ("committed", "1\n2\n", "2-2"), ("edited", "0\n1\n2\n", "1-1"), ("untracked", "u\n", "new")];
    check(&since(&repository, "base"), expected);
    check(&since(&repository, "HEAD~1"), expected);
}

#[test]
fn what_the_other_branch_did_meanwhile_does_not_count() {
    let repository = Repository::new();
    repository.commit(&[("a", "1\n"), ("b", "1\n")]);
    repository.git(&["checkout", "-q", "-b", "feature"]);
    repository.commit(&[("a", "1\nfeature\n")]);
    repository.git(&["checkout", "-q", "main"]);
    repository.commit(&[("b", "main\n")]);
    repository.git(&["checkout", "-q", "feature"]);
    check(&since(&repository, "main"), &[("a", "1\nfeature\n", "2-2")]);
}

#[test]
fn a_rename_since_a_revision_is_no_new_line() {
    let repository = Repository::new();
    repository.commit(&[("old", "1\n2\n3\n4\n5\n6\n"), ("old2", "a\nb\nc\nd\ne\nf\n")]);
    fs::rename(repository.folder.join("old"), repository.folder.join("new")).unwrap();
    fs::rename(repository.folder.join("old2"), repository.folder.join("new2")).unwrap();
    repository.write(&[("new2", "a\nb\nX\nd\ne\nf\n")]);
    check(&since(&repository, "HEAD"), &[("new", "1\n2\n3\n4\n5\n6\n", ""), ("new2", "a\nb\nX\nd\ne\nf\n", "3-3")]);
}

#[test]
fn other_line_breaks_in_the_work_tree_are_no_change() {
    let repository = Repository::new();
    repository.commit(&[("a", "1\n2\n")]);
    repository.write(&[("a", "1\r\n2\r\n")]);
    check(&since(&repository, "HEAD"), &[]);
}

#[test]
fn only_the_named_folder_is_looked_at() {
    let repository = Repository::new();
    repository.commit(&[("sub/a", "1\n"), ("b", "1\n")]);
    repository.write(&[("sub/a", "2\n"), ("b", "2\n"), ("sub/c", "3\n")]);
    let input = Input::Since { root: repository.folder.join("sub"), revision: "HEAD".to_owned() };
    let discovery = discover(&input, &Options::default(), &|_| {}).unwrap();
    check(&discovery, &[("a", "2\n", "1-1"), ("c", "3\n", "new")]);
    repository.git(&["add", "-A"]);
    let discovery = discover(&Input::Staged(repository.folder.join("sub")), &Options::default(), &|_| {}).unwrap();
    check(&discovery, &[("a", "2\n", "1-1"), ("c", "3\n", "new")]);
}

#[test]
fn a_region_is_new_if_it_touches_an_added_line() {
    let repository = Repository::new();
    repository.commit(&[("a", "1\n2\n3\n4\n"), ("same", "")]);
    repository.write(&[("a", "1\n2\nX\n3\n4\n"), ("new", "1\n")]);
    let changes = since(&repository, "HEAD").changes.unwrap();
    let position = |(line, column)| Position { line, column };
    for (path, start, end, expected) in [
        ("a", (3, 1), (3, 2), true),
        ("a", (2, 1), (3, 2), true),
        ("a", (2, 1), (3, 1), false),
        ("a", (4, 1), (5, 2), false),
        ("new", (1, 1), (1, 2), true),
        ("same", (1, 1), (1, 1), false),
        ("new!/entry", (7, 1), (7, 2), true),
        ("same!/entry", (7, 1), (7, 2), false),
    ] {
        let region = Region { start: position(start), end: position(end) };
        assert_eq!(changes.is_changed(&ArtifactPath::from(path), Some(region)), expected, "{path} {region:?}");
    }
}

#[test]
fn sha256_repositories_are_read() {
    let repository = Repository::with_options(&["--object-format=sha256"]);
    repository.commit(&[("a", "1\n"), (".gitignore", "b\n"), ("b", "1\n")]);
    repository.write(&[("a", "1\n2\n")]);
    check(&since(&repository, "HEAD"), &[("a", "1\n2\n", "2-2")]);
    assert_eq!(repository.folder.look().paths(), [".gitignore", "a", "b"]);
}

#[test]
fn packed_repositories_and_linked_work_trees_are_read() {
    let repository = Repository::new();
    repository.commit(&[("a", "1\n2\n3\n"), (".gitignore", "b\n")]);
    repository.commit(&[("a", "1\n2\n3\n4\n")]);
    repository.git(&["gc", "-q"]);
    repository.git(&["pack-refs", "--all"]);
    check(&since(&repository, "HEAD~1"), &[("a", "1\n2\n3\n4\n", "4-4")]);

    let elsewhere = Folder::new();
    let linked = elsewhere.join("linked");
    repository.git(&["worktree", "add", "-q", linked.to_str().unwrap(), "-b", "linked"]);
    repository.folder.write(".git/info/exclude", b"excluded\n");
    elsewhere.write("linked/a", b"0\n1\n2\n3\n4\n");
    elsewhere.write("linked/excluded", b"");
    let input = Input::Since { root: linked, revision: "main".to_owned() };
    let discovery = discover(&input, &Options::default(), &|_| {}).unwrap();
    check(&discovery, &[("a", "0\n1\n2\n3\n4\n", "1-1")]);
}

#[test]
fn submodules_are_noted_and_not_compared() {
    let inner = Repository::new();
    inner.commit(&[("a", "1\n")]);
    let outer = Repository::new();
    outer.git(&["submodule", "--quiet", "add", inner.folder.path().to_str().unwrap(), "sub"]);
    outer.commit(&[]);
    outer.write(&[("sub/a", "2\n"), ("b", "1\n")]);
    let discovery = since(&outer, "HEAD");
    check(&discovery, &[("b", "1\n", "new")]);
    assert_eq!((discovery.diagnostics[0].kind, discovery.diagnostics[0].level), (DiagnosticKind::VersionControl, Level::Note));
    assert_eq!(outer.folder.look().paths(), [".gitmodules", "b", "sub/a"]);
}

#[test]
fn a_repositorys_configuration_decides_nothing() {
    let repository = Repository::new();
    repository.commit(&[("a", "1\n")]);
    let outside = Folder::with(&[("secret", "x\n"), ("a", "other\n")]);
    let marker = outside.join("ran");
    let run = format!("touch {}", marker.display());
    let config = format!(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = {}\n\tfsmonitor = {run}\n\tsshCommand = {run}\n\thooksPath = {}\n[filter \"x\"]\n\tclean = {run}\n\tsmudge = {run}\n[diff \"x\"]\n\ttextconv = {run}\n\tcommand = {run}\n[include]\n\tpath = {}\n",
        outside.path().display(),
        outside.path().display(),
        outside.join("secret").display(),
    );
    repository.folder.write(".git/config", config.as_bytes());
    repository.write(&[(".gitattributes", "* filter=x diff=x\n"), ("a", "1\n2\n")]);
    check(&since(&repository, "HEAD"), &[(".gitattributes", "* filter=x diff=x\n", "new"), ("a", "1\n2\n", "2-2")]);
    staged(&repository);
    repository.folder.look();
    assert!(!marker.exists());
}

#[test]
fn errors_say_what_is_missing() {
    let message = |input: Input| discover(&input, &Options::default(), &|_| {}).unwrap_err().to_string();
    let folder = Folder::new();
    assert!(
        message(Input::Staged(folder.path().to_owned())).contains("is in no git repository"),
        "{}",
        message(Input::Staged(folder.path().to_owned()))
    );

    let bare = Repository::with_options(&["--bare"]);
    let root = bare.folder.path().to_owned();
    assert!(message(Input::Since { root, revision: "HEAD".to_owned() }).contains("it is a bare repository"));

    let repository = Repository::new();
    let since = |revision: &str| message(Input::Since { root: repository.folder.path().to_owned(), revision: revision.to_owned() });
    assert!(since("HEAD").contains("no commit yet"));
    repository.commit(&[("a", "1\n")]);
    for revision in ["nowhere", "HEAD~5", "HEAD:a", "", "..", "^"] {
        assert!(since(revision).starts_with(&format!("unknown revision `{revision}`: ")), "{}", since(revision));
    }
    repository.git(&["checkout", "-q", "--orphan", "alone"]);
    repository.commit(&[("b", "1\n")]);
    assert!(since("main").contains("no common commit"), "{}", since("main"));
}

#[test]
fn a_broken_repository_is_an_error_and_no_panic() {
    let repository = Repository::new();
    repository.commit(&[("a", "1\n"), (".gitignore", "b\n")]);
    repository.write(&[("b", "x")]);
    for (file, content) in [(".git/index", "DIRC nonsense"), (".git/HEAD", "nonsense"), (".git/refs/heads/main", "nonsense")] {
        let path = repository.folder.join(file);
        let good = fs::read(&path).unwrap();
        fs::write(&path, content).unwrap();
        let error = discover(&Input::Staged(repository.folder.path().to_owned()), &Options::default(), &|_| {}).unwrap_err();
        assert!(matches!(error, SourceError::BrokenRepository { .. } | SourceError::NotARepository { .. }), "{file}: {error}");
        // A scan of the tree goes on without it, and says so if that matters.
        let seen = repository.folder.look();
        assert_eq!(seen.paths(), [".gitignore", "a"]);
        let expected = [(DiagnosticKind::VersionControl, ".git".to_owned())];
        assert_eq!(seen.problems(), if file == ".git/index" { expected.as_slice() } else { &[] });
        fs::write(&path, good).unwrap();
    }
}
