//! Variables as Docker and Compose replace them: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:+other}`.
//!
//! <https://docs.docker.com/reference/dockerfile/#environment-replacement>.

/// Replaces the variables of a text; fails with the name of one that has no value and no default.
pub(super) fn replace(text: &str, value_of: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let (mut done, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, behind)) = rest.split_once('$') {
        done.push_str(before);
        if let Some(behind) = behind.strip_prefix('$') {
            // `$$` is a dollar.
            done.push('$');
            rest = behind;
            continue;
        }
        let (name, operator, after) = match behind.strip_prefix('{').and_then(|behind| behind.split_once('}')) {
            Some((within, after)) => {
                let n_name = within.find(|c| !is_name(c)).unwrap_or(within.len());
                let (name, operator) = within.split_at_checked(n_name).unwrap_or((within, ""));
                (name, operator, after)
            }
            None => {
                let n_name = behind.find(|c| !is_name(c)).unwrap_or(behind.len());
                let (name, after) = behind.split_at_checked(n_name).unwrap_or((behind, ""));
                (name, "", after)
            }
        };
        done.push_str(&value(name, operator, value_of)?);
        rest = after;
    }
    done.push_str(rest);
    Ok(done)
}

fn value(name: &str, operator: &str, value_of: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let given = value_of(name);
    let filled = given.clone().filter(|value| !value.is_empty());
    let unknown = || name.to_owned();
    match (operator.get(..1), operator.strip_prefix(':').unwrap_or(operator)) {
        (Some(":"), rest) if rest.starts_with('-') => Ok(filled.unwrap_or_else(|| rest.chars().skip(1).collect())),
        (Some(":"), rest) if rest.starts_with('+') => Ok(filled.map(|_| rest.chars().skip(1).collect()).unwrap_or_default()),
        (Some("-"), rest) => Ok(given.unwrap_or_else(|| rest.chars().skip(1).collect())),
        (Some("+"), rest) => Ok(given.map(|_| rest.chars().skip(1).collect()).unwrap_or_default()),
        _ => given.ok_or_else(unknown),
    }
}

const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, &str>) {
        let value_of = |name: &str| (name == "A").then(|| "1".to_owned());
        assert_eq!(replace(text, &value_of), expected.map(str::to_owned).map_err(str::to_owned), "{text:?}");
    }

    #[test]
    fn variables_have_values_and_defaults() {
        check("x:$A-${A}", Ok("x:1-1"));
        check("${B:-2}.${B-3}.${A:-4}", Ok("2.3.1"));
        check("${A:+5}${B:+6}$$A", Ok("5$A"));
        check("${B}", Err("B"));
        check("${B:?no}", Err("B"));
        check("x${", Err(""));
    }
}
