//! Framework models: sources, sinks, sanitizers and propagators by name, for all taint rules of a language.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Target, compile::Compiler};
use crate::{
    rule::{LanguageName, ModelReference, Options, Problem, Propagator, Sanitizer, Sink, Source},
    taint::{PropagatorPlan, SanitizerPlan, SinkPlan, SourcePlan},
};

/// All entries of one name, in one language.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Where tainted data comes from.
    pub sources: Vec<Source>,
    /// Where it must not go.
    pub sinks: Vec<Sink>,
    /// What makes it harmless.
    pub sanitizers: Vec<Sanitizer>,
    /// What passes it on.
    pub propagators: Vec<Propagator>,
}

/// Models by language and name.
#[derive(Debug, Clone, Default)]
pub struct Models(FxHashMap<(LanguageName, String), Model>);

impl Models {
    /// The model of a name, to be added to.
    pub fn entry(&mut self, language: LanguageName, name: &str) -> &mut Model {
        self.0.entry((language, name.to_owned())).or_default()
    }

    /// Adds all of another set.
    pub fn extend(&mut self, other: Self) {
        for (key, model) in other.0 {
            let known = self.0.entry(key).or_default();
            known.sources.extend(model.sources);
            known.sinks.extend(model.sinks);
            known.sanitizers.extend(model.sanitizers);
            known.propagators.extend(model.propagators);
        }
    }

    /// The model of a name.
    pub(crate) fn get(&self, language: LanguageName, name: &str) -> Option<&Model> {
        self.0.get(&(language, name.to_owned()))
    }
}

type Failure = Box<Problem>;

/// A model's language and name, and the switches that its patterns are matched with.
type ModelKey = (LanguageName, String, Arc<Options>);

/// Models that were compiled.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    sources: FxHashMap<ModelKey, Vec<SourcePlan>>,
    sinks: FxHashMap<ModelKey, Vec<SinkPlan>>,
    sanitizers: FxHashMap<ModelKey, Vec<SanitizerPlan>>,
    propagators: FxHashMap<ModelKey, Vec<PropagatorPlan>>,
}

impl Compiler {
    fn model(&self, reference: &ModelReference, target: Target) -> Result<(Arc<Models>, LanguageName), Failure> {
        let Target::Code(language) = target else {
            return Err(self.refuse(reference.span, "there are no models for text", "name a language, or write the entry out"));
        };
        let name = LanguageName::from_name(language.name);
        let Some(name) = name.filter(|name| self.models.get(*name, reference.name.as_str()).is_some()) else {
            let message = format!("there is no model `{}` for the language `{}`", reference.name, language.name);
            return Err(self.refuse(reference.span, message, "models are in rules/sast/models"));
        };
        Ok((self.models.clone(), name))
    }

    /// Compiles the entries of a model, once for all rules that match with the same switches.
    fn entries<T, P: Clone>(
        &mut self,
        reference: &ModelReference,
        target: Target,
        known: impl Fn(&mut Compiled) -> &mut FxHashMap<ModelKey, Vec<P>>,
        list: impl Fn(&Model) -> &[T],
        compile: impl Fn(&mut Self, &T, Target) -> Result<P, Failure>,
    ) -> Result<Vec<P>, Failure> {
        let (models, language) = self.model(reference, target)?;
        let key = (language, reference.name.as_str().to_owned(), self.options.clone());
        if let Some(compiled) = known(&mut self.compiled).get(&key) {
            return Ok(compiled.clone());
        }
        let model = models.get(language, reference.name.as_str());
        let compiled: Vec<P> =
            model.map(list).unwrap_or_default().iter().map(|entry| compile(self, entry, target)).collect::<Result<_, _>>()?;
        known(&mut self.compiled).insert(key, compiled.clone());
        Ok(compiled)
    }

    pub(crate) fn model_sources(&mut self, reference: &ModelReference, target: Target) -> Result<Vec<SourcePlan>, Failure> {
        self.entries(reference, target, |compiled| &mut compiled.sources, |model| &model.sources, SourcePlan::compile)
    }

    pub(crate) fn model_sinks(&mut self, reference: &ModelReference, target: Target) -> Result<Vec<SinkPlan>, Failure> {
        self.entries(reference, target, |compiled| &mut compiled.sinks, |model| &model.sinks, SinkPlan::compile)
    }

    pub(crate) fn model_sanitizers(&mut self, reference: &ModelReference, target: Target) -> Result<Vec<SanitizerPlan>, Failure> {
        self.entries(reference, target, |compiled| &mut compiled.sanitizers, |model| &model.sanitizers, SanitizerPlan::compile)
    }

    pub(crate) fn model_propagators(&mut self, reference: &ModelReference, target: Target) -> Result<Vec<PropagatorPlan>, Failure> {
        self.entries(reference, target, |compiled| &mut compiled.propagators, |model| &model.propagators, PropagatorPlan::compile)
    }
}
