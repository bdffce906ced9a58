//! Calls: of functions of the file by what is known of them, of containers by their words, of anything else by the rule that
//! what goes in may come out.

use std::rc::Rc;

use smallvec::SmallVec;

use super::{
    container,
    context::Context,
    flow::Flow,
    function::{is_constructor, params},
    open::Given,
    place::Place,
    report::{Hit, Via, labels},
    shape::{Key, Origin, RECEIVER, Shape, Step, Taint, Taints},
    summary::Summary,
};
use crate::{
    ir::{Kind, NodeId, Symbol},
    matching::TypeOf,
    names::BindingKind,
};

type Values = SmallVec<[Shape; 4]>;

impl Flow<'_> {
    pub(super) fn call(&mut self, id: NodeId) -> Shape {
        let (callee, args) = (self.unit.tree.child(id, 0), self.unit.tree.child(id, 1));
        let arguments: SmallVec<[NodeId; 4]> = self.unit.tree.children(args).collect();
        let object = (self.unit.tree.kind(callee) == Kind::Dot).then(|| self.unit.tree.child(callee, 0));
        // The receiver and the arguments run first.
        let of_object = object.map(|object| self.expression(object));
        let of_callee = match &of_object {
            Some(of_object) => {
                let mut shape = self.member_of(callee, of_object);
                self.mark(callee, &mut shape);
                shape
            }
            None => self.expression(callee),
        };
        let mut values = Values::new();
        let mut callbacks: SmallVec<[(usize, NodeId); 1]> = SmallVec::new();
        for (index, argument) in arguments.iter().enumerate() {
            let inner = match self.unit.tree.kind(*argument) {
                Kind::KwArg => self.unit.tree.child(*argument, 1),
                _ => *argument,
            };
            if self.unit.tree.kind(inner) == Kind::Lambda {
                callbacks.push((index, inner));
                values.push(Shape::default());
                continue;
            }
            if self.unit.tree.kind(inner) == Kind::Name
                && let Some(function) = self.function_meant(inner)
            {
                callbacks.push((index, function));
            }
            values.push(self.expression(*argument));
        }
        let resolved = self.resolve(callee, arguments.len()).map(|function| (function, self.context_of(function, &arguments)));
        let mut result = self.callee_result(id, callee, object, &of_callee, of_object.as_ref(), &arguments, &mut values, resolved.as_ref());
        if let Some(propagators) = self.marks.propagators_to.get(&callee) {
            // What arguments pass on to the callee is known only now.
            self.join_propagated(propagators, &mut result);
        }
        for (index, function) in callbacks {
            let is_given = |(known, _): &(u32, NodeId)| usize::try_from(*known).is_ok_and(|known| known == index);
            let is_run = resolved.as_ref().is_some_and(|(_, context)| context.iter().any(is_given));
            let is_inline = arguments.get(index).is_some_and(|argument| self.unit.tree.kind(*argument) != Kind::Name);
            if is_run {
                // What it does to what it is given is known; what is around it runs with it.
                if is_inline {
                    self.run_lambda(function, &[]);
                }
                continue;
            }
            if !is_inline && resolved.is_some() {
                continue;
            }
            // A callback gets what its caller has.
            let mut given = of_callee.all();
            given.join(&of_object.as_ref().map(Shape::all).unwrap_or_default());
            for (other, value) in values.iter().enumerate() {
                if other != index {
                    given.join(&value.all());
                }
            }
            let n_params = params(self.unit, function).len();
            let shapes: Vec<Shape> = (0..n_params).map(|_| Shape::of(given.clone())).collect();
            let returned = if is_inline { self.run_lambda(function, &shapes) } else { self.run_function(id, function, &shapes) };
            result.own.join(&returned.all());
        }
        self.sink_arguments(id, &of_callee, &values);
        result
    }

    /// What a function gives back that somebody else calls with these values.
    fn run_function(&mut self, id: NodeId, function: NodeId, values: &[Shape]) -> Shape {
        let Some(summary) = self.summary(function) else { return Shape::default() };
        self.arrive(id, &summary, values, &Shape::default());
        self.instantiate(&summary.returned, id, values, &Shape::default())
    }

    /// A name or a member that runs a method without arguments, where such calls need no brackets.
    pub(super) fn word_call(&mut self, id: NodeId) -> Shape {
        let object = (self.unit.tree.kind(id) == Kind::Dot).then(|| self.unit.tree.child(id, 0));
        let of_object = object.map(|object| self.expression(object));
        let of_callee = match &of_object {
            Some(of_object) => self.member_of(id, of_object),
            None => self.place(id).map(|place| self.read(&place)).unwrap_or_default(),
        };
        let resolved = self.resolve(id, 0).map(|function| (function, Context::new()));
        self.callee_result(id, id, object, &of_callee, of_object.as_ref(), &[], &mut Values::new(), resolved.as_ref())
    }

    /// Whether a name or a member is a call, as far as can be seen.
    pub(super) fn is_word_call(&self, id: NodeId) -> bool {
        if self.unit.language.is_none_or(|language| language.name != "ruby") {
            return false;
        }
        let is_callee = self
            .unit
            .tree
            .parent(id)
            .is_some_and(|parent| self.unit.tree.kind(parent) == Kind::Call && self.unit.tree.child(parent, 0) == id);
        let is_method = |symbol| self.unit.with_text(symbol, |text| text.starts_with(|first: char| first.is_lowercase() || first == '_'));
        match self.unit.tree.kind(id) {
            Kind::Dot => is_method(self.unit.tree.node(self.unit.tree.child(id, 1)).symbol) && !is_callee,
            Kind::Name => {
                let binding = self.unit.names.of(id);
                let may_be = binding.is_some_and(|binding| matches!(binding.kind, BindingKind::Unknown | BindingKind::Function));
                may_be && !is_callee && is_method(self.unit.tree.node(id).symbol)
            }
            _ => false,
        }
    }

    /// What a call gives back.
    #[expect(clippy::too_many_arguments, reason = "what a call is made of")]
    fn callee_result(
        &mut self,
        id: NodeId,
        callee: NodeId,
        object: Option<NodeId>,
        of_callee: &Shape,
        of_object: Option<&Shape>,
        arguments: &[NodeId],
        values: &mut Values,
        resolved: Option<&(NodeId, Context)>,
    ) -> Shape {
        let given = Given { object, of_object, arguments, values };
        if let Some((function, context)) = resolved {
            let function = *function;
            let mut summary = self.summary(function);
            let is_open = self.recorder.as_ref().is_some_and(|recorder| summary.is_none() || recorder.is_open(function));
            if !context.is_empty() && !is_open {
                summary = self.summary_in(function, context);
            }
            if let Some(summary) = &summary
                && self.makes_object(callee)
            {
                let object = self.construct(id, function, summary, &Shape::default(), arguments, values);
                let opened = if is_open { self.open_call(id, None, &given) } else { None };
                return opened.unwrap_or(object);
            }
            if let Some(summary) = summary {
                let shape = self.apply(id, function, &summary, object, of_object, arguments, values);
                if !is_open {
                    return shape;
                }
            }
            if is_open && let Some(shape) = self.open_call(id, Some(function), &given) {
                return shape;
            }
        }
        if let Some(object) = object {
            let method = self.unit.tree.node(self.unit.tree.child(callee, 1)).symbol;
            let method = self.unit.with_text(method, str::to_owned);
            let is_word = container::is_word(&method, arguments.len()) || self.changes_text(&method, arguments.len());
            let is_container = is_word && !self.is_of_other_file(object);
            if is_container && let Some(shape) = self.container_method(object, of_object, &method, arguments, values) {
                return shape;
            }
        }
        if let Some(shape) = self.open_call(id, None, &given) {
            return shape;
        }
        if id == callee {
            return of_callee.clone();
        }
        if let Some(property) = self.property(callee, arguments.len()) {
            match (values.first(), object.and_then(|object| self.place(object))) {
                (Some(value), Some(mut place)) => {
                    place.path.push(property);
                    let value = self.stepped(value.clone(), id);
                    self.write(&place, value);
                }
                (None, Some(_)) => return of_object.map(|of_object| of_object.part(property)).unwrap_or_default(),
                _ => {}
            }
        }
        let mut all = of_callee.all();
        // A method may give back anything of its object.
        all.join(&of_object.map(Shape::all).unwrap_or_default());
        for value in values.iter() {
            all.join(&value.all());
        }
        let mut shape = Shape::of(all);
        let safe = self.rules_where(|options| options.taint_assume_safe_functions);
        self.make_harmless(&mut shape, safe);
        shape
    }

    /// The part of an object that `getX()` reads and `setX(value)` writes.
    fn property(&self, callee: NodeId, n_arguments: usize) -> Option<Key> {
        if self.unit.tree.kind(callee) != Kind::Dot {
            return None;
        }
        let word = if n_arguments == 0 { "get" } else { "set" };
        let method = self.unit.tree.node(self.unit.tree.child(callee, 1)).symbol;
        let name = self.unit.with_text(method, |text| {
            let name = text.strip_prefix(word).filter(|name| name.starts_with(char::is_uppercase) && n_arguments <= 1)?;
            Some(format!("{}{}", name.chars().next()?.to_lowercase(), name.get(1..)?))
        })?;
        Some(Key::Field(self.unit.symbols.borrow_mut().intern(&name)))
    }

    pub(super) fn new_object(&mut self, id: NodeId) -> Shape {
        let (of, args) = (self.unit.tree.child(id, 0), self.unit.tree.child(id, 1));
        // The class may be the value of a variable.
        if self.unit.tree.kind(of) == Kind::Name {
            self.expression(of);
        }
        let arguments: SmallVec<[NodeId; 4]> = self.unit.tree.children(args).collect();
        let mut values = Values::new();
        for argument in &arguments {
            values.push(self.expression(*argument));
        }
        self.sink_arguments(id, &Shape::default(), &values);
        let body = self.unit.tree.child(id, 2);
        match self.unit.tree.kind(body) {
            Kind::Block => {
                self.statements(body);
                self.constructed(id, &arguments, &values)
            }
            Kind::List => {
                let mut object = self.constructed(id, &arguments, &values);
                self.initialize(body, &mut object);
                object
            }
            _ => self.constructed(id, &arguments, &values),
        }
    }

    /// What is set or added right after an object was made: names are those of its members.
    fn initialize(&mut self, list: NodeId, object: &mut Shape) {
        let elements: SmallVec<[NodeId; 8]> = self.unit.tree.children(list).collect();
        for element in elements {
            let child = |slot| self.unit.tree.child(element, slot);
            let (kind, target, value) = (self.unit.tree.kind(element), child(0), child(1));
            let key = match kind {
                Kind::Assign if self.unit.tree.kind(target) == Kind::Name => Key::Field(self.unit.tree.node(target).symbol),
                Kind::KeyValue => self.key(target),
                _ => {
                    let value = self.expression(element);
                    object.push(value);
                    continue;
                }
            };
            let mut given = if self.unit.tree.kind(value) == Kind::List {
                let mut part = object.part(key);
                self.initialize(value, &mut part);
                part
            } else {
                self.expression(value)
            };
            self.mark(element, &mut given);
            object.write(&[key], given);
        }
    }

    /// What a constructor makes of its arguments.
    fn constructed(&mut self, id: NodeId, arguments: &SmallVec<[NodeId; 4]>, values: &Values) -> Shape {
        let of = self.unit.tree.child(id, 0);
        if let Some(constructor) = self.constructor(of, arguments.len())
            && let Some(summary) = self.summary(constructor)
        {
            let receiver = Shape::default();
            let object = self.construct(id, constructor, &summary, &receiver, arguments, values);
            let is_open = self.recorder.as_ref().is_some_and(|recorder| recorder.is_open(constructor));
            let given = Given { object: None, of_object: None, arguments, values };
            let opened = if is_open { self.open_call(id, None, &given) } else { None };
            return opened.unwrap_or(object);
        }
        if self.class_named(of).is_none() && self.is_of_other_file(id) {
            let given = Given { object: None, of_object: None, arguments, values };
            if let Some(mut shape) = self.open_call(id, None, &given) {
                shape.length = arguments.is_empty().then_some(0);
                return shape;
            }
        }
        if arguments.is_empty() {
            // A new container is empty.
            return Shape::empty();
        }
        let mut all = Taints::default();
        for value in values {
            all.join(&value.all());
        }
        Shape::of(all)
    }

    /// The function of this file that a call runs, if that is known.
    pub(super) fn resolve(&self, callee: NodeId, n_arguments: usize) -> Option<NodeId> {
        match self.unit.tree.kind(callee) {
            Kind::Name => {
                let binding = self.unit.names.of(callee)?;
                match binding.kind {
                    BindingKind::Function if self.unit.tree.kind(binding.declaration) == Kind::FuncDef => {
                        self.overload(binding.declaration, binding.name, n_arguments)
                    }
                    BindingKind::Class => self.constructor(callee, n_arguments),
                    // A method of the class that this is in, in languages that need no `this`.
                    BindingKind::Unknown | BindingKind::Field => self.method(self.enclosing_class(callee)?, binding.name, n_arguments),
                    _ => self.function_meant(callee),
                }
            }
            Kind::Dot => {
                let (object, member) = (self.unit.tree.child(callee, 0), self.unit.tree.node(self.unit.tree.child(callee, 1)));
                if member.kind != Kind::Name {
                    return None;
                }
                let Some(class) = self.class_of(object) else { return self.function_run(object, member.symbol, n_arguments) };
                let method = self.method(class, member.symbol, n_arguments);
                method.or_else(|| if self.is_new(callee) { self.constructor(object, n_arguments) } else { None })
            }
            Kind::Index => self.function_meant(callee),
            _ => None,
        }
    }

    /// The function that an object is, where a method of it does no more than to run it.
    fn function_run(&self, object: NodeId, method: Symbol, n_arguments: usize) -> Option<NodeId> {
        let is_run = self.unit.with_text(method, |text| {
            matches!(text, "apply" | "accept" | "run" | "call" | "test" | "get" | "invoke" | "Invoke" | "applyAsInt" | "compare")
        });
        let function = if is_run { self.function_meant(object)? } else { return None };
        (self.n_params(function) == n_arguments).then_some(function)
    }

    /// Whether what is called makes an object: a class, or the method `new` of one.
    fn makes_object(&self, callee: NodeId) -> bool {
        match self.unit.tree.kind(callee) {
            Kind::Name => self.unit.names.of(callee).is_some_and(|binding| binding.kind == BindingKind::Class),
            Kind::Dot => self.is_new(callee),
            _ => false,
        }
    }

    /// Whether a member is the method `new`.
    fn is_new(&self, member: NodeId) -> bool {
        let name = self.unit.tree.node(self.unit.tree.child(member, 1));
        name.kind == Kind::Name && self.unit.with_text(name.symbol, |text| text == "new")
    }

    /// The class of this file that an expression is an object of, or names.
    fn class_of(&self, object: NodeId) -> Option<NodeId> {
        let node = self.unit.tree.node(object);
        if node.kind == Kind::Name {
            if self.unit.with_text(node.symbol, |text| matches!(text, "this" | "self" | "$this" | "cls")) {
                return self.enclosing_class(object);
            }
            if let Some(binding) = self.unit.names.of(object).filter(|binding| binding.kind == BindingKind::Class) {
                return Some(binding.declaration);
            }
        }
        let Some(TypeOf::Node(of) | TypeOf::Pointer(of)) = self.unit.type_of(object, 6) else {
            // `C().m()` in languages without `new`.
            return (node.kind == Kind::Call).then(|| self.class_named(self.unit.tree.child(object, 0))).flatten();
        };
        self.class_named(of)
    }

    fn class_named(&self, of: NodeId) -> Option<NodeId> {
        let mut at = of;
        loop {
            match self.unit.tree.kind(at) {
                Kind::Name => {
                    let binding = self.unit.names.of(at).filter(|binding| binding.kind == BindingKind::Class)?;
                    return (self.unit.tree.kind(binding.declaration) == Kind::ClassDef).then_some(binding.declaration);
                }
                Kind::TypeArgs | Kind::TypeOf => at = self.unit.tree.child(at, 0),
                Kind::Dot if self.is_new(at) => at = self.unit.tree.child(at, 0),
                // `new Outer().new Inner()` and `Outer.Inner` name the inner one.
                Kind::Dot => at = self.unit.tree.child(at, 1),
                _ => return None,
            }
        }
    }

    pub(super) fn enclosing_class(&self, id: NodeId) -> Option<NodeId> {
        let mut at = id;
        while let Some(parent) = self.unit.tree.parent(at) {
            if self.unit.tree.kind(parent) == Kind::ClassDef {
                return Some(parent);
            }
            at = parent;
        }
        None
    }

    fn method(&self, class: NodeId, name: Symbol, n_arguments: usize) -> Option<NodeId> {
        let body = self.unit.tree.child(class, 4);
        let mut same = self.unit.tree.children(body).filter(|member| {
            self.unit.tree.kind(*member) == Kind::FuncDef && self.unit.tree.node(self.unit.tree.child(*member, 1)).symbol == name
        });
        let first = same.next()?;
        // Of several the one with as many parameters.
        let fits = |function: &NodeId| self.n_params(*function) == n_arguments;
        if fits(&first) {
            return Some(first);
        }
        same.find(fits).or(Some(first))
    }

    fn overload(&self, function: NodeId, name: Symbol, n_arguments: usize) -> Option<NodeId> {
        if self.n_params(function) == n_arguments {
            return Some(function);
        }
        let parent = self.unit.tree.parent(function)?;
        let same = self.unit.tree.children(parent).filter(|other| {
            self.unit.tree.kind(*other) == Kind::FuncDef && self.unit.tree.node(self.unit.tree.child(*other, 1)).symbol == name
        });
        same.into_iter().find(|other| self.n_params(*other) == n_arguments).or(Some(function))
    }

    fn n_params(&self, function: NodeId) -> usize {
        params(self.unit, function).len()
    }

    fn constructor(&self, of: NodeId, n_arguments: usize) -> Option<NodeId> {
        let class = self.class_named(of)?;
        let body = self.unit.tree.child(class, 4);
        let mut same = self.unit.tree.children(body).filter(|member| is_constructor(self.unit, *member));
        let first = same.next()?;
        if self.n_params(first) == n_arguments {
            return Some(first);
        }
        same.find(|other| self.n_params(*other) == n_arguments).or(Some(first))
    }

    /// The value that each parameter of a function gets.
    fn given(&self, function: NodeId, arguments: &[NodeId], values: &[Shape]) -> Vec<Shape> {
        let params = params(self.unit, function);
        let mut given = vec![Shape::default(); params.len()];
        let mut position = 0;
        for (argument, value) in arguments.iter().zip(values) {
            if self.unit.tree.kind(*argument) == Kind::KwArg {
                let name = self.unit.tree.node(self.unit.tree.child(*argument, 0)).symbol;
                let index = params.iter().position(|param| self.unit.tree.node(self.unit.tree.child(*param, 1)).symbol == name);
                if let Some(slot) = index.and_then(|index| given.get_mut(index)) {
                    slot.join(value);
                }
                continue;
            }
            if let Some(slot) = given.get_mut(position) {
                slot.join(value);
            } else if let Some(last) = given.last_mut() {
                // More arguments than parameters: the last one takes them all.
                last.join(value);
            }
            position += 1;
        }
        given
    }

    #[expect(clippy::too_many_arguments, reason = "what a call is made of")]
    fn apply(
        &mut self,
        id: NodeId,
        function: NodeId,
        summary: &Rc<Summary>,
        object: Option<NodeId>,
        of_object: Option<&Shape>,
        arguments: &[NodeId],
        values: &[Shape],
    ) -> Shape {
        let given = self.given(function, arguments, values);
        let own_receiver = self.read(&self.receiver_place());
        let receiver = of_object.unwrap_or(&own_receiver).clone();
        self.arrive(id, summary, &given, &receiver);
        // What the method does to its object.
        let place = match object {
            Some(object) => self.place(object),
            None => Some(self.receiver_place()),
        };
        if let Some(place) = place.filter(|_| !summary.receiver.is_blank()) {
            let mut changed = self.instantiate(&summary.receiver, id, &given, &receiver);
            changed.join(&receiver);
            self.write(&place, changed);
        }
        for (index, effect) in &summary.params {
            let argument = arguments.get(*index as usize).and_then(|argument| self.place(*argument));
            if let Some(place) = argument {
                let mut changed = self.instantiate(effect, id, &given, &receiver);
                changed.join(&self.read(&place));
                self.write(&place, changed);
            }
        }
        self.instantiate(&summary.returned, id, &given, &receiver)
    }

    fn construct(
        &mut self,
        id: NodeId,
        function: NodeId,
        summary: &Rc<Summary>,
        receiver: &Shape,
        arguments: &[NodeId],
        values: &[Shape],
    ) -> Shape {
        let given = self.given(function, arguments, values);
        self.arrive(id, summary, &given, receiver);
        self.instantiate(&summary.receiver, id, &given, receiver)
    }

    /// Sinks within the function that what it was given arrives at.
    fn arrive(&mut self, id: NodeId, summary: &Rc<Summary>, given: &[Shape], receiver: &Shape) {
        for (number, hit) in summary.hits.iter().enumerate() {
            let is_same = |other: &&Hit| other.sink == hit.sink && other.node == hit.node;
            // What arrives at one place counts together.
            if summary.hits.iter().take(number).any(|other| is_same(&other)) {
                continue;
            }
            let mut arriving: Vec<(Taint, Via)> = Vec::new();
            let mut known: SmallVec<[u16; 2]> = SmallVec::new();
            for hit in summary.hits.iter().skip(number).filter(is_same) {
                let Origin::Param(index, path) = hit.taint.origin else { continue };
                let Some(shape) = (if index == RECEIVER { Some(receiver) } else { given.get(index as usize) }) else { continue };
                for taint in self.known_of(&hit.taint, shape.at(path)).all().iter() {
                    let mut through = taint.clone();
                    through.sanitized |= hit.taint.sanitized;
                    through.trace = Step::then(through.trace.as_ref(), id);
                    arriving.push((through, Via { call: id, inner: hit.taint.trace.clone() }));
                }
                known.extend(hit.labels.iter().copied());
            }
            let labels = labels(arriving.iter().map(|(taint, _)| taint), &known);
            let is_fulfilled = self.is_fulfilled(hit.sink, &labels);
            for (taint, via) in arriving.iter().filter(|(taint, _)| taint.origin.is_open() || is_fulfilled) {
                self.hit(hit.sink, hit.node, taint, Some(via), &labels);
            }
        }
    }

    /// A shape that speaks of parameters, with what they were given.
    fn instantiate(&self, shape: &Shape, id: NodeId, given: &[Shape], receiver: &Shape) -> Shape {
        let mut shape = shape.instantiated(&mut |taint: &Taint| {
            let Origin::Param(index, path) = taint.origin else {
                let mut own = Taints::default();
                own.add(taint.clone());
                return Shape::of(own);
            };
            let of = if index == RECEIVER { Some(receiver) } else { given.get(index as usize) };
            let mut actual = self.known_of(taint, of.map(|of| of.at(path)).unwrap_or_default());
            if taint.sanitized != 0 {
                actual.for_each(&mut |actual| actual.sanitized |= taint.sanitized);
            }
            actual
        });
        shape.for_each(&mut |taint| taint.trace = Step::then(taint.trace.as_ref(), id));
        shape
    }

    /// A sink that is a whole call: what arrives is what any part of the call carries.
    fn sink_arguments(&mut self, id: NodeId, of_callee: &Shape, values: &[Shape]) {
        let Some(sinks) = self.marks.sinks_of.get(&id) else { return };
        let mut all = of_callee.all();
        let callee = self.unit.tree.child(id, 0);
        if self.unit.tree.kind(id) == Kind::Call && self.unit.tree.kind(callee) == Kind::Dot {
            // What callbacks made of the object counts, too.
            all.join(&self.peek(self.unit.tree.child(callee, 0)));
        }
        for value in values {
            all.join(&value.all());
        }
        for &index in sinks {
            if self.marks.sinks.get(index as usize).is_some_and(|sink| !sink.is_focused) {
                self.sink(id, index, &all);
            }
        }
    }

    /// A place's value, for checks that don't run anything.
    pub(super) fn peek(&self, id: NodeId) -> Taints {
        match self.place(id) {
            Some(Place { base, path }) => self.read(&Place { base, path }).all(),
            None => Taints::default(),
        }
    }
}
