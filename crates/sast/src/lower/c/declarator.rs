//! Declarators: what stands around a name in a declaration makes its type.

use smallvec::SmallVec;

use super::{Cx, K, Kind, Op, Syntax, declaration::parameters, expression::expression, f, kind};

/// What a declarator declares.
#[derive(Debug, Clone)]
pub(super) struct Declared<'a> {
    /// Absent in a type alone.
    pub(super) name: Option<Syntax<'a>>,
    /// Pointers, arrays, functions and references, from the outermost to what stands next to the name.
    pub(super) layers: SmallVec<[Syntax<'a>; 4]>,
    pub(super) value: Option<Syntax<'a>>,
    /// `T... x`
    pub(super) is_variadic: bool,
}

impl<'a> Declared<'a> {
    /// The declarator of the function that is declared, if it is one and no pointer to one.
    pub(super) fn function(&self) -> Option<Syntax<'a>> {
        self.layers.last().copied().filter(|layer| matches!(kind(*layer), K::FunctionDeclarator | K::AbstractFunctionDeclarator))
    }
}

pub(super) fn declared<'a>(declarator: Option<Syntax<'a>>) -> Declared<'a> {
    let mut found = Declared { name: None, layers: SmallVec::new(), value: None, is_variadic: false };
    let mut next = declarator;
    while let Some(node) = next {
        next = match kind(node) {
            K::InitDeclarator => {
                found.value = node.field(f(node).value);
                node.field(f(node).declarator)
            }
            K::PointerDeclarator
            | K::PointerTypeDeclarator
            | K::ArrayDeclarator
            | K::FunctionDeclarator
            | K::AbstractPointerDeclarator
            | K::AbstractArrayDeclarator
            | K::AbstractFunctionDeclarator => {
                found.layers.push(node);
                node.field(f(node).declarator)
            }
            K::ReferenceDeclarator | K::AbstractReferenceDeclarator => {
                found.layers.push(node);
                node.first()
            }
            K::ParenthesizedDeclarator | K::AbstractParenthesizedDeclarator | K::AttributedDeclarator => {
                node.children().find(|child| !matches!(kind(*child), K::MsCallModifier | K::AttributeDeclaration))
            }
            K::VariadicDeclarator => {
                found.is_variadic = true;
                node.first()
            }
            _ => {
                found.name = Some(node);
                None
            }
        };
    }
    found
}

/// A type with what is around the name that is of it.
pub(super) fn typed(cx: &mut Cx<'_>, base: Option<Syntax<'_>>, layers: &[Syntax<'_>], at: u32) {
    let Some((layer, rest)) = layers.split_last() else { return cx.slot(base, at, expression) };
    let span = base.map_or((at, at), Syntax::span);
    match kind(*layer) {
        K::FunctionDeclarator | K::AbstractFunctionDeclarator => {
            cx.node(Kind::Lambda, span, |cx| {
                cx.slot(layer.field(f(*layer).parameters), at, parameters);
                result(cx, *layer, base, rest, at);
                cx.none(at);
            });
        }
        K::ArrayDeclarator | K::AbstractArrayDeclarator => {
            cx.node_op(Kind::TypeOf, Op::Array, span, |cx| {
                typed(cx, base, rest, at);
                if let Some(size) = layer.field(f(*layer).size).filter(|size| size.is_named()) {
                    expression(cx, size);
                }
            });
        }
        K::ReferenceDeclarator | K::AbstractReferenceDeclarator => {
            cx.node_op(Kind::TypeOf, Op::Reference, span, |cx| typed(cx, base, rest, at));
        }
        _ => {
            cx.node_op(Kind::TypeOf, Op::Pointer, span, |cx| typed(cx, base, rest, at));
        }
    }
}

/// What a function returns: `auto f() -> T` too.
pub(super) fn result(cx: &mut Cx<'_>, function: Syntax<'_>, base: Option<Syntax<'_>>, rest: &[Syntax<'_>], at: u32) {
    match function.children().find(|child| kind(*child) == K::TrailingReturnType) {
        Some(trailing) => cx.slot(trailing.first(), at, expression),
        None => typed(cx, base, rest, at),
    }
}
