//! Actions that are known: those that are archived, and those that many use, so that others imitate their names.

/// Repositories of actions and hooks that are archived, in lower case: one a line in `archived.txt`.
static ARCHIVED: &str = include_str!("archived.txt");

/// Actions that many workflows use.
static POPULAR: &str = include_str!("popular.txt");

/// Whether a repository is archived. The name is in lower case.
pub(super) fn is_archived(slug: &str) -> bool {
    ARCHIVED.lines().any(|known| known == slug)
}

/// The popular action that a name imitates: of another owner, and one slip away. The name is in lower case.
pub(super) fn lookalike(slug: &str) -> Option<&'static str> {
    let owner = slug.split('/').next()?;
    if POPULAR.lines().any(|popular| popular == slug) {
        return None;
    }
    POPULAR.lines().find(|popular| popular.split('/').next() != Some(owner) && is_slip(popular, slug))
}

/// Whether one text becomes the other by one character more, less, changed, or swapped with its neighbor.
fn is_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let n_same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(n_same..).unwrap_or_default(), b.get(n_same..).unwrap_or_default());
    match (a, b) {
        ([], []) => false,
        ([_, a_rest @ ..], [_, b_rest @ ..]) if a_rest == b_rest => true,
        ([_, a_rest @ ..], b) if a_rest == b => true,
        (a, [_, b_rest @ ..]) if a == b_rest => true,
        ([a0, a1, a_rest @ ..], [b0, b1, b_rest @ ..]) => a0 == b1 && a1 == b0 && a_rest == b_rest,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_names() {
        assert_eq!(lookalike("action/checkout"), Some("actions/checkout"));
        assert_eq!(lookalike("cations/checkout"), Some("actions/checkout"));
        assert_eq!(lookalike("acti0ns/checkout"), Some("actions/checkout"));
        assert_eq!(lookalike("dokcer/login-action"), Some("docker/login-action"));
        assert_eq!(lookalike("actions/chckout"), None);
        assert_eq!(lookalike("actions/checkout"), None);
        assert_eq!(lookalike("example/other-thing"), None);
    }

    #[test]
    fn lists_are_sorted_and_in_lower_case() {
        for list in [ARCHIVED, POPULAR] {
            assert!(list.lines().is_sorted());
            assert_eq!(list, list.to_lowercase());
        }
    }
}
