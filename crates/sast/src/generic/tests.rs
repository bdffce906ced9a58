//! What patterns match, engine by engine. The expectations agree with Semgrep 1.182, but for what says otherwise.

use super::*;

fn spacegrep() -> GenericOptions {
    GenericOptions::default()
}

fn aliengrep() -> GenericOptions {
    GenericOptions { engine: GenericEngine::Aliengrep, ..GenericOptions::default() }
}

fn by_line() -> GenericOptions {
    GenericOptions { is_multiline: false, ..aliengrep() }
}

/// Checks the matches; what metavariables stand for is printed behind them.
#[track_caller]
fn check(options: &GenericOptions, pattern: &str, text: &str, expected: &[&str]) {
    let parsed = Pattern::parse(pattern, options).unwrap();
    let document = Document::parse(text, &options.for_document());
    let search = parsed.find(&document);
    let print = |found: &GenericMatch| {
        let mut printed = text.get(found.range.clone()).unwrap().to_owned();
        for capture in &found.captures {
            printed += &format!(" {{{}={}}}", capture.name, text.get(capture.range.clone()).unwrap());
        }
        printed
    };
    let matches: Vec<String> = search.matches.iter().map(print).collect();
    assert_eq!(matches, expected, "{pattern:?} in {text:?}");
    assert_eq!(search.limit, None);
    if !matches.is_empty() {
        assert!(parsed.required_words().iter().all(|word| text.contains(word)));
    }
}

/// Checks how many matches there are, and that no limit is reached: the limit of steps grows with the text only linearly.
#[track_caller]
fn check_large(options: &GenericOptions, pattern: &str, text: &str, expected: usize) {
    let search = Pattern::parse(pattern, options).unwrap().find(&Document::parse(text, options));
    assert_eq!((search.matches.len(), search.limit), (expected, None), "{pattern:?}");
}

#[test]
fn words_match_as_a_whole() {
    for options in [spacegrep(), aliengrep(), by_line()] {
        check(&options, "key", "key keys _key key-2 KEY", &["key", "key"]);
        check(&options, "a.b", "a.b a . b aab", &["a.b", "a . b"]);
        check(&options, "naïve", "naïve na ve", &["naïve"]);
        check(&options, "x", "", &[]);
    }
}

#[test]
fn line_ends_are_blanks_unless_lines_matter() {
    for options in [spacegrep(), aliengrep()] {
        check(&options, "a b", "a\r\n\r\nb a b", &["a\r\n\r\nb", "a b"]);
        check(&options, "a\nb\n", "a b", &["a b"]);
    }
    check(&by_line(), "a b", "a\nb a \t b", &["a \t b"]);
    check(&by_line(), "a\nb", "a b a  \n  b a\r\nb", &["a  \n  b", "a\r\nb"]);
}

#[test]
fn metavariable_is_a_word() {
    for options in [spacegrep(), aliengrep()] {
        check(&options, "set $KEY = $VALUE;", "set a_1 = 2; set b = -1;", &["set a_1 = 2; {$KEY=a_1} {$VALUE=2}"]);
        check(&options, "$A == $A", "a == a, a == b, A == a, x.a == a.x", &["a == a {$A=a}", "a == a {$A=a}"]);
        check(&options, "$ X", "$ X $X", &["$ X", "$X"]);
        check(&options, "$_", "a $_", &["$_"]);
    }
    check(&spacegrep(), "$Foo", "bar", &["bar {$Foo=bar}"]);
    check(&aliengrep(), "$Foo", "baroo foo", &[]);
}

#[test]
fn ellipsis_takes_as_little_as_possible() {
    for options in [spacegrep(), aliengrep(), by_line()] {
        check(&options, "a ... b", "a b", &["a b"]);
        check(&options, "a ... b", "a x, y b b", &["a x, y b"]);
        check(&options, "a ... b c", "a b b c", &["a b b c"]);
        check(&options, "a ... b ... c", "a x b y c", &["a x b y c"]);
    }
    // Spacegrep reports the shorter one of two matches that end at the same place, aliengrep what comes first.
    check(&spacegrep(), "a ... b", "a a b", &["a b"]);
    check(&aliengrep(), "a ... b", "a a b", &["a a b"]);
}

