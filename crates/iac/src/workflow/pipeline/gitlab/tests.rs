use crate::fixture::{check, scan};

const INJECTION: &str = "gitlab-variable-taken-for-code";

#[test]
fn variables_of_one_file_reach_scripts_of_another() {
    let root = "include: [{local: /ci/build.yml}]\nvariables:\n  TITLE: $CI_MERGE_REQUEST_TITLE\n";
    let build = "variables:\n  PLAIN: x\nbuild:\n  script:\n    - make\n    - eval \"$TITLE\"\n    - eval \"$PLAIN\"\n";
    let files = [(".gitlab-ci.yml", root), ("ci/build.yml", build)];
    check(&files, &[INJECTION], &["ci/build.yml:6 gitlab-variable-taken-for-code"]);
    check(&files[1..], &[INJECTION], &[]);
}

#[test]
fn jobs_run_what_they_extend_and_refer_to() {
    let ci = "\
.base:
  variables: {MESSAGE: $CI_COMMIT_MESSAGE}
  after_script:
    - sh -c \"echo $MESSAGE\"
.setup:
  script:
    - bash -c \"$NOTE\"
build:
  extends: [.base]
  variables: {NOTE: $MESSAGE}
  script:
    - !reference [.setup, script]
    - echo done
";
    let expected = [".gitlab-ci.yml:4 gitlab-variable-taken-for-code", ".gitlab-ci.yml:7 gitlab-variable-taken-for-code"];
    check(&[(".gitlab-ci.yml", ci)], &[INJECTION], &expected);
}

#[test]
fn what_a_job_says_itself_counts_before_what_it_extends() {
    let ci = "\
.deploy:
  script: [make]
  environment: production
  rules: [{if: '$CI_PIPELINE_SOURCE == \"merge_request_event\"'}]
deploy:
  extends: .deploy
  rules: [{if: $CI_COMMIT_BRANCH}]
stop:
  extends: .deploy
  environment: {name: production, action: stop}
first:
  extends: .deploy
";
    check(&[(".gitlab-ci.yml", ci)], &["gitlab-merge-request-deploys"], &[".gitlab-ci.yml:3 gitlab-merge-request-deploys"]);
}

#[test]
fn files_that_are_included_are_judged_and_those_that_are_not_there_are_named() {
    let root = "include:\n  - ci/*.yml\n  - local: gone.yml\n  - project: a/b\n    file: x.yml\n    ref: 0123456789abcdef0123456789abcdef01234567\n";
    let job = "lint:\n  image: ruby\n  script: [rake]\n";
    let files = [(".gitlab-ci.yml", root), ("ci/lint.yml", job)];
    check(&files, &["gitlab-image-unpinned"], &["ci/lint.yml:2 gitlab-image-unpinned"]);
    let reasons: Vec<String> = scan(&files).diagnostics.into_iter().map(|diagnostic| diagnostic.reason).collect();
    assert_eq!(reasons, ["the included file `gone.yml` is not in the project", "what `a/b` adds to this pipeline is not known"]);
}

#[test]
fn files_that_include_each_other_end() {
    let one =
        "include: two.yml\n.a: {extends: .b, script: [make]}\n.b: {extends: .a}\njob: {extends: .a, script: [!reference [job, script]]}\n";
    check(&[(".gitlab-ci.yml", one), ("two.yml", "include: .gitlab-ci.yml\n")], &[INJECTION], &[]);
}
