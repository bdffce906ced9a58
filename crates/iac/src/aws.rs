//! Checks of AWS that data can't say: ports and addresses, policies of IAM, secrets, tables with dates.

mod action;
mod document;
mod iam;
mod network;
mod secret;
mod service;

use crate::check::Check;

/// The checks of this module.
pub(crate) static CHECKS: &[Check] = &[
    network::SECURITY_GROUP,
    network::NETWORK_ACL,
    iam::POLICY,
    iam::PRINCIPAL,
    iam::GROUP_MFA,
    secret::IN_TEXT,
    secret::IN_MAP,
    secret::IN_CONTAINERS,
    secret::IN_BUILD,
    secret::LITERAL_PASSWORD,
    secret::PROVIDER_KEY,
    service::LAMBDA_RUNTIME,
    service::ECS_ROLES,
    service::HTTP_SENDS_SECRET,
    service::S3_OBJECTS_RECORDED,
];

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn policies_with_parts_that_are_not_known_are_read() {
        let code = r#"
variable "bucket" {}
resource "aws_iam_policy" "wide" {
  policy = <<EOF
{
  "Statement": [
    { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::${var.bucket}/*" },
    { "Effect": "Allow", "Action": "*", "Resource": "*" },
  ]
}
EOF
}
resource "aws_iam_policy" "narrow" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "arn:aws:s3:::${var.bucket}/*" }] })
}
variable "all" {}
resource "aws_iam_policy" "open" {
  policy = var.all
}
"#;
        check(&[("main.tf", code)], &["iam-policy-admin"], &["main.tf:16 iam-policy-admin (not known)", "main.tf:4 iam-policy-admin"]);
    }

    #[test]
    fn addresses_that_are_not_known_do_not_pass() {
        let code = r#"
variable "from" {}
resource "aws_security_group" "unknown" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.from]
  }
}
resource "aws_security_group" "one_host" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["${var.from}/32"]
  }
}
resource "aws_security_group" "other_port" {
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [var.from]
  }
}
"#;
        check(&[("main.tf", code)], &["security-group-ssh-open"], &["main.tf:2 security-group-ssh-open (not known)"]);
    }

    #[test]
    fn a_companion_of_another_bucket_with_the_same_name_does_not_count() {
        let code = r#"
resource "aws_s3_bucket" "a" {
  bucket = "logs"
}
resource "aws_s3_bucket" "b" {
  bucket = "logs"
}
resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration {
    status = "Enabled"
  }
}
"#;
        check(&[("main.tf", code)], &["s3-versioning-disabled"], &["main.tf:2 s3-versioning-disabled"]);
    }

    #[test]
    fn rights_of_several_policies_are_taken_together() {
        let code = r#"
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = "{}"
}
resource "aws_iam_policy" "pass" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.pass.arn
}
resource "aws_iam_role_policy" "run" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "ec2:Run*", Resource = "*" }] })
}
"#;
        check(&[("main.tf", code)], &["iam-role-escalates", "iam-privilege-escalation"], &["main.tf:2 iam-role-escalates"]);
    }
}
