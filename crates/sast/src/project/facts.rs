//! What is noted of a file, and kept until all files were visited.

use serde::{Deserialize, Serialize};

/// A text, by its number in [`FileFacts::texts`].
pub(crate) type Text = u32;

/// All that is noted of a file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct FileFacts {
    /// The language's name.
    pub(crate) language: Box<str>,
    pub(crate) texts: Vec<Box<str>>,
    pub(crate) outline: OutlineFacts,
    /// What flows through its functions, for each [`MAX_RULES`](crate::taint::MAX_RULES) rules of a language.
    pub(crate) flows: Vec<FlowFacts>,
}

/// What a file defines.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct OutlineFacts {
    /// The package or namespace that it says that it belongs to.
    pub(crate) package: Vec<Text>,
    pub(crate) functions: Vec<FunctionFacts>,
    pub(crate) classes: Vec<ClassFacts>,
    /// What the names of the file itself stand for.
    pub(crate) names: Vec<(Text, Entity)>,
    /// Modules and packages of which everything was made known here.
    pub(crate) stars: Vec<Vec<Text>>,
    /// Modules of which everything is passed on.
    pub(crate) passed_on: Vec<Vec<Text>>,
    /// Other names of modules: prefixes, and the folders or files that they stand for.
    pub(crate) aliases: Vec<(Box<str>, Vec<Box<str>>)>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FunctionFacts {
    pub(crate) name: Text,
    /// The class of the file that it stands in.
    pub(crate) class: Option<u32>,
    /// The type of its receiver, where that is written before its parameters.
    pub(crate) of: TypeFacts,
    pub(crate) params: Vec<Text>,
    pub(crate) returns: TypeFacts,
    pub(crate) has_body: bool,
    pub(crate) is_constructor: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ClassFacts {
    /// Its name, below those of the classes and namespaces that it stands in.
    pub(crate) path: Vec<Text>,
    pub(crate) bases: Vec<TypeFacts>,
    pub(crate) is_interface: bool,
    pub(crate) fields: Vec<(Text, TypeFacts)>,
    /// The parameters of a primary constructor, which are fields too.
    pub(crate) primary: Vec<Text>,
}

/// What a name stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Entity {
    Function(u32),
    Class(u32),
    /// A value of a type.
    Value(TypeFacts),
    /// What another name stands for.
    Other(Reference),
    /// An object whose members are known.
    Members(Vec<(Text, Entity)>),
}

/// Names, as they stand in a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Reference {
    /// The first name was imported: paths that it may stand for, with the names after it.
    Imported(Vec<Vec<Text>>),
    /// The first name is declared nowhere in the file.
    Unknown(Vec<Text>),
}

/// What is known of a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) enum TypeFacts {
    #[default]
    Unknown,
    /// A class of the file.
    Class(u32),
    Named(Reference),
    /// This type and none that is derived from it.
    Exactly(Box<TypeFacts>),
    /// What a call gives back.
    Result(Box<Callee>),
    Field(Box<TypeFacts>, Text),
}

/// What is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Callee {
    /// A function of the file.
    Local(u32),
    Named(Reference),
    Method(TypeFacts, Text),
    New(TypeFacts),
}

/// A place in the file: bytes, lines and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) bytes: (u32, u32),
    pub(crate) start: (u32, u32),
    pub(crate) end: (u32, u32),
}

/// What flows through the functions of a file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct FlowFacts {
    /// Which rules it is about.
    pub(crate) chunk: u32,
    pub(crate) labels: Vec<crate::rule::Label>,
    pub(crate) places: Vec<Place>,
    /// Steps: a place, and the number of the step before it plus one.
    pub(crate) steps: Vec<(u32, u32)>,
    pub(crate) sources: Vec<SourceFacts>,
    pub(crate) sinks: Vec<SinkFacts>,
    pub(crate) calls: Vec<CallFacts>,
    pub(crate) summaries: Vec<(u32, SummaryFacts)>,
    /// What arrives at sinks and is not known yet.
    pub(crate) hits: Vec<HitFacts>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SourceFacts {
    pub(crate) rules: u128,
    pub(crate) label: u16,
    /// What the data must carry; nothing if any will do.
    pub(crate) requires: Option<crate::rule::Requires>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SinkFacts {
    pub(crate) rule: u8,
    pub(crate) place: u32,
    /// What the data must carry; nothing if any will do.
    pub(crate) requires: Option<crate::rule::Requires>,
    /// The number of the finding that is pending.
    pub(crate) pending: u32,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CallFacts {
    /// The function that it is in; nothing for the file itself.
    pub(crate) owner: Option<u32>,
    pub(crate) callee: Callee,
    /// Arguments, with their names if they have some.
    pub(crate) arguments: Vec<(Option<Text>, ShapeFacts)>,
    pub(crate) receiver: ShapeFacts,
    /// Where the method is a word of containers: its name, and the parts that arguments mean.
    pub(crate) word: Option<(Text, Vec<KeyFacts>)>,
    /// The rules that take unknown functions for harmless.
    pub(crate) harmless: u128,
    pub(crate) place: u32,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct SummaryFacts {
    pub(crate) returned: ShapeFacts,
    pub(crate) receiver: ShapeFacts,
    pub(crate) params: Vec<(u32, ShapeFacts)>,
    pub(crate) hits: Vec<(u32, TaintFacts)>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HitFacts {
    pub(crate) owner: Option<u32>,
    pub(crate) sink: u32,
    pub(crate) taint: TaintFacts,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ShapeFacts {
    pub(crate) own: Vec<TaintFacts>,
    pub(crate) parts: Vec<(KeyFacts, ShapeFacts)>,
    pub(crate) length: Option<u32>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TaintFacts {
    pub(crate) origin: OriginFacts,
    pub(crate) label: u16,
    /// Of something open: the source that gives it this label, if it carries what that source asks for.
    pub(crate) given: Option<u32>,
    pub(crate) sanitized: u128,
    /// The last step on the way to here plus one.
    pub(crate) step: u32,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum KeyFacts {
    Field(Text),
    Index(i32),
    Any,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum OriginFacts {
    Source(u32),
    /// The receiver is the last number.
    Param(u32, Vec<KeyFacts>),
    Result(u32, Vec<KeyFacts>),
    Effect(u32, u32, Vec<KeyFacts>),
}
