//! The laws, each over some hundred random projects.

use std::collections::BTreeSet;

use bartizan_triage::identity::{
    Changes, Decision, LineMap, Match, Matching, Sighting, Subject, Tier, Tokens, ToolFingerprint, Verdict, matching,
};

use crate::random::{File, Random, project, sightings, statement, text};

const N_PROJECTS: u64 = 300;

/// An edit of any kind: statements inserted, removed and changed; functions renamed, moved and swapped; files renamed.
fn edit(files: &mut [File], random: &mut Random) {
    let file = random.below(files.len());
    let function = random.below(files[file].functions.len());
    let at = random.below(files[file].functions[function].statements.len() + 1);
    match random.below(7) {
        0 => files[file].functions[function].statements.insert(at, (0, statement(random))),
        1 if at < files[file].functions[function].statements.len() => drop(files[file].functions[function].statements.remove(at)),
        2 => files[file].functions[function].name += "_new",
        3 if files.len() > 1 && files[file].functions.len() > 1 => {
            let moved = files[file].functions.remove(function);
            let to = (file + 1) % files.len();
            files[to].functions.push(moved);
        }
        4 => files[file].functions.reverse(),
        5 => files[file].path = files[file].path.replace("src/", "lib/"),
        _ => files[file].functions[function].statements.insert(0, (0, "x = 9".to_owned())),
    }
}

fn check_is_one_to_one(result: &Matching, context: &str) {
    let known: Vec<usize> = result.seen.iter().flatten().map(|is| is.known).collect();
    assert_eq!(known.iter().collect::<BTreeSet<_>>().len(), known.len(), "{context}: two are the same one");
    for (seen, is) in result.seen.iter().enumerate() {
        if let Some(is) = is {
            assert_eq!(result.known[is.known], Some(seen), "{context}");
        }
    }
    assert_eq!(result.known.iter().flatten().count(), known.len(), "{context}");
}

/// The changes as a line map of each file tells them; renames by the names.
fn what_happened(before: &[File], after: &[File]) -> Changes {
    let mut changes = Changes::known();
    for (old, new) in before.iter().zip(after) {
        if old.path != new.path {
            changes.rename(&old.path, &new.path);
        }
        changes.lines(&new.path, LineMap::between(&text(old), &text(new)));
    }
    changes
}

#[test]
fn no_two_are_the_same_one_after_any_edits() {
    for seed in 0..N_PROJECTS {
        let mut random = Random::new(seed);
        let before = project(&mut random);
        let mut after = before.clone();
        (0..1 + random.below(10)).for_each(|_| edit(&mut after, &mut random));
        let ((known, _), (seen, _)) = (sightings(&before), sightings(&after));
        for changes in [Changes::unknown(), what_happened(&before, &after)] {
            check_is_one_to_one(&matching(&known, &seen, &changes, &[]), &format!("seed {seed}"));
        }
    }
}

#[test]
fn a_snapshot_is_itself() {
    for seed in 0..N_PROJECTS {
        let (known, _) = sightings(&project(&mut Random::new(seed)));
        for changes in [Changes::unknown(), Changes::known()] {
            let result = matching(&known, &known, &changes, &[]);
            assert!(
                result.seen.iter().enumerate().all(|(seen, is)| is.is_some_and(|is| is.known == seen && is.likeness.0 == 1000)),
                "seed {seed}"
            );
        }
    }
}

#[test]
fn order_does_not_matter() {
    for seed in 0..N_PROJECTS {
        let mut random = Random::new(seed);
        let before = project(&mut random);
        let mut after = before.clone();
        (0..1 + random.below(6)).for_each(|_| edit(&mut after, &mut random));
        let ((mut known, _), (mut seen, _)) = (sightings(&before), sightings(&after));
        let pairs = |known: &[Sighting], seen: &[Sighting]| {
            let result = matching(known, seen, &Changes::unknown(), &[]);
            let pair = |(seen, is): (&Sighting, &Option<Match>)| is.map(|is| (seen.clone(), known[is.known].clone(), is.tier));
            seen.iter().zip(&result.seen).filter_map(pair).collect::<BTreeSet<_>>()
        };
        let expected = pairs(&known, &seen);
        random.shuffle(&mut known);
        random.shuffle(&mut seen);
        assert_eq!(pairs(&known, &seen), expected, "seed {seed}");
    }
}

