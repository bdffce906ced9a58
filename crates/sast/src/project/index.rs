//! What names mean across the files of a project.

mod callee;
mod module;
mod namespace;

use rustc_hash::{FxHashMap, FxHashSet};

pub(super) use self::callee::Target;

use super::facts::{Entity, FileFacts, Reference, Text, TypeFacts};

/// A text of the project.
pub(super) type Word = u32;

/// A function: its file, and its number there.
pub(super) type FunctionId = (u32, u32);

/// A class: its file, and its number there.
pub(super) type ClassId = (u32, u32);

/// How many names are followed from one to the next.
const MAX_HOPS: u32 = 12;

/// How a language finds what is in other files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Names of packages and namespaces, wherever their files are.
    Namespaces,
    /// Python's modules.
    Python,
    /// Modules by path.
    JavaScript,
    /// Packages by folder.
    Go,
}

/// A file of the project.
pub(super) struct File {
    /// Its path, with slashes.
    pub(super) path: String,
    pub(super) facts: FileFacts,
    /// The words of its texts.
    words: Vec<Word>,
    /// The packages, namespaces and modules that its code stands in.
    namespaces: Vec<Vec<Word>>,
    /// What its names stand for: the number of the entity.
    names: FxHashMap<Word, usize>,
}

/// What a name means.
#[derive(Debug, Clone)]
pub(super) enum Definition {
    Module(u32),
    /// A package of Go: a folder.
    Folder(Box<str>),
    Class(ClassId),
    Function(FunctionId),
    /// A value: the type as a file writes it.
    Value(u32, TypeFacts),
    Members(u32, Vec<(Text, Entity)>),
}

/// All files of a family of languages, by what they define.
pub(super) struct Index {
    pub(super) files: Vec<File>,
    style: Style,
    words: FxHashMap<Box<str>, Word>,
    texts: Vec<Box<str>>,
    /// Classes and functions by their whole names.
    by_name: FxHashMap<Vec<Word>, Vec<Definition>>,
    /// The last names of these.
    defined: FxHashSet<Word>,
    /// Files by their path without its extension, or by that of their folder where they stand for it.
    by_path: FxHashMap<String, u32>,
    /// Files by the last name of that.
    by_last: FxHashMap<String, Vec<u32>>,
    by_folder: FxHashMap<String, Vec<u32>>,
    methods: FxHashMap<(ClassId, Word), Vec<FunctionId>>,
    /// The methods that a class has itself.
    method_names: FxHashMap<ClassId, Vec<Word>>,
    derived: FxHashMap<ClassId, Vec<ClassId>>,
    bases: FxHashMap<ClassId, Vec<ClassId>>,
    /// Other names of modules: the folder of the configuration, the prefix, and what it stands for.
    aliases: Vec<(String, Box<str>, Vec<Box<str>>)>,
}

impl Index {
    /// Indexes files, which are sorted by path. `configured` are folders with other names of modules.
    pub(super) fn new(family: &str, files: Vec<(String, FileFacts)>, aliases: Vec<(String, Box<str>, Vec<Box<str>>)>) -> Self {
        let style = match family {
            "python" => Style::Python,
            "javascript" => Style::JavaScript,
            "go" => Style::Go,
            _ => Style::Namespaces,
        };
        let mut index = Self {
            files: Vec::with_capacity(files.len()),
            style,
            words: FxHashMap::default(),
            texts: Vec::new(),
            by_name: FxHashMap::default(),
            defined: FxHashSet::default(),
            by_path: FxHashMap::default(),
            by_last: FxHashMap::default(),
            by_folder: FxHashMap::default(),
            methods: FxHashMap::default(),
            method_names: FxHashMap::default(),
            derived: FxHashMap::default(),
            bases: FxHashMap::default(),
            aliases,
        };
        for (path, facts) in files {
            index.add(path, facts);
        }
        index.connect();
        index
    }

    pub(super) fn word(&mut self, text: &str) -> Word {
        if let Some(known) = self.words.get(text) {
            return *known;
        }
        let word = Word::try_from(self.texts.len()).unwrap_or(Word::MAX);
        self.texts.push(text.into());
        self.words.insert(text.into(), word);
        word
    }

    pub(super) fn text(&self, word: Word) -> &str {
        self.texts.get(word as usize).map_or("", |text| text)
    }

    /// The word of a file's text.
    pub(super) fn word_in(&self, file: u32, text: Text) -> Word {
        self.files.get(file as usize).and_then(|file| file.words.get(text as usize)).copied().unwrap_or(Word::MAX)
    }

    fn words_in(&self, file: u32, path: &[Text]) -> Vec<Word> {
        path.iter().map(|text| self.word_in(file, *text)).collect()
    }

