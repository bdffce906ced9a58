//! Pairs brackets in one pass from the end.

/// A bracket, or a place that no pair may span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event {
    /// The bracket; nothing for a place that no pair may span.
    pub(super) byte: Option<u8>,
    /// For an opening bracket: what closes it.
    pub(super) closing: Option<u8>,
}

/// No event.
const NONE: u32 = u32::MAX;

/// For each event the one that closes it.
///
/// From an opening bracket on, one goes from event to event, over pairs as a whole, until there is what closes it. A closing
/// bracket that nobody waits for is skipped, and so is an opening one without partner.
pub(super) fn pair(events: &[Event]) -> Vec<Option<u32>> {
    let mut closings: Vec<u8> = events.iter().filter_map(|event| event.closing).collect();
    closings.sort_unstable();
    closings.dedup();
    let mut partners = vec![None; events.len()];
    // For each event, and for the end: where each of the closings is met on the way from there.
    let mut nearest = vec![NONE; (events.len() + 1) * closings.len()];
    let row = |index: usize| index * closings.len()..(index + 1) * closings.len();
    for (index, event) in events.iter().enumerate().rev() {
        let column = event.closing.and_then(|closing| closings.binary_search(&closing).ok());
        let partner = column.and_then(|column| nearest.get(row(index + 1))?.get(column).copied()).filter(|&partner| partner != NONE);
        if let Some(place) = partners.get_mut(index) {
            *place = partner;
        }
        if event.byte.is_none() {
            continue;
        }
        let next = partner.map_or(index + 1, |partner| partner as usize + 1);
        nearest.copy_within(row(next), row(index).start);
        if let Some(column) = event.byte.and_then(|byte| closings.binary_search(&byte).ok())
            && let Some(place) = nearest.get_mut(row(index)).and_then(|row| row.get_mut(column))
        {
            *place = u32::try_from(index).unwrap_or(NONE);
        }
    }
    partners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(brackets: &str, expected: &[(usize, usize)]) {
        let closing = |byte| match byte {
            b'(' => Some(b')'),
            b'[' => Some(b']'),
            b'"' => Some(b'"'),
            _ => None,
        };
        let events: Vec<Event> =
            brackets.bytes().map(|byte| Event { byte: Some(byte).filter(|&byte| byte != b'|'), closing: closing(byte) }).collect();
        let pairs: Vec<(usize, usize)> =
            pair(&events).into_iter().enumerate().filter_map(|(open, close)| Some((open, close? as usize))).collect();
        assert_eq!(pairs, expected, "{brackets}");
    }

    #[test]
    fn brackets_nest() {
        check("", &[]);
        check("()", &[(0, 1)]);
        check("([])", &[(0, 3), (1, 2)]);
        check("()[]", &[(0, 1), (2, 3)]);
    }

    #[test]
    fn what_does_not_pair_is_skipped() {
        check("(", &[]);
        check(")(", &[]);
        check("(])", &[(0, 2)]);
        check("([)", &[(0, 2)]);
        check("([)]", &[(1, 3)]);
        check("(()", &[(1, 2)]);
    }

    #[test]
    fn no_pair_spans_a_stop() {
        check("(|)", &[]);
        check("(()|)", &[(1, 2)]);
    }

    #[test]
    fn quotes_open_and_close() {
        check("\"\"", &[(0, 1)]);
        check("\"(\")", &[(1, 3)]);
        check("\"\"\"", &[(0, 1), (1, 2)]);
    }

    #[test]
    fn many_brackets_take_linear_time() {
        let n = 100_000;
        let pairs: Vec<(usize, usize)> = (0..n).map(|open| (open, 2 * n - 1 - open)).collect();
        check(&("(".repeat(n) + &")".repeat(n)), &pairs);
        check(&"([".repeat(n), &[]);
    }
}
