//! Which licence a text is.
//!
//! A text is compared by its words, three at a time: what comes of the words of each licence of the list is here as numbers
//! (`texts.bin`), the texts themselves are not. Lines of copyright count for nothing, nor do punctuation, case and layout. Of
//! long texts every fourth or sixteenth number is enough.

use std::{collections::HashSet, sync::OnceLock};

use serde::{Deserialize, Serialize};

/// What is read of a text, in bytes: the longest licences have 40,000.
pub(crate) const MAX_BYTES: usize = 400_000;

/// A text of so few words may only name its licence.
const FEW_WORDS: usize = 60;

/// A licence is there if so much of it is: less than all, as people change names and addresses.
const MIN_CONTAINED: f64 = 0.86;

/// So many numbers of a licence must be its own, beside those of others that were told.
const MIN_OWN: usize = 4;

/// So many licences of one text are told.
const MAX_LICENCES: usize = 8;

/// The words of a licence, as numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Template {
    id: String,
    /// Numbers that this mask leaves nothing of are kept.
    mask: u32,
    /// Differences between the numbers, in their order.
    deltas: Vec<u32>,
}

/// A template, ready to be compared.
struct Ready {
    id: String,
    mask: u32,
    numbers: Vec<u32>,
}

/// The licences that a text holds, by their identifiers in SPDX's list, the most of it first.
///
/// Licences of GNU are told without what stands beside the text: whether a later version may be chosen is said elsewhere.
#[must_use]
pub fn detect(text: &str) -> Vec<String> {
    let text = text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or(text);
    let words = words(text);
    let there: HashSet<u32> = numbers(&words).collect();
    let mut told: HashSet<u32> = HashSet::new();
    let mut found: Vec<String> = Vec::new();
    while found.len() < MAX_LICENCES {
        let others = templates().iter().filter(|ready| !found.contains(&ready.id));
        let Some(best) = others.filter_map(|ready| score(ready, &there, &told)).max_by(by_likeness) else { break };
        told.extend(&best.ready.numbers);
        found.push(best.ready.id.clone());
    }
    if found.is_empty() {
        const MARK: &str = "SPDX-License-Identifier:";
        found.extend(
            text.lines().filter_map(|line| super::normalize(line.split_once(MARK)?.1.trim_matches(['`', '*', '/', '-', '>', ' ']))).take(1),
        );
    }
    if found.is_empty() && words.len() <= FEW_WORDS {
        found.extend(text.lines().filter_map(|line| super::normalize(line.trim().trim_start_matches(['#', ' ']))).take(1));
    }
    found
}

struct Score<'r> {
    ready: &'r Ready,
    /// How much of the text and of the licence is the same: Dice.
    likeness: f64,
}

/// Of equals the first in the list.
fn by_likeness(one: &Score<'_>, other: &Score<'_>) -> std::cmp::Ordering {
    one.likeness.total_cmp(&other.likeness).then_with(|| other.ready.id.cmp(&one.ready.id))
}

/// How like a text is to a licence; nothing if the licence is not there. Licences are made of one another: what is only there
/// because another one is, which was told already, is not there.
fn score<'r>(ready: &'r Ready, there: &HashSet<u32>, told: &HashSet<u32>) -> Option<Score<'r>> {
    let is_there = |number: &&u32| there.contains(number);
    let n_common = ready.numbers.iter().filter(is_there).count();
    let own = || ready.numbers.iter().filter(|number| !told.contains(number));
    let (n_own, n_own_there) = (own().count(), own().filter(is_there).count());
    let is_contained = MIN_CONTAINED <= ratio(n_common, ready.numbers.len()) && MIN_CONTAINED <= ratio(n_own_there, n_own);
    if !is_contained || n_own < MIN_OWN {
        return None;
    }
    let n_there = there.iter().filter(|number| *number & ready.mask == 0).count();
    Some(Score { ready, likeness: ratio(2 * n_common, ready.numbers.len() + n_there) })
}

fn ratio(part: usize, whole: usize) -> f64 {
    let small = |n: usize| u32::try_from(n).map_or(f64::from(u32::MAX), f64::from);
    if whole == 0 { 0.0 } else { small(part) / small(whole) }
}