    fn add(&mut self, path: String, facts: FileFacts) {
        let file = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        let words: Vec<Word> = facts.texts.iter().map(|text| self.word(text)).collect();
        let of = |texts: &[Text]| -> Vec<Word> { texts.iter().filter_map(|text| words.get(*text as usize)).copied().collect() };
        let package = of(&facts.outline.package);
        let mut namespaces = vec![package.clone()];
        for (number, class) in (0..).zip(&facts.outline.classes) {
            let whole: Vec<Word> = package.iter().copied().chain(of(&class.path)).collect();
            if let Some((_, outer)) = whole.split_last() {
                namespaces.push(outer.to_vec());
            }
            namespaces.push(whole.clone());
            self.by_name.entry(whole).or_default().push(Definition::Class((file, number)));
        }
        let mut names = FxHashMap::default();
        for (position, (name, entity)) in facts.outline.names.iter().enumerate() {
            let Some(word) = words.get(*name as usize).copied() else { continue };
            // What is defined here counts more than what is imported under the same name.
            let is_import = matches!(entity, Entity::Other(_));
            if !is_import || !names.contains_key(&word) {
                names.insert(word, position);
            }
            if let Entity::Function(number) = entity {
                let whole = package.iter().copied().chain([word]).collect();
                self.by_name.entry(whole).or_default().push(Definition::Function((file, *number)));
            }
        }
        namespaces.sort_unstable();
        namespaces.dedup();
        self.defined.extend(facts.outline.classes.iter().filter_map(|class| words.get(*class.path.last()? as usize)));
        self.defined.extend(names.keys());
        self.add_path(file, &path);
        self.files.push(File { path, facts, words, namespaces, names });
    }

    /// Methods by class, and classes by what they are derived from.
    fn connect(&mut self) {
        for file in 0..u32::try_from(self.files.len()).unwrap_or(u32::MAX) {
            let Some(facts) = self.files.get(file as usize).map(|file| &file.facts.outline) else { continue };
            let mut methods = Vec::new();
            for (number, function) in (0..).zip(&facts.functions) {
                let class = match function.class {
                    Some(class) => Some((file, class)),
                    None if function.of == TypeFacts::Unknown => None,
                    None => self.class_of(file, &function.of, MAX_HOPS).map(|(class, _)| class),
                };
                methods.extend(class.map(|class| (class, self.word_in(file, function.name), (file, number))));
            }
            for (class, name, function) in methods {
                self.methods.entry((class, name)).or_default().push(function);
                self.method_names.entry(class).or_default().push(name);
            }
        }
        for file in 0..u32::try_from(self.files.len()).unwrap_or(u32::MAX) {
            let Some(facts) = self.files.get(file as usize).map(|file| &file.facts.outline) else { continue };
            let mut edges = Vec::new();
            for (number, class) in (0..).zip(&facts.classes) {
                for base in &class.bases {
                    edges.extend(self.class_of(file, base, MAX_HOPS).map(|(base, _)| (base, (file, number))));
                }
            }
            for (base, derived) in edges.into_iter().filter(|(base, derived)| base != derived) {
                self.derived.entry(base).or_default().push(derived);
                self.bases.entry(derived).or_default().push(base);
            }
        }
    }

    /// What names in a file mean.
    pub(super) fn resolve(&self, file: u32, reference: &Reference, n_hops: u32) -> Option<Definition> {
        let n_hops = n_hops.checked_sub(1)?;
        match reference {
            Reference::Imported(paths) => paths.iter().find_map(|path| self.imported(file, &self.words_in(file, path), n_hops)),
            Reference::Unknown(path) => self.unknown(file, &self.words_in(file, path), n_hops),
        }
    }

    fn imported(&self, file: u32, path: &[Word], n_hops: u32) -> Option<Definition> {
        match self.style {
            Style::Namespaces => self.whole_name(path, n_hops),
            Style::Python | Style::JavaScript | Style::Go => {
                let (module, n_used) = self.module(file, path)?;
                self.walk(module, path.get(n_used..)?, n_hops)
            }
        }
    }

    fn unknown(&self, file: u32, path: &[Word], n_hops: u32) -> Option<Definition> {
        let of = self.files.get(file as usize)?;
        match self.style {
            Style::Namespaces => self.in_namespaces(file, path, n_hops),
            Style::Go => {
                let folder = folder_of(&of.path);
                self.walk(Definition::Folder(folder.into()), path, n_hops)
            }
            Style::Python => of.facts.outline.stars.iter().find_map(|star| {
                let whole: Vec<Word> = self.words_in(file, star).into_iter().chain(path.iter().copied()).collect();
                self.imported(file, &whole, n_hops)
            }),
            Style::JavaScript => None,
        }
    }

    /// Follows names from a definition on.
    fn walk(&self, from: Definition, names: &[Word], n_hops: u32) -> Option<Definition> {
        names.iter().try_fold(from, |at, name| self.step(&at, *name, n_hops))
    }

