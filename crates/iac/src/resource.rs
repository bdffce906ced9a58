//! Resources of all formats, in one graph.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, OnceLock},
};

use bartizan_core::Diagnostic;
use serde::{Deserialize, Serialize};

use crate::{Place, Value, kubernetes::Index};

/// A resource, by its number in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResourceId(pub u32);

/// What is deployed together: companions of a resource are looked for here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub u32);

/// Which notation a resource was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Terraform and OpenTofu.
    Terraform,
    /// CloudFormation and SAM.
    CloudFormation,
    /// Templates of Azure Resource Manager.
    Arm,
    /// Bicep.
    Bicep,
    /// Manifests of Kubernetes.
    Kubernetes,
    /// Compose files.
    Compose,
    /// Dockerfiles.
    Dockerfile,
    /// Playbooks and roles of Ansible.
    Ansible,
    /// Workflows of CI systems.
    Workflow,
    /// Descriptions of HTTP APIs.
    OpenApi,
}

/// What a block declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// Something that is created.
    Managed,
    /// Something that is looked up.
    Data,
    /// Settings of a provider.
    Provider,
    /// A call of a module.
    Module,
    /// Settings of the tool itself: backends, versions.
    Settings,
}

/// Something that is declared.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its number.
    pub id: ResourceId,
    /// How it is written.
    pub format: Format,
    /// What it is.
    pub kind: ResourceKind,
    /// Its type in its own notation: `AWS::S3::Bucket`.
    pub native_type: Arc<str>,
    /// Its type in the notation that checks are written in: that of Terraform's providers for clouds, `aws_s3_bucket`; the kind of
    /// a manifest, `Deployment`.
    pub canonical_type: Arc<str>,
    /// Its own name.
    pub name: Arc<str>,
    /// How it is called in full, with modules and instance keys.
    pub address: Arc<str>,
    /// The same without modules and instance keys: `aws_s3_bucket.b`. With its file it names a block of code.
    pub block_address: Arc<str>,
    /// What it is deployed with.
    pub scope: ScopeId,
    /// The line that starts it: type and name.
    pub header: Place,
    /// All of it.
    pub block: Place,
    /// Its attributes, in the names of the canonical type. Blocks that may stand several times are lists of maps.
    pub body: Value,
    /// The calls of modules that lead to it, the outermost first.
    pub calls: Vec<Place>,
}

/// All resources.
#[derive(Debug, Default)]
pub struct Graph {
    resources: Vec<Resource>,
    by_type: HashMap<Arc<str>, Vec<ResourceId>>,
    referring: HashMap<ResourceId, Vec<ResourceId>>,
    written: HashMap<ResourceId, Value>,
    diagnostics: Vec<Diagnostic>,
    causes: BTreeMap<Place, (Place, String)>,
    kubernetes: OnceLock<Index>,
}

impl Resource {
    /// The value of an attribute that is set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.body.get(name)
    }
}

impl Graph {
    /// The number that the next resource will have.
    #[must_use]
    pub fn next_id(&self) -> ResourceId {
        ResourceId(u32::try_from(self.resources.len()).unwrap_or(u32::MAX))
    }

    /// Adds a resource, which takes the next number.
    pub fn add(&mut self, mut resource: Resource) -> ResourceId {
        resource.id = self.next_id();
        let id = resource.id;
        self.by_type.entry(Arc::clone(&resource.canonical_type)).or_default().push(id);
        self.resources.push(resource);
        id
    }

    /// Says what a resource that was added before consists of.
    pub fn set_body(&mut self, id: ResourceId, body: Value) {
        if let Some(resource) = self.resources.get_mut(id.0 as usize) {
            resource.body = body;
        }
    }

    /// Notes the attributes of a resource in the names of its own notation, where those of its canonical type differ.
    pub fn note_written(&mut self, id: ResourceId, attributes: Value) {
        self.written.insert(id, attributes);
    }

    /// The attributes of a resource in the names of its own notation.
    #[must_use]
    pub fn written<'g>(&'g self, resource: &'g Resource) -> &'g Value {
        self.written.get(&resource.id).unwrap_or(&resource.body)
    }

    /// Says that a resource is one of another canonical type.
    pub fn recast(&mut self, id: ResourceId, canonical_type: Arc<str>, body: Value) {
        let Some(resource) = self.resources.get_mut(id.0 as usize) else { return };
        if let Some(of_type) = self.by_type.get_mut(&resource.canonical_type) {
            of_type.retain(|known| *known != id);
        }
        resource.canonical_type = Arc::clone(&canonical_type);
        resource.body = body;
        let of_type = self.by_type.entry(canonical_type).or_default();
        of_type.insert(of_type.partition_point(|known| *known < id), id);
    }

    /// Finds out which resource refers to which; called once, when all are there.
    pub fn connect(&mut self) {
        let mut referred = Vec::new();
        for resource in &self.resources {
            referred.clear();
            resource.body.collect_references(&mut referred);
            referred.sort_unstable();
            referred.dedup();
            for other in referred.iter().filter(|other| **other != resource.id) {
                self.referring.entry(*other).or_default().push(resource.id);
            }
        }
    }

    /// Notes that the value at a place is decided at another one, in these words.
    pub fn note_cause(&mut self, at: Place, decided: Place, words: String) {
        self.causes.insert(at, (decided, words));
    }

    /// Where the first value within a place is decided, and in which words that is said.
    #[must_use]
    pub fn cause_of(&self, at: Place) -> Option<(Place, &str)> {
        let first = Place { end: at.start, ..at };
        let last = Place { start: at.end, ..at };
        let (place, (decided, words)) = self.causes.range(first..=last).next()?;
        (place.end <= at.end).then_some((*decided, words.as_str()))
    }

    /// Notes what could not be made into resources.
    pub fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// What could not be made into resources.
    pub fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.diagnostics)
    }

    /// All resources, by number.
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// A resource by its number.
    #[must_use]
    pub fn get(&self, id: ResourceId) -> Option<&Resource> {
        self.resources.get(id.0 as usize)
    }

    /// Resources of a canonical type, by number.
    pub fn of_type(&self, canonical_type: &str) -> impl Iterator<Item = &Resource> {
        self.by_type.get(canonical_type).into_iter().flatten().filter_map(|id| self.get(*id))
    }

    /// Objects of Kubernetes by namespace and subject, found out when they are first asked for: when all resources are there.
    pub(crate) fn kubernetes(&self) -> &Index {
        self.kubernetes.get_or_init(|| Index::new(self))
    }

    /// Resources that refer to this one, by number.
    pub fn referring_to(&self, id: ResourceId) -> impl Iterator<Item = &Resource> {
        self.referring.get(&id).into_iter().flatten().filter_map(|id| self.get(*id))
    }

    /// Resources that this one refers to, by number.
    #[must_use]
    pub fn referred_by(&self, resource: &Resource) -> Vec<&Resource> {
        let mut referred = Vec::new();
        resource.body.collect_references(&mut referred);
        referred.sort_unstable();
        referred.dedup();
        referred.into_iter().filter(|id| *id != resource.id).filter_map(|id| self.get(id)).collect()
    }

    /// The full name of a resource.
    #[must_use]
    pub fn name_of(&self, id: ResourceId) -> String {
        self.get(id).map_or_else(|| "a resource".to_owned(), |resource| resource.address.to_string())
    }
}
