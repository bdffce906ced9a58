//! placeholder until the real one lands
#[derive(Debug)]
pub(crate) struct Comparison;
pub(crate) enum Operand { Int(i64), Float(f64), Bool(bool), Str(String), Code(String) }
impl Comparison {
    pub(crate) fn new(_: &str, _: Option<&str>, _: Option<u32>, _: bool) -> Result<Self, String> { Err("x".to_owned()) }
    pub(crate) fn holds(&self, _: &dyn Fn(&str) -> Option<Operand>) -> bool { false }
}
