use crate::fixture::{check, scan};

#[test]
fn versions_two_and_three_are_read() {
    check(
        &[(
            "api.json",
            r#"{"swagger": "2.0", "schemes": ["https", "http"], "securityDefinitions": {"b": {"type": "basic"}}, "security": [{"b": []}], "paths": {"/x": {"get": {}}}}"#,
        )],
        &["api-basic-authentication", "api-over-plain-http", "api-security-missing"],
        &["api.json:1 api-basic-authentication", "api.json:1 api-over-plain-http"],
    );
}

#[test]
fn every_requirement_is_looked_at() {
    let text = "
openapi: 3.0.3
components:
  securitySchemes:
    login: {type: oauth2, flows: {authorizationCode: {authorizationUrl: http://a.example/x, tokenUrl: https://a.example/y, scopes: {read: r}}}}
security: [{login: [read]}]
paths:
  /x:
    get: {security: [{login: [write]}]}
    post: {security: []}
    put: {security: [{other: []}]}
";
    check(
        &[("api.yaml", text)],
        &["api-scope-undefined", "api-operation-open", "api-scheme-undefined", "api-login-over-plain-http", "api-security-missing"],
        &[
            "api.yaml:10 api-operation-open",
            "api.yaml:11 api-scheme-undefined",
            "api.yaml:5 api-login-over-plain-http",
            "api.yaml:9 api-scope-undefined",
        ],
    );
}

#[test]
fn odd_documents_are_read() {
    for text in [
        "openapi: 3\npaths: []\n",
        "openapi: 3.0.0\npaths: {/x: []}\nsecurity: x\n",
        "swagger: '2.0'\npaths: {/x: {get: null}}\nsecurityDefinitions: [1]\n",
        "openapi: 3.0.0\npaths: {/x: {get: {security: [1, null, {a: 1}]}}}\ncomponents: {securitySchemes: {a: {flows: 1}, b: 2}}\n",
    ] {
        scan(&[("api.yaml", text)]);
    }
}

#[test]
fn samples_of_kics() {
    let Some(root) = crate::dockerfile::vectors::folder("BARTIZAN_IAC_KICS") else { return };
    let mut score = crate::dockerfile::vectors::Score::default();
    for group in ["2.0", "3.0", "general", "common"] {
        crate::dockerfile::vectors::score_kics(&root.join("assets/queries/openAPI").join(group), "api.yaml", &mut score);
    }
    score.require(0.80, 0.90);
}
