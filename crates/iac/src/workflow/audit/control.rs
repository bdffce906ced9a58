//! Whether an action does something, by the inputs that control it.

use bartizan_core::ByteRange;

use crate::workflow::{
    comment,
    definition::{Site, place, spelled},
    fence, uses,
};

/// What decides whether an action does something.
#[derive(Debug)]
pub(super) enum Control {
    /// It always does.
    Always,
    /// An input switches it on.
    On(Input),
    /// An input switches it off.
    Off(Input),
    /// All of these must say so.
    All(&'static [Control]),
    /// One of these must say so.
    Any(&'static [Control]),
    /// This must not say so.
    Not(&'static Control),
    /// The version is older.
    Before([u64; 3]),
}

/// An input that controls an action.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) name: &'static str,
    pub(super) kind: InputKind,
    /// Whether the action does it where the input is not given.
    pub(super) by_default: bool,
}

/// What an input may be.
#[derive(Debug)]
pub(super) enum InputKind {
    /// `true` or `false`.
    Switch,
    /// Anything that is not empty.
    Text,
    /// One of these.
    OneOf(&'static [&'static str]),
}

/// Whether an action does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    Yes,
    Maybe,
    No,
}

/// Whether an action does it, and which inputs say so.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) does: Does,
    pub(super) because: Vec<ByteRange>,
}

impl Control {
    /// Asks a step that uses the action.
    pub(super) fn ask(&self, site: Site<'_, '_>) -> Answer {
        if !matches!(self, Self::Always) && site.step.has_opaque_inputs() {
            return Answer { does: Does::Maybe, because: Vec::new() };
        }
        match self {
            Self::Always => Answer { does: Does::Yes, because: Vec::new() },
            Self::On(input) => input.ask(site, true),
            Self::Off(input) => input.ask(site, false),
            Self::All(parts) => join(parts.iter().map(|part| part.ask(site)), Does::No, Does::Yes),
            Self::Any(parts) => join(parts.iter().map(|part| part.ask(site)), Does::Yes, Does::No),
            Self::Not(part) => {
                let answer = part.ask(site);
                let does = match answer.does {
                    Does::Yes => Does::No,
                    Does::Maybe => Does::Maybe,
                    Does::No => Does::Yes,
                };
                Answer { does, ..answer }
            }
            Self::Before(bound) => Answer { does: is_before(site, *bound), because: Vec::new() },
        }
    }

    /// The one input that controls it.
    pub(super) const fn only_input(&self) -> Option<(&Input, bool)> {
        match self {
            Self::On(input) => Some((input, true)),
            Self::Off(input) => Some((input, false)),
            Self::Always | Self::All(_) | Self::Any(_) | Self::Not(_) | Self::Before(_) => None,
        }
    }
}

impl Input {
    fn ask(&self, site: Site<'_, '_>, switches_on: bool) -> Answer {
        let Some(given) = site.step.input(self.name) else {
            return Answer { does: if self.by_default { Does::Yes } else { Does::No }, because: Vec::new() };
        };
        let value = spelled(&given.node).unwrap_or_default();
        let is_expression = fence::whole(value.trim()).is_some();
        let holds = match self.kind {
            InputKind::Switch if value == "true" => Some(true),
            InputKind::Switch if value == "false" => Some(false),
            // An action takes what it does not know for `true`.
            InputKind::Switch => (!is_expression).then_some(true),
            InputKind::Text => Some(!value.is_empty()),
            InputKind::OneOf(values) => (!is_expression).then(|| values.contains(&value)),
        };
        let does = match holds {
            None => Does::Maybe,
            Some(holds) if holds == switches_on => Does::Yes,
            Some(_) => Does::No,
        };
        Answer { does, because: vec![place(given)] }
    }
}

/// One that decides alone is the answer; else doubt is.
fn join(answers: impl Iterator<Item = Answer>, decisive: Does, otherwise: Does) -> Answer {
    let mut joined = Answer { does: otherwise, because: Vec::new() };
    for answer in answers {
        if joined.does == decisive {
            if answer.does == decisive {
                joined.because.extend(answer.because);
            }
        } else if answer.does == decisive || (answer.does == Does::Maybe && joined.does != Does::Maybe) {
            joined = answer;
        } else if answer.does == joined.does {
            joined.because.extend(answer.because);
        }
    }
    joined
}

/// A commit has the version that the comment behind it names.
fn is_before(site: Site<'_, '_>, bound: [u64; 3]) -> Does {
    let Some(call) = &site.step.call else { return Does::Maybe };
    let version = match call.uses.reference() {
        Some(reference) if !uses::is_commit(reference) => uses::version(reference),
        _ => comment::behind(site.definition.text, call.member.node.range.end()).and_then(comment::version).and_then(uses::version),
    };
    match version {
        Some(version) if version < bound => Does::Yes,
        Some(_) => Does::No,
        None => Does::Maybe,
    }
}
