//! Numbers of the Common Weakness Enumeration that tools give to one and the same weakness.
//!
//! Tools choose a base, a variant or the class above it: a shell call is 78 to one, and 77 to another. The numbers of a row mean the
//! same at different levels. Pillars and the like (20, 74, 707) are in no row: they name half of all weaknesses. A number may be in
//! several rows; rows are not put together by it.

/// What a class is called here, and its numbers.
#[rustfmt::skip]
const CLASSES: &[(&str, &[u32])] = &[
    ("authentication-missing", &[287, 306]),
    ("authorization-incorrect", &[285, 863]),
    ("authorization-missing", &[285, 862]),
    ("binds-everywhere", &[605, 1327]),
    ("buffer-overflow", &[119, 120, 121, 122, 787, 788, 805, 806]),
    ("certificate-validation", &[295, 296, 297, 298, 299, 370, 599]),
    ("cipher-weak", &[326, 327, 780]),
    ("code-injection", &[94, 95, 96]),
    ("command-injection", &[77, 78]),
    ("cross-site-scripting", &[79, 80, 81, 83, 84, 85, 86, 87]),
    ("data-stored-in-clear", &[312, 313, 314, 315, 316, 317, 318]),
    ("data-sent-in-clear", &[5, 319, 523]),
    ("debugging-left-on", &[11, 215, 489]),
    ("error-tells-too-much", &[209, 210, 211, 550]),
    ("external-entity", &[611, 827]),
    ("file-permissions", &[276, 277, 278, 279, 732]),
    ("hash-weak", &[327, 328]),
    ("header-injection", &[93, 113]),
    ("log-injection", &[93, 117]),
    ("null-dereference", &[476, 690]),
    ("object-reference-direct", &[566, 639]),
    ("out-of-bounds-read", &[119, 125, 126, 127]),
    ("password-hash-weak", &[328, 759, 760, 916]),
    ("path-traversal", &[22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 73]),
    ("prototype-pollution", &[915, 1321]),
    ("race-on-files", &[362, 366, 367]),
    ("randomness-weak", &[330, 331, 332, 333, 335, 336, 337, 338, 339, 340, 1241]),
    ("regular-expression-slow", &[400, 1333]),
    ("resources-without-limit", &[400, 770, 789]),
    ("secret-in-code", &[259, 321, 798]),
    ("server-side-request", &[441, 918]),
    ("sql-injection", &[89, 564]),
    ("temporary-file", &[377, 378, 379]),
    ("template-injection", &[94, 1336]),
    ("timeout-missing", &[400, 1088]),
    ("use-after-free", &[416, 825]),
    ("xpath-injection", &[91, 643]),
];

/// The classes of a weakness, by its number; nothing for one that is in none.
///
/// ```
/// use bartizan_triage::identity::correlation::classes_of;
///
/// assert_eq!(classes_of(94).collect::<Vec<_>>(), ["code-injection", "template-injection"]);
/// ```
pub fn classes_of(cwe: u32) -> impl Iterator<Item = &'static str> {
    CLASSES.iter().filter(move |(_, numbers)| numbers.contains(&cwe)).map(|&(name, _)| name)
}

/// The first class that numbers of both sides are in.
#[must_use]
pub fn class_in_common(ours: &[u32], theirs: &[u32]) -> Option<&'static str> {
    let in_class = |numbers: &[u32], all: &[u32]| all.iter().any(|cwe| numbers.contains(cwe));
    CLASSES.iter().find(|(_, numbers)| in_class(numbers, ours) && in_class(numbers, theirs)).map(|&(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_share_a_number_without_being_one() {
        assert_eq!(class_in_common(&[94], &[1336]), Some("template-injection"));
        assert_eq!(class_in_common(&[95], &[1336]), None);
        assert_eq!(class_in_common(&[], &[78]), None);
        assert_eq!(class_in_common(&[20, 78], &[77]), Some("command-injection"));
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(CLASSES.iter().all(|(_, numbers)| 1 < numbers.len() && numbers.is_sorted_by(|a, b| a < b)));
    }
}
