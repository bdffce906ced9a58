//! Random programs with findings, and edits of them; the same in every run.

use bartizan_triage::identity::{Place, Sighting, SourceLines};

/// Numbers that look random (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap() % n.max(1)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// A file: functions with statements. Each statement has a number that no other has, so that one knows where it went.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) functions: Vec<Function>,
}

#[derive(Debug, Clone)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) statements: Vec<(usize, String)>,
}

/// A project of a few files. Statements repeat: few kinds, many places.
pub(crate) fn project(random: &mut Random) -> Vec<File> {
    let mut number = 0;
    let mut files = Vec::new();
    for file in 0..1 + random.below(4) {
        let mut functions = Vec::new();
        for function in 0..1 + random.below(4) {
            let statements = (0..random.below(8)).map(|_| {
                number += 1;
                (number, statement(random))
            });
            functions.push(Function { name: format!("f{function}"), statements: statements.collect() });
        }
        files.push(File { path: format!("src/{file}.py"), functions });
    }
    files
}

pub(crate) fn statement(random: &mut Random) -> String {
    match random.below(5) {
        0 => "eval(request.body)".to_owned(),
        1 => "assert response.status == 200".to_owned(),
        2 => format!("eval(request.args[{}])", random.below(4)),
        3 => "log(x)".to_owned(),
        _ => format!("x = {}", random.below(3)),
    }
}

pub(crate) fn text(file: &File) -> String {
    let mut text = String::new();
    for function in &file.functions {
        text += &format!("def {}(request):\n", function.name);
        function.statements.iter().for_each(|(_, statement)| text += &format!("    {statement}\n"));
        text += "\n";
    }
    text
}

/// The sightings of a project, and the numbers of their statements.
pub(crate) fn sightings(files: &[File]) -> (Vec<Sighting>, Vec<usize>) {
    let (mut sightings, mut numbers) = (Vec::new(), Vec::new());
    for file in files {
        let text = text(file);
        let lines = SourceLines::new(&text);
        let mut line = 0;
        for function in &file.functions {
            line += 1;
            for (number, statement) in &function.statements {
                line += 1;
                let rule = match statement.get(..4) {
                    Some("eval") => "eval",
                    Some("asse") => "assert",
                    _ => continue,
                };
                let mut sighting = Sighting::new(rule, &file.path);
                sighting.place = Some(Place { start_line: line, end_line: line, column: 5 });
                sighting.read(&lines);
                sightings.push(sighting);
                numbers.push(*number);
            }
            line += 1;
        }
    }
    (sightings, numbers)
}
