use std::collections::BTreeMap;

use super::*;
use crate::{
    advisory::{SegmentBuilder, segment_name},
    osv::Record,
};

/// Advisories: `ECOSYSTEM NAME EVENTS`, events as `0 <1.2 1.5 <1.6`.
fn store(advisories: &[&str]) -> Store {
    let mut builders: BTreeMap<String, SegmentBuilder> = BTreeMap::new();
    for (number, advisory) in advisories.iter().enumerate() {
        let mut words = advisory.split(' ');
        let (ecosystem, name) = (words.next().unwrap(), words.next().unwrap());
        let events: Vec<String> = words
            .map(|event| match event.strip_prefix('<') {
                Some(fixed) => format!("{{\"fixed\": \"{fixed}\"}}"),
                None => format!("{{\"introduced\": \"{event}\"}}"),
            })
            .collect();
        let record = format!(
            "{{\"id\": \"TST-{number}\", \"modified\": \"2024-01-01T00:00:00Z\", \"affected\": [{{\"package\": {{\"ecosystem\": \"{ecosystem}\", \"name\": \"{name}\"}}, \"ranges\": [{{\"type\": \"ECOSYSTEM\", \"events\": [{}]}}]}}]}}",
            events.join(", ")
        );
        builders.entry(ecosystem.to_owned()).or_default().add(Record::from_json(record.as_bytes()).unwrap());
    }
    let built: BTreeMap<String, Vec<u8>> =
        builders.into_iter().map(|(ecosystem, builder)| (segment_name(&ecosystem), builder.build(&ecosystem).index)).collect();
    let names: Vec<String> = built.keys().cloned().collect();
    Store::new(names, Box::new(move |name| Ok(built.get(name).cloned().unwrap_or_default())))
}

fn planned(advisories: &[&str], files: &[(&str, &str)], max_bump: Bump) -> (Plan, String) {
    let files: Vec<SourceFile> =
        files.iter().map(|(path, text)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() }).collect();
    let plan = plan(&files, &store(advisories), max_bump);
    let mut shown = String::new();
    for upgrade in &plan.upgrades {
        shown += &format!("{} {} -> {} {}", upgrade.name, upgrade.from, upgrade.to, upgrade.bump.as_str());
        shown += &if upgrade.overridden.is_empty() { "\n".to_owned() } else { format!(" over {}\n", upgrade.overridden.join(",")) };
    }
    for unfixed in &plan.unfixed {
        shown += &format!("{} {}: {}\n", unfixed.name, unfixed.version, unfixed.reason);
    }
    (plan, shown)
}

/// Plans, and compares what is planned and every line that changes: `PATH: OLD => NEW`.
#[track_caller]
fn check(advisories: &[&str], files: &[(&str, &str)], expected: &str) {
    let (plan, mut shown) = planned(advisories, files, Bump::Major);
    for changed in &plan.files {
        let old = files.iter().find(|(path, _)| *path == changed.path).unwrap().1;
        assert_eq!(
            old.lines().count() + changed.text.matches("overrides").count().min(1) * 3,
            changed.text.lines().count().max(old.lines().count()),
            "{}",
            changed.text
        );
        let lines = old.lines().zip(changed.text.lines()).filter(|(old, new)| old != new);
        lines.for_each(|(old, new)| shown += &format!("{}: {} => {}\n", changed.path, old.trim(), new.trim()));
    }
    assert_eq!(shown.trim(), expected.trim());
}

const PACKAGE_LOCK: &str = r#"{
  "name": "app",
  "lockfileVersion": 3,
  "packages": {
    "": {
      "name": "app",
      "dependencies": {
        "left": "^1.0.0",
        "right": "~2.0.0"
      }
    },
    "node_modules/left": {
      "version": "1.0.0",
      "resolved": "https://registry.npmjs.org/left/-/left-1.0.0.tgz",
      "dependencies": {
        "deep": "1.0.0"
      }
    },
    "node_modules/right": {
      "version": "2.0.1",
      "resolved": "https://registry.npmjs.org/right/-/right-2.0.1.tgz"
    },
    "node_modules/deep": {
      "version": "1.0.0"
    }
  }
}
"#;

const PACKAGE_JSON: &str = r#"{
  "name": "app",
  "dependencies": {
    "left": "^1.0.0",
    "right": "~2.0.0"
  }
}
"#;