fn templates() -> &'static [Ready] {
    static TEMPLATES: OnceLock<Vec<Ready>> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let templates: Vec<Template> = postcard::from_bytes(include_bytes!("texts.bin")).unwrap_or_default();
        let ready = |template: Template| {
            let numbers = template.deltas.iter().scan(0_u32, |sum, delta| {
                *sum = sum.wrapping_add(*delta);
                Some(*sum)
            });
            Ready { id: template.id, mask: template.mask, numbers: numbers.collect() }
        };
        templates.into_iter().map(ready).collect()
    })
}

/// The words of a text that count.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for line in text.lines() {
        if is_of_copyright(line) {
            continue;
        }
        let lower = line.to_lowercase();
        let of_line = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        // Two spellings of one word.
        words.extend(of_line.map(|word| match word {
            "licence" => "license".to_owned(),
            "licences" => "licenses".to_owned(),
            "https" => "http".to_owned(),
            word => word.to_owned(),
        }));
    }
    words
}

/// Whether a line says whose the text's subject is, and not what may be done with it.
fn is_of_copyright(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['*', '/', '#', '-', ' ', '<', '>', '(']).to_lowercase();
    let begins =
        ["copyright (c)", "copyright ©", "copyright <", "copyright [", "copyright 1", "copyright 2", "copyright:", "©", "(c) ", "c) "];
    begins.iter().any(|begin| line.starts_with(begin)) || line.trim_end_matches('.') == "all rights reserved"
}

