//! What comparisons say. The expectations agree with Semgrep 1.182, but for what says otherwise.

use super::*;

/// 2026-11-26, at one in the morning.
const NOW_S: i64 = 1_795_651_200 + 3600;

fn lookup(name: &str) -> Option<Value> {
    match name {
        "$ONE" => Some(Value::Int(1)),
        "$INT" => Some(Value::Int(700)),
        "$HALF" => Some(Value::Float(0.5)),
        "$TWO" => Some(Value::Float(2.0)),
        "$TRUE" => Some(Value::Bool(true)),
        "$TEXT" => Some(Value::Text("abc".to_owned())),
        "$EMPTY" | "$...EMPTY" => Some(Value::Text(String::new())),
        "$DIGITS" => Some(Value::Text("12".to_owned())),
        "$OCTAL" => Some(Value::Text("0700".to_owned())),
        "$ESCAPED" => Some(Value::Text(r"a\\d".to_owned())),
        "$LIST" => Some(Value::List(vec![Value::Int(1), Value::Int(2)])),
        "$CODE" => Some(Value::Code("x + 1".to_owned())),
        _ => None,
    }
}

/// Checks comparisons that hold, or that don't: because they are false, or because they have no value.
#[track_caller]
fn check(expected: bool, comparisons: &[&str]) {
    for text in comparisons {
        let comparison = Comparison::parse(text, ComparisonOptions::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
        let value = comparison.evaluate(&lookup, NOW_S);
        assert_eq!(comparison.holds(&lookup, NOW_S), expected, "{text}: {value:?}");
    }
}

#[track_caller]
fn check_value(text: &str, expected: &Result<Value, EvaluationError>) {
    let comparison = Comparison::parse(text, ComparisonOptions::default()).unwrap();
    assert_eq!(comparison.evaluate(&lookup, NOW_S), *expected, "{text}");
}

#[track_caller]
fn check_error(text: &str, expected: &str) {
    match Comparison::parse(text, ComparisonOptions::default()) {
        Ok(comparison) => panic!("{text}: {comparison:?}"),
        Err(error) => {
            assert_eq!(error.to_string(), expected, "{text}");
        }
    }
}

#[test]
fn numbers_are_compared_by_value() {
    check(true, &["$ONE == 1", "$ONE == 1.0", "$TWO == 2", "$INT != 1", "$INT <> 1", "$INT >= 700", "$INT < 1e3", ".5 == $HALF"]);
    check(false, &["$ONE == 2", "$ONE != 1.0", "$INT > 700", "$INT <= 0x1F", "$HALF > 1"]);
    check(
        true,
        &["0o650 == 424", "0x1f == 31", "0b11 == 3", "017 == 17", "1_000 == 1000", "-3 < -2", "9007199254740993 > 9007199254740992"],
    );
}

#[test]
fn types_are_kept_apart() {
    check(false, &["$ONE == True", "\"1\" == 1", "$TEXT == 1", "$TEXT < \"b\"", "$TEXT > 1", "[1] == [1.0]", "1 in [1.0]"]);
    check(true, &["$ONE != True", "$TEXT != 1", "[1] == [1]", "$LIST == [1, 2]", "$TRUE == True"]);
}

#[test]
fn only_true_holds() {
    check(true, &["True", "$TRUE"]);
    check(false, &["False", "1", "$ONE", "\"x\"", "not 1", "True and 1"]);
}

#[test]
fn every_operand_must_have_a_value() {
    check(true, &["$ONE == 2 or $INT == 700 or False", "$ONE == 1 and $INT == 700 and True", "not $ONE == 2", "not not True"]);
    check(false, &["$ONE == 1 or $UNKNOWN == 1", "True or $TEXT > 1", "$UNKNOWN == 1", "not $UNKNOWN", "$UNKNOWN not in [1]"]);
}

#[test]
fn arithmetic_has_64_bits() {
    check(
        true,
        &["$INT / 2 == 350", "-7 / 2 == -3", "-7 % 3 == -1", "7 / 2.0 == 3.5", "5.5 % 2 == 1.5", "2 ** 10 == 1024", "-2 ** 2 == -4"],
    );
    check(true, &["$INT & 4 == 4", "2 | 1 == 3", "5 ^ 1 == 4", "~1 == -2", "+1 == 1", "1 << 4 == 16", "-8 >> 1 == -4", "2 + 3 * 4 == 14"]);
    check(true, &["9223372036854775807 + 1 < 0", "2 ** 0.5 > 1.4", "(2 + 3) * 4 == 20", "1 - 2 - 3 == -4"]);
    check(false, &["1 / 0 == 1", "1 % 0 == 1", "2 ** 64 == 0", "2 ** -1 == 0", "1 << 64 == 0", "1.5 & 1 == 1", "\"a\" + \"b\" == \"ab\""]);
}

#[test]
fn containment() {
    check(
        true,
        &["$INT in [1, 700]", "$TEXT in [\"abc\"]", "$TEXT in \"xabcx\"", "$EMPTY in \"\"", "$INT not in []", "$TEXT not in \"ab\""],
    );
    check(
        false,
        &["$INT in []", "$INT in [\"700\"]", "$INT in 700", "$INT not in 5", "$INT in \"700\"", "$INT not in \"a\"", "$CODE not in [1]"],
    );
    check(true, &["not str($...EMPTY) in [\"health\", \"*\"]", "not str($EMPTY) in [\"health\",\"*\",]"]);
}

#[test]
fn code_is_text_on_demand() {
    check(true, &["str($CODE) == \"x + 1\"", "str($CODE) == str($CODE)", "\"+\" in str($CODE)"]);
    check(false, &["$CODE == \"x + 1\"", "$CODE == $CODE", "$CODE != 1", "int($CODE) == 1", "re.match(\"x\", $CODE)"]);
}

#[test]
fn conversions() {
    check(true, &["int($DIGITS) == 12", "int($OCTAL) == 700", "int(\"0x1F\") == 31", "int($ONE) == 1", "str($INT) == \"700\""]);
    check(true, &["str($TRUE) == \"true\"", "str($TWO) == \"2.\"", "str(1e20) == \"1e+20\"", "str(0.1) == \"0.1\""]);
    check(false, &["int($TEXT) == 0", "int($HALF) == 0", "int(\" 5\") == 5", "int($TRUE) == 1", "str($LIST) == \"\""]);
    // Semgrep has none of these.
    check(true, &["float($DIGITS) == 12", "float(\"1.5\") == 1.5", "len($TEXT) == 3", "len($LIST) == 2"]);
    check(false, &["float($TEXT) == 0", "len($INT) == 3"]);
}

#[test]
fn chains_of_comparisons() {
    // These are never true in Semgrep.
    check(true, &["0 < $ONE < 2", "1 <= $ONE <= 1 != $INT", "$TEXT in [\"abc\"] != []"]);
    check(false, &["0 < $ONE < 1", "0 < $ONE > $TEXT"]);
}

#[test]
fn strings() {
    check(true, &["\"abc\" == 'abc'", "\"\"\"abc\"\"\" == $TEXT", "\"ab\" 'c' == $TEXT", "r'abc' == $TEXT", "u'abc' == $TEXT"]);
    check(true, &["f\"{$TEXT}d\" == \"abcd\"", "f'{{{$ONE}}}' == '{1}'", "f'{$ONE + 1}' 'x' == '2x'", "f'' == $EMPTY"]);
    // Escapes stay as they are written, on both sides.
    check(true, &[r#"$ESCAPED == "a\\d""#, r#"re.match("a\\\\d", $ESCAPED)"#, r#"'\'' == "\'""#]);
    check(false, &[r#"$ESCAPED == r"a\d""#, r#"re.match("a\\d", $ESCAPED)"#]);
}

#[test]
fn regular_expressions_match_from_the_beginning() {
    check(true, &["re.match(\"[a-c]+$\", $TEXT)", "re.match(\"ab|x\", $TEXT)", "re.match(\".*c\", $TEXT)", "re.match('(?!b)', $TEXT)"]);
    check(false, &["re.match(\"b\", $TEXT)", "re.match(\"(?i)X\", $TEXT)", "re.match(\"1\", $ONE)", "not re.match(\"a\", $TEXT)"]);
    let text = format!("re.match('(a|b|ab)*(?=c)', '{}')", "ab".repeat(100));
    check_value(&text, &Err(EvaluationError::RegexLimit { at: 0 }));
}

#[test]
fn dates_and_durations() {
    check(true, &["strptime(\"2026-11-26\") < today()", "today() < strptime(\"2026-11-27\")", "strptime('1970-01-02') == 86400"]);
    check(false, &["strptime(\"2026-02-30\") < today()", "strptime($INT) < today()"]);
    check(true, &["parse_promql_duration(\"1m30s\") == 90_000", "parse_promql_duration(f'{$DIGITS}s') == 12_000"]);
    check(false, &["parse_promql_duration($DIGITS) > 0", "parse_promql_duration($INT) > 0"]);
}

#[test]
fn stripped_metavariables_are_numbers_in_strings() {
    let check = |text: &str, base: Option<u32>, expected: bool| {
        let comparison = Comparison::parse(text, ComparisonOptions { is_stripped: true, base }).unwrap();
        assert_eq!(comparison.holds(&lookup, NOW_S), expected, "{text}");
    };
    check("$DIGITS > 10", None, true);
    check("$ONE == 1", None, true);
    check("$TEXT != 1", None, false);
    check("str($...EMPTY) == \"\"", None, true);
    check("$OCTAL == 0o700", Some(8), true);
    check("$OCTAL == 700", None, true);
}

#[test]
fn blanks_and_comments_do_not_matter() {
    check(true, &[" $ONE==1 # one", "$ONE\n == 1\n", "(\n$ONE == 1)", "# none\n$ONE == 1"]);
}

#[test]
fn what_has_no_value_says_where() {
    check_value("1 + $UNKNOWN", &Err(EvaluationError::Unbound { at: 4, name: "$UNKNOWN".to_owned() }));
    check_value("1 + 1 / 0", &Err(EvaluationError::Undefined { at: 6 }));
    check_value("$INT + 1", &Ok(Value::Int(701)));
}

#[test]
fn errors_say_where() {
    check_error("", "expected an expression, found the end: byte 0");
    check_error("$X >", "expected an expression, found the end: byte 4");
    check_error("$X 1", "expected an operator or the end, found `1`: byte 3");
    check_error("$X > and 1", "expected an expression, found `and`: byte 5");
    check_error("($X", "expected `)`, found the end: byte 3");
    check_error("$X in [1 2]", "expected `,` or a closing bracket, found `2`: byte 9");
    check_error("$X not 1", "expected `in`, found `1`: byte 7");
    check_error("$X == 'a", "a string doesn't end: byte 6");
    check_error("$X == ?", "expected an expression or an operator, found `?`: byte 6");
    check_error("$X == 9223372036854775808", "not a number of at most 64 bits: `9223372036854775808` at byte 6");
    check_error("$X == 1j", "not a number of at most 64 bits: `1j` at byte 6");
    check_error(
        "$X == true",
        "unknown name: `true` at byte 6; known are True, False, int, float, str, len, re.match, today, strptime and parse_promql_duration",
    );
    check_error("int(1, 2) == 1", "expected one argument, found 2: byte 4");
    check_error("re.match($X, 'a')", "not supported in a comparison: a regular expression that is no string at byte 9");
    check_error("$X.lower() == 'a'", "not supported in a comparison: an attribute at byte 2");
    check_error("$X[0] == 'a'", "not supported in a comparison: an index at byte 2");
    check_error("$X in (1, 2)", "not supported in a comparison: a tuple at byte 6");
    check_error("$X // 2 == 1", "not supported in a comparison: `//` at byte 3");
    check_error("1 if $X else 2", "not supported in a comparison: `… if … else …` at byte 0");
    check_error("$X is 1", "not supported in a comparison: `is` at byte 3");
    check_error("f'{$X' == 1", "expected `{…}`, found `{`: byte 2");
    check_error("f'{$X +}' == 1", "expected an expression, found the end: byte 7");
    let error = Comparison::parse("re.match('(', $X)", ComparisonOptions::default()).unwrap_err();
    assert!(matches!(error, ComparisonError::InvalidRegex { at: 9, .. }), "{error}");
}

#[test]
fn depth_and_length_are_limited() {
    let n = 100_000;
    for text in [
        "(".repeat(n),
        "[".repeat(n),
        "not ".repeat(n / 4),
        "-".repeat(n),
        "2 ** ".repeat(n / 5),
        "int(".repeat(n / 4),
        format!("1{}", " + 1".repeat(n / 5)),
        format!("'{}'", "x".repeat(n)),
    ] {
        assert!(
            matches!(Comparison::parse(&text, ComparisonOptions::default()), Err(ComparisonError::TooLarge { .. })),
            "{}",
            &text.get(..20).unwrap()
        );
    }
    let numbers: Vec<String> = (0..10_000).map(|number| number.to_string()).collect();
    check(true, &[&format!("$INT in [{}]", numbers.join(",")), &format!("{}$ONE == 1", "False or ".repeat(5_000))]);
}

#[test]
fn no_text_panics() {
    let pieces = [
        "$X",
        "1",
        "1.5",
        "'",
        "\"",
        "f'",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "and",
        "not",
        "in",
        "==",
        "<",
        "-",
        "**",
        "int(",
        ",",
        "re.match(",
        "\\",
        "é",
        "#",
        "\n",
        " ",
    ];
    let mut state = 3_u64;
    for _ in 0..20_000 {
        let text: String = (0..12)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                pieces[usize::try_from(state >> 33).unwrap() % pieces.len()]
            })
            .collect();
        if let Ok(comparison) = Comparison::parse(&text, ComparisonOptions::default()) {
            let _ = comparison.evaluate(&|_| Some(Value::Int(1)), NOW_S);
        }
    }
}
