//! Calls whose function may be in another file: their results stand for themselves until all files are known.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    container::is_word,
    flow::Flow,
    report::Hit,
    shape::{Key, Origin, Path, RECEIVER, RuleMask, Shape, Step, Taint, Taints},
    summary::Summary,
};
use crate::{
    ir::{Kind, NodeId},
    matching::TypeOf,
    project::{Callee, Outline, Text},
};

/// How many calls of one file are kept.
const MAX_CALLS: usize = 50_000;

/// A call of what is not known in the file.
#[derive(Debug)]
pub(crate) struct OpenCall {
    /// The function that it is in; the root for the file itself.
    pub(crate) owner: NodeId,
    pub(crate) node: NodeId,
    pub(crate) callee: Callee,
    /// What it is given, with the names of arguments that have one.
    pub(crate) arguments: Vec<(Option<Text>, Shape)>,
    pub(crate) receiver: Shape,
    /// Where the method is a word of containers: its name, and the parts that arguments mean.
    pub(crate) word: Option<(Text, Vec<Key>)>,
    /// The rules that take unknown functions for harmless.
    pub(crate) harmless: RuleMask,
}

/// What is not known yet of the flow in a file.
#[derive(Debug, Default)]
pub(crate) struct Open {
    pub(crate) calls: Vec<OpenCall>,
    /// What arrives at sinks, and the function in which it does.
    pub(crate) hits: Vec<(NodeId, Hit)>,
    pub(crate) summaries: Vec<(NodeId, std::rc::Rc<Summary>)>,
}

/// Keeps calls of what is not known in the file.
pub(super) struct Recorder<'a> {
    outline: &'a Outline<'a>,
    pub(super) open: Open,
    by_node: FxHashMap<(NodeId, NodeId), u32>,
    callees: FxHashMap<NodeId, Option<Callee>>,
    /// Functions in which there are such calls.
    owners: FxHashSet<NodeId>,
    pub(super) is_full: bool,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(outline: &'a Outline<'a>) -> Self {
        Self {
            outline,
            open: Open::default(),
            by_node: FxHashMap::default(),
            callees: FxHashMap::default(),
            owners: FxHashSet::default(),
            is_full: false,
        }
    }

    /// Whether what a function does depends on other files.
    pub(super) fn is_open(&self, function: NodeId) -> bool {
        self.owners.contains(&function)
    }

    fn callee(&mut self, call: NodeId) -> Option<Callee> {
        let outline = self.outline;
        self.callees.entry(call).or_insert_with(|| outline.callee(call)).clone()
    }
}

/// What a call is given.
pub(super) struct Given<'v> {
    pub(super) object: Option<NodeId>,
    pub(super) of_object: Option<&'v Shape>,
    pub(super) arguments: &'v [NodeId],
    pub(super) values: &'v [Shape],
}

impl Flow<'_> {
    /// The result of a call whose function is not known here; nothing if no names tell what it may be, or flow is followed in
    /// the file alone. `function` is a function of the file that calls such functions itself.
    pub(super) fn open_call(&mut self, id: NodeId, function: Option<NodeId>, given: &Given<'_>) -> Option<Shape> {
        let owner = self.function;
        let called = if self.unit.tree.kind(id) == Kind::Call { self.unit.tree.child(id, 0) } else { id };
        let is_method = self.unit.tree.kind(called) == Kind::Dot;
        let method = self.unit.tree.node(self.unit.tree.child(called, 1)).symbol;
        let is_word = is_method && self.unit.with_text(method, |name| is_word(name, given.arguments.len()));
        let keys: Option<Vec<Key>> = is_word.then(|| given.arguments.iter().map(|argument| self.key(*argument)).collect());
        let harmless = self.rules_where(|options| options.taint_assume_safe_functions || options.taint_only_propagate_through_assignments);
        let recorder = self.recorder.as_mut()?;
        let callee = match function {
            Some(function) => Callee::Local(recorder.outline.function(function)?),
            None => recorder.callee(id)?,
        };
        let names: Vec<Option<Text>> = given
            .arguments
            .iter()
            .map(|argument| match self.unit.tree.kind(*argument) {
                Kind::KwArg => Some(recorder.outline.text(self.unit.tree.node(self.unit.tree.child(*argument, 0)).symbol)),
                _ => None,
            })
            .collect();
        let receiver = given.of_object.cloned().unwrap_or_default();
        let known = recorder.by_node.get(&(owner, id)).copied();
        let number = match known {
            Some(number) => {
                if let Some(call) = recorder.open.calls.get_mut(number as usize) {
                    for ((_, known), value) in call.arguments.iter_mut().zip(given.values) {
                        known.join(value);
                        *known = std::mem::take(known).limited();
                    }
                    call.receiver.join(&receiver);
                    call.receiver = std::mem::take(&mut call.receiver).limited();
                }
                number
            }
            None => {
                if MAX_CALLS <= recorder.open.calls.len() {
                    recorder.is_full = true;
                    return None;
                }
                let number = u32::try_from(recorder.open.calls.len()).ok()?;
                let arguments = names.into_iter().zip(given.values.iter().cloned()).collect();
                let word = keys.map(|keys| (recorder.outline.text(method), keys));
                recorder.open.calls.push(OpenCall { owner, node: id, callee, arguments, receiver, word, harmless });
                recorder.by_node.insert((owner, id), number);
                recorder.owners.insert(owner);
                number
            }
        };
        self.change_objects(id, number, given);
        Some(unknown(Origin::Result(number, Path::default()), id))
    }

    /// Whether an object, or what is made, may be of a class of another file.
    pub(super) fn is_of_other_file(&self, object: NodeId) -> bool {
        self.recorder.as_ref().is_some_and(|recorder| recorder.outline.may_be_elsewhere(&recorder.outline.type_of(object)))
    }

    /// What the function may do to the object, and to arguments that have parts.
    fn change_objects(&mut self, id: NodeId, number: u32, given: &Given<'_>) {
        if let Some((object, place)) = given.object.and_then(|object| Some((object, self.place(object)?))) {
            // What the object is afterwards includes what it was; what is matched at it here holds here alone.
            let mut changed = unknown(Origin::Effect(number, RECEIVER, Path::default()), id);
            if !self.is_plain(object) {
                changed.join(&self.read(&place));
            }
            self.write(&place, changed);
        }
        for (index, argument) in (0..).zip(given.arguments) {
            if !self.has_parts(*argument) {
                continue;
            }
            if let Some(place) = self.place(*argument) {
                let mut changed = self.read(&place);
                changed.join(&unknown(Origin::Effect(number, index, Path::default()), id));
                self.write(&place, changed);
            }
        }
    }

    /// Whether a function may change something within what it is given.
    fn has_parts(&self, argument: NodeId) -> bool {
        if self.unit.tree.kind(argument) != Kind::Name {
            return false;
        }
        if let Some(value) = self.unit.reaching_value(argument) {
            return matches!(self.unit.tree.kind(value), Kind::New | Kind::Dict | Kind::List);
        }
        matches!(self.unit.type_of(argument, 4), Some(TypeOf::Node(of)) if self.unit.tree.kind(of) == Kind::TypeArgs)
    }
}

fn unknown(origin: Origin, at: NodeId) -> Shape {
    let mut own = Taints::default();
    own.add(Taint { origin, label: 0, given: None, sanitized: 0, trace: Step::then(None, at) });
    Shape::of(own)
}
