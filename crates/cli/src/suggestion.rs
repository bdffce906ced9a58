//! Guesses what a misspelt name was meant to be.

/// ``did you mean `x`?``, if a name is close.
pub(crate) fn suggestion<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    const MIN_LIKENESS: f64 = 0.8;
    let wrong = wrong.to_ascii_lowercase();
    let likeness = |name: &str| {
        let holds_it = 3 <= wrong.len() && name.contains(&wrong);
        strsim::jaro_winkler(name, &wrong).max(if holds_it { 0.9 } else { 0.0 })
    };
    let mut close: Vec<_> =
        names.into_iter().map(|name| (likeness(name), name)).filter(|(likeness, _)| MIN_LIKENESS <= *likeness).collect();
    close.sort_by(|(a, a_name), (b, b_name)| b.total_cmp(a).then(a_name.cmp(b_name)));
    let names: Vec<_> = close.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
    if names.is_empty() { None } else { Some(format!("did you mean {}?", names.join(" or "))) }
}

#[cfg(test)]
mod tests {
    use super::suggestion;

    #[test]
    fn close_names_are_suggested_and_others_are_not() {
        let names = ["github-token", "gitlab-token", "jwt"];
        assert_eq!(suggestion("githb-token", names).as_deref(), Some("did you mean `github-token` or `gitlab-token`?"));
        assert_eq!(suggestion("xyz", names), None);
    }
}
