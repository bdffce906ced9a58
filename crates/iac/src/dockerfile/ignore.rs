//! `.dockerignore`: what stays out of what is sent to a build. <https://docs.docker.com/build/concepts/context/#dockerignore-files>

/// So many patterns are read.
const MAX_PATTERNS: usize = 2_000;
/// So many steps are taken for one path and pattern.
const MAX_STEPS: usize = 10_000;

/// The patterns of a file, in order.
pub(super) fn read(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.take(MAX_PATTERNS).map(str::to_owned).collect()
}

/// Whether a path, as seen from the patterns' folder, stays out. The last pattern that matches decides.
pub(super) fn is_ignored(patterns: &[String], path: &str) -> bool {
    patterns.iter().fold(false, |is_ignored, pattern| {
        let (is_exception, pattern) = pattern.strip_prefix('!').map_or((false, pattern.as_str()), |rest| (true, rest));
        if covers(pattern, path) { !is_exception } else { is_ignored }
    })
}

/// Whether a pattern matches a path or a folder that it is in.
fn covers(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_matches('/');
    let pattern: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let path: Vec<&str> = path.split('/').collect();
    let mut n_steps = 0;
    !pattern.is_empty() && (1..=path.len()).any(|n| path.get(..n).is_some_and(|start| matches(&pattern, start, &mut n_steps)))
}

fn matches(pattern: &[&str], path: &[&str], n_steps: &mut usize) -> bool {
    *n_steps += 1;
    if MAX_STEPS < *n_steps {
        return false;
    }
    match (pattern, path) {
        ([], []) => true,
        (["**", rest @ ..], _) => {
            matches(rest, path, n_steps) || path.split_first().is_some_and(|(_, after)| matches(pattern, after, n_steps))
        }
        ([first, rest @ ..], [name, after @ ..]) => name_matches(first, name) && matches(rest, after, n_steps),
        ([], [..]) | ([..], []) => false,
    }
}

/// `*` and `?` within a name.
fn name_matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut from, mut star) = (0, 0, None);
    while from < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(c) if *c == '?' || Some(c) == name.get(from) => {
                at += 1;
                from += 1;
            }
            _ => match star {
                Some((star_at, star_from)) => {
                    star = Some((star_at, star_from + 1));
                    at = star_at + 1;
                    from = star_from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pattern_decides() {
        let patterns = read("# all\n*\n!src\n**/*.pem\n.git/\n");
        for (path, expected) in [(".env", true), ("src/a.rs", false), ("src/k.pem", true), (".git", true), ("a/b", true)] {
            assert_eq!(is_ignored(&patterns, path), expected, "{path}");
        }
        assert!(is_ignored(&read("/.env*"), ".env.local"));
        assert!(!is_ignored(&read(".env"), "a/.env"));
        assert!(is_ignored(&read("**/.env"), ".env"));
    }

    #[test]
    fn patterns_end() {
        let deep = "a/".repeat(200);
        is_ignored(&[["**", "*a*a*a*a*b"].join("/").repeat(20)], &deep);
    }
}
