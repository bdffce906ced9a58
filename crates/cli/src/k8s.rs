//! Clusters of Kubernetes: asking their API, and answering when it asks.

mod api;
mod audit_log;
mod certificate;
mod kubeconfig;
mod listing;
mod namespaces;
mod server;

pub(crate) use self::{
    api::Api,
    audit_log::AuditLog,
    certificate::CertificateFiles,
    kubeconfig::{Access, KubeconfigArgs},
    listing::list,
    namespaces::Namespaces,
    server::{Server, serve},
};