#[test]
fn named_ellipsis() {
    check(&spacegrep(), "f($...ARGS)", "f(a, g(b)) f()", &["f(a, g(b) {$...ARGS=a, g(b}", "f() {$...ARGS=}"]);
    check(&aliengrep(), "f($...ARGS)", "f(a, g(b)) f()", &["f(a, g(b)) {$...ARGS=a, g(b)}", "f() {$...ARGS=}"]);
    // Spacegrep counts the blanks before the first token.
    check(&spacegrep(), "a $...X ; b $...X ;", "a x  y; b x  y;", &["a x  y; b x  y; {$...X= x  y}"]);
    check(&spacegrep(), "a $...X ; b $...X ;", "a x  y; b x y;", &[]);
    check(&aliengrep(), "a $...X ; b $...X ;", "a x  y; b   x  y ; a x  y; b x y;", &["a x  y; b   x  y ; {$...X=x  y}"]);
    check(&aliengrep(), "a $...X $...X b", "a x y x y b", &["a x y x y b {$...X=x y}"]);
}

#[test]
fn spacegrep_limits_the_lines_of_an_ellipsis() {
    let lines = |n: usize| format!("a{}b", "\n".repeat(n));
    check(&spacegrep(), "a ... b", &lines(10), &[&lines(10)]);
    check(&spacegrep(), "a ... b", &lines(11), &[]);
    check(&spacegrep(), "a ... ... b", &lines(20), &[&lines(20)]);
    check(&spacegrep(), "a ... ... b", &lines(21), &[]);
    // Without an ellipsis the distance doesn't matter.
    check(&spacegrep(), "a b", &lines(100), &[&lines(100)]);
    let same_line = GenericOptions { ellipsis_max_span: 0, ..spacegrep() };
    check(&same_line, "a ... b", "a x b a\nb", &["a x b"]);
    check(&same_line, "a ...", "a x y\nz", &["a x y"]);
    check(&aliengrep(), "a ... b", &lines(1000), &[&lines(1000)]);
}

#[test]
fn spacegrep_ellipsis_at_the_end_takes_the_block() {
    check(&spacegrep(), "a ...", "x a b\nc (d)\n", &["a b\nc (d)"]);
    check(&spacegrep(), "a ...", "f(a b) c", &["a b"]);
    check(&spacegrep(), "a ...", "a a b", &["a a b"]);
    check(&spacegrep(), "a ...", "a\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11", &["a\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10"]);
    check(&spacegrep(), "a $...X", "a b\nc", &["a b\nc {$...X= b\nc}"]);
    check(&spacegrep(), "...", "a\n  b c\n", &["a\n  b c"]);
}

#[test]
fn spacegrep_ellipsis_at_the_beginning_starts_with_a_block() {
    check(&spacegrep(), "... b", "a b b\n  c b\n", &["a b", "c b"]);
    check(&spacegrep(), "... $X", "(x)", &["x {$X=x}"]);
}

#[test]
fn spacegrep_matches_may_overlap() {
    check(&spacegrep(), "$A $B", "1 2 3", &["1 2 {$A=1} {$B=2}", "2 3 {$A=2} {$B=3}"]);
    check(&spacegrep(), "$A ... $A", "a b b a", &["a b b a {$A=a}", "b b {$A=b}"]);
    check(&aliengrep(), "$A $B", "1 2 3 4", &["1 2 {$A=1} {$B=2}", "3 4 {$A=3} {$B=4}"]);
}

