//! Makes a tree of tokens.

use std::rc::Rc;

use super::{
    Branch, Command, Expr, MAX_NESTING, Node, ParseError, Parsed, Pipe, Range,
    lexer::{Token, TokenKind, lex},
};
use crate::helm::{function, text::Text};

/// Parses a text.
pub(in crate::helm) fn parse(text: &str) -> Result<Parsed> {
    let tokens = lex(text)?;
    let mut parser = Parser { text, tokens, next: 0, defined: Vec::new(), variables: vec!["$".into()], nesting: 0, loops: 0 };
    let (root, end) = parser.list()?;
    if let Ending::Keyword(word, at) = end {
        return Err(ParseError { at, message: format!("unexpected {{{{{word}}}}}") });
    }
    Ok(Parsed { root: root.into(), defined: parser.defined })
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    next: usize,
    defined: Vec<(Rc<str>, Rc<[Node]>)>,
    /// Names that are set here.
    variables: Vec<Rc<str>>,
    nesting: usize,
    loops: usize,
}

/// What ended a list of nodes. Behind `else` the parser is within that action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Text,
    Keyword(&'static str, u32),
}

type Result<T> = std::result::Result<T, ParseError>;

impl Parser<'_> {
    /// Nodes up to `end`, `else` or the end of the text.
    fn list(&mut self) -> Result<(Vec<Node>, Ending)> {
        self.nesting += 1;
        if MAX_NESTING < self.nesting {
            return self.fail(format!("actions are nested more than {MAX_NESTING} deep (max-template-nesting)"));
        }
        let mut nodes = Vec::new();
        loop {
            let token = self.bump();
            match token.kind {
                TokenKind::Text => nodes.push(Node::Text(token.range)),
                TokenKind::End => {
                    self.nesting -= 1;
                    return Ok((nodes, Ending::Text));
                }
                _ => {
                    self.skip_space();
                    let word = self.peek();
                    let name = if word.kind == TokenKind::Word { self.slice(word) } else { "" };
                    let ending = match name {
                        "end" => Some("end"),
                        "else" => Some("else"),
                        _ => None,
                    };
                    if let Some(ending) = ending {
                        self.bump();
                        if ending == "end" {
                            self.close("end")?;
                        }
                        self.nesting -= 1;
                        return Ok((nodes, Ending::Keyword(ending, token.range.start)));
                    }
                    if let Some(node) = self.action(token, name.to_owned().as_str())? {
                        nodes.push(node);
                    }
                }
            }
        }
    }

    fn action(&mut self, open: Token, name: &str) -> Result<Option<Node>> {
        match name {
            "if" | "with" => self.branches(name == "with").map(Some),
            "range" => self.range().map(Some),
            "template" => self.template().map(Some),
            "block" => self.block().map(Some),
            "define" => self.define().map(|()| None),
            "break" | "continue" => self.jump(name).map(Some),
            _ => {
                let pipe = self.pipe(TokenKind::Close)?;
                let end = self.previous().range.end;
                Ok(Some(Node::Action(pipe, Range { start: open.range.start, end })))
            }
        }
    }

    fn branches(&mut self, sets_dot: bool) -> Result<Node> {
        self.bump();
        let mark = self.variables.len();
        let mut branches = Vec::new();
        let mut sets_dot = sets_dot;
        let otherwise = loop {
            let pipe = self.pipe(TokenKind::Close)?;
            let (body, ending) = self.list()?;
            branches.push(Branch { pipe, sets_dot, body });
            match ending {
                Ending::Text => return self.fail("unexpected EOF"),
                Ending::Keyword("else", _) => {}
                Ending::Keyword(..) => break Vec::new(),
            }
            self.skip_space();
            let next = self.peek();
            if next.kind == TokenKind::Word && matches!(self.slice(next), "if" | "with") {
                sets_dot = self.slice(next) == "with";
                self.bump();
                continue;
            }
            break self.otherwise()?;
        };
        self.variables.truncate(mark);
        Ok(Node::Branches { branches, otherwise })
    }

    /// What stands between `else` and `end`.
    fn otherwise(&mut self) -> Result<Vec<Node>> {
        self.close("else")?;
        match self.list()? {
            (nodes, Ending::Keyword("end", _)) => Ok(nodes),
            (_, Ending::Keyword(..)) => self.fail("expected end; found {{else}}"),
            (_, Ending::Text) => self.fail("unexpected EOF"),
        }
    }

    fn range(&mut self) -> Result<Node> {
        self.bump();
        let mark = self.variables.len();
        let pipe = self.pipe(TokenKind::Close)?;
        self.loops += 1;
        let (body, ending) = self.list()?;
        self.loops -= 1;
        let otherwise = match ending {
            Ending::Text => return self.fail("unexpected EOF"),
            Ending::Keyword("else", _) => self.otherwise()?,
            Ending::Keyword(..) => Vec::new(),
        };
        self.variables.truncate(mark);
        Ok(Node::Range { pipe, body, otherwise })
    }

    fn template(&mut self) -> Result<Node> {
        let at = self.bump().range.start;
        let name = self.template_name()?;
        self.skip_space();
        let pipe =
            if self.peek().kind == TokenKind::Close { self.close("template").map(|()| None)? } else { Some(self.pipe(TokenKind::Close)?) };
        Ok(Node::Template { name, pipe, at })
    }

    /// `block` defines a template and shows it.
    fn block(&mut self) -> Result<Node> {
        let at = self.bump().range.start;
        let name = self.template_name()?;
        let pipe = self.pipe(TokenKind::Close)?;
        self.body(&name)?;
        Ok(Node::Template { name, pipe: Some(pipe), at })
    }

    fn define(&mut self) -> Result<()> {
        self.bump();
        if self.nesting != 1 {
            return self.fail("unexpected {{define}}");
        }
        let name = self.template_name()?;
        self.close("define")?;
        self.body(&name)
    }

    /// The nodes of a template that begins here. It knows no variables of what is around it.
    fn body(&mut self, name: &Rc<str>) -> Result<()> {
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let loops = std::mem::take(&mut self.loops);
        let (nodes, ending) = self.list()?;
        if !matches!(ending, Ending::Keyword("end", _)) {
            return self.fail("unexpected EOF in define clause");
        }
        self.variables = variables;
        self.loops = loops;
        self.defined.push((Rc::clone(name), nodes.into()));
        Ok(())
    }

    fn jump(&mut self, name: &str) -> Result<Node> {
        self.bump();
        if self.loops == 0 {
            return self.fail(format!("{{{{{name}}}}} outside {{{{range}}}}"));
        }
        self.close(name)?;
        Ok(if name == "break" { Node::Break } else { Node::Continue })
    }

    fn template_name(&mut self) -> Result<Rc<str>> {
        self.skip_space();
        let token = self.bump();
        match token.kind {
            TokenKind::Quoted => self.unquoted(token),
            TokenKind::Raw => Ok(self.raw(token).into()),
            _ => self.fail("expected the name of a template, in quotes"),
        }
    }

    /// A pipeline, with what ends it.
    fn pipe(&mut self, end: TokenKind) -> Result<Pipe> {
        self.skip_space();
        let at = self.peek().range.start;
        let (variables, is_declaration) = self.assignment()?;
        let mut commands = vec![self.command(end)?];
        while self.previous().kind == TokenKind::Pipe {
            commands.push(self.command(end)?);
        }
        for command in commands.iter().skip(1) {
            if matches!(command.head, Expr::Bool(_) | Expr::Dot | Expr::Nil | Expr::Int(_) | Expr::Float(_) | Expr::Str(_)) {
                return Err(ParseError { at: command.at, message: "non executable command in pipeline".to_owned() });
            }
        }
        if is_declaration {
            self.variables.extend(variables.iter().cloned());
        }
        Ok(Pipe { at, variables, is_declaration, commands })
    }

    /// `$a :=`, `$a, $b :=` or `$a =`, if a pipeline begins with that.
    fn assignment(&mut self) -> Result<(Vec<Rc<str>>, bool)> {
        let begin = self.next;
        let mut variables: Vec<Rc<str>> = Vec::new();
        while self.peek().kind == TokenKind::Variable {
            let token = self.bump();
            variables.push(self.slice(token).into());
            self.skip_space();
            match self.peek().kind {
                TokenKind::Comma if variables.len() < 2 => {
                    self.bump();
                    self.skip_space();
                }
                kind @ (TokenKind::Declare | TokenKind::Assign) => {
                    self.bump();
                    self.skip_space();
                    let unknown = variables.iter().find(|name| kind == TokenKind::Assign && !self.variables.contains(name));
                    if let Some(unknown) = unknown {
                        return self.fail(format!("undefined variable \"{unknown}\""));
                    }
                    return Ok((variables, kind == TokenKind::Declare));
                }
                _ => break,
            }
        }
        self.next = begin;
        Ok((Vec::new(), false))
    }

    /// A command, with the token that ends it.
    fn command(&mut self, end: TokenKind) -> Result<Command> {
        self.skip_space();
        let at = self.peek().range.start;
        let mut operands = Vec::new();
        loop {
            self.skip_space();
            if let Some(operand) = self.operand()? {
                operands.push(operand);
            }
            let token = self.bump();
            match token.kind {
                TokenKind::Space => {}
                TokenKind::Pipe => break,
                kind if kind == end => break,
                _ => return self.fail_at(token, format!("unexpected {:?} in operand", self.slice(token))),
            }
        }
        let mut operands = operands.into_iter();
        let Some(head) = operands.next() else { return self.fail("missing value for command") };
        Ok(Command { at, head, arguments: operands.collect() })
    }

    /// A term and the fields behind it.
    fn operand(&mut self) -> Result<Option<Expr>> {
        let Some(term) = self.term()? else { return Ok(None) };
        let mut fields: Vec<Rc<str>> = Vec::new();
        while self.peek().kind == TokenKind::Field {
            let token = self.bump();
            fields.push(self.slice(token).get(1..).unwrap_or_default().into());
        }
        if fields.is_empty() {
            return Ok(Some(term));
        }
        Ok(Some(match term {
            Expr::Field(mut names) => {
                names.append(&mut fields);
                Expr::Field(names)
            }
            Expr::Variable(name, mut names) => {
                names.append(&mut fields);
                Expr::Variable(name, names)
            }
            Expr::Bool(_) | Expr::Int(_) | Expr::Float(_) | Expr::Str(_) | Expr::Nil | Expr::Dot => {
                return self.fail("unexpected . after a constant");
            }
            Expr::Function(_) | Expr::Pipe(_) | Expr::Chain(..) => Expr::Chain(Box::new(term), fields),
        }))
    }

    fn term(&mut self) -> Result<Option<Expr>> {
        let token = self.peek();
        let expr = match token.kind {
            TokenKind::Dot => Expr::Dot,
            TokenKind::Field => Expr::Field(vec![self.slice(token).get(1..).unwrap_or_default().into()]),
            TokenKind::Variable => {
                let name: Rc<str> = self.slice(token).into();
                if !self.variables.contains(&name) {
                    return self.fail_at(token, format!("undefined variable \"{name}\""));
                }
                Expr::Variable(name, Vec::new())
            }
            TokenKind::Quoted => Expr::Str(self.unquoted(token)?.into()),
            TokenKind::Raw => Expr::Str(Text::from(self.raw(token))),
            TokenKind::Character => self.character(token)?,
            TokenKind::Number => self.number(token)?,
            TokenKind::Word => self.word(token)?,
            TokenKind::LeftParen => {
                self.bump();
                self.nesting += 1;
                if MAX_NESTING < self.nesting {
                    return self.fail(format!("parentheses are nested more than {MAX_NESTING} deep (max-template-nesting)"));
                }
                let pipe = self.pipe(TokenKind::RightParen)?;
                self.nesting -= 1;
                return Ok(Some(Expr::Pipe(Box::new(pipe))));
            }
            _ => return Ok(None),
        };
        self.bump();
        Ok(Some(expr))
    }

    fn word(&self, token: Token) -> Result<Expr> {
        match self.slice(token) {
            "true" => Ok(Expr::Bool(true)),
            "false" => Ok(Expr::Bool(false)),
            "nil" => Ok(Expr::Nil),
            name => match function::find(name) {
                Some(id) => Ok(Expr::Function(id)),
                None => self.fail_at(token, format!("function \"{name}\" not defined")),
            },
        }
    }

    fn number(&self, token: Token) -> Result<Expr> {
        let text = self.slice(token);
        if let Some(number) = integer(text) {
            return Ok(Expr::Int(number));
        }
        let plain = text.replace('_', "");
        match plain.parse::<f64>() {
            Ok(number) if plain.contains(|c: char| c.is_ascii_digit()) => Ok(Expr::Float(number)),
            _ => self.fail_at(token, format!("bad number syntax: {text:?}")),
        }
    }

    fn character(&self, token: Token) -> Result<Expr> {
        let text = self.slice(token);
        let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
        let Some(value) = unescape(inner) else { return self.fail_at(token, "malformed character constant") };
        let mut chars = value.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Ok(Expr::Int(i64::from(u32::from(c)))),
            _ => self.fail_at(token, "malformed character constant"),
        }
    }

    fn unquoted(&self, token: Token) -> Result<Rc<str>> {
        let text = self.slice(token);
        match unescape(text.get(1..text.len().saturating_sub(1)).unwrap_or_default()) {
            Some(value) => Ok(value.into()),
            None => self.fail_at(token, format!("invalid escape in {text}")),
        }
    }

    fn raw(&self, token: Token) -> String {
        let text = self.slice(token);
        text.get(1..text.len().saturating_sub(1)).unwrap_or_default().replace('\r', "")
    }

    fn close(&mut self, context: &str) -> Result<()> {
        self.skip_space();
        let token = self.bump();
        if token.kind == TokenKind::Close {
            return Ok(());
        }
        self.fail_at(token, format!("unexpected {:?} in {context}", self.slice(token)))
    }

    fn skip_space(&mut self) {
        while self.peek().kind == TokenKind::Space {
            self.bump();
        }
    }

    fn peek(&self) -> Token {
        self.tokens.get(self.next).or_else(|| self.tokens.last()).copied().unwrap_or(END)
    }

    fn bump(&mut self) -> Token {
        let token = self.peek();
        self.next += 1;
        token
    }

    fn previous(&self) -> Token {
        self.next.checked_sub(1).and_then(|index| self.tokens.get(index)).copied().unwrap_or(END)
    }

    fn slice(&self, token: Token) -> &str {
        self.text.get(token.range.start as usize..token.range.end as usize).unwrap_or_default()
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T> {
        self.fail_at(self.previous(), message)
    }

    fn fail_at<T>(&self, token: Token, message: impl Into<String>) -> Result<T> {
        Err(ParseError { at: token.range.start, message: message.into() })
    }
}

