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
