//! What a node can be, and which slots it has.

macro_rules! names {
    ($(#[$outer:meta])* $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $type { $($(#[$doc])* $variant,)* }

        impl $type {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The lower-case name.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $name,)* } }
        }
    };
}

names! {
    /// What a node is. In brackets its slots; `…` is any number of children. "Attrs" is a [`Kind::Attrs`], "type" an expression
    /// that names a type or [`Kind::None`], "body" a [`Kind::Block`] or [`Kind::None`]. "Name" may be a pattern where the
    /// language destructures.
    Kind {
        /// An absent slot.
        None = "none",
        /// A file: `[statement…]`.
        Root = "root",
        /// Statements in a row: `[statement…]`.
        Block = "block",
        /// A range that could not be parsed.
        Opaque = "opaque",
        /// What no kind stands for; its symbol is the grammar's name: `[child…]`.
        Other = "other",

        // Names and literals. The symbol is the name or the content.
        /// An identifier; `this`, `self` and `super` are names too.
        Name = "name",
        /// A number; its symbol is normalized (no separators, no suffix, decimal if integral). `op` is `int` or `float`.
        Number = "number",
        /// A string without interpolation; its symbol is what stands between the quotes, escapes as written.
        Str = "str",
        /// A string with interpolation: `[Str or expression…]`. `op` is `template` where a tag or a prefix makes it special.
        Interp = "interp",
        /// A character.
        Char = "char",
        /// `true` or `false`; its symbol says which, in lower case.
        Bool = "bool",
        /// `null`, `nil`, `None`, `undefined`; the symbol is the word in the language.
        Null = "null",
        /// A regular expression; its symbol is the expression without its delimiters. `[]` or `[Str flags]`.
        Regex = "regex",
        /// A symbol or keyword literal such as `:name`; its symbol is the name without the colon.
        Atom = "atom",

        // Expressions.
        /// `[callee, Args]`. A block or closure that follows the call is its last argument.
        Call = "call",
        /// Arguments: `[expression, KwArg, Spread …]`.
        Args = "args",
        /// An argument or field by name: `[Name, value]`.
        KwArg = "kw-arg",
        /// `*x`, `**x`, `...x` among arguments, elements or entries: `[expression]`. `op` is `splat` or `double-splat`.
        Spread = "spread",
        /// Creates an object: `[type, Args, body]`; the body is that of an anonymous class.
        New = "new",
        /// A member of something: `[object, Name]`. `op` is `dot`, `optional` (`?.`), `scope` (`::`) or `arrow` (`->`).
        /// The member may be an expression where the language allows it.
        Dot = "dot",
        /// An element: `[object, index…]`.
        Index = "index",
        /// A part of a sequence: `[from, to, step]`, as the index of [`Kind::Index`].
        Slice = "slice",
        /// `[operand]`, with `op`.
        Unary = "unary",
        /// `[left, right]`, with `op`. Operators that chain nest to the left.
        Binary = "binary",
        /// `[target, value]`; several targets (`a = b = c`) nest to the right. A declaration is a [`Kind::VarDef`].
        Assign = "assign",
        /// `[target, value]`, with `op`: `x += 1`.
        AugAssign = "aug-assign",
        /// `[condition, then, else]`.
        Ternary = "ternary",
        /// A function without a name: `[Params, type, body or expression]`. `op` is `async` where it is.
        Lambda = "lambda",
        /// `[element…]`.
        List = "list",
        /// `[element…]`.
        Tuple = "tuple",
        /// `[element…]`.
        Set = "set",
        /// A map, object or record: `[KeyValue, Spread, FuncDef, …]`.
        Dict = "dict",
        /// `[key, value]`; the key of an object is a [`Kind::Name`] or a [`Kind::Str`]. The value of a shorthand is the name again.
        KeyValue = "key-value",
        /// `[element, CompFor, CompIf …]`; `op` is `list`, `set`, `dict` or `generator`.
        Comprehension = "comprehension",
        /// `[target, iterated]`.
        CompFor = "comp-for",
        /// `[condition]`.
        CompIf = "comp-if",
        /// `[type, value]`.
        Cast = "cast",
        /// `x instanceof T`, `x is T`: `[value, type]`, then the [`Kind::VarDef`] of the name that is bound to it, if there is one.
        TypeTest = "type-test",
        /// `[value]`.
        Await = "await",
        /// `[value]`; `op` is `delegate` for `yield from`, `yield*`.
        Yield = "yield",
        /// A generic type or call: `[base, argument…]`.
        TypeArgs = "type-args",
        /// A type made of another: `[type]`; `op` is `array`, `pointer`, `reference`, `optional`.
        TypeOf = "type-of",
        /// Markup in code: `[Name or expression, XmlAttrs, child…]`.
        Xml = "xml",
        /// `[XmlAttr, Spread…]`.
        XmlAttrs = "xml-attrs",
        /// `[Name, value]`.
        XmlAttr = "xml-attr",
        /// Text in markup; its symbol is the text, trimmed.
        XmlText = "xml-text",

        // Definitions.
        /// Modifiers and annotations: `[Modifier, Annotation…]`.
        Attrs = "attrs",
        /// A word such as `static`; the symbol is the word.
        Modifier = "modifier",
        /// A decorator or annotation: `[expression]`, a name or a call.
        Annotation = "annotation",
        /// `[Attrs, Name, type, value]`. `op` is `const`, `let`, `var`, or none. Fields of classes too.
        VarDef = "var-def",
        /// `[Attrs, Name, Params, type, body]`. `op` is `constructor`, `getter`, `setter`, or none. A receiver is the first
        /// parameter, with `op` `receiver`.
        FuncDef = "func-def",
        /// `[Param…]`.
        Params = "params",
        /// `[Attrs, Name, type, default]`. `op` is `splat`, `double-splat`, `receiver`, or none.
        Param = "param",
        /// `[Attrs, Name, Params, Bases, body]`; `Params` are those of a primary constructor, else none. `op` is `class`, `interface`,
        /// `struct`, `enum`, `trait`, `module`, `object`, `impl`.
        ClassDef = "class-def",
        /// What a class is made from: `[type…]`.
        Bases = "bases",
        /// A namespace or package with a body: `[Name, body]`.
        Namespace = "namespace",
        /// Makes a module known: `[module, alias]`; the module is a [`Kind::Name`], [`Kind::Dot`]s of them, or a [`Kind::Str`].
        /// `op` is `star` for all that is in it.
        Import = "import",
        /// Makes parts of a module known: `[module, ImportItem…]`.
        ImportFrom = "import-from",
        /// `[Name, alias]`. The name `*` stands for everything, the name `default` for a default export.
        ImportItem = "import-item",
        /// The package that a file belongs to: `[name]`.
        Package = "package",

        // Statements.
        /// An expression as a statement: `[expression]`.
        ExprStmt = "expr-stmt",
        /// `[condition, then, else]`; `else if` is an `If` in the last slot. Blocks are blocks even without braces.
        If = "if",
        /// `[condition, body]`.
        While = "while",
        /// `[body, condition]`.
        DoWhile = "do-while",
        /// `[start, condition, step, body]`.
        For = "for",
        /// `[target, iterated, body]`.
        ForEach = "for-each",
        /// `[value]`.
        Return = "return",
        /// `[value, cause]`.
        Throw = "throw",
        /// `[body, Catch…, else, Finally]`; the last two are none where there are none.
        Try = "try",
        /// `[type, Name, body]`.
        Catch = "catch",
        /// `[body]`.
        Finally = "finally",
        /// `[value, Case…]`.
        Switch = "switch",
        /// `[pattern…, body]`; no pattern is the default.
        Case = "case",
        /// `[label]`.
        Break = "break",
        /// `[label]`.
        Continue = "continue",
        /// `with`, `using`, `try (resource)`: `[item…, body]`; items are expressions, `Assign`s or `VarDef`s.
        With = "with",
        /// `[condition, message]`.
        Assert = "assert",
        /// `[value…]`.
        Delete = "delete",
        /// `[Name, statement]`.
        Label = "label",
        /// `[Name]`.
        Goto = "goto",

        // Only in patterns.
        /// `...`: any number of anything that may stand there.
        Ellipsis = "ellipsis",
        /// `<... e ...>`: the expression, however deep: `[expression]`.
        Deep = "deep",
        /// `$X`; its symbol is the name with the dollar.
        Metavar = "metavar",
        /// `$...X`.
        MetavarMany = "metavar-many",
        /// `(T $X)`: `[type]`.
        MetavarTyped = "metavar-typed",
        /// `"..."`: any string.
        AnyStr = "any-str",
        /// `"=~/…/"`: a string that an expression finds something in; its symbol is the expression.
        StrRegex = "str-regex",
        /// `"$X"`: a string whose content is bound.
        StrMetavar = "str-metavar",
    }
}

