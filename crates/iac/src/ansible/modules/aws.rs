//! `amazon.aws` and `community.aws`. <https://docs.ansible.com/ansible/latest/collections/amazon/aws/>

use super::{Default, Field, How, Module, block, list, module, same, truth};

const RULE: &[Field] = &[
    same("proto", "protocol"),
    list("cidr_ip", "cidr_blocks"),
    list("cidr_ipv6", "ipv6_cidr_blocks"),
    list("group_id", "security_groups"),
    list("ip_prefix", "prefix_list_ids"),
    same("rule_desc", "description"),
];

const VOLUME: &[Field] = &[
    truth("encrypted", "encrypted"),
    truth("ebs.encrypted", "encrypted"),
    same("ebs.kms_key_id", "kms_key_id"),
    same("ebs.volume_size", "volume_size"),
];

const METADATA: &[Field] = &[];

const LISTENER: &[Field] = &[
    same("Protocol", "protocol"),
    same("Port", "port"),
    same("SslPolicy", "ssl_policy"),
    block("DefaultActions", "default_action", &[same("Type", "type")]),
];

const INSTANCE: &[Field] = &[
    same("image", "ami"),
    same("image_id", "ami"),
    truth("assign_public_ip", "associate_public_ip_address"),
    truth("network.assign_public_ip", "associate_public_ip_address"),
    truth("detailed_monitoring", "monitoring"),
    same("instance_profile_name", "iam_instance_profile"),
    same("instance_role", "iam_instance_profile"),
    list("group_id", "vpc_security_group_ids"),
    same("vpc_subnet_id", "subnet_id"),
    block("volumes", "ebs_block_device", VOLUME),
    block("metadata_options", "metadata_options", METADATA),
];