#[test]
fn spacegrep_runs_flat_patterns_through_blocks() {
    check(&spacegrep(), "a b c d", "a\n  b\n    c\nd", &["a\n  b\n    c\nd"]);
    check(&spacegrep(), "f(x)", "f(\n  x\n)\nf(x)\nf\n(x)", &["f(\n  x\n)", "f(x)", "f\n(x)"]);
    // A match doesn't leave the block that it begins in.
    check(&spacegrep(), "b ... c", "a\n  b\nc", &[]);
    check(&spacegrep(), "x ) y", "(x) y", &[]);
}

#[test]
fn spacegrep_wants_blocks_for_indentation() {
    check(&spacegrep(), "a\n  b\nc", "a\n    b\nc", &["a\n    b\nc"]);
    check(&spacegrep(), "a\n  b\nc", "a b c", &[]);
    check(&spacegrep(), "a\n  b\nc", "a\n  b x\nc", &[]);
    check(&spacegrep(), "a\n  b\n  ...\nc", "a\n  b x\n  y\nc", &["a\n  b x\n  y\nc"]);
    check(&spacegrep(), "a\n  ...\n  b", "a\n  x\nb", &[]);
    check(&spacegrep(), "a\n  $X\nb\n  $X\n", "a\n  1\nb\n  1\na\n  1\nb\n  2\n", &["a\n  1\nb\n  1 {$X=1}"]);
    // Brackets on a line make a block as well.
    check(&spacegrep(), "{\n  a: 1\n  ...\n  b: 2\n  ...\n}", "[{a: 1, x: 3, b: 2}]", &["{a: 1, x: 3, b: 2}"]);
    check(&spacegrep(), "{\n  a: 1\n  ...\n  b: 2\n  ...\n}", "[{a: 1}, {b: 2}]", &[]);
    // A block of ellipses may be missing.
    check(&spacegrep(), "{\n  ...\n}", "{} {\n}", &["{}", "{\n}"]);
}

#[test]
fn spacegrep_skips_atoms_but_not_blocks_before_an_indented_part() {
    check(&spacegrep(), "a ...\n  b", "a x y\n  b", &["a x y\n  b"]);
    check(&spacegrep(), "a ...\n  b", "a x\n  c\ny\n  b", &[]);
    check(&spacegrep(), "a ...\n  b", "a (x)\n  b", &[]);
}

#[test]
fn spacegrep_whole_pattern_indented_matches_nothing() {
    check(&spacegrep(), "  a", "a\n  a\n", &[]);
}

#[test]
fn spacegrep_dots_are_no_ellipsis_when_there_are_more() {
    check(&spacegrep(), "a .... b", "a .... b a x b", &["a .... b"]);
    check(&spacegrep(), "a . . . b", "a ... b", &["a ... b"]);
}

#[test]
fn spacegrep_ignores_comments_on_request() {
    let shell = GenericOptions { comment_style: Some(CommentStyle::Shell), ..spacegrep() };
    check(&shell, "a b", "a # c\nb", &["a # c\nb"]);
    check(&spacegrep(), "a b", "a # c\nb", &[]);
    let cpp = GenericOptions { comment_style: Some(CommentStyle::Cpp), ..spacegrep() };
    check(&cpp, "a $X", "// a b\n/* a c */ a d", &["a d {$X=d}"]);
}

#[test]
fn spacegrep_has_a_match_of_nothing_for_a_pattern_of_nothing() {
    check(&spacegrep(), "", "a é", &["", ""]);
}

#[test]
fn required_words_are_literals() {
    let words = |pattern: &str, options: &GenericOptions| -> Vec<String> {
        Pattern::parse(pattern, options).unwrap().required_words().into_iter().map(str::to_owned).collect()
    };
    assert_eq!(words("server_name $X;\n  ... off ...", &spacegrep()), ["server_name", "off"]);
    assert_eq!(words("server_name $X; ... off", &aliengrep()), ["server_name", "off"]);
    assert_eq!(words("off", &GenericOptions { is_caseless: true, ..aliengrep() }), [""; 0]);
}

