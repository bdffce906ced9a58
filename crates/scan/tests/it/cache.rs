//! Results of earlier scans: used where nothing changed, and nowhere else.

use std::{fs, path::PathBuf};

use bartizan_scan::{Outcome, Request, scan};

use crate::support::{Toy, Tree, cache, diagnostics, findings};

struct Cached {
    tree: Tree,
    folder: tempfile::TempDir,
}

impl Cached {
    fn new(files: &[(&str, &str)]) -> Self {
        Self { tree: Tree::new(files), folder: tempfile::tempdir().unwrap() }
    }

    /// Scans with the cache; says how many files were shown to the engine.
    fn scan(&self, toy: &Toy) -> (Outcome, usize) {
        let before = toy.n_visits();
        let outcome = scan(Request { cache: Some(cache(self.folder.path().to_owned())), ..self.tree.request(toy.clone()) }, &()).unwrap();
        (outcome, toy.n_visits() - before)
    }

    fn packs(&self) -> Vec<PathBuf> {
        let is_pack = |path: &PathBuf| path.is_file();
        let folders = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
        folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())).filter(is_pack).collect()
    }
}

const FILES: &[(&str, &str)] = &[("a", "hunter1"), ("b", "eval("), ("c", "nothing"), ("d.skip", "x"), ("CODEOWNERS", "* @all\n")];

#[test]
fn an_unchanged_tree_is_not_looked_at_again_and_gives_the_same_report() {
    let cached = Cached::new(FILES);
    let toy = Toy::default();
    let (first, n_visits) = cached.scan(&toy);
    assert_eq!((n_visits, first.n_cached), (4, 0));
    let (second, n_visits) = cached.scan(&toy);
    assert_eq!((n_visits, second.n_cached), (0, 5));
    assert_eq!(second.report, first.report);
    assert_eq!(first.report, cached.tree.scan().report);
    assert_eq!(cached.packs().len(), 1);
}

#[test]
fn marks_that_suppress_nothing_are_remembered() {
    let cached = Cached::new(&[("a", "hunter1 # bartizan:ignore[eval-used] r\n"), ("b", "eval( # bartizan:ignore[eval-used] r\n")]);
    let toy = Toy::default();
    for expected in [2, 0] {
        let (outcome, n_visits) = cached.scan(&toy);
        assert_eq!(n_visits, expected);
        assert_eq!(diagnostics(&outcome.report), ["note suppression a:1 `bartizan:ignore[eval-used]` suppresses nothing"]);
    }
}

#[test]
fn changed_new_and_removed_files_are_seen() {
    let cached = Cached::new(FILES);
    let toy = Toy::default();
    cached.scan(&toy);
    cached.tree.write("b", "geheim1");
    cached.tree.write("e", "hunter1");
    fs::remove_file(cached.tree.path().join("c")).unwrap();
    let (outcome, n_visits) = cached.scan(&toy);
    assert_eq!(findings(&outcome.report), ["high named-password b:1 [@all]", "high weak-password a:1,e:1 [@all]"]);
    assert_eq!(n_visits, 2);
    assert_eq!(cached.scan(&toy).1, 0);
}

#[test]
fn a_file_with_the_old_content_and_another_time_is_read_and_not_analyzed() {
    let cached = Cached::new(FILES);
    let toy = Toy::default();
    let (first, _) = cached.scan(&toy);
    for (path, text) in FILES {
        cached.tree.write(path, text);
    }
    let (second, n_visits) = cached.scan(&toy);
    assert_eq!((n_visits, second.report), (0, first.report));
}

#[test]
fn a_change_that_leaves_size_and_modification_time_alone_is_seen() {
    let cached = Cached::new(&[("a", "hunter1")]);
    let toy = Toy::default();
    cached.scan(&toy);
    let path = cached.tree.path().join("a");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    cached.tree.write("a", "geheim1");
    fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    assert_eq!(findings(&cached.scan(&toy).0.report), ["high named-password a:1"]);
}

#[test]
fn a_file_that_changed_just_now_is_compared_by_content() {
    let cached = Cached::new(&[("a", "hunter1")]);
    let toy = Toy::default();
    // Seen by a clock that is not an hour ahead, the file has not settled.
    let now = std::time::SystemTime::UNIX_EPOCH;
    let scan = || {
        let settings = bartizan_scan::CacheSettings { now, ..cache(cached.folder.path().to_owned()) };
        scan(Request { cache: Some(settings), ..cached.tree.request(toy.clone()) }, &()).unwrap()
    };
    scan();
    assert_eq!((scan().n_cached, toy.n_visits()), (1, 1));
    cached.tree.write("a", "geheim1");
    assert_eq!(findings(&scan().report), ["high named-password a:1"]);
}

