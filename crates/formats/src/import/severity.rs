//! Words and numbers for severities.

use bartizan_core::Severity;

use Severity::{Critical, High, Info, Low, Medium};

/// The words that many tools use.
const USUAL: &[(&str, Severity)] = &[
    ("critical", Critical),
    ("crit", Critical),
    ("blocker", Critical),
    ("urgent", Critical),
    ("very high", Critical),
    ("high", High),
    ("important", High),
    ("major", High),
    ("error", High),
    ("severe", High),
    ("medium", Medium),
    ("moderate", Medium),
    ("mid", Medium),
    ("med", Medium),
    ("warning", Medium),
    ("warn", Medium),
    ("low", Low),
    ("minor", Low),
    ("very low", Low),
    ("info", Info),
    ("information", Info),
    ("informational", Info),
    ("informative", Info),
    ("note", Info),
    ("notice", Info),
    ("negligible", Info),
    ("none", Info),
    ("trivial", Info),
    ("best practice", Info),
    ("bestpractice", Info),
    ("best_practice", Info),
];

/// What a word means: by a tool's own table, or as many tools use it. Nothing if nobody does.
pub(super) fn of_word(word: &str, own: &[(&str, Severity)]) -> Option<Severity> {
    let word = word.trim();
    let find = |table: &[(&str, Severity)]| table.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, severity)| *severity);
    find(own).or_else(|| find(USUAL))
}

/// What a score of CVSS means. CVSS 3.1, section 5.
pub(super) fn of_score(score: f64) -> Option<Severity> {
    match score {
        score if !(0.0..=10.0).contains(&score) => None,
        score if 9.0 <= score => Some(Critical),
        score if 7.0 <= score => Some(High),
        score if 4.0 <= score => Some(Medium),
        score if 0.0 < score => Some(Low),
        _ => Some(Info),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tools_own_words_win() {
        assert_eq!(of_word(" Error ", &[("error", Low)]), Some(Low));
        assert_eq!((of_word("Error", &[]), of_word("unknown", &[]), of_word("", &[])), (Some(High), None, None));
    }

    #[test]
    fn scores_have_the_steps_of_the_standard() {
        let severities: Vec<_> = [0.0, 0.1, 3.9, 4.0, 7.0, 9.0, 10.0].into_iter().filter_map(of_score).collect();
        assert_eq!(severities, [Info, Low, Low, Medium, High, Critical, Critical]);
        assert_eq!((of_score(11.0), of_score(f64::NAN)), (None, None));
    }
}
