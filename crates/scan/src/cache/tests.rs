use super::*;

fn settings(dir: &Path) -> CacheSettings {
    CacheSettings { dir: dir.to_owned(), max_bytes: CacheSettings::MAX_BYTES, now: SystemTime::now(), fresh_key: [7; 32] }
}

fn entry(path: &'static str) -> Entry<'static> {
    Entry { path: path.as_bytes(), stamp: None, content: Some([1; 32]), result: b"result" }
}

fn paths(cache: &Cache) -> Vec<String> {
    cache.parse(&cache.read()).entries.iter().map(|entry| String::from_utf8(entry.path.to_vec()).unwrap()).collect()
}

#[test]
fn results_are_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(settings(folder.path()), &[&b"root"[..], b"engines"]).unwrap();
    assert_eq!(paths(&cache), [""; 0]);
    assert_eq!(cache.write(&Pack { entries: vec![entry("a"), entry("b")] }), None);

    let again = Cache::open(settings(folder.path()), &[&b"root"[..], b"engines"]).unwrap();
    let bytes = again.read();
    let pack = again.parse(&bytes);
    assert_eq!(pack.find(b"b").unwrap().result, b"result");
    assert!(pack.find(b"c").is_none());
    let other = Cache::open(settings(folder.path()), &[&b"roo"[..], b"tengines"]).unwrap();
    assert_eq!(paths(&other), [""; 0]);
}

#[test]
fn a_file_that_is_not_ours_counts_as_absent() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Cache::open(settings(folder.path()), &[b"root"]).unwrap();
    let cache = open();
    assert_eq!(cache.write(&Pack { entries: vec![entry("a")] }), None);
    let good = fs::read(&cache.path).unwrap();

    for index in 0..good.len() {
        let mut damaged = good.clone();
        damaged[index] ^= 1;
        fs::write(&cache.path, &damaged).unwrap();
        assert_eq!(paths(&cache), [""; 0], "byte {index}");
        fs::write(&cache.path, &good[..index]).unwrap();
        assert_eq!(paths(&cache), [""; 0], "cut at {index}");
    }

    // Sealed by another installation.
    let elsewhere = tempfile::tempdir().unwrap();
    let foreign = Cache::open(CacheSettings { fresh_key: [8; 32], ..settings(elsewhere.path()) }, &[b"root"]).unwrap();
    assert_eq!(foreign.write(&Pack { entries: vec![entry("evil")] }), None);
    fs::copy(&foreign.path, &cache.path).unwrap();
    assert_eq!(paths(&cache), [""; 0]);

    // Ours, but about another folder.
    let other = Cache::open(settings(folder.path()), &[b"other"]).unwrap();
    assert_eq!(other.write(&Pack { entries: vec![entry("elsewhere")] }), None);
    fs::copy(&other.path, &cache.path).unwrap();
    assert_eq!(paths(&open()), [""; 0]);

    fs::write(&cache.path, &good).unwrap();
    assert_eq!(paths(&open()), ["a"]);
}

#[test]
fn entries_out_of_order_are_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(settings(folder.path()), &[b""]).unwrap();
    assert_eq!(cache.write(&Pack { entries: vec![entry("b"), entry("a")] }), None);
    assert_eq!(paths(&cache), [""; 0]);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_cache_and_a_key_that_others_can_read_is_replaced() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("cache");
    let cache = Cache::open(settings(&folder), &[b""]).unwrap();
    assert_eq!(cache.write(&Pack { entries: vec![entry("a")] }), None);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("key")), mode(&cache.path)), (0o700, 0o600, 0o600));

    // Another fresh key changes nothing while the cache has one.
    let later = CacheSettings { fresh_key: [9; 32], ..settings(&folder) };
    assert_eq!(paths(&Cache::open(later.clone(), &[b""]).unwrap()), ["a"]);
    fs::set_permissions(folder.join("key"), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(paths(&Cache::open(later, &[b""]).unwrap()), [""; 0]);
    assert_eq!(mode(&folder.join("key")), 0o600);
}

#[test]
fn the_oldest_files_make_room() {
    let folder = tempfile::tempdir().unwrap();
    let write = |subject: &[u8], age_s, max_bytes| {
        let now = SystemTime::now();
        let cache = Cache::open(CacheSettings { max_bytes, now, ..settings(folder.path()) }, &[subject]).unwrap();
        let entries = (0..100).map(|_| entry("a")).take(1).collect();
        let written = cache.write(&Pack { entries });
        if written.is_none() {
            fs::File::options().write(true).open(&cache.path).unwrap().set_modified(now - Duration::from_secs(age_s)).unwrap();
        }
        (cache, written)
    };
    let (old, _) = write(b"old", 300, 10_000);
    let (middle, _) = write(b"middle", 200, 10_000);
    let size = fs::metadata(&old.path).unwrap().len();
    let (new, _) = write(b"new", 100, size * 2);
    assert!(!old.path.exists() && middle.path.exists() && new.path.exists());

    let (_, refused) = write(b"large", 0, size - 1);
    assert_eq!(refused.unwrap().kind, DiagnosticKind::Cache);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(Cache::open(settings(&file.join("cache")), &[b""]).is_err());
}
