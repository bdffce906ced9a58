//! The Serverless Framework on AWS: a service to a template of CloudFormation, which is what the framework makes of it, too.
//!
//! What a service says of functions, their events and their role becomes resources under the names that the framework gives them,
//! so that what stands under `resources` can refer to them. Plugins are not known here.

mod function;
mod service;
#[cfg(test)]
mod tests;
mod variable;

use std::{collections::BTreeMap, sync::Arc};

use self::variable::Variables;
use crate::{
    Graph, Kind, Map, Member, Place, ScopeId, Value, cloudformation,
    data::DataKind,
    format::{Document, FormatReader},
    project::Project,
};

pub(crate) const READER: FormatReader =
    FormatReader { name: "serverless", example: "serverless.yml", files: None, assemble: Some(assemble) };

/// Scopes of services have numbers of their own.
const FIRST_SCOPE: u32 = (1 << 24) + (1 << 23);

fn assemble(project: &Project<'_>, graph: &mut Graph) {
    let mut table = None;
    let mut scope = FIRST_SCOPE;
    for (file, noted) in project.numbered() {
        for document in &noted.documents {
            let Document::Data(DataKind::Serverless, value) = document else { continue };
            let written = value.in_file(file);
            let folder = noted.path.as_str().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder);
            let variables = Variables::new(project, &written, folder);
            let service = variables.evaluate(&written);
            if service.at(&["provider", "name"]).and_then(Value::text).or(service.get("provider").and_then(Value::text)) != Some("aws") {
                continue;
            }
            let table = table.get_or_insert_with(cloudformation::table);
            cloudformation::resources(&service::template(&service), table, ScopeId(scope), graph);
            scope += 1;
        }
    }
}

/// A map that is made of what is written, member by member.
struct Made {
    members: BTreeMap<Arc<str>, Member>,
    /// Where it is said that there is such a thing.
    place: Place,
}

impl Made {
    fn new(place: Place) -> Self {
        Self { members: BTreeMap::new(), place }
    }

    /// Adds what is written, under another name; nothing where nothing is written.
    fn take(&mut self, name: &str, of: &Value, written: &str) -> &mut Self {
        if let Some(member) = of.member(written).filter(|member| !member.value.is_null()) {
            self.members.insert(name.into(), member.clone());
        }
        self
    }

    /// Adds a value.
    fn set(&mut self, name: &str, value: Value) -> &mut Self {
        let place = value.place.or(self.place);
        self.members.insert(name.into(), Member { name: place, value });
        self
    }

    fn text(&mut self, name: &str, text: impl Into<Arc<str>>) -> &mut Self {
        self.set(name, Value::of_text(text, self.place))
    }

    fn finish(&mut self) -> Value {
        Value::new(Kind::Map(Arc::new(Map(std::mem::take(&mut self.members)))), self.place)
    }
}

/// A call of a function of CloudFormation, in its long form.
fn intrinsic(function: &str, argument: Value) -> Value {
    let place = argument.place;
    Value::of_members([(function, argument)], place)
}

fn reference(name: &str, at: Place) -> Value {
    intrinsic("Ref", Value::of_text(name, at))
}

fn attribute(name: &str, attribute: &str, at: Place) -> Value {
    let parts = [Value::of_text(name, at), Value::of_text(attribute, at)];
    intrinsic("Fn::GetAtt", Value::new(Kind::List(parts.into()), at))
}
