use crate::{Graph, Kind, Value, fixture, translate::Table};

#[test]
fn the_table_is_read_whole() {
    let text = include_str!("types.txt");
    let n_types = text.lines().filter(|line| !line.starts_with([' ', '#']) && !line.is_empty()).count();
    assert_eq!(Table::parse(text).n_types(), n_types);
    for line in text.lines().filter(|line| line.starts_with(' ')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert!(words.len() == 2 && words[1] == "-" || words.len() >= 3 && matches!(words[1], "=" | ">"), "{line}");
    }
}

fn attribute(graph: &Graph, of_type: &str, way: &[&str]) -> String {
    let resource = graph.of_type(of_type).next().unwrap_or_else(|| panic!("no {of_type}"));
    resource.body.at(way).map_or_else(|| "nothing".to_owned(), Value::shown)
}

const TEMPLATE: &str = r#"
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Env: {Type: String, Default: prod}
  Open: {Type: String}
Mappings:
  Sizes:
    prod: {days: 30}
    test: {days: 1}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsTest: !Not [!Condition IsProd]
  IsOpen: !Equals [!Ref Open, "yes"]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "${Env}-logs"
      AccessControl: PublicRead
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: x
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !If [IsOpen, 0.0.0.0/0, 10.0.0.0/8]}
  Gone:
    Type: AWS::SNS::Topic
    Condition: IsTest
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: "*", Action: "s3:*", Resource: !GetAtt Bucket.Arn, Condition: {Bool: {x: true}}}
  Logs:
    Type: AWS::Logs::LogGroup
    Properties:
      RetentionInDays: !FindInMap [Sizes, !Ref Env, days]
"#;

#[test]
fn templates_become_canonical_resources() {
    let graph = fixture::graph(&[("stack.yaml", TEMPLATE)]);
    assert_eq!(attribute(&graph, "aws_s3_bucket", &["bucket"]), "\"prod-logs\"");
    assert_eq!(attribute(&graph, "aws_s3_bucket", &["acl"]), "\"public-read\"");
    assert_eq!(attribute(&graph, "aws_s3_bucket_public_access_block", &["block_public_acls"]), "true");
    let bucket = graph.of_type("aws_s3_bucket").next().unwrap();
    let mut referring: Vec<&str> = graph.referring_to(bucket.id).map(|resource| &*resource.canonical_type).collect();
    referring.sort_unstable();
    assert_eq!(referring, ["aws_s3_bucket_policy", "aws_s3_bucket_public_access_block"]);
    assert_eq!(attribute(&graph, "aws_cloudwatch_log_group", &["retention_in_days"]), "30");
    assert!(graph.of_type("aws_sns_topic").next().is_none());
    let group = graph.of_type("aws_security_group").next().unwrap();
    let ingress = &group.get("ingress").unwrap().items()[0];
    assert_eq!(ingress.get("cidr_blocks").unwrap().shown(), "[\"0.0.0.0/0\" or \"10.0.0.0/8\"]");
    let policy = graph.of_type("aws_s3_bucket_policy").next().unwrap();
    let statement = &policy.body.at(&["policy", "Statement"]).unwrap().items()[0];
    assert!(matches!(statement.get("Condition").unwrap().kind, Kind::Map(_)));
}