names! {
    /// An operator, or the variant of a kind.
    Op {
        /// None.
        None = "",
        // Operators.
        /// `+`
        Add = "+",
        /// `-`
        Sub = "-",
        /// `*`
        Mul = "*",
        /// `/`
        Div = "/",
        /// `//`
        FloorDiv = "//",
        /// `%`
        Mod = "%",
        /// `**`
        Pow = "**",
        /// `@` between matrices
        MatMul = "@",
        /// `<<`
        Shl = "<<",
        /// `>>`
        Shr = ">>",
        /// `>>>`
        UShr = ">>>",
        /// `&`
        BitAnd = "&",
        /// `|`
        BitOr = "|",
        /// `^`
        BitXor = "^",
        /// `~`
        BitNot = "~",
        /// `&&`, `and`
        And = "&&",
        /// `||`, `or`
        Or = "||",
        /// `!`, `not`
        Not = "!",
        /// `??`, `?:`
        Coalesce = "??",
        /// `==`
        Eq = "==",
        /// `!=`
        NotEq = "!=",
        /// `===`, and Python's `is`
        Same = "===",
        /// `!==`, and `is not`
        NotSame = "!==",
        /// `<`
        Lt = "<",
        /// `<=`
        LtEq = "<=",
        /// `>`
        Gt = ">",
        /// `>=`
        GtEq = ">=",
        /// `<=>`
        Compare = "<=>",
        /// `in`
        In = "in",
        /// `not in`
        NotIn = "not-in",
        /// `=~`
        Match = "=~",
        /// `!~`
        NotMatch = "!~",
        /// `.` between strings
        Concat = ".",
        /// `..`
        Range = "..",
        /// `...` or `..<`, without its end
        RangeExclusive = "..<",
        /// `|>`
        Pipe = "|>",
        /// `=>`, `->` and others between expressions
        Arrow = "=>",
        /// `++`
        Increment = "++",
        /// `--`
        Decrement = "--",
        /// `&x`
        AddressOf = "address-of",
        /// `*x`
        Deref = "deref",
        /// `typeof x`
        TypeOf = "typeof",
        /// `void x`
        Void = "void",
        /// `defer`, `go`, `throw` and other words before an expression
        Word = "word",
        /// `x!`, `x!!`
        NonNull = "non-null",

        // Variants.
        /// A whole number.
        Int = "int",
        /// Another number.
        Float = "float",
        /// A template string, or one with a prefix that makes it special.
        Template = "template",
        /// `.`
        Dot = "dot",
        /// `?.`
        Optional = "optional",
        /// `::`
        Scope = "scope",
        /// `->`
        ArrowMember = "arrow",
        /// `*x`
        Splat = "splat",
        /// `**x`
        DoubleSplat = "double-splat",
        /// A method's receiver.
        Receiver = "receiver",
        /// `async`
        Async = "async",
        /// A list.
        List = "list",
        /// A set.
        Set = "set",
        /// A dictionary.
        Dict = "dict",
        /// A generator.
        Generator = "generator",
        /// `yield from`
        Delegate = "delegate",
        /// An array of a type.
        Array = "array",
        /// A pointer to a type.
        Pointer = "pointer",
        /// A reference to a type.
        Reference = "reference",
        /// A further clause of the function before it.
        Clause = "clause",
        /// `const`, `val`, `final`
        Const = "const",
        /// `let`
        Let = "let",
        /// `var`
        Var = "var",
        /// A constructor.
        Constructor = "constructor",
        /// A getter.
        Getter = "getter",
        /// A setter.
        Setter = "setter",
        /// A class.
        Class = "class",
        /// An interface or protocol.
        Interface = "interface",
        /// A struct.
        Struct = "struct",
        /// An enumeration.
        Enum = "enum",
        /// A trait.
        Trait = "trait",
        /// A module, contract or library.
        Module = "module",
        /// An object that is its own class.
        Object = "object",
        /// An implementation or extension of a type.
        Impl = "impl",
        /// All that is in a module.
        Star = "star",
        /// A construct of the configuration language HCL or of Dockerfiles.
        Directive = "directive",
    }
}