pub(super) static MODULES: &[Module] = &[
    module(
        &["ec2_group", "ec2_security_group"],
        "aws_security_group",
        &[
            Field { from: "rules", to: "ingress", how: How::Ports(RULE) },
            Field { from: "rules_egress", to: "egress", how: How::Ports(RULE) },
        ],
    ),
    module(
        &["s3_bucket"],
        "aws_s3_bucket",
        &[
            same("name", "bucket"),
            truth("versioning", "versioning.enabled"),
            same("encryption", "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm"),
            same(
                "encryption_key_id",
                "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id",
            ),
        ],
    ),
    module(
        &["aws_s3", "s3_object"],
        "aws_s3_bucket_object",
        &[same("permission", "acl"), truth("encrypt", "server_side_encryption_enabled")],
    ),
    module(
        &["rds_instance"],
        "aws_db_instance",
        &[
            same("db_instance_identifier", "identifier"),
            same("id", "identifier"),
            same("instance_type", "instance_class"),
            same("db_instance_class", "instance_class"),
            same("username", "username"),
            same("master_username", "username"),
            same("master_user_password", "password"),
            truth("storage_encrypted", "storage_encrypted"),
            truth("publicly_accessible", "publicly_accessible"),
            truth("auto_minor_version_upgrade", "auto_minor_version_upgrade"),
            truth("multi_az", "multi_az"),
            truth("deletion_protection", "deletion_protection"),
            truth("enable_iam_database_authentication", "iam_database_authentication_enabled"),
            same("enable_cloudwatch_logs_exports", "enabled_cloudwatch_logs_exports"),
            same("ca_certificate_identifier", "ca_cert_identifier"),
        ],
    ),
    module(
        &["rds"],
        "aws_db_instance",
        &[
            same("instance_name", "identifier"),
            same("db_engine", "engine"),
            same("size", "allocated_storage"),
            same("instance_type", "instance_class"),
        ],
    ),
    module(
        &["rds_cluster"],
        "aws_rds_cluster",
        &[
            same("db_cluster_identifier", "cluster_identifier"),
            truth("storage_encrypted", "storage_encrypted"),
            same("master_user_password", "master_password"),
        ],
    ),
    module(
        &["cloudtrail"],
        "aws_cloudtrail",
        &[
            truth("is_multi_region_trail", "is_multi_region_trail"),
            truth("enable_log_file_validation", "enable_log_file_validation"),
            truth("log_file_validation_enabled", "enable_log_file_validation"),
            truth("enable_logging", "enable_logging"),
            truth("include_global_events", "include_global_service_events"),
            same("cloudwatch_logs_log_group_arn", "cloud_watch_logs_group_arn"),
            same("cloudwatch_logs_role_arn", "cloud_watch_logs_role_arn"),
        ],
    ),
    module(
        &["iam_password_policy"],
        "aws_iam_account_password_policy",
        &[
            same("min_pw_length", "minimum_password_length"),
            truth("require_symbols", "require_symbols"),
            truth("require_numbers", "require_numbers"),
            truth("require_uppercase", "require_uppercase_characters"),
            truth("require_lowercase", "require_lowercase_characters"),
            truth("allow_pw_change", "allow_users_to_change_password"),
            truth("allow_password_change", "allow_users_to_change_password"),
            same("pw_max_age", "max_password_age"),
            same("password_max_age", "max_password_age"),
            same("pw_reuse_prevent", "password_reuse_prevention"),
            same("password_reuse_prevent", "password_reuse_prevention"),
            same("prevent_reuse", "password_reuse_prevention"),
            truth("pw_expire", "hard_expiry"),
        ],
    ),
    module(&["ec2", "ec2_instance"], "aws_instance", INSTANCE),
    module(
        &["ec2_lc", "autoscaling_launch_config"],
        "aws_launch_configuration",
        &[
            truth("assign_public_ip", "associate_public_ip_address"),
            truth("instance_monitoring", "enable_monitoring"),
            block("volumes", "ebs_block_device", VOLUME),
            block("metadata_options", "metadata_options", METADATA),
        ],
    ),
    module(
        &["ec2_launch_template"],
        "aws_launch_template",
        &[
            block("network_interfaces", "network_interfaces", &[]),
            block("metadata_options", "metadata_options", METADATA),
            block("block_device_mappings", "block_device_mappings", &[block("ebs", "ebs", &[])]),
        ],
    ),
    module(
        &["ec2_asg", "autoscaling_group"],
        "aws_autoscaling_group",
        &[same("launch_config_name", "launch_configuration"), same("load_balancers", "load_balancers")],
    ),
    module(&["ec2_vol"], "aws_ebs_volume", &[truth("encrypted", "encrypted"), same("volume_size", "size"), same("volume_type", "type")]),
    module(&["ec2_ami"], "aws_ami", &[block("device_mapping", "ebs_block_device", &[truth("encrypted", "encrypted")])]),
    module(&["ec2_vpc_subnet"], "aws_subnet", &[same("cidr", "cidr_block"), truth("map_public", "map_public_ip_on_launch")]),
    module(&["ec2_vpc_net"], "aws_vpc", &[same("cidr_block", "cidr_block")]),
    module(
        &["sqs_queue"],
        "aws_sqs_queue",
        &[same("default_visibility_timeout", "visibility_timeout_seconds"), same("message_retention_period", "message_retention_seconds")],
    ),
    module(&["sns_topic"], "aws_sns_topic", &[same("kms_master_id", "kms_master_key_id")]),
    module(
        &["cloudfront_distribution"],
        "aws_cloudfront_distribution",
        &[
            truth("enabled", "enabled"),
            block("logging", "logging_config", &[truth("enabled", "enabled")]),
            block("viewer_certificate", "viewer_certificate", &[]),
            block("default_cache_behavior", "default_cache_behavior", &[]),
            block("cache_behaviors", "ordered_cache_behavior", &[]),
            block("origins", "origin", &[same("id", "origin_id"), block("custom_origin_config", "custom_origin_config", &[])]),
            block("restrictions", "restrictions", &[block("geo_restriction", "geo_restriction", &[])]),
        ],
    ),
    module(
        &["lambda"],
        "aws_lambda_function",
        &[
            same("name", "function_name"),
            same("tracing_mode", "tracing_config.mode"),
            same("vpc_subnet_ids", "vpc_config.subnet_ids"),
            same("vpc_security_group_ids", "vpc_config.security_group_ids"),
            same("environment_variables", "environment.variables"),
            same("dead_letter_arn", "dead_letter_config.target_arn"),
        ],
    ),
    module(&["lambda_policy"], "aws_lambda_permission", &[]),
    Module {
        defaults: &[("publicly_accessible", Default::Is(false)), ("encrypted", Default::Is(false))],
        ..module(
            &["redshift"],
            "aws_redshift_cluster",
            &[
                same("identifier", "cluster_identifier"),
                same("db_name", "database_name"),
                same("username", "master_username"),
                same("password", "master_password"),
                truth("publicly_accessible", "publicly_accessible"),
                truth("encrypted", "encrypted"),
            ],
        )
    },
    module(
        &["elasticache"],
        "aws_elasticache_cluster",
        &[
            same("name", "cluster_id"),
            same("cache_port", "port"),
            same("cache_engine_version", "engine_version"),
            same("cache_subnet_group", "subnet_group_name"),
        ],
    ),
    Module {
        defaults: &[("load_balancer_type", Default::Text("application"))],
        children: &[("listeners", "aws_lb_listener", LISTENER)],
        ..module(
            &["elb_application_lb"],
            "aws_lb",
            &[
                truth("access_logs_enabled", "access_logs.enabled"),
                same("access_logs_s3_bucket", "access_logs.bucket"),
                truth("deletion_protection", "enable_deletion_protection"),
                truth("http_drop_invalid_header_fields", "drop_invalid_header_fields"),
                Field { from: "scheme", to: "internal", how: How::Is("internal") },
            ],
        )
    },
    Module {
        defaults: &[("load_balancer_type", Default::Text("network"))],
        children: &[("listeners", "aws_lb_listener", LISTENER)],
        ..module(
            &["elb_network_lb"],
            "aws_lb",
            &[
                truth("deletion_protection", "enable_deletion_protection"),
                Field { from: "scheme", to: "internal", how: How::Is("internal") },
            ],
        )
    },
    module(
        &["elb_classic_lb", "ec2_elb_lb"],
        "aws_elb",
        &[
            block(
                "listeners",
                "listener",
                &[same("protocol", "lb_protocol"), same("load_balancer_port", "lb_port"), same("ssl_certificate_id", "ssl_certificate_id")],
            ),
            block("access_logs", "access_logs", &[]),
        ],
    ),
    Module {
        defaults: &[("encrypted", Default::Is(false))],
        ..module(&["efs"], "aws_efs_file_system", &[truth("encrypt", "encrypted"), same("name", "creation_token")])
    },
    module(&["kinesis_stream"], "aws_kinesis_stream", &[same("key_id", "kms_key_id"), same("shards", "shard_count")]),
    module(&["iam_managed_policy"], "aws_iam_policy", &[same("policy_name", "name")]),
    module(
        &["iam_policy"],
        "aws_iam_role_policy",
        &[same("policy_document", "policy"), same("policy_json", "policy"), same("policy_name", "name")],
    ),
    module(&["iam_role"], "aws_iam_role", &[same("assume_role_policy_document", "assume_role_policy")]),
    module(
        &["aws_kms", "kms_key"],
        "aws_kms_key",
        &[
            truth("enable_key_rotation", "enable_key_rotation"),
            truth("enabled", "is_enabled"),
            same("pending_window", "deletion_window_in_days"),
        ],
    ),
    module(
        &["opensearch", "elasticsearch"],
        "aws_opensearch_domain",
        &[
            block("domain_endpoint_options", "domain_endpoint_options", &[truth("enforce_https", "enforce_https")]),
            block("encryption_at_rest_options", "encrypt_at_rest", &[truth("enabled", "enabled")]),
            block("node_to_node_encryption_options", "node_to_node_encryption", &[truth("enabled", "enabled")]),
            block("vpc_options", "vpc_options", &[same("subnets", "subnet_ids"), same("security_groups", "security_group_ids")]),
            block("cluster_config", "cluster_config", &[]),
            block("ebs_options", "ebs_options", &[]),
        ],
    ),
    module(&["ecs_ecr"], "aws_ecr_repository", &[truth("scan_on_push", "image_scanning_configuration.scan_on_push")]),
    module(&["ecs_taskdefinition"], "aws_ecs_task_definition", &[same("containers", "container_definitions")]),
    module(&["ecs_service"], "aws_ecs_service", &[]),
    module(&["ecs_cluster"], "aws_ecs_cluster", &[]),
    module(
        &["cloudwatchlogs_log_group"],
        "aws_cloudwatch_log_group",
        &[same("log_group_name", "name"), same("retention", "retention_in_days")],
    ),
    module(
        &["aws_codebuild", "codebuild_project"],
        "aws_codebuild_project",
        &[block("environment", "environment", &[truth("privileged_mode", "privileged_mode")])],
    ),
    module(
        &["aws_api_gateway", "api_gateway"],
        "aws_api_gateway_stage",
        &[
            same("stage", "stage_name"),
            truth("tracing_enabled", "xray_tracing_enabled"),
            truth("cache_enabled", "cache_cluster_enabled"),
            same("cache_size", "cache_cluster_size"),
        ],
    ),
    module(
        &["aws_config_aggregator", "config_aggregator"],
        "aws_config_configuration_aggregator",
        &[
            block("account_sources", "account_aggregation_source", &[truth("all_aws_regions", "all_regions")]),
            block("organization_source", "organization_aggregation_source", &[truth("all_aws_regions", "all_regions")]),
        ],
    ),
    module(&["aws_s3_cors", "s3_cors"], "aws_s3_bucket_cors_configuration", &[same("name", "bucket"), block("rules", "cors_rule", &[])]),
    module(
        &["dynamodb_table"],
        "aws_dynamodb_table",
        &[
            truth("point_in_time_recovery", "point_in_time_recovery.enabled"),
            truth("deletion_protection_enabled", "deletion_protection_enabled"),
        ],
    ),
    module(
        &["eks_cluster", "aws_eks_cluster"],
        "aws_eks_cluster",
        &[same("subnets", "vpc_config.subnet_ids"), same("security_groups", "vpc_config.security_group_ids")],
    ),
    module(&["cloudformation"], "aws_cloudformation_stack", &[same("stack_name", "name")]),
    module(&["aws_ses_identity_policy", "ses_identity_policy"], "aws_ses_identity_policy", &[]),
    module(&["aws_acm", "acm_certificate"], "aws_acm_certificate", &[same("certificate", "certificate_body")]),
    module(&["route53"], "aws_route53_record", &[list("value", "records")]),
    module(&["aws_batch_job_definition", "batch_job_definition"], "aws_batch_job_definition", &[same("job_definition_name", "name")]),
];
