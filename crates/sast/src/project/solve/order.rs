//! Functions in the order in which they are put together: what is called before what calls it.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{FunctionId, Target, load::Loaded};

/// Groups of functions that call each other, each group after those that it calls (Tarjan's algorithm, without recursion).
pub(super) fn components(loaded: &Loaded, targets: &[Option<Rc<Target>>]) -> Vec<Vec<FunctionId>> {
    let mut all: Vec<FunctionId> = loaded.summaries.keys().copied().collect();
    all.sort_unstable();
    let callees = |(file, number): FunctionId| -> Vec<FunctionId> {
        let calls = loaded.calls_of.get(&(file, Some(number)));
        let targets = calls.into_iter().flatten().filter_map(|call| targets.get(*call as usize)?.as_deref());
        targets.flat_map(|target| target.functions.iter().copied()).filter(|function| loaded.summaries.contains_key(function)).collect()
    };
    let mut walk = Walk::default();
    for root in all {
        if walk.states.contains_key(&root) {
            continue;
        }
        let mut frames = vec![walk.enter(root, callees(root))];
        while let Some(frame) = frames.last_mut() {
            match frame.callees.pop() {
                Some(callee) => match walk.states.get(&callee) {
                    None => {
                        let entered = walk.enter(callee, callees(callee));
                        frames.push(entered);
                    }
                    Some(state) if state.is_open => frame.low = frame.low.min(state.number),
                    Some(_) => {}
                },
                None => {
                    let (function, low) = (frame.function, frame.low);
                    frames.pop();
                    if let Some(caller) = frames.last_mut() {
                        caller.low = caller.low.min(low);
                    }
                    walk.leave(function, low);
                }
            }
        }
    }
    walk.components
}

#[derive(Default)]
struct Walk {
    states: FxHashMap<FunctionId, State>,
    open: Vec<FunctionId>,
    components: Vec<Vec<FunctionId>>,
}

struct State {
    number: u32,
    is_open: bool,
}

struct Frame {
    function: FunctionId,
    callees: Vec<FunctionId>,
    /// The first function that is reached from here and still open.
    low: u32,
}

impl Walk {
    fn enter(&mut self, function: FunctionId, mut callees: Vec<FunctionId>) -> Frame {
        let number = u32::try_from(self.states.len()).unwrap_or(u32::MAX);
        self.states.insert(function, State { number, is_open: true });
        self.open.push(function);
        callees.sort_unstable_by(|one, other| other.cmp(one));
        callees.dedup();
        Frame { function, callees, low: number }
    }

    /// All that stands above the first function of a group belongs to it.
    fn leave(&mut self, function: FunctionId, low: u32) {
        if self.states.get(&function).is_none_or(|state| state.number != low) {
            return;
        }
        let mut component = Vec::new();
        while let Some(member) = self.open.pop() {
            if let Some(state) = self.states.get_mut(&member) {
                state.is_open = false;
            }
            component.push(member);
            if member == function {
                break;
            }
        }
        component.sort_unstable();
        self.components.push(component);
    }
}
