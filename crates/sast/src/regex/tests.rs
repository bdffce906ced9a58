use super::*;

/// Checks the matches of an expression: `range` or `range(groups)`, joined by blanks; `limit` where the search was given up.
#[track_caller]
fn check_with(flags: Flags, source: &str, text: &str, expected: &str) {
    let regex = Regex::new(source, flags).unwrap_or_else(|error| panic!("{source}: {error}"));
    let shown: Vec<String> = regex
        .captures_iter(text)
        .map(|found| match found {
            Outcome::LimitReached => "limit".to_owned(),
            Outcome::Done(found) => {
                let show = |range: Range<usize>| format!("{}..{}", range.start, range.end);
                let groups: Vec<String> = found
                    .iter()
                    .map(|(number, name, range)| format!("{}={}", name.map_or(number.to_string(), str::to_owned), show(range)))
                    .collect();
                let groups = if groups.is_empty() { String::new() } else { format!("({})", groups.join(",")) };
                format!("{}{groups}", show(found.range()))
            }
        })
        .collect();
    assert_eq!(shown.join(" "), expected, "{source} on {text:?}");
    // The other ways to search agree.
    let first = shown.first().map(|first| first.split('(').next().unwrap_or_default().to_owned());
    let found = match regex.find(text, 0) {
        Outcome::Done(found) => found.map(|range| format!("{}..{}", range.start, range.end)),
        Outcome::LimitReached => Some("limit".to_owned()),
    };
    assert_eq!(found, first, "{source} on {text:?}");
    assert_eq!(regex.find_iter(text).count(), shown.len(), "{source} on {text:?}");
    if first.as_deref() != Some("limit") {
        assert_eq!(regex.is_match(text), Outcome::Done(first.is_some()), "{source} on {text:?}");
    }
    // What it requires is there.
    if first.is_some_and(|first| first != "limit") {
        for list in regex.required_literals() {
            assert!(list.iter().any(|literal| text.contains(literal.as_str())), "{source} on {text:?}: {list:?}");
        }
    }
}

#[track_caller]
fn check(source: &str, text: &str, expected: &str) {
    check_with(Flags::PATTERN, source, text, expected);
}

#[test]
fn linear_expressions_are_matched_as_in_pcre() {
    for (source, text, expected) in [
        ("a.c", "abc a\nc axc", "0..3 8..11"),
        ("^b$", "a\nb\nc", "2..3"),
        (r"\Aa|c\z", "a\na\nc", "0..1 4..5"),
        (r"a\h+b", "a \t\u{a0}b a\nb", "0..6"),
        (r"\H+", " ab ", "1..3"),
        (r"\v\V", "a\n\u{b}x", "2..4"),
        (r"a\Rb", "a\r\nb a\u{2028}b", "0..4 5..10"),
        (r"\N+", "ab\n", "0..2"),
        (r"\/\-\@\<\>\'\_", "/-@<>'_", "0..7"),
        (r"\x41\x{42}\103\o{104}\N{U+45}", "ABCDE", "0..5"),
        (r"\cA\e\a\0", "\u{1}\u{1b}\u{7}\0", "0..4"),
        (r"\Qa.b*\E+", "a.b** axb", "0..5"),
        ("[[:alpha:]]+", "ab1é", "0..2"),
        ("[[:^alpha:]b]+", "ab1", "1..3"),
        ("[]a]+[^]a]", "]a]b", "0..4"),
        (r"[\w-.]+", "a-.b é", "0..4"),
        (r"[a\-z]+", "a-z b", "0..3"),
        ("[a-]+[-a]", "a-a", "0..3"),
        (r"[\d-z]+", "1-z5", "0..4"),
        ("[[a]+", "[a[", "0..3"),
        ("[a&&b]+", "a&b", "0..3"),
        ("[+--b~~c]+", ",b~c", "0..4"),
        (r"[\b]", "\u{8}b", "0..1"),
        (r"[\Q]^\E]+", "^]x", "0..2"),
        (r"[\h\W]+", " \t-a", "0..3"),
        ("a{2}b{1,}c{0,1}", "aabbc", "0..5"),
        ("a{,2}{x}{", "a{,2}{x}{", "0..9"),
        ("{a}", "{a}", "0..3"),
        ("a]}", "a]}", "0..3"),
        ("(?#nothing)a(?#comment)+", "aa", "0..2"),
        ("(?x) a b # comment\n c", "abc", "0..3"),
        (r"(?x)a\ b[ ]c", "a b c", "0..5"),
        ("(?i)straße", "STRASSE Straße", "8..15"),
        ("a(?i)b|c", "aB C", "0..2 3..4"),
        ("a(?i:b)c", "aBc aBC", "0..3"),
        ("(?s)a.b", "a\nb", "0..3"),
        ("(?-m)^a$", "b\na", ""),
        ("(?:(?-m)^)a|b$", "a\nb\nc", "0..1 2..3"),
        ("(?<a>x)(?P<b>y)(?'c'z)(w)", "xyzw", "0..4(a=0..1,b=1..2,c=2..3,4=3..4)"),
        ("(a)|(b)", "ab", "0..1(1=0..1) 1..2(2=1..2)"),
        ("(*UTF8)é", "é", "0..2"),
        (r"\p{Lu}\pL\P{L}\p{^N}", "Aé-x", "0..5"),
        (r"\p{L&}\p{Any}", "a1", "0..2"),
        ("x*", "axb", "0..0 1..2 3..3"),
        ("", "é", "0..0 2..2"),
        ("(?U)a+b?", "aab", "0..1 1..2"),
    ] {
        check(source, text, expected);
        assert!(Regex::new(source, Flags::PATTERN).unwrap().is_linear(), "{source}");
    }
}