/// Three words each, as a number: FNV-1a.
fn numbers(words: &[String]) -> impl Iterator<Item = u32> {
    words.windows(3).map(|three| {
        let bytes = three.iter().flat_map(|word| word.bytes().chain([b' ']));
        // http://www.isthe.com/chongo/tech/comp/fnv/
        let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        // The lower bits of a product know little of its upper ones, and samples are taken by them.
        hash ^ (hash >> 15)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of longer licences a sample is kept.
    const MANY: usize = 350;

    /// The text of a licence. The list has the GPL behind the LGPL, which is written on top of it; others have a file for each.
    fn alone<'t>(id: &str, text: &'t str) -> &'t str {
        if id.starts_with("LGPL-3") { text.split("\nGNU GENERAL PUBLIC LICENSE").next().unwrap() } else { text }
    }

    fn template(id: &str, text: &str) -> Template {
        let all: std::collections::BTreeSet<u32> = numbers(&words(text)).collect();
        let mask = match all.len() / MANY {
            // These two differ in one sentence, which a sample may not have.
            _ if matches!(id, "AFL-3.0" | "OSL-3.0") => 0,
            0 => 0,
            1..4 => 3,
            _ => 15,
        };
        let kept = all.into_iter().filter(|number| number & mask == 0);
        let mut last = 0;
        let deltas = kept.map(|number| number - std::mem::replace(&mut last, number)).collect();
        Template { id: id.to_owned(), mask, deltas }
    }

    /// Licences that people use; the rest of the list would make the program large, and answers doubtful.
    fn is_wanted(name: &str) -> bool {
        const OTHERS: [&str; 30] = [
            "Latex2e",
            "Xnet",
            "NTP",
            "NAIST-2003",
            "Info-ZIP",
            "ICU",
            "Intel",
            "libtiff",
            "TCL",
            "SSH-OpenSSH",
            "Vim",
            "blessing",
            "CNRI-Python",
            "Ruby",
            "Zend-2.0",
            "Sleepycat",
            "SISSL",
            "QPL-1.0",
            "RPL-1.5",
            "NCSA",
            "MulanPSL-2.0",
            "MS-PL",
            "MS-RL",
            "HPND",
            "IJG",
            "JSON",
            "W3C",
            "Watcom-1.0",
            "Unicode-3.0",
            "UPL-1.0",
        ];
        const FAMILIES: [&str; 34] = [
            "0BSD",
            "AAL",
            "AFL-3",
            "AGPL",
            "APSL-2",
            "Apache",
            "Artistic",
            "BSD-1",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "BSD-4-Clause",
            "BSL",
            "BUSL",
            "BlueOak",
            "CC-BY-3.0",
            "CC-BY-4.0",
            "CC-BY-SA-3.0",
            "CC-BY-SA-4.0",
            "CC-BY-NC-4.0",
            "CC-BY-NC-SA-4.0",
            "CC0",
            "CDDL",
            "CECILL",
            "CPAL",
            "CPL",
            "ECL-2",
            "EPL",
            "EUPL",
            "Elastic",
            "FTL",
            "GFDL-1.3",
            "GPL",
            "ISC",
            "LGPL",
        ];
        const MORE: [&str; 14] = [
            "LPPL-1.3c",
            "MIT",
            "MPL",
            "OFL-1.1",
            "OSL-3",
            "OpenSSL",
            "PHP-3",
            "PSF-2.0",
            "PostgreSQL",
            "Python-2",
            "SSPL",
            "Unlicense",
            "WTFPL",
            "Zlib",
        ];
        const VARIANTS: [(&str, &[&str]); 3] = [
            ("BSD-2-Clause", &["BSD-2-Clause-Patent", "BSD-2-Clause-Views"]),
            ("BSD-3-Clause", &["BSD-3-Clause-Clear", "BSD-3-Clause-LBNL"]),
            ("MIT", &["MIT-0", "MIT-CMU"]),
        ];
        // Few use the other variants, and a text that somebody changed a little looks like one of them.
        let is_rare = |(family, known): &(&str, &[&str])| name.starts_with(&format!("{family}-")) && !known.contains(&name);
        if VARIANTS.iter().any(is_rare) {
            return false;
        }
        let is_family = FAMILIES
            .iter()
            .chain(&MORE)
            .any(|family| name == *family || name.starts_with(&format!("{family}-")) || name.starts_with(&format!("{family}.")));
        let is_listed = OTHERS.contains(&name) || ["ZPL-2.1", "X11", "bzip2-1.0.6", "curl", "NPL-1.1", "Unicode-DFS-2016"].contains(&name);
        is_family || is_listed
    }

    fn wanted() -> Vec<Template> {
        let texts = spdx::text::LICENSE_TEXTS.iter().filter(|(name, _)| is_wanted(name));
        // Two names of one text are told by the first: `-only` stands for `-or-later`, too.
        let texts = texts.filter(|(name, _)| {
            let licence = spdx::identifiers::LICENSES.iter().find(|licence| licence.name == *name);
            let is_deprecated = licence.is_some_and(|licence| licence.flags & 0x4 != 0);
            let is_variant = name.contains("with-") || name.contains("exception") || name.contains("invariants") || name.contains("RFN");
            !name.ends_with("-or-later") && !is_deprecated && !is_variant
        });
        texts.map(|(name, text)| template(name, alone(name, text))).filter(|template| 5 < template.deltas.len()).collect()
    }

    #[test]
    fn the_numbers_are_those_of_the_licences() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/licence/texts.bin");
        let bytes = postcard::to_stdvec(&wanted()).unwrap();
        if std::env::var_os("BARTIZAN_BLESS").is_some() {
            std::fs::write(&path, &bytes).unwrap();
        }
        assert!(std::fs::read(&path).unwrap() == bytes, "texts.bin differs: run this test with BARTIZAN_BLESS=1 and commit the file");
        assert!(bytes.len() < 250_000, "{}", bytes.len());
    }

    #[test]
    fn every_licence_is_told_from_all_others() {
        let mut wrong = Vec::new();
        for template in wanted() {
            let (_, text) = spdx::text::LICENSE_TEXTS.iter().find(|(name, _)| *name == template.id).unwrap();
            let found = detect(alone(&template.id, text));
            if found.first() != Some(&template.id) {
                wrong.push(format!("{} is taken for {found:?}", template.id));
            }
        }
        // The two have one text but for its title.
        wrong.retain(|line| !line.starts_with("GFDL") && !line.starts_with("MIT-testregex"));
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn a_text_may_hold_several_and_be_laid_out_otherwise() {
        let text = |id: &str| spdx::text::LICENSE_TEXTS.iter().find(|(name, _)| *name == id).unwrap().1;
        let both =
            format!("Copyright (c) 2020 Somebody\n\n{}\n\n----\n\n{}", text("MIT").replace('\n', " "), text("Apache-2.0").to_uppercase());
        assert_eq!(detect(&both), ["Apache-2.0", "MIT"]);
        assert_eq!(detect("MIT License\n"), ["MIT"]);
        assert_eq!(detect("Copyright 2020 Somebody. Nobody may use this."), Vec::<String>::new());
        assert_eq!(detect(""), Vec::<String>::new());
    }
}
