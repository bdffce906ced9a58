//! Modes of files, in digits or letters.

/// `777`, `a+w`, `o+rwx`: whether others may write.
pub(crate) fn is_world_writable(mode: &str) -> bool {
    if is_octal(mode) {
        let others = mode.bytes().last().map_or(0, |byte| byte - b'0');
        // With the sticky bit, as `/tmp` has it, others can't take files away.
        let is_sticky = special(mode) & 1 != 0;
        return 3 <= mode.len() && others & 2 != 0 && !is_sticky;
    }
    mode.split(',').any(|part| {
        let Some((who, what)) = part.split_once(['+', '=']) else { return false };
        (who.contains('o') || who.contains('a')) && what.contains('w') && !what.contains('t')
    })
}

/// `4755`, `u+s`: whether a program runs as its owner, whoever starts it.
pub(crate) fn is_set_user_id(mode: &str) -> bool {
    if is_octal(mode) {
        return special(mode) & 4 != 0;
    }
    mode.split(',').any(|part| {
        part.split_once(['+', '=']).is_some_and(|(who, what)| what.contains('s') && (who.contains(['u', 'a']) || who.is_empty()))
    })
}

fn is_octal(mode: &str) -> bool {
    !mode.is_empty() && mode.bytes().all(|byte| (b'0'..b'8').contains(&byte))
}

/// The first of four digits; zero if there are fewer.
fn special(mode: &str) -> u8 {
    let mut digits = mode.bytes().rev().map(|byte| byte.saturating_sub(b'0'));
    digits.nth(3).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_may_write() {
        for mode in ["777", "0666", "a+w", "o=rw", "u=rwx,o+w", "2777"] {
            assert!(is_world_writable(mode), "{mode}");
        }
        for mode in ["755", "1777", "0644", "u+w", "o-w", "a+rx", "+x", "a+rwxt", "", "7"] {
            assert!(!is_world_writable(mode), "{mode}");
        }
    }

    #[test]
    fn programs_run_as_their_owner() {
        for mode in ["4755", "6755", "u+s", "+s"] {
            assert!(is_set_user_id(mode), "{mode}");
        }
        for mode in ["0755", "2755", "755", "g+s", "u-s", "u+x"] {
            assert!(!is_set_user_id(mode), "{mode}");
        }
    }
}
