//! What a misspelt name was probably meant to be.

/// Advice about an unknown name: the known one that it resembles, else all of them.
pub(crate) fn help<'a>(name: &str, known: impl Iterator<Item = &'a str>, plural: &str) -> String {
    const MIN_LIKENESS: f64 = 0.8;
    const MAX_LISTED: usize = 24;
    let known: Vec<&str> = known.collect();
    let likeness = |candidate: &str| strsim::jaro_winkler(&name.to_lowercase().replace('_', "-"), candidate);
    let best = known.iter().map(|candidate| (likeness(candidate), *candidate)).max_by(|a, b| a.0.total_cmp(&b.0));
    match best.filter(|(likeness, _)| MIN_LIKENESS <= *likeness) {
        Some((_, candidate)) => format!("did you mean `{candidate}`?"),
        None if known.is_empty() || MAX_LISTED < known.len() => String::new(),
        None => format!("known {plural}: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::help;

    #[test]
    fn a_near_name_is_guessed_and_a_far_one_is_answered_with_all() {
        let known = || ["exclude", "disable-rules"].into_iter();
        assert_eq!(help("exlcude", known(), "keys"), "did you mean `exclude`?");
        assert_eq!(help("disable_rules", known(), "keys"), "did you mean `disable-rules`?");
        assert_eq!(help("zzz", known(), "keys"), "known keys: exclude, disable-rules");
    }
}
