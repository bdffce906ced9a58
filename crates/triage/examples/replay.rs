//! Follows findings through the history of a repository with the matcher, for measuring it beside other algorithms.
//!
//! Requests are lines of JSON on standard input; `docs/identity.md` says what was measured with it.
//!
//! - `{"blob": ID, "text": TEXT, "findings": [[RULE, START, END, COLUMN, MESSAGE], …]}` names the content of a file.
//! - `{"changes": [[OLD_PATH, NEW_PATH, BLOB, HUNKS], …], "evidence": [NAME, …]}` goes on to the next snapshot: a path is `null` where a
//!   file is new or gone, `HUNKS` is `[[OLD_START, N_OLD, NEW_START, N_NEW], …]`, or `null` if the content is the same. The answer is one
//!   line: by the name of the evidence `[[NEW_PATH, INDEX, OLD_PATH, INDEX, TIER], …]`, the findings of changed files that are known.
//!
//! What the matcher may use is `git` (hunks and renames as given), `texts` (renames as given, lines compared by Bartizan), `stored`
//! (nothing but the sightings), `report` (sightings of rule, place and snippet) or `bare` (rule, place and message).
//!
//! `replay bench N` matches N findings with N that were edited, and prints how long it took.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    io::{self, BufRead as _, Write as _},
    time::Instant,
};

use bartizan_triage::identity::{Changes, Hunk, LineMap, Place, Sighting, SourceLines, Tokens, matching};
use serde_json::{Map, Value, json};

type Failure = Box<dyn Error>;

/// The content of a file, and what was found in it: sightings with all parts, under no path.
struct Blob {
    text: String,
    sightings: Vec<Sighting>,
}

/// What the matcher may use.
const EVIDENCE: &[&str] = &["git", "texts", "stored", "report", "bare"];

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, number] = arguments.as_slice()
        && command == "bench"
    {
        return bench(number.parse()?);
    }
    let mut blobs: BTreeMap<String, Blob> = BTreeMap::new();
    let mut snapshot: BTreeMap<String, String> = BTreeMap::new();
    for line in io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        if let Some(id) = request.get("blob").and_then(Value::as_str) {
            blobs.insert(id.to_owned(), blob(&request)?);
            continue;
        }
        let answer = step(&request, &blobs, &mut snapshot)?;
        let mut out = io::stdout().lock();
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}

fn blob(request: &Value) -> Result<Blob, Failure> {
    let text = request.get("text").and_then(Value::as_str).ok_or("a blob has a text")?.to_owned();
    let lines = SourceLines::new(&text);
    let mut sightings = Vec::new();
    for finding in request.get("findings").and_then(Value::as_array).into_iter().flatten() {
        let part = |index: usize| finding.get(index).unwrap_or(&Value::Null);
        let number = |index: usize| part(index).as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        let mut sighting = Sighting::new(part(0).as_str().unwrap_or_default(), "");
        sighting.place = Some(Place { start_line: number(1), end_line: number(2), column: number(3) });
        sighting.message = part(4).as_str().map(Tokens::of);
        sighting.read(&lines);
        sightings.push(sighting);
    }
    Ok(Blob { text, sightings })
}

/// A file that was changed between two snapshots.
struct Change {
    old: Option<String>,
    new: Option<String>,
    blob: Option<String>,
    hunks: Option<Vec<Hunk>>,
}

impl Change {
    fn read(value: &Value) -> Self {
        let text = |index: usize| value.get(index).and_then(Value::as_str).map(str::to_owned);
        let number = |hunk: &Value, index: usize| hunk.get(index).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        let hunk =
            |hunk: &Value| Hunk { old_start: number(hunk, 0), n_old: number(hunk, 1), new_start: number(hunk, 2), n_new: number(hunk, 3) };
        let hunks = value.get(3).and_then(Value::as_array).map(|hunks| hunks.iter().map(hunk).collect());
        Self { old: text(0), new: text(1), blob: text(2), hunks }
    }
}

fn step(request: &Value, blobs: &BTreeMap<String, Blob>, snapshot: &mut BTreeMap<String, String>) -> Result<Value, Failure> {
    let changes: Vec<Change> = request.get("changes").and_then(Value::as_array).into_iter().flatten().map(Change::read).collect();
    let before = snapshot.clone();
    changes.iter().filter_map(|change| change.old.as_ref()).for_each(|old| drop(snapshot.remove(old)));
    for change in &changes {
        if let (Some(new), Some(blob)) = (&change.new, &change.blob) {
            snapshot.insert(new.clone(), blob.clone());
        }
    }
    let touched: BTreeSet<&str> = changes.iter().filter_map(|change| change.new.as_deref()).collect();
    let mut answer = Map::new();
    for evidence in request.get("evidence").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if !EVIDENCE.contains(&evidence) {
            return Err(format!("unknown evidence `{evidence}`").into());
        }
        let (known, known_at) = sightings(&before, blobs, evidence);
        let (seen, seen_at) = sightings(snapshot, blobs, evidence);
        let result = matching(&known, &seen, &what_happened(&changes, &before, blobs, evidence), &[]);
        let mut found = Vec::new();
        for (is, (path, index)) in result.seen.iter().zip(&seen_at) {
            if let Some((is, (old, old_index))) = is.as_ref().and_then(|is| Some((is, known_at.get(is.known)?)))
                && touched.contains(path)
            {
                found.push(json!([path, index, old, old_index, is.tier]));
            }
        }
        answer.insert(evidence.to_owned(), found.into());
    }
    Ok(answer.into())
}