/// What has the same number is the same statement.
fn check_swaps(before: &[File], after: &[File], changes: &Changes, must_keep_all: bool, context: &str) {
    let ((known, known_numbers), (seen, seen_numbers)) = (sightings(before), sightings(after));
    let result = matching(&known, &seen, changes, &[]);
    for (is, number) in result.seen.iter().zip(&seen_numbers).filter(|(_, number)| **number != 0) {
        let was = is.map(|is| known_numbers[is.known]);
        assert!(was == Some(*number) || (was.is_none() && !must_keep_all), "{context}: {number} is taken for {was:?}");
    }
}

#[test]
fn what_is_inserted_above_takes_nothing() {
    for seed in 0..N_PROJECTS {
        let mut random = Random::new(seed);
        let before = project(&mut random);
        let mut after = before.clone();
        // The same statement once more, at the top of its function, among other lines.
        let Some((_, first)) = before.iter().flat_map(|file| &file.functions).find_map(|function| function.statements.first()) else {
            continue;
        };
        let function = after.iter_mut().flat_map(|file| &mut file.functions).find(|function| !function.statements.is_empty()).unwrap();
        function.statements.splice(0..0, [(0, "z = 7".to_owned()), (0, first.clone()), (0, "y = 1".to_owned())]);
        check_swaps(&before, &after, &what_happened(&before, &after), true, &format!("seed {seed}, with texts"));
        check_swaps(&before, &after, &Changes::unknown(), true, &format!("seed {seed}, without texts"));
    }
}

#[test]
fn equal_code_keeps_its_order_without_texts() {
    let sight = |lines: &[u32]| -> Vec<Sighting> {
        let of_line = |&line: &u32| {
            let mut sighting = Sighting::new("eval", "a.py");
            sighting.place = Some(bartizan_triage::identity::Place { start_line: line, end_line: line, column: 0 });
            sighting.snippet = Some(Tokens::of("eval(x)"));
            sighting
        };
        lines.iter().map(of_line).collect()
    };
    let result = matching(&sight(&[10, 20, 30]), &sight(&[5, 11, 21, 31]), &Changes::unknown(), &[]);
    assert_eq!(result.known, [Some(1), Some(2), Some(3)]);
}

#[test]
fn a_rename_keeps_all() {
    for seed in 0..N_PROJECTS {
        let before = project(&mut Random::new(seed));
        let mut after = before.clone();
        let mut changes = Changes::known();
        for file in &mut after {
            let new = file.path.replace("src/", "lib/deep/");
            changes.rename(&file.path, &new);
            file.path = new;
        }
        check_swaps(&before, &after, &changes, true, &format!("seed {seed}"));
    }
}

#[test]
fn lines_moved_by_one_lose_nothing_even_without_any_text() {
    for seed in 0..N_PROJECTS {
        let (mut known, _) = sightings(&project(&mut Random::new(seed)));
        for sighting in &mut known {
            (sighting.snippet, sighting.scope, sighting.neighbours) = (None, None, None);
        }
        let mut seen = known.clone();
        for place in seen.iter_mut().filter_map(|sighting| sighting.place.as_mut()) {
            (place.start_line, place.end_line) = (place.start_line + 1, place.end_line + 1);
        }
        let result = matching(&known, &seen, &Changes::unknown(), &[]);
        assert!(result.seen.iter().enumerate().all(|(seen, is)| is.is_some_and(|is| is.known == seen)), "seed {seed}");
    }
}

fn one(rule: &str, path: &str, code: &str) -> Sighting {
    Sighting { snippet: Some(Tokens::of(code)), ..Sighting::new(rule, path) }
}

/// One known and one seen: by which tier they are one.
fn check(known: &Sighting, seen: &Sighting, expected: Option<Tier>) {
    let result = matching(std::slice::from_ref(known), std::slice::from_ref(seen), &Changes::unknown(), &[]);
    assert_eq!(result.seen.first().and_then(|is| is.map(|is| is.tier)), expected, "{known:?}\n{seen:?}");
}

#[test]
fn rules_are_the_same_by_their_aliases_only() {
    let (old, mut new) = (one("bandit/B307", "a.py", "eval(x)"), one("semgrep/eval", "a.py", "eval(x)"));
    check(&old, &new, None);
    new.rule_aliases = Box::new([old.rule]);
    check(&old, &new, Some(Tier::Unchanged));
}