#[test]
fn other_rules_limits_and_engines_have_results_of_their_own() {
    let cached = Cached::new(FILES);
    cached.scan(&Toy::default());
    let newer = Toy { version: 2, ..Toy::default() };
    assert_eq!(cached.scan(&newer).1, 4);
    assert_eq!(cached.scan(&newer).1, 0);
    assert_eq!(cached.packs().len(), 2);

    let scan = |change: &dyn Fn(&mut Request<'static>)| {
        let toy = Toy::default();
        let mut request = Request { cache: Some(cache(cached.folder.path().to_owned())), ..cached.tree.request(toy.clone()) };
        change(&mut request);
        scan(request, &()).unwrap();
        toy.n_visits()
    };
    assert_eq!(scan(&|_| ()), 0);
    assert_eq!(scan(&|request| request.source.limits.max_file_bytes = 1000), 4);
    assert_eq!(scan(&|request| request.build = b"another".to_vec()), 4);
    assert_eq!(scan(&|request| request.tool.version = "2".to_owned()), 4);
}

#[test]
fn settings_apply_to_cached_results() {
    let cached = Cached::new(FILES);
    let toy = Toy::default();
    cached.scan(&toy);
    cached.tree.write(".bartizan/config.yaml", "disable-rules: [eval-used]\nsuppressions: [{rule: weak-password, reason: r}]\n");
    let (outcome, n_visits) = cached.scan(&toy);
    assert_eq!(findings(&outcome.report), ["high weak-password a:1 [@all] {configuration: r}"]);
    assert_eq!(n_visits, 1, "the new file alone");
}

#[test]
fn damaged_and_foreign_files_are_ignored() {
    let cached = Cached::new(FILES);
    let toy = Toy::default();
    let (first, _) = cached.scan(&toy);
    let pack = cached.packs().remove(0);
    let good = fs::read(&pack).unwrap();
    for (what, bytes) in [("empty", Vec::new()), ("cut", good[..good.len() - 1].to_vec()), ("changed", [&good[..], b"x"].concat())] {
        fs::write(&pack, bytes).unwrap();
        let (outcome, n_visits) = cached.scan(&toy);
        assert_eq!((n_visits, outcome.report), (4, first.report.clone()), "{what}");
    }

    // Another installation's results for the same folder, which claim that there is nothing.
    let foreign = tempfile::tempdir().unwrap();
    let settings = bartizan_scan::CacheSettings { fresh_key: [6; 32], ..cache(foreign.path().to_owned()) };
    scan(Request { cache: Some(settings), ..cached.tree.request(Toy::default()) }, &()).unwrap();
    for folder in fs::read_dir(foreign.path()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for entry in fs::read_dir(folder).unwrap() {
            fs::copy(entry.unwrap().path(), &pack).unwrap();
        }
    }
    assert_eq!(cached.scan(&toy).1, 4);
}

#[test]
fn clear_secrets_and_failures_are_not_kept() {
    let cached = Cached::new(&[("a", "hunter2hunter2"), ("b", "please panic"), ("c", "fine")]);
    let toy = Toy { keep_values: true, ..Toy::default() };
    cached.scan(&toy);
    let (outcome, n_visits) = cached.scan(&toy);
    assert_eq!(n_visits, 2, "all but `c`");
    assert_eq!(diagnostics(&outcome.report), ["incomplete engine-panic b the engine `secrets` failed in an unforeseen way"]);
    for pack in cached.packs() {
        let bytes = fs::read(pack).unwrap();
        assert!(!bytes.windows(7).any(|window| window == b"hunter2"));
    }
}

#[test]
fn scans_at_the_same_time_do_not_disturb_each_other() {
    let cached = Cached::new(FILES);
    let expected = cached.tree.scan().report;
    std::thread::scope(|scope| {
        for number in 0..4_u8 {
            let (cached, expected) = (&cached, &expected);
            scope.spawn(move || {
                for _ in 0..20 {
                    let toy = Toy { version: number % 2, ..Toy::default() };
                    assert_eq!(&cached.scan(&toy).0.report, expected);
                }
            });
        }
    });
    assert_eq!(cached.packs().len(), 2);
    assert_eq!(cached.scan(&Toy { version: 0, ..Toy::default() }).1, 0);
}

#[test]
fn a_cache_that_cannot_be_used_costs_nothing_but_time() {
    let cached = Cached::new(FILES);
    let file = cached.tree.path().join("a");
    let toy = Toy::default();
    let report = scan(Request { cache: Some(cache(file.join("cache"))), ..cached.tree.request(toy) }, &()).unwrap().report;
    assert_eq!(report.findings.len(), 2);
    assert!(diagnostics(&report)[0].starts_with("note cache - the result cache in"), "{:?}", diagnostics(&report));
    assert!(!report.is_incomplete());
}