#[test]
fn words_and_digits_are_ascii() {
    check(r"\w+", "aé1", "0..1 3..4");
    check(r"\bclé", "la-clé", "3..7");
    check(r"\bb", "éb", "2..3");
    check(r"\d", "٣3", "2..3");
    check(r"\s\S", " \u{a0}", "0..3");
    check(r"[^\w]", "é", "0..2");
    // The same with the other engine.
    check(r"(?=)\w+", "aé1", "0..1 3..4");
    check(r"(?=)\bb", "éb", "2..3");
    check(r"a\B", "ab a", "0..1");
    check(r"é\Bé", "éé", "0..4");
}

#[test]
fn hard_expressions_are_matched_by_backtracking() {
    for (source, text, expected) in [
        ("a(?!b)", "ab ac", "3..4"),
        ("a(?=b)", "ab ac", "0..1"),
        ("(?<=a)b", "ab cb", "1..2"),
        ("(?<!a)b", "ab cb", "4..5"),
        ("(?<=a|cd)b", "ab cdb b", "1..2 5..6"),
        ("(?<!a|cd)b", "ab cdb b", "7..8"),
        (r#"(["'])x\1"#, "'x' \"x'", "0..3(1=0..1)"),
        (r"(?<q>a|b)\k<q>(?P=q)\k{q}\k'q'\g{q}\g1\g{-1}", "aaaaaaaa", "0..8(q=0..1)"),
        ("(?<n>a)(b)(?=c)", "abc", "0..2(n=0..1,2=1..2)"),
        ("(?>a+)b", "aab", "0..3"),
        ("(?>a+)a", "aaa", ""),
        ("a++a", "aaa", ""),
        ("(?:ab)*+c", "ababc", "0..5"),
        ("a{1,2}+a", "aa aaa", "3..6"),
        (r"a\Kb", "ab", "1..2"),
        ("(a)?(?(1)b|c)", "ab c", "0..2(1=0..1) 3..4"),
        (r"(\((?:[^()]|(?1))*\))", "f(a(b)c) (", "1..8(1=1..8)"),
        ("^(?!x)a$", "a\nxa\na", "0..1 5..6"),
        ("(?i)a(?!b)", "AB Ac", "3..4"),
        ("(?=a){3,4}a(?!b)*", "ba", "1..2"),
        ("(?=b){0,2}a(?!b)?+b", "ab", "0..2"),
        (r"(?!x)^+\b{2}a$?", "a", "0..1"),
        ("(?x)a (?! b ) # no b", "ab ac", "3..4"),
        (
            r"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10",
            "abcdefghijj",
            "0..11(1=0..1,2=1..2,3=2..3,4=3..4,5=4..5,6=5..6,7=6..7,8=7..8,9=8..9,10=9..10)",
        ),
    ] {
        check(source, text, expected);
        assert!(!Regex::new(source, Flags::PATTERN).unwrap().is_linear(), "{source}");
    }
}

#[test]
fn numbers_behind_a_backslash_are_groups_or_octal() {
    check(r"(a)\1", "aa", "0..2(1=0..1)");
    check(r"(a)\012", "a\n", "0..2(1=0..1)");
    check(r"\101", "A", "0..1");
    check(r"[\1]", "\u{1}", "0..1");
}

#[test]
fn a_match_of_a_metavariable_starts_where_the_text_does() {
    let anchored = |source, text, expected| check_with(Flags::METAVARIABLE, source, text, expected);
    anchored("b|a", "ab", "0..1");
    anchored("b", "ab", "");
    anchored("(?i)A", "ab", "0..1");
    anchored(".*b", "aab", "0..3");
    anchored("^a", "b\na", "");
    anchored("(?m).*\n^a", "b\na", "0..3");
    anchored("(?!x)b|a", "ab", "0..1");
    anchored("a(?=b)", "xab", "");
}

#[test]
fn an_end_may_be_before_the_last_line_end() {
    let single = |source, text, expected| check_with(Flags::STRING, source, text, expected);
    single("a$", "a", "0..1");
    single("a$", "a\n", "0..1");
    single("a$", "a\n\n", "");
    single("a$", "a\nb", "");
    single(r"a\z", "a\n", "");
    single(r"\s*$", "a\n", "1..2");
    check(r"a\Z", "a\na\n", "2..3");
    check("a$", "a\na\n", "0..1 2..3");
    check_with(Flags { case_insensitive: true, ..Flags::STRING }, "A$", "a\n", "0..1");
}

#[test]
fn a_limit_is_no_answer() {
    let evil = r"^(?:(a|aa|aaa)(?!z))*\1c$";
    check(evil, &format!("{}bc", "a".repeat(64)), "limit");
    let regex = Regex::new(evil, Flags::PATTERN).unwrap();
    assert_eq!(regex.is_match(&format!("{}bc", "a".repeat(64))), Outcome::LimitReached);
    // The same without what needs it is linear.
    check("^(a+)+$", &format!("{}b", "a".repeat(10_000)), "");
}

#[track_caller]
fn check_error(source: &str, offset: usize, message: &str) {
    let error = check_source(source).expect_err(source);
    assert_eq!((error.offset, error.message.as_str()), (offset, message), "{source}");
    assert!(Regex::new(source, Flags::PATTERN).is_err(), "{source}");
}

fn check_source(source: &str) -> Result<(), RegexError> {
    super::check(source)
}

#[test]
fn what_is_no_expression_is_refused_at_its_place() {
    for (source, offset, message) in [
        ("a(b", 1, "this group isn't closed"),
        ("a)b", 1, "there is no group to close"),
        ("a[b", 1, "the class has no closing `]`"),
        (r"a[\Qb", 1, "the class has no closing `]`"),
        ("*a", 0, "there is nothing to repeat here"),
        ("a|*", 2, "there is nothing to repeat here"),
        ("a**", 2, "there is nothing to repeat here"),
        ("a{2}{3}", 4, "there is nothing to repeat here"),
        ("[z-a]", 1, "the range is out of order"),
        ("[[:alphabet:]]", 1, "there is no class `[:alphabet:]`"),
        ("a\\", 1, "nothing stands behind the backslash"),
        (r"a\y", 1, r"`\y` is not supported"),
        (r"[\B]", 1, r"`\B` is not supported in a class"),
        (r"\x{110000}", 0, "this is no code point"),
        (r"\p{", 0, "this is no property"),
        (r"a\2", 1, "there is no group `2`"),
        (r"(a)\k<b>", 3, "there is no group `b`"),
        ("(?(1)a)", 0, "there is no group `1`"),
        ("(?x)(a) # (\n\\2", 12, "there is no group 2"),
        ("(?<1a>b)", 0, "the name of a group is made of letters, digits and `_`"),
        ("(?<a>b)(?<a>c)", 7, "two groups are named `a`"),
        ("(?|a|b)", 0, "groups that share their numbers, `(?|`, are not supported"),
        ("a(*SKIP)", 1, "verbs such as this are not supported"),
        ("(*UCP)a", 0, "verbs such as this are not supported"),
        ("(?q)", 0, "unknown kind of group"),
        ("(?#a", 0, "the comment isn't closed"),
        ("a{3,2}", 1, "invalid repetition count range, the start must be <= the end"),
        (r"é\p{Nothing}", 2, "Unicode property not found"),
    ] {
        check_error(source, offset, message);
    }
    assert!(check_source(&"(".repeat(100_000)).unwrap_err().message.contains("max-"));
    assert!(check_source(&"(".repeat(1_000)).unwrap_err().message.contains("max-group-depth"));
    assert!(Regex::new("(?:a{1000}){1000}{1000}", Flags::PATTERN).is_err());
    assert!(Regex::new("(?:(?:a{1000}){1000}){1000}", Flags::PATTERN).is_err());
}

#[track_caller]
fn check_literals(source: &str, expected: &[&[&str]]) {
    let lists = Regex::new(source, Flags::PATTERN).unwrap().required_literals();
    assert_eq!(lists, expected, "{source}");
}

#[test]
fn literals_that_must_occur_are_known() {
    check_literals("password", &[&["password"]]);
    check_literals(r"foo\s+barbaz", &[&["barbaz"], &["foo"]]);
    check_literals("a.b", &[]);
    check_literals("abc|def", &[&["abc", "def"]]);
    check_literals("abc|d", &[]);
    check_literals("x(?:abc|defg)+y", &[&["abc", "defg"]]);
    check_literals("(?:abc)?def", &[&["def"]]);
    check_literals("(?:ab){2,3}", &[]);
    check_literals("(?:ab){2}", &[&["abab"]]);
    check_literals("[ab]cd", &[&["acd", "bcd"]]);
    check_literals("(?i)abc", &[&["ABC", "ABc", "AbC", "Abc", "aBC", "aBc", "abC", "abc"]]);
    check_literals("^import ", &[&["import "]]);
    check_literals("é$", &[]);
    check_literals("éé$", &[&["éé"]]);
    // What stands in assertions is not part of the match.
    check_literals("(?=abc)abd", &[&["abd"]]);
    check_literals("(?!abc)...", &[]);
    check_literals(r"(abc)x\1", &[&["abcx"]]);
    check_literals("(a)?(?(1)bcd|efg)hij", &[&["hij"]]);
    check_literals("abc++d", &[&["abc"]]);
    let nested = format!("{}ab{}", "(?:".repeat(60), "){2}".repeat(60));
    let _ = check_source(&nested);
}

/// A small generator (SplitMix64), so that every run tries the same.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(n).unwrap()).unwrap()
    }

    fn text(&mut self, pieces: &[&str], max: usize) -> String {
        (0..self.below(max + 1)).map(|_| pieces[self.below(pieces.len())]).collect()
    }
}

