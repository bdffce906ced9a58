//! Tests of tables: ours by their meaning, CERT/CC's row by row.

use std::path::PathBuf;

use super::*;

const LADDERS: [(&str, &[&str]); 4] = [
    ("Exploitation", &["none", "public poc", "active"]),
    ("System Exposure", &["small", "controlled", "open"]),
    ("Automatable", &["no", "yes"]),
    ("Human Impact", &["low", "medium", "high", "very high"]),
];

#[test]
fn our_table_is_complete_and_worse_facts_never_lower_the_priority() {
    let table = Table::built_in();
    assert_eq!((table.n_rows(), table.n_missing()), (72, 0));
    assert_eq!(table.outcome().values, ["defer", "scheduled", "out-of-cycle", "immediate"]);
    for (input, (name, values)) in table.inputs().iter().zip(LADDERS) {
        assert_eq!((input.name.as_str(), &input.values[..]), (name, &values.map_to_strings()[..]));
    }
    for (key, (outcome, _)) in &table.rows {
        for position in 0..key.len() {
            let mut worse = key.clone();
            worse[position] += 1;
            if let Some((other, _)) = table.rows.get(&worse) {
                assert!(outcome <= other, "{key:?} and {worse:?}");
            }
        }
    }
}

trait MapToStrings {
    fn map_to_strings(&self) -> Vec<String>;
}

impl MapToStrings for &[&str] {
    fn map_to_strings(&self) -> Vec<String> {
        self.iter().map(|&text| text.to_owned()).collect()
    }
}

#[test]
fn what_is_missing_leaves_the_outcomes_that_are_possible() {
    let table = Table::built_in();
    let facts = Facts::default().with("exploitation", "Active").with("System Exposure", "open").with("human impact", "very high");
    let undecided = table.decide(&facts).unwrap_err();
    assert_eq!((undecided.missing, undecided.possible), (vec!["Automatable".to_owned()], vec!["immediate".to_owned()]));
    let undecided = table.decide(&facts.with("automatable", "perhaps")).unwrap_err();
    assert_eq!(undecided.unknown, [("Automatable".to_owned(), "perhaps".to_owned())]);
    assert_eq!(undecided.to_string(), "the table `Priority` can't decide: `perhaps` is no value of `Automatable`");
}

#[test]
fn what_is_no_table_says_why() {
    let cases: [(&str, TableError); 8] = [
        ("", TableError::NoHeadline),
        ("row,Priority\n", TableError::NoHeadline),
        ("a,b,c\n", TableError::NoHeadline),
        ("row,a,b\n0,x\n", TableError::Ragged { line: 2, expected: 3, found: 2 }),
        ("row,a,b\n0,x,\n", TableError::Ragged { line: 2, expected: 3, found: 2 }),
        ("row,a,b\n0,x,y\n1,x,z\n", TableError::Conflict { line: 3 }),
        ("row,a,\"b\n0", TableError::OpenQuote { line: 1 }),
        (&"x".repeat(MAX_BYTES + 1), TableError::TooLarge { unit: "bytes", value: MAX_BYTES }),
    ];
    for (text, expected) in cases {
        assert_eq!(Table::parse(text.as_bytes()), Err(expected));
    }
    assert_eq!(Table::parse(b"row,a,b\n0,\xff,c\n"), Err(TableError::NoText));
}

#[test]
fn outcomes_can_be_put_in_order() {
    let table = Table::parse(b"row,a,b\n0,x,14 days\n1,y,60 days\n2,z,3 days\n").unwrap();
    let ordered = table.clone().with_outcomes_in_order(&["60 days", "14 days", "3 days"]).unwrap();
    assert_eq!(ordered.decide(&Facts::default()).unwrap_err().possible, ["60 days", "14 days", "3 days"]);
    assert_eq!(ordered.decide(&Facts::default().with("a", "z")).unwrap().outcome, "3 days");
    for order in [&["60 days", "14 days"][..], &["60 days", "14 days", "14 days"], &["60 days", "14 days", "3 days", "4 days"]] {
        assert_eq!(table.clone().with_outcomes_in_order(order), Err(TableError::Order));
    }
}

#[test]
fn tables_answer_what_other_tables_ask() {
    let utility = Table::parse(b"row,Automatable,Density,Utility\n0,yes,diffuse,efficient\n").unwrap();
    let last = Table::parse(b"row,Utility,Priority\n0,efficient,scheduled\n1,laborious,defer\n").unwrap();
    let facts = Facts::default().with("automatable", "yes").with("density", "diffuse");
    let tables = [utility];
    assert_eq!(decide_by(&tables, &last, &facts).unwrap().outcome, "scheduled");
    assert_eq!(decide_by(&tables, &last, &facts.with("utility", "laborious")).unwrap().outcome, "defer");
    assert_eq!(decide_by(&tables, &last, &Facts::default()).unwrap_err().missing, ["Utility"]);
}

/// Every row of every table that CERT/CC publishes, read by a reader of another kind: the line is split at commas, but in quotes.
#[test]
fn every_row_of_cert_cc_s_tables_comes_out() {
    let usual = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    let folder = std::env::var_os("BARTIZAN_VECTORS").map_or(usual, PathBuf::from).join("ssvc");
    let Ok(groups) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: no tables in {}; set BARTIZAN_VECTORS", folder.display());
        return;
    };
    let files = groups.flatten().filter_map(|group| std::fs::read_dir(group.path()).ok()).flatten().flatten();
    let (mut n_tables, mut n_rows) = (0, 0);
    for file in files.map(|file| file.path()).filter(|file| file.extension().is_some_and(|extension| extension == "csv")) {
        let bytes = std::fs::read(&file).unwrap();
        let table = Table::parse(&bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<Vec<String>> = text.lines().map(split).collect();
        let (headline, rows) = lines.split_first().unwrap();
        assert_eq!((table.n_rows(), table.n_missing()), (rows.len(), 0), "{}", file.display());
        let labels: Vec<String> = table.inputs().iter().chain([table.outcome()]).map(DecisionPoint::label).collect();
        assert_eq!(labels, headline[1..], "{}", file.display());
        for row in rows {
            let inputs = table.inputs().iter().zip(&row[1..]);
            let facts = inputs.fold(Facts::default(), |facts, (input, value)| facts.with(&input.name, value));
            let decision = table.decide(&facts).unwrap();
            assert_eq!(Some(&decision.outcome), row.last(), "{}: {row:?}", file.display());
            assert_eq!(decision.row.to_string(), row[0]);
            n_rows += 1;
        }
        n_tables += 1;
    }
    println!("{n_tables} tables, {n_rows} rows");
    assert!(0 < n_rows);
}

fn split(line: &str) -> Vec<String> {
    line.split('"').enumerate().fold(vec![String::new()], |mut cells, (index, part)| {
        let mut parts = if index % 2 == 1 { vec![part] } else { part.split(',').collect() };
        let first = parts.remove(0);
        cells.last_mut().unwrap().push_str(first);
        cells.extend(parts.into_iter().map(str::to_owned));
        cells
    })
}
