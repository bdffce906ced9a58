//! A whole Dockerfile: instructions, stages, and what is known at each place.

use bartizan_core::ByteRange;

use super::{
    instruction::{self, Instruction},
    lines::{self, Directive},
    variable::{Expanded, Variables},
};
use crate::shell::Word;

/// Of so many stages it is known what variables hold at their ends.
const MAX_SCOPES: usize = 100;

/// A Dockerfile.
#[derive(Debug)]
pub(super) struct Dockerfile<'t> {
    pub(super) directives: Vec<Directive<'t>>,
    pub(super) instructions: Vec<Instruction<'t>>,
    pub(super) stages: Vec<Stage>,
    /// What could not be read, and where.
    pub(super) problems: Vec<(ByteRange, String)>,
    /// Whether a limit was reached.
    pub(super) is_cut: bool,
}

/// A stage.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    /// Its `FROM`, among the instructions.
    pub(super) from: usize,
    /// What it is called.
    pub(super) name: Option<(String, ByteRange)>,
    /// The image or stage that it begins with.
    pub(super) base: Base,
}

/// What a stage begins with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Base {
    /// An earlier stage, by its number.
    Stage(usize),
    /// An image.
    Image(Expanded),
    /// Nothing is named.
    Missing,
}

/// Reads a Dockerfile. What is wrong with it is noted, the rest is read.
pub(super) fn parse(text: &str) -> Dockerfile<'_> {
    let lines = lines::read(text);
    let mut file = Dockerfile {
        directives: lines.directives,
        instructions: Vec::with_capacity(lines.instructions.len()),
        stages: Vec::new(),
        problems: lines.problems,
        is_cut: lines.is_cut,
    };
    let mut scope = Scope::default();
    for logical in &lines.instructions {
        match instruction::parse(logical) {
            Ok(instruction) => file.add(instruction, &mut scope),
            Err(reason) => file.problems.push((logical.range, reason)),
        }
    }
    file.problems.sort_by_key(|(range, _)| *range);
    file
}

#[derive(Default)]
struct Scope {
    /// Arguments before the first stage.
    global: Variables,
    current: Variables,
    /// What held at the end of each stage.
    of_stages: Vec<Variables>,
}

impl<'t> Dockerfile<'t> {
    fn add(&mut self, mut instruction: Instruction<'t>, scope: &mut Scope) {
        if instruction.keyword == "FROM" && !instruction.is_on_build {
            if !self.stages.is_empty() && scope.of_stages.len() < MAX_SCOPES {
                scope.of_stages.push(std::mem::take(&mut scope.current));
            }
            let stage = self.stage(&instruction, &scope.global);
            scope.current = match &stage.base {
                Base::Stage(number) => scope.of_stages.get(*number).cloned().unwrap_or_default(),
                Base::Image(_) | Base::Missing => Variables::default(),
            };
            self.stages.push(stage);
        }
        instruction.stage = self.stages.len().checked_sub(1);
        self.is_cut |= instruction.script.is_cut;
        let variables = if instruction.keyword == "FROM" || self.stages.is_empty() { &scope.global } else { &scope.current };
        if !matches!(instruction.keyword, "RUN" | "CMD" | "ENTRYPOINT" | "SHELL" | "HEALTHCHECK") {
            instruction.values = instruction.words.iter().map(|word| variables.expand(&word.text)).collect();
        }
        for flag in &mut instruction.flags {
            if let Expanded::Known(value) = variables.expand(&flag.value) {
                flag.value = value;
            }
        }
        let is_global = self.stages.is_empty();
        match instruction.keyword {
            "ARG" if is_global => declare(&instruction, &mut scope.global, None),
            "ARG" => declare(&instruction, &mut scope.current, Some(&scope.global)),
            "ENV" => assign(&instruction, &mut scope.current),
            _ => {}
        }
        self.instructions.push(instruction);
    }

    fn stage(&self, from: &Instruction<'_>, variables: &Variables) -> Stage {
        let mut words = from.words.iter();
        let image = words.next();
        let is_named = words.next().is_some_and(|word| word.text.eq_ignore_ascii_case("as"));
        let name = words.next().filter(|_| is_named).map(|word| (word.text.to_ascii_lowercase(), word.range));
        let base = match image.map(|word| variables.expand(&word.text)) {
            None => Base::Missing,
            Some(expanded) => match expanded.known().and_then(|name| self.stage_named(name)) {
                Some(number) => Base::Stage(number),
                None => Base::Image(expanded),
            },
        };
        Stage { from: self.instructions.len(), name, base }
    }