#[test]
fn aliengrep_ellipsis_steps_over_pairs() {
    check(&aliengrep(), "x ... x", "x (x) x", &["x (x) x"]);
    check(&aliengrep(), "f(...)", "f(g(), (h)) )", &["f(g(), (h))"]);
    check(&aliengrep(), "f(... x)", "f(a) x) f(a x)", &["f(a x)"]);
    check(&aliengrep(), "x ... x", "x (x x", &["x (x"]);
    check(&aliengrep(), "f(...)", "f([)", &["f([)"]);
    check(&aliengrep(), "f(...)", "f([)]", &[]);
    // Blanks alone between brackets make no pair.
    check(&aliengrep(), "f(...)", "f(( ))", &["f(( )"]);
}

#[test]
fn aliengrep_quotes_pair_when_they_are_braces() {
    let quotes = GenericOptions { extra_braces: vec![('"', '"')], ..aliengrep() };
    check(&quotes, "f(...)", "f(\")\")", &["f(\")\")"]);
    check(&aliengrep(), "f(...)", "f(\")\")", &["f(\")"]);
    // The documentation says otherwise.
    check(&by_line(), "f(...)", "f(\")\")", &["f(\")"]);
}

#[test]
fn aliengrep_ellipsis_stays_on_its_line_when_lines_matter() {
    check(&by_line(), "a ... b", "a x b a\nb", &["a x b"]);
    check(&by_line(), "a .... b", "a x b a\nb", &["a x b", "a\nb"]);
    check(&by_line(), "f($....X)", "f(a,\n  b)", &["f(a,\n  b) {$...X=a,\n  b}"]);
    check(&by_line(), "a = $X\n....\nb = $X", "a = 1\na = 2\n\nc\nb = 2\n", &["a = 2\n\nc\nb = 2 {$X=2}"]);
}

#[test]
fn aliengrep_ellipsis_at_the_edge_reaches_the_edge() {
    check(&by_line(), "... $A", "!!\n!x y", &["!x {$A=x}"]);
    check(&by_line(), ".... $A", "!!\n!x y", &["!!\n!x {$A=x}"]);
    check(&by_line(), "x ...", "a x !\nx", &["x !", "x"]);
    check(&by_line(), "...", "a b\nc", &["a b", "c"]);
    check(&by_line(), "...", "a\n\n", &["a", "", ""]);
    check(&aliengrep(), "... x", "a\nx x", &["a\nx"]);
    check(&aliengrep(), "x ...", "a x\nb x", &["x\nb x"]);
}

#[test]
fn aliengrep_without_case() {
    let caseless = GenericOptions { is_caseless: true, ..aliengrep() };
    check(&caseless, "straße $X", "STRAẞE Köln", &["STRAẞE K {$X=K}"]);
    // The documentation says that the same metavariable respects case.
    check(&caseless, "$A $A", "ab AB", &["ab AB {$A=ab}"]);
    check(&aliengrep(), "ab", "AB", &[]);
}

#[test]
fn aliengrep_words_with_more_characters() {
    let dashes = GenericOptions { extra_word_characters: vec!['-'], ..aliengrep() };
    check(&dashes, "$X: 1", "a-b: 1", &["a-b: 1 {$X=a-b}"]);
    check(&dashes, "a", "a-b a", &["a"]);
}

#[test]
fn document_for_the_other_engine_is_read_again() {
    let document = Document::parse("a\nx\nb", &aliengrep());
    let search = Pattern::parse("a ... b", &spacegrep()).unwrap().find(&document);
    assert_eq!(search.matches.len(), 1);
}

#[test]
fn options_that_documents_do_not_depend_on_are_dropped() {
    let options = GenericOptions { ellipsis_max_span: 0, is_caseless: true, ..spacegrep() };
    assert_eq!(options.for_document(), spacegrep().for_document());
    assert_ne!(GenericOptions { is_caseless: true, ..aliengrep() }.for_document(), aliengrep().for_document());
}

