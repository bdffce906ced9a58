use crate::{Graph, Value, fixture};

const SERVICE: &str = r#"service: shop
frameworkVersion: '3'
custom:
  stage: ${opt:stage, self:provider.stage}
  sizes: ${file(./sizes.yml)}
  secret: ${ssm:/shop/secret}
  tables:
    dev: shop-dev
provider:
  name: aws
  stage: dev
  runtime: nodejs12.x
  environment:
    STAGE: ${self:custom.stage}
    TABLE: ${self:custom.tables.${self:custom.stage}}
  tracing:
    lambda: true
  iam:
    role:
      statements:
        - Effect: Allow
          Action: '*'
          Resource: '*'
functions:
  list-items:
    handler: list.main
    memorySize: ${self:custom.sizes.small}
    environment:
      PLAIN: x
      SECRET: ${self:custom.secret}
      REGION: ${AWS::Region}
    url: true
    events:
      - http: GET items
      - http:
          path: items
          method: post
          authorizer: aws_iam
      - httpApi: 'GET /items'
resources:
  Resources:
    Bucket:
      Type: AWS::S3::Bucket
      Properties:
        BucketName: ${self:service}-${env:OWNER, 'nobody'}
        AccessControl: PublicRead
    Policy:
      Type: AWS::S3::BucketPolicy
      Properties:
        Bucket: !Ref Bucket
"#;

fn shown(graph: &Graph, of_type: &str, way: &[&str]) -> String {
    let resource = graph.of_type(of_type).next().unwrap_or_else(|| panic!("no {of_type}"));
    resource.body.at(way).map_or_else(|| "nothing".to_owned(), Value::shown)
}

#[test]
fn services_become_canonical_resources() {
    let files = [("app/serverless.yml", SERVICE), ("app/sizes.yml", "small: 128\n")];
    let graph = fixture::graph(&files);
    let function = |way: &[&str]| shown(&graph, "aws_lambda_function", way);
    assert_eq!(function(&["memory_size"]), "128");
    assert_eq!(function(&["runtime"]), "\"nodejs12.x\"");
    assert_eq!(function(&["tracing_config", "mode"]), "\"Active\"");
    assert_eq!(function(&["environment", "variables", "TABLE"]), "\"shop-dev\"");
    assert_eq!(function(&["environment", "variables", "SECRET"]), "unknown");
    assert_eq!(function(&["environment", "variables", "PLAIN"]), "\"x\"");
    assert_eq!(function(&["environment", "variables", "REGION"]), "\"${AWS::Region}\"");
    assert_eq!(shown(&graph, "aws_s3_bucket", &["bucket"]), "\"shop-nobody\"");
    assert_eq!(shown(&graph, "aws_lambda_function_url", &["authorization_type"]), "\"NONE\"");
    let bucket = graph.of_type("aws_s3_bucket").next().unwrap();
    assert_eq!(graph.referring_to(bucket.id).count(), 1);
    let function = graph.of_type("aws_lambda_function").next().unwrap();
    assert!(graph.referred_by(function).iter().any(|other| &*other.canonical_type == "aws_iam_role"));
}

#[test]
fn findings_stand_in_the_service() {
    let files = [("serverless.yml", SERVICE), ("sizes.yml", "small: 128\n")];
    let rules = ["lambda-url-open", "api-method-open", "api-route-open", "s3-acl-public-read", "lambda-runtime-outdated"];
    let expected = [
        "serverless.yml:12 lambda-runtime-outdated",
        "serverless.yml:32 lambda-url-open",
        "serverless.yml:34 api-method-open",
        "serverless.yml:39 api-route-open",
        "serverless.yml:46 s3-acl-public-read",
    ];
    fixture::check(&files, &rules, &expected);
}

#[test]
fn variables_that_need_themselves_are_unknown() {
    let service = "service: a\nprovider:\n  name: aws\n  runtime: ${self:custom.a}\ncustom:\n  a: ${self:custom.b}\n  b: ${self:custom.a}\n  c: ${file(../../x.yml):a}\nfunctions:\n  f:\n    handler: ${self:custom.c}\n    name: ${self:\n";
    let graph = fixture::graph(&[("serverless.yml", service)]);
    assert_eq!(shown(&graph, "aws_lambda_function", &["runtime"]), "unknown");
    assert_eq!(shown(&graph, "aws_lambda_function", &["handler"]), "unknown");
}
