//! Engines that fail, and files that can't be read.

use std::{
    num::NonZeroUsize,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};

use bartizan_core::{ArtifactPath, EngineId, Fingerprint, Rule};
use bartizan_scan::{Progress, Request, ScanError, scan};
use bartizan_source::{Analyzer, FileInfo, FileView, Input, Interest, ProjectView, Reporter};

use crate::support::{Toy, Tree, diagnostics, findings, request};

/// An engine whose every function fails.
struct Broken;

impl Analyzer for Broken {
    fn id(&self) -> EngineId {
        EngineId("sast")
    }
    fn version(&self) -> Fingerprint {
        Fingerprint([9; 16])
    }
    fn rules(&self) -> Vec<Rule> {
        Vec::new()
    }
    fn interest(&self, _file: &FileInfo) -> Interest {
        Interest::Text
    }
    fn visit(&self, file: &FileView<'_>, _report: &mut Reporter) {
        panic!("{:?}", file.text());
    }
    fn finish(&self, project: &ProjectView<'_>, _report: &mut Reporter) {
        assert_eq!(project.paths, [ArtifactPath::from("nothing")]);
    }
}

#[test]
fn a_panic_costs_one_engine_one_file() {
    let tree = Tree::new(&[("a", "hunter1 please panic"), ("b", "hunter2"), ("c.refuse", "hunter3")]);
    let outcome = tree.scan();
    assert_eq!(findings(&outcome.report), ["high weak-password a:1", "high weak-password b:1"]);
    assert_eq!(
        diagnostics(&outcome.report),
        [
            "incomplete engine-panic a the engine `secrets` failed in an unforeseen way",
            "incomplete engine-panic c.refuse the engine `secrets` failed in an unforeseen way",
        ]
    );
    assert!(outcome.report.is_incomplete());

    for n_threads in [1, 2] {
        let analyzers: Vec<Box<dyn Analyzer>> = vec![Box::new(Broken), Box::new(Toy::default())];
        let request = Request { analyzers, n_threads: NonZeroUsize::new(n_threads), ..tree.request(Toy::default()) };
        let report = scan(request, &()).unwrap().report;
        assert_eq!(findings(&report), ["high weak-password a:1", "high weak-password b:1"]);
        assert_eq!(
            report.diagnostics.iter().filter(|diagnostic| diagnostic.reason.contains("`sast`")).count(),
            4,
            "{:?}",
            diagnostics(&report)
        );
        // What the engine quoted of the file is not said.
        assert!(!diagnostics(&report).concat().contains("hunter"));
    }
}

#[test]
fn nothing_to_look_at_is_an_error() {
    let tree = Tree::new(&[]);
    let error = scan(request(Input::Tree(tree.path().join("missing")), Toy::default()), &()).unwrap_err();
    assert!(matches!(error, ScanError::Source(_)));
    let empty = tree.scan();
    assert_eq!((empty.report.findings.len(), empty.report.coverage.n_files), (0, 0));
}

#[derive(Default)]
struct Counter {
    n_files: AtomicUsize,
    n_bytes: AtomicU64,
    announced: AtomicUsize,
}

impl Progress for Counter {
    fn discovered(&self, n_files: usize, _n_bytes: u64) {
        self.announced.store(n_files, Ordering::SeqCst);
    }
    fn advanced(&self, n_files: usize, n_bytes: u64) {
        self.n_files.fetch_add(n_files, Ordering::SeqCst);
        self.n_bytes.fetch_add(n_bytes, Ordering::SeqCst);
    }
}

#[test]
fn progress_reaches_what_was_announced() {
    let tree = Tree::new(&[("a", "12345"), ("b", "123"), ("c.skip", "1")]);
    let counter = Counter::default();
    scan(Request { n_threads: NonZeroUsize::new(2), ..tree.request(Toy::default()) }, &counter).unwrap();
    assert_eq!(counter.announced.load(Ordering::SeqCst), 3);
    assert_eq!((counter.n_files.load(Ordering::SeqCst), counter.n_bytes.load(Ordering::SeqCst)), (3, 9));
}