#[test]
fn brackets_nested_without_end_take_linear_time() {
    let n = 100_000;
    let text = format!("{}x{}", "[".repeat(n), "]".repeat(n));
    for options in [spacegrep(), aliengrep(), by_line()] {
        check_large(&options, "[ ... y", &text, 0);
        check_large(&options, "[ ... x ]", &text, 1);
        check_large(&options, "y [ ... ]", &text, 0);
        check_large(&options, "[ ... y", &"[".repeat(n), 0);
        check_large(&options, "] ... y", &"[(".repeat(n), 0);
    }
    check_large(&spacegrep(), "$X ... [ ... ] $Y", &text, 0);
    check_large(&spacegrep(), "[ ...", text.get(n / 2..n + n / 2 + 1).unwrap(), n / 2);
}

#[test]
fn long_lines_take_linear_time() {
    let n = 20_000;
    let text = "a(b, c); ".repeat(n);
    for options in [spacegrep(), aliengrep(), by_line()] {
        let text = text.clone() + "\nd";
        check_large(&options, "a ... b ... c ... d d", &text, 0);
        check_large(&options, "a ... b ... c ; d", &text, 0);
        check_large(&options, "a ... c $X", &text, 0);
        check_large(&options, "$X ... $Y ... $Z d", &text, 0);
    }
    check_large(&spacegrep(), "a(b, $X)", &text, n);
    check_large(&aliengrep(), "a(b, $X)", &text, n);
    check_large(&spacegrep(), "a ...\n  x", text.get(..10_000).unwrap(), 0);
}

#[test]
fn megabytes_on_one_line() {
    let n_bytes = if cfg!(debug_assertions) { 500_000 } else { 10_000_000 };
    let text = "{\"key\":[1,\"v\"]},".repeat(n_bytes / 16);
    check_large(&spacegrep(), "key ... w", &text, 0);
    check_large(&aliengrep(), "key ... w", &text, 0);
    check_large(&aliengrep(), "key ... [ ... w ... ]", &text, 0);
}

#[test]
fn search_gives_up_where_it_must_and_says_so() {
    // Every word is different, and each start compares all the others.
    let text: String = (0..5_000).map(|number| format!("w{number}, ")).collect();
    for options in [spacegrep(), aliengrep()] {
        let search = Pattern::parse("$A ... $B ... $C $A", &options).unwrap().find(&Document::parse(&text, &options));
        assert_eq!((search.matches.len(), search.limit), (0, Some(Limit::Steps)));
    }
}

#[test]
fn matches_are_limited() {
    for options in [spacegrep(), aliengrep()] {
        let text = "a ".repeat(Search::MAX_MATCHES + 1);
        let search = Pattern::parse("a", &options).unwrap().find(&Document::parse(&text, &options));
        assert_eq!((search.matches.len(), search.limit), (Search::MAX_MATCHES, Some(Limit::Matches)));
    }
}

#[test]
fn no_text_panics() {
    let pieces =
        ["a", "b", " ", "\n", "\t", "\r", "(", ")", "[", "]", "...", "....", "$X", "$...Y", "$", "é", "🦀", "\0", "\u{feff}", "\"", "/*"];
    let mut state = 1_u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % n
    };
    for _ in 0..3_000 {
        let mut text = |n: usize| -> String { (0..next(n)).map(|_| pieces[next(pieces.len())]).collect() };
        let (pattern, document) = (text(10), text(30));
        let cpp = GenericOptions { comment_style: Some(CommentStyle::Cpp), ..spacegrep() };
        let caseless = GenericOptions { is_caseless: true, extra_braces: vec![('"', '"')], ..by_line() };
        for options in [cpp, aliengrep(), caseless] {
            let Ok(pattern) = Pattern::parse(&pattern, &options) else { continue };
            for found in pattern.find(&Document::parse(&document, &options)).matches {
                assert!(document.get(found.range.clone()).is_some());
                assert!(found.captures.iter().all(|capture| document.get(capture.range.clone()).is_some()));
            }
        }
    }
}
