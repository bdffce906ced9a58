//! Instructions of a Dockerfile: lines that may go on, comments between them, texts that stand apart (here-documents).

use bartizan_core::ByteRange;

/// An instruction and its words.
pub(super) struct Instruction<'t> {
    pub(super) name: &'t str,
    pub(super) range: ByteRange,
    pub(super) words: Vec<Word<'t>>,
}

/// A word and where it stands.
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) range: ByteRange,
}

/// So many words of one instruction are looked at.
const MAX_WORDS: usize = 1_000;

/// Divides a text into instructions.
pub(super) fn read(text: &str) -> Vec<Instruction<'_>> {
    let escape = escape_of(text);
    let (mut instructions, mut at): (Vec<Instruction<'_>>, usize) = (Vec::new(), 0);
    let mut goes_on = false;
    // The ends of here-documents that are not over.
    let mut documents: Vec<&str> = Vec::new();
    for whole in text.split_inclusive('\n') {
        let start = at;
        at += whole.len();
        let line = whole.trim_end();
        if let Some(end) = documents.first() {
            if line.trim_start_matches('\t') == *end {
                documents.remove(0);
            }
            continue;
        }
        // Comments and blank lines don't end an instruction that goes on.
        if line.trim_start().starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let content = line.strip_suffix(escape).unwrap_or(line);
        let mut words = words(content, start);
        if !goes_on {
            let Some(name) = words.next() else { continue };
            instructions.push(Instruction { name: name.text, range: name.range, words: Vec::new() });
        }
        goes_on = content.len() < line.len();
        if let Some(instruction) = instructions.last_mut() {
            let room = MAX_WORDS.saturating_sub(instruction.words.len());
            instruction.words.extend(words.take(room));
            if !goes_on && matches!(instruction.name.to_ascii_uppercase().as_str(), "RUN" | "COPY" | "ADD") {
                documents = instruction.words.iter().filter_map(|word| end_of_document(word.text)).collect();
            }
        }
    }
    instructions
}

/// `# escape=` in the first lines, for Windows.
fn escape_of(text: &str) -> char {
    let directives = text.lines().take_while(|line| line.starts_with('#'));
    let given = directives.filter_map(|line| line.trim_start_matches(['#', ' ']).strip_prefix("escape="));
    if given.last().is_some_and(|given| given.trim() == "`") { '`' } else { '\\' }
}

fn words(content: &str, start: usize) -> impl Iterator<Item = Word<'_>> {
    let mut at = start;
    content.split([' ', '\t']).filter_map(move |text| {
        let range = ByteRange::new(at, at + text.len());
        at += text.len() + 1;
        (!text.is_empty()).then_some(Word { text, range })
    })
}

/// `<<EOF`, `<<-EOF`, `<<"EOF"`.
fn end_of_document(word: &str) -> Option<&str> {
    let (_, name) = word.split_once("<<")?;
    let name = name.trim_start_matches('-').trim_matches(['"', '\'']);
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}