#[test]
fn a_version_changes_in_the_lock_and_in_the_manifest_where_it_must() {
    let files = [("package.json", PACKAGE_JSON), ("package-lock.json", PACKAGE_LOCK)];
    check(
        &["npm left 0 <1.2.0", "npm left 1.1.0 <1.3.0", "npm left 2.0.0 <2.1.0"],
        &files,
        "
left 1.0.0 -> 1.3.0 minor
package-lock.json: \"version\": \"1.0.0\", => \"version\": \"1.3.0\",
package-lock.json: \"resolved\": \"https://registry.npmjs.org/left/-/left-1.0.0.tgz\", => \"resolved\": \"https://registry.npmjs.org/left/-/left-1.3.0.tgz\",
",
    );
    check(
        &["npm right 0 <2.2.0"],
        &files,
        "
right 2.0.1 -> 2.2.0 minor
package.json: \"right\": \"~2.0.0\" => \"right\": \"~2.2.0\"
package-lock.json: \"right\": \"~2.0.0\" => \"right\": \"~2.2.0\"
package-lock.json: \"version\": \"2.0.1\", => \"version\": \"2.2.0\",
package-lock.json: \"resolved\": \"https://registry.npmjs.org/right/-/right-2.0.1.tgz\" => \"resolved\": \"https://registry.npmjs.org/right/-/right-2.2.0.tgz\"
",
    );
}

#[test]
fn what_can_not_be_closed_says_why() {
    let files = [("package.json", PACKAGE_JSON), ("package-lock.json", PACKAGE_LOCK)];
    check(&["npm left 0"], &files, "left 1.0.0: no advisory names a version in which it is fixed");
    check(&["npm left 0 <1.2.0", "npm left 1.1.0"], &files, "left 1.0.0: every version that fixes it is affected by another advisory");
    // What is fixed is fixed, whatever else is not.
    let (plan, _) = planned(&["npm left 0 <1.2.0", "npm left 0"], &files, Bump::Major);
    assert_eq!((plan.upgrades[0].to.as_str(), plan.upgrades[0].advisories.len(), plan.unfixed[0].advisories.len()), ("1.2.0", 1, 1));
    let (_, shown) = planned(&["npm left 0 <2.0.0"], &files, Bump::Minor);
    assert_eq!(shown.trim(), "left 1.0.0: what fixes it is further away than --max-bump minor allows");
}

#[test]
fn a_project_overrides_what_others_pin() {
    let files = [("package.json", PACKAGE_JSON), ("package-lock.json", PACKAGE_LOCK)];
    let (plan, shown) = planned(&["npm deep 0 <1.0.1"], &files, Bump::Major);
    assert_eq!(shown.trim(), "deep 1.0.0 -> 1.0.1 patch over left");
    let manifest = &plan.files.iter().find(|file| file.path == "package.json").unwrap().text;
    assert!(manifest.ends_with("  },\n  \"overrides\": {\n    \"deep\": \"1.0.1\"\n  }\n}\n"), "{manifest}");
    let lock = &plan.files.iter().find(|file| file.path == "package-lock.json").unwrap().text;
    assert!(lock.contains("\"node_modules/deep\": {\n      \"version\": \"1.0.1\""), "{lock}");
}

