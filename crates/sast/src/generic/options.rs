//! What a rule may say about generic matching, under `options:`.

/// The options of a rule whose language is `generic`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GenericOptions {
    /// `generic_engine`.
    pub engine: GenericEngine,
    /// `generic_ellipsis_max_span`: how many line ends one ellipsis of spacegrep may cross.
    pub ellipsis_max_span: u32,
    /// `generic_comment_style`: comments that spacegrep takes for blanks.
    pub comment_style: Option<CommentStyle>,
    /// `generic_multiline`: whether the end of a line is a blank like others for aliengrep.
    pub is_multiline: bool,
    /// `generic_caseless`: whether aliengrep ignores case. Spacegrep never does.
    pub is_caseless: bool,
    /// `generic_braces`: what aliengrep pairs, in place of `()`, `[]` and `{}`.
    pub braces: Option<Vec<(char, char)>>,
    /// `generic_extra_braces`: what aliengrep pairs in addition.
    pub extra_braces: Vec<(char, char)>,
    /// `generic_extra_word_characters`: what belongs to words for aliengrep, in addition to letters, digits and `_`.
    pub extra_word_characters: Vec<char>,
}

impl Default for GenericOptions {
    fn default() -> Self {
        Self {
            engine: GenericEngine::Spacegrep,
            ellipsis_max_span: 10,
            comment_style: None,
            is_multiline: true,
            is_caseless: false,
            braces: None,
            extra_braces: Vec::new(),
            extra_word_characters: Vec::new(),
        }
    }
}

impl GenericOptions {
    /// These options with what documents don't depend on set to its default: patterns share a
    /// [`Document`](super::Document) when their options are equal in this form.
    #[must_use]
    pub fn for_document(&self) -> Self {
        let engine = self.engine;
        match engine {
            GenericEngine::Spacegrep => Self { engine, comment_style: self.comment_style, ..Self::default() },
            GenericEngine::Aliengrep => Self { ellipsis_max_span: Self::default().ellipsis_max_span, comment_style: None, ..self.clone() },
        }
    }
}

/// Which of the two matchers is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GenericEngine {
    /// Blocks by indentation, ellipses limited to some lines.
    Spacegrep,
    /// No blocks, brackets pair over lines, ellipses without limit.
    Aliengrep,
}

/// How comments look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommentStyle {
    /// `c`: `/* … */`.
    C,
    /// `cpp`: `// …`, then `/* … */`.
    Cpp,
    /// `shell`: `# …`.
    Shell,
    /// `clojure`: `; …`. An extension of Opengrep.
    Clojure,
}

impl CommentStyle {
    /// The style that a rule names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "c" => Some(Self::C),
            "cpp" => Some(Self::Cpp),
            "shell" => Some(Self::Shell),
            "clojure" => Some(Self::Clojure),
            _ => None,
        }
    }
}