    /// What a name means within what a definition is.
    fn step(&self, at: &Definition, name: Word, n_hops: u32) -> Option<Definition> {
        let n_hops = n_hops.checked_sub(1)?;
        match at {
            Definition::Module(file) => self.in_module(*file, name, n_hops),
            Definition::Folder(folder) => {
                let files = self.by_folder.get(&**folder)?;
                files.iter().find_map(|file| self.named(*file, name, n_hops))
            }
            Definition::Class(class) => self.member(*class, name),
            Definition::Value(file, of) => {
                let (class, _) = self.class_of(*file, of, n_hops)?;
                self.member(class, name)
            }
            Definition::Members(file, members) => {
                let (_, entity) = members.iter().find(|(known, _)| self.word_in(*file, *known) == name)?;
                self.definition(*file, entity, n_hops)
            }
            Definition::Function(_) => None,
        }
    }

    /// What the top of a file calls by a name.
    fn named(&self, file: u32, name: Word, n_hops: u32) -> Option<Definition> {
        let of = self.files.get(file as usize)?;
        let (_, entity) = of.facts.outline.names.get(*of.names.get(&name)?)?;
        self.definition(file, entity, n_hops)
    }

    fn definition(&self, file: u32, entity: &Entity, n_hops: u32) -> Option<Definition> {
        Some(match entity {
            Entity::Function(number) => Definition::Function((file, *number)),
            Entity::Class(number) => Definition::Class((file, *number)),
            Entity::Value(of) => Definition::Value(file, of.clone()),
            Entity::Other(reference) => return self.resolve(file, reference, n_hops),
            Entity::Members(members) => Definition::Members(file, members.clone()),
        })
    }

    /// A method, a field or a class within a class.
    fn member(&self, class: ClassId, name: Word) -> Option<Definition> {
        if let Some(method) = self.method(class, name).first() {
            return Some(Definition::Function(*method));
        }
        if let Some((file, of)) = self.field(class, name) {
            return Some(Definition::Value(file, of));
        }
        if !self.defined.contains(&name) {
            return None;
        }
        let whole: Vec<Word> = self.whole_path(class)?.into_iter().chain([name]).collect();
        self.by_name.get(&whole)?.first().cloned()
    }

    fn whole_path(&self, class: ClassId) -> Option<Vec<Word>> {
        let outline = &self.files.get(class.0 as usize)?.facts.outline;
        let path = &outline.classes.get(class.1 as usize)?.path;
        Some(self.words_in(class.0, &outline.package).into_iter().chain(self.words_in(class.0, path)).collect())
    }

    /// The type of a field, of the class or of one that it is derived from, and the file that writes it.
    fn field(&self, class: ClassId, name: Word) -> Option<(u32, TypeFacts)> {
        self.lineage(class).into_iter().find_map(|(file, number)| {
            let class = self.files.get(file as usize)?.facts.outline.classes.get(number as usize)?;
            let (_, of) = class.fields.iter().find(|(field, _)| self.word_in(file, *field) == name)?;
            Some((file, of.clone()))
        })
    }

    /// The fields that are given to an object of a class without a constructor, in order.
    pub(super) fn primary_fields(&self, class: ClassId) -> Vec<Word> {
        let facts = self.files.get(class.0 as usize).and_then(|file| file.facts.outline.classes.get(class.1 as usize));
        let Some(facts) = facts else { return Vec::new() };
        if facts.primary.is_empty() {
            return facts.fields.iter().map(|(name, _)| self.word_in(class.0, *name)).collect();
        }
        self.words_in(class.0, &facts.primary)
    }

    /// The methods of a name: those of the class, or of the nearest one that it is derived from.
    fn method(&self, class: ClassId, name: Word) -> &[FunctionId] {
        if let Some(own) = self.methods.get(&(class, name)) {
            return own;
        }
        if !self.bases.contains_key(&class) {
            return &[];
        }
        self.lineage(class).into_iter().find_map(|class| self.methods.get(&(class, name))).map_or(&[], Vec::as_slice)
    }

    /// A class and those that it is derived from, the nearest first.
    fn lineage(&self, class: ClassId) -> Vec<ClassId> {
        related(&self.bases, class)
    }
}

/// A class and those that a relation leads to, the nearest first.
fn related(relation: &FxHashMap<ClassId, Vec<ClassId>>, class: ClassId) -> Vec<ClassId> {
    const MAX_RELATED: usize = 64;
    let mut all = vec![class];
    let mut next = 0;
    while let Some(at) = all.get(next).copied() {
        next += 1;
        for other in relation.get(&at).into_iter().flatten() {
            if all.len() < MAX_RELATED && !all.contains(other) {
                all.push(*other);
            }
        }
    }
    all
}

/// The folder of a path; empty at the root.
fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