/// What both engines can do, they do alike, and what an expression requires is in every text that matches.
#[test]
fn both_engines_agree() {
    const PIECES: [&str; 36] = [
        "a", "b", "c", "abc", "(", ")", "(?:", "|", "*", "+", "?", "{1,2}", "{2}", "[ab]", "[^a]", "[a-c\\d]", ".", "^", "$", r"\b", r"\w",
        r"\W", r"\d", r"\s", r"\S", "(?i)", "(?-m)", r"\A", r"\z", r"\Z", "é", "_", "\n", r"\h", "(?s:.)", "(?x) ",
    ];
    const TEXT: [&str; 9] = ["a", "b", "c", "A", "\n", "é", "1", "_", " "];
    let mut random = Random(7);
    let mut n_compared = 0;
    for _ in 0..1500 {
        let source = random.text(&PIECES, 8);
        let flags = Flags { multi_line: random.below(2) == 0, anchored: random.below(4) == 0, case_insensitive: random.below(4) == 0 };
        let Ok(regex) = Regex::new(&source, flags) else { continue };
        assert_eq!(check_source(&source), Ok(()), "{source}");
        let Ok(other) = backtracking(&source, flags) else { continue };
        for _ in 0..4 {
            let text = random.text(&TEXT, 8);
            let found = regex.captures(&text, 0);
            let expected = other.captures_from_pos(&text, 0).unwrap();
            let expected = expected.map(|found| found.iter().map(|group| group.map(|group| group.range())).collect::<Vec<_>>());
            assert_eq!(
                found.clone().map(|found| found.map(|found| found.groups)),
                Outcome::Done(expected),
                "{source} {flags:?} on {text:?}"
            );
            if let Outcome::Done(Some(found)) = found {
                let matched = text.get(found.range()).unwrap();
                for list in regex.required_literals() {
                    assert!(list.iter().any(|literal| matched.contains(literal.as_str())), "{source} {flags:?} on {text:?}: {list:?}");
                }
            }
            n_compared += 1;
        }
    }
    assert!(1500 < n_compared, "{n_compared}");
}

#[test]
fn texts_that_are_no_expressions_are_read_to_the_end() {
    const PIECES: [&str; 44] = [
        "a", "(", ")", "(?", "(?<", "(?P<n>", "(?=", "(?!", "(?<=", "(?>", "(?(1)", "(?#", "(?R)", "(?1)", "(*", "|", "*", "+", "{", "}",
        "{2", ",3}", "[", "]", "[^", "[:", ":]", "-", "\\", r"\1", r"\k<n>", r"\g{-1}", r"\x{", r"\p{", r"\p{L}", r"\Q", r"\E", r"\c",
        r"\o{7}", "(?i", ":", "(?x)", "#", "é",
    ];
    let mut random = Random(3);
    for _ in 0..4000 {
        let source = random.text(&PIECES, 8);
        match Regex::new(&source, Flags::PATTERN) {
            Ok(regex) => {
                let _ = regex.captures_iter("aaé").count();
                let _ = regex.required_literals();
            }
            Err(error) => assert!(error.offset <= source.len() && source.is_char_boundary(error.offset), "{source}: {error:?}"),
        }
    }
}
