//! Rules that somebody damaged: there are problems or there are none, but the reader ends.

use super::*;

const RULE: &str = r#"rules:
- id: r
  languages: [python, &lang "js"]
  severity: ERROR
  message: >-
    folded
    text
  metadata: {cwe: ["CWE-1: x"], owasp: [A01:2021 - y], examples: [{bad: "f()"}]}
  options: {symbolic_propagation: true, generic_braces: [["(", ")"]]}
  paths: {include: ["*.py"]}
  fix-regex: {regex: "a(?=b)", replacement: c}
  mode: taint
  pattern-sources:
  - patterns: &p
    - pattern-either:
      - pattern: |
          f($X)
      - pattern-regex: '\d{1,3}(?!x)'
    - pattern-not-inside: 'def $F(...): ...'
    - metavariable-pattern: {metavariable: $X, language: regex, patterns: [{pattern: "[a-z]"}]}
    - metavariable-comparison: {metavariable: $X, comparison: $X > 1, strip: true}
    - focus-metavariable: [$X]
    label: A
    requires: not (B or C)
  pattern-sinks:
  - patterns: *p
    requires:
    - $X: A and B
"#;

/// A small generator (SplitMix64), so that every run damages the same.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(n).unwrap()).unwrap()
    }
}

#[test]
fn the_rule_itself_is_sound() {
    assert_eq!(shown_problems(&read(RULE).problems), [""; 0]);
}

#[test]
fn damaged_rules_are_read_to_the_end() {
    const PIECES: [&str; 20] =
        ["\n", "  ", "- ", ": ", "[", "]", "{", "}", "\"", "'", "|\n", "*p", "&p ", "#", "(", ")", "\\", "$X", "é", "pattern: x\n"];
    let mut random = Random(1);
    let mut n_sound = 0;
    for _ in 0..1000 {
        let mut text = RULE.to_owned();
        for _ in 0..=random.below(4) {
            let boundaries: Vec<usize> = text.char_indices().map(|(offset, _)| offset).collect();
            let start = boundaries[random.below(boundaries.len())];
            let end = boundaries[random.below(boundaries.len())].clamp(start, (start + 12).min(text.len()));
            let end = (end..=text.len()).find(|&end| text.is_char_boundary(end)).unwrap();
            text.replace_range(start..end, PIECES[random.below(PIECES.len())]);
        }
        let parsed = read(&text);
        n_sound += usize::from(parsed.problems.is_empty());
        let n_lines = u32::try_from(text.lines().count()).unwrap();
        for problem in &parsed.problems {
            assert!(1 <= problem.span.line && problem.span.line <= n_lines + 1 && 1 <= problem.span.column, "{problem}\n{text}");
            assert!(!problem.message.contains('\n'), "{problem}\n{text}");
        }
    }
    assert!(0 < n_sound && n_sound < 500, "{n_sound}");
}