#[test]
fn crates_go_to_compatible_versions() {
    let lock = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"left 0.4.1\",\n]\n\n[[package]]\nname = \"left\"\nversion = \"0.4.1\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n[[package]]\nname = \"left\"\nversion = \"0.3.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let manifest =
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\n\n[dependencies]\nleft = { version = \"0.4\", default-features = false }\n";
    let files = [("Cargo.toml", manifest), ("Cargo.lock", lock)];
    check(
        &["crates.io left 0.4.0 <0.4.9"],
        &files,
        "
left 0.4.1 -> 0.4.9 patch
Cargo.lock: \"left 0.4.1\", => \"left 0.4.9\",
Cargo.lock: version = \"0.4.1\" => version = \"0.4.9\"
",
    );
    check(
        &["crates.io left 0.4.0 <0.5.2"],
        &files,
        "
left 0.4.1 -> 0.5.2 major
Cargo.toml: left = { version = \"0.4\", default-features = false } => left = { version = \"0.5\", default-features = false }
Cargo.lock: \"left 0.4.1\", => \"left 0.5.2\",
Cargo.lock: version = \"0.4.1\" => version = \"0.5.2\"
",
    );
}

#[test]
fn lines_of_other_formats_change_in_their_version_alone() {
    check(
        &["Go example.com/a/left 0 <1.2.0"],
        &[("go.mod", "module app\n\ngo 1.22\n\nrequire (\n\texample.com/a/left v1.1.0 // indirect\n\texample.com/a/leftover v1.1.0\n)\n")],
        "example.com/a/left v1.1.0 -> v1.2.0 minor\ngo.mod: example.com/a/left v1.1.0 // indirect => example.com/a/left v1.2.0 // indirect",
    );
    check(
        &["PyPI left 0 <2.0.1"],
        &[("requirements.txt", "Left[extra]==2.0 ; python_version > '2.0'  # keep\nleft-more==2.0\n")],
        "Left 2.0 -> 2.0.1 patch\nrequirements.txt: Left[extra]==2.0 ; python_version > '2.0'  # keep => Left[extra]==2.0.1 ; python_version > '2.0'  # keep",
    );
    check(
        &["RubyGems left 0 <5.2.4"],
        &[
            ("Gemfile", "gem 'left', '~> 5.2.1'\n"),
            ("Gemfile.lock", "GEM\n  remote: https://rubygems.org/\n  specs:\n    left (5.2.1)\n\nDEPENDENCIES\n  left (~> 5.2.1)\n"),
        ],
        "left 5.2.1 -> 5.2.4 patch\nGemfile.lock: left (5.2.1) => left (5.2.4)",
    );
    check(
        &["Maven g:left 0 <1.5"],
        &[(
            "pom.xml",
            "<project>\n<groupId>o</groupId><artifactId>app</artifactId><version>1.2</version>\n<properties><left.version>1.2</left.version></properties>\n<dependencies>\n<dependency>\n<groupId>g</groupId>\n<artifactId>left</artifactId>\n<version>${left.version}</version>\n</dependency>\n</dependencies>\n</project>\n",
        )],
        "g:left 1.2 -> 1.5 minor\npom.xml: <properties><left.version>1.2</left.version></properties> => <properties><left.version>1.5</left.version></properties>",
    );
    check(
        &["npm left 0 <1.0.4"],
        &[("package.json", "{\"dependencies\": {\"left\": \"^1.0.0\"}}"), ("yarn.lock", "# yarn lockfile v1\n\n\nleft@^1.0.0:\n  version \"1.0.0\"\n  resolved \"https://registry.yarnpkg.com/left/-/left-1.0.0.tgz#00\"\n")],
        "
left 1.0.0 -> 1.0.4 patch
yarn.lock: version \"1.0.0\" => version \"1.0.4\"
yarn.lock: resolved \"https://registry.yarnpkg.com/left/-/left-1.0.0.tgz#00\" => resolved \"https://registry.yarnpkg.com/left/-/left-1.0.4.tgz#00\"
",
    );
}

#[test]
fn every_place_of_pnpm_changes() {
    let lock = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      left:\n        specifier: ^1.0.0\n        version: 1.0.0(peer@2.0.0)\n\npackages:\n\n  left@1.0.0:\n    resolution: {integrity: sha512-00}\n\n  peer@2.0.0:\n    resolution: {integrity: sha512-00}\n\nsnapshots:\n\n  left@1.0.0(peer@2.0.0):\n    dependencies:\n      peer: 2.0.0\n\n  peer@2.0.0: {}\n";
    check(
        &["npm left 0 <1.0.4"],
        &[("package.json", "{\"dependencies\": {\"left\": \"^1.0.0\"}}"), ("pnpm-lock.yaml", lock)],
        "
left 1.0.0 -> 1.0.4 patch
pnpm-lock.yaml: version: 1.0.0(peer@2.0.0) => version: 1.0.4(peer@2.0.0)
pnpm-lock.yaml: left@1.0.0: => left@1.0.4:
pnpm-lock.yaml: left@1.0.0(peer@2.0.0): => left@1.0.4(peer@2.0.0):
",
    );
}

#[test]
fn steps_are_measured_by_their_first_number() {
    for (from, to, expected) in
        [("1.2.3", "1.2.4", Bump::Patch), ("1.2.3", "1.3.0", Bump::Minor), ("v1.2", "v2.0", Bump::Major), ("0.4.1", "0.5.0", Bump::Major)]
    {
        assert_eq!(Bump::between(from, to), expected, "{from} {to}");
    }
}