/// All sightings of a snapshot, and the path and index of each.
fn sightings<'s>(
    snapshot: &'s BTreeMap<String, String>,
    blobs: &BTreeMap<String, Blob>,
    evidence: &str,
) -> (Vec<Sighting>, Vec<(&'s str, usize)>) {
    let (mut all, mut places) = (Vec::new(), Vec::new());
    for (path, blob) in snapshot {
        for (index, sighting) in blobs.get(blob).into_iter().flat_map(|blob| blob.sightings.iter().enumerate()) {
            let mut sighting = Sighting { path: Sighting::new("", path).path, ..sighting.clone() };
            if matches!(evidence, "report" | "bare") {
                (sighting.scope, sighting.neighbours) = (None, None);
            }
            match evidence {
                "bare" => sighting.snippet = None,
                _ => sighting.message = None,
            }
            all.push(sighting);
            places.push((path.as_str(), index));
        }
    }
    (all, places)
}

fn what_happened(changes: &[Change], before: &BTreeMap<String, String>, blobs: &BTreeMap<String, Blob>, evidence: &str) -> Changes {
    if !matches!(evidence, "git" | "texts") {
        return Changes::unknown();
    }
    let mut happened = Changes::known();
    for change in changes {
        let (Some(old), Some(new)) = (&change.old, &change.new) else { continue };
        if old != new {
            happened.rename(old, new);
        }
        let Some(hunks) = &change.hunks else { continue };
        let text = |blob: Option<&String>| blob.and_then(|blob| blobs.get(blob)).map_or("", |blob| blob.text.as_str());
        let map = match evidence {
            "git" => LineMap::from_hunks(hunks),
            _ => LineMap::between(text(before.get(old)), text(change.blob.as_ref())),
        };
        happened.lines(new, map);
    }
    happened
}

/// Findings in files of ten functions; in the second snapshot each file has a new first line, every tenth one was renamed, and every
/// hundredth line is another one.
fn bench(n_findings: usize) -> Result<(), Failure> {
    const N_OF_FILE: usize = 50;
    let snapshot = |is_edited: bool| -> Vec<Sighting> {
        let mut all = Vec::with_capacity(n_findings);
        for file in 0..n_findings.div_ceil(N_OF_FILE) {
            let mut text = if is_edited { "import os\n".to_owned() } else { String::new() };
            for line in 0..N_OF_FILE {
                let is_other = is_edited && (file * N_OF_FILE + line).is_multiple_of(100);
                let head = if line.is_multiple_of(5) { format!("def f{}(a):\n", line / 5) } else { String::new() };
                text += &format!("{head}    {}(a, {})\n", if is_other { "changed" } else { "call" }, line % 7);
            }
            let lines = SourceLines::new(&text);
            let path = if is_edited && file.is_multiple_of(10) { format!("new/{file}.py") } else { format!("src/{file}.py") };
            for (number, _) in (1_u32..).zip(text.lines()).filter(|(_, line)| line.starts_with("    ")).take(n_findings - all.len()) {
                let mut sighting = Sighting::new("call", &path);
                sighting.place = Some(Place { start_line: number, end_line: number, column: 5 });
                sighting.read(&lines);
                all.push(sighting);
            }
        }
        all
    };
    let start = Instant::now();
    let (known, seen) = (snapshot(false), snapshot(true));
    writeln!(io::stdout(), "{n_findings} sightings twice: made in {:.1} s", start.elapsed().as_secs_f64())?;
    for (name, seen) in [("the same", &known), ("edited", &seen)] {
        let start = Instant::now();
        let result = matching(&known, seen, &Changes::unknown(), &[]);
        let mut tiers: BTreeMap<String, usize> = BTreeMap::new();
        for is in &result.seen {
            *tiers.entry(is.map_or_else(|| "new".to_owned(), |is| format!("{:?}", is.tier))).or_default() += 1;
        }
        writeln!(io::stdout(), "{name}: {:.1} s, {tiers:?}", start.elapsed().as_secs_f64())?;
    }
    Ok(())
}