const END: Token = Token { kind: TokenKind::End, range: Range { start: 0, end: 0 } };

/// Go's integers: with a sign, with `_`, and with the prefixes of other bases.
pub(in crate::helm) fn integer(text: &str) -> Option<i64> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let plain = digits.replace('_', "");
    let lower = plain.to_ascii_lowercase();
    let (radix, digits) = match lower.get(..2) {
        Some("0x") => (16, lower.get(2..)?),
        Some("0o") => (8, lower.get(2..)?),
        Some("0b") => (2, lower.get(2..)?),
        _ if lower.len() > 1 && lower.starts_with('0') => (8, lower.as_str()),
        _ => (10, lower.as_str()),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()?;
    i64::try_from(if is_negative { -value } else { value }).ok()
}

/// A text between Go's quotes. Bytes that are no UTF-8 become U+FFFD.
fn unescape(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let mut chars = escape.chars();
        let letter = chars.next()?;
        let simple = match letter {
            'a' => Some(7),
            'b' => Some(8),
            'f' => Some(12),
            'n' => Some(b'\n'),
            'r' => Some(b'\r'),
            't' => Some(b'\t'),
            'v' => Some(11),
            '\\' => Some(b'\\'),
            '\'' => Some(b'\''),
            '"' => Some(b'"'),
            _ => None,
        };
        if let Some(byte) = simple {
            bytes.push(byte);
            rest = chars.as_str();
            continue;
        }
        let (start, digits, radix) = match letter {
            'x' => (1, 2, 16),
            'u' => (1, 4, 16),
            'U' => (1, 8, 16),
            '0'..='7' => (0, 3, 8),
            _ => return None,
        };
        let value = u32::from_str_radix(escape.get(start..start + digits)?, radix).ok()?;
        if matches!(letter, 'u' | 'U') {
            bytes.extend_from_slice(char::from_u32(value)?.encode_utf8(&mut [0; 4]).as_bytes());
        } else {
            bytes.push(u8::try_from(value).ok()?);
        }
        rest = escape.get(start + digits..)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