#[test]
fn other_subjects_are_never_the_same() {
    let secret = |hash: &str| Sighting { subject: Some(Subject::secret(hash)), ..one("aws-key", "a.py", "key = \"…\"") };
    check(&secret("1"), &secret("1"), Some(Tier::Unchanged));
    check(&secret("1"), &secret("2"), None);
    let package = |rule: &str, purl: &str, names: &[&str]| Sighting {
        subject: Some(Subject::component(purl, names)),
        ..Sighting::new(rule, "a.lock")
    };
    let known = package("GHSA-1", "pkg:npm/%40a/b@1.0.0", &["GHSA-1"]);
    check(&known, &package("CVE-1", "pkg:npm/%40a/b@1.2.0", &["CVE-1", "GHSA-1"]), Some(Tier::Unchanged));
    check(&known, &package("CVE-2", "pkg:npm/%40a/b@1.2.0", &["CVE-2"]), None);
    check(&known, &package("GHSA-1", "pkg:npm/%40a/c@1.0.0", &["GHSA-1"]), None);
}

#[test]
fn fingerprints_of_another_algorithm_say_nothing() {
    let fingerprint = |algorithm: &str| {
        let mut sighting = one("r", "a.py", if algorithm == "v1" { "one(a)" } else { "other(b, 1)" });
        sighting.fingerprints = Box::new([ToolFingerprint::new("t", "hash/v1", "abc"), ToolFingerprint::new("t", algorithm, "def")]);
        sighting
    };
    check(&fingerprint("v1"), &fingerprint("v2"), Some(Tier::Fingerprint));
    let (mut known, mut seen) = (fingerprint("v1"), fingerprint("v2"));
    known.fingerprints = Box::new([ToolFingerprint::new("t", "hash/v1", "abc")]);
    seen.fingerprints = Box::new([ToolFingerprint::new("t", "hash/v2", "abc")]);
    check(&known, &seen, None);
}

#[test]
fn code_that_is_written_everywhere_does_not_move_between_files() {
    check(&one("assert", "a.py", "assert x"), &one("assert", "b.py", "assert x"), None);
    check(
        &one("call", "a.py", "subprocess.call(command, shell=True)"),
        &one("call", "b.py", "subprocess.call(command, shell=True)"),
        Some(Tier::OtherFile),
    );
}

#[test]
fn changed_code_is_asked_about_again() {
    check(&one("call", "a.py", "run(command, shell=True)"), &one("call", "a.py", "run(command, shell=True, cwd=x)"), Some(Tier::Similar));
    check(&one("call", "a.py", "run(command, shell=True)"), &one("call", "a.py", "check(other[1], 2, 3, 4)"), None);
}

#[test]
fn what_people_decided_sticks() {
    let known = [one("call", "a.py", "run(command, shell=True)"), one("call", "a.py", "stop(command[1:], now)")];
    let seen = one("call", "lib/a.py", "run(command, shell=True)");
    let same = |known, verdict| Decision { known, looks: seen.looks(), verdict };
    let found = |decisions: &[Decision]| {
        matching(&known, std::slice::from_ref(&seen), &Changes::unknown(), decisions).seen[0].map(|is| (is.known, is.tier))
    };
    assert_eq!(found(&[]), Some((0, Tier::OtherFile)));
    assert_eq!(found(&[same(0, Verdict::Different)]), None);
    assert_eq!(found(&[same(1, Verdict::Same)]), Some((1, Tier::Decided)));
    assert_eq!(found(&[same(7, Verdict::Same), same(9, Verdict::Different)]), Some((0, Tier::OtherFile)));
}

#[test]
fn a_function_that_is_taken_out_takes_nothing_with_it() {
    for seed in 0..N_PROJECTS {
        let mut random = Random::new(seed);
        let before = project(&mut random);
        let mut after = before.clone();
        let file = random.below(after.len());
        let function = random.below(after[file].functions.len());
        after[file].functions.remove(function);
        check_swaps(&before, &after, &what_happened(&before, &after), true, &format!("seed {seed}, with texts"));
        check_swaps(&before, &after, &Changes::unknown(), true, &format!("seed {seed}, without texts"));
    }
}
