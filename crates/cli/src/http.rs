//! What all clients of HTTP share: whom they trust, what they call themselves, and that they follow nothing by themselves.

use std::time::Duration;

use ureq::{
    Agent,
    config::ConfigBuilder,
    tls::{Certificate, TlsConfig},
    typestate::AgentScope,
};

/// How long a server may take to be found and to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// Certificates of the authorities that the system trusts.
pub(crate) fn system_authorities() -> Vec<Certificate<'static>> {
    rustls_native_certs::load_native_certs().certs.iter().map(|der| Certificate::from_der(der).to_owned()).collect()
}

/// Settings of a client, to which its own are added. Redirects and refusals come back to the caller, who has a policy about them.
pub(crate) fn settings(tls: TlsConfig) -> ConfigBuilder<AgentScope> {
    Agent::config_builder()
        .tls_config(tls)
        .user_agent(concat!("bartizan/", env!("CARGO_PKG_VERSION")))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_resolve(Some(CONNECT_TIMEOUT))
        .timeout_connect(Some(CONNECT_TIMEOUT))
}