    /// The last stage of that name so far.
    pub(super) fn stage_named(&self, name: &str) -> Option<usize> {
        let is_it = |stage: &Stage| stage.name.as_ref().is_some_and(|(own, _)| own.eq_ignore_ascii_case(name));
        self.stages.iter().rposition(is_it)
    }

    /// The stages that are in the image that is built: the last one and those that it begins with, the last first.
    pub(super) fn final_stages(&self) -> Vec<usize> {
        let (mut chain, mut number) = (Vec::new(), self.stages.len().checked_sub(1));
        while let Some(at) = number {
            chain.push(at);
            number = match self.stages.get(at).map(|stage| &stage.base) {
                // A stage only begins with an earlier one.
                Some(Base::Stage(base)) if *base < at => Some(*base),
                Some(_) | None => None,
            };
        }
        chain
    }

    /// The instructions of a stage, with their numbers; those for other images are left out.
    pub(super) fn of_stage(&self, stage: usize) -> impl DoubleEndedIterator<Item = (usize, &Instruction<'t>)> {
        let start = self.stages.get(stage).map_or(usize::MAX, |stage| stage.from);
        let end = self.stages.get(stage + 1).map_or(self.instructions.len(), |next| next.from);
        let instructions = self.instructions.get(start..end).unwrap_or_default().iter().enumerate();
        instructions.map(move |(number, instruction)| (start + number, instruction)).filter(|(_, instruction)| !instruction.is_on_build)
    }
}

/// `ARG NAME=default`.
fn declare(instruction: &Instruction<'_>, variables: &mut Variables, global: Option<&Variables>) {
    for word in &instruction.words {
        match word.text.split_once('=') {
            Some((name, value)) => {
                let value = variables.expand(value).known().map(str::to_owned);
                variables.set(name, value);
            }
            // What the environment says already is not undone.
            None if variables.get(&word.text).is_some() => {}
            None => {
                let value = global.and_then(|global| global.get(&word.text)).cloned().flatten();
                variables.set(&word.text, value);
            }
        }
    }
}

/// `ENV NAME=value`: the values of one instruction don't see each other.
fn assign(instruction: &Instruction<'_>, variables: &mut Variables) {
    let pair = |word: &Word| {
        let (name, value) = word.text.split_once('=')?;
        Some((name.to_owned(), variables.expand(value).known().map(str::to_owned)))
    };
    let pairs: Vec<(String, Option<String>)> = instruction.words.iter().filter_map(pair).collect();
    pairs.into_iter().for_each(|(name, value)| variables.set(&name, value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_variables_and_bases() {
        let file = parse(
            "ARG V=1\nARG W\nFROM a:${V} AS One\nARG V\nENV X=$V Y=x$X\nFROM one\nWORKDIR $X/$Y\nFROM b:$W\nWORKDIR $V\nBOGUS\nFROM\n",
        );
        let bases: Vec<&Base> = file.stages.iter().map(|stage| &stage.base).collect();
        let image = |text: &str| Base::Image(Expanded::Known(text.to_owned()));
        let open = Base::Image(Expanded::Open { variable: "W".to_owned(), prefix: "b:".to_owned() });
        assert_eq!(bases, [&image("a:1"), &Base::Stage(0), &open, &Base::Missing]);
        let workdirs: Vec<Expanded> = file
            .instructions
            .iter()
            .filter(|instruction| instruction.keyword == "WORKDIR")
            .flat_map(|instruction| instruction.values.clone())
            .collect();
        assert_eq!(workdirs.first().unwrap().prefix(), "1/");
        assert_eq!(workdirs.get(1).unwrap().known(), None);
        assert_eq!(file.problems.len(), 1);
        assert_eq!(file.final_stages(), [3]);
    }

    #[test]
    fn the_image_has_the_stages_it_begins_with() {
        assert_eq!(parse("FROM a AS x\nFROM b AS y\nFROM x AS z\nFROM z").final_stages(), [3, 2, 0]);
    }
}
