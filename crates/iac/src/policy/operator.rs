//! The operators of attribute conditions, by the names that Checkov gives them.

use std::cmp::Ordering;

/// What is asked of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Exists,
    /// Holds of everything.
    Any,
    Equals,
    EqualsIgnoreCase,
    /// A regular expression matches at its start.
    RegexMatch,
    Contains,
    Within,
    StartingWith,
    EndingWith,
    Compared(Comparison),
    Subset,
    Intersects,
    IsEmpty,
    IsTrue,
    Length(Comparison),
    NumberOfWords(Comparison),
    RangeIncludes,
    CidrRangeSubset,
}

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Comparison {
    pub(super) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
        }
    }
}

/// Every operator: its name, what it asks, and whether the answer is turned round.
pub(super) static OPERATORS: &[(&str, Operator, bool)] = &[
    ("any", Operator::Any, false),
    ("cidr_range_not_subset", Operator::CidrRangeSubset, true),
    ("cidr_range_subset", Operator::CidrRangeSubset, false),
    ("contains", Operator::Contains, false),
    ("ending_with", Operator::EndingWith, false),
    ("equals", Operator::Equals, false),
    ("equals_ignore_case", Operator::EqualsIgnoreCase, false),
    ("exists", Operator::Exists, false),
    ("greater_than", Operator::Compared(Comparison::Greater), false),
    ("greater_than_or_equal", Operator::Compared(Comparison::GreaterOrEqual), false),
    ("intersects", Operator::Intersects, false),
    ("is_empty", Operator::IsEmpty, false),
    ("is_false", Operator::IsTrue, true),
    ("is_not_empty", Operator::IsEmpty, true),
    ("is_true", Operator::IsTrue, false),
    ("length_equals", Operator::Length(Comparison::Equal), false),
    ("length_greater_than", Operator::Length(Comparison::Greater), false),
    ("length_greater_than_or_equal", Operator::Length(Comparison::GreaterOrEqual), false),
    ("length_less_than", Operator::Length(Comparison::Less), false),
    ("length_less_than_or_equal", Operator::Length(Comparison::LessOrEqual), false),
    ("length_not_equals", Operator::Length(Comparison::Equal), true),
    ("less_than", Operator::Compared(Comparison::Less), false),
    ("less_than_or_equal", Operator::Compared(Comparison::LessOrEqual), false),
    ("not_contains", Operator::Contains, true),
    ("not_ending_with", Operator::EndingWith, true),
    ("not_equals", Operator::Equals, true),
    ("not_equals_ignore_case", Operator::EqualsIgnoreCase, true),
    ("not_exists", Operator::Exists, true),
    ("not_intersects", Operator::Intersects, true),
    ("not_regex_match", Operator::RegexMatch, true),
    ("not_starting_with", Operator::StartingWith, true),
    ("not_subset", Operator::Subset, true),
    ("not_within", Operator::Within, true),
    ("number_of_words_equals", Operator::NumberOfWords(Comparison::Equal), false),
    ("number_of_words_greater_than", Operator::NumberOfWords(Comparison::Greater), false),
    ("number_of_words_greater_than_or_equal", Operator::NumberOfWords(Comparison::GreaterOrEqual), false),
    ("number_of_words_less_than", Operator::NumberOfWords(Comparison::Less), false),
    ("number_of_words_less_than_or_equal", Operator::NumberOfWords(Comparison::LessOrEqual), false),
    ("number_of_words_not_equals", Operator::NumberOfWords(Comparison::Equal), true),
    ("range_includes", Operator::RangeIncludes, false),
    ("range_not_includes", Operator::RangeIncludes, true),
    ("regex_match", Operator::RegexMatch, false),
    ("starting_with", Operator::StartingWith, false),
    ("subset", Operator::Subset, false),
    ("within", Operator::Within, false),
];

/// Before the name of an operator whose attribute is a JSONPath.
const JSON_PATH_PREFIX: &str = "jsonpath_";

/// An operator as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) operator: Operator,
    pub(super) is_negated: bool,
    pub(super) is_json_path: bool,
}

/// An operator by its name.
pub(super) fn find(name: &str) -> Option<Written> {
    let (name, is_json_path) = match name.strip_prefix(JSON_PATH_PREFIX) {
        Some(name) => (name, true),
        None => (name, false),
    };
    // The documentation of Checkov calls the operators of address ranges like this.
    let name = name.strip_suffix("_attribute_solver").unwrap_or(name);
    let (_, operator, is_negated) = OPERATORS.iter().find(|(known, ..)| *known == name)?;
    Some(Written { operator: *operator, is_negated: *is_negated, is_json_path })
}

impl Operator {
    /// Whether it is told nothing to compare with.
    pub(super) fn is_alone(self) -> bool {
        matches!(self, Self::Exists | Self::Any | Self::IsEmpty | Self::IsTrue)
    }
}
